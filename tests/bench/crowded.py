"""Rooms with very many incidents under way, for measurements: what stands in them was decided by the domain and is
written by the store's own rows, so that nobody can tell such a file from a room that grew.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from warroom.domain.book import Rulebook
from warroom.domain.core import Command, Context, Entry
from warroom.domain.incident import Declare
from warroom.domain.room import Room, decision, due
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import seed_rulebook
from warroom.store import plan, schema
from warroom.store.database import Database
from warroom.store.projection import Children, Row

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""A Wednesday at noon: within everybody's paging hours."""
AT_ONCE = 500
"""How many incidents one transaction writes."""
SERVICES = tuple(f"service-{n}" for n in range(40))
ORIGINAL = 987_654_321
"""The number under which an incident is decided that others are copies of: it stands nowhere in its texts by chance."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An incident to be made: declared at `at`, and then `acts` by `actor`, each at its moment."""

    severity: str
    at: datetime
    service: str = SERVICES[0]
    acts: tuple[tuple[datetime, Command], ...] = ()
    actor: str = "mina"


def make_room(path: Path, incidents: Iterable[Begun], loaded: Loaded | None = None) -> int:
    """A new room at `path` with these incidents, numbered from 1; returns how many there are.

    Each kind of them is decided once. All that tells one from the next is its number and its key.
    """
    rules = loaded or seed_rulebook()
    originals: dict[Begun, plan.Plan] = {}
    with Database.open(path, login="bench") as database:
        first = schema.Rules(rules.revision, rules.json, rules.book.room)
        schema.prepare(database, lambda: first, login="bench", now=lambda: NOON)
        count = 0
        for several in _batched(enumerate(incidents, 1), AT_ONCE):
            plans = []
            for number, begun in several:
                if begun not in originals:
                    originals[begun] = _plan(begun, rules.book)
                plans.append(_copy(originals[begun], number, rules.book.prefix))
            with database.write() as c:
                plan.carry_out(c, plans)
            count += len(several)
    return count


def _plan(begun: Begun, book: Rulebook) -> plan.Plan:
    room: Room | None = None
    steps: list[tuple[Entry, Room]] = []
    title, key = f"{begun.service} answers slowly", f"{book.prefix}-{ORIGINAL}"
    first = Declare(title, begun.severity, begun.service, key=key)
    for at, command in ((begun.at, first), *begun.acts):
        decided = decision(room, command, Context(at, begun.actor, book))
        steps += zip(decided.entries, decided.rooms, strict=True)
        room = decided.current
    return plan.plan(ORIGINAL, None, steps, book)


def _copy(original: plan.Plan, number: int, prefix: str) -> plan.Plan:
    """The same rows for another incident."""
    old, new = f"{prefix}-{ORIGINAL}", f"{prefix}-{number}"

    def value(found: Any) -> Any:
        if isinstance(found, str):
            return found.replace(old, new)
        return number if found == ORIGINAL else found

    def row(found: Row) -> Row:
        return {name: value(found) for name, found in found.items()}

    def rows(found: Children) -> Children:
        kinds = (found.role, found.page, found.deadline)
        return Children(*({(number, key[1]): row(each) for key, each in kind.items()} for kind in kinds))

    return replace(
        original,
        number=number,
        row=row(original.row),
        children=(original.children[0], rows(original.children[1])),
        events=[row(each) for each in original.events],
        updates=[row(each) for each in original.updates],
        messages=[row(each) for each in original.messages],
    )


def due_together(moment: datetime, deadlines: int, book: Rulebook) -> Iterator[Begun]:
    """Incidents of every severity in turn, each declared so long before `moment` that its first deadlines are due just
    then; as many as have `deadlines` of them in all."""
    lead = {name: first_deadlines(name, book) for name in book.severities}
    left, services = deadlines, itertools.cycle(SERVICES)
    for name in itertools.cycle(lead):
        if left <= 0:
            return
        ahead, count = lead[name]
        left -= count
        yield Begun(name, moment - ahead, next(services))


def few_due_among_many(count: int, few: int, times: int, book: Rulebook) -> Iterator[Begun]:
    """`count` open incidents: `few` of them have something due at `NOON` and every second after it, `times` in all; the
    others were declared at noon, and nothing of theirs is due within these seconds."""
    (severity, *_), services = book.severities, itertools.cycle(SERVICES)
    ahead, _ = first_deadlines(severity, book)
    for second in range(times):
        for _ in range(few):
            yield Begun(severity, NOON - ahead + timedelta(seconds=second), next(services))
    soonest = min(first_deadlines(name, book)[0] for name in book.severities)
    if soonest <= timedelta(seconds=times):
        raise ValueError(f"the others have something due after {soonest} already: measure fewer times")
    for _, name in zip(range(count - few * times), itertools.cycle(book.severities)):
        yield Begun(name, NOON, next(services))


def first_deadlines(severity: str, book: Rulebook) -> tuple[timedelta, int]:
    """How long after the declaration an incident's first deadlines fall due, and how many do at that moment."""
    pending = due(_declared(severity, book))
    first = pending[0].at
    return first - NOON, sum(deadline.at == first for deadline in pending)


def _declared(severity: str, book: Rulebook) -> Room:
    decided = decision(None, Declare("to see what follows", severity, key="X-1"), Context(NOON, "mina", book))
    return decided.room


def _batched(items: Iterable[tuple[int, Begun]], size: int) -> Iterator[list[tuple[int, Begun]]]:
    """As `itertools.batched`, which Python 3.11 does not have."""
    rest = iter(items)
    while several := list(itertools.islice(rest, size)):
        yield several


def spread(times: Iterable[float], *, unit: float = 1e3, digits: int = 2) -> dict[str, float]:
    """Median, 99th percentile and largest of some times in seconds, in milliseconds (or another `unit` of a second)."""
    ordered = sorted(times) or [0.0]
    last = len(ordered) - 1
    picks = {"p50": ordered[round(last * 0.5)], "p99": ordered[round(last * 0.99)], "max": ordered[-1]}
    return {name: round(value * unit, digits) for name, value in picks.items()}


def running(start: datetime, began: float, monotonic: Callable[[], float]) -> Callable[[], datetime]:
    """A clock that showed `start` when `monotonic` showed `began`, and runs on as the machine's."""
    return lambda: start + timedelta(seconds=monotonic() - began)
