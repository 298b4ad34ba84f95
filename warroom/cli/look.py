"""`warroom list`, `show`, `log` and `gaps`: looking at the room, which changes nothing in it.

Everything is read in one snapshot and printed after that is over, so that a reader who pauses holds nothing up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from warroom.cli.output import Cell, emit, say, table, tell, width
from warroom.cli.params import KEY, find_key
from warroom.cli.portrait import describe_incident, incident_rows, record_lines
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings, command
from warroom.tui.clockface import NOTHING, length

if TYPE_CHECKING:
    from warroom.domain.gaps import GapsReport

MOST = 1_000_000
"""More lines than any record has."""


@command("list")
@click.option("--all", "everything", is_flag=True, help="Resolved and closed ones too, in the order of their keys.")
def list_(settings: Settings, everything: bool) -> None:
    """List what is burning, the worst first: who leads, who is paged next, which update is due."""
    with looking(settings) as session:
        now = session.clock()
        lines = session.lines(all=everything)
        if not everything:
            lines.sort(key=lambda line: line.severity.rank)
        rooms = [session.room(line.key) for line in lines] if settings.json else []
    if settings.json:
        from warroom.cli import build

        for room in rooms:
            emit(build.incident(room, now))
        return
    for text in incident_rows(lines, now, width()):
        say(text)
    if not lines:
        tell(settings, "no incident yet" if everything else "no live incident")


@command("show")
@click.argument("key", type=KEY)
def show(settings: Settings, key: str) -> None:
    """Show everything about one incident: roles, escalation, channels, deadlines, the end of its record."""
    with looking(settings) as session:
        now, found = session.clock(), find_key(session, key)
        room = session.room(found)
        detail = None if settings.json else session.detail(found, record=10)
    if detail is None:
        from warroom.cli import build

        emit(build.incident(room, now))
        return
    for text in describe_incident(room, detail, now, width()):
        say(text)


@command("log")
@click.argument("key", type=KEY)
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="Only the last N lines.")
def log(settings: Settings, key: str, last: int | None) -> None:
    """Print the record of one incident, oldest first. Everything that happened is in it; times are UTC."""
    with looking(settings) as session:
        found = find_key(session, key)
        lines = session.log(found, most=min(last or MOST, MOST))
    if settings.json:
        from warroom.cli import build

        for line, entry, version in lines:
            emit(build.log_line(found, line.seq, version, entry))
        return
    for text in record_lines([line for line, _, _ in lines], width()):
        say(text)


@command("gaps")
@click.argument("keys", nargs=-1, metavar="[KEY]...", type=KEY)
@click.option("--all", "everything", is_flag=True, help="Of every incident, not only of the live ones.")
def gaps(settings: Settings, keys: tuple[str, ...], everything: bool) -> None:
    """Measure the silences between updates: of the incidents named, else of the live ones, or of all.

    A silence that is still running is not in the figures: show has it.
    """
    if keys and everything:
        raise click.UsageError("name incidents or say --all, not both")
    with looking(settings) as session:
        reports = list(session.gaps([find_key(session, key) for key in keys], all=everything))
    if settings.json:
        from warroom.cli.shapes import Gaps

        for key, report in reports:
            emit(Gaps.model_validate({"key": key, **report}))
        return
    for text in _gaps_table(reports, width()):
        say(text)
    if not reports:
        tell(settings, "no incident yet" if everything else "no live incident; say --all for every one")


def _gaps_table(reports: list[tuple[str, GapsReport]], wide: int | None) -> list[str]:
    heads = ("KEY", "LONGEST", "TO FIRST", "BETWEEN", "AT MOST", "TO RESOLVED", "CLOSED", "FROM")
    rows = []
    for key, report in reports:
        found = report["gaps_min"]
        between = found["between"]
        rows.append(
            [
                Cell(key),
                Cell(_minutes(report["max_gap_min"])),
                Cell(" ".join(map(_minutes, found["start_to_first"])) or NOTHING),
                Cell(f"{len(between)}"),
                Cell(_minutes(max(between, default=None))),
                Cell(" ".join(map(_minutes, found["last_to_resolved"])) or NOTHING),
                Cell((report["closed"] or "open")[:16].replace("T", " ")),
                Cell(report["provider"] or "declared here"),
            ]
        )
    return table(heads, rows, wide=wide)


def _minutes(minutes: float | None) -> str:
    from datetime import timedelta

    return NOTHING if minutes is None else length(timedelta(minutes=minutes))
