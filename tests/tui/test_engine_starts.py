"""A board that starts an engine of its own does not alarm before that can have begun; any other alarms at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.fixtures import NOW, engines, full_view
from warroom.clock import REAL
from warroom.engine import runtime
from warroom.engine.runtime import STARTS_S, Place, Runtime
from warroom.tui import heading
from warroom.tui.pieces import Role, plain

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
