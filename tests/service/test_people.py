"""Who is there, as people are told: what the kernel says of a process on this machine counts for more than its row."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from warroom.service.people import engine_line
from warroom.store.codec import to_us

NOW = datetime(2026, 3, 11, 14, 0, tzinfo=UTC)
HERE = socket.gethostname().partition(".")[0]


def row(pid: int, *, host: str = HERE, seen: timedelta = timedelta(seconds=1)) -> SimpleNamespace:
    seen_at = to_us(NOW - seen)
    return SimpleNamespace(login="mina", host=host, pid=pid, kind="board", seen_at=seen_at, lag_us=0, note="")


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def test_a_process_that_runs_is_alive(child: subprocess.Popen[bytes]) -> None:
    line = engine_line(row(child.pid), NOW)
    assert (line.alive, line.note, line.me) == (True, "", False)
    assert engine_line(row(os.getpid()), NOW).me


def test_a_stopped_one_is_not_and_it_is_said(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGSTOP)
    os.waitpid(child.pid, os.WUNTRACED)
    line = engine_line(row(child.pid), NOW)
    assert (line.alive, line.note) == (False, "stopped")


def test_one_that_was_killed_is_gone_at_once_even_before_anybody_has_taken_note(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    line = engine_line(row(child.pid), NOW)
    assert (line.alive, line.note) == (False, "ended")


@pytest.mark.parametrize(("seen", "alive"), [(1, True), (15, True), (17, False)])
def test_on_another_machine_the_last_word_counts(seen: int, alive: bool) -> None:
    assert engine_line(row(1, host="elsewhere", seen=timedelta(seconds=seen)), NOW).alive is alive
