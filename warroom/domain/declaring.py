"""Declaring an incident and changing what is known of it (R1 to R3): whatever is timed begins, follows and ends."""

from __future__ import annotations

from datetime import datetime

from warroom.domain import chatrooms, clocks, correcting, escalation, ladder, roles_acts, ruling
from warroom.domain.core import FARTHEST, Decision, Refused, Stale
from warroom.domain.incident import (
    OVER,
    Absorb,
    Absorbed,
    Amend,
    Assess,
    Declare,
    Declared,
    Incident,
    Merge,
    Merged,
    SetSeverity,
    SetStatus,
    SeverityChanged,
    Status,
    StatusChanged,
)
from warroom.domain.rules import HoldLifted, LiftHold
from warroom.domain.status_words import status_word
from warroom.domain.still_open import before_resolving
from warroom.words import plain, tr


def declare(d: Decision, command: Declare) -> None:
    """Open an incident: page, ask for roles, start the clocks of silence, all in one decision."""
    if d.current is not None:
        raise Refused(tr("{key} exists already").format(key=d.room.incident.key))
    if not command.title:
        raise Refused(tr("an incident needs a title"))
    severity = _severity(d, command.severity)
    for at in (command.started_at, command.detected_at):
        if at is not None and at > d.now:
            raise Refused(tr("the impact cannot have started in the future"))
    d.record(
        Declared(
            command.key,
            command.title,
            severity,
            d.book.revision,
            command.service,
            command.summary,
            command.started_at,
            correcting.labels(command.labels),
            command.source,
            command.reporter,
            command.detection,
            command.environment,
            command.region,
            command.tier,
            command.impact,
            correcting.products(command.products),
            command.category,
            command.type,
            command.description,
            command.cluster,
            command.deploy,
            command.detected_at,
            command.parent,
            command.parent_title,
        )
    )
    ruling.apply(d)
    _start(d)


def _start(d: Decision, place: str = "") -> None:
    """Begin all that is timed, unless a rule wants nobody disturbed; `place` is the chat room that it was in."""
    if d.room.incident.held:
        d.record(escalation.EscalationStopped(d.room.incident.held))
        return
    ladder.begin(d)
    roles_acts.require(d)
    clocks.open_streams(d)
    chatrooms.enter(d, place)


def lift_hold(d: Decision, command: LiftHold) -> None:
    """Page for an incident after all that a rule has suppressed or grouped."""
    ruling.lift(d, command)
    _start(d)


def look_at_hold(d: Decision, *, early: bool = False) -> None:
    """A hold has come to its end, or is looked at anew: page for the incident after all if nothing holds it back."""
    if ruling.look(d, early=early):
        _start(d)


def stages_from(before: Status) -> tuple[Status, ...]:
    """The stages in which an incident can be put that is in this one, and this one itself: it is resolved before it is
    closed, a closed one is reopened before it is resolved anew, and a reopened one is not new."""
    left_out = {Status.CLOSED} if before not in OVER else {Status.NEW}
    if before is Status.CLOSED:
        left_out.add(Status.RESOLVED)
    return tuple(each for each in Status if each not in left_out or each is before)


def set_status(d: Decision, command: SetStatus) -> None:
    """Move on, resolve, close or reopen; everything that is timed follows."""
    incident = d.room.incident
    before, to = incident.status, command.to
    if command.seen is not None and command.seen is not before:
        raise Stale(tr("{key} is {before} since you looked").format(key=incident.key, before=status_word(before)))
    if to is before:
        raise Refused(tr("{key} is {before} already").format(key=incident.key, before=status_word(before)))
    if to is Status.CLOSED and before is not Status.RESOLVED:
        raise Refused(
            tr("{key} is {before}: resolve it before you close it").format(key=incident.key, before=status_word(before))
        )
    if to is Status.RESOLVED and before is Status.CLOSED:
        raise Refused(tr("{key} is closed: reopen it").format(key=incident.key))
    if to in OVER or not incident.live:
        _needs_reason(command.reason, tr("say why: a reason is needed to resolve, close or reopen an incident"))
    reopened = to not in OVER and not incident.live
    if reopened and to is Status.NEW:
        raise Refused(tr("a reopened incident is not new: give it the stage that it is in"))
    place = chatrooms.room_now(d.room, d.book)
    ended = _told_times(d, command) if to is Status.RESOLVED else None
    with plain():
        left, doubts = before_resolving(d.room, ended or d.now) if to is Status.RESOLVED else ((), ())
    d.record(StatusChanged(before, to, command.reason, ended_at=ended, left_open=left, doubts=doubts))
    if incident.watched:
        return
    if to is Status.RESOLVED:
        ladder.stop(d, "resolved")
        roles_acts.release(d)
        clocks.wind_down(d)
    elif to is Status.CLOSED:
        roles_acts.release(d)
        clocks.close(d)
    elif reopened:
        _start(d, place)
    else:
        clocks.follow_status(d, before)
    if not reopened:
        chatrooms.enter(d, place)


