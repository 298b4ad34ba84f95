"""The gaps of an incident as a list, the gravest first: how long, where, from when to when, beside the promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from warroom.domain.gaps import SilenceKind
from warroom.domain.text import cell_width
from warroom.tui.aligned import at_right
from warroom.tui.clockface import clock, day, is_late, lasting, length
from warroom.tui.horizon import changes_about, next_day
from warroom.tui.moments import dated
from warroom.tui.pieces import Line, Piece, Role, clean, fit_line, fitted, merged
from warroom.tui.timeline.chart import Ranked
from warroom.tui.timeline.glyphs import UNICODE, Glyphs
from warroom.words import figure, mark, tr

KINDS = {
    SilenceKind.START_TO_FIRST: mark("to first word"),
    SilenceKind.BETWEEN: mark("between"),
    SilenceKind.LAST_TO_RESOLVED: mark("to the end"),
    SilenceKind.RUNNING: mark("running"),
}
"""Where in an incident a silence lies, in words, to be looked up."""


def gap_rows(
    found: Sequence[Ranked],
    now: datetime,
    width: int,
    height: int,
    *,
    glyphs: Glyphs = UNICODE,
    chosen: int | None = None,
) -> tuple[tuple[Line, ...], int]:
    """At most `height` rows of exactly `width` cells, one per gap, and the place of the first one shown.

    The chosen one is always among them. What does not fit is left out from the right: kind, severity, promise.
    """
    if not found:
        return ((fit_line(((f" {tr('no silence yet')}", Role.MUTED),), width),) if height > 0 else ()), 0
    first = 0 if chosen is None or height <= 0 else max(0, min(chosen - height // 2, len(found) - height))
    shown = found[first : first + max(height, 0)]
    number = len(str(first + len(shown)))
    channel = min(max((cell_width(clean(each.channel)) for each in shown), default=6), 24 if width >= 100 else 12)
    next_day(now)
    years = {at.astimezone(UTC).year for each in shown for at in (each.gap.silence.start, each.gap.silence.end)}
    spans = [_span(each, now, glyphs, years=len(years) > 1) for each in shown]
    span = max((cell_width(text) for text in spans), default=0)
    kinds = max((cell_width(tr(KINDS[each.gap.silence.kind])) for each in shown), default=0)
    room = width - 1 - number - 1 - 8 - 2 - channel - 2 - span
    promise = [_promise(each, now) for each in shown]
    if room < 2 + max((cell_width(text) for text, _ in promise), default=0):
        promise = [_promise(each, now, brief=True) for each in shown]
    with_promise = room >= 2 + max((cell_width(text) for text, _ in promise), default=0)
    room -= 2 + max((cell_width(text) for text, _ in promise), default=0) if with_promise else 0
    with_kind = room >= 2 + kinds
    room -= 2 + kinds if with_kind else 0
    with_severity = room >= 3 + max((cell_width(clean(each.severity)) for each in shown), default=0)
    rows: list[Line] = []
    for place, each in enumerate(shown):
        rank = first + place
        text, tone = promise[place]
        look = Role.LATE if tone is Role.LATE_MUTED and (each.longest or each.running) else tone
        row: list[Piece] = [
            (f" {rank + 1:>{number}} ", Role.MUTED),
            (f"{at_right(_length(each, now, glyphs), 8)}  ", look if look is not Role.MUTED else Role.TEXT),
            (fitted(each.channel, channel) + "  ", Role.TEXT),
            (fitted(spans[place], span), Role.MUTED),
        ]
        if with_kind:
            row.append(("  " + fitted(tr(KINDS[each.gap.silence.kind]), kinds), Role.MUTED))
        if with_promise:
            row.append(("  " + text, look))
        if with_severity and each.severity:
            gap = max((cell_width(other) for other, _ in promise), default=0) - cell_width(text) if with_promise else 0
            row.append((" " * gap + "  " + clean(each.severity), Role.MUTED))
        line = fit_line(merged(row), width)
        rows.append(tuple((text, Role.CURSOR) for text, _ in line) if rank == chosen else line)
    return tuple(rows), first


def _length(each: Ranked, now: datetime, glyphs: Glyphs) -> str:
    text = lasting(each.gap.silence.start, now) if each.running else length(each.gap.length)
    return f"{glyphs.largest[0]}{text}{glyphs.largest[1]}" if each.longest else f"{text} "


def _span(each: Ranked, now: datetime, glyphs: Glyphs, *, years: bool) -> str:
    """From when to when, with the day where that is not today; the second day only where it is another one."""
    silence = each.gap.silence
    start, end = silence.start.astimezone(UTC), silence.end.astimezone(UTC)
    today = now.astimezone(UTC).date()
    since = clock(start) if start.date() == today else f"{_day(start, years)} {clock(start)}"
    if each.running:
        return f"{since}{glyphs.dash}{tr('now')}"
    until = clock(end) if end.date() == start.date() else f"{_day(end, years)} {clock(end)}"
    return f"{since}{glyphs.dash}{until}"


def _day(at: datetime, year: bool) -> str:
    return dated(at) if year else day(at)


def _promise(each: Ranked, now: datetime, *, brief: bool = False) -> tuple[str, Role]:
    """How it stands beside what was promised: "within 30m", "4m late, 1.1x 30m"; "" where nothing was."""
    allowed, late = each.gap.allowed, each.gap.late
    if each.running and each.gap.due is not None and is_late(each.gap.due, now):
        lasting(max(each.gap.due, each.gap.silence.start), now)
    if allowed is None:
        return "", Role.MUTED
    if late <= timedelta(0):
        words = tr("of {length}") if brief else tr("within {length}")
        return words.format(length=length(allowed)), Role.MUTED
    if brief or not allowed:
        return tr("{length} late").format(length=length(late)), Role.LATE_MUTED
    share = each.gap.length / allowed
    digits = 1 if share < 10 else 0
    times = f"{figure(share):.{digits}f}x {length(allowed)}"
    if each.running:
        changes_about(each.gap.silence.start + allowed * (round(share, digits) + 0.5 / 10**digits), now)
    return tr("{length} late, {times}").format(length=length(late), times=times), Role.LATE_MUTED
