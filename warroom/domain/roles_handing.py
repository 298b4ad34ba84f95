"""Handing a role over (R4): offered with a card, read back, accepted; until then the old holder stands."""

from __future__ import annotations

from warroom.domain.core import Decision, Refused, Stale
from warroom.domain.policy import PageTo, Target, TargetKind
from warroom.domain.roles import (
    AcceptRole,
    EndOffer,
    HandoverDue,
    HandoverPlanned,
    OfferRole,
    PlanHandover,
    ReadBack,
    RoleAssigned,
    RoleOffered,
    RoleOfferEnded,
    RoleReadBack,
)
from warroom.domain.roles_acts import known, still_taken
from warroom.domain.status_words import status_word
from warroom.words import tr


def offer(d: Decision, command: OfferRole) -> None:
    """Put a handover on the table; a newer offer replaces an older one."""
    spec = known(d, command.role)
    still_taken(d)
    state = d.room.roles.get(spec.role)
    if command.seen is not None and command.seen != state.holder:
        raise Stale(
            tr("{title} is held by {holder} now; look again before you offer it").format(
                title=spec.title, holder=state.holder or tr("nobody")
            )
        )
    if not command.to:
        raise Refused(tr("name the person to whom the role is offered"))
    if command.to == state.holder:
        raise Refused(tr("{holder} is {title} already").format(holder=state.holder, title=spec.title))
    if state.holder and command.to == d.context.actor:
        raise Refused(
            tr("{holder} is {title}: ask them to offer it to you, or take it with a reason").format(
                holder=state.holder, title=spec.title
            )
        )
    if state.offer is not None:
        d.record(RoleOfferEnded(spec.role, state.offer.to, "withdrawn"))
    d.record(RoleOffered(spec.role, command.to, command.note, d.now + spec.offer_lapses))


def read_back(d: Decision, command: ReadBack) -> None:
    """Say what one has understood; the one who offers hears it before the role changes hands."""
    spec = known(d, command.role)
    _offered(d, spec.role, spec.title)
    if not command.text:
        raise Refused(tr("say in a line what you have understood"))
    d.record(RoleReadBack(spec.role, d.context.actor, command.text))


def accept(d: Decision, command: AcceptRole) -> None:
    """Take an offered role; only the one it was offered to can. What was read back goes before it."""
    spec = known(d, command.role)
    state = d.room.roles.get(spec.role)
    standing = _offered(d, spec.role, spec.title)
    if command.seen is not None and command.seen != standing:
        raise Stale(tr("{title} was offered anew since you looked: read the card again").format(title=spec.title))
    said = command.read_back or (state.offer.read_back if state.offer else "")
    if spec.read_back and state.holder and not said:
        raise Refused(
            tr("read it back first: say in a line what you take over from {holder}").format(holder=state.holder)
        )
    if command.read_back:
        d.record(RoleReadBack(spec.role, d.context.actor, command.read_back))
    d.record(RoleAssigned(spec.role, d.context.actor, state.holder, handed_over=bool(state.holder)))


def _offered(d: Decision, role: str, title: str) -> object:
    """When the offer was made that the actor answers; refuses when there is none for them."""
    state = d.room.roles.get(role)
    if state.offer is None:
        raise Stale(
            tr("{title} is not on offer (any more); {holder} holds it").format(
                title=title, holder=state.holder or tr("nobody")
            )
        )
    if state.offer.to != d.context.actor:
        raise Refused(
            tr("{title} was offered to {to}, not to {actor}").format(
                title=title, to=state.offer.to, actor=d.context.actor
            )
        )
    return state.offer.at


def end_offer(d: Decision, command: EndOffer) -> None:
    """Take an offer off the table."""
    spec = known(d, command.role)
    standing = d.room.roles.get(spec.role).offer
    if standing is None:
        raise Stale(tr("{title} is not on offer (any more)").format(title=spec.title))
    how = "declined" if standing.to == d.context.actor else "withdrawn"
    d.record(RoleOfferEnded(spec.role, standing.to, how))


def plan(d: Decision, command: PlanHandover) -> None:
    """Plan a handover ahead, or call the plan off."""
    spec = known(d, command.role)
    state = d.room.roles.get(spec.role)
    if command.at is None:
        if state.planned is None:
            raise Refused(tr("no handover of {title} is planned").format(title=spec.title))
        d.record(HandoverPlanned(spec.role, None))
        return
    d.ahead(command.at, tr("the handover"))
    if why := d.room.incident.idle:
        raise Refused(
            tr("{key} is {why}: there is nothing to hand over").format(key=d.room.incident.key, why=status_word(why))
        )
    if not state.holder:
        raise Refused(tr("{title} is vacant: there is nothing to hand over").format(title=spec.title))
    if command.to == state.holder:
        raise Refused(tr("{holder} is {title} already").format(holder=state.holder, title=spec.title))
    d.record(HandoverPlanned(spec.role, command.at, command.to))


def lapse(d: Decision, role: str) -> None:
    """Nobody took an offer: who made it hears of it, and whoever could take it instead."""
    standing = d.room.roles.get(role).offer
    if standing is None:
        return
    people = dict.fromkeys((standing.by, d.room.roles.holder(role)))
    pages = _notices(d, (*people,)) + d.reach(d.book.role(role).pool).pages
    once = tuple({(page.to, page.via): page for page in reversed(pages)}.values())[::-1]
    told = tuple(page for page in once if page.to != standing.to)
    d.record(RoleOfferEnded(role, standing.to, "lapsed", standing.by, told))


def remind(d: Decision, role: str) -> None:
    """The time has come for which a handover was planned."""
    state = d.room.roles.get(role)
    to = state.planned.to if state.planned else ""
    d.record(HandoverDue(role, to, _notices(d, (state.holder, to))))


def _notices(d: Decision, people: tuple[str, ...]) -> tuple[PageTo, ...]:
    """A word to each of these, where they can be reached; whoever is named is told although they are absent."""
    targets = tuple(Target(TargetKind.PERSON, person) for person in people if person)
    return d.reach(targets, by_hand=True).pages
