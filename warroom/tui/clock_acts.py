"""The clocks of silence: from what a person wants to a command; `intents` gathers them."""

from __future__ import annotations

from warroom.tui.acts import Acts


class ClockActs(Acts):
    """Everything that a key can start about clocks of silence (R10)."""
