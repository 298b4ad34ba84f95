"""Roles, handover and the people in the room: from what a person wants to a command; `intents` gathers them."""

from __future__ import annotations

from warroom.tui.acts import Acts


class RoleActs(Acts):
    """Everything that a key can start about roles (R4)."""
