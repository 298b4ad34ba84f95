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

__all__ = ["card", "holder", "identity", "leave_queue", "open_gate", "try_queue", "wait_queue"]

CARD_BYTES = 256

# struct flock of fcntl(2): type, whence, start, length, pid (0 for open file description locks).
_FLOCK = "hhqqi"
# Open file description locks are Linux; without them the gate still excludes, only its order is not kept.
_QUEUE_WAIT = getattr(fcntl, "F_OFD_SETLKW", None)
_QUEUE_TRY = getattr(fcntl, "F_OFD_SETLK", None)


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
        raise db_files.own_error(path, "the write gate cannot be used", error) from error


def _queue_lock(kind: int) -> bytes:
    return struct.pack(_FLOCK, kind, os.SEEK_SET, 0, 1, 0)


def wait_queue(fd: int) -> None:
    """Stand in the queue until its head is ours."""
    if _QUEUE_WAIT is not None:
        fcntl.fcntl(fd, _QUEUE_WAIT, _queue_lock(fcntl.F_WRLCK))


def try_queue(fd: int) -> bool:
    """Become the head of the queue if nobody is waiting."""
    if _QUEUE_TRY is not None:
        try:
            fcntl.fcntl(fd, _QUEUE_TRY, _queue_lock(fcntl.F_WRLCK))
        except (BlockingIOError, PermissionError):  # EAGAIN or EACCES: somebody else has it
            return False
    return True


def leave_queue(fd: int) -> None:
    """Let the next one be the head of the queue."""
    if _QUEUE_TRY is not None:
        fcntl.fcntl(fd, _QUEUE_TRY, _queue_lock(fcntl.F_UNLCK))
