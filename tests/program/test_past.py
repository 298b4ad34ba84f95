"""Time travel in a real terminal: back, marked as past, nothing can be changed there, and out again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.program.staging import until
from tests.support.lived import lived_room
from tests.support.screen import Terminal
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_there_and_back_again(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "room.db"
    lived_room(path)
    with (
        Session(path, actor="tester", seed=seed_rulebook) as session,
        Terminal(["--db", str(path), "--as", "ana"], size=size) as terminal,
    ):
        entries, seq = session.room("INC-1").version, session.seq()
        terminal.wait_for("Exports are late")
        terminal.press("enter")
        terminal.wait_for("esc back")
        assert "PAST" not in terminal.text
        terminal.press("[", "[", "[")
        terminal.wait_for(re.compile(rf"PAST \d\d:\d\d:\d\d UTC .*entry {entries - 2} of {entries}"))
        terminal.wait_for("◆")
        terminal.press("n")
        terminal.wait_for("you look at the past")
        terminal.press("a", "u", "z")
        # Long ago it was worse, and nobody had said anything.
        terminal.press("T")
        terminal.wait_for("Show the room as it was")
        terminal.type("#2")
        terminal.press("enter")
        terminal.wait_for(re.compile(rf"entry 2 of {entries}"))
        terminal.wait_for(re.compile(r"SEV2 .*Exports are late"))
        terminal.press("\x1b[F")
        terminal.wait_gone("PAST")
        terminal.wait_for(re.compile(r"SEV3 .*Exports are late"))
        assert session.seq() == seq
        # In the present the same key works again.
        terminal.press("n")
        terminal.wait_for("esc")
        terminal.type("live again")
        terminal.press("enter")
        until(lambda: terminal.read(0.02) and session.log("INC-1")[-1][0].text == "live again", "the note")
        terminal.press("q")
        terminal.wait_for("q quit")
        terminal.press("q")
        assert terminal.exit_status() == 0
