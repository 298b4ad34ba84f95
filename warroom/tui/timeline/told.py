"""A dot in words: who told whom what, whether it came in time, and when the next word was to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from warroom.domain.gaps import Gap
from warroom.domain.text import clean_block, wrap
from warroom.tui.clockface import clock, day, length, seconds_clock
from warroom.tui.pieces import Line, Piece, Role, clean, line_width, prose
from warroom.views import Dot

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
        at = dot.at.astimezone(UTC)
        rows.append(
            (
                (f"{day(at)} {at.year} {seconds_clock(at)} UTC  ", Role.MUTED),
                (clean(dot.by), Role.STRONG),
                (f"  on {clean(channel)}", Role.MUTED),
                (f"  entry {dot.number}" if dot.number else "", Role.MUTED),
            )
        )
        rows += _wrapped(facts(dot, before), width)
        rows += [((part, Role.TEXT),) for part in wrap(clean_block(dot.text), max(4, width))]
    if len(dots) > MOST:
        rows.append(((f"and {len(dots) - MOST} more: zoom in to open them", Role.MUTED),))
    return tuple(rows)


def facts(dot: Dot, before: Gap | None = None) -> tuple[Piece, ...]:
    """Whether it was late, after which silence, what it promised, who reviewed it, what it puts right."""
    found: list[Piece] = []
    due = dot.was_due if dot.was_due is not None else before.due if before is not None else None
    if due is None:
        found.append(("nothing was due", Role.MUTED))
    elif dot.at > due:
        found.append((f"{length(dot.at - due)} LATE, due {_moment(due, dot.at)}", Role.LATE))
    else:
        found.append((f"in time, due {_moment(due, dot.at)}", Role.OK))
    if before is not None:
        found.append((f"after {length(before.length)} of silence", Role.TEXT))
    if dot.due is not None:
        found.append((f"next by {_moment(dot.due, dot.at)}", Role.TEXT))
    if dot.reviewer:
        found.append((f"reviewed by {clean(dot.reviewer)}", Role.TEXT))
    if dot.corrects:
        found.append((f"puts entry {dot.corrects} right", Role.SOON))
    return tuple(found)


def brief(channel: str, dots: Sequence[Told]) -> Line:
    """One line on the first of some dots, and how many more there are."""
    if not dots:
        return ()
    dot, before = dots[0]
    more = f"  +{len(dots) - 1} more here" if len(dots) > 1 else ""
    return (
        (f"{clock(dot.at)} ", Role.MUTED),
        (clean(dot.by), Role.STRONG),
        (f" on {clean(channel)}  ", Role.MUTED),
        *facts(dot, before)[:1],
        (more, Role.ACCENT),
        (f"  {prose(dot.text)}", Role.TEXT),
    )


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
