"""The incident itself (R1 to R3): declaring, stages, severity, corrections, and the times that are kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.books import BOOK, T0, minutes
from tests.support.play import Play, declared
from warroom.domain.core import Refused, Stale
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import (
    OVER,
    Amend,
    Amended,
    Declare,
    Declared,
    SetSeverity,
    SetStatus,
    SeverityChanged,
    Status,
    StatusChanged,
    describe,
)
from warroom.domain.record import AddNote, Noted, NoteKind
from warroom.domain.roles import LEAD

LIVE = [status for status in Status if status not in OVER]


def at_status(status: Status) -> Play:
    """An incident that was brought to a stage the ordinary way, a minute after it was declared."""
    play = declared()
    play.now = T0 + minutes(1)
    if status is Status.CLOSED:
        play.do(SetStatus(Status.RESOLVED, "over"))
    if status is not Status.NEW:
        play.do(SetStatus(status, "so it is"))
    return play


# Declare -------------------------------------------------------------------------------------------------------------


def test_declaring_pages_asks_for_roles_and_starts_the_clocks_at_once() -> None:
    play = Play()
    events = play.do(Declare("Checkout is down", "sev1", "checkout", "all cards fail", key="INC-7"))
    assert [event.kind for event in events] == [
        "declared",
        "escalation_planned",
        "level_paged",
        "role_required",
        "role_required",
        "stream_opened",
        "stream_opened",
    ]
    incident = play.there.incident
    assert (incident.key, incident.severity, incident.status) == ("INC-7", "SEV1", Status.NEW)
    assert (incident.service, incident.summary) == ("checkout", "all cards fail")
    assert (incident.declared_at, incident.declared_by, incident.status_since) == (T0, "mina", T0)
    assert (incident.revision, incident.live, incident.watched) == ("rev-1", True, False)
    assert (incident.started_at, incident.acknowledged_at, incident.resolved_at) == (None, None, None)
    assert {entry.actor for entry in play.entries} == {"mina"}


def test_what_is_typed_is_cleaned() -> None:
    play = Play()
    play.do(
        Declare(
            " \x1b]0;pwn\x07Checkout \x1b[31mis\x1b[0m down\n\n",
            "SEV2",
            labels={"team\n": "pay\u202ements", "x" * 100: "y" * 300},
            key="INC-1",
        ),
        actor="mi\x1b[1mna\n",
    )
    incident = play.there.incident
    assert incident.title == "Checkout is down"
    assert incident.declared_by == "mina"
    assert incident.labels["team"] == "payments"
    assert {len(k) for k in incident.labels} == {4, 64}
    assert max(len(v) for v in incident.labels.values()) == 200


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (Declare("", "SEV1"), "needs a title"),
        (Declare("\x1b[31m", "SEV1"), "needs a title"),
        (Declare("x", "SEV9"), "there is no severity 'SEV9'; the severities are SEV1, SEV2, SEV3, SEV4"),
        (Declare("x", ""), "there is no severity"),
        (Declare("x", "SEV1", started_at=T0 + minutes(1)), "in the future"),
    ],
)
def test_declarations_that_are_refused(command: Declare, says: str) -> None:
    play = Play()
    assert says in play.refusal(command)
    assert play.room is None


def test_an_incident_is_declared_once() -> None:
    assert "INC-1 exists already" in declared().refusal(Declare("again", "SEV1"))


def test_the_impact_can_have_started_long_ago_or_just_now() -> None:
    for ago in (timedelta(0), timedelta(days=30)):
        play = Play()
        play.do(Declare("x", "SEV4", started_at=T0 - ago))
        assert play.there.incident.started_at == T0 - ago


# Stages --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("to", list(Status))
def test_every_move_from_every_stage(before: Status, to: Status) -> None:
    play = at_status(before)
    command = SetStatus(to, "because")
    if to is before:
        assert f"INC-1 is {to} already" in play.refusal(command)
    elif to is Status.CLOSED and before is not Status.RESOLVED:
        assert "resolve it before you close it" in play.refusal(command)
    elif before is Status.CLOSED and to is Status.RESOLVED:
        assert "reopen it" in play.refusal(command)
    elif before in OVER and to is Status.NEW:
        assert "not new" in play.refusal(command)
    else:
        assert play.do(command)[0] == StatusChanged(before, to, "because")
        assert play.there.incident.status is to
        assert play.there.incident.status_since == play.now
        assert play.there.incident.live is (to not in OVER)


@pytest.mark.parametrize(
    ("before", "to"),
    [
        (Status.NEW, Status.RESOLVED),
        (Status.RESOLVED, Status.CLOSED),
        (Status.RESOLVED, Status.MITIGATING),
        (Status.CLOSED, Status.INVESTIGATING),
    ],
)
def test_to_end_or_reopen_takes_a_reason(before: Status, to: Status) -> None:
    play = at_status(before)
    assert "say why" in play.refusal(SetStatus(to))
    assert "say why" in play.refusal(SetStatus(to, " \n "))
    play.do(SetStatus(to, "because"))


def test_moving_on_takes_no_reason_and_touches_no_timer() -> None:
    play = declared()
    deadlines = play.deadlines()
    for to in (Status.TRIAGING, Status.INVESTIGATING, Status.MITIGATING, Status.INVESTIGATING):
        before = play.there.incident.status
        assert play.do(SetStatus(to)) == (StatusChanged(before, to),)
        assert play.deadlines() == deadlines


def test_a_stage_that_has_changed_since_is_stale() -> None:
    play = at_status(Status.TRIAGING)
    message = play.refusal(SetStatus(Status.RESOLVED, "done", seen=Status.NEW), kind=Stale)
    assert message == "INC-1 is triaging since you looked"
    play.do(SetStatus(Status.RESOLVED, "done", seen=Status.TRIAGING))


def test_the_times_are_kept_apart() -> None:
    play = declared()
    for minute, command in (
        (1, Acknowledge()),
        (2, SetStatus(Status.MITIGATING)),
        (3, SetStatus(Status.INVESTIGATING)),
        (4, SetStatus(Status.MITIGATING)),
        (5, SetStatus(Status.RESOLVED, "done")),
        (6, SetStatus(Status.CLOSED, "reviewed")),
    ):
        play.now = T0 + minutes(minute)
        play.do(command)
    incident = play.there.incident
    assert (incident.acknowledged_at, incident.mitigated_at, incident.resolved_at, incident.closed_at) == tuple(
        T0 + minutes(m) for m in (1, 2, 5, 6)
    )
    play.now = T0 + minutes(7)
    play.do(SetStatus(Status.INVESTIGATING, "back again"))
    incident = play.there.incident
    assert (incident.resolved_at, incident.closed_at) == (None, None)
    # The first time that it was seen and mitigated stays what it was.
    assert (incident.acknowledged_at, incident.mitigated_at) == (T0 + minutes(1), T0 + minutes(2))


def test_resolving_stops_all_timers_but_the_last_word_and_closing_stops_that() -> None:
    play = at_status(Status.RESOLVED)
    assert set(play.deadlines()) == {"update:internal", "update:public"}
    play.do(SetStatus(Status.CLOSED, "reviewed"))
    assert play.deadlines() == {}
    assert play.jump(timedelta(days=365)) == ()


@pytest.mark.parametrize("ended", OVER)
@pytest.mark.parametrize("to", [status for status in LIVE if status is not Status.NEW])
def test_reopening_begins_everything_anew(ended: Status, to: Status) -> None:
    play = at_status(ended)
    play.now = T0 + timedelta(hours=5)
    events = play.do(SetStatus(to, "it is back"))
    assert {"escalation_planned", "level_paged", "role_required", "stream_timed"} <= {e.kind for e in events}
    assert {name for name in play.deadlines() if name.startswith("escalation:")} == {
        "escalation:ack",
        "escalation:resolve",
    }
    assert f"role:{LEAD}" in play.deadlines()
    assert {s.ended_at for s in play.there.comms.streams.values()} == {None}


# Severity ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", list(Status))
def test_the_severity_can_be_changed_in_every_stage(status: Status) -> None:
    play = at_status(status)
    before = play.deadlines()
    events = play.do(SetSeverity(" sev2 ", "one region only"))
    assert events[0] == SeverityChanged("SEV1", "SEV2", "one region only")
    assert play.there.incident.severity == "SEV2"
    if status in OVER:
        assert events[1:] == ()
        assert play.deadlines() == before
    else:
        assert len(events) > 1


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (SetSeverity("SEV1", "why"), "INC-1 is SEV1 already"),
        (SetSeverity("sev1", "why"), "INC-1 is SEV1 already"),
        (SetSeverity("SEV2"), "say why"),
        (SetSeverity("SEV2", "\u200b"), "say why"),
        (SetSeverity("urgent", "why"), "there is no severity 'urgent'"),
    ],
)
def test_severities_that_are_refused(command: SetSeverity, says: str) -> None:
    assert says in declared().refusal(command)


def test_a_severity_that_has_changed_since_is_stale() -> None:
    play = declared()
    assert "INC-1 is SEV1 since you looked" in play.refusal(SetSeverity("SEV2", "why", seen="SEV3"), kind=Stale)
    play.do(SetSeverity("SEV2", "why", seen="SEV1"))


def test_an_incident_reopens_under_the_severity_that_it_was_given_meanwhile() -> None:
    play = at_status(Status.CLOSED)
    play.do(SetSeverity("SEV2", "it was less"))
    play.do(SetStatus(Status.INVESTIGATING, "back again"))
    assert play.there.escalation.policy == "standard"


def test_a_rulebook_that_lost_the_severity_says_so() -> None:
    play = declared()
    play.book = replace(BOOK, revision="rev-2", severities={"SEV2": BOOK.severities["SEV2"]})
    with pytest.raises(Refused, match=r"rulebook in force \(rev-2\) has no severity SEV1"):
        play.do(SetSeverity("SEV2", "why"))


# Corrections and notes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", list(Status))
def test_what_is_known_can_be_corrected_in_every_stage(status: Status) -> None:
    play = at_status(status)
    start = T0 - minutes(9)
    play.do(Amend("Cards fail", "payments", "all of them", start, reason="from the logs"))
    incident = play.there.incident
    assert (incident.title, incident.service, incident.summary, incident.started_at) == (
        "Cards fail",
        "payments",
        "all of them",
        start,
    )


def test_what_is_not_named_stays() -> None:
    play = declared()
    (event,) = play.do(Amend(service=""))
    assert event == Amended(service="")
    assert describe(event) == "service corrected"
    assert (play.there.incident.title, play.there.incident.service) == ("Checkout is down", "")


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (Amend(), "nothing to change"),
        (Amend(reason="just so"), "nothing to change"),
        (Amend(title=""), "needs a title"),
        (Amend(title="\x1b[0m"), "needs a title"),
        (Amend(started_at=T0 + minutes(1)), "in the future"),
    ],
)
def test_corrections_that_are_refused(command: Amend, says: str) -> None:
    assert says in declared().refusal(command)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("kind", [NoteKind.NOTE, NoteKind.OBSERVATION, NoteKind.DECISION])
def test_a_note_can_be_written_in_every_stage(status: Status, kind: NoteKind) -> None:
    play = at_status(status)
    deadlines = play.deadlines()
    assert play.do(AddNote("I saw\nit", kind)) == (Noted("I saw\nit", kind),)
    assert play.deadlines() == deadlines


@pytest.mark.parametrize("text", ["", "   ", "\x1b[31m\x1b[0m", "\n\n"])
def test_an_empty_note_is_refused(text: str) -> None:
    assert "nothing to note" in declared().refusal(AddNote(text))


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Declared("INC-1", "x", "SEV1", "r"), "SEV1 x"),
        (StatusChanged(Status.NEW, Status.RESOLVED, "done"), "new → resolved: done"),
        (StatusChanged(Status.NEW, Status.TRIAGING), "new → triaging"),
        (SeverityChanged("SEV1", "SEV2", "why"), "SEV1 → SEV2: why"),
        (
            Amended(title="x", started_at=T0, reason="logs"),
            "title, impact started (2024-03-13 10:00 UTC) corrected: logs",
        ),
        (Noted("hello"), ""),
    ],
)
def test_words(event: Declared, words: str) -> None:
    assert describe(event) == words
