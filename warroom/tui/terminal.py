"""What the terminal of this process can show."""

from __future__ import annotations

import os
import sys

from warroom.tui.timeline import Glyphs, glyphs_for


def terminal_glyphs() -> Glyphs:
    """The characters that a gap timeline is drawn with here: plain ones where the terminal's font or the encoding of
    what is written to it has no others."""
    return glyphs_for(getattr(sys.__stdout__, "encoding", None), os.environ.get("TERM"))
