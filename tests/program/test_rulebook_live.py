"""The board in a real terminal while a team saves the rulebook's files: what is broken is shown, what is good holds."""

from __future__ import annotations

from pathlib import Path

from tests.support.screen import Terminal
from warroom.rulebook.load import load_rulebook, seed_rulebook
from warroom.rulebook.start import begin
from warroom.service import revisions
from warroom.service.session import Session


def test_a_broken_save_stands_above_the_list_until_it_is_good_again(tmp_path: Path) -> None:
    files = tmp_path / "rules"
    begin(files)
    severities = files / "severities.yaml"
    sound = severities.read_text(encoding="utf-8")
    with Session(tmp_path / "room.db", actor="tester", seed=seed_rulebook) as room:
        began = revisions.in_force(room)
        arguments = ["--db", str(room.target), "--as", "ana", "board", "--rulebook", str(files)]
        with Terminal(arguments, size=(120, 24)) as terminal:
            terminal.wait_for("nothing live")
            severities.write_text(sound.replace("rank: 1", "rank: one"), encoding="utf-8")
            terminal.wait_for(f"rulebook, revision {began[:4]} stays in force: severities.yaml:")
            assert revisions.in_force(room) == began
            severities.write_text(sound.replace("title: critical", "title: grave"), encoding="utf-8")
            saved = load_rulebook(files).revision
            terminal.wait_for(f"revision {saved[:4]} is in force for new incidents")
            terminal.wait_gone("stays in force")
            terminal.press("q")
            assert terminal.exit_status() == 0
        assert revisions.in_force(room) == saved
        assert [(each.revision, each.by) for each in revisions.history(room)] == [(began, "tester"), (saved, "ana")]
