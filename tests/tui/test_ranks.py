"""The rows of a long list are those that a short one would have, whatever was done to them and in how many parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from tests.tui.fixtures import NOW, many_lines
from warroom.tui.ranks import AROUND, Ranks
from warroom.tui.sieve.grammar import parse
from warroom.tui.sieve.match import matches
from warroom.tui.sieve.sorting import USUAL, Sort, ordered
from warroom.views import IncidentLine

LINES = many_lines()
KEYS = tuple(f"INC-{n}" for n in (*range(1, 12), 100, 1000))
FILTERS = (
    "",
    "late",
    "sev1",
    "!late",
    "age:>10m",
    "!due:<5m",
    "no such word",
    "vacant major",
    "sev:1..2 role:none,mina",
)
SORTS = (
    USUAL,
    Sort("urgency", True),
    Sort("title"),
    Sort("title", True),
    Sort("page"),
    Sort("page", True),
    Sort("sev"),
)


def expected(lines: dict[str, IncidentLine], sort: Sort, text: str, now: datetime) -> tuple[str, ...]:
    """The keys that the list should have."""
    wanted = parse(text)
    return tuple(
        line.key for line in ordered((each for each in lines.values() if matches(each, wanted, now)), sort, now)
    )


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("change"), st.dictionaries(st.sampled_from(KEYS), st.sampled_from((None, *LINES)), max_size=5)
        ),
        st.tuples(st.just("put"), st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(LINES)), max_size=12)),
        st.tuples(st.just("time"), st.sampled_from((0, 1, 60, 3_600, -120))),
        st.tuples(st.just("filter"), st.sampled_from(FILTERS)),
        st.tuples(st.just("sort"), st.sampled_from(SORTS)),
        st.tuples(st.just("part"), st.none()),
    ),
    min_size=1,
    max_size=12,
)


@examples(5)
@given(steps)
def test_rows_that_are_kept_are_the_rows_of_a_new_list(taken: list[tuple[str, object]]) -> None:
    ranks, lines, now, sort, text = Ranks(), dict[str, IncidentLine](), NOW, USUAL, ""
    for what, value in taken:
        match what:
            case "change":
                changes = {key: line and replace(line, key=key) for key, line in value.items()}  # type: ignore[attr-defined]
                ranks.change(changes)
                lines = {key: line for key, line in (lines | changes).items() if line is not None}
            case "put":
                lines = {key: replace(line, key=key) for key, line in value}  # type: ignore[attr-defined]
                ranks.put(lines.values())
            case "time":
                now += timedelta(seconds=value)  # type: ignore[arg-type]
            case "filter":
                text = str(value)
                ranks.ask(sort, parse(text))
            case "sort":
                assert isinstance(value, Sort)
                sort = value
                ranks.ask(sort, parse(text))
            case _:
                ranks.work(now, 0.0)  # a part, and no more
                assert [ranks[index].key for index in range(len(ranks))] == list(ranks.keys)
                assert [ranks.index(key) for key in ranks.keys] == list(range(len(ranks)))
                assert {line.key for line in ranks.sample} <= lines.keys()
                continue
        ranks.work(now)
        assert not ranks.pending and ranks.total == len(lines)
        assert ranks.keys == expected(lines, sort, text, now)
        assert [ranks.index(key) for key in ranks.keys] == list(range(len(ranks)))
        assert [ranks[index].key for index in range(len(ranks))] == list(ranks.keys)
        assert {line.key for line in ranks.sample} <= lines.keys() and (ranks.sample or not lines)


def test_work_is_done_in_parts_and_ends_with_all_of_it() -> None:
    lines = {f"INC-{n}": replace(LINES[n % len(LINES)], key=f"INC-{n}") for n in range(500)}
    ranks = Ranks()
    ranks.put(lines.values())
    parts = 0
    while ranks.pending:
        before = ranks.pending
        ranks.work(NOW, 0.0)
        assert ranks.pending < before
        parts += 1
    assert parts > 10 and ranks.keys == expected(lines, USUAL, "", NOW)
    assert not ranks.work(NOW)  # nothing moved


def test_what_goes_while_there_is_more_to_look_at_is_no_row_any_more() -> None:
    lines = {f"INC-{n}": replace(LINES[n % len(LINES)], key=f"INC-{n}") for n in range(500)}
    ranks = Ranks()
    ranks.put(lines.values())
    ranks.work(NOW)
    ranks.ask(Sort("title"), parse(""))
    ranks.work(NOW, 0.0)
    ranks.change(dict.fromkeys(lines))
    assert len(ranks) == ranks.pending == 0 and ranks.sample == () and ranks.work(NOW) and not ranks.work(NOW)


def test_a_filter_that_is_given_up_leaves_nothing_to_be_looked_at() -> None:
    lines = {f"INC-{n}": replace(LINES[n % len(LINES)], key=f"INC-{n}") for n in range(500)}
    ranks = Ranks()
    ranks.put(lines.values())
    ranks.work(NOW)
    before = ranks.keys
    ranks.ask(USUAL, parse("sev1"))
    ranks.work(NOW, 0.0)
    assert ranks.pending and len(ranks) < len(before)
    ranks.ask(USUAL, parse(""))
    assert ranks.pending == 0 and ranks.keys == before


def test_only_what_changed_or_fell_due_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = {f"INC-{n}": replace(LINES[n % len(LINES)], key=f"INC-{n}") for n in range(300)}
    ranks, seen = Ranks(), list[str]()
    ranks.put(lines.values())
    ranks.work(NOW)
    own = Ranks._place

    def placed(self: Ranks, key: str, *more: object) -> bool:
        seen.append(key)
        return own(self, key, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Ranks, "_place", placed)
    ranks.change({"INC-7": replace(lines["INC-7"], title="another one")})
    ranks.work(NOW)
    assert seen == ["INC-7"]
    seen.clear()
    later = NOW + timedelta(seconds=1)
    ranks.work(later)
    assert len(seen) < len(lines) and ranks.keys == expected(
        lines | {"INC-7": replace(lines["INC-7"], title="another one")}, USUAL, "", later
    )


@pytest.mark.parametrize("gone", [1, 3])
def test_of_a_row_that_goes_the_nearest_is_known(gone: int) -> None:
    lines = {f"INC-{n}": replace(LINES[0], key=f"INC-{n}") for n in range(1, 8)}
    ranks = Ranks()
    ranks.put(lines.values())
    ranks.work(NOW)
    keys, at = ranks.keys, 3
    around = ranks.around(keys[at])
    ranks.change(dict.fromkeys(keys[at : at + gone]))
    ranks.work(NOW)
    assert len(around[0]) <= 2 * AROUND and ranks.nearest(*around) == (keys[4] if gone == 1 else keys[2])
    ranks.change(dict.fromkeys(keys))
    ranks.work(NOW)
    assert ranks.nearest(*around) is None
