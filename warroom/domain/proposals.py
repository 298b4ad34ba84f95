"""Updates that are not out yet (R10): under review by a second person, held, or waiting for their time.

A proposal's text never changes: who changes it makes another proposal in its place, which nobody has approved yet. So
what was approved is what goes out. What is decided about them stands in `reviewing`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from warroom.domain.comms import Audience, Comment, Comms, Proposal, Said, UpdatePosted
from warroom.domain.core import Command, Deadline, Event, happens
from warroom.domain.escalation import describe_pages
from warroom.domain.kept_words import kept
from warroom.domain.policy import PageTo
from warroom.domain.text import clean_line
from warroom.valueclass import dataclass
from warroom.words import tr

MOST_OPEN = 10
"""How many proposals one incident has at most; nobody can follow more."""
COMMENTS = 5
"""How many comments of each are kept in the state; all of them stand in the record."""
SAID = 20
"""How many of the latest updates can be put right by another one."""
COMMENT_LIMIT = 500
"""How much of a comment is kept in the state, in characters."""

REVIEW, SEND = "review:", "send:"
"""How the names of their deadlines begin."""


# Commands ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProposalCommand(Command):
    """Something that somebody wants with an update that is not out yet."""


@dataclass(frozen=True, slots=True)
class ProposeUpdate(ProposalCommand):
    """Write an update that does not go out yet.

    With `review` a second person is asked: `reviewer`, or whoever the rules name. With `send_at` it goes out by itself
    then (once approved, where a review was asked for). With neither it is held until somebody sends it. `replaces` is
    the proposal that it takes the place of. `seen` is the number of updates on its channels that the asker saw.
    """

    names = ("reviewer",)
    lines = ("subject",)
    blocks = ("text",)

    channels: tuple[str, ...]
    text: str
    subject: str = ""
    next_at: datetime | None = None
    audience: Audience | None = None
    review: bool = False
    reviewer: str = ""
    send_at: datetime | None = None
    corrects: int = 0
    replaces: int = 0
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class CommentUpdate(ProposalCommand):
    """Say something about a proposal; its author gets a word."""

    blocks = ("text",)

    proposal: int
    text: str


@dataclass(frozen=True, slots=True)
class ApproveUpdate(ProposalCommand):
    """A second person finds it right as it stands. `send`: and lets it go out at once."""

    blocks = ("text",)

    proposal: int
    text: str = ""
    send: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawUpdate(ProposalCommand):
    """It does not go out."""

    lines = ("reason",)

    proposal: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SendUpdate(ProposalCommand):
    """Let a proposal go out now. `unreviewed`: why it goes out although nobody has approved it, where nobody answered
    in time. `seen` is the number of updates on its channels that the asker saw, None for those its author saw."""

    lines = ("unreviewed",)

    proposal: int
    unreviewed: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduleUpdate(ProposalCommand):
    """Let a proposal go out by itself at `at`."""

    proposal: int
    at: datetime
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class HoldUpdate(ProposalCommand):
    """Keep a proposal back until somebody sends it."""

    lines = ("reason",)

    proposal: int
    reason: str = ""


# Events --------------------------------------------------------------------------------------------------------------


@happens("update_proposed")
@dataclass(frozen=True, slots=True)
class UpdateProposed(Event):
    """Somebody wrote an update that is not out yet; `pages` asks for a review, `nobody` says why nobody could be."""

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
    send_at: datetime | None = None
    held: str = ""
    replaces: int = 0
    pages: tuple[PageTo, ...] = ()
    nobody: str = ""


@happens("update_commented")
@dataclass(frozen=True, slots=True)
class UpdateCommented(Event):
    """Somebody said something about a proposal; `pages` tells its author."""

    proposal: int
    text: str
    pages: tuple[PageTo, ...] = ()


@happens("update_approved")
@dataclass(frozen=True, slots=True)
class UpdateApproved(Event):
    """A second person found it right, of an incident of this severity."""

    proposal: int
    severity: str
    live: bool
    text: str = ""
    pages: tuple[PageTo, ...] = ()


@happens("update_withdrawn")
@dataclass(frozen=True, slots=True)
class UpdateWithdrawn(Event):
    """It does not go out."""

    proposal: int
    reason: str = ""


@happens("update_held")
@dataclass(frozen=True, slots=True)
class UpdateHeld(Event):
    """It is kept back; where nobody asked for that, `pages` says so loudly. `void`: so is what was approved of it."""

    proposal: int
    reason: str
    channels: tuple[str, ...] = ()
    pages: tuple[PageTo, ...] = ()
    void: bool = True


@happens("update_scheduled")
@dataclass(frozen=True, slots=True)
class UpdateScheduled(Event):
    """It goes out by itself at `at`."""

    proposal: int
    at: datetime
    seen: int = 0


@happens("review_unanswered")
@dataclass(frozen=True, slots=True)
class ReviewUnanswered(Event):
    """Nobody has said anything about a proposal in time; `pages` tells its author and those who were asked."""

    proposal: int
    channels: tuple[str, ...] = ()
    pages: tuple[PageTo, ...] = ()


# Evolve --------------------------------------------------------------------------------------------------------------


def evolve(comms: Comms, event: Event, at: datetime, actor: str, version: int) -> Comms:
    """The communications after `event`, the entry number `version`; events of other topics leave them as they are."""
    match event:
        case UpdateProposed():
            kept = tuple(each for each in comms.proposals if each.id != event.replaces)
            return replace(comms, proposals=(*kept, _proposal(event, at, actor, version)))
        case UpdateCommented():
            said = Comment(actor, at, clean_line(event.text, COMMENT_LIMIT))
            return _changed(comms, event.proposal, comment=said)
        case UpdateApproved():
            word = Comment(actor, at, clean_line(event.text, COMMENT_LIMIT)) if event.text else None
            return _changed(
                comms,
                event.proposal,
                comment=word,
                approved_by=actor,
                severity=event.severity,
                live=event.live,
                lapses_at=None,
            )
        case UpdateHeld():
            held = _changed(comms, event.proposal, held=event.reason, send_at=None, lapses_at=None)
            return _changed(held, event.proposal, approved_by="") if event.void else held
        case UpdateScheduled():
            return _changed(comms, event.proposal, held="", send_at=event.at, seen=event.seen)
        case ReviewUnanswered():
            return _changed(comms, event.proposal, unanswered=True, lapses_at=None)
        case UpdateWithdrawn():
            return _without(comms, event.proposal)
        case UpdatePosted() if not event.source_id:
            said_now = Said(version, event.channel, event.posted_at)
            return replace(_without(comms, event.proposal), said=(*comms.said, said_now)[-SAID:])
        case _:
            return comms


def _proposal(event: UpdateProposed, at: datetime, actor: str, version: int) -> Proposal:
    return Proposal(
        id=version,
        author=actor,
        at=at,
        channels=event.channels,
        audience=event.audience,
        text=event.text,
        severity=event.severity,
        live=event.live,
        subject=event.subject,
        next_at=event.next_at,
        seen=event.seen,
        corrects=event.corrects,
        asked=event.asked,
        reviewer=event.reviewer,
        lapses_at=event.lapses_at,
        unanswered=bool(event.nobody),
        send_at=event.send_at,
        held=event.held,
    )


def _changed(comms: Comms, number: int, *, comment: Comment | None = None, **changes: object) -> Comms:
    def change(each: Proposal) -> Proposal:
        if each.id != number:
            return each
        comments = each.comments if comment is None else (*each.comments, comment)[-COMMENTS:]
        return replace(each, comments=comments, **changes)  # type: ignore[arg-type]

    return replace(comms, proposals=tuple(map(change, comms.proposals)))


def _without(comms: Comms, number: int) -> Comms:
    if not number or comms.proposal(number) is None:
        return comms
    return replace(comms, proposals=tuple(each for each in comms.proposals if each.id != number))


def due(comms: Comms) -> tuple[Deadline, ...]:
    """Proposals whose time comes, and reviews that nobody has answered by then."""
    out = []
    for each in comms.proposals:
        if each.lapses_at is not None and not each.held:
            out.append(Deadline(each.lapses_at, f"{REVIEW}{each.id}"))
        if each.send_at is not None and not each.held:
            out.append(Deadline(each.send_at, f"{SEND}{each.id}"))
    return tuple(out)


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case UpdateProposed():
            return f"{', '.join(event.channels)}: {event.text}{_waits(event)}"
        case UpdateCommented():
            return f"#{event.proposal}: {event.text}"
        case UpdateApproved():
            return tr("#{proposal} approved").format(proposal=event.proposal) + (
                f": {event.text}" if event.text else ""
            )
        case UpdateWithdrawn():
            return tr("#{proposal} withdrawn").format(proposal=event.proposal) + (
                f": {kept(event.reason)}" if event.reason else ""
            )
        case UpdateHeld():
            where = tr(" on {channels}").format(channels=", ".join(event.channels)) if event.channels else ""
            return tr("#{proposal}{where} is held back: {reason}").format(
                proposal=event.proposal, where=where, reason=kept(event.reason)
            )
        case UpdateScheduled():
            return tr("#{proposal} goes out at {at:%Y-%m-%d %H:%M} UTC").format(proposal=event.proposal, at=event.at)
        case ReviewUnanswered():
            where = tr(" for {channels}").format(channels=", ".join(event.channels)) if event.channels else ""
            return tr("nobody has reviewed #{proposal}{where}").format(proposal=event.proposal, where=where)
        case _:
            return ""


def _waits(event: UpdateProposed) -> str:
    said = []
    if event.asked:
        asked = describe_pages(event.pages) or kept(event.nobody)
        said.append(
            tr("review by {reviewer}").format(reviewer=event.reviewer or tr("anybody"))
            + (f": {asked}" if asked else "")
        )
    if event.send_at is not None:
        said.append(tr("goes out at {send_at:%H:%M} UTC").format(send_at=event.send_at))
    if event.held:
        said.append(kept(event.held))
    if event.replaces:
        said.append(tr("in place of #{replaces}").format(replaces=event.replaces))
    return f" ({'; '.join(said)})" if said else ""
