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
from warroom.words import tr

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
            tr("gives {ack} to acknowledge: nobody answers that fast").format(ack=duration_text(ack)),
            tr("write 1m or more; 5m is usual"),
        )
    elif ack is not None and book.delivery is not None and ack <= book.delivery.patience:
        patience = duration_text(book.delivery.patience)
        yield Finding(
            Weight.WARNING,
            "ack-within-patience",
            (*path, "ack_timeout"),
            tr("is over before another contact is tried in place of one that fails ({patience})").format(
                patience=patience
            ),
            tr("write more than {patience}, or less patience under delivery").format(patience=patience),
        )
    if ack is None or resolve is None:
        return
    asked = ack * (level.repeat + 1)
    if resolve < ack:
        what = tr("is over before the time to acknowledge is ({ack}): nobody can answer in time").format(
            ack=duration_text(ack)
        )
    elif resolve < asked:
        what = tr("is over before the level was paged {number} times ({asked})").format(
            number=level.repeat + 1, asked=duration_text(asked)
        )
    else:
        return
    text = (
        tr("write {asked} or more, or a smaller ack_timeout or repeat")
        if level.repeat
        else tr("write {asked} or more, or a smaller ack_timeout")
    )
    advice = text.format(asked=duration_text(asked))
    yield Finding(Weight.WARNING, "resolve-before-ack", (*path, "resolve_timeout"), what, advice)


def _warning(policy: Policy, index: int, path: Steps) -> Iterator[Finding]:
    """`warn` tells the level before how long before this one is paged."""
    warn = policy.levels[index].warn
    if warn is None:
        return
    before = policy.levels[index - 1] if index else None
    if before is None:
        what, advice = tr("has no level before it to tell"), tr("take it out, or move it to a later level")
        yield Finding(Weight.WARNING, "warn-nobody", (*path, "warn"), what, advice)
        return
    asked = before.ack_timeout * (before.repeat + 1) if before.ack_timeout is not None else None
    times = [each for each in (asked, before.resolve_timeout) if each is not None]
    if times and warn >= min(times):
        yield Finding(
            Weight.WARNING,
            "warn-long",
            (*path, "warn"),
            tr("is not shorter than the level before has ({times}): its people are told at once").format(
                times=duration_text(min(times))
            ),
            tr("write less than {times}").format(times=duration_text(min(times))),
        )


def _cadence(severity: SeveritySpec, book: Rulebook) -> Iterator[Finding]:
    path: Steps = ("severities", severity.name)
    shortest = min((cadence.every for cadence in severity.cadence), default=None)
    if severity.ack_lapses is not None and shortest is not None and severity.ack_lapses < shortest:
        yield Finding(
            Weight.WARNING,
            "ack-lapses-early",
            (*path, "ack_lapses"),
            tr("is over before the next update is due ({shortest}): who keeps to that is paged again").format(
                shortest=duration_text(shortest)
            ),
            tr("write {shortest} or more").format(shortest=duration_text(shortest)),
        )
    first_told = book.reminders[0].to if book.reminders else ()
    owners = [target.name for target in first_told if target.kind is TargetKind.ROLE]
    within = {need.role: need.within for need in severity.roles if need.role in owners}
    for cadence in severity.cadence:
        here: Steps = (*path, "cadence", cadence.channel)
        if cadence.first > cadence.every:
            what = tr("allows a longer silence before the first update than between two ({every})").format(
                every=duration_text(cadence.every)
            )
            advice = tr("write a first that is not longer than every")
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
                    tr("is due before there has to be a {role} to write it ({due})").format(
                        role=book.role(role).title, due=duration_text(due)
                    ),
                    tr("write {due} or more, or let {role} be filled within {first}").format(
                        due=duration_text(due), role=role, first=first
                    ),
                )
        if owners and not within and severity.policy:
            yield Finding(
                Weight.NOTICE,
                "update-without-role",
                here,
                tr("has to be used, and {severity} requires none of those who are reminded first").format(
                    severity=severity.name
                ),
                tr("add {owner} under severities.{severity}.roles").format(owner=owners[0], severity=severity.name),
                at_key=True,
            )


def _role(role: RoleSpec, required: bool) -> Iterator[Finding]:
    asked = role.remind_every * role.remind_times
    if required and role.pool and role.offer_lapses > asked:
        yield Finding(
            Weight.WARNING,
            "offer-outlives-reminders",
            ("roles", role.role, "offer_lapses"),
            tr(
                "lets an offer stand for {offer_lapses}, longer than the reminders of a vacant role last "
                "in all ({asked})"
            ).format(offer_lapses=duration_text(role.offer_lapses), asked=duration_text(asked)),
            tr("write {asked} or less, or remind more often").format(asked=duration_text(asked)),
        )
