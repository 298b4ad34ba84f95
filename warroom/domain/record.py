"""The record (R11): what people write down while they work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from warroom.domain.core import Command, Decision, Event, Refused, happens


class NoteKind(StrEnum):
    """What a line of the record is."""

    NOTE = "note"
    OBSERVATION = "observation"
    DECISION = "decision"
    CHANGE = "change"
    THEORY = "theory"
    EXPERIMENT = "experiment"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class AddNote(Command):
    """Write something down."""

    blocks = ("text",)

    text: str
    note_kind: NoteKind = NoteKind.NOTE


@happens("noted")
@dataclass(frozen=True, slots=True)
class Noted(Event):
    """Somebody wrote something down."""

    text: str
    note_kind: NoteKind = NoteKind.NOTE


def note(d: Decision, command: AddNote) -> None:
    """Add a line to the record; possible in any state."""
    if not command.text:
        raise Refused("there is nothing to note: the text is empty")
    d.record(Noted(command.text, command.note_kind))


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    return event.text if isinstance(event, Noted) else ""
