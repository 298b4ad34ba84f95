"""The wording of pages: placeholders that are filled in and nothing else, errors where they stand, and the messages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rulebook.small import SMALL, problems_of
from tests.support.books import BOOK, T0, minutes
from warroom.domain.core import Context
from warroom.domain.incident import Declare
from warroom.domain.messages import Outgoing, outgoing
from warroom.domain.room import Room, Tick, decide, evolve
from warroom.domain.templates import PLACEHOLDERS, Template, fill, flaws
from warroom.rulebook.convert import from_json
from warroom.rulebook.load import read_rulebook

VALUES = {name: f"<{name}>" for name in PLACEHOLDERS}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{key} {severity}: {title}", "<key> <severity>: <title>"),
        ("nothing", "nothing"),
        ("{{key}} stays", "{key} stays"),
        ("{{{key}}}", "{<key>}"),
        ("a\n\n{key}", "a\n\n<key>"),
        ("{unknown}", "{unknown}"),
    ],
)
def test_placeholders_are_filled_in(text: str, filled: str) -> None:
    assert fill(text, VALUES) == filled


def test_a_line_of_empty_placeholders_is_left_out() -> None:
    assert fill("{key}\n{summary}\nend", {"key": "INC-1", "summary": ""}) == "INC-1\nend"
    assert fill("{key}\nabout {summary}\nend", {"key": "INC-1", "summary": ""}) == "INC-1\nabout\nend"


@given(st.text(), st.text())
def test_what_was_put_in_is_not_looked_at_again(title: str, summary: str) -> None:
    values = {"title": title, "summary": summary}
    assert fill("x {title} y", values) == f"x {title} y".rstrip() or "\n" in title or title.strip() != title
    assert fill("{title}", {"title": "{summary}", "summary": "secret"}) == "{summary}"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{key} {{x}}", []),
        ("{ack.__class__}", [("{ack.__class__}", "ack.__class__")]),
        ("{key!r:>10}", [("{key!r:>10}", "key!r:>10")]),
        ("{0}", [("{0}", "0")]),
        ("{}", [("{}", "")]),
        ("{key", [("{", "")]),
        ("key}", [("}", "")]),
    ],
)
def test_what_is_no_placeholder_is_found(text: str, wrong: list[tuple[str, str]]) -> None:
    assert list(flaws(text)) == wrong


TEMPLATES = """\
templates:
  pages:
    default: {subject: "{key}: {title}"}
    sms:
      body: |
        {key} {severity}
        {why} {answer}
"""


def test_templates_reach_the_domain_and_come_back() -> None:
    rules = read_rulebook({"a": (SMALL + TEMPLATES).encode()})
    assert rules.book.templates == {
        "default": Template("{key}: {title}", ""),
        "sms": Template("", "{key} {severity}\n{why} {answer}"),
    }
    assert from_json(rules.json) == rules
    assert read_rulebook({"a": SMALL.encode()}).book.templates == {}


@pytest.mark.parametrize(
    ("old", "new", "path", "value", "message", "advice"),
    [
        ("{key}: {title}", "{kye}: {title}", "default.subject", '"{kye}: {title}"', "has {kye} in it", "mean key?"),
        ("{key}: {title}", "{zzz}", "default.subject", '"{zzz}"', "is no placeholder", "there is key, severity"),
        ("{key}: {title}", "{key: {title}", "default.subject", '"{key: {title}"', "has a { of its own", "write {{"),
        ("{why} {answer}", "{why.__init__} {answer}", "sms.body", None, "is no placeholder", ""),
        ("    sms:", "    smss:", "smss", '"smss"', "is not a way", "did you mean sms?"),
        ('{subject: "{key}: {title}"}', "{}", "default", "", "neither subject nor body", "take the way out"),
        ('"{key}: {title}"', '"  "', "default.subject", '"  "', "is empty", ""),
        ("      body: |", "      bdy: |", "sms.bdy", '"bdy"', "is not known here", "did you mean body?"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_place(
    old: str, new: str, path: str, value: str | None, message: str, advice: str
) -> None:
    assert old in TEMPLATES
    found = [p for p in problems_of(SMALL + TEMPLATES.replace(old, new, 1)) if message in p.message]
    assert len(found) == 1
    (problem,) = found
    assert problem.path == f"templates.pages.{path}" and advice in problem.advice
    assert value is None or problem.value == value
    assert problem.line and problem.line > SMALL.count("\n")


def test_a_body_has_an_end() -> None:
    long = TEMPLATES.replace("{why} {answer}", "x" * 2001)
    (problem,) = problems_of(SMALL + long)
    assert problem.message == "is longer than 2000 characters"


# Messages


def paged(templates: dict[str, Template], title: str = "Tills are down", **also: str) -> list[Outgoing]:
    """The pages of the first level of an incident, under a rulebook with these templates."""
    book = replace(BOOK, templates=templates)
    room: Room | None = None
    out: list[Outgoing] = []
    for command, at in ((Declare(title, "SEV1", key="INC-7", **also), T0), (Tick(), T0 + minutes(5))):
        for entry in decide(room, command, Context(at, "mina", book)):
            room = evolve(room, entry)
            out += outgoing(room, entry, book)
    return [message for message in out if message.kind == "page"]


def test_without_templates_pages_are_worded_as_ever() -> None:
    first = paged({})[0]
    assert first.subject == "INC-7 SEV1 Tills are down"
    assert first.body == (
        "You are paged on level 1 (start).\nStatus new, declared 2024-03-13 10:00 UTC\n"
        "Acknowledge: warroom ack INC-7\nNot me: warroom decline INC-7"
    )


def test_each_way_has_its_own_words_and_the_rest_is_general() -> None:
    pages = paged(
        {
            "default": Template("[{key}] {title}", "{why}"),
            "sms": Template("", "{key} L{level} {status} {service}\n{ack} or {decline}"),
        },
        service="till",
    )
    sms, chat = pages[0], pages[1]
    assert (sms.via, chat.via) == ("sms", "chat")
    assert (sms.subject, chat.subject) == ("[INC-7] Tills are down",) * 2
    assert sms.body == "INC-7 L1 new till\nwarroom ack INC-7 or warroom decline INC-7"
    assert chat.body == "You are paged on level 1 (start)."


def test_other_pages_have_no_level_and_another_answer() -> None:
    roles = [p for p in paged({"default": Template("", "{level}\n{why}\n{answer}")}) if "Take it" in p.body]
    assert roles and all(
        page.body == "INC-7 has no Incident manager.\nTake it: warroom role INC-7 incident-manager" for page in roles
    )


def test_a_title_with_braces_stays_a_title_and_a_subject_stays_one_line() -> None:
    page = paged({"default": Template("{title} {summary}", "{title}")}, "{key} {{x}} {0}", summary="one\ntwo")[0]
    assert (page.subject, page.body) == ("{key} {{x}} {0} one two", "{key} {{x}} {0}")


def test_messages_are_a_function_of_room_entry_and_rules() -> None:
    templates = {"default": Template("{key}", "{why}\n{state}")}
    assert paged(templates) == paged(templates)
