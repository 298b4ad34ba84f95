from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.intake.reading import FIXTURES, NOW, fixture, gaps, utc
from warroom.intake.histories.read import read_history
from warroom.intake.history import HistoryError, HistoryFormat, Phase


def test_an_incident_closes_with_the_first_post_after_its_end() -> None:
    tides, *_ = fixture("gcp.json")
    assert (tides.provider, tides.source_id, tides.impact) == ("gcp", "wG7aKqTidesHarbour1", "medium")
    assert tides.title == "Tide tables are late in two harbours"
    assert tides.components == ("Tide Tables", "Harbour Bells")
    assert tides.url == "https://status.cloud.google.com/incidents/wG7aKqTidesHarbour1"
    assert tides.start == utc("2024-05-01T07:40")
    assert tides.closed == utc("2024-05-01T10:04:30")
    assert [u.phase for u in tides.updates] == [
        Phase.INVESTIGATING,
        Phase.UPDATE,
        Phase.RESOLVED,
        Phase.POSTMORTEM,
    ]
    assert gaps(tides) == ([22.0], [30.0], [92.5])


def test_an_end_that_no_post_follows_closes_by_itself() -> None:
    *_, horn = fixture("gcp.json")
    assert horn.closed == utc("2024-07-01T12:00")
    assert [u.phase for u in horn.updates] == [Phase.INVESTIGATING, Phase.RESOLVED]
    assert gaps(horn) == ([20.0], [99.97], [0.03])


def test_without_an_end_an_incident_is_open() -> None:
    _, bells, _ = fixture("gcp.json")
    assert bells.closed is None
    assert bells.impact == "service_information"
    assert bells.components == ("Harbour Bells",)
    assert bells.url == ""


def test_of_growing_snapshots_the_last_counts() -> None:
    (ferry,) = fixture("gcp_growing.json")
    assert ferry.start == utc("2024-08-01T08:30")
    assert ferry.closed == utc("2024-08-01T09:45")
    assert [u.text for u in ferry.updates] == ["Ferry is late.", "Ferry is in."]


def test_ids_of_posts_outlive_edits_and_other_spellings_of_a_time(tmp_path: Path) -> None:
    (grown,) = json.loads((FIXTURES / "gcp_growing.json").read_text())
    versions = []
    for snapshot in grown["snapshots"]:
        path = tmp_path / "incidents.json"
        path.write_text(json.dumps([snapshot]))
        (incident,) = read_history(HistoryFormat.GCP, path, now=NOW)
        versions.append([update.source_id for update in incident.updates])
    assert versions[0] == ["ferry|2024-08-01T09:00:00Z@2024-08-01T09:00:00Z"]
    assert versions[1][:1] == versions[0]
    assert len(versions[1]) == 2


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("updates",), None, "[0].updates: must be a list, but is null"),
        (("updates", 1, "when"), "soon", '[0].updates[1].when: "soon" is not a time'),
        (("updates", 1, "when"), "2024-05-01T10:00:00", "has no offset from UTC"),
        (("updates", 1, "text"), 7, "[0].updates[1].text: must be a text, but is a number"),
        (("updates", 1), "x", "[0].updates[1]: must be an object, but is a text"),
        (("id",), "", "[0].id: must be an id"),
        (("id",), "a\u202eb", '"a\\u202eb" cannot be an id'),
        (("id",), "x" * 300, "cannot be an id"),
        (("begin",), "1969-01-01T00:00:00Z", "the start at 1969-01-01"),
        (("end",), "2999-01-01T00:00:00Z", "the end at 2999-01-01"),
        (("begin",), "0001-01-01T00:00:00+14:00", "[0].begin"),
        (("affected_products",), {"a": 1}, "[0].affected_products: must be a list, but is an object"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, path: tuple[Any, ...], value: Any, message: str) -> None:
    incidents = json.loads((FIXTURES / "gcp.json").read_text())
    *outer, last = path
    place = incidents[0]
    for step in outer:
        place = place[step]
    place[last] = value
    file = tmp_path / "incidents.json"
    file.write_text(json.dumps(incidents))
    with pytest.raises(HistoryError) as failure:
        read_history(HistoryFormat.GCP, file, now=NOW)
    assert message in str(failure.value)


def test_an_incident_that_comes_twice_is_one(tmp_path: Path) -> None:
    incidents = json.loads((FIXTURES / "gcp.json").read_text())
    shorter = {**incidents[0], "updates": incidents[0]["updates"][2:]}
    file = tmp_path / "incidents.json"
    file.write_text(json.dumps([shorter, *incidents]))
    assert read_history(HistoryFormat.GCP, file, now=NOW) == fixture("gcp.json")
