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


def look(book: Rulebook) -> Iterator[Finding]:
    """What is doubtful about holders, handovers and fatigue."""
    lead = book.roles.get(LEAD)
    if lead is not None and lead.holders > 1:
        yield Finding(
            Weight.ERROR,
            "role-two-leads",
            ("roles", LEAD, "holders"),
            f"allows {lead.holders} incident managers at once: an incident has exactly one",
            "take it out, and write deputies: for those who stand by",
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
        what = f"is more than red ({night.red}): it is never seen"
        yield Finding(Weight.WARNING, "fatigue-order", ("fatigue", "night", "amber"), what, "write a smaller number")
    if night.start == night.end:
        what, advice = "is when the night begins, too: no hour is night", "write when the night ends, such as 07:00"
        yield Finding(Weight.WARNING, "fatigue-night", ("fatigue", "night", "end"), what, advice)
    for path, name, figure in (
        (("fatigue", "day"), "amber", rules.day.amber),
        (("fatigue", "day"), "red", rules.day.red),
    ):
        if figure is not None and figure > A_DAY:
            what, advice = "is longer than the 24 hours that are counted: it is never reached", "write 24h or less"
            yield Finding(Weight.WARNING, "fatigue-day", (*path, name), what, advice)
    if rules.day.red is not None and rules.day.red <= A_DAY:
        yield from _beyond_day(every[:-2], rules.day.red)
    for role, limits in rules.roles.items():
        spec = book.roles.get(role)
        if spec is not None and limits.red is not None and spec.offer_lapses >= limits.red:
            what = f"is over before an offered handover lapses ({duration_text(spec.offer_lapses)})"
            advice = f"write more than {duration_text(spec.offer_lapses)}, or a shorter offer_lapses"
            yield Finding(Weight.WARNING, "fatigue-offer", ("fatigue", "roles", role, "red"), what, advice)


def _order(path: Steps, limits: Limits) -> Iterator[Finding]:
    if limits.amber is not None and limits.red is not None and limits.amber >= limits.red:
        what = f"is not before red ({duration_text(limits.red)}): nobody is warned before relief is overdue"
        yield Finding(
            Weight.WARNING, "fatigue-order", (*path, "amber"), what, f"write less than {duration_text(limits.red)}"
        )


def _beyond_day(every: list[tuple[Steps, Limits]], day: timedelta) -> Iterator[Finding]:
    for path, limits in every:
        if limits.red is not None and limits.red > day:
            what = f"comes after the red of a whole day ({duration_text(day)}): it is never the first to be said"
            advice = f"write {duration_text(day)} or less, or more for the day"
            yield Finding(Weight.NOTICE, "fatigue-day", (*path, "red"), what, advice)
