"""Roles and people of a room as a screen shows them (R4): functions of the room, the rules and what stands besides."""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.domain.book import Rulebook
from warroom.domain.core import Context
from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.fatigue import Fatigue, worked
from warroom.domain.handover import card, sections, text
from warroom.domain.role_titles import titled
from warroom.domain.roles import LEAD, RoleState
from warroom.domain.room import Room
from warroom.domain.succession import Span, Standing, span_of_control
from warroom.views import (
    CardView,
    DutyLine,
    PeopleView,
    PersonHere,
    RoleLine,
    SpanLine,
    SuccessionLine,
    SuccessorLine,
)
from warroom.words import tr

NOBODY = Fatigue()
A_MINUTE = timedelta(minutes=1)
GONE = 20
"""How many of those who left are shown."""


def role_lines(room: Room, book: Rulebook, now: datetime, duty: Duty = NOTHING_BESIDES) -> tuple[RoleLine, ...]:
    """Every role that is held, offered or has to be filled, in the rulebook's order; a workstream's own role stands
    behind the one that it is."""
    names = [*book.roles, *(name for name in room.roles.by_name if name not in book.roles)]
    order = {name: number for number, name in enumerate(book.roles)}
    names.sort(key=lambda name: order.get(name.partition("/")[0], len(order)))
    standing = Standing(room, Context(now, "", book, duty))
    return tuple(_role(name, standing) for name in names if _shown(room.roles.get(name)))


def _shown(state: RoleState) -> bool:
    return bool(state.holder or state.offer or state.required or state.others or state.added)


def _role(name: str, standing: Standing) -> RoleLine:
    room, book = standing.room, standing.context.book
    state = room.roles.get(name)
    spec, offer, lapsed, planned = book.role(name), state.offer, state.lapsed, state.planned
    tired = standing.fatigue(state.holder) if state.holder and room.incident.live else NOBODY
    return RoleLine(
        name,
        spec.title,
        state.holder,
        state.since,
        state.due,
        state.required,
        offer.to if offer else "",
        offer.at if offer else None,
        also=state.also,
        deputies=state.deputies,
        added=state.added,
        amber_at=_reached(tired.amber_at, standing.context.now),
        red_at=_reached(tired.red_at, standing.context.now),
        offered_by=offer.by if offer else "",
        offer_note=offer.note if offer else "",
        offer_lapses_at=offer.lapses_at if offer else None,
        lapsed_to=lapsed.to if lapsed else "",
        planned_at=planned.at if planned else None,
        duties=tuple(
            DutyLine(number, duty, *((tick.by, tick.at) if (tick := state.ticked(duty)) else ("", None)))
            for number, duty in enumerate(spec.duties, 1)
        ),
        may_join=max(0, (1 if name == LEAD else spec.holders) - 1 - len(state.also)) if state.holder else 0,
        may_deputise=max(0, spec.deputies - len(state.deputies)),
    )


def _reached(at: datetime | None, now: datetime) -> datetime | None:
    """Since when or from when on somebody is tired; what has come already is told by the minute in which it is seen, so
    that one look finds the same as the next."""
    return at if at is None or at > now else at.replace(second=0, microsecond=0)


def people_view(room: Room, book: Rulebook, now: datetime, duty: Duty = NOTHING_BESIDES) -> PeopleView | None:
    """The people of the room; None for an incident that is only watched."""
    if room.incident.watched:
        return None
    standing = Standing(room, Context(now, "", book, duty))
    holders = (person for state in room.roles.by_name.values() for person in state.people)
    here = dict.fromkeys((*holders, *room.people.here())) if room.incident.live else {}
    others = [login for login in room.people.by_login if login not in here]
    others.sort(key=lambda login: str(room.people.get(login).left_at or ""), reverse=True)
    held = _roles_held(room) if room.incident.live else []
    return PeopleView(
        tuple(_person(login, standing, login in here) for login in (*here, *others[:GONE])),
        tuple(succession(name, standing) for name in held),
        _span(span_of_control(room, standing.context)),
        tuple((name, text(card(room, book, now, duty, name, standing))) for name in held),
    )


def _roles_held(room: Room) -> list[str]:
    return [name for name, state in room.roles.by_name.items() if state.holder]


def _person(login: str, standing: Standing, here: bool) -> PersonHere:
    room, context = standing.room, standing.context
    known, someone = room.people.get(login), context.book.people.get(login)
    load, tired = standing.load(login), standing.fatigue(login)
    with titled(context.book):
        weighs = tired.why(context.now) if here else ""
    titles = tuple(
        context.book.role(name).title + (tr(" (deputy)") if login in room.roles.get(name).deputies else "")
        for name in room.roles.of(login)
    )
    return PersonHere(
        login,
        someone.name if someone else "",
        titles,
        here,
        known.joined_at or min(load.roles.values(), default=None),
        known.left_at,
        known.seen_at,
        known.awake_since,
        known.declined_at,
        worked(load.stays, context.now) // A_MINUTE * A_MINUTE,
        len(load.night_pages),
        _reached(tired.amber_at, context.now) if here else None,
        _reached(tired.red_at, context.now) if here else None,
        weighs,
    )


def succession(role: str, standing: Standing) -> SuccessionLine:
    """Who could take a role over."""
    found = standing.successors(role)
    lines = tuple(SuccessorLine(each.person, each.words, each.tired.value) for each in found)
    return SuccessionLine(role, standing.context.book.role(role).title, lines)


def _span(span: Span | None) -> SpanLine | None:
    if span is None:
        return None
    if not span.over:
        return SpanLine(span.count, span.most)
    if span.streams:
        name, who = span.streams[0]
        how = tr("give the workstream {name} ({count} people) a lead of its own: tech-lead/{name}").format(
            name=name, count=len(who)
        )
    else:
        how = tr("split the work into workstreams, each with a lead of its own, such as tech-lead/database")
    return SpanLine(span.count, span.most, how)


def card_view(role: str, room: Room, book: Rulebook, now: datetime, duty: Duty) -> CardView:
    """The card for handing a role over now."""
    standing = Standing(room, Context(now, "", book, duty))
    made = card(room, book, now, duty, role, standing)
    parts = tuple(
        (name, tuple((item.text, item.who, item.due, item.late) for item in items)) for name, items in sections(made)
    )
    who = succession(role, standing)
    return CardView(made.key, role, made.role_title, made.holder, made.since, now, text(made), parts, who.people)
