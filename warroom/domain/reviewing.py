"""What follows when somebody asks for a second pair of eyes, comments, approves, holds or schedules an update (R10)."""

from __future__ import annotations

from datetime import datetime

from warroom.domain.comms import Proposal, Standing
from warroom.domain.core import Decision, Refused, Stale
from warroom.domain.kept_words import kept
from warroom.domain.policy import PageTo, Target, TargetKind
from warroom.domain.proposals import (
    MOST_OPEN,
    REVIEW,
    ApproveUpdate,
    CommentUpdate,
    HoldUpdate,
    ProposalCommand,
    ProposeUpdate,
    ReviewUnanswered,
    ScheduleUpdate,
    SendUpdate,
    UpdateApproved,
    UpdateCommented,
    UpdateHeld,
    UpdateProposed,
    UpdateScheduled,
    UpdateWithdrawn,
    WithdrawUpdate,
)
from warroom.domain.reach import ways_to
from warroom.domain.update_rules import ASKED
from warroom.domain.updates import Wanted, complete, needs_review, of_proposal, send, wish
from warroom.valueclass import dataclass
from warroom.words import mark, plain, tr

UNTIL_SENT = mark("until somebody sends it")
"""Why a proposal is held for which no review and no time was asked."""
_COMMS, _LEAD = ASKED


def carry_out(d: Decision, command: ProposalCommand) -> None:
    """What a command about a proposal leads to."""
    match command:
        case ProposeUpdate():
            propose(d, command)
        case CommentUpdate():
            _comment(d, command)
        case ApproveUpdate():
            _approve(d, command)
        case WithdrawUpdate():
            found = _find(d, command.proposal)
            d.record(UpdateWithdrawn(found.id, command.reason))
        case SendUpdate():
            _send(d, command)
        case ScheduleUpdate():
            _schedule(d, command)
        case HoldUpdate():
            found = _find(d, command.proposal)
            if found.held:
                raise Refused(tr("#{id} is held already: {held}").format(id=found.id, held=kept(found.held)))
            d.record(UpdateHeld(found.id, command.reason or UNTIL_SENT, found.channels, void=False))


