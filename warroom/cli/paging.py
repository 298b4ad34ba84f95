"""`warroom ack`, `escalate`, `snooze`, `wake`: the escalation of an incident."""

from __future__ import annotations

import click

from warroom.cli.params import AHEAD, KEY, When
from warroom.cli.perform import perform
from warroom.cli.settings import Settings, command
from warroom.domain.escalation import Acknowledge, Escalate, SnoozeEscalation, Wake

_LEVEL = "Only if level N is the current one; else exit 3."


@command("ack")
@click.argument("key", type=KEY)
@click.option("--level", type=click.IntRange(min=0), metavar="N", help=_LEVEL)
def ack(settings: Settings, key: str, level: int | None) -> None:
    """Acknowledge: you have seen the page and are on it. Stops the acknowledge timeout, not the resolve timeout."""
    perform(settings, key, lambda _: Acknowledge(level))


@command("escalate")
@click.argument("key", type=KEY)
@click.option("--to", "person", default="", metavar="PERSON", help="Page this person instead of the next level.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in one line; the person reads it.")
@click.option("--level", type=click.IntRange(min=0), metavar="N", help=_LEVEL)
def escalate(settings: Settings, key: str, person: str, reason: str, level: int | None) -> None:
    """Bring in the next level of the policy now, or page one person besides."""
    perform(settings, key, lambda _: Escalate(reason, person, level))


@command("snooze")
@click.argument("key", type=KEY)
@click.argument("until", type=AHEAD, metavar="UNTIL")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in one line; it goes into the record.")
def snooze(settings: Settings, key: str, until: When, reason: str) -> None:
    """Let the escalation rest: UNTIL is 30m from now, the next 14:30 (UTC), or 2024-03-13T14:30Z.

    What was left of each timer goes on when it is over. A second snooze replaces the first.
    """
    perform(settings, key, lambda session: SnoozeEscalation(until.at(session.clock()), reason))


@command("wake")
@click.argument("key", type=KEY)
def wake(settings: Settings, key: str) -> None:
    """End a snooze now."""
    perform(settings, key, lambda _: Wake())
