"""What one incident's change means for another one: both are written in one transaction, or neither is (R1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from warroom.domain.core import Command, Refused
from warroom.domain.incident import Absorb, Declare, Merge
from warroom.domain.links import Relate, echoes
from warroom.domain.status_words import status_word
from warroom.domain.undoing import TakeBack
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.room import Room


def other_key(command: Command) -> str:
    """The key of the incident that has to be read before a command can be decided; "" for most commands."""
    match command:
        case Relate():
            return command.key
        case Declare():
            return command.parent
        case TakeBack(what=Command() as what):
            return other_key(what)
        case _:
            return ""


def filled(command: Command, other: Room) -> Command:
    """The command with what the other incident adds: its title, or what child work takes over from it."""
    incident = other.incident
    match command:
        case Relate():
            return replace(command, title=incident.title, status=incident.status.value)
        case TakeBack(what=Command() as what):
            return replace(command, what=filled(what, other))
        case Declare():
            if incident.watched or not incident.live:
                why = status_word(incident.idle)
                raise Refused(tr("{key} is {why}: no work is split off from it").format(key=incident.key, why=why))
            return replace(
                command,
                parent_title=incident.title,
                severity=command.severity or incident.severity,
                service=command.service or incident.service,
                impact=command.impact or incident.impact,
                environment=command.environment or incident.environment,
                region=command.region or incident.region,
                tier=command.tier or incident.tier,
                started_at=command.started_at or incident.started_at,
                products=command.products or incident.facts.products,
                cluster=command.cluster or incident.facts.cluster,
            )
        case _:
            return command


def commands_for_others(command: Command, before: Room | None, after: Room) -> tuple[tuple[str, Command], ...]:
    """What has to be carried out on other incidents, each with its key, because of a command on this one."""
    out = echoes(command, before, after)
    if isinstance(command, Merge) and before is not None:
        i = before.incident
        out = ((command.into, Absorb(i.key, i.title, i.severity, command.reason)), *out)
    return out
