"""What was worked out before and still holds, because all that it was made from is the same.

A screen looks again and again at incidents to which nothing has happened meanwhile. Sameness here is that of the very
objects: the store gives the same room for the same row, and who keeps the rows that were read gives the same lists.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

Value = TypeVar("Value")


class Memory:
    """Values by name, each with the objects that it was made from. For one thread."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._values: dict[object, tuple[tuple[object, ...], Any, datetime | None]] = {}
        self.made = 0  # how many values were made

    def get(
        self,
        name: object,
        made_from: tuple[object, ...],
        make: Callable[[Value | None], Value],
        *,
        now: datetime | None = None,
        until: datetime | None = None,
    ) -> Value:
        """The value of that name, made anew where any of `made_from` is another object than before; `make` is given the
        value before. With `until` a value is kept only while `now` lies before that moment."""
        known = self._values.get(name)
        if known is not None:
            before, value, end = known
            same = len(before) == len(made_from) and all(a is b for a, b in zip(before, made_from, strict=True))
            if same and (end is None or (now is not None and now < end)):
                return cast(Value, value)
        self.made += 1
        value = make(known[1] if known is not None else None)
        self._values[name] = made_from, value, until
        return value

    def only(self, names: set[object]) -> None:
        """Forget all but the values of these names."""
        for name in self._values.keys() - names:
            del self._values[name]
