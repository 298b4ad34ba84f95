"""What belongs to an incident (R1): addresses (chat, call, documents, tickets) and other incidents.

Both sides of a relation between incidents know of it: what is asked for on one is asked for on the other in the same
transaction (`echoes`), so that neither record is without it. A duplicate is merged (`declaring.merge`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from warroom.domain.core import Command, Decision, Event, Refused, happens
from warroom.domain.incident_events import Declared
from warroom.domain.incident_state import OVER
from warroom.valueclass import dataclass
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.room import Room

CHAT, CALL, DOCUMENT, TICKET = "chat", "call", "document", "ticket"
ONE_EACH: Final = (CHAT, CALL, DOCUMENT)
"""The kinds of link of which an incident has one: another one takes its place. Of others it may have several."""
LINK_KINDS: Final = (*ONE_EACH, TICKET)
"""The kinds that have a place of their own; any other word is fine too."""

MOST = 50
"""How many links, and how many relations, an incident has at most."""
LONGEST_LINK = 500
"""The longest address, in characters: a cut one leads nowhere, so that a longer one is refused."""


class Relation(StrEnum):
    """How another incident belongs to this one, read from this one."""

    RELATED = "related"
    CAUSED_BY = "caused-by"
    CAUSE_OF = "cause-of"
    PART_OF = "part-of"
    SPLIT_INTO = "split-into"

    @property
    def inverse(self) -> Relation:
        """The same, read from the other incident."""
        return _INVERSE.get(self, self)

    @property
    def words(self) -> str:
        """As a person reads it: "caused by"."""
        return self.value.replace("-", " ")


_INVERSE = {
    Relation.CAUSED_BY: Relation.CAUSE_OF,
    Relation.CAUSE_OF: Relation.CAUSED_BY,
    Relation.PART_OF: Relation.SPLIT_INTO,
    Relation.SPLIT_INTO: Relation.PART_OF,
}


@dataclass(frozen=True, slots=True)
class Link:
    """An address, or words such as the name of a chat room."""

    kind: str
    to: str


@dataclass(frozen=True, slots=True)
class Tie:
    """Another incident, with its title when it was tied. `status` is followed of child work alone, "" of others."""

    relation: Relation
    key: str
    title: str = ""
    status: str = ""

    @property
    def open(self) -> bool:
        """Whether this is child work that is not over."""
        return self.relation is Relation.SPLIT_INTO and self.status not in OVER


@dataclass(frozen=True, slots=True)
class Links:
    """All that belongs to one incident."""

    links: tuple[Link, ...] = ()
    ties: tuple[Tie, ...] = ()

    def one(self, kind: str) -> str:
        """The address of that kind, the latest of several; "" when there is none."""
        return next((link.to for link in reversed(self.links) if link.kind == kind), "")

    def tie(self, key: str) -> Tie | None:
        """How an incident belongs to this one; None when it does not."""
        return next((tie for tie in self.ties if tie.key == key), None)

    @property
    def open_children(self) -> tuple[Tie, ...]:
        """Child work that is not over."""
        return tuple(tie for tie in self.ties if tie.open)


# Commands and events -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddLink(Command):
    """Keep an address with the incident: http(s), or words. `kind` is chat, call, document, ticket or any word."""

    names = ("kind",)
    blocks = ("to",)

    kind: str
    to: str


@dataclass(frozen=True, slots=True)
class RemoveLink(Command):
    """Take an address away; `to` says which, where there are several of that kind."""

    names = ("kind",)
    blocks = ("to",)

    kind: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Relate(Command):
    """Another incident belongs to this one. `title` and `status` are those of the other one, filled by the store."""

    names = ("key",)
    lines = ("reason", "title", "status")

    relation: Relation
    key: str
    reason: str = ""
    title: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Unrelate(Command):
    """It does not after all."""

    names = ("key",)
    lines = ("reason",)

    key: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FollowChild(Command):
    """Child work of this incident moved to another stage; comes with the change itself."""

    names = ("key", "status")

    key: str
    status: str


@happens("link_added")
@dataclass(frozen=True, slots=True)
class LinkAdded(Event):
    """An address is kept with the incident, in place of `before` ("" where there was none)."""

    link: str
    to: str
    before: str = ""


@happens("link_removed")
@dataclass(frozen=True, slots=True)
class LinkRemoved(Event):
    """An address was taken away."""

    link: str
    to: str


@happens("related")
@dataclass(frozen=True, slots=True)
class Related(Event):
    """Another incident belongs to this one; both records say so. `status`: that of child work."""

    relation: Relation
    key: str
    title: str = ""
    reason: str = ""
    status: str = ""


@happens("unrelated")
@dataclass(frozen=True, slots=True)
class Unrelated(Event):
    """It does not after all; both records say so."""

    relation: Relation
    key: str
    reason: str = ""


@happens("child_moved")
@dataclass(frozen=True, slots=True)
class ChildMoved(Event):
    """Child work moved to another stage."""

    key: str
    status: str


# Deciding ------------------------------------------------------------------------------------------------------------


def add(d: Decision, command: AddLink) -> None:
    """Keep an address."""
    links = d.room.links
    kind, to = command.kind.casefold().replace(" ", "-"), _address(command.to)
    if not kind:
        raise Refused(
            tr("say what it is: {link_kinds}, or a word of your own").format(link_kinds=", ".join(LINK_KINDS))
        )
    if kind in {*Relation, "duplicate-of"}:
        raise Refused(
            tr("{kind} names another incident, such as {key}, and no address").format(
                kind=kind, key=d.room.incident.key
            )
        )
    if Link(kind, to) in links.links:
        raise Refused(tr("{key} has this {kind} already").format(key=d.room.incident.key, kind=kind))
    before = links.one(kind) if kind in ONE_EACH else ""
    if not before and len(links.links) >= MOST:
        raise Refused(
            tr("{key} has {most} links: remove one before you add another").format(key=d.room.incident.key, most=MOST)
        )
    d.record(LinkAdded(kind, to, before))


_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)


def _address(text: str) -> str:
    if not text:
        raise Refused(tr("a link needs an address, or words such as the name of a chat room"))
    if "\n" in text or len(text) > LONGEST_LINK:
        raise Refused(tr("a link is one line of at most {longest_link} characters").format(longest_link=LONGEST_LINK))
    scheme = _SCHEME.match(text)
    if scheme is not None:
        if scheme[1].lower() not in ("http", "https"):
            raise Refused(
                tr("{scheme}:// is no address for a link: write http:// or https://, or words").format(scheme=scheme[1])
            )
        if " " in text:
            raise Refused(tr("an address has no blanks: leave them out, or write %20"))
    return text


def remove(d: Decision, command: RemoveLink) -> None:
    """Take an address away."""
    kind = command.kind.casefold().replace(" ", "-")
    found = [link for link in d.room.links.links if link.kind == kind and command.to in ("", link.to)]
    if not found:
        what = f"{kind} {command.to}".strip()
        known = ", ".join(dict.fromkeys(link.kind for link in d.room.links.links))
        raise Refused(
            tr("{key} has no {what}; its links are {known}").format(key=d.room.incident.key, what=what, known=known)
            if known
            else tr("{key} has no {what}").format(key=d.room.incident.key, what=what)
        )
    if len(found) > 1:
        raise Refused(
            tr("{key} has {count} of {kind}: say which, by its address").format(
                key=d.room.incident.key, count=len(found), kind=kind
            )
        )
    d.record(LinkRemoved(found[0].kind, found[0].to))


def relate(d: Decision, command: Relate) -> None:
    """Tie another incident to this one."""
    incident, links, relation = d.room.incident, d.room.links, command.relation
    if not command.key or command.key == incident.key:
        raise Refused(tr("name the other incident"))
    old = links.tie(command.key)
    if old is not None:
        raise Refused(
            tr("{key} is tied to {key2} already ({words}): unlink it first").format(
                key=command.key, key2=incident.key, words=tr(old.relation.words)
            )
        )
    if relation in (Relation.PART_OF, Relation.SPLIT_INTO) and incident.watched:
        raise Refused(tr("{key} is only watched: no work on it is done here").format(key=incident.key))
    if relation is Relation.PART_OF:
        parent = next((tie.key for tie in links.ties if tie.relation is Relation.PART_OF), "")
        if parent:
            raise Refused(
                tr("{key} is part of {parent} already: unlink it first").format(key=incident.key, parent=parent)
            )
    if len(links.ties) >= MOST:
        raise Refused(
            tr("{key} is tied to {most} incidents: unlink one before you add another").format(
                key=incident.key, most=MOST
            )
        )
    status = command.status if relation is Relation.SPLIT_INTO else ""
    d.record(Related(relation, command.key, command.title, command.reason, status))


def unrelate(d: Decision, command: Unrelate) -> None:
    """Untie another incident."""
    tie = d.room.links.tie(command.key)
    if tie is None:
        raise Refused(tr("{key} is not tied to {key2}").format(key=command.key or tr("that"), key2=d.room.incident.key))
    d.record(Unrelated(tie.relation, tie.key, command.reason))


def follow_child(d: Decision, command: FollowChild) -> None:
    """Note where child work stands; nothing when it is no child any more, or stands there already."""
    tie = d.room.links.tie(command.key)
    if tie is not None and tie.relation is Relation.SPLIT_INTO and tie.status != command.status:
        d.record(ChildMoved(command.key, command.status))


def echoes(command: Command, before: Room | None, after: Room) -> tuple[tuple[str, Command], ...]:
    """What has to be carried out on other incidents because a command was carried out on this one: (key, command)."""
    incident = after.incident
    out: list[tuple[str, Command]] = []
    was = before.links if before is not None else Links()
    ties = {tie.key: tie for tie in after.links.ties}
    if not isinstance(command, FollowChild):
        new = [tie for tie in after.links.ties if was.tie(tie.key) is None]
        reason = command.reason if isinstance(command, Relate | Unrelate) else ""
        out += [
            (tie.key, Relate(tie.relation.inverse, incident.key, reason, incident.title, incident.status.value))
            for tie in new
        ]
        out += [(tie.key, Unrelate(incident.key, reason)) for tie in was.ties if tie.key not in ties]
        parent = next((tie.key for tie in was.ties if tie.relation is Relation.PART_OF and tie.key in ties), "")
        if parent and before is not None and before.incident.status is not incident.status:
            out.append((parent, FollowChild(incident.key, incident.status.value)))
    return tuple(out)


# Evolve --------------------------------------------------------------------------------------------------------------


def evolve(links: Links, event: Event) -> Links:
    """The links after `event`; events of other topics leave them as they are."""
    match event:
        case Declared() if event.parent:
            return Links(ties=(Tie(Relation.PART_OF, event.parent, event.parent_title),))
        case LinkAdded():
            kept = tuple(link for link in links.links if not (event.before and link.kind == event.link))
            return replace(links, links=(*kept, Link(event.link, event.to)))
        case LinkRemoved():
            return replace(links, links=tuple(each for each in links.links if each != Link(event.link, event.to)))
        case Related():
            tie = Tie(event.relation, event.key, event.title, event.status)
            return replace(links, ties=(*links.ties, tie))
        case Unrelated():
            return replace(links, ties=tuple(tie for tie in links.ties if tie.key != event.key))
        case ChildMoved():
            moved = (replace(tie, status=event.status) if tie.key == event.key else tie for tie in links.ties)
            return replace(links, ties=tuple(moved))
        case _:
            return links
