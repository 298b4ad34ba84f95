"""`warroom import`: files in, counts out, nothing twice, and all or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.support import real_data


def incident(name: str, *posts: tuple[str, str, str], closed: str | None = None) -> dict[str, Any]:
    """One incident as a Statuspage API tells it; posts are (id, status, time)."""
    updates = [
        {"id": i, "status": status, "body": f"{name}: {status}", "created_at": at, "display_at": at, "updated_at": at}
        for i, status, at in posts
    ]
    return {
        "id": f"id-{name}",
        "name": name,
        "status": posts[-1][1],
        "impact": "major",
        "created_at": posts[0][2],
        "started_at": posts[0][2],
        "resolved_at": closed,
        "shortlink": f"https://status.example.org/{name}",
        "incident_updates": updates[::-1],
        "components": [],
    }


def page(path: Path, *incidents: dict[str, Any]) -> Path:
    """A file of the Statuspage API."""
    about = {"id": "p1", "name": "Example", "url": "https://status.example.org", "time_zone": "Etc/UTC"}
    path.write_text(json.dumps({"page": about, "incidents": list(incidents)}))
    return path


OPEN = (("a1", "investigating", "2024-03-12T08:00:00Z"), ("a2", "identified", "2024-03-12T08:20:00Z"))
CLOSED = "2024-03-12T09:05:00Z"
OVER = (*OPEN, ("a3", "resolved", CLOSED))


def test_import_counts_and_a_second_time_brings_in_what_is_new(warroom: Cli, tmp_path: Path) -> None:
    file = page(tmp_path / "page.json", incident("one", *OPEN), incident("two", *OVER, closed=CLOSED))
    counted = {"file": str(file), "incidents": 2, "changed_incidents": 0, "unchanged_incidents": 0}
    assert warroom.json("import", "statuspage", str(file)) == {**counted, "new_incidents": 2, "new_updates": 5}
    again = warroom.json("import", "statuspage", str(file))
    assert again == {**counted, "new_incidents": 0, "unchanged_incidents": 2, "new_updates": 0}
    page(file, incident("one", *OVER, closed=CLOSED), incident("two", *OVER, closed=CLOSED))
    assert warroom.out("import", "statuspage", str(file)).splitlines() == [
        "INCIDENTS  NEW  CHANGED  UNCHANGED  NEW UPDATES  FILE",
        f"2          0    1        1          1            {file}",
    ]


def test_imported_incidents_are_watched_and_measured_and_nobody_is_paged(warroom: Cli, tmp_path: Path) -> None:
    file = page(tmp_path / "page.json", incident("one", *OPEN), incident("two", *OVER, closed=CLOSED))
    result = warroom("import", "statuspage", str(file), "--provider", "example")
    assert result.exit_code == 0
    (live,) = warroom.json_lines("list")
    assert (live["provider"], live["source_id"], live["severity"]) == ("example", "id-one", "SEV1")
    assert live["escalation"]["phase"] == "none"
    assert live["deadlines"] == []
    assert live["streams"][0]["count"] == 2
    assert live["streams"][0]["late"] is True
    gaps = warroom.json("gaps", "2")
    assert gaps["provider"] == "example"
    assert gaps["gaps_min"] == {"start_to_first": [], "between": [20.0], "last_to_resolved": [45.0]}
    assert gaps["max_gap_min"] == 45.0
    assert warroom("ack", "1").exit_code == 1


def test_several_files_are_counted_one_by_one(warroom: Cli, tmp_path: Path) -> None:
    first = page(tmp_path / "1.json", incident("one", *OPEN))
    second = page(tmp_path / "2.json", incident("one", *OVER, closed=CLOSED), incident("two", *OPEN))
    told = warroom.json_lines("import", "statuspage", str(first), str(second))
    assert [(t["new_incidents"], t["changed_incidents"], t["new_updates"]) for t in told] == [(1, 0, 2), (1, 1, 3)]


def test_one_bad_file_and_nothing_is_imported(warroom: Cli, tmp_path: Path) -> None:
    good, bad = page(tmp_path / "good.json", incident("one", *OPEN)), tmp_path / "bad.json"
    bad.write_text('{"page": {"id": "p1"}, "incidents": [')
    result = warroom("import", "statuspage", str(good), str(bad))
    assert result.exit_code == 1
    assert str(bad) in result.stderr
    assert result.stdout == ""
    assert not warroom.db.exists()


def test_a_file_of_another_kind_is_named(warroom: Cli, tmp_path: Path) -> None:
    file = page(tmp_path / "page.json", incident("one", *OPEN))
    result = warroom("import", "gcp", str(file))
    assert result.exit_code == 1
    assert "warroom import statuspage" in result.stderr
    assert warroom("import", "rss", str(file)).exit_code == 2
    assert warroom("import", "gcp").exit_code == 2


@pytest.mark.parametrize(
    ("form", "parts", "provider", "count"),
    [
        ("github-atom", ("github", "history.atom"), "github", 418),
        ("gcp", ("gcp", "incidents.json"), "gcp_wire_2021_22", 79),
    ],
)
def test_gaps_of_real_incidents(warroom: Cli, form: str, parts: tuple[str, ...], provider: str, count: int) -> None:
    """End to end: as published, in and out again, against figures that were computed independently."""
    file, key = real_data("incidents", *parts), real_data("gaps_answer_key.jsonl")
    told = warroom.json("import", form, str(file), "--provider", provider)
    assert (told["incidents"], told["new_incidents"]) == (count, count)
    found = {line["source_id"]: line for line in warroom.json_lines("gaps", "--all")}
    assert len(found) == count
    expected = [line for line in map(json.loads, key.read_text().splitlines()) if line["provider"] == provider]
    assert len(expected) == count
    same = 0
    for line in expected:
        gaps = found[line["id"]]
        assert gaps["max_gap_min"] == line["max_gap_min"], line["id"]
        for member in ("start", "first_update", "closed"):
            assert gaps[member] == line[member], line["id"]
        same += gaps["gaps_min"] == line["gaps_min"]
    # Posts of the closing minute itself are one announcement here and several in the key, in two incidents.
    assert same >= count - 2
