"""The record by keys, on a real room: a note in one key and its words, and the work screen from a theory to its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.driving import run_program, screen_text, settle
from tests.tui.duty import rules
from tests.tui.fixtures import NOW
from warroom.clock import Clock
from warroom.domain.core import Event
from warroom.domain.incident import Declare
from warroom.domain.record_commands import AddEvidence, AddTheory, AskDecision
from warroom.domain.record_events import (
    ChangeMade,
    ChangeUndone,
    Decided,
    ExperimentAdded,
    Noted,
    NoteKind,
    ResultAdded,
    TaskAdded,
    TaskAssigned,
    TaskEnded,
    TaskPlanned,
    TheorySettled,
    TheoryState,
    Verdict,
)
from warroom.engine.runtime import Place
from warroom.service.session import Session
from warroom.tui.app import WarroomApp
from warroom.tui.widgets.catchup import CatchUpScreen
from warroom.tui.widgets.form import Form
from warroom.tui.widgets.form_note import LineDialog, NoteDialog, TimeDialog
from warroom.tui.widgets.work import WorkList, WorkScreen

Steps = Callable[[WarroomApp, Pilot[Any]], Awaitable[None]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A room with one incident, and its clock at `NOW`."""
    loaded = rules()
    with Session(
        tmp_path / "room.db", actor="mina", seed=lambda: loaded, new_clock=Clock(real=datetime.now(UTC), room=NOW)
    ) as session:
        severity = next(iter(loaded.book.severities))
        session.execute(Declare("Tills are down", severity))
    return tmp_path / "room.db"


def run(path: Path, steps: Steps, size: tuple[int, int] = (80, 24)) -> list[Event]:
    """Open the program on the room, do the steps, close it; the events on the record of the incident then."""
    place = Place(str(path), "mina", "mina")
    with place.session() as session:
        key = session.lines()[0].key
        app = WarroomApp(place, session.room_clock, session.board(key))

        async def known(app: WarroomApp, pilot: Pilot[Any]) -> None:
            await until(pilot, lambda: app.board.detail is not None)
            await steps(app, pilot)

        run_program(app, known, size)
        return [entry.event for _, entry, _ in session.log(key)]


def ask(path: Path, command: Any) -> None:
    with Place(str(path), "mina", "mina").session() as session:
        session.execute(command, session.lines()[0].key)


async def until(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    for _ in range(500):
        if holds():
            await settle(pilot)
            return
        await pilot.pause(0.02)
    raise AssertionError(screen_text(pilot.app))


async def write(pilot: Pilot[Any], text: str) -> None:
    """Type a text (at one go, which is quicker), and send it off."""
    form = pilot.app.screen
    assert isinstance(form, Form)
    entry = form.focused
    assert entry is not None
    if isinstance(form, NoteDialog):
        entry.insert(text)  # type: ignore[attr-defined]
    else:
        entry.insert_text_at_cursor(text)  # type: ignore[attr-defined]
    await settle(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: pilot.app.screen is not form)


def test_a_note_is_one_key_its_words_and_enter(path: Path) -> None:
    words = "pool is full"

    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await pilot.press("n", *(char if char != " " else "space" for char in words), "enter")
        await until(pilot, lambda: words in screen_text(app))

    assert run(path, steps, (120, 40))[-1] == Noted(words)


@pytest.mark.parametrize(
    ("line", "kind", "event"),
    [
        ("* errors fall", "= observation", Noted("errors fall", NoteKind.OBSERVATION)),
        ("! roll back", "= decision", Noted("roll back", NoteKind.DECISION)),
        ("~ rolled back | slow | deploy", "= change", ChangeMade("rolled back", "slow", "deploy")),
        ("+ read the log @mina #db", "= task", TaskAdded("read the log", "mina", stream="db")),
    ],
)
def test_the_form_names_what_is_typed(path: Path, line: str, kind: str, event: Event) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        app.screen.focused.insert(line)  # type: ignore[union-attr]
        await until(pilot, lambda: kind in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.board)

    assert event in run(path, steps)


def test_what_is_pasted_keeps_its_lines_and_a_refusal_keeps_the_text(path: Path) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        form = app.screen
        app.screen.focused.insert("> first\nsecond @nobody-here")  # type: ignore[union-attr]
        await until(pilot, lambda: "@nobody-here: nobody here" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "no open theory" in screen_text(app))
        assert app.screen is form
        await pilot.press("home", "pageup", "delete", "delete", "enter")
        await until(pilot, lambda: app.screen is app.board)

    assert run(path, steps)[-1] == Noted("first\nsecond @nobody-here", unknown=("nobody-here",))


def test_a_theory_from_the_work_screen_to_its_end(path: Path) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        def item() -> Any:
            return app.screen.query_one(WorkList).item

        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, WorkScreen))
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        await write(pilot, "the pool")
        await until(pilot, lambda: "the pool" in screen_text(app))
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        await write(pilot, "double it")
        await until(pilot, lambda: "double it" in screen_text(app))
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        await write(pilot, "no better")
        await until(pilot, lambda: "no better" in screen_text(app))
        await pilot.press("k", "r")
        await until(pilot, lambda: isinstance(app.screen, LineDialog))
        await write(pilot, "we saw it")
        await until(pilot, lambda: item().state == "refuted")
        assert "o open again" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.board)

    found = [e for e in run(path, steps) if isinstance(e, ExperimentAdded | ResultAdded | TheorySettled)]
    assert [type(e) for e in found] == [ExperimentAdded, ResultAdded, TheorySettled]
    assert found[1].verdict is Verdict.OPEN  # type: ignore[union-attr]
    assert found[2].to is TheoryState.REFUTED  # type: ignore[union-attr]


