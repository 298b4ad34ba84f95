"""The people screen and the panel of roles: what they say of who is here, who is tired and who could take over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.support.allowlist import violations
from tests.support.commands import HOSTILE
from tests.support.profile import examples
from tests.tui.driving import drive, screen_text, settle
from tests.tui.fixtures import NOW, ago, ahead, cards_line, small_view
from tests.tui.harness import BoardApp
from warroom.tui import panels
from warroom.tui.people import duty_words, foot, head, sheet
from warroom.tui.pieces import Role, line_width, plain
from warroom.tui.tired import RED, TIRED, tired_role, tired_word
from warroom.tui.widgets.people import PeopleScreen
from warroom.views import PeopleView, PersonHere, RoleLine, SpanLine, SuccessionLine, SuccessorLine

MINA = PersonHere(
    "mina",
    "Mina Dahlqvist",
    ("incident manager",),
    True,
    ago(200),
    seen_at=ago(1),
    awake_since=ago(900),
    on_duty=timedelta(minutes=310),
    night_pages=2,
    amber_at=ago(140),
    red_at=ago(20),
    why="in the role incident-manager 3h20 (limit 3h00)",
)
JONAS = replace(MINA, login="jonas", name="", roles=("tech lead",), red_at=ahead(40), why="in the role tech-lead 4h00")
LI = PersonHere("li", "", (), True, ago(5), red_at=ahead(100))
EVA = PersonHere("eva", "", (), False, ago(90), ago(30))
DAG = PersonHere("dag", "", (), False, declined_at=ago(12))
VIEW = PeopleView(
    (MINA, JONAS, LI, EVA, DAG),
    (
        SuccessionLine(
            "im",
            "incident manager",
            (SuccessorLine("greta", "deputy, not tired"), SuccessorLine("li", "in the room", "amber")),
        ),
        SuccessionLine("tl", "tech lead", ()),
    ),
    SpanLine(9, 7, "give the workstream eu (4 people) a lead of its own: tech-lead/eu"),
)


def texts(rows: Any) -> list[str]:
    return [plain(row).rstrip() for row in rows]


def test_amber_and_red_are_words_and_not_colours_alone() -> None:
    assert tired_word(MINA, NOW) == (RED, Role.LATE)
    assert tired_word(JONAS, NOW) == (TIRED, Role.SOON)
    assert tired_word(JONAS, ahead(40)) == (RED, Role.LATE)
    assert tired_word(LI, NOW) == ("", Role.MUTED)
    assert tired_word(replace(MINA, here=False), NOW)[0] == ""
    line = RoleLine("im", "incident manager", "mina", ago(200), None, amber_at=ago(140), red_at=ago(20))
    assert tired_role(line, NOW) == (RED, Role.LATE)
    assert tired_role(replace(line, holder=""), NOW)[0] == ""


def test_everybody_stands_in_a_line_and_the_marked_one_is_told_of() -> None:
    shown = sheet(VIEW, NOW, 76, 0)
    rows = texts(shown.rows)
    assert rows[0].startswith("▌ mina   incident manager")
    assert rows[0].endswith("RELIEF    3h20")
    assert "on duty 5h10 in 24h" in " ".join(rows[1:4])
    assert "paged 2 x at night" in " ".join(rows[1:4])
    assert "RELIEF: in the role incident manager 3h20 (limit 3h00)" in " ".join(rows[1:5])
    assert [row for row in rows if "left" in row or "declined" in row] == [
        "left or declined",
        *[row for row in rows if row.startswith(("  eva", "  dag"))],
    ]
    assert len(shown.spans) == len(VIEW.people)
    assert "relief is due by" in " ".join(texts(sheet(VIEW, NOW, 76, 2).rows))


def test_the_head_counts_and_the_foot_advises() -> None:
    line = " ".join(plain(head(VIEW, NOW, 90)).split())
    assert line == "3 people are here 9 report to the incident manager, 7 at most 1 needs RELIEF 1 tired"
    low = texts(foot(VIEW, NOW, 90, 8))
    assert low[0].startswith("9 people report to the incident manager (more than 7): give the workstream eu")
    assert low[2:] == [
        "",
        "Who could take over",
        "incident manager  greta (deputy, not tired), li",
        "tech lead         nobody is known who could take over",
    ]
    assert plain(head(PeopleView(), NOW, 60)).strip() == "nobody is here"


@pytest.mark.parametrize(("minutes", "words"), [(0, ""), (59, "59m"), (60, "1h00"), (185, "3h05")])
def test_time_on_duty(minutes: int, words: str) -> None:
    assert duty_words(timedelta(minutes=minutes)) == words


def role(**fields: Any) -> RoleLine:
    return replace(RoleLine("im", "incident manager", "mina", ago(200), None, True), **fields)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (role(), "incident manager  mina            3h20"),
        (role(amber_at=ago(5)), "incident manager  mina      tired 3h20"),
        (role(red_at=ago(5)), "incident manager  mina     RELIEF 3h20"),
        (role(also=("li",), deputies=("eva",)), "incident manager  mina +2         3h20"),
        (role(lapsed_to="bo"), "incident manager  mina LAPSED bo 3h20"),
    ],
)
def test_the_panel_says_who_is_tired_and_what_lapsed(line: RoleLine, says: str) -> None:
    (row,) = texts(panels.roles([line], NOW, 38, 1))
    assert row.split() == says.split()


def test_the_panel_says_until_when_a_role_is_held() -> None:
    (row,) = texts(panels.roles([role(planned_at=ahead(30))], NOW, 60, 1))
    assert f"until {ahead(30):%H:%M}" in row


TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))


@given(TEXTS, TEXTS, st.integers(20, 200), st.integers(0, 4))
@examples()
def test_no_text_of_others_breaks_the_screen(one: str, two: str, width: int, marked: int) -> None:
    view = replace(
        VIEW,
        people=tuple(replace(each, login=one, name=two, roles=(two,), why=one) for each in VIEW.people),
        succession=(SuccessionLine(one, two, (SuccessorLine(two, one, "red"),)),),
        span=SpanLine(9, 7, two),
    )
    rows = (*sheet(view, NOW, width, marked).rows, *foot(view, NOW, width, 8), head(view, NOW, width))
    for row in rows:
        assert line_width(row) <= max(width, 26)
        assert violations(plain(row).encode()) == []


SIZES = [(80, 24), (120, 40), (60, 20), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
def test_the_screen_fits_and_its_keys_ask(size: tuple[int, int]) -> None:
    asked: list[tuple[str, str]] = []

    def wish(screen: PeopleScreen, act: str, person: PersonHere | None) -> None:
        asked.append((act, person.login if person else ""))

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.push_screen(PeopleScreen(cards_line(), lambda: VIEW, lambda: NOW, wish))
        await settle(pilot)
        await settle(pilot)
        shown = screen_text(app)
        assert "3 people are here" in shown
        assert "mina" in shown
        assert "close" in shown
        assert all(line == line.rstrip() or len(line) <= size[0] for line in shown.splitlines())
        await pilot.press("down", "o", "j", "x", "k", "a", "h", "i", "r", "d", "p")
        await settle(pilot)
        assert asked == [
            *(("offer", "jonas"), ("leave", "li"), ("awake", "jonas"), ("handover", "jonas"), ("join", "jonas")),
            *(("roles", "jonas"), ("duties", "jonas"), ("page", "jonas")),
        ]
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, PeopleScreen)

    drive(small_view(), steps, size=size)


def test_its_keys_answer_to_the_mouse() -> None:
    asked: list[str] = []

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.push_screen(PeopleScreen(cards_line(), lambda: VIEW, lambda: NOW, lambda _, act, __: asked.append(act)))
        await settle(pilot)
        await settle(pilot)
        for words in ("awake since", "join", "duties"):
            shown = screen_text(app).splitlines()
            row = max(n for n, line in enumerate(shown) if words in line)
            await pilot.click(offset=(shown[row].rindex(words), row))
            await settle(pilot)
        assert asked == ["awake", "join", "duties"]

    drive(small_view(), steps, size=(80, 24))


def test_nobody_is_no_reason_to_break() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.push_screen(PeopleScreen(cards_line(), lambda: None, lambda: NOW, lambda *_: None))
        await settle(pilot)
        assert "nobody yet" in screen_text(app)
        await pilot.press("down", "o", "end")

    drive(small_view(), steps)


def test_a_mark_stays_on_its_person_while_others_come() -> None:
    views = [VIEW]

    def look() -> PeopleView:
        return views[-1]

    def clock() -> datetime:
        return NOW

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        screen = PeopleScreen(cards_line(), look, clock, lambda *_: None)
        app.push_screen(screen)
        await settle(pilot)
        await pilot.press("down")
        views.append(replace(VIEW, people=(replace(LI, login="ana"), *VIEW.people)))
        screen.follow()
        await settle(pilot)
        assert "▌ jonas" in screen_text(app)

    drive(small_view(), steps)


@pytest.mark.parametrize(("size", "hidden"), [((120, 40), False), ((60, 20), True)])
def test_what_is_out_of_sight_is_counted_at_the_foot_of_the_box(size: tuple[int, int], hidden: bool) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.push_screen(PeopleScreen(cards_line(), lambda: VIEW, lambda: NOW, lambda *_: None))
        await settle(pilot)
        await settle(pilot)
        foot = app.screen.query_one("#people")
        assert str(foot.border_subtitle or "") == ("▼ 3 more" if hidden else "")
        await pilot.press(*("down",) * len(VIEW.people))
        await settle(pilot)
        assert str(foot.border_subtitle or "") == ("▲ 1 more" if hidden else "")

    drive(small_view(), steps, size=size)
