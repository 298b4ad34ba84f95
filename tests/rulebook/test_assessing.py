"""The sections `rooms` and `assessment`, the kinds of channels, and what check finds in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.rulebook.small import SMALL, problems_of
from warroom.domain.assessment import AssessmentRules
from warroom.domain.book import Rulebook
from warroom.domain.chatrooms import RoomSpec
from warroom.domain.comms import CHANNEL_KINDS
from warroom.domain.routes import Delivery, Route
from warroom.rulebook import check_assessing
from warroom.rulebook.convert import from_json
from warroom.rulebook.findings import Weight
from warroom.rulebook.load import read_rulebook, seed_rulebook

MARCH = datetime(2026, 3, 1, tzinfo=UTC)

TABLE = """
assessment:
  impact: { all: everybody, some: some of them }
  urgency: { high: now, low: later }
  severity:
    all: { high: SEV1, low: SEV1 }
    some: { high: SEV1, low: SEV2 }
  tiers: { 1: SEV1 }
  usual: SEV2
rooms:
  "#major": { stages: [new, resolved], severities: [SEV1] }
"""


def read(text: str) -> Rulebook:
    return read_rulebook({"rules.yaml": (SMALL + text).encode()}).book


def test_a_table_is_read() -> None:
    book = read(TABLE)
    assert book.assessment.severity == {"all": {"high": "SEV1", "low": "SEV1"}, "some": {"high": "SEV1", "low": "SEV2"}}
    assert (book.assessment.tiers, book.assessment.usual) == ({"1": "SEV1"}, "SEV2")
    assert list(book.assessment.impact) == ["all", "some"]
    assert book.rooms == (RoomSpec("#major", ("new", "resolved"), ("SEV1",)),)


def test_without_the_sections_nothing_is_there() -> None:
    book = read("")
    assert book.assessment == AssessmentRules() and book.rooms == ()
    assert {channel.kind for channel in book.channels.values()} == {""}


def test_a_revision_that_was_stored_before_has_neither() -> None:
    text = seed_rulebook().json
    import json

    data = json.loads(text)
    for section in ("rooms", "assessment"):
        del data[section]
    for channel in data["channels"].values():
        del channel["kind"]
    book = from_json(json.dumps(data)).book
    assert book.rooms == () and book.assessment == AssessmentRules()


@pytest.mark.parametrize("kind", CHANNEL_KINDS)
def test_every_kind_of_channel_can_be_said(kind: str) -> None:
    text = SMALL.replace("audience: external", f"audience: external, kind: {kind}", 1)
    book = read_rulebook({"rules.yaml": text.encode()}).book
    assert kind in {channel.kind for channel in book.channels.values()}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("low: later", "low: later, lower: last", "says nothing for urgency lower"),
        ("some: some of them", "some: some of them, none: nobody", "says nothing for impact none"),
        ("all: { high: SEV1, low: SEV1 }", "every: { high: SEV1, low: SEV1 }", "is no word for impact"),
        ("some: { high: SEV1, low: SEV2 }", "some: { high: SEV1, low: SEV2, odd: SEV1 }", "is no word for urgency"),
        ("low: SEV2", "low: SEV9", "names no severity"),
        ("usual: SEV2", "usual: SEV9", "names no severity"),
        ("[new, resolved]", "[new, nonsense]", "is not a stage of an incident"),
        ('"#major": {', '"#unknown": {', "names no chat room"),
        ("severities: [SEV1]", "audience: everybody", "is not an audience"),
    ],
)
def test_what_cannot_be_meant_is_an_error_at_its_place(old: str, new: str, said: str) -> None:
    assert old in TABLE
    (problem,) = problems_of(SMALL + TABLE.replace(old, new, 1))
    assert said in str(problem) and ("assessment" in str(problem) or "rooms" in str(problem))


def test_a_kind_of_channel_that_there_is_not_is_an_error() -> None:
    (problem,) = problems_of(SMALL.replace("audience: external", "audience: external, kind: pigeon", 1))
    assert "is not a kind of channel" in str(problem)


def found(book: Rulebook) -> list[tuple[str, Weight]]:
    return [(finding.kind, finding.weight) for finding in check_assessing.look(book)]


SEED = seed_rulebook().book


def test_nothing_is_said_against_the_defaults() -> None:
    assert found(SEED) == []


def test_a_room_that_no_message_reaches_is_found() -> None:
    book = replace(SEED, rooms=(RoomSpec("#incident-warroom"), RoomSpec("#incident-retro", ("resolved",))))
    assert found(book) == [("room-never", Weight.WARNING)]


def test_a_stage_without_a_room_is_found() -> None:
    book = replace(SEED, rooms=tuple(spec for spec in SEED.rooms if spec.name != "#incident-retro"))
    assert found(book) == []  # the last room takes what is left
    book = replace(SEED, rooms=(RoomSpec("#incident-warroom", ("new", "triaging", "investigating", "mitigating")),))
    assert found(book) == [("room-no-stage", Weight.NOTICE)] * 2


def test_a_room_that_hears_nothing_is_found() -> None:
    book = replace(SEED, delivery=Delivery(rooms={"#incident-warroom": Route(("json://x",))}))
    assert found(book) == [("room-no-address", Weight.NOTICE)] * (len(SEED.rooms) - 1)
    assert found(replace(SEED, delivery=Delivery(ways={"chat": Route(("json://x",))}))) == []


def test_a_table_that_contradicts_itself_is_found() -> None:
    upside_down = replace(
        SEED.assessment,
        severity={
            "all": {"high": "SEV3", "medium": "SEV2", "low": "SEV2"},
            **{name: dict.fromkeys(SEED.assessment.urgency, "SEV1") for name in ("some", "none")},
        },
    )
    kinds = [kind for kind, _ in found(replace(SEED, assessment=upside_down))]
    assert kinds.count("assessment-order") == 4  # worse than each of the next row, and than the next column
    never = replace(
        SEED.assessment,
        severity={name: dict.fromkeys(SEED.assessment.urgency, "SEV1") for name in SEED.assessment.impact},
    )
    assert found(replace(SEED, assessment=never)) == [("assessment-never", Weight.NOTICE)]
