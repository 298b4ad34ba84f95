"""The write gate: one process at a time, in the order of arrival, and everybody can see who is inside.

SQLite's own busy wait is a poll with growing pauses: under load one process made one commit while another made
thousands. The gate is taken before `BEGIN IMMEDIATE` and makes that wait fair. It is advisory and no part of
correctness: the database's own lock still decides.

Two kinds of lock on the one gate file, which is never the database file itself:

* the gate proper, an flock;
* the queue before it: one byte for each place, locked (an open-file-description lock) by who stands there and waited
  for only by who stands behind. The head of the queue alone waits for the gate, and gives its place up once inside.

With the flock alone, whoever has just left is inside again before the next one is awake, for the kernel wakes the
waiters of a lock but does not hand it over: with 16 busy processes on two cores the longest wait was 0.7 to 1.5 s.
No place in the queue is wanted by two, so there is nothing to race for.

All of it vanishes with its process, whatever kills it. Blocking waits run in a helper thread, because no such lock can
be waited for with a timeout; so nothing polls. Two escapes keep one process from stalling all others: before this
process stops (Ctrl-Z), its place in the queue is given up; and who has waited for a second in the queue while the
gate itself stands open (somebody before it was stopped by force) walks past.
"""

from __future__ import annotations

import enum
import fcntl
import os
import queue
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warroom.store import suspend
from warroom.store.db_errors import DatabaseBusy, DatabaseError, Holder
from warroom.store.db_files import own_error
from warroom.store.db_gatefile import card, holder, identity, leave_queue, open_gate, queue_is_empty, stand_in_queue
from warroom.store.db_locks import login_of
from warroom.words import tr

__all__ = ["Gate", "holder"]

DEFAULT_TIMEOUT_S = 30.0
NOTICE_S = 2.0
"""After how long a waiter is told whom it waits for, and how often after that is `_REPEAT_S`; both in seconds."""
_REPEAT_S = 1.0
_PATIENCE_S = 1.0
"""How long the queue may stand still, in seconds, before an open gate is entered past it."""
_STUCK_POLL_S = 0.01
"""How often an open gate is looked for while the queue is known to stand still, in seconds."""


