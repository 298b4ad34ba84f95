"""Random walks through the program: does the terminal show the same as with Textual's own output, cell by cell?

    python -m tests.bench.walks --steps 2000 --seed 7

The whole program runs, with a driver that says it has a terminal, on a room of the demo's that also has wide and joined
characters in it. Keys are pressed at random, texts typed and pasted, words shown in the corner, the size changed, the
terminal given to somebody else and taken back; time passes in leaps of seconds to hours, and somebody else works in the
room. Every frame that Textual's compositor gives goes to one terminal as Textual's own sequences; whatever the program
writes goes to the other. After every frame they have to show the same characters, colours and attributes. What is
patched, cells that go straight onto the stage, Textual would have drawn too: the first terminal takes those cells from
Textual's picture of that moment. After every step the other terminal has to come to show all of Textual's picture, and
have its cursor where something is typed.

Prints one JSON object: steps, frames, patches and the bytes of both. A difference ends the walk with the keys that led
to it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from rich.cells import get_character_cell_size
from rich.console import RenderableType
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual._context import visible_screen_stack
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Paste
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from tests.support.cells import Terminal
from warroom.clock import REAL, Clock
from warroom.demo.run import make_room
from warroom.domain.core import Command, Refused
from warroom.domain.incident import Declare, SetSeverity, SetStatus
from warroom.domain.incident_state import Status
from warroom.domain.ladder_commands import Acknowledge
from warroom.domain.record import AddNote
from warroom.domain.record_commands import AddTask, AddTheory
from warroom.engine.runtime import Place
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui.app import WarroomApp
from warroom.tui.link import patch

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
LEAPS = (1, 1, 1, 1, 2, 7, 30, 59, 60, 61, 299, 3600, 7 * 3600)
"""How much time passes at once, in seconds."""
SIZES = ((120, 40), (80, 24), (100, 30), (60, 20), (160, 50))


class Differs(Exception):
    """The two terminals do not show the same."""


class Leaping:
    """The clock of a room for the screen, which may be moved forward by leaps."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.leapt = clock, timedelta()

    def __call__(self) -> datetime:
        return self.clock() + self.leapt

    def __getattr__(self, name: str) -> Any:
        return getattr(self.clock, name)


class Wire(HeadlessDriver):
    """A driver that says it has a terminal; the terminal is the app's other one."""

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        if isinstance(self._app, Walked):
            self._app.written(data)


class Walked(WarroomApp):
    """The program, whose frames go to two terminals."""

    def __init__(self, place: Place, clock: Clock, *arguments: Any, size: tuple[int, int]) -> None:
        self.leaping = Leaping(clock)
        super().__init__(place, clock, *arguments)
        self.clock = self.ticker._clock = self.leaping  # type: ignore[assignment]
        self.driver_class = Wire
        self.one, self.other = Terminal(*size, strict=False), Terminal(*size)
        self.steps = self.frames = self.patches = self.bytes_of_one = self.bytes_of_other = 0
        self.wrong = ""
        self.settled = True
        self.halves = 0

    def written(self, data: str) -> None:
        """The program writes to its terminal."""
        if "\x1b[?1049h" in data:
            self.other.clear()
        self.other.feed(data)
        self.bytes_of_other += len(data.encode())

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        drawn = hasattr(renderable, "render_segments") and not self._batch_count
        if drawn:
            size = self.screen.size
            # Of the layout before a change of size (also all of it, of a screen that was behind a dialog meanwhile):
            # what that leaves on the screen, until it is laid out anew and all of it is drawn, is up to the terminal.
            if isinstance(renderable, ChopsUpdate):
                self.settled = self.settled and (renderable.chop_ends[0][-1], len(renderable.chops)) == size
            else:
                self.settled = cast(LayoutUpdate, renderable).region.size == size
            self.other.strict = self.settled
            for terminal in (self.one, self.other):
                if (terminal.width, terminal.height) != size:
                    terminal.resize(*size)
            own = cast(CompositorUpdate, renderable).render_segments(self.console)
            self.one.feed(own)
            self.frames += 1
            self.bytes_of_one += len(own.encode())
        super()._display(screen, renderable)
        if drawn and self.settled and not self._away and not self.wrong:
            self.halves += mend(self.one, self.other)
            self.wrong = difference(self.one, self.other)

    def patched(self, widget: Widget, cells: Sequence[patch.Cells]) -> None:
        """These cells of a widget went straight onto the stage."""
        whole, region = picture(self), self.screen._compositor.visible_widgets[widget][0]
        self.patches += 1
        if (whole.width, whole.height) != (self.one.width, self.one.height):
            return
        for y, first, behind in cells:
            if y >= region.height:
                continue
            row, there = region.y + y, slice(region.x + first, region.x + behind)
            self.one.chars[row][there], self.one.looks[row][there] = whole.chars[row][there], whole.looks[row][there]

    def leap(self, by: timedelta) -> None:
        """So much time passes, and the screen sees it."""
        self.leaping.leapt += by
        self._tick(self.clock())

    def lend(self, dice: random.Random) -> None:
        """The terminal is somebody else's for a moment, as around an editor and around a stop."""
        driver = self._driver
        assert driver is not None
        driver.write("\x1b[?1049l")
        self._tick(self.clock())
        y, x = dice.randrange(self.other.height) + 1, dice.randrange(max(1, self.other.width - 8)) + 1
        self.other.feed(f"\x1b[{y};{x}H\x1b[31mgarbage\x1b[m")
        driver.write("\x1b[?1049h")


