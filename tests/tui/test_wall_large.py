"""The wallboard's screens of duty and of figures where there is room: large letters, and the week."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from tests.tui import fixtures as f
from tests.tui.duty import VIEW as SHIFTS
from tests.tui.test_wall import crowd, duty, figures_of, view, words
from warroom.tui.pieces import line_width, plain
from warroom.tui.wall.frame import Turn, picture
from warroom.tui.wall.parts import Standing
from warroom.views import DutySpan, PersonLine, ScheduleLine
from warroom.views.wall import DayFigures


def test_with_room_who_is_on_call_and_how_long_still_is_large_and_the_week_stands_below() -> None:
    whole = replace(view(crowd(3)), oncall=SHIFTS)
    for width, height in ((110, 32), (120, 40), (200, 60)):
        text = words(picture(whole, f.NOW, Standing(), Turn("oncall"), width, height))
        rows = text.splitlines()
        assert "█" in text
        for part in ("Payments", "Mina", " NOBODY ", "Hand-offs ahead", "Gaps ahead", "GAP", "now 14:32"):
            assert part in text
        assert "+467" not in text
        assert sum(not row.strip() for row in rows) < height // 3


def test_names_for_which_there_are_no_letters_are_written_as_they_are() -> None:
    span = DutySpan(f.ago(600), f.ahead(90), ("지민",))
    line = ScheduleLine("primary", "primary on-call", "UTC", span, None, (span,))
    whole = replace(view(crowd(3)), oncall=replace(duty(), schedules=(line, duty().schedules[0])))
    done = picture(whole, f.NOW, Standing(), Turn("oncall"), 120, 40)
    assert "지민" in words(done)
    assert all(line_width(each) <= 120 for each in done.lines)


def test_many_schedules_stand_below_each_other_as_before() -> None:
    span = DutySpan(f.ago(600), f.ahead(90), ("mina",))
    many = tuple(ScheduleLine(f"s{n}", f"team {n}", "UTC", span, None, (span,)) for n in range(30))
    whole = replace(view(crowd(3)), oncall=replace(duty(), schedules=many))
    seen, pages, page = "", 1, 0
    while page < pages:
        done = picture(whole, f.NOW, Standing(), Turn("oncall", page), 120, 40)
        seen, pages, page = seen + words(done), done.pages, page + 1
    assert all(f"team {n}" in seen for n in range(30))


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400), st.booleans()), min_size=7, max_size=7))
@examples(0.3)
def test_the_week_has_a_column_for_each_day_as_high_as_its_share(days: list[tuple[int, int, bool]]) -> None:
    start = f.NOW.replace(hour=0, minute=0, second=0)
    week = tuple(
        DayFigures(start + timedelta(days=n), a + b, a, (a + b) if known else None, b if known else 0)
        for n, (a, b, known) in enumerate(days)
    )
    whole = replace(view(crowd(3)), insight=replace(figures_of(), week=week))
    for width, height in ((120, 40), (200, 60)):
        done = picture(whole, f.NOW, Standing(), Turn("insight"), width, height)
        text = words(done)
        assert all(line_width(line) <= width for line in done.lines)
        assert f"n={sum(a + b for a, b, _ in days)}" in text
        assert f"{sum(b for _, b, known in days if known)} at night" in text
        assert all(str(a + b) in text for a, b, _ in days)
        assert all(known for *_, known in days) or "?" in text
        most = max(a + b for a, b, _ in days)
        head = next(n for n, line in enumerate(done.lines) if "Declared" in plain(line))
        columns = [plain(line)[: width // 2 - 2] for line in done.lines[head + 1 : -2]]
        slot = max(4, min(14, (width // 2 - 2 - 3) // 7))
        tall = [sum(row[3 + n * slot : 3 + (n + 1) * slot].startswith("█") for row in columns) for n in range(7)]
        for n, (a, b, _) in enumerate(days):
            assert (tall[n] > 0) is (a + b > 0)
            assert a + b < most or tall[n] == max(tall)


def test_where_there_is_no_room_for_large_figures_they_are_as_before() -> None:
    whole = replace(view(crowd(3)), insight=figures_of())
    text = words(picture(whole, f.NOW, Standing(), Turn("insight"), 100, 29))
    assert "Open by severity" in text
    assert "Declared" not in text


def test_a_plain_terminal_gets_letters_and_lines_that_it_has() -> None:
    span = DutySpan(f.ago(600), f.ahead(90), ("asa",))
    after = DutySpan(f.ahead(90), f.ahead(600), ("li",), override=1)
    line = ScheduleLine("primary", "primary on-call", "UTC", span, after, (span, after))
    people = (PersonLine("asa", "Åsa Öberg", "", ()),)
    whole = replace(view(crowd(3)), oncall=replace(duty(), schedules=(line,), people=people))
    for width, height in ((80, 24), (120, 40)):
        text = words(picture(whole, f.NOW, Standing(plain=True), Turn("oncall"), width, height))
        assert text.isascii()
        assert "?" not in text
        assert "asa > li" in text
        assert "Asa Oberg" in text
