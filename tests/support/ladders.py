"""Incidents under a policy made for one test, and what was paged in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TypeVar

from tests.support.books import (
    MAJOR,
    T0,
    ladder_only,
    minutes,
    with_severity,
)
from tests.support.play import Play, declared
from warroom.domain.core import Event
from warroom.domain.escalation import (
    Acknowledge,
    LevelPaged,
    Phase,
    SnoozeEscalation,
    Why,
)
from warroom.domain.incident import SetSeverity
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


LADDER = ladder_only(MAJOR)
"""The policy `major` for SEV1, `standard` for SEV2, `office` for SEV3; neither roles nor channels have timers."""


def ladder(policy: Policy = MAJOR, severity: str = "SEV1") -> Play:
    return declared(severity, ladder_only(policy))


def paged(play: Play) -> list[tuple[timedelta, int, int, int, Why]]:
    """Every page of a level: when after `T0`, cycle, level, repeat and why."""
    return [
        (entry.at - T0, entry.event.cycle, entry.event.level, entry.event.repeat, entry.event.why)
        for entry in play.entries
        if isinstance(entry.event, LevelPaged)
    ]


def kinds(events: Iterable[Event]) -> list[str]:
    return [event.kind for event in events]


def in_phase(phase: str, severity: str) -> Play:
    """An incident of a severity whose ladder stands in a phase, at `T0` + 1 min unless it took longer."""
    play = declared("SEV4" if phase == "none" else severity, LADDER)
    play.now = T0 + minutes(1)
    match phase:
        case "acknowledged":
            play.do(Acknowledge(), "ada")
        case "snoozed":
            play.do(SnoozeEscalation(T0 + minutes(55), "wait"))
        case "exhausted":
            play.until(timedelta(hours=1))
            assert play.there.escalation.phase is Phase.EXHAUSTED
        case "stopped":
            play.do(SetSeverity("SEV4", "nothing much"))
            assert play.there.escalation.phase is Phase.STOPPED
        case "waiting":
            play = declared("SEV3", LADDER, at=T0 + timedelta(days=3))
            assert play.there.escalation.phase is Phase.WAITING
    return play
