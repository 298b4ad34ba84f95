"""A board that starts an engine of its own does not alarm before that can have begun; any other alarms at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.driving import run_program, screen_text, until
from tests.tui.fixtures import NOW, engines, full_view
from warroom.clock import REAL
from warroom.domain.incident import Declare
from warroom.engine import runtime
from warroom.engine.runtime import STARTS_S, Place, Runtime
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui import heading
from warroom.tui.app import WarroomApp
from warroom.tui.pieces import Role, plain
from warroom.tui.room import RoomScreen

NOBODY = replace(full_view(), engines=())
WIDTHS = (60, 80, 120, 200)


@pytest.mark.parametrize("width", WIDTHS)
def test_while_its_engine_starts_a_board_is_calm(width: int) -> None:
    line = heading.header(NOBODY, NOW, NOW, width, starting=True)
    assert "NO ENGINE" not in plain(line)
    assert Role.ALARM not in {role for _, role in line}
    assert "NO ENGINE" in plain(heading.header(NOBODY, NOW, NOW, width))


def test_it_says_so_where_there_is_room_and_not_once_one_has_shown() -> None:
    assert "engine starting" in plain(heading.header(NOBODY, NOW, NOW, 200, starting=True))
    begun = heading.header(replace(NOBODY, engines=engines()), NOW, NOW, 200, starting=True)
    assert begun == heading.header(replace(NOBODY, engines=engines()), NOW, NOW, 200)


def test_an_engine_starts_for_a_short_time_and_never_where_only_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [100.0]
    monkeypatch.setattr(runtime, "monotonic", lambda: now_s[0])
    place = Place(str(tmp_path / "room.db"), "mina", "mina")
    place.session().close()
    assert not Runtime(replace(place, readonly=True), "board", REAL).starting
    made = Runtime(place, "board", REAL)
    assert made.starting, "it is about to be started"
    made.start()
    try:
        now_s[0] += STARTS_S - 0.1
        assert made.starting
        now_s[0] += 0.2
        assert not made.starting
    finally:
        made.stop()


def test_the_room_of_an_incident_is_as_calm_as_the_board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starting = [True]
    monkeypatch.setattr(Runtime, "starting", property(lambda _: starting[0]))
    monkeypatch.setattr(Runtime, "start", lambda _: None)
    path = str(tmp_path / "room.db")
    with Session(path, actor="mina", seed=seed_rulebook) as session:
        session.execute(Declare("Cards are declined", "SEV1"))
        app = WarroomApp(Place(path, "mina", "mina"), session.room_clock, session.board("INC-1"))

    async def steps(app: WarroomApp, pilot: Pilot[int]) -> None:
        assert "NO ENGINE" not in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RoomScreen) and "About" in screen_text(app))
        assert "NO ENGINE" not in screen_text(app)
        starting[0] = False
        app._tick(app.clock())
        await until(pilot, lambda: "NO ENGINE" in screen_text(app))

    run_program(app, steps)
