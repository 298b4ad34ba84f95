"""Time travel on the screen of an incident: keys, bar, the question where to, and that nothing can be changed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input

from tests.store.rooms import dump
from tests.support.lived import lived_room
from tests.support.profile import examples
from tests.tui.driving import run_program, screen_text, settle
from warroom.domain.record import AddNote
from warroom.domain.text import cell_width
from warroom.engine.runtime import Place
from warroom.tui import past_bar
from warroom.tui.app import WarroomApp
from warroom.tui.keys import INCIDENT_KEYS
from warroom.tui.past_when import parse_then
from warroom.tui.pieces import line_width, plain
from warroom.tui.room import RoomScreen
from warroom.tui.widgets.past import GoToDialog, PastBar
from warroom.views import PastAxis, PastMark

STORED = ("event", "incident", "role", "page", "comms_update", "deadline", "head")
"""All that people can change; who is there, and what became of messages, is not."""

Steps = Callable[[WarroomApp, Pilot[Any]], Awaitable[None]]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A room on a Sunday with one incident of 50 minutes, in which nothing falls due while the test runs."""
    lived_room(tmp_path / "room.db")
    return Place(str(tmp_path / "room.db"), "mina", "mina")


def run(place: Place, steps: Steps, size: tuple[int, int] = (120, 40)) -> WarroomApp:
    """Open the program on the room, go into the incident, do the steps, close it."""
    with place.session() as session:
        app = WarroomApp(place, session.room_clock, session.board("INC-1"))

    async def inside(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RoomScreen))
        await steps(app, pilot)

    run_program(app, inside, size)
    return app


