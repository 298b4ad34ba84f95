"""What `Database` asks of a kind of database: the seam behind which SQLite ends and another database can begin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import Connection, Engine

from warroom.store.db_errors import DatabaseError, Holder
from warroom.valueclass import dataclass
from warroom.words import mark, tr

__all__ = ["WRITE_OPTION", "Backend", "DatabaseFacts", "OnWait", "Settings"]

WRITE_OPTION = "warroom_write"
"""Execution option of the one connection that writes; a backend's "begin" listener looks for it."""

OnWait = Callable[[Holder, float], None]
"""Called in the waiting thread with who is waited for and for how many seconds so far."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a database is to be opened. `timeout_s` bounds the wait for the write lock, in seconds. `traceless`: a reader
    that makes not even the files that a database keeps beside its own."""

    readonly: bool
    login: str
    timeout_s: float
    traceless: bool = False


_PLACES = (mark("database"), mark("directory"), mark("gate"))


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What `warroom doctor` says about the open database.

    `permissions` maps a short name ("database", "directory", "gate", "-wal", ...) to "0660 owner group"; it holds
    only what exists. `warnings` are whole sentences. `path` is None for a database that is not a file.
    """

    backend: str
    driver: str
    library_version: str
    fixed_library: bool
    journal_mode: str
    synchronous: str
    path: Path | None
    filesystem: str
    readonly: bool
    immutable: bool = False
    permissions: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def places(self) -> list[tuple[str, str]]:
        """`permissions` for people: places are called as in their language, what SQLite adds to a name stays."""
        return [(tr(name) if name in _PLACES else name, who) for name, who in self.permissions.items()]


class Backend(Protocol):
    """One kind of database, opened at one place, used by one thread."""

    name: str
    where: str
    """File or server as shown to people; never holds a password."""

    path: Path | None
    """The database file with symbolic links resolved, or None for a server."""

    def open(self, *, create: bool) -> Engine:
        """Check the database, or make it where there is none and `create` allows it, and return its engine.

        Raises DatabaseError; may be called again after `close`. The engine's "begin" listener takes whatever lock a
        write needs when the connection carries WRITE_OPTION.
        """

    def prepare_reader(self, connection: Connection) -> None:
        """Make a fresh connection unable to write."""

    def mark(self, connection: Connection) -> int:
        """A number that is another one after every commit of anybody, told by the reading `connection` without reading
        anything; within a read that of its snapshot."""

    def stale(self) -> bool:
        """True when what was opened is no longer what stands at the target: `close` and `open` again."""

    def after_read(self) -> None:
        """Called when a read has ended without an error. Raises DatabaseError when what was read cannot be trusted."""

    def after_write(self) -> None:
        """Called when a write has been committed or rolled back, whatever happened: gives the lock back."""

    def on_wait(self, callback: OnWait | None) -> None:
        """Whom to tell that a write is waiting for somebody."""

    def translate(self, error: BaseException) -> DatabaseError | None:
        """Our own error for a driver's or SQLAlchemy's; None where it is the caller's (a constraint, a mistake)."""

    def backup(self, name: str) -> Path:
        """Keep a checked copy beside the database as `NAME.name`; returns where. Raises DatabaseError."""

    def facts(self, connection: Connection) -> DatabaseFacts:
        """What doctor shows. `connection` is an idle reading connection."""

    def integrity(self, connection: Connection) -> list[str]:
        """What is wrong with the database's own pages; empty when they are sound. `connection` is a reading one."""

    def close(self) -> None:
        """Give everything back. Connections are closed by the caller before."""
