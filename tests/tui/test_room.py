"""The screen of one incident: what it shows at every size, keys, record and filter, and what it does not redraw."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.tui.driving import screen_text, settle
from tests.tui.fixtures import NOW, cards_detail
from tests.tui.test_past import until
from warroom.domain.comms import PostUpdate
from warroom.domain.incident import Declare, SetStatus, Status
from warroom.domain.record import AddNote, NoteKind
from warroom.engine.runtime import Place
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui import room_panels
from warroom.tui.app import WarroomApp
from warroom.tui.keys import INCIDENT_KEYS
from warroom.tui.pieces import line_width, plain
from warroom.tui.room import RoomScreen
from warroom.tui.room_plan import PANELS, RoomMode, room_plan, width_of
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.lines import KeyBar
from warroom.tui.widgets.panels import CommunicationsPanel
from warroom.tui.widgets.room_panels import RoomPanel, RoomTimeline
from warroom.tui.widgets.sieve import FilterBar
from warroom.views import DutyLine, Fate

SIZES = [(60, 20), (80, 24), (80, 50), (120, 40), (200, 60)]
Steps = Callable[[WarroomApp, RoomScreen, Pilot[Any]], Awaitable[None]]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A room with one incident of some hundred entries and another one, with names that break careless screens."""
    with Session(tmp_path / "room.db", actor="mina", seed=seed_rulebook) as session:
        session.execute(Declare("결제 승인 지연 [b]EU[/b]", "SEV1", "payments-api", "Cards are declined."))
        session.execute(Declare("Export delayed", "SEV3"))
        session.execute(PostUpdate("internal", "we look into it", None), "INC-1")
        for n in range(300):
            session.execute(AddNote(f"note number {n} 커넥션 풀"), "INC-1")
    return Place(str(tmp_path / "room.db"), "mina", "mina")


def run(place: Place, steps: Steps, size: tuple[int, int] = (120, 40)) -> None:
    """Open the program, go into the first incident, do the steps."""
    with place.session() as session:
        app = WarroomApp(place, session.room_clock, session.board("INC-1"))

    async def whole() -> None:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, RoomScreen) and app.screen._ready)
            assert isinstance(app.screen, RoomScreen)
            await steps(app, app.screen, pilot)

    try:
        asyncio.run(whole())
    finally:
        app.stop_threads()
    assert app._exception is None


@pytest.mark.parametrize("size", SIZES)
def test_every_panel_can_be_seen_by_its_digit_at_every_size(place: Place, size: tuple[int, int]) -> None:
    words = {
        "roles": "incident manager",
        "escalation": "L1",
        "communications": "internal",
        "record": "note number 299",
        "clocks": "page L1",
        "work": "theory",
        "about": "Cards are declined",
    }

    async def steps(app: WarroomApp, room: RoomScreen, pilot: Pilot[Any]) -> None:
        for number, name in enumerate(PANELS, 1):
            await pilot.press(str(number))
            await settle(pilot)
            assert words[name] in screen_text(app), name
            assert room.focused is not None and room.focused.id == f"room-{name}"
            assert "결제" in screen_text(app).replace(" ", "")

    run(place, steps, size)


def test_escape_goes_back_to_the_board_as_it_was(place: Place) -> None:
    async def steps(app: WarroomApp, room: RoomScreen, pilot: Pilot[Any]) -> None:
        with place.session() as session:
            session.execute(Declare("A third one", "SEV2"))
        await until(pilot, lambda: app.board.view is not None and len(app.board.view.lines) == 3)
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen is app.board
        assert app.board.selected == "INC-1"
        assert "A third one" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RoomScreen))
        await pilot.press("q")
        await settle(pilot)
        assert app.screen is app.board

    run(place, steps)


def test_it_follows_what_happens_and_all_of_the_record_can_be_read(place: Place) -> None:
    async def steps(app: WarroomApp, room: RoomScreen, pilot: Pilot[Any]) -> None:
        with place.session() as session:
            session.execute(AddNote("the very newest"), "INC-1")
            session.execute(SetStatus(Status.INVESTIGATING, ""), "INC-1")
        await until(pilot, lambda: "the very newest" in screen_text(app) and "investigating" in screen_text(app))
        await pilot.press("4", "home")
        await until(pilot, lambda: "declared" in screen_text(app) and "note number 0" in screen_text(app))
        assert room._record.complete
        texts = [line.text for line in room._record.known]
        assert [f"note number {n} 커넥션 풀" for n in range(300)] == [text for text in texts if "note number" in text]

    run(place, steps)


