"""Opened screens draw what has changed, at the second at which it does, and nothing while nothing does."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

import warroom.tui
from tests.tui import fixtures as f
from tests.tui import test_catchup, test_clocks, test_people, test_role_forms, test_rulebook, test_work
from tests.tui.driving import settle
from tests.tui.duty import VIEW as DUTY
from tests.tui.gallery import Office, nothing
from tests.tui.harness import BoardApp
from tests.tui.test_horizon import INSTANT
from warroom.service.composing import Composing
from warroom.service.drafting import composing
from warroom.service.session import Session
from warroom.tui import (
    composer_acts,
    dialogs,
)
from warroom.tui.composer import ComposerScreen
from warroom.tui.held import Held, KeepsUp, keep_up
from warroom.tui.horizon import FOR_GOOD, changes_at, grows, watched
from warroom.tui.oncall import OnCallScreen
from warroom.tui.room import RoomScreen
from warroom.tui.rulebook import RulebookScreen
from warroom.tui.timeline_screen import TimelineScreen
from warroom.tui.widgets.ahead import AheadScreen
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.catchup import CatchUpScreen
from warroom.tui.widgets.clocks import ClocksScreen
from warroom.tui.widgets.people import PeopleScreen
from warroom.tui.widgets.work import WorkScreen

SECOND = timedelta(seconds=1)
DETAIL = f.cards_detail()
DUTIES = replace(test_role_forms.HELD, duties=test_role_forms.DUTIES)
CLOCKS = (test_clocks.PUBLIC, test_clocks.LATE, test_clocks.NONE)


# What was laid out ----------------------------------------------------------------------------------------------------


def test_it_holds_until_the_moment_that_was_named_and_for_what_it_was_made_from() -> None:
    held, detail, size = Held(), object(), (80, 24)
    assert not held.holds(f.NOW)
    with held.laying_out(f.NOW, lambda: (detail, size)):
        changes_at(f.NOW + SECOND, f.NOW)
    assert held.holds(f.NOW, detail, (80, 24)) and held.holds(f.NOW + SECOND - INSTANT, detail, size)
    assert not held.holds(f.NOW + SECOND, detail, size), "the second at which it changes"
    assert not held.holds(f.NOW - INSTANT, detail, size), "a clock that was set back"
    assert not held.holds(f.NOW, object(), size) and not held.holds(f.NOW, detail, (81, 24))
    held.drop()
    assert not held.holds(f.NOW, detail, size)


def test_what_failed_to_be_laid_out_does_not_hold() -> None:
    held = Held()
    with held.laying_out(f.NOW, tuple):
        pass
    with pytest.raises(ZeroDivisionError), held.laying_out(f.NOW, tuple):
        _ = 1 // 0
    assert not held.holds(f.NOW)


def test_it_is_said_whether_any_figure_counts_seconds() -> None:
    with watched() as outer:
        with watched() as minutes:
            grows(f.NOW, f.NOW)
        assert not minutes.by_second
        with watched() as seconds:
            grows(f.NOW, f.NOW, SECOND)
        assert seconds.by_second
    assert outer.by_second and outer.until == f.NOW + SECOND


def test_every_screen_that_keeps_up_is_asked_also_one_behind_a_dialog() -> None:
    asked: list[str] = []

    class Behind(KeepsUp):
        def keep_up(self) -> None:
            asked.append("behind")

    class Dialog(KeepsUp):
        def keep_up(self) -> None:
            asked.append("dialog")

    class App:
        screen_stack = (object(), Behind(), Dialog())

    keep_up(App())  # type: ignore[arg-type]
    assert asked == ["behind", "dialog"]


def test_no_screen_has_a_timer_of_its_own_that_goes_on() -> None:
    root = Path(warroom.tui.__path__[0])
    found = [path for path in root.rglob("*.py") if re.search(r"\.set_interval\(", path.read_text("utf-8"))]
    assert [path.relative_to(root).as_posix() for path in found] == ["themes/live.py"], "files of themes, every 5 s"


# Screens, which draw only what has changed ----------------------------------------------------------------------------


@dataclass
class Stand:
    """A screen that is told the time, and the time that it is told."""

    make: Callable[[Callable[[], datetime], Session], Screen[Any]]
    keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.now = f.NOW

    def tick(self, screen: Any) -> None:
        if isinstance(screen, RoomScreen):
            screen.tick(self.now, read_at=self.now)
        elif isinstance(screen, OnCallScreen | RulebookScreen):
            screen.tick(self.now)
        else:
            screen.keep_up()


def _timeline(clock: Callable[[], datetime]) -> Screen[Any]:
    detail = f.full_view().selected
    assert detail is not None
    return TimelineScreen(detail, clock(), "ana", lambda: (detail, clock()))


def _room(clock: Callable[[], datetime]) -> Screen[Any]:
    return RoomScreen(DETAIL, f.full_view(), clock())


def _composer(clock: Callable[[], datetime], session: Session) -> Screen[Any]:
    source: Composing = composing(session, "INC-1")
    return ComposerScreen(source, Quiet(str), "mina", clock)  # type: ignore[arg-type]


class Quiet(Office):
    """Nobody else writes."""

    def __getattr__(self, name: str) -> Any:
        return nothing if name == "keep_up" else super().__getattr__(name)


def _roles(clock: Callable[[], datetime]) -> Screen[Any]:
    roles = (test_role_forms.VACANT, test_role_forms.HELD, *DETAIL.roles)
    line = DETAIL.line
    return dialogs.RoleDialog(line, roles, (), clock(), me="ana", look=lambda: (roles, clock()))


STANDS = {
    "room": Stand(lambda clock, _: _room(clock), ("2", "1", "3")),
    "on-call": Stand(lambda clock, _: OnCallScreen("prod", "mina", clock()), ("down",)),
    "rulebook": Stand(lambda clock, _: RulebookScreen("prod", "ana", clock(), test_rulebook.VIEW)),
    "timeline": Stand(lambda clock, _: _timeline(clock), ("+", "tab")),
    "composer": Stand(_composer),
    "clocks": Stand(lambda clock, _: ClocksScreen(lambda: (DETAIL.line, CLOCKS), clock, nothing), ("down",)),
    "catch-up": Stand(lambda clock, _: CatchUpScreen(test_catchup.VIEW, clock), ("tab",)),
    "ahead": Stand(lambda clock, s: AheadScreen(s.forecast("INC-1"), s.why("INC-1"), clock)),
    "work": Stand(lambda clock, _: WorkScreen(DETAIL.line, lambda: test_work.VIEW, clock, nothing), ("down",)),
    "people": Stand(lambda clock, _: PeopleScreen(DETAIL.line, lambda: test_people.VIEW, clock, nothing), ("down",)),
    "roles": Stand(lambda clock, _: _roles(clock)),
    "duties": Stand(
        lambda clock, _: dialogs.DutiesScreen(lambda: DUTIES, clock, nothing)  # type: ignore[arg-type]
    ),
}


def holds(screen: Screen[Any]) -> list[Held]:
    """All of it that says until when it stays."""
    seen: tuple[Any, ...] = (screen, *(each for each in screen.query("*") if each.display and each.size))
    return [value for node in seen for value in vars(node).values() if isinstance(value, Held)]


def picture(screen: Screen[Any]) -> list[tuple[str | None, object]]:
    """What its parts show."""
    lines = [(each.id, each.lines) for each in screen.query(Canvas) if each.display]
    return [*lines, *((each.id, str(each.content)) for each in screen.query(Static) if each.display)]


def stand(name: str, lived: Session, look: Callable[[Stand, Any, Pilot[Any]], Any], size: tuple[int, int]) -> None:
    """Open the screen, and look at it as it is first and after each of its keys."""
    here = STANDS[name]
    here.now = f.NOW

    async def run() -> None:
        app = BoardApp(f.full_view())
        async with app.run_test(size=size) as pilot:
            screen = here.make(lambda: here.now, lived)
            app.push_screen(screen)
            await settle(pilot)
            if isinstance(screen, OnCallScreen):
                screen.show(DUTY, here.now)
                await settle(pilot)
            for key in ("", *here.keys):
                if key:
                    await pilot.press(key)
                    await settle(pilot)
                await look(here, screen, pilot)

    asyncio.run(run())


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=str)
@pytest.mark.parametrize("name", list(STANDS))
def test_a_screen_that_skips_what_has_not_changed_shows_what_one_that_draws_all_would(
    name: str, size: tuple[int, int], lived: Session
) -> None:
    chance = random.Random(name)

    async def look(here: Stand, screen: Any, pilot: Pilot[Any]) -> None:
        for _ in range(30):
            ends = [each.found.until for each in holds(screen) if here.now < each.found.until < FOR_GOOD]
            steps = [SECOND, SECOND, *(timedelta(seconds=n) for n in (7, 59, 61, 540, 3600, 90_000, -1800))]
            if ends:
                left = min(ends) - here.now
                steps += [left, left - INSTANT, left * chance.random(), left, left - INSTANT]
            here.now += chance.choice(steps)
            here.tick(screen)
            kept = picture(screen)
            for each in holds(screen):
                each.drop()
            here.tick(screen)
            assert kept == picture(screen), here.now
            await pilot.pause()
            here.tick(screen)  # parts may have another size by now

    stand(name, lived, look, size)


@pytest.mark.parametrize("name", list(STANDS))
def test_while_nothing_changes_nothing_is_laid_out(name: str, lived: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str | None] = []
    show_lines = Canvas.show_lines

    def noted(self: Canvas, *given: Any, **named: Any) -> bool:
        drawn.append(self.id)
        return show_lines(self, *given, **named)

    monkeypatch.setattr(Canvas, "show_lines", noted)

    async def look(here: Stand, screen: Any, pilot: Pilot[Any]) -> None:
        for _ in range(4):
            for _ in range(2):  # parts have the size that they want
                here.tick(screen)
                await pilot.pause()
            drawn.clear()
            until = min([each.found.until for each in holds(screen) if each.found.until > here.now], default=FOR_GOOD)
            last = min(until, here.now + timedelta(days=1)) - INSTANT
            here.now += (last - here.now) / 2
            here.tick(screen)
            here.now = last
            here.tick(screen)
            assert drawn == [], (here.now, until)
            here.now += INSTANT
            here.tick(screen)
            assert drawn or until == FOR_GOOD or name in ("roles", "duties")

    stand(name, lived, look, (120, 40))


def test_a_room_behind_another_screen_is_drawn_when_it_is_seen_again(
    lived: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str | None] = []
    show_lines = Canvas.show_lines

    def noted(self: Canvas, *given: Any, **named: Any) -> bool:
        drawn.append(self.id)
        return show_lines(self, *given, **named)

    async def look(here: Stand, screen: Any, pilot: Pilot[Any]) -> None:
        timeline = _timeline(lambda: f.NOW)
        screen.app.push_screen(timeline)
        await settle(pilot)
        monkeypatch.setattr(Canvas, "show_lines", noted)
        before = picture(screen)
        here.now += timedelta(minutes=3)
        later = replace(DETAIL, line=replace(DETAIL.line, title="another title"))
        screen.show(f.full_view(), here.now, later)
        here.now += SECOND
        here.tick(screen)
        assert drawn == [] and picture(screen) == before, "nobody sees it"
        screen.app.pop_screen()
        await settle(pilot)
        kept = picture(screen)
        assert kept != before and "another title" in str(kept)
        for each in holds(screen):
            each.drop()
        here.tick(screen)
        assert picture(screen) == kept
        screen.app.push_screen(PeopleScreen(DETAIL.line, lambda: test_people.VIEW, lambda: here.now, nothing))
        await settle(pilot)
        drawn.clear()
        here.now += timedelta(minutes=3)
        here.tick(screen)
        assert "room-escalation" in drawn, "behind a dialog it is seen"
        screen.app.pop_screen()
        await settle(pilot)

    here = STANDS["room"]
    monkeypatch.setattr(here, "keys", ())
    stand("room", lived, look, (120, 40))


def test_what_others_write_is_looked_at_when_the_feed_has_found_something_and_not_all_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    time, shown, looks = [100.0], [DETAIL], list[float]()
    monkeypatch.setattr(composer_acts, "monotonic", lambda: time[0])
    app = SimpleNamespace(detail_of=lambda _: shown[0])
    office = composer_acts._Office(SimpleNamespace(app=app, me="mina"), DETAIL.line, [])  # type: ignore[arg-type]
    monkeypatch.setattr(office, "look", lambda _: looks.append(time[0]))
    screen: Any = object()
    for _ in range(40):
        time[0] += 0.5
        office.keep_up(screen)
    assert looks == [100.0 + composer_acts.LOOK_S], "once, for what came since it was opened"
    shown[0] = replace(DETAIL, topic="another one")
    office.keep_up(screen)
    office.keep_up(screen)
    assert looks[1:] == [time[0]], "at once"
    shown[0] = replace(DETAIL, topic="and another")
    time[0] += 0.5
    office.keep_up(screen)
    assert len(looks) == 2, "nobody types that fast"
    time[0] += composer_acts.LOOK_S
    office.keep_up(screen)
    assert len(looks) == 3
