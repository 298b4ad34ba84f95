"""`--at TIME`: looking at an incident as it was, from its record alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from warroom.cli.output import paint
from warroom.cli.params import BEFORE, When
from warroom.domain.status_words import kind_word, moment
from warroom.domain.text import clean_line, cut
from warroom.tui.clockface import length
from warroom.tui.pieces import Role
from warroom.valueclass import dataclass
from warroom.words import mark, tr

if TYPE_CHECKING:
    from warroom.service.past import At, Past
    from warroom.views import PastMark

    _ThenType = click.ParamType["Then"]
else:
    _ThenType = click.ParamType

_ENTRY = re.compile(r"#(\d{1,9})", re.ASCII)

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Then:
    """A place in the past as it was written: a moment, or right after an entry of the record."""

    when: When | None = None
    entry: int = 0

    def moment(self, now: datetime) -> datetime:
        """The moment, for what has no record of its own; raises click's usage error for an entry."""
        if self.when is None:
            raise click.UsageError(tr("#{entry} is an entry of one incident; name a time").format(entry=self.entry))
        return self.when.at(now)

    def place(self, past: Past, now: datetime) -> At:
        """The place in the past of one incident. Raises `Refused` where there is none."""
        return past.place(self.entry) if self.when is None else past.find(self.when.at(now), now)


DAY_DATE_SECONDS = mark("%a %Y-%m-%d %H:%M:%S")


class ThenType(_ThenType):
    """`14:12` (UTC, the latest one), `30m ago`, an RFC 3339 time with its zone, or `#12`, an entry of the record."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Then:
        """Read it; which moment it means is known when the room is open."""
        if isinstance(value, Then):
            return value
        text = str(value).strip()
        if entry := _ENTRY.fullmatch(text):
            return Then(entry=int(entry[1]))
        return Then(BEFORE.convert(text, param, ctx))


def at_option(
    help: str = "As it was then: 14:12 (UTC, the latest one), 30m ago, 2024-03-13T14:30Z, or #12, an entry "
    "of the record.",
) -> Callable[[Function], Function]:
    """The option `--at`; its value comes as `at`."""
    return click.option("--at", "at", type=ThenType(), metavar="TIME", help=help)


def mark_line(past: PastMark, now: datetime, wide: int | None) -> str:
    """That it is the past that follows, and which: the first line of every look back."""
    ago = length(now - past.moment)
    text = tr("AS IT WAS {at} UTC, {ago} ago, entry {version} of {of} ({kind}: {text})").format(
        at=moment(past.moment, DAY_DATE_SECONDS),
        ago=ago,
        version=past.version,
        of=past.of,
        kind=kind_word(past.kind),
        text=clean_line(past.text),
    )
    return paint(text if wide is None else cut(text, wide), Role.NOTICE)
