"""The gap timeline as a self-contained SVG picture: no script, no font, nothing to fetch; light and dark.

It draws what the rows of cells draw, from the same chart, on a scale of half pixels; so a picture of five thousand dots
is as large as one of a few hundred.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

from warroom.domain.status_words import status_word
from warroom.domain.text import cell_width, cut
from warroom.tui.clockface import age, clock, countdown, is_late, length
from warroom.tui.moments import dated
from warroom.tui.pieces import clean, plain, prose
from warroom.tui.timeline.axis import label_of
from warroom.tui.timeline.chart import Chart, chart_of
from warroom.tui.timeline.figures import headline, running
from warroom.tui.timeline.glyphs import UNICODE
from warroom.tui.timeline.lanes import LaneDrawing, State
from warroom.tui.timeline.ranking import KINDS, gap_rows
from warroom.tui.timeline.scale import Scale, Window, ticks
from warroom.tui.timeline.text import stretch
from warroom.views import Dot, IncidentLine, TimelineView
from warroom.words import tr, trn

WIDTH, LANE, TOP, LEFT, RIGHT = 1000, 34, 96, 150, 170
"""Pixels: the picture's width, a lane's height, what stands above the lanes, left of the axis and right of it."""
DOT_PX, TICK_PX = 6, 90
"""Dots nearer than the first are drawn as one, larger; ticks stand the second apart, on average."""
GAPS = 8
"""How many gaps are listed below the picture."""
TOLD = 4
"""How many of the dots drawn as one are told in its tooltip."""

_STYLE = """
.bg{fill:#fff}.t{fill:#1f2328}.m{fill:#59636e}.a{stroke:#59636e}.f{stroke:#c5ccd3}
.plain{stroke:#8b949e}.calm{stroke:#1a7f37}.near{stroke:#9a6700}.late{stroke:#d1948f}.strong{stroke:#cf222e}
.dot{fill:#1f2328}.due{fill:#fff;stroke:#1f2328}.lt{fill:#b42318}.mark{fill:#0969da}
@media (prefers-color-scheme:dark){
.bg{fill:#0d1117}.t{fill:#e6edf3}.m{fill:#9198a1}.a{stroke:#9198a1}.f{stroke:#3d444d}
.plain{stroke:#6e7681}.calm{stroke:#3fb950}.near{stroke:#d29922}.late{stroke:#8e4a46}.strong{stroke:#ff6b62}
.dot{fill:#f0f6fc}.due{fill:#0d1117;stroke:#f0f6fc}.lt{fill:#ff8179}.mark{fill:#58a6ff}}
text{font-family:ui-sans-serif,system-ui,"Segoe UI","Noto Sans","Noto Sans CJK KR",sans-serif;font-size:13px}
path{fill:none}.near{stroke-dasharray:4 3;stroke-width:2}.plain,.calm{stroke-width:2}
.late{stroke-width:5}.strong{stroke-width:6}.f{stroke-dasharray:2 3}
"""

_CLASSES = {
    State.AHEAD: "f",
    State.UNTIMED: "f",
    State.PLAIN: "plain",
    State.CALM: "calm",
    State.NEAR: "near",
    State.LATE: "late",
    State.STRONG: "strong",
}


def svg(about: IncidentLine, view: TimelineView, now: datetime, window: Window | None = None) -> str:
    """The picture as one SVG document, in UTF-8. Every text in it is escaped and harmless."""
    chart = chart_of(view)
    window = window or chart.whole(now, ahead=True)
    found = chart.ranked(now)[:GAPS]
    bottom = TOP + len(view.lanes) * LANE
    height = bottom + 30 + (24 + 20 * len(found) if found else 0)
    body = [
        *_axis(view, now, Scale(window, WIDTH - LEFT - RIGHT), bottom),
        *(part for index in range(len(view.lanes)) for part in _lane(chart, index, now, window)),
        *_gaps(chart, now, bottom + 34),
    ]
    title = tr("{key} {title}: gap timeline").format(key=about.key, title=about.title)
    heading = cut(clean(f"{about.key}  {about.severity.name}  {about.title}"), 110)
    said = headline(view, now) or tr("no silence yet")
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            f'height="{height}" role="img" aria-labelledby="title desc" xml:space="preserve">',
            f'<title id="title">{_safe(title)}</title>',
            f'<desc id="desc">{_safe(_description(chart, now, window))}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect class="bg" width="{WIDTH}" height="{height}"/>',
            _text(16, 28, heading, "t", "font-weight:600"),
            _text(16, 50, f"{clean(status_word(about.status))}, {stretch(window, now)}; {said}", "m"),
            *body,
            "</svg>",
            "",
        )
    )


def _description(chart: Chart, now: datetime, window: Window) -> str:
    """The picture in words, for whoever cannot see it."""
    words = tr("What was said on {count} channels, {period}.")
    parts = [words.format(count=len(chart.tracks), period=stretch(window, now))]
    for index, track in enumerate(chart.tracks):
        live = running(chart, index, now)
        count = len(track.dots)
        said = [trn("{count} update", "{count} updates", count).format(count=count)]
        if live is not None:
            said.append(tr("silent for {length}").format(length=age(live.since, now)))
            if live.due is not None:
                left = countdown(live.due, now)
                said.append(left if live.is_late else tr("next due in {time}").format(time=left))
        parts.append(f"{clean(track.lane.channel)}: {', '.join(said)}.")
    words = tr("Gap {place}: {length} on {channel} ({kind}).")
    for place, each in enumerate(chart.ranked(now)[:3], 1):
        kind, channel = tr(KINDS[each.gap.silence.kind]), clean(each.channel)
        parts.append(words.format(place=place, length=length(each.gap.length), channel=channel, kind=kind))
    return " ".join(parts)


def _axis(view: TimelineView, now: datetime, scale: Scale, bottom: int) -> Iterator[str]:
    """Ticks with their labels, the incident's line, and what changed on it."""
    start = scale.window.start.astimezone(UTC)
    yield _text(16, TOP - 26, dated(start), "m")
    for at, label in ticks(scale, TICK_PX):
        x = LEFT + scale.clamped(at)
        yield f'<line class="f" x1="{x}" y1="{TOP - 20}" x2="{x}" y2="{bottom}"/>'
        yield _text(x, TOP - 26, label, "m", anchor="middle")
    stop = now if view.end is None else view.end
    first, last = scale.clamped(view.start), scale.clamped(stop)
    yield f'<path class="a" d="M{LEFT + first} {TOP - 12}H{LEFT + last}" stroke-width="2"/>'
    if stop in scale.window:
        shape = "m-5 -5l8 5l-8 5z" if view.end is None else "m-5 -5h10v10h-10z"
        yield f'<path class="m" d="M{LEFT + last} {TOP - 12}{shape}"/>'
    taken = -1
    for mark in sorted(view.marks, key=lambda mark: mark.at):
        if mark.at > now or mark.at not in scale.window:
            continue
        x = LEFT + scale.clamped(mark.at)
        label = label_of(mark)
        told = f"<title>{_safe(f'{clock(mark.at)} {tr(mark.kind.value)}: {label}')}</title>"
        yield f'<path class="mark" d="M{x} {TOP - 18}l6 6l-6 6l-6 -6z">{told}</path>'
        if x >= taken:
            yield _text(x + 9, TOP - 1, label, "m", "font-size:11px")
            taken = x + 15 + 7 * cell_width(label)


def _lane(chart: Chart, index: int, now: datetime, window: Window) -> Iterator[str]:
    """One channel: its silences as lines, its dots, what is ahead, and its figures."""
    lane, y = chart.view.lanes[index], TOP + index * LANE + LANE // 2
    yield _text(16, y + 4, cut(clean(lane.channel), 18), "t")
    longest = chart.longest(now)
    on_lane = longest.gap if longest is not None and longest.lane == index else None
    strong = chart.worst(now) == index
    fine = LaneDrawing(
        chart, index, now, Scale(window, 2 * (WIDTH - LEFT - RIGHT)), UNICODE, longest=on_lane, strong=strong
    )
    for state, first, behind in _runs(fine):
        yield f'<path class="{_CLASSES[state]}" d="M{LEFT + first / 2:g} {y}H{LEFT + behind / 2:g}"/>'
    if on_lane is not None:
        scale = Scale(window, WIDTH - LEFT - RIGHT)
        a, b = scale.clamped(on_lane.silence.start), scale.clamped(on_lane.silence.end)
        if b - a >= 24:
            words = tr("largest gap {length}") if b - a >= 110 else "{length}"
            words = words.format(length=length(on_lane.length))
            yield _text(LEFT + (a + b) // 2, y - 7, words, "lt" if on_lane.late else "m", "font-size:11px", "middle")
    for skip in lane.skips:
        if skip.at in window and skip.at <= now:
            x = LEFT + Scale(window, WIDTH - LEFT - RIGHT).clamped(skip.at)
            why = tr("{time} {person} let one go: {why}")
            told = _safe(why.format(time=clock(skip.at), person=skip.by, why=prose(skip.reason)))
            told = f"<title>{told}</title>"
            yield f'<path class="near" d="M{x - 4} {y - 4}l8 8m0 -8l-8 8" style="stroke-dasharray:none">{told}</path>'
    coarse = LaneDrawing(chart, index, now, Scale(window, (WIDTH - LEFT - RIGHT) // DOT_PX), UNICODE)
    for cell in range(coarse.scale.cells):
        if dots := coarse.dots(cell):
            x = LEFT + Scale(window, WIDTH - LEFT - RIGHT).clamped(chart_at(dots[0], now))
            radius = 5 if len(dots) == 1 else 7
            yield f'<circle class="dot" cx="{x}" cy="{y}" r="{radius}"><title>{_safe(_told(dots))}</title></circle>'
    for at in (lane.due, *(each.at for each in lane.planned)):
        if at is not None and now < at <= window.end:
            x = LEFT + Scale(window, WIDTH - LEFT - RIGHT).clamped(at)
            words = tr("due") if at == lane.due else tr("waits to be sent")
            told = f"<title>{clock(at)} {_safe(words)}</title>"
            yield f'<circle class="due" cx="{x}" cy="{y}" r="5" stroke-width="2">{told}</circle>'
    yield from _figures(chart, index, now, y)


def chart_at(dot: Dot, now: datetime) -> datetime:
    """Where a dot stands on the axis."""
    return min(dot.at, now)


def _runs(drawing: LaneDrawing) -> Iterator[tuple[State, int, int]]:
    """Stretches of one state: (state, first half pixel, one behind the last)."""
    begun, state = 0, State.NONE
    for place in range(drawing.scale.cells + 1):
        here = State.NONE
        if place < drawing.scale.cells:
            at_us = drawing.scale.bound_us(place)
            here = drawing.state(at_us, drawing.gap(at_us))
        if here is not state:
            if state is not State.NONE:
                yield state, begun, place
            begun, state = place, here


def _figures(chart: Chart, index: int, now: datetime, y: int) -> Iterator[str]:
    live = running(chart, index, now)
    x = WIDTH - RIGHT + 16
    if live is None:
        yield _text(x, y + 4, tr("longest {length}").format(length=length(chart.tracks[index].longest)), "m")
        return
    yield _text(x, y + 4, age(live.since, now), "m")
    if live.due is not None:
        late = is_late(live.due, now)
        left = countdown(live.due, now)
        text = left if late else tr("due in {time}").format(time=left)
        yield _text(x + 56, y + 4, text, "lt" if late else "m", "font-weight:600" if late else "")


def _gaps(chart: Chart, now: datetime, y: int) -> Iterator[str]:
    found = chart.ranked(now)[:GAPS]
    if not found:
        return
    yield _text(16, y, tr("Gaps, the gravest first"), "t", "font-weight:600")
    rows, _ = gap_rows(found, now, 110, GAPS)
    for place, row in enumerate(rows, 1):
        mono = "font-family:ui-monospace,Menlo,Consolas,'Noto Sans Mono CJK KR',monospace"
        yield _text(16, y + 4 + 20 * place, plain(row).rstrip(), "m", mono)


def _told(dots: tuple[Dot, ...]) -> str:
    """What the dots of one place said."""
    told = [f"{clock(dot.at)} {clean(dot.by)}: {cut(prose(dot.text), 160)}" for dot in dots[:TOLD]]
    if len(dots) > TOLD:
        more = len(dots) - TOLD
        told.append(trn("and {count} more", "and {count} more", more).format(count=more))
    return "\n".join(told)


def _text(x: int, y: int, text: str, look: str, style: str = "", anchor: str = "") -> str:
    more = f' style="{escape(style, quote=True)}"' if style else ""
    more += f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{look}" x="{x}" y="{y}"{more}>{_safe(text)}</text>'


def _safe(text: str) -> str:
    """Text for a document: escaped, and without what XML does not allow."""
    return escape("".join(char for char in text if char >= " " or char in "\n\t"), quote=True)
