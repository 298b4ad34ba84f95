"""The program with its output as differences of cells shows what Textual's own output shows; `tests.bench.walks` goes
further."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.app import ComposeResult
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widgets import Input, Label

from tests.bench import walks
from tests.support.cells import Terminal
from warroom.tui.link import probe, speed
from warroom.tui.link.output import LinkApp
from warroom.tui.link.stage import Stage

SIZE = (30, 6)


def test_a_random_walk_shows_the_same_cell_by_cell(tmp_path: Path) -> None:
    app = asyncio.run(walks.walk(tmp_path, 40, 11, demo=False))
    assert app.frames > 10
    assert app.bytes_of_other < app.bytes_of_one


class Recorder(HeadlessDriver):
    """A driver that says it has a terminal, and keeps what it is given."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.sent: list[str] = []

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.sent.append(data)


class Small(LinkApp[None]):
    """A line of text and one to type into."""

    CSS = "Screen { background: ansi_default; }"

    def compose(self) -> ComposeResult:
        yield Label("the 1. 결제", id="line")
        typed = Input(id="typed")
        typed.cursor_blink = False
        yield typed


def run(app: Small, steps: Any) -> list[str]:
    """Run it with a driver that records; gives what was sent."""
    app.driver_class = Recorder
    sent: list[str] = []

    async def go() -> None:
        async with app.run_test(headless=False, size=SIZE) as pilot:
            await shown(pilot)
            driver: Driver | None = app._driver
            assert isinstance(driver, Recorder)
            await steps(app, pilot, driver)
            sent.extend(driver.sent)

    asyncio.run(go())
    return sent


async def shown(pilot: Pilot[Any]) -> None:
    """Until all is drawn, also what is drawn anew after something else was written."""
    for _ in range(3):
        await pilot.pause(0.06)


def text_of(sent: list[str]) -> str:
    terminal = Terminal(*SIZE, strict=False)
    terminal.feed("".join(sent))
    return terminal.text


def test_only_the_cells_that_changed_are_sent() -> None:
    async def steps(app: Small, pilot: Pilot[None], driver: Recorder) -> None:
        app.query_one(Input).blur()
        app.set_focus(None)
        await shown(pilot)
        before = len(driver.sent)
        app.query_one("#line", Label).update("the 2. 결제")
        await shown(pilot)
        assert sum(map(len, driver.sent[before:])) < 30
        assert "the 2. 결제" in text_of(driver.sent)

    run(Small(), steps)


def test_the_cursor_rests_where_something_is_typed() -> None:
    async def steps(app: Small, pilot: Pilot[None], driver: Recorder) -> None:
        app.query_one(Input).focus()
        await pilot.press("a", "b")
        await shown(pilot)
        terminal = Terminal(*SIZE, strict=False)
        terminal.feed("".join(driver.sent))
        assert (terminal.x, terminal.y) == tuple(app.cursor_position)

    run(Small(), steps)


def test_what_an_editor_left_on_the_screen_is_drawn_over() -> None:
    """Leaving and taking the other screen again, as the driver does around an editor and around a stop."""

    async def steps(app: Small, pilot: Pilot[None], driver: Recorder) -> None:
        driver.write("\x1b[?1049l")
        count = len(driver.sent)
        app.query_one("#line", Label).update("the 2. 결제")
        await shown(pilot)
        assert len(driver.sent) == count  # the terminal is somebody else's
        driver.sent.append("\x1b[H" + "garbage " * 20)
        driver.write("\x1b[?1049h")
        await shown(pilot)
        text = text_of(driver.sent[count:])
        assert "the 2. 결제" in text
        assert "garbage" not in text

    run(Small(), steps)


def test_a_bell_and_a_title_cost_no_picture() -> None:
    async def steps(app: Small, pilot: Pilot[None], driver: Recorder) -> None:
        before = len(driver.sent)
        driver.write("\a")
        driver.write("\x1b]0;3 live\a")
        await shown(pilot)
        assert driver.sent[before:] == ["\a", "\x1b]0;3 live\a"]

    run(Small(), steps)


