"""What can be taken away of a view, before it has a form: tables of plain values, and the whole as data."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from warroom.domain.text import clean_block

Value = str | int | float | bool | datetime | timedelta | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `name` says which part of the view it is, "" where it is all of it."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Export:
    """One view as it was at `at`. `view` is its short name ("timeline"), `subject` the incident, "" for the whole room.

    `sheets` are what a person reads and a table program takes, `data` is all of it, for programs. `lines` is the screen
    as text, for a view that is nothing but that.
    """

    view: str
    subject: str
    title: str
    at: datetime
    sheets: tuple[Sheet, ...] = ()
    data: Any = None
    lines: tuple[str, ...] = ()
    heading: str = ""
    """The title as a person reads it, where there are words of the program in it."""


def plain_data(value: Any) -> Any:
    """A view as JSON has it: groups by the names of their members, times in RFC 3339, spans in seconds."""
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return plain_data(value.value)
        case str():
            return clean_block(value)
        case datetime():
            return rfc3339(value)
        case timedelta():
            return value.total_seconds()
        case dict():
            return {clean_block(str(key)): plain_data(each) for key, each in value.items()}
        case tuple() | list():
            return [plain_data(each) for each in value]
        case set() | frozenset():
            return sorted(plain_data(each) for each in value)
    if is_dataclass(value):
        return {each.name: plain_data(getattr(value, each.name)) for each in fields(value)}
    return clean_block(str(value))


def rfc3339(at: datetime) -> str:
    """A moment in UTC, with as many digits of a second as there are, and a Z."""
    made = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (made.rstrip("0") if "." in made else made) + "Z"
