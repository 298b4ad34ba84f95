"""Updates that are being written, and what stands around them: channels, what was said last, what waits."""

from __future__ import annotations

from datetime import datetime

from warroom.valueclass import dataclass
from warroom.views.incidents import SeverityFace
from warroom.views.record import RecordLine


@dataclass(frozen=True, slots=True)
class SaidLine:
    """An update that went out. `version` is the number of its entry within the incident."""

    version: int
    channel: str
    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A channel that an update can go to. `longest`: the most characters, 0 for any number; `headed`: it shows a
    subject; `goes`: where the update goes from there, in words."""

    name: str
    audience: str
    due: datetime | None = None
    promised: bool = False
    last: SaidLine | None = None
    longest: int = 0
    headed: bool = True
    goes: str = ""


@dataclass(frozen=True, slots=True)
class CommentLine:
    """What somebody said about a proposal."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """An update that is not out yet. `standing`: review, approved, scheduled or held."""

    id: int
    author: str
    at: datetime
    channels: tuple[str, ...]
    audience: str
    text: str
    subject: str
    standing: str
    reviewer: str = ""
    approved_by: str = ""
    lapses_at: datetime | None = None
    unanswered: bool = False
    send_at: datetime | None = None
    next_at: datetime | None = None
    held: str = ""
    corrects: int = 0
    comments: tuple[CommentLine, ...] = ()

    def for_me(self, me: str) -> bool:
        """Whether it waits for the eyes of this person: they were asked, or anybody was."""
        return self.standing == "review" and self.author != me and self.reviewer in ("", me)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """An update that somebody is writing now."""

    id: int
    author: str
    audience: str
    channels: tuple[str, ...]
    started_at: datetime
    saved_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ComposerView:
    """What stands around an update that is being written on one incident."""

    key: str
    title: str
    severity: SeverityFace
    status: str
    channels: tuple[ChannelLine, ...]
    people: tuple[str, ...]
    proposals: tuple[ProposalLine, ...] = ()
    said: tuple[SaidLine, ...] = ()  # the latest last; those that can be put right
    lately: tuple[RecordLine, ...] = ()  # what people put on the record but updates, newest last
