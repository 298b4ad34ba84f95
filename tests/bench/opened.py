"""What the opened screens cost the line and the processor while nothing is done on them, beside a bare Textual program.

    python -m tests.bench.opened --seconds 30 --where

In a pseudo-terminal of 120 columns and 40 rows, on a room with one incident and two countdowns, first both above ten
minutes, then both below: the board, the room of the incident, and what is opened from the board: the composer, the
clocks, the timeline, how it stands, what is ahead, the work, the people, the roles, the on-call screen and the
rulebook. Before them a bare Textual program that shows one word and does nothing. Prints one JSON object: bytes, CPU
milliseconds and wake-ups per second of each, and how many times the CPU time of the bare program that is. `--where`
also says which cells the bytes went to. The on-call screen counts seconds where a shift of the proposed rulebook
ends within ten minutes of the hour at which it is measured.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, timedelta
from pathlib import Path

from tests.bench.crowded import SERVICES, Begun, make_room
from tests.bench.link import BARE, SIZE, Cost, calm, cost, other, where
from tests.support.screen import Terminal
from warroom.clock import REAL
from warroom.domain.escalation import Acknowledge
from warroom.domain.roles_commands import AssignRole


@dataclass(frozen=True, slots=True)
class Opened:
    """A screen: the keys that open it from the board, and words that stand on it and nowhere else."""

    keys: tuple[str, ...]
    shown: str


SCREENS = {
    "board": Opened((), "Communications"),
    "room": Opened(("enter",), "declared"),
    "composer": Opened(("u",), "Complete?"),
    "clocks": Opened(("m",), "Clocks of silence"),
    "timeline": Opened(("v",), "the gravest first"),
    "catch-up": Opened(("c",), "Catch me up"),
    "ahead": Opened(("f",), "if nobody does anything"),
    "work": Opened(("w",), "evidence"),
    "people": Opened(("b",), "Who could take over"),
    "roles": Opened(("r",), "do it"),
    "on-call": Opened(("o",), "On call"),
    "rulebook": Opened(("p",), "Rulebook"),
}
ROOMS = {"above ten minutes": ("SEV2", True), "below ten minutes": ("SEV1", False)}
"""The severity of the incident in each room, and whether it is acknowledged: that says how long its countdowns are."""


def one_incident(room: Path, severity: str, *, acknowledged: bool) -> None:
    """A room with one incident that has a lead. No silence in it counts by seconds any more."""
    at = REAL().astimezone(UTC) - timedelta(minutes=2)
    soon = at + timedelta(seconds=1)
    acts = [(at, AssignRole("incident-manager", "mina")), *([(soon, Acknowledge(None))] * acknowledged)]
    make_room(room, [Begun(severity, at, SERVICES[0], tuple(acts))])


def opened(room: Path, screen: Opened, seconds: float) -> tuple[Cost, Terminal, bytes]:
    """One opened screen: its cost, its terminal as it was before that, and what it wrote then."""
    with Terminal(["--db", str(room)], size=SIZE) as terminal:
        while b"\x1b[?1049h" not in terminal.raw:  # what stands there before is a picture of the last time
            terminal.read(0.1)
        terminal.wait_for("INC-", 30)
        calm(terminal, 2)
        terminal.press(*screen.keys)
        terminal.wait_for(screen.shown, 30)
        calm(terminal)
        found, written = cost(terminal.pid, terminal.child.child_fd, seconds)
        return found, terminal, written


def measure(names: Sequence[str], seconds: float, *, show_where: bool) -> dict[str, object]:
    """Run them all."""
    bare = other(BARE, (), seconds)
    found: dict[str, object] = {
        "each": "bytes, CPU ms and wake-ups per second, and the CPU time beside that of a bare Textual program",
        "bare_textual": astuple(bare),
    }
    for words, (severity, acknowledged) in ROOMS.items():
        for name in names:
            with tempfile.TemporaryDirectory() as folder:
                room = Path(folder) / "room.db"
                one_incident(room, severity, acknowledged=acknowledged)
                each, terminal, written = opened(room, SCREENS[name], seconds)
                found[f"{name}, {words}"] = (*astuple(each), each.of(bare))
                if show_where and written:
                    found[f"{name}, {words}: where"] = where(terminal, written)
    return found


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each is measured")
    parser.add_argument("--screens", nargs="*", choices=[*SCREENS], default=[*SCREENS], help="which of them")
    parser.add_argument("--where", action="store_true", help="say which cells the bytes went to")
    options = parser.parse_args()
    print(json.dumps(measure(options.screens, options.seconds, show_where=options.where), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
