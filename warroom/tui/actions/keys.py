"""Which keys do what: the usual ones of the table, or a person's own in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Final

from warroom.tui.actions.action import Action, Place
from warroom.tui.actions.names import printable, shown_key
from warroom.tui.actions.table import BY_ID, SCOPES, within
from warroom.valueclass import dataclass

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keymap:
    """`own` are the keys that a person has chosen, as Textual names them, by the id of the action; all others are the
    usual ones. An action whose keys were chosen has these everywhere, and no others."""

    own: Mapping[str, Keys] = field(default_factory=lambda: MappingProxyType({}))

    def keys(self, action: Action, scope: str = "") -> Keys:
        """The keys of an action in a scope ("": in the first of its places); none where it is not to be done there."""
        found = (keys for each, _, keys in self.placed(scope or action.places[0].scope) if each is action)
        return next(found, ())

    def shown(self, action: Action, keys: Keys) -> str:
        """How the bar writes its key, of these."""
        if action.shown and action.id not in self.own:
            return action.shown
        return shown_key(keys[0]) if keys else ""

    def hint(self, id: str, scope: str) -> str:
        """The key of an action as a hint writes it; where somebody writes, one that types nothing, if it has one."""
        keys = self.keys(BY_ID[id], scope)
        if SCOPES[scope].writes:
            keys = tuple(key for key in keys if not printable(key)) or keys
        return shown_key(keys[0]) if keys else ""

    def placed(self, scope: str) -> tuple[tuple[Action, Place, Keys], ...]:
        """Everything that can be done in a scope, with the keys that do it."""
        return tuple((action, place, self.own.get(action.id, place.keys)) for action, place in within(scope))


USUAL: Final = Keymap()
"""The keys of whoever has chosen none."""
