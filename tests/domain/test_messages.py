"""What goes out because something happened: to whom, by which lane, under which key."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.support.books import BOOK, minutes
from tests.support.play import Play
from warroom.domain.comms import PostUpdate
from warroom.domain.delivery import ReportDelivery
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Declare
from warroom.domain.messages import Outgoing, dedup_key, outgoing, pages_for
from warroom.domain.roles import OfferRole
from warroom.domain.room import fold
from warroom.domain.routes import Delivery, Integration, Route, System

RULES = Delivery(
    rooms={"#leads": Route(("x://y",))},
    channels={"internal": Route(("x://y",))},
    integrations={"pd": Integration("pd", System.PAGERDUTY, "env:PD")},
)


def sent(play: Play) -> list[Outgoing]:
    """Every message of an incident, in order."""
    out: list[Outgoing] = []
    for count, entry in enumerate(play.entries, 1):
        room = fold(play.entries[:count])
        assert room is not None
        out += outgoing(room, entry, play.book)
    return out


def begun(delivery: Delivery | None = RULES) -> Play:
    play = Play(replace(BOOK, delivery=delivery))
    play.do(Declare("Checkout is down", "SEV1", "checkout", key="INC-1"))
    return play


def test_a_page_takes_the_lane_of_its_way_and_a_room_its_own() -> None:
    play = begun()
    play.until(minutes(60))
    lanes = {(m.to, m.via): m.destination for m in sent(play) if m.kind == "page"}
    assert lanes["ada", "sms"] == "sms"
    assert lanes["ada", "chat"] == "chat"
    assert lanes["#leads", "chat"] == "#leads"
    assert lanes["#everyone", "chat"] == "chat"


def test_what_is_sent_in_place_of_a_page_counts_with_it() -> None:
    play = begun()
    page = play.there.delivery.page
    play.do(ReportDelivery("INC-1/3/1", "page", "ada", "sms", "down", page=page, tried=("sms", "chat")), "engine")
    first, second, *_, last = [m for m in sent(play) if m.kind == "page"]
    assert (last.to, last.via, last.address) == ("ada", "mail", "a@x.example")
    assert first.dedup == second.dedup == last.dedup == f"INC-1/{page}"
    assert "did not go out" in last.body


def test_an_update_goes_out_where_there_is_an_address_for_it() -> None:
    play = begun()
    play.do(PostUpdate("internal", "We look at it."))
    play.do(PostUpdate("public", "We look at it."))
    assert [(m.to, m.destination) for m in sent(play) if m.kind == "update"] == [("internal", "channel:internal")]
    play = begun(None)
    play.do(PostUpdate("public", "We look at it."))
    assert [m.to for m in sent(play) if m.kind == "update"] == ["public"]


def test_a_word_to_another_system_holds_the_facts_and_one_key() -> None:
    play = begun()
    play.do(Acknowledge(), "ada")
    trigger, acknowledge = [m for m in sent(play) if m.kind == "alert"]
    assert (trigger.to, trigger.via, trigger.action, trigger.destination) == (
        "pd",
        "pagerduty",
        "trigger",
        "integration:pd",
    )
    assert acknowledge.action == "acknowledge"
    assert trigger.dedup == acknowledge.dedup == "warroom:INC-1"
    facts = json.loads(acknowledge.body)
    assert (facts["by"], facts["severity"], facts["rank"], facts["service"]) == ("ada", "SEV1", 1, "checkout")


def test_two_rooms_with_the_same_incident_are_two_alerts() -> None:
    assert dedup_key("Main room / Köln", "INC-1") == "Main-room-K-ln:INC-1"
    assert dedup_key("전", "INC-1") == "warroom:INC-1"
    assert dedup_key("a", "INC-1") != dedup_key("b", "INC-1")


def test_whose_bell_rings() -> None:
    play = begun()
    play.do(OfferRole("incident-manager", "eva", "yours?"), "mina")
    play.until(minutes(30))
    rings = {who: [entry.event.kind for entry in pages_for(who, play.entries)] for who in ("ada", "eva", "mina", "")}
    assert rings["ada"][:1] == ["level_paged"]
    assert "role_offered" in rings["eva"]
    assert rings["mina"] == []
    assert rings[""] == []
