"""What stands at the foot of the on-call screen, where there is room: hand-offs ahead, how to reach whoever is on call
now, and how much everybody has to bear. Pure layout; widths are terminal cells, times are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from warroom.domain.schedule_clock import wall
from warroom.domain.text import cell_width
from warroom.tui.aligned import at_right
from warroom.tui.clockface import clock, countdown, duration, is_late, urgency
from warroom.tui.horizon import MINUTE, shrinks, whole_minutes
from warroom.tui.oncall_grid import Faces, current, names
from warroom.tui.oncall_when import date_words
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fit_line, fitted, line_width, merged, rule
from warroom.valueclass import dataclass
from warroom.views import DutySpan, OnCallView, PersonLine
from warroom.words import tr

WEEK = timedelta(days=7)
"""How far ahead duty is added up."""
BESIDE, GAP = 110, 3
"""From so many cells on there are two columns, with so many between them."""
LEAST = 4
"""Rows below which nothing of this is shown: a title and three lines."""
_SOON = timedelta(minutes=15)
_NAME_MOST, _BAR, _BAR_MOST, _FIGURES = 16, 12, 40, 32
"""Cells of a name, of a bar where it is narrow and where it is wide, and of what stands beside a bar."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """A schedule goes from some people to others at a moment; to nobody, where a gap begins."""

    at: datetime
    schedule: str
    before: tuple[str, ...]
    span: DutySpan


def handoffs(view: OnCallView, now: datetime) -> list[Handoff]:
    """Every hand-off ahead that the view knows of, the next one first."""
    found = [
        Handoff(after.start, line.name, before.people, after)
        for line in view.schedules
        for before, after in pairwise(line.spans)
        if after.start is not None and not is_late(after.start, now) and after.people != before.people
    ]
    return sorted(found, key=lambda each: (each.at, each.schedule))


def duty_ahead(view: OnCallView, now: datetime) -> tuple[datetime, dict[str, timedelta]]:
    """Until when duty is added up, and how much of the time until then everybody is on call on any schedule."""
    end = min(view.end, now + WEEK)
    stretches: dict[str, list[tuple[datetime, datetime]]] = {}
    for line in view.schedules:
        for span in line.spans:
            first, last = max(span.start or now, now), min(span.end or end, end)
            for who in span.people if first < last else ():
                stretches.setdefault(who, []).append((first, last))
    return end, {who: _covered(each) for who, each in stretches.items()}


def _covered(stretches: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """How long the stretches last together; what two of them share counts once."""
    total, reached = timedelta(0), datetime.min.replace(tzinfo=UTC)
    for first, last in sorted(stretches):
        total += max(timedelta(0), last - max(first, reached))
        reached = max(reached, last)
    return total


def below(view: OnCallView, faces: Faces, me: str, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """Everything in at most `height` rows of `width` cells; nothing where it is too low for anything."""
    if height < LEAST or not view.schedules:
        return ()
    if width < BESIDE:
        return _stacked(view, faces, me, now, width, height)
    side = (width - GAP) // 2
    left = coming(view, faces, me, now, side, height)
    right = load(view, faces, now, width - GAP - side, height // 2)
    people = _reach(view, faces, now, width - GAP - side, height - len(right) - 1)
    if people:
        right = (*people, (), *right)
    rows = max(len(left), len(right))
    return tuple(
        merged((*fit_line(_at(left, y), side), (" " * GAP, Role.TEXT), *fit_line(_at(right, y), width - GAP - side)))
        for y in range(rows)
    )


def _at(lines: Sequence[Line], y: int) -> Line:
    return lines[y] if y < len(lines) else ()


def _stacked(view: OnCallView, faces: Faces, me: str, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """Below each other: hand-offs first, then whatever still fits."""
    weight, people = load(view, faces, now, width, height), _reach(view, faces, now, width, height)
    most = height if height < 2 * LEAST else max(LEAST, height - len(weight) - len(people) - 2)
    done = list(coming(view, faces, me, now, width, min(most, height)))
    for block in (weight, people):
        room = height - len(done) - 1
        if block and room >= LEAST - 1:
            done += [(), *block[:room]]
    return tuple(done)


def coming(view: OnCallView, faces: Faces, me: str, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """Hand-offs ahead under a title, in at most `height` rows of `width` cells: the day where another one begins, when,
    how soon, and from whom to whom."""
    found = handoffs(view, now)
    shown = found[: max(0, height - 1)]
    note: Line = ((tr("{count} of {all}").format(count=len(shown), all=len(found)), Role.MUTED),)
    lines = [rule(((tr("Hand-offs ahead"), Role.ACCENT),), width, note if len(shown) < len(found) else ())]
    if not found:
        lines.append(((f"  {tr('none in sight')}", Role.MUTED),))
    day = max((cell_width(date_words(each.at)) for each in shown), default=0)
    name = min(max((cell_width(clean(each.schedule)) for each in shown), default=0), _NAME_MOST)
    many = len(view.schedules) > 1
    left = max((cell_width(countdown(each.at, now)) for each in shown), default=0)
    last: date | None = None
    for each in shown:
        today = each.at.astimezone(UTC).date()
        words = date_words(each.at) if today != last else ""
        last = today
        row: list[Piece] = [("  ", Role.TEXT), (fitted(words, day), Role.TEXT), (f"  {clock(each.at)}", Role.STRONG)]
        row.append((f"  {at_right(countdown(each.at, now), left)}", urgency(each.at, now, _SOON)))
        if many:
            row.append((f"  {fitted(each.schedule, name)}", Role.MUTED))
        row += [("  ", Role.TEXT), *_who(each.before, faces, now=False), (" → ", Role.MUTED)]
        row += _who(each.span.people, faces, now=True)
        if me in (*each.before, *each.span.people):
            row.append((f"  {tr('you')}", Role.SOON))
        if each.span.override:
            row.append((f"  ═ {tr('override {id}').format(id=each.span.override)}", Role.MUTED))
        lines.append(cut_line(merged(row), width))
    return tuple(lines)


def _who(people: Sequence[str], faces: Faces, *, now: bool) -> list[Piece]:
    if not people:
        return [(f" {tr('GAP')} ", Role.NOTICE) if now else (tr("GAP"), Role.MUTED)]
    return [(names(people), faces.role(people) if now else Role.MUTED)]


def load(view: OnCallView, faces: Faces, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """Who is on call for how long in the week ahead, and who was paged how often lately, and at night."""
    # Shifts end with a minute: the minute that has begun is over for whoever counts what is left.
    minute = now.replace(second=0, microsecond=0)
    shrinks(minute, now, MINUTE, timedelta(microseconds=1))
    now += (minute - now) % MINUTE
    end, duty = duty_ahead(view, now)
    paged = {each.login: each for each in view.paged}
    people = sorted(
        {*duty, *paged}, key=lambda who: (-paged[who].pages if who in paged else 0, -duty.get(who, timedelta(0)), who)
    )
    if not people or height < LEAST:
        return ()
    until = tr("duty until {day}").format(day=date_words(end))
    note = f"{until} · {tr('pages in 24h')}" if view.paged_at is not None else until
    lines = [rule(((tr("Load"), Role.ACCENT),), width, ((note, Role.MUTED),))]
    name = min(max(cell_width(clean(who)) for who in people), _NAME_MOST)
    texts = {who: duration(int(duty[who].total_seconds())) if duty.get(who) else "—" for who in people}
    figure = max(map(cell_width, texts.values()))
    most = max(map(cell_width, (str(each.pages) for each in paged.values())), default=1)
    whole = max(end - now, timedelta(seconds=1))
    bar = min(max(_BAR, width - name - figure - _FIGURES), _BAR_MOST)
    for who in people[: height - 1]:
        cells = min(bar, -(-duty.get(who, timedelta(0)) * bar // whole))
        row: list[Piece] = [("  ", Role.TEXT), (fitted(who, name), faces.role((who,)))]
        row += [(f"  {at_right(texts[who], figure)} ", Role.TEXT)]
        row += [("━" * cells, Role.BAR), ("─" * (bar - cells), Role.FRAME)]
        if each := paged.get(who):
            row.append((f"  {at_right(str(each.pages), most)}", Role.STRONG))
            row.append((f" {tr('paged')}", Role.MUTED))
            if each.night:
                row.append((f"  {tr('{count} at night').format(count=each.night)}", Role.SOON))
        lines.append(cut_line(merged(row), width))
    return tuple(lines)


def _reach(view: OnCallView, faces: Faces, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """How to reach whoever is on call now, then whoever is at all hours: their time, and their ways in order."""
    known = {each.login: each for each in view.people}
    on_call = [who for line in view.schedules for who in current(line, now)[0].people]
    always = [who for _, people in view.lists for who in people]
    people = [known[who] for who in dict.fromkeys((*on_call, *always)) if who in known]
    if not people or height < LEAST:
        return ()
    lines = [rule(((tr("How to reach them"), Role.ACCENT),), width, ((tr("on call now first"), Role.MUTED),))]
    name = min(max(cell_width(clean(each.login)) for each in people), _NAME_MOST)
    place = min(max(cell_width(_time(each, now)) for each in people), 26)
    for each in people[: height - 1]:
        mark: Piece = ("▶ ", Role.STRONG) if each.login in on_call else ("  ", Role.TEXT)
        role = faces.role((each.login,)) if each.login in on_call else Role.MUTED
        row: list[Piece] = [mark, (fitted(each.login, name), role)]
        row.append((f"  {fitted(_time(each, now), place)}", Role.TEXT))
        for via, address in each.contacts:  # whole ways only: half a number reaches nobody
            way: list[Piece] = [(f"  {clean(via)} ", Role.MUTED), (clean(address), Role.TEXT)]
            if line_width((*row, *way)) > width:
                break
            row += way
        lines.append(cut_line(merged(row), width))
    return tuple(lines)


def _time(person: PersonLine, now: datetime) -> str:
    """What time it is where somebody is: "03:12 Asia/Seoul", "" where that is not known."""
    if not person.zone:
        return ""
    whole_minutes(now)
    return f"{wall(now, person.zone):%H:%M} {clean(person.zone)}"
