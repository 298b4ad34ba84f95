"""Communications of an incident (R10) as a state: channels, the clock of each, and updates that are not out yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from warroom.valueclass import dataclass


class Audience(StrEnum):
    """Whom an update is for."""

    INTERNAL = "internal"
    EXTERNAL = "external"


CHANNEL_KINDS = ("internal-page", "public-page", "mail", "chat", "social", "desk", "call")
"""What a channel can be (R10): internal and public status page, mail list, chat, social media, support desk, call."""


SOCIAL_MOST = 280
"""How many characters a post on social media has at most, where the rules say nothing else."""


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """A channel as the rulebook has it. `kind` is one of `CHANNEL_KINDS`, "" where nobody said. `most`: how many
    characters an update on it may have, 0 for what is usual for its kind."""

    name: str
    title: str
    audience: Audience
    kind: str = ""
    most: int = 0

    @property
    def longest(self) -> int:
        """How many characters an update may have; 0 for any number."""
        return self.most or (SOCIAL_MOST if self.kind == "social" else 0)

    @property
    def headed(self) -> bool:
        """Whether a subject is shown above the text."""
        return self.kind != "social"


@dataclass(frozen=True, slots=True)
class Stream:
    """One channel of one incident. `due`: when the next update is due (stays while it is late); `remind_at`: when the
    next warning or reminder goes out; `every`: the longest silence in order, None where no cadence applies.

    `since`: where the clock runs from, None for the last word. `warned` and `misses` count the warnings and reminders
    that went out for the running silence, `streak` the updates in a row before it that were late, `skips` those that
    were skipped since the last word, `skipped` all of them.
    """

    audience: Audience
    opened_at: datetime
    every: timedelta | None
    due: datetime | None = None
    remind_at: datetime | None = None
    promised: bool = False
    misses: int = 0
    count: int = 0
    last_at: datetime | None = None
    ended_at: datetime | None = None
    since: datetime | None = None
    warned: int = 0
    streak: int = 0
    skips: int = 0
    skipped: int = 0

    @property
    def begun(self) -> datetime:
        """Since when the running clock runs."""
        return self.since or self.last_at or self.opened_at

    @property
    def turn(self) -> int:
        """How often the clock began anew: what somebody who acts on it has seen."""
        return self.count + self.skipped

    def missed(self, now: datetime) -> int:
        """How many updates in a row are late, the one that is overdue now among them."""
        return self.streak + (self.due is not None and self.due <= now)


class Standing(StrEnum):
    """How far an update has come that is not out yet."""

    REVIEW = "review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a proposal."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """An update that waits for a second person, for its time, or for somebody to let it go.

    `id` is the number of the entry with which it began; its text never changes (a changed one is another proposal).
    `severity` and `live` are the incident's as whoever wrote or approved it saw them, `seen` the number of updates on
    its channels then. `reviewer` is who was asked, "" for anybody; `lapses_at`: by when somebody should have answered.
    """

    id: int
    author: str
    at: datetime
    channels: tuple[str, ...]
    audience: Audience
    text: str
    severity: str
    live: bool
    subject: str = ""
    next_at: datetime | None = None
    seen: int = 0
    corrects: int = 0
    asked: bool = False
    reviewer: str = ""
    lapses_at: datetime | None = None
    unanswered: bool = False
    approved_by: str = ""
    send_at: datetime | None = None
    held: str = ""
    comments: tuple[Comment, ...] = ()

    @property
    def standing(self) -> Standing:
        """What it waits for."""
        if self.held:
            return Standing.HELD
        if self.asked and not self.approved_by:
            return Standing.REVIEW
        return Standing.SCHEDULED if self.send_at is not None else Standing.APPROVED


@dataclass(frozen=True, slots=True)
class Said:
    """An update that went out not long ago: the number of its entry, and where it was said."""

    version: int
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Comms:
    """All streams of one incident by channel; of imported posts the source ids and fingerprints, so that none is taken
    twice; updates that are not out yet; and the latest that are."""

    streams: Mapping[str, Stream] = field(default_factory=dict)
    source_ids: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    said: tuple[Said, ...] = ()

    def put(self, channel: str, stream: Stream) -> Comms:
        """These communications with one stream changed."""
        return replace(self, streams={**self.streams, channel: stream})

    def count(self, channels: Iterable[str]) -> int:
        """How many updates there were on these channels."""
        return sum(self.streams[name].count for name in set(channels) if name in self.streams)

    def proposal(self, number: int) -> Proposal | None:
        """The proposal of that number, None where it is out or withdrawn."""
        return next((each for each in self.proposals if each.id == number), None)
