"""How the screen of one incident divides its body. Pure: sizes in, boxes out, all in cells."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from warroom.valueclass import dataclass

PANELS = ("roles", "escalation", "communications", "record", "work", "clocks", "about")
"""The panels in the order of their keys, 1 to 7."""


class RoomMode(StrEnum):
    """How the panels are laid out."""

    TABS = "tabs"  # one at a time under a strip of tabs; where rows are left, the record below it
    STACK = "stack"  # all of them, the record at the lower right
    WIDE = "wide"  # all of them, the record at the right over the whole height


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the body."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """Where each panel stands; what is not named is hidden."""

    mode: RoomMode
    boxes: Mapping[str, Box]


_GAP = 2  # blank columns between panels
_BELOW = 30  # from so many rows on the record stands below the open tab, however much that has to show
_SOME = 5  # rows that the record needs to be worth it, its rule included
_LEAST = 3  # rows of a panel, however little it has to show


def by_tabs(width: int, height: int) -> bool:
    """Whether a body of that size has one panel at a time."""
    return width < 100 or height < 28


def room_plan(width: int, height: int, wanted: Mapping[str, int], open_tab: str) -> RoomPlan:
    """The plan for a body of `width` x `height` in which each panel has `wanted` rows to show, its rule included;
    of the open one of tabs as many as it has a use for."""
    if by_tabs(width, height):
        return _tabs(width, height, wanted, open_tab)
    if width < 170:
        return _stack(width, height, wanted)
    return _wide(width, height, wanted)


def width_of(name: str, width: int, height: int) -> int:
    """How wide a panel is on a screen of that size: it does not depend on what the panels have to show."""
    nothing = dict.fromkeys(PANELS, 3)
    return room_plan(width, height, nothing, name).boxes[name].width


def _tabs(width: int, height: int, wanted: Mapping[str, int], open_tab: str) -> RoomPlan:
    """Row 0 is the strip. What the open panel does not need is for the record."""
    rest = max(1, height - 1)
    upper = max(_LEAST, wanted.get(open_tab, height) - 1)
    if rest >= _BELOW:
        upper = min(upper, rest // 2)
    if rest - upper < _SOME or open_tab == "record":
        return RoomPlan(RoomMode.TABS, {open_tab: Box(0, 1, width, rest)})
    boxes = {open_tab: Box(0, 1, width, upper), "record": Box(0, 1 + upper, width, rest - upper)}
    return RoomPlan(RoomMode.TABS, boxes)


def _stack(width: int, height: int, wanted: Mapping[str, int]) -> RoomPlan:
    side = min(46, max(36, width // 3))
    main, at = width - side - _GAP, side + _GAP
    upper = _between(max(wanted["roles"], wanted["escalation"]), 6, height * 3 // 10)
    told = _between(wanted["communications"], 5, max(8, height // 4))
    y = upper + told
    boxes = {
        "roles": Box(0, 0, side, upper),
        "escalation": Box(at, 0, main, upper),
        "communications": Box(0, upper, width, told),
        "record": Box(at, y, main, height - y),
    }
    for name, top, rows in _column(("clocks", "work", "about"), height - y, wanted):
        boxes[name] = Box(0, y + top, side, rows)
    return RoomPlan(RoomMode.STACK, boxes)


def _wide(width: int, height: int, wanted: Mapping[str, int]) -> RoomPlan:
    left = width * 3 // 5
    side = min(46, max(40, left // 3))
    main, at = left - side - _GAP, side + _GAP
    upper = _between(max(wanted["roles"], wanted["escalation"]), 7, height * 4 // 10)
    told = _between(2 * wanted["communications"], 7, height * 3 // 10)  # a row between channels, so that it can breathe
    lower = _between(max(wanted["clocks"], wanted["work"] + wanted["about"]), 8, height - upper - told)
    told = height - upper - lower
    y = upper + told
    boxes = {
        "roles": Box(0, 0, side, upper),
        "escalation": Box(at, 0, main, upper),
        "communications": Box(0, upper, left, told),
        "clocks": Box(0, y, side, height - y),
        "record": Box(left + _GAP, 0, width - left - _GAP, height),
    }
    for name, top, rows in _column(("work", "about"), height - y, wanted):
        boxes[name] = Box(at, y + top, main, rows)
    return RoomPlan(RoomMode.WIDE, boxes)


def _column(names: tuple[str, ...], height: int, wanted: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """Panels below each other, as (name, top, rows): each gets what it wants where that fits, else a fair share; what
    is over goes to the last one."""
    shares, left = dict[str, int](), height
    for count, name in enumerate(sorted(names, key=lambda name: wanted[name])):
        shares[name] = min(max(3, wanted[name]), left // (len(names) - count))
        left -= shares[name]
    shares[names[-1]] += left
    placed, top = [], 0
    for name in names:
        placed.append((name, top, shares[name]))
        top += shares[name]
    return placed


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))
