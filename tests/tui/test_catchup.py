"""Catch me up as rows: everything has its place on one screen, and what is left out is counted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.support.allowlist import violations
from tests.support.commands import HOSTILE
from tests.support.profile import examples
from tests.tui.driving import drive, screen_text, settle
from tests.tui.fixtures import NOW, SEV1, ago, ahead, small_view
from tests.tui.harness import BoardApp
from warroom.tui.catchup import changed, state
from warroom.tui.pieces import Line, line_width, plain
from warroom.tui.widgets.catchup import CatchUpScreen
from warroom.views import CatchUpView, Fact
from warroom.views.catchup import STILL_HERE

VIEW = CatchUpView(
    "INC-142",
    "EU card payments failing",
    SEV1,
    "mitigating",
    ago(10),
    True,
    ago(41),
    NOW,
    impact=(Fact("all EU customers"), Fact("62 support cases")),
    why=(Fact("SEV1, critical; was SEV2: it is everybody", "mina", ago(30)),),
    roles=(Fact("incident manager: mina", at=ago(41)), Fact("communications: nobody", due=ago(2), mark="vacant")),
    known=(Fact("pool exhausted: errors fall", "jonas", ago(12), mark="yes"),),
    unknown=(Fact("the cause: one theory is open", mark="open"), Fact("when it will be over", mark="open")),
    tried=tuple(Fact(f"change {n} (in effect)", "jonas", ago(n), mark="yes") for n in range(6)),
    running=(Fact("#12 slow log", "li", ago(9), ahead(12), "running"),),
    decided=(Fact("roll back everywhere", "mina", ago(8), mark="yes"),),
    next=tuple(Fact(f"update on channel {n}", due=ahead(n)) for n in range(1, 9)),
    said=(Fact("public: " + "we look into it " * 12, "li", ago(20), ago(1)),),
    here=(Fact("mina (incident manager)", at=ago(41)), Fact("jonas", at=ago(20))),
    since=ago(25),
    since_why="you left",
    changed=(Fact("severity SEV2 → SEV1: worse", "mina", ago(20)), Fact("theory refuted: the cable", "li", mark="no")),
    more=3,
)


def texts(rows: tuple[Line, ...]) -> str:
    return "\n".join(plain(row).rstrip() for row in rows)


@pytest.mark.parametrize(("width", "height"), [(75, 21), (56, 21), (91, 37), (30, 12)])
def test_every_part_is_on_one_screen(width: int, height: int) -> None:
    rows = state(VIEW, NOW, width, height)
    assert len(rows) <= max(height, 13)
    for name, _ in VIEW.sections:
        assert any(plain(row).startswith(name[:9]) for row in rows), name
    assert all(line_width(row) == width for row in rows)


def test_what_is_left_out_is_counted_and_in_full_nothing_is() -> None:
    short = texts(state(VIEW, NOW, 75, 14))
    assert "+5" in short
    full = texts(state(VIEW, NOW, 75))
    assert all(f"change {n}" in full for n in range(6))
    assert "…" not in full
    assert "LATE 01:00" in full
    assert "communications: nobody LATE 02:00" in full


def test_what_is_empty_is_said() -> None:
    empty = replace(VIEW, impact=(), known=(), running=(), here=(), roles=())
    shown = texts(state(empty, NOW, 75))
    for words in ("nobody has said what the impact is", "nothing for certain", "nobody is here"):
        assert words in shown


def test_what_is_new_stands_in_its_order() -> None:
    shown = texts(changed(VIEW, NOW, 75, 20)).splitlines()
    assert "since you left 14:07 UTC, 25m ago" in shown[1]
    assert shown[2].startswith("severity SEV2 → SEV1: worse  mina 14:12")
    assert shown[3] == "✗ theory refuted: the cable  li"
    assert shown[4] == "and 3 lesser things"
    assert "nothing has changed" in texts(changed(replace(VIEW, changed=(), more=0), NOW, 75))
    assert "nothing to compare" in texts(changed(replace(VIEW, since=None), NOW, 75))
    cut = texts(changed(VIEW, NOW, 75, 4)).splitlines()
    assert cut[-1] == "and 4 lesser things"


TEXT = st.one_of(st.text(max_size=300), st.sampled_from(HOSTILE), st.just("결제 " * 60))
FACTS = st.lists(
    st.builds(
        Fact,
        TEXT,
        TEXT,
        st.none() | st.just(ago(3)),
        st.none() | st.sampled_from((ago(3), ahead(3))),
        st.sampled_from(("", "yes", "no", "running", "open", "vacant", "?")),
    ),
    max_size=5,
).map(tuple)


@examples(0.5)
@given(
    st.lists(FACTS, min_size=12, max_size=12),
    TEXT,
    st.sampled_from((30, 56, 75, 91)),
    st.none() | st.integers(12, 40),
)
def test_any_text_stays_in_its_cells(parts: list[tuple[Fact, ...]], title: str, width: int, height: int | None) -> None:
    names = ("impact", "why", "roles", "known", "unknown", "tried", "running", "decided", "next", "said", "here")
    view = replace(VIEW, title=title, changed=parts[-1], **dict(zip(names, parts, strict=False)))  # type: ignore[arg-type]
    for rows in (state(view, NOW, width, height), changed(view, NOW, width, height)):
        assert all(line_width(row) == width for row in rows)
        assert violations(texts(rows).replace("\n", " ").encode()) == []
        if height is not None:
            assert len(rows) <= max(height, 14)


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)])
def test_the_screen_opens_on_what_is_new_and_turns(size: tuple[int, int]) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.push_screen(CatchUpScreen(VIEW, lambda: NOW))
        await settle(pilot)
        assert "What is new" in screen_text(app)
        await pilot.press("tab")
        await settle(pilot)
        shown = screen_text(app)
        assert "Catch me up" in shown
        assert "unknown" in shown
        assert "esc close" in shown
        await pilot.press("m")
        await settle(pilot)
        assert "one screen" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen is app.board

    drive(small_view(), steps, size=size)


def test_who_never_left_sees_how_it_stands_first() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.push_screen(CatchUpScreen(replace(VIEW, since_why=STILL_HERE), lambda: NOW))
        await settle(pilot)
        assert "Catch me up" in screen_text(app)

    drive(small_view(), steps, size=(80, 24))


def test_the_title_is_whole_before_it_is_said_when_it_began() -> None:
    head = plain(state(VIEW, NOW, 75, 20)[0]).rstrip()
    assert head == "◆ SEV1  INC-142  EU card payments failing  mitigating for 10m"
    assert plain(state(VIEW, NOW, 110, 20)[0]).rstrip().endswith("mitigating for 10m, began 41m ago")
