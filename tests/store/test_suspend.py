"""Ctrl-Z: the transaction ends first, nobody else is held up, and the process goes on afterwards."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from tests.store.db_support import StartChild
from tests.support import REPOSITORY
from warroom.store import suspend
from warroom.store.gate import Gate, holder

pytest_plugins = ("tests.store.db_support",)

STOP_SIGNALS = (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)

# Each writes "in" once it is inside, "done" at the end of its transaction, and "resumed" when it was continued.
HEAD = """
import os, pathlib, signal, sys, threading, time
from warroom.store import suspend
from warroom.store.gate import Gate
path = pathlib.Path(sys.argv[1])
say = lambda *words: os.write(1, (" ".join(map(str, words)) + "\\n").encode())
def spin(seconds):  # a wait that a signal's arrival does not end early
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)
suspend.install(grace_s=float(sys.argv[2]) if len(sys.argv) > 2 else 5.0)
suspend.on_resume(lambda: say("resumed"))
gate = Gate(path, login="carol")
"""

IN_MAIN_THREAD = (
    HEAD
    + """
with gate.hold():
    say("in")
    spin(0.4)
    (path.parent / "written").write_text("whole")
say("after")
with gate.hold():
    say("again")
sys.stdin.readline()
"""
)

IN_OTHER_THREAD = (
    HEAD
    + """
def work():
    mine = Gate(path, login="engine")
    with mine.hold():
        say("in")
        spin(0.4)
        (path.parent / "written").write_text("whole")
    with mine.hold():
        say("again")
thread = threading.Thread(target=work)
thread.start()
thread.join()
sys.stdin.readline()
"""
)

ENDLESS_IN_MAIN = (
    HEAD
    + """
with gate.hold():
    say("in")
    while True:
        time.sleep(0.01)
"""
)

ENDLESS_IN_OTHER = (
    HEAD
    + """
def work():
    with Gate(path, login="engine").hold():
        say("in")
        while True:
            time.sleep(0.01)
threading.Thread(target=work, daemon=True).start()
while True:
    time.sleep(0.01)
"""
)

WAITS = (
    HEAD
    + """
say("ready")
with gate.hold():
    say("in")
sys.stdin.readline()
"""
)

WAITS_IN_OTHER_THREAD = (
    HEAD
    + """
def work():
    with Gate(path, login="engine").hold():
        say("in")
thread = threading.Thread(target=work)
thread.start()
say("ready")
thread.join()
sys.stdin.readline()
"""
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "room.db.gate"


@pytest.fixture
def clean() -> Iterator[None]:
    """Leave this process's own signal handling as it was."""
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    yield
    suspend.uninstall()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("code", [IN_MAIN_THREAD, IN_OTHER_THREAD], ids=["main thread", "other thread"])
@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_a_transaction_ends_before_the_stop_and_others_go_on(
    path: Path, child: StartChild, code: str, number: signal.Signals
) -> None:
    other = child(code, path)
    assert other.hear() == "in"
    os.kill(other.pid, number)
    assert other.stopped_by() == number
    assert (path.parent / "written").read_text() == "whole"
    assert holder(path) is None
    gate = Gate(path)
    with gate.hold(1.0):
        pass
    gate.close()
    os.kill(other.pid, signal.SIGCONT)
    heard = {other.hear(), other.hear()}
    if "after" in heard:
        heard.add(other.hear())
    assert {"resumed", "again"} <= heard


@pytest.mark.parametrize("code", [WAITS, WAITS_IN_OTHER_THREAD], ids=["main thread", "other thread"])
def test_who_is_stopped_while_waiting_stands_in_nobodys_way(path: Path, child: StartChild, code: str) -> None:
    first, last = Gate(path), Gate(path)
    with first.hold():
        other = child(code, path)
        assert other.hear() == "ready"
        time.sleep(0.1)  # until it stands in the queue; too early only makes the test weaker
        began = time.monotonic()
        os.kill(other.pid, signal.SIGTSTP)
        assert other.stopped_by() == signal.SIGTSTP
        assert time.monotonic() - began < 2.0, "a wait is not a transaction: nothing to wait for"
    began = time.monotonic()
    for _ in range(20):
        with last.hold(5.0):
            pass
    assert time.monotonic() - began < 0.5
    assert other.hear(0.2) == "", "it must not have gone in while stopped"
    os.kill(other.pid, signal.SIGCONT)
    assert sorted([other.hear(), other.hear()]) == ["in", "resumed"]
    first.close()
    last.close()


@pytest.mark.parametrize("code", [ENDLESS_IN_MAIN, ENDLESS_IN_OTHER], ids=["main thread", "other thread"])
def test_a_transaction_without_end_delays_the_stop_only_so_long(path: Path, child: StartChild, code: str) -> None:
    other = child(code, path, 0.3)
    assert other.hear() == "in"
    began = time.monotonic()
    os.kill(other.pid, signal.SIGTSTP)
    assert other.stopped_by() == signal.SIGTSTP
    assert 0.25 < time.monotonic() - began < 3.0
    who = holder(path)
    assert who is not None
    assert who.stopped
    os.kill(other.pid, signal.SIGCONT)
    assert other.hear() == "resumed"
    os.kill(other.pid, signal.SIGTSTP)  # and it works a second time
    assert other.stopped_by() == signal.SIGTSTP


