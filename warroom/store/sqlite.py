"""SQLite: one file that many processes write, and every rule that this needs.

* The library. SQLite 3.7.0 to 3.51.2 can lose acknowledged commits and corrupt the file in WAL mode when several
  processes write and checkpoint (fixed in 3.51.3, 3.50.7 and 3.44.6: https://sqlite.org/wal.html, "The WAL-Reset
  Bug"). A fixed library makes the file in WAL mode; any other makes it with a rollback journal (PERSIST) and
  refuses to write an existing WAL file. No file is ever converted.
* The files. The database is made 0660 before SQLite sees it (which would take 0644 whatever the umask); SQLite
  gives -wal, -shm and -journal the same mode. It is made under the gate, complete, and put in place by a rename.
* The file is never opened here by anything but SQLite: closing such a handle would drop SQLite's locks. Everything
  this module knows of it comes from stat.
* Writing: gate, then BEGIN IMMEDIATE. Reading: a connection of its own, BEGIN (deferred), query_only.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.pool import NullPool

from warroom.store import db_files, db_traceless
from warroom.store.db_backend import WRITE_OPTION, DatabaseFacts, OnWait, Settings
from warroom.store.db_backup import copy_in_another_process
from warroom.store.db_driver import library_is_fixed, load_driver
from warroom.store.db_errors import DatabaseBusy, DatabaseError, DatabaseReadOnly, DatabaseUnusable
from warroom.store.db_sqlite_errors import CANTOPEN, READONLY, code_of, translate
from warroom.store.db_sqlite_warnings import warnings_of
from warroom.store.gate import Gate
from warroom.words import tr

__all__ = ["SqliteBackend", "library_is_fixed", "load_driver"]

BUSY_TIMEOUT_S = 30.0
"""SQLite's own wait, in seconds: a backstop behind the gate, for programs that do not know the gate."""

JOURNAL_LIMIT_BYTES = 16 * 1024 * 1024
"""What a -wal or -journal file shrinks back to after a long read or a large import made it grow."""

_SYNCHRONOUS = {0: "off", 1: "normal", 2: "full", 3: "extra"}
_SIDE_FILES = ("-wal", "-shm", "-journal")


