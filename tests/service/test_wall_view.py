"""What the wallboard reads about the last days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.lived import lived_room
from warroom.domain.incident import Declare
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.service.wall_view import DAYS, WallReader
from warroom.store import queries
from warroom.views.wall import DayFigures

BEGIN = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def week_of(session: Session) -> tuple[DayFigures, ...]:
    insight = WallReader(("insight",)).read(session).insight
    assert insight is not None
    return insight.week


def test_every_day_has_what_was_declared_on_it_and_how_much_of_that_is_major(tmp_path: Path) -> None:
    path = str(tmp_path / "room.db")
    for days, severities in ((0, ("SEV1",)), (3, ("SEV1", "SEV3", "SEV2")), (8, ("SEV3",)), (9, ())):
        now = BEGIN + days * DAY
        with Session(path, actor="ana", seed=seed_rulebook, clock=lambda now=now: now) as session:  # type: ignore[misc]
            for severity in severities:
                session.execute(Declare("it is down", severity))
            week = week_of(session)
    assert [day.day for day in week] == [(BEGIN + n * DAY).replace(hour=0) for n in range(3, 10)]
    assert [(day.declared, day.major) for day in week] == [(3, 2), *[(0, 0)] * 4, (1, 0), (0, 0)]
    assert len(week) == DAYS


def test_pages_are_those_that_people_got(tmp_path: Path) -> None:
    path = tmp_path / "room.db"
    lived_room(path)
    with Session(path, actor="mina", seed=seed_rulebook) as session:
        week = week_of(session)
        with session.database.read() as c:
            found = queries.pages_since(c, week[0].day, 10_000)
        known = [login for login, _ in found if login in session.book().people]
    assert known
    assert sum(day.pages or 0 for day in week) == len(known)
    assert all(0 <= day.night <= (day.pages or 0) for day in week)
