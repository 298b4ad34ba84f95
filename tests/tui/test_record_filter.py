"""Which lines of a record a filter shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from tests.tui.fixtures import NOW
from warroom.tui.record_filter import filter_of, matches
from warroom.views import RecordLine

LINES = (
    RecordLine(1, NOW, "mina", "declared", "SEV1 EU card payments failing"),
    RecordLine(2, NOW, "engine", "paged", "L1 primary: sven by chat"),
    RecordLine(3, NOW, "jonas", "theory", "pool exhausted since deploy 8812"),
    RecordLine(4, NOW, "mina", "refuted", "Errors went on (refutes #3 “pool exhausted”)"),
    RecordLine(5, NOW, "지민", "note", "결제 @mina 확인"),
    RecordLine(6, NOW, "jonas", "task", 'read the "slow log" by 15:00'),
)


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
        ("kind:theory kind:refuted", [3, 4]),
        ("by:mina", [1, 4]),
        ("@mina", [1, 4]),
        ("by:@jonas pool", [3]),
        ("by:mina by:jonas", [1, 3, 4, 6]),
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
def test_anything_may_be_typed(filter_: str, line: RecordLine) -> None:
    assert matches(filter_, line) in (True, False)


@examples(3)
@given(LINE, st.text(st.characters(exclude_characters='"'), min_size=1, max_size=10).filter(str.strip))
def test_a_line_is_found_by_what_stands_in_it(line: RecordLine, text: str) -> None:
    said = text.strip()
    held = RecordLine(1, NOW, line.actor, line.kind, f"{line.text} {said} more")
    assert matches(filter_of((), (), said), held)
    assert not matches(f'-"{said}"', held)
