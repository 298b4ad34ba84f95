"""Telling people (R10): what follows when an update goes out, and what has to be so before it may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from warroom.domain.clocks import timing
from warroom.domain.comms import Audience, ChannelSpec, PostUpdate, Proposal, StreamEnded, UpdatePosted
from warroom.domain.completeness import brief, judge
from warroom.domain.core import Decision, Refused, Stale
from warroom.domain.incident import Status
from warroom.domain.proposals import UpdateWithdrawn
from warroom.domain.templates import Stage
from warroom.valueclass import dataclass
from warroom.words import tr


@dataclass(frozen=True, slots=True)
class Wanted:
    """An update as somebody wants it out: to which channels, in which words, with what promised."""

    channels: tuple[ChannelSpec, ...]
    audience: Audience
    text: str
    subject: str = ""
    next_at: datetime | None = None
    corrects: int = 0


def post(d: Decision, command: PostUpdate) -> None:
    """Post an update on one or several channels of the rulebook."""
    wanted = wish(
        d,
        (command.channel, *command.also),
        command.text,
        command.subject,
        command.next_at,
        command.audience,
        command.corrects,
    )
    names = [channel.name for channel in wanted.channels]
    if command.seen is not None and command.seen != d.room.comms.count(names):
        raise Stale(
            tr("somebody posted on {names} since you looked; read it before you post").format(
                names=tr(" or ").join(names)
            )
        )
    if needs_review(d, wanted):
        i = d.room.incident
        raise Refused(
            tr(
                "an {audience} update of a {severity} needs a second person: ask one with "
                "warroom update {key} {channel} --review PERSON, or in the composer"
            ).format(audience=tr(wanted.audience), severity=i.severity, key=i.key, channel=names[0])
        )
    complete(d, wanted)
    if d.room.comms.proposal(command.replaces) is not None:
        d.record(UpdateWithdrawn(command.replaces, "written anew"))
    send(d, wanted)


def wish(
    d: Decision,
    names: Sequence[str],
    text: str,
    subject: str,
    next_at: datetime | None,
    audience: Audience | None,
    corrects: int,
) -> Wanted:
    """What somebody wants out, looked through; raises `Refused` where it cannot go out as it is."""
    _still_told(d, names, corrects)
    channels = []
    for name in dict.fromkeys(names):
        channel = d.book.channels.get(name)
        if channel is None:
            known = ", ".join(d.book.channels)
            raise Refused(tr("there is no channel {name!r}; the channels are {known}").format(name=name, known=known))
        channels.append(channel)
    if not channels:
        raise Refused(tr("name at least one channel"))
    if not text:
        raise Refused(tr("an update needs a text"))
    kinds = {channel.audience for channel in channels}
    if audience is None and len(kinds) > 1:
        raise Refused(tr("one text is for one audience: write the internal channels apart from the external ones"))
    if next_at is not None:
        d.ahead(next_at, tr("the next update"))
        if d.room.incident.closed_at is not None:
            raise Refused(
                tr("{key} is closed: reopen it before you promise another update").format(key=d.room.incident.key)
            )
    if corrects:
        _corrected(d, corrects, channels)
    return Wanted(tuple(channels), audience or channels[0].audience, text, subject, next_at, corrects)


def _still_told(d: Decision, names: Sequence[str], corrects: int) -> None:
    """Refuse an update of an incident that is closed, and one in the place of a provider; what to do instead is said.

    What was said wrongly is put right without opening the incident again.
    """
    i = d.room.incident
    if i.watched and d.book.watch_channel.name in names:
        raise Refused(
            tr("{channel} is what {provider} says of {key}: declare an incident of your own to speak there").format(
                channel=d.book.watch_channel.name, provider=i.provider, key=i.key
            )
        )
    if i.closed_at is None or corrects:
        return
    if i.watched:
        raise Refused(
            tr("{key} is over at {provider}: declare an incident of your own, and write the update there").format(
                key=i.key, provider=i.provider
            )
        )
    raise Refused(tr("{key} is closed: reopen it before you write an update").format(key=i.key))


def _corrected(d: Decision, corrects: int, channels: list[ChannelSpec]) -> None:
    said = next((each for each in d.room.comms.said if each.version == corrects), None)
    if said is None:
        latest = ", ".join(f"{each.version} ({each.channel})" for each in d.room.comms.said[-5:])
        known = tr("the latest updates are {latest}").format(latest=latest) if latest else tr("there is none yet")
        raise Refused(
            tr("entry {corrects} is no update that can be put right; {known}").format(corrects=corrects, known=known)
        )
    if said.channel not in {channel.name for channel in channels}:
        raise Refused(
            tr("entry {corrects} was said on {channel}: put it right there").format(
                corrects=corrects, channel=said.channel
            )
        )


def needs_review(d: Decision, wanted: Wanted) -> bool:
    """Whether the rules want that somebody else has approved it."""
    if d.room.incident.watched:
        return False
    names = [channel.name for channel in wanted.channels]
    return d.book.updates.needs_review(wanted.audience, d.room.incident.severity, names)


def complete(d: Decision, wanted: Wanted) -> None:
    """Refuse what the rules refuse an update without."""
    names = [channel.name for channel in wanted.channels]
    stage = stage_of(d.room.comms.count(names), d.room.incident.status, wanted.corrects)
    held = judge(wanted.text, brief(d.room, d.book, names, wanted.audience, stage), wanted.subject)
    if held.refused:
        lacks = "; ".join(f"{check.title} ({check.name})" for check in held.refused)
        unknown = next((check.sentence for check in held.refused if check.sentence), "")
        say = tr(", or that it is not known: {unknown}").format(unknown=unknown) if unknown else ""
        raise Refused(
            tr("the rules want an {audience} update to say {lacks}{say}").format(
                audience=tr(wanted.audience), lacks=lacks, say=say
            )
        )


def stage_of(count: int, status: Status, corrects: int = 0) -> Stage:
    """Where an update stands on channels that have had `count` of them."""
    if corrects:
        return Stage.CORRECTION
    if status in (Status.RESOLVED, Status.CLOSED):
        return Stage.FINAL
    return Stage.FOLLOW_UP if count else Stage.FIRST


def of_proposal(d: Decision, proposal: Proposal) -> Wanted:
    """A proposal as it would go out now; channels that the rules have no longer are refused."""
    p = proposal
    return wish(d, p.channels, p.text, p.subject, p.next_at, p.audience, p.corrects)


def send(d: Decision, wanted: Wanted, proposal: Proposal | None = None, unreviewed: str = "") -> None:
    """Let it have gone out on each of its channels."""
    wrong_on = {said.channel for said in d.room.comms.said if said.version == wanted.corrects}
    for channel in wanted.channels:
        time = timing(d, channel.name, wanted.next_at)
        d.record(
            UpdatePosted(
                channel.name,
                wanted.audience,
                wanted.text,
                d.now,
                time.due,
                time.promised,
                was_due=time.was_due,
                subject=wanted.subject,
                author=proposal.author if proposal is not None and proposal.author != d.context.actor else "",
                reviewer=proposal.approved_by if proposal is not None else "",
                unreviewed=unreviewed,
                proposal=proposal.id if proposal is not None else 0,
                corrects=wanted.corrects if channel.name in wrong_on else 0,
                warn_at=time.warn_at,
            )
        )
        if not d.room.incident.live and wanted.next_at is None:
            d.record(StreamEnded(channel.name))
