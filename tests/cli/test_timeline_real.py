"""The timeline of incidents that providers published themselves: their silences are those of the answer key."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from tests.cli.conftest import Cli
from tests.intake.real_data import DATA, INCIDENTS, needs_real_data
from warroom.domain.text import cell_width
from warroom.tui.clockface import length

pytestmark = needs_real_data

SOURCES = [
    ("github-atom", INCIDENTS / "github" / "history.atom", "github"),
    ("gcp", INCIDENTS / "gcp" / "incidents.json", "gcp"),
]


@pytest.fixture(scope="module")
def answers() -> dict[tuple[str, str], dict[str, object]]:
    rows = [json.loads(line) for line in (DATA / "gaps_answer_key.jsonl").read_text().splitlines()]
    return {(row["provider"], row["id"]): row for row in rows}


@pytest.mark.parametrize(("form", "file", "provider"), SOURCES)
def test_the_silences_of_a_real_history(warroom: Cli, answers, form, file, provider) -> None:
    warroom.clock.now = datetime.fromisoformat("2026-12-01T00:00:00+00:00")
    warroom.out("import", form, str(file))
    reports = [report for report in warroom.json_lines("gaps", "--all") if report["max_gap_min"] is not None]
    assert len(reports) > 50
    reports.sort(key=lambda report: -len(report["gaps_min"]["between"]))
    most_posts, longest = reports[:4], sorted(reports, key=lambda report: -report["max_gap_min"])[:4]
    for report in (*most_posts, *longest, *reports[20:200:40]):
        found = warroom.json("timeline", report["key"])
        (lane,) = found["lanes"]
        minutes: dict[str, list[float]] = {"start_to_first": [], "between": [], "last_to_resolved": []}
        for silence in lane["silences"]:
            minutes[silence["kind"]].append(round(silence["length_s"] / 60, 2))
        if report["start"] is None:
            minutes["start_to_first"] = []  # the axis begins with the first post
        assert minutes == report["gaps_min"]
        answer = answers.get((provider, report["source_id"]))
        if answer is not None:
            assert report["max_gap_min"] == answer["max_gap_min"]
        largest = found["gaps"][found["largest"] - 1]["silence"]["length_s"]
        assert round(largest / 60, 2) == report["max_gap_min"]
        for width in (60, 120):
            out = warroom.out("timeline", report["key"], "--width", str(width))
            assert max(cell_width(line) for line in out.splitlines()) <= width
            assert f"largest gap {length(timedelta(seconds=largest))}" in out
