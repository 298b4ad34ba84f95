"""What stands below the grid of shifts: gaps ahead, open swaps, overrides and absences, one line each. Pure layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from warroom.domain.text import cell_width, wrap
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import countdown, is_late
from warroom.tui.oncall_ahead import LEAST
from warroom.tui.oncall_when import date_words, short_stamp
from warroom.tui.oncall_words import period
from warroom.tui.pieces import Line, Piece, Role, clean, fit_line, hanging, line_width
from warroom.valueclass import dataclass
from warroom.views import DeskKind, DeskLine, DutySpan, OnCallView
from warroom.words import tr


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One line of the panel, and what it is about: an item of the desk, or a gap of a schedule; nothing for a note.

    One that `follows` goes on with the line before it.
    """

    line: Line
    item: DeskLine | None = None
    gap: tuple[str, DutySpan] | None = None
    follows: bool = False


def rows(view: OnCallView, me: str, now: datetime, width: int, most: int | None = None) -> tuple[DeskRow, ...]:
    """Everything that needs somebody first (gaps, swaps that ask me, swaps), then what is standing. All is whole where
    that takes no more than `most` rows and no other panel its place, else each is in one; when, and which key takes a
    swap, is never cut off."""
    whole = _rows(view, me, now, width, whole=True)
    if most is None:
        return whole
    brief = _rows(view, me, now, width, whole=False)
    most -= LEAST if len(brief) <= most - LEAST else 0
    return whole if len(whole) <= most else brief


def _rows(view: OnCallView, me: str, now: datetime, width: int, *, whole: bool) -> tuple[DeskRow, ...]:
    found: list[DeskRow] = []
    for name, spans in _by_name(view.gaps):
        lines = _lines(_gap(name, spans, now), width, whole)
        found += [DeskRow(line, gap=(name, spans[0]), follows=n > 0) for n, line in enumerate(lines)]
    items = sorted(view.desk, key=lambda item: (_ORDER[item.kind], item.other != me, item.start, item.id))
    for item in items:
        lines = _lines(words(item, me, now), width, whole)
        found += [DeskRow(line, item, follows=n > 0) for n, line in enumerate(lines)]
    if not found:
        found.append(
            DeskRow(fit_line(((f"  {tr('no gaps ahead, nothing swapped, nobody away')}", Role.MUTED),), width))
        )
    if view.lists:
        lists = "  ".join(f"{clean(name)}: {', '.join(clean(who) for who in people)}" for name, people in view.lists)
        listed = hanging(((f"  {tr('at all hours')}  ", Role.MUTED),), lists, Role.MUTED, width)
        found += [DeskRow(fit_line(line, width), follows=n > 0) for n, line in enumerate(listed)]
    return tuple(found)


def _lines(line: Line, width: int, whole: bool) -> list[Line]:
    """A line in as many rows as it needs, broken between its parts where it can be. Not whole it takes one row, and
    more only where something would be lost that is not muted: when, and which key takes it."""
    if not whole:
        needed = max((n for n, (text, role) in enumerate(line, 1) if text and role is not Role.MUTED), default=0)
        kept, more = _lines(line[:needed], width, True), line[needed:]
        return [*kept[:-1], fit_line((*(_trimmed(kept[-1])), *more), width)]
    done: list[list[Piece]] = [[]]
    for text, role in line:
        if line_width((*done[-1], (text, role))) <= width:
            done[-1].append((text, role))
            continue
        left = width - _UNDER
        parts = [text.strip()] if cell_width(text.strip()) <= left else wrap(text.strip(), max(20, left))
        done += [[(" " * _UNDER, Role.TEXT), (part, role)] for part in parts]
    return [fit_line(row, width) for row in done]


def _trimmed(line: Line) -> Line:
    """Without the blanks behind it."""
    return (*line[:-1], (line[-1][0].rstrip(), line[-1][1])) if line else line


_UNDER = 4
"""Cells in front of what goes on in the next row."""
_ORDER = {DeskKind.SWAP: 0, DeskKind.OVERRIDE: 1, DeskKind.ABSENCE: 2}


