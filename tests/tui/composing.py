"""Somebody with the composer open on the real program, in a room of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import TextArea

from tests.support.clocks import midday
from tests.tui.driving import screen_text, settle
from warroom.domain.incident import Declare
from warroom.domain.room import Room
from warroom.engine.runtime import Place
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import read_rulebook
from warroom.service.session import Session
from warroom.tui.app import WarroomApp
from warroom.tui.composer import ComposerScreen
from warroom.tui.widgets.confirm import Confirm

RULES = """
room: {name: r, prefix: INC}
people:
  mina: {name: Mina, contacts: {chat: "@mina"}}
  eva: {name: Eva, contacts: {chat: "@eva"}}
oncall: {first: [mina, eva]}
policies: {}
severities:
  SEV1:
    rank: 1
    glyph: "!"
    title: critical
    major: true
    cadence: {internal: {first: 1h, every: 40m}, public: {first: 2h, every: 30m}}
roles: {incident-manager: {title: incident manager}}
role_defaults: {remind_every: 5m, remind_times: 3, offer_lapses: 10m}
channels:
  internal: {title: internal chat, audience: internal}
  desk: {title: support desk, audience: internal}
  public: {title: status page, audience: external}
  social: {title: social media, audience: external, kind: social}
services: {till: {title: till API, product: Till}}
reminders: []
watch: {channel: public, cadence: 30m}
templates:
  updates:
    short-internal: {stage: first, audience: internal, subject: "{key} {title}", body: "{impact} {next}"}
    short-public: {stage: first, audience: external, subject: "{product} issue", body: "{product}: [[what]] {next}"}
"""
MUST = "updates: {must: [{items: [impact, next]}]}\n"


def rules(more: str = "") -> Loaded:
    return read_rulebook({"a.yaml": (RULES + more).encode()})


@dataclass
class Desk:
    """Somebody with the composer open, and a session of their own on the same room."""

    app: WarroomApp
    pilot: Pilot[Any]
    session: Session

    @property
    def screen(self) -> ComposerScreen:
        assert isinstance(self.app.screen, ComposerScreen), self.app.screen
        return self.app.screen

    @property
    def text(self) -> str:
        return self.screen.query_one("#text", TextArea).text

    @property
    def room(self) -> Room:
        return self.session.room("INC-1")

    def said(self) -> list[tuple[str, str]]:
        lanes = self.session.detail("INC-1").timeline.lanes
        return [(lane.channel, dot.text) for lane in lanes for dot in lane.dots]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await settle(self.pilot)

    async def write(self, words: str) -> None:
        """Put words where the cursor is, in place of what is marked, as typing them would."""
        area = self.screen.query_one("#text", TextArea)
        area._replace_via_keyboard(words, *area.selection)
        await settle(self.pilot)

    async def until(self, done: Callable[[], object], what: str = "") -> None:
        end = asyncio.get_running_loop().time() + 60
        while not done():
            assert asyncio.get_running_loop().time() < end, f"{what}\n{screen_text(self.app)}"
            await self.pilot.pause(0.02)

    async def sees(self, what: str) -> None:
        await self.until(lambda: what in " ".join(screen_text(self.app).split()), what)

    async def open(self) -> None:
        await self.pilot.press("u")
        await self.until(lambda: isinstance(self.app.screen, ComposerScreen), "the composer")
        await settle(self.pilot)

    async def asked(self, what: str) -> None:
        """It is asked once more, with Cancel marked, whether people outside are to be told that."""
        await self.until(lambda: isinstance(self.app.screen, Confirm), "asked once more")
        await settle(self.pilot)
        assert isinstance(self.app.screen, Confirm) and self.app.screen.result() is False
        await self.sees(what)

    async def closed(self) -> None:
        await self.until(lambda: not isinstance(self.app.screen, ComposerScreen | Confirm), "the board again")


Steps = Callable[[Desk], Awaitable[None]]


def at(
    path: Path, steps: Steps, size: tuple[int, int] = (120, 40), who: str = "mina", *, readonly: bool = False
) -> None:
    """Open the board as somebody and do the steps."""
    place = Place(str(path), who, who, readonly)
    with place.session() as session:
        app = WarroomApp(place, session.room_clock, session.board("INC-1"))

        async def whole() -> None:
            async with app.run_test(size=size) as pilot:
                await settle(pilot)
                await steps(Desk(app, pilot, session))

        try:
            asyncio.run(whole())
        finally:
            app.stop_threads()


def make(path: Path, more: str = "", title: str = "Tills are down", impact: str = "") -> Path:
    made = rules(more)
    with Session(path, actor="mina", seed=lambda: made, new_clock=midday()) as session:
        session.execute(Declare(title, "SEV1", "till", impact=impact))
    return path


def by(path: Path, who: str) -> Session:
    return Session(path, actor=who, seed=rules)
