"""Time travel: what a record says of the past is what was shown then, and its end is the present."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.store.histories import History, histories, settle
from tests.store.rooms import Hands, published, room
from tests.support import real_data
from tests.support.books import BOOK, T0, minutes, seconds, with_severity
from tests.support.play import Play, declared
from tests.support.profile import examples
from tests.support.stories import Story, play_script, stories
from warroom.cli.importing import watch
from warroom.demo.run import make_room
from warroom.domain import gaps
from warroom.domain.book import Rulebook
from warroom.domain.cadence import Cadence
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Entry, Refused
from warroom.domain.delivery import ReportDelivery
from warroom.domain.desk import AddAbsence
from warroom.domain.duty import Duty
from warroom.domain.incident import Declare, SetSeverity, SetStatus, Status
from warroom.domain.moving import MoveToRules
from warroom.domain.record import AddNote, NoteKind
from warroom.domain.room import Tick, fold
from warroom.domain.watch import Post, Watch
from warroom.intake.histories.read import read_history
from warroom.intake.history import HistoryFormat
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import seed_rulebook
from warroom.service import past as past_module
from warroom.service.past import EACH, At, NotThen, Past
from warroom.service.session import Session
from warroom.views import ClockState, IncidentDetail

_numbers = itertools.count(1)


def no_seed() -> Loaded:
    """The room is there already."""
    raise AssertionError("the room was made anew")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the rooms of this module are; one for each example of a property."""
    return tmp_path_factory.mktemp("past")


class Alone(Session):
    """A session that knows of one incident at a time, as its record does: not whom others paged, nor who leads them."""

    def _duty(self, c: Connection, number: int, now: datetime) -> Duty:
        whole = super()._duty(c, number, now)
        return Duty(whole.overrides, whole.absences, whole.swaps)


@contextmanager
def opened(folder: Path, book: Rulebook = BOOK) -> Iterator[tuple[Session, Rulebook, Hands]]:
    """A room of its own."""
    path, hands = folder / f"{next(_numbers)}.db", Hands()
    try:
        with (
            room(path, book, hands) as (_, named, _),
            Alone(path, actor="mina", seed=no_seed, clock=hands) as session,
        ):
            yield session, named, hands
    finally:
        for file in folder.glob(f"{path.name}*"):
            file.unlink(missing_ok=True)


def told(detail: IncidentDetail) -> IncidentDetail:
    """What a record can tell of a detail: everything but what became of messages, and what others do elsewhere."""
    levels = tuple(replace(level, fates=()) for level in detail.ladder.levels)
    links = tuple(replace(link, title="", state="", open=False) if link.key else link for link in detail.links)
    ladder = replace(detail.ladder, levels=levels)
    return replace(detail, past=None, outbox=(), drafts=(), ladder=ladder, links=links)


def past_of(play: Play) -> Past:
    """The past of an incident that was played without a database."""
    entries = [(number, number, entry) for number, entry in enumerate(play.entries, 1)]
    return Past(1, entries, {play.book.revision: play.book})


# Properties ----------------------------------------------------------------------------------------------------------


@given(history=histories())
@examples(0.2)
def test_every_prefix_is_what_was_shown_then_and_the_latest_moment_is_the_live_room(
    folder: Path, history: History
) -> None:
    with opened(folder, history.book) as (session, _, hands):
        shown: dict[str, list[tuple[int, datetime, IncidentDetail]]] = {}
        keys: dict[int, str] = {}
        for act in history.acts:
            hands.now = max(hands.now, act.at)
            if isinstance(act.command, Tick):
                settle(session.writer, hands)
            else:
                with suppress(Refused):
                    outcome = session.execute(act.command, keys.get(act.on, ""), actor=act.actor)
                    keys[act.on] = outcome.key
            for key in keys.values():
                detail = session.detail(key)
                shown.setdefault(key, []).append((detail.line.version, hands.now, detail))
        for key, details in shown.items():
            past = session.past(key)
            for version, now, detail in details:
                assert told(past.at(version, now)) == told(detail)
            assert told(past.at(past.latest, hands.now)) == told(session.detail(key))
            assert past.room_at(past.latest) == session.room(key)


@given(stories(), st.randoms(use_true_random=False))
@examples(0.5)
def test_every_room_is_the_fold_so_far_in_whatever_order_one_jumps(story: Story, chance: st.randoms) -> None:  # type: ignore[valid-type]
    play = play_script(story.book, story.script)
    past = past_of(play)
    versions = list(range(1, past.latest + 1))
    chance.shuffle(versions)  # type: ignore[attr-defined]
    for version in versions:
        assert past.room_at(version) == fold(play.entries[:version])
        mark = past.at(version).past
        assert mark is not None
        assert (mark.version, mark.of, mark.moment) == (version, past.latest, past.moments[version - 1])


