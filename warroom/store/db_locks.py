"""Who holds a lock on a file, as far as this machine can tell, without opening or locking that file.

Source: /proc/locks (proc_locks(5)): one line per lock with its kind, process id, device and inode; lines with "->"
are waiters. Processes of another pid namespace (a container) are missing there or have the number 0.
"""

from __future__ import annotations

import os
import pwd
import socket
from collections.abc import Iterator
from pathlib import Path

from warroom.store.db_errors import Holder
from warroom.valueclass import dataclass

__all__ = ["HeldLock", "clean_name", "held_locks", "login_of", "process_holder", "process_state"]

_LOCKS = Path("/proc/locks")

_STATES = {"T": "stopped", "t": "stopped", "D": "waiting for the disk", "Z": "ended", "X": "ended"}


@dataclass(frozen=True, slots=True)
class HeldLock:
    """One granted lock: `kind` is FLOCK, POSIX or OFDLCK, `first` to `last` its bytes (None: to the end)."""

    kind: str
    write: bool
    pid: int
    device: int
    inode: int
    first: int
    last: int | None


def held_locks(path: Path, locks: Path = _LOCKS) -> list[HeldLock]:
    """The granted locks on the file at `path`; empty where the system does not tell."""
    try:
        status = path.stat()
        text = locks.read_text("ascii", "replace")
    except OSError:
        return []
    found = [lock for lock in _parse(text) if lock.inode == status.st_ino]
    # Some file systems (btrfs, overlay) show another device here than stat does; then the inode must do.
    return [lock for lock in found if lock.device == status.st_dev] or found


def _parse(text: str) -> Iterator[HeldLock]:
    for line in text.splitlines():
        words = line.split()
        if len(words) < 8 or words[1] == "->":
            continue
        try:
            major, minor, inode = words[5].split(":")
            yield HeldLock(
                kind=words[1],
                write=words[3] == "WRITE",
                pid=int(words[4]),
                device=os.makedev(int(major, 16), int(minor, 16)),
                inode=int(inode),
                first=int(words[6]),
                last=None if words[7] == "EOF" else int(words[7]),
            )
        except ValueError:
            continue


def process_state(pid: int) -> str:
    """A `Holder.state` for a process of this machine, from the third field of /proc/PID/stat."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except FileNotFoundError:
        return "ended"
    except OSError:
        return "unknown"
    # The name in parentheses may itself hold parentheses and blanks.
    return _STATES.get(text.rpartition(")")[2].split()[0], "running")


def process_holder(pid: int) -> Holder:
    """What is known about a process of this machine: its owner's login and whether it runs."""
    try:
        login = login_of(os.stat(f"/proc/{pid}").st_uid)  # noqa: PTH116
    except OSError:
        login = "somebody"
    return Holder(login=login, pid=pid, host=socket.gethostname(), state=process_state(pid))


def login_of(uid: int) -> str:
    """The login name of a user id, or the number where it has no name."""
    try:
        return clean_name(pwd.getpwuid(uid).pw_name)
    except KeyError:
        return str(uid)


def clean_name(text: str) -> str:
    """A name that another process wrote, made fit for a screen: printable, no blanks, at most 64 characters."""
    return "".join(char if char.isprintable() and not char.isspace() else "_" for char in text)[:64] or "somebody"
