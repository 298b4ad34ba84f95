"""Hostile files and tables of sequences that others publish become harmless and are measured right (R16)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from tests.support import real_data
from tests.support.foreign_text import assert_harmless
from warroom.domain.text import (
    cell_width,
    clean_block,
    clean_line,
    cut,
    fit,
    quote_plain,
    wrap,
)

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
