"""The write gate: one process at a time, in the order of arrival, and everybody can see who is inside.

SQLite's own busy wait is a poll with growing pauses: under load one process made one commit while another made
thousands. The gate is taken before `BEGIN IMMEDIATE` and makes that wait fair. It is advisory and no part of
correctness: the database's own lock still decides.

Two locks on the one gate file, which is never the database file itself:

* the queue, an open-file-description lock on its first byte: who waits, waits here, and the kernel wakes in order;
* the gate proper, an flock: only who stands at the head of the queue waits for it, and gives the queue up once
  inside. Without the queue whoever has just left takes the gate again before the next in line is awake: with 16
  busy processes on two cores the longest wait was 0.7 to 1.5 s with the flock alone and 0.03 to 0.12 s with both.

Both vanish with their process, whatever kills it. Blocking waits run in a helper thread, because neither lock can
be waited for with a timeout; so nothing polls. Two escapes keep one process from stalling all others: before this
process stops (Ctrl-Z), its place in the queue is given up; and who has waited for a second in the queue while the
gate itself stands open (the head of the queue was stopped by force) walks past.
"""

from __future__ import annotations

import enum
import fcntl
import os
import socket
import struct
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warroom.store import suspend
from warroom.store.db_errors import DatabaseBusy, DatabaseReadOnly, DatabaseUnusable, Holder
from warroom.store.db_locks import clean_name, held_locks, login_of, process_holder, process_state

__all__ = ["Gate", "holder"]

DEFAULT_TIMEOUT_S = 30.0
NOTICE_S = 2.0
"""After how long a waiter is told whom it waits for, and how often after that is `_REPEAT_S`; both in seconds."""
_REPEAT_S = 1.0
_PATIENCE_S = 1.0
"""How long the queue may stand still, in seconds, before an open gate is entered past it."""
_STUCK_POLL_S = 0.01
"""How often an open gate is looked for while the queue is known to stand still, in seconds."""

_CARD_BYTES = 256
FILE_MODE = 0o660

# struct flock of fcntl(2): type, whence, start, length, pid (0 for open file description locks).
_FLOCK = "hhqqi"
_QUEUE_WAIT = getattr(fcntl, "F_OFD_SETLKW", None)
_QUEUE_TRY = getattr(fcntl, "F_OFD_SETLK", None)


class _Stage(enum.Enum):
    """What the helper thread is doing for us."""

    IDLE = enum.auto()
    QUEUE = enum.auto()  # waiting for the queue
    GATE = enum.auto()  # has the queue, waiting for the gate
    GRANTED = enum.auto()  # has the gate for a caller that has not noticed yet


