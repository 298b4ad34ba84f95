"""The settings `columns`, `sort` and `filter` of a person, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.preferences.load import PreferencesError, Read
from warroom.rulebook.problems import Problem
from warroom.tui.sieve.columns import read_columns
from warroom.tui.sieve.grammar import parse
from warroom.tui.sieve.sorting import NoColumn, read_sort
from warroom.words import tr


def check(read: Read) -> Iterator[Problem]:
    """Everything that is wrong with the three settings, each with its file and line."""
    own = read.preferences
    for number, name in enumerate(own.columns):
        try:
            read_columns((name,))
        except NoColumn as error:
            steps = ("columns", number) if ("columns", number) in read.places else ("columns",)
            yield read.problem(steps, name, tr("is no column"), error.advice)
    try:
        read_sort(own.sort)
    except NoColumn as error:
        yield read.problem(("sort",), own.sort, tr("is nothing to sort by"), error.advice)
    for doubt in parse(own.filter).doubts:
        yield read.problem(("filter",), own.filter, tr("cannot be understood"), str(doubt))


def refuse_wrong(read: Read) -> None:
    """Raises `PreferencesError` where one of the three cannot be understood."""
    if problems := tuple(check(read)):
        raise PreferencesError(problems)
