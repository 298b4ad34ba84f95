"""Which chat room a message about an incident belongs to (R10): decided by its stage, its severity and what it is.

The rules list rooms in order; the first one that a message fits is its room. The seed rulebook has the five that
every team has: found, being worked on, for leadership, wording for customers, review.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from warroom.domain.core import Decision, Event, happens
from warroom.domain.status_words import status_word
from warroom.valueclass import dataclass
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.room import Room


class Word(StrEnum):
    """What a message is: a stage began, somebody is paged, or an update for somebody."""

    STAGE = "stage"
    PAGE = "page"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class RoomSpec:
    """Which messages belong to a chat room; what is empty asks for nothing. `channels` and `audience` are those of an
    update, so that a room that names them gets updates alone."""

    name: str
    stages: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    audience: str = ""

    @property
    def for_updates(self) -> bool:
        """Whether it is for updates alone."""
        return bool(self.channels or self.audience)

    def takes(self, stage: str, kind: str, severity: str, channel: str, audience: str) -> bool:
        """Whether a message belongs here."""
        if self.for_updates and kind != Word.UPDATE:
            return False
        return (
            (not self.stages or stage in self.stages)
            and (not self.severities or severity in self.severities)
            and (not self.channels or channel in self.channels)
            and (not self.audience or audience == self.audience)
        )


def spec_for(stage: str, kind: str, book: Rulebook, severity: str = "", channel: str = "") -> RoomSpec | None:
    """The room, with what the rules say of it; None where they name none."""
    known = book.channels.get(channel)
    audience = known.audience.value if known else ""
    return next((spec for spec in book.rooms if spec.takes(stage, kind, severity, channel, audience)), None)


def room_for(stage: str, kind: str, book: Rulebook, severity: str = "", channel: str = "") -> str:
    """The chat room for a message of `kind` (`Word`) about an incident at `stage`: "#incident-warroom".

    "" where the rules name none. `channel`: that of an update.
    """
    spec = spec_for(stage, kind, book, severity, channel)
    return spec.name if spec is not None else ""


def room_now(room: Room, book: Rulebook) -> str:
    """Where an incident is worked on now; "" where the rules name no room, or it is only watched."""
    incident = room.incident
    if incident.watched:
        return ""
    return room_for(incident.status.value, Word.STAGE, book, incident.severity)


@happens("room_entered")
@dataclass(frozen=True, slots=True)
class RoomEntered(Event):
    """The incident is worked on in another chat room from now on, which is told so."""

    room: str
    stage: str
    before: str = ""


def enter(d: Decision, before: str = "") -> None:
    """Go on in the room of the stage, if that is another one than `before`; what is held back is told to nobody."""
    now = room_now(d.room, d.book)
    if now and now != before and not d.room.incident.held:
        d.record(RoomEntered(now, d.room.incident.status.value, before))


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    if isinstance(event, RoomEntered):
        return tr("now {room}: {stage}").format(room=event.room, stage=status_word(event.stage)) + (
            tr(" (before {before})").format(before=event.before) if event.before else ""
        )
    return ""
