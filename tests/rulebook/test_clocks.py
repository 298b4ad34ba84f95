"""Cadences, reminders and clocks as the rulebook writes them: what they mean and what is wrong with them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.rulebook.sound import SOUND
from warroom.domain.cadence import Cadence, ClockRules, ReminderStep
from warroom.domain.policy import Target, TargetKind
from warroom.rulebook.check import check
from warroom.rulebook.convert import from_json
from warroom.rulebook.load import read_rulebook, seed_rulebook
from warroom.rulebook.problems import RulebookError

WRITER = (Target(TargetKind.ROLE, "writer"),)
LEVEL = (Target(TargetKind.LEVEL, "next"),)
STEPS = "  - {after: 0s, to: [role:writer]}\n  - {after: 5m, to: [level:next]}\n"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def read(old: str, new: str):  # type: ignore[no-untyped-def]
    assert old in SOUND
    return read_rulebook({"rules.yaml": SOUND.replace(old, new).encode()})


def problems(old: str, new: str) -> str:
    with pytest.raises(RulebookError) as error:
        read(old, new)
    return str(error.value)


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ("{after: 0s, to: [role:writer]}", ReminderStep(minutes(0), WRITER)),
        ("{at: 100%, to: [role:writer]}", ReminderStep(None, WRITER, 100)),
        ("{at: 100 %, misses: 2, to: [role:writer]}", ReminderStep(None, WRITER, 100, 2)),
        ("{after: 0s, at: 150%, to: [role:writer]}", ReminderStep(minutes(0), WRITER, 150)),
    ],
)
def test_a_reminder_comes_as_it_is_written(written: str, step: ReminderStep) -> None:
    rules = read(STEPS, f"  - {written}\n")
    assert rules.book.reminders == (step,)
    assert from_json(rules.json).book.reminders == (step,)


def test_a_cadence_can_have_figures_by_status_and_for_a_long_incident() -> None:
    rules = read("{first: 10m, every: 30m}", "{first: 10m, every: 30m, by_status: {mitigating: 45m}, long: 1h}")
    (cadence,) = rules.book.severities["SEV1"].cadence
    assert cadence == Cadence("public", minutes(10), minutes(30), None, {"mitigating": minutes(45)}, minutes(60))
    assert (cadence.within("new"), cadence.within("mitigating")) == (minutes(30), minutes(45))
    assert from_json(rules.json).book.severities["SEV1"].cadence == (cadence,)


def test_the_clocks_have_rules_of_their_own() -> None:
    assert read(
        "watch:", "clocks: {long_after: 3h, skips: 0, target: 99%, again: 20m}\nwatch:"
    ).book.clocks == ClockRules(timedelta(hours=3), 0, 99, minutes(20))
    assert read("watch:", "watch:").book.clocks == ClockRules(timedelta(hours=2), 1, 95)


def test_a_revision_from_before_there_were_clocks_means_what_it_did() -> None:
    old = json.loads(read("watch:", "watch:").json)
    del old["clocks"]
    for severity in old["severities"].values():
        for cadence in severity["cadence"].values():
            del cadence["by_status"]
    book = from_json(json.dumps(old)).book
    assert book.reminders == (ReminderStep(minutes(0), WRITER), ReminderStep(minutes(5), LEVEL))
    assert book.severities["SEV1"].cadence == (Cadence("public", minutes(10), minutes(30)),)
    assert book.clocks == ClockRules()


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ("{to: [role:writer]}", "never comes"),
        ("{at: 80, to: [role:writer]}", "is not a share"),
        ("{at: 80.5%, to: [role:writer]}", "is not a share"),
        ("{at: 0%, to: [role:writer]}", "is out of bounds"),
        ("{at: 1001%, to: [role:writer]}", "is out of bounds"),
        ("{at: 80%, after: 5m, to: [role:writer]}", "is for an overdue update"),
        ("{at: 80%, misses: 2, to: [role:writer]}", "is for an overdue update"),
        ("{at: 80%, to: [level:next]}", "cannot be brought in by a warning"),
        ("{at: 120%, to: [role:writer]}", "is not at once"),
        ("{misses: 2, to: [role:writer]}", "is not at once"),
        ("{after: 5m, to: [role:writer]}", "is not at once"),
        ("{misses: 0, to: [role:writer]}", "is out of bounds"),
    ],
)
def test_what_a_reminder_cannot_be(steps: str, says: str) -> None:
    assert says in problems(STEPS, f"  - {steps}\n")


@pytest.mark.parametrize(
    ("clocks", "says"),
    [
        ("{target: 95}", "is not a share"),
        ("{target: 101%}", "is out of bounds"),
        ("{skips: 11}", "is out of bounds"),
        ("{long_after: 0s}", "is no time at all"),
        ("{grace: 5m}", "is not known here"),
    ],
)
def test_what_the_clocks_cannot_be(clocks: str, says: str) -> None:
    assert says in problems("watch:", f"clocks: {clocks}\nwatch:")


def test_a_provider_has_its_own_cadence_whatever_the_case_of_its_name() -> None:
    rules = read("cadence: 30m}\n", "cadence: 30m, providers: {GCP: 1h, Acme Cloud: 45m}}\n")
    for book in (rules.book, from_json(rules.json).book):
        assert book.watch_providers == {"gcp": minutes(60), "acme cloud": minutes(45)}
        assert book.watched_silence("Gcp", "SEV1") == minutes(60)
        assert book.watched_silence("other", "SEV1") == minutes(30)
    old = json.loads(rules.json)
    del old["watch"]["providers"]
    assert from_json(json.dumps(old)).book.watch_providers == {}


@pytest.mark.parametrize(
    ("providers", "says"),
    [
        ("{gcp: 0s}", "is no time at all"),
        ("{gcp: 60}", "gcp"),
        ("{'': 1h}", "is empty"),
        ("{gcp: 1h, GCP: 2h}", "stands here a second time"),
        ("[gcp]", "is a list"),
    ],
)
def test_what_a_providers_cadence_cannot_be(providers: str, says: str) -> None:
    assert says in problems("cadence: 30m}\n", f"cadence: 30m, providers: {providers}}}\n")


def test_a_status_of_a_cadence_has_to_be_one_in_which_an_incident_goes_on() -> None:
    assert "is not known here" in problems("every: 30m}", "every: 30m, by_status: {resolved: 1h}}")


def test_a_warning_that_nobody_has_to_hear_is_worth_a_look() -> None:
    rules = read(STEPS, f"  - {{at: 80%, to: [role:writer]}}\n{STEPS}")
    assert not check(rules.book, NOW)
    text = SOUND.replace(STEPS, f"  - {{at: 80%, to: [role:writer]}}\n{STEPS}").replace("      writer: 10m\n", "")
    found = check(read_rulebook({"rules.yaml": text.encode()}).book, NOW)
    assert [f.what for f in found if f.kind == "warning-nobody"] == [
        "reaches nobody while writer is vacant; SEV1 does not require any of them"
    ]


def test_the_default_rules_warn_at_80_percent_and_escalate_at_150_or_two_misses() -> None:
    book = seed_rulebook().book
    assert [(step.percent, step.misses) for step in book.reminders] == [(80, 0), (100, 0), (120, 0), (150, 2)]
    assert book.clocks == ClockRules(timedelta(hours=2), 1, 95, minutes(30))
    assert not [f for f in check(book, NOW) if f.path[0] == "reminders" or "cadence" in f.path]
