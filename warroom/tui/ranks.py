"""The rows of a long list, kept in order while lines, time, filter and sort change. Pure: no widget, no clock.

What it costs is what changed, not what is listed: the rank of a line is kept until it changes or something of it falls
due. Where all has to be looked at, because another filter or order is asked for, that is done in parts: `work` stops
when its time is over, and is called again as long as `pending` says that there is more. When nothing is pending the
rows are exactly `ordered` lines that `matches`.
"""

from __future__ import annotations

import time
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush
from itertools import islice
from typing import Any

from warroom.tui.sieve.grammar import Filter, parse
from warroom.tui.sieve.match import deadlines, matches
from warroom.tui.sieve.sorting import USUAL, Sort, key_of, urgency
from warroom.views import IncidentLine

TIMED = frozenset(("age", "due"))
"""Fields of a filter for which a line may begin or cease to match at any second."""
BITE = 16
"""After how many lines it is looked at the clock."""
AROUND = 40
"""So many neighbours of a row are remembered on each side, for when it goes."""

SAMPLE = 100
"""How many rows are a sample of all, where it matters how wide they are."""

Rank = tuple[Any, ...]
Around = tuple[tuple[str, ...], Rank | None]
"""What is remembered of the place of a row: the keys beside it, nearest first, and its rank."""
Kind = tuple[str, int, str]


