"""Histories as they lie on providers' servers: what grows keeps its ids, what is served is read or refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from tests.intake.real_data import INCIDENTS, needs_real_data
from warroom.domain.text import clean_block, clean_line
from warroom.intake.histories.read import read_history
from warroom.intake.history import HistoryError, HistoryFormat, HistoryIncident

pytestmark = needs_real_data

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def read(format: HistoryFormat, path: Path | str) -> tuple[HistoryIncident, ...]:
    return read_history(format, INCIDENTS / path, now=NOW)


def assert_only_grows(versions: list[HistoryIncident]) -> None:
    for earlier, later in pairwise(versions):
        assert earlier.source_id == later.source_id
        assert earlier.provider == later.provider
        times = {update.source_id: update.at for update in later.updates}
        assert all(times[update.source_id] == update.at for update in earlier.updates)


def test_versions_of_an_entry_keep_the_ids_of_their_posts() -> None:
    folders = sorted((INCIDENTS / "github" / "replay").iterdir())
    assert folders
    whole = {incident.source_id: incident for incident in read(HistoryFormat.GITHUB_ATOM, "github/history.atom")}
    for folder in folders:
        versions = [read(HistoryFormat.GITHUB_ATOM, path)[0] for path in sorted(folder.iterdir())]
        assert len(versions) > 1
        assert versions[0].source_id == folder.name
        assert_only_grows(versions)
        assert_only_grows([versions[-1], whole[folder.name]])


def test_snapshots_of_an_incident_keep_the_ids_of_their_posts(tmp_path: Path) -> None:
    newest = {i.source_id: i for i in read(HistoryFormat.GCP, "gcp/growing_snapshots.json")}
    grown = json.loads((INCIDENTS / "gcp" / "growing_snapshots.json").read_text())
    assert len(newest) == len(grown)
    path = tmp_path / "incidents.json"
    for history in grown:
        versions = []
        for snapshot in history["snapshots"]:
            path.write_text(json.dumps([snapshot]))
            versions += read(HistoryFormat.GCP, path)
        assert_only_grows(versions)
        assert versions[-1] == newest[history["id"]]


@pytest.mark.parametrize(
    ("name", "format", "provider", "posts"),
    [
        ("anthropic-20260729-172625-major.json", HistoryFormat.STATUSPAGE, "claude", [1]),
        ("aws-20260801-155355-minor.json", HistoryFormat.AWS, "aws", [23, 13]),
        ("bitbucket-20260731-102124-none.json", HistoryFormat.STATUSPAGE, "bitbucket", [1]),
        ("openai-20260722-114905-minor.json", HistoryFormat.STATUSPAGE, "openai", [1]),
    ],
)
def test_bytes_as_served_are_read(name: str, format: HistoryFormat, provider: str, posts: list[int]) -> None:
    incidents = read(format, f"live_captures/{name}")
    assert {incident.provider for incident in incidents} == {provider}
    assert [len(incident.updates) for incident in incidents] == posts
    assert all(incident.closed is None for incident in incidents)
    for other in set(HistoryFormat) - {format}:
        with pytest.raises(HistoryError, match=f"use `warroom import {format}`"):
            read(other, f"live_captures/{name}")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("live_captures/mistral-20260727-113302-major.json", "they have no incident_updates"),
        ("live_captures/perplexity-20260723-145302-major.json", "Instatus"),
        ("github/incidents.jsonl", "several values one after the other"),
        ("openai/incident_history_202106_202108.csv", "neither JSON nor XML"),
        ("leancloud/events.json", 'an object with "events"'),
        ("azure/post_incident_reviews.json", "a list of"),
    ],
)
def test_what_is_of_another_kind_is_refused(name: str, words: str) -> None:
    for format in HistoryFormat:
        with pytest.raises(HistoryError, match=words):
            read(format, name)


@pytest.mark.parametrize(
    ("name", "format", "incidents"),
    [
        ("github/history.atom", HistoryFormat.GITHUB_ATOM, 418),
        ("gcp/incidents.json", HistoryFormat.GCP, 79),
        ("gcp/archive_2016_2022.json", HistoryFormat.GCP, 330),
        ("aws/data.json", HistoryFormat.AWS, 41),
        ("aws/archive_2016_2022.json", HistoryFormat.AWS, 311),
        ("derived_statuspage_v2/github_incidents.json", HistoryFormat.STATUSPAGE, 418),
        ("statuspage_v2/emma_incidents.json", HistoryFormat.STATUSPAGE, 11),
        ("statuspage_v2/discord_summary.json", HistoryFormat.STATUSPAGE, 0),
    ],
)
def test_what_comes_out_is_whole_and_clean(name: str, format: HistoryFormat, incidents: int) -> None:
    read_incidents = read(format, name)
    assert len(read_incidents) == incidents
    for incident in read_incidents:
        assert incident.updates
        assert clean_line(incident.title) == incident.title != ""
        ids = [update.source_id for update in incident.updates]
        assert len(set(ids)) == len(ids)
        times = [update.at for update in incident.updates]
        assert times == sorted(times)
        for update in incident.updates:
            assert clean_block(update.text) == update.text
            assert "</" not in update.text
            assert "&nbsp;" not in update.text
