"""What the terminal of this process can show."""

from __future__ import annotations

import os
import sys

from warroom.tui.timeline import Glyphs, glyphs_for
from warroom.tui.timeline.glyphs import ASCII

_wanted = ""


def use_glyphs(wanted: str) -> None:
    """Draw with "plain" or "rich" characters from now on, as a theme asks; "" leaves it to the terminal."""
    global _wanted
    _wanted = wanted


def terminal_glyphs() -> Glyphs:
    """The characters that a gap timeline is drawn with here: plain ones where the theme asks for them, or where the
    terminal's font or the encoding of what is written to it has no others."""
    if _wanted:
        term = None  # the theme knows better; what cannot be encoded cannot be sent either way
        if _wanted == "plain":
            return ASCII
    else:
        term = os.environ.get("TERM")
    return glyphs_for(getattr(sys.__stdout__, "encoding", None), term)
