"""Python's search for garbage keeps nobody who types waiting, and is not forgotten."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from warroom.tui import garbage
from warroom.tui.garbage import LONG_QUIET_S, MIDDLE_QUIET_S, OFTEN, QUIET_S, TOO_MANY, YOUNG


@pytest.fixture
def settled() -> Iterator[None]:
    before = gc.get_threshold()
    garbage.settle()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.parametrize(
    ("quiet_s", "counts", "searched"),
    [
        (0.0, (YOUNG * 3, OFTEN, OFTEN), []),  # somebody types
        (QUIET_S, (YOUNG - 1, OFTEN, OFTEN), []),  # not worth it
        (QUIET_S, (YOUNG, 0, 0), [0]),
        (QUIET_S, (YOUNG, OFTEN - 1, OFTEN), [0]),
        (QUIET_S, (YOUNG, OFTEN * 9, OFTEN), [0]),  # what is older takes longer than the pause between two keys
        (MIDDLE_QUIET_S, (YOUNG, OFTEN, 0), [1]),
        (MIDDLE_QUIET_S, (YOUNG, OFTEN, OFTEN), [1]),  # all of it waits until nobody has typed for long
        (LONG_QUIET_S, (YOUNG, OFTEN, OFTEN), [2]),
    ],
)
def test_it_is_searched_where_that_is_worth_it_and_nobody_types(
    settled: None,
    monkeypatch: pytest.MonkeyPatch,
    quiet_s: float,
    counts: tuple[int, int, int],
    searched: list[int],
) -> None:
    found: list[int] = []
    monkeypatch.setattr(gc, "get_count", lambda: counts)
    monkeypatch.setattr(gc, "collect", found.append)
    garbage.sweep(quiet_s)
    assert found == searched


def test_a_program_that_was_not_settled_searches_as_python_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "get_count", lambda: (YOUNG * TOO_MANY, OFTEN, OFTEN))
    found: list[int] = []
    monkeypatch.setattr(gc, "collect", found.append)
    garbage.sweep(LONG_QUIET_S)
    assert found == []


def test_what_goes_in_a_circle_is_found_while_nobody_types(settled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Circle:
        alive = 0

        def __init__(self) -> None:
            self.me = self
            Circle.alive += 1

        def __del__(self) -> None:
            Circle.alive -= 1

    gc.collect()
    kept = [Circle() for _ in range(YOUNG)]
    del kept
    assert Circle.alive == YOUNG
    garbage.sweep(QUIET_S)
    assert Circle.alive == 0
