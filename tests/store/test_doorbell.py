"""Waiting for somebody who rings, and for files that are written to."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from tests.support.systems import with_inotify
from warroom.store import doorbell
from warroom.store.doorbell import Doorbell

FAR_S = 20.0


def test_who_has_rung_before_is_not_waited_for() -> None:
    bell, begun = Doorbell(), time.monotonic()
    bell.ring()
    bell.ring()
    assert not bell.wait(FAR_S)
    assert time.monotonic() - begun < FAR_S / 2
    assert not bell.wait(0.0), "and was heard once"


def test_whoever_rings_wakes_who_waits() -> None:
    bell, begun = Doorbell(), time.monotonic()
    thread = threading.Thread(target=bell.ring)
    thread.start()
    bell.wait(FAR_S)
    thread.join()
    assert time.monotonic() - begun < FAR_S / 2


@with_inotify
def test_a_file_that_is_written_to_ends_the_waiting_and_others_do_not(tmp_path: Path) -> None:
    one, other = tmp_path / "room.db", tmp_path / "other"
    one.write_text("")
    bell, begun = Doorbell(), time.monotonic()
    bell.follow((one, tmp_path / "not-there"))
    assert bell.follows
    other.write_text("x")
    assert not bell.wait(0.0)
    with one.open("a") as file:
        file.write("x")
    assert bell.wait(FAR_S)
    assert time.monotonic() - begun < FAR_S / 2
    assert not bell.wait(0.0), "it was told once"


@with_inotify
def test_writing_is_told_of_but_ends_no_waiting_where_it_is_not_to(tmp_path: Path) -> None:
    path = tmp_path / "room.db"
    path.write_text("")
    bell = Doorbell()
    bell.follow((path,))
    path.write_text("y")
    begun = time.monotonic()
    assert bell.wait(0.02, files=False)
    assert time.monotonic() - begun >= 0.02


def test_without_files_or_a_system_that_tells_somebody_has_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = Doorbell()
    bell.follow((tmp_path / "not-there",))
    assert not bell.follows
    monkeypatch.setattr(doorbell, "_inotify", lambda: None)
    path = tmp_path / "room.db"
    path.write_text("")
    bell.follow((path,))
    assert not bell.follows
    path.write_text("y")
    assert not bell.wait(0.0)


def test_a_system_without_event_descriptors_rings_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.eventfd", raising=False)
    bell, begun = Doorbell(), time.monotonic()
    bell.ring()
    assert not bell.wait(FAR_S)
    assert not bell.wait(0.0)
    assert time.monotonic() - begun < FAR_S / 2
