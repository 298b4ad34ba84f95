"""What stands around an update that is being written: where it can go, how it begins, what it lacks, what waits.

A `Composing` is made once in one look at the room; its answers then follow from values alone, so that a screen can ask
for them with every key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from warroom.domain import clocks, wording
from warroom.domain.book import Rulebook
from warroom.domain.chatrooms import Word, spec_for
from warroom.domain.comms import Audience, ChannelSpec, Proposal
from warroom.domain.completeness import Judgement, brief, judge
from warroom.domain.core import ENGINE
from warroom.domain.kept_words import kept
from warroom.domain.proposals import SAID
from warroom.domain.room import Room
from warroom.domain.templates import Stage, UpdateTemplate
from warroom.domain.text import clean_line
from warroom.domain.updates import stage_of
from warroom.domain.wording import Occasion
from warroom.store.codec import from_us
from warroom.store.drafts import Draft
from warroom.valueclass import dataclass
from warroom.views import (
    ChannelLine,
    CommentLine,
    ComposerView,
    DraftLine,
    ProposalLine,
    RecordLine,
    SaidLine,
    SeverityFace,
)
from warroom.words import tr

LISTED = 200
"""How much of a draft a list shows, in characters."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """How an update begins: by which template, its subject and text."""

    template: str
    subject: str
    text: str


class Composing:
    """One incident as whoever writes an update needs it; nothing is read any more."""

    def __init__(self, room: Room, book: Rulebook, updates: Sequence[Any], lately: Sequence[RecordLine] = ()) -> None:
        """`updates` are the rows of what went out so far, `lately` is the end of the record, newest last."""
        self.room, self.book = room, book
        self.view = composer_view(room, book, updates, lately)

    def stage(self, channels: Iterable[str], corrects: int = 0) -> Stage:
        """Where an update to these channels stands: the first, a follow-up, the last one, a correction."""
        return stage_of(self.room.comms.count(channels), self.room.incident.status, corrects)

    def templates(self, audience: str, channels: Sequence[str], corrects: int = 0) -> tuple[str, ...]:
        """The names of the templates that can be taken, the proposed one first."""
        return tuple(each.name for each in self._templates(audience, channels, corrects))

    def _templates(self, audience: str, channels: Sequence[str], corrects: int) -> tuple[UpdateTemplate, ...]:
        return wording.templates(self.room, self.book, Audience(audience), self.stage(channels, corrects), channels)

    def begin(
        self,
        audience: str,
        channels: Sequence[str],
        now: datetime,
        *,
        template: str = "",
        next_at: datetime | None = None,
        corrects: int = 0,
    ) -> Beginning:
        """An update as its template has it: the one named, else the one that fits best."""
        found = self._templates(audience, channels, corrects)
        chosen = next((each for each in found if each.name == template), found[0])
        subject, text = wording.filled(
            chosen, self.room, self.book, self._occasion(audience, channels, now, next_at, corrects)
        )
        return Beginning(chosen.name, subject, text)

    def _occasion(
        self, audience: str, channels: Sequence[str], now: datetime, next_at: datetime | None, corrects: int = 0
    ) -> Occasion:
        specs = tuple(self.book.channels[name] for name in channels if name in self.book.channels)
        wrong = next((said for said in self.view.said if said.version == corrects), None)
        put_right = None if wrong is None else (self.title(wrong.channel), wrong.at, wrong.text)
        return Occasion(now, Audience(audience), specs, next_at, put_right)

    def title(self, channel: str) -> str:
        """A channel as readers know it."""
        return self.book.channels[channel].title if channel in self.book.channels else channel

    def next_sentence(self, audience: str, channels: Sequence[str], now: datetime, next_at: datetime | None) -> str:
        """The sentence on the next update, "" when none is promised."""
        return wording.next_sentence(self._occasion(audience, channels, now, next_at))

    def next_update(self, channels: Iterable[str], now: datetime) -> clocks.Proposed | None:
        """When the next update should come: of several channels by the one that waits the shortest. None where nobody
        will wait for one."""
        found = [clocks.proposed_next(self.room, self.book, name, now) for name in channels]
        return min((each for each in found if each is not None), key=lambda each: each.at, default=None)

    def judge(
        self,
        text: str,
        subject: str,
        audience: str,
        channels: Sequence[str],
        next_at: datetime | None,
        now: datetime,
        corrects: int = 0,
    ) -> Judgement:
        """What there is to say about a text."""
        sentence = self.next_sentence(audience, channels, now, next_at)
        stage = self.stage(channels, corrects)
        return judge(text, brief(self.room, self.book, channels, Audience(audience), stage, sentence), subject)

    def needs_review(self, audience: str, channels: Sequence[str]) -> bool:
        """Whether somebody else has to approve it before it goes out."""
        i = self.room.incident
        return not i.watched and self.book.updates.needs_review(Audience(audience), i.severity, channels)

    def shown(self, channel: str, subject: str, text: str) -> str:
        """An update as this channel will show it."""
        spec = self.book.channels.get(channel)
        if spec is not None and spec.headed and subject:
            return f"{subject}\n{text}"
        return text

    def count(self, channels: Iterable[str]) -> int:
        """How many updates there were on these channels: what `seen` says of a command."""
        return self.room.comms.count(channels)


def composer_view(
    room: Room, book: Rulebook, updates: Sequence[Any], lately: Sequence[RecordLine] = ()
) -> ComposerView:
    """What stands around an update of this incident."""
    i, spec = room.incident, book.severity(room.incident.severity)
    said = tuple(_said(row) for row in updates)
    own = {row.version for row in updates if not row.source_id}
    last = {each.channel: each for each in sorted(said, key=lambda each: each.at)}
    known = {each.version for each in room.comms.said}
    waiting = {name: room.comms.streams[name].due for name in room.comms.streams}
    # What a provider says itself is no channel of ours, unless there is no other.
    ours = [spec for spec in book.channels.values() if not i.watched or spec.name != book.watch_channel.name]
    order = sorted(ours or book.channels.values(), key=lambda spec: waiting.get(spec.name) is None)
    return ComposerView(
        key=i.key,
        title=i.title,
        severity=SeverityFace(spec.name, spec.glyph, spec.rank, spec.major),
        status=i.status.value,
        channels=tuple(_channel(spec, room, book, last.get(spec.name)) for spec in order),
        people=tuple(book.people),
        proposals=proposal_lines(room),
        said=tuple(each for each in said if each.version in known & own)[-SAID:],
        lately=tuple(each for each in lately if each.actor != ENGINE and each.kind != "update"),
    )


def _said(row: Any) -> SaidLine:
    return SaidLine(row.version, row.channel, row.posted_by, from_us(row.posted_at), row.text)


def _channel(spec: ChannelSpec, room: Room, book: Rulebook, last: SaidLine | None) -> ChannelLine:
    stream = room.comms.streams.get(spec.name)
    return ChannelLine(
        name=spec.name,
        audience=spec.audience.value,
        due=stream.due if stream else None,
        promised=bool(stream and stream.promised),
        last=last,
        longest=spec.longest,
        headed=spec.headed,
        goes=_goes(spec, room, book),
    )


def _goes(spec: ChannelSpec, room: Room, book: Rulebook) -> str:
    """Where an update on a channel goes, as `messages.outgoing` will send it."""
    if book.delivery is None:
        return tr("kept in the outbox: no way out is set up")
    if spec.name in book.delivery.channels:
        return tr("sent by warroom")
    i = room.incident
    place = spec_for(i.status.value, Word.UPDATE, book, i.severity, spec.name)
    if spec.kind == "chat" and place is not None:
        return tr("sent to {name}").format(name=place.name)
    return tr("put on the record: post it there by hand")


def proposal_lines(room: Room) -> tuple[ProposalLine, ...]:
    """The updates of an incident that are not out yet, the earliest first."""
    return tuple(map(_proposal, room.comms.proposals))


def _proposal(p: Proposal) -> ProposalLine:
    return ProposalLine(
        id=p.id,
        author=p.author,
        at=p.at,
        channels=p.channels,
        audience=p.audience.value,
        text=p.text,
        subject=p.subject,
        standing=p.standing.value,
        reviewer=p.reviewer,
        approved_by=p.approved_by,
        lapses_at=p.lapses_at,
        unanswered=p.unanswered,
        send_at=p.send_at,
        next_at=p.next_at,
        held=kept(p.held),
        corrects=p.corrects,
        comments=tuple(CommentLine(c.by, c.at, c.text) for c in p.comments),
    )


def draft_lines(found: Iterable[Draft]) -> tuple[DraftLine, ...]:
    """What is being written, for a list."""
    return tuple(
        DraftLine(
            d.id, d.author, d.audience, d.content.channels, d.started_at, d.saved_at, clean_line(d.content.text, LISTED)
        )
        for d in found
    )
