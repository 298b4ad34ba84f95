from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.intake.reading import FIXTURES, NOW, fixture, gaps, utc
from warroom.intake.histories.read import read_history
from warroom.intake.histories.timeline import provider_of
from warroom.intake.history import HistoryError, HistoryFormat, HistoryIncident, Phase


def read(tmp_path: Path, content: Any, provider: str | None = None) -> tuple[HistoryIncident, ...]:
    path = tmp_path / "incidents.json"
    path.write_text(json.dumps(content))
    return read_history(HistoryFormat.STATUSPAGE, path, provider=provider, now=NOW)


def content() -> Any:
    return json.loads((FIXTURES / "statuspage.json").read_text())


def test_an_incident_with_everything() -> None:
    ovens, *_ = fixture("statuspage.json")
    assert (ovens.provider, ovens.source_id, ovens.title) == ("rorosbakeri", "br3ad00000aa", "Ovens cold")
    assert (ovens.impact, ovens.url) == ("critical", "https://stspg.example/ovens")
    assert ovens.components == ("Oven hall", "Counter")
    assert ovens.start is None
    assert ovens.closed == utc("2025-05-01T06:30:00.500")
    assert [(u.source_id, u.phase) for u in ovens.updates] == [
        ("u1", Phase.INVESTIGATING),
        ("u2", Phase.IDENTIFIED),
        ("u3", Phase.RESOLVED),
        ("u4", Phase.POSTMORTEM),
    ]
    assert ovens.updates[0].text == "Ovens are cold.\nWe look."
    assert ovens.updates[1].text == "A fuse & a switch."
    assert gaps(ovens) == ([], [40.0], [110.01])


def test_scheduled_maintenance_is_left_out_and_an_incident_under_maintenance_is_not() -> None:
    assert [incident.title for incident in fixture("statuspage.json")] == ["Ovens cold", "Till stuck", "Window broken"]


def test_posts_of_one_moment_keep_the_order_of_the_file() -> None:
    _, till, _ = fixture("statuspage.json")
    assert [u.source_id for u in till.updates] == ["v1", "v2", "v3"]
    assert till.updates[1].at == utc("2025-04-01T11:00")
    assert till.closed == till.updates[2].at == utc("2025-04-01T11:00:00.000001")
    assert gaps(till) == ([], [60.0], [0.0])
    assert till.components == ("Counter",)


def test_posts_dated_by_hand_to_one_moment_belong_together() -> None:
    *_, window = fixture("statuspage.json")
    assert [u.source_id for u in window.updates] == ["x1", "x2", "x3"]
    assert window.closed == utc("2025-02-01T12:00")
    assert gaps(window) == ([], [], [60.0])


def test_the_order_of_the_file_may_be_the_other_one(tmp_path: Path) -> None:
    turned = content()
    for incident in turned["incidents"]:
        incident["incident_updates"].reverse()
    assert read(tmp_path, turned) == fixture("statuspage.json")


@pytest.mark.parametrize(
    ("status", "closed"),
    [("investigating", None), ("monitoring", None), ("resolved", utc("2025-05-01T06:30:00.500"))],
)
def test_the_status_says_whether_an_incident_is_open(tmp_path: Path, status: str, closed: object) -> None:
    changed = content()
    changed["incidents"][0]["status"] = status
    assert read(tmp_path, changed)[0].closed == closed


def test_an_incident_resolved_without_a_post_ends_when_the_page_says(tmp_path: Path) -> None:
    changed = content()
    incident = changed["incidents"][0]
    incident["incident_updates"] = incident["incident_updates"][2:]
    assert read(tmp_path, changed)[0].closed == utc("2025-05-01T06:30:00.500")


def test_a_status_not_heard_of_is_an_update(tmp_path: Path) -> None:
    changed = content()
    changed["incidents"][0]["incident_updates"][2]["status"] = "hopeful"
    assert read(tmp_path, changed)[0].updates[1].phase is Phase.UPDATE


def test_only_maintenance_is_no_incident(tmp_path: Path) -> None:
    changed = content()
    del changed["incidents"]
    assert read(tmp_path, changed) == ()


def test_what_imitates_it_without_a_page_is_read(tmp_path: Path) -> None:
    changed = {"incidents": content()["incidents"]}
    ovens, *_ = read(tmp_path, changed)
    assert ovens.provider == "statuspage"
    assert read(tmp_path, changed, provider="  Bakeri\n1 ")[0].provider == "Bakeri 1"


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.githubstatus.com", "github"),
        ("status.acme.example", "acme"),
        ("acme.statuspage.io", "acme"),
        ("status.acme.co.uk", "acme"),
        ("acme-status.net", "acme"),
        ("status-acme.com", "acme"),
        ("bitbucket.status.vendor.com", "bitbucket"),
        ("statuary.org", "statuary"),
        ("192.0.2.7", "røros-bakeri"),
        ("localhost", "røros-bakeri"),
        ("", "røros-bakeri"),
    ],
)
def test_the_provider_is_whoever_runs_the_page(tmp_path: Path, host: str, name: str) -> None:
    assert provider_of(host, "røros-bakeri") == name
    changed = content()
    changed["page"]["url"] = f"https://{host}/" if host else None
    assert read(tmp_path, changed)[0].provider == name


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("incident_updates",), None, "incidents[0].incident_updates: must be a list, but is null"),
        (("incident_updates", 0, "display_at"), 12, "incidents[0].incident_updates[0].display_at: must be a text"),
        (("incident_updates", 0, "id"), None, "incidents[0].incident_updates[0].id: must be an id"),
        (("incident_updates", 0, "body"), [], "incidents[0].incident_updates[0].body: must be a text, but is a list"),
        (("status",), {}, "incidents[0].status: must be a text, but is an object"),
        (("resolved_at",), "never", ""),
        (("components",), 3, "incidents[0].components: must be a list, but is a number"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, path: tuple[Any, ...], value: Any, message: str) -> None:
    changed = content()
    *outer, last = path
    place = changed["incidents"][0]
    for step in outer:
        place = place[step]
    place[last] = value
    if not message:
        assert read(tmp_path, changed) == fixture("statuspage.json")  # a field that is not needed
        return
    with pytest.raises(HistoryError) as failure:
        read(tmp_path, changed)
    assert message in str(failure.value)
