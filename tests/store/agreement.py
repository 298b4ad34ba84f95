"""Whether all tables say what the record says."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.store.rooms import dump
from warroom.domain.messages import outgoing
from warroom.domain.roles import LEAD
from warroom.domain.room import Room, due, evolve
from warroom.store import doctor, replay, revisions
from warroom.store.codec import to_us
from warroom.store.database import Database
from warroom.store.projection import children_of, incident_row, update_of
from warroom.store.queries import entry_of


def folded(database: Database) -> tuple[dict[int, Room], dict[str, set[tuple[Any, ...]]], set[str]]:
    """Rooms, rows of every projected table, and messages, by the events alone."""
    rooms: dict[int, Room] = {}
    rows: dict[str, set[tuple[Any, ...]]] = {name: set() for name in ("role", "page", "deadline", "comms_update")}
    messages: list[str] = []
    with database.read() as c:
        for row in replay.events(c):
            entry = entry_of(row)
            after = rooms[row.incident] = evolve(rooms.get(row.incident), entry)
            if (said := update_of(row.incident, row.version, entry)) is not None:
                rows["comms_update"].add(tuple(said.values()))
            book = revisions.load_book(c, after.incident.revision)
            messages += [
                f"{after.incident.key}/{after.version}/{n}" for n, _ in enumerate(outgoing(after, entry, book), 1)
            ]
        rows["incident"] = {
            tuple(incident_row(number, each, revisions.load_book(c, each.incident.revision)).values())
            for number, each in rooms.items()
        }
    for number, each in rooms.items():
        children = children_of(number, each)
        for name, kind in (("role", children.role), ("page", children.page), ("deadline", children.deadline)):
            rows[name] |= {tuple(row.values()) for row in kind.values()}
    assert len(messages) == len(set(messages)), "two messages share one key"
    return rooms, rows, set(messages)


def everything_agrees(database: Database) -> None:
    rooms, rows, messages = folded(database)
    found = dump(database)
    for name, expected in rows.items():
        assert Counter(found[name]) == Counter(expected), name
    # The deadlines are what is due, and nothing else is.
    armed = {(number, deadline.name, to_us(deadline.at)) for number, each in rooms.items() for deadline in due(each)}
    assert set(found["deadline"]) == armed
    assert sorted(row[0] for row in found["outbox"]) == sorted(messages)
    head, record = found["head"][0], found["event"]
    assert [row[0] for row in record] == list(range(1, len(record) + 1))
    if record:
        assert head[1:3] == (record[-1][0], record[-1][-1])
    assert head[3] == len(rooms)
    leads = [row for row in found["role"] if row[1] == LEAD]
    assert len(leads) == len({row[0] for row in leads}), "two rows for one incident manager"
    for number, each in rooms.items():
        holders = [row[2] for row in leads if row[0] == number and row[2]]
        assert holders == ([each.roles.holder(LEAD)] if each.roles.holder(LEAD) else [])
    assert [finding for finding in doctor.examine(database) if not finding.good] == []
