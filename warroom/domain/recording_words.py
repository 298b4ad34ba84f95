"""What everything that is written down has in common (R11): whom a text speaks to, who is meant, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from warroom.domain.core import Decision, Refused
from warroom.domain.mentions import Mentions, mentioned
from warroom.words import tr


def words_of(d: Decision, text: str, what: str) -> Mentions:
    """Whom a text speaks to; refuses an empty one."""
    if not text:
        raise Refused(tr("there is nothing to note: the text of the {what} is empty").format(what=tr(what)))
    return spoken_to(d, text)


def spoken_to(d: Decision, text: str) -> Mentions:
    """Whom a text speaks to: people of the rulebook, who was in this room, and holders of roles."""
    roles = {role: d.room.roles.holder(role) for role in (*d.book.roles, *d.room.roles.by_name)}
    return mentioned(text, {*d.book.people, *d.room.people.by_login, *filter(None, roles.values())}, roles)


def known(numbers: Iterable[int]) -> str:
    """The numbers there are, for a refusal."""
    shown = ", ".join(f"#{number}" for number in list(numbers)[-12:])
    return tr("; there is {shown}").format(shown=shown) if shown else ""


def somebody(d: Decision, who: str, what: str) -> str:
    """The person of that name; a role stands for its holder."""
    if not who:
        return ""
    name = who.removeprefix("@")
    said = spoken_to(d, f"@{name}")
    if said.people:
        return said.people[0]
    if name in d.book.roles:
        raise Refused(
            tr("nobody holds the role {name}: name a person for the {what}, or leave it to whoever takes it").format(
                name=name, what=tr(what)
            )
        )
    return name  # somebody at this room whom the rulebook does not know


def in_time(d: Decision, due: datetime | None, what: str) -> None:
    """Refuses a time that is past, and any time where no clock runs."""
    incident = d.room.incident
    if due is None:
        return
    if incident.watched:
        raise Refused(
            tr("{key} is only watched, and no clock runs in it: leave the time of the {what} out").format(
                key=incident.key, what=tr(what)
            )
        )
    if incident.closed_at is not None:
        raise Refused(
            tr("{key} is closed, and no clock runs in it: leave the time of the {what} out, or reopen it").format(
                key=incident.key, what=tr(what)
            )
        )
    d.ahead(due, tr("the time of the {what}").format(what=tr(what)))
