"""On-call duty as the screen shows it: the schedules of the rules in force, and what people changed about them.

Who is on call at a moment is said in `warroom.domain.schedule`; here it is only put side by side for a stretch of time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from warroom.domain.book import Rulebook
from warroom.domain.desk import Desk
from warroom.domain.duty import Duty, Override
from warroom.domain.schedule import ScheduleSpec, Span, next_handoff, on_call, spans
from warroom.service.session import Session
from warroom.store import queries
from warroom.views import DeskKind, DeskLine, DutySpan, OnCallView, PagedLine, PersonLine, ScheduleLine

AHEAD = timedelta(days=30)
"""How far ahead gaps are looked for whatever the window is."""
PAGED = timedelta(hours=24)
"""How far back pages are counted."""
COUNTED = timedelta(minutes=1)
"""How old the count of pages may be, in the time of the room."""
MOST_PAGES = 2_000
"""Of how many pages it is counted at most: the newest."""


def look(session: Session, start: datetime, end: datetime, before: OnCallView | None = None) -> OnCallView:
    """On-call duty now, and the shifts from `start` until `end` (aware UTC); read in one snapshot.

    `before` is given back where it still holds: neither rules nor desk have changed, no hand-off came, and pages were
    counted within the last minute.
    """
    now = session.clock()
    known = before if before is not None and before.paged_at is not None else None
    with session.database.read() as c:
        book, desk = session.book(), session.desk()
        if known is not None and known.paged_at is not None and timedelta(0) <= now - known.paged_at < COUNTED:
            paged, paged_at = known.paged, known.paged_at
        else:
            paged, paged_at = counted(queries.pages_since(c, now - PAGED, MOST_PAGES), book), now
    if (
        before is not None
        and (before.start, before.end, before.basis) == (start, end, (book.revision, desk.version))
        and (before.stale_at is None or now < before.stale_at)
    ):
        return before if paged_at == before.paged_at else replace(before, paged=paged, paged_at=paged_at)
    return replace(oncall_view(book, desk, now, start, end), paged=paged, paged_at=paged_at)


def counted(pages: Iterable[tuple[str, datetime]], book: Rulebook) -> tuple[PagedLine, ...]:
    """Pages, each as who was paged and when, by person; what was said to a channel is nobody's page."""
    found: dict[str, tuple[int, int]] = {}
    for login, at in pages:
        person = book.people.get(login)
        if person is not None:
            every, night = found.get(login, (0, 0))
            found[login] = every + 1, night + book.fatigue.night.covers(at, person.zone)
    lines = (PagedLine(login, every, night) for login, (every, night) in found.items())
    return tuple(sorted(lines, key=lambda line: (-line.pages, line.login)))


def oncall_view(book: Rulebook, desk: Desk, now: datetime, start: datetime, end: datetime) -> OnCallView:
    """The same from what was read."""
    duty = Duty(desk.overrides, desk.absences, desk.swaps)
    lines, gaps = [], []
    for spec in book.schedules.values():
        line, empty = _schedule(spec, book, duty, now, start, end)
        lines.append(line)
        gaps += [(spec.name, span) for span in empty]
    items = _desk(desk, now)
    edges = [edge for item in items for edge in (item.start, item.end) if edge > now]
    return OnCallView(
        read_at=now,
        basis=(book.revision, desk.version),
        start=start,
        end=end,
        schedules=tuple(lines),
        people=tuple(
            PersonLine(p.login, p.name, p.zone, tuple((c.via, c.address) for c in p.contacts))
            for p in book.people.values()
        ),
        desk=items,
        lists=tuple((each.name, each.people) for each in book.oncall.values()),
        gaps=tuple(sorted(gaps, key=lambda gap: gap[1].start or now)),
        stale_at=min([*(line.now.end for line in lines if line.now.end is not None), *edges], default=None),
    )


def _schedule(
    spec: ScheduleSpec, book: Rulebook, duty: Duty, now: datetime, start: datetime, end: datetime
) -> tuple[ScheduleLine, list[DutySpan]]:
    """One schedule, and its gaps from now on."""
    found = [_span(span, spec, duty) for span in spans(spec, min(start, now), max(end, now + AHEAD), book, duty)]
    shown = [span for span in found if span.end is None or span.end > start if span.start is None or span.start < end]
    gaps = [span for span in found if not span.people and (span.end is None or span.end > now)]
    current, after = on_call(spec, now, book, duty), next_handoff(spec, now, book, duty)
    coming = None
    if after is not None:
        last = next_handoff(spec, after.at, book, duty)
        coming = DutySpan(after.at, last.at if last is not None else None, after.people, after.why)
    here = DutySpan(current.since, after.at if after is not None else None, current.people, current.why)
    line = ScheduleLine(
        name=spec.name,
        title=spec.title,
        zone=spec.zone,
        now=replace(here, override=_override(spec, duty, current.people, now)),
        next=replace(coming, override=_override(spec, duty, coming.people, coming.start)) if coming else None,
        spans=_whole(shown, spec, book, duty),
        backup=tuple(str(target) for target in spec.backup),
    )
    return line, gaps


def _whole(found: list[DutySpan], spec: ScheduleSpec, book: Rulebook, duty: Duty) -> tuple[DutySpan, ...]:
    """The shifts of a window with the first and the last one as long as they are: the window's edges cut them."""
    if found and found[0].start is not None:
        found[0] = replace(found[0], start=on_call(spec, found[0].start, book, duty).since)
    if found and found[-1].end is not None:
        last = next_handoff(spec, found[-1].end - timedelta(microseconds=1), book, duty)
        found[-1] = replace(found[-1], end=last.at if last is not None else None)
    return tuple(found)


def _span(span: Span, spec: ScheduleSpec, duty: Duty) -> DutySpan:
    return DutySpan(span.start, span.end, span.people, span.why, _override(spec, duty, span.people, span.start))


def _override(spec: ScheduleSpec, duty: Duty, people: Iterable[str], at: datetime | None) -> int:
    """The number of the override that put one of these people on call at a moment, 0 for none."""

    def counts(each: Override) -> bool:
        return each.schedule == spec.name and at is not None and each.start <= at < each.end and each.person in people

    return max((each.id for each in duty.overrides if counts(each)), default=0)


def _desk(desk: Desk, now: datetime) -> tuple[DeskLine, ...]:
    """What is on the desk and not over, the earliest first."""
    items = [
        *(
            DeskLine(DeskKind.OVERRIDE, o.id, o.schedule, o.person, o.start, o.end, o.instead_of, o.by, o.reason)
            for o in desk.overrides
        ),
        *(DeskLine(DeskKind.ABSENCE, a.id, "", a.person, a.start, a.end, "", a.by, a.reason) for a in desk.absences),
        *(DeskLine(DeskKind.SWAP, s.id, s.schedule, s.person, s.start, s.end, s.to, "", s.note) for s in desk.swaps),
    ]
    return tuple(sorted((item for item in items if item.end > now), key=lambda item: (item.start, item.id)))
