"""Differences of cells, as a terminal draws them: any screen from any other, with wide and doubtful characters."""

from __future__ import annotations

import unicodedata

import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tests.support.cells import Look, Terminal
from tests.support.profile import examples
from warroom.tui.link import differ, pens
from warroom.tui.link.cells import Trust, cells_of, claim, trust
from warroom.tui.link.differ import motion
from warroom.tui.link.stage import Stage, harmless

STYLES = [
    Style(),
    Style(color="red"),
    Style(color="#102030", bgcolor="#405060"),
    Style(color="#102031", bgcolor="#405060", bold=True),
    Style(bold=True, dim=True),
    Style(bold=True),
    Style(dim=True, underline=True),
    Style(reverse=True),
    Style(bgcolor="blue", strike=True, italic=True),
    Style(color="bright_green", link="https://status.example.org/"),
]
SURE = "ab c 7─●é¡한글京ア"
DOUBTFUL = [*SURE, "e\u0301", "⚠\ufe0f", "👩\u200d🚒", "🔥", "ก\u0e33", "\u26a0", "\U0001f1f8\U0001f1ea", "क\u093f"]

texts = st.lists(st.sampled_from(SURE), min_size=1, max_size=9).map("".join)
doubtful_texts = st.lists(st.sampled_from(DOUBTFUL), min_size=1, max_size=7).map("".join)
sizes = st.tuples(st.integers(1, 24), st.integers(1, 5))


def pieces(texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[int, int, str, int]]:
    """What is written: row, column, text and style."""
    return st.tuples(st.integers(0, 5), st.integers(0, 23), texts, st.integers(0, len(STYLES) - 1))


def frames(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[object]]:
    """What happens to a screen, frame by frame: texts are written, its size changes, it is forgotten."""
    drawn = st.lists(pieces(texts), max_size=8)
    return st.lists(st.one_of(drawn, drawn, drawn, sizes, st.just("forgotten")), min_size=1, max_size=8)


def look_of(number: int) -> Look:
    pen = pens.pen(number)
    return (pen.fore, pen.back, pen.attributes, pen.link.rpartition(";")[2].removesuffix("\x1b\\"))


def wanted(stage: Stage) -> list[list[tuple[str, Look]]]:
    rows = zip(stage.wanted.chars, stage.wanted.pens, strict=True)
    return [[(char, look_of(pen)) for char, pen in zip(chars, numbers, strict=True)] for chars, numbers in rows]


def write(stage: Stage, y: int, x: int, text: str, style: int) -> None:
    stage.take_lines([[Strip([Segment(text, STYLES[style])])]], x, y, ColorSystem.TRUECOLOR)


def happen(stage: Stage, step: object) -> tuple[int, int] | None:
    """Let one thing happen; gives the new size of the terminal, if it has one."""
    if isinstance(step, tuple):
        stage.resize(*step)
        return step
    if step == "forgotten":
        stage.forget(pen=stage.place.pen)
    elif isinstance(step, list):
        for piece in step:
            write(stage, *piece)
    return None


@examples()
@given(sizes, frames(texts))
@example((4, 1), [[(0, 0, "한글", 0)], [(0, 1, "a", 0)], [(0, 0, "京", 1)]])
@example((3, 1), [[(0, 2, "한", 0)], [(0, 2, "a", 2)]])
@example((9, 2), [[(0, 0, "a", 2)], "forgotten", [(1, 0, "b", 2)]])
def test_a_terminal_shows_what_is_wanted_after_every_frame(size: tuple[int, int], steps: list[object]) -> None:
    stage, terminal = Stage(), Terminal(*size)
    stage.resize(*size)
    for step in steps:
        if new := happen(stage, step):
            terminal.resize(*new)
        terminal.feed(stage.frame())
        assert terminal.cells == wanted(stage)
        assert stage.frame() == ""


@examples()
@given(sizes, frames(texts))
def test_pyte_shows_the_same(size: tuple[int, int], steps: list[object]) -> None:
    """Another terminal, written by others; it leaves halves of wide characters, so those are left out."""
    stage, screen = Stage(), pyte.Screen(*size)
    screen.reset_mode(pyte.modes.DECAWM)
    stream = pyte.Stream(screen)
    stage.resize(*size)
    for step in steps:
        if isinstance(step, list):
            step = [(y, x, "".join(char for char in text if cell_len(char) == 1), style) for y, x, text, style in step]
        if new := happen(stage, step):
            screen.resize(new[1], new[0])
            screen.reset_mode(pyte.modes.DECAWM)
        stream.feed(stage.frame())
        for y in range(screen.lines):
            assert [screen.buffer[y][x].data for x in range(screen.columns)] == stage.wanted.chars[y]


@pytest.mark.parametrize("opinion", ["each", "one", "two", "rich"])
@examples(0.5)
@given(frames(doubtful_texts))
def test_what_terminals_disagree_about_spoils_nothing_around_it(opinion: str, steps: list[object]) -> None:
    """Whatever a terminal thinks of the width of a doubtful character, all else stands where it should."""

    def width_of(char: str) -> int:
        if trust(char) is not Trust.NONE or opinion == "each":
            return get_character_cell_size(char)
        if unicodedata.category(char) in ("Mn", "Mc", "Cf"):
            return 0
        return {"one": 1, "two": 2}.get(opinion, get_character_cell_size(char))

    size = (24, 5)
    stage, terminal = Stage(), Terminal(*size, width_of=width_of)
    stage.resize(*size)
    for step in steps:
        if isinstance(step, tuple):
            continue  # what a terminal cuts is up to it
        happen(stage, step)
        terminal.feed(stage.frame())
        for y, row in enumerate(wanted(stage)):
            spoilt = 0
            for x, (char, look) in enumerate(row):
                if char and not char.isascii() and trust(char) is Trust.NONE:
                    spoilt = max(spoilt, x + cells_wide(row, x))
                elif x >= spoilt and char != "":
                    shown, drawn = terminal.cells[y][x]
                    assert (shown, drawn) == (char, look), (y, x, terminal.text)


