"""The sender that writes lines to a file: whole lines, on the disk, whoever else writes and whatever dies."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from warroom.senders import file as module
from warroom.senders.file import FileSender
from warroom.store.outbox import Claimed

MESSAGE = Claimed(
    id="INC-1/3/1",
    incident=1,
    kind="page",
    to="ada",
    via="sms",
    address="+46700000001",
    subject="INC-1 SEV1 결제 오류",
    body="two\nlines “quoted”",
    created_at=datetime(2024, 3, 13, 10, 0, 0, 1, tzinfo=UTC),
    tries=2,
    maybe_twice=True,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.jsonl"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line_holds_the_whole_message(path: Path) -> None:
    FileSender(path)(MESSAGE)
    (line,) = lines(path)
    sent_at = datetime.fromisoformat(line.pop("sent_at"))
    assert abs((datetime.now(UTC) - sent_at).total_seconds()) < 60
    assert line == {
        "id": "INC-1/3/1",
        "kind": "page",
        "to": "ada",
        "via": "sms",
        "address": "+46700000001",
        "subject": "INC-1 SEV1 결제 오류",
        "body": "two\nlines “quoted”",
        "created_at": "2024-03-13T10:00:00.000001+00:00",
        "try": 2,
        "maybe_twice": True,
    }
    assert path.read_text().count("\n") == 1
    assert "결제" in path.read_text()


def test_who_shares_the_room_shares_the_file_whatever_the_umask(path: Path) -> None:
    before = os.umask(0o077)
    try:
        FileSender(path)(MESSAGE)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_lines_are_added_and_never_changed(path: Path) -> None:
    path.write_text('{"id": "somebody else\'s"}\n')
    path.chmod(0o600)
    for _ in range(3):
        FileSender(path)(MESSAGE)
    assert [line["id"] for line in lines(path)] == ["somebody else's", *["INC-1/3/1"] * 3]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_counts_when_it_is_on_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []

    def fsync(handle: int) -> None:
        flushed.append(os.fstat(handle).st_size)

    monkeypatch.setattr(os, "fsync", fsync)
    FileSender(path)(MESSAGE)
    assert flushed == [path.stat().st_size]


def test_after_half_a_line_the_next_begins_on_its_own(path: Path) -> None:
    FileSender(path)(MESSAGE)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])  # a sender that was killed in the middle
    FileSender(path)(MESSAGE)
    first, torn, last = path.read_bytes().splitlines()
    assert torn == whole[:40]
    assert json.loads(first)["id"] == json.loads(last)["id"] == MESSAGE.id


def test_a_line_that_could_not_be_written_whole_is_a_failure(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write

    def full(handle: int, data: bytes) -> int:
        return write(handle, data[: len(data) // 2])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match=r"only \d+ of \d+ bytes could be written to .*outbox.jsonl"):
        FileSender(path)(MESSAGE)
    monkeypatch.undo()
    FileSender(path)(MESSAGE)
    assert json.loads(path.read_bytes().splitlines()[-1])["id"] == MESSAGE.id


def test_many_at_once_do_not_mix_their_lines(path: Path) -> None:
    def send() -> None:
        for _ in range(25):
            FileSender(path)(MESSAGE)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lines(path)) == 8 * 25


def test_a_file_that_stays_locked_is_a_failure_and_no_stand_still(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOCK_WAIT_S", 0.05)
    path.touch()
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(BlockingIOError):
            FileSender(path)(MESSAGE)
        threading.Timer(0.02, fcntl.flock, (other, fcntl.LOCK_UN)).start()
        FileSender(path)(MESSAGE)
    assert len(lines(path)) == 1


def test_a_place_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        FileSender(tmp_path / "missing" / "outbox.jsonl")(MESSAGE)
    with pytest.raises(OSError, match="directory"):
        FileSender(tmp_path)(MESSAGE)
