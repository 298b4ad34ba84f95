"""The rulebook's screen: what its sheets say, how it is moved through, and that it follows the room."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App
from textual.pilot import Pilot

from tests.tui.driving import screen_text, settle
from tests.tui.fixtures import NOW, SEV1, SEV3, ago, ahead
from warroom.clock import Clock
from warroom.domain.core import Refused
from warroom.domain.incident import Declare
from warroom.engine.runtime import Place
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui import rulebook_acts, rulebook_sheets
from warroom.tui.app import WarroomApp
from warroom.tui.pieces import Role, line_width, plain
from warroom.tui.reading import read_in_thread
from warroom.tui.rulebook import RulebookScreen
from warroom.tui.rulebook_ladder import Sheet, unreached
from warroom.tui.widgets.lines import KeyBar, TabStrip
from warroom.views import (
    CadenceLine,
    FindingLine,
    FindingWeight,
    PageLine,
    PassedLine,
    PolicyLine,
    RevisionLine,
    RulebookView,
    RuleLine,
    RungLine,
    SeverityLine,
    TargetLine,
)

M5 = timedelta(minutes=5)
NIGHTS = TargetLine("oncall:nights", nobody="nobody is on call for nights")
LADDER = PolicyLine(
    "payments-critical",
    ("SEV1", "service 결제", "rule storm"),
    (
        RungLine(
            1, "primary",
            (TargetLine(
                "oncall:primary", (PageLine("지민", ("sms", "chat"), "oncall:primary", "on call since Mon 09:00"),),
                (PassedLine("li", "oncall:primary", "li is away until Fri"),),
            ),),
            ("sms", "chat"), timedelta(0), "", M5, 3 * M5, 2, timedelta(minutes=2),
        ),
        RungLine(2, "night duty", (NIGHTS,), at=None, skipped="nobody is on call for nights", ack_timeout=M5),
        RungLine(
            3, "team",
            (
                TargetLine("team:pay", tuple(PageLine(who, ("mail",), "team:pay", "member") for who in ("ana", "bo"))),
                TargetLine("role:lead", depends="whoever is incident manager"),
            ),
            (), 3 * M5, in_turn=True, when="region seoul",
            confirm="person:ana confirms within 4m, else it is passed over", accountable=("role:lead",),
            informed=("channel:#all",),
        ),
    ),
    2, "all of it again, 2 times in all; then it is exhausted", timedelta(hours=1),
    (TargetLine("person:ghost", nobody="ghost has no contact"),),
)  # fmt: skip
VIEW = RulebookView(
    NOW,
    ("3f2a90b1c2d3", 17),
    (LADDER, PolicyLine("calm", (), (RungLine(1, "first", (TargetLine("person:ana"),), at=timedelta(0)),))),
    (
        RuleLine("storm", "한 서비스의 폭주는 하나로", "source prometheus", ("join a live incident",), fired=12),
        RuleLine("[red]quiet[/red]", "", "source synthetic", ("page nobody for 4h: a test", "label a=b"), stop=True),
    ),
    (
        SeverityLine(
            SEV1, "critical", "payments-critical",
            cadence=(CadenceLine("public", "external", M5, 6 * M5, 3 * M5),),
            roles=(("incident manager", M5), ("tech lead", 2 * M5)), ack_lapses=6 * M5, stalled=(("new", 3 * M5),),
            impacts=("critical", "down"),
        ),
        SeverityLine(SEV3, "minor", "calm", "Mon-Fri 09:00-17:00 UTC", ahead(19 * 60)),
    ),
    (
        FindingLine(FindingWeight.ERROR, "policies.orphan", "can reach nobody at all", "name people who have contacts"),
        FindingLine(FindingWeight.WARNING, "people.ghost", "has no contact", "add contacts:"),
    ),
    (
        RevisionLine("3f2a90b1c2d3", ago(60), "지민", 2, True),
        RevisionLine("10d3735de121", ago(60 * 24 * 9), "root", 4),
    ),
    ago(1), 120, timedelta(days=7),
)  # fmt: skip


def text(index: int, width: int = 100, view: RulebookView = VIEW) -> str:
    return "\n".join(plain(line).rstrip() for line in rulebook_sheets.sheet(index, view, NOW, width).lines)


# Sheets ---------------------------------------------------------------------------------------------------------------


def test_a_ladder_reads_from_top_to_bottom() -> None:
    said = [" ".join(line.split()) for line in text(0).splitlines()]
    start = said.index("payments-critical for SEV1, service 결제, rule storm")
    assert said[start + 1 : start + 18] == [
        "L1 at once primary sms chat",
        "oncall:primary 지민 by sms chat: on call since Mon 09:00",
        "li is away until Fri",
        "acknowledge timeout 5m, paged 3 times · resolve timeout 15m · announced 2m before",
        "L2 — night duty NOBODY NOW own way",
        "oncall:nights NOBODY nobody is on call for nights",
        "acknowledge timeout 5m",
        "L3 +15m team own way",
        "team:pay ana, bo by mail: member",
        "role:lead whoever is incident manager",
        "no timeout: nothing follows by itself",
        "one of them in turn, from incident to incident",
        "only where region seoul",
        "person:ana confirms within 4m, else it is passed over",
        "responsible team:pay role:lead, accountable role:lead, informed channel:#all",
        "then +1h all of it again, 2 times in all; then it is exhausted",
        "person:ghost NOBODY ghost has no contact",
    ]
    assert "calm nothing leads to it" in said


def test_what_reaches_nobody_stands_out() -> None:
    lines = rulebook_sheets.sheet(0, VIEW, NOW, 100).lines
    assert (" NOBODY NOW ", Role.ALARM) in [piece for line in lines for piece in line]
    assert unreached(VIEW) == 1
    tabs = {tab.title: (tab.flag, tab.flag_role) for tab in rulebook_sheets.tabs(VIEW)}
    assert tabs == {
        "Policies": ("NOBODY", Role.LATE),
        "Rules": ("", Role.MUTED),
        "Severities": ("", Role.MUTED),
        "Check": ("1 error", Role.LATE),
        "Revisions": ("others ×4", Role.SOON),
    }
    assert not any(tab.flag for tab in rulebook_sheets.tabs(None))


def test_rules_stand_in_order_with_how_often_each_fired() -> None:
    said = text(1, 120)
    assert "Counted: the latest 120 incidents of the last 7 days" in said
    assert said.index("1 storm") < said.index("fired 12 times") < said.index("2 [red]quiet[/red]")
    assert "not fired" in said
    assert (
        "  then      page nobody for 4h: a test\n            label a=b\n  stop      no rule after it is asked" in said
    )
    assert "There was no incident in the last 7 days" in text(1, view=replace(VIEW, counted=0))
    assert "no rules" in text(1, view=replace(VIEW, rules=()))


def test_a_severity_says_when_it_pages_and_what_it_promises() -> None:
    said = text(2)
    assert "pages     at any hour" in said
    assert "updates   public (external): first within 5m, then every 30m, a last one within 15m of the end" in said
    assert "roles     incident manager within 5m, tech lead within 10m" in said
    assert "stalls    the next level comes in when it stays new for 15m" in said
    assert "pages     Mon-Fri 09:00-17:00 UTC; not now, next Wed 09:32" in said


def test_findings_say_where_what_and_what_to_do() -> None:
    assert text(3).splitlines()[0] == "1 error, 1 warning  looked at 14:31 UTC"
    assert "✗ error    policies.orphan\n  can reach nobody at all\n  name people who have contacts" in text(3)
    assert text(3, view=replace(VIEW, findings=())).startswith("nothing to say against it")


def test_revisions_say_which_is_in_force_and_what_runs_under_others() -> None:
    said = [" ".join(line.split()) for line in text(4).splitlines()]
    assert said[0].startswith("4 running incidents go by other rules than those in force: R on the board moves")
    assert "▶ 3f2a90b1c2d3 13:32 지민 2 incidents in force" in said
    assert "10d3735de121 1 Mar 14:32 root 4 incidents" in said


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 4), st.integers(24, 240), st.text(max_size=300), st.text(max_size=40))
def test_no_line_is_wider_than_its_sheet(index: int, width: int, long: str, short: str) -> None:
    """Whatever is written in the rules. Words need 20 cells, also behind a long indentation."""
    rung = replace(LADDER.levels[0], label=short, targets=(TargetLine(short, nobody=long), *LADDER.levels[0].targets))
    view = replace(
        VIEW,
        policies=(replace(LADDER, name=short, used_by=(long, short), levels=(rung,), then=long),),
        rules=(RuleLine(short, long, long, (long,)),),
        findings=(FindingLine(FindingWeight.NOTICE, long, long, long),),
        revisions=(RevisionLine(short, NOW, long, 3),),
    )
    sheet = rulebook_sheets.sheet(index, view, NOW, width)
    assert all(line_width(line) <= max(width, 60) for line in sheet.lines)
    assert all(0 <= head < len(sheet.lines) for head in sheet.heads)
    if width >= 60:
        assert all("\x1b" not in plain(line) for line in sheet.lines)


# The screen -----------------------------------------------------------------------------------------------------------


class Alone(App[None]):
    """The screen alone, on rules that never change."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, view: RulebookView | None = VIEW) -> None:
        super().__init__()
        self.rules = RulebookScreen("prod", "ana", NOW, view)
        self.closed = False

    def on_mount(self) -> None:
        self.push_screen(self.rules, self._close)

    def _close(self, _: None) -> None:
        self.closed = True


