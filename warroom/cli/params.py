"""What people write on the command line, read: keys, moments, labels, and text from a pipe."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from warroom.domain.core import TEXT_LIMIT
from warroom.domain.text import clean_block, clean_line, quote_plain
from warroom.domain.typed_time import read_clock, read_moment, read_span
from warroom.valueclass import dataclass
from warroom.words import figure, tr

if TYPE_CHECKING:
    from warroom.service.acting import Acting

    # Generic for the type checker since click 8.4, a plain class before.
    _TextType = click.ParamType[str]
    _MomentType = click.ParamType["When"]
else:
    _TextType = _MomentType = click.ParamType

_KEY = re.compile(r"#?(?:(?P<prefix>.*)-)?0*(?P<number>\d{1,15})", re.ASCII)
MAX_STDIN_BYTES = 4 * TEXT_LIMIT + 4
"""More than this is not even read: no text that fits has more bytes."""


class KeyType(_TextType):
    """The key of an incident. It is completed from what is live; its prefix is known to the room alone."""

    name = "key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Any text but none at all: which key it is, the room knows."""
        text = str(value)
        if not clean_line(text):
            self.fail(tr("name an incident, such as INC-142 or 142"), param, ctx)
        return text

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The live incidents; silence when the room cannot be read."""
        from warroom.cli.completing import complete_key

        return complete_key(ctx, incomplete)


KEY = KeyType()


class PersonType(_TextType):
    """A person by login, as the rulebook has it or not; an @ in front does not belong to the name."""

    name = "person"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Nobody is not yourself: an empty name, as an unset variable of a script makes it, is refused."""
        person = clean_line(str(value)).removeprefix("@")
        if not person:
            self.fail(tr("name a person by their login"), param, ctx)
        return person

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Those whom the rules in force know."""
        from warroom.cli.completing import complete

        return complete("person", ctx, incomplete.removeprefix("@"))


PERSON = PersonType()


def find_key(session: Acting, text: str) -> str:
    """The incident's key as the room writes it, from "INC-142", "inc-142", "142" or "#142"."""
    found = _KEY.fullmatch(text.strip())
    if found is None:
        return clean_block(text, 64)
    prefix, given = session.book().prefix, found["prefix"]
    if given is None or given.lower() == prefix.lower():
        return f"{prefix}-{found['number']}"
    return f"{given.upper()}-{found['number']}"


@dataclass(frozen=True, slots=True)
class When:
    """A moment as it was written: a time span, a time of day in UTC, or a moment.

    `past`: the span is counted back and the time of day is the latest such one, instead of ahead and the next.
    """

    value: timedelta | time | datetime
    past: bool = False

    def at(self, now: datetime) -> datetime:
        """The moment that is meant by somebody who says so at `now`; both aware UTC. Raises click's usage error."""
        match self.value:
            case datetime():
                return self.value
            case timedelta():
                try:
                    return now - self.value if self.past else now + self.value
                except OverflowError:
                    raise click.UsageError(tr("that time is too far away")) from None
        at = datetime.combine(now.date(), self.value, UTC)
        if self.past:
            return at if at <= now else at - timedelta(days=1)
        return at if at > now else at + timedelta(days=1)


class Moment(_MomentType):
    """`30m`, `1h30m`, `14:30` (UTC) or an RFC 3339 time with its zone; of the past also `30m ago` and `-30m`."""

    name = "time"

    def __init__(self, *, past: bool = False) -> None:
        self.past = past

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> When:
        """Read it; which moment it means is known when the room is open."""
        if isinstance(value, When):
            return value
        text = str(value).strip()
        shown = quote_plain(text, 40)
        if self.past:
            text = _counted_back(text)
        if (span := read_span(text)) is not None:
            return When(span, self.past)
        if (clock := read_clock(text)) is not None:
            return When(clock, self.past)
        if text.isascii() and text.isdigit():
            self.fail(
                tr("{shown}: of what? Write {text}m, {text}h or {text}s.").format(shown=shown, text=text), param, ctx
            )
        moment = read_moment(text)
        try:
            if moment is None:
                raise ValueError
            if moment.tzinfo is None:
                naive = moment.isoformat(timespec="minutes")
                self.fail(
                    tr("{shown} has no time zone. Write {naive}Z for UTC, or {naive}+01:00.").format(
                        shown=shown, naive=naive
                    ),
                    param,
                    ctx,
                )
            return When(moment.astimezone(UTC), self.past)
        except (ValueError, OverflowError):
            self.fail(
                tr("{shown} is no time. Write 30m, 14:30 (UTC) or 2024-03-13T14:30Z.").format(shown=shown), param, ctx
            )


def _counted_back(text: str) -> str:
    """A span that says that it is one of the past, "30m ago" or "-30m", as a bare one; any other text as it is."""
    if text.lower().endswith(" ago"):
        return text[: -len(" ago")].replace(" ", "")
    return text[1:] if re.match(r"-\d", text, re.ASCII) else text


AHEAD, BEFORE = Moment(), Moment(past=True)


def labels(texts: tuple[str, ...]) -> dict[str, str]:
    """Labels from "key=value" each; a later one of the same key counts. Raises click's usage error."""
    out = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise click.UsageError(tr("--label {text}: write it as key=value").format(text=quote_plain(text)))
        out[key.strip()] = value.strip()
    return out


def read_text(given: str | None, what: str) -> str:
    """A text from the command line, or from standard input for "-" and where none is given and something is piped in.

    Raises click's usage error when there is none, or when it is longer than a text can be.
    """
    typed = sys.stdin is None or sys.stdin.isatty()
    if given is None and typed:
        raise click.UsageError(tr("give {what}, or - to type it (end with Ctrl-D), or pipe it in").format(what=what))
    if given is None or given == "-":
        if sys.stdin is None:
            raise click.UsageError(tr("there is no standard input to read {what} from").format(what=what))
        if typed:
            click.echo(
                "warroom: " + tr("type {what}, end with Ctrl-D on a line of its own").format(what=what), err=True
            )
        data = sys.stdin.buffer.read(MAX_STDIN_BYTES + 1)
        given = data.decode("utf-8", "replace")
    if len(given) > TEXT_LIMIT:
        raise click.UsageError(
            tr("{what} is longer than {limit:,} characters: shorten it, nothing was sent").format(
                what=what, limit=figure(TEXT_LIMIT)
            )
        )
    return given


def read_summary(given: str | None, what: str) -> str | None:
    """The same for an option: only "-" reads standard input, and None stays None."""
    return given if given is None else read_text(given, what)