@contextmanager
def patches_seen() -> Iterator[None]:
    """While this holds, apps that walk are told what was patched."""
    made = patch.Patcher.patch

    def seen(self: patch.Patcher, cells: Sequence[patch.Cells], line: Any) -> bool:
        done = made(self, cells, line)
        if done and isinstance(self._widget.app, Walked):
            self._widget.app.patched(self._widget, cells)
        return done

    patch.Patcher.patch = seen  # type: ignore[method-assign]
    try:
        yield
    finally:
        patch.Patcher.patch = made  # type: ignore[method-assign]


class Somebody:
    """Works in the same room."""

    def __init__(self, session: Session, keys: Sequence[str]) -> None:
        self.session, self.keys = session, [*keys]

    def work(self, dice: random.Random) -> str:
        """Do one thing; gives its name."""
        title = dice.choice(TITLES)
        commands: tuple[Command, ...] = (
            Declare(title, dice.choice(("SEV1", "SEV2", "SEV3"))),
            AddNote(f"{title}: {dice.choice(WORDS)}"),
            AddTheory(dice.choice(WORDS)),
            AddTask(dice.choice(WORDS)),
            SetSeverity(dice.choice(("SEV1", "SEV2", "SEV3")), dice.choice(WORDS)),
            SetStatus(dice.choice(tuple(Status))),
            Acknowledge(),
        )
        command = dice.choice(commands)
        with suppress(Refused):
            done = self.session.execute(command, "" if isinstance(command, Declare) else dice.choice(self.keys))
            if isinstance(command, Declare):
                self.keys.append(done.key)
        return f"somebody:{type(command).__name__}"


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
    visible_screen_stack.set(app._background_screens)  # what stands behind a dialog, as when a frame is made
    strips = app.screen._compositor.render_strips()
    whole = Terminal(*app.screen.size, strict=False)
    whole.feed(LayoutUpdate([[strip] for strip in strips], app.screen.size.region).render_segments(app.console))
    return whole


def shown_wrong(app: Walked) -> str:
    """How what the terminal shows now differs from what it is to show, in words; "" where it does not, or where the
    program is about to draw for another size."""
    if app._exit or app.other.width != app.size.width or app.other.height != app.size.height:
        return ""
    if wrong := difference(picture(app), app.other):
        return wrong
    cursor = app._cursor()
    if cursor is not None and (app.other.x, app.other.y) != tuple(cursor):
        return f"the cursor is at {app.other.x}, {app.other.y}, not at {tuple(cursor)}"
    return ""


