"""A command and its answer belong together by the ticket under which it was given, not by what the command is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from warroom.domain.core import Command, Refused
from warroom.domain.record_commands import AddNote
from warroom.service.session import Session
from warroom.tui.app import WarroomApp
from warroom.tui.commander import Commander, Result
from warroom.tui.intents import Intents
from warroom.tui.reads import OnlyRead


class Desk:
    """A commander without a thread: what was given is answered when the test says so."""

    def __init__(self) -> None:
        self.given: list[tuple[int, Command]] = []

    def execute(self, command: Command, key: str = "") -> int:
        self.given.append((len(self.given) + 1, command))
        return len(self.given)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def intents(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Intents:
    app = SimpleNamespace(commander=desk, notify=lambda *args, **more: None)
    made = Intents(cast(WarroomApp, app))
    monkeypatch.setattr(made.room, "only_read", lambda key: OnlyRead())
    monkeypatch.setattr(made.undo, "remember", lambda result: None)
    return made


def test_a_command_given_twice_has_two_answers(intents: Intents, desk: Desk) -> None:
    again = AddNote("rolled back")

    async def both() -> list[str]:
        one, other = (asyncio.create_task(intents.carried(again, "INC-1")) for _ in range(2))
        await asyncio.sleep(0)
        # The later one is answered first: each hears what became of its own.
        for ticket, command in reversed(desk.given):
            intents.done(Result(command, "INC-1", None, f"refused {ticket}", ticket))
        return list(await asyncio.wait_for(asyncio.gather(one, other), 5))

    assert asyncio.run(both()) == ["refused 1", "refused 2"]


def test_an_answer_that_nobody_waits_for_reaches_nobody_who_does(intents: Intents, desk: Desk) -> None:
    async def mixed() -> str:
        waiting = asyncio.create_task(intents.carried(AddNote("mine"), "INC-1"))
        await asyncio.sleep(0)
        ((ticket, command),) = desk.given
        intents.done(Result(command, "INC-1", None, "of another", ticket + 7))
        assert not waiting.done()
        intents.done(Result(command, "INC-1", None, "", ticket))
        return await asyncio.wait_for(waiting, 5)

    assert asyncio.run(mixed()) == ""


class _Room:
    """A session that refuses everything, in the words of the command."""

    database = SimpleNamespace(on_wait=lambda said: None)

    def execute(self, command: AddNote, key: str) -> None:
        raise Refused(command.text)

    def close(self) -> None:
        """Nothing is open."""


def test_every_result_carries_the_ticket_of_its_command() -> None:
    told: list[Result] = []
    commander = Commander(cast(Callable[[], Session], _Room), told.append)
    command: Any = AddNote("no")
    tickets = [commander.execute(command, "INC-1") for _ in range(3)]
    commander.stop()
    assert len(set(tickets)) == 3
    assert [(result.ticket, result.refusal) for result in told] == [(ticket, "no") for ticket in tickets]
