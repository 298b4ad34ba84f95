"""Catch me up, as rows of cells (R11): the state of an incident on one screen, and what is new since somebody left.

Pure layout. Each part of the state gets a row at least; where there is room the parts that matter most get more, and
what is left out is counted. With a height of None everything is told in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from warroom.domain.status_words import status_word
from warroom.domain.text import cell_width, cut, wrap
from warroom.tui.clockface import age, countdown, is_late, urgency, when
from warroom.tui.pieces import Line, Piece, Role, cut_line, fit_line, fitted, line_width, prose, severity_role
from warroom.views import CatchUpView, Fact
from warroom.words import mark, tr, trn

_LABEL, _MORE = 10, 5
"""Cells for the name of a part, and for how many more facts it has."""
_MARKS = {
    "yes": ("✔ ", Role.OK),
    "no": ("✗ ", Role.MUTED),
    "running": ("▸ ", Role.SOON),
    "open": ("? ", Role.SOON),
    "vacant": ("! ", Role.LATE),
}
_NOTHING = {
    "impact": mark("nobody has said what the impact is"),
    "roles": mark("nobody holds a role"),
    "known": mark("nothing for certain"),
    "unknown": mark("nothing is open"),
    "tried": mark("nothing yet"),
    "running": mark("nothing: no test and no task"),
    "decided": mark("nothing yet"),
    "next": mark("nothing falls due"),
    "said": mark("nobody was told anything yet"),
    "here": mark("nobody is here"),
}
_NAMES = (
    mark("severity"), mark("impact"), mark("roles"), mark("known"), mark("unknown"), mark("tried"), mark("running"),
    mark("decided"), mark("next"), mark("said"), mark("here"),
)  # fmt: skip
"""The parts, to be looked up; in English at most nine cells."""
_WHY = (mark("you left"), mark("you were last seen"), mark("you last did something"))
"""What somebody did last whom the view says what is new since."""
_MORE_ROWS = ("unknown", "next", "known", "said", "running", "roles", "tried", "decided", "impact", "severity", "here")
"""Which part gets another row first, where there is room."""
_IN_A_ROW = frozenset(("roles", "here"))
"""Parts whose facts stand side by side."""


def state(view: CatchUpView, now: datetime, width: int, height: int | None = None) -> tuple[Line, ...]:
    """The state, in at most `height` rows of `width` cells."""
    room, full = width - _LABEL, height is None
    parts = [(name, list(_part(name, facts, now, room, full))) for name, facts in view.sections]
    # The last row of a part that has more to say leaves room for how much.
    narrow = {name: list(_part(name, facts, now, room - _MORE, full)) for name, facts in view.sections}
    head = list(_head(view, now, width, full=full))
    shares = {name: len(rows) for name, rows in parts}
    if height is not None:
        shares = _shared({name: len(rows) for name, rows in parts}, height - len(head))
    rows: list[Line] = head
    for name, lines in parts:
        given = shares[name]
        for number, line in enumerate(lines[:given]):
            label = fitted(tr(name) if number == 0 else "", _LABEL)
            left = len(lines) - given
            if left and number == given - 1:
                last = line if name in _IN_A_ROW else narrow[name][number]
                line = (*cut_line(last, room - _MORE), (f"  +{left}", Role.MUTED))
            rows.append(fit_line(((label, Role.ACCENT), *line), width))
    return tuple(rows)


def _shared(wanted: dict[str, int], room: int) -> dict[str, int]:
    """How many rows each part gets: one each, and then another by their weight as long as there are any."""
    shares = {name: min(1, count) for name, count in wanted.items()}
    left = room - sum(shares.values())
    while left > 0:
        taken = False
        for name in _MORE_ROWS:
            if left > 0 and shares.get(name, 0) < wanted.get(name, 0):
                shares[name] += 1
                left -= 1
                taken = True
        if not taken:
            break
    return shares


def _head(view: CatchUpView, now: datetime, width: int, *, full: bool) -> Iterator[Line]:
    """Which incident it is, and how long it has been like that: a row below where its title would be cut too short, or
    everything is told in full."""
    face = view.severity
    status, length = status_word(view.status), age(view.status_since, now)
    since = brief = tr("{status} for {length}").format(status=status, length=length)
    if view.live:
        words = tr("{status} for {length}, began {ago} ago")
        since = words.format(status=status, length=length, ago=age(view.began, now))
    front: Line = (
        (f"{prose(face.glyph)} {prose(face.name)}  ", severity_role(face)),
        (f"{prose(view.key)}  ", Role.STRONG),
    )
    if not full and line_width(front) + cell_width(prose(view.title)) + cell_width(since) + 2 > width:
        since = brief
    end: Line = ((f"  {since}", Role.MUTED),)
    room = width - line_width(front) - line_width(end)
    if room < (cell_width(prose(view.title)) if full else 20):
        yield fit_line((*front, (prose(view.title), Role.STRONG)), width)
        yield fit_line(((since, Role.MUTED),), width)
    else:
        yield fit_line((*front, (cut(prose(view.title), room), Role.STRONG), *end), width)


def _part(name: str, facts: Sequence[Fact], now: datetime, width: int, full: bool) -> Iterator[Line]:
    if not facts:
        tone = Role.OK if name == "unknown" else Role.MUTED
        yield ((tr(_NOTHING.get(name, "nothing yet")), tone),)
    elif name in _IN_A_ROW:
        yield from _side_by_side(name, facts, now, width)
    else:
        for fact in facts:
            yield from _told(fact, now, width, full, timed=name != "next")


def _side_by_side(name: str, facts: Sequence[Fact], now: datetime, width: int) -> Iterator[Line]:
    line: list[Piece] = []
    for fact in facts:
        pieces = _short(fact, now)
        between: Line = ((" · ", Role.FAINT),) if line else ()
        if line and line_width(line) + line_width(between) + line_width(pieces) > width:
            yield tuple(line)
            line, between = [], ()
        line += [*between, *pieces]
    if line:
        yield cut_line(line, width)


def _short(fact: Fact, now: datetime) -> Line:
    tone = Role.SOON if fact.mark == "vacant" else Role.TEXT
    text = prose(fact.text)
    if fact.due is not None:
        due = _due(fact.due, now)
        return ((f"{text} ", tone), (due, urgency(fact.due, now)))
    return ((text, tone), (f" {age(fact.at, now)}" if fact.at is not None else "", Role.MUTED))


def _due(due: datetime, now: datetime) -> str:
    left = countdown(due, now)
    return left if is_late(due, now) else tr("in {time}").format(time=left)


def _told(fact: Fact, now: datetime, width: int, full: bool, *, timed: bool = True) -> Iterator[Line]:
    """A fact in a row, or, in full, in as many as it needs: mark, words, who and when."""
    mark = _MARKS.get(fact.mark)
    front: Line = (mark,) if mark else ()
    end: list[Piece] = []
    who = prose(fact.by)
    moment = f"{when(fact.at, now)}" if fact.at is not None and timed else ""
    told = " ".join(part for part in (who, moment) if part)
    if told:
        end.append((f"  {told}", Role.MUTED))
    if fact.due is not None:
        due = _due(fact.due, now)
        end.append((f"  {due}", urgency(fact.due, now)))
    text = prose(fact.text)
    room = width - line_width(front) - line_width(end)
    if cell_width(text) <= room:
        yield (*front, (text, Role.TEXT), *end)
    elif not full:
        if room < 16:
            end, room = end[-1:] if fact.due is not None else [], width - line_width(front)
            room -= line_width(end)
        yield (*front, (cut(text, max(8, room)), Role.TEXT), *end)
    else:
        blank: Line = ((" " * line_width(front), Role.TEXT),) if front else ()
        parts = wrap(text, max(16, width - line_width(front)))
        rows: list[Line] = [(*(front if n == 0 else blank), (part, Role.TEXT)) for n, part in enumerate(parts)]
        if end and line_width(rows[-1]) + line_width(end) <= width:
            rows[-1] = (*rows[-1], *end)
        elif end:
            rows.append((*blank, (end[0][0].strip(), end[0][1]), *end[1:]))
        yield from rows


def changed(
    view: CatchUpView, now: datetime, width: int, height: int | None = None, *, head: bool = True
) -> tuple[Line, ...]:
    """What is new, the weightiest first, in at most `height` rows; without `head` it does not name the incident."""
    rows = list(_head(view, now, width, full=height is None)) if head else []
    if view.since is None:
        rows.append(((tr("you have been here all along, or never: there is nothing to compare with"), Role.MUTED),))
        return tuple(rows)
    words = tr("since {time} UTC, {length} ago")
    if view.since_why in _WHY:
        words = tr("since {why} {time} UTC, {length} ago")
    since = words.format(why=tr(view.since_why), time=when(view.since, now), length=age(view.since, now))
    rows.append(((since, Role.ACCENT),))
    if not view.changed:
        rows.append(((tr("nothing has changed since then"), Role.OK),))
        return tuple(fit_line(row, width) for row in rows)
    facts: list[Line] = []
    for fact in view.changed:
        facts.extend(_told(fact, now, width, height is None))
    left = view.more
    if height is not None and len(facts) + (left > 0) > height - len(rows):
        keep = max(1, height - len(rows) - 1)
        left += len(facts) - keep
        facts = facts[:keep]
    rows += facts
    if left:
        words = trn("and {count} lesser thing", "and {count} lesser things", left)
        rows.append(((words.format(count=left), Role.MUTED),))
    return tuple(fit_line(row, width) for row in rows)
