"""Foreign text: what cleaning keeps, drops and promises, and how wide things are (R16)."""

from __future__ import annotations

import itertools
import json
import random
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel
from rich.cells import cell_len
from wcwidth import iter_graphemes

from tests.support import real_data
from tests.support.allowlist import violations
from warroom.domain.text import (
    ELLIPSIS,
    MARKS_PER_BASE,
    REPLACEMENT,
    SafeText,
    cell_width,
    clean_block,
    clean_line,
    cut,
    fit,
    quote_plain,
    wrap,
)

# --- what goes in, what comes out ---------------------------------------------------------------------------

LINES = [
    # plain text is left alone
    ("", ""),
    ("Checkout fails for 12 % of customers", "Checkout fails for 12 % of customers"),
    ("[bold]x[/bold] [/] [@click=app.quit]y[/] \\[z", "[bold]x[/bold] [/] [@click=app.quit]y[/] \\[z"),
    ("Åsa på Öland: räksmörgås", "Åsa på Öland: räksmörgås"),
    ("결제 서비스 장애", "결제 서비스 장애"),
    ("支付服务故障。", "支付服务故障。"),
    ("決済サービス障害", "決済サービス障害"),
    ("انقطاع الخدمة", "انقطاع الخدمة"),
    ("תקלה בשירות שָׁלוֹם", "תקלה בשירות שָׁלוֹם"),
    ("सेवा बंद", "सेवा बंद"),
    ("🔥 🚨 ✅ ❌ 👍 🫨", "🔥 🚨 ✅ ❌ 👍 🫨"),
    ("─ █ ▁▂▃ ● ◉ → … “x” – €", "─ █ ▁▂▃ ● ◉ → … “x” – €"),
    # white space
    (" a\t b\r\nc\rd\ve\ff\x85g\u2028h\u2029i ", "a b c d e f g h i"),
    ("a\u00a0b\u3000c\u2003d\u2800e\x1cf", "a b c d e f"),
    (" \t\r\n ", ""),
    # escape sequences go with their payload
    ("\x1b]0;x\x07hi", "hi"),
    ("\x1b]0;x\x1b\\hi", "hi"),
    ("\x9d0;x\x9chi", "hi"),
    ("\x9d0;two words\x07hi", "hi"),
    ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
    ("\x1b]52;c;cm0gLXJmIC8=\x07safe", "safe"),
    ("\x1bP1$r0m\x1b\\a\x1b_G\x1b\\b\x1b^p\x1b\\c\x1bXs\x1b\\d", "abcd"),
    ("\x90q\x9ca\x9fG\x9cb\x9ep\x9cc\x98s\x9cd", "abcd"),
    ("\x1b[31mred\x1b[0m", "red"),
    ("\x1b[38;2;1;2;3mred\x1b[0 q\x1b[?25l\x1b[>1u\x1b[2J", "red"),
    ("\x9b31mred\x9b0m", "red"),
    ("\x1b(B\x1b)0\x1b#8\x1b%G\x1bcx\x1b7y\x1b=z", "xyz"),
    ("a\x1b", "a"),
    ("a\x1b[", "a"),
    ("a\x1b[31", "a"),
    ("\x1b\x1b[31mx", "x"),
    ("\x1b[3\x1b[31m1mx", "1mx"),
    ("\x1b\x1b]0;t\x07[31mx", "[31mx"),
    # one without an end takes one word, in the 8-bit form not even that
    ("\x1b]0;title then the rest", "then the rest"),
    ("\x1bPq then the rest", "then the rest"),
    ("said â\x80\x9dyesâ\x80\x9d twice", "said âyesâ twice"),
    # control characters
    ("a\x00b\x07c\x08d\x0ee\x7ff", "abcdef"),
    ("a\x80b\x8dc\x99d", "abcd"),
    # invisible, re-ordering, of unpredictable width
    ("a\u202eb\u202cc\u2066d\u2069e\u200ef\u200fg\u061ch", "abcdefgh"),
    ("a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u034fh\u180ei", "abcdefghi"),
    ("a\U000e0001b\U000e0041c\U000e007fd", "abcd"),
    ("a\ufff9b\ufffac\ufffbd\ufffce", "abcde"),
    ("a\u115fb\u1160c\u3164d\uffa0e\u17b4f", "abcdef"),
    ("a\ufe00b\ufe0fc\U000e0100d\u180be", "abcde"),
    # what carries no meaning for sure leaves a trace
    ("a\ud800b\udc9bc\udfff", f"a{REPLACEMENT}b{REPLACEMENT}c{REPLACEMENT}"),
    ("a\ue000b\U000f0000c", f"a{REPLACEMENT}b{REPLACEMENT}c"),
    ("a\ufffeb\U0010ffffc\ufdd0d\u0378e", f"a{REPLACEMENT}b{REPLACEMENT}c{REPLACEMENT}d{REPLACEMENT}e"),
    # emoji, on one side of every terminal's opinion
    ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\U0001f469\U0001f467"),
    ("\u2764\ufe0f \u26a0\ufe0f 1\ufe0f\u20e3", "\u2764 \u26a0 1"),
    ("\U0001f44d\U0001f3fd", "\U0001f44d"),
    ("\U0001f1f8\U0001f1ea \U0001f1f0", "SE K"),
    # NFC, and marks
    ("A\u030asa, \u1112\u1161\u11ab, \u212b", "Åsa, 한, Å"),
    ("\u0301abc \u0301 d\n\u0301e", "abc d e"),
    ("x" + "\u0316\u0317" * 50 + "y", "x" + "\u0316\u0317\u0316\u0317\u0316" + "y"),
]


