"""`warroom import`: what providers published of their incidents, into the room, to be watched and measured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warroom.cli.output import Cell, emit, say, table, tell, width
from warroom.cli.rooms import acting
from warroom.cli.settings import Settings, command
from warroom.domain.comms import UpdatePosted
from warroom.domain.text import clean_line
from warroom.domain.watch import Post, Watch, Watched
from warroom.intake.history import HistoryFormat, HistoryIncident
from warroom.words import figure, tr

if TYPE_CHECKING:
    from warroom.cli.shapes.importing import Imported
    from warroom.store.write import Outcome


@command("import")
@click.argument("format", type=click.Choice([form.value for form in HistoryFormat]), metavar="FORMAT")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--provider", metavar="NAME", help="What the provider is called; default: as the file says.")
def import_(settings: Settings, format: str, files: tuple[Path, ...], provider: str | None) -> None:
    """Take over a provider's published incidents: FORMAT is github-atom, gcp, aws or statuspage.

    Imported incidents are watched, their silences are counted, nobody is paged for them. Importing a file again
    brings in what is new in it. One bad file, and nothing is imported.
    """
    from warroom.intake.histories.read import read_history

    now = settings.clock() if settings.clock else datetime.now(UTC)
    form = HistoryFormat(format)
    histories = [read_history(form, path, provider=provider, now=now) for path in files]
    with acting(settings, create=True) as session:
        outcomes = session.execute_all([watch(incident) for history in histories for incident in history])
    results, done = [], 0
    for path, history in zip(files, histories, strict=True):
        results.append(_count(path, outcomes[done : done + len(history)]))
        done += len(history)
    _print(settings, results)


def watch(history: HistoryIncident) -> Watch:
    """The command that takes over one published incident."""
    return Watch(
        provider=history.provider,
        source_id=history.source_id,
        title=history.title,
        posts=tuple(Post(update.source_id, update.at, update.phase.value, update.text) for update in history.updates),
        impact=history.impact,
        started_at=history.start,
        closed_at=history.closed,
        url=history.url,
        components=history.components,
    )


def _count(path: Path, outcomes: Sequence[Outcome]) -> Imported:
    from warroom.cli.shapes.importing import Imported

    new = sum(1 for o in outcomes if o.entries and isinstance(o.entries[0].event, Watched))
    same = sum(1 for o in outcomes if not o.entries)
    return Imported(
        file=clean_line(str(path), 1000),
        incidents=len(outcomes),
        new_incidents=new,
        changed_incidents=len(outcomes) - new - same,
        unchanged_incidents=same,
        new_updates=sum(isinstance(entry.event, UpdatePosted) for o in outcomes for entry in o.entries),
    )


def _print(settings: Settings, results: list[Imported]) -> None:
    if settings.json:
        for result in results:
            emit(result)
        return
    heads = (tr("INCIDENTS"), tr("NEW"), tr("CHANGED"), tr("UNCHANGED"), tr("NEW UPDATES"), tr("FILE"))
    rows = [
        [
            Cell(f"{figure(n):,}")
            for n in (r.incidents, r.new_incidents, r.changed_incidents, r.unchanged_incidents, r.new_updates)
        ]
        + [Cell(r.file)]
        for r in results
    ]
    for line in table(heads, rows, wide=width()):
        say(line)
    if not any(r.incidents for r in results):
        tell(settings, tr("there was no incident in any of it"))
