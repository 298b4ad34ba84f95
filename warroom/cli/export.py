"""`warroom export`: what a screen shows, as a file: the same tables and the same data as by the key X."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warroom.cli.output import emit, say
from warroom.cli.params import KEY, find_key
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings, command
from warroom.words import plain, tr

if TYPE_CHECKING:
    from warroom.service.session import Session
    from warroom.tui.export.sheet import Export

OF_ROOM = ("board", "oncall", "punctuality")
OF_INCIDENT = ("room", "record", "timeline", "clocks", "work", "people", "catchup", "ahead")
FORMS = ("md", "csv", "json", "svg")


@command("export")
@click.argument("what", type=click.Choice((*OF_ROOM, *OF_INCIDENT)))
@click.argument("key", type=KEY, required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    help="Default: as FILE ends, else Markdown. A picture (svg) is made of the timeline; key X draws any screen.",
)
@click.option(
    "--output", type=click.Path(), metavar="FILE", help="Write there, readable for you alone, instead of printing."
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def export(settings: Settings, what: str, key: str | None, form: str | None, output: str | None, force: bool) -> None:
    """Take a view away: the board, the shifts, how punctual updates were; or of the incident KEY its room, record,
    timeline, clocks, work, people, catch-up, or what is ahead.

    \b
    warroom export board --format csv --output live.csv
    warroom export timeline 142 --output inc-142.svg
    """
    if (what in OF_INCIDENT) != (key is not None):
        wanted = tr("{what} is about one incident: name it") if key is None else tr("{what} is about no incident")
        raise click.UsageError(wanted.format(what=what))
    form = form or _ending(output) or ("json" if settings.json else "md")
    if form == "svg" and what != "timeline":
        raise click.UsageError(tr("of the timeline alone a picture can be made here; key X draws any screen"))
    with looking(settings) as session, plain() if form in ("csv", "json") else nullcontext():  # what programs read
        data = _picture(session, key or "") if form == "svg" else _made(_view(session, what, key), form)
    if output is None:
        click.echo(data, nl=False)
        return
    from warroom.tui.export.files import FileThere, write_private

    path = Path(os.path.expanduser(output))  # noqa: PTH111 - "~" behind --output=
    try:
        write_private(path, data, replace=force)
    except FileThere:
        raise click.UsageError(tr("{file} is there: say --force to write over it").format(file=path)) from None
    if settings.json:
        from warroom.cli.shapes.export import Exported

        emit(Exported(file=str(path), what=what, format=form))
    else:
        say(str(path))


def _ending(output: str | None) -> str:
    ending = Path(output or "").suffix.removeprefix(".").lower()
    if not ending or ending in FORMS:
        return ending
    # What is in a file is what its name says: nobody finds Markdown in live.pdf.
    said = tr("{file} ends in none of {endings}: name it so, or say --format")
    raise click.UsageError(said.format(file=output, endings=", ".join(f".{each}" for each in FORMS)))


def _view(session: Session, what: str, key: str | None) -> Export:
    from warroom.tui.export.reading import Wanted, read

    return read(session, Wanted(what, find_key(session, key) if key else "", session.clock()))


def _made(found: Export, form: str) -> bytes:
    from warroom.tui.export.formats import BY_NAME

    return BY_NAME[form].make(found).encode()


def _picture(session: Session, key: str) -> bytes:
    from warroom.tui.timeline import chart_of
    from warroom.tui.timeline.svg import svg

    detail, now = session.detail(find_key(session, key), record=0), session.clock()
    return svg(detail.line, detail.timeline, now, chart_of(detail.timeline).whole(now, ahead=True)).encode()
