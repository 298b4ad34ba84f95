"""In which order incidents are listed: what presses most first, or by any column, either way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

from warroom.domain.text import clean_line
from warroom.tui.clockface import is_late
from warroom.tui.sieve.grammar import STAGES, fold
from warroom.tui.sieve.match import deadlines
from warroom.valueclass import dataclass
from warroom.views import IncidentLine, PageState
from warroom.words import tr

URGENCY: Final = "urgency"
"""The usual order: severity, then what is late, then what falls due next."""
ROLE: Final = "role:"
"""Before the name of a role, where a column shows who holds it."""


@dataclass(frozen=True, slots=True)
class Sort:
    """By which column, and if the other way round."""

    column: str = URGENCY
    reverse: bool = False

    def __str__(self) -> str:
        return ("-" if self.reverse else "") + self.column


USUAL: Final = Sort()


def natural(key: str) -> tuple[tuple[int, int | str], ...]:
    """INC-9 before INC-10."""
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in re.split(r"(\d+)", key) if part)


def quiet(line: IncidentLine, now: datetime) -> bool:
    """Whether nobody is to be paged for it: it is only watched, or held back by a rule whose time is not over."""
    held = line.page.state is PageState.HELD and not (line.page.at is not None and is_late(line.page.at, now))
    return line.watched or held


Urgency = tuple[bool, int, bool, int, float, tuple[tuple[int, int | str], ...]]


def urgency(line: IncidentLine, now: datetime) -> Urgency:
    """What the usual order sorts by: severity; in it alarms, then late pages and roles, then late updates, then by due
    time.

    What is resolved comes behind everything live, and what nobody is paged for last in its severity: somebody else's
    system watches it, or a rule holds it back. Inside a group the earliest absolute deadline is first, so a second that
    passes never moves a row: rows move only when something falls due or somebody acts.
    """
    ends = deadlines(line)
    late = [at for at in ends if is_late(at, now)]
    if line.alarm or line.page.state is PageState.EXHAUSTED:
        group = 0
    elif any(at != line.update.at for at in late):
        group = 1
    elif late:
        group = 2
    else:
        group = 3
    first = min(late or ends, default=None)
    due = first.timestamp() if first is not None else float("inf")
    over, calm = line.page.state is PageState.STOPPED, quiet(line, now)
    return over, line.severity.rank, calm, group, due, natural(line.key)


def urgent(lines: Iterable[IncidentLine], now: datetime) -> tuple[IncidentLine, ...]:
    """The lines in the usual order."""
    return tuple(sorted(lines, key=lambda line: urgency(line, now)))


def _named(value: str) -> str | None:
    return fold(value) or None


def _stage(line: IncidentLine) -> tuple[int, str]:
    return (STAGES.index(line.status) if line.status in STAGES else len(STAGES), line.status)


_KEYS: Final[dict[str, Callable[[IncidentLine], Any]]] = {
    "sev": lambda line: line.severity.rank,
    "key": lambda line: natural(line.key),
    "title": lambda line: _named(line.title),
    "status": _stage,
    "lead": lambda line: _named(line.lead),
    "page": lambda line: line.page.at,
    "update": lambda line: line.update.at,
    # The oldest is the one that was declared first.
    "age": lambda line: line.opened_at,
    "opened": lambda line: line.opened_at,
    "service": lambda line: _named(line.service),
    "team": lambda line: _named(line.team),
    "region": lambda line: _named(line.region),
    "env": lambda line: _named(line.environment),
    "cases": lambda line: None if line.cases is None else -line.cases,
    "ack": lambda line: _named(line.acked_by),
    "tasks": lambda line: -line.tasks_open or None,
    "tired": lambda line: line.tired_at,
}
"""What a column sorts by; None comes last whichever way. Of what is counted the most comes first."""

COLUMNS: Final = tuple(_KEYS)
DESCENDING: Final = frozenset(("age", "cases", "tasks"))
"""Columns whose largest figures come first."""


def key_of(column: str) -> Callable[[IncidentLine], Any] | None:
    """What a column sorts by; None for the usual order and for what is no column."""
    if column.startswith(ROLE):
        role = column.removeprefix(ROLE)
        return lambda line: _named(next((who for name, who in line.roles if name == role), ""))
    return _KEYS.get(column)


def ordered(lines: Iterable[IncidentLine], sort: Sort, now: datetime) -> tuple[IncidentLine, ...]:
    """The lines in an order. Equals stay in the usual one, whichever way; what has no value comes last."""
    base = urgent(lines, now)
    key = key_of(sort.column)
    if key is None:
        return base[::-1] if sort.reverse else base
    keyed = [(key(line), line) for line in base]
    known = [each for each in keyed if each[0] is not None]
    known.sort(key=lambda each: each[0], reverse=sort.reverse)
    return tuple(line for _, line in known) + tuple(line for value, line in keyed if value is None)


@dataclass(frozen=True, slots=True)
class _Backwards:
    """A value that comes before those that are less."""

    value: Any

    def __lt__(self, other: _Backwards) -> bool:
        return bool(other.value < self.value)


def standing(sort: Sort, now: datetime) -> Callable[[IncidentLine], Any]:
    """What a line is sorted by in an order, of itself alone: sorted by it, lines stand as in `ordered`."""
    key = key_of(sort.column)

    def place(line: IncidentLine) -> Any:
        usual = urgency(line, now)
        if key is None:
            return _Backwards(usual) if sort.reverse else usual
        value = key(line)
        if value is None:
            return (True, 0, usual)
        return (False, _Backwards(value) if sort.reverse else value, usual)

    return place


def read_sort(text: str) -> Sort:
    """The order that a setting or an option says: "age", "-age"; "" is the usual one. Raises `ValueError` with what to
    write instead."""
    word = fold(text.strip())
    reverse, word = word.startswith("-"), word.removeprefix("-").strip()
    if word in ("", URGENCY):
        return Sort(URGENCY, reverse)
    if key_of(word) is None or word == ROLE:
        raise NoColumn(word, (URGENCY, *COLUMNS))
    return Sort(word, reverse)


class NoColumn(ValueError):
    """A column that there is not; `advice` says which one may have been meant."""

    def __init__(self, word: str, known: Sequence[str]) -> None:
        likely = get_close_matches(word, known, 1, 0.6)
        self.advice = (
            tr("did you mean {name}?").format(name=likely[0])
            if likely
            else tr("there are {names}").format(names=", ".join(known))
        )
        super().__init__(tr('no column "{name}"; {advice}').format(name=clean_line(word, 40), advice=self.advice))