class _Down:
    """A value that sorts the other way round."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: _Down) -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Down) and bool(other.value == self.value)

    __hash__ = None  # type: ignore[assignment]


class Ranks:
    """Lines by key, and in order those that pass the filter."""

    def __init__(self) -> None:
        """No lines, the usual order, no filter."""
        self._lines: dict[str, IncidentLine] = {}
        self._entries: list[tuple[Rank, str]] = []
        self._rank: dict[str, Rank] = {}  # of what is among the entries
        self._urgency: dict[str, tuple[IncidentLine, Rank]] = {}
        self._turns: list[tuple[datetime, str]] = []
        self._turn: dict[str, datetime] = {}
        self._pending: dict[str, None] = {}
        self._kinds: Counter[Kind] = Counter()
        self._samples: dict[Kind, IncidentLine] = {}
        self._sort, self._wanted, self._timed = USUAL, parse(""), False
        self._value: Callable[[IncidentLine], Any] | None = None
        self._now: datetime | None = None

    # ---- what there is

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        """Whether a row has that key."""
        return key in self._rank

    def __getitem__(self, index: int) -> IncidentLine:
        """The row at that place."""
        return self._lines[self._entries[index][1]]

    @property
    def total(self) -> int:
        """How many lines there are, whether the filter lets them through or not."""
        return len(self._lines)

    @property
    def sample(self) -> Sequence[IncidentLine]:
        """Lines among which there are severities, keys and channels of every width that there is; all, of a few."""
        if len(self._lines) <= SAMPLE:
            return tuple(self._lines.values())
        first = [self._lines[key] for _, key in self._entries[:SAMPLE] if key in self._lines]
        return (*first, *(self._samples[kind] for kind, count in self._kinds.items() if count > 0))

    @property
    def pending(self) -> int:
        """How many lines are still to be looked at."""
        return len(self._pending)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all rows, in order."""
        return tuple(key for _, key in self._entries)

    def line(self, key: str | None) -> IncidentLine | None:
        """The row of a key, if there is one."""
        return self._lines[key] if key is not None and key in self._rank else None

    def index(self, key: str) -> int:
        """Where the row of a key stands; raises `KeyError`."""
        return bisect_left(self._entries, (self._rank[key], key))

    def around(self, key: str | None) -> Around:
        """What `nearest` needs to know of a row, before it goes: its neighbours, nearest first, and its rank."""
        if key is None or key not in self._rank:
            return (), None
        at, out = self.index(key), []
        for distance in range(1, AROUND + 1):
            out += [self._entries[i][1] for i in (at + distance, at - distance) if 0 <= i < len(self._entries)]
        return tuple(out), self._rank[key]

    def nearest(self, neighbours: Sequence[str], rank: Rank | None) -> str | None:
        """Of a row that is gone, the nearest one that was below or above it; None where there are no rows."""
        for key in neighbours:
            if key in self._rank:
                return key
        if not self._entries:
            return None
        at = bisect_left(self._entries, (rank, "")) if rank is not None and rank[0] is not None else 0
        return self._entries[min(at, len(self._entries) - 1)][1]

    # ---- what changes

    def put(self, lines: Iterable[IncidentLine]) -> None:
        """These lines, and no others."""
        before, self._lines = self._lines, {line.key: line for line in lines}
        self._kinds, self._samples = Counter(), {}
        for key, line in self._lines.items():
            self._count(line, 1)
            old = before.pop(key, None)
            if old is not line and (old != line or key in self._pending):
                self._pending[key] = None
        for key in before:
            self._pending[key] = None

    def change(self, changes: Mapping[str, IncidentLine | None]) -> None:
        """These lines are new or others; None: gone."""
        for key, line in changes.items():
            old = self._lines.pop(key, None) if line is None else self._lines.get(key)
            if old is not None:
                self._count(old, -1)
            if line is not None:
                self._lines[key] = line
                self._count(line, 1)
            self._pending[key] = None

    def _count(self, line: IncidentLine, by: int) -> None:
        kind = line.severity.name, len(line.key), line.update.channel
        self._kinds[kind] += by
        self._samples.setdefault(kind, line)

    def ask(self, sort: Sort, wanted: Filter, first: Sequence[str] = ()) -> None:
        """Another order or filter. The lines `first` are looked at first, then the others as they stood."""
        self._sort, self._wanted = sort, wanted
        self._timed = any(term.field in TIMED for term in wanted.terms)
        self._value = key_of(sort.column)
        before = [key for _, key in self._entries]
        self._entries, self._rank = [], {}
        # What is gone meanwhile is among them too, and finds no line.
        self._pending = dict.fromkeys((*first, *before, *self._lines))

    def work(self, now: datetime, spend_s: float | None = None) -> bool:
        """Bring the rows up to `now`, or as far as that goes in about so many seconds; True if any row moved, came or
        went."""
        end = None if spend_s is None else time.perf_counter() + spend_s
        if self._now is not None and now < self._now:  # a clock was set back: what was due may not be any more
            self._urgency.clear()
            self._pending.update(dict.fromkeys(self._lines))
        while self._turns and self._turns[0][0] <= now:
            at, key = heappop(self._turns)
            if self._turn.get(key) == at:
                del self._turn[key]
                self._urgency.pop(key, None)
                self._pending[key] = None
        if self._timed and now != self._now:
            self._pending.update(dict.fromkeys(self._lines))
        self._now = now
        come: list[tuple[Rank, str]] = []
        moved = False
        while self._pending:
            # Looking for the first key takes the longer, the more were taken from the front: several are taken at once.
            for key in list(islice(self._pending, BITE)):
                del self._pending[key]
                moved = self._place(key, now, come) or moved
            if end is not None and time.perf_counter() >= end:
                break
        if len(come) > max(8, len(self._entries) // 20):
            self._entries += come
            self._entries.sort()
        else:
            for entry in come:
                insort(self._entries, entry)
        return moved

    def _place(self, key: str, now: datetime, come: list[tuple[Rank, str]]) -> bool:
        """Give one line its place, or none; what is to be inserted is left in `come`."""
        line, old = self._lines.get(key), self._rank.get(key)
        rank = self._ranked(line, now) if line is not None else None  # it is also noted when that changes
        new = rank if line is not None and matches(line, self._wanted, now) else None
        if line is None:
            self._urgency.pop(key, None)
            self._turn.pop(key, None)
        if new == old:
            return False
        if old is not None:
            del self._entries[bisect_left(self._entries, (old, key))]
            del self._rank[key]
        if new is not None:
            self._rank[key] = new
            come.append((new, key))
        return True

    def _ranked(self, line: IncidentLine, now: datetime) -> Rank:
        urgent = self._urgent(line, now)
        if self._value is None:
            return (_Down(urgent),) if self._sort.reverse else urgent
        value = self._value(line)
        if value is None:
            return True, 0, urgent
        return False, _Down(value) if self._sort.reverse else value, urgent

    def _urgent(self, line: IncidentLine, now: datetime) -> Rank:
        known = self._urgency.get(line.key)
        if known is not None and known[0] is line:
            return known[1]
        rank = urgency(line, now)
        self._urgency[line.key] = line, rank
        turn = min((at for at in deadlines(line) if at > now), default=None)
        if turn is None:
            self._turn.pop(line.key, None)
        elif self._turn.get(line.key) != turn:
            self._turn[line.key] = turn
            heappush(self._turns, (turn, line.key))
        return rank