@pytest.mark.parametrize(("foreign", "clean"), LINES, ids=ascii)
def test_line(foreign: str, clean: str) -> None:
    assert clean_line(foreign) == clean


BLOCKS = [
    ("", ""),
    ("one\ntwo", "one\ntwo"),
    ("one\r\ntwo\rthree\n", "one\ntwo\nthree"),
    ("one\u2028two\u2029three\x85four\vfive\fsix", "one\ntwo\nthree\nfour\nfive\nsix"),
    ("\n\n  - a\n\t- b   \n   \n", "  - a\n    - b"),
    ("a\n\n\n\n\n\nb\n\n\nc", "a\n\n\nb\n\n\nc"),
    ("a\n \n \n \n \nb", "a\n\n\nb"),
    ("a\u3000b\u00a0 c", "a  b  c"),
    ("\x1b]0;no end\nsecond line", " end\nsecond line"),
    ("a\n\u0301b", "a\nb"),
    (" \n\t\n", ""),
]


@pytest.mark.parametrize(("foreign", "clean"), BLOCKS, ids=ascii)
def test_block(foreign: str, clean: str) -> None:
    assert clean_block(foreign) == clean


def test_an_endless_control_string_never_takes_more_than_a_bounded_part() -> None:
    assert clean_line("\x1b]" + "x" * 1000 + " tail", 5000).endswith("x tail")
    far_away = "\x1b]0;" + "word " * 1000 + "\x07"
    assert clean_line(far_away, 10_000).count("word") == 999


# --- length -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "limit", "clean"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("abcd efg", 6, "abcd…"),
        ("abcdefg", 1, "…"),
        ("abcd" + "e\u0316\u0317" + "fgh", 6, "abcd…"),
        ("abc" + "e\u0316\u0317" + "fgh", 7, "abce\u0316\u0317…"),
        ("\x1b[31m" * 50 + "abc", 3, "abc"),
        ("क्षक्षक्ष", 5, "क्ष…"),
        ("क्" * 100, 5, "क्क्…"),
    ],
)
def test_limit_counts_cleaned_characters_and_splits_no_cluster(text: str, limit: int, clean: str) -> None:
    assert clean_line(text, limit) == clean


def test_a_block_is_limited_too() -> None:
    assert clean_block("line\n" * 10, 11) == "line\nline…"
    assert len(clean_block("x" * 50_000)) == 20_000
    assert len(clean_line("x" * 50_000)) == 200


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="limit must be at least 1 character, not 0"):
        clean_line("x", 0)
    with pytest.raises(ValueError, match="not -1"):
        clean_block("x", -1)


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


@settings(deadline=None)
@given(hostile)
@example("\u0f73" * 9)
@example("x" + "\u0344" * 9)
@example("\u0958" + "\u093c\u094d" * 9)
@example("\u1112\u0301\u1161\u11ab")
@example("\u1112" + "\u1161" * 9)
def test_a_cleaned_line_is_harmless_and_stays_as_it_is(text: str) -> None:
    clean = clean_line(text)
    assert_harmless(clean)
    assert clean == clean.strip()
    assert "  " not in clean
    assert clean_line(clean) == clean
    assert clean_block(clean) == clean


@settings(deadline=None)
@given(hostile)
@example("a\n\x1b[0m\n\x1b[0m\n\x1b[0m\nb")
@example("a\n\n\u0301\n\n\u0301\nb")
def test_a_cleaned_block_is_harmless_and_stays_as_it_is(text: str) -> None:
    clean = clean_block(text)
    assert_harmless(clean, lines=True)
    assert "\n\n\n\n" not in clean
    assert clean == clean.strip("\n")
    assert all(line == line.rstrip() for line in clean.split("\n"))
    assert clean_block(clean) == clean
    assert clean_line(clean_block(text, 10_000), 10_000) == clean_line(text, 10_000)


