"""Only changed cells are redrawn and sent, and the screen is the same as if everything had been."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from tests.tui.driving import WatchedApp, drawn, drive, settle
from tests.tui.fixtures import NOW, ahead, crowd_view, full_view
from tests.tui.harness import BoardApp
from warroom.tui.link.stage import Stage
from warroom.tui.pieces import Line, Role, clean, fit_line, line_width
from warroom.tui.widgets.canvas import Canvas, _cells, changed_cells
from warroom.tui.widgets.tight import TightModalScreen

pieces = st.tuples(
    st.text(max_size=6) | st.sampled_from(["결제", "é", "02:14", "  "]), st.sampled_from([Role.TEXT, Role.LATE])
)
some_lines = st.lists(pieces, max_size=5).map(lambda found: tuple((clean(text), role) for text, role in found))


@given(some_lines, some_lines)
def test_the_changed_runs_turn_the_old_line_into_the_new_one(old: Line, new: Line) -> None:
    width = max(line_width(old), line_width(new))
    old, new = fit_line(old, width), fit_line(new, width)
    drawn, wanted = _cells(old), _cells(new)
    assert len(drawn) == len(wanted) == width
    for first, behind in changed_cells(old, new):
        assert 0 <= first < behind <= width
        assert wanted[first][0] != ""  # never begins inside a wide character
        assert drawn[first][0] != ""
        drawn[first:behind] = wanted[first:behind]
    assert drawn == wanted


def test_runs_that_are_far_apart_are_sent_apart() -> None:
    old = (("L3  02:14       public LATE 04:12", Role.TEXT),)
    new = (("L3  02:13       public LATE 04:13", Role.TEXT),)
    assert changed_cells(old, new) == [(8, 9), (32, 33)]
    assert changed_cells(old, old) == []
    assert changed_cells(((), (" ", Role.TEXT))[1:], ((" ", Role.TEXT),)) == []  # type: ignore[arg-type]


def terminal(size: tuple[int, int], sent: list[str]) -> list[list[tuple[object, ...]]]:
    """What a terminal of that size shows after having been sent all this."""
    screen = pyte.Screen(*size)
    stream = pyte.Stream(screen)
    for data in sent:
        stream.feed(data.replace("\n", "\r\n"))  # as a terminal line turns it
    return [
        [
            (cell.data, cell.fg, cell.bg, cell.bold, cell.reverse)
            for cell in (screen.buffer[y][x] for x in range(size[0]))
        ]
        for y in range(size[1])
    ]


@pytest.mark.parametrize(
    ("view", "size"), [(full_view, (120, 40)), (lambda: crowd_view(30), (80, 24)), (full_view, (200, 60))]
)
def test_tight_updates_leave_the_same_screen_as_a_full_one(view, size: tuple[int, int]) -> None:  # type: ignore[no-untyped-def]
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert isinstance(app, WatchedApp)
        for second in (1, 2, 3, 61, 130, 400):
            app.board.tick(ahead(0, second), read_at=ahead(0, second))
            await drawn(pilot)
        await pilot.press("j", "j", "3", "2")
        await drawn(pilot)
        app.board.tick(NOW + timedelta(minutes=20), read_at=NOW)
        await drawn(pilot)
        bit_by_bit = terminal(size, app.sent)
        full = app.screen._compositor.render_full_update().render_segments(app.console)
        assert bit_by_bit == terminal(size, [full])

    drive(view(), steps, size=size)


def test_behind_a_dialog_the_board_goes_on_ticking_cell_by_cell() -> None:
    size = (120, 40)

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert isinstance(app, WatchedApp)
        await pilot.press("e")
        await drawn(pilot)
        before = len(app.linked)
        for second in range(1, 6):
            app.board.tick(ahead(0, second), read_at=ahead(0, second))
            await drawn(pilot)
            shown = "\n".join("".join(str(cell[0]) for cell in row) for row in terminal(size, app.sent))
            assert f"{ahead(0, second):%H:%M:%S} UTC" in shown
        assert sum(map(len, app.linked[before:])) / 5 < 500  # bytes a second
        full = app.screen._compositor.render_full_update().render_segments(app.console)
        assert terminal(size, app.sent) == terminal(size, [full])

    drive(full_view(), steps, size=size)


class Figures(TightModalScreen[None]):
    """A dialog with a line of its own that changes."""

    CSS = "Figures Canvas { width: 1fr; height: 1; }"

    def compose(self) -> ComposeResult:
        yield Canvas()


@pytest.mark.parametrize("board_first", [True, False])
def test_what_changes_in_a_dialog_while_the_board_behind_it_ticks_is_drawn(board_first: bool) -> None:
    """Both in one frame: what the board behind changes does not make the dialog forget its own."""
    size = (120, 40)

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert isinstance(app, WatchedApp)
        dialog = Figures()
        app.push_screen(dialog)
        await drawn(pilot)
        for second in range(1, 4):
            with app.batch_update():
                dialog.query_one(Canvas).show_lines([((f"the {second}. figure", Role.TEXT),)])
                app.board.tick(ahead(0, second), read_at=ahead(0, second))
                await settle(pilot)
            assert dialog._dirty_widgets and app.board._dirty_widgets  # neither has drawn
            screens = (app.board, dialog) if board_first else (dialog, app.board)
            for screen in screens:  # their timers for drawing run out in any order
                screen._on_timer_update()
            await drawn(pilot)
            shown = "\n".join("".join(str(cell[0]) for cell in row) for row in terminal(size, app.sent))
            assert f"the {second}. figure" in shown
        full = app.screen._compositor.render_full_update().render_segments(app.console)
        assert terminal(size, app.sent) == terminal(size, [full])

    drive(full_view(), steps, size=size)


class Sheet(Canvas):
    """A canvas alone, one line high."""

    DEFAULT_CSS = "Sheet { width: 1fr; height: 1; }"


class SheetApp(App[None]):
    """Nothing but a sheet."""

    def compose(self) -> ComposeResult:
        yield Sheet()


def test_a_line_that_was_cut_while_the_width_changed_is_whole_when_it_fits() -> None:
    """Between the new width and the new lines there may be a picture in which the old lines are cut."""

    async def run() -> None:
        app = SheetApp()
        async with app.run_test(size=(20, 3)) as pilot:
            sheet = app.query_one(Sheet)
            sheet.show_lines([fit_line((("next page", Role.TEXT),), 24)])
            assert "…" in sheet.render_line(0).text
            sheet.show_lines([fit_line((("next page", Role.TEXT),), 20)])
            assert sheet.render_line(0).text == "next page".ljust(20)
            await pilot.pause()

    asyncio.run(run())


@pytest.mark.parametrize(("first", "behind"), [(1, 2), (2, 3), (3, 4), (2, 5), (0, 3)])
def test_an_update_never_cuts_a_wide_character_in_two(first: int, behind: int) -> None:
    screen = pyte.Screen(12, 1)
    terminal, stage = pyte.Stream(screen), Stage()
    stage.resize(12, 1)
    line = "a 로그인 42"
    strip = Strip([Segment(line)])
    stage.take_lines([[strip]], 0, 0, ColorSystem.TRUECOLOR)
    terminal.feed(stage.frame())
    before = screen.display[0]
    stage.forget()
    stage.take_spans([{0: strip}], [(0, first, behind)], [[12]], ColorSystem.TRUECOLOR)
    terminal.feed(stage.frame())
    assert screen.display[0] == before
    assert stage.frame() == ""


def test_marked_rows_have_the_ground_of_the_selection_and_lose_it_when_the_mark_moves() -> None:
    lines = tuple(((f"row {n}", Role.TEXT),) for n in range(4))

    class Marking(App[None]):
        def compose(self) -> ComposeResult:
            yield Canvas(id="canvas")

    def grounds(app: App[None]) -> list[bool]:
        strips = app.screen._compositor.render_strips()[: len(lines)]
        plain_ground = strips[-1]._segments[0].style.bgcolor  # type: ignore[union-attr]
        return [next(iter(strip)).style.bgcolor != plain_ground for strip in strips]  # type: ignore[union-attr]

    async def run() -> None:
        app = Marking()
        async with app.run_test(size=(20, 6)) as pilot:
            canvas = app.query_one(Canvas)
            canvas.show_lines(lines, marked=range(2))
            await settle(pilot)
            assert grounds(app) == [True, True, False, False]
            canvas.show_lines(lines, marked=range(1, 3))
            await settle(pilot)
            assert grounds(app) == [False, True, True, False]
            canvas.show_lines(lines)
            await settle(pilot)
            assert grounds(app) == [False] * 4

    asyncio.run(run())


def test_whatever_draws_its_own_lines_says_which_are_selected() -> None:
    found, todo = [], [Canvas]
    while todo:
        todo += (kind := todo.pop()).__subclasses__()
        found.append(kind)
    own = [kind for kind in found if "render_line" in vars(kind)]
    assert len(own) > 1
    assert [kind for kind in own if "_selected" not in vars(kind)] == []
