"""Roles in an incident and their duties (R4)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from warroom.domain.policy import Target, TargetKind
from warroom.domain.roles import LEAD, RoleSpec
from warroom.rulebook.parts.fields import (
    Duration,
    Flag,
    PageTarget,
    Part,
    ReminderTarget,
    Sentence,
    Times,
    Title,
    a_whole,
    distinct,
)
from warroom.rulebook.values import Wrong
from warroom.words import mark, tr

Seats = Annotated[int, a_whole(1, 20), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 20})]
Deputies = Annotated[int, a_whole(0, 20), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 20})]


class RoleDefaultsPart(Part):
    """What holds for every role that does not say otherwise (R4)."""

    remind_every: Duration = Field(
        description=mark("how long between two reminders of a vacant required role, such as 5m")
    )
    remind_times: Times = Field(description=mark("how many reminders in all, such as 3"))
    offer_lapses: Duration = Field(description=mark("how long an offered handover stands, such as 10m"))
    then: Annotated[tuple[ReminderTarget, ...], AfterValidator(distinct)] = Field(
        (), max_length=50, description="whom to tell with the last reminder of a role that has no then of its own"
    )


class RolePart(Part):
    """A role (R4)."""

    title: Title = Field(description=mark("the role as it is shown, such as incident manager"))
    duties: tuple[Sentence, ...] = Field((), max_length=50, description="its checklist, one duty per line")
    pool: Annotated[tuple[PageTarget, ...], AfterValidator(distinct)] = Field(
        (), max_length=50, description="whom to remind while it is vacant"
    )
    then: Annotated[tuple[ReminderTarget, ...], AfterValidator(distinct)] = Field(
        (), max_length=50, description="whom to tell with the last reminder, or level:next"
    )
    remind_every: Duration | None = Field(None, description="instead of role_defaults")
    remind_times: Times | None = Field(None, description="instead of role_defaults")
    offer_lapses: Duration | None = Field(None, description="instead of role_defaults")
    holders: Seats = Field(1, description="how many may hold it at once; of incident-manager there is exactly one")
    deputies: Deputies = Field(0, description="how many may stand by as deputies")
    read_back: Flag = Field(False, description="whether who takes it over has to say first what they have understood")


def led(roles: dict[str, RolePart]) -> dict[str, RolePart]:
    if LEAD not in roles:
        raise Wrong(
            tr("has no {lead}").format(lead=LEAD),
            tr("add {lead}: the one role that every incident is led by, whatever its title").format(lead=LEAD),
        )
    for role, part in roles.items():
        own = Target(TargetKind.ROLE, role)
        if own in part.pool:
            advice = tr("it is vacant whenever its pool is asked: name people, a team or an on-call list")
            raise Wrong(tr("is the role itself"), advice, at=(role, "pool", part.pool.index(own)))
    return roles


def to_role(name: str, part: RolePart, general: RoleDefaultsPart) -> RoleSpec:
    """A role as the domain has it, with what holds for every role filled in."""
    return RoleSpec(
        role=name,
        title=part.title,
        duties=part.duties,
        pool=part.pool,
        remind_every=part.remind_every or general.remind_every,
        remind_times=part.remind_times or general.remind_times,
        then=part.then or general.then,
        offer_lapses=part.offer_lapses or general.offer_lapses,
        holders=part.holders,
        deputies=part.deputies,
        read_back=part.read_back,
    )