def _by_name(gaps: Iterable[tuple[str, DutySpan]]) -> list[tuple[str, list[DutySpan]]]:
    """The gaps of each schedule together, the schedule whose gap comes first in front."""
    found: dict[str, list[DutySpan]] = {}
    for name, span in gaps:
        found.setdefault(name, []).append(span)
    return list(found.items())


def _gap(name: str, spans: Sequence[DutySpan], now: datetime) -> Line:
    """The next gap of a schedule, and how many more there are."""
    span = spans[0]
    soon = span.start is not None and not is_late(span.start, now)
    last = spans[-1].end if len(spans) > 1 else None
    far = more = ""
    if soon and span.start is not None:
        far = f"  {tr('in {time}').format(time=countdown(span.start, now))}"
    told = tr("nobody {period}") if soon else tr("nobody now, {period}")
    when = period(span if soon else DutySpan(None, span.end, ()), now)
    if last:
        more = f"  {tr('and {count} more by {day}').format(count=len(spans) - 1, day=date_words(last))}"
    return (
        (" ", Role.TEXT),
        (f" {tr('GAP')} ", Role.NOTICE if soon else Role.ALARM),
        (f" {clean(name)}  ", Role.STRONG),
        (told.format(period=when), Role.SOON if soon else Role.LATE),
        (far, Role.MUTED),
        (more, Role.MUTED),
    )


def words(item: DeskLine, me: str | None, now: datetime) -> Line:
    """One override, absence or swap; `me` None: for nobody in particular."""
    front, what, when, rest = _parts(item, me, now)
    if item.kind is DeskKind.SWAP:
        return (front, (what, Role.TEXT), (f"  {when}", Role.TEXT), *rest)
    return (front, (f"{what}  {when}", Role.TEXT), *rest)


def brief(item: DeskLine, now: datetime) -> Line:
    """The same for a list whose rows are cut at the end: when comes before whom it concerns."""
    front, what, when, rest = _parts(item, None, now)
    return (front, (f"{when}  {what}", Role.TEXT), *rest)


def _parts(item: DeskLine, me: str | None, now: datetime) -> tuple[Piece, str, str, Line]:
    """What it is and its number, whom it concerns, when, and what else is said of it."""
    when = tr("until {end}").format(end=short_stamp(item.end, now))
    if not is_late(item.start, now):
        when = tr("{start} until {end}").format(start=short_stamp(item.start, now), end=short_stamp(item.end, now))
    note: Piece = (f"  {clean(item.note)}" if item.note else "", Role.MUTED)
    match item.kind:
        case DeskKind.SWAP:
            mine = item.other == me
            open_ = me is not None and not item.other and item.person != me
            take = (f"  {tr('{key} takes it').format(key=keycap('oncall.take'))}" if mine or open_ else "", Role.ACCENT)
            front = (f"  {tr('swap {id}').format(id=item.id)}  ", Role.SOON if take[0] else Role.TEXT)
            return front, _asked(item, me, mine=mine), when, (take, note)
        case DeskKind.OVERRIDE:
            what = tr("{schedule}: {person} for {other}") if item.other else "{schedule}: {person}"
            names = {"schedule": clean(item.schedule), "person": clean(item.person), "other": clean(item.other)}
            by = f"  {tr('by {person}').format(person=clean(item.by))}" if item.by and item.by != item.person else ""
            front = (f"  ═ {tr('override {id}').format(id=item.id)}  ", Role.TEXT)
            return front, what.format(**names), when, ((by, Role.MUTED), note)
        case _:
            front = (f"  {tr('absence {id}').format(id=item.id)}  ", Role.TEXT)
            return front, tr("{person} is away").format(person=clean(item.person)), when, (note,)


def _asked(item: DeskLine, me: str | None, *, mine: bool) -> str:
    """Who asks whom to take which schedule."""
    words = tr("{person} asks {other} to take {schedule}")
    if mine:
        words = tr("{person} asks you to take {schedule}")
    elif item.person == me:
        words = tr("you ask {other} to take {schedule}") if item.other else tr("you ask anybody to take {schedule}")
    elif not item.other:
        words = tr("{person} asks anybody to take {schedule}")
    return words.format(person=clean(item.person), other=clean(item.other), schedule=clean(item.schedule))
