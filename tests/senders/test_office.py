"""The office finds the way that the rules name, fills in addresses and secrets, and says what this process lacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.senders.letters import PAGE, alert
from tests.senders.servers import Answer, HttpReceiver, http_receiver
from warroom.domain.routes import Delivery, Integration, Route, System, lane_words
from warroom.senders import office as module
from warroom.senders import webhook
from warroom.senders.office import Office
from warroom.senders.secrets import Secrets
from warroom.store.outbox import Claimed, Fate

SECOND = timedelta(seconds=1)


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with http_receiver(Answer(200)) as made:
        yield made


def office(rules: Delivery, **environment: str) -> Office:
    return Office(rules, Secrets(environment=environment), real_seconds=lambda: 1_710_324_000.0)


def page(via: str, address: str, to: str = "ada") -> Claimed:
    return replace(PAGE, via=via, address=address, to=to, lane=via)


def test_a_webhook_goes_to_the_address_of_the_person_and_is_signed(receiver: HttpReceiver) -> None:
    here = office(Delivery(ways={"webhook": Route(("{address}",), SECOND, sign="env:SIGN")}), SIGN="the signing key")
    assert here.send(page("webhook", f"{receiver.url}/ada?x=1")) == Fate()
    got = receiver.got[0]
    assert got.path == "/ada?x=1"
    expected = webhook.signature("the signing key", 1_710_324_000, got.body)
    assert got.headers["X-Warroom-Signature"] == f"t=1710324000,v1={expected}"
    assert got.headers["Idempotency-Key"] == PAGE.id


def test_the_address_of_a_person_may_name_a_secret(receiver: HttpReceiver) -> None:
    here = office(Delivery(ways={"webhook": Route(("{address}",), SECOND)}), HOOK="s3cr3t path")
    assert here.send(page("webhook", f"{receiver.url}/${{env:HOOK}}")) == Fate()
    assert receiver.got[0].path == "/s3cr3t%20path"
    lacking = office(here.rules).send(page("webhook", f"{receiver.url}/${{env:HOOK}}"))
    assert lacking == Fate("HOOK is not set")


@pytest.mark.parametrize(
    ("via", "address", "path"),
    [
        ("sms", "+46 70-174 (06) 05", "/+46701740605"),
        ("mail", "ada@example.org", "/ada@example.org"),
        ("chat", "#incident major/../x?y=1&z", "/%23incident%20major%2F..%2Fx%3Fy%3D1%26z"),
    ],
)
def test_an_address_cannot_change_the_rest_of_the_url(
    receiver: HttpReceiver, via: str, address: str, path: str
) -> None:
    here = office(Delivery(ways={via: Route(("https://x/{address}",), SECOND)}))
    url = here.url(page(via, address), "https://host.example/{address}")
    from urllib.parse import unquote

    assert unquote(url.removeprefix("https://host.example")) == unquote(path)
    assert "?" not in url
    assert url.count("/") == 3


def test_a_secret_is_not_taken_for_a_place_where_the_address_goes() -> None:
    here = office(Delivery(), KEY="x{address}y")
    assert here.url(page("chat", "@ada"), "json://${env:KEY}@h/{address}") == "json://x%7Baddress%7Dy@h/%40ada"


def test_what_this_process_lacks_is_said_by_lane_and_looked_for_again() -> None:
    now = [100.0]
    environment = {"A_KEY": "abcdef"}
    rules = Delivery(
        ways={
            "sms": Route(("twilio://${env:A_KEY}:${env:B_KEY}@+467/{address}",)),
            "mail": Route(("mailto://h?to={address}",)),
            "push": Route(("x://${env:NONE}", "json://${env:A_KEY}@h")),
            "webhook": Route(("{address}",), sign="env:SIGN"),
        },
        rooms={"#leads": Route(("json://${env:LEADS}@h",))},
        channels={"public": Route(("json://${env:PUBLIC}@h",))},
        integrations={"pd": Integration("pd", System.PAGERDUTY, "env:PD")},
    )
    here = Office(rules, Secrets(environment=environment), monotonic=lambda: now[0])
    assert dict(here.closed()) == {
        "sms": "B_KEY is not set",
        "webhook": "SIGN is not set",
        "#leads": "LEADS is not set",
        "channel:public": "PUBLIC is not set",
        "integration:pd": "PD is not set",
    }
    environment["B_KEY"] = "ghijkl"
    assert "sms" in here.closed()
    now[0] += module.CHECK_S + 1
    assert "sms" not in here.closed()
    assert lane_words("channel:public") == "channel public"


def test_a_chat_room_has_its_own_address_or_that_of_its_way(receiver: HttpReceiver) -> None:
    rules = Delivery(
        ways={"chat": Route((f"json://127.0.0.1:{receiver.port}/chat/{{address}}",), SECOND)},
        rooms={"#leads": Route((f"json://127.0.0.1:{receiver.port}/leads",), SECOND)},
    )
    here = office(rules)
    # The first was written before the room had an address of its own.
    assert here.send(page("chat", "#leads", to="#leads")) == Fate()
    assert here.send(replace(page("chat", "#leads", to="#leads"), lane="#leads")) == Fate()
    assert here.send(page("chat", "#all", to="#all")) == Fate()
    assert [got.path for got in receiver.got] == ["/leads", "/leads", "/chat/%23all"]


def test_an_integration_is_told_in_its_own_words(receiver: HttpReceiver) -> None:
    pd = Integration("pd", System.PAGERDUTY, "env:PD", receiver.url, timeout=SECOND)
    here = office(Delivery(integrations={"pd": pd}), PD="0123456789abcdef")
    assert here.send(alert("acknowledge")) == Fate()
    assert receiver.got[0].json["routing_key"] == "0123456789abcdef"
    assert office(here.rules).send(alert("acknowledge")) == Fate("PD is not set")


def test_the_next_address_is_tried_and_each_try_begins_with_another(receiver: HttpReceiver) -> None:
    with http_receiver(Answer(500)) as broken:
        route = Route((f"json://127.0.0.1:{broken.port}", f"json://127.0.0.1:{receiver.port}"), SECOND)
        here = office(Delivery(ways={"chat": route}))
        assert here.send(page("chat", "@ada")) == Fate()
        assert (len(broken.got), len(receiver.got)) == (1, 1)
        assert here.send(replace(page("chat", "@ada"), tries=2)) == Fate()
        assert (len(broken.got), len(receiver.got)) == (1, 2)


def test_all_addresses_that_refuse_are_final_and_one_that_may_work_is_not() -> None:
    with http_receiver(Answer(400)) as refuses, http_receiver(Answer(429, {"Retry-After": "9"})) as busy:
        one, other = f"json://127.0.0.1:{refuses.port}", f"json://127.0.0.1:{busy.port}"
        here = office(Delivery(ways={"chat": Route((one, one + "/again"), SECOND)}))
        assert here.send(page("chat", "@ada")) == Fate("JSON answered 400", final=True)
        here = office(Delivery(ways={"chat": Route((one, other), SECOND)}))
        assert here.send(page("chat", "@ada")) == Fate("JSON answered 400; JSON answered 429")
        here = office(Delivery(ways={"chat": Route((other,), SECOND)}))
        assert here.send(page("chat", "@ada")).wait == timedelta(seconds=9)


def test_no_further_address_is_tried_when_its_time_does_not_fit_in(receiver: HttpReceiver) -> None:
    now = [0.0]

    def slowly() -> float:
        now[0] += 8
        return now[0]

    with http_receiver(Answer(500)) as broken:
        route = Route((f"json://127.0.0.1:{broken.port}", f"json://127.0.0.1:{receiver.port}"), timedelta(seconds=8))
        here = Office(Delivery(ways={"chat": route}), Secrets(environment={}), monotonic=slowly)
        assert here.send(page("chat", "@ada")).error == "JSON answered 500"
    assert receiver.got == []


def test_a_lane_without_an_address_is_final_and_named() -> None:
    assert office(Delivery()).send(page("sms", "+46")) == Fate("the rules in force name no address for sms", final=True)


def test_a_chat_service_is_known_by_its_web_address_and_others_get_a_webhook(receiver: HttpReceiver) -> None:
    here = office(Delivery(ways={"chat": Route((f"{receiver.url}/hook",), SECOND)}))
    assert here.send(page("chat", "@ada")) == Fate()
    assert json.loads(receiver.got[0].body)["id"] == PAGE.id
    from warroom.senders import apprised

    assert apprised.known("https://hooks.slack.com/services/T00000000/B00000000/" + "a" * 24)
    assert not apprised.known(f"{receiver.url}/hook")
