"""What `--json` prints of people in a room, of their duties, and of the card for handing a role over. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape, Time


class Duty(Shape):
    """One duty of a role."""

    key: str
    role: str
    number: int
    duty: str
    done: bool
    by: str
    at: Time | None


class PersonHere(Shape):
    """One person in the room of an incident, or who was."""

    key: str
    person: str
    name: str
    roles: list[str]
    here: bool
    joined_at: Time | None
    left_at: Time | None
    seen_at: Time | None
    awake_since: Time | None
    declined_at: Time | None
    on_duty_s: float
    night_pages: int
    tired: str
    why: str
    amber_at: Time | None
    red_at: Time | None


class CardItem(Shape):
    """One line of a card."""

    text: str
    who: str
    due: Time | None
    late: bool


class Successor(Shape):
    """Somebody who could take a role over."""

    person: str
    words: str
    tired: str


class Card(Shape):
    """The card for handing a role over."""

    key: str
    role: str
    title: str
    holder: str
    since: Time | None
    at: Time
    text: str
    known: list[CardItem]
    unknown: list[CardItem]
    running: list[CardItem]
    pending: list[CardItem]
    updates: list[CardItem]
    escalation: list[CardItem]
    risks: list[CardItem]
    duties: list[CardItem]
    people: list[CardItem]
    successors: list[Successor]
