"""Random walks through the program: does the terminal show the same as with Textual's own output, cell by cell?

    python -m tests.bench.walks --steps 2000 --seed 7

The whole program runs, without a terminal, on a room of the demo's that also has wide and joined characters in it. Keys
are pressed at random, texts typed and pasted, words shown in the corner, the size changed. Every frame that Textual's
compositor gives goes to two terminals: as Textual's own sequences to one, as differences of cells to the other; after
every frame they have to show the same characters, colours and attributes. Prints one JSON object: steps, frames and
the bytes of both. A difference ends the walk with the keys that led to it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from datetime import UTC
from pathlib import Path
from typing import Any

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import RenderableType
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.events import Paste
from textual.pilot import Pilot
from textual.screen import Screen

from tests.support.cells import Terminal
from warroom.clock import REAL, Clock
from warroom.demo.run import make_room
from warroom.domain.incident import Declare
from warroom.domain.record import AddNote
from warroom.engine.runtime import Place
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui.app import WarroomApp
from warroom.tui.link.stage import Stage

TITLES = (
    "결제 오류: 로그인이 안 됩니다",
    "Zahlungen schlagen fehl, über é e\u0301 und 🔥 dazu",
    "支払いが失敗する 京都",
    "plain",
)
WORDS = ("ana", "pool 한글", "京", "e\u0301té", "20", "why not", "▲ ●")
MOVES = ("j", "k", "down", "up", "pagedown", "pageup", "home", "end", "tab", "shift+tab", "left", "right", "space")
OPEN = ("enter", *"aesturnhwcxovdzgymplbfi/?+-=[]{}.,:;123456789DRPSTW")
CLOSE = ("escape",)
SIZES = ((120, 40), (80, 24), (100, 30), (60, 20), (160, 50))


class Differs(Exception):
    """The two terminals do not show the same."""


class Walked(WarroomApp):
    """The program, whose frames go to two terminals."""

    def __init__(self, *arguments: Any, size: tuple[int, int]) -> None:
        super().__init__(*arguments)
        self.one, self.other = Terminal(*size, strict=False), Terminal(*size)
        self.shadow = Stage()
        self.frames = self.bytes_of_one = self.bytes_of_other = 0
        self.wrong = ""
        self.settled = True
        self.halves = 0

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if renderable is not None and hasattr(renderable, "render_segments") and not self._batch_count:
            size = self.screen.size
            if isinstance(renderable, ChopsUpdate):
                # Of the layout before a change of size: what Textual's own leaves on the screen, until all of it is
                # drawn, is up to the terminal.
                self.settled = self.settled and (renderable.chop_ends[0][-1], len(renderable.chops)) == size
            else:
                self.settled = True
            for terminal in (self.one, self.other):
                if (terminal.width, terminal.height) != size:
                    terminal.resize(*size)
            own = renderable.render_segments(self.console)
            self.one.feed(own)
            self.shadow.take(renderable, ColorSystem.TRUECOLOR, size)
            sent = self.shadow.frame()
            self.other.feed(sent)
            self.frames += 1
            self.bytes_of_one += len(own.encode())
            self.bytes_of_other += len(sent.encode())
            if self.settled and not self.wrong:
                self.halves += mend(self.one, self.other)
                self.wrong = difference(self.one, self.other)
        super()._display(screen, renderable)


def mend(one: Terminal, other: Terminal) -> int:
    """Textual cuts a wide character in two where what changed ends within it, and leaves blanks; the stage sends all of
    it. Makes the first terminal show those as the second does, and says in how many cells. Should the stage have left
    an old one there, the whole picture at the end of the walk says so."""
    mended = 0
    for y, (row, shown) in enumerate(zip(one.chars, other.chars, strict=True)):
        if row != shown:
            for x in range(one.width):
                if row[x] == " " and (shown[x] == "" or get_character_cell_size(shown[x][0]) == 2):
                    row[x], one.looks[y][x] = shown[x], other.looks[y][x]
                    mended += 1
    return mended


def difference(one: Terminal, other: Terminal) -> str:
    """The first cells in which two terminals differ, in words; "" where they show the same."""
    for y in range(one.height):
        if one.chars[y] == other.chars[y] and one.looks[y] == other.looks[y]:
            continue
        row, shown = one.row(y), other.row(y)
        if row != shown:
            x = next(at for at, (a, b) in enumerate(zip(row, shown, strict=True)) if a != b)
            around = ["".join(char for char, _ in each[max(0, x - 10) : x + 20]) for each in (row, shown)]
            return f"row {y + 1}, column {x + 1}: {row[x]} but {shown[x]}\n{around[0]!r}\n{around[1]!r}"
    return ""


def picture(app: Walked) -> Terminal:
    """The whole screen as it would be drawn now."""
    strips = app.screen._compositor.render_strips()
    whole = Terminal(*app.screen.size, strict=False)
    whole.feed(LayoutUpdate([[strip] for strip in strips], app.screen.size.region).render_segments(app.console))
    return whole


async def walk(folder: Path, steps: int, seed: int, *, size: tuple[int, int] = (120, 40), demo: bool = True) -> Walked:
    """So many steps of one walk; without the demo's room in one in which less has happened. Raises `Differs`."""
    dice = random.Random(seed)
    path = folder / "room.db"
    now = REAL().astimezone(UTC)
    if demo:
        make_room(path, speed=5.0, opening=now)
    place = Place(str(path), "ana", "ana")
    with Session(str(path), actor="ana", seed=seed_rulebook, new_clock=Clock(now, now, 2.0)) as session:
        for title in TITLES:
            key = session.execute(Declare(title, dice.choice(("SEV1", "SEV2")))).key
            session.execute(AddNote(f"{title}; {title}"), key)
        clock, first = session.room_clock, session.board()
    app = Walked(place, clock, first, size=size)
    done: list[str] = []
    try:
        async with app.run_test(size=size) as pilot:
            await pilot.pause(0.3)
            for _ in range(steps):
                done.append(await _step(app, pilot, dice))
                if app.wrong:
                    raise Differs(f"after {' '.join(done[-25:])} (seed {seed}, step {len(done)}):\n{app.wrong}")
                if app._exit:
                    break
            for _ in range(40):  # what is marked but not drawn yet is, sooner or later
                await pilot.pause(0.05)
                wrong = (
                    difference(picture(app), app.other) if not app._exit and app.other.width == app.size.width else ""
                )
                if not wrong:
                    break
            else:
                raise Differs(f"at the end of {' '.join(done[-25:])} (seed {seed}), from a whole picture:\n{wrong}")
    finally:
        app.stop_threads()
    return app