Steps = Callable[[Alone, Pilot[None]], Awaitable[None]]


def drive(steps: Steps, size: tuple[int, int] = (80, 24), view: RulebookView | None = VIEW) -> None:
    app = Alone(view)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await steps(app, pilot)

    asyncio.run(run())


def body(app: Alone) -> list[str]:
    return [line.strip() for line in screen_text(app).splitlines()]


def test_one_part_at_a_time_on_a_small_screen() -> None:
    async def steps(app: Alone, pilot: Pilot[None]) -> None:
        assert "payments-critical" in screen_text(app)
        for key, part, words in (
            ("2", 1, "source prometheus"),
            ("4", 3, "can reach nobody"),
            ("5", 4, "10d3735de121"),
            ("right", 0, "L1 at once"),
            ("left", 4, "SINCE"),
            ("h", 3, "policies.orphan"),
        ):
            await pilot.press(key)
            await settle(pilot)
            assert (app.rules.part, words in screen_text(app)) == (part, True)
        assert "payments-critical" not in screen_text(app)

    drive(steps)


def test_two_parts_beside_each_other_on_a_wide_one() -> None:
    async def steps(app: Alone, pilot: Pilot[None]) -> None:
        # What needs somebody first: a rulebook in which check finds an error opens with that.
        assert "payments-critical" in screen_text(app)
        await pilot.press("4")
        await settle(pilot)
        text = screen_text(app)
        assert "L1 at once" in text
        assert "can reach nobody at all" in text
        assert app.focused is app.rules.scroll_of(3)
        await pilot.press("1")
        await settle(pilot)
        assert app.focused is app.rules.scroll_of(0)
        assert "can reach nobody at all" in screen_text(app)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "can reach nobody at all" not in screen_text(app)

    drive(steps, (200, 60))


