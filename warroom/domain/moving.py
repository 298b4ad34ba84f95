"""Moving a running incident to another revision of the rules (R5).

An incident keeps the revision that it began with, whatever is published while it runs. When an operator moves it, the
ladder goes on at the level of the same label, else of the same number, with the new timers counted from the last page;
roles and channels follow as they do when a severity changes. The move by itself pages nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from warroom.domain import clocks, ladder, roles_acts
from warroom.domain.book import Rulebook
from warroom.domain.conditions import words
from warroom.domain.core import Command, Decision, Refused
from warroom.domain.escalation import Escalation, Phase
from warroom.domain.incident import Incident, RulesMoved, SeveritySpec
from warroom.domain.ladder_paging import A_MINUTE
from warroom.domain.ladder_words import span
from warroom.domain.policy import Last, Level, Mode, Policy, Target
from warroom.domain.rules import policy_of
from warroom.domain.status_words import status_word
from warroom.valueclass import dataclass
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.room import Room


@dataclass(frozen=True, slots=True)
class MoveToRules(Command):
    """Go on under another revision of the rules. It is decided under those: the context has to hold their rulebook."""

    names = ("revision",)

    revision: str


def move(d: Decision, command: MoveToRules) -> None:
    """Go on under the rules of the context, whose revision is that of the command."""
    incident, state = d.room.incident, d.room.escalation
    if d.book.revision != command.revision:
        raise Refused(
            tr("the rules at hand are revision {revision}, and not {revision2}").format(
                revision=d.book.revision, revision2=command.revision
            )
        )
    if incident.watched or not incident.live:
        raise Refused(
            tr("{key} is {status}: no rules run in it").format(key=incident.key, status=status_word(incident.idle))
        )
    if command.revision == incident.revision:
        raise Refused(
            tr("{key} runs under revision {revision} already").format(key=incident.key, revision=command.revision)
        )
    if incident.severity not in d.book.severities:
        known = ", ".join(d.book.severities)
        raise Refused(
            tr("revision {revision} has no severity {severity}: change it to one of {known}").format(
                revision=command.revision, severity=incident.severity, known=known
            )
        )
    d.record(RulesMoved(incident.revision, command.revision))
    if incident.held:
        return
    policy = d.book.policies.get(_policy(incident, state, d.book))
    if policy is None:
        ladder.stop(d, "the rules have no policy for it")
    elif state.phase in (Phase.NONE, Phase.STOPPED) or (
        state.phase is Phase.RUNNING and not state.level and not state.acked_by
    ):
        ladder.plan(d, policy, d.in_hours(d.now + A_MINUTE), level=incident.start_level)
    else:
        level = position(state, policy)
        cycle = min(state.cycle, policy.cycles)
        repeat = min(state.repeat, policy.levels[level - 1].repeat) if level else 0
        ladder.switch(d, policy, level, cycle, repeat)
    roles_acts.require(d)
    clocks.open_streams(d)


def _policy(incident: Incident, state: Escalation, book: Rulebook) -> str:
    """The policy that goes on: the fallback that runs already, else the one that the rules name."""
    if len(state.tried) > 1 and state.policy in book.policies:
        return state.policy
    return policy_of(incident, book)


def position(state: Escalation, policy: Policy) -> int:
    """The level of `policy` on which the ladder goes on: the nearest with the label of the current one, else the one of
    its number or the last; 0 before the first page."""
    if not state.level:
        return 0
    same = [n for n, each in enumerate(policy.levels, 1) if state.label and each.label == state.label]
    return min(same, key=lambda n: abs(n - state.level), default=min(state.level, len(policy.levels)))


# In words ------------------------------------------------------------------------------------------------------------


def rules_difference(room: Room, old: Rulebook, new: Rulebook) -> tuple[str, ...]:
    """What changes for an incident when it is moved from one revision of the rules to another, line by line; empty when
    nothing does."""
    incident, state = room.incident, room.escalation
    spec = new.severities.get(incident.severity)
    if spec is None:
        return (
            tr("there is no severity {severity} any more: the incident cannot be moved").format(
                severity=incident.severity
            ),
        )
    was = old.severities.get(incident.severity)
    lines = [] if was is None else list(_severity(was, spec))
    before, after = state.policy or policy_of(incident, old), _policy(incident, state, new)
    if before != after:
        lines.append(
            tr("policy {before} becomes {after}").format(before=before or tr("none"), after=after or tr("none"))
        )
    here, there = old.policies.get(before), new.policies.get(after)
    if here is not None and there is not None:
        lines += _policies(here, there)
        at = position(state, there)
        label = there.levels[at - 1].label if at else ""
        if at and (at != state.level or label != here.levels[min(state.level, len(here.levels)) - 1].label):
            lines.append(tr("the escalation goes on at level {at} ({label})").format(at=at, label=label))
    named = _named(here) | _named(there)
    for section, what in (("oncall", tr("on-call list")), ("teams", tr("team")), ("schedules", tr("schedule"))):
        one, two = getattr(old, section), getattr(new, section)
        for name in sorted({*one, *two} & named):
            if one.get(name) != two.get(name):
                lines.append(tr("{what} {name} changes").format(what=what, name=name))
    return tuple(lines)


def _named(policy: Policy | None) -> set[str]:
    levels = policy.levels if policy else ()
    named = [target for each in levels for target in (*each.targets, *each.consulted, *each.informed)]
    return {target.name for target in (*named, *(policy.then if policy else ()))}


def _severity(was: SeveritySpec, spec: SeveritySpec) -> Iterator[str]:
    if was.hours != spec.hours:
        yield tr("the hours in which pages go out change")
    yield from _figure(tr("an acknowledgement lapses after"), was.ack_lapses, spec.ack_lapses)
    if dict(was.stalled) != dict(spec.stalled):
        yield tr("how long a status may stay the same changes")
    old, new = {c.channel: c for c in was.cadence}, {c.channel: c for c in spec.cadence}
    for channel in dict.fromkeys((*old, *new)):
        if channel not in new:
            yield tr("{channel} is not timed any more").format(channel=channel)
        elif channel not in old:
            yield tr("{channel} is timed: an update every {span}").format(
                channel=channel, span=span(new[channel].every)
            )
        elif old[channel].every != new[channel].every:
            yield tr("{channel}: an update every {span} becomes every {span2}").format(
                channel=channel, span=span(old[channel].every), span2=span(new[channel].every)
            )
        elif old[channel] != new[channel]:
            yield tr("{channel}: when an update is due changes").format(channel=channel)
    roles_before, roles_after = {r.role: r.within for r in was.roles}, {r.role: r.within for r in spec.roles}
    for role in dict.fromkeys((*roles_before, *roles_after)):
        yield from _figure(
            tr("{role} has to be filled within").format(role=role), roles_before.get(role), roles_after.get(role)
        )


def _policies(was: Policy, now: Policy) -> Iterator[str]:
    for number in range(1, max(len(was.levels), len(now.levels)) + 1):
        one, two = was.levels[number - 1 : number], now.levels[number - 1 : number]
        if not two:
            yield tr("L{number} {label} falls away").format(number=number, label=one[0].label)
        elif not one:
            yield tr("L{number} {label} is new: {targets}").format(
                number=number, label=two[0].label, targets=_targets(two[0].targets)
            )
        else:
            yield from (f"L{number} {line}" for line in _levels(one[0], two[0]))
    if was.cycles != now.cycles:
        yield tr("cycles: {cycles} becomes {cycles2}").format(cycles=was.cycles, cycles2=now.cycles)
    if was.then != now.then:
        yield tr("after the last level: {targets} becomes {targets2}").format(
            targets=_targets(was.then), targets2=_targets(now.then)
        )
    if was.fallback != now.fallback:
        yield tr("after it policy {fallback} becomes {fallback2}").format(
            fallback=was.fallback or tr("none"), fallback2=now.fallback or tr("none")
        )
    if (was.last, was.stay_every) != (now.last, now.stay_every):
        yield tr("its last level is paged on and on") if now.last is Last.STAY else tr("it ends after its last level")


def _levels(was: Level, now: Level) -> Iterator[str]:
    if was.label != now.label:
        yield tr("{label} becomes {label2}").format(label=was.label, label2=now.label)
    if was.targets != now.targets:
        yield tr("pages {targets} becomes {targets2}").format(
            targets=_targets(was.targets), targets2=_targets(now.targets)
        )
    if was.via != now.via:
        yield tr("by {via} becomes {via2}").format(
            via=" ".join(was.via) or tr("their own way"), via2=" ".join(now.via) or tr("their own way")
        )
    yield from _figure(tr("acknowledge timeout"), was.ack_timeout, now.ack_timeout)
    yield from _figure(tr("resolve timeout"), was.resolve_timeout, now.resolve_timeout)
    yield from _figure(tr("warned"), was.warn, now.warn)
    if was.repeat != now.repeat:
        yield tr("paged again {repeat} times becomes {repeat2} times").format(repeat=was.repeat, repeat2=now.repeat)
    if was.mode != now.mode:
        yield tr("pages one in turn") if now.mode is Mode.ROUND_ROBIN else tr("pages everybody")
    if was.when != now.when:
        yield (
            tr("applies always") if now.when is None else tr("applies only where {words}").format(words=words(now.when))
        )
    if (was.confirm, was.confirm_when) != (now.confirm, now.confirm_when):
        yield (
            tr("needs no confirmation")
            if now.confirm is None
            else tr("has to be confirmed by {targets}").format(targets=_targets(now.confirm.by))
        )
    if (was.accountable, was.consulted, was.informed) != (now.accountable, now.consulted, now.informed):
        yield tr("who is accountable, consulted and informed changes")


def _figure(what: str, was: timedelta | None, now: timedelta | None) -> Iterator[str]:
    if was != now:
        yield tr("{what} {before} becomes {after}").format(
            what=what, before=tr("never") if was is None else span(was), after=tr("never") if now is None else span(now)
        )


def _targets(targets: tuple[Target, ...]) -> str:
    return ", ".join(str(each) for each in targets) or tr("nobody")
