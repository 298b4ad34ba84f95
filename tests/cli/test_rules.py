"""`warroom rules`, and what rules do to incidents that are declared on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import BOOK, Cli
from tests.intake.real_data import INCIDENTS, needs_real_data
from warroom.resources import resource
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import load_rulebook, read_rulebook

RULES = """\
rules:
  shop:
    about: money is at stake
    when: { service: [till, shop], environment: prod* }
    then: { severity: SEV2 or worse, priority: P1, notify: "person:cy" }
  again:
    when: { repeats: { same: service, within: 1h } }
    then: { raise: 1 }
  tests:
    when: { source: synthetic }
    then: { suppress: a test of the monitoring }
  smoke:
    when: { source: smoke }
    then: { suppress: a smoke test, for: 4h }
  storm:
    when: { source: prometheus }
    then: { group: {}, priority: P2 }
"""
EXPECTED = ("shop", "again", "tests", "smoke", "storm")


@pytest.fixture
def ruled(warroom: Cli) -> Cli:
    """A room under rules, without an incident."""
    book = read_rulebook({"book.yaml": BOOK, "rules.yaml": RULES.encode()})
    begin(warroom, book)
    return warroom


def begin(warroom: Cli, book: Loaded) -> None:
    """Make the room with these rules."""
    warroom.book = book
    with warroom.session():
        pass


def declare(warroom: Cli, title: str, *more: str, severity: str = "SEV3") -> Any:
    """Declare an incident and return what is printed of it as JSON."""
    return warroom.json("declare", title, "--severity", severity, *more)


def test_the_rules_in_force_are_listed_in_order_and_in_words(ruled: Cli) -> None:
    assert [line["rule"] for line in ruled.json_lines("rules", "list")] == list(EXPECTED)
    first = ruled.json_lines("rules", "list")[0]
    assert first["when"] == "service till or shop, environment prod*"
    assert first["then"] == ["severity SEV2 or worse", "priority P1", "tell person:cy"]
    text = ruled.out("rules", "list")
    assert "shop  money is at stake\n  when  service till or shop, environment prod*\n" in text
    assert "  then  page nobody: a test of the monitoring\n" in text


def test_a_room_without_rules_says_so(room: Cli) -> None:
    result = room("rules", "list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no rule is in force" in result.stderr


def test_what_is_declared_follows_the_rules_and_tells_which(ruled: Cli) -> None:
    said = ruled.out("declare", "No sales", "--severity", "SEV3", "--service", "till", "--env", "production")
    assert "rule shop: severity SEV2, priority P1, tells person:cy" in said
    shown = ruled.json("show", "1")
    assert shown["severity"] == "SEV2"
    assert "shop: severity SEV2; priority P1; tells person:cy (service till, environment production)" in ruled.out(
        "log", "1"
    )


def test_the_same_service_again_within_an_hour(ruled: Cli) -> None:
    declare(ruled, "One", "--service", "till")
    ruled.clock.advance(59)
    assert declare(ruled, "Two", "--service", "till")["severity"] == "SEV2"
    ruled.clock.advance(61)
    assert declare(ruled, "Three", "--service", "till")["severity"] == "SEV3"


def test_what_is_suppressed_pages_nobody_until_somebody_lifts_it(ruled: Cli) -> None:
    shown = declare(ruled, "Probe failed", "--source", "synthetic", severity="SEV1")
    assert shown["escalation"]["phase"] == "stopped"
    assert shown["labels"]["suppressed"] == "tests"
    assert "say why" not in ruled("rules", "lift", "1", "--reason", "it is real").output
    assert ruled.json("show", "1")["escalation"]["level"] == 1
    assert "not held back" in ruled("rules", "lift", "1", "--reason", "again").stderr


def test_what_is_held_back_says_why_and_until_when(ruled: Cli) -> None:
    assert declare(ruled, "Smoke", "--source", "smoke", severity="SEV1")["held"] == {
        "why": "suppressed by rule smoke: a smoke test",
        "key": "",
        "until": "2024-03-13T14:00:00Z",
    }
    declare(ruled, "Till is down", "--service", "till", severity="SEV1")
    joined = declare(ruled, "No sales", "--service", "till", "--source", "prometheus", "--tier", "2", severity="SEV1")
    assert joined["held"] == {
        "why": "grouped with OPS-2 by rule storm",
        "key": "OPS-2",
        "until": "2024-03-13T10:05:00Z",
    }
    assert (joined["priority"], joined["source"], joined["tier"]) == ("P2", "prometheus", "2")
    assert {each["name"] for each in joined["deadlines"]} == {"hold:OPS-2"}
    probe = declare(ruled, "Probe failed", "--source", "synthetic")
    assert probe["held"] == {"why": "suppressed by rule tests: a test of the monitoring", "key": "", "until": None}
    assert ruled.json("show", "2")["held"] is None
    pages = {
        "1": "nobody is paged: suppressed by rule smoke: a smoke test; until 14:00",
        "3": "nobody is paged: grouped with OPS-2 by rule storm; looked at again 10:05",
        "4": "nobody is paged: suppressed by rule tests: a test of the monitoring; until somebody lifts that",
    }
    for key, said in pages.items():
        assert said in ruled.out("show", key).splitlines()
    assert "nobody is paged:" not in ruled.out("show", "2")
    assert ruled.out("rules", "lift", "3", "--reason", "it is another one").startswith(
        "OPS-3 paging after all: it is another one"
    )
    assert "nobody is paged:" not in ruled.out("show", "3")


def test_forecast_and_why_tell_of_a_hold(ruled: Cli) -> None:
    declare(ruled, "Smoke", "--source", "smoke", severity="SEV1")
    first, *more = ruled.json_lines("forecast", "1")
    assert (first["at"], first["kind"]) == ("2024-03-13T14:00:00Z", "hold_lifted")
    assert "ada" in {page["to"] for line in more for page in line["pages"]}
    assert "paging after all: rule smoke suppresses for 4h at the most" in ruled.out("forecast", "1")
    assert "rule smoke: nobody is paged until Wed 13 Mar 14:00 UTC: a smoke test" in ruled.out("why", "1", "ada")


def test_what_is_known_of_an_incident_is_shown(ruled: Cli) -> None:
    facts = {"environment": "test", "region": "eu", "tier": "2", "impact": "some", "reporter": "cy"}
    options = {"environment": "env"}
    given = [text for name, value in facts.items() for text in (f"--{options.get(name, name)}", value)]
    shown = declare(ruled, "No sales", *given, "--detection", "a customer", "--source", "desk")
    assert {
        **facts,
        "detection": "a customer",
        "source": "desk",
        "owner": "",
        "merged_into": "",
    }.items() <= shown.items()
    page = ruled.out("show", "1")
    for said in ("environment test", "region eu", "tier 2", "impact some", "reported by cy", "found by a customer"):
        assert said in page
    assert ruled.json("amend", "1", "--tier", "1")["tier"] == "1"


def test_duplicates_say_where_they_are_worked_on(ruled: Cli) -> None:
    declare(ruled, "No sales", "--service", "till")
    declare(ruled, "Till is down", "--service", "web")
    assert ruled.json("merge", "1", "2")["merged_into"] == "OPS-2"
    assert ruled.json("show", "2")["absorbed"] == ["OPS-1"]
    assert "a duplicate of OPS-2, where it is worked on" in ruled.out("show", "1").splitlines()
    assert "duplicates of it: OPS-1" in ruled.out("show", "2").splitlines()


def test_a_correction_asks_the_rules_again(ruled: Cli) -> None:
    declare(ruled, "No sales", "--service", "till")
    said = ruled.out("amend", "1", "--env", "prod-eu", "--label", "shift=night", "--region", "eu", "--impact", "all")
    assert "rule shop: severity SEV2" in said
    assert ruled.json("show", "1")["labels"] == {"shift": "night"}
    ruled.out("amend", "1", "--label", "shift=")
    assert ruled.json("show", "1")["labels"] == {}


# Trying --------------------------------------------------------------------------------------------------------------


def test_trying_compares_with_what_is_in_force(ruled: Cli, tmp_path: Path) -> None:
    declare(ruled, "No sales", "--service", "till", "--env", "prod")
    ruled.clock.advance(5)
    declare(ruled, "Slow", "--service", "web")
    file = tmp_path / "mine.yaml"
    file.write_text(
        "rules:\n"
        "  slow: { when: { title: slow }, then: { severity: SEV1, policy: calm } }\n"
        "  nothing: { when: { title: never }, then: { raise: 1 } }\n"
    )
    before = ruled.json_lines("log", "1")
    trial = ruled.json("rules", "try", str(file))
    assert [(rule["rule"], rule["held"], rule["did"], rule["held_in_force"]) for rule in trial["rules"]] == [
        ("slow", 1, 1, None),
        ("nothing", 0, 0, None),
    ]
    assert (trial["incidents"], trial["raised"], trial["milder"], trial["never"]) == (2, 1, 1, ["nothing"])
    first, second = trial["changed"]
    assert (first["key"], first["severity_before"], first["severity_after"]) == ("OPS-1", "SEV2", "SEV3")
    assert first["differences"] == ["SEV2 → SEV3", "- priority P1", "- tells person:cy"]
    assert (second["key"], second["rules_after"]) == ("OPS-2", ["slow"])
    assert second["differences"] == ["SEV3 → SEV1", "+ policy calm"]
    text = ruled.out("rules", "try", str(file))
    assert text.startswith(
        "2 incidents, 2024-03-13 to 2024-03-13: 2 would have got something else\n1 worse, 1 milder\n"
    )
    assert "nothing  never" in text
    # Nothing was written.
    assert ruled.json_lines("log", "1") == before


def test_the_same_rules_change_nothing_and_without_a_file_they_are_held_against_none(
    ruled: Cli, tmp_path: Path
) -> None:
    declare(ruled, "No sales", "--service", "till", "--env", "prod")
    declare(ruled, "Probe", "--source", "synthetic")
    file = tmp_path / "rules.yaml"
    file.write_text(RULES)
    assert ruled.json("rules", "try", str(file))["changed"] == []
    trial = ruled.json("rules", "try")
    assert (len(trial["changed"]), trial["raised"], trial["silenced"]) == (2, 1, 1)
    assert ruled.json("rules", "try", "--last", "1")["incidents"] == 1


def test_a_directory_is_a_whole_rulebook(ruled: Cli, tmp_path: Path) -> None:
    declare(ruled, "No sales", "--service", "till", "--env", "prod")
    (tmp_path / "book.yaml").write_bytes(BOOK)
    trial = ruled.json("rules", "try", str(tmp_path))
    assert (trial["rules"], trial["milder"]) == ([], 1)
    (tmp_path / "book.yaml").write_text(RULES)
    result = ruled("rules", "try", str(tmp_path))
    assert result.exit_code != 0
    assert "is missing" in result.stderr


def test_a_file_that_is_wrong_is_told_with_its_place(ruled: Cli, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("rules:\n  slow: { when: { titel: slow }, then: { raise: 1 } }\n")
    result = ruled("rules", "try", str(file))
    assert result.exit_code != 0
    assert 'mine.yaml:2:19: rules.slow.when.titel: "titel"' in result.stderr
    missing = ruled("rules", "try", str(tmp_path / "none.yaml"))
    assert missing.exit_code != 0
    assert "none.yaml: is not a plain file" in missing.stderr


def test_without_an_incident_there_is_nothing_to_try_on(ruled: Cli) -> None:
    result = ruled("rules", "try")
    assert result.exit_code == 0
    assert "no incident here" in result.stderr


STATUSPAGE = {
    "page": {"id": "p1", "name": "Example", "url": "https://status.example.org"},
    "incidents": [
        {
            "id": f"i{n}",
            "name": title,
            "impact": impact,
            "status": "resolved",
            "created_at": f"2024-03-12T{hour}:00Z",
            "resolved_at": f"2024-03-12T{hour}:45Z",
            "incident_updates": [
                {
                    "id": f"u{n}",
                    "status": "investigating",
                    "body": body,
                    "created_at": f"2024-03-12T{hour}:00Z",
                    "display_at": f"2024-03-12T{hour}:00Z",
                    "affected_components": [{"code": "c", "name": component}],
                }
            ],
            "components": [{"id": "c", "name": component}],
        }
        for n, (title, impact, hour, component, body) in enumerate(
            (
                ("Errors", "minor", "10:00", "Shop", "Requests fail"),
                ("Errors again", "minor", "10:30", "Shop", "Requests fail"),
                ("Down", "critical", "12:00", "Search", "A breach is suspected"),
            )
        )
    ],
}


def test_imported_histories_can_be_tried_on(ruled: Cli, tmp_path: Path) -> None:
    history, file = tmp_path / "incidents.json", tmp_path / "mine.yaml"
    history.write_text(json.dumps(STATUSPAGE))
    ruled.out("import", "statuspage", str(history), "--provider", "example")
    declare(ruled, "Our own")
    file.write_text(
        "rules:\n"
        "  shop: { when: { service: shop, environment: production, source: example }, then: { labels: { a: b } } }\n"
        "  again: { when: { repeats: { same: service, within: 1h } }, then: { raise: 1 } }\n"
        "  breach: { when: { text: breach, impact: critical }, then: { priority: P1 } }\n"
    )
    trial = ruled.json("rules", "try", str(file), "--provider", "example")
    assert [(rule["rule"], rule["held"]) for rule in trial["rules"]] == [("shop", 2), ("again", 1), ("breach", 1)]
    assert trial["incidents"] == 3
    assert [(each["title"], each["severity_after"]) for each in trial["changed"]] == [
        ("Errors", "SEV3"),
        ("Errors again", "SEV2"),
        ("Down", "SEV1"),
    ]
    assert ruled.json("rules", "try", str(file))["incidents"] == 4
    assert ruled.json("rules", "try", str(file), "--provider", "nobody")["incidents"] == 0


@needs_real_data
def test_the_default_rules_on_a_real_history(warroom: Cli) -> None:
    file = INCIDENTS / "gcp" / "incidents.json"
    begin(warroom, load_rulebook(resource("seed_data") / "rulebook"))
    imported = warroom.json("import", "gcp", str(file))
    trial = warroom.json("rules", "try", "--last", "1000")
    assert trial["incidents"] == imported["new_incidents"] > 50
    held = {rule["rule"]: rule["held"] for rule in trial["rules"]}
    assert held["production-customers"] > 0
    assert held["same-again"] > 0
    assert all(each["severity_after"] <= each["severity_before"] for each in trial["changed"])
