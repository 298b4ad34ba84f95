"""The single values of a rulebook's files: durations, hours, zones, names and texts, each with the error it deserves.

Every function takes what stood in the file and gives what the domain wants, or raises `Wrong`, which says what is the
matter and what to write instead. Scalars come as the text that was written (see `warroom.rulebook.yamlfile`), so `NO`,
`10:30` and `0123` are never anything but themselves.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import time, timedelta
from functools import reduce
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from warroom.domain.comms import CHANNEL_KINDS
from warroom.domain.core import NAME_LIMIT
from warroom.domain.text import cell_width, clean_line
from warroom.words import mark, tr

LONGEST: Final = timedelta(days=366)
"""No duration of a rulebook is longer; whatever is was meant otherwise."""

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of the week in the order in which the domain counts them, Monday = 0."""

WAYS: Final = ("chat", "sms", "phone", "mail", "push", "webhook")
"""The ways by which a person is reached (R5)."""


class Empty:
    """The type of `EMPTY`."""

    def __repr__(self) -> str:
        return "nothing"


EMPTY: Final = Empty()
"""What stands for a value that was left out behind its colon. It passes no check, so nothing becomes a default by
accident."""


class Wrong(ValueError):
    """A value that cannot stand where it stands.

    `what` is a predicate ("is not a duration"), `at` leads from the value that was looked at to the part that is
    meant, with a last step "[key]" to its name. `near` is a word and the words it could have been, or what gives them:
    the likeliest one is only looked for when the advice is read. `listed`: where none is likely, the advice names them
    all.
    """

    def __init__(
        self,
        what: str,
        advice: str,
        at: tuple[str | int, ...] = (),
        near: tuple[str, Iterable[str] | Callable[[], Iterable[str]]] | None = None,
        listed: bool = False,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.at = at
        self._advice = advice
        self._near = near
        self._listed = listed

    def advice(self, *, search: bool = True) -> str:
        """What to do about it; `search` for the likely word, which takes up to 50 microseconds per known word."""
        if self._near is None or not search:
            return self._advice
        word, source = self._near
        known = list(source() if callable(source) else source)
        likely = nearest(word, known)
        if likely:
            return tr("did you mean {likely}? otherwise {advice}").format(likely=likely, advice=self._advice)
        return f"{listing(known)}; {self._advice}" if self._listed else self._advice


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, "" where none is like it."""
    folded: dict[str, str] = {}
    for each in known:
        folded.setdefault(each.casefold(), each)
    word = word[:NAME_LIMIT].casefold()
    close = [word] if word in folded else difflib.get_close_matches(word, folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def listing(known: Sequence[str]) -> str:
    """What there is, as a short sentence."""
    if not known:
        return tr("there is none yet")
    return tr("there is {names}").format(names=some(known, 12))


def some(names: Sequence[str], most: int) -> str:
    """The first of these, at most `most`, and how many there are besides."""
    shown = ", ".join(names[:most])
    more = len(names) - most
    return tr("{names} and {count} more").format(names=shown, count=more) if more > 0 else shown


def either(words: Iterable[str]) -> str:
    """These words, one of which is to be chosen."""
    return reduce(lambda one, other: tr("{one} or {other}").format(one=one, other=other), words)


def kind_of(value: object) -> str:
    """What a value is, in the words of somebody who writes YAML."""
    match value:
        case dict():
            return tr("a group of lines")
        case list() | tuple():
            return tr("a list")
        case bool():
            return tr("true or false")
        case int() | float():
            return tr("a number")
        case _:
            return tr("a text")


def text(value: object) -> str:
    """What was written, as it was written. Raises `Wrong` for a list, a group of lines or nothing."""
    if isinstance(value, str):
        return value
    if value is EMPTY or value is None:
        raise Wrong(tr("is empty"), tr("write a value behind the colon, or take the line out"))
    raise Wrong(
        tr("is {kind} where a single value belongs").format(kind=kind_of(value)),
        tr("write one value behind the colon"),
    )


def line(value: object, *, limit: int) -> str:
    """One line of text, cleaned; refused when nothing is left of it or when it is longer than `limit` characters."""
    cleaned = clean_line(text(value), limit + 1)
    if not cleaned:
        raise Wrong(tr("is empty"), tr("write at least one character that can be seen"))
    if len(cleaned) > limit:
        raise Wrong(tr("is longer than {limit} characters").format(limit=limit), tr("say it in fewer words"))
    return str(cleaned)


def name(value: object, *, limit: int = NAME_LIMIT) -> str:
    """A name that other lines refer to: one word of letters (of any script), digits, and - _ . + @ between them."""
    cleaned = line(value, limit=limit)
    if not cleaned[0].isalnum() or not all(_in_name(char) for char in cleaned):
        raise Wrong(
            tr("is not a name"), tr("use one word of letters, digits, - _ and . that begins with a letter or a digit")
        )
    return cleaned


def _in_name(char: str) -> bool:
    return char.isalnum() or char in "-_.+@" or unicodedata.category(char)[0] == "M"


def chat_room(value: object) -> str:
    """The name of a chat room, written with its #."""
    cleaned = line(value, limit=NAME_LIMIT + 1)
    if not cleaned.startswith("#"):
        raise Wrong(tr("is not a chat room"), tr('write it with its #, in quotes: "#incident-major"'))
    return "#" + name(cleaned[1:])


def prefix(value: object) -> str:
    """What the keys of incidents begin with: INC makes INC-142."""
    written = text(value)
    if not re.fullmatch(r"[A-Z][A-Z0-9]{0,9}", written):
        raise Wrong(tr("is not a prefix"), tr("use 1 to 10 capital letters and digits, first a letter, such as INC"))
    return written


def glyph(value: object) -> str:
    """The sign in front of a severity: one character that takes one cell of a terminal."""
    written = text(value)
    cleaned = str(clean_line(written, 8))
    if cleaned != written or len(cleaned) != 1 or cell_width(cleaned) != 1:
        raise Wrong(tr("is not a sign of one cell"), tr("use one character such as ◆ ▲ ● ■ ○; emoji take two cells"))
    return cleaned


def impact(value: object) -> str:
    """A provider's word for how bad something is, in small letters."""
    return line(value, limit=NAME_LIMIT).lower()


_DURATION: Final = re.compile(r"(?:([0-9]{1,6})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,8})s)?")
_HOW: Final = mark("write days, hours, minutes and seconds like 5m, 90s, 1h30m or 2d")


def delay(value: object) -> timedelta:
    """A duration that may be nothing: "0s", "5m", "1h30m"."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    written = text(value)
    if re.fullmatch(r"[0-9]+", written):
        raise Wrong(
            tr("has no unit"),
            tr("write {written}m for minutes, {written}s for seconds or {written}h for hours").format(written=written),
        )
    if re.fullmatch(r"-\s*[0-9].*", written):
        raise Wrong(tr("is negative"), tr("time only goes forward: write it without the minus sign"))
    found = _DURATION.fullmatch(written)
    if not written or found is None:
        raise Wrong(tr("is not a duration"), tr(_HOW))
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if length > LONGEST:
        raise Wrong(
            tr("is longer than a year"),
            tr("{how}; the longest is {longest}").format(how=tr(_HOW), longest=duration_text(LONGEST)),
        )
    return length


def duration(value: object) -> timedelta:
    """A duration of at least one second."""
    length = delay(value)
    if not length:
        raise Wrong(
            tr("is no time at all"), tr("the shortest is 1s; where a line may be left out, leave it out for never")
        )
    return length


def duration_text(length: timedelta) -> str:
    """The one way to write a duration of whole seconds: `duration(duration_text(d)) == d`."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def percent(value: object, *, least: int, most: int) -> int:
    """A share in whole percent, "80%"."""
    written = text(value)
    found = re.fullmatch(r"([0-9]{1,5})\s*%", written)
    if found is None:
        raise Wrong(tr("is not a share"), tr("write whole percent, such as 80%"))
    if not least <= int(found[1]) <= most:
        raise Wrong(tr("is out of bounds"), tr("write from {least}% to {most}%").format(least=least, most=most))
    return int(found[1])


def percent_text(value: int) -> str:
    """A share as `percent` reads it."""
    return f"{value}%"


def clock(value: object) -> time:
    """A time of day on a 24-hour clock, "09:00"."""
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", text(value))
    if found is None:
        raise Wrong(tr("is not a time of day"), tr("write hours and minutes like 09:00 or 17:30"))
    hour, minute = int(found[1]), int(found[2])
    if hour > 23 or minute > 59:
        raise Wrong(
            tr("is not a time of day"), tr("hours go from 00 to 23, minutes from 00 to 59; the last one is 23:59")
        )
    return time(hour, minute)


def clock_text(value: time) -> str:
    """A time of day as `clock` reads it."""
    return f"{value:%H:%M}"


def day(value: object) -> str:
    """A day of the week by its first three letters."""
    written = text(value).strip().lower()
    if written not in DAYS:
        raise Wrong(
            tr("is not a day of the week"), tr("use {words}").format(words=", ".join(DAYS)), near=(written[:3], DAYS)
        )
    return written


def zone(value: object) -> str:
    """A time zone of the IANA database that this machine knows."""
    written = text(value)
    try:
        # "localtime" is another zone on each machine, and the rulebook is shared.
        if written == "localtime" or not written:
            raise ValueError
        ZoneInfo(written)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Wrong(
            tr("is not a time zone"),
            tr("use a name of the IANA database such as Europe/Stockholm, Asia/Seoul or UTC"),
            near=(written, available_timezones),
        ) from None
    return written


def way(value: object) -> str:
    """One of the ways by which a person is reached."""
    written = text(value)
    if written not in WAYS:
        raise Wrong(
            tr("is not a way to reach somebody"),
            tr("the ways are {words}").format(words=", ".join(WAYS)),
            near=(written, WAYS),
        )
    return written


def audience(value: object) -> str:
    """Whom a channel is for."""
    written = text(value)
    if written not in ("internal", "external"):
        raise Wrong(tr("is not an audience"), tr("write internal or external"))
    return written


def channel_kind(value: object) -> str:
    """What sort of channel it is."""
    written = text(value)
    if written not in CHANNEL_KINDS:
        raise Wrong(
            tr("is not a kind of channel"),
            tr("write {words}").format(words=", ".join(CHANNEL_KINDS)),
            near=(written, CHANNEL_KINDS),
        )
    return written


def yes_no(value: object) -> bool:
    """true or false, and nothing else: `yes`, `on` and `NO` are words."""
    if isinstance(value, bool):
        return value
    written = text(value)
    if written not in ("true", "false"):
        raise Wrong(tr("is neither true nor false"), tr("write true or false, in small letters"))
    return written == "true"


def whole(value: object, *, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    written = text(value)
    if not re.fullmatch(r"-?[0-9]{1,9}", written):
        raise Wrong(
            tr("is not a whole number"), tr("write a number from {least} to {most}").format(least=least, most=most)
        )
    number = int(written)
    if not least <= number <= most:
        raise Wrong(tr("is out of bounds"), tr("write a number from {least} to {most}").format(least=least, most=most))
    return number
