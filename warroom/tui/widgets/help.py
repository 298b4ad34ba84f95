"""What a screen's keys do, gathered from its bindings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual.binding import Binding
from textual.screen import Screen


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


def shown_keys(screen: Screen[Any]) -> list[tuple[str, str, str]]:
    """What the bar of keys shows: (key, words, action) of what is bound to the screen itself and works now, remapped
    keys included. A remapped key keeps its place; of several keys for one action the first is shown."""
    place = {binding.action: index for index, binding in enumerate(screen.BINDINGS) if isinstance(binding, Binding)}
    shown = [
        active.binding
        for active in screen.active_bindings.values()
        if active.node is screen and active.binding.show and active.enabled
    ]
    first = {binding.action: binding for binding in reversed(shown)}
    return [
        (screen.app.get_key_display(binding), binding.description, binding.action)
        for binding in sorted(first.values(), key=lambda binding: place.get(binding.action, len(place)))
    ]


def help_groups(screen: Screen[Any]) -> tuple[HelpGroup, ...]:
    """Every key that works on `screen` now, by the part that answers it; remapped keys as they are mapped now."""
    found: dict[str, dict[str, tuple[list[str], str]]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.system or not binding.description or not active.enabled:
            continue
        general = active.node is screen.app or binding.action.startswith(("app.", "screen."))
        title = "Everywhere" if general else "This screen" if active.node is screen else "The list"
        text = active.tooltip or binding.description
        keys, _ = found.setdefault(title, {}).setdefault(binding.action, ([], text))
        keys.append(screen.app.get_key_display(binding))
    order = ("This screen", "The list", "Everywhere")
    return tuple(
        HelpGroup(title, tuple(HelpLine(tuple(keys), text) for keys, text in found[title].values()))
        for title in order
        if title in found
    )
