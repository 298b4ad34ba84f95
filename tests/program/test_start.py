"""The first picture stands while the program is loaded, and is gone with it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.program.staging import until
from tests.support.clocks import midday
from tests.support.screen import LOADING, Terminal
from warroom.domain.incident import Declare
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session


@pytest.fixture
def room(tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "room.db"
    with Session(path, actor="tester", seed=seed_rulebook, new_clock=midday()) as session:
        session.execute(Declare("Checkout answers 503", "SEV1", "payments-api"))
    yield str(path)


def test_what_is_live_stands_before_the_board_and_a_key_typed_meanwhile_reaches_it(room: str) -> None:
    with Terminal(["--db", room, "--as", "ana"]) as terminal:
        terminal.wait_for(LOADING)
        assert "Checkout answers 503" in terminal.text and "SEV1" in terminal.text
        terminal.press("d")
        terminal.wait_for("Declare an incident")
        terminal.press("esc")
        terminal.wait_gone("Declare an incident")
        terminal.press("q")
        assert terminal.exit_status() == 0
        assert terminal.restored


def test_enter_and_ctrl_s_typed_meanwhile_are_those_keys(room: str) -> None:
    """A terminal that edits lines makes a line's end of the one, and stands still at the other."""
    with Terminal(["--db", room, "--as", "ana"]) as terminal:
        terminal.wait_for(LOADING)
        terminal.press("ctrl+s", "enter")
        terminal.wait_for("esc back")
        terminal.press("q")
        terminal.wait_for("q quit")
        terminal.press("q")
        assert terminal.exit_status() == 0
        assert terminal.restored


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_whoever_ends_it_while_it_is_loaded_gets_the_terminal_back(room: str, number: int, status: int) -> None:
    with Terminal(["--db", room]) as terminal:
        terminal.wait_for(LOADING)
        terminal.child.kill(number)
        assert terminal.exit_status() == status
        assert terminal.restored


def test_where_the_board_does_not_come_the_reason_stands_on_the_screen_that_was_there_before(room: str) -> None:
    with Terminal(["--db", room], environment={"WARROOM_SETTINGS": "/none/settings.yaml"}) as terminal:
        assert terminal.exit_status() == 1
        _, left, said = bytes(terminal.raw).rpartition(b"\x1b[?1049l")
        assert left and b"is not there" in said
        assert terminal.restored


# Between the picture and the board -----------------------------------------------------------------------------------

HELD = """
import os, sys, time
from pathlib import Path
from warroom.tui import app
usual = app.WarroomApp.run
def held(self, *arguments, **named):
    Path(os.environ["HELD"]).touch()
    while not (go := Path(os.environ["GO"])).exists():
        time.sleep(0.01)
    if go.read_text():
        raise RuntimeError(go.read_text())
    return usual(self, *arguments, **named)
app.WarroomApp.run = held
from warroom.__main__ import main
sys.argv = ["warroom", *sys.argv[1:]]
main()
"""
"""The program, which waits at the last moment before the board takes the terminal over."""


@contextmanager
def held(room: str, folder: Path) -> Iterator[tuple[Terminal, Path]]:
    """A terminal in which the program waits there, and the file that lets it go on; what is in it is its error."""
    waits, go = folder / "held", folder / "go"
    places = {"HELD": str(waits), "GO": str(go), "XDG_STATE_HOME": str(folder / "state")}
    with Terminal(["--db", room, "--as", "ana"], environment=places, program=("-c", HELD)) as terminal:
        terminal.wait_for(LOADING)
        until(lambda: terminal.read(0.01) and waits.exists(), "the last moment")
        yield terminal, go


def test_what_is_typed_in_the_last_moment_is_not_echoed_and_reaches_the_board(room: str, tmp_path: Path) -> None:
    with held(room, tmp_path) as (terminal, go):
        before = bytes(terminal.raw)
        assert not terminal.echoes
        terminal.press("d", "x", "enter")
        assert bytes(terminal.raw) == before
        go.touch()
        terminal.wait_for("Declare an incident")
        terminal.wait_for("x")
        terminal.press("esc")
        terminal.wait_gone("Declare an incident")
        terminal.press("q")
        assert terminal.exit_status() == 0
        assert terminal.restored and terminal.echoes


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_who_ends_it_in_the_last_moment_gets_the_terminal_back(
    room: str, tmp_path: Path, number: int, status: int
) -> None:
    """Without the picture too, where the terminal has no second screen: the one of this test has none."""
    with held(room, tmp_path) as (terminal, _):
        terminal.child.kill(number)
        assert terminal.exit_status() == status
        assert terminal.restored and terminal.echoes
        assert "Checkout answers 503" not in terminal.text


def test_an_error_in_the_last_moment_gives_the_terminal_back_and_is_said(room: str, tmp_path: Path) -> None:
    with held(room, tmp_path) as (terminal, go):
        go.write_text("the dog ate it")
        assert terminal.exit_status() == 70
        assert terminal.restored and terminal.echoes
        assert "Checkout answers 503" not in terminal.text
        assert "the dog ate it" in terminal.text


def test_no_picture_stays_in_a_terminal_without_a_second_screen(room: str) -> None:
    with Terminal(["--db", room]) as terminal:
        terminal.wait_for(LOADING)
        terminal.child.kill(signal.SIGTERM)
        assert terminal.exit_status() == 143
        assert terminal.text.strip() == ""
