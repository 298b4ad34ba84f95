"""The gap timeline (R10), the picture of what was told to whom and of every silence between.

`chart` makes a view ready to be drawn, `scale` is the window on its time, `lanes`, `axis`, `sawtooth` and `figures` are
the parts that `layout` puts together; `ranking` lists the gaps. `text` and `svg` are the same picture for reports. None
of them knows a terminal.
"""

from __future__ import annotations

from warroom.tui.timeline.chart import Chart, Ranked, Track, chart_of
from warroom.tui.timeline.figures import Running, flag, headline, running
from warroom.tui.timeline.glyphs import ASCII, UNICODE, Glyphs, glyphs_for
from warroom.tui.timeline.layout import Cursor, Frame, Picture, Sketch, dots_of, layout, picture, rows_of
from warroom.tui.timeline.scale import MIN_SPAN, Lens, Scale, Window

__all__ = [
    "ASCII",
    "MIN_SPAN",
    "UNICODE",
    "Chart",
    "Cursor",
    "Frame",
    "Glyphs",
    "Lens",
    "Picture",
    "Ranked",
    "Running",
    "Scale",
    "Sketch",
    "Track",
    "Window",
    "chart_of",
    "dots_of",
    "flag",
    "glyphs_for",
    "headline",
    "layout",
    "picture",
    "rows_of",
    "running",
]
