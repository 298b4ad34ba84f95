"""What screens do with the room that a size gives them: nothing is left blank where there is something to say, and
what there is too little room for is left out whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.tui.fixtures import LEVELS, NOW, SEV1, ago, ahead, cards_detail, many_lines
from warroom.domain.text import cell_width
from warroom.tui import composer_parts, composer_since, heading, ladder_panel
from warroom.tui.composer_since import Shares
from warroom.tui.listing import Columns, row
from warroom.tui.pieces import Line, Role, line_width, plain
from warroom.tui.plan import Mode, large, plan
from warroom.tui.room_plan import room_plan
from warroom.tui.timeline import chart_of, picture
from warroom.tui.timeline.told import newest
from warroom.tui.widgets.help import HelpGroup, HelpLine
from warroom.tui.widgets.info import HelpScreen
from warroom.views import (
    ChannelLine,
    ComposerView,
    Dot,
    LadderView,
    Lane,
    NextPage,
    PageState,
    RecordLine,
    SaidLine,
    TimelineView,
)


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


def test_a_very_wide_list_leaves_no_third_of_it_empty() -> None:
    """What no column needs goes to what would be cut, to how old it is, and between the columns."""
    lines = tuple(replace(line, service="", team="", opened_at=NOW) for line in many_lines())
    columns = Columns.fitting(200, lines)
    assert max(end for _, _, end in columns.places()) > 180
    assert dict(columns.slots)["age"]
    assert "#incident-critical LATE 1h02" in "".join(plain(row(line, columns, NOW)) for line in lines)
    long = Columns.fitting(200, (*lines, replace(lines[0], title="t" * 200)))
    assert dict(long.slots)["title"] > dict(columns.slots)["title"]
    assert max(end for _, _, end in long.places()) <= 200


# The room of one incident ---------------------------------------------------------------------------------------------

NEEDS = {"roles": 8, "escalation": 7, "communications": 21, "work": 4, "clocks": 4, "about": 30}


@pytest.mark.parametrize(("size", "name"), [((60, 17), "clocks"), ((80, 21), "escalation"), ((80, 21), "roles")])
def test_what_an_open_tab_does_not_need_is_for_the_record(size: tuple[int, int], name: str) -> None:
    boxes = room_plan(*size, NEEDS, name).boxes
    assert boxes[name].height == NEEDS[name] - 1, "the strip of tabs stands for its rule"
    assert boxes["record"].y == boxes[name].y + boxes[name].height
    assert boxes["record"].y + boxes["record"].height == size[1]


@pytest.mark.parametrize(("size", "name"), [((60, 17), "about"), ((80, 21), "communications"), ((60, 12), "roles")])
def test_a_tab_that_fills_its_place_keeps_it(size: tuple[int, int], name: str) -> None:
    assert set(room_plan(*size, NEEDS, name).boxes) == {name}


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
    told = replace(said, text="The cause is not known yet. Two theories are being tested. Next: the result of it")
    for width in range(30, 70):
        assert plain(composer_parts.said_lines(told, None, NOW, width)[-1]).count("…") == 1


def test_below_a_text_stands_what_was_done_since_the_last_word() -> None:
    said = SaidLine(1, "public", "mina", ago(20), "We look into it")
    lately = (
        RecordLine(1, ago(30), "eva", "note", "before it"),
        RecordLine(2, ago(9), "li", "decision", "roll back"),
        RecordLine(3, ago(2), "mina", "status", "investigating → mitigating"),
    )
    view = ComposerView("INC-1", "Cards fail", SEV1, "new", (), (), lately=lately)
    shown = text_of(composer_since.since_lines(view, said, NOW, 70, 9))
    assert "before it" not in shown
    assert "2 entries" in shown.splitlines()[0]
    assert [line.split()[1] for line in shown.splitlines()[1:]] == ["li", "mina"], "the newest at the bottom"
    assert "before it" in text_of(composer_since.since_lines(view, None, NOW, 70, 9))
    later = replace(said, at=NOW)
    calm = text_of(composer_since.since_lines(view, later, NOW, 70, 9))
    assert "nothing new since the last word" in calm
    assert "before it" in calm, "what there is stands there rather than nothing"
    for rows in range(1, 9):
        assert len(composer_since.since_lines(view, None, NOW, 70, rows)) <= rows


def test_the_text_of_an_update_gets_the_rows_that_it_needs_and_keeps_them_while_somebody_types() -> None:
    assert composer_since.shares(9, 8, Shares()) == Shares(), "a low screen is for the text alone"
    first = composer_since.shares(23, 9, Shares())
    assert first.text >= 9 + 1
    assert first.text + first.since < 23, "a blank row stands between the two"
    assert composer_since.shares(23, first.text - 1, first) == first, "a line more moves nothing"
    grown = composer_since.shares(23, first.text, first)
    assert grown.text > first.text
    assert composer_since.shares(23, 30, grown) == Shares(), "a long text has all of it"
    assert composer_since.shares(45, 3, composer_since.shares(45, 30, Shares())).text < 20, "another text, other needs"


@pytest.mark.parametrize("width", [40, 54, 90])
def test_channels_that_show_the_same_are_named_as_far_as_there_is_room(width: int) -> None:
    names = ("internal", "public", "support", "leadership", "mail")
    channels = tuple(ChannelLine(name, "internal", None, False, None, goes="sent by warroom") for name in names)
    view = ComposerView("INC-1", "Cards fail", SEV1, "new", channels, ())
    source = SimpleNamespace(view=view, shown=lambda channel, subject, text: text)
    written = composer_parts.Written("internal", names, "We look into it")
    title = plain(composer_parts.preview_lines(source, written, width, 20)[0])  # type: ignore[arg-type]
    assert "…" not in title
    assert "15 characters" in title
    assert {40: "on 5 channels", 54: "internal and 4 more", 90: "support, leadership, mail"}[width] in title


@pytest.mark.parametrize(
    ("incidents", "rows", "panel"), [(1, 5, 14), (3, 5, 14), (7, 8, 11), (10, 11, 8), (500, 11, 8)]
)
def test_rows_that_a_short_list_does_not_need_are_the_panels(incidents: int, rows: int, panel: int) -> None:
    found = plan(80, 24, incidents)
    assert (found.mode, found.rows, found.record, found.lower) == (Mode.TABS, rows, panel, panel + 1)
