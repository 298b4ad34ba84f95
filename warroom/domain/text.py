"""Foreign text, made harmless: cleaned at intake and again at render, and measured in terminal cells (R16).

Everything that somebody else wrote - an alert's title, a name, an update, a line typed or pasted, a value in
a rulebook - passes through `clean_line` or `clean_block` before it is stored, and once more before it is
drawn. Both are idempotent, so that cleaning twice costs little and changes nothing. Both return `SafeText`.

What cleaning guarantees about its result:

* no control character but the line feed of `clean_block`, no escape sequence, no C1 control, no surrogate;
* no character that is invisible, that re-orders its neighbours, or that only some terminals give a width;
* every character has 0, 1 or 2 cells of its own and a text has the sum of its characters, which is how Rich,
  Textual and terminals without grapheme support count too;
* Unicode NFC, at most `MARKS_PER_BASE` marks on one character, none without a character to sit on;
* at most `limit` characters, cut between grapheme clusters and then ending in an ellipsis.

What each kind of character becomes, and why, stands in `warroom.domain.characters`. Brackets are never touched:
markup is the renderer's business, and the renderer uses none.

No bidirectional control gets out, so that the order of right-to-left text is left to the terminal. Most draw it as it
comes; one that puts it in order does so by line, with the columns beside it staying where they are as long as a letter
of the other direction stands between: a figure right behind a right-to-left name may be drawn on its other side.

Known limit: terminals do not agree on the width of the spacing vowel signs of Indic scripts; here, as in Rich, those
have no cell of their own (`wcswidth` gives them one).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NewType

from warroom.domain.characters import REPLACEMENT, harmless, takes_no_cell

__all__ = [
    "BLOCK_LIMIT",
    "ELLIPSIS",
    "LINE_LIMIT",
    "MARKS_PER_BASE",
    "REPLACEMENT",
    "SafeText",
    "cell_width",
    "clean_block",
    "clean_line",
    "clean_typed",
    "cut",
    "fit",
    "quote_plain",
    "wrap",
]

SafeText = NewType("SafeText", str)
"""Text that went through `clean_line` or `clean_block`.

A plain `str` at run time, so that JSON, SQL drivers and comparisons see nothing unusual; the type checker
keeps the two apart. Pydantic takes any `str` for it and does not clean: a model has to say
`Annotated[SafeText, AfterValidator(clean_line)]`.
"""

LINE_LIMIT: Final = 200
BLOCK_LIMIT: Final = 20_000
ELLIPSIS: Final = "…"

MARKS_PER_BASE: Final = 5
"""As many as a Burmese syllable has at most (two medials, a vowel in two parts, a tone); a pointed Hebrew
letter has four. More of them only climb into the neighbouring lines."""

_INTRODUCERS: Final = frozenset("\x1b\x90\x98\x9b\x9d\x9e\x9f")
_ESCAPES: Final = re.compile(
    # A control string (OSC, DCS, APC, PM, SOS) with its payload up to BEL or ST. Neither ESC nor C1 can be in
    # a payload: either starts something else, and scanning past it from each introducer would be quadratic.
    r"(?:\x1b[\]P^_X]|[\x90\x98\x9d\x9e\x9f])[^\x07\x18\x1a\x1b\x80-\x9f]{0,4096}(?:\x07|\x1b\\|\x9c)"
    # One without an end takes what follows up to the next blank, since a broken sequence must not swallow the
    # sentence behind it. In the 8-bit form it takes nothing: those are far more often a quotation mark that
    # was decoded wrongly (U+201D ends in the byte 9D).
    r"|\x1b[\]P^_X][^\s\x00-\x1f\x7f-\x9f]{0,256}"
    # CSI, as a terminal parses it: parameters and intermediates in any order up to a final character.
    r"|(?:\x1b\[|\x9b)[\x20-\x3f]{0,64}[\x40-\x7e]?"
    # Everything else that begins with ESC: character sets, single functions, an ESC alone.
    r"|\x1b[\x20-\x2f]{0,8}[\x30-\x7e]?"
)


def _thin_out_marks(text: str) -> str:
    """Drop marks that have no character to sit on, and those beyond `MARKS_PER_BASE` on one character."""
    marks = "".join(sorted(char for char in set(text) if char > "\x7f" and takes_no_cell(char)))
    if not marks:
        return text
    mark = "[" + "".join(f"\\U{ord(char):08x}" for char in marks) + "]"
    text = re.sub(rf"(?:^|(?<=[ \n])){mark}+", "", text)
    return re.sub(rf"({mark}{{{MARKS_PER_BASE}}}){mark}+", r"\1", text)


def _neutralise(text: str) -> str:
    """The part of cleaning that lines and blocks share; blanks are U+0020 and U+000A afterwards."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n")
    seen = set(text)
    if not seen.isdisjoint(_INTRODUCERS):
        text = _ESCAPES.sub("", text)
    table = {ord(char): harmless(char) for char in seen}
    if any(chr(code) != instead for code, instead in table.items()):
        text = text.translate(table)
    if text.isascii():
        return text
    # Marks are thinned out before normalising, since sorting a long run of them takes quadratic time (CPython
    # issue 149079), and after it, since one character can come apart into several.
    return _thin_out_marks(unicodedata.normalize("NFC", _thin_out_marks(text)))


