"""The on-call screen: what it shows at a moment, and what it says the person wants."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.tui.driving import screen_text, settle
from tests.tui.duty import DAY, DESK, START, VIEW, OnCallApp, drive, line, line_of, press, rules, view
from tests.tui.fixtures import NOW, ahead
from warroom.clock import Clock
from warroom.domain.desk import Desk
from warroom.domain.duty import Absence
from warroom.domain.text import cell_width
from warroom.engine.runtime import Place
from warroom.rulebook.load import seed_rulebook
from warroom.service.duty_view import look, oncall_view
from warroom.service.session import Session
from warroom.tui import dialogs, oncall_desk, oncall_grid, oncall_words
from warroom.tui.app import WarroomApp
from warroom.tui.oncall_grid import Faces, Scale
from warroom.tui.pieces import Role, line_width, plain
from warroom.tui.widgets.oncall import ShiftGrid
from warroom.views import DutySpan


def bar(name: str, width: int, desk: Desk = DESK, per_day: int = 0, now: datetime = NOW) -> str:
    """The cells of one schedule's row as text."""
    shown = view(desk, now)
    scale = Scale.fitting(width, START, per_day)
    return plain(oncall_grid.bar(line(name, desk, now), scale, Faces.of(shown), now, None)[0])


# The grid -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "per_day"), [(60, 4), (80, 8), (120, 12), (200, 24), (250, 24)])
def test_a_week_takes_as_many_hours_to_a_cell_as_the_width_wants(width: int, per_day: int) -> None:
    scale = Scale.fitting(width, START)
    assert (scale.days, scale.per_day, scale.label + scale.cells) == (7, per_day, width)


def test_a_shift_begins_with_who_has_it_and_a_gap_says_so() -> None:
    free = Desk()  # 2 hours a cell
    assert bar("payments", 120, free).startswith("A━━━mina━━━━━━━━jonas━━━━━━━지민━━━━━━━━mina")
    assert bar("payments", 200, free).startswith("지민━━━━━mina━┃━━━━━━━━━━━━━━━━━━jonas━━")
    assert bar("nights", 200, free).startswith("jonas━GAP 06-18 !!jonas━━━━━━━GAP 06-18 !!")
    assert "GAP 06:00-18:00 !!" in bar("nights", 200, free, per_day=48)


@pytest.mark.parametrize(
    ("hours", "room", "words"),
    [
        (12, 20, "GAP 00:00-12:00 "),
        (12, 10, "GAP 00-12 "),
        (24, 20, "GAP 1d from 00:00 "),
        (24, 12, "GAP 1d "),
        (72, 12, "GAP 3d "),
        (63, 30, "GAP 2d15h from 00:00 "),
        (63, 9, "GAP "),
        (24, 3, "GAP"),
        (24, 2, ""),
    ],
)
def test_a_gap_of_days_says_how_long_it_is(hours: int, room: int, words: str) -> None:
    midnight = START.replace(hour=0, minute=0)
    assert oncall_grid.gap_words(DutySpan(midnight, midnight + timedelta(hours=hours), ()), room) == words


def test_an_override_is_a_double_line() -> None:
    cells = bar("payments", 200)
    assert cells.startswith("지민━━━━━mina━jonas═mina━━━━━━━━━jonas")
    assert "═" not in bar("payments", 200, Desk())


def test_a_gap_too_short_for_a_cell_is_seen_all_the_same() -> None:
    short = DutySpan(START + timedelta(hours=13), START + timedelta(hours=13, minutes=10), ())
    spans = (
        DutySpan(START, short.start, ("mina",)), short, DutySpan(short.end, START + 7 * DAY, ("지민",)),
    )  # fmt: skip
    shown = replace(view(), schedules=(replace(line("payments"), spans=spans),))
    for width in (60, 80, 120, 200):
        scale = Scale.fitting(width, START)
        drawn, _ = oncall_grid.bar(shown.schedules[0], scale, Faces.of(shown), NOW, None)
        assert "!" in plain(drawn)
        assert (line_width(drawn), [role for text, role in drawn if "!" in text]) == (scale.cells, [Role.NOTICE])


def test_now_stands_in_every_row_and_above_them() -> None:
    _, where = oncall_grid.axis(Scale.fitting(120, START), NOW, None)
    assert plain(where).index("▼") == 36 + 7
    assert cell_width(bar("payments", 80, Desk(), now=NOW + 2.5 * DAY).partition("┃")[0]) == 8 * 3 + 0


