"""The record on the screen of one incident: what is read of it, its filter, and the line over it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from textual import on
from textual.message import Message

from warroom.tui.pieces import Line, Role
from warroom.tui.room_plan import RoomPlan
from warroom.tui.sieve import records
from warroom.tui.sieve.grammar import Filter
from warroom.tui.widgets.keyed import KeyedScreen
from warroom.tui.widgets.lines import KeyBar
from warroom.tui.widgets.record_entry import EntryScreen
from warroom.tui.widgets.record_list import RecordList
from warroom.tui.widgets.room_panels import RecordRule
from warroom.tui.widgets.sieve import FilterBar
from warroom.views import IncidentDetail, RecordLine
from warroom.words import tr, trn


class RecordPart(KeyedScreen[None]):
    """The part of `RoomScreen` that is about the record; the screen composes its widgets."""

    _record: RecordList
    _rule: RecordRule
    _filter_bar: FilterBar
    _shown: IncidentDetail
    _plan: RoomPlan | None
    _filtering: bool

    class Older(Message):
        """Entries of the record before `before` are wanted, at most `most` (0: a page)."""

        def __init__(self, key: str, before: int, most: int) -> None:
            super().__init__()
            self.key = key
            self.before = before
            self.most = most

    @property
    def key(self) -> str:
        """The incident's key."""
        raise NotImplementedError

    @property
    def _moment(self) -> datetime:
        """As of when it is drawn."""
        raise NotImplementedError

    def action_panel(self, name: str) -> None:
        """Go to a panel."""
        raise NotImplementedError

    def _arrange(self) -> bool:
        """Give each part its box; True if that is another one than before."""
        raise NotImplementedError

    @on(RecordList.Wanted)
    def _older_wanted(self, event: RecordList.Wanted) -> None:
        event.stop()
        self.post_message(self.Older(self.key, event.before, event.most))

    @on(RecordList.Opened)
    def _entry_opened(self, event: RecordList.Opened) -> None:
        event.stop()
        self.app.push_screen(EntryScreen(event.line))

    @on(RecordList.Arranged)
    def _record_arranged(self, event: RecordList.Arranged) -> None:
        event.stop()
        self._record_changed()

    def _record_changed(self) -> None:
        """What stands over the record: how much of it is shown."""
        if self._ready:
            self._suggest()
            self._rule.say(self._record_note(), focused=self._record.has_focus, past=self._shown.past is not None)

    def _suggest(self) -> None:
        """What can be typed into the filter comes from the record as far as it is known."""
        if self._filtering:
            self._filter_bar.follow(self._record.known, self._moment, every=self._record.complete)

    def _record_note(self) -> Line:
        shown, below = len(self._record.shown), self._record.below
        typed = self._filter_bar.text
        note: list[tuple[str, Role]] = []
        if below:
            note.append((tr("{count} newer ↓").format(count=below) + "  ", Role.ACCENT))
        if typed:
            match = tr("{count} of {total} match {filter}")
            if not self._record.complete:
                match = tr("{count} of {total} match {filter}, still reading")
            words = match.format(count=shown, total=len(self._record.known), filter=typed)
            note.append((words, Role.ACCENT))
        elif shown:
            entries = trn("{count} entry", "{count} entries", shown)
            if not self._record.complete:
                entries = trn("latest entry", "latest {count} entries", shown)
            note.append((entries.format(count=shown), Role.MUTED))
        return tuple(note)

    def action_filter(self) -> None:
        """Type a filter; the record follows as it is typed."""
        if self._plan is not None and "record" not in self._plan.boxes:
            self.action_panel("record")
        self._filtering = True
        self.query_one(KeyBar).display = False
        self._suggest()
        self._filter_bar.open()
        self._arrange()

    @on(FilterBar.Typed)
    def _filter_typed(self, event: FilterBar.Typed) -> None:
        event.stop()
        wanted = records.read(event.text)
        self._record.filter(partial(_passes, wanted) if wanted else None)

    @on(FilterBar.Done)
    def _filter_done(self, event: FilterBar.Done) -> None:
        event.stop()
        self._filter_bar.say_doubt()
        self._leave_filter()

    @on(FilterBar.Cleared)
    def _filter_cleared(self, event: FilterBar.Cleared) -> None:
        event.stop()
        self._clear_filter()

    def _clear_filter(self) -> None:
        self._filter_bar.put("")
        self._leave_filter()

    def _leave_filter(self) -> None:
        self._filtering = False
        self._filter_bar.display = False
        self.query_one(KeyBar).display = True
        self._show_keys()
        self._arrange()
        self._record.focus()


def _passes(wanted: Filter, line: RecordLine) -> bool:
    return records.matches(line, wanted)
