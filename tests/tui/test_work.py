"""The work as rows: the panel, the sheet with what is marked, and that nothing breaks them."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.allowlist import violations
from tests.support.commands import HOSTILE
from tests.support.profile import examples
from tests.tui.fixtures import NOW, ago, ahead
from warroom.tui.pieces import Line, line_width, plain
from warroom.tui.work import items, settled, sheet, work, work_flag, work_title
from warroom.tui.work_keys import keys
from warroom.views import (
    ChangeLine,
    EvidenceLine,
    ExperimentLine,
    PendingLine,
    TaskLine,
    TheoryLine,
    WorkView,
)

VIEW = WorkView(
    theories=(
        TheoryLine(3, "the cable", "mina", ago(40), "refuted", (), ago(30), "it is fine"),
        TheoryLine(
            7,
            "pool exhausted since deploy 8812",
            "jonas",
            ago(20),
            "open",
            (
                ExperimentLine(8, "roll back eu-west-1", "jonas", ago(9)),
                ExperimentLine(9, "double the pool", "li", ago(12), "no better", "refutes"),
            ),
        ),
    ),
    tasks=(
        TaskLine(12, "call the bank", "mina", ago(18), stream="bank"),
        TaskLine(13, "slow log of db-3", "mina", ago(18), "li", ahead(12)),
        TaskLine(14, "count the cases", "mina", ago(18), "yuna", ago(3), reminded=1),
        TaskLine(15, "wake the others", "mina", ago(18), "eva", done_at=ago(5)),
    ),
    pending=(PendingLine(16, "fail over?", "mina", ago(5), "", ahead(9)),),
    changes=(ChangeLine(17, "rolled back 8812", "jonas", ago(9), "errors", "deploy it"),),
    evidence=(EvidenceLine(18, "https://x.example/1", "error rate", "jonas", ago(9), 7),),
)


def texts(rows: tuple[Line, ...]) -> list[str]:
    return [plain(row).rstrip() for row in rows]


def test_what_is_settled_is_told_where_rows_are_left() -> None:
    rows = texts(settled(VIEW, NOW, 70, 12))
    assert rows[:2] == ["", "Settled"]
    assert rows[2].startswith("✗ #3 the cable")
    assert any(row.startswith("✔ #15 wake the others") for row in rows)
    assert not any("#12" in row or "#7" in row or "#8 " in row for row in rows)
    assert texts(settled(VIEW, NOW, 70, 4))[-1].startswith("+")
    assert settled(VIEW, NOW, 70, 2) == () == settled(None, NOW, 70, 20)


def test_the_panel_shows_what_is_late_first_and_what_is_open_then() -> None:
    shown = texts(work(VIEW, NOW, 70, 12))
    assert shown[0].startswith("□ #14 count the cases")
    assert shown[0].endswith("yuna  LATE 03:00")
    assert shown[1].startswith("! #16 fail over?")
    assert shown[1].endswith("incident manager  in 09:00")
    assert shown[2].startswith("? #7 pool exhausted since deploy 8812")
    assert shown[2].endswith("1 running")
    assert shown[3].startswith("  ▸ #8 roll back eu-west-1")
    assert shown[3].endswith("running 9m")
    assert not any("cable" in row or "wake the others" in row or ("8812" in row[8:] and "~" in row) for row in shown)


def test_what_does_not_fit_is_counted() -> None:
    assert texts(work(VIEW, NOW, 70, 4))[-1] == "+4 more: w shows all"
    assert len(work(VIEW, NOW, 70, 1)) == 1


def test_the_flag_and_the_title_say_it_in_few_words() -> None:
    assert work_flag(VIEW, NOW)[0] == "1 LATE"
    assert plain(work_title(VIEW)).strip() == "1 open theory · 3 tasks · 1 to decide"
    assert work_flag(WorkView(), NOW)[0] == ""
    assert "? theory" in texts(work(WorkView(), NOW, 60, 3))[1]
    done = WorkView(tasks=(TaskLine(1, "x", "mina", NOW, done_at=NOW),))
    assert "all is done" in texts(work(done, NOW, 60, 3))[0]


def test_the_sheet_has_every_item_once_under_its_section_and_opens_the_marked_one() -> None:
    shown = items(VIEW)
    assert [row.item.id for row in shown] == [16, 7, 8, 9, 3, 14, 13, 15, 12, 17, 18]
    made = sheet(shown, NOW, 80, [row.item.id for row in shown].index(17))
    text = "\n".join(texts(made.rows))
    for heading in ("To decide", "Theories", "Tasks", "Tasks #bank", "Changes", "Evidence"):
        assert f"\n{heading}\n" in f"\n{text}\n"
    assert "why: errors" in text
    assert "to undo: deploy it" in text
    assert len(made.spans) == len(shown)
    assert all(first < behind for first, behind in made.spans)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (7, {"test it", "confirm", "refute"}),
        (3, {"open again"}),
        (8, {"result"}),
        (9, set()),
        (14, {"done", "take", "assign", "time", "drop"}),
        (15, {"take up again"}),
        (16, {"decide", "not needed"}),
        (17, {"undone"}),
        (18, set()),
    ],
)
def test_only_what_can_be_done_with_an_item_is_offered(number: int, words: set[str]) -> None:
    (row,) = (row for row in items(VIEW) if row.item.id == number)
    own, add = (plain(line) for line in keys(row.item, 76))
    assert {word.strip().partition(" ")[2] for word in own.split("  ") if word.strip()} == words
    assert "? theory" in add
    assert "esc close" in add


def test_a_line_of_an_older_record_cannot_be_acted_upon() -> None:
    view = WorkView(theories=(TheoryLine(0, "the cable", "mina", ago(1)),))
    (row,) = items(view)
    assert plain(keys(row.item, 76)[0]) == ""
    assert "older record" in "\n".join(texts(sheet((row,), NOW, 80, 0).rows))


TEXT = st.one_of(st.text(max_size=300), st.sampled_from(HOSTILE), st.just("결제 " * 40))
TIME = st.sampled_from((ago(3), ahead(3), ahead(3000), NOW))


@st.composite
def views(draw: st.DrawFn) -> WorkView:
    def maybe(at: st.SearchStrategy[datetime]) -> datetime | None:
        return draw(st.none() | at)

    def tests() -> tuple[ExperimentLine, ...]:
        verdicts = draw(st.lists(st.sampled_from(("", "confirms", "refutes", "open")), max_size=3))
        return tuple(
            ExperimentLine(100 + n, draw(TEXT), draw(TEXT), NOW, draw(TEXT), v) for n, v in enumerate(verdicts)
        )

    states = draw(st.lists(st.sampled_from(("open", "confirmed", "refuted")), max_size=3))
    return WorkView(
        tuple(TheoryLine(n, draw(TEXT), draw(TEXT), NOW, state, tests()) for n, state in enumerate(states)),
        tuple(
            TaskLine(10 + n, draw(TEXT), draw(TEXT), NOW, draw(TEXT), maybe(TIME), draw(TEXT), maybe(TIME))
            for n in range(draw(st.integers(0, 3)))
        ),
        tuple(PendingLine(20 + n, draw(TEXT), draw(TEXT), NOW, draw(TEXT), maybe(TIME)) for n in range(2)),
        (ChangeLine(30, draw(TEXT), draw(TEXT), NOW, draw(TEXT), draw(TEXT), maybe(TIME)),),
        (EvidenceLine(31, draw(TEXT), draw(TEXT), draw(TEXT), NOW),),
    )


@examples(1)
@given(views(), st.sampled_from((20, 38, 58, 76, 200)), st.integers(1, 20), st.integers(0, 12))
def test_any_text_stays_in_its_cells(view: WorkView, width: int, height: int, marked: int) -> None:
    panel = work(view, NOW, width, height)
    assert len(panel) == height
    made = sheet(items(view), NOW, width, marked)
    for row in (*panel, *made.rows):
        assert line_width(row) == width
        assert violations(plain(row).encode()) == []
    for item in (row.item for row in items(view)):
        assert all(line_width(line) <= width for line in keys(item, width))
