"""Widths and cuts of cleaned text, judged by wcwidth, and text that is still being typed (R16)."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth, wcwidth

from tests.support.allowlist import violations
from tests.support.hostile import EVERYTHING
from tests.support.profile import examples
from warroom.domain.text import ELLIPSIS, cell_width, clean_line, clean_typed, cut

texts = st.lists(st.sampled_from(EVERYTHING) | st.text(max_size=6), max_size=12).map("".join)


@examples(3)
@given(texts)
def test_a_cleaned_text_is_as_wide_as_wcwidth_says(text: str) -> None:
    clean = clean_line(text)
    assert sum(map(wcwidth, clean)) == cell_width(clean)
    # Of the spacing vowel signs of Indic scripts terminals have two opinions, and wcswidth the other one.
    if not any(unicodedata.category(char) == "Mc" or char == "\U0001171e" for char in clean):
        assert wcswidth(clean) == cell_width(clean)


@examples(3)
@given(texts, st.integers(1, 40))
def test_what_is_cut_ends_in_an_ellipsis_and_fits(text: str, width: int) -> None:
    clean = clean_line(text)
    short = cut(clean, width)
    assert cell_width(short) <= width
    assert short == clean or short.endswith(ELLIPSIS)
    assert violations(short.encode()) == []


@examples(3)
@given(texts, st.booleans())
def test_what_is_typed_is_harmless_and_keeps_its_blanks(text: str, lines: bool) -> None:
    typed = clean_typed(text, lines=lines)
    assert violations(typed.replace("\n", "").encode()) == []
    assert lines or "\n" not in typed
    assert clean_typed(typed, lines=lines) == typed
    assert clean_line(typed, 10_000) == clean_line(text, 10_000)
    assert clean_typed("  two  blanks ") == "  two  blanks "
