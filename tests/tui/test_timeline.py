"""The gap timeline of known cases; what holds of every one is in test_timeline_properties.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.tui.fixtures import NOW, ago, ahead, cards_detail
from warroom.domain.text import cell_width
from warroom.tui.pieces import Line, Role, line_width, plain
from warroom.tui.timeline import ASCII, Window, chart_of, flag, headline, layout, picture, running
from warroom.views import Dot, Lane, Planned, Skip, Span, TimelineView

HALF = timedelta(minutes=30)


def lane(*minutes_ago: float, due: datetime | None = None, cadence: timedelta | None = HALF, **more: object) -> Lane:
    return Lane(
        "public", "external", ago(60), tuple(Dot(ago(m), "mina", "") for m in minutes_ago), due, cadence, **more
    )  # type: ignore[arg-type]


def hour(*lanes: Lane, end: datetime | None = None, largest: Span | None = None) -> TimelineView:
    """An incident that began an hour ago; at 79 columns one cell is one minute."""
    return TimelineView(ago(60), end, lanes, (), largest, "public" if largest else "")


def cells(row: Line) -> str:
    """The sixty minutes of a lane in a row of 88 columns."""
    return plain(row)[10:70]


def roles(row: Line) -> list[Role]:
    return [role for text, role in row for _ in range(cell_width(text))][10:70]


def draw(view: TimelineView, now: datetime = NOW) -> tuple[Line, ...]:
    rows = layout(view, now, 88)
    assert line_width(rows[0]) == 88
    return rows


def test_sixty_minutes_are_sixty_cells_here() -> None:
    row = draw(hour(lane(60, 30, due=ahead(3))))[2]
    assert plain(row).startswith("public   ╰")
    assert cells(row).index("●") == 0
    assert [index for index, char in enumerate(cells(row)) if char == "●"] == [0, 30]


def test_a_silence_is_calm_then_near_then_late() -> None:
    row = draw(hour(lane(60, 10, due=ahead(20))))[2]
    drawn = cells(row)
    assert drawn[1:24] == "─" * 23
    assert drawn[24:30] == "╌" * 6
    assert "20m" not in drawn
    assert "50m" in drawn
    assert set(drawn[30:50]) <= set("━◂50m▸")
    assert roles(row)[1] is Role.OK
    assert roles(row)[25] is Role.SOON
    assert roles(row)[31] is Role.LATE  # it is the largest


def test_only_the_largest_silence_and_the_worst_running_one_are_strong() -> None:
    first = lane(60, 25, due=ago(5), cadence=timedelta(minutes=20))
    second = replace(first, channel="intern", due=ago(1))
    rows = draw(hour(first, second, largest=Span(ago(60), ago(25))))
    assert Role.LATE in roles(rows[2])[20:35]  # the largest that has ended
    assert Role.LATE in roles(rows[2])[55:]  # running and most overdue
    assert cells(rows[2]).endswith("▶")
    assert Role.LATE not in roles(rows[3])
    assert Role.LATE_MUTED in roles(rows[3])
    assert cells(rows[3]).endswith("▷")
    assert plain(rows[3]).rstrip().endswith("LATE 01:00")


def test_several_uses_in_one_cell_are_one_heavier_dot() -> None:
    row = draw(hour(lane(30, 29.8, 29.6, 10, due=ahead(5))))[2]
    assert cells(row).count("◉") == 1
    assert cells(row).count("●") == 1


def test_dots_out_of_order_back_dated_and_from_the_future_have_a_place() -> None:
    row = draw(hour(lane(10, 200, 30, -7, due=ahead(5))))[2]
    assert [index for index, char in enumerate(cells(row)) if char == "●"] == [0, 30, 50, 59]


def test_what_is_promised_decides_over_the_cadence_for_the_running_silence() -> None:
    early = draw(hour(lane(15, due=ago(5), promised=True)))[2]
    assert "━" in cells(early)
    assert plain(early).rstrip().endswith("LATE 05:00")
    late = draw(hour(lane(45, due=ahead(15), promised=True)))[2]
    assert "━" not in cells(late)[16:]
    wide = layout(hour(lane(45, due=ahead(5), promised=True)), NOW, 120)[2]
    assert plain(wide).rstrip().endswith("promised in 05:00")


def test_a_lane_without_a_cadence_is_never_late() -> None:
    row = draw(hour(lane(55, cadence=None)))[2]
    assert set(cells(row)) == set("─●▷◂55m▸")
    assert Role.LATE not in roles(row)
    assert plain(row).rstrip().endswith("55m")


def test_a_lane_that_begins_later_is_faint_until_then() -> None:
    row = draw(hour(replace(lane(10, due=ahead(1)), start=ago(30))))[2]
    assert cells(row)[:30] == "┄" * 30
    assert roles(row)[0] is Role.FAINT


def test_an_ended_incident_counts_nothing_on() -> None:
    view = hour(lane(50, 40), end=ago(10))
    now, later = draw(view), draw(view, NOW + timedelta(days=59))
    assert cells(now[1]).rstrip().endswith("■")
    assert plain(now[2]).rstrip().endswith("max 30m")
    assert cells(now[2]) == cells(later[2])
    assert headline(view, NOW + timedelta(days=59)) == "largest gap 30m public"
    assert running(chart_of(view), 0, NOW) is None


def test_the_largest_silence_is_marked_by_its_shape() -> None:
    row = draw(hour(lane(55, 30, 12, due=ahead(20), cadence=timedelta(minutes=60))))[2]
    assert "◂25m▸" in cells(row)
    assert "18m" not in cells(row)


def test_a_line_changes_at_half_a_cell() -> None:
    late = draw(hour(lane(60, due=ago(29.6))))[2]  # that minute's second half
    assert cells(late)[30] == "╼"
    sharp = draw(hour(lane(60, due=ago(30))))[2]
    assert cells(sharp)[29:31] == "╌━"


def test_what_is_due_stands_ahead_of_now() -> None:
    planned = (Planned(ahead(10), "mina", "it is over"),)
    chart = chart_of(hour(replace(lane(5, due=ahead(14), promised=True), planned=planned)))
    window = chart.whole(NOW, ahead=True)
    assert window.end == ahead(10)  # the first of them; the rest where there is room
    row = plain(picture(chart, NOW, 88, window).rows[2])
    assert row.index("▷") < row.index("◎")
    assert "○" not in row
    wider = plain(picture(chart, NOW, 88, Window(ago(60), ahead(20))).rows[2])
    assert wider.index("▷") < wider.index("◎") < wider.index("○")


def test_the_last_word_after_the_end_is_due_too() -> None:
    view = hour(lane(50, 20, due=ahead(5)), end=ago(10))
    assert plain(layout(view, NOW, 120)[2]).rstrip().endswith("last word in 05:00")
    assert plain(layout(view, ahead(6), 120)[2]).rstrip().endswith("LATE 01:00")


def test_an_update_that_was_let_go_is_marked() -> None:
    row = draw(hour(replace(lane(50, due=ahead(5)), skips=(Skip(ago(20), "mina", "nothing new"),))))[2]
    assert cells(row).index("×") == 40


def test_what_was_due_decides_over_the_cadence_for_a_silence_that_is_over() -> None:
    first, last = Dot(ago(60), "mina", "", due=ago(50)), Dot(ago(20), "mina", "", was_due=ago(30))
    gap = chart_of(hour(replace(lane(due=ahead(5)), dots=(first, last)))).tracks[0].ended[-1]
    assert gap.due == ago(30)
    assert gap.late == timedelta(minutes=10)
    promised = (
        chart_of(hour(replace(lane(due=ahead(5)), dots=(first, replace(last, was_due=None))))).tracks[0].ended[-1]
    )
    assert promised.due == ago(50)


def test_a_silence_that_was_let_go_was_due_when_its_clock_had_begun_anew() -> None:
    """Running or over: it is as late as the clock said."""
    let_go = Skip(ago(40), "mina", "the vendor calls", due=ago(15))
    over = replace(lane(due=None), dots=(Dot(ago(58), "mina", "", due=ago(50)),), skips=(let_go,))
    gap = chart_of(hour(over, end=ago(10))).tracks[0].ended[-1]
    assert (gap.silence.end, gap.due, gap.late) == (ago(10), ago(15), timedelta(minutes=5))


def test_a_post_mortem_does_not_squeeze_the_incident() -> None:
    view = hour(lane(50, -60 * 24 * 9), end=ago(20))
    row = layout(view, NOW + timedelta(days=20), 88)[2]
    assert cells(row).rstrip().endswith("●")
    assert "■" in cells(layout(view, NOW + timedelta(days=20), 88)[1])[40:50]


def test_an_update_after_the_end_is_still_seen() -> None:
    view = hour(lane(50, 5), end=ago(10))
    row = layout(view, NOW, 88)[2]
    assert cells(row).rstrip().endswith("●")


def test_the_axis_has_round_ticks_that_stand_over_their_moment() -> None:
    ticks, incident = draw(hour(lane(due=ahead(1))))[:2]
    for text in ("13:45", "14:00", "14:15"):
        at = plain(ticks).index(text)
        assert plain(incident)[at + 2] == "┴"


def test_fifty_nine_days_are_ticked_in_days() -> None:
    start = NOW - timedelta(days=59)
    view = TimelineView(start, None, (Lane("public", "", start, (Dot(start, "", ""),), ago(1), HALF),))
    rows = layout(view, NOW, 120)
    assert "15 Jan" in plain(rows[0])
    assert plain(rows[0]).startswith("10 Jan")
    assert "59d" in plain(rows[2])


def test_the_first_minute_does_not_fill_the_width() -> None:
    view = TimelineView(ago(1), None, (Lane("public", "", ago(1), (), ahead(4), HALF),))
    row = plain(layout(view, NOW, 88)[2])
    assert row.index("▷") < 20


def test_marks_are_named_where_there_is_room() -> None:
    text = plain(layout(cards_detail().timeline, NOW, 118)[1])
    assert "◇SEV2" in text
    assert "◇SEV1" in text
    assert "◇mitigating" in text
    narrow = plain(layout(cards_detail().timeline, NOW, 20)[1])
    assert narrow.count("◇") == 3


def test_of_too_many_channels_the_most_pressing_are_shown_and_the_rest_named() -> None:
    view = cards_detail().timeline
    rows = [plain(row) for row in layout(view, NOW, 100, height=5)]
    assert rows[2].startswith("public")
    assert rows[3].startswith("chat")
    assert rows[4].startswith("+2 more: intern, support")
    assert len(layout(view, NOW, 100, height=1)) == 1


def test_where_there_is_room_rows_stand_apart() -> None:
    view = cards_detail().timeline
    assert len(layout(view, NOW, 100, height=9)) == 6
    airy = layout(view, NOW, 100, height=10)
    assert len(airy) == 10
    assert plain(airy[2]).strip() == "│"


def test_the_headline_names_the_largest_silence() -> None:
    assert headline(cards_detail().timeline, NOW) == "largest gap 34m public, running"
    view = hour(lane(50, 10, due=ahead(20)), largest=Span(ago(50), ago(10)))
    assert headline(view, NOW) == "largest gap 40m public"
    assert headline(TimelineView(NOW, None), NOW) == ""


def test_the_flag_is_what_falls_due_first() -> None:
    assert flag(cards_detail().timeline, NOW) == ("LATE 04:12", Role.LATE)
    assert flag(TimelineView(NOW, None), NOW) is None


@pytest.mark.parametrize("width", [60, 88, 120, 250])
def test_no_character_outside_ascii_where_it_is_asked_for(width: int) -> None:
    rows = layout(cards_detail().timeline, NOW, width, glyphs=ASCII)
    assert all(plain(row).isascii() for row in rows)
    assert "==" in plain(rows[3])