@given(stories(), st.integers(0, 400))
@examples(0.5)
def test_silences_partition_the_time_of_every_past_exactly(story: Story, later: int) -> None:
    past = past_of(play_script(story.book, story.script))
    for version in range(1, past.latest + 1):
        now = past.moments[version - 1] + seconds(later)
        for lane in past.at(version, now).timeline.lanes:
            found = gaps.silences(lane.start, (dot.at for dot in lane.dots), lane.ended, now)
            until = now if lane.ended is None else lane.ended
            since = lane.start
            assert found[0].start == min(
                [since, *(dot.at for dot in lane.dots if lane.ended is None)], default=since
            ) or (found[0].start == since)
            if found[0].length == timedelta(0) and len(found) > 1:
                since = max(since, found[1].start)
                found = found[1:]
            assert all(one.end == other.start for one, other in itertools.pairwise(found))
            assert sum((silence.length for silence in found), timedelta(0)) == found[-1].end - found[0].start
            assert found[-1].end == max(until, found[-1].start)


@given(stories())
@examples(0.4)
def test_clock_and_timeline_of_every_past_agree_at_every_instant(story: Story) -> None:
    past = past_of(play_script(story.book, story.script))
    for version in range(1, past.latest + 1):
        at = past.moments[version - 1]
        detail = past.at(version)
        lanes = {lane.channel: lane for lane in detail.timeline.lanes}
        assert {clock.channel for clock in detail.clocks} <= set(lanes)
        dues = [clock.due for clock in detail.clocks if clock.due is not None]
        assert detail.line.update.at == min(dues, default=None)
        instants = [at, *(each for due in dues for each in (due - timedelta(microseconds=1), due, due + seconds(1)))]
        for instant in instants:
            if instant < at:
                continue
            then = past.at(version, instant)
            for clock in then.clocks:
                lane = lanes[clock.channel]
                assert (lane.due, lane.cadence, lane.promised) == (clock.due, clock.cadence, clock.promised)
                late = lane.due is not None and lane.due <= instant
                assert (clock.state(instant) is ClockState.LATE) == late


# On what is really there ---------------------------------------------------------------------------------------------


def test_the_demo_room_at_its_latest_moment_is_the_live_one(tmp_path: Path) -> None:
    opening = datetime.fromisoformat("2026-11-22T14:32:07+00:00")
    make_room(tmp_path / "demo.db", speed=1.0, opening=opening)
    with Alone(tmp_path / "demo.db", actor="ana", seed=seed_rulebook, clock=lambda: opening) as session:
        for line in session.lines(all=True):
            past = session.past(line.key)
            live = session.detail(line.key)
            assert told(past.at(past.latest, opening)) == told(live)
            listed = dict(enumerate(past.log(past.latest)))
            assert [each[0] for each in listed.values()] == [each[0] for each in session.log(line.key)]


@pytest.mark.parametrize(
    ("form", "file"),
    [(HistoryFormat.GITHUB_ATOM, "github/history.atom"), (HistoryFormat.GCP, "gcp/incidents.json")],
)
def test_imported_histories_are_travelled_by_the_providers_time(tmp_path: Path, form: HistoryFormat, file: str) -> None:
    read = read_history(form, real_data("incidents", file), now=datetime.now(UTC))
    found = sorted((watch(each) for each in read), key=lambda each: -len(each.posts))[:30]
    with Session(tmp_path / "room.db", actor="ana", seed=seed_rulebook) as session:
        for outcome in session.execute_all(found):
            past, now = session.past(outcome.key), session.clock()
            assert told(past.at(past.latest, now)) == told(session.detail(outcome.key))
            assert list(past.moments) == sorted(past.moments)
            for version in range(1, past.latest + 1):
                at = past.moments[version - 1]
                assert past.version_at(at) >= version
                assert past.version_at(at - timedelta(microseconds=1)) < version
                # Nothing is shown before it was said.
                assert all(dot.at <= at for lane in past.at(version).timeline.lanes for dot in lane.dots)


# By hand -------------------------------------------------------------------------------------------------------------


def played() -> Play:
    """Declared, paged, told, noted, milder, resolved."""
    play = declared("SEV1")
    play.until(minutes(6))
    play.do(PostUpdate("public", "We look into it."))
    play.until(minutes(9))
    play.do(AddNote("the pool is full"))
    play.do(SetSeverity("SEV2", "one region"))
    play.until(minutes(20))
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    return play


