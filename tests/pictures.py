"""Draw the pictures of the README from the running program: `python -m tests.pictures [FOLDER]`.

The demo room is opened at a fixed time of its own, so that a picture changes only when the program does.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from warroom.demo.run import make_room
from warroom.domain.desk import AddAbsence, AddOverride, RequestSwap
from warroom.engine.runtime import Place
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session

OPENING = datetime(2026, 3, 11, 14, 32, tzinfo=UTC)
PICTURES = (
    ("board-120x40", (120, 40), ()),
    ("board-80x24", (80, 24), ("3",)),
    ("board-200x60", (200, 60), ()),
    ("room", (120, 40), ("enter",)),
    ("room-80x24", (80, 24), ("enter", "4")),
    ("update", (120, 40), ("u",)),
    ("timeline", (120, 40), ("v",)),
    ("catchup", (120, 40), ("c",)),
    ("past", (120, 40), ("enter", "left_curly_bracket")),
    ("ahead", (120, 40), ("f",)),
    ("oncall", (120, 30), ("o", "n")),
    ("rulebook", (120, 40), ("p",)),
)
"""Name, size in cells, and the keys that are pressed before the picture is taken."""

DAY, MIDNIGHT = timedelta(days=1), datetime(2026, 3, 11, tzinfo=UTC)
DESK = (
    AddOverride("primary", "jonas", MIDNIGHT + 1.25 * DAY, MIDNIGHT + 1.75 * DAY, "sven is at the dentist", "sven"),
    AddAbsence("jonas", MIDNIGHT + 6 * DAY, MIDNIGHT + 8 * DAY, "vacation"),
    RequestSwap("im-rota", MIDNIGHT + 3.25 * DAY, MIDNIGHT + 3.75 * DAY, "mina", note="a wedding"),
)
"""What people have said about on-call duty in the room of the pictures."""


def truecolor() -> None:
    """A terminal with all colours, whatever the one is that this is run from."""
    os.environ.pop("NO_COLOR", None)
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")


def standalone(svg: str, name: str) -> str:
    """A picture with nothing in it that would be fetched from elsewhere, the same each time that it is drawn."""
    # Fonts from elsewhere are not loaded by a README; the reader's own monospaced one does.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    # The class names in it are random; the name of the picture does as well and does not change.
    svg = re.sub(r"terminal-\d+", f"warroom-{name}", svg)
    # Some programs that show pictures drop blanks at the beginning of a text, be they hard ones.
    return svg.replace("<svg ", '<svg xml:space="preserve" ', 1)


async def draw(folder: Path, name: str, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    """Take one picture of the board in a room made for it."""
    from warroom.tui.app import WarroomApp  # reads the environment when it is imported

    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "demo.db"
        make_room(path, speed=1.0, opening=OPENING, real=datetime.now(UTC))
        place = Place(str(path), "ana", "ana")
        with Session(path, actor="ana", seed=seed_rulebook) as session:
            for said in DESK:
                session.at_desk(said, actor="ana")
            first = session.board()
            app = WarroomApp(place, session.room_clock, first)
        # The machine that draws the pictures has a name that is nobody's business.
        host = patch("warroom.engine.engine.host_name", return_value="jump01")
        with host:
            async with app.run_test(size=size) as pilot:
                while app.board.detail is None or app.board.view is None or not app.board.view.engines:
                    await pilot.pause(0.1)
                await pilot.press(*keys)
                await pilot.pause(1.5)
                svg = app.export_screenshot(title="warroom demo")
        app.stop_threads()
    (folder / f"{name}.svg").write_text(standalone(svg, name), encoding="utf-8")


def main() -> None:
    """Entry point."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    truecolor()
    for name, size, keys in PICTURES:
        asyncio.run(draw(folder, name, size, keys))
        print(folder / f"{name}.svg")


if __name__ == "__main__":
    main()
