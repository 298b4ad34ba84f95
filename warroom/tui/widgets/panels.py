"""The panels of the selected incident, drawn from its detail and the clock."""

from __future__ import annotations

from datetime import UTC, datetime

from warroom.tui import ladder_panel, panels, timeline
from warroom.tui.composer_parts import waiting_words
from warroom.tui.heading import Tab
from warroom.tui.horizon import next_day, watched
from warroom.tui.pieces import Line, Role, rule
from warroom.tui.terminal import terminal_glyphs
from warroom.tui.widgets.canvas import Canvas
from warroom.views import IncidentDetail
from warroom.words import mark, tr

_MARGIN = 1  # blank cells at both sides of the content


class Panel(Canvas):
    """A titled part of the lower half; `ruled` is off where a strip of tabs stands in for the title."""

    title = ""

    def __init__(self, *, id: str | None = None) -> None:
        """An empty panel."""
        super().__init__(id=id)
        self.ruled = True
        self._detail: IncidentDetail | None = None
        self._now: datetime | None = None
        self._look: object = None  # what was drawn last
        self._holds: tuple[object, int, int, bool, datetime, datetime] | None = None  # of what, from when until when

    def show_detail(self, detail: IncidentDetail | None, now: datetime) -> None:
        """Show this incident; None while it is being read."""
        self._detail = detail
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Let what is shown follow the clock."""
        self._now = now
        self._draw()

    def resized(self) -> None:
        """Lay out again for the new size."""
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        if not width or not height or self._now is None or self.waits:
            return
        if self._holds is not None:
            shown, *at, since, until = self._holds
            if shown is self._detail and at == [width, height, self.ruled] and since <= self._now < until:
                return
        with watched() as found:
            self._lay_out(width, height, self._now)
        self._holds = self._detail, width, height, self.ruled, self._now, found.until

    def _lay_out(self, width: int, height: int, now: datetime) -> None:
        basis = self.basis(self._detail, now) if self._detail is not None else None
        look = basis, width, height, self.ruled
        if look == self._look and basis is not None:
            return
        self._look = look
        lines: list[Line] = []
        if self.ruled:
            lines.append(self.rule(self._detail, now, width))
            height -= 1
        if self._detail is not None and height > 0:
            rows = self.rows(self._detail, now, max(1, width - 2 * _MARGIN), height)
            lines.extend(((" " * _MARGIN, Role.TEXT), *row) for row in rows)
        self.show_lines(lines)

    def basis(self, detail: IncidentDetail, now: datetime) -> object:
        """What all that it shows follows from: where that is as it was, nothing is laid out again. Most
        panels follow the clock."""
        return object()

    def rule(self, detail: IncidentDetail | None, now: datetime, width: int) -> Line:
        """The line over the panel."""
        more = self.more(detail) if detail is not None else ()
        note = self.note(detail, now) if detail is not None else ()
        return rule(((tr(self.title), Role.ACCENT), *more), width, note)

    def more(self, detail: IncidentDetail) -> Line:
        """What stands behind the title."""
        return ()

    def note(self, detail: IncidentDetail, now: datetime) -> Line:
        """What stands at the right end of the rule."""
        return ()

    def rows(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
        """The content, `height` rows of `width` cells."""
        raise NotImplementedError

    def tab(self, key: str, detail: IncidentDetail | None, now: datetime) -> Tab:
        """How this panel is named in the strip of tabs."""
        return Tab(key, tr(self.title))


class RolesPanel(Panel):
    """Who holds which role."""

    title = mark("Roles")

    def rows(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
        """One row per role."""
        return panels.roles(detail.roles, now, width, height)

    def tab(self, key: str, detail: IncidentDetail | None, now: datetime) -> Tab:
        """With the most pressing vacancy."""
        flag = panels.vacancy(detail.roles, now) if detail is not None else None
        return Tab(key, tr(self.title), *flag) if flag else Tab(key, tr(self.title))


class EscalationPanel(Panel):
    """The ladder and what becomes of it."""

    title = mark("Escalation")

    def more(self, detail: IncidentDetail) -> Line:
        """Policy and revision."""
        return ladder_panel.ladder_title(detail.ladder)

    def rows(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
        """One row per level."""
        return ladder_panel.escalation(detail.ladder, detail.outbox, now, width, height)

    def tab(self, key: str, detail: IncidentDetail | None, now: datetime) -> Tab:
        """With the countdown to the next page."""
        flag = ladder_panel.page_flag(detail, now) if detail is not None else ()
        return Tab(key, tr(self.title), *flag)


class CommunicationsPanel(Panel):
    """The gap timeline."""

    title = mark("Communications")

    def __init__(self, *, id: str | None = None) -> None:
        """Nothing drawn yet."""
        super().__init__(id=id)
        self.sketch = timeline.Sketch()

    def more(self, detail: IncidentDetail) -> Line:
        """Updates that are not out yet."""
        return waiting_words(detail.proposals, detail.drafts)

    def note(self, detail: IncidentDetail, now: datetime) -> Line:
        """The largest silence."""
        return ((timeline.headline(detail.timeline, now), Role.MUTED),)

    def rows(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
        """Ticks, the incident, one row per channel."""
        rows = timeline.layout(detail.timeline, now, width, height=height, glyphs=terminal_glyphs(), sketch=self.sketch)
        return panels.fill(rows, width, height)

    def tab(self, key: str, detail: IncidentDetail | None, now: datetime) -> Tab:
        """With the update that is due next."""
        flag = timeline.flag(detail.timeline, now) if detail is not None else None
        return Tab(key, tr(self.title), *flag) if flag else Tab(key, tr(self.title))


class RecordPanel(Panel):
    """The last lines of the record."""

    title = mark("Record")

    def basis(self, detail: IncidentDetail, now: datetime) -> object:
        """The entries, and the day: what was today has no date."""
        next_day(now)
        return detail.record, now.astimezone(UTC).date()

    def rows(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
        """Newest at the bottom."""
        return panels.record(detail.record, now, width, height)
