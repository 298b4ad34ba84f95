"""What the command palette finds besides actions: going to an incident, who somebody is, links to take along."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from warroom.domain.text import clean_line
from warroom.service.duty_view import look
from warroom.tui.reading import read_in_thread
from warroom.tui.widgets.acting import Acting
from warroom.tui.widgets.form import Line
from warroom.tui.widgets.form_people import EscalateDialog
from warroom.tui.widgets.incidents import IncidentList
from warroom.tui.widgets.person import PersonScreen
from warroom.views import OnCallView
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp

AHEAD = timedelta(days=14)
"""How far ahead it is looked when somebody is on call."""
COPIED_S = 10.0
"""How long an address is shown that was copied, in seconds: some terminals do not take it, and it is read off."""

Runbook = tuple[str, str, str]
"""Service, what the link is called, address."""


class Finding:
    """The part of the app that the palette's providers call (`warroom.tui.actions.finder`)."""

    def __init__(self, app: WarroomApp) -> None:
        """For one app; the links of the services are read when the app has started."""
        self._app = app
        self.runbooks: tuple[Runbook, ...] = ()

    def read(self) -> None:
        """Read the links of the services, as the rules in force have them."""

        def links() -> tuple[Runbook, ...]:
            with self._app.place.session() as session:
                services = session.book().services
            return tuple(
                (name, title, address) for name, spec in services.items() for title, address in spec.links.items()
            )

        def found(runbooks: tuple[Runbook, ...]) -> None:
            self.runbooks = runbooks

        read_in_thread(self._app, links, found, lambda _: None)

    async def go_to(self, key: str) -> None:
        """Leave what covers the board, and select the incident there; a filter that hides it is cleared."""
        app = self._app
        while (top := app.screen) is not app.board and isinstance(top, Acting):
            await top.dismiss(None)
        if app.board.query_one(IncidentList).line(key) is None:
            app.board.action_unfilter()
        app.board.select(key)

    def take_link(self, address: str) -> None:
        """Copy an address, and show it: some terminals do not take it."""
        self._app.copy_to_clipboard(address)
        said = tr("copied, if this terminal allows it: {text}").format(text=clean_line(address, 200))
        self._app.notify(said, timeout=COPIED_S, markup=False)

    def show_person(self, login: str) -> None:
        """Who somebody is, when they are on call, and which incidents they lead."""
        app = self._app
        now = app.clock()

        def read() -> OnCallView:
            with app.place.session() as session:
                return look(session, now - timedelta(days=1), now + AHEAD)

        def show(view: OnCallView) -> None:
            board = app.board.view
            lines = board.lines if board is not None else ()
            leads = tuple(f"{line.key}  {line.title}" for line in lines if line.lead == login)
            app.push_screen(PersonScreen(login, view, leads, app.clock(), app.board.situation(), self._wish))

        read_in_thread(app, read, show, opens=True)

    def _wish(self, screen: PersonScreen, act: str) -> None:
        app = self._app
        screen.dismiss(None)
        if act == "oncall":
            app.oncall.open()
            return
        line = app.board.situation().line
        if line is None:
            return
        app.intents.act("escalate" if act == "page" else "roles", line)
        app.call_later(self._name, screen.login)

    def _name(self, login: str) -> None:
        """The form that was opened is about this person."""
        form = self._app.screen
        if isinstance(form, EscalateDialog):
            form.call_after_refresh(lambda: _write(form, login))


def _write(form: EscalateDialog, login: str) -> None:
    field = form.query_one("#person", Line)
    field.value = login
    form.query_one("#reason", Line).focus()
