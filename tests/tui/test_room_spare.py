"""A screen of an incident that was prepared before anybody asked for it: what it shows, and in which look."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.driving import run_program, screen_text, until
from warroom.domain.incident import Declare
from warroom.domain.record import AddNote
from warroom.engine.runtime import Place
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui.app import WarroomApp
from warroom.tui.room import RoomScreen

Steps = Callable[[WarroomApp, Pilot[Any]], Awaitable[None]]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A room with two incidents that have nothing in common."""
    with Session(tmp_path / "room.db", actor="mina", seed=seed_rulebook) as session:
        session.execute(Declare("Cards are declined", "SEV1", "payments-api"))
        session.execute(AddNote("only of the first"), "INC-1")
        session.execute(Declare("Export delayed", "SEV3"))
        session.execute(AddNote("only of the second"), "INC-2")
    return Place(str(tmp_path / "room.db"), "mina", "mina")


def run(place: Place, steps: Steps) -> None:
    """Open the program on the board, with the first incident selected, and do the steps."""
    with place.session() as session:
        app = WarroomApp(place, session.room_clock, session.board("INC-1"))
    run_program(app, steps)


async def opened(app: WarroomApp, pilot: Pilot[Any]) -> RoomScreen:
    """Press enter; the room that opens."""
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, RoomScreen) and app.screen.composed)
    assert isinstance(app.screen, RoomScreen)
    return app.screen


def told(app: WarroomApp) -> list[list[str]]:
    """The words on every line that is drawn, without figures: the seconds go by."""
    return [re.findall(r"[^\W\d_]{3,}", line) for line in screen_text(app).splitlines()]


def test_it_shows_the_incident_that_is_opened_as_a_fresh_one_would(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        app.intents.room._spare = None
        app.intents.room.prepare()
        spare = app.intents.room._spare
        assert spare is not None and spare.key == "INC-1"
        await until(pilot, lambda: spare.composed)
        await pilot.press("j")
        await until(pilot, lambda: app.board.detail is not None and app.board.detail.line.key == "INC-2")
        assert await opened(app, pilot) is spare
        await until(pilot, lambda: "only of the second" in screen_text(app))
        assert spare.key == "INC-2"
        assert "only of the first" not in screen_text(app) and "Cards are declined" not in screen_text(app)
        prepared = told(app)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.board)
        app.intents.room._spare = None
        fresh = await opened(app, pilot)
        assert fresh is not spare
        await until(pilot, lambda: "only of the second" in screen_text(app))
        await until(pilot, lambda: told(app) == prepared)

    run(place, steps)


def test_each_is_used_once_and_the_next_follows_when_it_was_left(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        app.intents.room.prepare()
        first = await opened(app, pilot)
        assert app.intents.room._spare is None
        await pilot.press("escape")
        await until(pilot, lambda: app.intents.room._spare is not None and not first.is_attached)
        assert app.intents.room._spare is not first
        assert not app.intents.room._old and not app.is_screen_installed(first)

    run(place, steps)


def test_it_is_opened_before_it_is_composed_too(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        app.intents.room._spare = None
        app.intents.room.prepare()
        await opened(app, pilot)
        await until(pilot, lambda: "only of the first" in screen_text(app))

    run(place, steps)


def test_another_look_makes_another_one(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        app.intents.room.prepare()
        old = app.intents.room._spare
        assert old is not None
        app.looks.show("paper")
        assert app.intents.room._spare is None
        await until(pilot, lambda: app.intents.room._spare is not None)
        room = await opened(app, pilot)
        assert room is not old
        assert room.styles.background == app.board.styles.background

    run(place, steps)


@pytest.mark.parametrize("another", [False, True])
def test_what_was_styled_for_this_look_is_not_styled_again_when_it_is_opened(
    place: Place, another: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    styled: list[object] = []
    own = WarroomApp.update_styles

    def counted(app: WarroomApp, node: Any, animate: bool = True) -> None:
        styled.append(node)
        own(app, node, animate=animate)

    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        app.intents.room._spare = None
        app.intents.room.prepare()
        spare = app.intents.room._spare
        assert spare is not None
        await until(pilot, lambda: spare.composed)
        spare.lay_out_behind()
        if another:
            app.add_class("of-another-look")
        monkeypatch.setattr(WarroomApp, "update_styles", counted)
        assert await opened(app, pilot) is spare
        await until(pilot, lambda: "only of the first" in screen_text(app))
        assert (spare in styled) is another

    run(place, steps)
