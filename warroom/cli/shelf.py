"""Rows on their way to being printed: in memory while they are few, in a file of nobody's when they are many.

A room of any size is listed, in any order, in the memory that a small one takes: rows are put away in runs, each in
order by itself, and come back merged (Knuth, The Art of Computer Programming, volume 3, section 5.4).
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from heapq import merge
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, Final, Generic, TypeVar

Row = TypeVar("Row")

RUN: Final = 2_000
"""How many rows are in memory before they are put away."""
BLOCK: Final = 50
"""How many rows of each run are in memory when they come back."""


class Shelf(Generic[Row]):
    """Keeps rows, and gives them back in the order of their keys, or in which they came where there is none.

    Rows with equal keys stay in the order in which they came. What is kept has to be plain values (`pickle`); the file
    has no name, so that nobody else can put anything into it, and is gone with this process.
    """

    def __init__(self, *, ordered: bool) -> None:
        """`ordered`: by their keys, which then have to be comparable."""
        self._ordered = ordered
        self._rows: list[tuple[Any, Row]] = []
        self._runs: list[list[int]] = []  # of each run where its blocks begin
        self._file: IO[bytes] | None = None
        self._count = 0

    def __enter__(self) -> Shelf[Row]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def __len__(self) -> int:
        return self._count

    def put(self, row: Row, key: object = None) -> None:
        """Keep a row."""
        self._count += 1
        self._rows.append((key, row))
        if len(self._rows) >= RUN:
            self._put_away()

    def __iter__(self) -> Iterator[Row]:
        """The rows; as often as one likes, once everything has been put."""
        runs = [*map(self._run, self._runs), iter(self._sorted(self._rows))]
        if self._ordered:
            return (row for _, row in merge(*runs, key=_key))
        return (row for run in runs for _, row in run)

    def _sorted(self, rows: list[tuple[Any, Row]]) -> list[tuple[Any, Row]]:
        return sorted(rows, key=_key) if self._ordered else rows

    def _put_away(self) -> None:
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115 - it lives as long as this does
        rows, run = self._sorted(self._rows), []
        self._file.seek(0, 2)
        for first in range(0, len(rows), BLOCK):
            run.append(self._file.tell())
            pickle.dump(rows[first : first + BLOCK], self._file, pickle.HIGHEST_PROTOCOL)
        self._runs.append(run)
        self._rows = []

    def _run(self, places: list[int]) -> Iterator[tuple[Any, Row]]:
        for place in places:
            if self._file is not None:
                self._file.seek(place)
                yield from pickle.load(self._file)


def _key(each: tuple[Any, Any]) -> Any:
    return each[0]