def _told_times(d: Decision, command: SetStatus) -> datetime | None:
    """Put the times on the record that come with resolving; returns when the impact was over, None for now."""
    times = Amend(started_at=command.started_at, detected_at=command.detected_at, mitigated_at=command.mitigated_at)
    if times != Amend():
        correcting.amended(d, times)
    ended = command.ended_at
    if ended is not None and (ended > d.now or d.now - ended > FARTHEST):
        raise Refused(tr("when the impact ended has to lie in the past, and not more than a year ago"))
    return ended


def assess(d: Decision, command: Assess) -> None:
    """Put an assessment on the record, and set the severity that follows from it."""
    before = d.room.incident.severity
    to = correcting.assessed(d, command)
    if to and _severity(d, to) != before:
        found = [f"{what} {word}" for what, word in (("impact", command.impact), ("urgency", command.urgency)) if word]
        set_severity(d, SetSeverity(to, command.reason or ", ".join(found)))


def set_severity(d: Decision, command: SetSeverity) -> None:
    """Re-assess; escalation, roles and cadence are planned anew at once, what has happened stays."""
    incident = d.room.incident
    to = _severity(d, command.to)
    if command.seen is not None and command.seen != incident.severity:
        raise Stale(tr("{key} is {severity} since you looked").format(key=incident.key, severity=incident.severity))
    if to == incident.severity:
        raise Refused(tr("{key} is {to} already").format(key=incident.key, to=to))
    _needs_reason(command.reason, tr("say why: a reason is needed to change the severity"))
    raised = d.book.severity(to).rank < d.book.severity(incident.severity).rank
    place = chatrooms.room_now(d.room, d.book)
    d.record(SeverityChanged(incident.severity, to, command.reason))
    if incident.live and not incident.watched:
        if incident.held and raised:
            d.record(HoldLifted(f"{to} by hand: {command.reason}"))
        ruling.apply(d)
        _replan(d, incident, raised=raised)
        chatrooms.enter(d, place)


def _replan(d: Decision, before: Incident, *, raised: bool) -> None:
    """Follow what the incident has become since `before`: its severity, its policy, or that nobody is to be paged."""
    now = d.room.incident
    if now.held:
        if not before.held:
            ladder.stop(d, now.held)
            roles_acts.release(d)
            clocks.close(d)
        return
    ladder.reassess(d, raised=raised)
    roles_acts.require(d, raised=raised)
    clocks.open_streams(d)


def amend(d: Decision, command: Amend) -> None:
    """Correct what is known of it; where a rule finds it another incident now, whatever is timed follows."""
    before = d.room.incident
    correcting.amended(d, command)
    if ruling.apply(d):
        now, ranks = d.room.incident, d.book.severities
        raised = ranks[now.severity].rank < ranks[before.severity].rank
        moved = (now.severity, now.policy, now.held) != (before.severity, before.policy, before.held)
        if moved:
            _replan(d, before, raised=raised)


def merge(d: Decision, command: Merge) -> None:
    """Close a duplicate: its ladder stops, its roles are released, nobody waits for a word on it."""
    incident = d.room.incident
    if incident.watched:
        raise Refused(tr("{key} is only watched: what its provider publishes is not merged").format(key=incident.key))
    if not command.into or command.into == incident.key:
        raise Refused(tr("name the other incident, into which this one is merged"))
    if incident.merged_into:
        raise Refused(
            tr("{key} was merged into {merged_into} already").format(key=incident.key, merged_into=incident.merged_into)
        )
    if incident.status is Status.CLOSED:
        raise Refused(tr("{key} is closed: reopen it before you merge it").format(key=incident.key))
    d.record(Merged(command.into, command.reason))
    d.record(StatusChanged(incident.status, Status.CLOSED, f"duplicate of {command.into}"))
    ladder.stop(d, f"merged into {command.into}")
    roles_acts.release(d)
    clocks.close(d)


def absorb(d: Decision, command: Absorb) -> None:
    """Note that another incident is worked on here; it changes nothing but points out a worse severity."""
    incident = d.room.incident
    if incident.watched:
        raise Refused(tr("{key} is only watched: nothing is merged into it").format(key=incident.key))
    if not command.key or command.key == incident.key:
        raise Refused(tr("an incident cannot be merged into itself"))
    if incident.merged_into:
        raise Refused(
            tr("{key} was merged into {merged_into}: name that one").format(
                key=incident.key, merged_into=incident.merged_into
            )
        )
    if incident.status is Status.CLOSED:
        raise Refused(tr("{key} is closed: reopen it before another one is merged into it").format(key=incident.key))
    if command.key in incident.absorbed:
        raise Refused(tr("{key} was merged into {key2} already").format(key=command.key, key2=incident.key))
    ranks = {name: spec.rank for name, spec in d.book.severities.items()}
    worse = ranks.get(command.severity, 0) < ranks.get(incident.severity, 0) if command.severity in ranks else False
    d.record(Absorbed(command.key, command.title, command.severity, worse, command.reason))


def _severity(d: Decision, name: str) -> str:
    for known in d.book.severities:
        if known.lower() == name.strip().lower():
            return known
    raise Refused(
        tr("there is no severity {name!r}; the severities are {severities}").format(
            name=name, severities=", ".join(d.book.severities)
        )
    )


def _needs_reason(reason: str, refusal: str) -> None:
    if not reason:
        raise Refused(refusal)
