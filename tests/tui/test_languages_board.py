"""The board in the languages that there are: heads above their cells, whole figures, days, and how it looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from wcwidth import wcswidth, wcwidth

from tests.tui import fixtures as f
from tests.tui.driving import settle
from tests.tui.harness import BoardApp
from warroom import language
from warroom.domain.status_words import status_word
from warroom.tui import clockface, listing
from warroom.tui.clockface import lead_face, page_face, update_face
from warroom.tui.pieces import plain
from warroom.tui.sieve.columns import head_of
from warroom.tui.sieve.grammar import parse
from warroom.views import (
    IncidentLine,
    NextPage,
    PageState,
    UpdateDue,
)


@pytest.fixture(params=["ko", "sv"])
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    """The languages that there are."""
    yield language.use(str(request.param))
    language.use("en")


@pytest.fixture
def korean() -> Iterator[None]:
    """Letters that are two cells wide."""
    language.use("ko")
    yield
    language.use("en")


# ---- languages that are spoken


def cells_of(text: str, start: int, end: int) -> str:
    """What stands in some cells of a row; a wide letter that begins before them is not of it."""
    at, out = 0, ""
    for char in text:
        size = max(0, wcwidth(char))
        if start <= at and at + size <= end:
            out += char
        at += size
    return out


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160, 200])
@pytest.mark.parametrize("chosen", [(), ("key", "opened", "status", "lead", "page", "update", "tired", "age", "title")])
def test_heads_and_cells_stand_below_each_other(spoken: str, width: int, chosen: tuple[str, ...]) -> None:
    lines = tuple(replace(line, opened_at=f.ago(9_000 * n), tired_at=f.ago(n)) for n, line in enumerate(f.many_lines()))
    columns = listing.Columns.fitting(width, lines, chosen, f.NOW)
    head = plain(listing.head(columns))
    assert wcswidth(head) == width
    names = [name for name, _ in columns.slots]
    assert len(names) >= 3 and len(set(map(head_of, names))) == len(names)
    for name, start, end in columns.places():
        said = cells_of(head, start, end).strip()
        assert said == head_of(name), f"{name} has no room for its name in {spoken}"
        assert wcswidth(cells_of(head, 0, start)) == start  # no letter lies across the edge
    for line in lines:
        row = plain(listing.row(line, columns, f.NOW))
        if "‍" in row or "\N{HEBREW LETTER SHIN}" in row:
            continue  # joined emoji and the like are measured by the terminal, not by the letter
        assert wcswidth(row) == width
        for _, start, _ in columns.places():
            assert wcswidth(cells_of(row, 0, start)) == start
            assert cells_of(row, start - 2, start).strip() in ("", "!", "▌", "! ", "▌ ")


def test_figures_are_whole(spoken: str) -> None:
    """What is late is never cut, however wide its word is."""
    late = replace(f.cards_line(), lead="", lead_due=f.ago(29 * 60), page=NextPage(PageState.DUE, "L3", f.ago(29 * 60)))
    acked = replace(late, page=NextPage(PageState.ACKED, "L1", f.ago(5)), update=UpdateDue("공개", f.ago(59)))
    far = replace(late, page=NextPage(PageState.WAITING, "L1", f.NOW.replace(month=12, day=31)))
    near = replace(late, update=UpdateDue("공개", f.ahead(5), f.ago(1)))
    columns = listing.Columns.fitting(140, (late, acked, far, near))
    for line in (late, acked, far, near):
        row = plain(listing.row(line, columns, f.NOW))
        assert page_face(line.page, f.NOW).figure in row
        assert lead_face(line, f.NOW).figure in row
        assert update_face(line.update, f.NOW).figure in row
    assert clockface.late_figure("04:12") == {"ko": "지연 04:12", "sv": "SEN 04:12"}[spoken]


def test_days_and_months(spoken: str) -> None:
    far, near = f.NOW.replace(month=12, day=5), f.ahead(2 * 24 * 60)
    assert clockface.when(far, f.NOW).endswith("14:32")
    assert clockface.day(far) == {"ko": "12월 5일", "sv": "5 dec"}[spoken]
    assert clockface.when(near, f.NOW) == {"ko": "목 14:32", "sv": "tor 14:32"}[spoken]


def test_what_is_typed_into_a_filter_is_the_same(korean: None) -> None:
    from warroom.tui.sieve.match import matches

    found = [line.key for line in f.many_lines() if matches(line, parse("status:investigating late"), f.NOW)]
    assert found == [line.key for line in f.many_lines() if line.status == "investigating" and _late(line)]
    assert status_word("investigating") == "조사 중"


def _late(line: IncidentLine) -> bool:
    return any(at is not None and at <= f.NOW for at in (line.page.at, line.update.at, line.lead_due))


def app_of(name: str) -> BoardApp:
    """A board in a language."""
    language.use(name)
    return BoardApp(f.full_view())


@pytest.mark.parametrize("name", ["ko", "sv"])
def test_how_the_board_looks(snap_compare: Any, name: str) -> None:
    async def before(pilot: Any) -> None:
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)

    try:
        assert snap_compare(app_of(name), terminal_size=(120, 40), run_before=before)
    finally:
        language.use("en")
