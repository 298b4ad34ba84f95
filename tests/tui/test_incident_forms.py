"""The forms about the incident itself: declare from one line, resolve, assess, details, links, topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.driving import screen_text, settle
from tests.tui.fixtures import NOW, SEV1, SEV2, SEV3, STATUSES, cards_detail, cards_line, small_view
from tests.tui.harness import BoardApp
from tests.tui.known import ASSESSMENT, FACTS, LINKS, WORDS
from tests.tui.test_dialogs import NOTHING, ask, keys, press
from warroom.domain.incident import Amend, Assess, Merge, SetSeverity
from warroom.domain.links import AddLink, Relate, Relation, RemoveLink, Unrelate
from warroom.tui import dialogs
from warroom.tui.incident_acts import link_command, severity_command, words_of
from warroom.tui.incident_panel import known
from warroom.tui.moments import shown, typed_past
from warroom.tui.pieces import line_width, plain
from warroom.tui.widgets.choices import Choices
from warroom.views import Catalogue

FACES = (SEV1, SEV2, SEV3)


def declare_dialog() -> dialogs.DeclareDialog:
    return dialogs.DeclareDialog(FACES, WORDS, lambda: NOW)


# Declare -------------------------------------------------------------------------------------------------------------


def test_declaring_takes_one_line_and_one_key() -> None:
    assert ask(declare_dialog(), keys("=Git down", "enter")) == dialogs.Declared("Git down", "SEV1")


def test_what_is_understood_is_shown_before_it_is_sent() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "=SEV3 cards fail @payments-api since 20m")
        text = screen_text(app)
        assert "SEV3 (as you wrote) · payments-api, tier 1 · since" in text
        assert "“cards fail”" in text
        assert app.screen.query_one("#service", Input).value == "payments-api"
        await press(app, pilot, "enter")

    assert ask(declare_dialog(), steps) == dialogs.Declared(
        "cards fail", "SEV3", "payments-api", started_at=NOW - timedelta(minutes=20)
    )


def test_a_default_is_called_one() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "=odd")
        assert "SEV2 (the default) · service unknown · start unknown" in screen_text(app)
        await press(app, pilot, "= @payments-api ")
        assert "SEV1 (tier 1)" in screen_text(app)
        await press(app, pilot, "=slow")
        assert "SEV3 (because of “slow”)" in screen_text(app)

    ask(declare_dialog(), steps)


def test_what_was_chosen_by_hand_stays_while_the_line_goes_on() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "=Git down", "tab", "down", "tab", "=search", "shift+tab", "shift+tab", "end")
        await press(app, pilot, "= @git since 10m")
        assert "SEV2 (by hand)" in screen_text(app)
        await press(app, pilot, "enter")

    result = ask(declare_dialog(), steps)
    assert (result.title, result.severity, result.service) == ("Git down", "SEV2", "search")


def test_a_severity_that_is_written_counts_before_the_one_that_was_chosen() -> None:
    steps = keys("=Git down", "tab", "end", "shift+tab", "end", "= SEV2", "enter")
    assert ask(declare_dialog(), steps).severity == "SEV2"


def test_a_service_is_completed_within_the_line() -> None:
    result = ask(declare_dialog(), keys("=Git is odd @gi", "right", "= today", "enter"))
    assert (result.title, result.service) == ("Git is odd today", "git")


def test_a_service_that_nobody_knows_stays_in_the_title_and_it_is_said() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "=odd @nothing-like-it")
        assert "@nothing-like-it is in no catalogue" in screen_text(app)
        await press(app, pilot, "enter")

    assert ask(declare_dialog(), steps).title == "odd @nothing-like-it"


def test_what_is_missing_or_wrong_is_said_and_the_form_stays() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "=SEV1", "enter")
        assert "✗ say in a few words what happens" in screen_text(app)
        await press(app, pilot, "end", "= x", "tab", "tab", "tab", "=soon", "enter")
        assert "✗ Since: type minutes ago (20m)" in screen_text(app)
        assert app.screen.query_one("#began", Input).has_focus

    assert ask(declare_dialog(), steps) is NOTHING


def test_more_can_be_said_in_the_same_form() -> None:
    steps = keys("=Git down", *["tab"] * 4, "=no push works", "tab", "=Git, Web", "ctrl+s")
    result = ask(declare_dialog(), steps)
    assert (result.description, result.products) == ("no push works", ("Git", "Web"))


def test_the_words_of_a_line_are_those_of_the_catalogue() -> None:
    catalogue = Catalogue(
        severities=(SEV2, SEV1),
        services=("git", "web"),
        impact_words=(("down", "SEV1"),),
        service_tiers=(("git", "2"),),
        tiers=(("2", "SEV2"),),
        usual="SEV2",
    )
    words = words_of(catalogue)
    assert list(words.severities) == ["SEV1", "SEV2"] and words.services == {"git": "2", "web": ""}
    assert (words.words, words.tiers, words.usual) == ({"down": "SEV1"}, {"2": "SEV2"}, "SEV2")


# Status --------------------------------------------------------------------------------------------------------------


def status_dialog() -> dialogs.StatusDialog:
    return dialogs.StatusDialog(cards_line(), STATUSES, FACTS, lambda: NOW)


def test_to_resolve_it_the_times_that_nobody_said_are_asked_for() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        text = screen_text(app)
        assert "Detected" in text and "Mitigated" in text and "Ended" in text
        assert "Started" not in text, "somebody has said that"
        assert "still open: child INC-7 roll back" in text and "still open: task 12" in text
        await press(app, pilot, "tab", "=over", "tab", "=60m", "tab", "=10m", "tab", "=5m")
        assert "! detected" in screen_text(app), "it was found before it began"
        await press(app, pilot, "ctrl+s")

    assert ask(status_dialog(), steps, (80, 30)) == dialogs.StatusChange(
        "resolved",
        "over",
        (
            ("detected_at", NOW - timedelta(minutes=60)),
            ("mitigated_at", NOW - timedelta(minutes=10)),
            ("ended_at", NOW - timedelta(minutes=5)),
        ),
    )


def test_of_another_stage_no_time_is_asked() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "home")
        assert "Detected" not in screen_text(app) and "still open" not in screen_text(app)
        await press(app, pilot, "ctrl+s")

    assert ask(status_dialog(), steps) == dialogs.StatusChange("new", "")


def test_a_time_that_is_none_keeps_the_form() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "tab", "tab", "=whenever", "ctrl+s")
        assert "✗ Detected: type minutes ago" in screen_text(app)

    assert ask(status_dialog(), steps) is NOTHING


# Severity ------------------------------------------------------------------------------------------------------------


def severity_dialog() -> dialogs.SeverityDialog:
    return dialogs.SeverityDialog(cards_line(), FACES, ASSESSMENT)


def test_what_another_severity_changes_is_said_before_it_is_set() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "as it is now" in screen_text(app)
        await press(app, pilot, "down")
        assert "· public: every 1h (now 30m)" in screen_text(app)
        await press(app, pilot, "ctrl+s")
        assert "✗ say why" in screen_text(app)
        await press(app, pilot, "=some only", "enter")

    assert ask(severity_dialog(), steps, (80, 40)) == dialogs.SeverityChange("SEV2", "some only")


def test_the_table_proposes_and_a_person_decides() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "tab", "tab", "down", "down", "tab", "down", "down")
        assert "the table proposes SEV3" in screen_text(app)
        assert app.screen.query_one("#severity", Choices).value == "SEV3"
        await press(app, pilot, "shift+tab", "shift+tab", "shift+tab", "up")
        assert "the table proposes SEV3; you have chosen SEV2" in screen_text(app)
        await press(app, pilot, "ctrl+s")

    assert ask(severity_dialog(), steps, (80, 40)) == dialogs.SeverityChange("SEV2", "", "some", "low")


def test_answers_are_kept_with_the_severity_as_it_is() -> None:
    steps = keys("tab", "tab", "tab", "tab", "=no card is taken", "ctrl+s")
    result = ask(severity_dialog(), steps, (80, 40))
    assert result == dialogs.SeverityChange("SEV1", "", answers=((ASSESSMENT.questions[0][0], "no card is taken"),))
    assert severity_command(result, "SEV1") == Assess(answers=result.answers, to="", seen="SEV1")


def test_nothing_new_is_no_assessment() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "ctrl+s")
        assert "✗ it is SEV1 already; choose another, or answer a question" in screen_text(app)

    assert ask(severity_dialog(), steps) is NOTHING


def test_the_command_of_a_severity() -> None:
    assert severity_command(dialogs.SeverityChange("SEV2", "why"), "SEV1") == SetSeverity("SEV2", "why", "SEV1")
    chosen = dialogs.SeverityChange("SEV2", "", "some", "low")
    assert severity_command(chosen, "SEV1") == Assess("some", "low", (), "SEV2", "", "SEV1")


# Details -------------------------------------------------------------------------------------------------------------


def details_dialog() -> dialogs.DetailsDialog:
    detail = replace(cards_detail(), facts_of=FACTS, topic="INC-142 SEV1 · cards")
    return dialogs.DetailsDialog(detail, lambda: NOW, services=("git",))


def test_what_is_unknown_is_called_so_and_what_the_catalogue_says_is_told_apart() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        text = screen_text(app)
        assert "eu-west (catalogue)" in text and "unknown; none, some, all" in text and "INC-142 SEV1 · cards" in text
        assert "owner team: payments" in text

    ask(details_dialog(), steps, (100, 50))


def put(name: str, value: str) -> Any:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.screen.query_one(f"#{name}", Input).value = value
        await settle(pilot)
        await press(app, pilot, "ctrl+s")

    return steps


@pytest.mark.parametrize(
    ("name", "typed", "value", "seen"),
    [
        ("service", "git", "git", "payments-api"),
        ("products", "Cards,, Web ", ("Cards", "Web"), "Cards, Tills"),
        ("external", "5,000", 5000, "4000"),
        ("cases", "+4", 7, "3"),
        ("detected_at", "30m", NOW - timedelta(minutes=30), ""),
        ("started_at", "50m", NOW - timedelta(minutes=50), (NOW - timedelta(minutes=41)).isoformat()),
    ],
)
def test_only_what_was_changed_is_corrected_with_what_was_seen(name: str, typed: str, value: object, seen: str) -> None:
    result = ask(details_dialog(), put(name, typed))
    assert (result.changed, result.seen, result.unknown) == ({name: value}, {name: seen}, ())
    Amend(seen=result.seen, **result.changed)


@pytest.mark.parametrize("name", ["external", "started_at"])
def test_what_is_emptied_is_unknown_after_all(name: str) -> None:
    result = ask(details_dialog(), put(name, ""))
    assert (result.changed, result.unknown) == ({}, (name,))


@pytest.mark.parametrize(("name", "typed"), [("cases", "many"), ("detected_at", "soon"), ("title", "")])
def test_what_cannot_be_read_keeps_the_form(name: str, typed: str) -> None:
    assert ask(details_dialog(), put(name, typed)) is NOTHING


def test_nothing_changed_is_no_correction() -> None:
    assert ask(details_dialog(), keys("ctrl+s")) is NOTHING


def test_a_time_that_cannot_be_true_is_pointed_out_and_taken() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.screen.query_one("#detected_at", Input).value = "60m"
        await settle(pilot)
        assert "! detected" in screen_text(app)
        await press(app, pilot, "ctrl+s")

    assert ask(details_dialog(), steps, (100, 50)).changed == {"detected_at": NOW - timedelta(minutes=60)}


# Links ---------------------------------------------------------------------------------------------------------------


def links_dialog() -> dialogs.LinksDialog:
    return dialogs.LinksDialog(cards_line(), LINKS, [replace(cards_line(), key="INC-9", title="[/] other")])


@pytest.mark.parametrize(
    ("down", "typed", "command"),
    [
        (0, "#inc-1", AddLink("chat", "#inc-1")),
        (3, "JIRA-1", AddLink("ticket", "JIRA-1")),
        (4, "dashboard https://x.example", AddLink("dashboard", "https://x.example")),
        (5, "9", Relate(Relation.RELATED, "INC-9")),
        (6, "inc-9", Relate(Relation.CAUSED_BY, "INC-9")),
        (8, "#9", Relate(Relation.PART_OF, "INC-9")),
        (9, "INC-9", Merge("INC-9")),
    ],
)
def test_what_is_chosen_is_linked(down: int, typed: str, command: object) -> None:
    wish = ask(links_dialog(), keys(*["down"] * down, "tab", f"={typed}", "enter"))
    assert link_command(wish) == command


def test_work_is_split_off() -> None:
    wish = ask(links_dialog(), keys(*["down"] * 10, "tab", "=roll back", "enter"))
    assert (wish.what, wish.to) == (dialogs.SPLIT, "roll back")


def test_what_is_there_can_be_taken_away() -> None:
    wish = ask(links_dialog(), keys(*["down"] * 11, "ctrl+s"))
    assert link_command(wish) == RemoveLink("chat", "#inc-142")
    wish = ask(links_dialog(), keys("end", "tab", "tab", "=not so", "enter"))
    assert link_command(wish) == Unrelate("INC-141", "not so")


def test_the_incident_that_is_named_is_shown() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "caused by  INC-141  Deploy 8812  investigating" in screen_text(app)
        await press(app, pilot, *["down"] * 5, "tab", "=INC-9")
        assert "[/] other (" in screen_text(app)

    ask(links_dialog(), steps, (80, 30))


@pytest.mark.parametrize("down", [0, 4, 5, 10])
def test_nothing_typed_is_nothing_linked(down: int) -> None:
    assert ask(links_dialog(), keys(*["down"] * down, "tab", "enter")) is NOTHING


def test_another_address_needs_a_name() -> None:
    assert ask(links_dialog(), keys(*["down"] * 4, "tab", "=https://x", "enter")) is NOTHING


# Moments and rows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["20", "20m", "20m ago", "1h30m", "00:00", "now", "2024-03-13 13:40", "2024-03-13"])
def test_a_moment_that_was_typed_stands_there_as_it_can_be_typed(text: str) -> None:
    at = typed_past(text, NOW)
    assert at <= NOW
    again = shown(at, NOW)
    assert typed_past(again, NOW) == at.replace(second=0, microsecond=0)


@pytest.mark.parametrize("text", ["", "soon", "2999-01-01", "25:00"])
def test_what_is_no_moment_says_what_to_type(text: str) -> None:
    with pytest.raises(ValueError, match="type"):
        typed_past(text, NOW)


@pytest.mark.parametrize("width", [36, 60, 96])
def test_what_is_known_fits(width: int) -> None:
    detail = replace(cards_detail(), facts_of=replace(FACTS, warnings=("결제 " * 20,)), links=LINKS, topic="x " * 100)
    rows = known(detail, NOW, width)
    assert rows and all(line_width(row) <= width for row in rows)
    text = "\n".join(plain(row) for row in rows)
    for word in ("#incident-warroom", "#inc-142", "INC-141", "unknown", "detected", "domain=payments"):
        assert word in text.replace("\n", " "), word


def test_every_form_fits_the_smallest_screen() -> None:
    for make in (declare_dialog, status_dialog, severity_dialog, details_dialog, links_dialog):

        async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
            assert max(len(line) for line in screen_text(app).splitlines()) <= 60
            assert "esc cancel" in screen_text(app)

        ask(make(), steps, (60, 20))
    assert small_view()