def test_it_opens_beside_the_policies_with_what_check_finds_wrong() -> None:
    async def steps(app: Alone, pilot: Pilot[None]) -> None:
        assert "reading ..." in screen_text(app)
        app.rules.show(VIEW, NOW)
        await settle(pilot)
        assert "can reach nobody at all" in screen_text(app)

    drive(steps, (200, 60), None)


def test_entries_are_stepped_through_and_what_was_scrolled_stays() -> None:
    many = replace(VIEW, policies=tuple(replace(LADDER, name=f"policy-{n}") for n in range(9)))

    async def steps(app: Alone, pilot: Pilot[None]) -> None:
        await pilot.press("n", "n", "n")
        await settle(pilot)
        assert body(app)[2].startswith("policy-2")
        await pilot.press("N")
        await settle(pilot)
        assert body(app)[2].startswith("policy-1")
        await pilot.press("j", "j", "2", "1")
        app.rules.show(replace(many, read_at=ahead(1)), ahead(1))
        await settle(pilot)
        assert body(app)[2].startswith("oncall:primary")
        await pilot.press("G")
        await settle(pilot)
        assert "person:ghost" in body(app)[-2]
        await pilot.press("g")
        await settle(pilot)
        assert "People as of now" in body(app)[2]

    drive(steps, view=many)