@settings(deadline=None)
@given(hostile, st.integers(1, 12))
def test_limits_hold_and_cleaning_again_changes_nothing(text: str, limit: int) -> None:
    line, block = clean_line(text, limit), clean_block(text, limit)
    assert len(line) <= limit
    assert len(block) <= limit
    assert clean_line(line, limit) == line
    assert clean_block(block, limit) == block
    assert_harmless(line)
    assert_harmless(block, lines=True)
    whole = clean_line(text, 1000)
    if line != whole:
        assert line.endswith(ELLIPSIS)
        assert whole.startswith(line.removesuffix(ELLIPSIS))


@settings(deadline=None)
@given(st.text(st.sampled_from("abcåäöÅÄÖé한국어中文עבריתعربية[]()/@=.,!?\"'\\0123456789👍🔥✅→●")))
def test_ordinary_writing_survives(text: str) -> None:
    assert clean_line(text, 1000) == unicodedata.normalize("NFC", text)


def test_every_code_point_is_cleaned_and_measured_as_rich_measures_it() -> None:
    """What comes out is as wide here as in the library that lays out the screen, whatever went in.

    Planes 0 to 3 and 14, which have characters, and a sample of the others, which have none.
    """
    codes = [*range(0x34000), *range(0xE0000, 0xE1100), *range(0x34000, 0x110000, 251), 0x10FFFF]
    codes.remove(0x1B)  # takes the next one with it
    for start in range(0, len(codes), 0x1000):
        text = "".join(f"x{chr(code)}y\n" for code in codes[start : start + 0x1000])
        clean = clean_block(text, len(text) * 2)
        assert clean_block(clean, len(text) * 2) == clean
        kept = "x".join(sorted(set(clean) - {"\n"}))
        assert violations(kept.encode()) == []
        for char in kept:
            assert cell_width(char) == cell_len(char), f"U+{ord(char):04X}"


@pytest.mark.parametrize(
    "text", ["plain", "å", "한국어", "中文。", "שָׁלוֹם", "👍🔥", "e\u0316\u0317", "नमस्ते", "กำ", "ｆｕｌｌ", "─│", "�", ""]
)
def test_width_is_that_of_rich(text: str) -> None:
    assert cell_width(text) == cell_len(text)


# --- json, models, the type ---------------------------------------------------------------------------------


def test_safe_text_is_a_plain_string_to_json_and_models() -> None:
    @dataclass(frozen=True, slots=True)
    class Event:
        title: SafeText

    class Model(BaseModel):
        title: Annotated[SafeText, AfterValidator(clean_line)]

    title = clean_line("\x1b[1m결제 [/]")
    assert type(title) is str
    assert Event(SafeText(json.loads(json.dumps(title)))) == Event(title)
    assert Model.model_validate_json('{"title": "a\\u001b[31m\\nb"}').model_dump_json() == '{"title":"a b"}'


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


# --- quoting ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("", '""'),
        ("SEV9", '"SEV9"'),
        ("  two  blanks ", '"  two  blanks "'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("a\nb\tc\x1b[1m\x9b\x00", '"a\\nb\\tc\\x1b[1m\\x9b\\x00"'),
        ("a\u202eb\u200b\ud800\ue000\U000e0041", '"a\\u202eb\\u200b\\ud800\\ue000\\U000e0041"'),
        ("nbsp\u00a0", '"nbsp\\xa0"'),
        ("åsa 한국 👍 🫨", '"åsa 한국 👍 🫨"'),
        ("\u0301x", '"\\u0301x"'),
        ("a \u0301", '"a \\u0301"'),
        ("\x1e\u0301", '"\\x1e\\u0301"'),
        ("x" * 61, '"' + "x" * 60 + '"…'),
    ],
    ids=ascii,
)
def test_quote_plain(value: str, shown: str) -> None:
    assert quote_plain(value) == shown


@settings(deadline=None)
@given(hostile)
def test_a_quoted_value_is_clean_and_on_one_line(value: str) -> None:
    shown = quote_plain(value, 500)
    assert_harmless(shown)
    assert clean_line(shown, 10_000) == " ".join(shown.split())
    assert shown.startswith('"')


# --- time ---------------------------------------------------------------------------------------------------