def test_a_moment_is_found_between_its_entries() -> None:
    past = past_of(played())
    now = T0 + minutes(60)
    page, reply = T0 + minutes(5), T0 + minutes(6)
    assert page in past.moments
    between = past.find(reply - seconds(1), now)
    assert past.moments[between.version - 1] <= reply - seconds(1) < past.moments[between.version]
    assert past.find(page, now).version > past.find(page - seconds(1), now).version
    assert past.find(now, now) == At(past.latest, now)
    assert past.version_at(T0 - seconds(1)) == 0
    with pytest.raises(NotThen, match=r"INC-1 began 2024-03-13 10:00:00 UTC"):
        past.find(T0 - seconds(1), now)
    with pytest.raises(NotThen, match=r"still to come: it is 2024-03-13 11:00:00 UTC"):
        past.find(now + seconds(1), now)
    with pytest.raises(NotThen, match=rf"no entry 99: .* 1 to {past.latest}"):
        past.place(99)


def test_countdowns_show_what_they_showed_then() -> None:
    past = past_of(played())
    early = past.at(1, T0 + minutes(1))
    assert (early.line.severity.name, early.line.status, early.timeline.lanes) == ("SEV1", "new", ())
    paged = past.find(T0 + minutes(4), T0 + minutes(60))
    detail = past.at(paged.version, paged.moment)
    assert detail.ladder.next.at == T0 + minutes(5)
    assert detail.resolved_at is None
    late = past.at(past.version_at(T0 + minutes(12)), T0 + minutes(12))
    assert (late.line.severity.name, late.resolved_at) == ("SEV2", None)
    assert past.at(past.latest).resolved_at == T0 + minutes(20)


def test_steps_lead_through_every_entry_and_out_at_the_end() -> None:
    past = past_of(played())
    now = At(past.latest, T0 + minutes(60))
    seen = [now]
    while (at := past.step(seen[-1], -1)) is not None and at != seen[-1]:
        seen.append(at)
    assert [at.version for at in seen[1:]] == list(range(past.latest, 0, -1))
    assert past.step(seen[-1], -10) == At(1, T0)
    there = seen[-1]
    for version in range(2, past.latest + 1):
        found = past.step(there, 1)
        assert found is not None
        there = found
        assert there.version == version
    assert past.step(there, 1) is None


def test_turns_lead_from_change_to_change() -> None:
    past = past_of(played())
    at: At | None = At(past.latest, T0 + minutes(60))
    kinds = []
    for _ in range(3):
        assert at is not None
        at = past.turn(at, -1)
        assert at is not None
        kinds.append(past.entry(at.version).event.kind)
    assert kinds == ["status_changed", "severity_changed", "declared"]
    assert at is not None
    assert past.turn(at, -1) == at
    forward = past.turn(at, 1)
    assert forward is not None
    assert past.entry(forward.version).event.kind == "severity_changed"
    assert past.turn(past.place(past.latest), 1) is None


def test_the_rules_that_held_then_hold_in_the_past(folder: Path) -> None:
    with opened(folder) as (session, _, hands):
        session.execute(Declare("Checkout is down", "SEV1", "checkout"))
        hands.move(30)
        faster = with_severity("SEV1", cadence=(Cadence("public", minutes(2), minutes(3), minutes(4)),))
        other, rules = published(faster)
        session.writer.publish(rules, actor="mina", now=hands)
        hands.move(30)
        before = session.detail("INC-1")
        session.execute(MoveToRules(other.revision), "INC-1")
        hands.move(5)
        past = session.past("INC-1")
        assert past.room_at(past.latest).incident.revision == other.revision
        assert past.room_at(1).incident.revision != other.revision
        assert told(past.at(before.line.version, T0 + seconds(60))) == told(before)
        assert before.ladder.newer_rules == other.revision[:4]
        assert past.at(before.line.version, T0 + seconds(29)).ladder.newer_rules == ""
        assert told(past.at(past.latest, hands.now)) == told(session.detail("INC-1"))


def test_who_was_absent_then_is_absent_in_the_past(folder: Path) -> None:
    with opened(folder) as (session, _, hands):
        session.execute(Declare("Checkout is down", "SEV1", "checkout"))
        hands.move(60)
        session.at_desk(AddAbsence("bo", hands.now, hands.now + timedelta(days=1), "ill"))
        hands.move(60)
        past = session.past("INC-1")
        assert past.duty_at(T0 + seconds(30)).absences == ()
        assert [each.person for each in past.duty_at(hands.now).absences] == ["bo"]
        assert past.forecast(past.latest, hands.now) == session.forecast("INC-1")


