"""`warroom doctor`: is the record sound, and does every table say what the record says?"""

from __future__ import annotations

import click

from warroom.cli.output import emit, say, tell
from warroom.cli.settings import Settings, command
from warroom.domain.text import cell_width, fit
from warroom.words import mark, tr

_TERMINAL = mark("terminal output")


@command("doctor")
@click.option("--rebuild", is_flag=True, help="First make every table anew from the record.")
def doctor(settings: Settings, rebuild: bool) -> int:
    """Check a room: the seal on its record, the file, and every table against the record.

    Nothing is changed without --rebuild, which makes the tables anew from the record, in one transaction. Exit code 0
    when all is well, 1 when something is wrong.
    """
    from warroom.cli.shapes.doctor import Checked
    from warroom.store import doctor as surgery
    from warroom.store import schema
    from warroom.store.database import Database, DatabaseError

    with Database.open(settings.target(), readonly=not rebuild, create=False, login=settings.login()) as database:
        if rebuild:
            found = schema.standing(database)
            if not found.writable:
                raise schema.too_new_to_write(database, found)
            try:
                surgery.rebuild(database, lambda done: tell(settings, tr("made anew: {done}").format(done=done)))
            except ValueError as error:
                raise DatabaseError(
                    tr("the tables cannot be made anew, nothing was changed: {error}").format(error=error)
                ) from error
        findings = surgery.examine(database)
    findings = [*findings, surgery.Finding(_TERMINAL, True, _output(settings))]
    wide = max(20, *(cell_width(tr(finding.check)) for finding in findings))
    for finding in findings:
        if settings.json:
            emit(Checked(check=finding.check, good=finding.good, what=finding.what))
        else:
            say(f"{'✔' if finding.good else '✗'} {fit(tr(finding.check), wide)} {finding.what}")
    return 0 if all(finding.good for finding in findings) else 1


def _output(settings: Settings) -> str:
    """What the board sends to the terminal. That settings cannot be read is for `warroom config check` to say."""
    from warroom.preferences.load import PreferencesError
    from warroom.tui.link.probe import untested
    from warroom.tui.link.speed import described

    try:
        link = settings.own().preferences.link
    except PreferencesError:
        link = "auto"
    return described(link, untested())
