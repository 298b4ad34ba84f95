"""What is done about pages that do not go out, and how other systems follow an incident."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.books import BOOK, minutes, targets
from tests.support.play import Play, declared
from warroom.domain.core import Event
from warroom.domain.delivery import Action, Alerted, PageFailed, ReportDelivery, SendFailed, describe
from warroom.domain.escalation import (
    Acknowledge,
    EscalationExhausted,
    LevelPaged,
    Phase,
    SnoozeEscalation,
    Why,
)
from warroom.domain.incident import Declare, SetSeverity, SetStatus, Status
from warroom.domain.policy import Policy
from warroom.domain.room import forecast
from warroom.domain.routes import Delivery, Integration, System


def lost(
    play: Play,
    to: str,
    via: str,
    *,
    tried: tuple[str, ...] = (),
    message: str = "",
    page: int = 0,
    others: bool = False,
) -> tuple[Event, ...]:
    """Report that a page of the current level did not go out."""
    return play.do(
        ReportDelivery(
            message or f"INC-1/{page}/{to}-{via}",
            "page",
            to,
            via,
            "the gateway is down",
            page=page or play.there.delivery.page,
            tried=(*tried, via),
            others=others,
        ),
        "engine",
    )


def simple(*levels: tuple[str, ...], then: tuple[str, ...] = ()) -> Play:
    """An incident whose policy pages these targets, each by their own first contact."""
    from tests.support.books import level

    made = tuple(level(f"L{n}", *each, ack=minutes(10)) for n, each in enumerate(levels, 1))
    policy = Policy("major", made, then=targets(*then))
    return declared(book=replace(BOOK, policies={**BOOK.policies, "major": policy}))


def test_the_next_contact_of_the_person_is_paged() -> None:
    play = simple(("person:ada",), ("person:bo",))
    (failed,) = lost(play, "ada", "sms")
    assert isinstance(failed, PageFailed)
    assert [(page.to, page.via) for page in failed.pages] == [("ada", "chat")]
    assert failed.nobody == ""
    assert play.there.escalation.level == 1
    assert set(play.there.delivery.hopeful) == {("ada", "chat")}


def test_a_contact_that_was_tried_is_not_tried_again() -> None:
    play = simple(("person:ada",), ("person:bo",))
    (failed,) = lost(play, "ada", "chat", tried=("sms",))
    assert isinstance(failed, PageFailed)
    assert [(page.to, page.via) for page in failed.pages] == [("ada", "mail")]


def test_when_the_last_contact_fails_the_ladder_moves_on_at_once() -> None:
    play = simple(("person:ada",), ("person:bo",))
    lost(play, "ada", "sms")
    lost(play, "ada", "chat", tried=("sms",))
    failed, paged = lost(play, "ada", "mail", tried=("sms", "chat"))
    assert isinstance(failed, PageFailed)
    assert failed.nobody == "nobody could be reached: ada by sms chat mail"
    assert isinstance(paged, LevelPaged)
    assert (paged.level, paged.why) == (2, Why.UNDELIVERED)
    assert play.there.delivery.hopeful == (("bo", "chat"),)
    assert play.there.delivery.lost == ()


def test_as_long_as_somebody_of_the_level_may_be_reached_it_waits_for_them() -> None:
    play = simple(("person:cy", "person:eva"), ("person:bo",))
    (failed,) = lost(play, "cy", "mail")
    assert isinstance(failed, PageFailed)
    assert failed.nobody == "cy could not be reached by any contact"
    assert play.there.escalation.level == 1
    _, paged = lost(play, "eva", "chat")
    assert isinstance(paged, LevelPaged)


def test_a_person_who_is_reached_otherwise_is_not_called_unreachable() -> None:
    play = simple(("person:cy", "person:eva"))
    (failed,) = lost(play, "cy", "mail", others=True)
    assert isinstance(failed, PageFailed)
    assert failed.nobody == ""


def test_a_chat_room_has_no_other_contact() -> None:
    play = simple(("channel:#leads",), ("person:bo",))
    failed, paged = lost(play, "#leads", "chat")
    assert isinstance(failed, PageFailed) and not failed.pages
    assert isinstance(paged, LevelPaged)


def test_when_no_level_is_left_the_policy_is_exhausted() -> None:
    play = simple(("person:eva",), then=("person:cy",))
    _, exhausted = lost(play, "eva", "chat")
    assert isinstance(exhausted, EscalationExhausted)
    assert exhausted.why is Why.UNDELIVERED
    (failed,) = lost(play, "cy", "mail", page=play.there.version)
    assert isinstance(failed, PageFailed)
    assert failed.nobody == "cy could not be reached by any contact"
    assert play.there.escalation.phase is Phase.EXHAUSTED


def test_whoever_acknowledged_is_on_it_and_nobody_else_is_woken() -> None:
    play = simple(("person:ada",), ("person:bo",))
    play.do(Acknowledge(), "ada")
    (failed,) = lost(play, "ada", "sms")
    assert isinstance(failed, PageFailed)
    assert failed.pages == ()
    assert play.there.escalation.level == 1


def test_a_snoozed_ladder_stays_where_it_is() -> None:
    play = simple(("person:eva",), ("person:bo",))
    play.do(SnoozeEscalation(play.now + minutes(30), "deploying"))
    (failed,) = lost(play, "eva", "chat")
    assert isinstance(failed, PageFailed)
    assert play.there.escalation.level == 1


def test_a_report_is_acted_upon_once() -> None:
    play = simple(("person:ada",), ("person:bo",))
    assert lost(play, "ada", "sms", message="INC-1/3/1")
    assert lost(play, "ada", "sms", message="INC-1/3/1") == ()


def test_a_page_of_a_level_before_this_one_still_takes_another_way_and_moves_nothing() -> None:
    play = simple(("person:ada",), ("person:bo",))
    first = play.there.delivery.page
    play.until(minutes(10))
    assert play.there.escalation.level == 2
    (failed,) = lost(play, "ada", "sms", page=first)
    assert isinstance(failed, PageFailed)
    assert [(page.to, page.via) for page in failed.pages] == [("ada", "chat")]
    assert play.there.delivery.hopeful == (("bo", "chat"),)
    (failed,) = lost(play, "ada", "mail", tried=("sms", "chat"), page=first, message="another")
    assert play.there.escalation.level == 2


def test_when_it_is_over_nobody_is_paged_any_more() -> None:
    play = simple(("person:ada",), ("person:bo",))
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    assert lost(play, "ada", "sms") == ()


@pytest.mark.parametrize("kind", ["update", "alert", "notice"])
def test_what_is_no_page_is_shown_and_nothing_more(kind: str) -> None:
    play = simple(("person:ada",), ("person:bo",))
    report = ReportDelivery("INC-1/9/1", kind, "public", "public", "answered 400")
    (failed,) = play.do(report, "engine")
    assert isinstance(failed, SendFailed)
    assert play.do(report, "engine") == ()
    assert "answered 400" in describe(failed)
    assert play.there.escalation.level == 1


def test_the_words_of_the_record() -> None:
    play = simple(("person:ada",), ("person:bo",))
    (failed,) = lost(play, "ada", "sms")
    assert describe(failed) == "page to ada by sms did not go out: the gateway is down; paged ada by chat instead"


# Other systems -------------------------------------------------------------------------------------------------------


def following(*integrations: Integration) -> Play:
    rules = Delivery(integrations={each.name: each for each in integrations})
    return Play(replace(BOOK, delivery=rules))


PD = Integration("pd", System.PAGERDUTY, "env:PD", severities=("SEV1",))
ALL = Integration("all", System.OPSGENIE, "env:OG")


def told(events: tuple[Event, ...]) -> list[tuple[str, Action]]:
    return [(each.integration, each.action) for each in events if isinstance(each, Alerted)]


def test_an_alert_follows_its_incident() -> None:
    play = following(PD, ALL)
    began = play.do(Declare("Checkout is down", "SEV1", key="INC-1"))
    assert told(began) == [("pd", Action.TRIGGER), ("all", Action.TRIGGER)]
    assert isinstance(began[-1], Alerted)
    assert told(play.until(minutes(6))) == []  # the level is paged again: nothing new to tell
    assert told(play.do(Acknowledge(), "ada")) == [("pd", Action.ACKNOWLEDGE), ("all", Action.ACKNOWLEDGE)]
    assert told(play.do(SetStatus(Status.RESOLVED, "rolled back"))) == [("pd", Action.RESOLVE), ("all", Action.RESOLVE)]
    assert told(play.do(SetStatus(Status.CLOSED, "reviewed"))) == []
    assert play.there.delivery.alerts == ()
    assert told(play.do(SetStatus(Status.INVESTIGATING, "it is back"))) == [
        ("pd", Action.TRIGGER),
        ("all", Action.TRIGGER),
    ]


def test_a_system_is_told_of_the_incidents_that_it_wants_and_then_to_the_end() -> None:
    play = following(PD)
    assert told(play.do(Declare("Checkout is slow", "SEV2", key="INC-1"))) == []
    assert told(play.do(SetSeverity("SEV1", "all customers"))) == [("pd", Action.TRIGGER)]
    assert told(play.do(SetSeverity("SEV2", "only some"))) == []
    assert told(play.do(SetStatus(Status.RESOLVED, "rolled back"))) == [("pd", Action.RESOLVE)]


def test_an_incident_that_waits_for_its_hours_is_not_told_of_before() -> None:
    play = following(ALL)
    play.now = play.now + minutes(60 * 12)  # at night
    assert told(play.do(Declare("A disk is nearly full", "SEV3", key="INC-1"))) == []
    assert told(play.until(play.now + minutes(60 * 12))) == [("all", Action.TRIGGER)]


def test_the_forecast_knows_of_it_and_ends() -> None:
    play = following(ALL)
    play.do(Declare("Checkout is down", "SEV1", key="INC-1"))
    assert [entry for entry in forecast(play.there, play.book, 500) if isinstance(entry.event, Alerted)] == []


def test_without_the_section_nothing_is_told() -> None:
    assert told(declared().do(Acknowledge(), "ada")) == []
