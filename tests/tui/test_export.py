"""Views taken away as files: the forms, the file, the key, the command."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import stat
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.profile import examples
from tests.tui.driving import drawn, screen_text
from tests.tui.fixtures import NOW, cards_detail, full_view, small_view
from tests.tui.harness import BoardApp
from warroom.tui.export import views
from warroom.tui.export.acts import made, open_export
from warroom.tui.export.capture import capture
from warroom.tui.export.dialog import ExportDialog
from warroom.tui.export.files import FileThere, proposed_name, write_private
from warroom.tui.export.formats import BY_NAME, csv_text, json_text, markdown, plain_text
from warroom.tui.export.sheet import Export, Sheet


def one(*values: Any, heads: tuple[str, ...] = ()) -> Export:
    heads = heads or tuple(f"c{n}" for n in range(len(values)))
    return Export("x", "", "t", NOW, (Sheet("", heads, (values,)),), None)


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


# Forms ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+46 70", "'+46 70"),
        ("-30m", "'-30m"),
        ("@mina", "'@mina"),
        ("  =cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ('say "no", twice', 'say "no", twice'),
        ("one\ntwo", "one\ntwo"),
        ("\x1b[31mred", "red"),
        (None, ""),
        (-4.5, "-4.5"),
        (True, "yes"),
        (NOW, "2026-03-10T14:32:07Z"),
        (timedelta(minutes=20), "1200"),
    ],
)
def test_a_cell_of_a_table_is_no_formula(value: Any, cell: str) -> None:
    (found,) = read_csv(csv_text(one(value)))[1]
    assert found.replace("\ufffd", "") == cell


@examples(1)
@given(st.lists(st.text(), min_size=1, max_size=4))
def test_whatever_a_text_is_the_table_has_as_many_cells_and_none_begins_a_formula(texts: list[str]) -> None:
    head, row = read_csv(csv_text(one(*texts)))
    assert len(head) == len(row) == len(texts)
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") or "\x1b" in cell for cell in row)


@examples(1)
@given(st.text(min_size=1), st.text())
def test_whatever_a_text_is_it_breaks_no_table_of_markdown(text: str, title: str) -> None:
    found = markdown(Export("x", "", title, NOW, (Sheet("", ("a", "b"), ((text, "end"),)),)))
    lines = found.splitlines()
    assert lines[0].startswith("# ")
    rows = [line for line in lines if line.endswith(" end |")]
    assert len(rows) == 1
    assert rows[0].replace("\\\\", "").replace("\\|", "").count("|") == 3
    assert "\x1b" not in found


def test_parts_below_each_other_are_told_apart() -> None:
    found = Export("x", "", "t", NOW, (Sheet("one", ("a", "b"), ((1, 2),)), Sheet("two", ("b", "c"), ((3, 4),))))
    assert read_csv(csv_text(found)) == [["part", "a", "b", "c"], ["one", "1", "2", ""], ["two", "", "3", "4"]]
    assert [line for line in markdown(found).splitlines() if line.startswith("##")] == ["## one", "## two"]


def test_json_has_all_that_the_view_knows() -> None:
    found = json.loads(json_text(views.board(full_view(), NOW)))
    assert (found["view"], found["at"]) == ("board", "2026-03-10T14:32:07Z")
    first = found["data"][0]
    assert (first["key"], first["page"]["state"], first["severity"]["rank"]) == ("INC-142", "due", 1)
    room = json.loads(json_text(views.room(cards_detail(), NOW)))
    assert room["data"]["timeline"]["lanes"][0]["cadence"] == 1200.0


def test_the_text_of_a_screen_stands_as_it_stood() -> None:
    found = Export("x", "", "t", NOW, lines=("  a   b  ", "", "한  c\x07"))
    assert plain_text(found) == "  a   b\n\n한  c\n"
    assert "\n```\n  a   b\n\n" in markdown(found)


def test_a_fence_in_the_text_does_not_end_it() -> None:
    assert "\n````\n```\n````" in markdown(Export("x", "", "t", NOW, lines=("```",)))


# Files ---------------------------------------------------------------------------------------------------------------


def test_a_board_is_named_once() -> None:
    assert views.lines((), NOW, "warroom").title == "warroom"
    assert views.lines((), NOW, "prod").title == "warroom prod"


def test_the_name_says_what_of_what_and_when() -> None:
    assert proposed_name("INC-12", "timeline", NOW, "md") == "warroom-INC-12-timeline-20260310T1432Z.md"
    assert proposed_name("warroom", "board", NOW, "md") == "warroom-board-20260310T1432Z.md"
    assert proposed_name("../prod room", "", NOW, "csv") == "warroom-prod-room-20260310T1432Z.csv"


def test_a_file_is_its_owners_and_replaces_none_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    write_private(path, b"one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileThere):
        write_private(path, b"two")
    assert path.read_bytes() == b"one"
    path.chmod(0o644)
    write_private(path, b"two", replace=True)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"two", 0o600)
    assert [each.name for each in tmp_path.iterdir()] == ["a.md"]


def test_a_file_with_the_longest_name_is_replaced_too(tmp_path: Path) -> None:
    path = tmp_path / ("가" * 84 + ".md")  # 255 bytes, all that a directory takes
    write_private(path, b"one")
    write_private(path, b"two", replace=True)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(path.name, b"two")]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    aim, link = tmp_path / "aim", tmp_path / "link"
    link.symlink_to(aim)
    with pytest.raises(FileThere):
        write_private(link, b"x")
    write_private(link, b"x", replace=True)
    assert not aim.exists()
    assert not link.is_symlink()


# By the key ----------------------------------------------------------------------------------------------------------

Steps = Callable[[BoardApp, Pilot[None]], Awaitable[None]]


def exporting(steps: Steps, *, view: Any = None) -> None:
    """Open the form over the board, and do the steps."""

    async def whole() -> None:
        app = BoardApp(view or small_view())
        async with app.run_test(size=(100, 30)) as pilot:
            await drawn(pilot)
            open_export(app, app.screen, NOW, "prod")
            await drawn(pilot)
            assert isinstance(app.screen, ExportDialog)
            await steps(app, pilot)

    asyncio.run(whole())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory that the program was started in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def _until(app: BoardApp, pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait for what a thread does: until something holds."""
    for _ in range(3000):
        await pilot.pause(0.01)
        if condition():
            return
    raise AssertionError(screen_text(app))


