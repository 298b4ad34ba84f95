"""The table of actions, and the scopes in which they can be done."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import Final

from warroom.tui.actions.action import Action, Place, moved
from warroom.tui.actions.boxes import OF_BOXES
from warroom.tui.actions.incident import OF_INCIDENT
from warroom.tui.actions.moving import MOVING
from warroom.tui.actions.screens import OF_SCREENS
from warroom.valueclass import dataclass
from warroom.words import mark

ACTIONS: Final[tuple[Action, ...]] = (*OF_INCIDENT, *OF_SCREENS, *OF_BOXES, *MOVING)
"""Every action, in the order in which help lists them."""
BY_ID: Final = MappingProxyType({each.id: each for each in ACTIONS})


@dataclass(frozen=True, slots=True)
class Scope:
    """A screen, or a part of one that takes keys (`screen` is False then).

    `base` is the scope whose keys it has besides, `focus` are the parts of it that may have the focus, whose keys come
    before its own. `writes`: somebody writes in it, so that letters are no keys.
    """

    title: str
    base: str = ""
    focus: tuple[str, ...] = ()
    writes: bool = False
    screen: bool = True


SCOPES: Final = MappingProxyType(
    {
        "board": Scope(mark("Board"), focus=("incidents",)),
        "room": Scope(mark("Room of an incident"), focus=("record", "panel", "lanes")),
        "timeline": Scope(mark("Gap timeline")),
        "oncall": Scope(mark("On call"), focus=("grid",)),
        "rulebook": Scope(mark("Rulebook"), focus=("sheet",)),
        "composer": Scope(mark("Composer"), focus=("picker",), writes=True),
        "form": Scope(mark("Forms"), focus=("choices",), writes=True),
        "line": Scope(mark("Forms of one line"), base="form", writes=True),
        "takeover": Scope(mark("Taking over a role"), base="form", focus=("choices",), writes=True),
        "work": Scope(mark("Work")),
        "people": Scope(mark("People")),
        "duties": Scope(mark("Duties of a role"), focus=("choices",)),
        "info": Scope(mark("Whatever only tells")),
        "help": Scope(mark("Help"), base="info"),
        "ahead": Scope(mark("What is ahead"), base="info"),
        "catchup": Scope(mark("Catch me up"), base="info"),
        "clocks": Scope(mark("Clocks of silence"), base="info"),
        "punctuality": Scope(mark("Punctuality"), base="info"),
        "preview": Scope(mark("Preview of an update"), base="info"),
        "person": Scope(mark("A person"), base="info"),
        "debug": Scope(mark("Debug"), base="info"),
        "confirm": Scope(mark("Asking once more"), base="form", focus=("choices",)),
        "finder": Scope(mark("Command palette"), writes=True),
        "incidents": Scope(mark("List of incidents"), screen=False),
        "record": Scope(mark("Record"), screen=False),
        "panel": Scope(mark("Panel"), screen=False),
        "lanes": Scope(mark("Panel of communications"), base="panel", screen=False),
        "choices": Scope(mark("Choices of a form"), screen=False),
        "columns": Scope(mark("Columns of the list"), base="choices", screen=False),
        "filter": Scope(mark("Line of the filter"), writes=True, screen=False),
        "wall": Scope(mark("Wallboard"), screen=False),
        "picker": Scope(mark("Channels of an update"), screen=False),
        "grid": Scope(mark("Shifts"), screen=False),
        "sheet": Scope(mark("Part of the rulebook"), screen=False),
    }
)
"""Every scope by its name."""

BAR_ORDER: Final = (
    "incident.ack", "incident.escalate", "incident.update", "incident.note", "incident.open", "incident.roles",
    "board.declare", "incident.handover", "incident.status", "incident.severity", "incident.catchup", "incident.work",
    "incident.act", "incident.ahead", "view.filter", "board.oncall", "board.rulebook",
)  # fmt: skip
"""What the bar of keys names first: where it is short, what comes last in it goes first. What is not named here follows
in the order of the table, and the way out stands at the end."""

_RANK: Final = {id: number for number, id in enumerate(BAR_ORDER)}


def rank(action: Action) -> int:
    """Its place in the bar of keys."""
    return _RANK.get(action.id, len(_RANK))


def lineage(scope: str) -> tuple[str, ...]:
    """A scope and those that it is made of, the nearest first."""
    found: list[str] = []
    while scope:
        found.append(scope)
        scope = SCOPES[scope].base
    return tuple(found)


@cache
def own(scope: str) -> tuple[tuple[Action, Place], ...]:
    """What is placed in this very scope, in the order of the bar."""
    places = ((action, action.at(scope)) for action in sorted(ACTIONS, key=rank))
    return tuple((action, place) for action, place in places if place is not None)


@cache
def within(scope: str) -> tuple[tuple[Action, Place], ...]:
    """Everything that can be done in a scope, with what it has from those that it is made of."""
    names = lineage(scope)
    nearest: dict[str, str] = {}  # who has a key: a scope may give one to another action than its base does
    for name in names:
        for action, place in own(name):
            for key in place.keys:
                if not action.aside:
                    nearest.setdefault(key, action.id)
    every: list[tuple[Action, Place]] = []
    for action in sorted(ACTIONS, key=rank):
        placed = [found for name in names if (found := action.at(name)) is not None]
        if placed:
            known = dict.fromkeys(key for each in reversed(placed) for key in each.keys)
            keys = tuple(key for key in known if action.aside or nearest.get(key, action.id) == action.id)
            every.append((action, moved(placed[0], keys)))
    return tuple(every)


def screens() -> tuple[str, ...]:
    """The scopes that are screens."""
    return tuple(name for name, scope in SCOPES.items() if scope.screen)
