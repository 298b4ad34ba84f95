"""Keys in sentences: where a text says which key does something, it says the one that the person has chosen for it."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

from warroom.tui.actions.keys import USUAL, Keymap
from warroom.tui.actions.table import BY_ID

if TYPE_CHECKING:
    from textual.app import App


def keycap(id: str, scope: str = "") -> str:
    """How the key of an action is written in a scope ("": in the first of its places), in the app in which this text is
    drawn; the usual one where it is drawn in none, as on the command line."""
    app = _app()
    keymap = getattr(app, "own_keys", USUAL) if app is not None else USUAL
    if not isinstance(keymap, Keymap) or not keymap.own:
        return _usual(id, scope)
    return keymap.hint(id, scope or BY_ID[id].places[0].scope)


def arrows() -> str:
    """The keys that go up and down in lists, as hints write them: the arrows, or what the person has instead."""
    up, down = keycap("move.up", "finder"), keycap("move.down", "finder")
    return f"{up}{down}" if len(up) == len(down) == 1 else f"{up} {down}"


@cache
def _usual(id: str, scope: str) -> str:
    return USUAL.hint(id, scope or BY_ID[id].places[0].scope)


def _app() -> App[object] | None:
    context = sys.modules.get("textual._context")  # not imported for words alone
    return context.active_app.get(None) if context is not None else None