def test_a_task_is_taken_timed_done_and_dropped_by_keys(path: Path) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, WorkScreen))
        await pilot.press("plus")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        await write(pilot, "read the log")
        await until(pilot, lambda: "nobody" in screen_text(app))
        await pilot.press("t")
        await until(pilot, lambda: "  mina" in screen_text(app))
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, TimeDialog))
        app.screen.focused.insert_text_at_cursor("20")  # type: ignore[union-attr]
        await until(pilot, lambda: "= 14:52 UTC" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "mina  in " in screen_text(app))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, LineDialog))
        await write(pilot, "jonas")
        await until(pilot, lambda: "jonas  in " in screen_text(app))
        await pilot.press("d")
        await until(pilot, lambda: "done 14:" in screen_text(app))
        await pilot.press("t")
        await until(pilot, lambda: "mina  in " in screen_text(app))
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, LineDialog))
        await pilot.press("enter")
        await until(pilot, lambda: "say why" in screen_text(app))
        await write(pilot, "no need")
        await until(pilot, lambda: "dropped 14:" in screen_text(app))

    kinds = (TaskAdded, TaskAssigned, TaskPlanned, TaskEnded)
    assert [type(e) for e in run(path, steps) if isinstance(e, kinds)] == [
        TaskAdded, TaskAssigned, TaskPlanned, TaskAssigned, TaskEnded, TaskAssigned, TaskEnded,
    ]  # fmt: skip


def test_a_decision_is_taken_and_a_change_undone_by_keys(path: Path) -> None:
    ask(path, AskDecision("fail over?"))
    ask(path, AddEvidence("https://x.example/1"))

    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await pilot.press("w")
        await until(pilot, lambda: "fail over?" in screen_text(app))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        await write(pilot, "yes")
        await until(pilot, lambda: "fail over?" not in screen_text(app))
        await pilot.press("tilde")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        await write(pilot, "bigger pool")
        await until(pilot, lambda: "bigger pool" in screen_text(app))
        await pilot.press("home", "u")
        await until(pilot, lambda: isinstance(app.screen, LineDialog))
        await pilot.press("enter")
        await until(pilot, lambda: "undone 14:" in screen_text(app))

    found = run(path, steps)
    assert [type(e) for e in found if isinstance(e, Decided | ChangeMade | ChangeUndone)] == [
        Decided, ChangeMade, ChangeUndone,
    ]  # fmt: skip


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40), (200, 60)])
def test_the_screens_fit(path: Path, size: tuple[int, int]) -> None:
    ask(path, AddTheory("결제 오류 [bold]x[/] \x1b[31m" + "long " * 60))

    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await pilot.press("w")
        await until(pilot, lambda: "결제" in screen_text(app))
        shown = screen_text(app)
        assert "esc close" in shown
        assert "Tills are down" in shown
        assert "[bold]x[/]" in shown
        await pilot.press("escape", "c")
        await until(pilot, lambda: isinstance(app.screen, CatchUpScreen))
        await until(pilot, lambda: "unknown" in screen_text(app) or "What is new" in screen_text(app))
        assert "esc close" in screen_text(app)
        await pilot.press("escape", "n")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        app.screen.query_one("#text").insert("x " * 300)  # type: ignore[attr-defined]
        await settle(pilot)
        assert "put on the record" in screen_text(app)

    run(path, steps, size)


def test_the_mark_stays_on_its_item_while_others_come(path: Path) -> None:
    ask(path, AddTheory("the pool"))

    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await pilot.press("w")
        await until(pilot, lambda: "the pool" in screen_text(app))
        ask(path, AskDecision("fail over?"))
        await until(pilot, lambda: "fail over?" in screen_text(app))
        item = app.screen.query_one(WorkList).item
        assert item is not None
        assert item.text == "the pool"  # type: ignore[union-attr]

    run(path, steps)