async def _written(app: BoardApp, pilot: Pilot[None]) -> None:
    await _until(app, pilot, lambda: not isinstance(app.screen, ExportDialog))


async def _said(app: BoardApp, pilot: Pilot[None], text: str) -> None:
    await _until(app, pilot, lambda: text in screen_text(app))


@pytest.mark.parametrize(("downs", "name"), list(enumerate(BY_NAME)))
def test_each_form_is_written_with_a_name_that_says_what_it_is(here: Path, downs: int, name: str) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press(*["down"] * downs, "enter", "enter")
        await _written(app, pilot)

    exporting(steps)
    (path,) = here.iterdir()
    assert path.name == f"warroom-prod-board-20260310T1432Z.{name}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text(encoding="utf-8-sig")
    assert "INC-142" in text and "INC-139" in text
    assert "ctrl+s" not in text  # what is written is what was shown, not the form
    if name == "svg":
        assert text.startswith("<svg ") and "url(http" not in text and "@font-face" not in text


def test_another_form_is_nothing_typed_that_could_be_lost(here: Path) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("down", "down", "escape")
        await _written(app, pilot)

    exporting(steps)
    assert list(here.iterdir()) == []


def test_a_file_that_is_there_is_written_over_only_when_said_twice(here: Path) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        (here / "mine.md").write_text("old")
        app.screen.query_one("#export-file", Input).value = "mine.md"
        await drawn(pilot)
        await pilot.press("ctrl+s")
        await _said(app, pilot, "mine.md is there: once more writes over it")
        assert (here / "mine.md").read_text() == "old"
        await pilot.press("ctrl+s")
        await _written(app, pilot)
        assert "INC-142" in (here / "mine.md").read_text()

    exporting(steps)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("no/such/place.md", "cannot be written there"),
        ("", "name a file"),
        (f"{'x' * 300}.md", "cannot be written there: File name too long"),
    ],
    ids=["no directory", "no name", "too long a name"],
)
def test_where_it_cannot_be_written_the_form_says_why(here: Path, file: str, said: str) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.screen.query_one("#export-file", Input).value = file
        await drawn(pilot)
        await pilot.press("ctrl+s")
        await _said(app, pilot, said)

    exporting(steps)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_may_only_be_read(here: Path) -> None:
    here.chmod(0o500)

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("enter", "enter")
        await _said(app, pilot, "Permission denied")

    exporting(steps)


def test_a_screen_without_values_gives_its_lines() -> None:
    async def whole() -> None:
        app = BoardApp(small_view())
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("question_mark")
            await drawn(pilot)
            open_export(app, app.screen, NOW, "prod")
            await drawn(pilot)
            assert isinstance(app.screen, ExportDialog)
            assert app.screen.chosen("export-format") == "txt"

    asyncio.run(whole())


def test_a_picture_is_of_the_moment_that_was_kept() -> None:
    async def whole() -> bytes:
        app = BoardApp(small_view())
        async with app.run_test(size=(80, 24)) as pilot:
            await drawn(pilot)
            return made(Export("board", "", "room <b>&", NOW), capture(app.screen), "svg")

    text = asyncio.run(whole()).decode()
    assert "INC-142" in text
    assert "&lt;b&gt;&amp;" in text
