"""The wallboard's screen of on-call duty: who is on call now, until when, and who comes next. Pure layout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from warroom.domain.text import cell_width
from warroom.tui.clockface import countdown, when
from warroom.tui.oncall_ahead import coming, handoffs
from warroom.tui.oncall_grid import Faces
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fit_line
from warroom.tui.wall.duty import duty_page
from warroom.tui.wall.parts import BLANK, Page, centred, pack
from warroom.views import DutySpan, OnCallView, ScheduleLine
from warroom.views.wall import WallView
from warroom.words import tr

LARGE_FROM, LARGE_ROWS = 110, 30
"""From so many cells and rows on names and times are large, and the week is below them."""
_NAME_MOST = 24
_AHEAD_LEAST, _AHEAD_WIDE = 6, 100


def pages(view: WallView, now: datetime, width: int, height: int, *, plain: bool = False) -> tuple[Page, ...]:
    """The pages of this screen, each of at most `height` lines of at most `width` cells."""
    duty = view.oncall
    if duty is None or not (duty.schedules or duty.lists):
        words = tr("reading ...") if duty is None else tr("the rules name nobody who is on call")
        return ((*([BLANK] * (height // 2)), centred(((words, Role.MUTED),), width))[: max(1, height)],)
    if width >= LARGE_FROM and height >= LARGE_ROWS and (page := duty_page(duty, now, width, height, plain=plain)):
        return (page,)
    name = min(max(cell_width(_title(line)) for line in duty.schedules) + 2, _NAME_MOST) if duty.schedules else 0
    blocks: list[Sequence[Line]] = [_schedule(line, duty, now, width, name) for line in duty.schedules]
    always = [_list(each, people, width) for each, people in duty.lists]
    if always:
        blocks.append((((f" {tr('at all hours')}", Role.MUTED),), *always[:1]))
        blocks += [(line,) for line in always[1:]]
    # Blank lines between the schedules go first where there is little room.
    if sum(len(block) for block in blocks) > height:
        blocks = [tuple(line for line in block if line is not BLANK) for block in blocks]
    # Where much is left, the hand-offs ahead; never how to reach people, which is nobody's business on a wall.
    left = height - sum(map(len, blocks)) - 1
    if left >= _AHEAD_LEAST and handoffs(duty, now):
        blocks.append((BLANK, *coming(duty, Faces.of(duty), "", now, min(width, _AHEAD_WIDE), left)))
    return pack(blocks, width, height)


def _title(line: ScheduleLine) -> str:
    return clean(line.title or line.name)


def _names(span: DutySpan, duty: OnCallView) -> str:
    known = {person.login: person.name for person in duty.people}
    return ", ".join(clean(known.get(login) or login) for login in span.people)


def _schedule(line: ScheduleLine, duty: OnCallView, now: datetime, width: int, name: int) -> tuple[Line, ...]:
    here = line.now
    who: list[Piece] = [(_names(here, duty), Role.STRONG)]
    if not here.people:
        backup = ", ".join(clean(each) for each in line.backup)
        then = f"  {tr('then {who}').format(who=backup)}" if backup else ""
        who = [(f" {tr('NOBODY')} ", Role.ALARM), (then, Role.TEXT)]
    until: list[Piece] = []
    if here.end is not None:
        until = [
            (f"   {tr('until {end}').format(end=when(here.end, now))}", Role.TEXT),
            (f"  {tr('in {time}').format(time=countdown(here.end, now))}", Role.MUTED),
        ]
    head: Line = ((" ", Role.TEXT), *fit_line(((_title(line), Role.ACCENT),), name), *who, *until)
    coming: list[Piece] = []
    if line.next is not None:
        people = _names(line.next, duty)
        coming = [(f"{tr('then')} ", Role.MUTED), (people or tr("NOBODY"), Role.TEXT if people else Role.LATE)]
        if line.next.start is not None:
            coming.append((f"  {tr('from {time}').format(time=when(line.next.start, now))}", Role.MUTED))
    below: Line = ((" " * (1 + name), Role.TEXT), *coming)
    return (cut_line(head, width), *((cut_line(below, width),) if coming else ()), BLANK)


def _list(name: str, people: Sequence[str], width: int) -> Line:
    return cut_line(
        ((f"   {clean(name)}  ", Role.MUTED), (", ".join(clean(each) for each in people), Role.TEXT)), width
    )
