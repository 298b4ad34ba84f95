"""Hostile text for properties, and what cleaned text may never hold (R16)."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st
from rich.cells import cell_len

from tests.support.allowlist import violations
from warroom.domain.text import (
    MARKS_PER_BASE,
    cell_width,
)

# --- properties ---------------------------------------------------------------------------------------------

ATOMS = [
    *"abcXYZ 09.,;:-!?[]()/\\\"'@=",
    *("\n", "\r", "\r\n", "\t", "  ", "\x85", "\u2028", "\u3000"),
    *("\x1b", "\x1b[", "\x1b]", "\x1bP", "\x1b\\", "\x07", "\x9b", "\x9c", "\x9d", "\x90", "\x18", "0;", "31m"),
    *("\u0301", "\u0316", "\u0344", "\u093e", "\u094d", "\u0e33", "\u20e3", "\u0338", "\u05c1", "\u05b8"),
    *("\u1112", "\u1161", "\u11ab", "\u1160", "\u115f", "한", "å", "é", "ﬁ", "\u0958", "\ufb2c", "\u212b", "ש"),
    *("क", "ष", "中", "文", "。", "「", "」", "あ", "ー", "ア", "ع", "ไ", "\u0d4e"),
    *("👍", "\U0001f3fd", "\u200d", "\ufe0f", "👩", "🇸", "🇪", "❤", "1", "\u200b", "\u202e", "\u2066"),
    *("\ud800", "\udc9b", "\ue000", "\ufffe", "\u0378", "\U000e0041", "\ufeff", "\u00ad"),
]
hostile = st.one_of(
    st.lists(st.sampled_from(ATOMS), max_size=60).map("".join),
    st.text(st.characters(), max_size=40),
    st.lists(
        st.one_of(st.sampled_from(ATOMS), st.characters(min_codepoint=0x300, max_codepoint=0x1200)), max_size=40
    ).map("".join),
)


def assert_harmless(text: str, *, lines: bool = False) -> None:
    """Everything that cleaning promises of its result, judged by tables of its own."""
    assert violations(text.encode()) == []
    assert "\r" not in text
    assert lines or "\n" not in text
    assert unicodedata.is_normalized("NFC", text)
    run, based = 0, False
    for char in text:
        category = unicodedata.category(char)
        assert char == "\n" or category not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"), ascii(char)
        assert char == " " or category != "Zs", ascii(char)
        assert not 0x1F1E6 <= ord(char) <= 0x1F1FF, "flag letter"
        assert not 0x1F3FB <= ord(char) <= 0x1F3FF, "skin tone"
        run = run + 1 if cell_len(char) == 0 and char != "\n" else 0
        assert run <= MARKS_PER_BASE, f"{run} marks on one character"
        assert run == 0 or based, "a mark with nothing to sit on"
        based = char not in " \n"
    for line in text.split("\n"):
        assert cell_width(line) == cell_len(line)
