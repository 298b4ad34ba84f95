"""The wallboard's screen of on-call duty where there is room: who is on call and for how long in large letters, the
week as bars, hand-offs, gaps and load ahead. Never how to reach people, which is nobody's business on a wall.

Pure layout; widths are terminal cells, times are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from warroom.tui.clockface import countdown, duration, left_s, urgency, when
from warroom.tui.oncall_ahead import LEAST, coming, load
from warroom.tui.oncall_grid import Faces, Scale, axis, bar, current, label, legend, names
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fit_line, rule
from warroom.tui.wall.digits import drawable, large
from warroom.tui.wall.parts import BLANK, Page, beside
from warroom.views import DutySpan, OnCallView, ScheduleLine
from warroom.words import tr

_CARD = 56
"""The least width of the card of one schedule."""
_SIZES = ((14, 8), (11, 7), (8, 5), (7, 5), (5, 5), (5, 3), (5, 0), (3, 0))
"""How many rows the letters of a card may have, and the figures below them."""
_BESIDES = 4
"""How many rows a card has besides: title, names, who comes then, a blank line."""
_GAP = 4
_GAPS_MOST = 6
_SOON = timedelta(minutes=15)


def duty_page(duty: OnCallView, now: datetime, width: int, height: int, *, plain: bool = False) -> Page:
    """The one page of this form, of at most `height` lines of at most `width` cells; () where there is no schedule, or
    where there are so many that they do not fit."""
    count = len(duty.schedules)
    if not count:
        return ()
    columns = min(count, max(1, (width + _GAP) // (_CARD + _GAP)))
    deep = -(-count // columns)
    most = next((each for each in _SIZES if deep * (sum(each) + bool(each[1]) + _BESIDES) <= height // 2), None)
    if most is None:
        return ()
    wide = (width - _GAP * (columns - 1)) // columns
    whose = [current(line, now)[0] for line in duty.schedules]
    rows = (
        _rows([_letters(each) for each in whose], wide, most[0], plain),
        _rows([_left(each, now) for each in whose], wide, most[1], plain),
    )
    faces = Faces.of(duty)
    done: list[Line] = []
    for first in range(0, count, columns):
        cards = [_card(line, duty, faces, now, wide, rows, plain) for line in duty.schedules[first : first + columns]]
        done += beside(cards, wide, _GAP)
    done += [*_week(duty, faces, now, width), BLANK]
    left = height - len(done)
    if left >= LEAST:
        side = (width - _GAP) // 2
        ahead = coming(duty, faces, "", now, side, left)
        done += beside([ahead, _beside_them(duty, faces, now, width - _GAP - side, left)], side, _GAP)
    return tuple(cut_line(line, width) for line in done[:height])


# -- one schedule -----------------------------------------------------------------------------------------------------


def _letters(span: DutySpan) -> str:
    return (names(span.people) or tr("NOBODY")).upper()


def _left(span: DutySpan, now: datetime) -> str:
    return countdown(span.end, now) if span.end is not None else ""


def _rows(texts: Iterable[str], width: int, most: int, plain: bool) -> int:
    """The largest size in which all of these fit; of names for which there are no letters it does not depend."""
    sizes = [len(large(text, width - 2, most, plain=plain)) for text in texts if drawable(text)]
    return min((size for size in sizes if size), default=0)


def _card(
    line: ScheduleLine, duty: OnCallView, faces: Faces, now: datetime, width: int, rows: tuple[int, int], plain: bool
) -> list[Line]:
    """Who is on call now, large, and below that how long still."""
    here, after = current(line, now)
    near = Role.LATE if not here.people else urgency(here.end, now, _SOON) if here.end is not None else Role.MUTED
    role = faces.role(here.people)
    out: list[Line] = [cut_line(((" ", Role.TEXT), (clean(line.title or line.name), Role.ACCENT)), width)]
    letters = large(_letters(here), width - 2, rows[0], plain=plain)
    if not letters:  # no letters for that, or too long: as it is written, in the middle of their place
        word = f" {tr('NOBODY')} " if not here.people else names(here.people)
        above = max(0, (rows[0] - 1) // 2)
        out += [BLANK] * above
        out.append(cut_line(((" ", Role.TEXT), (word, role if here.people else Role.ALARM)), width))
        out += [BLANK] * (rows[0] - 1 - above)
    out += [((" " + row, role),) for row in letters]
    out += [BLANK] * (1 + rows[0] - len(out))
    if rows[1]:
        figures = large(_left(here, now), width - 2, rows[1], plain=plain)
        out += [BLANK, *(((" " + row, near),) for row in figures)]
        out += [BLANK] * (rows[1] - len(figures))
    return [*out, _sentence(line, here, duty, now, width), _then(after, duty, now, width), BLANK]


def _sentence(line: ScheduleLine, here: DutySpan, duty: OnCallView, now: datetime, width: int) -> Line:
    row: list[Piece] = [(" ", Role.TEXT)]
    if here.people:
        row.append((_full(here, duty), Role.STRONG))
    else:  # in letters too: this page is also printed, and mailed
        row += [(f" {tr('NOBODY')} ", Role.ALARM), ("  ", Role.TEXT)]
        backup = clean(", ".join(line.backup))
        row.append(
            (tr("pages go to {people}").format(people=backup), Role.SOON)
            if backup
            else (tr("pages go to nobody"), Role.LATE)
        )
    if here.end is not None:
        row.append((f"   {tr('until {end}').format(end=when(here.end, now))}", Role.TEXT))
        row.append((f"  {tr('in {time}').format(time=countdown(here.end, now))}", Role.MUTED))
    else:
        row.append((f"   {tr('no hand-off in sight')}", Role.MUTED))
    return cut_line(row, width)


def _then(after: DutySpan | None, duty: OnCallView, now: datetime, width: int) -> Line:
    if after is None:
        return BLANK
    people = _full(after, duty)
    row: list[Piece] = [(f" {tr('then')} ", Role.MUTED)]
    row.append((people, Role.TEXT) if people else (tr("NOBODY"), Role.LATE))
    if after.start is not None:
        row.append((f"  {tr('from {time}').format(time=when(after.start, now))}", Role.MUTED))
    return cut_line(row, width)


def _full(span: DutySpan, duty: OnCallView) -> str:
    known = {person.login: person.name for person in duty.people}
    return ", ".join(clean(known.get(login) or login) for login in span.people)


# -- the week ---------------------------------------------------------------------------------------------------------


def _week(duty: OnCallView, faces: Faces, now: datetime, width: int) -> list[Line]:
    """Every schedule's shifts of the seven days from midnight on, as far as they are known."""
    scale = Scale.fitting(width, now.replace(hour=0, minute=0, second=0, microsecond=0))
    out = [*axis(scale, now, None)]
    initials: set[str] = set()
    for line in duty.schedules:
        cells, short = bar(line, scale, faces, now, None)
        initials |= short
        head = label(line, faces, now, scale.label, selected=False, brief=False)
        out.append((*head, *cells))
    if initials:
        known = [who for who in faces.letters if who in initials]
        out.append(
            fit_line(
                (
                    (" " * scale.label, Role.TEXT),
                    *legend(known, faces, width - scale.label, overrides=False, gaps=False),
                ),
                width,
            )
        )
    return out


