"""SQLite's result codes, said in the store's own errors."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from warroom.store.db_errors import DatabaseBusy, DatabaseError, DatabaseReadOnly, DatabaseUnusable, DiskFull
from warroom.store.db_locks import held_locks, process_holder
from warroom.words import tr

__all__ = ["CANTOPEN", "READONLY", "code_of", "translate"]

# Primary result codes (https://sqlite.org/rescode.html); extended codes carry them in the low byte.
PERM, BUSY, LOCKED, READONLY, IOERR, CORRUPT = 3, 5, 6, 8, 10, 11
FULL, CANTOPEN, PROTOCOL, NOTADB = 13, 14, 15, 26

_LITTLE_SPACE_BYTES = 64 * 1024


def code_of(error: BaseException | None) -> int | None:
    """The primary result code that a driver's error carries, None for any other error."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF


def translate(error: BaseException, file: Path, busy_timeout_s: float) -> DatabaseError | None:
    """The store's own error for a driver's or SQLAlchemy's, None where the cause is the caller's statement."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = code_of(cause)
    if code == FULL or (code == IOERR and _out_of_space(file)):
        return DiskFull(
            tr("the disk is full; nothing was written"), file, tr("Free some space: it goes on by itself then.")
        )
    if code in (BUSY, LOCKED, PROTOCOL):
        return _busy(file, busy_timeout_s)
    if code == READONLY:
        return DatabaseReadOnly(
            tr("this is open for reading only"), file, tr("Open it with write access to change anything.")
        )
    if code == IOERR:
        name = getattr(cause, "sqlite_errorname", "SQLITE_IOERR")
        return DatabaseUnusable(
            tr("the operating system reported an input/output error ({name}); nothing half-written remains").format(
                name=name
            ),
            file,
            tr("Look at the disk, its quota and the file size limit of this process."),
            retry=True,
        )
    if code == NOTADB:
        return DatabaseUnusable(tr("is not a database"), file, tr("Name the room's database file with --db."))
    if code == CORRUPT:
        return DatabaseUnusable(
            tr("is damaged"), file, tr("Keep a copy of it together with its -wal file, and restore the last backup.")
        )
    if code in (CANTOPEN, PERM):
        return DatabaseUnusable(
            tr("cannot be opened"), file, tr("Check that the file and its directory may be read and written.")
        )
    return None


def _out_of_space(file: Path) -> bool:
    """A full disk comes as an input/output error where SQLite was not writing a page just then (-shm, fsync)."""
    with suppress(OSError):
        room = os.statvfs(file.parent)
        return room.f_bavail * room.f_frsize < _LITTLE_SPACE_BYTES
    return False


def _busy(file: Path, seconds: float) -> DatabaseBusy:
    """Somebody writes who does not come through the gate, or a reader does not end."""
    for path in (Path(f"{file}-shm"), file):
        for lock in held_locks(path):
            if lock.write and lock.pid > 0 and lock.pid != os.getpid():
                who = process_holder(lock.pid)
                return DatabaseBusy(
                    tr("waited {seconds:.0f} s for {holder}").format(seconds=seconds, holder=who.describe()),
                    file,
                    tr(
                        "Another program is writing this file: let it end its transaction, or end process {pid}."
                    ).format(pid=who.pid),
                    holder=who,
                )
    return DatabaseBusy(
        tr("waited {seconds:.0f} s for another program").format(seconds=seconds),
        file,
        tr("Let it end its transaction, and try again."),
    )
