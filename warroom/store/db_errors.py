"""What can go wrong with the room's database, said so that a person can act on it.

Nothing above the store sees an exception of SQLAlchemy or of a database driver for the causes named here. Each
error says what happened, to which file or server, and what to do about it.
"""

from __future__ import annotations

from typing import Final

from warroom.valueclass import dataclass
from warroom.words import mark, tr

__all__ = ["DatabaseBusy", "DatabaseError", "DatabaseReadOnly", "DatabaseUnusable", "DiskFull", "Holder"]


STATES: Final = (mark("stopped"), mark("waiting for the disk"), mark("ended"))
"""What is said of a process besides its name."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock that others wait for.

    `login` is a cleaned, short name; `pid` is a process id on `host`; `state` is "running", "stopped" (Ctrl-Z or a
    debugger), "waiting for the disk", "ended" or "unknown" (another machine, another container).
    """

    login: str
    pid: int
    host: str
    state: str = "unknown"

    @property
    def stopped(self) -> bool:
        """True when the process is stopped: it will not let go before somebody continues or ends it."""
        return self.state == "stopped"

    def describe(self) -> str:
        """One phrase for the screen: "alice, pid 4711, stopped"."""
        phrase = tr("{login}, pid {pid}").format(login=self.login, pid=self.pid)
        return phrase if self.state in ("running", "unknown") else f"{phrase}, {tr(self.state)}"


class DatabaseError(Exception):
    """The room's database could not be used.

    `what` is the cause, `where` the file or server, `remedy` what a person can do (a whole message may also stand in
    `what` alone), `retry` whether the same call can succeed later without anybody changing the call (a full disk, a
    busy lock, a room that nobody has open).
    """

    retry = False

    def __init__(self, what: str, where: object = "", remedy: str = "", *, retry: bool | None = None) -> None:
        super().__init__(what, where, remedy)
        self.what = what
        self.where = str(where)
        self.remedy = remedy
        if retry is not None:
            self.retry = retry

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}. {self.remedy}" if self.remedy else text


class DatabaseBusy(DatabaseError):
    """Somebody else held the database longer than the caller was willing to wait; `holder` says who, if known."""

    retry = True

    def __init__(self, what: str, where: object, remedy: str, *, holder: Holder | None = None) -> None:
        super().__init__(what, where, remedy)
        self.holder = holder


class DatabaseUnusable(DatabaseError):
    """The path, the file, the file system or the server cannot carry a room."""


class DatabaseReadOnly(DatabaseError):
    """Something would have been written where only reading is allowed."""


class DiskFull(DatabaseError):
    """There was no space left. Nothing half-written remains; the same call works again once there is space."""

    retry = True
