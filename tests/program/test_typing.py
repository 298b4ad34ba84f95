"""Keys that arrive together, as a slow line delivers them: each means what it means after the one before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program.staging import Stage, see, until
from warroom.domain.incident import Declare
from warroom.domain.record import Noted


@pytest.mark.parametrize("paste", [False, True])
def test_what_is_typed_ahead_goes_into_the_dialog_and_nowhere_else(tmp_path: Path, paste: bool) -> None:
    """The letters of a note are keys of the board as well: a acknowledges, s assesses, d declares."""
    stage = Stage(tmp_path, 1.0)
    with stage.session() as session, stage.board() as board:
        session.execute(Declare("Checkout answers 503", "SEV1"))
        see((board,), "● L1 primary on-call")
        first, second = "all is dead, said eva", "so try a rollback"
        if paste:
            first, second = (f"\x1b[200~{each}\x1b[201~" for each in (first, second))
        board.type(f"n{first}\x13n{second}\x13")

        def notes() -> list[str]:
            board.read()
            return [entry.event.text for _, entry, _ in session.log("INC-1") if isinstance(entry.event, Noted)]

        until(lambda: len(notes()) == 2, f"two notes, but {notes()}:\n{board.text}", 10)
        assert notes() == ["all is dead, said eva", "so try a rollback"]
        assert session.room("INC-1").escalation.acked_by == ""
        board.type("dLogin fails\t\tlogin-api\tall customers\r")
        until(lambda: board.read() and len(session.lines()) == 2, "the second incident", 10)
        incident = session.room("INC-2").incident
        assert (incident.title, incident.service, incident.summary) == ("Login fails", "login-api", "all customers")
        board.wait_gone("Declare an incident")
        board.press("q")
        assert board.exit_status() == 0
        assert board.restored
