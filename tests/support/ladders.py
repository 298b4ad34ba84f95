"""Incidents under a policy made for one test, and what was paged in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from tests.support.books import T0, ladder_only, minutes, with_severity
from tests.support.commands import Play, declared
from warroom.domain.core import Event
from warroom.domain.escalation import LevelPaged
from warroom.domain.policy import Level, Policy

FIVE = minutes(5)

Kind = TypeVar("Kind", bound=Event)


def play_of(*levels: Level, **policy: object) -> Play:
    """An incident under a policy of these levels, declared a moment ago."""
    return declared("SEV1", ladder_only(Policy("own", levels, **policy)))  # type: ignore[arg-type]


def with_figures(*levels: Level, **figures: object) -> Play:
    """The same, with figures of its severity such as `ack_lapses`."""
    return declared("SEV1", with_severity("SEV1", ladder_only(Policy("own", levels)), **figures))


def lines(play: Play) -> list[tuple[float, int, str]]:
    """Every page of a level: minutes after `T0`, level, whom."""
    return [
        ((entry.at - T0) / minutes(1), entry.event.level, " ".join(dict.fromkeys(p.to for p in entry.event.pages)))
        for entry in play.entries
        if isinstance(entry.event, LevelPaged)
    ]


def only(events: Iterable[Event], kind: type[Kind]) -> Kind:
    """The one event of a kind among some."""
    (found,) = (event for event in events if isinstance(event, kind))
    return found
