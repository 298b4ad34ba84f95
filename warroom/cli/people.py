"""`warroom role`, `offer`, `accept`, `decline`, `leave`, `duty`: who does what in an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from warroom.cli.output import Cell, emit, say, table, tell, width
from warroom.cli.params import AHEAD, KEY, PERSON, When, find_key, read_summary
from warroom.cli.perform import perform
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings, command
from warroom.domain.core import Command, Refused
from warroom.domain.escalation import Decline
from warroom.domain.people import LeaveRoom
from warroom.domain.roles import (
    LEAD,
    AcceptRole,
    AddRole,
    AssignRole,
    DropRole,
    EndOffer,
    JoinRole,
    LeaveRole,
    OfferRole,
    TickDuty,
)
from warroom.tui.pieces import Role
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.room import Room
    from warroom.service.acting import Acting


@command("role")
@click.argument("key", type=KEY)
@click.argument("role")
@click.argument("person", type=PERSON, required=False)
@click.option("--reason", default="", metavar="TEXT", help="Why; needed to take a role from somebody who holds it.")
@click.option("--also", is_flag=True, help="Hold it besides the one who leads it, where the rules allow that.")
@click.option("--deputy", is_flag=True, help="Stand by for it as a deputy.")
@click.option("--add", is_flag=True, help="Ask for this role in this incident, though its severity does not.")
@click.option("--within", type=AHEAD, metavar="TIME", help="With --add: by when it has to be filled, such as 10m.")
@click.option("--drop", is_flag=True, help="Do without a role that was added; it has to be vacant.")
def role(
    settings: Settings,
    key: str,
    role: str,
    person: str | None,
    reason: str,
    also: bool,
    deputy: bool,
    add: bool,
    within: When | None,
    drop: bool,
) -> None:
    """Put PERSON into a role at once, or take it yourself. To hand a role over, use handover and accept.

    A second workstream has the same role once more under a label behind a slash.

    \b
    warroom role 142 incident-manager mina
    warroom role 142 tech-lead/database jonas
    warroom role 142 scribe --add --within 10m
    """
    if sum((also, deputy, add, drop)) > 1:
        raise click.UsageError(tr("--also, --deputy, --add and --drop are one or the other"))
    if within is not None and not add:
        raise click.UsageError(tr("--within belongs to --add"))
    if reason and (also or deputy or add or drop):
        raise click.UsageError(tr("--reason is for taking a role from somebody: leave it out"))
    if person and (add or drop):
        raise click.UsageError(tr("--add and --drop are about the role: leave PERSON out"))

    def made(session: Acting) -> Command:
        who = person or session.actor
        if also or deputy:
            return JoinRole(role, who, deputy)
        if add:
            now = session.clock()
            return AddRole(role, within.at(now) - now if within is not None else None)
        return DropRole(role) if drop else AssignRole(role, who, reason)

    perform(settings, key, made, person or "")


@command("offer")
@click.argument("key", type=KEY)
@click.argument("role")
@click.argument("person", type=PERSON)
@click.option("--note", metavar="TEXT|-", help="State, open theories, next steps; - reads standard input.")
def offer(settings: Settings, key: str, role: str, person: str, note: str | None) -> None:
    """Offer a role to PERSON with a note of your own. Until they accept, whoever holds it keeps it.

    To hand over with a card that is filled from the room, use handover.
    """
    text = read_summary(note, tr("the note")) or ""
    perform(settings, key, lambda _: OfferRole(role, person, text), person)


@command("accept")
@click.argument("key", type=KEY)
@click.argument("role", required=False)
@click.option("--read-back", default="", metavar="TEXT", help="Say in a line what you take over.")
def accept(settings: Settings, key: str, role: str | None, read_back: str) -> None:
    """Take a role that was offered to you; without ROLE the one that was.

    \b
    warroom accept 142 --read-back "I lead; rollback runs, next update at 15:10"
    """
    perform(settings, key, lambda s: AcceptRole(role or _offered(s.room(find_key(s, key)), s.actor), read_back))


def _offered(room: Room, person: str) -> str:
    """The role that is on offer to somebody."""
    found = [name for name, state in room.roles.by_name.items() if state.offer is not None and state.offer.to == person]
    if not found:
        raise Refused(tr("no role of {key} is on offer to {person}").format(key=room.incident.key, person=person))
    if len(found) > 1:
        raise Refused(
            tr("{count} roles are on offer to {person}: name one of {found}").format(
                count=len(found), person=person, found=", ".join(found)
            )
        )
    return found[0]


@command("decline")
@click.argument("key", type=KEY)
@click.argument("role", required=False)
@click.option("--for", "person", type=PERSON, metavar="PERSON", help="Decline the page for somebody who cannot.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in one line; it goes into the record.")
@click.option(
    "--level", type=click.IntRange(min=0), metavar="N", help="Only if level N is the current one; else exit 3."
)
def decline(settings: Settings, key: str, role: str | None, person: str | None, reason: str, level: int | None) -> None:
    """Not me: decline a page, and it moves on at once. With ROLE: decline an offer that was made to you, or withdraw
    one that was made to somebody else.

    \b
    warroom decline 142 --reason "on a train"
    warroom decline 142 --for mina --reason "her phone is off"
    warroom decline 142 tech-lead
    """
    if role and (person or reason or level is not None):
        raise click.UsageError(tr("--for, --reason and --level are for a page: leave ROLE out, or leave them out"))
    perform(settings, key, lambda _: EndOffer(role) if role else Decline(person or "", reason, level))


@command("leave")
@click.argument("key", type=KEY)
@click.argument("role", required=False)
@click.option("--for", "person", type=PERSON, metavar="PERSON", help="Somebody else, who cannot do it themselves.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in one line; it goes into the record.")
def leave(settings: Settings, key: str, role: str | None, person: str | None, reason: str) -> None:
    """Leave the room. With ROLE: step back from it; a role that has to be filled counts down anew.

    \b
    warroom leave 142
    warroom leave 142 tech-lead --reason "end of my shift"
    """
    who = person or ""
    perform(settings, key, lambda _: LeaveRole(role, reason, who) if role else LeaveRoom(who, reason))


@command("duty")
@click.argument("key", type=KEY)
@click.argument("role", required=False)
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option("--undo", is_flag=True, help="It was not done after all.")
def duty(settings: Settings, key: str, role: str | None, number: int | None, undo: bool) -> None:
    """List the duties of a role, or tick number NUMBER off. Without ROLE: of each role that you hold, else of the
    incident manager.

    \b
    warroom duty 142
    warroom duty 142 tech-lead 3
    """
    if number is not None and role is not None:
        perform(settings, key, lambda _: TickDuty(role, number, not undo))
        return
    if undo:
        raise click.UsageError(tr("say which duty: warroom duty KEY ROLE NUMBER --undo"))
    with looking(settings) as session:
        detail = session.detail(find_key(session, key), record=0)
        known = {line.role: line for line in detail.roles}
        mine = [line for line in detail.roles if session.actor in (line.holder, *line.also, *line.deputies)]
    if role is not None and role not in known:
        raise Refused(
            tr("{key} has no role {role!r} on its board; it has {known}").format(
                key=detail.line.key, role=role, known=", ".join(known) or tr("none")
            )
        )
    lines = [known[role]] if role is not None else mine or [known[name] for name in (LEAD,) if name in known]
    if settings.json:
        from warroom.cli.build import people as build

        for line in lines:
            for each in line.duties:
                emit(build.duty(detail.line.key, line.role, each))
        return
    rows = [
        [
            Cell(line.role, Role.MUTED),
            Cell("✔" if each.at else "□", Role.OK if each.at else Role.TEXT),
            Cell(str(each.number)),
            Cell(each.text + (f"  ({each.by} {each.at:%H:%M})" if each.at else "")),
        ]
        for line in lines
        for each in line.duties
    ]
    for text in table(("", "", "", ""), rows, wide=width()):
        say(text)
    if not rows:
        tell(settings, tr("no duties: the rulebook lists none for it"))
