"""Keys that arrive together: the next one waits for what the one before has started, but not for ever."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import ClassVar

import pytest
from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Event, Key, Paste

from tests.tui.fixtures import NOW, cards_line
from tests.tui.test_people import VIEW as PEOPLE
from tests.tui.test_work import VIEW as WORK
from warroom.domain.record_commands import AddNote, RecordCommand
from warroom.tui import dialogs, keyline
from warroom.tui.keyline import KeyLine
from warroom.tui.reading import read_in_thread
from warroom.tui.widgets.people import PeopleScreen
from warroom.tui.widgets.tight import TightScreen
from warroom.tui.widgets.work import WorkScreen


async def _done(_: RecordCommand) -> str:
    await asyncio.sleep(0.01)
    return ""


class Probe(App[None]):
    """An app on which "n" opens a dialog and "a" does harm."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("n", "open", "open"), Binding("a", "harm", "harm")]

    def __init__(self, check: Callable[[RecordCommand], Awaitable[str]] = _done) -> None:
        super().__init__()
        self.check = check
        self.harm = 0
        self.notes: list[str | None] = []
        self.keys = KeyLine(self, super().on_event)

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            await self.keys.take(event)
        else:
            await super().on_event(event)

    def action_open(self) -> None:
        self.push_screen(dialogs.NoteDialog(cards_line(), lambda: NOW, check=self.check), self.answered)

    def answered(self, note: RecordCommand | None) -> None:
        self.notes.append(note.text if isinstance(note, AddNote) else None)

    def action_harm(self) -> None:
        self.harm += 1

    def arrive(self, *keys: str) -> None:
        """All of these at once; what is longer than a letter and no name of a key is pasted."""
        for key in keys:
            known = len(key) == 1 or key in ("ctrl+s", "escape", "enter")
            self.post_message(Key(key, key if len(key) == 1 else None) if known else Paste(key))


def play(app: Probe, *keys: str, notes: int, harm: int = 0) -> float:
    """Let keys arrive together; gives how long it took until so many dialogs were closed (and so much harm was done),
    in seconds."""

    async def run() -> float:
        async with app.run_test() as pilot:
            began = time.monotonic()
            app.arrive(*keys)
            while len(app.notes) < notes or app.harm < harm:
                assert time.monotonic() - began < 60, f"{app.notes}, {app.harm}"
                await pilot.pause(0.005)
            took = time.monotonic() - began
            await pilot.pause()
            return took

    return asyncio.run(run())


def test_letters_behind_a_key_that_opens_a_dialog_go_into_the_dialog() -> None:
    app = Probe()
    play(app, *"nall is dead", "ctrl+s", *"nas said", "ctrl+s", "a", notes=2, harm=1)
    assert app.notes == ["all is dead", "as said"]
    assert app.harm == 1  # the last one, which came when the second dialog had had its answer


def test_enter_ends_a_note_as_quickly() -> None:
    app = Probe()
    play(app, *"nall is dead", "enter", *"nas said", "enter", "a", notes=2, harm=1)
    assert app.notes == ["all is dead", "as said"]
    assert app.harm == 1


def test_what_is_pasted_behind_such_a_key_goes_there_too() -> None:
    app = Probe()
    play(app, "n", "a long answer", "ctrl+s", notes=1)
    assert (app.notes, app.harm) == (["a long answer"], 0)


class ReadingProbe(Probe):
    """One on which "r" reads for a while before its dialog opens."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "read", "read")]

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def get_default_screen(self) -> TightScreen[None]:
        return TightScreen()

    def action_read(self) -> None:
        read_in_thread(self, lambda: time.sleep(self.seconds), lambda _: self.action_open(), opens=True)


def test_what_is_typed_while_a_dialog_is_still_being_read_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyline, "WAIT_S", 0.1)
    app = ReadingProbe(0.3)  # longer than a key waits for anything else
    play(app, *"rall is dead", "enter", "a", notes=1, harm=1)
    assert app.notes == ["all is dead"]
    assert app.harm == 1


def test_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyline, "WAIT_S", 0.05)
    monkeypatch.setattr(keyline, "READ_S", 0.2)
    app = ReadingProbe(2.5)
    assert play(app, *"ra", notes=0, harm=1) < 2.4


def test_a_dialog_that_waits_for_its_answer_does_not_hold_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyline, "WAIT_S", 0.1)

    async def never(_: RecordCommand) -> str:
        await asyncio.Event().wait()
        return ""

    app = Probe(never)
    took = play(app, *"nx", "ctrl+s", "escape", notes=1)
    assert app.notes == [None]
    assert 0.1 <= took < 30


class ListProbe(Probe):
    """One on which "w" and "b" open lists, with something marked at once."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("w", "work", "work"), Binding("b", "people", "people")]

    def wished(self, screen: WorkScreen | PeopleScreen, act: str, item: object) -> None:
        self.notes.append(act if item is not None else "of nothing")

    def action_work(self) -> None:
        self.push_screen(WorkScreen(cards_line(), lambda: WORK, lambda: NOW, self.wished))

    def action_people(self) -> None:
        self.push_screen(PeopleScreen(cards_line(), lambda: PEOPLE, lambda: NOW, self.wished))


def test_a_key_for_what_is_marked_on_a_list_is_meant_for_it_however_quickly_it_comes() -> None:
    app = ListProbe()
    play(app, "w", "d", "escape", "b", "o", notes=2)
    assert app.notes == ["done", "offer"]
