"""Moving: the same keys in every list and in everything that scrolls; arrows, and those of vi."""

from __future__ import annotations

from typing import Final

from warroom.tui.actions.action import Action, action, place
from warroom.words import mark

SECTION: Final = mark("Moving")
_FAR = 100_000

MOVING: Final[tuple[Action, ...]] = (
    action(
        "move.down", "j down", mark("down"), mark("Down: the next one, or a line"), "move(1)",
        "incidents record choices picker work people", section=SECTION,
        over=(
            place("panel", "j down", "scroll(1)"), place("lanes", "j down", "lane(1)"),
            place("grid", "j down", "row(1)"), place("sheet", "j down", "lines(1)"),
            place("info", "j down", "scroll(1)"), place("clocks", "j down", "mark(1)", first=True),
            place("timeline", "down j", "lane(1)", help=mark("The channel below")), place("finder", "down", "move(1)"),
        ),
    ),
    action(
        "move.up", "k up", mark("up"), mark("Up: the one before, or a line"), "move(-1)",
        "incidents record choices picker work people", section=SECTION,
        over=(
            place("panel", "k up", "scroll(-1)"), place("lanes", "k up", "lane(-1)"),
            place("grid", "k up", "row(-1)"), place("sheet", "k up", "lines(-1)"),
            place("info", "k up", "scroll(-1)"), place("clocks", "k up", "mark(-1)", first=True),
            place("timeline", "up k", "lane(-1)", help=mark("The channel above")), place("finder", "up", "move(-1)"),
        ),
    ),
    action(
        "move.page-down", "J pagedown ctrl+f", mark("page down"), mark("A page down"), "page(1)",
        "incidents record panel choices", section=SECTION,
        over=(
            place("sheet", "J space pagedown ctrl+f", "pages(1)"), place("info", "J space ctrl+f", "page(1)"),
            place("work", "J pagedown ctrl+f", "move(8)"), place("people", "J pagedown ctrl+f", "move(8)"),
            place("takeover", "pagedown", "turn(1)", first=True), place("finder", "pagedown", "page(1)"),
        ),
    ),
    action(
        "move.page-up", "K pageup ctrl+b", mark("page up"), mark("A page up"), "page(-1)",
        "incidents record panel choices", section=SECTION,
        over=(
            place("sheet", "K b pageup ctrl+b", "pages(-1)"), place("info", "K b ctrl+b", "page(-1)"),
            place("work", "K pageup ctrl+b", "move(-8)"), place("people", "K pageup ctrl+b", "move(-8)"),
            place("takeover", "pageup", "turn(-1)", first=True), place("finder", "pageup", "page(-1)"),
        ),
    ),
    action(
        "move.first", "g home", mark("first"), mark("To the first, or to the top"), "edge(0)",
        "incidents choices grid sheet", section=SECTION,
        over=(
            place("record", "g home", "first"), place("panel", "g home", f"scroll(-{_FAR})"),
            place("info", "g", "edge(0)"), place("picker", "g home", f"move(-{_FAR})"),
            place("work", "g home", f"move(-{_FAR})"), place("people", "g home", f"move(-{_FAR})"),
        ),
    ),
    action(
        "move.last", "G end", mark("last"), mark("To the last, or to the end"), "edge(-1)",
        "incidents choices grid sheet", section=SECTION,
        over=(
            place("record", "G end", "last"), place("panel", "G end", f"scroll({_FAR})"),
            place("info", "G", "edge(-1)"), place("picker", "G end", f"move({_FAR})"),
            place("work", "G end", f"move({_FAR})"), place("people", "G end", f"move({_FAR})"),
        ),
    ),
    action(
        "move.take", "enter", mark("take"), mark("Take what is marked"), "made", "choices", section=SECTION,
        over=(place("picker", "space enter x", "pick"), place("finder", "enter", "made")),
    ),
    action(
        "record.open", "enter", mark("read"), mark("Read the whole entry"), "open", "record", section=SECTION,
    ),
)  # fmt: skip
