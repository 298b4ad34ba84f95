"""What a program may write to a terminal, and everything else that it wrote (R16).

`violations` takes the raw bytes that came out of a pseudo-terminal from start to end of a program and names every one
that is not on the list below. The list is what Textual 8.2.8 sends on Linux (its Linux driver, its compositor and
Rich's control codes) and what a cell-wise redraw needs to move about and to erase; a sequence is accepted only with
parameters of that form. The terminal's title is on it in the one form that the program has for it, kept before and
given back. Anything else that changes the terminal beyond the life of the program, answers through its input, or
reaches the clipboard, the desktop or a link is not on it.

A sequence that is on the list passes whoever put it there: foreign text that only colours itself is not told
apart from the program. A test of hostile text therefore uses samples with something else in them.

It knows nothing of `warroom.domain.text`, on purpose: what one of the two forgets, the other should catch.
"""

from __future__ import annotations

import base64
import re
import unicodedata

ALLOWED_SEQUENCES: tuple[tuple[str, str], ...] = (
    ("colours and styles (SGR)", r"\[[0-9;:]*m"),
    ("cursor by so many cells, to a column, to a row", r"\[[0-9]*[ABCDGd]"),
    ("cursor to a place", r"\[(?:[0-9]+(?:;[0-9]+)?)?H"),
    ("erase below the cursor or all that is seen, erase in the line", r"\[(?:0?J|2J|[0-2]?K)"),
    ("a row down, a row up", r"[DM]"),
    ("erase so many cells", r"\[[0-9]*X"),
    ("line wrap, cursor shown or hidden", r"\[\?(?:7|25)[hl]"),
    ("mouse and focus reports", r"\[\?(?:1000|1002|1003|1004|1006|1015|1016)[hl]"),
    ("alternate screen, bracketed paste", r"\[\?(?:1049|2004)[hl]"),
    ("synchronized output, resize reports", r"\[\?(?:2026|2048)[hl]"),
    ("are synchronized output and resize reports known", r"\[\?(?:2026|2048)\$p"),
    ("kitty keyboard protocol on, off", r"\[(?:>[0-9]+|<[0-9]*)u"),
    ("where is the cursor, what are you", r"\[(?:6n|0?c)"),
    ("mouse pointer shape", r"\]22;[a-z-]{0,24}\x07"),
    ("title kept, given back", r"\[2[23];0t"),
    ("title", r"\]0;(?:warroom: [\w ,.:#()+/%!?@=·…-]{1,72})?\x07"),
)
"""Each kind of sequence as a regular expression for what stands behind the ESC."""

ALLOWED_CONTROLS = "\r\n\b"

CLIPBOARD_MOST = 250
"""The longest text that a program may put on the clipboard, in characters."""

MARKS_IN_A_ROW = 6
"""More combining marks than this on one character are reported; no writing system in use needs them."""

_ALLOWED = re.compile("|".join(f"(?:{pattern})" for _, pattern in ALLOWED_SEQUENCES))

# How far a sequence reaches that is not allowed, so that it is reported once and as a whole.
_EXTENT = re.compile(
    r"\[[\x20-\x3f]*[\x40-\x7e]?"
    r"|[\]P^_X][^\x07\x1b\x9c]{0,80}(?:\x07|\x1b\\|\x9c)?"
    r"|[\x20-\x2f]*[\x30-\x7e]?"
)

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZERO_WIDTH = frozenset("\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\ufeff")
_INVISIBLE = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufffc")


def violations(raw: bytes, *, bell: bool = False, clipboard: str = "") -> list[str]:
    """Everything in `raw` that a program may not send, in order; empty if there is nothing.

    `raw` is all that a program wrote, to its end: a sequence that breaks off counts. `bell` allows BEL for a
    program that is meant to ring. `clipboard` is a text that it is meant to put on the clipboard (OSC 52), once: any
    other, a second time, and more than `CLIPBOARD_MOST` characters are reported. Each entry begins with the position
    in bytes and shows what is there.
    """
    found: list[str] = []
    copied = f"]52;c;{base64.b64encode(clipboard.encode()).decode()}\a" if clipboard else ""
    copies = 1 if 0 < len(clipboard) <= CLIPBOARD_MOST else 0
    controls = ALLOWED_CONTROLS + ("\a" if bell else "")
    # Bytes that are no UTF-8 become lone surrogates, which are told apart below and keep their place.
    text = raw.decode("utf-8", "surrogateescape")
    at = offset = marks = 0
    while at < len(text):
        char = text[at]
        end = at + 1
        problem = None
        if char == "\x1b":
            if allowed := _ALLOWED.match(text, end):
                end = allowed.end()
            elif copies and text.startswith(copied, end):
                end += len(copied)
                copies -= 1
            else:
                extent = _EXTENT.match(text, end)
                end = extent.end() if extent else end
                problem = "sequence not allowed"
            marks = 0
        elif " " <= char <= "~" or char in controls:
            marks = 0
        else:
            problem = _problem(char)
            marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
            if problem is None and marks == MARKS_IN_A_ROW + 1:
                problem = f"more than {MARKS_IN_A_ROW} combining marks on one character"
        piece = text[at:end]
        if problem:
            found.append(f"byte {offset}: {problem}: {piece!a}")
        offset += len(piece.encode("utf-8", "surrogateescape"))
        at = end
    return found


def _problem(char: str) -> str | None:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return "not UTF-8"
    if code < 0x20 or code == 0x7F:
        return "control character"
    if 0x80 <= code <= 0x9F:
        return "C1 control"
    if char in _BIDI:
        return "bidirectional control"
    if char in _ZERO_WIDTH:
        return "zero width"
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or 0x180B <= code <= 0x180F:
        return "variation selector"
    if 0xE0000 <= code <= 0xE007F:
        return "tag character"
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return "noncharacter"
    if char in _INVISIBLE:
        return "invisible character"
    return {
        "Cf": "format character",
        "Co": "private use",
        "Zl": "line separator",
        "Zp": "paragraph separator",
    }.get(unicodedata.category(char))
