"""The written part of the demo room: seed_data/demo/scenario.yaml as values, and a step of it as a command."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from ruamel.yaml import YAML

from warroom.domain.comms import PostUpdate
from warroom.domain.core import Command
from warroom.domain.escalation import Acknowledge, Escalate, SnoozeEscalation
from warroom.domain.incident import Declare, SetSeverity, SetStatus, Status
from warroom.domain.proposals import ApproveUpdate, ProposeUpdate
from warroom.domain.record import AddNote, NoteKind
from warroom.domain.roles import READ_BACK, AcceptRole, AssignRole, OfferRole
from warroom.resources import resource
from warroom.rulebook.values import duration
from warroom.tui.note_line import read_line


def span(text: str) -> timedelta:
    """ "-2h10m", "20s": a moment counted from when the room opens, or a length."""
    sign = -1 if text.startswith("-") else 1
    return sign * duration(text.removeprefix("-"))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Step(_Strict):
    """One thing that somebody does. `on` names the incident that a `declare` step was told to `call` so. What is
    written down stands as a person would type it: "? a theory", "+ a task @who in 20m"."""

    at: timedelta
    who: str = Field(alias="as")
    do: Literal[
        "declare",
        "ack",
        "status",
        "severity",
        "role",
        "offer",
        "accept",
        "update",
        "propose",
        "approve",
        "note",
        "write",
        "escalate",
        "snooze",
        "resolve",
    ]
    call: str = ""
    on: str = ""
    title: str = ""
    severity: str = ""
    service: str = ""
    summary: str = ""
    started: timedelta | None = None
    to: str = ""
    role: str = ""
    channel: str = ""
    text: str = ""
    kind: NoteKind = NoteKind.NOTE
    reason: str = ""
    next: timedelta | None = None
    until: timedelta | None = None
    review: str = ""
    unless_refused: bool = False

    @field_validator("at", "started", "next", "until", mode="before")
    @classmethod
    def _span(cls, value: Any) -> Any:
        return span(value) if isinstance(value, str) else value


class Title(_Strict):
    """An incident that may come up while somebody looks."""

    severity: str
    service: str
    title: str


class Living(_Strict):
    """How people behave by themselves. Pairs are from-to lengths, plain numbers are shares between 0 and 1."""

    seed: int
    answers_page_after: tuple[timedelta, timedelta]
    answers_page: float
    posts_update_before_due: float
    posts_late_by: tuple[timedelta, timedelta]
    takes_role_after: tuple[timedelta, timedelta]
    resolves_after: tuple[timedelta, timedelta]
    declares_every: tuple[timedelta, timedelta]
    most_live: int
    titles: tuple[Title, ...]
    updates: tuple[str, ...]

    @field_validator(
        "answers_page_after", "posts_late_by", "takes_role_after", "resolves_after", "declares_every", mode="before"
    )
    @classmethod
    def _spans(cls, value: Any) -> Any:
        return tuple(span(part) if isinstance(part, str) else part for part in value)


class Scenario(_Strict):
    """What has happened before the room opens, and how it goes on."""

    past: tuple[Step, ...]
    living: Living


def load(path: Path | None = None) -> Scenario:
    """The scenario at `path`, or the one that travels with warroom."""
    path = path or resource("seed_data") / "demo" / "scenario.yaml"
    return Scenario.model_validate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))


def command(step: Step, opening: datetime, proposal: int = 0) -> Command:
    """The command that a step stands for; `opening` is when the room opens, `proposal` the update that waits."""
    at = opening + step.at
    match step.do:
        case "declare":
            started = None if step.started is None else opening + step.started
            return Declare(step.title, step.severity, step.service, step.summary, started)
        case "ack":
            return Acknowledge()
        case "status":
            return SetStatus(Status(step.to), step.reason)
        case "severity":
            return SetSeverity(step.to, step.reason)
        case "role":
            return AssignRole(step.role, step.to or step.who, step.reason)
        case "offer":
            return OfferRole(step.role, step.to, step.text)
        case "accept":
            return AcceptRole(step.role, step.text or READ_BACK)
        case "propose":
            next_at = None if step.next is None else at + step.next
            reviewer = "" if step.review == "anybody" else step.review
            return ProposeUpdate((step.channel,), step.text, step.title, next_at, review=True, reviewer=reviewer)
        case "approve":
            return ApproveUpdate(proposal, step.text, send=True)
        case "update":
            return PostUpdate(step.channel, step.text, None if step.next is None else at + step.next)
        case "note":
            return AddNote(step.text, step.kind)
        case "write":
            return read_line(step.text, at)
        case "escalate":
            return Escalate(step.reason, step.to)
        case "snooze":
            assert step.until is not None, "a snooze needs its end"
            return SnoozeEscalation(opening + step.until, step.reason)
        case "resolve":
            return SetStatus(Status.RESOLVED, step.reason)
