"""What check finds where a page would reach nobody, or not in time: targets, ways, and further fields of levels."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.rulebook.sound import LEVELS, NOW, SOUND, kinds, read
from warroom.domain.policy import Ask, Last, Mode, Otherwise, Target, TargetKind
from warroom.domain.routes import Delivery, Route
from warroom.rulebook.check import check
from warroom.rulebook.convert import Loaded
from warroom.rulebook.findings import Weight

# Targets of the moment


@pytest.mark.parametrize(("service", "clean"), [("{owner: all}", True), ("{region: north}", False), ("[x]", False)])
def test_a_level_for_the_service_alone_needs_every_service_to_have_somebody(service: str, clean: bool) -> None:
    text = SOUND.replace("[oncall:second], ack", "[service:owner], ack", 1)
    rules = read(text.replace("teams:\n", f"services: {{till: {service}}}\nteams:\n", 1))
    found = [finding for finding in check(rules.book, NOW) if finding.kind.startswith("level")]
    assert [finding.kind for finding in found] == ([] if clean else ["level-nobody"])
    if not clean:
        (finding,) = found
        assert "nobody is behind service:owner" in finding.what


def test_services_that_lead_nowhere_are_named_where_others_do() -> None:
    text = SOUND.replace("[oncall:second], ack", "[service:oncall], ack", 1)
    services = "services: {till: {oncall: second}, web: {owner: all}, shop: [x]}\n"
    rules = read(text.replace("teams:\n", f"{services}teams:\n", 1))
    (finding,) = check(rules.book, NOW)
    assert finding.kind == "level-services" and "nobody for web, shop, and for an incident" in finding.what


# Delivery


def test_ways_that_nothing_sends_reach_nobody() -> None:
    book = read(SOUND).book
    route = Route(("json://localhost",))
    assert check(replace(book, delivery=Delivery(ways={"sms": route, "chat": route})), NOW) == ()
    found = check(replace(book, delivery=Delivery(ways={"sms": route})), NOW)
    assert {(f.kind, f.where) for f in found} >= {
        ("level-nobody", f"{LEVELS}.2.targets"),
        ("last-resort-nobody", "policies.urgent.then"),
        ("way-not-sent", "delivery.ways"),
    }
    said = {f.kind: (f.what, f.advice) for f in found}
    assert said["last-resort-nobody"] == (
        "can reach nobody: nothing sends to #major",
        "add a way chat under delivery.ways, or #major under delivery.rooms",
    )
    what, advice = said["level-nobody"]
    assert what.startswith("can reach nobody: nothing sends by chat to ") and "without" not in what
    assert advice == "add a way chat under delivery.ways"
    (way,) = [f.what for f in found if f.kind == "way-not-sent"]
    assert "has nothing for chat, by which #major, ana, bo, mina would be paged" in way
    # A chat room may have an address of its own.
    found = check(replace(book, delivery=Delivery(ways={"sms": route}, rooms={"#major": route})), NOW)
    assert "last-resort-nobody" not in kinds(found) and "level-nobody" in kinds(found)


def test_a_way_that_nothing_sends_is_found_where_others_are_left() -> None:
    book = read(SOUND).book
    route = Route(("json://localhost",))
    (finding,) = check(replace(book, delivery=Delivery(ways={"chat": route})), NOW)
    assert (finding.kind, finding.weight) == ("way-not-sent", Weight.WARNING)
    assert "has nothing for sms, by which mina would be paged" in finding.what


def test_other_systems_alone_page_nobody_here() -> None:
    (finding,) = check(replace(read(SOUND).book, delivery=Delivery()), NOW)
    assert (finding.kind, finding.weight, finding.where) == ("delivery-no-ways", Weight.WARNING, "delivery")


def test_an_acknowledgement_cannot_run_out_before_another_contact_was_tried() -> None:
    book = replace(read(SOUND).book, delivery=Delivery(patience=timedelta(minutes=5)))
    (finding,) = [each for each in check(book, NOW) if each.kind != "delivery-no-ways"]
    assert (finding.kind, finding.where) == ("ack-within-patience", f"{LEVELS}.1.ack_timeout")


# Further fields of policies


def with_level(number: int, **changes: object) -> Loaded:
    """The sound rulebook with fields of one level set in the domain's values."""
    rules = read(SOUND)
    policy = rules.book.policies["urgent"]
    level = replace(policy.levels[number - 1], **changes)  # type: ignore[arg-type]
    levels = (*policy.levels[: number - 1], level, *policy.levels[number:])
    return replace(rules, book=replace(rules.book, policies={"urgent": replace(policy, levels=levels)}))


