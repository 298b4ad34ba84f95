"""What is known of an incident: from what a person wants to a command; `intents` gathers them."""

from __future__ import annotations

from warroom.tui.acts import Acts


class IncidentActs(Acts):
    """Everything that a key can start about an incident itself (R1, R2)."""
