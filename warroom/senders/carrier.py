"""Who carries claimed messages to their receivers: one after the other, or each lane for itself.

A receiver that accepts a connection and never answers must not hold up the others. So every try has a thread of its
own, a lane has a few of them at most, and one that is not back in time is left behind: the message counts as unsure,
and the thread ends when the library gives up. The threads do not keep the process from ending.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import timedelta
from typing import Protocol

from warroom.store.outbox import LEASE, SENT, Claimed, Fate
from warroom.valueclass import dataclass

WIDTH = 4
"""How many messages of one lane are under way at once."""
MOST = 64
"""How many messages are under way at once in all."""
LEFT_BEHIND_S = 60.0
"""How long a try that is not back in time still takes up its lane, in seconds, so that a receiver that never answers
does not get more and more of them at once."""

Sender = Callable[[Claimed], None]
Result = tuple[Claimed, Fate]


class Sends(Protocol):
    """Sends one message, returns its fate and never raises. Called from many threads at once."""

    def send(self, message: Claimed) -> Fate:
        """Send it."""


def one_by_one(
    messages: Sequence[Claimed],
    send: Sender,
    within_s: float,
    monotonic: Callable[[], float],
    ended: Callable[[], bool],
) -> tuple[list[Result], list[Claimed]]:
    """Send messages one after the other with `send`, which returns or raises; returns the results and what was not
    tried, because the time was over or everything has `ended`."""
    results: list[Result] = []
    until = monotonic() + within_s
    for index, message in enumerate(messages):
        # With a slow receiver the last of many would be sent when their lease has run out.
        if ended() or monotonic() > until:
            return results, list(messages[index:])
        try:
            send(message)
        except Exception as error:  # whatever a sender raises is this message's failure alone
            results.append((message, Fate(f"{type(error).__name__}: {error}")))
        else:
            results.append((message, SENT))
    return results, []


@dataclass(slots=True, eq=False)
class _Try:
    """One message under way. `over` is set when its result was taken, or is no longer waited for."""

    message: Claimed
    began: float
    over: bool = False


@dataclass(slots=True)
class Lanes:
    """Sends messages of different lanes at the same time. Belongs to one thread; `finished` is set when a try ends.

    `limit`: how long a try may take before it is left behind.
    """

    office: Sends
    finished: threading.Event
    limit: timedelta = LEASE / 2
    width: int = WIDTH
    monotonic: Callable[[], float] = time.monotonic
    _tries: list[_Try] = field(default_factory=list)
    _results: deque[tuple[_Try, Fate]] = field(default_factory=deque)

    def space(self) -> tuple[int, Mapping[str, int]]:
        """How many more messages may be started now, in all and by lane that is not empty."""
        busy = Counter(each.message.lane for each in self._tries)
        return max(0, MOST - len(self._tries)), {lane: self.width - count for lane, count in busy.items()}

    def start(self, messages: Iterable[Claimed]) -> None:
        """Send these, each in a thread of its own."""
        for message in messages:
            made = _Try(message, self.monotonic())
            self._tries.append(made)
            threading.Thread(target=self._run, args=(made, self.office), name="send", daemon=True).start()

    def _run(self, made: _Try, office: Sends) -> None:
        try:
            fate = office.send(made.message)
        except BaseException as error:  # a sender that breaks its promise is a failure, and its text is not trusted
            fate = Fate(f"it could not be sent: {type(error).__name__}")
        self._results.append((made, fate))
        self.finished.set()

    def collect(self) -> list[Result]:
        """What has ended since the last call, and what is no longer waited for."""
        results: list[Result] = []
        while self._results:
            made, fate = self._results.popleft()
            if made in self._tries:
                self._tries.remove(made)
            if not made.over:
                results.append((made.message, fate))
        now, limit = self.monotonic(), self.limit.total_seconds()
        for made in list(self._tries):
            if not made.over and now - made.began > limit:
                made.over = True
                results.append((made.message, Fate(f"no answer within {limit:g} s", unsure=True)))
            if now - made.began > limit + LEFT_BEHIND_S:
                self._tries.remove(made)
        return results

    @property
    def idle(self) -> bool:
        """Whether nothing is under way that is still waited for."""
        return all(each.over for each in self._tries) and not self._results
