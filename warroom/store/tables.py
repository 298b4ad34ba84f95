"""The tables: events are the truth, everything else is projected from them so that people and lists can ask SQL.

Times are integer microseconds since the epoch, UTC: exact, ordered, and one type on every database. Rows are declared
with SQLModel and written with prebuilt Core statements. `event` is append-only; only `head` says what the last one is.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.ext.declarative import DeferredReflection
from sqlmodel import Field, SQLModel

SCHEMA_VERSION = 5
"""The schema that this program writes."""
MIN_READER = 4
"""The oldest program, by its schema, that understands what this one writes well enough to show it."""
MIN_WRITER = 4
"""The oldest program, by its schema, that may write into a file which this one has written."""


class WarroomTable(DeferredReflection, SQLModel):
    """The base of every table: a registry of its own, so that nobody else's models slip into the file.

    What is declared becomes a table at once. A mapper of objects and a schema for checking them would be made only when
    somebody asked for them: nobody does, and they cost a command a twentieth of its time.
    """

    model_config = {"defer_build": True}
    metadata = MetaData()


def micros(*, nullable: bool = False, primary_key: bool = False) -> Any:
    """A column for a moment: microseconds since the epoch, UTC."""
    return Column(BigInteger, nullable=nullable, primary_key=primary_key)


def words() -> Any:
    """A column for text of any length."""
    return Column(Text, nullable=False)


def word(default: str = "") -> Any:
    """A column for a word that rows of older programs do not have."""
    return Column(String, nullable=False, server_default=default)


class MetaRow(WarroomTable, table=True):
    """One row: which schema the file has, and which programs may read and write it.

    The clock's columns are set in a room whose time is not the machine's, a demo or a drill: since the real moment
    `clock_real` its time runs from `clock_room` on, `clock_speed` times as fast.
    """

    __tablename__ = "meta"
    id: int = Field(primary_key=True)
    schema_version: int
    min_reader: int
    min_writer: int
    room: str
    created_at: int = Field(sa_column=micros())
    clock_real: int | None = Field(sa_column=micros(nullable=True))
    clock_room: int | None = Field(sa_column=micros(nullable=True))
    clock_speed: float | None = None


class HeadRow(WarroomTable, table=True):
    """One row, taken last in every transaction: the latest event's number and hash, the latest incident's number, and
    the rules in force."""

    __tablename__ = "head"
    id: int = Field(primary_key=True)
    seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    hash: str
    incidents: int
    rulebook: str


class EventRow(WarroomTable, table=True):
    """One entry of the record. `version` counts within the incident; `hash` seals this row and all before it. The
    entries of the desk stand under incident 0."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("incident", "version", name="event_once"),)
    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    incident: int
    version: int
    kind: str
    at: int = Field(sa_column=micros())
    due: int | None = Field(sa_column=micros(nullable=True))
    actor: str
    data: str = Field(sa_column=words())
    hash: str


class RulebookRow(WarroomTable, table=True):
    """One immutable revision of the rules, named by the hash of its content."""

    __tablename__ = "rulebook"
    revision: str = Field(primary_key=True)
    content: str = Field(sa_column=words())
    published_at: int = Field(sa_column=micros())
    published_by: str


class IncidentRow(WarroomTable, table=True):
    """One incident as it is now; `room` is the whole folded state, `version` the number of events in it."""

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("provider", "source_id", name="incident_source"),
        Index("incident_live", "live", "rank"),
        Index("incident_declared", "declared_at"),
        # All that is asked of those of one service, so that counting them reads nothing but this.
        Index("incident_service", "service", "declared_at", "provider"),
    )
    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    key: str = Field(unique=True)
    title: str = Field(sa_column=words())
    severity: str
    rank: int
    status: str
    live: bool
    lead: str
    service: str
    provider: str | None = None
    source_id: str | None = None
    declared_at: int = Field(sa_column=micros())
    started_at: int | None = Field(sa_column=micros(nullable=True))
    resolved_at: int | None = Field(sa_column=micros(nullable=True))
    closed_at: int | None = Field(sa_column=micros(nullable=True))
    version: int
    revision: str
    room: str = Field(sa_column=words())


class RoleRow(WarroomTable, table=True):
    """One role of one incident."""

    __tablename__ = "role"
    __table_args__ = (Index("role_holder", "role", "holder"),)
    incident: int = Field(primary_key=True)
    role: str = Field(primary_key=True)
    holder: str
    since: int | None = Field(sa_column=micros(nullable=True))
    required: bool
    due: int | None = Field(sa_column=micros(nullable=True))
    offered_to: str


class AttendanceRow(WarroomTable, table=True):
    """One stay of somebody in the room of an incident; `until` is null while they are there. What other incidents'
    decisions ask about: how long somebody has been on duty."""

    __tablename__ = "attendance"
    __table_args__ = (Index("attendance_person", "person", "until"),)
    incident: int = Field(primary_key=True)
    person: str = Field(primary_key=True)
    since: int = Field(sa_column=micros(primary_key=True))
    until: int | None = Field(sa_column=micros(nullable=True))


