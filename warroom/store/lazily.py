"""Rows that may be thousands, read from their end, as far as somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, overload

from sqlalchemy import Connection

FEW = 64
"""How many rows are read first of what may be long: in a storm somebody has thousands of pages, and a limit on them
asks for the latest few."""

Value = TypeVar("Value")


class Latest(Generic[Value]):
    """What a statement finds, the latest first and nothing twice, read as far as somebody looks."""

    def __init__(
        self, c: Connection, statement: Any, asked: Mapping[str, Any], made: Callable[[Any], Value] = lambda row: row
    ) -> None:
        self._c, self._statement, self._asked, self._made = c, statement, asked, made
        self._seen: set[Any] = set()
        self._values: list[Value] = []
        self._most, self._whole = FEW, False

    def __iter__(self) -> Iterator[Value]:
        place = 0
        while place < len(self._values) or self._more():
            yield self._values[place]
            place += 1

    def _more(self) -> bool:
        """Read four times as many; whether there were any that were not known."""
        before = len(self._values)
        while not self._whole and len(self._values) == before:
            rows = self._c.execute(self._statement, {**self._asked, "most": self._most}).all()
            for row in rows:
                if row not in self._seen:
                    self._seen.add(row)
                    self._values.append(self._made(row))
            self._whole = len(rows) < self._most
            self._most *= 4
        return len(self._values) > before


class Lazy(Sequence[Value]):
    """A sequence, oldest first, of which `latest` tells the latest first: seen from its end it is read as far as one
    looks."""

    def __init__(self, latest: Callable[[], Iterator[Value]]) -> None:
        self._latest = latest
        self._all: tuple[Value, ...] | None = None

    def _whole(self) -> tuple[Value, ...]:
        if self._all is None:
            self._all = tuple(self._latest())[::-1]
        return self._all

    def __reversed__(self) -> Iterator[Value]:
        return self._latest()

    @overload
    def __getitem__(self, index: int) -> Value: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Value]: ...
    def __getitem__(self, index: int | slice) -> Value | Sequence[Value]:
        return self._whole()[index]

    def __iter__(self) -> Iterator[Value]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def __eq__(self, other: object) -> bool:
        return self._whole() == tuple(other) if isinstance(other, tuple | Lazy) else NotImplemented

    __hash__ = None  # type: ignore[assignment]
