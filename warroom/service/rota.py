"""Who is on call, then and next, and why; where nobody will be: the rules in force read for the command line (R7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import datetime, timedelta

from warroom.domain.book import Rulebook
from warroom.domain.core import Refused
from warroom.domain.duty import Duty
from warroom.domain.schedule import HORIZON, OnCall, ScheduleSpec, Span, beyond_limit, next_handoff, on_call, spans
from warroom.valueclass import dataclass
from warroom.words import tr

GAPS_AHEAD = timedelta(days=30)
"""How far ahead gaps in coverage are looked for."""


@dataclass(frozen=True, slots=True)
class Rota:
    """One schedule or list at a moment.

    `after`: who has it next (None: nobody else for weeks). `gaps`: when nobody has it in the days ahead. `spent`: of
    those who have it, who is over its limit, in words. `backup`: who is tried when nobody can be reached.
    """

    name: str
    title: str
    zone: str
    now: OnCall
    after: OnCall | None = None
    gaps: tuple[Span, ...] = ()
    spent: tuple[str, ...] = ()
    backup: tuple[str, ...] = field(default=())


def rota(book: Rulebook, duty: Duty, at: datetime, names: Iterable[str] = (), *, ahead: timedelta) -> Iterator[Rota]:
    """The schedules and then the lists of those `names` (all where there are none) at `at`, gaps until `ahead` later.

    Raises `Refused` for a name that is none of them.
    """
    wanted = tuple(names) or (*book.schedules, *book.oncall)
    for name in wanted:
        if name in book.schedules:
            yield _schedule(book.schedules[name], book, duty, at, ahead)
        elif name in book.oncall:
            yield _list(name, book, duty, at)
        else:
            known = ", ".join((*book.schedules, *book.oncall)) or tr("none")
            raise Refused(
                tr("there is no schedule {name} in the rulebook in force; there is {known}").format(
                    name=name, known=known
                )
            )


def shifts(
    book: Rulebook,
    duty: Duty,
    start: datetime,
    end: datetime,
    names: Iterable[str] = (),
    person: str = "",
) -> list[tuple[str, Span]]:
    """The shifts of those schedules (all where none is named) that lie partly within `start` and `end`, each with its
    schedule's name, the earliest first; only those of `person` if one is named, else with the gaps.

    They are whole: one that runs already has the beginning that it had, so the same shift looks the same tomorrow.
    Raises `Refused`.
    """
    if person and person not in book.people:
        raise Refused(tr("there is no {person!r} among the people of the rulebook in force").format(person=person))
    found = []
    for name in tuple(names) or tuple(book.schedules):
        spec = book.schedules.get(name)
        if spec is None:
            what = (
                tr("is a list, the same at all hours")
                if name in book.oncall
                else tr("is no schedule of the rulebook in force")
            )
            raise Refused(
                tr("{name} {what}; the schedules are {schedules}").format(
                    name=name, what=what, schedules=", ".join(book.schedules) or tr("none")
                )
            )
        whole = spans(spec, start - HORIZON, end + HORIZON, book, duty)
        found += [
            (name, span)
            for span in whole
            if span.end > start and span.start < end and (not person or person in span.people)
        ]
    return sorted(found, key=lambda each: (each[1].start, each[1].end))


def _schedule(spec: ScheduleSpec, book: Rulebook, duty: Duty, at: datetime, ahead: timedelta) -> Rota:
    now = on_call(spec, at, book, duty)
    spent = (beyond_limit(spec, login, at, book, duty) for login in now.people)
    return Rota(
        name=spec.name,
        title=spec.title,
        zone=spec.zone,
        now=now,
        after=next_handoff(spec, at, book, duty),
        gaps=tuple(span for span in spans(spec, at, at + ahead, book, duty) if not span.people),
        spent=tuple(why for why in spent if why),
        backup=tuple(str(target) for target in spec.backup),
    )


def _list(name: str, book: Rulebook, duty: Duty, at: datetime) -> Rota:
    from warroom.domain.schedule import absent_words

    people = book.oncall[name].people
    away = [(login, absence) for login in people if (absence := duty.absent(login, at))]
    there = tuple(login for login in people if not any(login == each for each, _ in away))
    why = tr("list {name}: the first of {people} who can be reached, at any hour").format(
        name=name, people=", ".join(people)
    )
    passed = tuple((login, absent_words(absence)) for login, absence in away)
    now = OnCall(name, at, there, None, None, (), "; ".join((why, *(words for _, words in passed))), passed)
    return Rota(name, "", "", now)