@pytest.mark.parametrize(
    ("number", "warn", "found"),
    [
        (2, timedelta(minutes=9), []),
        (2, timedelta(minutes=10), ["is not shorter than the level before has (10m)"]),
        (1, timedelta(minutes=1), ["has no level before it to tell"]),
    ],
)
def test_a_warning_comes_before_the_timeout(number: int, warn: timedelta, found: list[str]) -> None:
    said = [finding.what for finding in check(with_level(number, warn=warn).book, NOW)]
    assert len(said) == len(found) and all(a.startswith(b) for a, b in zip(said, found, strict=True))


def test_a_question_that_reaches_nobody_is_found() -> None:
    eve, ana = (Target(TargetKind.PERSON, login) for login in ("eve", "ana"))
    minute = timedelta(minutes=1)
    assert check(with_level(2, confirm=Ask((ana,), minute)).book, NOW) == ()
    for otherwise, words in ((Otherwise.PROCEED, "paged at once"), (Otherwise.SKIP, "passed over")):
        (finding,) = check(with_level(2, confirm=Ask((eve,), minute, otherwise)).book, NOW)
        assert finding.kind == "confirm-nobody" and words in finding.what
    (finding,) = check(with_level(2, informed=(eve,)).book, NOW)
    assert (finding.kind, finding.where) == ("told-nobody", f"{LEVELS}.2.informed")
    (finding,) = check(with_level(2, mode=Mode.ROUND_ROBIN).book, NOW)
    assert finding.kind == "turns-of-one"


def test_the_end_of_a_policy() -> None:
    book = read(SOUND).book
    urgent = book.policies["urgent"]

    def found(**changes: object) -> list[str]:
        policy = replace(urgent, **changes)  # type: ignore[arg-type]
        return [finding.kind for finding in check(replace(book, policies={"urgent": policy}), NOW)]

    assert found(then=(), fallback="urgent") == ["fallback-circle"]
    assert found(then=(), last=Last.STAY) == []
    assert found(last=Last.STAY) == ["policy-never-ends"]
    silent = (urgent.levels[0], replace(urgent.levels[1], ack_timeout=None))
    assert found(then=(), last=Last.STAY, levels=silent) == ["policy-stays-silent"]
    assert found(then=(), last=Last.STAY, levels=silent, stay_every=timedelta(minutes=5)) == []
    other = replace(urgent, name="other", then=(), fallback="urgent")
    both = {"urgent": replace(urgent, then=(), fallback="other"), "other": other}
    circles = [f for f in check(replace(book, policies=both), NOW) if f.kind == "fallback-circle"]
    assert [f.what.partition(":")[0] for f in circles] == [
        "leads in a circle (urgent → other → urgent)",
        "leads in a circle (other → urgent → other)",
    ]


def test_an_acknowledgement_does_not_lapse_before_an_update_is_due() -> None:
    book = read(SOUND).book
    for minutes, kinds_found in ((30, []), (29, ["ack-lapses-early"])):
        sev1 = replace(book.severities["SEV1"], ack_lapses=timedelta(minutes=minutes))
        found = check(replace(book, severities={**book.severities, "SEV1": sev1}), NOW)
        assert [finding.kind for finding in found] == kinds_found
