"""What programs read of an export is English, whatever the language of the person at the screen."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tests.support.lived import SUNDAY, lived_room
from tests.tui.driving import settle
from tests.tui.test_past import until
from warroom.engine.runtime import Place
from warroom.service.session import Session
from warroom.tui.app import WarroomApp
from warroom.tui.board import BoardScreen
from warroom.tui.export.dialog import ExportDialog
from warroom.tui.export.formats import BY_NAME, csv_text, json_text
from warroom.tui.export.reading import Wanted, read
from warroom.tui.room import RoomScreen
from warroom.views import PastMark
from warroom.words import plain

FOREIGN = re.compile("[\u0400-\u04ff]")
"""A letter of the language that nobody speaks."""
ROOM = ("board", "oncall", "punctuality")
INCIDENT = ("room", "record", "timeline", "clocks", "work", "people", "catchup", "ahead")
SCREENS = (("v", "timeline"), ("f", "ahead"))
"""What opens some screens over the room of an incident, and the view that each exports."""


@pytest.mark.parametrize("what", [*ROOM, *INCIDENT])
def test_a_view_reads_the_same_for_programs_in_every_language(
    what: str, lived: Session, request: pytest.FixtureRequest
) -> None:
    wanted = Wanted(what, "INC-1" if what in INCIDENT else "", SUNDAY)
    before = read(lived, wanted)
    request.getfixturevalue("strange_language")
    with plain():
        after = read(lived, wanted)
    assert csv_text(after) == csv_text(before)
    ticks = re.compile(
        r'(?m)^  "at": "[^"]*"|"(read_at|now|since|paged_at|seen_at|stale_at)": "[^"]*"'
    )  # the room's clock goes on
    assert ticks.sub("", json_text(after)) == ticks.sub("", json_text(before))


@pytest.mark.parametrize("what", INCIDENT)
def test_the_past_is_read_as_it_was(what: str, lived: Session) -> None:
    past = lived.past("INC-1")
    then = past.place(5)
    mark = past.mark(then)
    assert isinstance(mark, PastMark)
    found = read(lived, Wanted(what, "INC-1", then.moment, mark))
    assert found.subject == "INC-1"
    if what in ("room", "record"):
        assert len(next(sheet for sheet in found.sheets if sheet.name == "record").rows) == 5
    assert found != read(lived, Wanted(what, "INC-1", SUNDAY))


def test_of_a_filtered_record_only_what_is_shown(lived: Session) -> None:
    found = read(lived, Wanted("record", "INC-1", SUNDAY, entries=frozenset({2, 4})))
    assert [row[0] for row in found.sheets[0].rows] == [2, 4]


def test_what_is_taken_from_a_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strange_language: None) -> None:
    monkeypatch.chdir(tmp_path)
    lived_room(tmp_path / "room.db")
    place = Place(str(tmp_path / "room.db"), "mina", "mina")
    with place.session() as session:
        app = WarroomApp(place, session.room_clock, session.board("INC-1"))
    files = tmp_path / "files"
    files.mkdir()
    monkeypatch.chdir(files)
    written: dict[tuple[str, str], str] = {}

    async def whole() -> None:
        async with app.run_test(size=(120, 40)) as pilot:

            async def take(view: str) -> None:
                for downs, form in enumerate(BY_NAME):
                    if form not in ("md", "csv", "json"):
                        continue
                    await pilot.press("X")
                    await until(pilot, lambda: isinstance(app.screen, ExportDialog))
                    await pilot.press(*["down"] * downs, "enter", "enter")
                    await until(pilot, lambda: not isinstance(app.screen, ExportDialog))
                    (file,) = files.iterdir()
                    written[view, form] = file.read_text(encoding="utf-8-sig")
                    file.unlink()

            await settle(pilot)
            await take("board")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, RoomScreen) and app.screen._ready)
            await take("room")
            for key, view in SCREENS:
                await pilot.press(key)
                await until(pilot, lambda: not isinstance(app.screen, RoomScreen | BoardScreen))
                await settle(pilot)
                await take(view)
                await pilot.press("escape")
                await until(pilot, lambda: isinstance(app.screen, RoomScreen))

    try:
        asyncio.run(whole())
    finally:
        app.stop_threads()
    assert len(written) == 3 * (2 + len(SCREENS))
    for (view, form), text in written.items():
        if form == "md":
            assert FOREIGN.search(text), view
        else:
            assert not FOREIGN.search(text), (view, form, FOREIGN.findall(text)[:5], text[:300])
        if form == "json":
            assert f'"view": "{view}"' in text
