"""The demo room: what has happened in it when it opens, and that it goes on happening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from warroom.clock import Clock
from warroom.demo import scenario
from warroom.demo.people import People
from warroom.demo.run import make_room
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.store import doctor
from warroom.views import PageState

OPENING = datetime(2026, 3, 11, 14, 0, tzinfo=UTC)


class Wound:
    """A clock that a test puts forward by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Wound:
    return Wound(OPENING)


@pytest.fixture
def demo(tmp_path: Path, clock: Wound) -> Iterator[Session]:
    make_room(tmp_path / "demo.db", speed=1.0, opening=OPENING)
    with Session(tmp_path / "demo.db", actor="ana", seed=seed_rulebook, clock=clock) as session:
        yield session


def test_it_opens_on_everything_that_a_war_room_can_show(demo: Session) -> None:
    board = demo.board()
    lines = board.lines
    assert len(lines) >= 6
    assert board.room == "demo"
    assert {line.severity.name for line in lines} == {"SEV1", "SEV2", "SEV3"}
    assert {line.page.state for line in lines} >= {PageState.DUE, PageState.SNOOZED, PageState.EXHAUSTED}
    assert any(line.update.at is not None and line.update.at < OPENING for line in lines), "no update is late"
    assert any(line.lead_due is not None and line.lead_due < OPENING for line in lines), "no role is late"
    assert any(role.offered_to for line in lines for role in demo.detail(line.key).roles), "no handover is on offer"
    assert len({entry.actor for line in lines for _, entry, _ in demo.log(line.key)}) >= 6
    # The wide characters are there, and one incident is over.
    assert any("로그인" in line.title for line in lines)
    assert any(line.status == "resolved" for line in demo.lines(all=True))


def test_what_was_before_the_opening_went_out_and_is_sound(demo: Session) -> None:
    assert all(finding.good for finding in doctor.examine(demo.database) if finding.check != "permissions")
    sent = [message for line in demo.lines(all=True) for message in demo.detail(line.key).outbox]
    assert sent
    assert {message.state for message in sent} == {"sent"}


def test_every_process_in_the_room_has_the_rooms_own_time(tmp_path: Path) -> None:
    make_room(tmp_path / "fast.db", speed=60.0, opening=OPENING)
    with Session(tmp_path / "fast.db", actor="ana", seed=seed_rulebook) as session:
        assert session.room_clock == Clock(OPENING, OPENING, 60.0)
        assert session.room_clock.at(OPENING + timedelta(seconds=1)) == OPENING + timedelta(minutes=1)


def test_people_answer_take_roles_post_and_resolve_and_something_new_comes_up(demo: Session, clock: Wound) -> None:
    living = scenario.load().living
    people = People(lambda: demo, living, clock, OPENING)  # type: ignore[arg-type]
    before = demo.seq()
    kinds: dict[str, int] = {}
    for _ in range(6 * 45):
        clock.at += timedelta(seconds=10)
        while (due := demo.writer.next_due()) is not None and due <= clock.at:
            demo.writer.tick(clock)
        people.look(demo)
    for line in demo.lines(all=True):
        for shown, _, _ in demo.log(line.key):
            if shown.at >= OPENING:
                kinds[shown.kind] = kinds.get(shown.kind, 0) + 1
    assert demo.seq() > before
    for kind in ("paged", "acknowledged", "role", "update", "overdue", "status", "declared"):
        assert kinds.get(kind), f"nothing of the kind {kind} happened in three quarters of an hour: {kinds}"
    assert any(line.status in ("resolved", "closed") and line.key != "INC-4" for line in demo.lines(all=True))
    assert len(demo.lines()) <= living.most_live + 1
