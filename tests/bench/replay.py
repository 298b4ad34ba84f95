"""An independent look at a room's file: was every step taken once, in order, and in time, and is the record whole?

Read with nothing but the database driver. Each incident is played once more by one process, alone: whatever its record
says that time did is decided again, with the same rules and the times that the record has, and has to come out the
same, entry by entry. So a step that is missing, that was taken twice or too early, or that rests on an older state of
the incident than it found, comes to light.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from warroom.domain.book import Rulebook
from warroom.domain.core import ENGINE, Context, Entry
from warroom.domain.incident import Declare, Declared
from warroom.domain.messages import outgoing
from warroom.domain.room import Room, Tick, decide, due, evolve
from warroom.store import sqlite
from warroom.store.codec import decode

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
    records: Mapping[int, list[tuple[int, Entry]]] = defaultdict(list)
    for _, incident, version, kind, at, fell_due, actor, data, _ in rows:
        entry = Entry(_moment(at), actor, decode(kind, data), None if fell_due is None else _moment(fell_due))
        records[incident].append((version, entry))
    for incident, record in records.items():
        if [version for version, _ in record] != list(range(1, len(record) + 1)):
            out.broken.append(f"incident {incident}: its versions have gaps")
        _Replay(out, incident, [entry for _, entry in record], book).run(until)
    out.incidents = len(records)
    return out


def _moment(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=us)


def _check_seals(out: Verdict, rows: list[Any], head: tuple[int, str]) -> None:
    sealed = "0" * 64
    for number, (seq, *fields, written) in enumerate(rows, 1):
        digest = hashlib.sha256(sealed.encode())
        for part in (seq, *fields):
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


class _Replay:
    """One incident, played once more."""

    def __init__(self, out: Verdict, incident: int, record: list[Entry], book: Rulebook) -> None:
        self.out, self.incident, self.record, self.book = out, incident, record, book
        self.room: Room | None = None
        self.seen: set[datetime] = set()
        self.last_due: datetime | None = None

    def run(self, until: datetime) -> None:
        at = 0
        while at < len(self.record):
            entry = self.record[at]
            if entry.due is not None:
                expected = self._time(entry)
                if expected is None:
                    return
            elif isinstance(entry.event, Declared):
                expected = self._declared(entry, entry.event)
            else:
                expected = (entry,)  # what people did is taken as it stands; what followed by itself is not
                self._overtaken(entry)
            found = tuple(self.record[at : at + len(expected)])
            if found != expected:
                self._wrong(
                    f"from entry {at + 1} on the record is not what follows by the rules: {_first(found, expected)}"
                )
                return
            for taken in found:
                self._take(taken)
            at += len(expected)
        assert self.room is not None
        self.out.versions[self.room.incident.key] = self.room.version
        late = [deadline for deadline in due(self.room) if deadline.at < until]
        self.out.lost += len(late)
        if late:
            self._wrong(f"{late[0].name} fell due at {late[0].at} and was never taken")

    def _time(self, entry: Entry) -> tuple[Entry, ...] | None:
        """The entries that time makes at this moment."""
        assert self.room is not None
        assert entry.due is not None
        if entry.due in self.seen and not any(deadline.at == entry.due for deadline in due(self.room)):
            self.out.twice += 1
            self._wrong(f"the step that fell due at {entry.due} was taken again")
            return None
        if entry.at < entry.due:
            self._wrong(f"the step that fell due at {entry.due} was taken at {entry.at} already")
        expected = decide(self.room, Tick(), Context(entry.at, ENGINE, self.book))
        if not expected:
            self._wrong(f"nothing fell due at {entry.due}, and yet there is {entry.event}")
            return None
        return expected

    def _declared(self, entry: Entry, event: Declared) -> tuple[Entry, ...]:
        command = Declare(
            event.title, event.severity, event.service, event.summary, event.started_at, event.labels, event.key
        )
        return decide(None, command, Context(entry.at, entry.actor, self.book))

    def _overtaken(self, entry: Entry) -> None:
        if self.room is not None and any(deadline.at <= entry.at for deadline in due(self.room)):
            self.out.overtaken += 1

    def _take(self, entry: Entry) -> None:
        self.room = evolve(self.room, entry)
        for number, _ in enumerate(outgoing(self.room, entry, self.book), 1):
            self.out.messages.add(f"{self.room.incident.key}/{self.room.version}/{number}")
        if entry.due is None or entry.due in self.seen:
            return
        self.seen.add(entry.due)
        self.out.steps += 1
        self.out.lateness.append((entry.at - entry.due).total_seconds())
        if self.last_due is not None and entry.due < self.last_due:
            self.out.out_of_order += 1
            self._wrong(f"the step that fell due at {entry.due} came after the one of {self.last_due}")
        self.last_due = entry.due

    def _wrong(self, what: str) -> None:
        self.out.broken.append(f"incident {self.incident}: {what}")


def _first(found: tuple[Entry, ...], expected: tuple[Entry, ...]) -> str:
    for one, other in zip(found, expected, strict=False):
        if one != other:
            return f"{one} instead of {other}"
    return f"{len(found)} entries instead of {len(expected)}"
