"""The program itself in a real pseudo-terminal: keys, signals, lost and stopped terminals, hostile text."""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program.staging import until
from tests.support.allowlist import CLIPBOARD_MOST, violations
from tests.support.clocks import midday
from tests.support.screen import PATIENCE_S, ROOT, Terminal
from warroom.domain.incident import Amend, Declare
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session

SIZES = [(80, 24), (120, 40), (200, 60)]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Session]:
    """A room with two incidents, open in this process too."""
    with Session(tmp_path / "room.db", actor="tester", seed=seed_rulebook, new_clock=midday()) as session:
        session.execute(Declare("Checkout answers 503", "SEV1", "payments-api"))
        session.execute(Declare("로그인 지연", "SEV3"))
        yield session


def board(session: Session, **more: object) -> Terminal:
    """The board on the session's room, as ana."""
    return Terminal(["--db", str(session.target), "--as", "ana"], **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", SIZES)
def test_the_board_opens_shows_the_room_and_leaves_the_terminal_as_it_was(room: Session, size: tuple[int, int]) -> None:
    with board(room, size=size) as terminal:
        terminal.wait_for("Checkout answers 503")
        terminal.wait_for("로그인 지연".replace(" ", "")[0])
        terminal.wait_for("SEV3")
        terminal.press("q")
        assert terminal.exit_status() == 0
        assert terminal.restored


def test_it_follows_the_terminals_size_even_where_one_is_exported(room: Session) -> None:
    with board(room, size=(120, 40)) as terminal:
        terminal.wait_for("STATUS")
        terminal.resize(80, 24)
        terminal.wait_gone("STATUS")
        terminal.wait_for(re.compile(r"1 Roles.*2 Escalation.*3 Communications"))
        terminal.resize(20, 5)
        terminal.resize(120, 40)
        terminal.wait_for("STATUS")
        terminal.press("q")
        assert terminal.exit_status() == 0


def test_an_acknowledgement_by_key_is_in_the_database_and_on_the_other_terminal(room: Session) -> None:
    with board(room) as one, board(room) as two:
        one.wait_for("Checkout answers 503")
        two.wait_for("Checkout answers 503")
        one.press("a")
        two.wait_for(re.compile(r"acknowledged \d\d:\d\d ana"))
        assert room.room("INC-1").escalation.acked_by == "ana"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_it_cleanly(room: Session, number: signal.Signals, status: int) -> None:
    with board(room) as terminal:
        terminal.wait_for("Checkout answers 503")
        terminal.signal(number)
        assert terminal.exit_status() == status
        assert terminal.restored


def test_it_ends_when_the_terminal_goes_although_hangups_are_ignored(room: Session) -> None:
    terminal = board(room, ignore_hangup=True)
    pid = terminal.pid
    terminal.wait_for("Checkout answers 503")
    terminal.child.ptyproc.fileobj.close()
    until(lambda: state_of(pid) == "Z", "its end without a terminal")
    terminal.child.ptyproc.wait()


def test_ctrl_z_stops_it_and_continuing_brings_the_screen_up_to_date(room: Session) -> None:
    with board(room) as terminal:
        terminal.wait_for("Checkout answers 503")
        terminal.signal(signal.SIGTSTP)
        until(lambda: terminal.read(0.05) and state_of(terminal.pid) == "T", "its stop")
        # Others go on while it is stopped: nothing is held.
        room.execute(Amend(title="Checkout recovers"), "INC-1")
        terminal.signal(signal.SIGCONT)
        terminal.wait_for("Checkout recovers")
        terminal.press("q")
        assert terminal.exit_status() == 0
        assert terminal.restored


def test_what_is_stopped_by_force_has_the_terminal_once_when_it_goes_on(room: Session) -> None:
    """SIGSTOP cannot be heard: whoever gets it has taken no leave of the terminal, and takes it anew."""
    with board(room) as terminal:
        terminal.wait_for("Checkout answers 503")
        for _ in range(3):
            before = terminal.raw.count(b"\x1b[?1049h")
            terminal.signal(signal.SIGSTOP)
            until(lambda: state_of(terminal.pid) == "T", "its stop")
            terminal.signal(signal.SIGCONT)
            # What is typed before that is thrown away with the answers to its own questions.
            until(lambda n=before: terminal.read() and terminal.raw.count(b"\x1b[?1049h") > n, "its return")
            terminal.press("?")
            terminal.wait_for("─ Keys ─")
            terminal.press("esc")
            terminal.wait_gone("─ Keys ─")
        terminal.press("q")
        assert terminal.exit_status() == 0
        assert terminal.restored


def state_of(pid: int) -> str:
    """The state of a process as Linux calls it: T stands for stopped, Z for ended."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _fill_up(room: Session, terminal: Terminal) -> str:
    """Change the room, without reading the terminal, until what the board writes stands still; the latest title."""
    threads = Path(f"/proc/{terminal.pid}/task")
    title, standing, n = "", 0, 0
    end = time.monotonic() + 60
    while standing < 8:
        assert time.monotonic() < end, "it never stood still"
        title = f"title {n} " + "y" * 100
        room.execute(Amend(title=title), "INC-1")
        n += 1
        time.sleep(0.1)
        # One thread waits to write to the terminal; the loop of the screen goes on and drops the pictures between.
        writes = any((each / "wchan").read_text() == "wait_woken" for each in threads.iterdir())
        standing = standing + 1 if writes else 0
    return title


def test_a_terminal_that_does_not_read_stops_neither_the_engine_nor_the_feed(room: Session) -> None:
    """Nobody reads what the board writes. Its engine takes its steps all the same, and so does its own loop."""
    with board(room, size=(200, 60)) as terminal:
        terminal.wait_for("Checkout answers 503")
        title = _fill_up(room, terminal)
        beats = _beat_of(room, terminal.pid)
        until(lambda: _beat_of(room, terminal.pid) != beats, "the engine's next sign of life")
        terminal.wait_for(title[:40])  # it reads again: the newest is there
        terminal.press("q")
        assert terminal.exit_status() == 0
        assert terminal.restored


def _beat_of(session: Session, pid: int) -> object:
    return next(engine.seen_at for engine in session.board().engines if engine.pid == pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_even_while_nobody_reads(room: Session, number: signal.Signals) -> None:
    with board(room, size=(200, 60)) as terminal:
        terminal.wait_for("Checkout answers 503")
        _fill_up(room, terminal)
        terminal.signal(number)
        until(lambda: state_of(terminal.pid) == "Z", "its end")
        assert terminal.exit_status() == 128 + number


def test_the_board_names_who_is_waited_for_and_goes_on_when_they_do(room: Session) -> None:
    holding = (
        "import os, signal, sys\n"
        "from warroom.store.database import Database\n"
        "with Database.open(sys.argv[1], login='alice') as database, database.write():\n"
        "    os.kill(os.getpid(), signal.SIGSTOP)\n"
    )
    with board(room) as terminal:
        terminal.wait_for("Checkout answers 503")
        holder = subprocess.Popen([sys.executable, "-c", holding, str(room.target)], cwd=ROOT)
        try:
            os.waitid(os.P_PID, holder.pid, os.WSTOPPED)
            terminal.press("a")
            terminal.wait_for(f"waiting for alice, pid {holder.pid}, stopped")
            holder.send_signal(signal.SIGCONT)
            terminal.wait_for(re.compile(r"acknowledged \d\d:\d\d ana"))
            terminal.wait_gone("waiting for alice")
        finally:
            holder.kill()
            holder.wait()


def test_kill_9_loses_nothing_and_the_next_one_goes_on(room: Session) -> None:
    with board(room) as terminal:
        terminal.wait_for("Checkout answers 503")
        terminal.press("a")
        terminal.wait_for(re.compile(r"acknowledged \d\d:\d\d ana"))
        terminal.signal(signal.SIGKILL)
        assert terminal.exit_status() == 137
    with board(room) as terminal:
        terminal.wait_for(re.compile(r"acknowledged \d\d:\d\d ana"))


def test_the_headless_engine_ends_on_sigterm_and_takes_its_leave(room: Session) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "warroom", "--db", str(room.target), "engine"], cwd=ROOT, stderr=subprocess.PIPE
    )
    try:
        until(lambda: any(e.pid == child.pid and e.kind == "engine" for e in room.board().engines), "the engine")
        child.terminate()
        assert child.wait(PATIENCE_S) == 0
        assert not any(e.pid == child.pid for e in room.board().engines)
    finally:
        child.kill()
        child.wait()
        assert child.stderr is not None
        child.stderr.close()


def test_the_topic_goes_to_the_clipboard_once_and_nothing_else_does(room: Session) -> None:
    room.execute(Amend(title="\x1b]0;owned\x07" + "결제 " * 200), "INC-1")
    line = room.detail("INC-1").topic
    assert line.startswith("INC-1 SEV1") and 100 < len(line) <= CLIPBOARD_MOST
    with board(room, size=(120, 40)) as terminal:
        terminal.wait_for("INC-1")
        terminal.press("enter")
        terminal.wait_for("esc back")
        terminal.press("y")
        terminal.wait_for("sent to the terminal")
        terminal.press("q")
        terminal.wait_for("q quit")
        terminal.press("q")
        assert terminal.exit_status() == 0
        assert terminal.raw.count(b"\x1b]52;") == 1
        assert violations(bytes(terminal.raw), clipboard=line) == []


def test_the_topic_of_the_past_is_copied_as_such(room: Session) -> None:
    room.execute(Amend(title="Checkout recovers"), "INC-1")
    with board(room, size=(120, 40)) as terminal:
        terminal.wait_for("Checkout recovers")
        terminal.press("enter")
        terminal.wait_for("esc back")
        terminal.press("[", "[")
        terminal.wait_for(re.compile(r"PAST \d\d:\d\d:\d\d UTC"))
        terminal.wait_gone("Checkout recovers")  # the second step is drawn too, not only the first
        terminal.press("y")
        terminal.wait_for(re.compile(r"as it was \d\d:\d\d:\d\d UTC, sent"))
        terminal.press("q")
        terminal.wait_for("q quit")
        terminal.press("q")
        assert terminal.exit_status() == 0
        found = re.findall(rb"\x1b\]52;c;([^\x07]*)\x07", bytes(terminal.raw))
        (topic,) = (base64.b64decode(each).decode() for each in found)
        assert "Checkout answers 503" in topic
        assert violations(bytes(terminal.raw), clipboard=topic) == []
