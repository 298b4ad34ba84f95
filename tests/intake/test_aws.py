from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.intake.reading import FIXTURES, NOW, fixture, gaps, utc
from warroom.intake.histories.read import read_history
from warroom.intake.history import HistoryError, HistoryFormat, Phase


def test_clock_times_become_moments_over_midnight_and_the_end_of_summer_time() -> None:
    lamps, *_ = fixture("aws.json")
    assert [u.at for u in lamps.updates] == [
        utc("2024-11-03T07:46"),
        utc("2024-11-03T08:40"),
        utc("2024-11-03T09:10"),
        utc("2024-11-04T07:55"),
        utc("2024-11-04T08:20"),
    ]
    assert gaps(lamps) == ([], [54.0, 30.0, 1365.0], [25.0])


def test_an_event_marked_resolved_is_closed_by_its_last_post() -> None:
    lamps, *_ = fixture("aws.json")
    assert (lamps.provider, lamps.source_id) == ("aws", "lamps-north|1730619960")
    assert (lamps.title, lamps.impact) == ("Lamps flicker", "degradation")
    assert lamps.components == ("Lighthouse Lamps (North)",)
    assert lamps.closed == utc("2024-11-04T08:20")
    assert [u.phase for u in lamps.updates] == [
        Phase.INVESTIGATING,
        Phase.UPDATE,
        Phase.UPDATE,
        Phase.UPDATE,
        Phase.RESOLVED,
    ]
    assert lamps.updates[2].text == "All but one are.\n\nThat one is next."
    assert lamps.updates[4].text.endswith("see here (https://lamps.example/1).")


def test_the_closing_sentence_closes_an_event_without_the_mark() -> None:
    _, buoys, *_ = fixture("aws.json")
    assert [u.at for u in buoys.updates] == [utc("2024-09-02T23:00"), utc("2024-09-04T16:00")]
    assert buoys.closed == utc("2024-09-04T16:00")


def test_an_event_without_times_has_one_post_at_its_date() -> None:
    _, _, unlit, _ = fixture("aws.json")
    assert [(u.at, u.text) for u in unlit.updates] == [(utc("2024-09-03T03:00"), "No time is given here.")]
    assert (unlit.source_id, unlit.impact, unlit.closed) == ("buoys|1725332400", "7", None)


def test_a_small_step_back_is_a_late_post_and_not_another_day() -> None:
    *_, fog = fixture("aws.json")
    assert [(u.at, u.text) for u in fog.updates] == [
        (utc("2024-09-03T02:45"), "Put in late."),
        (utc("2024-09-03T03:00"), "Fog."),
    ]
    assert fog.closed is None


def test_events_with_a_log_are_read_as_they_are_served(tmp_path: Path) -> None:
    served = tmp_path / "currentevents.json"
    served.write_bytes((FIXTURES / "aws_events.json").read_text().encode("utf-16"))
    assert served.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")
    (lamps,) = read_history(HistoryFormat.AWS, served, now=NOW)
    assert (lamps,) == fixture("aws_events.json")
    assert lamps.source_id == "arn:aws:health:north-1::event/LAMPS/LAMPS_ISSUE/LAMPS_ISSUE_0001"
    assert (lamps.title, lamps.impact) == ("Lamps dark", "disruption")
    assert lamps.components == ("Multiple services", "Lighthouse Lamps")
    assert lamps.closed == utc("2025-01-01T02:30")
    assert lamps.updates[1].text == "Half are lit.\nThe rest follow."
    assert gaps(lamps) == ([], [30.0], [60.0])


def test_no_current_event_is_no_incident(tmp_path: Path) -> None:
    path = tmp_path / "currentevents.json"
    path.write_text("[]")
    assert read_history(HistoryFormat.AWS, path, now=NOW) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("12:46 AM PDT", "13:46 AM PDT", 'archive[0].description: "13:46 AM PDT" is no time of day'),
        ("12:46 AM PDT", "soon", 'archive[0].description: "soon" is not a time such as'),
        ("12:46 AM PDT", "12:46 AM XDT", "time zone"),
        ("Sep 4,", "Feb 30,", "archive[1].description: no such day"),
        ('"1730619960"', '"x"', "archive[0].date: must be a time in seconds"),
        ('"1730619960"', "true", "archive[0].date: must be an id"),
        ('"1730619960"', '"99999999999999"', "archive[0].date: is no time"),
        ('"1730619960"', '"7"', "incident lamps-north|7: the end at 1970-01-02"),
        ('"service": "lamps-north"', '"x": 1', 'archive[0]: has no "service"'),
        ('"current": [', '"current": null, "x": [', "current: must be a list, but is null"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (FIXTURES / "aws.json").read_text()
    assert old in text
    path = tmp_path / "data.json"
    path.write_text(text.replace(old, new))
    with pytest.raises(HistoryError) as failure:
        read_history(HistoryFormat.AWS, path, now=NOW)
    assert message in str(failure.value)


def test_a_log_without_times_is_named(tmp_path: Path) -> None:
    events = json.loads((FIXTURES / "aws_events.json").read_text())
    events[0]["event_log"][1]["timestamp"] = None
    path = tmp_path / "events.json"
    path.write_text(json.dumps(events))
    with pytest.raises(HistoryError, match=r"\[0\]\.event_log\[1\]\.timestamp: must be a time in seconds"):
        read_history(HistoryFormat.AWS, path, now=NOW)


def test_names_that_the_file_gives_are_harmless_in_messages(tmp_path: Path) -> None:
    events = json.loads((FIXTURES / "aws_events.json").read_text())
    events[0]["impacted_services"] = {"\x1b]0;owned\x07\u202elamps": None}
    path = tmp_path / "events.json"
    path.write_text(json.dumps(events))
    with pytest.raises(HistoryError, match=r"\[0\]\.impacted_services\.lamps: must be an object, but is null"):
        read_history(HistoryFormat.AWS, path, now=NOW)
