"""From updates that are not out yet to the shapes of `--json`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from warroom.cli.shapes import updates as shapes

if TYPE_CHECKING:
    from warroom.domain.completeness import Judgement
    from warroom.service.composing import Composing
    from warroom.views import DraftLine, ProposalLine


def preview(
    found: Composing,
    audience: str,
    channels: Sequence[str],
    subject: str,
    text: str,
    judged: Judgement,
    next_at: datetime | None,
) -> shapes.Preview:
    """An update as it would go out."""
    said, whole = judged.score
    return shapes.Preview(
        key=found.view.key,
        audience=audience,
        stage=found.stage(channels).value,
        subject=subject,
        text=text,
        next_at=next_at,
        said=said,
        of=whole,
        checks=[
            shapes.CheckLine(name=c.name, title=c.title, said=c.said, must=c.must, refuse=c.refuse, sentence=c.sentence)
            for c in judged.checks
        ],
        warnings=list(judged.warnings),
        blanks=list(judged.blanks),
        needs_review=found.needs_review(audience, channels),
        shown=[
            shapes.Shown(channel=c.name, text=found.shown(c.name, subject, text), longest=c.longest, goes=c.goes)
            for c in found.view.channels
            if c.name in channels
        ],
    )


def proposal(key: str, p: ProposalLine) -> shapes.Proposal:
    """An update that waits."""
    return shapes.Proposal(
        key=key,
        id=p.id,
        standing=p.standing,
        author=p.author,
        at=p.at,
        channels=list(p.channels),
        audience=p.audience,
        subject=p.subject,
        text=p.text,
        reviewer=p.reviewer,
        approved_by=p.approved_by,
        answer_by=p.lapses_at,
        unanswered=p.unanswered,
        send_at=p.send_at,
        next_at=p.next_at,
        held=p.held,
        corrects=p.corrects or None,
        comments=[shapes.ReviewComment(by=c.by, at=c.at, text=c.text) for c in p.comments],
    )


def draft(key: str, d: DraftLine) -> shapes.DraftItem:
    """An update that somebody is writing."""
    return shapes.DraftItem(
        key=key,
        standing="writing",
        author=d.author,
        audience=d.audience,
        channels=list(d.channels),
        started_at=d.started_at,
        saved_at=d.saved_at,
        text=d.text,
    )