def _shorten(text: str, limit: int) -> str:
    """At most `limit` characters, the last an ellipsis where something went, no grapheme cluster split."""
    if limit < 1:
        raise ValueError(f"limit must be at least 1 character, not {limit}")
    if len(text) <= limit:
        return text
    end = 0
    for cluster in _clusters(text[: limit + 32]):
        if end + len(cluster) > limit - len(ELLIPSIS):
            break
        end += len(cluster)
    return text[:end].rstrip() + ELLIPSIS


def clean_line(text: str, limit: int = LINE_LIMIT) -> SafeText:
    """One harmless line, for titles, names, keys and labels; may be empty.

    Every run of white space, line ends included, becomes one space; blanks at both ends go. `limit` counts
    the characters of the result. Raises `ValueError` if `limit` is below 1.
    """
    return SafeText(_shorten(" ".join(_neutralise(text).split()), limit))


def clean_block(text: str, limit: int = BLOCK_LIMIT) -> SafeText:
    r"""Harmless text of several lines, for descriptions, updates and notes; may be empty.

    Lines end in `\n` alone, tabs are four spaces, no line ends in blanks, no more than two empty lines follow
    each other and none stands at either end. Indentation stays. `limit` counts the characters of the result.
    Raises `ValueError` if `limit` is below 1.
    """
    lines = [line.rstrip() for line in _neutralise(text).split("\n")]
    return SafeText(_shorten(re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip("\n"), limit))


def clean_typed(text: str, *, lines: bool = False) -> str:
    """What is still being written, or drawn as part of a line: harmless, every blank of it where it stands, and the
    ends of lines where there may be several `lines`.

    Idempotent. What is kept of it in the end is `clean_line` of the whole.
    """
    clean = _neutralise(text)
    return clean if lines else clean.replace("\n", " ")


@lru_cache(maxsize=8192)
def _width_of(char: str) -> int:
    """Cells of one character: 0, 1 or 2."""
    from wcwidth import wcwidth  # here, because most text is ASCII and importing the tables takes 30 ms

    return max(0, wcwidth(char))


def cell_width(text: str) -> int:
    """How many terminal cells a cleaned text of one line takes, as Rich and Textual count them."""
    if text.isascii() and text.isprintable():
        return len(text)
    return _width_of_all(text)


@lru_cache(maxsize=8192)
def _width_of_all(text: str) -> int:
    """The cells of a text that is more than ASCII; remembered, since a screen draws the same ones every second."""
    return sum(map(_width_of, text))


# A grapheme cluster can be made as long as one likes (letters joined by viramas, leading Hangul consonants);
# one of more cells than this is taken apart into its characters.
_CLUSTER_CELLS: Final = 8


def _clusters(text: str) -> Iterator[str]:
    """Grapheme clusters (Unicode annex 29), each with at least one cell unless the text begins without.

    What takes no cell stays with the cluster before it even where the annex would part them, as it would a
    Hangul vowel from an emoji; over-long clusters come apart.
    """
    if text.isascii():
        yield from text
        return
    from wcwidth import iter_graphemes

    held = ""
    for cluster in iter_graphemes(text):
        whole = _width_of(cluster[0]) and cell_width(cluster) <= _CLUSTER_CELLS
        for part in [cluster] if whole else _characters(cluster):
            if held and not _width_of(part[0]):
                held += part
                continue
            if held:
                yield held
            held = part
    if held:
        yield held


def _characters(text: str) -> Iterator[str]:
    """Each character together with those behind it that take no cell."""
    start = 0
    for index in range(1, len(text)):
        if _width_of(text[index]):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def _head(text: str, width: int) -> str:
    """The longest beginning of whole clusters that takes at most `width` cells."""
    if text.isascii() and text.isprintable():
        return text[:width]
    used = end = 0
    for cluster in _clusters(text):
        used += cell_width(cluster)
        if used > width:
            break
        end += len(cluster)
    return text[:end]


