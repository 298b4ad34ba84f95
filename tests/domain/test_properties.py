"""What holds for every incident, whatever people do and whenever time moves.

The oracle (`support.by_record`) reads the list of entries and the rulebook, and never a room: it says by the rules
which timers have to run. `room.due` has to agree with it after every step.
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
from tests.support.by_record import due_by_record, must_be_armed
from tests.support.commands import ACTORS, commands, random_command
from tests.support.play import Play, declared
from tests.support.profile import examples
from tests.support.random_books import books, random_book
from tests.support.stories import Step, Story, play_script, random_script, stories
from warroom.domain import desk, escalation, incident, roles
from warroom.domain.core import ENGINE, EVENTS, Command, Context, Entry, Event, Refused
from warroom.domain.incident import OVER, Status
from warroom.domain.roles import LEAD
from warroom.domain.room import STEPS_AT_ONCE, Room, Tick, decide, describe, due, evolve, fold, forecast
from warroom.domain.short_kinds import short_kind


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

NOT_BY_PEOPLE = {"Tick", "LookAtHold", "Declare", "Watch", "TakeBack"}
"""Commands of the engine, of importers, the one that every script begins with, and what is made from the record."""
SPECIAL = {
    *("acknowledgement_lapsed", "status_stalled"),  # severities that ask for it: test_escalation_checkpoint
    *("checkpoint_asked", "checkpoint_settled", "level_announced"),  # levels that ask for it: the same
    *("rule_applied", "hold_kept", "hold_lifted"),  # rules: test_rules, test_holds
    *("alerted",),  # integrations: test_delivery
    *("rules_moved",),  # another revision: test_moving
    *("room_entered",),  # rooms by stage: test_chatrooms
    *("watched",),  # imports: test_watch
    *("taken_back",),  # made from the record: test_undo
}
"""Kinds of events that need a rulebook of their own; each is tested there."""


def test_the_strategies_draw_every_command() -> None:
    def kinds(of: type[Command]) -> Iterable[type[Command]]:
        for kind in of.__subclasses__():
            yield from kinds(kind)
            # What a test makes up for itself is no command of the program.
            ours = kind.__module__.startswith("warroom.") and kind.__module__ != desk.__name__
            if ours and not kind.__subclasses__():
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