class PageRow(WarroomTable, table=True):
    """One level that was paged (or passed over), the `n`-th of its incident."""

    __tablename__ = "page"
    incident: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    level: int
    cycle: int
    repeat: int
    at: int = Field(sa_column=micros())
    why: str
    targets: str = Field(sa_column=words())
    acked_by: str
    acked_at: int | None = Field(sa_column=micros(nullable=True))
    nobody: str = Field(sa_column=words())


class UpdateRow(WarroomTable, table=True):
    """One update that somebody was given; `version` is the event's number within the incident.

    `was_due`: when it had been due, None where nobody waited for it or an older program wrote it. `reviewer`: who
    approved it, "" for nobody. `corrects`: the `version` of the update that it puts right.
    """

    __tablename__ = "comms_update"
    incident: int = Field(primary_key=True)
    version: int = Field(primary_key=True)
    channel: str
    audience: str
    posted_at: int = Field(sa_column=micros())
    due: int | None = Field(sa_column=micros(nullable=True))
    posted_by: str
    text: str = Field(sa_column=words())
    source_id: str
    phase: str
    was_due: int | None = Field(sa_column=micros(nullable=True))
    reviewer: str = Field(sa_column=word())
    corrects: int | None = None


class DraftRow(WarroomTable, table=True):
    """An update that somebody is writing: one per incident, author and audience. It is not on the record.

    `data` is what stands around the text (channels, template, ...) as JSON; `version` counts the savings, so that two
    terminals do not write over each other.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("incident", "author", "audience", name="draft_once"),)
    id: int = Field(primary_key=True)
    incident: int
    author: str
    audience: str
    version: int
    started_at: int = Field(sa_column=micros())
    saved_at: int = Field(sa_column=micros())
    text: str = Field(sa_column=words())
    data: str = Field(sa_column=words())


HELD = "name LIKE 'hold:%'"
"""Which deadlines wait for another incident."""


class DeadlineRow(WarroomTable, table=True):
    """One thing that falls due by itself. The engine looks here, and nowhere else, for what to do."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index("deadline_due", "due_at"),
        # Only what waits for another incident is ever looked up by its name.
        Index("deadline_held", "name", sqlite_where=text(HELD)),
    )
    incident: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    due_at: int = Field(sa_column=micros())


class OutboxRow(WarroomTable, table=True):
    """One message on its way out. `id` is the idempotency key: the same message has the same one, however often it is
    tried. `maybe_twice`: a try before ended in the unknown, so the receiver may have got it already.

    `action` is what it does at a receiver that keeps a state of its own (trigger, acknowledge, resolve), under its
    `dedup` key; `bundle` names the message that carried this one."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_state", "state", "next_at"),
        Index("outbox_recipient", "recipient", "created_at"),
        Index("outbox_incident", "incident"),
    )
    id: str = Field(primary_key=True)
    incident: int
    kind: str
    recipient: str
    via: str
    address: str
    subject: str = Field(sa_column=words())
    body: str = Field(sa_column=words())
    state: str
    tries: int
    created_at: int = Field(sa_column=micros())
    next_at: int = Field(sa_column=micros())
    claimed_by: str
    sent_at: int | None = Field(sa_column=micros(nullable=True))
    error: str = Field(sa_column=words())
    maybe_twice: bool
    action: str = Field(sa_column=word("message"))
    dedup: str = Field(sa_column=word())
    destination: str = Field(sa_column=word())
    bundle: str = Field(sa_column=word())


class DeskRow(WarroomTable, table=True):
    """One row: overrides, absences and swaps as they are now; `version` is the number of the desk's events in it."""

    __tablename__ = "desk"
    id: int = Field(primary_key=True)
    version: int
    state: str = Field(sa_column=words())


class TurnRow(WarroomTable, table=True):
    """How many escalations have begun under a policy: whose turn it is where a level asks one after the other."""

    __tablename__ = "policy_turn"
    policy: str = Field(primary_key=True)
    turns: int


class PresenceRow(WarroomTable, table=True):
    """One process that keeps the timers going. It tells people who is there; nothing is decided by it."""

    __tablename__ = "presence"
    id: str = Field(primary_key=True)
    login: str
    host: str
    pid: int
    kind: str
    started_at: int = Field(sa_column=micros())
    seen_at: int = Field(sa_column=micros())
    lag_us: int = Field(sa_column=micros())
    note: str


def table(model: type[WarroomTable]) -> Table:
    """The Core table behind a model, for prebuilt statements."""
    made = model.__table__  # type: ignore[attr-defined]
    assert isinstance(made, Table)
    return made


@event.listens_for(table(DeadlineRow), "before_create")
def _held_in_postgresql(deadlines: Table, connection: Connection, **about: Any) -> None:
    """The same part of an index for PostgreSQL. Said in the declaration, it would import everything that SQLAlchemy has
    for that database (asyncio too) whenever a room in a file is opened."""
    if connection.dialect.name == "postgresql":
        held = next(index for index in deadlines.indexes if index.name == "deadline_held")
        held.dialect_options["postgresql"]["where"] = text(HELD)