class Gate:
    """The gate beside one database, for one thread at a time; every thread and process makes its own.

    `path` is the gate file, made with mode 0660 where it does not exist. `login` is the name shown to those who
    wait. `on_wait(holder, seconds)` is called in the waiting thread after two seconds and then every second.
    Raises DatabaseReadOnly or DatabaseUnusable where the file cannot be made or opened.
    """

    def __init__(
        self, path: Path, *, login: str | None = None, on_wait: Callable[[Holder, float], None] | None = None
    ) -> None:
        self.path = path
        self.on_wait = on_wait
        card = f"{os.getpid()} {clean_name(login or login_of(os.geteuid()))} {clean_name(socket.gethostname())}"
        self._card = card.encode().ljust(_CARD_BYTES - 1)[: _CARD_BYTES - 1] + b"\n"
        self._pid = os.getpid()
        self._mutex = threading.RLock()  # held for moments only; re-entrant because a signal handler may come in
        self._granted = threading.Event()
        self._work = threading.Semaphore(0)
        self._helper: threading.Thread | None = None
        self._stage = _Stage.IDLE
        self._wanted = False
        self._held = False
        self._queue_stuck = False
        self._generation = 0  # moves when the descriptor is taken from under the helper
        self._failure: OSError | None = None
        self._closed = False
        self._fd = _open_gate(path)
        self._identity = _identity(os.fstat(self._fd))
        # A method of ours in a list would keep the gate alive.
        self._undo = suspend.before_stop(_weak(self))
        _live.add(self)

    @property
    def held(self) -> bool:
        """True while the owner is inside."""
        return self._held

    @contextmanager
    def hold(self, timeout_s: float = DEFAULT_TIMEOUT_S) -> Iterator[None]:
        """Be inside for the length of the block; a stop of the process waits for its end."""
        with suspend.transaction():
            self.acquire(timeout_s)
            try:
                yield
            finally:
                self.release()

    def acquire(self, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        """Go in, after all who came before; call it inside `suspend.transaction()`.

        Raises DatabaseBusy, with the holder's name where it can be found out, after `timeout_s` seconds. Raises
        RuntimeError when already inside, closed, or made before a fork.
        """
        self._check()
        try:
            if not self._start():
                self._wait(timeout_s)
            os.pwrite(self._fd, self._card, 0)
        except OSError as error:
            raise _unusable(self.path, error) from error
        finally:
            self._withdraw()

    def release(self) -> None:
        """Let the next one in. Does nothing when not inside."""
        if not self._held or self._pid != os.getpid():
            return
        with self._mutex:
            fcntl.flock(self._fd, fcntl.LOCK_UN)
            self._held = False

    def close(self) -> None:
        """Leave, give up any place in the queue and close the file. May be called twice."""
        if self._closed or self._pid != os.getpid():
            return
        self._undo()
        _live.discard(self)
        with self._mutex:
            self._closed = True
            self._held = False
            if self._helper is None:
                os.close(self._fd)
                return
            # The helper may be about to use the number: leave it pointing nowhere and let the helper close it.
            self._detach()
        self._work.release()

    # -- the owner's side ---------------------------------------------------------------------------------------

    def _check(self) -> None:
        if self._pid != os.getpid():
            raise RuntimeError("this gate was opened before a fork: open the database again in the child")
        if self._closed:
            raise RuntimeError("this gate is closed")
        if self._held:
            raise RuntimeError("already inside the gate")

    def _start(self) -> bool:
        """Go in at once if nobody is there (True), or set the helper to work (False)."""
        with self._mutex:
            self._granted.clear()
            self._failure = None
            self._wanted = True
            if self._stage is not _Stage.IDLE:
                return False  # an earlier wait that was given up still stands in the queue: take its place
            self._follow_replacement()
            if _try_queue(self._fd):
                if self._enter():
                    _leave_queue(self._fd)
                    return True
                self._stage = _Stage.GATE
            elif self._queue_stuck and self._enter():
                return True
            else:
                self._stage = _Stage.QUEUE
            if self._helper is None:
                self._helper = threading.Thread(target=self._serve, name="warroom-gate", daemon=True)
                self._helper.start()
            self._work.release()
            return False

    def _enter(self) -> bool:
        """Take the gate if it stands open."""
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._held = True
        return True

    def _wait(self, timeout_s: float) -> None:
        began = time.monotonic()
        notice = began + NOTICE_S
        while True:
            now = time.monotonic()
            pause = min(_STUCK_POLL_S if self._queue_stuck else _PATIENCE_S, max(began + timeout_s - now, 0.0))
            with suspend.waiting():
                self._granted.wait(pause)
            now = time.monotonic()
            with self._mutex:
                if self._failure is not None:
                    raise self._failure
                if self._stage is _Stage.GRANTED:
                    self._stage = _Stage.IDLE
                    self._held = True
                    return
                if (
                    self._stage is _Stage.QUEUE
                    and (self._queue_stuck or now - began >= _PATIENCE_S)
                    and self._enter()
                ):
                    self._queue_stuck = True
                    return
            if now - began >= timeout_s:
                raise self._busy(now - began)
            if now >= notice and self.on_wait is not None:
                notice = now + _REPEAT_S
                who = holder(self.path)
                if who is not None:
                    self.on_wait(who, now - began)

    def _withdraw(self) -> None:
        """Whatever ended the wait: nobody wants the gate any more; what was granted unnoticed is given back."""
        with self._mutex:
            self._wanted = False
            if self._stage is _Stage.GRANTED:
                fcntl.flock(self._fd, fcntl.LOCK_UN)
                self._stage = _Stage.IDLE

    def _busy(self, seconds: float) -> DatabaseBusy:
        who = holder(self.path)
        if who is None:
            return DatabaseBusy(
                f"waited {seconds:.0f} s for other writers", self.path, "Try again in a moment."
            )
        if who.stopped:
            remedy = f"That process is stopped: continue it (fg, or kill -CONT {who.pid}) or end it."
        else:
            remedy = f"Try again; if it lasts, look at what process {who.pid} on {who.host} is doing."
        return DatabaseBusy(f"waited {seconds:.0f} s for {who.describe()}", self.path, remedy, holder=who)

    def _follow_replacement(self) -> None:
        """Open the gate file anew if somebody has replaced or removed it, so that all meet at the same one."""
        with suppress(FileNotFoundError):
            if _identity(os.stat(self.path)) == self._identity:  # noqa: PTH116 - the fast way, in the hot path
                return
        self._reopen()

    def _reopen(self) -> None:
        fresh = _open_gate(self.path)
        self._identity = _identity(os.fstat(fresh))
        os.dup2(fresh, self._fd, inheritable=False)
        os.close(fresh)

    def _detach(self) -> None:
        """Drop every lock and every pending wait at once by letting the descriptor point elsewhere.

        A wait that the kernel grants after this belongs to the old description, which is closed, and its lock gone,
        by the time the waiting system call returns.
        """
        nowhere = os.memfd_create("warroom-gate") if hasattr(os, "memfd_create") else os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, self._fd, inheritable=False)
        os.close(nowhere)
        self._generation += 1

    def _step_out_of_line(self) -> None:
        """Right before the process stops: hold no place that others stand behind. The helper queues again later."""
        with self._mutex:
            if self._closed or self._held or self._stage is _Stage.IDLE:
                return
            self._detach()
            if self._stage is _Stage.GRANTED:
                self._stage = _Stage.QUEUE
                self._granted.clear()
                self._work.release()

    def _forget(self) -> None:
        """In a forked child: drop the inherited descriptor, or it would keep the parent's lock alive."""
        if self._pid != os.getpid() and not self._closed:
            self._closed = True
            with suppress(OSError):
                os.close(self._fd)

    # -- the helper's side --------------------------------------------------------------------------------------

    def _serve(self) -> None:
        while True:
            self._work.acquire()
            try:
                while not self._closed and not self._advance():
                    pass
            except OSError as error:
                with self._mutex:
                    self._failure = error
                    self._stage = _Stage.IDLE
                    self._granted.set()
            if self._closed:
                os.close(self._fd)
                return

    def _advance(self) -> bool:
        """One blocking step; True when the work is done."""
        with self._mutex:
            generation, stage = self._generation, self._stage
        if stage is _Stage.QUEUE:
            _wait_queue(self._fd)
        elif stage is _Stage.GATE:
            fcntl.flock(self._fd, fcntl.LOCK_EX)
        else:
            return True
        if generation != self._generation:
            suspend.wait_until_open()
        with self._mutex:
            if self._closed:
                return True
            if generation != self._generation:  # the descriptor was taken away: start over with a fresh one
                self._reopen()
                self._generation += 1
                self._stage = _Stage.QUEUE
                return False
            if stage is _Stage.QUEUE:
                self._queue_stuck = False
                if self._wanted:
                    self._stage = _Stage.GATE
                    return False
                _leave_queue(self._fd)
            else:
                _leave_queue(self._fd)
                if self._wanted:
                    self._stage = _Stage.GRANTED
                    self._granted.set()
                    return True
                fcntl.flock(self._fd, fcntl.LOCK_UN)
            self._stage = _Stage.IDLE
            return True


