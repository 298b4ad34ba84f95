"""`warroom ack`, `escalate`, `snooze` and what else people do with the escalation of an incident."""

from __future__ import annotations

import click

from warroom.cli.params import AHEAD, KEY, When, find_key
from warroom.cli.perform import perform
from warroom.cli.settings import Settings, command
from warroom.domain.escalation import (
    Acknowledge,
    CallOff,
    Confirm,
    Escalate,
    Refuse,
    Repage,
    Resume,
    SnoozeEscalation,
    TakeOver,
    Unacknowledge,
    Wake,
)
from warroom.domain.incident import Merge
from warroom.words import tr

_LEVEL = "Only if level N is the current one; else exit 3."
_ASKED = "Only if the question is about level N; else exit 3."
_HOLDER = "Only if PERSON is who has acknowledged; else exit 3."
_WHY = "Why, in one line; it goes into the record."


@command("ack")
@click.argument("key", type=KEY)
@click.option("--level", type=click.IntRange(min=0), metavar="N", help=_LEVEL)
def ack(settings: Settings, key: str, level: int | None) -> None:
    """Acknowledge: you have seen the page and are on it. Stops the acknowledge timeout, not the resolve timeout."""
    perform(settings, key, lambda _: Acknowledge(level))


@command("escalate")
@click.argument("key", type=KEY)
@click.option("--to", "person", default="", metavar="WHOM", help="Page this person or target instead: team:payments.")
@click.option("--via", default="", metavar="WAY", help="With --to: by this way, such as phone, and no other.")
@click.option("--to-level", type=click.IntRange(min=1), metavar="N", help="Page level N now, and go on from there.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in one line; the person reads it.")
@click.option("--level", type=click.IntRange(min=0), metavar="N", help=_LEVEL)
def escalate(
    settings: Settings, key: str, person: str, via: str, to_level: int | None, reason: str, level: int | None
) -> None:
    """Bring in the next level of the policy now, or another one, or page somebody besides."""
    if person and to_level is not None:
        raise click.UsageError(tr("--to pages somebody besides the levels: give it or --to-level, not both"))
    if via and not person:
        raise click.UsageError(tr("--via goes with --to: the levels of a policy have ways of their own"))
    perform(settings, key, lambda _: Escalate(reason, person, level, to_level, via))


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


@command("takeover")
@click.argument("key", type=KEY)
@click.option("--reason", default="", metavar="TEXT", help=_WHY)
@click.option("--from", "seen", metavar="PERSON", help=_HOLDER)
def takeover(settings: Settings, key: str, reason: str, seen: str | None) -> None:
    """Acknowledge although somebody else has: you are on it from now on."""
    perform(settings, key, lambda _: TakeOver(reason, seen))


@command("unack")
@click.argument("key", type=KEY)
@click.option("--reason", default="", metavar="TEXT", help=_WHY)
@click.option("--from", "seen", metavar="PERSON", help=_HOLDER)
def unack(settings: Settings, key: str, reason: str, seen: str | None) -> None:
    """Take an acknowledgement back. The acknowledge timeout goes on with what was left of it, at least a minute."""
    perform(settings, key, lambda _: Unacknowledge(reason, seen))


@command("repage")
@click.argument("key", type=KEY)
@click.option("--reason", default="", metavar="TEXT", help=_WHY)
@click.option("--level", type=click.IntRange(min=0), metavar="N", help=_LEVEL)
def repage(settings: Settings, key: str, reason: str, level: int | None) -> None:
    """Page the current level again now. Refused within a minute of its last page."""
    perform(settings, key, lambda _: Repage(reason, level))


@command("calloff")
@click.argument("key", type=KEY)
@click.option("--reason", required=True, metavar="TEXT", help=_WHY)
@click.option("--level", type=click.IntRange(min=0), metavar="N", help=_LEVEL)
def calloff(settings: Settings, key: str, reason: str, level: int | None) -> None:
    """Stop the escalation while the incident goes on. warroom resume begins it again."""
    perform(settings, key, lambda _: CallOff(reason, level))


@command("resume")
@click.argument("key", type=KEY)
@click.option("--reason", default="", metavar="TEXT", help=_WHY)
def resume(settings: Settings, key: str, reason: str) -> None:
    """Begin an escalation again that was called off: its level is paged, as soon as the hours allow it."""
    perform(settings, key, lambda _: Resume(reason))


@command("confirm")
@click.argument("key", type=KEY)
@click.option("--reason", default="", metavar="TEXT", help=_WHY)
@click.option("--level", type=click.IntRange(min=1), metavar="N", help=_ASKED)
def confirm(settings: Settings, key: str, reason: str, level: int | None) -> None:
    """Say yes to a level that waits for your word: it is paged now."""
    perform(settings, key, lambda _: Confirm(reason, level))


@command("refuse")
@click.argument("key", type=KEY)
@click.option("--reason", required=True, metavar="TEXT", help=_WHY)
@click.option("--level", type=click.IntRange(min=1), metavar="N", help=_ASKED)
def refuse(settings: Settings, key: str, reason: str, level: int | None) -> None:
    """Say no to a level that waits for your word: it is passed over."""
    perform(settings, key, lambda _: Refuse(reason, level))


@command("merge")
@click.argument("key", type=KEY)
@click.argument("into", type=KEY, metavar="INTO")
@click.option("--reason", default="", metavar="TEXT", help=_WHY)
def merge(settings: Settings, key: str, into: str, reason: str) -> None:
    """Close KEY as a duplicate of INTO, under which it is worked on."""
    perform(settings, key, lambda session: Merge(find_key(session, into), reason))
