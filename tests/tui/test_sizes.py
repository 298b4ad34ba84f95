"""What screens do with the room that a size gives them: nothing is left blank where there is something to say, and
what there is too little room for is left out whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.tui.fixtures import LEVELS, NOW, ago, ahead, cards_detail, many_lines
from warroom.domain.text import cell_width
from warroom.tui import composer_parts, heading, ladder_panel
from warroom.tui.listing import Columns
from warroom.tui.pieces import Line, Role, line_width, plain
from warroom.tui.plan import Mode, large, plan
from warroom.tui.timeline import chart_of, picture
from warroom.tui.timeline.told import newest
from warroom.tui.widgets.help import HelpGroup, HelpLine
from warroom.tui.widgets.info import HelpScreen
from warroom.views import Dot, LadderView, Lane, NextPage, PageState, SaidLine, TimelineView


def text_of(lines: tuple[Line, ...]) -> str:
    return "\n".join(plain(line).rstrip() for line in lines)


# The board ------------------------------------------------------------------------------------------------------------


def test_a_large_panel_of_few_rows_leaves_the_rest_to_the_record() -> None:
    layout = plan(200, 60, 9)
    for panel in (0, 1):
        most, below, rest = large(layout, panel)
        assert below == 3
        assert most + rest == layout.lower - 1
        assert rest >= most, "the record has more to tell"
    for panel in (2, 3):
        assert large(layout, panel) == (layout.lower - 1, -1, 0)


def test_a_large_panel_stands_alone_where_there_is_no_room_for_two() -> None:
    layout = plan(100, 33, 9)
    assert layout.mode is Mode.STACK
    assert large(layout, 0) == (layout.lower - 1, -1, 0)


@pytest.mark.parametrize(("width", "names"), [(120, ()), (160, ()), (180, ("service",)), (200, ("service", "team"))])
def test_what_the_title_does_not_need_is_for_service_and_team(width: int, names: tuple[str, ...]) -> None:
    lines = tuple(replace(line, service="payments-api", team="payments") for line in many_lines())
    columns = Columns.fitting(width, lines)
    assert tuple(name for name, _ in columns.slots if name in ("service", "team")) == names
    assert max(end for _, _, end in columns.places()) <= width
    assert "service" not in dict(
        Columns.fitting(width, tuple(replace(each, service="", team="") for each in lines)).slots
    )


# The ladder -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", range(30, 120, 3))
def test_a_bar_is_whole_or_not_there(width: int) -> None:
    page = NextPage(PageState.ACKED, "", ahead(20), ago(10))
    first = ladder_panel.escalation(LadderView("p", levels=LEVELS[:1], next=page), (), NOW, width, 4)[0]
    assert line_width(first) <= width
    shown = plain(first)
    assert shown.count("▕") == shown.count("▏")
    assert "…" not in shown or width < cell_width("acknowledged, resolve timeout in 20m") + 1


# Timeline -------------------------------------------------------------------------------------------------------------


def late_view() -> TimelineView:
    """One channel with a word an hour ago, which was promised again within half an hour."""
    word = Dot(ago(60), "mina", "We look into it", 3, due=ago(30))
    return TimelineView(
        ago(90), None, (Lane("public", "external", ago(90), (word,), due=ago(30), cadence=timedelta(minutes=30)),)
    )


def test_only_what_is_late_of_a_tooth_is_drawn_as_late() -> None:
    view = late_view()
    made = picture(chart_of(view), NOW, 120, chart_of(view).whole(NOW), sawtooth=True)
    found = [(row, role) for row, line in enumerate(made.rows) for text, role in line if set(text) & set("▁▂▃▄▅▆▇█")]
    late = [row for row, role in found if role is Role.LATE]
    calm = [row for row, role in found if role is Role.BAR]
    assert late
    assert calm
    assert max(late) < max(calm), "what was in order stands below it"
    assert {role for _, role in found} == {Role.BAR, Role.SOON, Role.LATE}, "what is in order is no area of green"


def test_what_was_said_last_is_told_newest_first_and_never_cut_short() -> None:
    chart = chart_of(cards_detail().timeline)
    whole = text_of(newest(chart, NOW, 80, 60))
    times = [line[:5] for line in whole.splitlines() if " on " in line and line[2:3] == ":"]
    assert times == sorted(times, reverse=True)
    assert len(times) > 3
    for height in range(12):
        found = newest(chart, NOW, 80, height)
        assert len(found) <= height
        assert whole.startswith(text_of(found))
    assert newest(chart, NOW - timedelta(days=1), 80, 60) == (), "nothing is told before it was said"


# Heads, help, composer ------------------------------------------------------------------------------------------------


def test_a_narrow_head_keeps_the_time_and_leaves_out_the_day_and_the_person() -> None:
    assert plain(heading.clock_end(NOW, "mina", 60)).split() == ["14:32:07", "UTC"]
    assert plain(heading.clock_end(NOW, "mina", 80)).split() == ["Tue", "10", "14:32:07", "UTC", "mina"]


def test_the_keys_of_a_narrow_help_take_no_more_than_their_own_group_needs() -> None:
    groups = (
        HelpGroup("One", (HelpLine(("a",), "Acknowledge"),)),
        HelpGroup("Two", (HelpLine(("shift+tab", "K"), "Back"),)),
    )
    screen = HelpScreen(groups)
    assert plain(screen.sheet(54)[1]).startswith(" a  Acknowledge")
    assert plain(screen.sheet(90)[1]).index("Acknowledge") == plain(screen.sheet(90)[4]).index("Back")


def test_what_was_said_last_stands_under_a_label_where_there_is_room() -> None:
    said = SaidLine(5, "public", "mina", ago(30), "word " * 60)
    wide = composer_parts.said_lines(said, None, NOW, 100, 4)
    assert plain(wide[0]).startswith("Last said   ")
    assert all(plain(line).startswith(" " * composer_parts.LABEL) for line in wide[1:])
    assert len(wide) == 4
    assert plain(wide[-1]).endswith(" …")
    narrow = composer_parts.said_lines(said, None, NOW, 60)
    assert plain(narrow[0]).startswith("14:02 mina on public")
    assert len(narrow) == 2
