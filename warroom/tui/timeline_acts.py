"""The gap timeline at full size: from what a person wants to a command; `intents` gathers them."""

from __future__ import annotations

from warroom.tui.acts import Acts


class TimelineActs(Acts):
    """Everything that a key can start about the gap timeline (R10)."""