def test_a_terminal_that_is_resized_and_back_is_drawn_anew() -> None:
    async def steps(app: Small, pilot: Pilot[None], driver: Recorder) -> None:
        before = len(driver.sent)
        app.post_message(Resize(Size(*SIZE), Size(*SIZE)))
        await shown(pilot)
        assert "the 1. 결제" in text_of(driver.sent[before:])

    run(Small(), steps)


def test_frames_that_a_slow_terminal_has_no_time_for_become_one(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = [0]
    monkeypatch.setattr("warroom.tui.link.output._waiting", lambda _: waiting[0])

    async def steps(app: Small, pilot: Pilot[None], driver: Recorder) -> None:
        waiting[0] = 2
        before = len(driver.sent)
        for number in range(2, 8):
            app.query_one("#line", Label).update(f"the {number}. 결제")
            await shown(pilot)
        assert len(driver.sent) == before
        waiting[0] = 0
        await shown(pilot)
        assert len(driver.sent) == before + 1
        assert "the 7. 결제" in text_of(driver.sent)

    run(Small(), steps)


def test_where_the_stage_fails_textuals_own_output_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("something nobody thought of")

    async def steps(app: Small, pilot: Pilot[None], driver: Recorder) -> None:
        monkeypatch.setattr(Stage, "frame", fail)
        app.query_one("#line", Label).update("the 2. 결제")
        await shown(pilot)
        assert app.link_off == "it failed: RuntimeError"
        assert app.stage is None
        app.query_one("#line", Label).update("the 3. 결제")
        await shown(pilot)
        assert "the 3. 결제" in text_of(driver.sent)

    run(Small(), steps)


def test_switched_off_nothing_comes_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(speed.VARIABLE, raising=False)

    async def steps(app: Small, pilot: Pilot[None], driver: Recorder) -> None:
        assert app.link_off == "it was switched off"
        assert app.stage is None
        assert "the 1. 결제" in text_of(driver.sent)

    run(Small(link="plain"), steps)


def test_a_textual_that_is_built_otherwise_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(self: object, chops: object, spans: object) -> None: ...

    assert probe.unfit() == ""
    probe.unfit.cache_clear()
    monkeypatch.setattr(ChopsUpdate, "__init__", other)
    assert "has changed" in probe.unfit()
    probe.unfit.cache_clear()
    monkeypatch.setattr(probe, "TESTED", ("0.1",))
    assert "not the version" in probe.unfit()
    assert "because Textual" in speed.described("auto", probe.untested(), {})
    probe.unfit.cache_clear()


@pytest.mark.parametrize(
    ("link", "environment", "pace", "fps"),
    [
        ("auto", {}, "fast", "60"),
        ("auto", {"SSH_CONNECTION": "10.0.0.1 22 10.0.0.2 22"}, "slow", "10"),
        ("auto", {"SSH_TTY": "/dev/pts/3"}, "slow", "10"),
        ("fast", {"SSH_TTY": "/dev/pts/3"}, "fast", "60"),
        ("fast", {"WARROOM_LINK": "slow"}, "slow", "10"),
        ("slow", {"WARROOM_LINK": "nonsense"}, "slow", "10"),
        ("slow", {"TEXTUAL_FPS": "30"}, "slow", "30"),
    ],
)
def test_the_pace_for_a_line(link: str, environment: dict[str, str], pace: str, fps: str) -> None:
    assert speed.pace(link, environment) == pace
    speed.prepare(link, environment)
    assert environment["TEXTUAL_FPS"] == fps
    assert environment["TEXTUAL_ANIMATIONS"] == "none"


def test_what_is_nothing_of_the_compositors_is_not_the_stages() -> None:
    class Strange(CompositorUpdate):
        """An update of a kind that nobody knows."""

    assert not Stage().take(Strange(), None, SIZE)  # type: ignore[arg-type]
