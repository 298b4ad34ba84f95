"""What there is to be taken away of a screen: the values that it draws where it has any, else its lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from textual.containers import Vertical
from textual.screen import Screen

from warroom.domain.text import clean_line
from warroom.tui.board import BoardScreen
from warroom.tui.export import views
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
from warroom.words import tr


def export_of(screen: Screen[Any], now: datetime, lines: tuple[str, ...], room: str) -> Export:
    """The screen at this moment. `lines` is its text, `room` the name of the room."""
    found = _values(screen, now)
    if found is None:
        name = type(screen).__name__.removesuffix("Screen").removesuffix("Dialog").lower() or "screen"
        found = Export(name, "", _title(screen) or room, now)
    named = found.subject or not room or room in found.title
    title = found.title if named else clean_line(f"{found.title} · {room}")
    heading = found.heading if named or not found.heading else clean_line(f"{found.heading} · {room}")
    return Export(found.view, found.subject, title, found.at, found.sheets, found.data, lines, heading)


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