def test_the_filter_finds_what_was_not_read_yet_and_escape_clears_it(place: Place) -> None:
    async def steps(app: WarroomApp, room: RoomScreen, pilot: Pilot[Any]) -> None:
        await pilot.press("slash", *'"number 7 "', "enter")
        await until(pilot, lambda: "1 of" in screen_text(app) and "note number 7 " in screen_text(app))
        assert "note number 299" not in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "entry " in screen_text(app) and "UTC" in screen_text(app)
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert app.screen is room
        assert room.query_one(FilterBar).text == ""
        assert "note number 299" in screen_text(app)

    run(place, steps)


def test_the_filter_has_the_grammar_of_the_board_and_offers_what_is_in_the_record(place: Place) -> None:
    async def steps(app: WarroomApp, room: RoomScreen, pilot: Pilot[Any]) -> None:
        with place.session() as session:
            session.execute(AddNote("we roll back", NoteKind.DECISION), "INC-1")
        await pilot.press("slash", *"kind:de")
        await until(pilot, lambda: "decision 1" in screen_text(app))
        await pilot.press("tab")
        await until(pilot, lambda: [line.text for line in room._record.shown] == ["we roll back"])
        await pilot.press("!", *"by:mina")
        await until(pilot, lambda: not room._record.shown)
        bar = room.query_one(FilterBar)
        assert bar.text == "kind:decision !by:mina"
        # Its two rows are no rows of the record's, and what cannot be meant is said.
        assert bar.region.bottom == app.size.height and room._record.region.bottom <= bar.region.y
        await pilot.press("space", *"kimd:x")
        await until(pilot, lambda: 'no field "kimd"; did you mean kind:?' in screen_text(app))
        await pilot.press("escape")
        await until(pilot, lambda: bar.text == "" and not bar.display)
        assert app.screen is room and room._record.region.bottom == app.size.height - 1

    run(place, steps)


def test_keys_do_the_same_as_on_the_board(place: Place) -> None:
    async def steps(app: WarroomApp, room: RoomScreen, pilot: Pilot[Any]) -> None:
        bound = {binding.key: active.binding.action for binding, active in _active(room)}
        for key in INCIDENT_KEYS:
            assert bound[key.key] == f"act('{key.id}')"
        await pilot.press("a")
        await until(pilot, lambda: "acknowledged" in screen_text(app))
        await pilot.press("n", *"from the room", "enter")
        await until(pilot, lambda: "from the room" in screen_text(app))

    run(place, steps)


def _active(room: RoomScreen) -> list[tuple[Any, Any]]:
    return [(active.binding, active) for active in room.active_bindings.values()]


def test_a_second_that_changes_nothing_lays_nothing_out_and_sends_only_figures(place: Place) -> None:
    async def steps(app: WarroomApp, room: RoomScreen, pilot: Pilot[Any]) -> None:
        await pilot.pause(0.3)
        layouts = []
        room._refresh_layout = lambda *a, **k: layouts.append(1)  # type: ignore[method-assign]
        drawn: list[int] = []
        for panel in (*room.query(RoomPanel), room._bar, room._header):
            own = panel.refresh

            def counted(*regions: Any, _own: Any = own, **more: Any) -> Any:
                drawn.append(sum(region.area for region in regions) if regions else 10_000)
                return _own(*regions, **more)

            panel.refresh = counted  # type: ignore[method-assign, assignment]
        now = room._now
        room.tick(now + timedelta(seconds=1))
        assert sum(drawn) < 120  # cells: a few figures
        room.tick(now + timedelta(seconds=1))
        assert not layouts

    run(place, steps)


def test_what_is_late_stands_out_in_shape_and_word(place: Place) -> None:
    async def steps(app: WarroomApp, room: RoomScreen, pilot: Pilot[Any]) -> None:
        panel, detail = room._parts["roles"], room.detail
        assert plain(panel.lines[0]).startswith("─ Roles ─")
        now = app.clock()
        late = tuple(
            replace(role, due=now - timedelta(minutes=3)) if not role.holder else role for role in detail.roles
        )
        room.show(room._view, now, replace(detail, roles=late))
        assert plain(panel.lines[0]).startswith("━ Roles  LATE 3m ━")

    run(place, steps)


def test_a_room_that_may_only_be_read_offers_what_reads(place: Place) -> None:
    async def steps(app: WarroomApp, room: RoomScreen, pilot: Pilot[Any]) -> None:
        keys = screen_text(app).splitlines()[-1]
        possible = {item.key for item in room.query_one(KeyBar)._items if item.possible}
        assert {"a", "n", "s"}.isdisjoint(possible) and "c catch up" in keys
        await pilot.press("a", "n", "s")
        await settle(pilot)
        assert {each.message for each in app._notifications} == {"this room may only be read"}
        assert app.screen is room

    run(replace(place, readonly=True), steps)


