"""What holds for every incident, whatever people do and whenever time moves.

The oracle (`must_be_armed`) reads the list of entries and the rulebook, and never a room: it says by the rules which
timers have to run. `room.due` has to agree with it after every step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.support.books import BOOK, T0, seconds
from tests.support.commands import (
    ACTORS,
    Play,
    Step,
    Story,
    books,
    commands,
    declared,
    examples,
    play_script,
    random_book,
    random_command,
    random_script,
    stories,
)
from warroom.domain import comms, desk, escalation, incident, people, proposals, record_events, roles
from warroom.domain.book import Rulebook
from warroom.domain.core import ENGINE, EVENTS, Command, Context, Entry, Event, Postponed, Refused
from warroom.domain.incident import OVER, Status
from warroom.domain.roles import LEAD
from warroom.domain.room import STEPS_AT_ONCE, Room, Tick, decide, describe, due, evolve, fold, forecast, short_kind

# The oracle ----------------------------------------------------------------------------------------------------------


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


# Properties ----------------------------------------------------------------------------------------------------------


@given(stories())
@examples()
def test_the_record_alone_makes_the_room(story: Story) -> None:
    book, script = story.book, story.script
    play = play_script(book, script)
    assert fold(play.entries) == play.room
    assert play.there.version == len(play.entries)
    for cut in range(1, len(play.entries), 3):
        assert fold(play.entries[cut:], fold(play.entries[:cut])) == play.room


@given(stories())
@examples(4)
def test_a_timer_runs_exactly_when_the_rules_say_so(story: Story) -> None:
    book, script = story.book, story.script

    def check(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        armed = {deadline.name: deadline.at for deadline in due(play.there)}
        assert set(armed) == must_be_armed(play.entries, book), (step, events)
        by_record = due_by_record(play.entries)
        assert armed == {name: by_record[name] for name in armed}, (step, events)

    play_script(book, script, after_step=check)


@given(stories())
@examples()
def test_a_role_has_one_holder_and_changes_hands_on_the_record_only(story: Story) -> None:
    book, script = story.book, story.script
    play = play_script(book, script)
    holder: dict[str, str] = {}
    room: Room | None = None
    for entry in play.entries:
        before = dict(holder)
        match entry.event:
            case roles.RoleAssigned() as event:
                assert event.person
                assert event.person != holder.get(event.role, ""), "assigned to whom holds it"
                assert event.before == holder.get(event.role, "")
                holder[event.role] = event.person
            case roles.RoleVacated() as event:
                assert event.before == holder.pop(event.role)
        room = evolve(room, entry)
        assert {n: s.holder for n, s in room.roles.by_name.items() if s.holder} == holder
        if not isinstance(entry.event, roles.RoleAssigned | roles.RoleVacated):
            assert before == holder
    assert play.there.roles.holder(LEAD) == holder.get(LEAD, "")


@given(stories())
@examples(2)
def test_each_timer_fires_once_when_it_is_due_and_the_earliest_first(story: Story) -> None:
    book, script = story.book, story.script
    fired: set[tuple[Any, ...]] = set()
    acts = 0

    def check(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        nonlocal acts
        if not isinstance(step.command, Tick):
            acts += len(events)
            return
        taken = play.entries[len(play.entries) - len(events) :]
        room = fold(play.entries[: len(play.entries) - len(events)])
        assert room is not None
        before: datetime | None = None
        for entry in taken:
            assert entry.due is not None
            assert entry.late is not None
            assert entry.late >= timedelta(0)
            # Either the earliest step that is pending begins, or the step before it has more to say.
            assert entry.due in (due(room)[0].at if due(room) else None, before)
            before = entry.due
            # Whatever time does by itself, it does once: only an act of a person can bring the same step back.
            identity = (acts, entry.due, *_identity(entry.event))
            assert identity not in fired, entry
            fired.add(identity)
            room = evolve(room, entry)
        assert [e.due for e in taken] == sorted(e.due for e in taken if e.due)
        left = due(play.there)
        assert not left or left[0].at > play.now or len(events) >= STEPS_AT_ONCE

    play_script(book, script, after_step=check)


def _identity(event: Event) -> tuple[Any, ...]:
    return (
        event.kind,
        *(getattr(event, f, None) for f in ("level", "cycle", "repeat", "role", "channel", "miss", "name", "person")),
    )


@given(stories(), st.integers(1, 10_000_000))
@examples()
def test_nothing_happens_before_the_next_deadline(story: Story, early: int) -> None:
    book, script = story.book, story.script

    def check(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        pending = due(play.there)
        room, count = play.room, len(play.entries)
        at = (pending[0].at if pending else play.now) - timedelta(microseconds=early)
        assert decide(play.room, Tick(), Context(at, ENGINE, book)) == ()
        assert play.room == room
        assert len(play.entries) == count

    play_script(book, script, after_step=check)


@given(stories())
@examples()
def test_what_is_on_the_record_stays_as_it_is(story: Story) -> None:
    book, script = story.book, story.script
    seen: list[Entry] = []
    words: list[str] = []

    def check(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        assert play.entries[: len(seen)] == seen
        assert [describe(entry.event) for entry in seen] == words
        new = play.entries[len(seen) :]
        assert all(entry.at == play.now for entry in new)
        seen.extend(new)
        words.extend(describe(entry.event) for entry in new)

    play_script(book, script, after_step=check)


@given(stories(books(), most=150, ticks=False, longest=12))
@examples(0.5)
def test_polling_each_second_is_the_same_as_waking_at_each_deadline(story: Story) -> None:
    book, script = story.book, story.script
    exact, polled = Play(book), Play(book)
    for step in [*script, Step(150, ENGINE, Tick())]:
        exact.until(exact.now + seconds(step.ahead))
        for _ in range(step.ahead):
            polled.now += seconds(1)
            if polled.room is not None:
                polled.tick()
        for play in (exact, polled):
            with suppress(Refused):
                play.do(step.command, step.actor)
            play.tick()
    assert polled.entries == exact.entries
    assert polled.room == exact.room


@given(stories())
@examples()
def test_a_refused_command_changes_nothing(story: Story) -> None:
    book, script = story.book, story.script
    play = Play(book)
    for step in script:
        play.now += seconds(step.ahead)
        before = (play.room, list(play.entries), repr(play.room))
        try:
            play.do(step.command, step.actor)
        except Refused as refused:
            assert str(refused)
            assert "\x1b" not in str(refused)
            assert (play.room, play.entries, repr(play.room)) == before


@given(stories(), st.sampled_from(OVER))
@examples()
def test_nothing_is_due_once_the_incident_is_closed(story: Story, to: Status) -> None:
    book, script = story.book, story.script
    play = play_script(book, script)
    if play.there.incident.status not in OVER:
        play.do(incident.SetStatus(Status.RESOLVED, "it works again"))
    assert not {name for name in play.deadlines() if name.startswith(("escalation:", "role:"))}
    if play.there.incident.status is Status.RESOLVED:
        play.do(incident.SetStatus(Status.CLOSED, "reviewed"))
    assert play.deadlines() == {}
    play.now += timedelta(days=400)
    assert play.tick() == ()


@given(stories(), st.lists(st.tuples(st.sampled_from(ACTORS), commands(BOOK)), max_size=6))
@examples()
def test_nothing_is_due_after_commands_to_a_closed_incident(story: Story, later: list[tuple[str, Any]]) -> None:
    book, script = story.book, story.script
    play = play_script(book, script)
    for to in OVER:
        if play.there.incident.status not in (to, Status.CLOSED):
            play.do(incident.SetStatus(to, "over"))
    for actor, command in later:
        try:
            play.do(command, actor)
        except Refused:
            continue
        if play.there.incident.status is not Status.CLOSED:
            return
        assert play.deadlines() == {}, command


@given(stories())
@examples()
def test_the_forecast_is_what_time_really_does(story: Story) -> None:
    book, script = story.book, story.script

    def check(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        if pending := due(play.there):
            if pending[0].at <= play.now:
                return  # What is overdue comes late: the forecast of the room after the tick is the one that counts.
            promised = forecast(play.there, book, 12)
            real = Play(book, play.now, play.room)
            while len(real.entries) < 12 and (pending := due(real.there)):
                real.until(pending[0].at)
            assert promised == tuple(real.entries[:12])
        else:
            assert forecast(play.there, book) == ()

    play_script(book, script, after_step=check)


@given(stories(ticks=False), st.integers(0, 400_000))
@examples()
def test_whoever_is_paged_has_the_time_to_answer_however_late_it_is(story: Story, standstill: int) -> None:
    book, script = story.book, story.script
    play = play_script(book, script)
    play.now += seconds(standstill)
    play.tick()
    on = 0  # the level that the ladder stood on before
    for entry in play.entries:
        match entry.event:
            case escalation.EscalationPlanned():
                on = 0
            case escalation.EscalationSwitched():
                on = entry.event.level
        if not isinstance(entry.event, escalation.LevelPaged):
            continue
        begins, on = entry.event.level != on, entry.event.level
        level = next(
            policy.levels[entry.event.level - 1]
            for policy in book.policies.values()
            if policy.name == _policy_at(play.entries, entry)
        )
        if level.ack_timeout is not None:
            assert entry.event.ack_due is not None
            assert entry.event.ack_due - entry.at >= level.ack_timeout * 0.9, entry
        # Paged again, to others or by hand, a level keeps its time to fix it.
        if level.resolve_timeout is not None and begins:
            assert entry.event.resolve_due is not None
            assert entry.event.resolve_due - entry.at >= level.resolve_timeout * 0.9, entry


def _policy_at(entries: list[Entry], until: Entry) -> str:
    name = ""
    for entry in entries:
        if isinstance(entry.event, escalation.EscalationPlanned | escalation.EscalationSwitched):
            name = entry.event.policy
        if entry is until:
            break
    return name


@given(stories())
@examples()
def test_events_and_rooms_survive_json(story: Story) -> None:
    book, script = story.book, story.script
    play = play_script(book, script)
    for entry in play.entries:
        adapter = ADAPTERS[entry.event.kind]
        assert adapter.validate_json(adapter.dump_json(entry.event)) == entry.event
    back = ROOM.validate_json(ROOM.dump_json(play.there))
    assert back == play.room
    assert due(back) == due(play.there)
    # What was read back goes on like what never left.
    later = Context(play.now + timedelta(hours=1), ENGINE, book)
    assert decide(back, Tick(), later) == decide(play.room, Tick(), later)


ADAPTERS: dict[str, TypeAdapter[Any]] = {kind: TypeAdapter(cls) for kind, cls in EVENTS.items()}
ROOM = TypeAdapter(Room)


def any_event(cls: type[Event]) -> st.SearchStrategy[Event]:
    """An event of a class with anything in its fields that their types allow; times are in UTC."""
    hints = {field.name: get_type_hints(cls)[field.name] for field in fields(cls)}
    whens = st.datetimes(timezones=st.just(UTC))
    given_for = {datetime: whens, datetime | None: st.none() | whens}
    return st.builds(
        cls,
        **{
            name: st.dictionaries(st.text(), st.text())
            if Mapping in (get_origin(hint), *map(get_origin, get_args(hint)))
            else given_for.get(hint, st.from_type(hint))
            for name, hint in hints.items()
        },
    )


@given(st.data(), st.sampled_from(sorted(EVENTS)))
@examples()
def test_every_kind_of_event_survives_json_and_has_words(data: st.DataObject, kind: str) -> None:
    event = data.draw(any_event(EVENTS[kind]))
    assert ADAPTERS[kind].validate_json(ADAPTERS[kind].dump_json(event)) == event
    assert isinstance(describe(event), str)
    assert short_kind(event)


@given(st.data())
@examples()
def test_anything_may_be_asked_of_an_incident_in_any_state(data: st.DataObject) -> None:
    """No command ends in anything but events or a refusal, and what it leads to can be ticked on."""
    book = data.draw(books())
    play = declared(data.draw(st.sampled_from(tuple(book.severities))), book)
    status = data.draw(st.sampled_from(Status))
    if status is Status.CLOSED:
        play.do(incident.SetStatus(Status.RESOLVED, "over"))
    if status is not Status.NEW:
        play.do(incident.SetStatus(status, "so it is"))
    for _ in range(data.draw(st.integers(1, 5))):
        try:
            play.do(data.draw(commands(book, play.now)), data.draw(st.sampled_from(ACTORS)))
        except Refused:
            continue
        forecast(play.there, book)
        play.now += seconds(data.draw(st.integers(0, 90)))
        play.tick()


@pytest.mark.parametrize("hour", range(0, 24, 5))
def test_time_goes_back_and_nothing_happens(hour: int) -> None:
    play = declared()
    play.until(timedelta(hours=2))
    room = play.room
    play.now = T0 - timedelta(hours=hour)
    assert play.tick() == ()
    assert play.room == replace(play.there) == room


# What the strategies reach --------------------------------------------------------------------------------------------

NOT_BY_PEOPLE = {"Tick", "LookAtHold", "Declare", "Watch"}
"""Commands of the engine, of importers, and the one that every script begins with."""
SPECIAL = {
    *("acknowledgement_lapsed", "status_stalled"),  # severities that ask for it: test_escalation_checkpoint
    *("checkpoint_asked", "checkpoint_settled", "level_announced"),  # levels that ask for it: the same
    *("rule_applied", "hold_kept", "hold_lifted"),  # rules: test_rules, test_holds
    *("alerted",),  # integrations: test_delivery
    *("rules_moved",),  # another revision: test_moving
    *("room_entered",),  # rooms by stage: test_chatrooms
    *("watched",),  # imports: test_watch
}
"""Kinds of events that need a rulebook of their own; each is tested there."""


def test_the_strategies_draw_every_command() -> None:
    def kinds(of: type[Command]) -> Iterable[type[Command]]:
        for kind in of.__subclasses__():
            yield from kinds(kind)
            if not kind.__subclasses__() and kind.__module__ != desk.__name__:
                yield kind

    drawn = {type(random_command(Random(number))).__qualname__ for number in range(6_000)}
    every = {kind.__qualname__ for kind in kinds(Command) if not kind.__qualname__.endswith("Command")}
    assert every - drawn == NOT_BY_PEOPLE


def test_in_scripts_everything_happens_that_can() -> None:
    def happened(number: int) -> set[str]:
        book = random_book(number % 300) if number % 2 else BOOK
        far = 200 if number % 2 else 20_000
        return {
            entry.event.kind for entry in play_script(book, random_script(number, book, length=70, most=far)).entries
        }

    of_desk = {kind for kind, event in EVENTS.items() if event.__module__ == desk.__name__}
    left = set(EVENTS) - of_desk - SPECIAL
    for number in range(1_500):
        left -= happened(number)
        if not left:
            return
    raise AssertionError(f"never happened: {sorted(left)}")
