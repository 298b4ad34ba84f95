"""Roles are said in words on every screen; what is kept stays as it is."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App

from tests.tui.fixtures import NOW
from warroom.tui import panels, record_rows
from warroom.tui.pieces import plain
from warroom.tui.record_rows import RecordColumns
from warroom.tui.role_words import said, titled
from warroom.tui.widgets.record_entry import EntryScreen
from warroom.views import RecordLine


def entry(kind: str, text: str) -> RecordLine:
    return RecordLine(3, NOW, "mina", kind, text, version=3)


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("role", "incident-manager: mina (was li)", "incident manager: mina (was li)"),
        ("role", "tech-lead/eu-west: anna-lena", "tech lead/eu-west: anna-lena"),
        ("handover", "scribe: handover to anna-lena", "scribe: handover to anna-lena"),
        ("note", "incident-manager: is a name", "incident-manager: is a name"),
    ],
)
def test_the_record_says_a_role_in_words(kind: str, text: str, shown: str) -> None:
    line = entry(kind, text)
    assert said(line) == shown
    assert shown in " ".join(plain(row) for row in record_rows.rows(line, RecordColumns.fitting(120)))
    assert shown in " ".join(plain(row) for row in panels.record((line,), NOW, 120, 3))


def test_a_reason_names_the_title_but_no_person_of_that_name() -> None:
    why = "in the role tech-lead 4h00; tech-lead-2 is away"
    assert titled(why, ("tech lead", "scribe")) == "in the role tech lead 4h00; tech-lead-2 is away"


def test_one_entry_in_full_begins_with_a_capital_and_says_the_role() -> None:
    async def run() -> str:
        app: App[None] = App()
        async with app.run_test(size=(80, 24)):
            screen = EntryScreen(entry("role", "incident-manager: mina"))
            await app.push_screen(screen)
            return f"{screen.heading}\n" + "\n".join(plain(row) for row in screen.sheet(70))

    shown = asyncio.run(run())
    assert shown.startswith("Role by mina")
    assert "incident manager: mina" in shown
