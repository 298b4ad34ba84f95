"""What becomes of each kind of foreign character: kept, simplified or removed, and why (R16). Pure.

The aim is text of which every terminal gives every character the same cells, in which nothing is hidden and nothing
turns its neighbours round. Where terminals disagree on a width, the text is simplified to something of certain width.

Kept
    Letters, figures, punctuation and symbols of all scripts in NFC; right-to-left letters (their order is left to the
    terminal); combining marks, up to a number that `text` names, since stacked ones (Zalgo) climb into other lines;
    conjoining Hangul that NFC does not compose; characters of ambiguous width (UAX 11), with one cell, as the frames
    and dots of the screen itself are among them: a terminal that gives them two has to be told otherwise.
Simplified
    Emoji joined into one picture (families, professions, the rainbow flag) become their members in a row: one terminal
    draws one of two cells, the next each for itself, and the first member alone would say something else. Flags become
    their two letters, keycaps their figure, a coloured hand the plain one, an emoji the form it has by itself
    (variation selectors). Tabs are four spaces; line and paragraph separators, NEL, VT and FF end lines; blanks of any
    width are spaces, the ideographic one two.
Replaced by U+FFFD, so that the loss is seen
    Lone surrogates (bytes that were no UTF-8), private use (a font's own pictures), what is not assigned (its width
    comes with a later Unicode) and noncharacters.
Removed
    C0, C1 and what `text` knows as escape sequences; bidirectional controls, overrides, embeddings and isolates;
    joiners and spaces of no width, the soft hyphen, the byte order mark; variation selectors and their supplement, tags
    (text that nobody sees); fillers; interlinear annotation and the object replacement character.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

_LINE_ENDS: Final = frozenset("\n\r\v\f\x85\u2028\u2029")
_BLANKS: Final = {
    "\t": "    ",
    "\x1c": " ",
    "\x1d": " ",
    "\x1e": " ",
    "\x1f": " ",
    "\N{IDEOGRAPHIC SPACE}": "  ",
    "\N{BRAILLE PATTERN BLANK}": " ",
}

# Nothing to see, though the general category says letter, mark or symbol: Default_Ignorable_Code_Point of
# Unicode's DerivedCoreProperties.txt (grapheme joiner, Hangul fillers, Khmer inherent vowels, variation
# selectors, tags and what is reserved for more of them), the object replacement character, the Khitan filler
# and the null note head.
_INVISIBLE: Final = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFC),
    (0x16FE4, 0x16FE4),
    (0x1D159, 0x1D159),
    (0x20E3, 0x20E3),  # the frame of a keycap: with a selector two cells to some
    (0x1F3FB, 0x1F3FF),  # skin tones: two cells of their own on one terminal, none on the next
    (0xE0000, 0xE0FFF),
)

# Assigned after Unicode 14, which is what Python 3.11 knows, and two cells wide in each version since: the
# emoji of Unicode 15 to 16 and the Chinese characters of extensions H and I.
_NEWER: Final = (
    (0x1F6DC, 0x1F6DC),
    (0x1FA75, 0x1FA77),
    (0x1FA87, 0x1FA89),
    (0x1FA8F, 0x1FA8F),
    (0x1FAAD, 0x1FAAF),
    (0x1FABB, 0x1FABF),
    (0x1FAC6, 0x1FAC6),
    (0x1FACE, 0x1FACF),
    (0x1FADA, 0x1FADC),
    (0x1FADF, 0x1FADF),
    (0x1FAE8, 0x1FAE9),
    (0x1FAF7, 0x1FAF8),
    (0x2EBF0, 0x2EE5D),
    (0x31350, 0x323AF),
)

_FLAG_A: Final = 0x1F1E6
_FLAG_Z: Final = 0x1F1FF


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


@lru_cache(maxsize=8192)
def harmless(char: str) -> str:
    """What stands for one character in cleaned text: itself, blanks, a line feed, U+FFFD or nothing."""
    if char in _LINE_ENDS:
        return "\n"
    if char in _BLANKS:
        return _BLANKS[char]
    code = ord(char)
    if _within(code, _INVISIBLE):
        return ""
    if _FLAG_A <= code <= _FLAG_Z:
        # A pair is two cells to some, one each to others and two each to the rest; its letters are certain.
        return chr(ord("A") + code - _FLAG_A)
    match unicodedata.category(char):
        case "Cc" | "Cf":
            return ""
        case "Cs" | "Co":
            return REPLACEMENT
        case "Cn":
            return char if _within(code, _NEWER) else REPLACEMENT
        case "Zs":
            return " "
        case _:
            return char


@lru_cache(maxsize=8192)
def takes_no_cell(char: str) -> bool:
    """Whether a character sits on the one before it: marks, vowels and finals of conjoining Hangul."""
    code = ord(char)
    return unicodedata.category(char)[0] == "M" or 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FF
