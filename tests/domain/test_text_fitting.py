"""How wide foreign text is, and how it is cut, fitted and wrapped to so many cells (R16)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import iter_graphemes

from tests.support.foreign_text import hostile
from warroom.domain.text import (
    cell_width,
    clean_block,
    clean_line,
    cut,
    fit,
    wrap,
)


@pytest.mark.parametrize(
    "text", ["plain", "å", "한국어", "中文。", "שָׁלוֹם", "👍🔥", "e\u0316\u0317", "नमस्ते", "กำ", "ｆｕｌｌ", "─│", "�", ""]
)
def test_width_is_that_of_rich(text: str) -> None:
    assert cell_width(text) == cell_len(text)


# --- fitting and cutting ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "width", "fitted"),
    [
        ("abc", 5, "abc  "),
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("abc d", 5, "abc d"),
        ("abc de", 5, "abc… "),
        ("한국어", 6, "한국어"),
        ("한국어", 5, "한국…"),
        ("한국어", 4, "한… "),
        ("한국어", 1, "…"),
        ("ae\u0316\u0317bc", 3, "ae\u0316\u0317…"),
        ("one\ntwo", 8, "one two "),
        ("abc", 0, ""),
        ("abc", -3, ""),
        ("", 2, "  "),
    ],
)
def test_fit(text: str, width: int, fitted: str) -> None:
    assert fit(text, width) == fitted
    assert cut(text, width) == fitted.rstrip()


def test_another_ellipsis() -> None:
    assert fit("abcdef", 4, "") == "abcd"
    assert fit("abcdef", 4, "..") == "ab.."
    assert fit("abcdef", 1, "..") == "."
    assert cut("한국어", 3, "") == "한"


@settings(deadline=None)
@given(hostile, st.integers(-1, 30), st.sampled_from(["…", "", "...", "中"]))
def test_fit_is_exact_and_cut_never_over(text: str, width: int, ellipsis: str) -> None:
    clean = clean_line(text)
    short, full = cut(clean, width, ellipsis), fit(clean, width, ellipsis)
    assert cell_len(full) == max(0, width)
    assert full.startswith(short)
    assert full[len(short) :].strip() == ""
    if cell_len(clean) <= width:
        assert short == clean


@settings(deadline=None)
@given(hostile, st.integers(8, 30))
def test_cut_splits_no_grapheme_cluster(text: str, width: int) -> None:
    clean = clean_line(text)
    clusters = list(iter_graphemes(clean))
    kept = cut(clean, width, "")
    if any(cell_len(cluster) > 8 for cluster in clusters):
        return  # such a one is not a letter to anybody and may be taken apart
    ends = {"".join(clusters[:count]).rstrip() for count in range(len(clusters) + 1)}
    assert kept in ends


# --- wrapping -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 20, ["one two three"]),
        ("one two three", 8, ["one two", "three"]),
        ("one\n\ntwo", 8, ["one", "", "two"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("ab cdefghij kl", 4, ["ab", "cdef", "ghij", "kl"]),
        ("  - indented text", 12, ["  - indented", "text"]),
        ("          word", 6, ["word"]),
        ("          a b", 6, ["    a", "b"]),
        ("결제 서비스 장애", 9, ["결제", "서비스", "장애"]),
        ("결제서비스장애", 5, ["결제", "서비", "스장", "애"]),
        ("原因：数据库故障。已恢复", 8, ["原因：数", "据库故", "障。已恢", "复"]),
        ("API 故障原因", 8, ["API 故障", "原因"]),
        ("「故障」", 4, ["「故", "障」"]),
        ("原因「故障」", 6, ["原因", "「故", "障」"]),
        ("👩\u1161a", 2, ["👩\u1161", "a"]),
        ("aa\u1161\u0e33", 2, ["aa\u1161", "\u0e33"]),
        ("x" + "\u0316\u0317" + "yz", 1, ["x\u0316\u0317", "y", "z"]),
        ("a한b", 1, ["a", "…", "b"]),
        ("abc", 0, []),
        ("abc", -1, []),
    ],
)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


@settings(deadline=None)
@given(hostile, st.integers(2, 25))
@example("क्" * 40, 3)
@example("\u1112" * 40, 3)
def test_wrap_is_never_over_and_loses_nothing(text: str, width: int) -> None:
    clean = clean_block(text)
    lines = wrap(clean, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == clean.replace("\n", "").replace(" ", "")
    assert not any(line and cell_len(line[0]) == 0 for line in lines), "a mark was torn from its character"
    assert len(lines) >= clean.count("\n") + 1


@settings(deadline=None)
@given(st.lists(st.text("abcdef", min_size=1, max_size=10), min_size=1), st.integers(10, 30))
def test_wrap_fills_lines_with_whole_words(words: list[str], width: int) -> None:
    lines = wrap(" ".join(words), width)
    assert " ".join(lines).split() == words
    for line, following in itertools.pairwise(lines):
        assert len(line) + 1 + len(following.split()[0]) > width
