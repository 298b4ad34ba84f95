"""What of a sound rulebook would go wrong at night: dead ends, timers that contradict, nobody to page (R13).

What cannot be read is an error of the files and never comes here. What is found here could be read, and would still
leave somebody unpaged, page in vain, or surprise. A finding says where, what, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from warroom.domain.book import Rulebook
from warroom.rulebook import (
    check_assessing,
    check_clocks,
    check_fatigue,
    check_oncall,
    check_people,
    check_policies,
    check_rules,
    check_times,
    check_updates,
)
from warroom.rulebook.findings import Finding, Place, Weight, placed
from warroom.rulebook.validate import Locate

AHEAD = timedelta(days=30)
"""How far ahead schedules are looked at where nobody says otherwise."""


def check(book: Rulebook, now: datetime, ahead: timedelta = AHEAD) -> tuple[Finding, ...]:
    """Everything that is doubtful about a rulebook at `now` (aware UTC), schedules looked at for as long as `ahead`."""
    return tuple(_all(book, now, ahead))


def _all(book: Rulebook, now: datetime, ahead: timedelta) -> Iterator[Finding]:
    yield from check_policies.look(book)
    yield from check_times.look(book)
    yield from check_clocks.look(book)
    yield from check_people.look(book)
    yield from check_fatigue.look(book)
    yield from check_rules.look(book)
    yield from check_assessing.look(book)
    yield from check_updates.look(book)
    yield from check_oncall.look(book, now, ahead)


def check_at(
    book: Rulebook, locate: Locate | None, now: datetime, ahead: timedelta = AHEAD
) -> tuple[tuple[Place, Finding], ...]:
    """The same, each with its place in the files where `locate` knows them; the gravest first, then file by file."""
    return placed(check(book, now, ahead), locate)


def grave(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that keep a rulebook from being put in force: somebody would surely not be paged."""
    return tuple(finding for finding in findings if finding.weight is Weight.ERROR)