class SqliteBackend:
    """One SQLite file, for one thread. See `warroom.store.db_backend.Backend` for what each method promises."""

    name = "sqlite"

    def __init__(self, target: Path, settings: Settings) -> None:
        # SQLite puts -wal and -journal beside the real file: so must the gate stand, whatever link leads here.
        self._file = Path(os.path.realpath(target))
        self.path: Path | None = self._file
        self.where = str(self._file)
        self._settings = settings
        self._driver = load_driver()
        self._fixed = library_is_fixed(tuple(self._driver.sqlite_version_info))
        self._on_wait: OnWait | None = None
        self._gate: Gate | None = None
        self._mode = "ro" if settings.readonly else "rw"
        self._rollback_journal = False
        self._immutable = False
        self._busy_s = db_traceless.BUSY_TIMEOUT_S if settings.traceless else BUSY_TIMEOUT_S
        self._seen: tuple[int, ...] = ()
        self._log: int | None = None  # the inode of the -wal file that belongs to the file last opened

    # -- opening ------------------------------------------------------------------------------------------------

    def open(self, *, create: bool) -> Engine:
        self._refuse_network(self._file.parent)
        self._refuse_old_log()
        if self._settings.readonly:
            self._check_file()
            self._open_readonly()
        else:
            self._open_writable(create)
        self._seen = self._stamp()
        engine = create_engine(
            URL.create("sqlite", database=str(self._file)),
            module=self._driver,
            creator=self._connect,
            poolclass=NullPool,  # the two connections live as long as the database is open
        )
        event.listen(engine, "begin", self._begin)
        return engine

    def _refuse_network(self, directory: Path) -> None:
        kind = db_files.filesystem_of(directory)
        if db_files.is_network_filesystem(kind):
            raise DatabaseUnusable(
                tr("lies on a network or user-space file system ({kind}), where file locks cannot be trusted").format(
                    kind=kind
                ),
                self._file,
                tr("Use a local disk, or a PostgreSQL server: --db postgresql+psycopg://HOST/NAME."),
            )

    def _refuse_old_log(self) -> None:
        """A file that was put in place of the one that was open here must not meet the old one's log."""
        stamp = self._stamp()
        if not self._log or not stamp or stamp[:2] == self._seen[:2] or self._log_inode() != self._log:
            return
        raise DatabaseUnusable(
            tr("was replaced, and the log of the old file still stands beside it: SQLite would mix the two"),
            self._file,
            tr("End every warroom on it, move {file}-wal and {file}-shm away, and start again.").format(
                file=self._file.name
            ),
            retry=True,
        )

    def _log_inode(self) -> int | None:
        with suppress(OSError):
            return Path(f"{self._file}-wal").stat().st_ino
        return None

    def _check_file(self) -> None:
        """Refuse what is there but cannot be a database. Raises DatabaseUnusable also when nothing is there."""
        try:
            status = self._file.stat()
        except FileNotFoundError:
            raise DatabaseUnusable(
                tr("there is no such file"),
                self._file,
                tr("Check the path, or start warroom once with write access there: it makes the file."),
                retry=True,
            ) from None
        except OSError as error:
            raise db_files.own_error(self._file, tr("cannot be reached"), error) from error
        if not stat.S_ISREG(status.st_mode):
            what = tr("is a directory") if stat.S_ISDIR(status.st_mode) else tr("is not a regular file")
            raise DatabaseUnusable(what, self._file, tr("Name a file, such as room.db inside that directory."))
        if status.st_size == 0:
            raise DatabaseUnusable(
                tr("is empty (0 bytes), which a war room never is"),
                self._file,
                tr("If it once held a room, restore a backup; if not, remove it and warroom makes a new one."),
            )
        if not _may(self._file, os.R_OK):
            raise DatabaseUnusable(tr("you may not read this file"), self._file, tr("Ask its owner for access."))

    def _open_writable(self, create: bool) -> None:
        if not os.path.lexists(self._file):
            if not create:
                self._check_file()
            db_files.make_directory(self._file.parent)
        else:
            self._check_file()
        directory = self._file.parent
        if not _may(directory, os.W_OK | os.X_OK):
            raise self._not_writable(directory, tr("you may not write in this directory"))
        if self._gate is None:
            gate_path = self._file.with_name(self._file.name + ".gate")
            self._gate = Gate(gate_path, login=self._settings.login, on_wait=self._on_wait)
        if not self._file.exists():
            with self._gate.hold(self._settings.timeout_s):
                # Somebody else may have made it while we waited.
                if not self._file.exists():
                    self._create()
        self._check_file()
        if not _may(self._file, os.W_OK):
            raise self._not_writable(self._file, tr("you may not write this file"))
        # An unfixed library must not even close a writing connection to a WAL file (that checkpoints it).
        try:
            journal = self._journal_mode("rw" if self._fixed else "ro")
        except DatabaseReadOnly:
            if not self._has_hot_journal():
                raise
            journal = "persist"  # reading alone cannot undo the commit of a dead writer; we shall, by writing
        if journal == "wal" and not self._fixed:
            raise DatabaseUnusable(
                tr("is in WAL mode, and SQLite {version} can lose commits there when several processes write").format(
                    version=self._driver.sqlite_version
                ),
                self._file,
                tr("Install the package pysqlite3 (or a Python with SQLite 3.51.3 or newer), or open it read-only."),
            )
        self._rollback_journal = journal != "wal"

    def _not_writable(self, path: Path, what: str) -> DatabaseReadOnly:
        return DatabaseReadOnly(what, path, tr("Ask its owner for write access, or open the room read-only."))

    def _create(self) -> None:
        """Make the file beside its place, set the journal mode once and for all, and put it there by a rename."""
        draft = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        try:
            draft.unlink(missing_ok=True)
            db_files.make_file(draft)
            connection = self._driver.connect(_uri(draft, "rw"), uri=True, isolation_level=None)
            try:
                if self._fixed:
                    connection.execute("PRAGMA journal_mode=WAL")
                # The first page; PERSIST itself is set by every connection, the file does not carry it.
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("COMMIT")
            finally:
                connection.close()
            draft.rename(self._file)
            db_files.sync_directory(self._file.parent)
        except OSError as error:
            raise db_files.own_error(self._file, tr("cannot make the database"), error) from error
        except self._driver.Error as error:
            raise self.translate(error) or error from error
        finally:
            for suffix in ("", *_SIDE_FILES):
                with suppress(OSError):
                    Path(f"{draft}{suffix}").unlink()

    def _open_readonly(self) -> None:
        """Find the way in which this file can be read with the permissions at hand."""
        self._immutable = self._settings.traceless and not self._has_journal()
        if self._settings.traceless and (path := db_traceless.unreadable(self._file)) is not None:
            raise DatabaseUnusable(tr("you may not read this file"), path, tr("Ask its owner for access."), retry=True)
        try:
            self._journal_mode("ro")
        except (DatabaseReadOnly, DatabaseUnusable) as error:
            if code_of(error.__cause__) not in (READONLY, CANTOPEN):
                raise
            # WAL, and no right to make the -shm file that reading needs. With a writer there it would exist.
            if self._has_journal():
                raise self._no_engine() from error
            self._immutable = True
            self._journal_mode("ro")

    def _no_engine(self) -> DatabaseUnusable:
        return DatabaseUnusable(
            tr("no engine is running, and reading alone is not possible: the last writer left its log behind"),
            self._file,
            tr("Start warroom once with write access there; this is tried again."),
            retry=True,
        )

    def _has_journal(self) -> bool:
        return any(os.path.lexists(f"{self._file}{suffix}") for suffix in ("-wal", "-journal"))

    def _has_hot_journal(self) -> bool:
        """After SQLite refused to read alone: a writer died in the middle of a commit with a rollback journal."""
        return os.path.lexists(f"{self._file}-journal") and not os.path.lexists(f"{self._file}-wal")

    def _journal_mode(self, mode: str) -> str:
        """Look at the file through SQLite: its journal mode, or an own error when it is no usable database."""
        connection = None
        try:
            connection = self._driver.connect(self._uri(mode), uri=True, isolation_level=None, timeout=self._busy_s)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return str(connection.execute("PRAGMA journal_mode").fetchone()[0])
        except self._driver.Error as error:
            raise self.translate(error) or error from error
        finally:
            if connection is not None:
                connection.close()

    def _connect(self) -> Any:
        connection = self._driver.connect(
            self._uri(self._mode),
            uri=True,
            isolation_level=None,  # BEGIN is ours; COMMIT and ROLLBACK still come through the driver
            timeout=self._busy_s,
        )
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        if self._mode == "rw":
            if self._rollback_journal:
                connection.execute("PRAGMA journal_mode=PERSIST")
            connection.execute(f"PRAGMA journal_size_limit={JOURNAL_LIMIT_BYTES}").fetchone()
        if self._settings.traceless:
            db_traceless.restrain(connection)
        return connection

    def _uri(self, mode: str) -> str:
        traceless = self._settings.traceless and not self._immutable
        return _uri(self._file, mode, self._immutable) + ("&readonly_shm=1" if traceless else "")

    # -- transactions -------------------------------------------------------------------------------------------

    def _begin(self, connection: Connection) -> None:
        """The one "begin" listener: the gate and the write lock for a writer, a plain snapshot for a reader."""
        raw = _raw(connection)
        if not connection.get_execution_options().get(WRITE_OPTION):
            raw.execute("BEGIN")
            return
        assert self._gate is not None
        self._gate.acquire(self._settings.timeout_s)
        raw.execute("BEGIN IMMEDIATE")  # on an error `after_write` opens the gate again

    def prepare_reader(self, connection: Connection) -> None:
        raw = _raw(connection)
        raw.execute("PRAGMA query_only=ON")
        raw.execute(
            "SELECT count(*) FROM sqlite_master"
        ).fetchone()  # from now on there is a log, and it is this file's
        self._log = None if self._immutable else self._log_inode()

    def mark(self, connection: Connection) -> int:
        return int(_raw(connection).execute("PRAGMA data_version").fetchone()[0])

    def after_write(self) -> None:
        if self._gate is not None:
            self._gate.release()

    def stale(self) -> bool:
        if self._immutable:
            return self._has_journal() or self._stamp() != self._seen
        return self._stamp() != self._seen

    def after_read(self) -> None:
        # An immutable file is read without locks or checks: it must not have changed meanwhile.
        if self._immutable and self.stale():
            raise DatabaseBusy(tr("somebody began to write while this was read"), self._file, tr("Read again."))

    def _stamp(self) -> tuple[int, ...]:
        """What tells this file from one that was put in its place (and, for an immutable one, from a changed one)."""
        try:
            status = os.stat(self._file)  # noqa: PTH116 - the fast way, before every transaction
        except OSError:
            return ()
        if self._immutable:
            return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
        return status.st_dev, status.st_ino

    def on_wait(self, callback: OnWait | None) -> None:
        self._on_wait = callback
        if self._gate is not None:
            self._gate.on_wait = callback

    def translate(self, error: BaseException) -> DatabaseError | None:
        own = translate(error, self._file, self._busy_s)
        if isinstance(own, DatabaseReadOnly) and self._settings.readonly and self._has_hot_journal():
            return self._no_engine()
        return own

    # -- the rest -----------------------------------------------------------------------------------------------

    def backup(self, name: str) -> Path:
        target = self._file.with_name(f"{self._file.name}.{name}")
        copy_in_another_process(self._file, target, self._driver.__name__)
        return target

    def facts(self, connection: Connection) -> DatabaseFacts:
        raw = _raw(connection)
        # An immutable file is read without a journal, whatever its mode; the answer would mislead.
        journal = tr("not used") if self._immutable else str(raw.execute("PRAGMA journal_mode").fetchone()[0])
        kind = db_files.filesystem_of(self._file.parent)
        places = {"database": self._file, "directory": self._file.parent}
        places["gate"] = self._file.with_name(self._file.name + ".gate")
        places |= {suffix: Path(f"{self._file}{suffix}") for suffix in _SIDE_FILES}
        permissions = {name: text for name, path in places.items() if (text := db_files.describe_permissions(path))}
        return DatabaseFacts(
            backend=self.name,
            driver=self._driver.__name__,
            library_version=self._driver.sqlite_version,
            fixed_library=self._fixed,
            journal_mode=journal,
            synchronous=_SYNCHRONOUS.get(int(raw.execute("PRAGMA synchronous").fetchone()[0]), "unknown"),
            path=self._file,
            filesystem=kind,
            readonly=self._settings.readonly,
            immutable=self._immutable,
            permissions=permissions,
            warnings=tuple(
                warnings_of(self._file, None if self._fixed else self._driver.sqlite_version, journal, self._immutable)
            ),
        )

    def integrity(self, connection: Connection) -> list[str]:
        # Indexes and constraints too; after so many problems the file is to be restored, not read on.
        rows = _raw(connection).execute("PRAGMA integrity_check(20)").fetchall()
        return [str(text) for (text,) in rows if text != "ok"]

    def close(self) -> None:
        if self._gate is not None:
            self._gate.close()
            self._gate = None


def _raw(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _uri(path: Path, mode: str, immutable: bool = False) -> str:
    return f"file:{quote(str(path))}?mode={mode}" + ("&immutable=1" if immutable else "")


def _may(path: Path, what: int) -> bool:
    return os.access(path, what, effective_ids=os.access in os.supports_effective_ids)
