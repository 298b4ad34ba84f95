"""Figures of fatigue that contradict each other, and a role that would have two incident managers (R4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from warroom.domain.book import Rulebook
from warroom.domain.fatigue import A_DAY, Limits
from warroom.domain.roles import LEAD
from warroom.rulebook.findings import Finding, Weight
from warroom.rulebook.validate import Steps
from warroom.rulebook.values import duration_text
from warroom.words import tr


def look(book: Rulebook) -> Iterator[Finding]:
    """What is doubtful about holders, handovers and fatigue."""
    lead = book.roles.get(LEAD)
    if lead is not None and lead.holders > 1:
        yield Finding(
            Weight.ERROR,
            "role-two-leads",
            ("roles", LEAD, "holders"),
            tr("allows {holders} incident managers at once: an incident has exactly one").format(holders=lead.holders),
            tr("take it out, and write deputies: for those who stand by"),
        )
    rules = book.fatigue
    every: list[tuple[Steps, Limits]] = [
        (("fatigue", "in_role"), rules.in_role),
        *((("fatigue", "roles", role), limits) for role, limits in rules.roles.items()),
        (("fatigue", "in_room"), rules.in_room),
        (("fatigue", "day"), rules.day),
        (("fatigue", "awake"), rules.awake),
    ]
    for path, limits in every:
        yield from _order(path, limits)
    night = rules.night
    if night.amber is not None and night.red is not None and night.amber > night.red:
        what = tr("is more than red ({red}): it is never seen").format(red=night.red)
        yield Finding(
            Weight.WARNING, "fatigue-order", ("fatigue", "night", "amber"), what, tr("write a smaller number")
        )
    if night.start == night.end:
        what, advice = (
            tr("is when the night begins, too: no hour is night"),
            tr("write when the night ends, such as 07:00"),
        )
        yield Finding(Weight.WARNING, "fatigue-night", ("fatigue", "night", "end"), what, advice)
    for path, name, figure in (
        (("fatigue", "day"), "amber", rules.day.amber),
        (("fatigue", "day"), "red", rules.day.red),
    ):
        if figure is not None and figure > A_DAY:
            what, advice = (
                tr("is longer than the 24 hours that are counted: it is never reached"),
                tr("write 24h or less"),
            )
            yield Finding(Weight.WARNING, "fatigue-day", (*path, name), what, advice)
    if rules.day.red is not None and rules.day.red <= A_DAY:
        yield from _beyond_day(every[:-2], rules.day.red)
    for role, limits in rules.roles.items():
        spec = book.roles.get(role)
        if spec is not None and limits.red is not None and spec.offer_lapses >= limits.red:
            what = tr("is over before an offered handover lapses ({offer_lapses})").format(
                offer_lapses=duration_text(spec.offer_lapses)
            )
            advice = tr("write more than {offer_lapses}, or a shorter offer_lapses").format(
                offer_lapses=duration_text(spec.offer_lapses)
            )
            yield Finding(Weight.WARNING, "fatigue-offer", ("fatigue", "roles", role, "red"), what, advice)


def _order(path: Steps, limits: Limits) -> Iterator[Finding]:
    if limits.amber is not None and limits.red is not None and limits.amber >= limits.red:
        what = tr("is not before red ({red}): nobody is warned before relief is overdue").format(
            red=duration_text(limits.red)
        )
        yield Finding(
            Weight.WARNING,
            "fatigue-order",
            (*path, "amber"),
            what,
            tr("write less than {red}").format(red=duration_text(limits.red)),
        )


def _beyond_day(every: list[tuple[Steps, Limits]], day: timedelta) -> Iterator[Finding]:
    for path, limits in every:
        if limits.red is not None and limits.red > day:
            what = tr("comes after the red of a whole day ({day}): it is never the first to be said").format(
                day=duration_text(day)
            )
            advice = tr("write {day} or less, or more for the day").format(day=duration_text(day))
            yield Finding(Weight.NOTICE, "fatigue-day", (*path, "red"), what, advice)