# Layout -------------------------------------------------------------------------------------------------------------


@given(
    st.integers(20, 260),
    st.integers(1, 90),
    st.fixed_dictionaries({name: st.integers(1, 60) for name in PANELS}),
    st.sampled_from(PANELS),
)
def test_panels_lie_within_the_body_and_not_on_each_other(
    width: int, height: int, wanted: dict[str, int], open_tab: str
) -> None:
    plan = room_plan(width, height, wanted, open_tab)
    taken: set[tuple[int, int]] = set()
    for name, box in plan.boxes.items():
        assert box.x >= 0 and box.x + box.width <= width
        assert box.height >= 1
        if height > 2:
            assert box.y + box.height <= height
        cells = {(x, y) for y in range(box.y, box.y + box.height) for x in (box.x, box.x + box.width - 1)}
        assert not cells & taken
        taken |= cells
        assert box.width == width_of(name, width, height)
    if plan.mode is RoomMode.TABS:
        assert open_tab in plan.boxes
    else:
        assert set(plan.boxes) == set(PANELS)


def test_every_page_tells_its_fate() -> None:
    detail = cards_detail()
    level = replace(
        detail.ladder.levels[1],
        fates=(
            Fate("li", "sms", "failed", "no such number"),
            Fate("li", "chat", "sent"),
            Fate("sven", "sms", "queued"),
        ),
        declined=("tom",),
    )
    levels = (detail.ladder.levels[0], level, *detail.ladder.levels[2:])
    drawn = room_panels.ladder(replace(detail, ladder=replace(detail.ladder, levels=levels)), NOW, 76)
    text = [plain(row).rstrip() for row in drawn]
    at = next(n for n, row in enumerate(text) if row[2:].startswith("L2"))
    assert "li" in text[at + 1] and "✗ sms failed" in text[at + 1] and "no such number" in text[at + 1]
    assert "✓ chat sent" in text[at + 1]
    assert "sven" in text[at + 2] and "… sms queued" in text[at + 2]
    assert "tom declined" in text[at + 3]
    assert text[at + 4][2:].startswith("L3")


@pytest.mark.parametrize("width", [30, 38, 76, 120])
def test_what_counts_down_is_in_one_list_the_latest_first(width: int) -> None:
    detail = cards_detail()
    rows = room_panels.clocks(detail, NOW, width, 1)
    assert len(rows) == len(room_panels.deadlines(detail, NOW)) >= 2
    assert all(line_width(row) == width for row in rows)
    assert plain(rows[0]).startswith("▲ communications") and "LATE" in plain(rows[0])
    assert "page L3" in plain(rows[1]) and "02:14" in plain(rows[1])


def test_the_timeline_keeps_to_what_the_terminal_can_show(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")

    async def steps(app: WarroomApp, room: RoomScreen, pilot: Pilot[Any]) -> None:
        def rows(panel: Canvas) -> str:
            return "\n".join(plain(line) for line in panel.lines if "Communications" not in plain(line))

        drawn = room.query_one(RoomTimeline)
        assert "intern" in rows(drawn)
        assert rows(drawn).isascii()
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.board)
        board = app.board.query_one(CommunicationsPanel)
        assert "intern" in rows(board)
        assert rows(board).isascii()

    run(place, steps)


@pytest.mark.parametrize("status", ["resolved", "closed"])
def test_what_was_not_done_when_it_was_over_is_left_undone_and_asks_nobody(status: str) -> None:
    detail = cards_detail()
    duties = (DutyLine(1, "Say aloud who leads", "mina", NOW), DutyLine(2, "Confirm the severity"), DutyLine(3, "Ask"))
    led = replace(detail, roles=(replace(detail.roles[0], holder="mina", duties=duties),))
    over = replace(led, line=replace(led.line, status=status))
    open_rows = [plain(row) for row in room_panels.roles(led, NOW, 60, 20)]
    rows = [plain(row) for row in room_panels.roles(over, NOW, 60, 20)]
    assert any("□ Confirm the severity" in row for row in open_rows)
    assert not any("□" in row for row in rows)
    assert any("✔ Say aloud who leads  mina" in row for row in rows)
    assert any("– Confirm the severity  left undone" in row for row in rows)
    short = [plain(row) for row in room_panels.roles(over, NOW, 60, 2)]
    assert short[-1].strip() == "1/3 2 duties left undone"
