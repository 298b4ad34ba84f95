"""Ctrl-Z as a person uses it: pressed on the keyboard, in a shell with job control, and where there is no shell."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.screen import Terminal
from warroom.domain.incident import Amend, Declare
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session

IN_A_SHELL = ("-c", "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])")
CTRL_Z_OF_KITTY = "\x1b[122;5u"
UNDER_ANOTHER = (
    "-c",
    "import os, sys\n"
    "if os.fork():\n"
    "    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))\n"
    "os.execv(sys.executable, [sys.executable, '-m', 'warroom', *sys.argv[1:]])",
)
"""One that waits for the board, with no shell behind both."""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Session]:
    """A room with one incident, open in this process too."""
    with Session(tmp_path / "room.db", actor="tester", seed=seed_rulebook) as session:
        session.execute(Declare("Checkout answers 503", "SEV1", "payments-api"))
        yield session


def shell(room: Session, *before: str) -> Terminal:
    """An interactive shell in which the board was started on the session's room, behind the words of `before`."""
    if (bash := shutil.which("bash")) is None:
        pytest.skip("needs bash for its job control")
    terminal = Terminal([bash, "--norc", "-i"], program=IN_A_SHELL, environment={"PS1": "ready> "})
    terminal.wait_for("ready>")
    command = shlex.join([*before, sys.executable, "-m", "warroom", "--db", str(room.target), "--as", "ana"])
    terminal.type(command + "\r")
    terminal.wait_for("Checkout answers 503")
    return terminal


@pytest.mark.parametrize("key", ["ctrl+z", CTRL_Z_OF_KITTY])
def test_it_stops_gives_the_terminal_back_and_fg_brings_it_up_to_date(room: Session, key: str) -> None:
    with shell(room) as terminal:
        terminal.press(key)
        terminal.wait_for("ready>")
        assert terminal.plain
        room.execute(Amend(title="Checkout recovers"), "INC-1")
        terminal.type("jobs\r")
        terminal.wait_for("Stopped")
        terminal.type("bg\r")  # it may not have the terminal there: it stays where it is
        terminal.type("echo st''ill mine\r")
        terminal.wait_for("still mine")
        assert terminal.plain
        terminal.type("fg\r")
        terminal.wait_for("Checkout recovers")
        terminal.press("q")
        terminal.wait_for("ready>")
        assert terminal.plain


def test_a_dialog_and_what_is_half_typed_in_it_are_there_again(room: Session) -> None:
    with shell(room) as terminal:
        terminal.press("d")
        terminal.wait_for("Declare")
        terminal.type("Half a sen")
        terminal.wait_for("Half a sen")
        terminal.press("ctrl+z")
        terminal.wait_for("ready>")
        assert terminal.plain
        terminal.type("fg\r")
        terminal.wait_for("Half a sen")
        terminal.type("tence")
        terminal.wait_for("Half a sentence")


def test_where_lines_are_written_it_takes_back_what_was_typed(room: Session) -> None:
    with shell(room) as terminal:
        terminal.press("n")
        terminal.wait_for("Write it down")
        terminal.type("a thought")
        terminal.wait_for("a thought")
        terminal.press("ctrl+z")
        terminal.wait_gone("a thought")
        assert "Write it down" in terminal.text


def test_whoever_started_it_stops_with_it(room: Session) -> None:
    """The shell only waits for what it has started itself: were `env` or `uv run` not stopped too, it would wait for
    ever."""
    wait = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"
    with shell(room, sys.executable, "-c", wait) as terminal:
        terminal.press("ctrl+z")
        terminal.wait_for("ready>")
        terminal.type("fg\r")
        terminal.wait_for("Checkout answers 503")


@pytest.mark.parametrize("program", [("-m", "warroom"), UNDER_ANOTHER])
def test_where_nobody_could_continue_it_nothing_stops(room: Session, program: tuple[str, ...]) -> None:
    """On a console without a shell, in a window of its own: a board that stopped there would stand still for ever."""
    with Terminal(["--db", str(room.target), "--as", "ana"], program=program) as terminal:
        terminal.wait_for("Checkout answers 503")
        terminal.press("ctrl+z")
        terminal.wait_for("no shell")
        room.execute(Amend(title="Checkout recovers"), "INC-1")
        terminal.wait_for("Checkout recovers")
        terminal.press("q")
        assert terminal.exit_status() == 0
        assert terminal.restored
