"""Text as cells: what stands in one place of the screen, how wide it is, and how sure that is.

Widths are Rich's, by which Textual lays out. Where terminals are known to count otherwise, or cannot be known to count
the same, the position behind a character is not relied on.
"""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from functools import lru_cache

from rich.cells import get_character_cell_size, split_graphemes


class Trust(IntEnum):
    """How far the width of a character is the same everywhere."""

    SURE = 0
    LOCALE = 1
    """One cell, but two where a terminal is set up for East Asian text (UAX 11, "ambiguous")."""
    NONE = 2
    """Marks, joined and newer emoji, private use: every terminal has its own opinion."""


@lru_cache(maxsize=8192)
def trust(cluster: str) -> Trust:
    """How far terminals agree about the width of what stands in one place."""
    if cluster <= "~" and len(cluster) <= 1:
        return Trust.SURE
    if len(cluster) != 1:
        # A letter with a mark that has a form of its own comes composed; the rest is up to the terminal.
        return Trust.NONE
    if unicodedata.category(cluster) in ("Mn", "Me", "Mc", "Cf", "Cc", "Co", "Cn", "Cs", "Sk") and cluster > "\xff":
        return Trust.NONE
    code, width = ord(cluster), get_character_cell_size(cluster)
    kind = unicodedata.east_asian_width(cluster)
    if (width == 2) is not (kind in "WF") or 0x1F000 <= code < 0x20000 or (width == 2 and 0x2300 <= code < 0x2E80):
        return Trust.NONE  # emoji: two cells since Unicode 9, one in what is older, and fonts that differ
    return Trust.LOCALE if kind == "A" else Trust.SURE


@lru_cache(maxsize=8192)
def claim(cluster: str) -> int:
    """As many cells as a terminal may take for it at the most: each of its characters on its own, one more to be
    safe; what Rich says where that is sure."""
    width = sum(get_character_cell_size(char) for char in cluster)
    if trust(cluster) is not Trust.NONE:
        return max(width, 1)
    return max(width, 2 * sum(char not in "\u200d\ufe0e\ufe0f" for char in cluster))


def cells_of(text: str) -> list[str]:
    """One entry per cell: what stands there, with its marks; the right half of something wide is "".

    As many as Rich gives the text; what has no width of its own and nothing to sit on is left out, as are controls,
    which never may reach a terminal as text.
    """
    if text.isascii():
        return list(text) if text.isprintable() else [char for char in text if " " <= char <= "~"]
    return list(_cells(text))


@lru_cache(maxsize=2048)
def _cells(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for start, end, width in split_graphemes(text)[0]:
        cluster = "".join(char for char in text[start:end] if not _control(char))
        if width and cluster:
            found.append(cluster)
            found.extend([""] * (width - 1))
    return tuple(found)


def _control(char: str) -> bool:
    return char < " " or "\x7f" <= char <= "\x9f"
