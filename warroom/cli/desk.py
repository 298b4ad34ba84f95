"""`warroom override`, `absent`, `swap` and `desk`: who is on call in place of whom (R7).

What is left out is what somebody at three in the morning most likely means: me, now, until the next hand-off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from warroom.cli.desk_reading import (
    next_shift,
    person_and_when,
    person_named,
    schedule_named,
    span_typed,
    until_handoff,
)
from warroom.cli.desk_standing import shape_of, tell_away, tell_standing, tell_uncovered
from warroom.cli.lazy import Entry
from warroom.cli.output import Cell, emit, say, table, width
from warroom.cli.rooms import acting, looking
from warroom.cli.settings import RoomGroup, Settings, command
from warroom.domain.core import Command
from warroom.domain.text import clean_line
from warroom.words import mark, tr

if TYPE_CHECKING:
    from warroom.cli.shapes.incident import LogLine
    from warroom.domain.core import Entry as RecordEntry
    from warroom.domain.desk import Desk
    from warroom.domain.duty import Absence, Override, Swap
    from warroom.service.session import Session

    Item = Override | Absence | Swap

_OWN = "warroom.cli.desk"
_SWAPS = "Swaps"
_END = "Take number N back; one that has begun ends now."
_KINDS = (
    *(mark("override_added"), mark("override_ended"), mark("absence_added"), mark("absence_ended")),
    *(mark("swap_requested"), mark("swap_ended"), mark("rules_published")),
)
"""What the record of the desk can hold, looked up where it is printed."""

swap = RoomGroup(
    "swap",
    entries={
        "ask": Entry(f"{_OWN}:ask", "Ask somebody, or anybody, to take a shift.", _SWAPS),
        "take": Entry(f"{_OWN}:take", "Take over what a swap asks for.", _SWAPS),
        "drop": Entry(f"{_OWN}:drop", "Take a swap off the table, or decline it.", _SWAPS),
        "list": Entry(f"{_OWN}:swaps", "The swaps that wait for somebody.", _SWAPS),
    },
    help="Ask for a shift to be taken over. Until somebody takes it, whoever has it keeps it.",
)


# Overrides -----------------------------------------------------------------------------------------------------------


@command("override")
@click.argument("words", nargs=-1, metavar="[SCHEDULE [PERSON] [WHEN]]")
@click.option("--instead-of", default="", metavar="PERSON", help="Only where this person would be on call.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in one line; it goes into the record.")
@click.option("--end", "number", type=click.IntRange(min=1), metavar="N", help=_END)
def override(settings: Settings, words: tuple[str, ...], instead_of: str, reason: str, number: int | None) -> None:
    """Put PERSON on call on SCHEDULE whatever its layers say; without arguments, list what stands.

    \b
    warroom override primary                   # me, now, until the next hand-off
    warroom override primary mina 2h --reason "sven is ill"
    warroom override primary mina fri 18:00 to mon 08:00
    warroom override --end 3

    WHEN is 2h, until Mon 08:00, tomorrow, or a time to a time; UTC unless a time zone such as Asia/Seoul stands behind
    it, or local for that of the person.
    """
    from warroom.domain.desk import AddOverride, EndOverride

    if number is not None:
        if words or instead_of:
            raise click.UsageError(tr("--end needs the number alone"))
        _act(settings, lambda _: EndOverride(number, reason))
    elif not words:
        tell_standing(settings, "override")
    else:

        def add(session: Session) -> Command:
            book, now = session.book(), session.clock()
            schedule = schedule_named(words[0], book)
            person, when = person_and_when(words[1:], session.actor, book)
            start, end = span_typed(when, now, person, book)
            if end is None:
                end = until_handoff(schedule, start, book, session.duty())
            return AddOverride(
                schedule, person, start, end, reason, person_named(instead_of, book) if instead_of else ""
            )

        _act(settings, add)


# Absences ------------------------------------------------------------------------------------------------------------


@command("absent")
@click.argument("words", nargs=-1, metavar="[WHEN]")
@click.option("--person", default="", metavar="LOGIN", help="Somebody else than you.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in one line; everybody can read it.")
@click.option("--end", "number", type=click.IntRange(min=1), metavar="N", help=_END)
def absent(settings: Settings, words: tuple[str, ...], person: str, reason: str, number: int | None) -> None:
    """Say that you are not there: pages pass you over. Without arguments, list who is away.

    \b
    warroom absent until mon 08:00
    warroom absent tomorrow local
    warroom absent 2026-07-06 to 2026-07-24 --person sven --reason vacation

    A day alone is the whole of it, and of two days the second belongs to it.
    """
    from warroom.domain.desk import AddAbsence, EndAbsence

    if number is not None:
        if words or person:
            raise click.UsageError(tr("--end needs the number alone"))
        _act(settings, lambda _: EndAbsence(number))
    elif not words:
        if person:
            raise click.UsageError(tr("say when as well, such as: until mon 08:00"))
        tell_standing(settings, "absence")
    else:

        def add(session: Session) -> Command:
            book, now = session.book(), session.clock()
            who = person_named(person, book) if person else session.actor
            start, end = span_typed(" ".join(words), now, who, book)
            if end is None:
                raise click.UsageError(tr("say until when as well, such as: until mon 08:00"))
            return AddAbsence(who, start, end, reason)

        _act(settings, add, uncovered=True)


# Swaps ---------------------------------------------------------------------------------------------------------------


@command("ask")
@click.argument("schedule")
@click.argument("words", nargs=-1, metavar="[WHEN]")
@click.option("--to", default="", metavar="PERSON", help="Ask this person; left out, anybody may take it.")
@click.option("--person", default="", metavar="LOGIN", help="Whose duty it is; left out, yours.")
@click.option("--note", default="", metavar="TEXT", help="What they should know, in one line.")
def ask(settings: Settings, schedule: str, words: tuple[str, ...], to: str, person: str, note: str) -> None:
    """Ask for a shift on SCHEDULE to be taken over. Without WHEN it is your next one there.

    \b
    warroom swap ask primary --to mina --note "dentist"
    warroom swap ask primary fri 18:00 to mon 08:00
    """
    from warroom.domain.desk import RequestSwap

    def add(session: Session) -> Command:
        book, now = session.book(), session.clock()
        name = schedule_named(schedule, book)
        who = person_named(person, book) if person else session.actor
        start, end = span_typed(" ".join(words), now, who, book)
        if not words:
            start, end = next_shift(name, who, now, book, session.duty())
        if end is None:
            raise click.UsageError(tr("say until when as well, such as: fri 18:00 to mon 08:00"))
        return RequestSwap(name, start, end, who, person_named(to, book) if to else "", note)

    _act(settings, add)


@command("take")
@click.argument("number", type=click.IntRange(min=1), metavar="N")
def take(settings: Settings, number: int) -> None:
    """Take over what swap N asks for: you are on call then, in place of who asked."""
    from warroom.domain.desk import TakeSwap

    _act(settings, lambda _: TakeSwap(number))


@command("drop")
@click.argument("number", type=click.IntRange(min=1), metavar="N")
def drop(settings: Settings, number: int) -> None:
    """Take swap N off the table: withdraw what you asked for, or decline what you were asked."""
    from warroom.domain.desk import EndSwap

    _act(settings, lambda _: EndSwap(number))


@command("list")
def swaps(settings: Settings) -> None:
    """List the swaps that wait for somebody, the earliest first."""
    tell_standing(settings, "swap")


# The desk as a whole -------------------------------------------------------------------------------------------------


@command("desk")
@click.option("--log", "log", is_flag=True, help="The record: who changed what, oldest first; published rules as well.")
@click.option(
    "--last", type=click.IntRange(1, 100_000), default=1_000, metavar="N", help="Only the last N lines of it."
)
def desk(settings: Settings, log: bool, last: int) -> None:
    """List every override, absence and swap that is not over, the earliest first."""
    if not log:
        tell_standing(settings, "")
        return
    with looking(settings) as session:
        entries = session.desk_log(most=last)
    if settings.json:
        for seq, entry in entries:
            emit(_line(entry, seq))
        return
    rows = [
        [Cell(f"{entry.at:%Y-%m-%d %H:%M}"), Cell(entry.actor), Cell(tr(entry.event.kind)), Cell(_words(entry))]
        for _, entry in entries
    ]
    for text in table((tr("AT (UTC)"), tr("WHO"), tr("WHAT"), ""), rows, wide=width()):
        say(text)


# What they share -----------------------------------------------------------------------------------------------------


def _act(settings: Settings, make: Callable[[Session], Command], *, uncovered: bool = False) -> None:
    """Carry out a command for the desk and say what came of it; `uncovered`: and where nobody is on call by that."""
    with acting(settings) as session:
        before = session.desk()
        outcome = session.at_desk(make(session))
        item = _touched(outcome.entries, before, outcome.desk)
        if settings.json:
            from warroom.cli.shapes.desk import DeskDone

            first = outcome.seq - len(outcome.entries) + 1
            events = [_line(entry, first + n) for n, entry in enumerate(outcome.entries)]
            emit(DeskDone(events=events, item=shape_of(item) if item is not None else None))
        else:
            for entry in outcome.entries:
                say(_happened(entry))
        if uncovered:
            tell_uncovered(settings, session, before, outcome.desk)
        if item is not None:
            tell_away(settings, item, outcome.desk)


def _happened(entry: RecordEntry) -> str:
    """What was done, with the number by which it can be taken back."""
    from warroom.domain.desk import AbsenceAdded, OverrideAdded, SwapRequested

    said = _words(entry)
    match entry.event:
        case OverrideAdded(override):
            said = tr("override {number}: {said}").format(number=override.id, said=said)
        case AbsenceAdded(absence):
            said = tr("absence {number}: {said}").format(number=absence.id, said=said)
        case SwapRequested(swap):
            said = tr("swap {number}: {said}").format(number=swap.id, said=said)
    return clean_line(said, 1000)


def _words(entry: RecordEntry) -> str:
    from warroom.domain.desk_words import describe_desk

    return describe_desk(entry.event)


def _line(entry: RecordEntry, seq: int) -> LogLine:
    from warroom.cli.build import incident as build

    return build.log_line("", seq, 0, entry).model_copy(update={"text": _words(entry)})


def _touched(entries: Sequence[RecordEntry], before: Desk, after: Desk) -> Item | None:
    """What a command added, or what it ended as it stands now; None where nothing is left of it."""
    from warroom.domain.desk import AbsenceAdded, AbsenceEnded, OverrideAdded, OverrideEnded, SwapRequested

    for entry in entries:
        match entry.event:
            case OverrideAdded(override):
                return override
            case AbsenceAdded(absence):
                return absence
            case SwapRequested(swap):
                return swap
            case OverrideEnded(id=number) | AbsenceEnded(id=number):
                left: tuple[Item, ...] = (*after.overrides, *after.absences)
                return next((each for each in left if each.id == number), None)
    return None
