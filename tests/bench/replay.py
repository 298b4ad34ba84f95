"""An independent look at a room's file: was every step taken once, in order, and in time, and is the record whole?

Read with nothing but the database driver. The whole record is played once more by one process, alone, in its own order:
whatever it says that time did is decided again, with the same rules, the times that the record has, and what had
happened by then in the other incidents; and has to come out the same, entry by entry. So a step that is missing, that
was taken twice or too early, or that rests on an older state of the room than it found, comes to light.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from warroom.domain.book import Rulebook
from warroom.domain.core import ENGINE, Context, Entry
from warroom.domain.duty import Duty, Recent
from warroom.domain.escalation import EscalationPlanned
from warroom.domain.incident import Declare, Declared
from warroom.domain.messages import outgoing
from warroom.domain.room import Room, Tick, decide, due, evolve
from warroom.store import sqlite
from warroom.store.codec import decode
from warroom.store.write import DESK_NUMBER

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Verdict:
    """What a record shows. `lateness` is in seconds, one figure per step; `messages` has the id of every message that
    was decided; `broken` says in words what is wrong, `lost`, `twice` and `out_of_order` count the three worst."""

    incidents: int = 0
    events: int = 0
    steps: int = 0
    lost: int = 0
    twice: int = 0
    out_of_order: int = 0
    overtaken: int = 0
    lateness: list[float] = field(default_factory=list)
    messages: set[str] = field(default_factory=set)
    versions: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def verify(path: Path, book: Rulebook, until: datetime) -> Verdict:
    """Play the record at `path` once more. Everything that fell due before `until` has to have been taken."""
    out = Verdict()
    connection = sqlite.load_driver().connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute("BEGIN")  # one snapshot: somebody may still be writing
        rows = connection.execute(
            "SELECT seq, incident, version, kind, at, due, actor, data, hash FROM event ORDER BY seq"
        ).fetchall()
        head = connection.execute("SELECT seq, hash FROM head").fetchone()
    finally:
        connection.close()
    out.events = len(rows)
    _check_seals(out, rows, head)
    record: list[tuple[int, int, Entry]] = []
    for _, incident, version, kind, at, fell_due, actor, data, _ in rows:
        entry = Entry(_moment(at), actor, decode(kind, data), None if fell_due is None else _moment(fell_due))
        record.append((incident, version, entry))
    replay = _Replay(out, record, book)
    replay.run(until)
    out.incidents = len(replay.incidents)
    return out


def _moment(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=us)


def _check_seals(out: Verdict, rows: list[Any], head: tuple[int, str]) -> None:
    sealed = "0" * 64
    for number, (seq, *values, written) in enumerate(rows, 1):
        digest = hashlib.sha256(sealed.encode())
        for part in (seq, *values):
            text = ("" if part is None else str(part)).encode()
            digest.update(b"%d:" % len(text) + text)
        sealed = digest.hexdigest()
        if seq != number:
            out.broken.append(f"event {number} is missing")
            return
        if sealed != written:
            out.broken.append(f"the seal of event {seq} is broken")
            return
    if tuple(head) != (len(rows), sealed):
        out.broken.append(f"the head says {head[0]}, the record ends at {len(rows)}")


@dataclass(slots=True)
class _Incident:
    """One incident as far as it has been played. `wrong`: what follows of it cannot be judged."""

    number: int
    room: Room | None = None
    version: int = 0
    seen: set[datetime] = field(default_factory=set)
    last_due: datetime | None = None
    wrong: bool = False


class _Pages(Mapping[str, tuple[datetime, ...]]):
    """When people were paged for other incidents than one."""

    def __init__(self, pages: Mapping[str, list[tuple[datetime, int]]], number: int) -> None:
        self.pages, self.number = pages, number

    def __getitem__(self, person: str) -> tuple[datetime, ...]:
        return tuple(at for at, number in self.pages.get(person, ()) if number != self.number)

    def __iter__(self) -> Iterator[str]:
        return iter(self.pages)

    def __len__(self) -> int:
        return len(self.pages)


class _Replay:
    """The record, played once more."""

    def __init__(self, out: Verdict, record: list[tuple[int, int, Entry]], book: Rulebook) -> None:
        self.out, self.record, self.book = out, record, book
        self.incidents: dict[int, _Incident] = {}
        self.pages: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
        self.turns: Counter[str] = Counter()

    def run(self, until: datetime) -> None:
        at = 0
        while at < len(self.record):
            number, _, entry = self.record[at]
            if number == DESK_NUMBER:  # what is done there is taken as it stands
                at += 1
                continue
            one = self.incidents.setdefault(number, _Incident(number))
            at += 1 if one.wrong else self._decision(one, entry, at)
        for one in self.incidents.values():
            if one.room is None or one.wrong:
                continue
            self.out.versions[one.room.incident.key] = one.room.version
            late = [deadline for deadline in due(one.room) if deadline.at < until]
            self.out.lost += len(late)
            if late:
                self._wrong(one, f"{late[0].name} fell due at {late[0].at} and was never taken")

    def _decision(self, one: _Incident, entry: Entry, at: int) -> int:
        """Play what was decided at once, from entry `at` of the record on; returns how many entries that are."""
        if entry.due is not None:
            expected = self._time(one, entry)
            if expected is None:
                return 1
        elif isinstance(entry.event, Declared):
            expected = self._declared(one, entry, entry.event)
        else:
            expected = (entry,)  # what people did is taken as it stands; what followed by itself is not
            self._overtaken(one, entry)
        rows = self.record[at : at + len(expected)]
        found = tuple(entry for number, _, entry in rows if number == one.number)
        if found != expected:
            what = _first(found, expected)
            self._wrong(one, f"from entry {one.version + 1} on the record is not what follows by the rules: {what}")
            return 1
        for _, version, taken in rows:
            if version != one.version + 1:
                self._wrong(one, "its versions have gaps")
            self._take(one, taken)
        return len(rows)

    def _context(self, one: _Incident, entry: Entry, actor: str) -> Context:
        recent = tuple(
            Recent(i.key, i.declared_at, i.severity, i.service, i.title, i.live, i.labels)
            for other in self.incidents.values()
            if other is not one and other.room is not None and not other.room.incident.watched
            for i in (other.room.incident,)
        )
        return Context(
            entry.at, actor, self.book, Duty(pages=_Pages(self.pages, one.number), turns=self.turns, recent=recent)
        )

    def _time(self, one: _Incident, entry: Entry) -> tuple[Entry, ...] | None:
        """The entries that time makes at this moment."""
        assert entry.due is not None
        if one.room is None:
            self._wrong(one, f"it does not begin with an incident, but with {entry.event}")
            return None
        if entry.due in one.seen and not any(deadline.at == entry.due for deadline in due(one.room)):
            self.out.twice += 1
            self._wrong(one, f"the step that fell due at {entry.due} was taken again")
            return None
        if entry.at < entry.due:
            self._wrong(one, f"the step that fell due at {entry.due} was taken at {entry.at} already")
        expected = decide(one.room, Tick(), self._context(one, entry, ENGINE))
        if not expected:
            self._wrong(one, f"nothing fell due at {entry.due}, and yet there is {entry.event}")
            return None
        return expected

    def _declared(self, one: _Incident, entry: Entry, event: Declared) -> tuple[Entry, ...]:
        names = {each.name for each in fields(Declare)}
        known = {each.name: getattr(event, each.name) for each in fields(event) if each.name in names}
        return decide(None, Declare(**known), self._context(one, entry, entry.actor))

    def _overtaken(self, one: _Incident, entry: Entry) -> None:
        if one.room is not None and any(deadline.at <= entry.at for deadline in due(one.room)):
            self.out.overtaken += 1

    def _take(self, one: _Incident, entry: Entry) -> None:
        one.room = evolve(one.room, entry)
        one.version += 1
        for number, message in enumerate(outgoing(one.room, entry, self.book), 1):
            self.out.messages.add(f"{one.room.incident.key}/{one.room.version}/{number}")
            page = entry.at, one.number
            if message.kind == "page" and page not in self.pages[message.to][-1:]:
                self.pages[message.to].append(page)
        if isinstance(entry.event, EscalationPlanned):
            self.turns[entry.event.policy] += 1
        if entry.due is None or entry.due in one.seen:
            return
        one.seen.add(entry.due)
        self.out.steps += 1
        self.out.lateness.append((entry.at - entry.due).total_seconds())
        if one.last_due is not None and entry.due < one.last_due:
            self.out.out_of_order += 1
            self._wrong(one, f"the step that fell due at {entry.due} came after the one of {one.last_due}")
        one.last_due = entry.due

    def _wrong(self, one: _Incident, what: str) -> None:
        one.wrong = True
        self.out.broken.append(f"incident {one.number}: {what}")


def _first(found: tuple[Entry, ...], expected: tuple[Entry, ...]) -> str:
    for each, other in zip(found, expected, strict=False):
        if each != other:
            return f"{each} instead of {other}"
    return f"{len(found)} entries instead of {len(expected)}"
