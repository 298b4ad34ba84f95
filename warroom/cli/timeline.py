"""`warroom timeline`: the gap timeline of one incident as text, Markdown, SVG or JSON, for reports, chat and pipes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from warroom.cli.backwards import Then, at_option, mark_line
from warroom.cli.output import emit, paint, say, tell, width
from warroom.cli.params import BEFORE, KEY, When, find_key
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings, command
from warroom.domain.text import quote_plain
from warroom.tui.timeline import ASCII, UNICODE, Chart, Ranked, Window, chart_of, glyphs_for
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.cli.shapes import timeline as shapes
    from warroom.domain.gaps import Gap
    from warroom.views import IncidentDetail

PIPE_WIDTH = 100
"""How wide the picture is where nobody says and no terminal is there."""
MOST_WIDE = 1000


@command("timeline")
@click.argument("key", type=KEY)
@click.option(
    "--width",
    "wide",
    type=click.IntRange(20, MOST_WIDE),
    metavar="N",
    help=f"So many columns; default: the terminal's, and {PIPE_WIDTH} in a pipe.",
)
@click.option(
    "--from", "since", type=BEFORE, metavar="TIME", help="From then on: 2h ago, 14:12 (UTC), or an RFC 3339 time."
)
@click.option("--to", "until", type=BEFORE, metavar="TIME", help="Up to then; default: to now, or to the end.")
@click.option("--sawtooth", is_flag=True, help="Above each line, how far its silence had come towards the promise.")
@click.option(
    "--gaps", "most", type=click.IntRange(0, 500), default=10, show_default=True, metavar="N", help="List so many gaps."
)
@click.option("--ascii", "plain", is_flag=True, help="Draw with ASCII alone; words keep their letters.")
@click.option("--markdown", is_flag=True, help="As a code block, to be pasted into a chat or a report.")
@click.option("--svg", metavar="FILE", help="Write the picture into FILE as SVG; - is standard output.")
@at_option("As it was then: 14:12 (UTC, the latest one), 30m ago, 2024-03-13T14:30Z, or #12, an entry.")
def timeline(
    settings: Settings,
    key: str,
    wide: int | None,
    since: When | None,
    until: When | None,
    sawtooth: bool,
    most: int,
    plain: bool,
    markdown: bool,
    svg: str | None,
    at: Then | None,
) -> None:
    """Draw what was said on which channel when, and every silence between; list the gaps, the gravest first.

    It is the picture of the screen, and works in a pipe. What falls due is drawn ahead of now. --json has all of it as
    figures; --from and --to then leave out what lies outside.
    """
    if svg is not None and (settings.json or markdown):
        raise click.UsageError(tr("say --svg, --markdown or --json, not two of them"))
    with looking(settings) as session:
        now, found = session.clock(), find_key(session, key)
        read_at = now
        if at is not None:
            past = session.past(found)
            place = at.place(past, now)
            now, detail = place.moment, past.at(place.version, place.moment, record=0)
        else:
            detail = session.detail(found, record=0)
    chart = chart_of(detail.timeline)
    window = _window(chart, now, since, until)
    if settings.json:
        emit(timeline_shape(detail, now, window))
        return
    if svg is not None:
        _write_svg(settings, svg, detail, now, window)
        return
    from warroom.tui.timeline import text

    glyphs = ASCII if plain else UNICODE if markdown else glyphs_for(_encoding(), os.environ.get("TERM"))
    columns = wide or width() or PIPE_WIDTH
    rows = text.lines(
        detail.line,
        detail.timeline,
        now,
        columns,
        window=window,
        glyphs=glyphs,
        sawtooth=sawtooth,
        most=most,
        letters=_encoding() or "ascii",
    )
    if markdown:
        say(text.code_block(rows))
        return
    if detail.past is not None:
        say(mark_line(detail.past, read_at, columns))
    for row in rows:
        say("".join(paint(part, role) for part, role in row).rstrip())


def _encoding() -> str | None:
    return getattr(sys.stdout, "encoding", None)


def _window(chart: Chart, now: datetime, since: When | None, until: When | None) -> Window:
    """What is to be drawn; raises click's usage error when that is nothing."""
    whole = chart.whole(now, ahead=True)
    start = whole.start if since is None else since.at(now)
    end = whole.end if until is None else until.at(now)
    if end <= start:
        raise click.UsageError(
            tr("--from {start:%Y-%m-%d %H:%M} UTC does not lie before --to {end:%Y-%m-%d %H:%M} UTC").format(
                start=start, end=end
            )
        )
    if end < whole.start or start > whole.end:
        raise click.UsageError(
            tr("nothing was then: the incident's time is {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC").format(
                start=whole.start, end=whole.end
            )
        )
    return Window.of(start, end)


