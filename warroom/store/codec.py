"""Between the domain's values and what stands in the database: microseconds, and JSON by the types' own schema."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import SchemaSerializer, SchemaValidator, core_schema

from warroom.domain import room as _room  # every topic registers its events on import
from warroom.domain.core import EVENTS, Event
from warroom.domain.desk import Desk
from warroom.domain.room import Room
from warroom.valueclass import dataclass
from warroom.words import tr

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnknownEvent(Exception):
    """The record holds a kind of event that this program does not know: a newer one wrote it."""


def to_us(at: datetime) -> int:
    """Microseconds since the epoch, UTC; exact."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_us(us: int) -> datetime:
    """The aware UTC datetime of so many microseconds since the epoch; exact."""
    return _EPOCH + timedelta(microseconds=us)


def maybe_us(at: datetime | None) -> int | None:
    """`to_us`, or None for None."""
    return None if at is None else to_us(at)


def maybe_from(us: int | None) -> datetime | None:
    """`from_us`, or None for None."""
    return None if us is None else from_us(us)


@dataclass(frozen=True, slots=True)
class _Form:
    """How a type stands in JSON."""

    write: SchemaSerializer
    read: SchemaValidator


_forms: dict[Any, _Form] = {}


def _form(cls: Any) -> _Form:
    made = _forms.get(cls)
    if made is None:
        adapter = TypeAdapter(cls)
        reader = SchemaValidator(_with_moments(adapter.core_schema))
        assert isinstance(adapter.serializer, SchemaSerializer)
        made = _forms[cls] = _Form(adapter.serializer, reader)
    return made


def _moment(text: Any) -> datetime:
    """The moment that stands in JSON, with the one time zone that all others have.

    Pydantic gives every moment a zone of its own, and comparing two of those costs ten times as much: half of a
    decision's time went into that.
    """
    at = datetime.fromisoformat(text) if isinstance(text, str) else None
    if at is None or at.tzinfo is None:
        raise ValueError("not a moment with its time zone")
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def _with_moments(schema: Any) -> Any:
    """A schema of pydantic's in which `_moment` reads the moments."""
    if isinstance(schema, dict):
        if schema.get("type") == "datetime":
            return core_schema.no_info_plain_validator_function(_moment)
        return {name: _with_moments(part) for name, part in schema.items()}
    if isinstance(schema, list | tuple):
        return type(schema)(_with_moments(part) for part in schema)
    return schema


def encode(event: Event) -> str:
    """The event's fields as JSON; its kind stands beside it."""
    return _form(type(event)).write.to_json(event).decode()


def decode(kind: str, data: str) -> Event:
    """The event that `encode` wrote. Raises `UnknownEvent` for a kind of a newer program."""
    cls = EVENTS.get(kind)
    if cls is None:
        raise UnknownEvent(
            tr("this record holds “{kind}”, which this version of warroom does not know: upgrade it").format(kind=kind)
        )
    event = _form(cls).read.validate_json(data)
    assert isinstance(event, Event)
    return event


def encode_room(room: Room) -> str:
    """The whole state of one incident as JSON."""
    return _form(_room.Room).write.to_json(room).decode()


def decode_room(data: str) -> Room:
    """The room that `encode_room` wrote."""
    room = _form(_room.Room).read.validate_json(data)
    assert isinstance(room, Room)
    return room


def encode_desk(desk: Desk) -> str:
    """What stands on the desk as JSON."""
    return _form(Desk).write.to_json(desk).decode()


def decode_desk(data: str) -> Desk:
    """The desk that `encode_desk` wrote."""
    desk = _form(Desk).read.validate_json(data)
    assert isinstance(desk, Desk)
    return desk


def warm() -> None:
    """Build every schema now, so that the first write does not build them while it holds the lock."""
    for cls in (Room, Desk, *EVENTS.values()):
        _form(cls)
