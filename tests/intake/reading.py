"""What the tests of the history readers share: fixtures by name, and times written short."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from warroom.domain.gaps import gaps_report
from warroom.intake.histories.read import read_history
from warroom.intake.history import HistoryFormat, HistoryIncident

FIXTURES = Path(__file__).parent / "fixtures"
NOW = datetime(2026, 1, 1, tzinfo=UTC)

FIXTURE_FORMATS = {
    "history.atom": HistoryFormat.GITHUB_ATOM,
    "entry_1.xml": HistoryFormat.GITHUB_ATOM,
    "entry_2.xml": HistoryFormat.GITHUB_ATOM,
    "gcp.json": HistoryFormat.GCP,
    "gcp_growing.json": HistoryFormat.GCP,
    "aws.json": HistoryFormat.AWS,
    "aws_events.json": HistoryFormat.AWS,
    "statuspage.json": HistoryFormat.STATUSPAGE,
}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def fixture(name: str, provider: str | None = None) -> tuple[HistoryIncident, ...]:
    return read_history(FIXTURE_FORMATS[name], FIXTURES / name, provider=provider, now=NOW)


def gaps(incident: HistoryIncident) -> tuple[list[float], list[float], list[float]]:
    """Start to first, between, last to resolved."""
    found = gaps_report(
        incident.provider,
        incident.source_id,
        incident.start,
        [update.at for update in incident.updates],
        incident.closed,
    )["gaps_min"]
    return found["start_to_first"], found["between"], found["last_to_resolved"]
