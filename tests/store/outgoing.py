"""The outbox of a room as the tests of it write and read it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from tests.store.rooms import dump
from tests.support.books import T0
from warroom.store import outbox, queries
from warroom.store import tables as t
from warroom.store.codec import to_us
from warroom.store.database import Database


def rows(database: Database) -> dict[str, dict[str, Any]]:
    names = [column.name for column in t.table(t.OutboxRow).columns]
    return {row[0]: dict(zip(names, row, strict=True)) for row in dump(database, "outbox")["outbox"]}


def states(database: Database) -> list[str]:
    return [row["state"] for row in rows(database).values()]


def trouble(database: Database) -> dict[str, int]:
    with database.read() as c:
        return queries.trouble(c)


def put(database: Database, *keys: str, **values: Any) -> None:
    """Write messages into the outbox as they stand, all to ada by sms where nothing else is said."""
    usual: dict[str, Any] = {
        "incident": 1,
        "kind": "page",
        "recipient": "ada",
        "via": "sms",
        "address": "+46",
        "subject": "INC-1 is down",
        "body": "look",
        "state": "queued",
        "tries": 0,
        "created_at": to_us(T0),
        "next_at": to_us(T0),
        "claimed_by": "",
        "sent_at": None,
        "error": "",
        "maybe_twice": False,
        "action": "message",
        "dedup": "",
        "destination": "sms",
        "bundle": "",
    }
    with database.write() as c:
        c.execute(insert(outbox.OUTBOX), [{**usual, "id": key, **values} for key in keys])
