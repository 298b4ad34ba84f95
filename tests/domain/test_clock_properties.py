"""Clocks of silence and the gap timeline say the same at every instant, and no deadline of an update is ever lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hypothesis import given

from tests.support.books import seconds
from tests.support.play import Play
from tests.support.profile import examples
from tests.support.stories import Step, Story, play_script, stories
from warroom.domain.clocks import near_at, reminder_times, reminders, warnings
from warroom.domain.comms import (
    StreamEnded,
    StreamTimed,
    UpdateMissed,
    UpdatePosted,
    UpdateSkipped,
    UpdateWarned,
)
from warroom.domain.core import Event
from warroom.domain.gaps import SilenceKind, silences
from warroom.domain.punctuality import Outcome, owed
from warroom.domain.room import due, evolve, fold
from warroom.service.clocks_view import clock_lines
from warroom.views import ClockState


def told(play: Play, channel: str) -> list[datetime]:
    return [e.event.posted_at for e in play.entries if isinstance(e.event, UpdatePosted) and e.event.channel == channel]


def moments(play: Play) -> Iterator[datetime]:
    """Every instant at which something may turn: where a clock nears, is due, and just before and after."""
    yield play.now
    for stream in play.there.comms.streams.values():
        for at in (stream.due, near_at(stream, play.book), stream.remind_at):
            if at is not None:
                yield from (at - timedelta(microseconds=1), at, at + seconds(1))


@given(stories())
def _agree(story: Story) -> None:
    def check(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        if play.room is None:
            return
        room, incident = play.there, play.there.incident
        for now in moments(play):
            lines = {line.channel: line for line in clock_lines(room, play.book, now)}
            assert set(lines) == set(room.comms.streams)
            for channel, stream in room.comms.streams.items():
                line = lines[channel]
                assert (line.due, line.last_at) == (stream.due, stream.last_at)
                # What counts down on the clock is what the timeline draws as late.
                late = stream.due is not None and stream.due <= now
                assert (line.state(now) is ClockState.LATE) == late
                near = not late and line.near_at is not None and line.near_at <= now
                assert (line.state(now) is ClockState.SOON) == near
                posts = told(play, channel)
                assert stream.last_at == max(posts, default=None)
                assert stream.count == len(posts)
                if now >= play.now and incident.resolved_at is None:
                    running = silences(incident.declared_at, posts, None, now)[-1]
                    assert running.kind is SilenceKind.RUNNING
                    assert running.start == (stream.last_at or incident.declared_at)
                    if stream.last_at is not None:
                        # The clock begins with the silence, or anew within it: never before.
                        assert stream.begun >= running.start

    play_script(story.book, story.script, after_step=check)


test_clocks_and_gaps_agree_at_every_instant = examples(0.5)(_agree)


@given(stories())
def _not_lost(story: Story) -> None:
    """An update that is due stays due until one is posted, it is skipped, or its channel is timed anew or ended; and as
    long as it is due and not overdue, a step is armed for it."""

    def check(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        room = None
        for entry in play.entries:
            before, room = room, evolve(room, entry)
            if before is None:
                continue
            event = entry.event
            for channel, stream in before.comms.streams.items():
                now = room.comms.streams[channel]
                if now.due != stream.due:
                    assert isinstance(event, UpdatePosted | UpdateSkipped | StreamTimed | StreamEnded), event
                    assert event.channel == channel
        if room is None:
            return
        armed = {deadline.name: deadline.at for deadline in due(room)}
        for channel, stream in room.comms.streams.items():
            if stream.due is None or room.incident.watched:
                assert f"update:{channel}" not in armed
            elif stream.misses == 0 and stream.remind_at is not None:
                assert armed[f"update:{channel}"] == stream.remind_at
            elif stream.remind_at is None:
                assert stream.misses == len(reminders(play.book))

    play_script(story.book, story.script, after_step=check)


test_no_deadline_of_an_update_is_lost = examples(0.3)(_not_lost)


@given(stories())
def _in_order(story: Story) -> None:
    """For each silence: warnings by their share, then reminders in the order of the rules, none twice, none early."""
    play = play_script(story.book, story.script)
    play.until(play.now + timedelta(minutes=10))
    room = None
    for entry in play.entries:
        before, room = room, evolve(room, entry)
        event = entry.event
        if isinstance(event, UpdateWarned):
            assert before is not None
            stream = before.comms.streams[event.channel]
            times = [step.moment(stream.begun, event.due) for step in warnings(play.book)]
            assert stream.warned < event.step <= len(times)
            assert times[event.step - 1] <= entry.at < event.due
        elif isinstance(event, UpdateMissed):
            assert before is not None
            stream = before.comms.streams[event.channel]
            assert stream.due is not None and stream.due <= entry.at
            assert stream.misses <= event.miss <= len(reminders(play.book))
            if event.miss > stream.misses:
                assert reminder_times(play.book, stream)[stream.misses] <= entry.at
            times = reminder_times(play.book, stream)
            assert list(times) == sorted(times)


test_steps_come_in_order_and_never_early = examples(0.5)(_in_order)


@given(stories())
def _restart(story: Story) -> None:
    """After a skip the clock runs anew exactly once: from then on, with all its steps."""
    room = None
    play = play_script(story.book, story.script)
    for entry in play.entries:
        before, room = room, evolve(room, entry)
        event = entry.event
        if not isinstance(event, UpdateSkipped):
            continue
        assert before is not None
        old, new = before.comms.streams[event.channel], room.comms.streams[event.channel]
        assert old.due == event.was_due and old.skips < play.book.clocks.skips
        assert (new.skips, new.skipped, new.turn) == (old.skips + 1, old.skipped + 1, old.turn + 1)
        assert (new.begun, new.due, new.misses, new.warned) == (entry.at, event.due, 0, 0)
        assert (new.last_at, new.count) == (old.last_at, old.count)
        if event.due is not None:
            assert event.due > entry.at
            assert [d.name for d in due(room)].count(f"update:{event.channel}") == 1


test_a_skip_restarts_a_clock_exactly_once = examples(0.5)(_restart)


@given(stories())
def _counted(story: Story) -> None:
    """What is counted of punctuality is what the clocks said: every deadline that passed or was met, each once."""
    play = play_script(story.book, story.script)
    if play.room is None:
        return
    found = owed(play.entries, play.now)
    posted = [e.event for e in play.entries if isinstance(e.event, UpdatePosted)]
    skips = [(e.event.was_due, e.at) for e in play.entries if isinstance(e.event, UpdateSkipped)]
    late = sum(at > was_due for was_due, at in skips)  # what was late already stays so, whatever the reason
    met = [each for each in found if each.outcome in (Outcome.ON_TIME, Outcome.LATE)]
    assert len(met) == sum(event.was_due is not None for event in posted) + late
    assert sum(each.outcome is Outcome.LATE for each in met) == late + sum(
        event.was_due is not None and event.posted_at > event.was_due for event in posted
    )
    assert sum(each.outcome is Outcome.SKIPPED for each in found) == len(skips) - late
    overdue = {each.channel for each in found if each.outcome is Outcome.OVERDUE}
    streams = play.there.comms.streams
    assert overdue == {name for name, s in streams.items() if s.due is not None and s.due <= play.now}
    assert all(each.silent > timedelta(0) for each in found if each.outcome in (Outcome.LATE, Outcome.NEVER))
    # Older programs did not write down when an update had been due: the record says it all the same.
    assert fold(play.entries) == play.room
    assert [each.due for each in owed(_without_was_due(play), play.now)] == [each.due for each in found]


def _without_was_due(play: Play):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    for entry in play.entries:
        event = entry.event
        yield replace(entry, event=replace(event, was_due=None)) if isinstance(event, UpdatePosted) else entry


test_punctuality_counts_every_deadline_once = examples(0.5)(_counted)


def test_the_stories_skip_warn_and_remind() -> None:
    """The properties above would hold of nothing as well."""
    kinds = set[str]()

    @examples(0.5)
    @given(stories())
    def look(story: Story) -> None:
        play = play_script(story.book, story.script)
        play.until(play.now + timedelta(minutes=10))
        kinds.update(entry.event.kind for entry in play.entries)

    look()
    assert {"update_skipped", "update_warned", "update_missed", "update_posted", "stream_timed"} <= kinds
