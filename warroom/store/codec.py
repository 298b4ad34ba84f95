"""Between the domain's values and what stands in the database: microseconds, and JSON by the types' own schema."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from warroom.domain import room as _room  # every topic registers its events on import
from warroom.domain.core import EVENTS, Event
from warroom.domain.desk import Desk
from warroom.domain.room import Room

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


_adapters: dict[Any, TypeAdapter[Any]] = {}


def _adapter(cls: Any) -> TypeAdapter[Any]:
    """How a type stands in JSON. Its serializer and validator are called without the adapter's own step in between."""
    made = _adapters.get(cls)
    if made is None:
        made = _adapters[cls] = TypeAdapter(cls)
    return made


def encode(event: Event) -> str:
    """The event's fields as JSON; its kind stands beside it."""
    return _adapter(type(event)).serializer.to_json(event).decode()


def decode(kind: str, data: str) -> Event:
    """The event that `encode` wrote. Raises `UnknownEvent` for a kind of a newer program."""
    cls = EVENTS.get(kind)
    if cls is None:
        raise UnknownEvent(f"this record holds “{kind}”, which this version of warroom does not know: upgrade it")
    event = _adapter(cls).validator.validate_json(data)
    assert isinstance(event, Event)
    return event


def encode_room(room: Room) -> str:
    """The whole state of one incident as JSON."""
    return _adapter(_room.Room).serializer.to_json(room).decode()


def decode_room(data: str) -> Room:
    """The room that `encode_room` wrote."""
    room = _adapter(_room.Room).validator.validate_json(data)
    assert isinstance(room, Room)
    return room


def encode_desk(desk: Desk) -> str:
    """What stands on the desk as JSON."""
    return _adapter(Desk).dump_json(desk).decode()


def decode_desk(data: str) -> Desk:
    """The desk that `encode_desk` wrote."""
    desk = _adapter(Desk).validate_json(data)
    assert isinstance(desk, Desk)
    return desk


def warm() -> None:
    """Build every schema now, so that the first write does not build them while it holds the lock."""
    for cls in (Room, Desk, *EVENTS.values()):
        _adapter(cls)
