"""Updates: from what a person wants to a command; `intents` gathers them."""

from __future__ import annotations

from warroom.tui.acts import Acts


class ComposerActs(Acts):
    """Everything that a key can start about updates (R10)."""
