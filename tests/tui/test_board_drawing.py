"""What the board draws: every second, at every size, in every colour, in trouble."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets._toast import Toast

from tests.tui.driving import drawn, drive, row_text, screen_text, settle
from tests.tui.fixtures import (
    NOW,
    ago,
    ahead,
    cards_detail,
    crowd_view,
    full_view,
    git_line,
    small_view,
)
from tests.tui.harness import BoardApp
from warroom.tui import panels
from warroom.tui.pieces import Line, plain
from warroom.tui.widgets import canvas, incidents
from warroom.views import UpdateDue


def test_a_tick_changes_figures_and_nothing_else() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.board.select("INC-142")
        await settle(pilot)
        before = screen_text(app).splitlines()
        app.board.tick(ahead(0, 1), read_at=ahead(0, 1))
        await settle(pilot)
        after = screen_text(app).splitlines()
        changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        assert "L3  02:13" in row_text(app, "INC-142")
        assert "LATE 04:13" in row_text(app, "INC-142")
        assert any("14:32:08 UTC" in new for _, new in changed)
        assert any("in 02:13" in new for _, new in changed)
        for old, new in changed:
            assert len(old) == len(new)
            assert sum(a != b for a, b in zip(old, new, strict=True)) <= 12
        unchanged = [line for line in before if "INC-141" in line or "INC-99" in line or "jonas   theory" in line]
        assert all(line in after for line in unchanged)

    drive(full_view(), steps)


def test_a_second_in_which_nothing_changes_sends_nothing_but_the_clock() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await drawn(pilot)
        app.sent.clear()  # type: ignore[attr-defined]
        app.linked.clear()  # type: ignore[attr-defined]
        app.board.tick(NOW, read_at=NOW)
        app.board.show(app.view, NOW)
        await drawn(pilot)
        assert app.sent == []  # type: ignore[attr-defined]
        app.board.tick(ahead(0, 1), read_at=ahead(0, 1))
        await drawn(pilot)
        assert app.sent == []  # type: ignore[attr-defined] # its figures are in minutes, and so is the clock
        app.board.tick(ahead(0, 53), read_at=ahead(0, 53))
        await drawn(pilot)
        assert 0 < len("".join(app.linked)) < 60  # type: ignore[attr-defined]

    line = replace(git_line(), update=UpdateDue())
    drive(replace(small_view(), lines=(line,), selected=None), steps, size=(80, 12))


def test_a_tick_that_changes_nothing_but_the_clock_makes_one_strip_and_asks_one_widget(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []
    asked: list[str] = []
    own_strip, own_lines, own_record = canvas.strip_of, canvas.Lined.render_lines, panels.record

    def strip(line: Line, *more: Any, **rest: Any) -> Strip:
        made.append(plain(line))
        return own_strip(line, *more, **rest)

    def lines(widget: canvas.Lined, crop: Region) -> list[Strip]:
        asked.append(f"{widget.id} {crop.height}")
        return own_lines(widget, crop)

    def record(*about: Any) -> Any:
        made.append("the record")
        return own_record(*about)

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        monkeypatch.setattr(canvas, "strip_of", strip)
        monkeypatch.setattr(incidents, "strip_of", strip)
        monkeypatch.setattr(canvas.Lined, "render_lines", lines)
        monkeypatch.setattr(panels, "record", record)
        app.board.tick(NOW, read_at=NOW)
        app.board.show(app.view, NOW)
        await drawn(pilot)
        assert (made, asked) == ([], [])
        app.board.tick(ahead(0, 1), read_at=ahead(0, 1))
        await drawn(pilot)
        assert (made, asked) == ([], [])  # nothing has seconds, and so the clock has none
        app.board.tick(ahead(0, 53), read_at=ahead(0, 53))
        await drawn(pilot)
        assert [("14:33 UTC" in text) for text in made] == [True]
        assert asked == ["header 1"]

    line = replace(git_line(), update=UpdateDue())
    drive(replace(small_view(), lines=(line,), selected=None), steps, size=(80, 12))


def test_fifty_rows_that_tick_send_little() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await drawn(pilot)
        app.linked.clear()  # type: ignore[attr-defined]
        for second in range(1, 6):
            app.board.tick(ahead(0, second), read_at=ahead(0, second))
            await drawn(pilot)
        assert len("".join(app.linked)) / 5 < 800  # type: ignore[attr-defined] # bytes a second

    drive(crowd_view(50), steps, size=(120, 90))


def test_one_panel_at_a_time_on_a_small_screen() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.board.select("INC-142")
        await settle(pilot)
        for key, words in (
            ("1", "incident manager"),
            ("2", "L3 managers"),
            ("3", "next due in"),
            ("4", "커넥션 풀"),
        ):
            await pilot.press(key)
            await settle(pilot)
            shown = screen_text(app)
            assert (words if key != "3" else "◇SEV1") in shown
            assert sum(panel.display for panel in app.board.panels) == 1
        strip = screen_text(app).splitlines()[14]
        assert strip.startswith(" 1 Roles LATE 2m  2 Escalation 02:14  3 Communications LATE 04:12  4 Record")
        await pilot.click("#tabs", offset=(3, 0))
        await settle(pilot)
        assert "incident manager" in screen_text(app)

    drive(full_view(), steps, size=(80, 24))


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (60, 20), (80, 24), (80, 60), (120, 40), (200, 60), (250, 70)])
def test_every_size_is_filled_without_a_hole(size: tuple[int, int]) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        lines = screen_text(app).splitlines()
        assert len(lines) == size[1]
        assert lines[0].strip().startswith(("warroom · prod", "prod"))
        assert "q quit" in lines[-1]
        if size[1] >= 15:
            assert "SEV1" in lines[2]

    drive(full_view(), steps, size=size)


def test_the_screen_follows_a_resize() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "2 Escalation" in screen_text(app)
        await pilot.resize_terminal(200, 60)
        await settle(pilot)
        shown = screen_text(app)
        assert "─ Record ─" in shown
        assert "─ Communications ─" in shown
        assert all(panel.display for panel in app.board.panels)

    drive(full_view(), steps)


def test_trouble_takes_a_line_of_its_own_and_gives_it_back() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.board.trouble("disk full: nothing is written \x1b[31m")
        await settle(pilot)
        assert screen_text(app).splitlines()[1] == " disk full: nothing is written"
        app.board.trouble("")
        await settle(pilot)
        assert "disk full" not in screen_text(app)
        assert "SEV" in screen_text(app).splitlines()[1]

    drive(full_view(), steps)


def test_colours_follow_the_theme() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        def colours() -> set[str]:
            return {
                str(segment.style.color.name)
                for strip in app.screen._compositor.render_strips()
                for segment in strip
                if segment.style is not None and segment.style.color is not None
            }

        dark = colours()
        app.theme = "textual-light"
        await settle(pilot)
        light = colours()
        assert len(dark & light) <= 1
        app.theme = "textual-dark"
        await settle(pilot)
        assert colours() == dark

    drive(full_view(), steps)


def test_old_data_is_seen_in_the_header() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.board.tick(ahead(0, 12))
        await settle(pilot)
        assert "DATA 12s OLD" in screen_text(app)
        app.board.tick(ahead(0, 13), read_at=ahead(0, 13))
        await settle(pilot)
        assert "OLD" not in screen_text(app)

    drive(full_view(), steps)


def test_hostile_text_is_shown_and_does_nothing() -> None:
    nasty = "[@click=app.quit]x[/] [/] \x1b]0;owned\x07 \u202egnp"
    line = replace(git_line(), title=nasty, lead=nasty, status=nasty)
    detail = replace(
        cards_detail(), line=line, facts=(nasty,), record=(replace(cards_detail().record[0], text=nasty, actor=nasty),)
    )

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.board.show(replace(app.view, lines=(line,), selected=detail), NOW)
        await settle(pilot)
        shown = screen_text(app)
        assert "[@click=app.quit]x[/] [/]" in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert "owned" not in shown

    drive(replace(small_view(), lines=(line,), selected=detail), steps, size=(200, 60))


def test_time_may_stand_still_or_go_back() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        for moment in (NOW, ago(5), ago(100_000), NOW + timedelta(days=900), NOW):
            app.board.tick(moment, read_at=moment)
            await settle(pilot)
        assert "L3  02:14" in row_text(app, "INC-142")

    drive(full_view(), steps)


def test_what_is_said_in_passing_is_never_cut_off() -> None:
    app = BoardApp(full_view())

    async def run() -> None:
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await settle(pilot)
            for length in (44, *range(48, 58), 59):
                text = " ".join(f"word{n:03}" for n in range(20))[: length - 6] + " ended"
                app.notify(text, markup=False)
                await settle(pilot)
                (toast,) = app.screen.query(Toast)
                rows = screen_text(app).splitlines()[toast.region.y : toast.region.bottom]
                said = " ".join(row[toast.region.x + 1 : toast.region.right].strip() for row in rows)
                assert said.split() == text.split()
                app.clear_notifications()
                await settle(pilot)

    asyncio.run(run())
