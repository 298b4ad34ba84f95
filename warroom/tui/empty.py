"""What stands where there is nothing to show: what can be done about it, with the key that does it here."""

from __future__ import annotations

from textual.widget import Widget

from warroom.tui.actions.keys import Keymap
from warroom.tui.actions.names import shown_key
from warroom.tui.actions.table import BY_ID
from warroom.words import tr


def key_of(widget: Widget, id: str, usual: str) -> str:
    """The key that does this action on the screen of the widget, remapped keys included; `usual` where it has none."""
    keymap = getattr(widget.screen, "keymap", None)
    keys = keymap.keys(BY_ID[id]) if isinstance(keymap, Keymap) and id in BY_ID else ()
    return shown_key(keys[0]) if keys else usual


def declares(widget: Widget) -> str:
    """How an incident comes about."""
    return tr("{key} declares an incident; warroom demo is a room to try it in").format(
        key=key_of(widget, "board.declare", "d")
    )
