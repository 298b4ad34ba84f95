"""The default rulebook: what a room does before anybody has edited a file (R2, R4, R5, R10)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from warroom.domain.book import Rulebook
from warroom.domain.comms import UpdateMissed
from warroom.domain.core import Context, Entry, Event
from warroom.domain.escalation import EscalationExhausted, EscalationPlanned, LevelPaged, LevelSkipped, Why
from warroom.domain.incident import Declare
from warroom.domain.roles import LEAD, RoleMissed
from warroom.domain.room import decide, fold, forecast
from warroom.domain.text import cell_width
from warroom.resources import resource
from warroom.rulebook.convert import from_json
from warroom.rulebook.load import load_rulebook, seed_rulebook

SATURDAY_NIGHT = datetime(2026, 3, 7, 23, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return seed_rulebook().book


def _unanswered(book: Rulebook, severity: str, steps: int = 200) -> list[Entry]:
    """Everything that happens when an incident is declared on a Saturday night and nobody does anything."""
    entries = decide(None, Declare("all is lost", severity, key="INC-1"), Context(SATURDAY_NIGHT, "mina", book))
    room = fold(entries)
    assert room is not None
    return [*entries, *forecast(room, book, steps)]


def _minutes(entries: list[Entry], *kinds: type[Event]) -> list[float]:
    return [(e.at - SATURDAY_NIGHT) / timedelta(minutes=1) for e in entries if isinstance(e.event, kinds)]


def test_the_seed_is_a_rulebook_and_comes_back_from_its_text(book: Rulebook) -> None:
    rules = seed_rulebook()
    assert rules.revision == rules.book.revision == load_rulebook(resource("seed_data") / "rulebook").revision
    assert from_json(rules.json) == rules
    assert (book.room, book.prefix) == ("warroom", "INC")


def test_the_severities(book: Rulebook) -> None:
    assert [(s.name, s.glyph, s.title, s.major, s.hours is None) for s in book.severities.values()] == [
        ("SEV1", "◆", "critical", True, True),
        ("SEV2", "▲", "major", True, True),
        ("SEV3", "●", "minor", False, False),
    ]
    hours = book.severities["SEV3"].hours
    assert hours is not None
    friday_evening = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
    assert hours.next_open(friday_evening) == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("impact", "severity"),
    [
        *(("critical", "SEV1"), ("major", "SEV2"), ("minor", "SEV3"), ("none", "SEV3"), ("maintenance", "SEV3")),
        *(("high", "SEV1"), ("MEDIUM", "SEV2"), ("low", "SEV3"), ("disruption", "SEV1"), ("degradation", "SEV2")),
        *(("informational", "SEV3"), ("", "SEV3"), ("SERVICE_OUTAGE", "SEV1"), ("unheard of", "SEV3")),
    ],
)
def test_providers_words(book: Rulebook, impact: str, severity: str) -> None:
    assert book.severity_of_impact(impact) == severity


def test_the_roles(book: Rulebook) -> None:
    assert list(book.roles) == [
        LEAD,
        "tech-lead",
        "communications-manager",
        "support-lead",
        "social-media-lead",
        "scribe",
        "problem-manager",
        "security-lead",
    ]
    assert all(len(role.duties) >= 3 and role.pool for role in book.roles.values())
    assert book.roles[LEAD].remind_times == 3


def test_names_fit_their_columns(book: Rulebook) -> None:
    assert all(cell_width(name) <= 10 for name in book.channels)
    assert all(cell_width(login) <= 8 for login in book.people)
    assert all(cell_width(level.label) <= 20 for policy in book.policies.values() for level in policy.levels)


def test_a_sev1_that_nobody_answers_pages_level_by_level_at_any_hour(book: Rulebook) -> None:
    entries = _unanswered(book, "SEV1")
    levels = [e.event.level for e in entries if isinstance(e.event, LevelPaged)]
    # R5: at once and again while nobody acknowledges, the second level after 15 minutes, the third after 30 more.
    assert list(zip(levels, _minutes(entries, LevelPaged), strict=True)) == [
        *((1, 0), (1, 5), (1, 10)),
        *((2, 15), (2, 25), (2, 35)),
        *((3, 45), (3, 55), (3, 65)),
    ]
    assert _minutes(entries, EscalationExhausted) == [75]
    first = next(e.event for e in entries if isinstance(e.event, LevelPaged))
    assert {(p.to, p.via) for p in first.pages} == {("jonas", "chat"), ("jonas", "sms")}


def test_the_levels_of_sev1_by_their_own_clocks(book: Rulebook) -> None:
    first, second, third = book.policies["sev1-critical"].levels
    for level, after in ((first, 15), (second, 30), (third, 30)):
        assert level.ack_timeout is not None
        assert level.ack_timeout * (level.repeat + 1) == level.resolve_timeout == timedelta(minutes=after)
    assert first.ack_timeout == timedelta(minutes=5)
    assert [str(t) for t in second.targets] == ["oncall:backup", "oncall:senior"]
    assert [str(t) for t in book.policies["sev1-critical"].then] == ["channel:#incident-major"]


def test_a_sev3_waits_for_monday(book: Rulebook) -> None:
    entries = _unanswered(book, "SEV3")
    planned = next(e.event for e in entries if isinstance(e.event, EscalationPlanned))
    assert planned.start_at == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    monday = (planned.start_at - SATURDAY_NIGHT) / timedelta(minutes=1)
    assert _minutes(entries, LevelPaged) == [monday + m for m in (0, 10, 20, 30, 60, 90)]
    # Nothing else wakes anybody at night: people get their time from Monday morning on.
    others = [e for e in entries if isinstance(e.event, UpdateMissed | RoleMissed)]
    assert others
    assert others[0].at == planned.start_at + timedelta(hours=2)
    assert all(9 <= e.at.hour < 17 and e.at.weekday() < 5 for e in others)


@pytest.mark.parametrize("severity", ["SEV1", "SEV2", "SEV3"])
def test_no_page_of_the_defaults_goes_into_the_void(book: Rulebook, severity: str) -> None:
    entries = _unanswered(book, severity)
    assert not [e for e in entries if isinstance(e.event, LevelSkipped)]
    exhausted = next(e.event for e in entries if isinstance(e.event, EscalationExhausted))
    assert exhausted.why in (Why.ACK_TIMEOUT, Why.RESOLVE_TIMEOUT, Why.UPDATE) and exhausted.pages
    assert all(e.event.pages for e in entries if isinstance(e.event, RoleMissed))


def test_required_roles_are_asked_for_by_their_time(book: Rulebook) -> None:
    entries = _unanswered(book, "SEV1")
    missed = [e.event for e in entries if isinstance(e.event, RoleMissed)]
    asked = zip(missed, _minutes(entries, RoleMissed), strict=True)
    assert {event.role: at for event, at in asked if event.miss == 1} == {
        LEAD: 5,
        "tech-lead": 10,
        "communications-manager": 10,
        "support-lead": 15,
        "scribe": 15,
    }


def test_external_updates_keep_to_half_an_hour(book: Rulebook) -> None:
    for name in ("SEV1", "SEV2"):
        public = next(c for c in book.severities[name].cadence if c.channel == "public")
        assert public.every == timedelta(minutes=30) and public.final is not None
        assert book.channels["public"].audience == "external"
    assert book.watch_channel.name == "public" and book.watch_cadence == timedelta(minutes=30)


def test_everybody_in_the_defaults_can_be_reached_and_nobody_is_real(book: Rulebook) -> None:
    for person in book.people.values():
        assert person.contacts
        for contact in person.contacts:
            if contact.via == "mail":
                assert contact.address.endswith("@example.org")
            elif contact.via in ("sms", "phone"):
                # 070-1740605 to 070-1740699 are kept free for fiction by the Swedish authority PTS.
                assert re.fullmatch(r"\+46 70 174 06 (0[5-9]|[1-9][0-9])", contact.address)


def test_every_file_of_the_defaults_says_what_it_is_for() -> None:
    files = sorted((resource("seed_data") / "rulebook").glob("*.yaml"))
    assert len(files) >= 9
    assert all(file.read_text(encoding="utf-8").startswith("# ") for file in files)


def test_an_incomplete_installation_names_both_places() -> None:
    with pytest.raises(FileNotFoundError, match=r"no_such_folder is neither in .*_data.* nor .*install warroom again"):
        resource("no_such_folder")
