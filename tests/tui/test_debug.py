"""The debug screen, by its key on the real program."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.tui.driving import drawn, screen_text
from warroom.clock import REAL, Clock
from warroom.engine.runtime import Place
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.store import codec, presence
from warroom.tui.app import WarroomApp
from warroom.tui.debug.facts import Facts, gather, text
from warroom.tui.debug.live import live_facts
from warroom.tui.debug.screen import DebugScreen
from warroom.tui.outside import Voice


def test_the_facts_come_by_a_key_and_are_copied_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "room.db"
    with Session(path, actor="mina", seed=seed_rulebook) as session:
        app = WarroomApp(Place(str(path), "mina", "mina"), session.room_clock, session.board())
    copied: list[str] = []

    def copy(_: Voice, words: str) -> str:
        copied.append(words)
        return ""

    monkeypatch.setattr(Voice, "copy", copy)

    async def whole() -> None:
        async with app.run_test(size=(100, 40)) as pilot:
            await drawn(pilot)
            await pilot.press("D")
            await drawn(pilot)
            screen = app.screen
            assert isinstance(screen, DebugScreen)
            for _ in range(500):
                if screen.facts is not None:
                    break
                await pilot.pause(0.02)
            await drawn(pilot)
            assert screen.facts is not None
            assert "SQLite" in screen_text(app)
            await pilot.press("y")
            await drawn(pilot)
            await pilot.press("escape")

    try:
        asyncio.run(whole())
    finally:
        app.stop_threads()
    (said,) = copied
    assert "100x40" in said
    assert "room.db" in said
    assert "only cells that changed" in said or "Textual's own output" in said


def test_what_runs_is_known_without_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "room.db"
    with Session(path, actor="mina", seed=seed_rulebook) as session:
        app = WarroomApp(Place(str(path), "mina", "mina"), session.room_clock, session.board())
    try:
        ((part, rows),) = live_facts(app).rows.items()
        assert part == "Screen"
        assert dict(rows)["theme"]
        assert dict(rows)["room"] == "may be changed"
    finally:
        app.stop_threads()


def test_an_engine_was_seen_just_now_whatever_the_clock_of_the_room_says(tmp_path: Path) -> None:
    path, now = tmp_path / "room.db", codec.to_us(REAL())
    fast = Clock(REAL(), REAL() + timedelta(hours=5), 20)
    with Session(path, actor="mina", seed=seed_rulebook, new_clock=fast) as session:
        row = {"id": "a", "login": "mina", "host": "far", "pid": 1, "kind": "board", "lag_us": 0, "note": ""}
        presence.arrive(session.database, {**row, "started_at": now, "seen_at": now})
    said = gather(str(path), "mina").value("mina@far")
    assert [int(ago) < 600 for ago in re.findall(r"seen (\d+) s ago", said)] == [True]


def test_names_of_any_width_stand_in_columns() -> None:
    lines = list(text(Facts((("부분", (("한", "1"), ("abcd", "2"))),))))
    assert lines == ["부분", "  한    1", "  abcd  2"]
