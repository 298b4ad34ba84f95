"""The three functions that all rests on, and what every command meets in every state of an incident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from tests.support.books import BOOK, COMMS, SCRIBE, T0, minutes, seconds
from tests.support.play import Play, declared
from warroom.domain.cadence import Cadence
from warroom.domain.comms import Audience, ChannelSpec, PostUpdate, StreamOpened, UpdateMissed
from warroom.domain.core import (
    ENGINE,
    EVENTS,
    Command,
    Context,
    Deadline,
    Entry,
    Event,
    Refused,
    Stale,
    happens,
)
from warroom.domain.escalation import (
    Acknowledge,
    Acknowledged,
    Escalate,
    LevelPaged,
    Phase,
    SnoozeEscalation,
    Wake,
    Why,
)
from warroom.domain.incident import Amend, Declare, Declared, SetSeverity, SetStatus, Status
from warroom.domain.record import AddNote, Noted, NoteKind
from warroom.domain.roles import LEAD, AcceptRole, AssignRole, EndOffer, LeaveRole, OfferRole
from warroom.domain.room import (
    STEPS_AT_ONCE,
    Tick,
    describe,
    due,
    evolve,
    fold,
    forecast,
    foresee,
)
from warroom.domain.short_kinds import short_kind
from warroom.domain.watch import Post, Watch
from warroom.valueclass import dataclass

# Every command in every state ----------------------------------------------------------------------------------------


def live() -> Play:
    """Level 1 was paged a minute ago; eva leads and has offered the lead to bo."""
    play = declared("SEV1")
    play.do(AssignRole(LEAD, "eva"))
    play.do(OfferRole(LEAD, "bo"), "eva")
    play.now = T0 + minutes(1)
    return play


def acknowledged() -> Play:
    play = live()
    play.do(Acknowledge(), "ada")
    return play


def snoozed() -> Play:
    play = live()
    play.do(SnoozeEscalation(T0 + minutes(30), "rolling back"))
    return play


def exhausted() -> Play:
    play = live()
    play.until(minutes(8))
    play.do(OfferRole(LEAD, "bo"), "eva")
    for _ in range(5):
        play.do(Escalate("nobody answers"))
    while play.there.escalation.phase is not Phase.EXHAUSTED:
        play.until(play.now + minutes(1))
        play.do(OfferRole(LEAD, "bo"), "eva")
    return play


def waiting() -> Play:
    play = declared("SEV3", at=T0 + timedelta(days=3))
    play.do(AssignRole(LEAD, "eva"))
    play.do(OfferRole(LEAD, "bo"), "eva")
    return play


def without_policy() -> Play:
    play = declared("SEV4")
    play.do(AssignRole(LEAD, "eva"))
    play.do(OfferRole(LEAD, "bo"), "eva")
    return play


def resolved() -> Play:
    play = live()
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    play.do(OfferRole(LEAD, "bo"), "eva")
    return play


def closed() -> Play:
    play = resolved()
    play.do(SetStatus(Status.CLOSED, "reviewed"))
    return play


def watched() -> Play:
    play = Play()
    play.do(Watch("acme", "a1", "API errors", (Post("p1", T0, "investigating", "looking"),), key="INC-1"), "import")
    play.do(AssignRole(LEAD, "eva"))
    play.do(OfferRole(LEAD, "bo"), "eva")
    return play


STATES: dict[str, Callable[[], Play]] = {
    state.__name__: state
    for state in (live, acknowledged, snoozed, exhausted, waiting, without_policy, resolved, closed, watched)
}

OK = ""
NO_LADDER = "no escalation runs"
COMMANDS: list[tuple[str, str, Callable[[Play], Command], dict[str, str]]] = [
    # what, who, the command, and by state what a refusal says; states that are not named take it
    (
        "acknowledge",
        "ada",
        lambda play: Acknowledge(),
        {"acknowledged": "already acknowledged by ada"}
        | dict.fromkeys(("without_policy", "resolved", "closed", "watched"), NO_LADDER),
    ),
    (
        "escalate",
        "ada",
        lambda play: Escalate("now"),
        {"exhausted": "no level after this one"}
        | dict.fromkeys(("without_policy", "resolved", "closed", "watched"), NO_LADDER),
    ),
    ("page a person", "ada", lambda play: Escalate("now", "dag"), {}),
    ("page nobody known", "ada", lambda play: Escalate("now", "nn"), dict.fromkeys(STATES, "nn cannot be paged")),
    (
        "snooze",
        "ada",
        lambda play: SnoozeEscalation(play.now + minutes(5), "why"),
        dict.fromkeys(("exhausted", "without_policy", "resolved", "closed", "watched"), "no timer"),
    ),
    ("wake", "ada", lambda play: Wake(), dict.fromkeys(set(STATES) - {"snoozed"}, "not snoozed")),
    (
        "resolve",
        "ada",
        lambda play: SetStatus(Status.RESOLVED, "why"),
        {"resolved": "resolved already", "closed": "reopen it"},
    ),
    (
        "close",
        "ada",
        lambda play: SetStatus(Status.CLOSED, "why"),
        {"closed": "closed already"} | dict.fromkeys(set(STATES) - {"resolved", "closed"}, "resolve it before"),
    ),
    (
        "investigate",
        "ada",
        lambda play: SetStatus(Status.INVESTIGATING, "why"),
        {"watched": "investigating already"},
    ),
    (
        "re-assess",
        "ada",
        lambda play: SetSeverity("SEV2", "why"),
        {},
    ),
    ("declare", "ada", lambda play: Declare("again", "SEV1"), dict.fromkeys(STATES, "exists already")),
    (
        "watch",
        "ada",
        lambda play: Watch("acme", "a1", "API errors", (Post("p2", play.now, "", "still looking"),)),
        dict.fromkeys(set(STATES) - {"watched"}, "is not a1 of acme"),
    ),
    ("amend", "ada", lambda play: Amend(title="Cards fail"), {}),
    ("assign", "ada", lambda play: AssignRole(LEAD, "cy", "why"), {"closed": "reopen it before"}),
    (
        "assign without a reason",
        "ada",
        lambda play: AssignRole(LEAD, "cy"),
        dict.fromkeys(STATES, "give a reason") | {"closed": "reopen it before"},
    ),
    ("offer", "eva", lambda play: OfferRole(LEAD, "cy"), {"closed": "is closed"}),
    ("accept", "bo", lambda play: AcceptRole(LEAD), {"closed": "not on offer"}),
    (
        "accept for another",
        "cy",
        lambda play: AcceptRole(LEAD),
        {"closed": "not on offer"} | dict.fromkeys(set(STATES) - {"closed"}, "was offered to bo"),
    ),
    ("end the offer", "eva", lambda play: EndOffer(LEAD), {"closed": "not on offer"}),
    ("leave", "eva", lambda play: LeaveRole(LEAD), {}),
    ("leave what is vacant", "eva", lambda play: LeaveRole(SCRIBE), dict.fromkeys(STATES, "vacant already")),
    ("post", "bo", lambda play: PostUpdate("internal", "we look"), {"closed": "reopen it before"}),
    (
        "promise",
        "bo",
        lambda play: PostUpdate("internal", "we look", next_at=play.now + minutes(5)),
        {"closed": "reopen it before"},
    ),
    ("note", "cy", lambda play: AddNote("hm"), {}),
]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("what", "who", "make", "refusals"), COMMANDS, ids=[row[0] for row in COMMANDS])
def test_every_command_in_every_state(
    state: str, what: str, who: str, make: Callable[[Play], Command], refusals: dict[str, str]
) -> None:
    play = STATES[state]()
    room, count = play.room, len(play.entries)
    command = make(play)
    says = refusals.get(state, OK)
    if not says:
        assert play.do(command, who), f"{what} led to nothing"
        assert all(entry.actor == who and entry.due is None for entry in play.entries[count:])
        return
    with pytest.raises(Refused) as refused:
        play.do(command, who)
    assert says in str(refused.value)
    assert (play.room, len(play.entries)) == (room, count)


STALE: list[tuple[Command, str]] = [
    (Acknowledge(seen=7), "level 1 was paged"),
    (Escalate(seen=7), "level 1 was paged"),
    (SetStatus(Status.RESOLVED, "why", seen=Status.MITIGATING), "is new since"),
    (SetSeverity("SEV2", "why", seen="SEV3"), "is SEV1 since"),
    (AssignRole(LEAD, "cy", "why", seen="dag"), "is held by eva"),
    (PostUpdate("internal", "x", seen=4), "somebody posted"),
    (AcceptRole(COMMS), "not on offer"),
    (EndOffer(COMMS), "not on offer"),
]


@pytest.mark.parametrize(("command", "says"), STALE)
def test_what_rests_on_an_old_view_is_stale(command: Command, says: str) -> None:
    assert says in live().refusal(command, "bo", kind=Stale)


@pytest.mark.parametrize(
    "command",
    [
        Acknowledge(seen=1),
        Escalate(seen=1),
        SetStatus(Status.RESOLVED, "why", seen=Status.NEW),
        SetSeverity("SEV2", "why", seen="SEV1"),
        AssignRole(LEAD, "cy", "why", seen="eva"),
        PostUpdate("internal", "x", seen=0),
    ],
)
def test_what_rests_on_the_present_view_is_done(command: Command) -> None:
    assert live().do(command)


@pytest.mark.parametrize(
    "command",
    [
        Tick(),
        Acknowledge(),
        Escalate("x"),
        Escalate("x", "dag"),
        SnoozeEscalation(T0 + minutes(1), "x"),
        Wake(),
        SetStatus(Status.CLOSED, "x"),
        SetSeverity("SEV1", "x"),
        Amend(title="x"),
        AssignRole(LEAD, "eva"),
        OfferRole(LEAD, "eva"),
        AcceptRole(LEAD),
        EndOffer(LEAD),
        LeaveRole(LEAD),
        PostUpdate("internal", "x"),
        AddNote("x"),
    ],
)
def test_without_an_incident_there_is_nothing_to_do(command: Command) -> None:
    assert "no such incident" in Play().refusal(command)


@dataclass(frozen=True, slots=True)
class Shout(Command):
    """A command that nobody knows."""


def test_an_unknown_command_is_refused() -> None:
    assert "Shout is not something that can be asked for" in live().refusal(Shout())


# Fold and evolve -----------------------------------------------------------------------------------------------------


def entry(event: Event, at: datetime = T0) -> Entry:
    return Entry(at, "mina", event)


def test_a_record_begins_with_an_incident_and_only_once() -> None:
    begin = entry(Declared("INC-1", "x", "SEV1", "rev-1"))
    room = evolve(None, begin)
    assert (room.version, room.incident.key) == (1, "INC-1")
    with pytest.raises(ValueError, match="does not begin with an incident, but with noted"):
        evolve(None, entry(Noted("x")))
    with pytest.raises(ValueError, match="INC-1 began twice"):
        evolve(room, begin)
    assert fold(()) is None
    assert fold((), room) is room


def test_a_note_changes_nothing_but_the_version() -> None:
    play = live()
    after = evolve(play.there, entry(Noted("x"), play.now))
    assert after == replace(play.there, version=play.there.version + 1)


def test_one_kind_of_event_has_one_class() -> None:
    with pytest.raises(ValueError, match="two classes of events are called 'noted'"):
        happens("noted")(Acknowledged)
    assert EVENTS["noted"] is Noted
    assert Acknowledged.kind == "acknowledged"


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=1))])
def test_now_is_utc(zone: timezone | None) -> None:
    with pytest.raises(ValueError, match="aware UTC"):
        Context(T0.replace(tzinfo=zone), "mina", BOOK)


@pytest.mark.parametrize(
    ("given", "is_"),
    [("", "somebody"), (" \x00", "somebody"), ("\x1b[1mbo\n", "bo"), ("x" * 99, "x" * 63 + "…")],
)
def test_actors_are_harmless(given: str, is_: str) -> None:
    assert Context(T0, given, BOOK).actor == is_


# Due and tick --------------------------------------------------------------------------------------------------------


def test_the_earliest_deadline_comes_first() -> None:
    play = live()
    assert due(play.there) == (
        Deadline(T0 + minutes(5), "escalation:ack"),
        Deadline(T0 + minutes(8), f"role:{COMMS}"),
        Deadline(T0 + minutes(10), f"offer:{LEAD}"),
        Deadline(T0 + minutes(10), "update:internal"),
        Deadline(T0 + minutes(15), "update:public"),
        Deadline(T0 + minutes(21), "escalation:resolve"),
    )


def test_a_tick_takes_all_that_is_overdue_and_says_how_late() -> None:
    play = live()
    play.now = T0 + minutes(9) + seconds(30)
    play.tick()
    steps = [e for e in play.entries if e.due is not None]
    assert [(e.actor, e.event.kind, e.due - T0 if e.due else None, e.late) for e in steps] == [
        (ENGINE, "level_paged", minutes(5), minutes(4) + seconds(30)),
        (ENGINE, "role_missed", minutes(8), minutes(1) + seconds(30)),
    ]
    assert play.tick() == ()
    assert {e.late for e in play.entries if e.actor == "mina"} == {None}


def many_channels(count: int) -> Play:
    """An incident with so many channels that one tick cannot take them all."""
    names = [f"channel-{number:03}" for number in range(count)]
    spec = replace(BOOK.severities["SEV4"], cadence=tuple(Cadence(name, minutes(5), minutes(50)) for name in names))
    book = replace(
        BOOK,
        severities={"SEV4": spec},
        channels={name: ChannelSpec(name, name, Audience.INTERNAL) for name in names},
    )
    return declared("SEV4", book)


def test_one_tick_takes_no_more_steps_than_a_transaction_should_hold() -> None:
    play = many_channels(STEPS_AT_ONCE + 6)
    play.now = T0 + minutes(5)
    assert len(play.tick()) == STEPS_AT_ONCE
    assert len(play.tick()) == 6
    assert play.tick() == ()
    missed = [e.event.channel for e in play.entries if isinstance(e.event, UpdateMissed)]
    assert len(missed) == len(set(missed)) == STEPS_AT_ONCE + 6


# Forecast ------------------------------------------------------------------------------------------------------------


def test_the_forecast_says_who_will_be_paged_when() -> None:
    play = live()
    pages = [
        (e.at - T0, e.event.level, e.event.why)
        for e in forecast(play.there, BOOK, 100)
        if isinstance(e.event, LevelPaged)
    ]
    assert pages[:4] == [
        (minutes(5), 1, Why.ACK_TIMEOUT),
        (minutes(10), 2, Why.ACK_TIMEOUT),
        (minutes(16), 3, Why.ACK_TIMEOUT),
        (minutes(23), 1, Why.ACK_TIMEOUT),
    ]


def test_the_forecast_changes_nothing_and_ends() -> None:
    play = live()
    room = play.room
    everything = list(foresee(play.there, BOOK))
    assert everything[-1].at == T0 + minutes(46)
    assert [e.at for e in everything] == sorted(e.at for e in everything)
    assert forecast(play.there, BOOK, 3) == tuple(everything[:3])
    assert forecast(play.there, BOOK, 0) == ()
    assert play.room == room
    assert forecast(closed().there, BOOK) == ()


def test_the_forecast_reaches_beyond_the_longest_snooze() -> None:
    play = live()
    play.do(SnoozeEscalation(play.now + timedelta(days=366), "see you next year"))
    play.do(PostUpdate("public", "more in a year", next_at=play.now + timedelta(days=366)))
    last = list(foresee(play.there, BOOK))[-1]
    assert last.at > T0 + timedelta(days=366)


# Words ---------------------------------------------------------------------------------------------------------------


def test_every_event_of_a_long_story_has_words_and_a_short_kind() -> None:
    play = exhausted()
    play.do(SetStatus(Status.RESOLVED, "why"))
    play.do(SetStatus(Status.INVESTIGATING, "again"))
    play.do(SnoozeEscalation(play.now + minutes(5), "why"))
    play.do(Wake())
    play.do(SetSeverity("SEV2", "milder"))
    play.do(SetSeverity("SEV4", "nothing"))
    play.do(LeaveRole(LEAD, "home"), "eva")
    play.do(PostUpdate("internal", "we look"))
    play.do(AddNote("it is dns", NoteKind.THEORY))
    seen = {e.event.kind for e in play.entries}
    assert len(seen) >= 20
    for item in play.entries:
        assert describe(item.event).strip(), item.event
        assert short_kind(item.event).strip()
        assert "\n" not in short_kind(item.event)
    assert short_kind(play.entries[-1].event) == "theory"


def test_a_stream_says_when_its_first_word_is_due() -> None:
    assert describe(StreamOpened("internal", Audience.INTERNAL, T0, None)) == "internal, first update due 10:00 UTC"
