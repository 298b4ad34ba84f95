"""`warroom role`, `offer`, `accept`, `decline`, `leave`: who does what in an incident."""

from __future__ import annotations

import click

from warroom.cli.params import KEY, read_summary
from warroom.cli.perform import perform
from warroom.cli.settings import Settings, command
from warroom.domain.escalation import Decline
from warroom.domain.roles import AcceptRole, AssignRole, EndOffer, LeaveRole, OfferRole


@command("role")
@click.argument("key", type=KEY)
@click.argument("role")
@click.argument("person", required=False)
@click.option("--reason", default="", metavar="TEXT", help="Why; needed to take a role from somebody who holds it.")
def role(settings: Settings, key: str, role: str, person: str | None, reason: str) -> None:
    """Put PERSON into a role at once, or take it yourself. To hand a role over, use offer and accept.

    \b
    warroom role 142 incident-manager mina
    """
    perform(settings, key, lambda session: AssignRole(role, person or session.actor, reason))


@command("offer")
@click.argument("key", type=KEY)
@click.argument("role")
@click.argument("person")
@click.option("--note", metavar="TEXT|-", help="State, open theories, next steps; - reads standard input.")
def offer(settings: Settings, key: str, role: str, person: str, note: str | None) -> None:
    """Offer a role to PERSON. Until they accept, whoever holds it keeps it."""
    text = read_summary(note, "the note") or ""
    perform(settings, key, lambda _: OfferRole(role, person, text))


@command("accept")
@click.argument("key", type=KEY)
@click.argument("role")
def accept(settings: Settings, key: str, role: str) -> None:
    """Take a role that was offered to you."""
    perform(settings, key, lambda _: AcceptRole(role))


@command("decline")
@click.argument("key", type=KEY)
@click.argument("role", required=False)
@click.option("--for", "person", default="", metavar="PERSON", help="Decline the page for somebody who cannot.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in one line; it goes into the record.")
@click.option(
    "--level", type=click.IntRange(min=0), metavar="N", help="Only if level N is the current one; else exit 3."
)
def decline(settings: Settings, key: str, role: str | None, person: str, reason: str, level: int | None) -> None:
    """Not me: decline a page, and it moves on at once. With ROLE: decline an offer that was made to you, or withdraw
    one that was made to somebody else.

    \b
    warroom decline 142 --reason "on a train"
    warroom decline 142 --for mina --reason "her phone is off"
    warroom decline 142 tech-lead
    """
    if role and (person or reason or level is not None):
        raise click.UsageError("--for, --reason and --level are for a page: leave ROLE out, or leave them out")
    perform(settings, key, lambda _: EndOffer(role) if role else Decline(person, reason, level))


@command("leave")
@click.argument("key", type=KEY)
@click.argument("role")
@click.option("--reason", default="", metavar="TEXT", help="Why, in one line; it goes into the record.")
def leave(settings: Settings, key: str, role: str, reason: str) -> None:
    """Make a role vacant. A role that has to be filled counts down anew."""
    perform(settings, key, lambda _: LeaveRole(role, reason))
