"""A checked rulebook as the domain's values and as the text that the database keeps.

A revision is named by its content: the first 12 hexadecimal digits of the SHA-256 of the canonical JSON. Comments, the
cut into files and the way a duration is written make no difference to it; the order of the entries does, since it is
the order in which they are shown and asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from warroom.domain.book import Rulebook
from warroom.domain.comms import Audience, ChannelSpec
from warroom.domain.oncall import OnCallList
from warroom.rulebook.parts.assessing import to_assessment, to_rooms
from warroom.rulebook.parts.catalogue import to_service, to_team
from warroom.rulebook.parts.delivery import to_delivery
from warroom.rulebook.parts.fatigue import to_fatigue
from warroom.rulebook.parts.oncall import to_holidays, to_person
from warroom.rulebook.parts.policy import to_policy, to_severity
from warroom.rulebook.parts.record import to_record
from warroom.rulebook.parts.roles import to_role
from warroom.rulebook.parts.room import to_clocks, to_reminder
from warroom.rulebook.parts.rules import to_rules
from warroom.rulebook.parts.schedule import to_schedule
from warroom.rulebook.parts.templates import to_templates, to_update_templates
from warroom.rulebook.parts.updates import to_updates
from warroom.rulebook.problems import Problem, RulebookError
from warroom.rulebook.schema import RulebookModel
from warroom.rulebook.validate import Locate, validate
from warroom.valueclass import dataclass
from warroom.words import tr

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Loaded:
    """One revision of a rulebook in its three forms: the checked files, the text to store, the domain's values."""

    model: RulebookModel
    json: str
    revision: str
    book: Rulebook
    locate: Locate | None = field(default=None, compare=False, repr=False)
    """Where each line stands, for findings; None where the revision did not come from files."""


def canonical_json(model: RulebookModel) -> str:
    """The text that is stored and hashed: everything that holds, defaults too, in one line of JSON."""
    content = model.model_dump(mode="json", exclude_none=True)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def revision_of(canonical_json: str) -> str:
    """The name of a revision: the first 12 hexadecimal digits of the SHA-256 of its text."""
    return hashlib.sha256(canonical_json.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def loaded(model: RulebookModel, locate: Locate | None = None) -> Loaded:
    """A checked model together with its text, its revision and its values; `locate` knows its places in files."""
    text = canonical_json(model)
    revision = revision_of(text)
    return Loaded(model, text, revision, to_domain(model, revision), locate)


@lru_cache(maxsize=32)
def from_json(text: str) -> Loaded:
    """The revision that was stored as `text`, which keeps its name whatever later programs would write.

    Cached, since every decision of an incident asks for the revision that it began under. Raises `RulebookError`.
    """
    revision = revision_of(text)
    where = f"stored revision {revision}"
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise RulebookError((_unreadable(where, tr("is not JSON")),)) from None
    if not isinstance(data, dict):
        raise RulebookError((_unreadable(where, tr("is not a group of sections")),))
    model, problems = validate(data, lambda path, key: (where, None, None))
    if model is None:
        newer = _unreadable(where, tr("cannot be read by this version of warroom"))
        raise RulebookError((newer, *problems))
    return Loaded(model, text, revision, to_domain(model, revision))


def _unreadable(where: str, what: str) -> Problem:
    return Problem(where, None, None, "", "", what, tr("upgrade warroom, or publish the rulebook's files again"))


def to_domain(model: RulebookModel, revision: str) -> Rulebook:
    """The domain's values, immutable, in the order of the files."""
    channels = {
        name: ChannelSpec(name, part.title, Audience(part.audience), kind=part.kind or "", most=part.most or 0)
        for name, part in model.channels.items()
    }
    teams = {name: to_team(name, part) for name, part in model.teams.items()}
    return Rulebook(
        revision=revision,
        prefix=model.room.prefix,
        severities=_fixed({name: to_severity(name, part) for name, part in model.severities.items()}),
        roles=_fixed({name: to_role(name, part, model.role_defaults) for name, part in model.roles.items()}),
        policies=_fixed({name: to_policy(name, part) for name, part in model.policies.items()}),
        people=_fixed({login: to_person(login, part) for login, part in model.people.items()}),
        oncall=_fixed({name: OnCallList(name, people) for name, people in model.oncall.items()}),
        teams=_fixed({name: team.members for name, team in teams.items()}),
        channels=_fixed(channels),
        reminders=tuple(map(to_reminder, model.reminders)),
        clocks=to_clocks(model.clocks),
        watch_channel=channels[model.watch.channel],
        watch_cadence=model.watch.cadence,
        watch_providers=_fixed({name.casefold(): every for name, every in model.watch.providers.items()}),
        room=model.room.name,
        services=_fixed({name: to_service(name, part) for name, part in model.services.items()}),
        questions=model.questions,
        rooms=to_rooms(model.rooms),
        assessment=to_assessment(model.assessment),
        record=to_record(model.record),
        fatigue=to_fatigue(model.fatigue),
        rules=to_rules(model.rules, model.rule_defaults),
        delivery=to_delivery(model.delivery),
        team_specs=_fixed(teams),
        schedules=_fixed({name: to_schedule(name, part) for name, part in model.schedules.items()}),
        holidays=_fixed({name: to_holidays(name, part) for name, part in model.holidays.items()}),
        templates=_fixed(to_templates(model.templates)),
        update_templates=to_update_templates(model.templates),
        updates=to_updates(model.updates),
    )


def _fixed(entries: dict[Key, Value]) -> Mapping[Key, Value]:
    return MappingProxyType(entries)
