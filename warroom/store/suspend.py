"""Ctrl-Z without stalling everybody else: a stop waits until no database transaction is open in this process.

A stopped process keeps its locks. Stopped inside a write it holds the write lock, stopped inside a read it pins a
snapshot (or, with a rollback journal, blocks every commit), until somebody types `fg`. So a stop signal first closes
the door to new transactions, lets those that run come to their end, gives back places in a queue, and only then
stops the process in the way the shell expects: by the very signal that was sent, with its default action.

Signals: SIGTSTP (Ctrl-Z), and SIGTTIN and SIGTTOU, which stop a background job that touches the terminal (`stty
tostop`, or reading standard input) and would just as well hit in the middle of a transaction. SIGSTOP cannot be
caught; for that case the lock's holder is named to those who wait (`warroom.store.gate.holder`).

`install` belongs into the main thread. A handler that is already there (a full-screen driver that restores the
terminal and then stops) is kept and does the stopping; so call `install` again once such a driver has started.
A signal that is ignored stays ignored. Python runs handlers between two instructions of the main thread: a main
thread that sits in one long C call delays the stop by that call.
"""

from __future__ import annotations

import _thread
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType

__all__ = [
    "before_stop",
    "install",
    "installed",
    "on_resume",
    "transaction",
    "uninstall",
    "wait_until_open",
    "waiting",
]

_log = logging.getLogger(__name__)

STOP_SIGNALS = (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)

GRACE_S = 5.0
"""How long a stop waits for open transactions before it takes effect anyway, in seconds."""

_FORCE_S = 1.0
"""How long after that the main thread gets to stop in the orderly way before SIGSTOP does it, in seconds."""

_Handler = Callable[[int, FrameType | None], object]


class _Door:
    """Counts the open transactions of this process and closes to new ones while a stop is under way.

    The lock is re-entrant because the signal handler runs in the main thread and may interrupt it inside any of
    these short sections; every section therefore leaves the fields consistent after each statement.
    """

    def __init__(self) -> None:
        self.grace_s = GRACE_S
        self.previous: dict[int, _Handler | None] = {}  # None: the default action
        self.before: list[Callable[[], None]] = []
        self.after: list[Callable[[], None]] = []
        self.reset()

    def reset(self) -> None:
        """Forget everything that belongs to running threads (a forked child has none of them)."""
        self.cond = threading.Condition(threading.RLock())
        self.depth: dict[int, int] = {}  # thread -> how deeply nested its transactions are
        self.closed = False
        self.stopper: int | None = None  # the thread that carries out the stop
        self.deferred: int | None = None  # signal to act on at the end of the main thread's own transaction
        self.forced = False  # the grace is over: stop even inside the main thread's transaction
        self.serial = 0  # which stop this is, for its watchdog

    def enter(self) -> None:
        me = threading.get_ident()
        with self.cond:
            if me not in self.depth:
                self.wait_open(me)
            self.depth[me] = self.depth.get(me, 0) + 1

    def wait_open(self, me: int) -> None:
        # The thread that stops must pass: what the chained handler runs may touch the database.
        while self.closed and self.stopper != me:
            self.cond.wait()

    def leave(self) -> None:
        me = threading.get_ident()
        with self.cond:
            depth = self.depth[me] - 1
            if depth:
                self.depth[me] = depth
                return
            del self.depth[me]
            self.cond.notify_all()
        self.stop_if_deferred()

    def step_aside(self) -> int:
        """Stop counting this thread while it only waits; returns what `step_back` needs."""
        with self.cond:
            depth = self.depth.pop(threading.get_ident(), 0)
            self.cond.notify_all()
        self.stop_if_deferred()
        return depth

    def step_back(self, depth: int) -> None:
        me = threading.get_ident()
        with self.cond:
            self.wait_open(me)
            if depth:
                self.depth[me] = depth

    # -- the stop itself, all of it in the main thread --------------------------------------------------------

    def handle(self, signum: int, frame: FrameType | None) -> None:
        main = threading.main_thread().ident
        with self.cond:
            if self.closed:
                if self.deferred is not None and self.stopper is None and self.forced:
                    self.deferred = None
                    forced = True
                else:
                    return  # this stop is already under way
            else:
                forced = False
                self.closed = True
                self.forced = False
                self.serial += 1
                if main in self.depth:
                    self.deferred = signum
                    # Not threading.Thread: the interrupted code may hold that module's start-up lock.
                    _thread.start_new_thread(self.watch, (self.serial, signum))
                    return
        self.stop(signum, frame, forced=forced)

    def stop_if_deferred(self) -> None:
        if self.deferred is None or threading.current_thread() is not threading.main_thread():
            return
        with self.cond:
            signum, self.deferred = self.deferred, None
        if signum is not None:
            self.stop(signum, None, forced=False)

    def stop(self, signum: int, frame: FrameType | None, *, forced: bool) -> None:
        """Wait for the other threads' transactions, stop the process, and open the door again once it continues."""
        with self.cond:
            self.stopper = threading.get_ident()
            if not forced:
                self.cond.wait_for(lambda: not self.depth, self.grace_s)
            clean = not self.depth
        try:
            if clean:
                _call_all(self.before)
            self.really_stop(signum, frame)
            # A driver's SIGCONT handler may stop the process once more (continued in the background, where it may not
            # touch the terminal). A call lets pending handlers run now, while the door is still closed.
            _nothing()
        finally:
            self.open()
        _call_all(self.after)

    def open(self) -> None:
        with self.cond:
            self.closed = False
            self.forced = False
            self.stopper = None
            self.serial += 1
            self.cond.notify_all()

    def really_stop(self, signum: int, frame: FrameType | None) -> None:
        handler = self.previous.get(signum)
        if handler is not None:
            handler(signum, frame)
        else:
            signal.signal(signum, signal.SIG_DFL)
            # Aimed at this thread, so that it is stopped before the call returns. In an orphaned process group,
            # where nobody could continue it, the kernel discards the signal and we simply go on.
            signal.raise_signal(signum)
        for number in self.previous:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, self.handle)

    def watch(self, serial: int, signum: int) -> None:
        """Keep the promise that a stop never waits for ever when the main thread itself is in a transaction."""
        with self.cond:
            if self.cond.wait_for(lambda: self.serial != serial or self.deferred is None, self.grace_s):
                return
            self.forced = True
        os.kill(os.getpid(), signum)
        with self.cond:
            if self.cond.wait_for(lambda: self.serial != serial or self.deferred is None, _FORCE_S):
                return
            self.deferred = None
        os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(0.01)  # a signal to the whole process may land in another thread a moment later
        self.open()


