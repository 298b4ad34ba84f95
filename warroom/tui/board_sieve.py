"""What the board's list shows: the filter and its suggestions, the order, the columns. Part of `board.BoardScreen`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from textual import on
from textual.message import Message
from textual.timer import Timer

from warroom.preferences.values import DEFAULTS, Preferences
from warroom.tui.sieve.columns import USUAL as USUAL_COLUMNS
from warroom.tui.sieve.columns import head_of, read_columns
from warroom.tui.sieve.grammar import parse
from warroom.tui.sieve.match import Beyond, beyond
from warroom.tui.sieve.sorting import URGENCY, USUAL, Sort, read_sort
from warroom.tui.widgets.columns import ColumnsDialog, ColumnWish
from warroom.tui.widgets.incidents import IncidentList
from warroom.tui.widgets.keyed import KeyedScreen
from warroom.tui.widgets.lines import Clickable
from warroom.tui.widgets.list_head import ListHead
from warroom.tui.widgets.sieve import FilterBar
from warroom.views import IncidentLine
from warroom.words import tr

LOOK_AFTER_S: Final = 0.3
"""How long after the last key of a filter the store is asked for what the board does not have, in seconds."""


class SievedScreen(KeyedScreen[None]):
    """A screen with a `FilterBar`, a `ListHead`, an `IncidentList` and a `KeyBar`."""

    class Wanted(Message):
        """The filter names incidents that the board does not have: they are to be read, and shown by `show_besides`."""

        def __init__(self, what: Beyond) -> None:
            super().__init__()
            self.what = what

    class Keep(Message):
        """These columns and this order are to be written to the settings file."""

        def __init__(self, columns: tuple[str, ...], sort: Sort) -> None:
            super().__init__()
            self.columns = columns
            self.sort = sort

    def __init__(self, own: Preferences = DEFAULTS) -> None:
        """With the columns, the order and the filter that a person has chosen; they have been checked before."""
        super().__init__()
        self._own = own
        self._filtering = False  # the filter is being typed
        self._wanted = Beyond()
        self._look: Timer | None = None

    def begin_sieve(self) -> None:
        """Put in force what the person has chosen."""
        self._bar.display = False
        self._incidents.choose(read_columns(self._own.columns))
        self._incidents.sort_by(read_sort(self._own.sort))
        if self._own.filter:
            self._bar.put(self._own.filter)

    @property
    def _incidents(self) -> IncidentList:
        return self.query_one(IncidentList)

    @property
    def _bar(self) -> FilterBar:
        return self.query_one(FilterBar)

    @on(IncidentList.Arranged)
    def _list_arranged(self, event: IncidentList.Arranged) -> None:
        event.stop()
        self._show_head()

    def _show_head(self) -> None:
        incidents = self._incidents
        typed, note = incidents.filter_text, ""
        if typed:
            note = tr("{count} of {total} match {filter}").format(
                count=incidents.count, total=incidents.total, filter=typed
            )
        self.query_one(ListHead).show_columns(incidents.columns, note, incidents.sort)

    # ---- the filter

    def follow_filter(self, now: datetime) -> None:
        """The room moved on: suggestions come from what is there now."""
        self._bar.follow(self._incidents.everything, now)

    def action_filter(self) -> None:
        """Type a filter; the list follows as it is typed."""
        self._filtering = True
        self._bar.open()

    @on(FilterBar.Typed)
    def _filter_typed(self, event: FilterBar.Typed) -> None:
        event.stop()
        if event.text != self._incidents.filter_text:  # else it was set from outside, and the list is that already
            before = self.sieved
            self._incidents.filter(event.text)
            self._show_head()  # at once, and not only when the list has said so
            if self.sieved is not before:
                self._show_keys()
        if self._look is not None:
            self._look.stop()
        if beyond(parse(event.text)):
            self._look = self.set_timer(LOOK_AFTER_S, self._look_beyond)
        else:
            self._wanted = Beyond()
            self._incidents.show_besides(())

    def _look_beyond(self) -> None:
        wanted = beyond(parse(self._bar.text))
        if wanted and wanted != self._wanted:
            self._wanted = wanted
            self.post_message(self.Wanted(wanted))

    def show_besides(self, wanted: Beyond, lines: Sequence[IncidentLine]) -> None:
        """Show what was read for a filter, unless it is another one by now."""
        if self._ready and wanted == self._wanted:
            self._incidents.show_besides(lines)

    @property
    def sieved(self) -> bool:
        """Whether esc has something to give back: a filter, or another order than the usual one."""
        return bool(self._filtering or self._incidents.filter_text or self._incidents.sort != USUAL)

    @on(FilterBar.Done)
    def _filter_done(self, event: FilterBar.Done) -> None:
        event.stop()
        self._bar.say_doubt()
        self._leave_filter()

    @on(FilterBar.Cleared)
    def _filter_cleared(self, event: FilterBar.Cleared) -> None:
        event.stop()
        self.unsieve()

    def unsieve(self) -> None:
        """Show everything again; where everything is shown, in the usual order."""
        if self._filtering or self._incidents.filter_text:
            self._bar.put("")
            self._incidents.filter("")
            self._show_head()
            self._leave_filter()
        else:
            self._sort_by(USUAL)

    def _leave_filter(self) -> None:
        self._filtering = False
        self._bar.display = False
        self._incidents.focus()
        self._show_keys()

    # ---- the order

    def action_sort(self, by: int) -> None:
        """Sort by the next column to the right (or left); beyond the last comes the usual order again."""
        shown = [URGENCY, *(name for name, _ in self._incidents.columns.slots)]
        now = self._incidents.sort.column
        at = shown.index(now) if now in shown else 0
        self._sort_by(Sort(shown[(at + by) % len(shown)]))

    def action_turn(self) -> None:
        """Sort the other way round."""
        sort = self._incidents.sort
        self._sort_by(Sort(sort.column, not sort.reverse))

    def action_urgent(self) -> None:
        """What is late first, then what falls due next."""
        self._sort_by(USUAL)

    @on(Clickable.Clicked, "#head")
    def _head_clicked(self, event: Clickable.Clicked) -> None:
        event.stop()
        sort = self._incidents.sort
        self._sort_by(Sort(event.name, sort.column == event.name and not sort.reverse))

    def _sort_by(self, sort: Sort) -> None:
        self._incidents.sort_by(sort)
        self._show_head()
        self._show_keys()

    # ---- the columns

    def action_columns(self) -> None:
        """Choose the columns, and their order."""
        lines = self._incidents.everything
        roles = sorted({role for line in lines for role, _ in line.roles} - {"incident-manager"})
        chosen = self._incidents.chosen or USUAL_COLUMNS
        self.app.push_screen(ColumnsDialog(chosen, roles, try_out=self._incidents.choose), self._columns_chosen)

    def _columns_chosen(self, wish: ColumnWish | None) -> None:
        if wish is None:
            return
        columns = () if wish.columns == USUAL_COLUMNS else wish.columns
        self._incidents.choose(columns)
        if wish.keep:
            self.post_message(self.Keep(columns, self._incidents.sort))
        else:
            shown = {name for name, _ in self._incidents.columns.slots}
            lost = [head_of(name) for name in columns if name not in shown]
            if lost:
                self.notify(
                    tr("no room here for {columns}: what is first in the choice stays longest").format(
                        columns=", ".join(lost)
                    ),
                    markup=False,
                )
