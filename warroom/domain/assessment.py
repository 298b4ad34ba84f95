"""How bad it is (R2): what impact and urgency make, and what another severity would change for an incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, TypeVar

from warroom.domain.ladder_words import span
from warroom.domain.rules import policy_of
from warroom.valueclass import dataclass
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.room import Room

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class AssessmentRules:
    """How a severity is found. All of it may be empty.

    `impact` and `urgency` are words with what each means, the worst first; `severity` is the table, by impact and then
    urgency. `tiers`: what is proposed for a service of that tier, `usual` for one of which nothing is known.
    """

    impact: Mapping[str, str] = field(default_factory=dict)
    urgency: Mapping[str, str] = field(default_factory=dict)
    severity: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tiers: Mapping[str, str] = field(default_factory=dict)
    usual: str = ""


def propose(impact: str, urgency: str, rules: AssessmentRules) -> str:
    """The severity that the table has for them; "" where one is missing or unknown."""
    row = _named(impact, rules.severity)
    return (_named(urgency, row) or "") if row else ""


def _named(name: str, among: Mapping[str, Value]) -> Value | None:
    wanted = name.casefold()
    return next((value for known, value in among.items() if known.casefold() == wanted), None)


def changes(room: Room, book: Rulebook, to: str) -> tuple[str, ...]:
    """What another severity would change for this incident, line by line: paging, roles, cadence, review."""
    incident = room.incident
    was, now = book.severity(incident.severity), book.severity(to)
    if was.name == now.name:
        return ()
    lines = []
    before, after = policy_of(incident, book), policy_of(replace(incident, severity=to), book)
    if before != after:
        lines.append(
            tr("policy {before} becomes {after}").format(before=before or tr("none"), after=after or tr("none"))
        )
    if was.hours != now.hours:
        lines.append(tr("pages wait for working hours") if now.hours else tr("pages go out at any hour"))
    if now.rank < was.rank and incident.live and room.escalation.acked_by:
        lines.append(tr("it is worse: people are paged again"))
    old_roles, new_roles = {r.role: r.within for r in was.roles}, {r.role: r.within for r in now.roles}
    for role, within in new_roles.items():
        if role not in old_roles:
            held = room.roles.holder(role)
            title = book.role(role).title
            lines.append(
                tr("{title} is required: {held}").format(title=title, held=held)
                if held
                else tr("{title} is required within {span}").format(title=title, span=span(within))
            )
        elif old_roles[role] != within and not room.roles.holder(role):
            lines.append(
                tr("{title} is required within {span} (now {span2})").format(
                    title=book.role(role).title, span=span(within), span2=span(old_roles[role])
                )
            )
    lines += [
        tr("{title} is not required any more").format(title=book.role(role).title)
        for role in old_roles
        if role not in new_roles
    ]
    old, new = {c.channel: c for c in was.cadence}, {c.channel: c for c in now.cadence}
    for channel in dict.fromkeys((*old, *new)):
        if channel not in new:
            lines.append(tr("{channel}: no update is due any more").format(channel=channel))
        elif channel not in old:
            first, every = span(new[channel].first), span(new[channel].every)
            lines.append(
                tr("{channel}: first update within {first}, then every {every}").format(
                    channel=channel, first=first, every=every
                )
            )
        elif old[channel].every != new[channel].every:
            lines.append(
                tr("{channel}: every {span} (now {span2})").format(
                    channel=channel, span=span(new[channel].every), span2=span(old[channel].every)
                )
            )
    return tuple(lines)
