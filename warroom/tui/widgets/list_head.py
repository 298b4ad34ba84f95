"""The head of the list of incidents: the names of its columns, each of which sorts by a click."""

from __future__ import annotations

from warroom.tui import listing
from warroom.tui.heading import Hit
from warroom.tui.listing import Columns
from warroom.tui.pieces import Line, fit_line
from warroom.tui.sieve.sorting import USUAL, Sort
from warroom.tui.widgets.lines import Clickable


class ListHead(Clickable):
    """The names of the list's columns; a click says which one was meant."""

    def __init__(self, *, id: str | None = None) -> None:
        """Columns of an empty list."""
        super().__init__(id=id)
        self._columns = Columns.fitting(80, ())
        self._note = ""
        self._sort = USUAL

    def show_columns(self, columns: Columns, note: str, sort: Sort = USUAL) -> None:
        """Follow the list."""
        self._columns, self._note, self._sort = columns, note, sort
        self.draw()

    def compose_line(self, width: int) -> Line:
        """The head."""
        self.hits = tuple(Hit(at, end + 1, name) for name, at, end in self._columns.places())
        return fit_line(listing.head(self._columns, self._note, self._sort), width)
