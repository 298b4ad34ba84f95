"""What `--json` prints of messages that go out. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape, Time


class OutboxMessage(Shape):
    """One message on its way out."""

    id: str
    key: str
    kind: str
    action: str
    to: str
    via: str
    lane: str
    address: str
    subject: str
    state: str
    tries: int
    created_at: Time
    next_at: Time | None
    sent_at: Time | None
    error: str
    maybe_twice: bool
    bundle: str


class OutboxRetried(Shape):
    """A message that is tried anew."""

    id: str
    before: str


class OutboxTest(Shape):
    """What became of a test page."""

    way: str
    address: str
    good: bool
    error: str