GROWING: dict[str, Callable[[int], str]] = {
    "plain lines": lambda n: "some words\n" * (n // 11),
    "blanks": lambda n: " " * n + "x",
    "empty lines": lambda n: "\n" * n + "x",
    "carriage returns": lambda n: "\r" * n,
    "escapes": lambda n: "\x1b" * n,
    "unterminated strings": lambda n: "\x1b]" * (n // 2),
    "unterminated 8-bit strings": lambda n: "\x9d" * n,
    "long unterminated strings": lambda n: ("\x1b]" + "x" * 5000) * (n // 5002),
    "parameters without an end": lambda n: "\x1b[" + "1;" * (n // 2),
    "marks in the worst order": lambda n: "x" + "\u0301\u0316" * (n // 2),
    "different marks": lambda n: "".join(random.Random(1).choices([chr(c) for c in range(0x300, 0x370)], k=n)),
    "one cluster": lambda n: "क्" * (n // 2),
    "leading consonants": lambda n: "\u1112" * n,
    "words of many scripts": lambda n: "åäö 한국어 中文 עברית " * (n // 18),
    "private use": lambda n: "\ue000" * n,
}
MEASURED: dict[str, Callable[[str], object]] = {
    "line": clean_line,
    "block": lambda text: clean_block(text, 10**9),
    "wrap": lambda text: wrap(clean_block(text, 10**9), 40),
    "fit": lambda text: fit(clean_line(text, 10**9), 40),
}


@pytest.mark.parametrize("what", MEASURED)
@pytest.mark.parametrize("kind", GROWING)
def test_time_grows_with_the_length(kind: str, what: str) -> None:
    """Four times the text takes about four times as long, not sixteen times as if it went with the square."""

    def seconds(size: int) -> float:
        text = GROWING[kind](size)
        start = time.process_time()
        MEASURED[what](text)
        return time.process_time() - start

    seconds(1000)
    ratios = []
    for _ in range(5):
        small, large = seconds(20_000), seconds(80_000)
        ratios.append(large / max(small, 0.002))
        if ratios[-1] <= 8:
            return
    pytest.fail(f"four times the text took {', '.join(f'{ratio:.1f}' for ratio in ratios)} times as long")


# --- real hostile files -------------------------------------------------------------------------------------


def hostile_texts() -> Iterator[str]:
    """Every file, as text in each way it might be read, whole and by lines."""
    for path in sorted(real_data("hostile").rglob("*")):
        if path.is_file() and path.parent.name != "unicode":
            for text in (path.read_bytes().decode("utf-8", "surrogateescape"), path.read_bytes().decode("latin-1")):
                yield text
                yield from text.split("\n")
    yield from json.loads(real_data("hostile", "blns.json").read_text("utf-8"))


def test_real_hostile_files_become_harmless() -> None:
    seen = 0
    for text in hostile_texts():
        seen += 1
        line, block = clean_line(text), clean_block(text)
        assert_harmless(line)
        assert_harmless(block, lines=True)
        assert clean_line(line) == line
        assert clean_block(block) == block
        assert cell_len(fit(line, 37)) == 37
        assert all(cell_len(part) <= 37 for part in wrap(block, 37))
        quote_plain(text)
    assert seen > 1000


def code_points(name: str) -> Iterator[str]:
    """The sequences of a table of the Unicode Consortium, whose first column has code points in hexadecimal."""
    for row in real_data("hostile", "unicode", name).read_text("utf-8").splitlines():
        column = row.partition("#")[0].partition(";")[0]
        column = column.replace("÷", " ").replace("×", " ")
        if words := column.split():
            first, _, last = words[0].partition("..")
            if last:
                yield from (chr(code) for code in range(int(first, 16), int(last, 16) + 1))
            else:
                yield "".join(chr(int(word, 16)) for word in words)


@pytest.mark.parametrize("name", ["BidiCharacterTest_sample.txt", "emoji-zwj-sequences.txt", "emoji-test.txt"])
def test_tables_of_sequences_are_measured_as_rich_measures_them(name: str) -> None:
    seen = 0
    for text in code_points(name):
        seen += 1
        for clean in (clean_line(text), clean_line(f"a{text}b")):
            assert_harmless(clean)
            assert clean_line(clean) == clean
    assert seen > 500


def test_the_grapheme_table_is_measured_and_its_clusters_stay_whole() -> None:
    for text in code_points("GraphemeBreakTest.txt"):
        clean = clean_line(f"a{text}b")
        assert_harmless(clean)
        for width in range(1, cell_len(clean)):
            kept = cut(clean, width, "")
            assert cell_len(kept) <= width
            rest = clean[len(kept) :].lstrip()
            assert not rest or cell_len(rest[0]) > 0, "a mark was torn from its character"


def test_the_east_asian_width_table_is_measured_as_rich_measures_it() -> None:
    text = "\n".join(code_points("EastAsianWidth.txt"))
    assert len(text) > 100_000
    for char in set(clean_block(text, len(text) * 2)) - {"\n"}:
        assert cell_width(char) == cell_len(char), f"U+{ord(char):04X}"


def test_emoji_of_one_character_survive() -> None:
    kept = lost = 0
    for text in code_points("emoji-test.txt"):
        bare = text.replace("\ufe0f", "")
        if len(bare) == 1 and not 0x1F3FB <= ord(bare) <= 0x1F3FF:
            kept += clean_line(text) == bare
            lost += clean_line(text) != bare
    assert kept > 700
    assert lost == 0
