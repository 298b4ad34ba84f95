"""Duty in an invented room, and the on-call screen alone on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from textual import on
from textual.app import App
from textual.pilot import Pilot

from tests.tui.driving import settle
from tests.tui.fixtures import NOW
from warroom.domain.desk import Desk
from warroom.domain.duty import Absence, Override, Swap
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import read_rulebook
from warroom.service.duty_view import oncall_view
from warroom.tui.oncall import OnCallScreen
from warroom.views import OnCallView, ScheduleLine

DAY = timedelta(days=1)
START = NOW.replace(hour=0, minute=0, second=0)  # Tuesday 10 March 2026

# On Tuesday 10 March 2026 (NOW is 14:32 UTC): payments has mina until Wednesday 09:00; nights nobody until 18:00.
RULES = """
people:
  mina: { name: Mina, zone: Europe/Stockholm, contacts: { sms: "+46700000001", chat: "@mina" } }
  jonas: { name: Jonas, zone: Europe/Stockholm, contacts: { chat: "@jonas" } }
  지민: { name: 지민, zone: Asia/Seoul, contacts: { chat: "@jimin" } }
  eve: { name: "[red]Eve[/red]", contacts: { mail: eve@example.org } }
oncall:
  leads: [mina]
schedules:
  payments:
    title: Payments
    layers:
      daily: { people: [mina, jonas, 지민], rotate: daily, handoff: "09:00", start: 2026-03-07 }
  nights:
    layers:
      dark: { people: [jonas], hours: [{ start: "18:00", end: "06:00" }] }
    backup: ["oncall:leads"]
"""


REST = """
room: { name: prod, prefix: INC }
services: {}
teams: {}
policies:
  calm: { levels: [{ label: first, targets: ["oncall:leads"], ack_timeout: 5m }] }
severities:
  SEV1: { rank: 1, glyph: "!", title: critical, major: true, policy: calm, impacts: [critical, major, minor, none] }
roles: { incident-manager: { title: incident manager, pool: ["oncall:leads"], remind_every: 3m, remind_times: 3 } }
role_defaults: { remind_every: 5m, remind_times: 3, offer_lapses: 10m }
channels: { internal: { title: internal chat, audience: internal } }
reminders: [{ after: 0s, to: ["role:incident-manager"] }]
watch: { channel: internal, cadence: 30m }
"""


def rules() -> Loaded:
    """A rulebook with these people and schedules."""
    return read_rulebook({"duty.yaml": RULES.encode(), "rest.yaml": REST.encode()})


BOOK = rules().book
DESK = Desk(
    overrides=(
        Override(1, "payments", "jonas", NOW, START + timedelta(hours=20), "ana", "mina is ill"),
    ),
    absences=(Absence(2, "mina", START + 3 * DAY, START + 5 * DAY, "mina", "fishing"),),
    swaps=(Swap(3, "payments", "지민", START + 2 * DAY, START + 2.5 * DAY, "", "dentist"),),
)  # fmt: skip


def view(desk: Desk = DESK, now: datetime = NOW) -> OnCallView:
    """Duty at `now`, a week before and three after."""
    return oncall_view(BOOK, desk, now, START - 7 * DAY, START + 21 * DAY)


def line(name: str, desk: Desk = DESK, now: datetime = NOW) -> ScheduleLine:
    return next(each for each in view(desk, now).schedules if each.name == name)


VIEW = view()


def line_of(shown: OnCallView, name: str) -> ScheduleLine:
    """A schedule of a view."""
    return next(each for each in shown.schedules if each.name == name)


class OnCallApp(App[None]):
    """The screen alone, on duty that never changes; remembers what it was asked for."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, shown: OnCallView | None = None, *, readonly: bool = False) -> None:
        super().__init__()
        self.shown = shown or VIEW
        self.oncall = OnCallScreen("prod", "mina", NOW, readonly=readonly)
        self.wanted: list[OnCallScreen.Wanted] = []
        self.windows: list[tuple[datetime, datetime]] = []

    def on_mount(self) -> None:
        self.push_screen(self.oncall)

    @on(OnCallScreen.Window)
    def _window(self, event: OnCallScreen.Window) -> None:
        self.windows.append((event.start, event.end))
        self.oncall.show(self.shown, NOW)

    @on(OnCallScreen.Wanted)
    def _wanted(self, event: OnCallScreen.Wanted) -> None:
        self.wanted.append(event)


def drive(
    steps: Callable[[OnCallApp, Pilot[None]], Awaitable[None]],
    size: tuple[int, int] = (120, 40),
    **more: Any,
) -> OnCallApp:
    """Open the screen, do the steps, close it."""
    app = OnCallApp(**more)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await settle(pilot)
            await steps(app, pilot)

    asyncio.run(run())
    return app


def press(*keys: str) -> Callable[[OnCallApp, Pilot[None]], Awaitable[None]]:
    async def steps(app: OnCallApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        await settle(pilot)

    return steps
