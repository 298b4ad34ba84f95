"""Clocks of silence that contradict each other, and reminders that never reach anybody (R10, R13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from warroom.domain.book import Rulebook
from warroom.domain.cadence import Cadence, ReminderStep
from warroom.domain.clocks import reminders, warnings
from warroom.domain.policy import TargetKind
from warroom.rulebook.check_reach import Candidates
from warroom.rulebook.findings import Finding, Weight
from warroom.rulebook.validate import Steps
from warroom.rulebook.values import duration_text
from warroom.words import tr, trn

_START = datetime(2000, 1, 1, tzinfo=UTC)
"""Any moment: only how long after it the steps come is looked at."""


def look(book: Rulebook) -> Iterator[Finding]:
    """What is doubtful about cadences and about the steps of an update that nears or is overdue."""
    for severity in book.severities.values():
        for cadence in severity.cadence:
            yield from _cadence(cadence, ("severities", severity.name, "cadence", cadence.channel))
    if any(severity.cadence for severity in book.severities.values()):
        yield from _order(book)
        yield from _levels(book)
        yield from _warnings(book)


def _cadence(cadence: Cadence, path: Steps) -> Iterator[Finding]:
    for status, length in cadence.by_status.items():
        if length < cadence.first:
            yield Finding(
                Weight.WARNING,
                "status-before-first",
                (*path, "by_status", status),
                tr("is shorter than the time for the first update ({first})").format(
                    first=duration_text(cadence.first)
                ),
                tr("write {first} or more, or a shorter first").format(first=duration_text(cadence.first)),
            )
    longest = max((cadence.every, *cadence.by_status.values()))
    if cadence.long is not None and cadence.long <= longest:
        yield Finding(
            Weight.WARNING,
            "long-not-longer",
            (*path, "long"),
            tr("relaxes nothing: so much silence is in order anyway ({longest})").format(
                longest=duration_text(longest)
            ),
            tr("write more than {longest}, or take it out").format(longest=duration_text(longest)),
        )


def _place(step: ReminderStep, book: Rulebook) -> Steps:
    return ("reminders", book.reminders.index(step))


def _order(book: Rulebook) -> Iterator[Finding]:
    """Steps that would come before the one in front of them: they come together with it."""
    last_warning = 0
    overdue_before = False
    for step in book.reminders:
        if step.warns and step.percent is not None:
            if overdue_before or step.percent <= last_warning:
                what = tr("is a warning behind a later step: the order of the list says otherwise")
                yield Finding(
                    Weight.WARNING, "warning-order", (*_place(step, book), "at"), what, tr("move it up, by its share")
                )
            last_warning = max(last_warning, step.percent)
        else:
            overdue_before = True
    steps = reminders(book)
    for before, step in pairwise(steps):
        for where, length in _lengths(book):
            due = _START + length
            one, other = before.moment(_START, due), step.moment(_START, due)
            if other < one:
                key = "at" if step.percent is not None else "after" if step.after is not None else "misses"
                yield Finding(
                    Weight.WARNING,
                    "reminder-order",
                    (*_place(step, book), key),
                    tr("comes {one} before the step in front of it, {where}: it waits for it").format(
                        one=duration_text(one - other), where=where
                    ),
                    tr("put the steps in the order in which they come, or give both a share (at:)"),
                )
                break


def _lengths(book: Rulebook) -> Iterator[tuple[str, timedelta]]:
    """Every time that an update can have by the cadences, with where it is."""
    for severity in book.severities.values():
        for c in severity.cadence:
            yield (
                tr("for the first update on {channel} of {severity}").format(channel=c.channel, severity=severity.name),
                c.first,
            )
            for length in dict.fromkeys((c.every, *c.by_status.values())):
                yield (
                    tr("on {channel} of {severity} ({length})").format(
                        channel=c.channel, severity=severity.name, length=duration_text(length)
                    ),
                    length,
                )
            if c.final is not None:
                yield (
                    tr("for the last update on {channel} of {severity}").format(
                        channel=c.channel, severity=severity.name
                    ),
                    c.final,
                )


def _to_level(step: ReminderStep) -> bool:
    return any(target.kind is TargetKind.LEVEL for target in step.to)


def _levels(book: Rulebook) -> Iterator[Finding]:
    """Steps that bring in a level where there is none left, or never was one."""
    steps = [step for step in reminders(book) if _to_level(step) and all(t.kind is TargetKind.LEVEL for t in step.to)]
    timed = [severity for severity in book.severities.values() if severity.cadence]
    policies = [book.policies[severity.policy] for severity in timed if severity.policy in book.policies]
    most = max((len(policy.levels) * policy.cycles + bool(policy.fallback) for policy in policies), default=0)
    for n, step in enumerate(steps, 1):
        if not policies:
            what = tr("can never be reached: no severity with a cadence has an escalation policy")
        elif n >= most:
            what = tr(
                "can never be reached: it brings in level {n} at the earliest, and no policy has more than {most}"
            ).format(n=n + 1, most=most)
        else:
            continue
        yield Finding(
            Weight.WARNING,
            "reminder-level-never",
            (*_place(step, book), "to"),
            what,
            tr("add a team, an on-call list or a chat room to the step"),
        )


def _warnings(book: Rulebook) -> Iterator[Finding]:
    """Warnings that nobody hears: neither those whom they name, nor those of the steps behind, who take their place."""
    candidates = Candidates(book)
    for step in warnings(book):
        to = [target for each in (step, *reminders(book)) for target in each.to if target.kind is not TargetKind.LEVEL]
        if candidates.can_reach(target for target in to if target.kind is not TargetKind.ROLE):
            continue
        roles = {target.name for target in to if target.kind is TargetKind.ROLE}
        timed = [spec for spec in book.severities.values() if spec.cadence]
        without = [spec.name for spec in timed if not any(need.role in roles for need in spec.roles)]
        if not roles:
            what = tr("reaches nobody: none of those whom it names, or who are reminded later, has a contact")
        elif without:
            what = trn(
                "reaches nobody while {roles} is vacant; {not_required}",
                "reaches nobody while {roles} are vacant; {not_required}",
                len(roles),
            ).format(roles=", ".join(sorted(roles)), not_required=_not_required(without))
        else:
            continue
        yield Finding(
            Weight.WARNING if not roles else Weight.NOTICE,
            "warning-nobody",
            (*_place(step, book), "to"),
            what,
            tr("name somebody who is there, such as an on-call list or a chat room"),
        )


def _not_required(severities: list[str]) -> str:
    return trn(
        "{severities} does not require any of them", "{severities} do not require any of them", len(severities)
    ).format(severities=", ".join(severities))
