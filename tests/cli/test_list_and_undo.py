"""`list` with a filter, an order and columns of one's own; `undo`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.conftest import Cli
from tests.support.profile import examples
from warroom.cli import shelf
from warroom.domain.room import Room
from warroom.service.session import Session
from warroom.views import IncidentLine


@pytest.fixture
def three(room: Cli) -> Cli:
    """Three incidents, one of them over."""
    room.out("declare", "Slow reports", "--severity", "SEV3")
    room.clock.advance(2)
    room.out("declare", "Printing fails", "--severity", "SEV2", "--service", "till")
    room.out("resolve", "2", "--reason", "fixed")
    return room


def listed(room: Cli, *args: str) -> list[str]:
    return [incident["key"] for incident in room.json_lines("list", *args)]


def test_the_boards_filter_works_on_the_command_line(three: Cli) -> None:
    assert listed(three, "--filter", "sev:1,2") == ["OPS-1", "OPS-3"]
    assert listed(three, "--filter", "!sev:1 service:till vacant") == ["OPS-3"]
    assert listed(three, "--all", "--filter", "resolved") == ["OPS-2"]
    assert listed(three, "--all", "--filter", "!resolved", "--sort", "-key") == ["OPS-3", "OPS-1"]
    assert three.out("list", "--columns", "key,service,age", "--sort", "key").splitlines() == [
        "KEY    SERVICE  AGE",
        "OPS-1  till     2m",
        "OPS-3  till     0m",
    ]


def test_what_cannot_be_understood_is_said_with_its_place(three: Cli) -> None:
    result = three("list", "--filter", "late srv:till")
    assert result.exit_code == 2
    assert 'at 6: no field "srv"; did you mean service:?' in result.stderr
    assert "did you mean title?" in three("list", "--columns", "titel").stderr
    assert "did you mean age?" in three("list", "--sort", "agee").stderr
    result = three("list", "--filter", "role:mona")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "at 6: no incident here has role mona" in result.stderr
    assert "none of 2 matches" in result.stderr


def test_undo_takes_back_what_one_did_last(room: Cli) -> None:
    room.out("ack", "1")
    room.clock.advance(1)
    room.out("severity", "1", "SEV2", "--reason", "one till")
    room.clock.advance(1)
    room.out("undo", "1")
    assert room.json("show", "1")["severity"] == "SEV1"
    log = room.out("log", "1")
    assert "undo of #" in log
    assert "severity SEV1 → SEV2: one till" in log
    result = room("undo", "1", actor="bo")
    assert result.exit_code != 0
    assert "nothing here that bo did" in result.stderr


def test_undo_says_what_to_do_about_what_cannot_be_taken_back(room: Cli) -> None:
    room.clock.advance(1)
    room.out("change", "1", "rolled back")
    result = room("undo", "1")
    assert "undo it there, and record that" in result.stderr
    assert "--entry" not in result.stderr
    room.clock.advance(1)
    room.out("note", "1", "the wrong room")
    room.clock.advance(1)
    room.out("undo", "1")
    assert "undo of #" in room.out("log", "1", "--last", "1")


def test_undo_names_the_entry_that_could_be_taken_back_instead(room: Cli) -> None:
    room.clock.advance(1)
    room.out("ack", "1")
    room.clock.advance(1)
    room.out("severity", "1", "SEV2", "--reason", "one till")
    room.clock.advance(1)
    room.out("severity", "1", "SEV3", "--reason", "no till", actor="bo")
    room.clock.advance(1)
    room.out("change", "1", "rolled back")
    told = room("undo", "1").stderr
    assert "undo it there, and record that" in told and "acknowledged" in told
    found = re.search(r"warroom undo 1 --entry (\d+)", told)
    assert found is not None  # not the severity, which bo has changed since
    assert "--entry" not in room("undo", "1", "--entry", "1").stderr
    room.out("undo", "1", "--entry", found[1])
    assert "undo of #" + found[1] in room.out("log", "1", "--last", "2")


# A room of any size --------------------------------------------------------------------------------------------------

LISTS = (
    ("--all",),
    ("--all", "--json"),
    ("--all", "--filter", "sev:>=1"),
    ("--all", "--filter", "sev:2", "--json"),
    ("--all", "--sort", "-age", "--columns", "key,title"),
    ("--all", "--sort", "title", "--json", "--limit", "150"),
    ("--sort", "age"),
    (),
)


@pytest.mark.parametrize("arguments", LISTS, ids=" ".join)
def test_what_is_listed_is_never_all_in_memory(
    three: Cli, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """Of the incidents of a large room only a few are there at any time, whatever is listed and in which order."""
    alive = Counter[str]()

    class Counted(IncidentLine):
        def __del__(self) -> None:
            alive["now"] -= 1

    with three.session() as session:
        ((line, room), *_) = session.each(all=True)

    def each(self: Session, *, all: bool, most: int | None = None) -> Iterator[tuple[IncidentLine, Room]]:
        for _ in range(300):
            copy = Counted(**{each.name: getattr(line, each.name) for each in fields(line)})
            alive["now"] += 1
            alive["most"] = max(alive["most"], alive["now"])
            yield copy, room
            del copy

    monkeypatch.setattr(Session, "each", each)
    monkeypatch.setattr(shelf, "RUN", 10)
    printed = three.out("list", *arguments).splitlines()
    assert alive["most"] < 30
    if "sev:2" not in arguments:
        assert len(printed) == {True: 150, False: 300}["--limit" in arguments] + ("--json" not in arguments)


@pytest.mark.parametrize("arguments", [(), ("--json",)], ids=str)
def test_the_silences_of_a_large_room_are_never_all_in_memory(
    three: Cli, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    alive = Counter[str]()
    with three.session() as session:
        ((number, room), *_) = session.gaps(all=True)

    class Counted(dict[str, object]):
        def __del__(self) -> None:
            alive["now"] -= 1

        def __reduce__(self) -> tuple[type, tuple[dict[str, object]]]:
            return dict, (dict(self),)

    def gaps(self: Session, keys: list[str], *, all: bool) -> Iterator[tuple[str, Counted]]:
        for n in range(300):
            report = Counted(room)
            alive["now"] += 1
            alive["most"] = max(alive["most"], alive["now"])
            yield f"{number}{n}", report
            del report

    monkeypatch.setattr(Session, "gaps", gaps)
    monkeypatch.setattr(shelf, "RUN", 10)
    printed = three.out("gaps", "--all", *arguments).splitlines()
    assert alive["most"] < 30 and len(printed) == 300 + (not arguments)


def test_silences_are_those_of_their_own_incident(three: Cli) -> None:
    for key, minute in (("3", 4), ("1", 3), ("3", 7)):
        three.clock.advance(minute)
        three.out("update", key, "public", "we are on it")
    every = {each["key"]: each["gaps_min"] for each in three.json_lines("gaps", "--all")}
    assert list(every) == ["OPS-1", "OPS-2", "OPS-3"]
    assert every["OPS-2"]["between"] == [] and every["OPS-1"]["between"] == []
    assert every["OPS-3"]["between"] == [10.0]
    assert [each["key"] for each in three.json_lines("gaps")] == ["OPS-1", "OPS-3"]
    named = three.json_lines("gaps", "3", "2", "1")
    assert [(each["key"], each["gaps_min"]) for each in named] == [
        (key, every[key]) for key in ("OPS-3", "OPS-2", "OPS-1")
    ]


def _come_back(keys: list[int], run: int, block: int) -> None:
    """In order of their keys, equal ones in the order in which they came, however often one looks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "RUN", run)
        patch.setattr(shelf, "BLOCK", block)
        for ordered in (True, False):
            with shelf.Shelf[tuple[int, str]](ordered=ordered) as kept:
                rows = [(key, f"row {n}") for n, key in enumerate(keys)]
                for row in rows:
                    kept.put(row, row[0])
                assert len(kept) == len(rows)
                for _ in range(2):
                    assert list(kept) == (sorted(rows, key=lambda row: row[0]) if ordered else rows)
                assert list(islice(kept, 3)) == list(kept)[:3]


test_rows_come_back_in_their_order = examples(0.5)(
    given(st.lists(st.integers(0, 5), max_size=60), st.integers(1, 20), st.integers(1, 7))(_come_back)
)
