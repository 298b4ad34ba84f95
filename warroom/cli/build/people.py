"""From people in the room, their duties and the card for a handover to the shapes of `--json`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from warroom.cli.shapes import people as shapes
from warroom.views import CardView, DutyLine, PersonHere


def duty(key: str, role: str, line: DutyLine) -> shapes.Duty:
    """One duty of a role."""
    done = line.at is not None
    return shapes.Duty(key=key, role=role, number=line.number, duty=line.text, done=done, by=line.by, at=line.at)


def person(key: str, each: PersonHere, now: datetime) -> shapes.PersonHere:
    """One person in the room."""
    red = each.red_at is not None and each.red_at <= now
    amber = each.amber_at is not None and each.amber_at <= now
    return shapes.PersonHere(
        key=key,
        person=each.login,
        name=each.name,
        roles=list(each.roles),
        here=each.here,
        joined_at=each.joined_at,
        left_at=each.left_at,
        seen_at=each.seen_at,
        awake_since=each.awake_since,
        declined_at=each.declined_at,
        on_duty_s=each.on_duty.total_seconds(),
        night_pages=each.night_pages,
        tired="red" if red else "amber" if amber else "",
        why=each.why,
        amber_at=each.amber_at,
        red_at=each.red_at,
    )


def card(made: CardView) -> shapes.Card:
    """The card for handing a role over."""
    parts: dict[str, Any] = {
        name: [shapes.CardItem(text=text, who=who, due=due, late=late) for text, who, due, late in items]
        for name, items in made.parts
    }
    return shapes.Card(
        key=made.key,
        role=made.role,
        title=made.title,
        holder=made.holder,
        since=made.since,
        at=made.at,
        text=made.text,
        successors=[shapes.Successor(person=e.person, words=e.words, tired=e.tired) for e in made.succession],
        **parts,
    )