async def _step(app: Walked, pilot: Pilot[Any], dice: random.Random) -> str:
    """One thing that somebody does; gives its name."""
    kind = dice.random()
    if kind < 0.40:
        key = dice.choice(MOVES)
    elif kind < 0.70:
        key = dice.choice(OPEN)
    elif kind < 0.86:
        key = dice.choice(CLOSE)
    elif kind < 0.92:
        text = dice.choice(WORDS)
        app.post_message(Paste(text))
        await pilot.pause()
        return f"paste:{text}"
    elif kind < 0.95:
        app.notify(dice.choice(TITLES), markup=False, timeout=1)
        await pilot.pause()
        return "toast"
    elif kind < 0.97:
        size = dice.choice(SIZES)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        return f"resize:{size[0]}x{size[1]}"
    else:
        await pilot.pause(0.15)
        return "wait"
    await pilot.press(key)
    return key


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--walk", type=int, default=200, help="steps of one walk, each in a room of its own")
    parser.add_argument("--seed", type=int, default=1, help="of the first walk")
    options = parser.parse_args()
    begun, frames, own, sent, halves = time.monotonic(), 0, 0, 0, 0
    left, seed = options.steps, options.seed
    while left > 0:
        with tempfile.TemporaryDirectory() as folder:
            app = asyncio.run(walk(Path(folder), min(options.walk, left), seed))
        frames, own, sent = frames + app.frames, own + app.bytes_of_one, sent + app.bytes_of_other
        halves += app.halves
        left, seed = left - options.walk, seed + 1
    print(
        json.dumps(
            {
                "steps": options.steps,
                "frames": frames,
                "cut_by_textual": halves,
                "bytes_of_textual": own,
                "bytes_of_differences": sent,
                "share": round(sent / own, 3),
                "seconds": round(time.monotonic() - begun),
            }
        )
    )


if __name__ == "__main__":
    main()
