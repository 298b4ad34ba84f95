"""From clocks of silence, and from how punctual updates were, to the shapes of `--json`."""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.cli.shapes import clocks as shapes
from warroom.views import ClockLine, PunctualityRow, PunctualityView


def clock(key: str, line: ClockLine, now: datetime) -> shapes.Clock:
    """One clock of silence as it stands at `now`."""
    return shapes.Clock(
        key=key,
        channel=line.channel,
        audience=line.audience,
        state=line.state(now).value.lower(),
        begun=line.begun,
        last_at=line.last_at,
        near_at=line.near_at,
        due=line.due,
        promised=line.promised,
        every_s=None if line.cadence is None else line.cadence.total_seconds(),
        source=line.source,
        missed=line.missed,
        skips=line.skips,
        skips_most=line.skips_most,
        turn=line.turn,
        step=line.step,
        step_at=line.step_at,
        whom=list(line.whom),
        watched=line.watched,
    )


def punctuality(view: PunctualityView) -> shapes.Punctuality:
    """How punctual updates were."""
    return shapes.Punctuality(
        since=view.since,
        until=view.now,
        by=view.by,
        watched=view.watched,
        target=view.target / 100,
        incidents=view.incidents,
        whole=_punctuality(view.whole),
        rows=[_punctuality(row) for row in view.rows],
    )


def _punctuality(row: PunctualityRow) -> shapes.PunctualityRow:
    return shapes.PunctualityRow(
        name=row.name,
        counted=row.counted,
        on_time=row.on_time,
        late=row.late,
        skipped=row.skipped,
        overdue=row.overdue,
        share=None if row.share is None else round(row.share, 4),
        silent_min=round(row.silent / timedelta(minutes=1), 2),
        running_min=round(row.running / timedelta(minutes=1), 2),
        allowed=round(row.allowed, 2),
        left=round(row.left, 2),
    )
