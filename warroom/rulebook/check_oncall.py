"""Gaps in schedules before they happen, people on call twice at once, and calendars that have run out (R7, R13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from warroom.domain.book import Rulebook
from warroom.domain.oncall import Holidays
from warroom.domain.policy import Policy, TargetKind
from warroom.domain.schedule import Span, spans
from warroom.domain.status_words import DAY_MONTH_CLOCK, moment
from warroom.rulebook.check_reach import Candidates
from warroom.rulebook.findings import Finding, Weight
from warroom.rulebook.validate import Steps
from warroom.rulebook.values import duration_text
from warroom.words import tr

AT_ONCE: Final = 2
"""On call on more schedules than this at the same time is a finding: a default of ours."""
YEAR: Final = timedelta(days=365)

Spans = Mapping[str, Sequence[Span]]


def look(book: Rulebook, now: datetime, ahead: timedelta) -> Iterator[Finding]:
    """What is doubtful about schedules from `now` (aware UTC) on for as long as `ahead`, and about calendars."""
    candidates = Candidates(book)
    cut = {name: spans(spec, now, now + ahead, book) for name, spec in book.schedules.items()}
    for name, pieces in cut.items():
        yield from _gaps(name, pieces, candidates, ahead)
        if name not in candidates.lists_in_use:
            yield _unused("schedules", name)
    for name in book.oncall:
        if name not in candidates.lists_in_use:
            yield _unused("oncall", name)
    for policy in book.policies.values():
        yield from _twice(policy, cut, candidates)
    yield from _overlaps(cut, book)
    for calendar in book.holidays.values():
        yield from _holidays(calendar, now)


def _unused(section: str, name: str) -> Finding:
    what = tr("is asked by nothing: no policy, role, service or reminder names it")
    return Finding(
        Weight.NOTICE, "oncall-unused", (section, name), what, tr("name it somewhere, or take it out"), at_key=True
    )


def _gaps(name: str, pieces: Sequence[Span], candidates: Candidates, ahead: timedelta) -> Iterator[Finding]:
    gaps = _joined([piece for piece in pieces if not piece.people])
    if not gaps:
        return
    start, end = gaps[0]
    total = sum((end - start for start, end in gaps), timedelta())
    if len(gaps) == 1:
        text = tr("has nobody on call from {start} UTC for {length} ({total} of the next {ahead})")
    elif len(gaps) == 2:
        text = tr("has nobody on call from {start} UTC for {length}, and once more ({total} of the next {ahead})")
    else:
        text = tr(
            "has nobody on call from {start} UTC for {length}, and {more} more times ({total} of the next {ahead})"
        )
    what = text.format(
        start=moment(start, DAY_MONTH_CLOCK),
        length=duration_text(end - start),
        more=len(gaps) - 1,
        total=duration_text(total),
        ahead=duration_text(ahead),
    )
    spec = candidates.book.schedules[name]
    if candidates.can_reach(spec.backup):
        advice = tr("its backup is paged then; add a layer if that is not meant")
        yield Finding(Weight.NOTICE, "schedule-gap", ("schedules", name), what, advice, at_key=True)
    else:
        advice = tr("add a layer for that time, or a backup; until then a page falls to the next level at once")
        yield Finding(Weight.WARNING, "schedule-gap", ("schedules", name), what, advice, at_key=True)


def _joined(pieces: Sequence[Span]) -> list[tuple[datetime, datetime]]:
    out: list[tuple[datetime, datetime]] = []
    for piece in pieces:
        if out and out[-1][1] == piece.start:
            out[-1] = out[-1][0], piece.end
        else:
            out.append((piece.start, piece.end))
    return out


def _twice(policy: Policy, cut: Spans, candidates: Candidates) -> Iterator[Finding]:
    """Times at which a level pages nobody but those whom the level before has paged."""
    for index in range(1, len(policy.levels)):
        pair = policy.levels[index - 1], policy.levels[index]
        names = [{t.name for t in level.targets if t.kind is TargetKind.ONCALL and t.name in cut} for level in pair]
        own = [t for t in pair[1].targets if t.kind is not TargetKind.ONCALL or t.name not in cut]
        if not names[1] or own:
            continue
        fixed = candidates.usual(t for t in pair[0].targets if not (t.kind is TargetKind.ONCALL and t.name in cut))
        found = []
        for start, end, on in _together({name: cut[name] for name in names[0] | names[1]}):
            before = {who for name in names[0] for who in on[name]} | fixed
            after = {who for name in names[1] for who in on[name]}
            if after and after <= before:
                found.append((start, end, after))
        if found:
            start, end, who = found[0]
            total = sum((end - start for start, end, _ in found), timedelta())
            path: Steps = ("policies", policy.name, "levels", index, "targets")
            yield Finding(
                Weight.WARNING,
                "same-people",
                path,
                tr(
                    "pages nobody but {who} of the level before, first from {start} UTC ({total} in all): "
                    "one dead phone silences both"
                ).format(who=", ".join(sorted(who)), start=moment(start, DAY_MONTH_CLOCK), total=duration_text(total)),
                tr("let the two schedules change hands apart from each other, or name somebody else besides"),
            )


def _overlaps(cut: Spans, book: Rulebook) -> Iterator[Finding]:
    seen: set[str] = set()
    for start, _, on in _together(cut):
        held: dict[str, list[str]] = {}
        for name, people in on.items():
            for who in people:
                held.setdefault(who, []).append(name)
        for who, names in held.items():
            if len(names) > AT_ONCE and who not in seen:
                seen.add(who)
                what = tr("is on call on {count} schedules at once from {start} UTC: {names}").format(
                    count=len(names), start=moment(start, DAY_MONTH_CLOCK), names=", ".join(names)
                )
                advice = tr("share some of them out")
                yield Finding(Weight.NOTICE, "oncall-at-once", ("people", who), what, advice, at_key=True)


def _together(cut: Spans) -> Iterator[tuple[datetime, datetime, dict[str, tuple[str, ...]]]]:
    """The time in pieces in which nothing changes on any of the schedules: from, until, and who has which."""
    edges = sorted({edge for pieces in cut.values() for piece in pieces for edge in (piece.start, piece.end)})
    at = dict.fromkeys(cut, 0)
    for start, end in pairwise(edges):
        on = {}
        for name, pieces in cut.items():
            while at[name] < len(pieces) and pieces[at[name]].end <= start:
                at[name] += 1
            on[name] = pieces[at[name]].people if at[name] < len(pieces) else ()
        yield start, end, on


def _holidays(calendar: Holidays, now: datetime) -> Iterator[Finding]:
    today = now.date()
    if calendar.yearly or any(today <= day <= today + YEAR for day in calendar.dates):
        return
    what = tr("has no day within the next year") if calendar.dates else tr("has no day in it")
    advice = tr("add next year's dates, or days that come every year")
    yield Finding(Weight.WARNING, "holidays-over", ("holidays", calendar.name), what, advice, at_key=True)