def propose(d: Decision, command: ProposeUpdate) -> None:
    """An update is written that does not go out yet."""
    c = command
    wanted = wish(d, c.channels, c.text, c.subject, c.next_at, c.audience, c.corrects)
    names = tuple(channel.name for channel in wanted.channels)
    seen = d.room.comms.count(names)
    if c.seen is not None and c.seen != seen:
        raise Stale(
            tr("somebody posted on {names} since you looked; read it before you go on").format(
                names=tr(" or ").join(names)
            )
        )
    replaced = _find(d, c.replaces) if c.replaces else None
    if replaced is None and len(d.room.comms.proposals) >= MOST_OPEN:
        raise Refused(
            tr("{most_open} updates wait already: send or withdraw one of them first").format(most_open=MOST_OPEN)
        )
    if d.room.incident.closed_at is not None:
        raise Refused(tr("{key} is closed: reopen it, or send the correction at once").format(key=d.room.incident.key))
    complete(d, wanted)
    if c.send_at is not None:
        _in_order(d, c.send_at, wanted)
    asked = c.review or bool(c.reviewer)
    required = needs_review(d, wanted)
    if required and not asked and c.send_at is not None:
        i = d.room.incident
        raise Refused(
            tr(
                "an {audience} update of a {severity} needs a second person before it can be scheduled: name one"
            ).format(audience=tr(wanted.audience), severity=i.severity)
        )
    asking = _asking(d, c.reviewer) if asked else _Asking()
    i = d.room.incident
    d.record(
        UpdateProposed(
            names,
            wanted.audience,
            wanted.text,
            i.severity,
            i.live,
            wanted.subject,
            wanted.next_at,
            seen,
            wanted.corrects,
            asked,
            c.reviewer,
            asking.lapses_at,
            c.send_at,
            "" if asked or c.send_at is not None else UNTIL_SENT,
            c.replaces if replaced is not None else 0,
            asking.pages,
            asking.nobody,
        )
    )


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who is asked to review, or why nobody can be, and by when they should answer."""

    pages: tuple[PageTo, ...] = ()
    nobody: str = ""
    lapses_at: datetime | None = None


def _asking(d: Decision, reviewer: str) -> _Asking:
    author = d.context.actor
    if reviewer == author:
        raise Refused(tr("name somebody else: nobody reviews their own update"))
    if reviewer and reviewer not in d.book.people:
        raise Refused(
            tr("nobody is called {reviewer!r} here; known are {people}").format(
                reviewer=reviewer, people=", ".join(list(d.book.people)[:8])
            )
        )
    targets = (Target(TargetKind.PERSON, reviewer),) if reviewer else d.book.updates.ask
    # Of a list that asks one after the other the next is asked in the author's place.
    found = d.reach(targets, avoid=frozenset({author}), by_hand=bool(reviewer))
    pages = tuple(page for page in found.pages if page.to != author)
    if not pages:
        return _Asking(nobody=f"nobody could be asked: {found.nobody}")
    return _Asking(pages, "", d.after(d.book.updates.answer_within))


def _in_order(d: Decision, at: datetime, wanted: Wanted) -> None:
    d.ahead(at, tr("the time at which it goes out"))
    if wanted.next_at is not None and wanted.next_at <= at:
        raise Refused(tr("the next update that it promises has to come after it has gone out"))
    if d.room.incident.closed_at is not None:
        raise Refused(tr("{key} is closed: reopen it before you schedule an update").format(key=d.room.incident.key))


def _find(d: Decision, number: int) -> Proposal:
    found = d.room.comms.proposal(number)
    if found is not None:
        return found
    open_now = ", ".join(f"#{each.id} ({', '.join(each.channels)})" for each in d.room.comms.proposals)
    raise Stale(
        tr("#{number} of {key} is out or withdrawn, or never was; ").format(number=number, key=d.room.incident.key)
        + (tr("waiting are {open_now}").format(open_now=open_now) if open_now else tr("no update waits"))
    )


def _to(d: Decision, *people: str) -> tuple[PageTo, ...]:
    """A word to these people, but not to whoever causes it."""
    named = dict.fromkeys(who for who in people if who and who != d.context.actor)
    return tuple(PageTo(who, way) for who in named for way in ways_to(who, ("chat",), d.book)[:1])


def _comment(d: Decision, command: CommentUpdate) -> None:
    found = _find(d, command.proposal)
    if not command.text:
        raise Refused(tr("there is nothing to say: the comment is empty"))
    others = [comment.by for comment in found.comments]
    d.record(UpdateCommented(found.id, command.text, _to(d, found.author, found.reviewer, *others)))


def _approve(d: Decision, command: ApproveUpdate) -> None:
    found = _find(d, command.proposal)
    if d.context.actor == found.author:
        asked = tr(": {reviewer} was asked").format(reviewer=found.reviewer) if found.reviewer else ""
        raise Refused(
            tr("you wrote #{id} yourself, somebody else has to approve it{asked}").format(id=found.id, asked=asked)
        )
    if found.approved_by:
        raise Refused(
            tr("#{id} is approved already, by {approved_by}").format(id=found.id, approved_by=found.approved_by)
        )
    if found.held and found.asked:
        raise Refused(
            tr("#{id} is held back ({held}): it has to be written anew").format(id=found.id, held=kept(found.held))
        )
    i = d.room.incident
    if i.closed_at is not None:
        raise Refused(tr("{key} is closed: reopen it before an update of it is approved").format(key=i.key))
    d.record(UpdateApproved(found.id, i.severity, i.live, command.text, _to(d, found.author)))
    if command.send:
        _send(d, SendUpdate(found.id, seen=None))


def _send(d: Decision, command: SendUpdate) -> None:
    found = _find(d, command.proposal)
    wanted = of_proposal(d, found)
    now, before = d.room.comms.count(found.channels), found.seen if command.seen is None else command.seen
    if now != before:
        raise Stale(
            tr("somebody posted on {channels} since #{id} was written; read it first").format(
                channels=tr(" or ").join(found.channels), id=found.id
            )
        )
    unreviewed = ""
    if not found.approved_by and (found.asked or needs_review(d, wanted)):
        unreviewed = _without_review(d, found, needs_review(d, wanted), command.unreviewed)
    complete(d, wanted)
    send(d, wanted, found, unreviewed)


def _without_review(d: Decision, found: Proposal, required: bool, reason: str) -> str:
    """Why it may go out although nobody has approved it; raises `Refused` where it may not."""
    if not found.asked:
        raise Refused(tr("nobody was asked to review #{id}: ask somebody first").format(id=found.id))
    if found.held and found.held != UNTIL_SENT and not found.unanswered:
        raise Refused(
            tr("#{id} is held back ({held}) and nobody has approved it: write it anew").format(
                id=found.id, held=kept(found.held)
            )
        )
    if not found.unanswered and required:
        by = tr(" by {lapses_at:%H:%M} UTC").format(lapses_at=found.lapses_at) if found.lapses_at else ""
        who = found.reviewer or tr("somebody")
        raise Refused(
            tr("{who} has not approved #{id} yet; if nobody answers{by} you may send it with a reason").format(
                who=who, id=found.id, by=by
            )
        )
    if not reason:
        raise Refused(
            tr("nobody has approved #{id}: say why it goes out all the same, it is put on the record").format(
                id=found.id
            )
        )
    return reason


def _schedule(d: Decision, command: ScheduleUpdate) -> None:
    found = _find(d, command.proposal)
    wanted = of_proposal(d, found)
    _in_order(d, command.at, wanted)
    if needs_review(d, wanted) and not found.asked:
        raise Refused(tr("nobody was asked to review #{id}: ask somebody first").format(id=found.id))
    if found.held and found.asked and not found.approved_by:
        raise Refused(
            tr("#{id} is held back ({held}) and nobody has approved it: write it anew").format(
                id=found.id, held=kept(found.held)
            )
        )
    seen = d.room.comms.count(found.channels)
    if command.seen is not None and command.seen != seen:
        raise Stale(
            tr("somebody posted on {channels} since you looked; read it first").format(
                channels=tr(" or ").join(found.channels)
            )
        )
    d.record(UpdateScheduled(found.id, command.at, seen))


# Time ----------------------------------------------------------------------------------------------------------------


def follow(d: Decision) -> None:
    """Keep back what was approved or scheduled for an incident that has become another one since, and everything once
    it is closed."""
    for each in d.room.comms.proposals:
        if each.standing is Standing.HELD:
            continue
        closed = d.room.incident.closed_at is not None
        why = f"{d.room.incident.key} is closed" if closed else _overtaken(d, each)
        if why and (closed or each.standing is not Standing.REVIEW):
            _hold(d, each, why)


def _overtaken(d: Decision, each: Proposal) -> str:
    """Why a proposal does not fit the incident any more; "" while it does."""
    i = d.room.incident
    if each.live and not i.live:
        return f"the incident is {i.status.value} since it was written"
    if not each.live and i.live:
        return "the incident was reopened since it was written"
    if each.severity != i.severity:
        return f"the incident is {i.severity} since it was written, not {each.severity}"
    if each.send_at is not None and d.room.comms.count(each.channels) != each.seen:
        return f"somebody posted on {' or '.join(each.channels)} since it was scheduled"
    return ""


def _hold(d: Decision, each: Proposal, why: str) -> None:
    told = d.reach((_COMMS, _LEAD)).pages
    pages = {(page.to, page.via): page for page in (*_to(d, each.author, each.reviewer), *told)}
    d.record(UpdateHeld(each.id, why, each.channels, tuple(pages.values())))


def fire(d: Decision, name: str) -> None:
    """A proposal's time has come, or nobody has answered in time."""
    number = int(name.partition(":")[2])
    each = _find(d, number)
    if name.startswith(REVIEW):
        asked = d.reach((Target(TargetKind.PERSON, each.reviewer),) if each.reviewer else d.book.updates.ask).pages
        pages = {(page.to, page.via): page for page in (*_to(d, each.author), *asked)}
        d.record(ReviewUnanswered(each.id, each.channels, tuple(pages.values())))
        return
    why = _overtaken(d, each)
    if not why and each.asked and not each.approved_by:
        why = "its time came and nobody had approved it"
    if not why and each.next_at is not None and each.next_at <= d.now:
        why = f"the next update that it promises, {each.next_at:%H:%M} UTC, is past"
    if not why:
        try:
            with plain():  # why it is held back goes onto the record
                wanted = of_proposal(d, each)
                if needs_review(d, wanted) and not each.approved_by:
                    raise Refused("the rules want it reviewed now")
                complete(d, wanted)
        except Refused as refusal:
            why = str(refusal)
    if why:
        _hold(d, each, why)
    else:
        send(d, wanted, each)
