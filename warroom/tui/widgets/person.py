"""Who somebody is: how to reach them, when they are on call, and what they hold; page them, or give them a role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from warroom.domain.text import cell_width
from warroom.tui import oncall_words
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.keycap import keycap
from warroom.tui.actions.why import Situation, why_not
from warroom.tui.oncall_when import stamp
from warroom.tui.pieces import Line, Role, clean, fit_line, fitted
from warroom.tui.widgets.hints import said_keys
from warroom.tui.widgets.info import InfoScreen
from warroom.views import OnCallView
from warroom.words import tr


class PersonScreen(InfoScreen):
    """One person. `wish(act)` answers what the keys ask for: "page", "oncall" or "roles"."""

    scope = "person"
    BINDINGS: ClassVar[list[BindingType]] = bindings("person")

    def __init__(
        self,
        login: str,
        view: OnCallView,
        leads: tuple[str, ...],
        now: datetime,
        situation: Situation,
        wish: Callable[[PersonScreen, str], None],
    ) -> None:
        """`leads` are the live incidents whose manager they are; `situation` is that of the selected incident."""
        super().__init__()
        self.login, self.heading = login, clean(login)
        self._view, self._leads, self._now, self._situation, self._wish = view, leads, now, situation, wish

    def hints(self) -> Content:
        """What can be done with them, and the way out."""
        return said_keys(
            (keycap("person.page"), tr("page")),
            (keycap("person.oncall"), tr("on call")),
            (keycap("person.roles"), tr("roles")),
            (keycap("go.back", "info"), tr("close")),
        )

    def why_not(self, id: str) -> str:
        """Why something is not possible with the selected incident."""
        intent = {"person.page": "escalate", "person.roles": "roles"}.get(id)
        return why_not(intent, self._situation) if intent else super().why_not(id)

    def sheet(self, width: int) -> tuple[Line, ...]:
        """Name, ways, duty, incidents."""
        person = next((each for each in self._view.people if each.login == self.login), None)
        out: list[Line] = []
        if person is None:
            out.append(((tr("not among the people of the rulebook"), Role.LATE),))
        else:
            there = oncall_words.local_time(person, self._now)
            name = clean(person.name) if person.name != person.login else ""
            if name or there:
                out.append(
                    ((name, Role.STRONG), ("  " + tr("it is {there}").format(there=there) if there else "", Role.MUTED))
                )
            out += [((fitted(via, 8) + " ", Role.MUTED), (clean(to), Role.TEXT)) for via, to in person.contacts]
            if not person.contacts:
                out.append(((tr("no contact"), Role.LATE),))
        out += [(), ((tr("On call"), Role.STRONG),)]
        duty: list[Line] = []
        always = [name for name, people in self._view.lists if self.login in people]
        wide = max(
            (cell_width(clean(name)) for name in (*(line.name for line in self._view.schedules), *always)), default=0
        )
        for line in self._view.schedules:
            for span in line.spans:
                if self.login in span.people and (span.end is None or span.end > self._now):
                    now = span.start is None or span.start <= self._now
                    until = stamp(span.end, "") if span.end is not None else ""
                    when = tr("now, until {until}").format(until=until)
                    if not now and span.start is not None:
                        when = tr("from {time}").format(time=stamp(span.start, ""))
                    duty.append(((f"{fitted(line.name, wide)}  ", Role.TEXT), (when, Role.OK if now else Role.MUTED)))
                    break
        duty += [((f"{fitted(name, wide)}  ", Role.TEXT), (tr("at all hours"), Role.OK)) for name in always]
        out += duty or [((tr("on no schedule in the days ahead"), Role.MUTED),)]
        out += [(), ((tr("Incidents"), Role.STRONG),)]
        out += [((clean(each), Role.TEXT),) for each in self._leads] or [((tr("leads none now"), Role.MUTED),)]
        return tuple(fit_line(each, width) for each in out)

    def action_call(self) -> None:
        """Page them."""
        self._wish(self, "page")

    def action_oncall(self) -> None:
        """When they are on call."""
        self._wish(self, "oncall")

    def action_roles(self) -> None:
        """Give them a role."""
        self._wish(self, "roles")
