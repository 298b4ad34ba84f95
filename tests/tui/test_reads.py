"""What may only be read, a room without write access and the past, opens for reading; its acts are refused in words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.driving import screen_text, settle
from tests.tui.test_record_screens import ask, path, until  # noqa: F401
from warroom.domain.links import AddLink
from warroom.domain.people import JoinRoom
from warroom.domain.record_commands import AddTask
from warroom.engine.runtime import Place
from warroom.tui.app import WarroomApp
from warroom.tui.keys import INCIDENT_KEYS
from warroom.tui.reads import CHANGES
from warroom.tui.room import RoomScreen
from warroom.tui.widgets.clocks import ClocksScreen
from warroom.tui.widgets.form_details import DetailsDialog
from warroom.tui.widgets.form_links import LinksDialog
from warroom.tui.widgets.people import PeopleScreen
from warroom.tui.widgets.work import WorkScreen

Steps = Callable[[WarroomApp, Pilot[Any], bool], Awaitable[None]]
WHY = {True: "this room may only be read", False: "you look at the past"}
MARK = {True: "READ-ONLY", False: "PAST "}
OPENS: dict[str, type[Any]] = {
    "i": DetailsDialog,
    "l": LinksDialog,
    "m": ClocksScreen,
    "b": PeopleScreen,
    "w": WorkScreen,
}


@pytest.fixture
def room(path: Path) -> Path:  # noqa: F811
    """One with a person, a task, a link and then something more, so that there is a past."""
    for command in (JoinRoom(), AddTask("call the bank", "mina"), AddLink("chat", "#inc-1"), AddTask("count", "mina")):
        ask(path, command)
    return path


def look(room: Path, steps: Steps, *, readonly: bool, size: tuple[int, int] = (120, 40)) -> None:
    """Open the incident where it may only be read: in a room without write access, or one entry back in its past."""
    place = Place(str(room), "mina", "mina", readonly)
    before = stored(room)
    with place.session() as session:
        app = WarroomApp(place, session.room_clock, session.board(session.lines()[0].key))

    async def whole() -> None:
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: app.board.detail is not None)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, RoomScreen))
            if not readonly:
                await pilot.press("left_square_bracket")
                await until(pilot, lambda: app.intents.room.past is not None and app.intents.room.past.then)
            await steps(app, pilot, readonly)

    try:
        asyncio.run(whole())
    finally:
        app.stop_threads()
    assert app._exception is None
    assert stored(room) == before


def stored(room: Path) -> list[str]:
    with replace(Place(str(room), "mina", "mina"), readonly=True).session() as session:
        entries = [entry for _, entry, _ in session.log(session.lines()[0].key)]
        return [repr(entry.event) for entry in entries if entry.actor == "mina"]


def said(app: WarroomApp) -> list[str]:
    found = [note.message for note in app._notifications]
    app.clear_notifications()
    return found


@pytest.mark.parametrize("readonly", [True, False], ids=["read-only", "past"])
def test_every_key_opens_for_reading_or_says_why_not(room: Path, readonly: bool) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any], readonly: bool) -> None:
        for key in INCIDENT_KEYS:
            if key.action in CHANGES:
                await pilot.press(key.key)
                await settle(pilot)
                assert isinstance(app.screen, RoomScreen), key
                assert [WHY[readonly] in text for text in said(app)] == [True], key
        for letter, screen in OPENS.items():
            await pilot.press(letter)
            await until(pilot, lambda screen=screen: isinstance(app.screen, screen))
            await until(pilot, lambda: MARK[readonly] in screen_text(app).replace(" READ-ONLY ", "", 1))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, RoomScreen))

    look(room, steps, readonly=readonly)


@pytest.mark.parametrize("readonly", [True, False], ids=["read-only", "past"])
def test_acts_within_are_refused_in_the_same_words(room: Path, readonly: bool) -> None:
    acts = {"w": "?+!~&ntadpx", "b": "hoixapr", "m": "u"}

    async def steps(app: WarroomApp, pilot: Pilot[Any], readonly: bool) -> None:
        for letter, keys in acts.items():
            await pilot.press(letter)
            await until(pilot, lambda letter=letter: isinstance(app.screen, OPENS[letter]))
            for key in keys:
                await pilot.press(key)
                await settle(pilot)
                assert isinstance(app.screen, OPENS[letter]), (letter, key)
                assert [WHY[readonly] in text for text in said(app)] == [True], (letter, key)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, RoomScreen))

    look(room, steps, readonly=readonly)


@pytest.mark.parametrize("readonly", [True, False], ids=["read-only", "past"])
def test_forms_say_it_from_the_start_and_keep_saying_it(room: Path, readonly: bool) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any], readonly: bool) -> None:
        for letter in "il":
            await pilot.press(letter)
            await until(pilot, lambda letter=letter: isinstance(app.screen, OPENS[letter]))
            await until(pilot, lambda: WHY[readonly] in screen_text(app))
            await pilot.press(*"abc", "ctrl+s", "tab", *"what is more than twelve letters", "enter")
            await settle(pilot)
            assert isinstance(app.screen, OPENS[letter])
            assert WHY[readonly] in screen_text(app)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, RoomScreen))

    look(room, steps, readonly=readonly)


def test_the_past_is_shown_as_it_was(room: Path) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any], _: bool) -> None:
        await pilot.press("left_square_bracket", "left_square_bracket", "w")
        await until(pilot, lambda: isinstance(app.screen, WorkScreen))
        await until(pilot, lambda: "call the bank" in screen_text(app))
        assert "count" not in screen_text(app)

    look(room, steps, readonly=False)


@pytest.mark.parametrize("readonly", [True, False], ids=["read-only", "past"])
def test_the_timeline_answers_the_same(room: Path, readonly: bool) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any], readonly: bool) -> None:
        await pilot.press("v")
        await until(pilot, lambda: not isinstance(app.screen, RoomScreen))
        for key in "ua":
            await pilot.press(key)
            await settle(pilot)
            assert [WHY[readonly] in text for text in said(app)] == [True], key
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, ClocksScreen))

    look(room, steps, readonly=readonly)
