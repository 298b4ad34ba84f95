"""The room of one incident and its past: from what a person wants to a command; `intents` gathers them."""

from __future__ import annotations

from warroom.tui.acts import Acts


class RoomActs(Acts):
    """Everything that a key can start about the room and its past (R11)."""
