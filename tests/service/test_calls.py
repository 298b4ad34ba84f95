"""Whom the bell of a board rings for: pages and offers for the person at that screen, once, on whatever incident."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from warroom.domain.escalation import Escalate
from warroom.domain.incident import Declare
from warroom.domain.roles import LEAD, OfferRole
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session

NOW = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)


def session(path: Path, actor: str) -> Session:
    return Session(path, actor=actor, seed=seed_rulebook, clock=lambda: NOW)


def test_a_page_by_hand_and_an_offer_ring_for_the_one_they_are_for(tmp_path: Path) -> None:
    path = tmp_path / "room.db"
    with session(path, "mina") as here, session(path, "eva") as there:
        here.execute(Declare("Cards fail \x1b[31m", "SEV1"))
        after = here.seq()
        assert there.calls(after) == ()
        here.execute(Escalate("need you", "eva"), "INC-1")
        here.execute(OfferRole(LEAD, "eva", "take it"), "INC-1")
        page, offer = there.calls(after)
        assert (page.key, page.title) == ("INC-1", "Cards fail")
        assert "need you" in page.what
        assert "role incident manager" in offer.what
        assert here.calls(after) == ()
        assert there.calls(there.seq()) == ()


def test_what_nobody_sends_is_said(tmp_path: Path) -> None:
    with session(tmp_path / "room.db", "mina") as here:
        assert here.board().unsent == ()
