"""The room's database as the rest of the program knows it: open, read, write, close.

    with Database.open("room.db") as database:
        with database.write() as connection:
            ...  # one transaction; committed at the end, rolled back on an exception
        with database.read() as connection:
            ...  # one snapshot; always ended

Nothing here belongs to one kind of database; that stands behind `warroom.store.db_backend.Backend`.
"""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from warroom.store import suspend
from warroom.store.db_backend import WRITE_OPTION, Backend, DatabaseFacts, OnWait, Settings
from warroom.store.db_errors import (
    DatabaseBusy,
    DatabaseError,
    DatabaseReadOnly,
    DatabaseUnusable,
    DiskFull,
    Holder,
)
from warroom.store.db_locks import clean_name, login_of
from warroom.words import tr

__all__ = [
    "Database",
    "DatabaseBusy",
    "DatabaseError",
    "DatabaseFacts",
    "DatabaseReadOnly",
    "DatabaseUnusable",
    "DiskFull",
    "Holder",
]

TIMEOUT_S = 30.0
"""How long a write waits for those before it, in seconds."""

# Where each kind of database lives; imported only when it is asked for.
_BACKENDS = {"sqlite": "warroom.store.sqlite:SqliteBackend"}


class Database:
    """One open database, used by the one thread that opened it. Another thread or process opens its own.

    `path` is the file (symbolic links resolved) or None, `where` what people may be shown, `readonly` whether only
    `read` works, `login` the name under which this process is seen by those who wait for it. `generation` moves when
    the file was replaced by another and was opened anew: what was read before belongs to another file.
    """

    def __init__(self, backend: Backend, *, readonly: bool, create: bool, login: str) -> None:
        """Use `Database.open`."""
        self._backend = backend
        self.readonly = readonly
        self.login = login
        self.path = backend.path
        self.where = backend.where
        self.generation = 0
        self._thread = threading.get_ident()
        self._pid = os.getpid()
        self._closed = False
        self._writing = False
        self._readers = 0
        self._engine: Engine | None = None
        self._reader: Connection | None = None
        self._writer: Connection | None = None
        self._give_way: Callable[[], None] | None = None
        self._connect(create=create)

    @classmethod
    def open(
        cls,
        target: str | Path,
        *,
        readonly: bool = False,
        create: bool = True,
        login: str | None = None,
        timeout_s: float = TIMEOUT_S,
        traceless: bool = False,
    ) -> Database:
        """Open the database at a path or URL, and make it where there is none and `create` allows it.

        `login` defaults to the name of the process's user. `timeout_s` bounds every wait for the write lock, in
        seconds. `traceless`: for reading only, and without making any file, not even SQLite's own -wal and -shm (see
        `warroom.store.db_traceless`). Raises DatabaseError: `DatabaseUnusable` for a place that cannot carry a room,
        `DatabaseReadOnly` where writing is not allowed, `DatabaseBusy`, `DiskFull`.
        """
        name = clean_name(login or login_of(os.geteuid()))
        readonly = readonly or traceless
        settings = Settings(readonly=readonly, login=name, timeout_s=timeout_s, traceless=traceless)
        return cls(_backend(target, settings), readonly=readonly, create=create and not readonly, login=name)

    # -- transactions -------------------------------------------------------------------------------------------

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One write transaction: waits its turn, then commits at the end of the block or rolls back on an exception.

        Do not commit or roll back inside. Raises DatabaseReadOnly, DatabaseBusy (who is waited for is in it),
        DiskFull or DatabaseUnusable; after each of these nothing was written. Other errors of SQLAlchemy (a
        constraint, a mistake in a statement) pass through. Writes do not nest, and none begins inside a read: its
        own snapshot could block the commit.
        """
        self._check()
        if self.readonly:
            raise DatabaseReadOnly(
                tr("this is open for reading only"), self.where, tr("Open it with write access to change it.")
            )
        if self._writing or self._readers:
            raise RuntimeError("a write begins inside another transaction of the same Database")
        with suspend.transaction():
            self._writing = True
            try:
                self._refresh()
                assert self._writer is not None
                if self._give_way is not None:
                    self._give_way()
                with self._writer.begin():
                    yield self._writer
            except Exception as error:
                if (own := self._own(error)) is not None:
                    raise own from error
                raise
            finally:
                self._writing = False
                self._backend.after_write()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot, on a connection that cannot write; always ended with the block. Reads nest and then share it.

        Raises DatabaseUnusable, or DatabaseBusy when the file changed under a reader that cannot lock it.
        """
        self._check()
        if self._writing:
            raise RuntimeError("a read begins inside a write of the same Database: use the write's connection")
        if self._readers:
            assert self._reader is not None
            yield self._reader
            return
        with suspend.transaction():
            self._readers = 1
            try:
                self._refresh()
                assert self._reader is not None
                transaction = self._reader.begin()
                try:
                    yield self._reader
                finally:
                    transaction.close()
                self._backend.after_read()
            except Exception as error:
                if (own := self._own(error)) is not None:
                    raise own from error
                raise
            finally:
                self._readers = 0

    def mark(self) -> tuple[int, int]:
        """What is another one whenever anything was committed by anybody, or the file was replaced; within a read that
        of its snapshot. It reads nothing: who looks often asks this first. Raises as `read` does."""
        self._check()
        if self._writing:
            raise RuntimeError("a mark is asked for inside a write of the same Database")
        with suspend.transaction():
            try:
                if not self._readers:
                    self._refresh()
                assert self._reader is not None
                return self.generation, self._backend.mark(self._reader)
            except Exception as error:
                if (own := self._own(error)) is not None:
                    raise own from error
                raise

    @property
    def files(self) -> tuple[Path, ...]:
        """What is written to when anything is committed; none where that is not a file."""
        return (self.path, Path(f"{self.path}-wal")) if self.path is not None else ()

    # -- the rest -----------------------------------------------------------------------------------------------

    def on_wait(self, callback: OnWait | None) -> None:
        """Call `callback(holder, seconds)` in this thread while a write waits: after two seconds, then every second."""
        self._check()
        self._backend.on_wait(callback)

    def give_way(self, call: Callable[[], None]) -> None:
        """Call this, which may wait, wherever nobody waits for this connection: before a write, before each statement
        of a read (`warroom.courtesy`)."""
        self._check()
        self._give_way = call
        self._listen()

    def facts(self) -> DatabaseFacts:
        """What `warroom doctor` shows. Opens no file."""
        self._check()
        self._idle("facts")
        try:
            self._refresh()
            assert self._reader is not None
            return self._backend.facts(self._reader)
        except Exception as error:
            if (own := self._own(error)) is not None:
                raise own from error
            raise

    def integrity(self) -> list[str]:
        """What is wrong with the pages of the database, each as one sentence; empty when all are sound.

        Reads the whole file: seconds for a large one. Raises DatabaseError where it cannot be read at all.
        """
        with self.read() as connection:
            return self._backend.integrity(connection)

    def backup(self, name: str) -> Path:
        """Keep a complete, checked copy beside the database as `FILE.name`, made by a process of its own.

        An older copy of that name is replaced. Inside a write the copy holds what was committed before it, and
        nobody can change that until the write ends. Raises DatabaseError.
        """
        self._check()
        if self._readers:
            raise RuntimeError("backup inside a read of the same Database")
        if not name or "/" in name or name in ("gate", "wal", "shm", "journal"):
            raise ValueError(f"not a name for a copy: {name!r}")
        return self._backend.backup(name)

    def close(self) -> None:
        """Give everything back. May be called twice; anything else raises RuntimeError afterwards."""
        if self._closed:
            return
        self._check()
        self._closed = True
        self._disconnect()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _check(self) -> None:
        if self._pid != os.getpid():
            raise RuntimeError("this Database was opened before a fork: open another one in the child")
        if self._thread != threading.get_ident():
            raise RuntimeError("this Database belongs to another thread: open another one here")
        if self._closed:
            raise RuntimeError("this Database is closed")

    def _idle(self, what: str) -> None:
        if self._writing or self._readers:
            raise RuntimeError(f"{what} inside a transaction of the same Database")

    def _refresh(self) -> None:
        """Make sure that what is open is what stands at the target; it is never made anew here."""
        if self._engine is None or self._backend.stale():
            self._disconnect()
            self._connect(create=False)
            self.generation += 1

    def _connect(self, *, create: bool) -> None:
        try:
            self._engine = self._backend.open(create=create)
            self._reader = self._engine.connect()
            self._backend.prepare_reader(self._reader)
            if not self.readonly:
                self._writer = self._engine.connect().execution_options(**{WRITE_OPTION: True})
            self._listen()
        except BaseException as error:
            self._disconnect()
            if (own := self._own(error)) is not None:
                raise own from error
            raise

    def _listen(self) -> None:
        if self._give_way is not None and self._engine is not None:
            event.listen(self._engine, "before_cursor_execute", self._before_statement)

    def _before_statement(self, *_: Any) -> None:
        if self._give_way is not None and not self._writing:
            self._give_way()

    def _disconnect(self) -> None:
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        if self._engine is not None:
            self._engine.dispose()
        self._engine = self._reader = self._writer = None
        self._backend.close()

    def _own(self, error: BaseException) -> DatabaseError | None:
        """Our own error where this one has a cause that we name, None where it should pass as it is."""
        return None if isinstance(error, DatabaseError) else self._backend.translate(error)


