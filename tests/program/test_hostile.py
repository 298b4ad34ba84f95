"""The program in a real pseudo-terminal, in a room where everything that can be named is named to drive it (R16).

Every byte that it writes is judged by the list of what it may write, and every row of the screen by its width. Here
are the walks of a person; every screen by itself is in `tests.tui.test_hostile_screens`.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from wcwidth import wcwidth

from tests.program.staging import slowness, until
from tests.support import real_data
from tests.support.allowlist import violations
from tests.support.hostile import EVERYTHING
from tests.support.screen import Terminal
from warroom.domain.comms import PostUpdate
from warroom.domain.incident import Amend, Declare
from warroom.domain.links import AddLink
from warroom.domain.record import AddNote
from warroom.domain.roles import AssignRole
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session

NAMES = ("\x1b]0;x\x07ana\u202e", "결제담당\u200b", "מִינָה", "👩‍💻🔥")
ENVIRONMENT = {
    "USER": "\x1b[31mu\u202e", "LOGNAME": "\x9b31ml", "TERM_PROGRAM": "\x1b]0;x\x07", "SSH_CONNECTION": "\x1b[2J",
    "TZ": "\x1b]0;x\x07", "LANG": "C.UTF-8", "UNICODE_VERSION": "4.1.0", "EDITOR": "\x1b[2J", "STY": "",
}  # fmt: skip


def own_samples() -> list[str]:
    """Each hostile text, and all of them at once."""
    return [f"x{each}y" for each in EVERYTHING] + ["".join(EVERYTHING)]


def real_samples() -> list[str]:
    """Lists of naughty strings, injections, recorded sessions and reordered sources."""
    samples = [str(sample) for sample in json.loads(real_data("hostile", "blns.json").read_text())]
    for folder in ("terminal_escape_injection", "alacritty_recordings", "trojan_source"):
        files = sorted(real_data("hostile", folder).iterdir())
        samples += [file.read_bytes().decode("utf-8", "surrogateescape")[:4000] for file in files]
    for name in ("emoji-zwj-sequences.txt", "BidiCharacterTest_sample.txt"):
        rows = real_data("hostile", "unicode", name).read_text("utf-8").splitlines()
        points = [re.findall(r"\b[0-9A-F]{4,6}\b", row.partition(";")[0]) for row in rows if not row.startswith("#")]
        samples += ["".join(chr(int(code, 16)) for code in row) for row in points[::40]]
    return samples


def fill(session: Session, samples: list[str]) -> None:
    """A room with three incidents that live on these texts."""
    thirds = [samples[start::3] for start in range(3)]
    for key, texts in enumerate(thirds, 1):
        session.execute(
            Declare(f"T {texts[0]}", f"SEV{key}", service=texts[0][:100], summary=texts[-1], impact=texts[-2][:200])
        )
        session.execute(AssignRole("scribe", NAMES[key], reason="hostile"), f"INC-{key}")
        for text in texts[:40]:
            session.execute(AddNote(f"x{text}"), f"INC-{key}")
        for text in texts[40:60] or texts[:9]:
            session.execute(PostUpdate("internal", f"x{text}"), f"INC-{key}")
        session.execute(AddLink("chat", f"#{NAMES[key]}"), f"INC-{key}")
        session.execute(AddLink("dashboard", "https://раураl.example/결제"), f"INC-{key}")
        session.execute(Amend(title=f"T {''.join(texts)[:150]}"), f"INC-{key}")


@pytest.fixture(scope="module", params=["own", "real"])
def room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A hostile room in a file with a hostile name."""
    samples = own_samples() if request.param == "own" else real_samples()
    path = tmp_path_factory.mktemp("hostile") / "r\x1b]0;x\x07\u202e결제[red].db"
    with Session(path, actor=NAMES[0], seed=seed_rulebook) as session:
        fill(session, samples)
        yield session


def board(session: Session, size: tuple[int, int], **environment: str) -> Terminal:
    """The board, as somebody with a hostile name, from a hostile environment."""
    arguments = ["--db", str(session.target), "--as", NAMES[0], "board"]
    home = str(Path(str(session.target)).parent)
    return Terminal(arguments, size=size, environment={**ENVIRONMENT, "HOME": home, **environment})


def straight(terminal: Terminal) -> None:
    """Nothing on the emulator's screen is wider than it, and nothing stands there that has no place of its own."""
    for line in terminal.text.splitlines():
        assert sum(max(0, wcwidth(char)) for char in line) <= terminal.screen.columns, line


TITLE = re.compile(rb"\x1b\]0;(warroom: [^\x07]*)\x07")

WALK = (
    *("j", "k", "1", "2", "3", "4", "?", "esc", "enter", "2", "3", "4", "?", "esc", "T", "esc", "W", "esc", "p", "esc"),
    *(
        "c",
        "esc",
        "C",
        "esc",
        "u",
        "esc",
        "esc",
        "l",
        "esc",
        "i",
        "esc",
        "m",
        "esc",
        "r",
        "esc",
        "s",
        "esc",
        "t",
        "esc",
    ),
    *("[", "[", "]", "esc"),
)
"""Keys that open most of what there is, and close it again; one that means something else now opens that."""


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_a_walk_through_a_hostile_room(room: Session, size: tuple[int, int]) -> None:
    with board(room, size) as terminal:
        terminal.wait_for("INC-2")
        seen = set()
        for key in WALK:
            terminal.child.send({"esc": "\x1b", "enter": "\r"}.get(key, key))
            end = time.monotonic() + 0.25 * slowness()
            while time.monotonic() < end and terminal.read(0.05):
                pass
            straight(terminal)
            seen.add(terminal.text)
        assert len(seen) > 12
        terminal.signal(signal.SIGTERM)
        assert terminal.exit_status() == 128 + signal.SIGTERM
        assert terminal.restored
        assert violations(bytes(terminal.raw)) == []


def test_the_title_counts_and_is_given_back(room: Session) -> None:
    for number in (0, signal.SIGTERM, signal.SIGHUP):
        with board(room, (80, 24)) as terminal:
            terminal.wait_for("INC-2")
            titles = until(lambda: terminal.read() and TITLE.findall(terminal.raw), "the title")
            assert titles[0].startswith(b"warroom: 3 live, ")
            if number:
                terminal.signal(number)
            else:
                terminal.press("q")
            assert terminal.exit_status() == (128 + number if number else 0)
            raw = bytes(terminal.raw)
            assert raw.count(b"\x1b[22;0t") == raw.count(b"\x1b[23;0t") == 1
            assert raw.rfind(b"\x1b[23;0t") > raw.rfind(b"\x1b]0;warroom")
            assert violations(raw) == []
        if "own" not in str(os.environ.get("PYTEST_CURRENT_TEST")):
            break


def test_a_terminal_that_is_not_known_gets_no_title(room: Session) -> None:
    with board(room, (80, 24), TERM="linux", COLORTERM="") as terminal:
        terminal.wait_for("INC-2")
        end = time.monotonic() + 2.2  # two ticks
        while time.monotonic() < end:
            terminal.read(0.1)
        terminal.press("q")
        assert terminal.exit_status() == 0
        assert b"\x1b]" not in bytes(terminal.raw).replace(b"\x1b]22;", b"")
