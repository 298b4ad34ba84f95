"""Figures and short words at the right of their column, by cells: words may be wider than they are long."""

from __future__ import annotations

from warroom.domain.text import cell_width


def at_right(text: str, width: int) -> str:
    """A text behind as many blanks as make it `width` cells; itself where it is wider."""
    return " " * max(0, width - cell_width(text)) + text