@settings(max_examples=60, deadline=None)
@given(
    st.integers(24, 260),
    st.sampled_from(oncall_grid.ZOOMS),
    st.integers(-10 * 24 * 60, 18 * 24 * 60),
    st.sampled_from(["payments", "nights"]),
)
def test_every_row_fills_its_width_whatever_the_scale(width: int, per_day: int, shift: int, name: str) -> None:
    start = (START + timedelta(minutes=shift)).replace(hour=0, minute=0)
    scale, shown = Scale.fitting(width, start, per_day), VIEW
    drawn, _ = oncall_grid.bar(line_of(shown, name), scale, Faces.of(shown), NOW, start)
    assert line_width(drawn) == scale.cells
    for part in oncall_grid.axis(scale, NOW, start):
        assert line_width(part) == scale.label + scale.cells or scale.label < 2


def test_letters_are_unique_and_one_cell_wide() -> None:
    faces = Faces.of(VIEW)
    letters = [faces.letters[who] for who in ("mina", "jonas", "지민")]
    assert letters[:2] == ["M", "J"]
    assert len(set(faces.letters.values())) == len(faces.letters)
    assert all(cell_width(letter) == 1 for letter in faces.letters.values())


def test_the_sentence_under_a_row_counts_down_and_names_who_follows() -> None:
    shown = view()
    columns = oncall_words.Columns.of(shown, NOW)

    def said(name: str, at: datetime) -> list[str]:
        return plain(oncall_words.standing(line_of(shown, name), Faces.of(shown), at, 110, columns)).split("  ")

    assert [part.strip() for part in said("payments", NOW) if part.strip()] == [
        "jonas", "until 20:00", "5h27", "then mina", "═ override 1",
    ]  # fmt: skip
    assert [part.strip() for part in said("nights", NOW) if part.strip()] == [
        "GAP", "until 18:00", "3h27", "then jonas", "pages go to oncall:leads",
    ]  # fmt: skip
    # A hand-off that came since the view was made needs no new one.
    assert "mina" in said("payments", START + timedelta(hours=20, seconds=1))[1]


def test_what_is_below_the_grid_comes_in_the_order_of_its_urgency() -> None:
    rows = oncall_desk.rows(view(), "jonas", NOW, 120)
    said = [plain(row.line).strip() for row in rows]
    assert said[0].startswith("GAP  nights  nobody now, until 18:00  and 30 more by Thu 9 Apr")
    assert said.pop(1) == "GAP  payments  nobody Fri 09:00 until Sat 09:00  in 2d18h"
    assert said[1].startswith("swap 3  지민 asks anybody to take payments  Thu 00:00 until Thu 12:00  y takes it")
    assert said[2].startswith("═ override 1  payments: jonas  until 20:00  by ana  mina is ill")
    assert said[3].startswith("absence 2  mina is away  Fri 00:00 until Sun 00:00  fishing")
    assert said[4].startswith("at all hours  ")
    assert "y takes it" not in plain(oncall_desk.rows(view(), "지민", NOW, 120)[2].line)


@pytest.mark.parametrize("width", [44, 60, 72, 80])
@pytest.mark.parametrize("most", [None, 8, 30])
def test_when_a_swap_is_and_how_to_take_it_is_never_cut_off(width: int, most: int | None) -> None:
    rows = [plain(row.line) for row in oncall_desk.rows(view(), "jonas", NOW, width, most)]
    said = " ".join(" ".join(rows).split())
    assert "asks anybody to take payments Thu 00:00 until Thu 12:00 y takes it" in said
    assert any("y takes it" in row for row in rows), "the key stands beside what it does"
    assert all(cell_width(row) == width for row in rows)
    assert most == 8 or not any("…" in row for row in rows)
    owners = [row.item for row in oncall_desk.rows(view(), "jonas", NOW, width) if row.follows]
    assert all(item is None or item in view().desk for item in owners), "a click on its second row is one on the swap"


def test_a_gap_ahead_is_not_as_red_as_one_now() -> None:
    gaps = [row for row in oncall_desk.rows(view(), "jonas", NOW, 120) if row.gap]
    now, soon = ({role for _, role in row.line} for row in gaps)
    assert Role.LATE in now
    assert Role.ALARM in now
    assert not soon & {Role.LATE, Role.ALARM}


def test_what_is_too_long_for_a_line_goes_on_in_the_next() -> None:
    shown = replace(view(), lists=tuple((f"list-{n}", ("mina", "jonas")) for n in range(6)))
    rows = [row for row in oncall_desk.rows(shown, "jonas", NOW, 60) if row.item is None and row.gap is None]
    assert [row.follows for row in rows] == [False, *(True for _ in rows[1:])]
    said = " ".join(" ".join(plain(row.line) for row in rows).split())
    assert "…" not in said and said.endswith("list-5: mina, jonas")
    why = "layer week of primary: mina since Mon 09:00 until Mon 09:00 Europe/Stockholm"
    span = DutySpan(START, START + DAY, ("mina",), why)
    told = oncall_words.chosen(line("payments", DESK, NOW), span, Faces.of(view()), NOW, 60)
    assert why in " ".join(" ".join(plain(row) for row in told).split())


