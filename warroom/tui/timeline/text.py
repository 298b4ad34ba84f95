"""The gap timeline as lines of text, for a terminal, a pipe, a report or a chat."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from warroom.domain.status_words import status_word
from warroom.domain.text import cell_width
from warroom.tui.clockface import clock, day, length
from warroom.tui.moments import dated
from warroom.tui.pieces import Line, Role, clean, cut_line, line_width, plain, severity_role
from warroom.tui.timeline.chart import chart_of
from warroom.tui.timeline.figures import headline
from warroom.tui.timeline.glyphs import UNICODE, Glyphs
from warroom.tui.timeline.layout import picture
from warroom.tui.timeline.ranking import gap_rows
from warroom.tui.timeline.scale import Window
from warroom.views import IncidentLine, TimelineView
from warroom.words import tr


def lines(
    about: IncidentLine,
    view: TimelineView,
    now: datetime,
    width: int,
    *,
    window: Window | None = None,
    glyphs: Glyphs = UNICODE,
    sawtooth: bool = False,
    most: int = 10,
    letters: str = "ascii",
) -> tuple[Line, ...]:
    """What it is about, the picture, what the signs mean, and at most `most` gaps, the gravest first; each line takes
    at most `width` cells. Drawn in ASCII, words keep those letters that the encoding `letters` has."""
    chart = chart_of(view)
    whole = chart.whole(now, ahead=True)
    window = window or whole
    made = picture(chart, now, width, window, glyphs=glyphs, sawtooth=sawtooth)
    found = chart.ranked(now)
    rows, _ = gap_rows(found[:most], now, width, most, glyphs=glyphs)
    behind = headline(view, now)
    out: list[Line] = [
        title(about, width, glyph=not glyphs.dash.isascii()),
        cut_line(((stretch(window, now, glyphs), Role.MUTED),), width),
        (),
        *made.rows,
        (),
        *legend(glyphs, width, "".join(plain(row) for row in made.rows)),
    ]
    if rows:
        count = tr("gaps")
        if len(found) > most:
            count = tr("gaps, {shown} of {total}").format(shown=most, total=len(found))
        out += [(), cut_line(((count, Role.STRONG), (f": {behind}" if behind else "", Role.MUTED)), width), *rows]
    if not glyphs.dash.isascii():
        return tuple(out)
    return tuple(tuple((as_ascii(text, letters), role) for text, role in line) for line in out)


def title(about: IncidentLine, width: int, *, glyph: bool = True) -> Line:
    """Which incident it is, in at most `width` cells: where its title needs them its status gives way."""
    face = about.severity
    sign = f"{clean(face.glyph)} " if glyph else ""
    named: Line = (
        (f"{sign}{clean(face.name)}  ", severity_role(face)),
        (f"{clean(about.key)}  {clean(about.title)}", Role.STRONG),
    )
    whole: Line = (*named, (f"  {clean(status_word(about.status))}", Role.MUTED))
    return whole if line_width(whole) <= width else cut_line(named, width)


def stretch(window: Window, now: datetime, glyphs: Glyphs = UNICODE) -> str:
    """From when to when is shown, and how long that is: "10 Mar 13:51–14:35 UTC, 44m"."""
    start, end = window.start.astimezone(UTC), window.end.astimezone(UTC)
    years = start.year != end.year or end.year != now.astimezone(UTC).year
    told = dated if years else day
    first = f"{told(start)} {clock(start)}"
    same = start.date() == end.date()
    last = clock(end) if same else f"{told(end)} {clock(end)}"
    return f"{first}{glyphs.dash}{last} UTC, {length(window.span)}"


def legend(glyphs: Glyphs, width: int, drawn: str) -> tuple[Line, ...]:
    """What the signs mean that are `drawn`, in as many lines as it takes."""
    signs = (
        (glyphs.one, tr("said")),
        (glyphs.several, tr("several")),
        (glyphs.calm * 2, tr("in time")),
        (glyphs.near * 2, tr("due soon")),
        (glyphs.late * 2, tr("late")),
        (glyphs.due, tr("due")),
        (glyphs.planned, tr("waits to be sent")),
        (glyphs.skipped, tr("let go")),
        (glyphs.mark, tr("changed")),
        (f"{glyphs.largest[0]}1h{glyphs.largest[1]}", tr("largest gap")),
    )
    out: list[str] = []
    for sign, words in signs:
        if sign[0] not in drawn:
            continue
        item = f"{sign} {words}"
        if out and cell_width(out[-1]) + 3 + cell_width(item) <= width:
            out[-1] += f"   {item}"
        else:
            out.append(item)
    return tuple(cut_line(((text, Role.MUTED),), width) for text in out)


def as_ascii(text: str, letters: str = "ascii") -> str:
    """The text in ASCII and in those letters, accents and digits of other scripts that the encoding `letters` has. For
    every cell of anything else stands a question mark, for an ellipsis a dot."""
    return "".join(char if char.isascii() else _in_ascii(char, letters) for char in text)


def _in_ascii(char: str, letters: str) -> str:
    if unicodedata.category(char)[0] in "LMN":
        try:
            char.encode(letters)
        except (LookupError, UnicodeEncodeError):
            pass
        else:
            return char
    return "." if char == "…" else "?" * cell_width(char)


def code_block(lines: Sequence[Line] | Iterable[Line]) -> str:
    """The lines as one Markdown code block, which no text in them can end."""
    texts = [plain(line).rstrip() for line in lines]
    longest = max((len(run) for text in texts for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((fence, *texts, fence))
