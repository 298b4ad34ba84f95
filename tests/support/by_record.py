"""What should be timed, told from the record and the rules alone: what the real deadlines are held against."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from warroom.domain import comms, escalation, incident, people, proposals, record_events, roles
from warroom.domain.book import Rulebook
from warroom.domain.core import Entry, Event, Postponed
from warroom.domain.incident import OVER, Status


def events_of(entries: Iterable[Entry], *kinds: type[Event]) -> list[Event]:
    return [entry.event for entry in entries if isinstance(entry.event, kinds)]


def since_last(entries: list[Entry], *kinds: type[Event]) -> list[Entry]:
    """The entries from the last one of these kinds on, that one included; none when there is no such entry."""
    for index in range(len(entries) - 1, -1, -1):
        if isinstance(entries[index].event, kinds):
            return entries[index:]
    return []


def has(entries: Iterable[Entry], *kinds: type[Event]) -> bool:
    return bool(events_of(entries, *kinds))


def facts(entries: list[Entry]) -> tuple[Status, str]:
    """Status and severity by the record."""
    status, severity = Status.NEW, ""
    for entry in entries:
        match entry.event:
            case incident.Declared():
                severity = entry.event.severity
            case incident.StatusChanged():
                status = entry.event.to
            case incident.SeverityChanged():
                severity = entry.event.to
    return status, severity


def must_be_armed(entries: list[Entry], book: Rulebook) -> set[str]:
    """The names of the timers that have to run by the rules, from the record alone."""
    ladder_and_roles = ladder_armed(entries, book) | roles_armed(entries, book)
    others = work_armed(entries) | people_armed(entries) | set(proposal_times(entries))
    return ladder_and_roles | updates_armed(entries, book) | others


def ladder_armed(entries: list[Entry], book: Rulebook) -> set[str]:
    status, severity = facts(entries)
    policy = book.policies.get(book.severities[severity].policy)
    if status in OVER or policy is None:
        return set()
    run = since_last(entries, escalation.EscalationPlanned)
    assert run, "a live incident whose severity has a policy never began to escalate"
    plan = run[0].event
    assert isinstance(plan, escalation.EscalationPlanned)
    page = since_last(run, escalation.LevelPaged)
    stands = since_last(run, escalation.EscalationPlanned, escalation.LevelPaged, escalation.EscalationSwitched)[
        0
    ].event
    over = since_last(run, escalation.EscalationExhausted)
    at_end = bool(over) and not has(over, escalation.EscalationSwitched, escalation.LevelPaged)
    # Where the alarm came back because an acknowledgement was taken back, what rested does so no more.
    alarms = [n for n, e in enumerate(run) if isinstance(e.event, escalation.Unacknowledged) and e.event.exhausted_at]
    since_alarm = run[alarms[-1] :] if alarms else run
    rest = since_last(
        since_alarm,
        escalation.EscalationPlanned,
        escalation.Snoozed,
        escalation.SnoozeEnded,
        escalation.LevelPaged,
        escalation.EscalationExhausted,
        escalation.EscalationCalledOff,
        escalation.EscalationResumed,
    )
    answers = since_last(
        run,
        escalation.EscalationPlanned,
        escalation.LevelPaged,
        escalation.EscalationExhausted,
        escalation.EscalationResumed,
        escalation.Acknowledged,
        escalation.Unacknowledged,
    )
    acked = isinstance(answers[0].event, escalation.Acknowledged)
    if at_end and isinstance(answers[0].event, escalation.Unacknowledged):
        return set()
    if rest and isinstance(rest[0].event, escalation.EscalationCalledOff):
        return set()
    if rest and isinstance(rest[0].event, escalation.Snoozed):
        return {escalation.SNOOZE}
    if at_end:
        return set()
    last = since_last(run, escalation.LevelPaged, escalation.EscalationExhausted, escalation.EscalationResumed)
    if last and isinstance(last[0].event, escalation.EscalationResumed):
        return set() if acked else {escalation.START}
    if isinstance(stands, escalation.EscalationPlanned) or not (page or over):
        return set() if acked else {escalation.START}
    assert isinstance(stands, escalation.LevelPaged | escalation.EscalationSwitched)
    spec = policy.levels[stands.level - 1]
    armed = set()
    if spec.ack_timeout is not None and not acked:
        armed.add(escalation.ACK)
    if spec.resolve_timeout is not None:
        armed.add(escalation.RESOLVE)
    return armed


def roles_armed(entries: list[Entry], book: Rulebook) -> set[str]:
    status, severity = facts(entries)
    required = {r.role for r in book.severities[severity].roles} if status not in OVER else set()
    armed = set()
    for name in {str(e.event.role) for e in entries if hasattr(e.event, "role")} | set(book.roles):  # type: ignore[attr-defined]
        changes = [e for e in entries if getattr(e.event, "role", None) == name]
        offered = since_last(changes, roles.RoleOffered)
        if offered and not has(offered, roles.RoleOfferEnded, *CHANGES_HANDS):
            armed.add(f"offer:{name}")
        planned = since_last(changes, roles.HandoverPlanned)
        if planned and not has(planned, roles.HandoverDue, roles.RoleOffered, *CHANGES_HANDS):
            plan = planned[0].event
            assert isinstance(plan, roles.HandoverPlanned)
            if plan.at is not None:
                armed.add(f"handover:{name}")
        if name not in required and not asked_for(changes):
            continue
        holders = events_of(changes, *CHANGES_HANDS)
        if holders and isinstance(holders[-1], roles.RoleAssigned):
            continue
        asked = since_last(changes, roles.RoleRequired, roles.RoleVacated, roles.RoleAdded)
        if len(events_of(asked, roles.RoleMissed)) < book.role(name).remind_times:
            armed.add(f"role:{name}")
    return armed


CHANGES_HANDS = (roles.RoleAssigned, roles.RoleVacated, roles.RoleDropped)


def asked_for(changes: list[Entry]) -> bool:
    """Whether somebody asked for a role in this incident, with a time, and still does."""
    added = since_last(changes, roles.RoleAdded)
    if not added or has(added, roles.RoleDropped, roles.RoleNoLongerRequired):
        return False
    first = added[0].event
    assert isinstance(first, roles.RoleAdded)
    return first.due is not None or has(added, roles.RoleRequired)


def people_armed(entries: list[Entry]) -> set[str]:
    """Who will be too tired at a time that the record names and that nobody has been told of yet."""
    armed: set[str] = set()
    for entry in entries:
        match entry.event:
            case people.FatigueTimed(person=person, at=at):
                (armed.discard if at is None else armed.add)(f"fatigue:{person}")
            case people.FatigueReached(person=person) | people.PersonLeft(person=person):
                armed.discard(f"fatigue:{person}")
            case incident.StatusChanged(to=to) if to in OVER:
                armed.clear()
    return armed


def updates_armed(entries: list[Entry], book: Rulebook) -> set[str]:
    status, severity = facts(entries)
    if status is Status.CLOSED:
        return set()
    over = since_last(entries, incident.StatusChanged) if status is Status.RESOLVED else []
    armed = set()
    for name in book.channels:
        changes = [e for e in entries if getattr(e.event, "channel", None) == name]
        after = [e for e in over if getattr(e.event, "channel", None) == name]
        posts = since_last(after if over else changes, comms.UpdatePosted)
        post = posts[0].event if posts else None
        ended = has(since_last(changes, comms.UpdatePosted), comms.StreamEnded)
        promised = isinstance(post, comms.UpdatePosted) and post.promised and not ended
        if over:
            at_end = facts(entries[: len(entries) - len(over)])[1]
            final = {c.channel: c.final for c in book.severities[at_end].cadence}.get(name)
            running = promised or (final is not None and not posts)
        else:
            running = promised or name in {c.channel for c in book.severities[severity].cadence}
        if running and reminders_sent(changes) < max(1, sum(not step.warns for step in book.reminders)):
            armed.add(f"update:{name}")
    return armed


def work_armed(entries: list[Entry]) -> set[str]:
    if facts(entries)[0] is Status.CLOSED:
        return set()
    return {name for name, at in work_times(entries).items() if at is not None}


def work_times(entries: list[Entry]) -> dict[str, datetime | None]:
    """When each task and decision on the record is brought up next, None for those that are not."""
    at: dict[str, datetime | None] = {}
    for number, entry in enumerate(entries, 1):
        match entry.event:
            case record_events.TaskAdded():
                at[f"task:{number}"] = entry.event.due
            case record_events.TaskAssigned():
                at[f"task:{entry.event.task}"] = entry.event.remind_at
            case record_events.TaskPlanned():
                at[f"task:{entry.event.task}"] = entry.event.due
            case record_events.TaskEnded():
                at[f"task:{entry.event.task}"] = None
            case record_events.DecisionAsked():
                at[f"decision:{number}"] = entry.event.due
            case record_events.Decided():
                at[f"decision:{entry.event.asked}"] = None
            case record_events.Reminded():
                at[f"{entry.event.what}:{entry.event.item}"] = entry.event.again_at
            case Postponed() if entry.event.name in at:
                at[entry.event.name] = entry.event.to
    return at


def reminders_sent(changes: list[Entry]) -> int:
    """How far the reminders of a channel went for the moment that is due now."""
    when, sent = None, 0
    for entry in changes:
        match entry.event:
            case comms.UpdatePosted():
                when, sent = entry.event.due, 0
            case comms.StreamOpened() | comms.StreamTimed():
                if entry.event.due != when:
                    when, sent = entry.event.due, 0
            case comms.StreamEnded():
                when, sent = None, 0
            case comms.UpdateSkipped():
                when, sent = entry.event.due, 0
            case comms.UpdateMissed():
                # A step that reaches nobody is passed over; with no step left, none is sent any more.
                sent = entry.event.miss if entry.event.again_at else 1_000
    return sent


def due_by_record(entries: list[Entry]) -> dict[str, datetime]:
    """When each timer falls due if it runs at all: the last time that the record named for it."""
    at: dict[str, datetime | None] = {}
    for entry in entries:
        event = entry.event
        for name, field in ((escalation.START, "start_at"), (escalation.ACK, "ack_due")):
            if hasattr(event, field):
                at[name] = getattr(event, field)
        if hasattr(event, "resolve_due"):
            at[escalation.RESOLVE] = event.resolve_due
        match event:
            case Postponed():
                at[event.name] = event.to
            case escalation.Snoozed():
                at[escalation.SNOOZE] = event.until
            case roles.RoleRequired() | roles.RoleVacated() | roles.RoleAdded():
                at[f"role:{event.role}"] = event.due
            case roles.HandoverPlanned():
                at[f"handover:{event.role}"] = event.at
            case people.FatigueTimed():
                at[f"fatigue:{event.person}"] = event.at
            case roles.RoleMissed():
                at[f"role:{event.role}"] = event.again_at
            case roles.RoleOffered():
                at[f"offer:{event.role}"] = event.lapses_at
            case comms.StreamOpened() | comms.UpdatePosted() | comms.UpdateSkipped():
                at[f"update:{event.channel}"] = event.warn_at or event.due
            case comms.StreamTimed() if event.due != _due_of(entries, entry):
                at[f"update:{event.channel}"] = event.warn_at or event.due
            case comms.UpdateMissed() | comms.UpdateWarned():
                at[f"update:{event.channel}"] = event.again_at
    at |= work_times(entries)
    at |= proposal_times(entries)
    return {name: when for name, when in at.items() if when is not None}


def proposal_times(entries: list[Entry]) -> dict[str, datetime]:
    """When updates that are not out yet go out, and until when somebody has to have reviewed them."""
    waiting: dict[int, dict[str, datetime | None]] = {}
    for number, entry in enumerate(entries, 1):
        match entry.event:
            case proposals.UpdateProposed() as event:
                waiting.pop(event.replaces, None)
                waiting[number] = {"send": event.send_at, "review": event.lapses_at}
            case proposals.UpdateApproved() | proposals.ReviewUnanswered() as event:
                waiting[event.proposal]["review"] = None
            case proposals.UpdateHeld() as event:
                waiting[event.proposal] = {}
            case proposals.UpdateScheduled() as event:
                waiting[event.proposal]["send"] = event.at
            case proposals.UpdateWithdrawn() | comms.UpdatePosted() as event:
                waiting.pop(event.proposal, None)
    return {f"{what}:{n}": at for n, times in waiting.items() for what, at in times.items() if at is not None}


def _due_of(entries: list[Entry], until: Entry) -> datetime | None:
    """When an update was due on the channel of `until`, just before it."""
    when = None
    for entry in entries:
        if entry is until:
            break
        if getattr(entry.event, "channel", None) == until.event.channel:  # type: ignore[attr-defined]
            if isinstance(entry.event, comms.StreamEnded):
                when = None
            else:
                when = getattr(entry.event, "due", when)
    return when