def test_of_messages_the_past_knows_that_they_went_out_and_which_were_reported_lost() -> None:
    play = declared("SEV1")
    play.until(minutes(1))
    past = past_of(play)
    first = past.at(past.latest).outbox
    assert first
    assert {message.state for message in first} == {"on record"}
    sent = past.rows(past.latest).messages[0]
    page = int(sent.id.split("/")[1])
    play.do(ReportDelivery(sent.id, "page", sent.recipient, sent.via, "no such number", page, (sent.via,), True))
    past = past_of(play)
    states = {(m.to, m.via): m.state for m in past.at(past.latest).outbox}
    assert states[sent.recipient, sent.via] == "failed"
    assert [m.state for m in past.at(past.latest - 1).outbox] == ["on record"] * len(first)


def test_an_import_of_years_ago_is_travelled_by_when_it_was_published(folder: Path) -> None:
    def post(number: int, minute: int) -> Post:
        return Post(f"p{number}", T0 - timedelta(days=700) + minutes(minute), "investigating", f"part {number}")

    with opened(folder) as (session, _, hands):
        posts = (post(1, 0), post(2, 30), post(3, 95))
        closed = posts[-1].at
        (outcome,) = session.execute_all([Watch("cloud", "x", "Errors", posts, "major", posts[0].at, closed)])
        past = session.past(outcome.key)
        at = past.find(posts[1].at + minutes(10), hands.now)
        detail = past.at(at.version, at.moment)
        assert [dot.text for lane in detail.timeline.lanes for dot in lane.dots] == ["part 1", "part 2"]
        assert (detail.resolved_at, detail.line.status) == (None, "investigating")
        assert past.at(past.latest).resolved_at == closed


def test_what_was_burning_then_is_listed(folder: Path) -> None:
    with opened(folder) as (session, _, hands):
        shown = {}
        for step in range(4):
            session.execute(Declare(f"number {step}", "SEV2", "checkout"))
            hands.move(60)
            shown[hands.now] = (session.lines(), session.lines(all=True))
            hands.move(1)
        session.execute(SetStatus(Status.RESOLVED, "over"), "INC-1")
        hands.move(60)
        shown[hands.now] = (session.lines(), session.lines(all=True))
        hands.move(1)
        session.execute(SetStatus(Status.INVESTIGATING, "not over"), "INC-1")
        session.execute(SetStatus(Status.RESOLVED, "over"), "INC-3")
        hands.move(60)
        shown[hands.now] = (session.lines(), session.lines(all=True))
        hands.move(86_400)
        session.execute(SetStatus(Status.RESOLVED, "over"), "INC-1")
        for moment, (live, every) in shown.items():
            assert [line for line, _ in session.lines_at(moment)] == live
            assert [line for line, _ in session.lines_at(moment, all=True)] == every
        assert list(session.lines_at(T0 - seconds(1), all=True)) == []


def test_jumping_anywhere_in_a_long_record_folds_little(monkeypatch: pytest.MonkeyPatch) -> None:
    play = declared("SEV1")
    play.until(minutes(30))
    for number in range(900):
        play.now += seconds(1)
        play.do(AddNote(f"note {number}", NoteKind.OBSERVATION))
    past = past_of(play)
    past.room_at(past.latest)
    folded = 0
    real = past_module.evolve

    def counted(room: object, entry: Entry) -> object:
        nonlocal folded
        folded += 1
        return real(room, entry)  # type: ignore[arg-type]

    monkeypatch.setattr(past_module, "evolve", counted)
    for version in (past.latest, 7, 640, 641, 639, past.latest - 1, 65, 64):
        folded = 0
        past.at(version)
        assert folded <= EACH
    assert len(past.page(past.latest).lines) <= past_module.PAGE
    assert past.page(300, before=120, most=50).first == 70


def test_a_past_that_grew_keeps_what_was_worked_out() -> None:
    play = played()
    before = past_of(play)
    before.at(before.latest)
    play.now += seconds(5)
    play.do(AddNote("one more"))
    after = before.grown(past_of(play))
    assert after.latest == before.latest + 1
    assert after.room_at(after.latest) == play.room
    assert told(after.at(before.latest)) == told(before.at(before.latest))
    assert after.at(before.latest).past != before.at(before.latest).past  # of how many there are