def _backend(target: str | Path, settings: Settings) -> Backend:
    """The backend for a path or URL. Raises DatabaseUnusable for a URL that nothing here understands."""
    place: Path | URL
    if isinstance(target, Path) or "://" not in target:
        name, place = "sqlite", Path(target)
    else:
        url = _parse(target)
        name = url.get_backend_name()
        if name == "sqlite":
            if not url.database or url.database == ":memory:" or url.query:
                raise DatabaseUnusable(
                    tr("a room needs a file of its own, without options"),
                    target,
                    tr("Write sqlite:///room.db or a plain path."),
                )
            place = Path(url.database)
        else:
            place = url
    known = _BACKENDS.get(name)
    if known is None:
        raise DatabaseUnusable(
            tr("this warroom cannot use {name} databases").format(name=name),
            place.render_as_string(hide_password=True) if isinstance(place, URL) else place,
            tr("It can use: {backends}.").format(backends=", ".join(sorted(_BACKENDS))),
        )
    module, _, attribute = known.partition(":")
    return cast(Backend, getattr(importlib.import_module(module), attribute)(place, settings))


def _parse(target: str) -> URL:
    try:
        return make_url(target)
    except (ArgumentError, SQLAlchemyError, ValueError) as error:
        # The URL may hold a password: name only its kind.
        raise DatabaseUnusable(
            tr("is not a database URL"),
            target.partition("://")[0] + "://...",
            tr("Write postgresql+psycopg://USER@HOST/NAME."),
        ) from error
