"""A dot in words: who told whom what, whether it came in time, and when the next word was to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from heapq import nlargest
from typing import NamedTuple

from warroom.domain.gaps import Gap
from warroom.domain.text import clean_block, wrap
from warroom.tui.clockface import clock, day, is_late, length, seconds_clock
from warroom.tui.moments import dated
from warroom.tui.pieces import Line, Piece, Role, clean, line_width, prose
from warroom.tui.timeline.chart import Chart
from warroom.views import Dot
from warroom.words import tr

MOST = 50
"""So many dots of one cell are told in full."""


class Told(NamedTuple):
    """A dot, and the silence that it ended."""

    dot: Dot
    before: Gap | None


def sheet(channel: str, dots: Sequence[Told], width: int) -> tuple[Line, ...]:
    """All that is known of some dots of one channel, one below the other."""
    rows: list[Line] = []
    for dot, before in dots[:MOST]:
        if rows:
            rows.append(())
        entry = f"  {tr('entry {number}').format(number=dot.number)}" if dot.number else ""
        rows.append(
            (
                (f"{dated(dot.at)} {seconds_clock(dot.at)} UTC  ", Role.MUTED),
                (clean(dot.by), Role.STRONG),
                (f"  {tr('on {channel}').format(channel=clean(channel))}", Role.MUTED),
                (entry, Role.MUTED),
            )
        )
        rows += _wrapped(facts(dot, before), width)
        rows += [((part, Role.TEXT),) for part in wrap(clean_block(dot.text), max(4, width))]
    if len(dots) > MOST:
        rows.append(((tr("and {count} more: zoom in to open them").format(count=len(dots) - MOST), Role.MUTED),))
    return tuple(rows)


def facts(dot: Dot, before: Gap | None = None) -> tuple[Piece, ...]:
    """Whether it was late, after which silence, what it promised, who reviewed it, what it puts right."""
    found: list[Piece] = []
    due = dot.was_due if dot.was_due is not None else before.due if before is not None else None
    if due is None:
        found.append((tr("nothing was due"), Role.MUTED))
    elif dot.at > due:
        words = tr("{length} LATE, due {time}")
        found.append((words.format(length=length(dot.at - due), time=_moment(due, dot.at)), Role.LATE_MUTED))
    else:
        found.append((tr("in time, due {time}").format(time=_moment(due, dot.at)), Role.OK))
    if before is not None:
        found.append((tr("after {length} of silence").format(length=length(before.length)), Role.TEXT))
    if dot.due is not None:
        found.append((tr("next by {time}").format(time=_moment(dot.due, dot.at)), Role.TEXT))
    if dot.reviewer:
        found.append((tr("reviewed by {person}").format(person=clean(dot.reviewer)), Role.TEXT))
    if dot.corrects:
        found.append((tr("puts entry {number} right").format(number=dot.corrects), Role.SOON))
    return tuple(found)


def brief(channel: str, dots: Sequence[Told]) -> Line:
    """One line on the first of some dots, and how many more there are."""
    if not dots:
        return ()
    dot, before = dots[0]
    more = f"  {tr('+{count} more here').format(count=len(dots) - 1)}" if len(dots) > 1 else ""
    return (
        (f"{clock(dot.at)} ", Role.MUTED),
        (clean(dot.by), Role.STRONG),
        (f" {tr('on {channel}').format(channel=clean(channel))}  ", Role.MUTED),
        *facts(dot, before)[:1],
        (more, Role.ACCENT),
        (f"  {prose(dot.text)}", Role.TEXT),
    )


def newest(chart: Chart, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """What was said last on any channel, the newest first, in full where it fits; at most `height` rows."""
    said = nlargest(
        height,
        (
            (dot.at, index, dot)
            for index, track in enumerate(chart.tracks)
            for dot in track.dots[-height:]
            if height > 0
        ),
        key=lambda each: (each[0], -each[1]),
    )
    rows: list[Line] = []
    for at, index, dot in said:
        if not is_late(at, now):
            continue
        track = chart.tracks[index]
        channel = tr("on {channel}").format(channel=clean(track.lane.channel))
        told = facts(dot, chart.before(index, dot))[:1]
        head: Line = ((f"{clock(at)} ", Role.MUTED), (clean(dot.by), Role.STRONG), (f" {channel}  ", Role.MUTED), *told)
        text = [((part, Role.TEXT),) for part in wrap(clean_block(dot.text), max(4, width))]
        blank: list[Line] = [()] if rows else []
        if len(rows) + len(blank) + 1 + len(text) > height:
            break
        rows += [*blank, head, *text]
    return tuple(rows)


def _wrapped(parts: Sequence[Piece], width: int) -> list[Line]:
    """The parts in as many lines as they take; none is broken apart."""
    rows: list[list[Piece]] = []
    for part in parts:
        if rows and line_width(_joined((*rows[-1], part))) <= width:
            rows[-1].append(part)
        else:
            rows.append([part])
    return [_joined(row) for row in rows]


def _joined(parts: Sequence[Piece]) -> tuple[Piece, ...]:
    joined: list[Piece] = []
    for part in parts:
        if joined:
            joined.append((" · ", Role.FAINT))
        joined.append(part)
    return tuple(joined)


def _moment(at: datetime | None, beside: datetime) -> str:
    if at is None:
        return ""
    at = at.astimezone(UTC)
    return clock(at) if at.date() == beside.astimezone(UTC).date() else f"{day(at)} {clock(at)}"
