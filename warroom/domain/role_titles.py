"""Roles by their titles, where people read of them (R6): "tech lead", and not tech-lead.

The record names a role by its id, which is also what commands take. Its title is the rulebook's own, of the revision
that is in force for the incident: whoever puts the record into words for somebody says which book that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar, Token
from typing import Protocol


class _Spec(Protocol):
    @property
    def title(self) -> str: ...


class _Book(Protocol):
    def role(self, name: str) -> _Spec: ...


_titles: ContextVar[_Book | Mapping[str, str] | None] = ContextVar("titles", default=None)


class titled:  # noqa: N801 - it is read as a word: with titled(book):
    """Within it roles are named by their titles: those of a rulebook, or of a table; None: by their ids."""

    def __init__(self, titles: _Book | Mapping[str, str] | None) -> None:
        self._now = titles

    def __enter__(self) -> None:
        self._before: Token[_Book | Mapping[str, str] | None] = _titles.set(self._now)

    def __exit__(self, *_: object) -> None:
        _titles.reset(self._before)


def role_title(name: str) -> str:
    """What people call the role of this id."""
    titles = _titles.get()
    if titles is None:
        return name
    return titles.get(name, name) if isinstance(titles, Mapping) else titles.role(name).title


def has_titles() -> bool:
    """Whether roles are named by their titles just now."""
    return _titles.get() is not None