async def walk(folder: Path, steps: int, seed: int, *, size: tuple[int, int] = (120, 40), demo: bool = True) -> Walked:
    """So many steps of one walk; without the demo's room in one in which less has happened. Raises `Differs`."""
    dice = random.Random(seed)
    path = folder / "room.db"
    now = REAL().astimezone(UTC)
    if demo:
        make_room(path, speed=5.0, opening=now)
    place = Place(str(path), "ana", "ana")
    with Session(str(path), actor="bo", seed=seed_rulebook, new_clock=Clock(now, now, 2.0)) as session:
        keys = []
        for title in TITLES:
            keys.append(session.execute(Declare(title, dice.choice(("SEV1", "SEV2")))).key)
            session.execute(AddNote(f"{title}; {title}"), keys[-1])
        clock, first = session.room_clock, session.board()
        app = Walked(place, clock, first, size=size)
        somebody = Somebody(session, keys)
        done: list[str] = []
        try:
            with patches_seen():
                async with app.run_test(headless=False, size=size) as pilot:
                    await pilot.pause(0.3)
                    for _ in range(steps):
                        done.append(await _step(app, pilot, dice, somebody))
                        app.steps += 1
                        if app._exit:
                            break
                        if wrong := app.wrong or await _unsettled(app):
                            raise Differs(f"after {' '.join(done[-25:])} (seed {seed}, step {len(done)}):\n{wrong}")
        finally:
            app.stop_threads()
    return app


async def _unsettled(app: Walked) -> str:
    """What is still wrong when all that is marked but not drawn yet had its time."""
    for _ in range(100):
        wrong = shown_wrong(app)
        if not wrong:
            break
        await asyncio.sleep(0.02)
    return wrong


async def _step(app: Walked, pilot: Pilot[Any], dice: random.Random, somebody: Somebody) -> str:
    """One thing that somebody does, or that happens; gives its name."""
    kind = dice.random()
    if kind < 0.32:
        key = dice.choice(MOVES)
    elif kind < 0.56:
        key = dice.choice(OPEN)
    elif kind < 0.70:
        key = dice.choice(CLOSE)
    elif kind < 0.74:
        text = dice.choice(WORDS)
        app.post_message(Paste(text))
        await pilot.pause(0)
        return f"paste:{text}"
    elif kind < 0.77:
        app.notify(dice.choice(TITLES), markup=False, timeout=1)
        await asyncio.sleep(dice.choice((0.0, 0.05)))
        return "toast"
    elif kind < 0.79:
        size = dice.choice(SIZES)
        await pilot.resize_terminal(*size)
        return f"resize:{size[0]}x{size[1]}"
    elif kind < 0.81:
        app.lend(dice)
        return "lend"
    elif kind < 0.94:
        seconds = dice.choice(LEAPS)
        app.leap(timedelta(seconds=seconds))
        if dice.random() < 0.5:
            await asyncio.sleep(dice.choice((0.0, 0.02)))
        return f"leap:{seconds}"
    elif kind < 0.98:
        word = somebody.work(dice)
        await asyncio.sleep(dice.choice((0.0, 0.05, 0.2)))
        return word
    else:
        await pilot.pause(0.15)
        return "wait"
    if dice.random() < 0.3:
        app.simulate_key(key)  # and what comes next comes while it is still worked on
        await asyncio.sleep(0)
    else:
        await pilot.press(key)
    return key


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--walk", type=int, default=200, help="steps of one walk, each in a room of its own")
    parser.add_argument("--seed", type=int, default=1, help="of the first walk")
    options = parser.parse_args()
    begun, steps, frames, patched, own, sent, halves = time.monotonic(), 0, 0, 0, 0, 0, 0
    left, seed = options.steps, options.seed
    while left > 0:
        with tempfile.TemporaryDirectory() as folder:
            app = asyncio.run(walk(Path(folder), min(options.walk, left), seed))
        frames, own, sent = frames + app.frames, own + app.bytes_of_one, sent + app.bytes_of_other
        steps, halves, patched = steps + app.steps, halves + app.halves, patched + app.patches
        left, seed = left - options.walk, seed + 1
    print(
        json.dumps(
            {
                "steps": steps,
                "frames": frames,
                "patches": patched,
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
