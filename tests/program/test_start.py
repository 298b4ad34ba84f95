"""The first picture stands while the program is loaded, and is gone with it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.screen import LOADING, Terminal
from warroom.domain.incident import Declare
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session


@pytest.fixture
def room(tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "room.db"
    with Session(path, actor="tester", seed=seed_rulebook) as session:
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
