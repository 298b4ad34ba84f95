"""The characters that the gap timeline is drawn with: one set for terminals of today, one in plain ASCII.

Every character is one cell wide, and shapes alone tell the states apart, so that the picture reads without colour.
"""

from __future__ import annotations

from collections.abc import Mapping

from warroom.valueclass import dataclass

PLAIN_TERMINALS = frozenset({"dumb", "linux", "vt100", "vt102", "vt220", "ansi"})
"""Values of TERM whose fonts commonly lack half lines and circles."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of characters. Where `halves` is empty a line begins and ends at whole cells."""

    axis: str = "─"
    tick: str = "┴"
    mark: str = "◇"
    root: str = "┬"
    fork: str = "├"
    last_fork: str = "╰"
    trunk: str = "│"
    untimed: str = "┄"
    calm: str = "─"
    near: str = "╌"
    late: str = "━"
    one: str = "●"
    several: str = "◉"
    running: str = "▷"
    running_late: str = "▶"
    axis_running: str = "▶"
    ended: str = "■"
    lane_ended: str = "┤"
    due: str = "○"
    planned: str = "◎"
    skipped: str = "×"
    ahead: str = "┄"
    earlier: str = "◂"
    later: str = "▸"
    largest: tuple[str, str] = ("◂", "▸")
    dash: str = "–"
    teeth: str = "▁▂▃▄▅▆▇█"
    halves: Mapping[tuple[str, str], str] | None = None
    """What joins the line of the left half of a cell with that of its right half."""


_HALVES = {
    ("─", "━"): "╼",
    ("╌", "━"): "╼",
    ("┄", "━"): "╼",
    ("━", "─"): "╾",
    ("━", "╌"): "╾",
    (" ", "─"): "╶",
    (" ", "╌"): "╶",
    (" ", "━"): "╺",
    ("─", " "): "╴",
    ("╌", " "): "╴",
    ("━", " "): "╸",
}

UNICODE = Glyphs(halves=_HALVES)
ASCII = Glyphs(
    axis="-", tick="+", mark="^", root="+", fork="+", last_fork="`", trunk="|", untimed=".", calm="-", near="~",
    late="=", one="*", several="@", running=">", running_late=">", axis_running=">", ended="#", lane_ended="|",
    due="o", planned="O", skipped="x", ahead=".", earlier="<", later=">", largest=("<", ">"), dash="-",
    teeth="_.:#",
)  # fmt: skip
"""For terminals, pipes and log files that know no box drawing."""


def glyphs_for(encoding: str | None, term: str | None = None) -> Glyphs:
    """The set that a terminal can show, by the encoding of what is written to it and by the value of TERM."""
    if (term or "").partition("-")[0] in PLAIN_TERMINALS:
        return ASCII
    try:
        "●╼▁○".encode(encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return ASCII
    return UNICODE