class _Stage(enum.Enum):
    """What the helper thread is doing for us."""

    IDLE = enum.auto()
    QUEUE = enum.auto()  # standing in the queue
    GATE = enum.auto()  # at its head, waiting for the gate
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
        self._card = card(login or login_of(os.geteuid()))
        self._pid = os.getpid()
        self._mutex = threading.RLock()  # held for moments only; re-entrant because a signal handler may come in
        # Neither of these two has an inner lock that a signal handler could find taken by the code it interrupted.
        self._news = threading.Lock()  # locked while there are none: see `_announce`
        self._news.acquire()
        self._work: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._helper: threading.Thread | None = None
        self._stage = _Stage.IDLE
        self._wanted = False
        self._held = False
        self._queue_stuck = False
        self._detached = False  # the descriptor points nowhere until the helper has opened the file anew
        self._failure: OSError | DatabaseError | None = None
        self._closed = False
        self._fd = open_gate(path)
        self._identity = identity(os.fstat(self._fd))
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
            try:
                self.acquire(timeout_s)
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
            with suppress(OSError):  # the card is a courtesy; a full disk must not close the gate
                os.pwrite(self._fd, self._card, 0)
        except OSError as error:
            raise own_error(self.path, tr("the write gate cannot be used"), error) from error
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
        self._work.put(None)

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
            self._news.acquire(blocking=False)
            self._failure = None
            self._wanted = True
            if self._stage is not _Stage.IDLE:
                # An earlier wait that ended otherwise still stands in the queue: take its place.
                return self._stage is _Stage.QUEUE and self._queue_stuck and self._enter()
            self._follow_replacement()
            if (self._queue_stuck or queue_is_empty(self._fd)) and self._enter():
                return True
            self._stage = _Stage.QUEUE
            if self._helper is None:
                self._helper = threading.Thread(target=self._serve, name="warroom-gate", daemon=True)
                self._helper.start()
            self._work.put(None)
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
                self._news.acquire(timeout=pause)
            now = time.monotonic()
            with self._mutex:
                if self._failure is not None:
                    raise self._failure
                if self._stage is _Stage.GRANTED:
                    self._stage = _Stage.IDLE
                    self._held = True
                    return
                if self._stage is _Stage.QUEUE and (self._queue_stuck or now - began >= _PATIENCE_S) and self._enter():
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
                tr("waited {seconds:.0f} s for other writers").format(seconds=seconds),
                self.path,
                tr("Try again in a moment."),
            )
        if who.stopped:
            remedy = tr("That process is stopped: continue it (fg, or kill -CONT {pid}) or end it.").format(pid=who.pid)
        else:
            remedy = tr("Try again; if it lasts, look at what process {pid} on {host} is doing.").format(
                pid=who.pid, host=who.host
            )
        return DatabaseBusy(
            tr("waited {seconds:.0f} s for {holder}").format(seconds=seconds, holder=who.describe()),
            self.path,
            remedy,
            holder=who,
        )

    def _follow_replacement(self) -> None:
        """Open the gate file anew if somebody has replaced or removed it, so that all meet at the same one."""
        with suppress(FileNotFoundError):
            same = identity(os.stat(self.path)) == self._identity  # noqa: PTH116 - the fast way, in the hot path
            if same and not self._detached:
                return
        self._reopen()

    def _reopen(self) -> None:
        fresh = open_gate(self.path)
        self._identity = identity(os.fstat(fresh))
        os.dup2(fresh, self._fd, inheritable=False)
        os.close(fresh)
        self._detached = False

    def _detach(self) -> None:
        """Drop every lock and every pending wait at once by letting the descriptor point elsewhere.

        A wait that the kernel grants after this belongs to the old description, which is closed, and its lock gone,
        by the time the waiting system call returns.
        """
        nowhere = os.memfd_create("warroom-gate") if hasattr(os, "memfd_create") else os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, self._fd, inheritable=False)
        os.close(nowhere)
        self._detached = True

    def _step_out_of_line(self) -> None:
        """Right before the process stops: hold no place that others stand behind. The helper queues again later."""
        with self._mutex:
            if self._closed or self._held or self._stage is _Stage.IDLE:
                return
            self._detach()
            if self._stage is _Stage.GRANTED:
                self._stage = _Stage.QUEUE
                self._work.put(None)

    def _forget(self) -> None:
        """In a forked child: drop the inherited descriptor, or it would keep the parent's lock alive."""
        if self._pid != os.getpid() and not self._closed:
            self._closed = True
            with suppress(OSError):
                os.close(self._fd)

    def _announce(self) -> None:
        """Wake the owner; it looks for itself what there is. Call it with the mutex held."""
        if self._news.locked():
            self._news.release()

    # -- the helper's side --------------------------------------------------------------------------------------

    def _serve(self) -> None:
        while True:
            self._work.get()
            try:
                while not self._closed and not self._advance():
                    pass
            except (OSError, DatabaseError) as error:
                with self._mutex:
                    self._failure = error
                    self._stage = _Stage.IDLE
                    self._announce()
            if self._closed:
                os.close(self._fd)
                return

    def _advance(self) -> bool:
        """One step, which may block; True when the work is done."""
        with self._mutex:
            stage, detached = self._stage, self._detached
        if detached:
            suspend.wait_until_open()
            with self._mutex:
                if not self._closed:
                    self._reopen()
                    self._stage = _Stage.QUEUE
            return False
        if stage is _Stage.QUEUE:
            stand_in_queue(self._fd)
        elif stage is _Stage.GATE:
            fcntl.flock(self._fd, fcntl.LOCK_EX)
        else:
            return True
        with self._mutex:
            if self._detached:
                return False  # what was granted belongs to a description that is gone
            if stage is _Stage.QUEUE:
                self._queue_stuck = False
                if self._wanted:
                    self._stage = _Stage.GATE
                    return False
                leave_queue(self._fd)
            else:
                leave_queue(self._fd)
                if self._wanted:
                    self._stage = _Stage.GRANTED
                    self._announce()
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