async def until(pilot: Pilot[Any], condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something is so."""
    end = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < end, screen_text(pilot.app)
        await pilot.pause(0.01)
    await settle(pilot)


def mark(app: WarroomApp) -> PastMark | None:
    """Which past the room shows."""
    room = app.intents.room.screen
    assert room is not None
    return room.detail.past


async def back(app: WarroomApp, pilot: Pilot[Any], key: str = "[") -> PastMark:
    """Press a key and wait for the past that it leads to."""
    before = mark(app)
    await pilot.press({"[": "left_square_bracket", "{": "left_curly_bracket"}[key])
    await until(pilot, lambda: mark(app) not in (None, before))
    found = mark(app)
    assert found is not None
    return found


def stored(place: Place) -> Any:
    """Everything that people can change."""
    with place.session() as session:
        return dump(session.database, *STORED)


# The keys ------------------------------------------------------------------------------------------------------------


def test_steps_lead_back_and_on_and_out(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        last = await back(app, pilot)
        assert last.version == last.of
        assert (await back(app, pilot)).version == last.of - 1
        text = screen_text(app)
        assert re.search(rf"PAST \d\d:\d\d:\d\d UTC .*entry {last.of - 1} of {last.of}", text)
        assert "back to now" in text
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: (found := mark(app)) is not None and found.version == last.of)
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: mark(app) is None)
        assert "PAST" not in screen_text(app)

    run(place, steps)


def test_many_steps_in_one_go_are_all_taken(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await pilot.press(*["left_square_bracket"] * 6)
        await until(pilot, lambda: (found := mark(app)) is not None and found.version == found.of - 5)

    run(place, steps)


@pytest.mark.parametrize("key", ["end", "escape"])
def test_one_key_leads_out_and_the_next_escape_to_the_board(place: Place, key: str) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await back(app, pilot)
        await pilot.press(key)
        await until(pilot, lambda: mark(app) is None)
        assert isinstance(app.screen, RoomScreen)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.board)

    run(place, steps)


def test_turns_go_to_changes_of_status_and_severity(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        kinds = [(await back(app, pilot, "{")).kind for _ in range(2)]
        assert set(kinds) <= {"severity", "status"}
        assert "investigating" not in screen_text(app) or kinds[-1] == "status"
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: (found := mark(app)) is not None and found.kind == kinds[0])

    run(place, steps)


def test_a_moment_is_typed_and_a_wrong_one_is_told_in_the_form(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, GoToDialog))
        field = app.screen.query_one("#moment", Input)
        for typed, told in (("gestern", "is no moment"), ("-9h", "INC-1 began"), ("99", "there is no entry 99")):
            field.value = typed
            await pilot.press("enter")
            await until(pilot, lambda told=told: told in screen_text(app))  # type: ignore[misc]
            assert field.value == typed
        assert mark(app) is None
        field.value = "-32m"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RoomScreen) and mark(app) is not None)
        found = mark(app)
        assert found is not None
        assert found.moment > found.at
        assert timedelta(minutes=31) < app.clock() - found.moment < timedelta(minutes=33)
        assert "결제" not in screen_text(app)

    run(place, steps)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
def test_a_click_on_the_axis_goes_there(place: Place, size: tuple[int, int]) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await back(app, pilot)
        bar = app.screen.query_one(PastBar)
        first, behind = bar._cells
        await pilot.click(PastBar, offset=(first, 1))
        await until(pilot, lambda: (found := mark(app)) is not None and found.version < found.of // 2)
        await pilot.click(PastBar, offset=((first + behind) // 2, 1))
        await until(pilot, lambda: (found := mark(app)) is not None and found.version > 4)
        await pilot.click(PastBar, offset=(size[0] - 3, 0))
        await until(pilot, lambda: mark(app) is None)

    run(place, steps, size)


# Nothing is changed --------------------------------------------------------------------------------------------------


def test_no_key_changes_anything_in_the_past(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # what is taken away is written where the program runs
    before = stored(place)

    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        bound = set(app.screen.active_bindings) - {"ctrl+c", "ctrl+q"}
        others = [chr(code) for code in range(33, 127) if chr(code).isalnum() and chr(code) not in bound]
        assert {"a", "u", "n", "t", "q", "end", "slash"} <= bound
        await back(app, pilot)
        await pilot.press(*others, "f1", "delete", "ctrl+s", "ctrl+d")
        for key in sorted(bound):
            if app.screen is app.board:
                await pilot.press("enter")
                await until(pilot, lambda: isinstance(app.screen, RoomScreen))
            if mark(app) is None:
                await back(app, pilot)
            await pilot.press(key)
            await pilot.pause()
            # Whatever it opened: what is typed there goes nowhere either.
            for _ in range(4):
                if app.screen is app.board or (isinstance(app.screen, RoomScreen) and not app.screen._filtering):
                    break
                await pilot.press("x", "enter", "ctrl+s", "escape")

    run(place, steps)
    assert stored(place) == before


def test_every_key_that_would_change_something_says_why_not(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await back(app, pilot)
        for key in INCIDENT_KEYS:
            if key.reads:
                continue
            app.clear_notifications()
            await pilot.press(key.key)
            await settle(pilot)
            assert isinstance(app.screen, RoomScreen), key
            assert ["you look at the past" in note.message for note in app._notifications] == [True], key

    run(place, steps)


def test_what_only_reads_tells_of_then(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await back(app, pilot)
        for key, title in (("c", "Catch me up|What is new"), ("f", "Ahead")):
            await pilot.press(key)
            await until(pilot, lambda: not isinstance(app.screen, RoomScreen))
            await settle(pilot)
            assert re.search(rf"PAST \d\d:\d\d:\d\d UTC · ({title})", screen_text(app))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, RoomScreen))
        assert mark(app) is not None

    run(place, steps)


def test_what_happens_meanwhile_is_counted_and_is_a_step_ahead(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        found = await back(app, pilot)
        with place.session() as session:
            for text in ("one", "two", "three"):
                session.execute(AddNote(text), "INC-1")
        await until(pilot, lambda: "+3 since" in screen_text(app))
        assert mark(app) == found
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: (then := mark(app)) is not None and then.version == found.of + 1)
        assert "note: one" in screen_text(app)
        await pilot.press("end")
        await until(pilot, lambda: mark(app) is None and "three" in screen_text(app))

    run(place, steps)


# What is typed -------------------------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
BEGAN = NOW - timedelta(hours=3)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("14:12", datetime(2026, 11, 22, 14, 12, tzinfo=UTC)),
        ("14:12 UTC", datetime(2026, 11, 22, 14, 12, tzinfo=UTC)),
        ("14:12:30", datetime(2026, 11, 22, 14, 12, 30, tzinfo=UTC)),
        ("14:30", NOW),
        ("14:31", datetime(2026, 11, 21, 14, 31, tzinfo=UTC)),
        ("-30m", NOW - timedelta(minutes=30)),
        ("30m ago", NOW - timedelta(minutes=30)),
        ("1h30m", NOW - timedelta(minutes=90)),
        ("+5m", NOW - timedelta(minutes=55)),
        ("2026-11-22T14:12Z", datetime(2026, 11, 22, 14, 12, tzinfo=UTC)),
        ("2026-11-22 14:12", datetime(2026, 11, 22, 14, 12, tzinfo=UTC)),
        ("2026-11-22T15:12:00+01:00", datetime(2026, 11, 22, 14, 12, tzinfo=UTC)),
        ("12", 12),
        ("#12", 12),
    ],
)
def test_moments_as_people_write_them(typed: str, moment: datetime | int) -> None:
    assert parse_then(typed, NOW, NOW - timedelta(hours=1), BEGAN, NOW) == moment


def test_a_time_of_day_is_looked_for_within_an_incident_that_is_over() -> None:
    began = datetime(2023, 5, 9, 11, 0, tzinfo=UTC)
    until_ = began + timedelta(hours=5)
    assert parse_then("12:15", NOW, NOW, began, until_) == datetime(2023, 5, 9, 12, 15, tzinfo=UTC)
    assert parse_then("10:15", NOW, NOW, began, until_) == datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


@given(st.text(max_size=30) | st.from_regex(r"[-+#]?[0-9:dhms .TZ]{1,20}( ago)?", fullmatch=True))
@examples()
def test_whatever_is_typed_is_a_moment_or_told(typed: str) -> None:
    try:
        found = parse_then(typed, NOW, NOW, BEGAN, NOW)
    except ValueError as error:
        assert str(error)
    else:
        assert isinstance(found, int) or found.utcoffset() == timedelta(0)


# The bar -------------------------------------------------------------------------------------------------------------


def axis(minutes: list[int], turns: list[int] = [], until: int | None = None) -> PastAxis:  # noqa: B006
    moments = tuple(BEGAN + timedelta(minutes=minute) for minute in minutes)
    end = BEGAN + timedelta(minutes=until if until is not None else max(minutes))
    return PastAxis(moments, tuple((BEGAN + timedelta(minutes=m), "SEV2") for m in turns), end)


def at(minute: float, text: str = "the pool is full") -> PastMark:
    moment = BEGAN + timedelta(minutes=minute)
    return PastMark(moment, 3, 9, moment, "note", text, "mina")


def test_the_axis_shows_where_one_stands_what_was_and_what_was_to_come() -> None:
    line, (first, behind) = past_bar.scrubber(axis([0, 30, 60, 90, 120], [60], 180), at(90), NOW, 80)
    cells = plain(line)[first:behind]
    assert line_width(line) == 80
    assert plain(line).startswith(" 11:30 •")
    assert plain(line).rstrip().endswith("14:30")
    assert cells.index("◇") < cells.index("◆") < len(cells) // 2 + 2
    assert "╌" not in cells[: cells.index("◆")]
    assert "─" not in cells[cells.index("◆") :]
    assert "•" in cells[cells.index("◆") :]


@given(
    st.lists(st.integers(0, 100_000), min_size=1, max_size=40),
    st.integers(0, 100_000),
    st.integers(1, 250),
    st.text(max_size=60),
    st.integers(0, 5000),
)
@examples()
def test_the_bar_is_as_wide_as_it_may_be_whatever_it_shows(
    minutes: list[int], minute: int, width: int, text: str, newer: int
) -> None:
    whole = axis(sorted(minutes), sorted(minutes)[::3])
    here = at(max(minute, min(minutes)), text)
    now = here.moment + timedelta(minutes=newer)
    line, _ = past_bar.scrubber(whole, here, now, width)
    assert line_width(line) == width
    assert plain(line).count("◆") == 1 or width < 4
    assert sum(cell_width(each) for each, _ in past_bar.words(here, now, newer, width)) == width
    if width > 60:
        assert plain(past_bar.words(here, now, newer, width)).startswith(" PAST ")
        assert past_bar.back() in plain(past_bar.words(here, now, newer, width))


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=60, unique=True), st.integers(10, 200), st.data())
@examples()
def test_a_click_leads_to_what_stands_in_the_cell(minutes: list[int], cells: int, data: st.DataObject) -> None:
    whole = axis(sorted(minutes))
    cell = data.draw(st.integers(0, cells - 1))
    moment = past_bar.moment_clicked(whole, cell, cells)
    assert whole.began <= moment <= whole.until
    if whole.until > whole.began:
        assert past_bar.cell_of(whole, moment, cells) == cell
