"""Until when what was just laid out stays as it is.

Everything on a screen that follows the clock is a function of a moment. Whoever lays something out asks with `watched`
until when it holds; the functions that turn moments into figures say with `changes_at` when theirs will be another one.
So a countdown above ten minutes is laid out once a minute, and one below it every second, without anybody having to
know what stands on the screen.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final

SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)
_INSTANT: Final = timedelta(microseconds=1)
FOR_GOOD: Final = datetime.max.replace(tzinfo=UTC)


class _Listening(threading.local):
    """The innermost `watched` of a thread."""

    now: Watched | None = None


_listening = _Listening()


class Watched:
    """Within its `with` it gathers when what is laid out there changes; `until` is the first of these moments, and
    `by_second` says whether any figure of it counts seconds."""

    __slots__ = ("_outer", "by_second", "until")

    def __init__(self) -> None:
        """Nothing changes, as far as is known."""
        self.until = FOR_GOOD
        self.by_second = False
        self._outer: Watched | None = None

    def __enter__(self) -> Watched:
        """Begin to listen."""
        self._outer, _listening.now = _listening.now, self
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """What is around it changes then too."""
        outer = _listening.now = self._outer
        if outer is not None:
            outer.by_second |= self.by_second
            if self.until < outer.until:
                outer.until = self.until


def watched() -> Watched:
    """Listen to what is laid out within a `with`."""
    return Watched()


def changes_at(at: datetime | None, now: datetime) -> None:
    """What is laid out for `now` is another from `at` on; what is over, or None, changes nothing any more."""
    listening = _listening.now
    if listening is not None and at is not None and now < at < listening.until:
        listening.until = at


def changes_about(at: datetime | None, now: datetime) -> None:
    """The same for a moment that is not exact: from a second before it on it is laid out again and again."""
    if at is not None:
        changes_at(max(at - SECOND, now + _INSTANT), now)


def grows(start: datetime, now: datetime, step: timedelta = MINUTE) -> None:
    """It shows how many whole steps have passed since `start`."""
    if _listening.now is not None:
        _listening.now.by_second |= step <= SECOND
        changes_at(now + (step - (now - start) % step), now)


def shrinks(end: datetime, now: datetime, step: timedelta, off: timedelta = timedelta(0)) -> None:
    """It shows how many whole steps it is, begun ones counting, until `end`; they end `off` after the whole ones."""
    if _listening.now is not None:
        _listening.now.by_second |= step <= SECOND
        changes_at(now + ((end + off - now) % step or step), now)


def whole_minutes(now: datetime) -> datetime:
    """It shows what time it is to the minute, or follows from that; gives when this minute began."""
    began = now.replace(second=0, microsecond=0)
    grows(began, now)
    return began


def next_day(now: datetime) -> None:
    """It shows what day it is, or whether something is today, in UTC."""
    if _listening.now is not None:
        midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        changes_at(midnight + timedelta(days=1), now)
