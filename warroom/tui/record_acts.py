"""Notes, theories, tasks and evidence; catch me up: from what a person wants to a command; `intents` gathers them."""

from __future__ import annotations

from warroom.tui.acts import Acts


class RecordActs(Acts):
    """Everything that a key can start about the record (R11)."""
