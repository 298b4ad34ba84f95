"""Foreign text: what cleaning keeps, drops and promises (R16)."""

from __future__ import annotations

import json
import random
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel
from rich.cells import cell_len

from tests.support.allowlist import violations
from tests.support.foreign_text import assert_harmless, hostile
from warroom.domain.text import (
    ELLIPSIS,
    REPLACEMENT,
    SafeText,
    cell_width,
    clean_block,
    clean_line,
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
