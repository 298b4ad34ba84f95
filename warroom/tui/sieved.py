"""What the board's list asks of the program: incidents that it does not have, and that a choice of columns is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warroom.domain.core import Refused
from warroom.domain.text import clean_line
from warroom.tui.reading import read_in_thread
from warroom.tui.sieve.match import Beyond
from warroom.tui.sieve.sorting import USUAL, Sort
from warroom.views import IncidentLine
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp


def read_beyond(app: WarroomApp, what: Beyond) -> None:
    """Read what the filter names and the board does not have, and show it there."""

    def read() -> list[IncidentLine]:
        with app.place.session() as session:
            return session.beyond(over=what.over, watched=what.watched, keys=what.keys)

    read_in_thread(app, read, lambda lines: app.board.show_besides(what, lines))


def keep(app: WarroomApp, columns: tuple[str, ...], sort: Sort) -> None:
    """Write the columns and the order to the person's settings file; what else is in it stays as it is."""
    from warroom.preferences.load import PreferencesError
    from warroom.preferences.save import save

    def write() -> str:
        order = "" if sort == USUAL else str(sort)
        try:
            return str(save({"columns": list(columns), "sort": order}))
        except (PreferencesError, OSError) as error:
            raise Refused(tr("not kept: {why}").format(why=error)) from None

    def said(path: str) -> None:
        app.notify(tr("kept in {file}").format(file=clean_line(path, 200)), markup=False)

    read_in_thread(app, write, said)
