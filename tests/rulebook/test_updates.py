"""Templates of updates and what updates have to say, as files: read, refused with the nearest name, and checked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.rulebook.small import SMALL, problems_of
from tests.support.books import minutes
from warroom.domain.comms import Audience
from warroom.domain.policy import Target, TargetKind
from warroom.domain.templates import Stage, UpdateTemplate
from warroom.domain.update_rules import ASKED, Must, Scope, UpdateRules, Wording
from warroom.rulebook.check import check
from warroom.rulebook.convert import from_json
from warroom.rulebook.findings import Weight
from warroom.rulebook.load import read_rulebook, seed_rulebook

NOW = datetime(2024, 3, 13, 10, 0, tzinfo=UTC)
FULL = """\
templates:
  updates:
    first-out:
      stage: first
      audience: external
      severities: [SEV1]
      services: [payments]
      channels: [public]
      subject: "{product} issue"
      body: "{product}: {impact} [[what to do]] {next}"
updates:
  must:
    - {items: [impact, next]}
    - {items: [cause], audience: external, severities: [SEV1], channels: [public], refuse: true}
  review:
    required: [{audience: external, severities: [SEV1]}]
    ask: ["oncall:first"]
    answer_within: 3m
  items: {cause: {phrases: [orsaken är], unknown: Orsaken är inte känd än.}}
  inside: [jump host]