def cut(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """A cleaned line in at most `width` cells; `ellipsis` ends it where something was cut off.

    No grapheme cluster is split. A line feed, should there be one, counts as a space.
    """
    text = text.replace("\n", " ")
    if width <= 0:
        return ""
    if cell_width(text) <= width:
        return text
    if cell_width(ellipsis) > width:
        return _head(ellipsis, width)
    return _head(text, width - cell_width(ellipsis)).rstrip() + ellipsis


def fit(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """A cleaned line in exactly `width` cells: cut like `cut`, then padded with spaces on the right."""
    text = cut(text, width, ellipsis)
    return text + " " * (width - cell_width(text))


def wrap(text: str, width: int) -> list[str]:
    """The lines of a cleaned text, none over `width` cells; empty lines and indentation stay.

    Breaks at blanks, beside ideographs, and elsewhere only inside a word that is too long for a line of its
    own. Blanks at a break go, nothing else does; only where `width` is 1 an ellipsis stands for each
    character of two cells. No line at all for a width below 1.
    """
    if width < 1:
        return []
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph.rstrip(), width)]


def _wrap_paragraph(text: str, width: int) -> list[str]:
    if cell_width(text) <= width:
        return [text]
    done: list[str] = []
    current, used = "", 0
    for blanks, unit in _units(text):
        size = cell_width(unit)
        if not done and not current:
            # Indentation stays as far as it leaves room for a character behind it.
            blanks = blanks[: max(0, width - 2)]
        if used + len(blanks) + size <= width:
            current, used = current + blanks + unit, used + len(blanks) + size
            continue
        if current:
            done.append(current)
        current, used = unit, size
        if size > width:
            *full, current = _break_unit(unit, width)
            done.extend(full)
            used = cell_width(current)
    done.append(current)
    return done


def _units(text: str) -> Iterator[tuple[str, str]]:
    """What a line may not break inside of, each with the blanks in front of it: words and ideographs."""
    for blanks, word in re.findall(r"( *)([^ ]+)", text):
        if word.isascii():
            yield blanks, word
            continue
        unit = previous = ""
        for cluster in _clusters(word):
            if (
                unit
                and (_is_ideographic(previous) or _is_ideographic(cluster))
                and previous not in _OPENING
                and cluster not in _CLOSING
            ):
                yield blanks, unit
                blanks = unit = ""
            unit += cluster
            previous = cluster
        yield blanks, unit


# Punctuation that does not end a line, and that does not begin one.
_OPENING: Final = frozenset("([{“‘«「『（［｛〈《【〔")
_CLOSING: Final = frozenset(")]}”’»」』）］｝〉》】〕,.:;!?…%、。，．：；！？％・ー々")


def _is_ideographic(cluster: str) -> bool:
    """Two cells wide and not Hangul, whose words are held together by blanks as those of Latin are."""
    return _width_of(cluster[0]) == 2 and not ("가" <= cluster[0] <= "힣" or "ᄀ" <= cluster[0] <= "ᅟ")


def _break_unit(unit: str, width: int) -> list[str]:
    """A word longer than a line in pieces of at most `width` cells."""
    pieces: list[str] = []
    current, used = "", 0
    for cluster in _clusters(unit):
        for part in [cluster] if cell_width(cluster) <= width else _characters(cluster):
            shown = part if cell_width(part) <= width else ELLIPSIS
            size = cell_width(shown)
            if used + size > width:
                pieces.append(current)
                current, used = "", 0
            current, used = current + shown, used + size
    return [*pieces, current]


def quote_plain(text: str, limit: int = 60) -> str:
    r"""An offending value as an error message shows it: in double quotes, on one line, all of it visible.

    What cleaning would remove or replace stands as its Python escape (`\x1b`, `\u202e`), and so do quotes and
    backslashes. At most `limit` characters of the value are shown, an ellipsis behind the quotes says that
    there were more. The result is clean, except that blanks in a row stay.
    """
    shown: list[str] = []
    marks = MARKS_PER_BASE  # as if no more could follow: none may sit on the quotes, a blank or an escape
    for char in unicodedata.normalize("NFC", text[: max(0, limit)]):
        marks = marks + 1 if takes_no_cell(char) else 0
        if char == " ":
            shown.append(char)
            marks = MARKS_PER_BASE
        elif char in '"\\':
            shown.append("\\" + char)
        elif char == "\n" or marks > MARKS_PER_BASE or harmless(char) != char:
            shown.append(char.encode("unicode_escape", "surrogatepass").decode("ascii"))
            marks = MARKS_PER_BASE
        else:
            shown.append(char)
    return f'"{"".join(shown)}"' + (ELLIPSIS if len(text) > limit else "")