def test_tabs_and_keys_answer_to_the_mouse() -> None:
    async def steps(app: Alone, pilot: Pilot[None]) -> None:
        tabs = app.rules.query_one("#tabs", TabStrip)
        hit = next(hit for hit in tabs.hits if hit.name == "3")
        await pilot.click("#tabs", offset=(hit.start + 1, 0))
        await settle(pilot)
        assert app.rules.part == 2
        keys = app.rules.query_one(KeyBar)
        back = next(hit for hit in keys.hits if hit.name == "go.back")
        await pilot.click("#keys", offset=(back.start, 0))
        await settle(pilot)
        assert app.closed

    drive(steps)


@pytest.mark.parametrize("key", ["escape", "q", "p"])
def test_the_key_that_opened_it_closes_it_too(key: str) -> None:
    async def steps(app: Alone, pilot: Pilot[None]) -> None:
        await pilot.press(key)
        await settle(pilot)
        assert app.closed

    drive(steps)


def test_trouble_is_said_and_what_was_read_stays() -> None:
    async def steps(app: Alone, pilot: Pilot[None]) -> None:
        app.rules.trouble("the file is gone")
        await settle(pilot)
        assert "the file is gone" in body(app)[0]
        assert "L1 at once" in screen_text(app)
        app.rules.show(VIEW, NOW)
        await settle(pilot)
        assert "3f2a90b1c2d3 in force since 13:32" in body(app)[0]

    drive(steps)


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (149, 30), (150, 30), (250, 70)])
def test_every_size_is_drawn(size: tuple[int, int]) -> None:
    async def steps(app: Alone, pilot: Pilot[None]) -> None:
        for key in "12345":
            await pilot.press(key)
            await settle(pilot)
            assert all(len(line) <= size[0] for line in screen_text(app).splitlines())

    drive(steps, size)


def test_a_sheet_keeps_where_its_entries_begin() -> None:
    sheet = Sheet.of([()], [[(), ()], [()]])
    assert (len(sheet.lines), sheet.heads) == (6, (2, 5))


# In the app -----------------------------------------------------------------------------------------------------------


def test_p_on_the_board_opens_it_and_it_follows_the_room(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(rulebook_acts, "AGAIN_S", 0.0)
    monkeypatch.setattr(rulebook_acts, "SHARE", 1.0)
    path = tmp_path / "room.db"
    with Session(path, actor="mina", seed=seed_rulebook) as session:
        session.execute(Declare("Payments fail", "SEV1", "payments-api"))
        app = WarroomApp(Place(str(path), "mina", "mina"), Clock(), session.board("INC-1"))

        async def until(pilot: Pilot[Any], words: str) -> None:
            for _ in range(1_000):
                await pilot.pause(0.02)
                if words in screen_text(app):
                    return
            raise AssertionError(f"never seen: {words}\n{screen_text(app)}")

        async def run() -> None:
            async with app.run_test(size=(120, 40)) as pilot:
                await settle(pilot)
                await pilot.press("p")
                await until(pilot, "L1 at once")
                await pilot.press("2")
                await until(pilot, "fired once")  # payments-senior, for INC-1
                session.execute(Declare("Payments fail again", "SEV1", "payments-api"))
                await until(pilot, "fired 2 times")
                await pilot.press("escape")
                await until(pilot, "NEXT PAGE")
                # What is news now would find a screen that is being taken apart.
                app.stop_threads()
                await settle(pilot)

        try:
            asyncio.run(run())
        finally:
            app.stop_threads()


@pytest.mark.parametrize(
    ("error", "said"), [(Refused("no such thing"), "no such thing"), (KeyError("x"), "unexpected")]
)
def test_what_cannot_be_read_is_said_and_ends_the_waiting(error: Exception, said: str) -> None:
    heard: list[str] = []

    def read() -> str:
        raise error

    async def steps(app: Alone, pilot: Pilot[None]) -> None:
        read_in_thread(app, read, heard.append, lambda why: heard.append(f"failed: {why}"))
        for _ in range(500):
            if heard:
                break
            await pilot.pause(0.01)
        assert len(heard) == 1
        assert heard[0].startswith(f"failed: {said}")

    drive(steps)
