"""What stands on the desk, listed; and who is missing by what was just put there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from warroom.cli.output import Cell, emit, say, table, tell, width
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings
from warroom.domain.status_words import DAY_DATE_CLOCK, moment
from warroom.words import mark, tr

if TYPE_CHECKING:
    from warroom.cli.shapes.desk import DeskItem
    from warroom.domain.desk import Desk
    from warroom.domain.duty import Absence, Override, Swap
    from warroom.service.session import Session

    Item = Override | Absence | Swap


def tell_standing(settings: Settings, kind: str) -> None:
    """What is on the desk and not over, of one kind or (for "") of all."""
    with looking(settings) as session:
        now, standing = session.clock(), session.desk()
    found: list[Item] = [*standing.overrides, *standing.absences, *standing.swaps]
    shapes = [shape_of(each) for each in found if each.end > now]
    shapes = sorted((s for s in shapes if kind in ("", s.kind)), key=lambda s: (s.start, s.id))
    if settings.json:
        for shape in shapes:
            emit(shape)
        return
    heads = (
        tr("KIND"),
        tr("NO"),
        tr("SCHEDULE"),
        tr("PERSON"),
        tr("FOR"),
        tr("FROM (UTC)"),
        tr("UNTIL (UTC)"),
        tr("BY"),
        tr("WHY"),
    )
    rows = [
        [
            Cell(tr(s.kind) if not kind else ""),
            Cell(str(s.id)),
            Cell(s.schedule),
            Cell(s.person),
            Cell(s.other or (tr("anybody") if s.kind == "swap" else "")),
            Cell(tr("now") if s.start <= now else stamp(s.start)),
            Cell(stamp(s.end)),
            Cell(s.by),
            Cell(s.note),
        ]
        for s in shapes
    ]
    for text in table(heads, rows, wide=width()):
        say(text)
    if not shapes:
        none = {
            "override": mark("no override stands"),
            "absence": mark("nobody is away"),
            "swap": mark("no swap is open"),
        }
        tell(settings, tr(none.get(kind, mark("nothing is on the desk: no override, absence or swap"))))


def shape_of(item: Item) -> DeskItem:
    from warroom.cli.shapes.desk import DeskItem
    from warroom.domain.duty import Absence, Override

    match item:
        case Override():
            kind, schedule, other, by, note = "override", item.schedule, item.instead_of, item.by, item.reason
        case Absence():
            kind, schedule, other, by, note = "absence", "", "", item.by, item.reason
        case _:
            kind, schedule, other, by, note = "swap", item.schedule, item.to, "", item.note
    return DeskItem(
        kind=kind,
        id=item.id,
        schedule=schedule,
        person=item.person,
        other=other,
        start=item.start,
        end=item.end,
        by=by,
        note=note,
    )


def stamp(at: datetime) -> str:
    return moment(at, DAY_DATE_CLOCK)


def tell_uncovered(settings: Settings, session: Session, before: Desk, after: Desk) -> None:
    """Say where nobody is on call by what was just done."""
    from warroom.domain.duty import Duty
    from warroom.domain.schedule import on_call, spans

    known = {each.id for each in before.absences}
    new = [each for each in after.absences if each.id not in known]
    book, old = session.book(), Duty(before.overrides, before.absences, before.swaps)
    duty = Duty(after.overrides, after.absences, after.swaps)
    for absence in new:
        for spec in book.schedules.values():
            for span in spans(spec, absence.start, absence.end, book, duty):
                if not span.people and on_call(spec, span.start, book, old).people:
                    tell(
                        settings,
                        tr(
                            "nobody is on call on {schedule} from {start} until {end} UTC: "
                            "warroom override {schedule} PERSON"
                        ).format(schedule=spec.name, start=stamp(span.start), end=stamp(span.end)),
                    )


def tell_away(settings: Settings, item: Item, after: Desk) -> None:
    """Say that whoever was put on call is absent then: an override of somebody who is not there counts for nothing."""
    from warroom.domain.duty import Override

    for absence in after.absences if isinstance(item, Override) else ():
        if absence.person == item.person and absence.start < item.end and absence.end > item.start:
            start, end = stamp(max(absence.start, item.start)), stamp(min(absence.end, item.end))
            tell(
                settings,
                tr("{person} is absent from {start} until {end} UTC, and is passed over then").format(
                    person=item.person, start=start, end=end
                ),
            )
