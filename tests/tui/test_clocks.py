"""The screen of the clocks of silence, the form that skips an update, and the sheet of punctuality."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.driving import drive, screen_text, settle
from tests.tui.fixtures import NOW, ago, ahead, cards_line, small_view
from tests.tui.harness import BoardApp
from tests.tui.test_dialogs import ask, keys, press
from warroom.domain.text import cell_width
from warroom.tui.clocks import clock_rows, due_face, last_words, punctuality, share_words, step_words
from warroom.tui.pieces import Role, line_width, plain
from warroom.tui.widgets.clocks import ClocksScreen, PunctualityScreen, Skip, SkipDialog
from warroom.views import ClockLine, ClockState, PunctualityRow, PunctualityView

PUBLIC = ClockLine(
    "public",
    "external",
    begun=ago(20),
    last_at=ago(20),
    due=ahead(10),
    near_at=ahead(4),
    cadence=timedelta(minutes=30),
    source="SEV1",
    skips_most=1,
    step="warns",
    step_at=ahead(4),
    whom=("eva",),
    turn=3,
)
LATE = replace(PUBLIC, channel="intern", audience="internal", due=ago(4, 12), near_at=ago(8), missed=2, step="reminds")
NONE = ClockLine("support", "internal", begun=ago(41), last_at=None)
HOSTILE = replace(PUBLIC, channel="\x1b[31m공지\u202e[b]", source="[red]x[/]", whom=("\x07eva", "[/]"))


@pytest.mark.parametrize(
    ("line", "state", "figure", "role"),
    [
        (PUBLIC, ClockState.IN_TIME, "10m", Role.CALM),
        (replace(PUBLIC, near_at=NOW), ClockState.SOON, "soon 10m", Role.SOON),
        (replace(PUBLIC, due=NOW), ClockState.LATE, "LATE 00:00", Role.LATE),
        (LATE, ClockState.LATE, "LATE 04:12", Role.LATE),
        (NONE, ClockState.NONE, "—", Role.FAINT),
    ],
)
def test_how_a_clock_stands(line: ClockLine, state: ClockState, figure: str, role: Role) -> None:
    assert line.state(NOW) is state
    assert (due_face(line, NOW).text, due_face(line, NOW).role) == (figure, role)


def test_what_a_clock_says() -> None:
    assert (last_words(PUBLIC, NOW), last_words(NONE, NOW)) == ("20m ago", "no word yet")
    assert step_words(PUBLIC, NOW).endswith("warns eva")
    assert step_words(replace(PUBLIC, step_at=ago(1)), NOW) == "now warns eva"
    assert step_words(replace(PUBLIC, step_at=None), NOW) == "nobody is reminded any more"
    assert step_words(replace(PUBLIC, watched=True), NOW) == "only watched"
    assert step_words(NONE, NOW) == "—"
    assert PUBLIC.may_skip and not replace(PUBLIC, skips=1).may_skip
    assert not replace(PUBLIC, watched=True).may_skip and not NONE.may_skip


@pytest.mark.parametrize("width", [40, 55, 75, 91, 180])
def test_rows_fit_whatever_stands_in_them(width: int) -> None:
    for block in clock_rows((PUBLIC, LATE, NONE, HOSTILE), NOW, width, 1):
        for row in block:
            assert line_width(row) <= width
            assert cell_width(plain(row)) == line_width(row)
            assert "\x1b" not in plain(row) and "\u202e" not in plain(row) and "\x07" not in plain(row)


def test_where_it_is_narrow_words_go_on_in_the_next_row_and_none_is_cut() -> None:
    (block,) = clock_rows((LATE,), NOW, 46, 0)
    said = " ".join(plain(row).strip("▌ ") for row in block[1:])
    assert "internal · every 30m by SEV1 · 2 missed in a row" in said
    assert "…" not in said and len(block) > 3 and all(plain(row).startswith("▌") for row in block)


def test_the_rows_say_it_without_colour() -> None:
    late, calm = ("\n".join(map(plain, block)) for block in clock_rows((LATE, PUBLIC), NOW, 90, 0))
    assert "▌ intern  LATE 04:12  ━━━━━━━━━━  was due 14:27  last word 20m ago" in late
    assert "internal · every 30m by SEV1 · 2 missed in a row" in late
    assert "▌" not in calm and "──────▷···" in calm and "then" in calm


Wishes = list[tuple[str, str]]


def screen(clocks: tuple[ClockLine, ...], wishes: Wishes) -> ClocksScreen:
    def wish(act: str, line: Any, clock: ClockLine | None) -> None:
        wishes.append((act, clock.channel if clock is not None else ""))

    return ClocksScreen(lambda: (cards_line(), clocks), lambda: NOW, wish)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 20)])
def test_the_screen_marks_a_clock_and_acts_on_it(size: tuple[int, int]) -> None:
    wishes: Wishes = []

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "s", "down", "u", "j", "k", "s", "p")
        text = screen_text(app)
        assert "Clocks of silence" in text and "LATE 04:12" in text

    ask(screen((LATE, PUBLIC, NONE), wishes), steps, size=size)
    assert wishes == [("skip", "intern"), ("update", "public"), ("skip", "public"), ("punctuality", "public")]


def test_the_mark_stays_on_its_clock_when_the_order_changes() -> None:
    wishes: Wishes = []
    shown = [(LATE, PUBLIC)]

    def wish(act: str, line: Any, clock: ClockLine | None) -> None:
        wishes.append((act, clock.channel if clock is not None else ""))

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "down")
        shown[0] = (PUBLIC, LATE)
        app.screen._draw()  # type: ignore[attr-defined]
        await press(app, pilot, "s")

    ask(ClocksScreen(lambda: (cards_line(), shown[0]), lambda: NOW, wish), steps)
    assert wishes == [("skip", "public")]


def test_the_mouse_marks_a_clock() -> None:
    wishes: Wishes = []

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        sheet = app.screen.query_one("#sheet")
        first, _ = app.screen._spans[1]  # type: ignore[attr-defined]
        await pilot.click(sheet, offset=(5, first))
        await settle(pilot)
        await press(app, pilot, "s")

    ask(screen((LATE, PUBLIC, NONE), wishes), steps)
    assert wishes == [("skip", "public")]


def test_while_it_is_read_the_screen_says_so_and_no_key_does_harm() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "being read" in screen_text(app)
        await press(app, pilot, "s", "u", "p", "down", "up")

    def never(*_: Any) -> None:
        raise AssertionError("there is nothing to act on")

    ask(ClocksScreen(lambda: None, lambda: NOW, never), steps)


def test_skipping_needs_a_reason_and_carries_what_was_seen() -> None:
    async def nothing(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "enter")
        assert "say why" in screen_text(app)
        assert "is due in 10m" in screen_text(app)
        await press(app, pilot, "=the vendor calls back", "enter")

    assert ask(SkipDialog(cards_line(), PUBLIC, NOW), nothing) == Skip("public", "the vendor calls back", 3)
    assert ask(SkipDialog(cards_line(), LATE, NOW), keys("escape")) is None


# Punctuality ---------------------------------------------------------------------------------------------------------

ALL = PunctualityRow("all", 40, 37, 3, 1, 1, 0.925, timedelta(minutes=13), timedelta(minutes=5), 2.0, -1.0)
GOOD = PunctualityRow("payments-api", 20, 20, 0, 0, 0, 1.0, timedelta(0), timedelta(0), 1.0, 1.0)


def view(**changes: Any) -> PunctualityView:
    rows = (replace(ALL, name="로그인"), GOOD)
    made = PunctualityView(NOW - timedelta(days=30), NOW, "service", 95, ALL, rows, 4)
    return replace(made, **changes)


@pytest.mark.parametrize("width", [50, 75, 91])
def test_the_sheet_of_punctuality(width: int) -> None:
    rows = punctuality(view(), width)
    assert all(line_width(row) <= width for row in rows)
    text = "\n".join(map(plain, rows))
    assert "92 % of 40 updates in time over 30 days" in text
    assert "budget overdrawn: 3 late, 2.0 allowed" in text and ("SILENT" in text) == (width > 50)
    assert "1 overdue now, for 5m in all" in text
    assert "로그인" in text and "OVER 1.0" in text and "100 %" in text


def test_a_budget_that_holds_and_nothing_to_count() -> None:
    text = "\n".join(map(plain, punctuality(view(whole=GOOD, rows=(GOOD,)), 90)))
    assert "0 late of 1.0 allowed, 1.0 left" in text and "overdue now" not in text
    none = PunctualityRow("all", 0, 0, 0, 0, 0, None, timedelta(0), timedelta(0), 0.0, 0.0)
    assert "no update was due in the last 30 days" in plain(punctuality(view(whole=none, rows=()), 90)[0])


@pytest.mark.parametrize(
    ("on_time", "late", "shown"), [(1, 0, "100 %"), (2000, 1, "99.9 %"), (1, 2, "33 %"), (0, 3, "0 %")]
)
def test_a_share_is_never_rounded_up_to_all(on_time: int, late: int, shown: str) -> None:
    row = replace(ALL, on_time=on_time, late=late, share=on_time / (on_time + late))
    assert share_words(row) == shown


def test_the_sheet_is_read_in_a_thread_and_grouped_anew() -> None:
    asked: list[str] = []

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "being counted" in screen_text(app)
        opened.show(view())
        await settle(pilot)
        assert "payments-api" in screen_text(app)
        await press(app, pilot, "w")
        opened.show(view())  # the older answer comes late: it is not what is asked for now
        opened.show(view(by="team", rows=(replace(GOOD, name="platform"),)))
        await settle(pilot)
        assert "platform" in screen_text(app)
        opened.trouble("the file is gone")
        await settle(pilot)
        assert "cannot be read: the file is gone" in screen_text(app)

    opened = PunctualityScreen(asked.append)
    ask(opened, steps)
    assert asked == ["service", "team"]


def test_the_board_says_soon() -> None:
    near: datetime = ahead(2)
    line = replace(cards_line(), update=replace(cards_line().update, at=near, near_at=ago(1)))
    room = replace(small_view(), lines=(line,))

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "public soon 02:00" in screen_text(app)

    drive(room, steps)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
def test_keys_stand_apart_from_what_is_told_where_that_hides_nothing(size: tuple[int, int]) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        told = PunctualityScreen(lambda _: None)
        app.push_screen(told)
        await settle(pilot)
        told.show(view())
        await settle(pilot)
        rows = [row.strip("│ ") for row in screen_text(app).splitlines()]
        keys = next(n for n, row in enumerate(rows) if row.startswith("tab by team"))
        assert rows[keys - 1] == ""
        told.show(view(rows=view().rows * 40))
        await settle(pilot)
        rows = screen_text(app).splitlines()
        keys = next(n for n, row in enumerate(rows) if "tab by team" in row)
        assert rows[keys - 1].strip("│ ▁▂▃▄▅▆▇█") != "", "where it is scrolled, every row is needed"

    drive(small_view(), steps, size=size)


@pytest.mark.parametrize("width", [44, 54, 60, 74])
def test_when_the_last_word_was_is_whole_and_in_the_same_place_of_every_clock(width: int) -> None:
    blocks = clock_rows((PUBLIC, LATE), NOW, width, 0)
    places = [next(n for n, row in enumerate(block) if "last word 20m ago" in plain(row)) for block in blocks]
    assert len(set(places)) == 1


def test_that_no_clock_runs_is_not_marked_as_one() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        shown = screen((), [])
        app.push_screen(shown)
        await settle(pilot)
        assert "no channel is timed" in screen_text(app)
        assert not shown.marked_rows

    drive(small_view(), steps)
