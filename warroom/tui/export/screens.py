"""What there is to be taken away of a screen: the values that it draws where it has any, else its lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from textual.containers import Vertical
from textual.screen import Screen

from warroom.domain.text import clean_line
from warroom.tui.board import BoardScreen
from warroom.tui.export import views
from warroom.tui.export.reading import Wanted
from warroom.tui.export.sheet import Export
from warroom.tui.oncall import OnCallScreen
from warroom.tui.room import RoomScreen
from warroom.tui.timeline_screen import TimelineScreen
from warroom.tui.widgets.ahead import AheadScreen
from warroom.tui.widgets.catchup import CatchUpScreen
from warroom.tui.widgets.clocks import ClocksScreen, PunctualityScreen
from warroom.tui.widgets.people import PeopleScreen
from warroom.tui.widgets.record_list import RecordList
from warroom.tui.widgets.work import WorkScreen
from warroom.views import CatchUpView, OnCallView, PastMark, PunctualityView
from warroom.words import is_source, tr


def export_of(screen: Screen[Any], now: datetime, lines: tuple[str, ...], room: str) -> Export:
    """The screen at this moment. `lines` is its text, `room` the name of the room."""
    found = _values(screen, now)
    if found is None:
        name = type(screen).__name__.removesuffix("Screen").removesuffix("Dialog").lower() or "screen"
        title = _title(screen) or room
        found = Export(name, "", title if is_source() else name, now, heading=title)
    named = found.subject or not room or room in found.title
    title = found.title if named else clean_line(f"{found.title} · {room}")
    heading = found.heading if named or not found.heading else clean_line(f"{found.heading} · {room}")
    return Export(found.view, found.subject, title, found.at, found.sheets, found.data, lines, heading)


def wanted_of(screen: Screen[Any], now: datetime) -> Wanted | None:
    """What is to be read from the room for the same view as the screen has; None where it has only its lines."""
    found = _values(screen, now)
    if found is None:
        return None
    past = next((mark for each in reversed(screen.app.screen_stack) if (mark := _past(each)) is not None), None)
    entries: frozenset[int] | None = None
    shown: OnCallView | PunctualityView | CatchUpView | None = None
    match screen:
        case RoomScreen() if found.view == "record":
            entries = frozenset(line.version for line in screen.query_one(RecordList).shown)
        case OnCallScreen():
            shown = screen.view
        case PunctualityScreen() | CatchUpScreen():
            shown = screen._view
    return Wanted(found.view, found.subject, now, past if found.subject else None, entries, shown)


def _past(screen: Screen[Any]) -> PastMark | None:
    return screen.detail.past if isinstance(screen, RoomScreen | TimelineScreen) else None


def _values(screen: Screen[Any], now: datetime) -> Export | None:
    match screen:
        case BoardScreen():
            return views.board(screen.view, now) if screen.view is not None else None
        case RoomScreen():
            past = screen.detail.past
            record = screen.query_one(RecordList)
            if len(record.shown) < len(record.known):  # somebody filters it: that is what they are after
                return views.record(screen.detail.line, list(record.shown), past.moment if past else now)
            return views.room(screen.detail, past.moment if past else now, list(record.known))
        case TimelineScreen():
            return views.timeline(screen.detail, now)
        case OnCallScreen():
            return views.oncall(screen.view, now) if screen.view is not None else None
        case WorkScreen():
            return views.work(screen.line, screen.work, now)
        case PeopleScreen():
            return views.people(screen.line, screen._view, now)
        case ClocksScreen():
            found = screen._look()
            return views.clocks(found[0], found[1], now) if found is not None else None
        case PunctualityScreen():
            return views.punctuality(screen._view) if screen._view is not None else None
        case CatchUpScreen():
            return views.catchup(screen._view)
        case AheadScreen() if not screen.looks_back:
            return views.ahead(screen._forecast, now)
    return None


def _title(screen: Screen[Any]) -> str:
    """What stands in the frame of a box."""
    titles = (str(box.border_title) for box in screen.query(Vertical) if box.border_title)
    return clean_line(next(titles, "")) or tr("screen")
