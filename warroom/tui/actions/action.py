"""What an action is, and where it can be done."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from warroom.tui.actions.names import key_names
from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """An action in one scope, which is a screen, or a part of one that takes keys.

    `does` is what it calls there. `keys` are the keys it has there by default. `bar`: the bar of keys names it.
    `first`: it is looked at before what has the focus. What is "" is as the action itself has it.
    """

    scope: str
    does: str
    keys: tuple[str, ...]
    name: str = ""
    help: str = ""
    bar: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done.

    `id` never changes: settings files name it. `name` stands in the bar of keys, `help` (one line) everywhere else.
    `section` is the heading under which it is listed. `reads`: it changes nothing, so that it is possible where only
    reading is allowed. `shown`: how the bar writes its key, where that stands for two actions ("+-"). `aside`: its key
    means something else as long as it is not offered.
    """

    id: str
    name: str
    help: str
    section: str
    places: tuple[Place, ...]
    reads: bool = True
    shown: str = ""
    aside: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Its keys in the first of its places, as Textual names them."""
        return self.places[0].keys

    @property
    def key(self) -> str:
        """The first of them."""
        return self.keys[0]

    @property
    def action(self) -> str:
        """The last part of its id: the intent of what is about an incident."""
        return self.id.rpartition(".")[2]

    def at(self, scope: str) -> Place | None:
        """Its place in a scope, None where it cannot be done there."""
        return next((place for place in self.places if place.scope == scope), None)


class BarItem(NamedTuple):
    """What the bar of keys has of one action: its key, its words, its id, and whether it is possible now."""

    key: str
    words: str
    id: str
    possible: bool = True


def action(
    id: str,
    keys: str,
    name: str,
    help: str,
    does: str,
    scopes: str,
    *,
    section: str,
    reads: bool = True,
    shown: str = "",
    aside: bool = False,
    first: bool = False,
    over: tuple[Place, ...] = (),
) -> Action:
    """An action with the same keys in all `scopes`, which are words; a "+" behind one puts it into that bar. `over`
    are places where it is otherwise."""
    usual = tuple(
        Place(scope.rstrip("+"), does, key_names(keys), bar=scope.endswith("+"), first=first)
        for scope in scopes.split()
    )
    return Action(id, name, help, section, (*usual, *over), reads, shown, aside)


def place(scope: str, keys: str, does: str, *, name: str = "", help: str = "", first: bool = False) -> Place:
    """A place where an action is otherwise; a "+" behind the scope puts it into the bar."""
    return Place(scope.rstrip("+"), does, key_names(keys), name, help, scope.endswith("+"), first)


def moved(known: Place, keys: tuple[str, ...]) -> Place:
    """The same place with other keys."""
    return replace(known, keys=keys)
