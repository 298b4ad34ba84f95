"""The record as a list: pages in any order, follows at the bottom, keeps its place elsewhere, filter, any width."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import on
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.tui.driving import screen_text, settle
from tests.tui.fixtures import NOW
from warroom.domain.text import cell_width
from warroom.tui import record_rows
from warroom.tui.pieces import Role, line_width, plain
from warroom.tui.record_rows import RecordColumns
from warroom.tui.sieve import records
from warroom.tui.widgets.record_list import MANY, RecordList
from warroom.views import RecordLine, RecordPage


def entry(version: int, text: str = "", **more: Any) -> RecordLine:
    """Entry number `version`: one a minute, up to NOW."""
    at = NOW - timedelta(minutes=5_000 - version)
    kind = "theory" if version % 10 == 0 else "note"
    return RecordLine(version + 1000, at, "mina", kind, text or f"entry number {version}", version=version, **more)


def page(first: int, last: int, text: str = "") -> RecordPage:
    """All entries from `first` to `last`."""
    return RecordPage("INC-1", first, last, tuple(entry(n, text) for n in range(first, last + 1)))


class Probe(App[None]):
    """A list whose wishes are remembered, and fulfilled where `whole` says how long the record is."""

    def __init__(self, whole: int = 0) -> None:
        super().__init__()
        self.whole = whole
        self.wanted: list[tuple[int, int]] = []
        self.opened: list[int] = []
        self.record = RecordList(id="record")

    def compose(self) -> ComposeResult:
        yield self.record

    @on(RecordList.Wanted)
    def _wanted(self, event: RecordList.Wanted) -> None:
        self.wanted.append((event.before, event.most))
        if self.whole:
            first = max(1, event.before - (event.most or 200))
            self.call_later(self.record.show_page, page(first, event.before - 1))

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        self.opened.append(event.line.version)


Steps = Callable[[Probe, Pilot[None]], Awaitable[None]]


def run(steps: Steps, *, whole: int = 0, size: tuple[int, int] = (80, 20)) -> Probe:
    app = Probe(whole)

    async def do() -> None:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            app.record.focus()
            await steps(app, pilot)

    asyncio.run(do())
    return app


def rows(app: Probe) -> list[str]:
    """The rows that have something on them, without the scroll bar."""
    return [text for line in screen_text(app).splitlines() if (text := line[:78].rstrip())]


def seen(app: Probe) -> list[int]:
    """The numbers of the entries on the screen."""
    return [int(row.rpartition("entry number ")[2]) for row in rows(app) if "entry number" in row]


def test_it_begins_at_the_newest_and_follows_it() -> None:
    async def steps(app: Probe, pilot: Pilot[None]) -> None:
        app.record.show_page(page(4901, 5000))
        await settle(pilot)
        assert seen(app)[-1] == 5000
        app.record.show_page(page(5001, 5003))
        await settle(pilot)
        assert seen(app)[-1] == 5003
        assert app.record.below == 0

    run(steps)


def test_it_keeps_its_place_while_entries_come_at_both_ends() -> None:
    async def steps(app: Probe, pilot: Pilot[None]) -> None:
        app.record.show_page(page(4901, 5000))
        await settle(pilot)
        await pilot.press("pageup", "pageup")
        await settle(pilot)
        before = seen(app)
        assert before[-1] < 5000
        app.record.show_page(page(5001, 5010))
        await settle(pilot)
        assert seen(app) == before
        assert app.record.below >= 10
        app.record.show_page(page(4701, 4900))
        await settle(pilot)
        assert seen(app) == before
        await pilot.press("G")
        await settle(pilot)
        assert seen(app)[-1] == 5010

    run(steps)


def test_it_reads_older_pages_before_it_gets_there_and_all_of_it_can_be_seen() -> None:
    async def steps(app: Probe, pilot: Pilot[None]) -> None:
        app.record.show_page(page(4941, 5000))
        await settle(pilot)
        found = set(seen(app))
        for _ in range(400):
            await pilot.press("pageup")
            found |= set(seen(app))
            if 1 in found:
                break
        assert found == set(range(1, 5001))
        assert app.record.complete

    app = run(steps, whole=5000)
    assert len(app.wanted) == 25  # pages, not entries


def test_home_reads_all_of_it() -> None:
    async def steps(app: Probe, pilot: Pilot[None]) -> None:
        app.record.show_page(page(4941, 5000))
        await settle(pilot)
        await pilot.press("home")
        for _ in range(10):
            await settle(pilot)
        assert seen(app)[0] == 1
        assert len(app.record.known) == 5000

    app = run(steps, whole=5000)
    assert [most for _, most in app.wanted[1:]] == [MANY] * 5


def test_a_filter_looks_through_all_of_it_and_gives_the_rest_back() -> None:
    async def steps(app: Probe, pilot: Pilot[None]) -> None:
        app.record.show_page(page(4941, 5000))
        app.record.filter(lambda line: records.matches(line, records.read("kind:theory 5")))
        for _ in range(10):
            await settle(pilot)
        assert [line.version for line in app.record.shown] == [n for n in range(10, 5001, 10) if "5" in str(n)]
        assert seen(app)[-1] == 5000
        app.record.show_page(page(5001, 5050))
        await settle(pilot)
        assert seen(app)[-1] == 5050
        app.record.filter(lambda line: False)
        await settle(pilot)
        assert "Nothing matches in 5050 entries" in screen_text(app)
        app.record.filter(None)
        await settle(pilot)
        assert len(app.record.shown) == 5050

    run(steps, whole=5000)


def test_enter_opens_what_the_cursor_stands_on_and_so_does_a_second_click() -> None:
    async def steps(app: Probe, pilot: Pilot[None]) -> None:
        app.record.show_page(page(4901, 5000))
        await settle(pilot)
        await pilot.press("enter", "k", "k", "enter")
        await pilot.click("#record", offset=(20, 10), times=2)
        await settle(pilot)

    app = run(steps)
    assert app.opened[:2] == [5000, 4998]
    assert len(app.opened) == 3


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20)), max_size=6))
def test_pages_in_any_order_show_each_entry_once_and_in_order(pages: list[tuple[int, int]]) -> None:
    """Pages may overlap, come twice, or leave a gap: then the list begins anew with the newer ones."""
    record = RecordList()
    record.post_message = lambda message: True  # type: ignore[method-assign]
    for first, more in pages:
        record.show_page(page(first, first + more))
        versions = [line.version for line in record.known]
        assert versions == sorted(set(versions))
        assert versions == list(range(versions[0], versions[-1] + 1))


TEXTS = [
    "",
    "short",
    "결제 승인 지연 " * 8,
    "x" * 300,
    "a word and " * 60,
    "שגיאות כניסה abc",
    "[b]no markup[/b]\x1b[31m",
]


@pytest.mark.parametrize("width", [20, 33, 58, 77, 120, 200])
@pytest.mark.parametrize("text", TEXTS)
def test_rows_are_exactly_as_wide_and_as_many_as_was_said(width: int, text: str) -> None:
    columns = RecordColumns.fitting(width)
    for late in (None, timedelta(seconds=42)):
        line = entry(4990, text, late=late)
        made = record_rows.rows(line, columns)
        assert len(made) == record_rows.height(line, columns) <= record_rows.MOST_ROWS
        if width >= columns.indent + 12:
            assert {line_width(row) for row in made} == {width}
        assert all("\x1b" not in plain(row) for row in made)
        if late is not None and len(text) < 100 and width >= 58:
            assert "(00:42 late)" in " ".join(plain(row) for row in made)
    assert cell_width(plain(record_rows.heading(line.at, columns))) == width


@pytest.mark.parametrize("width", [58, 77])
def test_without_a_column_of_its_own_the_kind_stands_before_the_text(width: int) -> None:
    columns = RecordColumns.fitting(width)
    made = record_rows.rows(replace(entry(1, "a word and " * 12), kind="theory"), columns)
    assert columns.room >= width - 23, "the text has nearly all of the width"
    assert plain(made[0])[columns.indent :].startswith("theory  a word")
    assert ("theory", Role.MUTED) in made[0]
    assert "theory" not in plain(made[1])
    late = record_rows.rows(replace(entry(1, "jonas", late=timedelta(seconds=42)), kind="paged"), columns)[0]
    assert plain(late).rstrip().endswith("paged  jonas (00:42 late)")
    assert [role for text, role in late if text in ("paged", "(00:42 late)")] == [Role.MUTED, Role.SOON]


def test_what_is_cut_says_so() -> None:
    columns = RecordColumns.fitting(77)
    made = record_rows.rows(entry(1, "a word and " * 60), columns)
    assert "enter shows all" in plain(made[-1])


def test_a_new_day_has_a_heading() -> None:
    async def steps(app: Probe, pilot: Pilot[None]) -> None:
        lines: Sequence[RecordLine] = [entry(n) for n in range(1, 5001) if n % 700 == 0]
        app.record.show_page(RecordPage("INC-1", 1, 5000, tuple(lines)))
        await settle(pilot)
        days = [row for row in rows(app) if "2026 ╌" in row]
        assert len(days) == len({line.at.date() for line in lines})

    run(steps)
