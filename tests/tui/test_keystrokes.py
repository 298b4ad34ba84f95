"""How many keys it takes to do what has to be quick at three in the morning: on the real program, counted. Words that
somebody has to say are typed besides; what is counted is every key that only steers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from tests.support.clocks import begin_at
from tests.tui.driving import screen_text, settle
from warroom.domain.comms import Audience, PostUpdate
from warroom.domain.incident import Amend, Declare
from warroom.domain.people import JoinRoom
from warroom.domain.record_commands import AddTask
from warroom.domain.roles import AssignRole, OfferRole
from warroom.domain.room import Room
from warroom.engine.runtime import Place
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui.app import WarroomApp


@dataclass
class Hands:
    """Somebody at the keyboard; `pressed` counts the keys that only steer."""

    app: WarroomApp
    pilot: Pilot[Any]
    pressed: int = 0

    async def press(self, *keys: str) -> None:
        """Press keys that steer."""
        self.pressed += len(keys)
        await self.pilot.press(*keys)

    async def say(self, words: str) -> None:
        """Type words."""
        for char in words:
            self.app.post_message(Key(char if char.isalnum() else "space" if char == " " else char, char))
        await settle(self.pilot)


MORNING = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
"""When it is in the room: who is on call then is not in it, and is not asked before those who are."""

Act = Callable[[Hands], Awaitable[None]]
Done = Callable[[Room], bool]


def at_the_keyboard(path: Path, act: Act, done: Done, *, key: str = "INC-1") -> int:
    """Open the board as mina, do it, wait until it is in the room; how many keys it took."""
    place = Place(str(path), "mina", "mina")
    with place.session() as session:
        app = WarroomApp(place, session.room_clock, session.board("INC-1"))

        def is_done() -> bool:
            return any(line.key == key for line in session.lines()) and done(session.room(key))

        async def whole() -> int:
            async with app.run_test(size=(120, 40)) as pilot:
                await settle(pilot)
                hands = Hands(app, pilot)
                assert not is_done()
                await act(hands)
                end = asyncio.get_running_loop().time() + 10
                while not is_done():
                    assert asyncio.get_running_loop().time() < end, screen_text(app)
                    await pilot.pause(0.02)
                return hands.pressed

        try:
            return asyncio.run(whole())
        finally:
            app.stop_threads()


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A room with one incident that mina manages, in which two are and one update has been given."""
    path = tmp_path / "room.db"
    with Session(path, actor="mina", seed=seed_rulebook):
        begin_at(path, MORNING)
    with Session(path, actor="mina", seed=seed_rulebook) as session:
        session.execute(Declare("Cards fail", "SEV1", "payments-api", "All card payments in the EU are declined."))
        session.execute(AssignRole("incident-manager", "mina"), "INC-1")
        session.execute(JoinRoom(), "INC-1", actor="li")
        later = session.clock() + timedelta(hours=3)
        for channel in ("internal", "support", "leadership"):
            session.execute(PostUpdate(channel, "Card payments fail.", later), "INC-1")
        text = "Card payments fail in the EU. We are looking into it."
        session.execute(PostUpdate("public", text, None, Audience.EXTERNAL), "INC-1")
    return path


def test_acknowledging_takes_one(room: Path) -> None:
    async def act(hands: Hands) -> None:
        await hands.press("a")

    assert at_the_keyboard(room, act, lambda found: found.escalation.acked_by == "mina") == 1


def test_a_note_takes_one_its_words_and_enter(room: Path) -> None:
    async def act(hands: Hands) -> None:
        await hands.press("n")
        await hands.say("errors fall since 14")
        await hands.press("enter")

    before = _version(room)
    assert (
        at_the_keyboard(room, act, lambda found: found.version > before and _last(room) == "errors fall since 14") == 2
    )


def test_declaring_from_one_line_takes_two(room: Path) -> None:
    async def act(hands: Hands) -> None:
        await hands.press("d")
        await hands.say("SEV2 exports stand still")
        await hands.press("enter")

    def declared(found: Room) -> bool:
        return (found.incident.title, found.incident.severity) == ("exports stand still", "SEV2")

    assert at_the_keyboard(room, act, declared, key="INC-2") <= 2


def test_offering_a_handover_takes_five_at_most(room: Path) -> None:
    async def act(hands: Hands) -> None:
        await hands.press("h", "ctrl+s")

    def offered(found: Room) -> bool:
        offer = found.roles.get("incident-manager").offer
        return offer is not None and offer.to == "li" and "Cards fail" in offer.note

    assert at_the_keyboard(room, act, offered) <= 5


def test_taking_over_takes_as_few(room: Path) -> None:
    with Session(room, actor="li", seed=seed_rulebook) as session:
        session.execute(AssignRole("tech-lead", "li"), "INC-1")
        session.execute(OfferRole("tech-lead", "mina", "the pool is full"), "INC-1")

    async def act(hands: Hands) -> None:
        await hands.press("h", "enter")

    assert at_the_keyboard(room, act, lambda found: found.roles.holder("tech-lead") == "mina") <= 5


def test_a_following_update_takes_six_at_most_and_the_words_that_have_changed(room: Path) -> None:
    async def act(hands: Hands) -> None:
        await hands.press("u")
        await hands.press("ctrl+n")
        await hands.say("Two of four regions work again.")
        await hands.press("ctrl+s", "y")  # people outside are told only when one is sure

    before = _updates(room)

    def sent(_: Room) -> bool:
        now = _updates(room)
        fresh = [text for text in now if text not in before]
        return len(fresh) == 1 and "Two of four regions work again." in fresh[0] and "[[" not in fresh[0]

    assert at_the_keyboard(room, act, sent) <= 6


def test_one_for_the_house_takes_six_at_most_and_nothing_is_asked(room: Path) -> None:
    with Session(room, actor="mina", seed=seed_rulebook) as session:
        session.execute(Amend(impact="Card payments fail.", external=900, internal=3), "INC-1")
        for text, owner in (("roll back", "mina"), ("tell sales", "")):
            session.execute(AddTask(text, owner), "INC-1")
        session.execute(PostUpdate("public", "Payments fail.", session.clock() + timedelta(hours=4)), "INC-1")
        session.execute(PostUpdate("internal", "Payments fail."), "INC-1")

    async def act(hands: Hands) -> None:
        await hands.press("u", "ctrl+o")
        await hands.say(" Two of four regions work again.")
        await hands.press("ctrl+s")

    before = _updates(room)

    def sent(_: Room) -> bool:
        fresh = [text for text in _updates(room) if text not in before]
        return len(fresh) == 1 and "Two of four regions work again." in fresh[0]

    assert at_the_keyboard(room, act, sent) <= 6


def test_what_takes_no_key_is_done_by_nobody(room: Path) -> None:
    """The counting itself: a key that does nothing does not count as done."""

    async def act(hands: Hands) -> None:
        await hands.press("k")

    with pytest.raises(AssertionError, match="Cards fail"):
        at_the_keyboard(room, act, lambda found: found.escalation.acked_by == "mina")


def _version(path: Path) -> int:
    with Session(path, actor="x", seed=seed_rulebook) as session:
        return session.room("INC-1").version


def _last(path: Path) -> str:
    with Session(path, actor="x", seed=seed_rulebook) as session:
        return next((line.text for line in reversed(session.record("INC-1").lines) if line.actor == "mina"), "")


def _updates(path: Path) -> list[str]:
    with Session(path, actor="x", seed=seed_rulebook) as session:
        return [dot.text for lane in session.detail("INC-1").timeline.lanes for dot in lane.dots]
