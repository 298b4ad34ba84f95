"""What `--json` prints of updates that are not out yet. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape, Time


class CheckLine(Shape):
    """One item of the checklist about one text."""

    name: str
    title: str
    said: bool
    must: bool
    refuse: bool
    sentence: str


class Shown(Shape):
    """An update as one channel will show it."""

    channel: str
    text: str
    longest: int
    goes: str


class Preview(Shape):
    """An update that was not sent: what it says and lacks."""

    key: str
    audience: str
    stage: str
    subject: str
    text: str
    next_at: Time | None
    said: int
    of: int
    checks: list[CheckLine]
    warnings: list[str]
    blanks: list[str]
    needs_review: bool
    shown: list[Shown]


class ReviewComment(Shape):
    """What somebody said about an update that waits."""

    by: str
    at: Time
    text: str


class Proposal(Shape):
    """An update that is not out yet."""

    key: str
    id: int
    standing: str
    author: str
    at: Time
    channels: list[str]
    audience: str
    subject: str
    text: str
    reviewer: str
    approved_by: str
    answer_by: Time | None
    unanswered: bool
    send_at: Time | None
    next_at: Time | None
    held: str
    corrects: int | None
    comments: list[ReviewComment]


class DraftItem(Shape):
    """An update that somebody is writing now."""

    key: str
    standing: str
    author: str
    audience: str
    channels: list[str]
    started_at: Time
    saved_at: Time
    text: str
