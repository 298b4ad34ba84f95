"""The timeline at full size: keys and mouse move it, a dot opens, it follows the incident, and it fits every size."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual import on
from textual.app import App
from textual.pilot import Pilot

from tests.tui.driving import screen_text, settle
from tests.tui.fixtures import NOW, ago, ahead, cards_detail
from warroom.tui.actions.action import BarItem
from warroom.tui.keys import Intent
from warroom.tui.timeline import Lens
from warroom.tui.timeline.hand import Hand
from warroom.tui.timeline_screen import TimelineScreen
from warroom.tui.widgets.help import help_groups, shown_keys
from warroom.tui.widgets.timeline import DotScreen, TimelinePane
from warroom.views import Dot, IncidentDetail, PastMark

Steps = Callable[[Any, TimelineScreen], Awaitable[None]]


class TimelineApp(App[None]):
    """Nothing but the timeline."""

    def __init__(self, detail: IncidentDetail, **more: Any) -> None:
        super().__init__()
        self.shown = detail
        self.now = NOW
        self.asked: list[str] = []
        self.timeline = TimelineScreen(detail, NOW, "ana", lambda: (self.shown, self.now), **more)

    def on_mount(self) -> None:
        self.push_screen(self.timeline)

    @on(Intent)
    def _intent(self, event: Intent) -> None:
        self.asked.append(event.action)


def drive(
    steps: Steps, size: tuple[int, int] = (120, 40), detail: IncidentDetail | None = None, **more: Any
) -> TimelineApp:
    app = TimelineApp(detail or cards_detail(), **more)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await steps(pilot, app.timeline)

    asyncio.run(run())
    return app


def text(pilot: Pilot[Any]) -> str:
    return screen_text(pilot.app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60), (250, 70), (44, 10)])
@pytest.mark.parametrize("plain", [False, True])
def test_it_fits_every_size(size: tuple[int, int], plain: bool) -> None:
    async def steps(pilot: Pilot[None], screen: TimelineScreen) -> None:
        if plain:
            await pilot.press("A")
        for _ in range(2):
            await settle(pilot)
            lines = text(pilot).splitlines()
            assert "INC-142" in lines[0]
            assert any(line.strip().startswith("public") and "LATE 04:12" in line for line in lines)
            assert "esc" in lines[-1]
            if size[1] >= 20:
                assert "34m" in text(pilot)
            await pilot.press("v")

    drive(steps, size)


def test_zoom_scroll_whole_and_now() -> None:
    async def steps(pilot: Pilot[None], screen: TimelineScreen) -> None:
        hand = screen.hand
        whole = hand.whole(NOW)
        assert hand.window(NOW) == whole
        await pilot.press("plus", "plus")
        assert hand.lens.follows
        closer = hand.window(NOW)
        assert closer.end == whole.end
        assert closer.span < whole.span
        assert "follows now" in text(pilot)
        await pilot.press("h")
        assert hand.window(NOW).start == closer.start - closer.span / 8
        await pilot.press("right")
        assert hand.window(NOW) == closer
        await pilot.press("left", "left", "n")
        assert hand.window(NOW) == closer
        await pilot.press("home")
        assert hand.window(NOW).start == whole.start
        await pilot.press("0")
        assert hand.window(NOW) == whole
        await pilot.press("plus", "minus")
        assert hand.window(NOW) == whole

    drive(steps)


def test_tab_steps_from_dot_to_dot_and_enter_opens_it() -> None:
    async def steps(pilot: Pilot[None], screen: TimelineScreen) -> None:
        await pilot.press("tab")
        chosen = screen.hand.chosen
        assert chosen is not None
        assert (chosen[0], chosen[1].at) == ("intern", ago(7))  # the latest in sight
        await pilot.press("shift+tab")
        assert screen.hand.chosen == ("intern", replace(chosen[1], at=ago(20.6)))
        await pilot.press("down")
        assert screen.hand.chosen[0] == "public"  # type: ignore[index]
        assert "We are looking into it" in text(pilot)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, DotScreen)
        shown = text(pilot)
        assert "We are looking into it" in shown
        assert "mina" in shown
        await pilot.press("escape", "escape")
        assert screen.hand.cursor is None
        assert pilot.app.screen is screen

    drive(steps)


def test_an_open_dot_says_whether_it_was_late_and_what_it_promised() -> None:
    said = Dot(ago(10), "지민", "결제가 실패합니다\nsecond line", 12, ahead(20), ago(22), "li", 9)
    detail = cards_detail()
    lane = replace(detail.timeline.lanes[1], dots=(said,), due=ahead(20))
    detail = replace(detail, timeline=replace(detail.timeline, lanes=(lane,)))

    async def steps(pilot: Pilot[None], screen: TimelineScreen) -> None:
        await pilot.press("tab", "enter")
        shown = text(pilot)
        for words in (
            "지민", "결제가 실패합니다", "second line", "entry 12", "12m LATE, due 14:10", "next by 14:52",
            "reviewed by li", "puts entry 9 right", "after 31m of silence",
        ):  # fmt: skip
            assert words in shown

    drive(steps, detail=detail)


def test_g_goes_to_the_largest_gap_and_on_through_the_list() -> None:
    async def steps(pilot: Pilot[None], screen: TimelineScreen) -> None:
        ranked = screen.hand.chart.ranked(NOW)
        await pilot.press("g")
        first = screen.hand.gap(NOW)
        assert first is not None
        assert ranked[first].longest
        silence = ranked[first].gap.silence
        window = screen.hand.window(NOW)
        assert silence.start in window
        assert silence.end in window
        await pilot.press("g")
        assert screen.hand.gap(NOW) == (first + 1) % len(ranked)
        await pilot.press("G", "G")
        assert screen.hand.gap(NOW) == (first - 1) % len(ranked)

    drive(steps)


def test_the_mouse_zooms_scrolls_opens_and_chooses() -> None:
    async def steps(pilot: Pilot[None], screen: TimelineScreen) -> None:
        picture = screen.pane.drawn()
        assert picture is not None
        row = next(
            y for y, lane in enumerate(picture.lanes) if lane == 1 and "●" in "".join(t for t, _ in picture.rows[y])
        )
        line = "".join(text for text, _ in picture.rows[row])
        await pilot.click(TimelinePane, offset=(line.index("●"), row))
        assert isinstance(pilot.app.screen, DotScreen)
        await pilot.press("escape")
        assert screen.hand.chosen is not None
        assert screen.hand.chosen[0] == "public"
        await pilot.press("escape")
        await pilot._post_mouse_events([_scroll_up()], TimelinePane, (picture.frame.left, row))
        moved = screen.hand.window(NOW).start - screen.hand.whole(NOW).start
        assert moved <= picture.frame.window.span / picture.frame.cells  # what was under the pointer stays
        assert screen.hand.lens.span is not None
        await pilot.click("#gaps", offset=(5, 2))
        assert screen.hand.gap(NOW) == 1

    drive(steps)


def _scroll_up() -> Any:
    from textual.events import MouseScrollUp

    return MouseScrollUp


def test_it_follows_the_incident_and_stays_on_its_dot() -> None:
    async def steps(pilot: Pilot[None], screen: TimelineScreen) -> None:
        app = pilot.app
        await pilot.press("tab", "down")
        before = screen.hand.chosen
        detail = cards_detail()
        lanes = list(detail.timeline.lanes)
        early = Dot(ago(40), "ana", "said earlier, written down late", 99)
        lanes[1] = replace(lanes[1], dots=(*lanes[1].dots, early, Dot(NOW, "ana", "now")), due=ahead(30))
        app.shown = replace(detail, timeline=replace(detail.timeline, lanes=tuple(lanes)))
        app.now = NOW + timedelta(minutes=3)
        screen.keep_up()
        await settle(pilot)
        assert screen.hand.chosen == before
        assert "14:35" in text(pilot).splitlines()[0]
        assert "LATE 04" not in text(pilot)

    drive(steps)


def test_a_countdown_becomes_a_count_up() -> None:
    async def steps(pilot: Pilot[None], screen: TimelineScreen) -> None:
        assert "promised in 03:10" in text(pilot)
        for seconds, words in ((189, "promised in 00:01"), (190, "LATE 00:00"), (200, "LATE 00:10")):
            pilot.app.now = NOW + timedelta(seconds=seconds)
            screen.keep_up()
            await settle(pilot)
            row = next(line for line in text(pilot).splitlines() if line.strip().startswith("intern"))
            assert words in row

    drive(steps)


def test_keys_of_the_incident_work_here_too() -> None:
    async def steps(pilot: Pilot[None], screen: TimelineScreen) -> None:
        await pilot.press("u", "a", "m")

    assert drive(steps).asked == ["update", "ack", "clocks"]


def test_nothing_is_changed_from_a_room_that_may_only_be_read_or_from_the_past() -> None:
    async def steps(pilot: Pilot[None], screen: TimelineScreen) -> None:
        await pilot.press("u", "a", "c")

    assert drive(steps, readonly=True).asked == ["catchup"]
    past = replace(cards_detail(), past=PastMark(NOW, 3, 9, NOW, "update", "x", "mina"))
    assert drive(steps, detail=past).asked == ["catchup"]


def test_a_hand_keeps_its_dot_and_its_gap_when_the_view_changes() -> None:
    view = cards_detail().timeline
    hand = Hand(view)
    hand.jump(1, NOW)
    chosen, gap = hand.chosen, hand.gap(NOW)
    assert gap is not None
    hand.show(replace(view, lanes=tuple(reversed(view.lanes))))
    assert hand.chosen == chosen
    assert hand.gap(NOW) == gap
    hand.show(replace(view, lanes=()))
    assert hand.chosen is None
    hand.step(1, NOW)
    hand.change_lane(1, NOW)
    assert hand.cursor is None


def test_stepping_out_of_sight_moves_the_window() -> None:
    hand = Hand(cards_detail().timeline)
    hand.lens = Lens(timedelta(minutes=5))
    hand.step(1, NOW)
    for _ in range(9):
        hand.step(-1, NOW)
    chosen = hand.chosen
    assert chosen is not None
    assert chosen[1].at == min(dot.at for dot in cards_detail().timeline.lanes[0].dots)
    assert chosen[1].at in hand.window(NOW)
    assert hand.window(NOW).span == timedelta(minutes=5)


def test_the_help_names_each_key_although_the_bar_puts_two_together() -> None:
    async def steps(pilot: Pilot[Any], screen: TimelineScreen) -> None:
        lines = {line.text: line.keys for group in help_groups(screen) for line in group.lines}
        assert lines["Closer"] == ("+", "=") and lines["Farther"] == ("-",)
        assert lines["Earlier"][0] == "←" and lines["Later"][0] == "→"
        assert lines["Read what the cursor stands on"] == ("enter",)
        assert BarItem("+-", "zoom", "timeline.closer") in shown_keys(screen)

    drive(steps)


def test_where_nothing_was_said_no_key_is_offered_to_step_through_it() -> None:
    async def steps(pilot: Any, timeline: TimelineScreen) -> None:
        shown = timeline.detail
        silent = tuple(replace(lane, dots=()) for lane in shown.timeline.lanes)
        for lanes in (silent, ()):
            pilot.app.shown = replace(shown, timeline=replace(shown.timeline, lanes=lanes))
            timeline.show(pilot.app.shown, NOW)
            await settle(pilot)
            assert "nothing was said here yet" in text(pilot)
            assert "step through" not in text(pilot)

    drive(steps)