_live: weakref.WeakSet[Gate] = weakref.WeakSet()


def _forget_all() -> None:
    for gate in list(_live):
        gate._forget()


os.register_at_fork(after_in_child=_forget_all)


def _weak(gate: Gate) -> Callable[[], None]:
    reference = weakref.ref(gate)

    def step_out_of_line() -> None:
        gate = reference()
        if gate is not None:
            gate._step_out_of_line()

    return step_out_of_line


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
        words = os.pread(fd, _CARD_BYTES, 0).decode("utf-8", "replace").split()
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


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _open_gate(path: Path) -> int:
    """A new open file description of the gate file, which is made with mode 0660 whatever the umask."""
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        while True:
            with suppress(FileNotFoundError):
                return os.open(path, flags)
            with suppress(FileExistsError):
                fd = os.open(path, flags | os.O_CREAT | os.O_EXCL, FILE_MODE)
                os.fchmod(fd, FILE_MODE)
                return fd
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> DatabaseReadOnly | DatabaseUnusable:
    if isinstance(error, PermissionError):
        return DatabaseReadOnly(
            "you may not write here",
            path,
            "Ask the owner for write access to the file and its directory, or open the room read-only.",
        )
    return DatabaseUnusable(
        f"the write gate cannot be used ({error.strerror or error})", path, "Check the directory and its file system."
    )


def _queue_lock(kind: int) -> bytes:
    return struct.pack(_FLOCK, kind, os.SEEK_SET, 0, 1, 0)


def _wait_queue(fd: int) -> None:
    if _QUEUE_WAIT is not None:
        fcntl.fcntl(fd, _QUEUE_WAIT, _queue_lock(fcntl.F_WRLCK))


def _try_queue(fd: int) -> bool:
    if _QUEUE_TRY is not None:
        try:
            fcntl.fcntl(fd, _QUEUE_TRY, _queue_lock(fcntl.F_WRLCK))
        except (BlockingIOError, PermissionError):  # EAGAIN or EACCES: somebody else has it
            return False
    return True


def _leave_queue(fd: int) -> None:
    if _QUEUE_TRY is not None:
        fcntl.fcntl(fd, _QUEUE_TRY, _queue_lock(fcntl.F_UNLCK))
