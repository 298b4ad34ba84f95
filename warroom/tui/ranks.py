"""The rows of a long list, kept in order while lines, time, filter and sort change. Pure: no widget, no clock.

What it costs is what changed, not what is listed: the rank of a line is kept until it changes or something of it falls
due. All lines stand in their order whether the filter lets them through or not, so that another filter only asks them,
one after the other, and none at all shows the order as it stands. Where all has to be looked at, because another filter
or order is asked for, that is done in parts: `work` stops when its time is over, and is called again as long as
`pending` says that there is more. When nothing is pending the rows are exactly `ordered` lines that `matches`.
"""

from __future__ import annotations

import time
from bisect import bisect_left, insort
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

from warroom.tui.sieve.grammar import Filter
from warroom.tui.sieve.match import Test, deadlines, only_word, passing, words_of
from warroom.tui.sieve.sorting import USUAL, Sort, key_of, urgency
from warroom.views import IncidentLine

TIMED = frozenset(("age", "due"))
"""Fields of a filter for which a line may begin or cease to match at any second."""
BITE, BITE_ASKED = 16, 128
"""After how many lines it is looked at the clock: of those that get their rank, and of those that are only asked."""
AROUND = 40
"""So many neighbours of a row are remembered on each side, for when it goes."""

SAMPLE = 100
"""How many rows are a sample of all, where it matters how wide they are."""

