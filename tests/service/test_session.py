"""What the layers above are given: a look at the room that one bad row does not spoil."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from warroom.domain.incident import Declare
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.store import doctor
from warroom.store.queries import Damaged


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(tmp_path / "room.db", actor="mina", seed=seed_rulebook) as opened:
        for title in ("one", "two", "three"):
            opened.execute(Declare(title, "SEV2"))
        yield opened


def test_a_row_that_cannot_be_read_does_not_hide_the_others(session: Session) -> None:
    with session.database.write() as c:
        c.execute(text("UPDATE incident SET room = '{}' WHERE key = 'INC-2'"))
    board = session.board("INC-2")
    assert [line.key for line in board.lines] == ["INC-1", "INC-3"]
    assert (board.damaged, board.selected) == (("INC-2",), None)
    with pytest.raises(Damaged, match=r"INC-2.*doctor --rebuild"):
        session.detail("INC-2")
    doctor.rebuild(session.database)
    assert [line.key for line in session.board("INC-2").lines] == ["INC-1", "INC-2", "INC-3"]
