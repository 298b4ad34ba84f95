"""Screens of on-call duty that only tell: one shift, and everything on the desk."""

from __future__ import annotations

from datetime import datetime

from warroom.domain.text import cell_width, wrap
from warroom.tui import oncall_desk, oncall_grid, oncall_words
from warroom.tui.oncall_when import stamp
from warroom.tui.pieces import Line, Role, clean, fit_line, fitted
from warroom.tui.widgets.info import InfoScreen
from warroom.views import DutySpan, OnCallView, PersonLine, ScheduleLine
from warroom.words import mark, tr

_LABEL = 9
"""Cells in front of what is said."""


class ShiftScreen(InfoScreen):
    """One shift: who has it and how to reach them, from when until when there and here, and why."""

    def __init__(self, view: OnCallView, line: ScheduleLine, span: DutySpan, now: datetime) -> None:
        """`span` is one of the line's shifts or gaps."""
        super().__init__()
        self.heading = f"{clean(line.name)}: {oncall_grid.names(span.people) or tr('GAP')}"
        self._view, self._line, self._span, self._now = view, line, span, now

    def sheet(self, width: int) -> tuple[Line, ...]:
        """People, times, reasons."""
        span, line = self._span, self._line
        known = {person.login: person for person in self._view.people}
        out: list[Line] = []
        if line.title:
            out += [((clean(line.title), Role.MUTED),), ()]
        if not span.people:
            soon = span.start is not None and span.start > self._now
            chip, tone = (Role.NOTICE, Role.SOON) if soon else (Role.ALARM, Role.LATE)
            out.append(((f" {tr('GAP')} ", chip), (f"  {tr('nobody is on call')}", tone)))
            backup = ", ".join(clean(each) for each in line.backup)
            where = tr("pages go to {people}").format(people=backup)
            if not backup:
                where = tr("pages go to the next level of the policy")
            out += [((where, Role.SOON),), ()]
        for login in span.people:
            out += [*self._person(login, known.get(login)), ()]
        out += self._times(known)
        if span.why:
            words = wrap(clean(span.why), max(20, width - 9))
            why = fitted(tr("why"), 9)
            out += [((" " * 9 if n else why, Role.MUTED), (text, Role.TEXT)) for n, text in enumerate(words)]
        return tuple(fit_line(each, width) for each in out)

    def _person(self, login: str, person: PersonLine | None) -> list[Line]:
        if person is None:
            return [((clean(login), Role.STRONG), (f"  {tr('not among the people of the rulebook')}", Role.LATE))]
        there = oncall_words.local_time(person, self._now)
        name = clean(person.name) if person.name != login else ""
        head: Line = (
            (clean(login), Role.STRONG),
            (f"  {name}" if name else "", Role.TEXT),
            (f"  {tr('it is {there}').format(there=there)}" if there else "", Role.MUTED),
        )
        wide = max((_LABEL - 3, *(cell_width(clean(via)) for via, _ in person.contacts)))
        ways: list[Line] = [
            ((f"  {fitted(via, wide)} ", Role.MUTED), (clean(address), Role.TEXT)) for via, address in person.contacts
        ]
        return [head, *(ways or [((f"  {tr('no contact')}", Role.LATE),)])]

    def _times(self, known: dict[str, PersonLine]) -> list[Line]:
        span = self._span
        zones = dict.fromkeys(
            ["", self._line.zone, *(known[login].zone for login in span.people if login in known)], None
        )
        zones = {zone: None for zone in zones if zone not in ("UTC", "Etc/UTC")}
        out: list[Line] = []
        ends = [stamp(at, zone) for at in (span.start, span.end) if at is not None for zone in zones]
        wide = max(map(cell_width, ends), default=0)
        for word, at in ((tr("from"), span.start), (tr("until"), span.end)):
            if at is None:
                out.append(((fitted(word, 9), Role.MUTED), (tr("further than was looked"), Role.MUTED)))
                continue
            for number, zone in enumerate(zones):
                name = clean(zone) if zone else "UTC"
                out.append(
                    (
                        (fitted(word if not number else "", 9), Role.MUTED),
                        (fitted(stamp(at, zone), wide), Role.TEXT if not number else Role.MUTED),
                        (f" {name}", Role.MUTED),
                    )
                )
        if length := oncall_words.long(span):
            out.append(((fitted(tr("length"), 9), Role.MUTED), (length, Role.TEXT)))
        return out


class DeskScreen(InfoScreen):
    """The next gap of every schedule, and all that people put on the desk."""

    heading = mark("On-call desk")

    def __init__(self, view: OnCallView, me: str, now: datetime) -> None:
        """As of `now`."""
        super().__init__()
        self._view, self._me, self._now = view, me, now

    def sheet(self, width: int) -> tuple[Line, ...]:
        """All rows, whole."""
        return tuple(row.line for row in oncall_desk.rows(self._view, self._me, self._now, width))
