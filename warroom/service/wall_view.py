"""What a wallboard shows, read in one snapshot: the board, who has been silent for how long, on-call duty, figures.

It is asked again and again for weeks, so nothing here grows: what was worked out is kept for what is on the board now,
and figures over a month are read once a minute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from warroom.domain.book import Rulebook
from warroom.service.duty_view import look
from warroom.service.punctuality import clocks, punctuality
from warroom.service.session import Session
from warroom.store import queries
from warroom.valueclass import dataclass
from warroom.views import BoardView, ClockLine, IncidentLine, OnCallView, PageState
from warroom.views.wall import NIGHT, DayFigures, InsightView, Silence, WallView

AHEAD = timedelta(days=8)
"""How far ahead shifts are read, from midnight on: a week is seen at any hour."""
FIGURES = timedelta(minutes=1)
"""How old the figures over a month may be, in the time of the room."""
DAYS = 7
"""How many days the trend has, today among them."""
MOST_COUNTED = 20_000
"""Of how many incidents and pages the days of the trend are counted at most: the newest."""
MOST_PEOPLE = 40
"""Of how many people the pages are counted: more than a wall shows."""


@dataclass(slots=True)
class WallReader:
    """Reads for one wallboard. `screens` says which of "board", "oncall" and "insight" are shown."""

    screens: Collection[str] = ("board",)
    _silences: dict[str, tuple[int, Silence | None]] = field(default_factory=dict)
    _oncall: OnCallView | None = None
    _insight: InsightView | None = None
    _generation: int = -1

    def read(self, session: Session) -> WallView:
        """The room as it is now. Raises as `Session.board` does."""
        board = session.board()
        if session.database.generation != self._generation:  # it is another file: what was kept belongs to the old one
            self._generation, self._silences = session.database.generation, {}
            self._oncall = self._insight = None
        with session.database.read() as c:
            now = board.read_at
            self._hear(session, board)
            silences = {key: each for key, (_, each) in self._silences.items() if each is not None}
            live = any(line.page.state is not PageState.STOPPED for line in board.lines)
            calm = None if live else queries.over_since(c)
            if "oncall" in self.screens:
                start = now.replace(hour=0, minute=0, second=0, microsecond=0)
                self._oncall = look(session, start, start + AHEAD, self._oncall)
            if "insight" in self.screens and (self._insight is None or not self._fresh(self._insight, now)):
                people = session.book().people  # what was said to a channel is nobody's page
                paged = [each for each in queries.paged_since(c, now - NIGHT, MOST_PEOPLE) if each[0] in people]
                self._insight = InsightView(
                    punctuality(session), now - NIGHT, tuple(paged), week(c, session.book(), now)
                )
            return WallView(board, silences, calm, self._oncall, self._insight)

    @staticmethod
    def _fresh(insight: InsightView, now: datetime) -> bool:
        return timedelta(0) <= now - insight.punctuality.now < FIGURES

    def _hear(self, session: Session, board: BoardView) -> None:
        """The silences of the major incidents; of one that has not changed what was found before."""
        known, self._silences = self._silences, {}
        for line in board.lines:
            if not line.severity.major or line.page.state is PageState.STOPPED:
                continue
            before = known.get(line.key)
            if before is None or before[0] != line.version:
                (_, found) = clocks(session, line.key)[0]
                before = line.version, _silence(line, found)
            self._silences[line.key] = before


def _silence(line: IncidentLine, found: Collection[ClockLine]) -> Silence | None:
    """The silence on the channel that is due next, else the longest one."""
    running = [each for each in found if each.due is not None or each.last_at is not None]
    if not running:
        return None
    first = min(running, key=lambda each: (each.channel != line.update.channel, each.begun))
    return Silence(first.channel, first.begun)


def week(c: Connection, book: Rulebook, now: datetime) -> tuple[DayFigures, ...]:
    """The last days, UTC, each with what was declared and who was woken; today as far as it has come."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=DAYS - 1)
    declared, major, pages, night = Counter[int](), Counter[int](), Counter[int](), Counter[int]()
    for at, severity in queries.declared_since(c, first, MOST_COUNTED):
        day = (at - first).days
        declared[day] += 1
        major[day] += severity in book.severities and book.severities[severity].major
    found = queries.pages_since(c, first, MOST_COUNTED)
    for login, at in found:
        person = book.people.get(login)
        if person is not None:  # what was said to a channel is nobody's page
            day = (at - first).days
            pages[day] += 1
            night[day] += book.fatigue.night.covers(at, person.zone)
    whole = (found[-1][1] - first).days + 1 if len(found) == MOST_COUNTED else 0
    return tuple(
        DayFigures(first + timedelta(days=n), declared[n], major[n], pages[n] if n >= whole else None, night[n])
        for n in range(DAYS)
    )