def test_idle_processes_stop_at_once_and_again(path: Path, child: StartChild) -> None:
    other = child(HEAD + "say('ready')\nwhile True:\n    time.sleep(0.01)", path)
    assert other.hear() == "ready"
    for number in (*STOP_SIGNALS, signal.SIGTSTP):
        os.kill(other.pid, number)
        assert other.stopped_by() == number
        os.kill(other.pid, signal.SIGCONT)
        assert other.hear() == "resumed"


def test_a_handler_that_was_there_does_the_stopping(clean: None) -> None:
    seen: list[str] = []
    inside, leave = threading.Event(), threading.Event()

    def driver(number: int, frame: FrameType | None) -> None:
        seen.append("driver")

    signal.signal(signal.SIGTSTP, driver)
    suspend.install()
    suspend.install()  # a second time changes nothing
    undo = suspend.on_resume(lambda: seen.append("resumed"))
    undo_before = suspend.before_stop(lambda: seen.append("before"))

    def work() -> None:
        with suspend.transaction():
            inside.set()
            leave.wait(60)
            seen.append("committed")

    thread = threading.Thread(target=work)
    thread.start()
    assert inside.wait(60)
    timer = threading.Timer(0.05, leave.set)
    timer.start()
    signal.raise_signal(signal.SIGTSTP)
    thread.join()
    undo()
    undo_before()
    assert seen == ["committed", "before", "driver", "resumed"]
    suspend.uninstall()
    assert signal.getsignal(signal.SIGTSTP) is driver


def test_no_transaction_begins_while_the_process_stops(clean: None) -> None:
    order: list[str] = []
    thread: list[threading.Thread] = []

    def work() -> None:
        with suspend.transaction():
            order.append("began")

    def driver(number: int, frame: FrameType | None) -> None:
        thread.append(threading.Thread(target=work))
        thread[0].start()
        thread[0].join(0.2)  # it must not get anywhere
        with suspend.transaction():  # but what the stopping thread itself does must not lock it up
            order.append("driver")

    signal.signal(signal.SIGTSTP, driver)
    suspend.install()
    signal.raise_signal(signal.SIGTSTP)
    thread[0].join(60)
    assert order == ["driver", "began"]


def test_a_stop_waits_for_the_end_of_nested_transactions(clean: None) -> None:
    order: list[str] = []
    signal.signal(signal.SIGTSTP, lambda number, frame: order.append("stop"))
    suspend.install()
    with suspend.transaction():
        with suspend.transaction():
            signal.raise_signal(signal.SIGTSTP)
            signal.raise_signal(signal.SIGTSTP)  # an impatient user
            order.append("inner")
        order.append("outer")
    order.append("after")
    assert order == ["inner", "outer", "stop", "after"]


def test_a_failing_callback_does_not_hinder_the_others(clean: None, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []

    def fails() -> None:
        raise ZeroDivisionError

    signal.signal(signal.SIGTSTP, lambda number, frame: None)
    suspend.install()
    undo = [suspend.on_resume(fails), suspend.on_resume(lambda: seen.append("second"))]
    signal.raise_signal(signal.SIGTSTP)
    for each in undo:
        each()
    assert seen == ["second"]
    assert "ZeroDivisionError" in caplog.text


def test_an_ignored_signal_stays_ignored(clean: None) -> None:
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    suspend.install()
    assert signal.getsignal(signal.SIGTSTP) is signal.SIG_IGN
    assert not suspend.installed()


def test_installing_outside_the_main_thread_is_refused(clean: None) -> None:
    caught: list[BaseException] = []

    def work() -> None:
        try:
            suspend.install()
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert "main thread" in str(caught[0])


def test_a_shell_sees_a_stopped_job_and_continues_it(path: Path) -> None:
    """The real thing: a terminal, a shell with job control, Ctrl-Z inside a transaction, `fg`."""
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("needs bash for its job control")
    program = path.parent / "job.py"
    program.write_text(IN_MAIN_THREAD)
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(REPOSITORY)
        os.execve(shell, [shell, "--norc", "-i"], os.environ | {"PS1": "$ ", "PYTHONPATH": str(REPOSITORY)})
    output = b""

    def expect(text: bytes) -> None:
        nonlocal output
        end = time.monotonic() + 60
        while text not in output and time.monotonic() < end:
            if select.select([terminal], [], [], 0.1)[0]:
                output += os.read(terminal, 4096)
        assert text in output, output
        output = output.partition(text)[2]

    try:
        expect(b"$ ")
        os.write(terminal, f"{sys.executable} {program} {path}\n".encode())
        expect(b"in\r\n")
        os.write(terminal, b"\x1a")
        expect(b"Stopped")
        assert (path.parent / "written").read_text() == "whole"
        assert holder(path) is None
        os.write(terminal, b"fg\n")
        expect(b"resumed")
        expect(b"again")
    finally:
        os.close(terminal)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
