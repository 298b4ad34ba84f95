"""Keys that arrive together, as a slow line delivers them: each means what it means after the one before."""

from __future__ import annotations

from pathlib import Path

from tests.program.staging import Stage, see, until
from warroom.domain.incident import Declare
from warroom.domain.record import Noted


def test_what_is_typed_ahead_goes_into_the_dialog_and_nowhere_else(tmp_path: Path) -> None:
    """The letters of a note are keys of the board as well: a acknowledges, s assesses, d declares."""
    stage = Stage(tmp_path, 1.0)
    with stage.session() as session, stage.board() as board:
        session.execute(Declare("Checkout answers 503", "SEV1"))
        see((board,), "● L1 primary on-call")
        said = ["all is dead, said eva", "so try a rollback", "and then restart"]
        board.type(f"n{said[0]}\x13n{said[1]}\x13n\x1b[200~{said[2]}\x1b[201~\x13")  # the last one is pasted

        def notes() -> list[str]:
            board.read()
            return [entry.event.text for _, entry, _ in session.log("INC-1") if isinstance(entry.event, Noted)]

        until(lambda: len(notes()) == 3, "three notes")
        assert notes() == said
        assert session.room("INC-1").escalation.acked_by == ""
        board.type("dLogin fails\t\tlogin-api\t\tall customers\r")
        until(lambda: board.read() and len(session.lines()) == 2, "the second incident")
        incident = session.room("INC-2").incident
        assert (incident.title, incident.service) == ("Login fails", "login-api")
        assert incident.facts.description == "all customers"
        board.wait_gone("Declare an incident")
        board.press("q")
        assert board.exit_status() == 0
        assert board.restored
