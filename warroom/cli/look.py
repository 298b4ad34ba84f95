"""`warroom list`, `show`, `log` and `gaps`: looking at the room, which changes nothing in it.

Everything is read in one snapshot and printed after that is over, so that a reader who pauses holds nothing up.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from warroom.cli.backwards import DAY_DATE_SECONDS, Then, at_option, mark_line
from warroom.cli.output import Cell, Layout, emit, paint, say, tell, tidy, width
from warroom.cli.params import KEY, find_key
from warroom.cli.portrait import describe_incident, incident_cells, incident_heads, record_lines
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings, command
from warroom.cli.shelf import Shelf
from warroom.cli.sieving import COLUMNS, ENTRY_FILTER, FILTER, SORT, tell_unknown, tell_unknown_entries
from warroom.domain.core import Refused
from warroom.domain.status_words import moment
from warroom.tui.clockface import NOTHING, length
from warroom.tui.pieces import Role
from warroom.tui.sieve import records
from warroom.tui.sieve.grammar import Filter
from warroom.tui.sieve.match import Unseen
from warroom.tui.sieve.match import matches as passes
from warroom.tui.sieve.sorting import standing
from warroom.words import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from warroom.domain.gaps import GapsReport
    from warroom.domain.room import Room
    from warroom.tui.sieve.sorting import Sort
    from warroom.views import IncidentDetail, IncidentLine

MOST = 1_000_000
"""More lines than any record has."""
SHOWN = 10
"""How many lines of the record stand at the end of what is shown of an incident."""


@command("list")
@click.option("--all", "everything", is_flag=True, help="Resolved and closed ones too, in the order of their keys.")
@click.option("--filter", "wanted", type=FILTER, metavar="FILTER", help='Such as "sev:1 role:mina !resolved pay".')
@click.option("--sort", type=SORT, metavar="COLUMN", help="By urgency, age, lead, ...; -age turns it round.")
@click.option("--columns", type=COLUMNS, metavar="NAMES", help="sev,key,title,age,service,role:tech-lead, ...")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the first N of them.")
@at_option("What was burning then: 14:12 (UTC, the latest one), 30m ago, or 2024-03-13T14:30Z.")
def list_(
    settings: Settings,
    everything: bool,
    wanted: Filter | None,
    sort: Sort | None,
    columns: tuple[str, ...] | None,
    limit: int | None,
    at: Then | None,
) -> None:
    """List what is burning, the worst first: who leads, who is paged next, which update is due.

    \b
    warroom list --filter "sev:1,2 !acked" --sort age --columns key,title,age,lead
    warroom list --all --filter "service:payments closed"
    """
    layout = Layout(incident_heads(columns or ()))
    unseen = Unseen(wanted or Filter())
    bare = everything and wanted is None and sort is None  # in the order in which they are read
    with Shelf[Any](ordered=sort is not None or not everything) as shelf:
        with looking(settings) as session:
            now = session.clock()
            if at is None:
                then = session.each(all=everything, most=limit if bare else None)
            else:
                now = _gone(at.moment(now), now)
                then = session.lines_at(now, all=everything, most=limit if bare else None)
            place = standing(sort, now) if sort is not None else _rank
            found = 0
            for line, room in then:
                found += 1
                unseen.look(line, now)
                if wanted is None or passes(line, wanted, now):
                    if settings.json:
                        shelf.put(_json(room, now, then=at is not None), place(line))
                    else:
                        shelf.put(tidy(incident_cells(line, now, columns or ())), place(line))
        tell_unknown(settings, unseen)
        if settings.json:
            for row in islice(shelf, limit):
                click.echo(row)
            return
        for row in islice(shelf, limit):
            layout.note(row)
        if at is not None:
            say(paint(tr("AS IT WAS {at} UTC").format(at=moment(now, DAY_DATE_SECONDS)), Role.NOTICE))
        if len(shelf):
            for text in layout.lines(islice(shelf, limit), wide=width()):
                say(text)
    if not len(shelf) and found:
        tell(settings, tr("none of {count} matches; --all looks at closed ones too").format(count=found))
    elif not found:
        if at is not None:
            none = tr("no incident yet then") if everything else tr("no live incident then")
        else:
            none = tr("no incident yet") if everything else tr("no live incident")
        tell(settings, none)


def _json(room: Room, now: datetime, *, then: bool) -> bytes:
    from warroom.cli.build import incident as build

    return build.incident(room, now, then=then).model_dump_json().encode()


def _rank(line: IncidentLine) -> int:
    return line.severity.rank


def _gone(at: datetime, now: datetime) -> datetime:
    if at > now:
        raise Refused(
            tr("{at:%Y-%m-%d %H:%M:%S} UTC is still to come: it is {now:%Y-%m-%d %H:%M:%S} UTC").format(at=at, now=now)
        )
    return at


@command("show")
@click.argument("key", type=KEY)
@at_option()
def show(settings: Settings, key: str, at: Then | None) -> None:
    """Show everything about one incident: roles, escalation, channels, deadlines, the end of its record.

    With --at as it was then, with the countdowns of then. What its record does not tell is left out: what became of
    messages, and other incidents.
    """
    with looking(settings) as session:
        now, found = session.clock(), find_key(session, key)
        detail: IncidentDetail | None
        read_at = now
        if at is not None:
            past = session.past(found)
            place = at.place(past, now)
            now, room = place.moment, past.room_at(place.version)
            detail = past.at(place.version, now)
        else:
            room = session.room(found)
            detail = None if settings.json else session.detail(found)
    if settings.json or detail is None:
        from warroom.cli.build import incident as build

        emit(build.incident(room, now, then=at is not None))
        return
    if detail.past is not None:
        say(mark_line(detail.past, read_at, width()))
    # What is only planned stands in between and is not shown: more is read than that.
    detail = replace(detail, record=detail.record[-SHOWN:])
    for text in describe_incident(room, detail, now, width()):
        say(text)


@command("log")
@click.argument("key", type=KEY)
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="Only the last N lines.")
@at_option("Only what was in it then: 14:12 (UTC, the latest one), 30m ago, 2024-03-13T14:30Z, or #12, an entry.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only these: theory, update, ...; several times.")
@click.option("--by", "people", multiple=True, metavar="PERSON", help="Only what these people did; several times.")
@click.option("--text", default="", metavar="TEXT", help="Only lines in which this stands, whatever the case.")
@click.option(
    "--filter", "wanted", type=ENTRY_FILTER, default="", metavar="FILTER",
    help='As in the room: "kind:decision by:mina !pool".',
)  # fmt: skip
def log(
    settings: Settings,
    key: str,
    last: int | None,
    at: Then | None,
    kinds: tuple[str, ...],
    people: tuple[str, ...],
    text: str,
    wanted: Filter,
) -> None:
    """Print the record of one incident, oldest first. Everything that happened is in it; times are UTC.

    \b
    warroom log 142 --kind theory --kind result --by jonas
    warroom log 142 --filter "kind:theory,result by:jonas !pool"
    """
    apart = records.read(records.filter_of(kinds, people, text))
    wanted = Filter((*wanted.terms, *apart.terms), text=wanted.text)
    with looking(settings) as session:
        found = find_key(session, key)
        if at is not None:
            past = session.past(found)
            lines = past.log(at.place(past, session.clock()).version)
        else:
            lines = session.log(found, most=MOST if wanted else min(last or MOST, MOST))
    known = [line for line, _, _ in lines]
    lines = [each for each in lines if records.matches(each[0], wanted)][-(last or MOST) :]
    if not lines:
        tell_unknown_entries(settings, wanted, known)
    if settings.json:
        from warroom.cli.build import incident as build

        for line, entry, version in lines:
            emit(build.log_line(found, line.seq, version, entry))
        return
    for text in record_lines([line for line, _, _ in lines], width()):
        say(text)
    if not lines:
        tell(settings, tr("nothing in the record matches"))


@command("gaps")
@click.argument("keys", nargs=-1, metavar="[KEY]...", type=KEY)
@click.option("--all", "everything", is_flag=True, help="Of every incident, not only of the live ones.")
def gaps(settings: Settings, keys: tuple[str, ...], everything: bool) -> None:
    """Measure the silences between updates: of the incidents named, else of the live ones, or of all.

    A silence that is still running is not in the figures: show has it.
    """
    if keys and everything:
        raise click.UsageError(tr("name incidents or say --all, not both"))
    with Shelf[Any](ordered=False) as shelf:
        with looking(settings) as session:
            for each in session.gaps([find_key(session, key) for key in keys], all=everything):
                shelf.put(each)
        if settings.json:
            from warroom.cli.shapes.clocks import Gaps

            for key, report in shelf:
                emit(Gaps.model_validate({"key": key, **report}))
            return
        for text in _gaps_table(shelf, width()):
            say(text)
        if not len(shelf):
            tell(settings, tr("no incident yet") if everything else tr("no live incident; say --all for every one"))


def _gaps_table(reports: Shelf[tuple[str, GapsReport]], wide: int | None) -> Iterator[str]:
    heads = (
        tr("KEY"),
        tr("LONGEST"),
        tr("TO FIRST"),
        tr("BETWEEN"),
        tr("AT MOST"),
        tr("TO RESOLVED"),
        tr("CLOSED"),
        tr("FROM"),
    )
    layout = Layout(heads)
    for key, report in reports:
        layout.note(_gaps_row(key, report))
    return layout.lines((_gaps_row(key, report) for key, report in reports), wide=wide) if len(reports) else iter(())


def _gaps_row(key: str, report: GapsReport) -> list[Cell]:
    found = report["gaps_min"]
    between = found["between"]
    return tidy(
        [
            Cell(key),
            Cell(_minutes(report["max_gap_min"])),
            Cell(" ".join(map(_minutes, found["start_to_first"])) or NOTHING),
            Cell(f"{len(between)}"),
            Cell(_minutes(max(between, default=None))),
            Cell(" ".join(map(_minutes, found["last_to_resolved"])) or NOTHING),
            Cell((report["closed"] or tr("open"))[:16].replace("T", " ")),
            Cell(report["provider"] or tr("declared here")),
        ]
    )


def _minutes(minutes: float | None) -> str:
    from datetime import timedelta

    return NOTHING if minutes is None else length(timedelta(minutes=minutes))
