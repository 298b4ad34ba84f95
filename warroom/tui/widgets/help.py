"""What a screen's keys do, gathered from its bindings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Input, TextArea


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One action: the keys that do it, and what it does."""

    keys: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class HelpGroup:
    """The actions of one part of a screen."""

    title: str
    lines: tuple[HelpLine, ...]


Without = Callable[[str], bool]
"""Whether a binding's action is left out, although its key answers: it only says why not."""


def shown_keys(screen: Screen[Any], without: Without = lambda _: False) -> list[tuple[str, str, str]]:
    """What the bar of keys shows: (key, words, action) of what is bound to the screen itself and works now, remapped
    keys included. A remapped key keeps its place; of several keys for one action the first is shown."""
    place = {binding.action: index for index, binding in enumerate(screen.BINDINGS) if isinstance(binding, Binding)}
    shown = [
        active.binding
        for active in screen.active_bindings.values()
        if active.node is screen and active.binding.show and active.enabled and not without(active.binding.action)
    ]
    first = {binding.action: binding for binding in reversed(shown)}
    return [
        (screen.app.get_key_display(binding), binding.description, binding.action)
        for binding in sorted(first.values(), key=lambda binding: place.get(binding.action, len(place)))
    ]


def _named(screen: Screen[Any], binding: Binding) -> str:
    """The one key of a binding; what the bar shows for it may stand for two ("+-")."""
    return "enter" if binding.key == "enter" else screen.app.get_key_display(replace(binding, key_display=None))


def help_groups(screen: Screen[Any], without: Without = lambda _: False) -> tuple[HelpGroup, ...]:
    """Every key that works on `screen` now, by the part that answers it; remapped keys as they are mapped now."""
    found: dict[str, dict[str, tuple[list[str], str]]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.system or not binding.description or not active.enabled or without(binding.action):
            continue
        general = active.node is screen.app or binding.action.startswith(("app.", "screen."))
        written = isinstance(active.node, Input | TextArea)
        here = "Where you write" if written else "The list"
        title = "Everywhere" if general else "This screen" if active.node is screen else here
        text = active.tooltip or binding.description
        keys, _ = found.setdefault(title, {}).setdefault(binding.action, ([], text))
        keys.append(_named(screen, binding))
    order = ("This screen", "The list", "Where you write", "Everywhere")
    return tuple(
        HelpGroup(title, tuple(HelpLine(tuple(keys), text) for keys, text in found[title].values()))
        for title in order
        if title in found
    )
