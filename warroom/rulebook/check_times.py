"""Timers that contradict each other: within a level, between a cadence and a role, within a role (R4, R5, R10, R13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from warroom.domain.book import Rulebook
from warroom.domain.comms import Audience
from warroom.domain.incident import SeveritySpec
from warroom.domain.policy import Level, Policy, TargetKind
from warroom.domain.roles import RoleSpec
from warroom.rulebook.findings import Finding, Weight
from warroom.rulebook.validate import Steps
from warroom.rulebook.values import duration_text

SHORTEST_ACK: Final = timedelta(minutes=1)
"""Nobody hears a page, finds the terminal and answers in less."""


def look(book: Rulebook) -> Iterator[Finding]:
    """Timers that cannot all be kept."""
    for policy in book.policies.values():
        for index, level in enumerate(policy.levels):
            path: Steps = ("policies", policy.name, "levels", index)
            yield from _level(level, path, book)
            yield from _warning(policy, index, path)
    for severity in book.severities.values():
        yield from _cadence(severity, book)
    required = {need.role for severity in book.severities.values() for need in severity.roles}
    for role in book.roles.values():
        yield from _role(role, role.role in required)


def _level(level: Level, path: Steps, book: Rulebook) -> Iterator[Finding]:
    ack, resolve = level.ack_timeout, level.resolve_timeout
    if ack is not None and ack < SHORTEST_ACK:
        yield Finding(
            Weight.WARNING,
            "ack-short",
            (*path, "ack_timeout"),
            f"gives {duration_text(ack)} to acknowledge: nobody answers that fast",
            "write 1m or more; 5m is usual",
        )
    elif ack is not None and book.delivery is not None and ack <= book.delivery.patience:
        patience = duration_text(book.delivery.patience)
        yield Finding(
            Weight.WARNING,
            "ack-within-patience",
            (*path, "ack_timeout"),
            f"is over before another contact is tried in place of one that fails ({patience})",
            f"write more than {patience}, or less patience under delivery",
        )
    if ack is None or resolve is None:
        return
    asked = ack * (level.repeat + 1)
    if resolve < ack:
        what = f"is over before the time to acknowledge is ({duration_text(ack)}): nobody can answer in time"
    elif resolve < asked:
        what = f"is over before the level was paged {level.repeat + 1} times ({duration_text(asked)})"
    else:
        return
    advice = f"write {duration_text(asked)} or more, or a smaller ack_timeout" + (" or repeat" if level.repeat else "")
    yield Finding(Weight.WARNING, "resolve-before-ack", (*path, "resolve_timeout"), what, advice)


def _warning(policy: Policy, index: int, path: Steps) -> Iterator[Finding]:
    """`warn` tells the level before how long before this one is paged."""
    warn = policy.levels[index].warn
    if warn is None:
        return
    before = policy.levels[index - 1] if index else None
    if before is None:
        what, advice = "has no level before it to tell", "take it out, or move it to a later level"
        yield Finding(Weight.WARNING, "warn-nobody", (*path, "warn"), what, advice)
        return
    asked = before.ack_timeout * (before.repeat + 1) if before.ack_timeout is not None else None
    times = [each for each in (asked, before.resolve_timeout) if each is not None]
    if times and warn >= min(times):
        yield Finding(
            Weight.WARNING,
            "warn-long",
            (*path, "warn"),
            f"is not shorter than the level before has ({duration_text(min(times))}): its people are told at once",
            f"write less than {duration_text(min(times))}",
        )


def _cadence(severity: SeveritySpec, book: Rulebook) -> Iterator[Finding]:
    path: Steps = ("severities", severity.name)
    shortest = min((cadence.every for cadence in severity.cadence), default=None)
    if severity.ack_lapses is not None and shortest is not None and severity.ack_lapses < shortest:
        yield Finding(
            Weight.WARNING,
            "ack-lapses-early",
            (*path, "ack_lapses"),
            f"is over before the next update is due ({duration_text(shortest)}): who keeps to that is paged again",
            f"write {duration_text(shortest)} or more",
        )
    first_told = book.reminders[0].to if book.reminders else ()
    owners = [target.name for target in first_told if target.kind is TargetKind.ROLE]
    within = {need.role: need.within for need in severity.roles if need.role in owners}
    for cadence in severity.cadence:
        here: Steps = (*path, "cadence", cadence.channel)
        if cadence.first > cadence.every:
            what = f"allows a longer silence before the first update than between two ({duration_text(cadence.every)})"
            advice = "write a first that is not longer than every"
            yield Finding(Weight.WARNING, "first-after-every", (*here, "first"), what, advice)
        if book.channels[cadence.channel].audience is not Audience.EXTERNAL:
            continue
        for role, due in within.items():
            if cadence.first < due:
                first = duration_text(cadence.first)
                yield Finding(
                    Weight.WARNING,
                    "update-before-role",
                    (*here, "first"),
                    f"is due before there has to be a {book.role(role).title} to write it ({duration_text(due)})",
                    f"write {duration_text(due)} or more, or let {role} be filled within {first}",
                )
        if owners and not within and severity.policy:
            yield Finding(
                Weight.NOTICE,
                "update-without-role",
                here,
                f"has to be used, and {severity.name} requires none of those who are reminded first",
                f"add {owners[0]} under severities.{severity.name}.roles",
                at_key=True,
            )


def _role(role: RoleSpec, required: bool) -> Iterator[Finding]:
    asked = role.remind_every * role.remind_times
    if required and role.pool and role.offer_lapses > asked:
        yield Finding(
            Weight.WARNING,
            "offer-outlives-reminders",
            ("roles", role.role, "offer_lapses"),
            f"lets an offer stand for {duration_text(role.offer_lapses)}, longer than the reminders of a vacant role "
            f"last in all ({duration_text(asked)})",
            f"write {duration_text(asked)} or less, or remind more often",
        )
