"""Services and teams in both of their forms, and what is wrong with them."""

from __future__ import annotations

import json

import pytest

from tests.rulebook.small import SMALL, changed, problems_of
from warroom.domain.catalogue import ServiceSpec, TeamSpec
from warroom.rulebook.convert import from_json
from warroom.rulebook.load import read_rulebook
from warroom.rulebook.schema import json_schema

LONG = """\
services:
  payments:
    title: payments API
    owner: all
    oncall: first
    policy: urgent
    tier: 1
    region: eu-west
    environment: production
    dependencies: [login]
    links: { runbook: "https://wiki.example.org/pay" }
    facts: [card payments]
    labels: { domain: money }
  login: [global, tier 1]
  web: {}
"""
TEAM = '  all: {members: [mina, 유나], lead: mina, oncall: first, chat: "#major"}\n'


def long_form() -> str:
    """The small rulebook with both sections in their long forms."""
    text = changed("services:\n  payments: [eu-west, tier 1]\n", LONG)
    return text.replace("  all: [mina, 유나]\n", TEAM)


def test_every_field_reaches_the_domain_and_comes_back_from_the_stored_text() -> None:
    rules = read_rulebook({"a": long_form().encode()})
    assert rules.book.services["payments"] == ServiceSpec(
        name="payments",
        title="payments API",
        owner="all",
        policy="urgent",
        oncall="first",
        tier="1",
        dependencies=("login",),
        region="eu-west",
        environment="production",
        links={"runbook": "https://wiki.example.org/pay"},
        facts=("card payments",),
        labels={"domain": "money"},
    )
    assert rules.book.services["login"] == ServiceSpec("login", facts=("global", "tier 1"))
    assert rules.book.services["web"] == ServiceSpec("web")
    assert rules.book.team("all") == TeamSpec("all", ("mina", "유나"), "mina", "first", "#major")
    assert rules.book.teams == {"all": ("mina", "유나")}
    assert from_json(rules.json) == rules


def test_the_short_forms_mean_what_they_always_meant() -> None:
    rules = read_rulebook({"a": SMALL.encode()})
    assert rules.book.team("all") == TeamSpec("all", ("mina", "유나"))
    stored = json.loads(rules.json)
    assert (stored["teams"], stored["services"]) == ({"all": ["mina", "유나"]}, {"payments": ["eu-west", "tier 1"]})


def test_what_the_board_shows_of_a_service() -> None:
    book = read_rulebook({"a": long_form().encode()}).book
    assert book.service("payments").shown == ("eu-west", "tier 1", "owned by all", "production", "card payments")
    assert book.service("login").shown == ("global", "tier 1")
    assert book.service("web").shown == book.service("of nobody").shown == ()
    assert ServiceSpec("x", tier="tier 2").shown == ("tier 2",) and ServiceSpec("x", tier="gold").shown == (
        "tier gold",
    )


def test_of_what_nobody_listed_only_the_name_is_known() -> None:
    book = read_rulebook({"a": SMALL.encode()}).book
    assert book.service("nothing") == ServiceSpec("nothing")
    assert book.team("nobody") == TeamSpec("nobody")


@pytest.mark.parametrize(
    ("old", "new", "place", "value", "message", "advice"),
    [
        ("owner: all", "owner: al", "services.payments.owner", '"al"', "names no team", "did you mean all?"),
        ("urgent\n    tier", "urgnt\n    tier", "services.payments.policy", '"urgnt"', "names no policy", "urgent?"),
        ("oncall: first\n", "oncall: frist\n", "services.payments.oncall", '"frist"', "names no on-call", "first?"),
        ("[login]", "[login, lgin]", "services.payments.dependencies.2", '"lgin"', "names no service", "mean login?"),
        ("[login]", "[login, login]", "services.payments.dependencies.2", '"login"', "a second time", "once is enough"),
        ("tier: 1\n", "teir: 1\n", "services.payments.teir", '"teir"', "is not known here", "did you mean tier?"),
        ("tier: 1\n", "tier:\n", "services.payments.tier", "", "is empty", "take the line out"),
        ("[global, tier 1]", "[global, {}]", "services.login.2", "", "is a group of lines", "one value"),
        ("  web: {}", "  web: global", "services.web", '"global"', "is a text", "write the lines below it"),
        ("lead: mina", "lead: minna", "teams.all.lead", '"minna"', "names no person", "did you mean mina?"),
        ('chat: "#major"', 'chat: "#mayor"', "teams.all.chat", '"#mayor"', "names no chat room", "mean #major?"),
        ("members: [mina, 유나], ", "", "teams.all.members", "", "is missing", "add members"),
        ("members: [mina, 유나]", "members: [mina, juna]", "teams.all.members.2", '"juna"', "names no person", ""),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_place(old: str, new: str, place: str, value: str, message: str, advice: str) -> None:
    text = long_form()
    assert old in text
    (problem,) = problems_of(text.replace(old, new, 1))
    assert (problem.path, problem.value) == (place, value)
    assert message in problem.message and advice in problem.advice
    line = text.replace(old, new, 1).splitlines()[(problem.line or 0) - 1]
    assert place.rpartition(".")[2].strip("0123456789") in line or "missing" in message


def test_editors_take_a_number_for_a_word() -> None:
    service = json_schema()["$defs"]["ServicePart"]["properties"]
    assert all("number" in service[name]["type"] for name in ("tier", "region", "environment"))
    assert "number" in service["facts"]["items"]["type"]
    assert "boolean" in service["labels"]["additionalProperties"]["type"]
