"""Looking at the whole room again and again, and reading only what is not known yet.

A look costs what happened since the one before, not what stands in the room: the record tells which incidents were
touched, and their rows alone are read. What could change without an entry of the record, because somebody made the rows
anew from it, is found by a sweep that compares a few rows with every look.

A look may be limited in time (`spend_s`). Then it is begun with the most urgent incidents, and `unread` says how many
are still to be read: each further look reads some more, so that a screen is there at once and stays quick whatever the
size of the room.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import field, replace
from itertools import islice

from sqlalchemy import Connection

from warroom.domain.book import Rulebook
from warroom.domain.room import Room
from warroom.service.keeping import Memory
from warroom.service.viewing import catalogue, incident_line, severity_face
from warroom.store import board_rows, queries
from warroom.store.board_rows import AT_ONCE, Shown
from warroom.store.codec import decode_room
from warroom.store.revisions import load_book
from warroom.valueclass import dataclass
from warroom.views import Catalogue, IncidentLine, PageState, SeverityFace

REMEMBERED = 8
"""Of how many incidents it is remembered what was worked out: a screen shows one at a time."""
FIRST = 100
"""How many incidents a look that is limited in time reads first; about twice so many in the end."""
BITE = 25
"""After how many incidents it is looked at the clock."""
SWEPT, SWEPT_IDLE = 25, 200
"""How many rows a look compares besides, when something happened and when nothing did."""
AFRESH_S = 1.0
"""How often a look that is limited in time lets what happens to other incidents tell on the one that is shown, in
seconds: what happens to that one itself tells at once."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the whole room found. `mark` is the very same object as in the look before while nothing was
    committed, `happened` while nothing happened. `changed`: by key the lines that are not those of the look before,
    None for one that is gone; or None where any may be another. `unread`: how many incidents are to be read, for the
    first time or again. `tally`: how many are live, by severity."""

    mark: object
    happened: object
    seq: int
    name: str
    lines: tuple[IncidentLine, ...]
    damaged: tuple[str, ...]
    in_force: str
    catalogue: Catalogue
    trouble: Mapping[str, int]
    changed: Mapping[str, IncidentLine | None] | None = None
    unread: int = 0
    tally: tuple[tuple[SeverityFace, int], ...] = ()
    found: dict[str, tuple[int, Room] | None] = field(default_factory=dict)

    def one(self, c: Connection, key: str) -> tuple[int, Room] | None:
        """The incident of that key, on the board or not; None where there is none."""
        if key not in self.found:
            self.found[key] = queries.one(c, key)
        return self.found[key]


class Looking:
    """For one session: looks at the room again and again, and reads only what is not known yet."""

    def __init__(self) -> None:
        """Nothing looked at yet."""
        self._last: Looked | None = None
        self._generation = 0
        self._moment, self._moment_at = (0, -1), float("-inf")
        self._memories: OrderedDict[int, Memory] = OrderedDict()
        self._forget()

    def _forget(self) -> None:
        self._lines: dict[int, IncidentLine] = {}  # by number
        self._texts: dict[int, int] = {}  # the hash of what each of these rows held when it was read
        self._damaged: dict[int, str] = {}
        self._faces: Counter[SeverityFace] = Counter()
        self._waiting: OrderedDict[int, None] = OrderedDict()  # the numbers that are to be read
        self._listed = False  # whether the numbers of all that is shown are known
        self._greatest = 0
        self._unordered = False  # whether the lines are not in the order of their numbers
        self._swept = 0
        self._changed: dict[str, IncidentLine | None] = {}

    def look(self, c: Connection, mark: tuple[int, int], spend_s: float | None = None) -> Looked:
        """What stands in the room; `mark` is the database's within this read. With `spend_s` it takes about so many
        seconds at most, and what it did not come to is left for the next look; with 0 it reads the most urgent only."""
        last = self._last
        if last is not None and last.mark == mark and not last.unread:
            if last.changed is None or last.changed:
                self._last = replace(last, changed={})
            return self._last or last
        if last is not None and self._generation != mark[0]:  # another file
            last = None
            self._forget()
        self._generation = mark[0]
        end = None if spend_s is None else time.perf_counter() + spend_s
        seq, in_force = queries.seq(c), queries.rulebook_in_force(c)
        if last is not None and last.mark != mark:
            self._mind(c, last.seq, seq)
        live = self._begin(c, spend_s)
        self._read(c, end)
        unread = len(self._waiting) if self._listed else max(1, live - len(self._lines))
        happened, book = self._happened((mark[0], seq), limited=end is not None), load_book(c, in_force)
        same_rules = last is not None and last.in_force == in_force
        changed, self._changed = self._changed, {}
        self._last = Looked(
            mark,
            happened,
            seq,
            queries.room_name(c),
            last.lines if last is not None and not changed else self._in_order(whole=not unread),
            tuple(self._damaged[number] for number in sorted(self._damaged)),
            in_force,
            last.catalogue if last is not None and same_rules else catalogue(book),
            queries.trouble(c),
            changed if last is not None else None,
            unread,
            self._counted() if not unread else _by_rank(board_rows.tally(c), book),
        )
        return self._last

    def _happened(self, here: tuple[int, int], *, limited: bool) -> object:
        """Another object than before where something has happened; for a look that is limited in time not more often
        than every second, since it has all that follows from it worked out anew."""
        now = time.monotonic()
        if here != self._moment and not (limited and now - self._moment_at < AFRESH_S):
            self._moment, self._moment_at = here, now
        return self._moment

    def _mind(self, c: Connection, after: int, seq: int) -> None:
        """What is to be read again, before all that was not read yet."""
        again = [number for number in board_rows.touched(c, after) if number] if seq != after else []
        for number in (*again, *self._damaged):  # a damaged row may have been made anew
            self._waiting[number] = None
            self._waiting.move_to_end(number, last=False)
        if self._listed and not self._waiting.keys() - set(again) - self._damaged.keys():
            self._sweep(c, SWEPT if again else SWEPT_IDLE)

    def _sweep(self, c: Connection, most: int) -> None:
        """Compare some rows, the next ones at each look, with what was read of them."""
        rows = board_rows.behind(c, self._swept, most)
        for row in rows:
            self._take(c, row)
        self._swept = rows[-1].number if len(rows) == most else 0

    def _begin(self, c: Connection, spend_s: float | None) -> int:
        """Find out what is to be read at all; gives how many are live as long as that is not known one by one."""
        if self._listed:
            return 0
        if spend_s is not None and not (self._lines and spend_s):
            live = sum(board_rows.tally(c).values())
            if self._lines:
                return live
            if live > 2 * FIRST:
                for row in board_rows.these(c, board_rows.urgent(c, FIRST)):
                    self._take(c, row)
                return live
        self._listed = True
        for number in board_rows.numbers(c):
            if number not in self._texts:
                self._waiting[number] = None
        return 0

    def _read(self, c: Connection, end: float | None) -> None:
        """Read what waits, until the time is over."""
        while self._listed and self._waiting:
            bite = list(islice(self._waiting, BITE if end is not None else AT_ONCE))
            for number in bite:
                del self._waiting[number]
            for row in board_rows.these(c, bite):
                self._take(c, row)
            if end is not None and time.perf_counter() >= end:
                return

    def _take(self, c: Connection, row: Shown) -> None:
        """Take in a row, if it holds something else than before."""
        number, text = row.number, row.room
        if text is None:
            self._texts.pop(number, None)
            self._put(number, None)
            self._damaged.pop(number, None)
            return
        if self._texts.get(number) == (held := hash(text)):
            return
        self._texts[number] = held
        try:
            room = decode_room(text)
        except ValueError:
            self._damaged[number] = row.key
            self._put(number, None)
            return
        self._damaged.pop(number, None)
        self._put(number, incident_line(room, load_book(c, room.incident.revision)))

    def _put(self, number: int, line: IncidentLine | None) -> None:
        before = self._lines.get(number)
        if line == before:
            return
        for each, by in ((before, -1), (line, 1)):
            if each is not None:
                self._changed[each.key] = line
                if each.page.state is not PageState.STOPPED:
                    self._faces[each.severity] += by
        if line is None:
            del self._lines[number]
            return
        if before is None:
            self._unordered = self._unordered or number < self._greatest
            self._greatest = max(self._greatest, number)
        self._lines[number] = line

    def _in_order(self, *, whole: bool) -> tuple[IncidentLine, ...]:
        """All lines; by number once all of them are there."""
        if self._unordered and whole:
            self._lines = dict(sorted(self._lines.items()))
            self._unordered = False
        return tuple(self._lines.values())

    def _counted(self) -> tuple[tuple[SeverityFace, int], ...]:
        found = ((face, count) for face, count in self._faces.items() if count)
        return tuple(sorted(found, key=lambda each: (each[0].rank, each[0].name)))

    def memory(self, number: int) -> Memory:
        """What is known of an incident that is looked at; of a few only."""
        memory = self._memories.pop(number, None) or Memory()
        self._memories[number] = memory
        while len(self._memories) > REMEMBERED:
            self._memories.popitem(last=False)
        return memory


def _by_rank(tally: Mapping[int, int], book: Rulebook) -> tuple[tuple[SeverityFace, int], ...]:
    """How many are live by severity, as long as only the ranks of them are known."""
    faces = {face.rank: face for face in reversed([severity_face(name, book) for name in book.severities])}
    other = severity_face(next(iter(book.severities)), book)
    return tuple((faces.get(rank, replace(other, name="", glyph="", rank=rank)), tally[rank]) for rank in sorted(tally))
