"""Declaring from one line: "SEV1 EU card payments failing @payments-api since 13:40" (R1).

The line is never refused and nothing of it is lost: what is not understood is part of the title. What is understood is
shown before anything is sent, with where it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from warroom.domain.core import TITLE_LIMIT
from warroom.domain.matching import says, spaced
from warroom.domain.typed_time import as_typed, read_clock, read_moment, read_span
from warroom.valueclass import dataclass
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a line is held against, by the rulebook (R2).

    `severities` are by name with their rank, `majors` those that are major, `words` mean a severity, `services` are by
    name with their tier ("" unknown), `tiers` and `usual` what is proposed.
    """

    severities: Mapping[str, int] = field(default_factory=dict)
    majors: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    tiers: Mapping[str, str] = field(default_factory=dict)
    usual: str = ""


def vocabulary(book: Rulebook) -> Vocabulary:
    """The words of a rulebook."""
    ranked = sorted(book.severities.values(), key=lambda spec: spec.rank)
    return Vocabulary(
        {spec.name: spec.rank for spec in ranked},
        tuple(spec.name for spec in ranked if spec.major),
        {word: spec.name for spec in reversed(ranked) for word in spec.impacts},
        {name: spec.tier for name, spec in book.services.items()},
        book.assessment.tiers,
        book.assessment.usual,
    )


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a line says.

    `severity` is what was written or else proposed, "" where there is nothing to propose; `why` says where it comes
    from, `said` whether somebody wrote it. `began` is what was written for `started_at`. `summary` holds the whole of
    a title that is too long for one.
    """

    title: str
    severity: str = ""
    why: str = ""
    said: bool = False
    service: str = ""
    started_at: datetime | None = None
    began: str = ""
    summary: str = ""


_ENDS = ",;:."
_LONGEST = 5
"""Of how many words a start is at most: "-1h 30 min ago"."""


def parse(
    line: str, words: Vocabulary, now: datetime, *, severity: str = "", service: str = "", since: bool = True
) -> Parsed:
    """Read a line as of `now` (aware UTC). Never fails; a line without a word of its own has an empty title.

    What is known already (`severity`, `service`; `since` False: the start) is not looked for, and stays in the title.
    """
    left: list[str] = []
    began = ""
    started: datetime | None = None
    tokens = line.split()
    skip = 0
    for at, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        bare = token.rstrip(_ENDS)
        named = "" if severity else _known(bare, words.severities)
        meant = _known(bare[1:], words.services) if not service and bare.startswith("@") else ""
        begins = since and started is None and bare.casefold() == "since"
        found = _start_in(tokens[at + 1 : at + 1 + _LONGEST], now) if begins else None
        if named:
            severity = named
        elif meant:
            service = meant
        elif found is not None:
            started, began, skip = found
        else:
            left.append(token)
    title = " ".join(left)
    proposed, why = (severity, tr("as you wrote")) if severity else propose(title, service, words)
    whole = title if len(title) > TITLE_LIMIT else ""
    return Parsed(title, proposed, why, bool(severity), service, started, began, whole)


def _known(text: str, names: Mapping[str, object]) -> str:
    folded = text.casefold()
    return next((name for name in names if name.casefold() == folded), "")


def _start_in(following: list[str], now: datetime) -> tuple[datetime, str, int] | None:
    """The moment that the first of these words mean, as it was written, and how many words that took: as many as are
    still a time, but a number alone behind a length ("2h 30 tills") may count anything."""
    for count in range(len(following), 0, -1):
        text = " ".join(following[:count]).rstrip(_ENDS)
        if count > 1 and text.rpartition(" ")[2].isdecimal():
            continue
        moment = moment_before(text, now)
        if moment is None:
            moment = _written_out(text, now)
        if moment is not None:
            return moment, text, count
    return None


def _written_out(text: str, now: datetime) -> datetime | None:
    """A day and a time of the past as ISO 8601 has them, UTC where no zone is named; None for anything else."""
    moment = read_moment(as_typed(text).removesuffix("utc").rstrip())
    try:
        if moment is not None:
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None
    return moment if moment is not None and moment <= now else None


def moment_before(text: str, now: datetime) -> datetime | None:
    """The latest moment that "13:40" or "20m", "-20m", "1h30m ago" can mean at `now`; None where it is no time."""
    typed = as_typed(text)
    clock = read_clock(typed.removesuffix("utc").rstrip())
    if clock is not None:
        at = now.astimezone(UTC).replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
        return at if at <= now else _back(at, timedelta(days=1))
    sign, bare = typed[:1] == "-", typed.removesuffix("ago").rstrip()
    span = read_span(bare[1:]) if sign and bare[1:2].isdecimal() else read_span(bare)
    return None if span is None else _back(now, span)


def _back(at: datetime, by: timedelta) -> datetime | None:
    try:
        return at - by
    except OverflowError:
        return None


def propose(title: str, service: str, words: Vocabulary) -> tuple[str, str]:
    """The severity to propose, and why in words: by a word of the title, the tier of the service, or the usual one."""
    text = spaced(title)
    found = [(words.severities[name], name, word) for word, name in words.words.items() if says(text, word)]
    if found:
        _, name, word = min(found)
        return name, tr("because of “{word}”").format(word=word)
    tier = words.services.get(service, "")
    if tier and tier in words.tiers:
        return words.tiers[tier], tr("tier {tier}").format(tier=tier) if not tier.startswith("tier") else tier
    usual = words.usual or (words.majors[-1] if words.majors else next(iter(words.severities), ""))
    return usual, tr("the default")


def completion(line: str, services: Mapping[str, str]) -> str:
    """The line with the service that its last word begins, behind an @; "" where there is nothing to complete."""
    head, at, begun = line.rpartition("@")
    if not at or not begun or " " in begun or (head and not head.endswith(" ")):
        return ""
    folded = begun.casefold()
    full = next((name for name in services if name.casefold().startswith(folded) and name.casefold() != folded), "")
    return f"{line}{full[len(begun) :]}" if full else ""
