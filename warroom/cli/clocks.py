"""`warroom clocks`, `skip` and `punctuality`: the silence on every channel, and how it was kept short."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from warroom.cli.output import Cell, emit, say, table, tell, width
from warroom.cli.params import KEY, find_key
from warroom.cli.perform import perform
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings, command
from warroom.domain.comms import SkipUpdate
from warroom.tui.clockface import NOTHING, length
from warroom.tui.clocks import cadence_words, due_face, last_words, left_words, promise_words, share_words, step_words
from warroom.tui.pieces import Role
from warroom.words import figure, mark, tr

if TYPE_CHECKING:
    from warroom.views import ClockLine, PunctualityRow, PunctualityView

_BY = {
    "service": mark("SERVICE"),
    "team": mark("TEAM"),
    "channel": mark("CHANNEL"),
    "audience": mark("AUDIENCE"),
    "severity": mark("SEVERITY"),
    "provider": mark("PROVIDER"),
}
"""What updates are grouped by, as the head of a column."""


@command("clocks")
@click.argument("key", type=KEY, required=False)
def clocks(settings: Settings, key: str | None) -> None:
    """Show the clocks of silence: when the next word is due on each channel, why then, and who is reminded.

    Of one incident, or of all on which a word is due, the earliest first. Those of imported incidents are only shown.
    """
    from warroom.service import punctuality as service

    with looking(settings) as session:
        now = session.clock()
        found = service.clocks(session, find_key(session, key) if key else "")
    if settings.json:
        from warroom.cli.build import clocks as build

        for line, each in found:
            for clock in each:
                emit(build.clock(line.key, clock, now))
        return
    wide = width()
    narrow = wide is not None and wide < 110
    rows = [_cells(line.key, clock, now, narrow=narrow) for line, each in found for clock in each]
    heads = (
        tr("KEY"),
        tr("CHANNEL"),
        tr("FOR"),
        tr("LAST WORD"),
        tr("DUE"),
        "",
        tr("EVERY"),
        tr("BY"),
        tr("MISSED"),
        tr("SKIPPED"),
        tr("THEN"),
    )
    for text in table(heads, rows, wide=wide):
        say(text)
    if not rows:
        tell(settings, tr("no channel of {key} is timed").format(key=key) if key else tr("no word is due anywhere"))


def _cells(key: str, line: ClockLine, now: datetime, *, narrow: bool) -> list[Cell]:
    """One clock; `narrow`: without what can be done without."""
    due = due_face(line, now)
    return [
        Cell(key),
        Cell(line.channel, Role.STRONG),
        Cell("" if narrow else tr(line.audience)),
        Cell(last_words(line, now)),
        Cell(due.text, due.role),
        Cell(promise_words(line)),
        Cell("" if narrow else cadence_words(line)),
        Cell("" if narrow else line.source or NOTHING),
        Cell(str(line.missed) if line.missed else ""),
        Cell(tr("{skips} of {most}").format(skips=line.skips, most=line.skips_most) if line.skips else ""),
        Cell(step_words(line, now)),
    ]


@command("skip")
@click.argument("key", type=KEY)
@click.argument("channel")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in one line; it goes into the record.")
@click.option(
    "--turn",
    type=click.IntRange(min=0),
    metavar="N",
    help="Only if the clock began anew N times (clocks --json); else exit 3.",
)
def skip(settings: Settings, key: str, channel: str, reason: str, turn: int | None) -> None:
    """Skip the next update on a channel: its clock begins anew now.

    It counts as skipped, neither punctual nor late. How many may be skipped in a row is in the rulebook (clocks).
    """
    perform(settings, key, lambda _: SkipUpdate(channel, reason, turn))


@command("punctuality")
@click.option("--days", type=click.IntRange(min=1), default=30, show_default=True, metavar="N", help="How far back.")
@click.option(
    "--by",
    type=click.Choice(list(_BY)),
    help="What the updates are grouped by; default: service, with --watched provider.",
)
@click.option("--watched", is_flag=True, help="Of imported incidents, held against the cadence of the rulebook.")
def punctuality(settings: Settings, days: int, by: str | None, watched: bool) -> None:
    """Measure how punctual updates were, and what is left of the budget for late ones.

    Of all updates that were due, the share that was there in time; how long those that were not were overdue; and how
    many more may be late by the target of the rulebook. What is overdue now counts as late, what was skipped apart.
    """
    from warroom.service import punctuality as service

    with looking(settings) as session:
        by = by or ("provider" if watched else "service")
        view = service.punctuality(session, days=days, by=by, watched=watched)
    if settings.json:
        from warroom.cli.build import clocks as build

        emit(build.punctuality(view))
        return
    for text in _punctuality(view, width()):
        say(text)
    if not view.rows:
        said = (
            tr("no update of imported incidents was due in the last {days} days: --days looks farther back")
            if watched
            else tr("no update of our incidents was due in the last {days} days: --days looks farther back")
        )
        tell(settings, said.format(days=days))


def _punctuality(view: PunctualityView, wide: int | None) -> list[str]:
    heads = (
        tr(_BY[view.by]),
        tr("IN TIME"),
        tr("OF"),
        tr("LATE"),
        tr("NOW"),
        tr("SKIPPED"),
        tr("SILENT"),
        tr("BUDGET"),
        tr("LEFT"),
    )
    rows = [_row(row, view.target) for row in view.rows]
    if len(rows) > 1:
        rows.append(_row(view.whole, view.target))
    return table(heads, rows, wide=wide)


def _row(row: PunctualityRow, target: int) -> list[Cell]:
    below = row.share is not None and row.share * 100 < target
    return [
        Cell(row.name, Role.STRONG),
        Cell(share_words(row), Role.LATE if below else Role.OK),
        Cell(str(row.counted)),
        Cell(str(row.late)),
        Cell(str(row.overdue) if row.overdue else NOTHING, Role.LATE if row.overdue else Role.MUTED),
        Cell(str(row.skipped) if row.skipped else NOTHING),
        Cell(length(row.silent) if row.silent >= timedelta(seconds=1) else NOTHING),
        Cell(f"{figure(row.allowed):.1f}"),
        Cell(
            left_words(row),
            Role.LATE if row.left < 0 else Role.TEXT,
        ),
    ]
