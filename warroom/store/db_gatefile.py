"""The gate file as such: how it is made, its queue lock, and the card that says who is inside."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
from contextlib import suppress
from pathlib import Path

from warroom.store import db_files
from warroom.store.db_errors import Holder
from warroom.store.db_locks import clean_name, held_locks, process_holder, process_state
from warroom.words import tr

__all__ = ["card", "holder", "identity", "leave_queue", "open_gate", "queue_is_empty", "stand_in_queue"]

CARD_BYTES = 256

# struct flock of fcntl(2): type, whence, start, length, pid (0 for open file description locks).
_FLOCK = "hhqqi"
# Open file description locks are Linux; without them the gate still excludes, only its order is not kept.
_QUEUE_WAIT = getattr(fcntl, "F_OFD_SETLKW", 0)
_QUEUE_TRY = getattr(fcntl, "F_OFD_SETLK", 0)
_QUEUE_ASK = getattr(fcntl, "F_OFD_GETLK", 0)

# Bytes that are locked, however short the file: one guards the counter, and from the other on each is a place.
_COUNTER_LOCK = 0
_FIRST_PLACE = 16
_PLACES = 1 << 40
# The counter itself: how many places were ever taken. It may be lost; then the order is, once, not kept.
_COUNTER_AT = 512
_COUNTER = struct.Struct("<Q")


def _range(kind: int, start: int, length: int) -> bytes:
    """A struct flock; length 0 means to the end, wherever that is."""
    return struct.pack(_FLOCK, kind, os.SEEK_SET, start, length, 0)


def card(login: str) -> bytes:
    """What a holder leaves in the file: process id, login and host, in a fixed length that one write replaces."""
    words = f"{os.getpid()} {clean_name(login)} {clean_name(socket.gethostname())}".encode()
    return words[: CARD_BYTES - 1].ljust(CARD_BYTES - 1) + b"\n"


def holder(path: Path) -> Holder | None:
    """Who is inside the gate whose file is `path`, or None when nobody is (or nothing can be found out).

    The process comes from /proc/locks, its name from the card that it left in the file when that card is its own,
    and from the owner of the process otherwise. In another container the card is all there is.
    """
    held = [lock for lock in held_locks(path) if lock.kind == "FLOCK" and lock.write]
    card = _read_card(path)
    for lock in held:
        if lock.pid <= 0:
            continue
        if card is not None and card.pid == lock.pid:
            return Holder(card.login, card.pid, card.host, process_state(card.pid))
        return process_holder(lock.pid)
    if card is None or not _is_taken(path):
        return None
    return card


def _read_card(path: Path) -> Holder | None:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        words = os.pread(fd, CARD_BYTES, 0).decode("utf-8", "replace").split()
        return Holder(clean_name(words[1]), int(words[0]), clean_name(words[2]))
    except (OSError, ValueError, IndexError):
        return None
    finally:
        os.close(fd)


def _is_taken(path: Path) -> bool:
    """True when somebody is inside; asks the lock itself, for where /proc/locks says nothing."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(fd)
    return False


def identity(status: os.stat_result) -> tuple[int, int]:
    """What tells one file from another, whatever their names."""
    return status.st_dev, status.st_ino


def open_gate(path: Path) -> int:
    """A new open file description of the gate file, which is made with mode 0660 whatever the umask."""
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        while True:
            with suppress(FileNotFoundError):
                return os.open(path, flags)
            with suppress(FileExistsError):
                fd = os.open(path, flags | os.O_CREAT | os.O_EXCL, db_files.FILE_MODE)
                os.fchmod(fd, db_files.FILE_MODE)
                return fd
    except OSError as error:
        raise db_files.own_error(path, tr("the write gate cannot be used"), error) from error


def queue_is_empty(fd: int) -> bool:
    """True when nobody stands in the queue."""
    if not _QUEUE_ASK:
        return True
    answer = fcntl.fcntl(fd, _QUEUE_ASK, _range(fcntl.F_WRLCK, _FIRST_PLACE, 0))
    return bool(struct.unpack(_FLOCK, answer)[0] == fcntl.F_UNLCK)


def stand_in_queue(fd: int) -> None:
    """Take the place behind the last one and wait until who stood there has gone in, or is gone."""
    if not _QUEUE_WAIT:
        return
    fcntl.fcntl(fd, _QUEUE_WAIT, _range(fcntl.F_WRLCK, _COUNTER_LOCK, 1))
    try:
        place = _take_place(fd)
    finally:
        fcntl.fcntl(fd, _QUEUE_TRY, _range(fcntl.F_UNLCK, _COUNTER_LOCK, 1))
    if place > _FIRST_PLACE:
        fcntl.fcntl(fd, _QUEUE_WAIT, _range(fcntl.F_RDLCK, place - 1, 1))


def _take_place(fd: int) -> int:
    """Lock the byte behind the one that was taken last. The counter is a hint; the lock is what counts."""
    stored = os.pread(fd, _COUNTER.size, _COUNTER_AT)
    taken = _COUNTER.unpack(stored)[0] if len(stored) == _COUNTER.size else 0
    place = int(_FIRST_PLACE + taken % _PLACES)
    while not _try_place(fd, place):
        place += 1
    with suppress(OSError):  # on a full disk the next one finds its place by trying
        os.pwrite(fd, _COUNTER.pack(place + 1 - _FIRST_PLACE), _COUNTER_AT)
    return place


def _try_place(fd: int, place: int) -> bool:
    try:
        fcntl.fcntl(fd, _QUEUE_TRY, _range(fcntl.F_WRLCK, place, 1))
    except (BlockingIOError, PermissionError):  # EAGAIN or EACCES: taken
        return False
    return True


def leave_queue(fd: int) -> None:
    """Give up one's place, so that the next one is at the head."""
    if _QUEUE_TRY:
        fcntl.fcntl(fd, _QUEUE_TRY, _range(fcntl.F_UNLCK, _FIRST_PLACE, 0))