_door = _Door()
os.register_at_fork(after_in_child=_door.reset)


def _nothing() -> None:
    """Be called: the interpreter looks for pending signals at the start of a function."""


def _call_all(callbacks: list[Callable[[], None]]) -> None:
    for callback in list(callbacks):
        try:
            callback()
        except Exception:
            _log.exception("a suspend callback failed: %r", callback)


class transaction:  # noqa: N801 - reads as a statement: `with suspend.transaction():`
    """Context manager around one database transaction: a stop waits for its end.

    Entering blocks while a stop is under way (in another thread; until the process continues). Re-entrant within
    one thread. If a stop came meanwhile and this is the main thread, the process stops on leaving.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        _door.enter()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        _door.leave()


class waiting:  # noqa: N801 - reads as a statement: `with suspend.waiting():`
    """Context manager inside `transaction`, around waiting for a lock: nothing is held yet, so a stop may pass.

    Leaving it blocks until the process continues; whatever was obtained meanwhile may have been taken back by a
    `before_stop` callback.
    """

    __slots__ = ("_depth",)

    def __enter__(self) -> None:
        self._depth = _door.step_aside()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        _door.step_back(self._depth)


def wait_until_open() -> None:
    """Block while a stop is under way in another thread; return at once otherwise."""
    with _door.cond:
        _door.wait_open(threading.get_ident())


def before_stop(callback: Callable[[], None]) -> Callable[[], None]:
    """Call `callback` in the main thread right before a stop, when no transaction runs; returns how to undo that.

    It must not block and must not wait for another thread.
    """
    return _register(_door.before, callback)


def on_resume(callback: Callable[[], None]) -> Callable[[], None]:
    """Call `callback` in the main thread after the process continued; returns how to undo that.

    It runs between two instructions of whatever the main thread was doing, which may hold any lock: hand over to a
    loop (`call_soon_threadsafe`), do not work there and take no lock.
    """
    return _register(_door.after, callback)


def _register(callbacks: list[Callable[[], None]], callback: Callable[[], None]) -> Callable[[], None]:
    callbacks.append(callback)

    def undo() -> None:
        if callback in callbacks:
            callbacks.remove(callback)

    return undo


def install(*, grace_s: float = GRACE_S) -> None:
    """Take over the stop signals; idempotent, and to be called again after something else has installed handlers.

    `grace_s` bounds how long a stop waits for open transactions, in seconds. Raises RuntimeError outside the main
    thread, since Python runs signal handlers nowhere else.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("suspend.install() belongs into the main thread")
    _door.grace_s = grace_s
    for number in STOP_SIGNALS:
        current = signal.getsignal(number)
        if current == _door.handle or current is signal.SIG_IGN or current is None:
            continue  # ours already; ignored on purpose; or set by something that is not Python
        _door.previous[number] = current if callable(current) else None
        signal.signal(number, _door.handle)


def installed() -> bool:
    """True when Ctrl-Z is handled here."""
    return signal.getsignal(signal.SIGTSTP) == _door.handle


def uninstall() -> None:
    """Put the handlers back that `install` found."""
    for number, handler in _door.previous.items():
        if signal.getsignal(number) == _door.handle:
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
    _door.previous.clear()