# -- beside the hand-offs ---------------------------------------------------------------------------------------------


def _beside_them(duty: OnCallView, faces: Faces, now: datetime, width: int, height: int) -> list[Line]:
    """Gaps ahead, how much everybody has to bear, and who is on call at all hours; the last gives way first."""
    out = _gaps(duty, now, width)[:height]
    if height - len(out) > LEAST and (weight := load(duty, faces, now, width, height - len(out) - 1)):
        out += [(), *weight]
    if duty.lists and height - len(out) >= LEAST:
        out += [(), rule(((tr("at all hours"), Role.ACCENT),), width)]
        for name, people in duty.lists[: height - len(out)]:
            who = ", ".join(clean(each) for each in people)
            out.append(cut_line(((f"  {clean(name)}  ", Role.MUTED), (who, Role.TEXT)), width))
    return out


def _gaps(duty: OnCallView, now: datetime, width: int) -> list[Line]:
    ahead = [(name, span) for name, span in duty.gaps if span.end is None or span.end > now]
    shown = ahead[:_GAPS_MOST]
    note: Line = ((tr("{count} of {all}").format(count=len(shown), all=len(ahead)), Role.MUTED),)
    out = [rule(((tr("Gaps ahead"), Role.ACCENT),), width, note if len(shown) < len(ahead) else ())]
    if not ahead:
        out.append(((f"  {tr('every hour of the 30 days ahead is covered')}", Role.OK),))
    for name, span in shown:
        out.append(
            cut_line(((f" {tr('GAP')} ", Role.NOTICE), (f"  {clean(name)}", Role.STRONG), *_times(span, now)), width)
        )
    return out


def _times(span: DutySpan, now: datetime) -> Sequence[Piece]:
    start = when(span.start, now) if span.start is not None and span.start > now else tr("now")
    end = when(span.end, now) if span.end is not None else "…"
    row: list[Piece] = [(f"  {start} – {end}", Role.TEXT)]
    if span.start is not None and span.start > now:
        row.append((f"  {tr('in {time}').format(time=duration(left_s(span.start, now)))}", Role.MUTED))
    return row
