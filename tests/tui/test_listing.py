"""The rows of the list: order, filter, columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.fixtures import (
    NOW,
    SEV1,
    SEV2,
    SEV3,
    SEV4,
    ago,
    ahead,
    cards_line,
    crowd_view,
    export_line,
    git_line,
    many_lines,
)
from warroom.domain.text import cell_width
from warroom.tui.listing import Columns, head, matches, order, row
from warroom.tui.pieces import Role, line_width, plain
from warroom.views import IncidentLine, NextPage, PageState, UpdateDue

times = st.none() | st.timedeltas(timedelta(days=-70), timedelta(days=9)).map(lambda delta: NOW + delta)
texts = st.text(max_size=60) | st.sampled_from([line.title for line in many_lines()])
pages = st.builds(NextPage, st.sampled_from(PageState), st.sampled_from(["L1", "L12", "", "end"]), times, times, texts)
lines = st.builds(
    IncidentLine,
    st.integers(1, 99_999).map(lambda number: f"INC-{number}") | st.text(max_size=9),
    texts,
    st.sampled_from([SEV1, SEV2, SEV3, SEV4]),
    st.sampled_from(["new", "investigating", "mitigating"]),
    st.sampled_from(["", "mina", "지민", "somebody-with-a-long-name"]),
    times,
    pages,
    st.builds(UpdateDue, st.sampled_from(["", "public", "#incident-critical"]), times, st.none()),
    st.sampled_from(["", "escalation exhausted"]),
    st.booleans(),
)


def keys(*given: IncidentLine) -> list[str]:
    return [line.key for line in order(given, NOW)]


def calm(key: str, **more: object) -> IncidentLine:
    return replace(git_line(), key=key, update=UpdateDue(), **more)  # type: ignore[arg-type]


def test_what_a_rule_holds_back_comes_last_in_its_severity_and_stays_among_the_live() -> None:
    held = NextPage(PageState.HELD, "INC-1", ahead(1))
    over = NextPage(PageState.STOPPED)
    found = keys(calm("INC-1"), calm("INC-2", page=held), calm("INC-3", page=over), calm("INC-4", severity=SEV3))
    assert found == ["INC-1", "INC-2", "INC-4", "INC-3"]
    # One whose time is up although nobody has looked is late like any other.
    assert keys(calm("INC-1"), calm("INC-2", page=replace(held, at=ago(1)))) == ["INC-2", "INC-1"]
    assert matches(calm("INC-2", page=held), "held", NOW)


def test_severity_comes_first_then_alarms_then_what_is_late() -> None:
    assert keys(*many_lines()) == [
        "INC-138",  # SEV1, exhausted
        "INC-142",  # SEV1, late update
        "INC-136",  # SEV2, late page and role
        "INC-137",  # SEV2, update in five minutes
        "INC-141",
        "INC-139",  # SEV3, lead to be found in three minutes
        "INC-134",
        "INC-135",
        "INC-99",  # SEV4
        "INC-98",  # SEV4, watched
    ]


def test_a_late_page_is_worse_than_an_update_that_is_later() -> None:
    page = calm("INC-1", page=NextPage(PageState.DUE, "L1", ago(1)))
    update = replace(git_line(), key="INC-2", update=UpdateDue("public", ago(500)))
    assert keys(update, page) == ["INC-1", "INC-2"]


def test_equals_stand_in_the_order_of_their_numbers() -> None:
    assert keys(calm("INC-10"), calm("INC-9"), calm("INC-100")) == ["INC-9", "INC-10", "INC-100"]


def test_resolved_ones_come_behind_everything_live() -> None:
    done = replace(cards_line(), page=NextPage(PageState.STOPPED), update=UpdateDue())
    assert keys(done, export_line()) == ["INC-139", "INC-142"]


@settings(deadline=None)
@given(st.lists(lines, max_size=12), st.integers(0, 200))
def test_a_second_that_passes_moves_nothing_unless_something_falls_due(given: list[IncidentLine], seconds: int) -> None:
    later = NOW + timedelta(seconds=seconds)
    deadlines = [at for line in given for at in (line.page.at, line.update.at, line.lead_due) if at is not None]
    if not any(NOW < at <= later for at in deadlines):
        assert order(given, NOW) == order(given, later)


@settings(deadline=None)
@given(st.lists(lines, max_size=8))
def test_order_keeps_every_line_and_does_not_depend_on_what_came_first(given: list[IncidentLine]) -> None:
    one = order(given, NOW)
    assert sorted(one, key=repr) == sorted(given, key=repr)
    unique = list({line.key: line for line in given}.values())
    assert [line.key for line in order(unique, NOW)] == [line.key for line in order(unique[::-1], NOW)]


@settings(deadline=None, max_examples=150)
@given(st.lists(lines, min_size=1, max_size=4), st.integers(20, 250), st.booleans())
def test_every_row_is_exactly_as_wide_as_the_list(given: list[IncidentLine], width: int, selected: bool) -> None:
    columns = Columns.fitting(width, given)
    assert line_width(head(columns, "3 of 10 match late")) == width
    for line in given:
        assert line_width(row(line, columns, NOW, selected=selected)) == width


@pytest.mark.parametrize(
    ("width", "names"),
    [
        (200, "SEV KEY TITLE STATUS LEAD NEXT PAGE UPDATE DUE"),
        (120, "SEV KEY TITLE STATUS LEAD NEXT PAGE UPDATE DUE"),
        (100, "SEV KEY TITLE LEAD NEXT PAGE UPDATE DUE"),
        (80, "SEV KEY TITLE NEXT PAGE UPDATE DUE"),
        (40, "SEV KEY TITLE NEXT PAGE"),
    ],
)
def test_columns_give_way(width: int, names: str) -> None:
    assert " ".join(plain(head(Columns.fitting(width, many_lines()))).split()) == names


def test_the_key_column_is_as_wide_as_the_longest_key() -> None:
    long = replace(cards_line(), key="PAYMENTS-1042")
    assert "PAYMENTS-1042" in plain(row(long, Columns.fitting(80, [long, git_line()]), NOW))


def test_figures_stand_below_each_other_whatever_the_titles_are_written_in() -> None:
    columns = Columns.fitting(120, many_lines())
    rows = {line.key: plain(row(line, columns, NOW)) for line in many_lines()}
    at = {key: cell_width(text[: text.index(figure)]) for key, text, figure in (
        ("INC-142", rows["INC-142"], "02:14"),
        ("INC-136", rows["INC-136"], "LATE 00:40"),
        ("INC-135", rows["INC-135"], "47m"),
    )}  # fmt: skip
    assert len(set(at.values())) == 1


def test_a_row_says_what_it_must_without_colour() -> None:
    columns = Columns.fitting(120, many_lines())
    by_key = {line.key: row(line, columns, NOW) for line in many_lines()}
    assert plain(by_key["INC-138"]).startswith("! ◆ SEV1")
    assert ("EXHAUSTED", Role.ALARM) in by_key["INC-138"]
    assert plain(row(cards_line(), columns, NOW, selected=True)).startswith("▌ ◆ SEV1")
    assert "watched" in plain(by_key["INC-98"])
    assert "— LATE 2m" in plain(by_key["INC-136"])


def test_foreign_text_is_cleaned_again() -> None:
    nasty = replace(cards_line(), title="a\x1b[31mb\u202ec\td", key="I\x9b1mNC")
    shown = plain(row(nasty, Columns.fitting(120, [nasty]), NOW))
    assert shown.isprintable()
    assert "abc d" in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 10),
        ("late", 2),
        ("-late", 8),
        ("sev1", 2),
        ("sev1 -late", 1),
        ("MINA", 1),
        ("watched", 1),
        ("vacant", 3),
        ("major late", 2),
        ("räk", 1),
        ("결제", 1),
        ("latency", 1),
        ("nothing-of-this", 0),
        ("-", 7),
    ],
)
def test_the_filter(query: str, found: int) -> None:
    matching = [line for line in many_lines() if matches(line, query, NOW)]
    if query == "-":  # a lone dash is a word like any other
        assert len(matching) == 10
    else:
        assert len(matching) == found


def test_late_is_what_is_late_now() -> None:
    line = crowd_view(1).lines[0]
    assert not matches(line, "late", NOW)
    assert matches(line, "late", ahead(10))
