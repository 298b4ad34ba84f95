"""The gap timeline at full size: opened from whatever shows the incident, kept up to date while it is open."""

from __future__ import annotations

from datetime import datetime

from warroom.tui.acts import Acts
from warroom.tui.terminal import terminal_glyphs
from warroom.tui.timeline_screen import TimelineScreen
from warroom.views import IncidentDetail, IncidentLine


class TimelineActs(Acts):
    """Everything that a key can start about the gap timeline (R10)."""

    def want_timeline(self, line: IncidentLine) -> None:
        """Show it; of a moment of the past where the person is there."""
        shown = self._shown(line)
        if shown is None or isinstance(self.app.screen, TimelineScreen):
            return
        detail, now = shown
        view = self.app.board.view
        screen = TimelineScreen(
            detail,
            now,
            self.me,
            lambda: self._shown(line),
            glyphs=terminal_glyphs(),
            readonly=view is not None and view.readonly,
        )
        self.ask(screen)

    def _shown(self, line: IncidentLine) -> tuple[IncidentDetail, datetime] | None:
        then = self.then(line)
        if then is not None:
            return then.detail, then.at.moment
        detail = self.detail(line)
        return (detail, self.app.clock()) if detail is not None else None
