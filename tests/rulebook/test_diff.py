"""What is different between two rulebooks, in words, section by section."""

from __future__ import annotations

import pytest

from tests.rulebook.small import SMALL, changed
from warroom.rulebook.convert import Loaded
from warroom.rulebook.diff import differences
from warroom.rulebook.load import read_rulebook, seed_rulebook


def read(text: str) -> Loaded:
    return read_rulebook({"rules.yaml": text.encode()})


def said(text: str, before: str = SMALL) -> list[str]:
    """The differences as section and words."""
    return [f"{change.section}: {change}" for change in differences(read(before), read(text))]


def test_the_same_rules_have_no_difference() -> None:
    assert said(SMALL) == []
    assert differences(seed_rulebook(), seed_rulebook()) == ()


def test_form_and_written_defaults_are_no_difference() -> None:
    assert said(changed("ack_timeout: 5m", "ack_timeout: 300s")) == []
    assert (
        said(
            changed(
                "targets: [team:all, role:incident-manager]",
                "targets: [team:all, role:incident-manager]\n        repeat: 0",
            )
        )
        == []
    )
    assert said(changed("  payments: [eu-west, tier 1]", "  payments: {facts: [eu-west, tier 1]}")) == []
    assert said(changed("  all: [mina, 유나]", "  all: {members: [mina, 유나]}")) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("ack_timeout: 5m", "ack_timeout: 4m", ["policies: urgent › level 1 (on-call) › ack_timeout: 5m → 4m"]),
        ("via: [sms, chat]", "via: [chat, sms]", ["policies: urgent › level 1 (on-call) › via: sms, chat → chat, sms"]),
        ("        resolve_timeout: 30m\n", "", ["policies: urgent › level 1 (on-call) › resolve_timeout: − 30m"]),
        ("  유나:\n    name: Yuna", "  유나:\n    name: Yuna\n  eve:\n    name: Eve", ["people: eve: + Eve"]),
        ("    final: 1h", "    final: 1h", []),
        ("name: night shift", "name: day shift", ["room: name: night shift → day shift"]),
        ("services:\n  payments: [eu-west, tier 1]\n", "", ["services: payments: − eu-west, tier 1"]),
        ("  payments: [eu-west, tier 1]", "  payments: {tier: 2}",
         ["services: payments › facts: − eu-west, tier 1", "services: payments › tier: + 2"]),
        ("  - {after: 5m, to: [level:next]}", "  - {after: 6m, to: [level:next]}",
         ["reminders: reminder 2 › after: 5m → 6m"]),
        ('    then: ["channel:#major"]', '    then: ["channel:#major", "person:mina"]',
         ["policies: urgent › then: channel:#major → channel:#major, person:mina"]),
    ],
)  # fmt: skip
def test_a_change_is_said_in_words(old: str, new: str, words: list[str]) -> None:
    assert said(changed(old, new) if old != new else SMALL) == words


def test_levels_are_told_apart_by_their_labels() -> None:
    level = "      - {label: second, targets: [oncall:first], ack_timeout: 5m}\n"
    text = changed("      - label: everybody\n", f"{level}      - label: everybody\n")
    (words,) = said(text)
    assert words.startswith("policies: urgent › level 2 (second): + label second, targets oncall:first, ack_timeout 5m")
    (back,) = said(SMALL, text)
    assert back.startswith("policies: urgent › level 2 (second): − label second")


def test_an_order_is_a_difference() -> None:
    text = SMALL.replace('  mina:\n    name: Mina\n    contacts: {sms: "+46 70 174 06 05", chat: "@mina"}\n', "", 1)
    people = "  유나:\n    name: Yuna\n"
    assert people in text
    text = text.replace(
        people, people + '  mina:\n    name: Mina\n    contacts: {sms: "+46 70 174 06 05", chat: "@mina"}\n', 1
    )
    assert said(text) == ["people: the order before → another order"]


def test_what_one_way_is_added_is_removed_the_other_way() -> None:
    new, old = seed_rulebook(), read(SMALL)
    there, back = differences(old, new), differences(new, old)
    added = {(change.section, change.where) for change in there if change.kind == "added"}
    assert added and added == {(change.section, change.where) for change in back if change.kind == "removed"}
    assert all(change.before or change.after for change in (*there, *back) if change.kind == "changed")
