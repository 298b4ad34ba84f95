"""What people type about on-call duty, read: schedules, people, stretches of time. Near misses are named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from warroom.domain.core import Refused
from warroom.domain.text import quote_plain
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.duty import Duty


def schedule_named(name: str, book: Rulebook) -> str:
    """A schedule as the rulebook writes it; a name that is nearly one is answered with that one."""
    known = {each.casefold(): each for each in book.schedules}
    if name.casefold() in known:
        return known[name.casefold()]
    if name in book.oncall:
        return name  # refused with its reason
    near = get_close_matches(name.casefold(), known, n=1, cutoff=0.5)
    hint = (
        tr("did you mean {name}?").format(name=known[near[0]])
        if near
        else tr("there is {known}").format(known=", ".join(book.schedules) or tr("none"))
    )
    raise Refused(tr("there is no schedule {name}; {hint}").format(name=quote_plain(name, 40), hint=hint))


def person_named(name: str, book: Rulebook) -> str:
    """A login as the rulebook writes it; raises `Refused` with the nearest one."""
    known = {each.casefold(): each for each in book.people}
    if name.casefold() in known:
        return known[name.casefold()]
    near = get_close_matches(name.casefold(), known, n=1, cutoff=0.5)
    said = (
        tr("there is no {name} among the people of the rulebook in force; did you mean {likely}?")
        if near
        else tr("there is no {name} among the people of the rulebook in force")
    )
    raise Refused(said.format(name=quote_plain(name, 40), likely=known[near[0]] if near else ""))


def person_and_when(words: Sequence[str], me: str, book: Rulebook) -> tuple[str, str]:
    """Who is meant, and the rest: the first word is a person unless it begins a time."""
    from warroom.tui.oncall_when import begins_time

    if not words:
        return me, ""
    if words[0].casefold() not in {each.casefold() for each in book.people} and begins_time(words[0]):
        return me, " ".join(words)
    return person_named(words[0], book), " ".join(words[1:])


def span_typed(text: str, now: datetime, person: str, book: Rulebook) -> tuple[datetime, datetime | None]:
    """From when until when; no end where none was named. Raises click's usage error."""
    from warroom.tui.oncall_when import span_of

    known = book.people.get(person)
    try:
        return span_of(text, now, known.zone if known else "")
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def until_handoff(schedule: str, start: datetime, book: Rulebook, duty: Duty) -> datetime:
    """The next hand-off after `start`; raises click's usage error where there is none."""
    from warroom.domain.schedule import next_handoff

    spec = book.schedules.get(schedule)
    after = next_handoff(spec, start, book, duty) if spec is not None else None
    if after is None and spec is not None:
        raise click.UsageError(
            tr("{schedule} has no hand-off in sight: say until when, such as 2h or until mon 08:00").format(
                schedule=schedule
            )
        )
    return after.at if after is not None else start


def next_shift(
    schedule: str, person: str, now: datetime, book: Rulebook, duty: Duty
) -> tuple[datetime, datetime | None]:
    """The next shift of a person on a schedule, or what is left of one that runs. Raises `Refused`."""
    from warroom.domain.schedule import HORIZON, spans

    spec = book.schedules.get(schedule)
    if spec is None:
        return now, now  # refused with its reason
    for span in spans(spec, now, now + HORIZON, book, duty):
        if person in span.people:
            return span.start, span.end
    raise Refused(
        tr("{person} has no shift on {schedule} in the next {days} days").format(
            person=person, schedule=schedule, days=HORIZON.days
        )
    )