"""


def read(text: str, base: str = SMALL):  # type: ignore[no-untyped-def]
    return read_rulebook({"a.yaml": base.encode(), "b.yaml": text.encode()})


def findings(text: str, base: str = SMALL) -> dict[str, str]:
    """What check says of updates, by kind."""
    kinds = ("review-", "must-", "template-")
    return {f.kind: f"{f.where} {f.what}" for f in check(read(text, base).book, NOW) if f.kind.startswith(kinds)}


def test_all_of_it_reaches_the_domain_and_comes_back() -> None:
    rules = read(FULL)
    assert rules.book.update_templates == (
        UpdateTemplate(
            "first-out",
            Stage.FIRST,
            "external",
            "{product} issue",
            "{product}: {impact} [[what to do]] {next}",
            ("SEV1",),
            ("payments",),
            ("public",),
        ),
    )
    outside = Scope(Audience.EXTERNAL, ("SEV1",))
    assert rules.book.updates == UpdateRules(
        must=(
            Must(("impact", "next")),
            Must(("cause",), Scope(Audience.EXTERNAL, ("SEV1",), ("public",)), refuse=True),
        ),
        reviewed=(outside,),
        ask=(Target(TargetKind.ONCALL, "first"),),
        answer_within=minutes(3),
        items={"cause": Wording(("orsaken är",), "Orsaken är inte känd än.")},
        inside=("jump host",),
    )
    assert from_json(rules.json).book == rules.book


def test_what_was_stored_before_there_was_any_of_it_means_what_it_meant() -> None:
    book = read_rulebook({"a.yaml": SMALL.encode()}).book
    assert book.update_templates == () and book.updates == UpdateRules(ask=ASKED)
    assert not book.updates.needs_review(Audience.EXTERNAL, "SEV1", ("public",))
    assert book.channels["public"].longest == 0 and book.service("payments").product == ""


@pytest.mark.parametrize(
    ("scope", "audience", "severity", "channels", "covers"),
    [
        (Scope(), Audience.INTERNAL, "SEV3", (), True),
        (Scope(Audience.EXTERNAL), Audience.INTERNAL, "SEV1", ("a",), False),
        (Scope(None, ("SEV1",)), Audience.INTERNAL, "SEV2", ("a",), False),
        (Scope(None, (), ("a", "b")), Audience.EXTERNAL, "SEV2", ("c", "b"), True),
        (Scope(None, (), ("a",)), Audience.EXTERNAL, "SEV2", ("c",), False),
    ],
)
def test_what_a_scope_covers(
    scope: Scope, audience: Audience, severity: str, channels: tuple[str, ...], covers: bool
) -> None:
    assert scope.covers(audience, severity, channels) is covers


TEMPLATE = "templates: {updates: {a: {stage: first, audience: external, body: %s}}}\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TEMPLATE % '"{prodct} {next}"', "did you mean product"),
        (TEMPLATE % '"{ack}"', "is no placeholder"),  # of pages, not of updates
        (TEMPLATE % '"{key.__class__}"', "is no placeholder"),
        (TEMPLATE % '"a { b"', "has a { of its own"),
        (TEMPLATE % '"[[what"', "has a [[ that is no blank"),
        (TEMPLATE % '"x"' + "x: 1", "x"),
        ("templates: {updates: {a: {stage: frist, audience: external, body: x}}}", "did you mean first"),
        ("templates: {updates: {a: {stage: first, audience: all, body: x}}}", "audience"),
        (
            "templates: {updates: {a: {stage: first, audience: internal, body: x, channels: [pubic]}}}",
            "did you mean public",
        ),
        ("templates: {updates: {a: {stage: first, audience: internal, body: x, severities: [SEV9]}}}", "SEV9"),
        ("templates: {updates: {a: {stage: first, audience: internal}}}", "body"),
        ("updates: {must: [{items: [impct]}]}", "did you mean impact"),
        ("updates: {must: [{items: []}]}", "items"),
        ("updates: {must: [{items: [impact, impact]}]}", "a second time"),
        ("updates: {items: {weather: {phrases: [sun]}}}", "weather"),
        ("updates: {review: {ask: [person:mnia]}}", "did you mean mina"),
        ("updates: {review: {answer_within: 5}}", "has no unit"),
        ("updates: {review: {required: [{severities: [SEV9]}]}}", "SEV9"),
    ],
)
def test_what_is_wrong_is_said_with_the_nearest_name(text: str, says: str) -> None:
    found = problems_of(SMALL, text)
    assert any(says in str(problem) for problem in found), found


def test_a_channel_may_say_how_long_an_update_can_be() -> None:
    channel = "channels:\n  public: {title: status page, audience: external}"
    base = SMALL.replace(channel, channel[:-1] + ", kind: social, most: 500}")
    assert read("", base).book.channels["public"].longest == 500
    assert read("", SMALL.replace(channel, channel[:-1] + ", kind: social}")).book.channels["public"].longest == 280
    assert problems_of(SMALL.replace(channel, channel[:-1] + ", most: 3}"))


# Check ---------------------------------------------------------------------------------------------------------------


def test_sound_rules_are_not_doubted() -> None:
    two = SMALL.replace("    name: Yuna\n", '    name: Yuna\n    contacts: {chat: "@yuna"}\n')
    assert findings(FULL, two) == {}
    assert not [f for f in check(seed_rulebook().book, NOW) if f.kind.startswith(("review-", "must-", "template-"))]


def test_nobody_could_review() -> None:
    found = findings(FULL)  # one of the two has no contact
    assert "there is none who can be reached" in found["review-nobody"]
    (grave,) = [f for f in check(read(FULL).book, NOW) if f.kind == "review-nobody"]
    assert grave.weight is Weight.ERROR


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("updates: {review: {required: [{audience: internal}]}}", "review-never", "covers no channel"),
        ("updates: {review: {required: [{audience: external}]}}", "review-roles-only", "holders of roles alone"),
        (
            "updates: {review: {required: [{audience: external}], ask: ['oncall:first'], answer_within: 9m}}",
            "review-late",
            "severities.SEV1.cadence.public.first",
        ),
        ("updates: {must: [{items: [impact], audience: internal}]}", "must-never", "covers no channel"),
        ("updates: {must: [{items: [colleagues], audience: external}]}", "must-not-asked", "colleagues"),
        (
            "templates: {updates: {a: {stage: first, audience: internal, body: x, channels: [public]}}}",
            "template-audience",
            "names public",
        ),
        (
            "templates: {updates: {a: {stage: first, audience: external, body: x}, "
            "b: {stage: first, audience: external, body: y}}}",
            "template-twice",
            "as a",
        ),
    ],
)
def test_what_would_go_wrong_is_found(text: str, kind: str, says: str) -> None:
    base = SMALL.replace("    name: Yuna\n", '    name: Yuna\n    contacts: {chat: "@yuna"}\n')
    found = findings(text, base)
    assert kind in found, found
    assert says in found[kind] or kind == "must-not-asked"


def test_a_template_longer_than_its_channel_is_found() -> None:
    channel = "channels:\n  public: {title: status page, audience: external}"
    base = SMALL.replace(channel, channel[:-1] + ", most: 40}")
    text = f"templates: {{updates: {{a: {{stage: first, audience: external, channels: [public], body: {'x' * 60}}}}}}}"
    assert "has 60 characters" in findings(text, base)["template-long"]
