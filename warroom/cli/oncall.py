"""`warroom oncall`: who is on call now, or then, and why; calendars out of schedules and into them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warroom.cli.output import Cell, emit, say, table, tell, width
from warroom.cli.params import AHEAD, When
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings, command
from warroom.domain.status_words import DAY_MONTH_CLOCK, moment
from warroom.domain.text import clean_line
from warroom.words import mark, tr, trn

if TYPE_CHECKING:
    from warroom.cli.shapes.oncall import OnCall
    from warroom.domain.book import Rulebook
    from warroom.domain.duty import Duty
    from warroom.service.rota import Rota

EXPORTED, IMPORTED = 90, 366
"""Days ahead that an export and an import take where none are named."""
NOBODY = mark("nobody")


@command("oncall")
@click.option("--at", type=AHEAD, metavar="TIME", help="Then, instead of now: 3h from now, the next 14:30, or a time.")
@click.option(
    "--schedule", "schedules", multiple=True, metavar="NAME", help="Only this schedule or list; may be repeated."
)
@click.option("--person", default="", metavar="LOGIN", help="The shifts of one person.")
@click.option("--days", type=click.IntRange(1, 732), metavar="N", help="Every shift of the next N days.")
@click.option("--why", is_flag=True, help="Say of each layer what it has, and who was passed over.")
@click.option("--export", "export", type=click.Choice(["ics"]), help="Write the shifts as a calendar.")
@click.option(
    "--import",
    "calendar",
    type=click.Path(path_type=Path),
    metavar="FILE.ics",
    help="Make a layer of shifts out of a calendar; needs --schedule and --layer.",
)
@click.option("--layer", default="", metavar="NAME", help="What the layer is called that --import makes.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write there instead of printing.")
def oncall(
    settings: Settings,
    at: When | None,
    schedules: tuple[str, ...],
    person: str,
    days: int | None,
    why: bool,
    export: str | None,
    calendar: Path | None,
    layer: str,
    out: Path | None,
) -> None:
    """Say who is on call and why, who is next, and where nobody will be.

    With --person or --days every shift of the next days. An import does not change the rules: it writes or extends a
    rulebook file (--out) that is published like any other.
    """
    if export and calendar:
        raise click.UsageError(tr("either --export or --import, not both"))
    if calendar and (len(schedules) != 1 or not layer):
        raise click.UsageError(tr("--import makes one layer of one schedule: name them with --schedule and --layer"))
    if layer and not calendar:
        raise click.UsageError(tr("--layer belongs to --import"))
    if out and not (export or calendar):
        raise click.UsageError(tr("--out belongs to --export or --import"))
    if settings.json and (export or calendar) and not out:
        raise click.UsageError(tr("what --export and --import print is no JSON: name a file with --out"))
    with looking(settings) as session:
        book, duty = session.book(), session.duty()
        now = session.clock()
    moment = at.at(now) if at else now
    if not 1901 <= moment.year < 2200:
        raise click.UsageError(tr("--at lies too far away: name a time from 1901 to 2199"))
    if calendar:
        _import(settings, book, calendar, schedules[0], layer, moment, days or IMPORTED, out)
    elif export:
        _export(settings, book, duty, schedules, person, (moment, days or EXPORTED, now), out)
    elif person or days:
        _shifts(settings, book, duty, schedules, person, moment, days or 30, why)
    else:
        _standing(settings, book, duty, schedules, moment, why)


# Looking -------------------------------------------------------------------------------------------------------------


def _standing(settings: Settings, book: Rulebook, duty: Duty, names: tuple[str, ...], at: datetime, why: bool) -> None:
    from warroom.service.rota import GAPS_AHEAD, rota

    found = list(rota(book, duty, at, names, ahead=GAPS_AHEAD))
    if settings.json:
        for each in found:
            emit(_shape(each))
        return
    rows = [
        [
            Cell(each.name),
            Cell(", ".join(each.now.people) or tr(NOBODY)),
            Cell(_when(each.after.at if each.after else None)),
            Cell(", ".join(each.after.people) or tr(NOBODY) if each.after else ""),
            Cell(each.title or ("" if each.now.by or each.zone else tr("list, at any hour"))),
        ]
        for each in found
    ]
    for line in table((tr("ON CALL"), tr("WHO"), tr("UNTIL (UTC)"), tr("THEN"), ""), rows, wide=width()):
        say(line)
    for each in found:
        if why:
            say(f"\n{each.name}: {each.now.why}")
            for note in each.now.notes:
                say(f"  {clean_line(note, 500)}")
        for words in each.spent:
            say(
                tr("{name}: {words}: the next page goes to {people}").format(
                    name=each.name, words=words, people=", ".join(each.backup) or tr("them all the same")
                )
            )
        for gap in each.gaps:
            said = (
                tr("gap: nobody on {name} from {start} until {end} UTC, then {people}")
                if each.backup
                else tr("gap: nobody on {name} from {start} until {end} UTC")
            )
            people = ", ".join(each.backup)
            say(said.format(name=each.name, start=_when(gap.start), end=_when(gap.end), people=people))
    if not found:
        tell(settings, tr("the rulebook in force has neither schedules nor on-call lists"))


def _shifts(
    settings: Settings,
    book: Rulebook,
    duty: Duty,
    names: tuple[str, ...],
    person: str,
    at: datetime,
    days: int,
    why: bool,
) -> None:
    from warroom.cli.shapes.oncall import Shift
    from warroom.service.rota import shifts

    found = shifts(book, duty, at, at + timedelta(days=days), names, person)
    if settings.json:
        for name, span in found:
            emit(Shift(schedule=name, start=span.start, end=span.end, people=list(span.people), why=span.why))
        return
    rows = [
        [
            Cell(_when(span.start)),
            Cell(_when(span.end)),
            Cell(name),
            Cell(", ".join(span.people) or tr(NOBODY)),
            Cell(span.why if why else ""),
        ]
        for name, span in found
    ]
    for line in table(
        (tr("FROM (UTC)"), tr("UNTIL (UTC)"), tr("ON CALL"), tr("WHO"), tr("WHY") if why else ""), rows, wide=width()
    ):
        say(line)
    if not found:
        tell(
            settings,
            tr("{person} is on call on no schedule in the next {days} days").format(
                person=person or tr("nobody"), days=days
            ),
        )


def _when(at: datetime | None) -> str:
    return moment(at, DAY_MONTH_CLOCK) if at is not None else ""


def _shape(each: Rota) -> OnCall:
    from warroom.cli.shapes.oncall import OnCall, Shift

    now, after = each.now, each.after
    return OnCall(
        schedule=each.name,
        title=each.title,
        zone=each.zone,
        at=now.at,
        people=list(now.people),
        since=now.since,
        until=now.until,
        why=now.why,
        notes=list(now.notes),
        passed=[words for _, words in now.passed],
        over_limit=list(each.spent),
        next_at=after.at if after else None,
        next_people=list(after.people) if after else [],
        backup=list(each.backup),
        gaps=[Shift(schedule=each.name, start=gap.start, end=gap.end, people=[], why=gap.why) for gap in each.gaps],
    )


# Calendars -----------------------------------------------------------------------------------------------------------


def _export(
    settings: Settings,
    book: Rulebook,
    duty: Duty,
    names: tuple[str, ...],
    person: str,
    span: tuple[datetime, int, datetime],
    out: Path | None,
) -> None:
    from warroom.intake.ical_write import write_calendar
    from warroom.service.rota import shifts

    at, days, now = span
    found = shifts(book, duty, at, at + timedelta(days=days), names, person)
    text = write_calendar(found, book.people, room=book.room, now=now)
    count = sum(bool(each.people) for _, each in found)
    _give(
        settings,
        text,
        out,
        count,
        trn("{count} shift of the next {days} days", "{count} shifts of the next {days} days", count).format(
            count=count, days=days
        ),
    )


def _import(
    settings: Settings,
    book: Rulebook,
    calendar: Path,
    schedule: str,
    layer: str,
    at: datetime,
    days: int,
    out: Path | None,
) -> None:
    from warroom.intake.ical import MAX_BYTES, CalendarError, of_schedule, read_calendar, to_shifts
    from warroom.intake.ical_layer import put_layer
    from warroom.rulebook.values import Wrong, name

    try:
        schedule, layer = name(schedule), name(layer)
    except Wrong as wrong:
        raise click.UsageError(
            tr("a name of --schedule or --layer {what}: {advice}").format(what=wrong.what, advice=wrong.advice())
        ) from None
    if schedule in book.oncall:
        raise CalendarError(
            tr("{schedule} is an on-call list in the rulebook in force: give the schedule another name").format(
                schedule=schedule
            )
        )
    spec = book.schedules.get(schedule)
    zone = spec.zone if spec is not None else "UTC"
    file = str(calendar)
    with calendar.open("rb") as stream:
        raw = stream.read(MAX_BYTES + 1)
    # The last month too, so that "who was on call then" has an answer.
    found = read_calendar(raw, file, zone=zone, since=at - timedelta(days=31), until=at + timedelta(days=days))
    if not found.entries:
        raise CalendarError(
            tr("{file} has no shift from a month ago until {days} days ahead").format(
                file=clean_line(file, 200), days=days
            )
        )
    entries, left_out = of_schedule(found.entries, schedule, file)
    shifts = to_shifts(entries, book.people, file)
    before = out.read_text(encoding="utf-8") if out is not None and out.exists() else None
    where = clean_line(str(out or tr("the file")), 200)
    text = put_layer(before, schedule, layer, shifts, file=where, source=calendar.name, zone=zone)
    if left_out:
        tell(settings, left_out)
    if found.undated:
        tell(
            settings,
            trn(
                "{count} event without a beginning was left out",
                "{count} events without a beginning were left out",
                found.undated,
            ).format(count=found.undated),
        )
    _give(
        settings,
        text,
        out,
        len(shifts),
        tr("{count} shifts as layer {layer} of {schedule}").format(count=len(shifts), layer=layer, schedule=schedule),
    )


def _give(settings: Settings, text: str, out: Path | None, count: int, what: str) -> None:
    """Print what was made, or write it into a file: all of it, or nothing."""
    if out is None:
        click.echo(text.encode(), nl=False)
        return
    beside = out.with_name(f".{out.name}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    if settings.json:
        from warroom.cli.shapes.oncall import ShiftsFile

        emit(ShiftsFile(file=clean_line(str(out), 1000), shifts=count))
    else:
        tell(settings, tr("wrote {what} to {file}").format(what=what, file=out))
