"""What can be asked for about communications (R10). See `comms`; what is asked about an update that is not out yet
stands in `proposals`."""

from __future__ import annotations

from datetime import datetime

from warroom.domain.comms_state import Audience
from warroom.domain.core import Command
from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class PostUpdate(Command):
    """Tell somebody something, and when the next word comes. `next_at` None: by the cadence. `also` are further
    channels of the same audience; `corrects` the number of the entry with the update that this one puts right;
    `replaces` the proposal that it was made of.

    `seen` is the number of updates on all its channels that the asker saw, so that two people do not post over each
    other.
    """

    names = ("channel",)
    lines = ("subject",)
    blocks = ("text",)

    channel: str
    text: str
    next_at: datetime | None = None
    audience: Audience | None = None
    seen: int | None = None
    also: tuple[str, ...] = ()
    subject: str = ""
    corrects: int = 0
    replaces: int = 0


@dataclass(frozen=True, slots=True)
class SkipUpdate(Command):
    """Let one update on a channel be, and begin its clock anew. `seen` is the channel's turn that the asker saw, so
    that nobody skips what somebody else has just posted or skipped."""

    names = ("channel",)
    lines = ("reason",)

    channel: str
    reason: str
    seen: int | None = None