def cells_wide(row: list[tuple[str, Look]], x: int) -> int:
    """How many cells it has on the screen that is wanted."""
    return 1 + next((at for at, (char, _) in enumerate(row[x + 1 :]) if char != ""), len(row) - x - 1)


@examples()
@given(st.text(max_size=30))
def test_text_is_as_many_cells_as_textual_lays_out(text: str) -> None:
    cells = cells_of(text)
    assert not any(char < " " or "\x7f" <= char <= "\x9f" for cell in cells for char in cell)
    plain = "".join(char for char in text if char.isprintable())
    assert len(cells_of(plain)) == cell_len(plain)


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        ("a", Trust.SURE),
        ("ö", Trust.SURE),
        ("한", Trust.SURE),
        ("─", Trust.LOCALE),
        ("●", Trust.LOCALE),
        ("e\u0301", Trust.NONE),
        ("🔥", Trust.NONE),
        ("👩\u200d🚒", Trust.NONE),
        ("\ue000", Trust.NONE),
    ],
)
def test_how_far_terminals_agree_about_a_width(cluster: str, expected: Trust) -> None:
    assert trust(cluster) is expected
    assert claim(cluster) >= cell_len(cluster)


@examples()
@given(*[st.integers(0, len(STYLES) - 1)] * 2)
def test_the_way_from_one_style_to_the_next_is_right_and_no_longer_than_a_reset(old: int, new: int) -> None:
    one, other = (pens.of_style(STYLES[number], ColorSystem.TRUECOLOR) for number in (old, new))
    terminal = Terminal(1, 1)
    terminal.feed(pens.change(0, one))
    step = pens.change(one, other)
    terminal.feed(step)
    assert terminal.look == look_of(other)
    assert len(step) <= len(pens.RESET) + len(pens.change(0, other)) + len("\x1b]8;;\x1b\\")


@examples()
@given(*[st.one_of(st.none(), st.integers(0, 119))] * 2, st.integers(0, 119), st.integers(0, 39))
def test_a_motion_arrives_and_is_no_longer_than_an_address(x: int | None, y: int | None, to_x: int, to_y: int) -> None:
    y = None if y is None else y % 40
    step = motion(x, y, to_x, to_y)
    terminal = Terminal(120, 40)
    terminal.x, terminal.y = 7 if x is None else x, 7 if y is None else y
    terminal.feed(step)
    assert (terminal.x, terminal.y) == (to_x, to_y)
    assert len(step) <= len(f"\x1b[{to_y + 1};{to_x + 1}H")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("\a", True),
        ("\x1b]0;3 live\a", True),
        ("\x1b]52;c;aGVq\a\x1b]22;default\x1b\\", True),
        ("\x1b[?1000h\x1b[?2004l\x1b[>25u\x1b[<u\x1b[?2026$p", True),
        ("\x1b[22;0t", True),
        ("\x1bPtmux;\x1b\x1b]9;paged\x1b\x1b\\\x1b\\", True),
        ("\x1b[?1049h", False),
        ("words", False),
        ("\x1b[2J", False),
        ("\x1b]0;a title\aand more", False),
    ],
)
def test_what_others_may_send_without_the_screen_being_drawn_anew(data: str, expected: bool) -> None:
    assert harmless(data) is expected


def test_after_what_others_send_the_screen_is_drawn_anew_and_plainly_before() -> None:
    stage, terminal = Stage(), Terminal(12, 1)
    stage.resize(12, 1)
    write(stage, 0, 0, "next page at", 2)
    terminal.feed(stage.frame())
    sent = stage.foreign("a word")
    assert sent == "\x1b[ma word"
    terminal.feed(sent)
    terminal.feed(stage.frame())
    assert terminal.cells == wanted(stage)


def test_figures_that_tick_in_two_columns_cost_a_few_bytes_each() -> None:
    """A cursor's motion and a digit: by columns that is half of what going row by row takes."""
    stage = Stage()
    stage.resize(120, 40)
    for second in (9, 8):
        for y in range(38):
            write(stage, y, 60, f"L2   0{y % 10}:0{second}    update  0{y % 7}:0{second}", 2)
        sent = stage.frame()
    assert len(sent) <= 38 * 2 * 4 + 50


@pytest.mark.parametrize(("picture", "orders"), [("x" * 120, 1), (f"{'ab':6}" * 20, 3)])
def test_a_new_picture_is_written_in_one_order_and_figures_that_tick_in_the_shortest_of_several(
    monkeypatch: pytest.MonkeyPatch, picture: str, orders: int
) -> None:
    tried: list[int] = []

    class Counted(differ._Writer):
        def __init__(self, *arguments: object) -> None:
            tried.append(1)
            super().__init__(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(differ, "_Writer", Counted)
    stage = Stage()
    stage.resize(120, 40)
    stage.frame()
    tried.clear()
    for y in range(5, 15):
        stage.wanted.put(y, 0, list(picture), 0)
    stage.frame()
    assert len(tried) == orders
