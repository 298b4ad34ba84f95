"""The table as Textual's bindings. Only this module of the table knows Textual.

A screen's binding calls `act(ID)`, so that whether it is possible is asked in one place; a part of a screen that takes
keys calls its own methods, which are always possible.
"""

from __future__ import annotations

from dataclasses import replace

from textual.binding import Binding, BindingsMap, BindingType

from warroom.tui.actions.keys import Keymap
from warroom.tui.actions.names import shown_key
from warroom.tui.actions.table import BY_ID, SCOPES, own


def bindings(scope: str) -> list[BindingType]:
    """What is bound in a scope by default; what a screen has from another one's class comes with that class."""
    screen = SCOPES[scope].screen
    return [
        Binding(
            ",".join(place.keys),
            f"act('{action.id}')" if screen else place.does,
            place.name or action.name,
            show=place.bar,
            key_display=shown_key(place.keys[0]),
            priority=place.first,
            tooltip=place.help or action.help,
            id=action.id,
        )
        for action, place in own(scope)
    ]


def remapped(bound: BindingsMap, keymap: Keymap) -> BindingsMap:
    """The same bindings with a person's own keys."""
    kept: dict[str, list[Binding]] = {}
    moved: dict[str, Binding] = {}
    for key, each in bound.key_to_bindings.items():
        for binding in each:
            if binding.id is not None and binding.id in keymap.own:
                moved.setdefault(binding.id, binding)
            else:
                kept.setdefault(key, []).append(binding)
    for id, binding in moved.items():
        for key in keymap.own[id]:
            kept.setdefault(key, []).append(replace(binding, key=key, key_display=shown_key(key)))
    return BindingsMap.from_keys(kept)


def known(id: str | None) -> bool:
    """Whether a binding's id is one of the table."""
    return id is not None and id in BY_ID
