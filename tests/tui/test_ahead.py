"""What follows by itself, as rows: words below each other whatever the time in front of them takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.tui import fixtures as f
from warroom.tui.ahead import forecast
from warroom.tui.pieces import line_width, plain
from warroom.views.ahead import ForecastLine, ForecastView, PageLine, PassedLine

STEP = ForecastLine(f.NOW + timedelta(hours=7), "paged", "level 2 of 3, backup", pages=(PageLine("sven", ("chat",)),))
VIEW = ForecastView(
    "INC-1", "Exports are late", f.SEV3, f.NOW, (STEP, replace(STEP, at=f.NOW + timedelta(days=6, hours=3)))
)


@pytest.mark.parametrize("width", [52, 74, 114])
def test_words_of_every_step_begin_in_one_column_and_none_is_cut(width: int) -> None:
    rows = [plain(row) for row in forecast(VIEW, f.NOW, width)]
    begins = {row.index(words) for row in rows for words in ("level 2", "pages sven") if words in row}
    assert len(begins) == 1
    assert all(line_width(row) <= width for row in forecast(VIEW, f.NOW, width))
    assert " ".join("".join(row.partition("level")[1:]) for row in rows if "level" in row).count("backup") == 2


def test_a_role_is_called_as_people_call_it() -> None:
    passed = PassedLine("", "role:incident-manager", "incident-manager is vacant")
    rows = forecast(replace(VIEW, lines=(replace(STEP, pages=(), passed=(passed,)),)), f.NOW, 80)
    assert plain(rows[1]).strip() == "nobody: incident manager is vacant"


def test_steps_that_repeat_are_told_once_and_counted() -> None:
    again = tuple(replace(STEP, at=f.NOW + timedelta(hours=8 + n)) for n in range(4))
    other = replace(STEP, what="level 3 of 3", at=f.NOW + timedelta(hours=20))
    shown = [plain(row).strip() for row in forecast(replace(VIEW, lines=(*again, other)), f.NOW, 80)]
    assert sum("level 2" in row for row in shown) == 1
    assert shown[2] == "and 3 more like it, the last Wed 01:32"
    assert "level 3 of 3" in shown[3]
    assert sum("level 2" in row for row in map(plain, forecast(replace(VIEW, lines=again[:2]), f.NOW, 80))) == 2
