"""How the board divides a screen of a given size. Pure: sizes in, sizes out, all in cells."""

from __future__ import annotations

from enum import StrEnum

from warroom.valueclass import dataclass


class Mode(StrEnum):
    """How the panels under the list are laid out."""

    NONE = "none"  # too low for any, or nothing to tell: the list alone
    TABS = "tabs"  # one at a time, keys 1-4 switch
    COLUMN = "column"  # a tall narrow screen: all four below each other
    STACK = "stack"  # roles beside escalation, communications, record below each other
    WIDE = "wide"  # the same, with the record at the right over the whole height


@dataclass(frozen=True, slots=True)
class Plan:
    """Heights of the parts, rules over panels included; `lower` is everything under the incident's bar."""

    mode: Mode
    rows: int  # rows of the list, without its head
    lower: int
    roles: int
    escalation: int
    communications: int
    record: int
    roles_width: int = 0
    record_width: int = 0


_FIXED = 4  # header, head of the list, bar of the incident, keys


def plan(width: int, height: int, incidents: int) -> Plan:
    """The plan for a screen on which `incidents` rows are wanted.

    The lower half keeps its place while incidents come and go: only its last part grows into rows that a short list
    does not need.
    """
    free = max(1, height - _FIXED)
    wanted = max(incidents, 3) + 1
    if height < 15 or not incidents:
        return Plan(Mode.NONE, free + 1, 0, 0, 0, 0, 0)
    if height < 32 or (width < 100 and height < 44):
        panel = min(max(5, (free - 1) * 2 // 5 + 1, free - 1 - wanted), 14)
        return Plan(Mode.TABS, free - 1 - panel, panel + 1, panel, panel, panel, panel)
    tall = height >= 46
    if width < 100:
        upper, escalation, communications, least, most = 5, 7, 7, 5, 16
        record = _record(free - upper - escalation - communications, wanted, least, most)
        lower = upper + escalation + communications + record
        return Plan(Mode.COLUMN, free - lower, lower, upper, escalation, communications, record)
    upper, communications = (9, 10) if tall else (7, 7)
    if width >= 170:
        lower = upper + max(communications, free - wanted - upper)
        communications, left = lower - upper, width * 3 // 5
        return Plan(
            Mode.WIDE, free - lower, lower, upper, upper, communications, lower, min(40, left // 3), width - left - 2
        )
    record = _record(free - upper - communications, wanted, 8 if tall else 5, height if tall else 14)
    lower = upper + communications + record
    roles_width = min(46, max(36, width // 3))
    return Plan(Mode.STACK, free - lower, lower, upper, upper, communications, record, roles_width)


_NEED = (10, 11)
"""Rows that roles and escalation use when they are large; the rest is for what tells more, the more there is of it."""
_BESIDE = 10
"""Rows that have to be left, for another panel to stand below a large one."""


def large(layout: Plan, panel: int) -> tuple[int, int, int]:
    """A panel (0 to 3) that is large, in the lower half but for its strip: its rows, which panel stands below it, and
    the rows of that; (rows, -1, 0) where nothing does. Roles and escalation need few rows however many there are."""
    rows = max(1, layout.lower - 1)
    if panel >= len(_NEED) or rows - _NEED[panel] < _BESIDE:
        return rows, -1, 0
    return _NEED[panel], 3, rows - _NEED[panel]


def _record(free: int, wanted: int, least: int, most: int) -> int:
    """Rows for the record, its rule included, of `free` rows that it shares with a list of `wanted` rows."""
    return min(max(least, free - wanted), most)