def test_an_absence_makes_a_gap_that_is_known_days_before() -> None:
    gone = replace(DESK, absences=(Absence(2, "mina", START + 3 * DAY, START + 4 * DAY),))
    found = [span for name, span in view(gone).gaps if name == "payments"]
    assert [(span.start, span.end) for span in found] == [(START + timedelta(hours=81), START + 4 * DAY)]


# The screen -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 15)])
def test_the_screen_says_who_is_on_call_now_at_every_size(size: tuple[int, int]) -> None:
    async def steps(app: OnCallApp, pilot: Pilot[None]) -> None:
        text = screen_text(app)
        assert " 1 GAP NOW " in text
        for words in ("payments", "jonas", "until 20:00", "nights", "GAP"):
            assert words in text
        assert all(cell_width(row) <= size[0] for row in text.splitlines())

    drive(steps, size)


def test_it_asks_for_more_than_it_shows_so_that_a_day_on_waits_for_nothing() -> None:
    app = drive(press("right", "right", "left"))
    assert app.windows[0] == (START - 7 * DAY, START + 14 * DAY)
    assert app.windows[1:] == []
    far = drive(press("pagedown", "pagedown", "pagedown"))
    assert far.windows[1] == (START + DAY, START + 22 * DAY)


def test_the_cursor_moves_by_days_weeks_and_shifts_and_comes_back() -> None:
    seen: list[tuple[datetime, datetime]] = []

    async def steps(app: OnCallApp, pilot: Pilot[None]) -> None:
        for key in ("right", "shift+right", "left", "t", "n", "n", "p", "t"):
            await pilot.press(key)
            await settle(pilot)
            seen.append((app.oncall.cursor, app.oncall.scale.start))

    drive(steps)
    evening = START + timedelta(hours=20)
    assert [cursor for cursor, _ in seen] == [
        NOW + DAY, NOW + 8 * DAY, NOW + 7 * DAY, NOW, evening, START + DAY + timedelta(hours=9), evening, NOW,
    ]  # fmt: skip
    assert [(start - START) // DAY for _, start in seen] == [0, 2, 2, 0, 0, 0, 0, 0]


def test_zoom_keeps_the_cursor_in_sight() -> None:
    async def steps(app: OnCallApp, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right", "right", "right", "right", "plus")
        await settle(pilot)
        nearer = app.oncall.scale
        assert (nearer.per_day, nearer.days) == (24, 4)
        assert nearer.start <= app.oncall.cursor < nearer.end
        await pilot.press("minus", "minus")
        await settle(pilot)
        assert app.oncall.scale.days > 7

    drive(steps)


def test_keys_say_what_is_wanted_of_what_the_cursor_stands_on() -> None:
    app = drive(press("v", "j", "n", "enter", "a", "s", "y", "x", "d"))
    assert [(event.action, event.schedule.name) for event in app.wanted if event.schedule] == [
        ("override", "payments"), ("shift", "nights"), ("absence", "nights"), ("swap", "nights"),
        ("take", "nights"), ("end", "nights"), ("desk", "nights"),
    ]  # fmt: skip
    assert app.wanted[0].span is not None
    assert (app.wanted[0].span.people, app.wanted[0].span.override) == (("jonas",), 1)
    assert app.wanted[1].span is not None
    assert (app.wanted[1].span.people, app.wanted[1].span.start) == (("jonas",), START + timedelta(hours=18))


def test_a_room_that_may_only_be_read_changes_nothing() -> None:
    app = drive(press("v", "a", "s", "y", "x", "enter", "d"), readonly=True)
    assert [event.action for event in app.wanted] == ["shift", "desk"]


def test_the_mouse_selects_a_moment_and_opens_a_shift() -> None:
    async def steps(app: OnCallApp, pilot: Pilot[None]) -> None:
        grid = app.oncall.query_one(ShiftGrid)
        row = grid.rows.index(1)
        cell = app.oncall.scale.cell(START + timedelta(hours=20))
        await pilot.click(grid, offset=(grid.scale.label + cell, row))
        await settle(pilot)
        assert app.oncall.schedule is not None
        assert app.oncall.schedule.name == "nights"
        assert app.oncall.cursor == START + timedelta(hours=21)
        await pilot.click(grid, offset=(2, 2), times=2)
        await settle(pilot)

    app = drive(steps)
    assert [(event.action, event.schedule.name) for event in app.wanted if event.schedule] == [("shift", "payments")]


def test_a_click_on_a_swap_takes_it_and_on_an_override_ends_it() -> None:
    async def steps(app: OnCallApp, pilot: Pilot[None]) -> None:
        for words in ("swap 3", "override 1  "):
            row = next(n for n, text in enumerate(screen_text(app).splitlines()) if words in text)
            await pilot.click(offset=(6, row))
            await settle(pilot)

    app = drive(steps)
    assert [(event.action, event.item.id) for event in app.wanted if event.item] == [("take", 3), ("end", 1)]


def test_the_selection_stays_on_its_schedule_when_the_rules_change() -> None:
    async def steps(app: OnCallApp, pilot: Pilot[None]) -> None:
        await pilot.press("j")
        await settle(pilot)
        app.oncall.show(replace(VIEW, schedules=VIEW.schedules[::-1]), NOW)
        assert app.oncall.schedule is not None
        assert app.oncall.schedule.name == "nights"
        app.oncall.show(replace(VIEW, schedules=VIEW.schedules[:1]), NOW)
        assert app.oncall.schedule is not None
        assert app.oncall.schedule.name == "payments"
        app.oncall.show(replace(VIEW, schedules=()), NOW)
        await settle(pilot)
        assert "no schedules" in screen_text(app)
        await pilot.press("v", "enter", "n", "left")

    assert drive(steps).wanted == []


def test_many_schedules_scroll_with_the_selection_in_sight() -> None:
    crowd = replace(VIEW, schedules=tuple(replace(VIEW.schedules[0], name=f"team-{n}") for n in range(40)))

    async def steps(app: OnCallApp, pilot: Pilot[None]) -> None:
        assert "team-39" not in screen_text(app)
        await pilot.press("end")
        await settle(pilot)
        assert "▌ team-39" in screen_text(app)
        await pilot.press("home")
        await settle(pilot)
        assert "▌ team-0 " in screen_text(app)

    drive(steps, (80, 24), shown=crowd)


def test_midnight_moves_the_window_along() -> None:
    async def steps(app: OnCallApp, pilot: Pilot[None]) -> None:
        app.oncall.tick(START + DAY)
        assert app.oncall.scale.start == START + DAY

    drive(steps)


# All of it together ---------------------------------------------------------------------------------------------------


def test_three_keys_put_me_on_call_and_the_record_says_so(tmp_path: Path) -> None:
    """On a real room: `o`, `v`, enter; then somebody else's absence comes in from outside."""
    path, loaded = tmp_path / "room.db", rules()
    real = Clock(real=datetime.now(UTC), room=NOW)
    with Session(path, actor="mina", seed=lambda: loaded, new_clock=real) as session:
        first = session.board()
        app = WarroomApp(Place(str(path), "mina", "mina"), session.room_clock, first)

        async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
            for _ in range(3000):
                if holds():
                    return
                await pilot.pause(0.02)
            raise AssertionError(screen_text(app))

        async def run() -> None:
            async with app.run_test(size=(120, 40)) as pilot:
                await pilot.press("o")
                await until(pilot, lambda: app.oncall.screen is not None and app.oncall.screen.view is not None)
                await pilot.press("v")
                await until(pilot, lambda: isinstance(app.screen, dialogs.OverrideDialog))
                await pilot.press("enter")
                await until(pilot, lambda: "override 1" in screen_text(app))
                from warroom.domain.desk import AddAbsence

                session.at_desk(AddAbsence("jonas", ahead(60), ahead(600)), actor="jonas")
                await until(pilot, lambda: "jonas is away" in screen_text(app))
                await pilot.press("escape")
                await until(pilot, lambda: app.oncall.screen is None and "nothing live" in screen_text(app))

        try:
            asyncio.run(run())
        finally:
            app.stop_threads()
        assert [(o.person, o.schedule, o.by) for o in session.desk().overrides] == [("mina", "payments", "mina")]
        shown = look(session, START, START + 7 * DAY)
        assert look(session, START, START + 7 * DAY, shown) is shown


# How it looks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "theme"), [((120, 40), "textual-dark"), ((80, 24), "textual-light")])
def test_how_it_looks(snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    app = OnCallApp()
    app.theme = theme

    async def before(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await pilot.press("n", "n")
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)


def test_the_seed_rulebook_can_be_shown() -> None:
    loaded = seed_rulebook()
    shown = oncall_view(loaded.book, Desk(), NOW, START, START + 7 * DAY)
    assert [each.name for each in shown.schedules] == list(loaded.book.schedules)