Rank = tuple[Any, ...]
Entry = tuple[Rank, str]
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
        self._order: list[Entry] = []  # all that have a rank
        self._rank: dict[str, Rank] = {}
        self._rows: list[Entry] = self._order  # those of them that pass: the same list where there is no filter
        self._passed: set[str] | None = None  # the keys of the rows; None: all
        self._passes: Test | None = None
        self._word: str | None = None  # all that the filter asks for, if it is that: the commonest one, asked faster
        self._words: dict[str, tuple[IncidentLine, str]] = {}
        self._urgency: dict[str, tuple[IncidentLine, Rank]] = {}
        self._turns: list[tuple[datetime, str]] = []
        self._turn: dict[str, datetime] = {}
        self._unplaced: OrderedDict[str, None] = OrderedDict()  # they are to get their rank
        self._unranked: list[str] = []  # the same of another order, the last first; some may have got it meanwhile
        self._unasked: list[Entry] = []  # it is to be asked whether they pass, the last of them first
        self._gone = False  # a row went since the last work
        self._kinds: Counter[Kind] = Counter()
        self._samples: dict[Kind, IncidentLine] = {}
        self._sort, self._timed = USUAL, False
        self._value: Callable[[IncidentLine], Any] | None = None
        self._now: datetime | None = None

    # ---- what there is

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        """Whether a row has that key."""
        return key in (self._rank if self._passed is None else self._passed)

    def __getitem__(self, index: int) -> IncidentLine:
        """The row at that place."""
        return self._lines[self._rows[index][1]]

    @property
    def total(self) -> int:
        """How many lines there are, whether the filter lets them through or not."""
        return len(self._lines)

    @property
    def sample(self) -> Sequence[IncidentLine]:
        """Lines among which there are severities, keys and channels of every width that there is; all, of a few."""
        if len(self._lines) <= SAMPLE:
            return tuple(self._lines.values())
        first = [self._lines[key] for _, key in self._rows[:SAMPLE]]
        return (*first, *(self._samples[kind] for kind, count in self._kinds.items() if count > 0))

    @property
    def pending(self) -> int:
        """How many lines are still to be looked at."""
        return len(self._unplaced) + len(self._unranked) + len(self._unasked)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all rows, in order."""
        return tuple(key for _, key in self._rows)

    def line(self, key: str | None) -> IncidentLine | None:
        """The row of a key, if there is one."""
        return self._lines[key] if key is not None and key in self else None

    def index(self, key: str) -> int:
        """Where the row of a key stands; raises `KeyError`."""
        return bisect_left(self._rows, (self._rank[key], key))

    def around(self, key: str | None) -> Around:
        """What `nearest` needs to know of a row, before it goes: its neighbours, nearest first, and its rank."""
        if key is None or key not in self:
            return (), None
        at, out = self.index(key), []
        for distance in range(1, AROUND + 1):
            out += [self._rows[i][1] for i in (at + distance, at - distance) if 0 <= i < len(self._rows)]
        return tuple(out), self._rank[key]

    def nearest(self, neighbours: Sequence[str], rank: Rank | None) -> str | None:
        """Of a row that is gone, the nearest one that was below or above it; None where there are no rows."""
        for key in neighbours:
            if key in self:
                return key
        if not self._rows:
            return None
        at = bisect_left(self._rows, (rank, "")) if rank is not None and rank[0] is not None else 0
        return self._rows[min(at, len(self._rows) - 1)][1]

    # ---- what changes

    def put(self, lines: Iterable[IncidentLine]) -> None:
        """These lines, and no others."""
        before, self._lines = self._lines, {line.key: line for line in lines}
        self._kinds, self._samples = Counter(), {}
        for key, line in self._lines.items():
            self._count(line, 1)
            old = before.pop(key, None)
            if old is not line and (old != line or key in self._unplaced):
                self._unplaced[key] = None
        self._forget(before)

    def change(self, changes: Mapping[str, IncidentLine | None]) -> None:
        """These lines are new or others; None: gone."""
        gone = []
        for key, line in changes.items():
            old = self._lines.pop(key, None) if line is None else self._lines.get(key)
            if old is not None:
                self._count(old, -1)
            if line is not None:
                self._lines[key] = line
                self._count(line, 1)
                self._unplaced[key] = None
            elif old is not None:
                gone.append(key)
        self._forget(gone)

    def _forget(self, gone: Iterable[str]) -> None:
        """These lines are no more: their rows go at once, for there is nothing to show on them."""
        if not self._lines:
            self._unranked.clear()
        for key in gone:
            for kept in (self._unplaced, self._words, self._urgency, self._turn):
                kept.pop(key, None)
            self._gone = key in self or self._gone
            if (rank := self._rank.get(key)) is not None:
                self._take_out(rank, key)
                del self._rank[key]

    def _take_out(self, rank: Rank, key: str) -> None:
        """It has no place any more, nor a row."""
        del self._order[bisect_left(self._order, (rank, key))]
        if self._passed is not None and key in self._passed:
            del self._rows[bisect_left(self._rows, (rank, key))]
            self._passed.remove(key)

    def _count(self, line: IncidentLine, by: int) -> None:
        kind = line.severity.name, len(line.key), line.update.channel
        self._kinds[kind] += by
        self._samples.setdefault(kind, line)

    def ask(self, sort: Sort, wanted: Filter, first: Sequence[str] = ()) -> None:
        """Another order or filter. The lines `first` are looked at first, then the others as they stood."""
        if sort != self._sort:
            self._unranked += [key for _, key in reversed(self._order)]
            self._unranked += reversed(first)
            self._order, self._rank = [], {}
            self._sort, self._value = sort, key_of(sort.column)
        self._timed = any(term.field in TIMED for term in wanted.terms)
        if wanted:
            self._passes, self._passed, self._rows = passing(wanted, self._words_of), set(), []
            self._word = only_word(wanted)
            self._unasked = self._order[::-1]
            self._unasked += [(self._rank[key], key) for key in reversed(first) if key in self._rank]
        else:
            self._passes, self._passed, self._rows = None, None, self._order
            self._unasked = []

    def work(self, now: datetime, spend_s: float | None = None) -> bool:
        """Bring the rows up to `now`, or as far as that goes in about so many seconds of the processor's time; True if
        any row moved, came or went."""
        end = None if spend_s is None else time.thread_time() + spend_s
        if self._now is not None and now < self._now:  # a clock was set back: what was due may not be any more
            self._urgency.clear()
            self._unplaced.update(dict.fromkeys(self._lines))
        while self._turns and self._turns[0][0] <= now:
            at, key = heappop(self._turns)
            if self._turn.get(key) == at:
                del self._turn[key]
                self._urgency.pop(key, None)
                self._unplaced[key] = None
        if self._timed and now != self._now:
            self._unasked = self._order[::-1]
        self._now = now
        moved, self._gone = self._gone, False
        moved = self._place_some(now, end) or moved
        if end is None or not (self._unplaced or self._unranked):
            moved = self._ask_some(now, end) or moved
        return moved

    def _place_some(self, now: datetime, end: float | None) -> bool:
        """Give lines their places until the time is over; True if any row is another."""
        come: list[Entry] = []
        rows: list[Entry] = []
        moved = False
        while self._unplaced or self._unranked:
            for _ in range(BITE):
                if self._unplaced:
                    key, _ = self._unplaced.popitem(last=False)
                elif self._unranked:
                    key = self._unranked.pop()
                    if key in self._rank or key not in self._lines:
                        continue
                else:
                    break
                if key in self._rank:
                    moved = self._place(key, now, come, rows) or moved
                else:
                    moved = self._place_new(key, now, come, rows) or moved
            if end is not None and time.thread_time() >= end:
                break
        _merge(self._order, come)
        if self._rows is not self._order:
            _merge(self._rows, rows)
        return moved

    def _place(self, key: str, now: datetime, come: list[Entry], rows: list[Entry]) -> bool:
        """Give one line its place, and a row if it passes; what is to be inserted is left in `come` and `rows`."""
        line, old = self._lines[key], self._rank.get(key)
        rank = self._ranked(line, now)  # it is also noted when that changes
        was = key in self
        if rank != old:
            if old is not None:
                self._take_out(old, key)
            self._rank[key] = rank
            come.append((rank, key))
        if self._passed is None or self._passes is None:
            return rank != old
        passes = self._passes(line, now)
        if passes and key not in self._passed:
            self._passed.add(key)
            rows.append((rank, key))
        elif not passes and key in self._passed:
            del self._rows[bisect_left(self._rows, (rank, key))]
            self._passed.remove(key)
        return was is not passes or (passes and rank != old)

    def _place_new(self, key: str, now: datetime, come: list[Entry], rows: list[Entry]) -> bool:
        """The same for one that has no place: of another order that is all of them, and the key waits for many."""
        line = self._lines[key]
        rank = self._rank[key] = self._ranked(line, now)
        come.append((rank, key))
        if self._passed is None or self._passes is None:
            return True
        if passes := self._passes(line, now):
            self._passed.add(key)
            rows.append((rank, key))
        return passes

    def _ask_some(self, now: datetime, end: float | None) -> bool:
        """Ask lines that have their places whether they pass, until the time is over; True if any row came or went."""
        if self._passes is None or self._passed is None:
            return False
        rows: list[Entry] = []
        before, word = len(self._passed), self._word
        went = 0
        while self._unasked:
            some = self._unasked[-BITE_ASKED:]
            del self._unasked[-BITE_ASKED:]
            for _, key in reversed(some):  # it may have another rank by now
                line = self._lines.get(key)
                if line is None or key not in self._rank:
                    continue
                if word is None:
                    passes = self._passes(line, now)
                else:
                    known = self._words.get(key)
                    passes = word in (known[1] if known is not None and known[0] is line else self._words_of(line))
                if passes:
                    if key not in self._passed:
                        self._passed.add(key)
                        rows.append((self._rank[key], key))
                elif key in self._passed:
                    del self._rows[bisect_left(self._rows, (self._rank[key], key))]
                    self._passed.remove(key)
                    went += 1
            if end is not None and time.thread_time() >= end:
                break
        _merge(self._rows, rows)
        return went > 0 or len(self._passed) != before

    def _ranked(self, line: IncidentLine, now: datetime) -> Rank:
        known = self._urgency.get(line.key)
        urgent = known[1] if known is not None and known[0] is line else self._urgent(line, now)
        if self._value is None:
            return (_Down(urgent),) if self._sort.reverse else urgent
        value = self._value(line)
        if value is None:
            return True, 0, urgent
        return False, _Down(value) if self._sort.reverse else value, urgent

    def _urgent(self, line: IncidentLine, now: datetime) -> Rank:
        rank = urgency(line, now)
        self._urgency[line.key] = line, rank
        self._words_of(line)  # so that no letter of a filter waits for the words of all
        turn = min((at for at in deadlines(line) if at > now), default=None)
        if turn is None:
            self._turn.pop(line.key, None)
        elif self._turn.get(line.key) != turn:
            self._turn[line.key] = turn
            heappush(self._turns, (turn, line.key))
        return rank

    def _words_of(self, line: IncidentLine) -> str:
        known = self._words.get(line.key)
        if known is not None and known[0] is line:
            return known[1]
        words = words_of(line)
        self._words[line.key] = line, words
        return words


def _merge(entries: list[Entry], come: list[Entry]) -> None:
    """Put entries into their places among others."""
    come.sort()
    if not entries or (come and come[0] > entries[-1]):
        entries += come
    elif len(come) > max(8, len(entries) // 20):
        entries += come
        entries.sort()
    else:
        for entry in come:
            insort(entries, entry)
