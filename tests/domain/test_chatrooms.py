"""Which chat room a message belongs to, and what is said in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.books import BOOK, T0, targets
from tests.support.play import Play
from warroom.domain.book import Rulebook
from warroom.domain.chatrooms import RoomEntered, Word, room_for, room_now
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Context, Entry
from warroom.domain.incident import Declare, SetSeverity, SetStatus, Status
from warroom.domain.messages import Outgoing, outgoing
from warroom.domain.reach import reach
from warroom.domain.room import describe
from warroom.domain.routes import Delivery, Route
from warroom.rulebook.load import seed_rulebook

SEED = seed_rulebook().book
ROUTE = Route(("slack://x/{address}",))
HEARD = replace(SEED, delivery=Delivery(ways={"chat": ROUTE}))


@pytest.mark.parametrize(
    ("stage", "severity", "room"),
    [
        ("new", "SEV1", "#incident-critical"),
        ("triaging", "SEV2", "#incident-critical"),
        ("new", "SEV3", "#incident-warroom"),
        ("investigating", "SEV1", "#incident-warroom"),
        ("mitigating", "SEV3", "#incident-warroom"),
        ("resolved", "SEV1", "#incident-retro"),
        ("closed", "SEV3", "#incident-retro"),
    ],
)
def test_the_stage_decides(stage: str, severity: str, room: str) -> None:
    assert room_for(stage, Word.STAGE, SEED, severity) == room
    assert room_for(stage, Word.PAGE, SEED, severity) == room
    assert room_for(stage, Word.UPDATE, SEED, severity, "internal") == room
    assert room_for(stage, Word.UPDATE, SEED, severity, "leadership") == "#incident-leadership"
    assert room_for(stage, Word.UPDATE, SEED, severity, "public") == "#incident-comms"


def test_a_rulebook_without_rooms_has_none() -> None:
    assert room_for("new", Word.STAGE, BOOK, "SEV1") == ""
    play = Play()
    play.do(Declare("x", "SEV1", key="INC-1"))
    assert not [e for e in play.entries if isinstance(e.event, RoomEntered)]


def entered(play: Play) -> list[str]:
    return [entry.event.room for entry in play.entries if isinstance(entry.event, RoomEntered)]


def test_an_incident_goes_from_room_to_room_and_no_step_is_said_twice() -> None:
    play = Play(SEED)
    play.do(Declare("x", "SEV1", key="INC-1"))
    for status in (Status.TRIAGING, Status.INVESTIGATING, Status.MITIGATING, Status.RESOLVED, Status.CLOSED):
        play.do(SetStatus(status, "why"))
        assert room_now(play.there, SEED) == entered(play)[-1]
    play.do(SetStatus(Status.INVESTIGATING, "again"))
    assert entered(play) == ["#incident-critical", "#incident-warroom", "#incident-retro", "#incident-warroom"]


def test_another_severity_can_mean_another_room() -> None:
    play = Play(SEED)
    play.do(Declare("x", "SEV3", key="INC-1"))
    events = play.do(SetSeverity("SEV1", "worse"))
    (event,) = [event for event in events if isinstance(event, RoomEntered)]
    assert describe(event) == "now #incident-critical: new (before #incident-warroom)"


def sent(play: Play, book: Rulebook, entry: Entry) -> tuple[Outgoing, ...]:
    return outgoing(play.there, entry, book)


def test_the_room_is_told_where_it_has_an_address() -> None:
    play = Play(HEARD)
    play.do(Declare("x", "SEV1", key="INC-1"))
    (entry,) = [each for each in play.entries if isinstance(each.event, RoomEntered)]
    (message,) = sent(play, HEARD, entry)
    assert (message.kind, message.to, message.via) == ("notice", "#incident-critical", "chat")
    assert "worked on here from now on" in message.body and "INC-1 SEV1 · x · new" in message.body
    assert HEARD.delivery is not None and HEARD.delivery.at(message.destination) is ROUTE
    for deaf in (SEED, replace(SEED, delivery=Delivery())):
        assert sent(play, deaf, entry) == ()


def test_an_update_on_a_chat_channel_goes_to_the_room_of_the_stage() -> None:
    play = Play(HEARD)
    play.do(Declare("x", "SEV1", key="INC-1"))
    play.do(SetStatus(Status.INVESTIGATING))
    for channel, room, kind in (
        ("internal", "#incident-warroom", "update"),
        ("leadership", "#incident-leadership", "update"),
        ("public", "#incident-comms", "notice"),
    ):
        play.do(PostUpdate(channel, "We are looking into it."))
        (message,) = sent(play, HEARD, play.entries[-1])
        assert (message.to, message.kind, message.body) == (room, kind, "We are looking into it."), channel
    play.do(PostUpdate("support", "For the desk."))
    assert sent(play, HEARD, play.entries[-1]) == ()


def test_a_channel_with_an_address_of_its_own_keeps_it() -> None:
    book = replace(SEED, delivery=Delivery(ways={"chat": ROUTE}, channels={"internal": ROUTE, "public": ROUTE}))
    play = Play(book)
    play.do(Declare("x", "SEV1", key="INC-1"))
    play.do(PostUpdate("internal", "a"))
    assert [message.destination for message in sent(play, book, play.entries[-1])] == ["channel:internal"]
    play.do(PostUpdate("public", "b"))
    assert [message.to for message in sent(play, book, play.entries[-1])] == ["public", "#incident-comms"]


def test_a_level_can_page_the_room_of_the_stage() -> None:
    play = Play(SEED)
    play.do(Declare("x", "SEV1", key="INC-1"))
    found = reach(targets("room:stage"), ("sms",), play.there, Context(T0, "mina", SEED))
    assert [(page.to, page.via, page.target) for page in found.pages] == [
        ("#incident-critical", "chat", "channel:#incident-critical")
    ]
    bare = replace(SEED, rooms=())
    found = reach(targets("room:stage"), (), play.there, Context(T0, "mina", bare))
    assert found.pages == () and found.nobody == "no chat room for the stage new"
