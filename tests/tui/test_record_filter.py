"""Which lines of a record a filter shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from tests.tui.fixtures import NOW
from warroom.tui.sieve.complete import ENTRIES, complete
from warroom.tui.sieve.grammar import Filter, format_filter
from warroom.tui.sieve.records import filter_of, read, unknown
from warroom.tui.sieve.records import matches as passes
from warroom.views import RecordLine

LINES = (
    RecordLine(1, NOW, "mina", "declared", "SEV1 EU card payments failing", None, 1),
    RecordLine(2, NOW, "engine", "paged", "L1 primary: sven by chat", timedelta(minutes=3), 2),
    RecordLine(3, NOW, "jonas", "theory", "pool exhausted since deploy 8812", None, 3),
    RecordLine(4, NOW, "mina", "refuted", "Errors went on (refutes #3 “pool exhausted”)", None, 4),
    RecordLine(5, NOW, "지민", "note", "결제 @mina 확인", None, 5),
    RecordLine(6, NOW, "jonas", "task", 'read the "slow log" by 15:00', None, 6),
)


def matches(filter_: str, line: RecordLine) -> bool:
    return passes(line, read(filter_))


def shown(filter_: str) -> list[int]:
    return [line.seq for line in LINES if matches(filter_, line)]


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ("", [1, 2, 3, 4, 5, 6]),
        ("   ", [1, 2, 3, 4, 5, 6]),
        ("pool", [3, 4]),
        ("POOL exhausted", [3, 4]),
        ("exhausted pool", [3, 4]),
        ('"pool exhausted since"', [3]),
        ('"exhausted pool"', []),
        ("kind:theory", [3]),
        ("k:the", [3]),
        ("kind:theory,refuted", [3, 4]),
        ("kind:theory kind:refuted", []),  # all terms have to hold, as on the board
        ("!kind:paged !by:mina", [3, 5, 6]),
        ("!!pool", [3, 4]),
        ("!kind:theory,paged @mina,jonas", [1, 4, 6]),
        ('kind:"the"', []),  # in quotes a name is meant as it stands
        ('kind:"theory" by:"jonas"', [3]),
        ("entry:2..4", [2, 3, 4]),
        ("entry:>=5 !@jonas", [5]),
        ("late", [2]),
        ('"late"', []),
        ("text:jonas", []),
        ("text:pool", [3, 4]),
        ("by:mina", [1, 4]),
        ("@mina", [1, 4]),
        ("by:@jonas pool", [3]),
        ("by:mina,jonas", [1, 3, 4, 6]),
        ("kind:refuted by:mina", [4]),
        ("-kind:paged -by:mina", [3, 5, 6]),
        ("pool -refuted", [3]),
        ("-@jonas", [1, 2, 4, 5]),
        ("결제", [5]),
        ("by:지민", [5]),
        ("15:00", [6]),
        ('text:"@mina"', [5]),
        ('"slow log', [6]),
        ("kind:", [1, 2, 3, 4, 5, 6]),
        ("@", [1, 2, 3, 4, 5, 6]),
        ("-", [1, 2, 3, 4, 5, 6]),
        ('""', [1, 2, 3, 4, 5, 6]),
        ("nothing of the sort", []),
    ],
)
def test_filters(filter_: str, found: list[int]) -> None:
    assert shown(filter_) == found


def test_values_given_apart() -> None:
    assert shown(filter_of(("theory", "refuted"), ("jonas",))) == [3]
    assert shown(filter_of((), (), "pool exhausted")) == [3, 4]
    assert shown(filter_of((), (), "exhausted pool")) == []  # as it stands, and not word by word
    assert filter_of() == ""
    assert shown(filter_of(("theory,task",))) == [3, 6]


LINE = st.builds(lambda kind, actor, text: RecordLine(1, NOW, actor, kind, text), st.text(), st.text(), st.text())


@examples(3)
@given(st.text(max_size=60), LINE)
def test_anything_may_be_typed_and_reads_the_same_when_it_is_written_out(filter_: str, line: RecordLine) -> None:
    wanted = read(filter_)
    assert matches(filter_, line) in (True, False)
    assert read(format_filter(wanted)) == wanted


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kimd:theory", 'at 1: no field "kimd"; did you mean kind:?'),
        ("pool deploy:8812", 'at 6: no field "deploy"; there are kind, by, text, entry'),
        ("entry:many", "at 7: entry takes a number, such as entry:>3"),
        ("by:kim", "at 4: no entry here has by kim"),
        ("@mina,kim", "at 7: no entry here has by kim"),
        ("kind:note,thought", "at 11: no entry here has kind thought"),
        ("http://x kind:theory", ""),
    ],
)
def test_what_cannot_be_meant_is_said_with_its_place(typed: str, said: str) -> None:
    wanted = read(typed)
    assert [str(doubt) for doubt in (*wanted.doubts, *unknown(wanted, LINES))] == ([said] if said else [])


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("", ["kind:", "by:", "text:", "entry:", "late"]),
        ("k", ["kind:"]),
        ("kind:t", ["task", "theory", "note", "refuted"]),
        ("kind:theory,re", ["refuted", "declared"]),
        ("by:", ["jonas", "mina", "engine", "지민"]),
        ("!@mi", ["mina"]),
        ("mi", ["by:mina"]),
        ('"mi', []),
    ],
)
def test_what_can_follow_is_offered_from_the_record(typed: str, offered: list[str]) -> None:
    assert [each.text for each in complete(typed, len(typed), LINES, ENTRIES).candidates] == offered


def test_what_is_taken_stands_behind_the_sign() -> None:
    found = complete("pool !@mi", 9, LINES, ENTRIES)
    assert found.taken("pool !@mi", found.candidates[0]) == ("pool !@mina ", 12)
    assert isinstance(read("pool !@mina "), Filter)


@examples(3)
@given(LINE, st.text(st.characters(exclude_characters='"'), min_size=1, max_size=10).filter(str.strip))
def test_a_line_is_found_by_what_stands_in_it(line: RecordLine, text: str) -> None:
    said = text.strip()
    held = RecordLine(1, NOW, line.actor, line.kind, f"{line.text} {said} more")
    wanted = filter_of((), (), said)
    assert matches(wanted, held)
    assert not matches(f"!{wanted}", held)