def _write_svg(settings: Settings, file: str, detail: IncidentDetail, now: datetime, window: Window) -> None:
    from pathlib import Path

    from warroom.tui.timeline.svg import svg

    drawn = svg(detail.line, detail.timeline, now, window)
    if file == "-":
        click.echo(drawn.encode(), nl=False)
        return
    try:
        Path(file).write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(
            tr("--svg {file}: {trouble}").format(file=quote_plain(file), trouble=error.strerror or error)
        ) from None
    tell(settings, tr("wrote {file}").format(file=quote_plain(file)))


# For programs --------------------------------------------------------------------------------------------------------


def timeline_shape(detail: IncidentDetail, now: datetime, window: Window) -> shapes.Timeline:
    """The timeline as `--json` prints it: what lies within `window`, in whole."""
    from warroom.cli.shapes import timeline as shapes

    view, chart = detail.timeline, chart_of(detail.timeline)
    ranked = [each for each in chart.ranked(now) if _within(each.gap, window)]
    longest = next((place for place, each in enumerate(ranked, 1) if each.longest), None)
    return shapes.Timeline(
        key=detail.line.key,
        title=detail.line.title,
        severity=detail.line.severity.name,
        at=now,
        start=view.start,
        end=view.end,
        window_from=window.start,
        window_to=window.end,
        lanes=[_lane(chart, index, now, window) for index in range(len(chart.tracks))],
        changes=[
            shapes.TimelineChange(at=mark.at, kind=mark.kind.value, to=mark.label)
            for mark in view.marks
            if mark.at in window
        ],
        gaps=[_ranked(place, each) for place, each in enumerate(ranked, 1)],
        largest=longest,
    )


def _within(gap: Gap, window: Window) -> bool:
    return gap.silence.end >= window.start and gap.silence.start <= window.end


def _lane(chart: Chart, index: int, now: datetime, window: Window) -> shapes.TimelineLane:
    from warroom.cli.shapes import timeline as shapes

    lane, track = chart.view.lanes[index], chart.tracks[index]
    return shapes.TimelineLane(
        channel=lane.channel,
        audience=lane.audience,
        start=lane.start,
        due=lane.due,
        promised=lane.promised,
        cadence_s=_seconds(lane.cadence),
        updates=[
            shapes.TimelineUpdate(
                entry=dot.number,
                at=dot.at,
                by=dot.by,
                text=dot.text,
                was_due=dot.was_due,
                late_s=_seconds(dot.late),
                next_due=dot.due,
                reviewer=dot.reviewer,
                corrects=dot.corrects,
            )
            for dot in track.dots
            if dot.at in window
        ],
        silences=[_silence(gap) for gap in _silences(chart, index, now) if _within(gap, window)],
        planned=[shapes.TimelinePlanned(at=each.at, by=each.by, text=each.text) for each in lane.planned],
        skipped=[
            shapes.TimelineSkip(at=each.at, by=each.by, reason=each.reason) for each in lane.skips if each.at in window
        ],
    )


def _silences(chart: Chart, index: int, now: datetime) -> Iterator[Gap]:
    """All of a lane, oldest first, those of no length too; the running one last."""
    yield from chart.tracks[index].all
    running = chart.running(index, now)
    if running is not None:
        yield running


def _silence(gap: Gap) -> shapes.Silence:
    from warroom.cli.shapes import timeline as shapes

    return shapes.Silence(
        kind=gap.silence.kind.value,
        start=gap.silence.start,
        end=gap.silence.end,
        length_s=gap.length.total_seconds(),
        due=gap.due,
        late_s=gap.late.total_seconds(),
    )


def _ranked(place: int, each: Ranked) -> shapes.TimelineGap:
    from warroom.cli.shapes import timeline as shapes

    return shapes.TimelineGap(
        rank=place,
        channel=each.channel,
        audience=each.audience,
        severity=each.severity,
        weight_s=each.gap.weight.total_seconds(),
        silence=_silence(each.gap),
    )


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()
