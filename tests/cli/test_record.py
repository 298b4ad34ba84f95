"""`note`, `theory`, `experiment`, `result`, `decide`, `change`, `task`, `evidence`, `work`, `catchup` and `log`."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli
from warroom.cli.shapes import work as shapes


def work(room: Cli) -> shapes.Work:
    return shapes.Work.model_validate(room.json("work", "1"))


def test_a_theory_from_its_idea_to_its_end(room: Cli) -> None:
    said = room.out("theory", "1", "the pool is exhausted")
    (theory,) = work(room).theories
    assert said == f"OPS-1 theory #{theory.id}: the pool is exhausted\n"
    room.out("experiment", "1", "double it")
    room.out("result", "1", "no better", "--refutes")
    (theory,) = work(room).theories
    assert (theory.state, theory.reason) == ("refuted", "no better")
    assert [(e.text, e.result, e.verdict) for e in theory.experiments] == [("double it", "no better", "refutes")]
    room.out("theory", "1", "--reopen", f"#{theory.id}", "it was the wrong pool")
    room.out("theory", "1", "--confirm", str(theory.id))
    assert work(room).theories[0].state == "confirmed"


def test_a_task_from_its_beginning_to_its_end(room: Cli) -> None:
    room.out("task", "1", "add", "read the slow log", "--due", "30m", "--stream", "db")
    (task,) = work(room).tasks
    assert (task.owner, task.stream, task.state) == ("", "db", "open")
    number = str(task.id)
    room.out("task", "1", "take", number, actor="bo")
    assert room.json("task", "1", "list")["owner"] == "bo"
    room.out("task", "1", "assign", number, "mina")
    room.out("task", "1", "due", number, "--due", "45m")
    room.out("task", "1", "done", number, "it", "was", "the", "index")
    assert work(room).tasks[0].state == "done"
    assert "it was the index" in room.out("log", "1", "--kind", "done")
    assert room("task", "1", "done", number).exit_code == 3
    room.out("task", "1", "take", number)
    assert "why" in room("task", "1", "drop", number).stderr
    room.out("task", "1", "drop", number, "--reason", "not needed")
    assert work(room).tasks[0].state == "dropped"
    assert room.json_lines("task", "1", "list", "--stream", "web") == []


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("task", "1", "take"), "take 18"),
        (("task", "1", "assign", "3"), "assign 18 li"),
        (("task", "1", "take", "x"), "no number of the record"),
        (("task", "1", "list", "3"), "nothing behind it"),
        (("task", "1", "dance"), "is not one of"),
        (("theory", "1", "--confirm", "3", "--refute", "3"), "say one of them"),
        (("decide", "1", "x", "--by", "bo"), "--ask"),
        (("decide", "1", "x", "--drop"), "--on N"),
        (("change", "1", "--undone", "3", "--why", "x"), "--undone"),
        (("result", "1", "--of", "0x3", "y"), "no number"),
    ],
)
def test_what_cannot_be_understood(room: Cli, args: tuple[str, ...], says: str) -> None:
    result = room(*args)
    assert result.exit_code == 2, result.output
    assert says in result.stderr


def test_decisions_changes_and_evidence(room: Cli) -> None:
    room.out("decide", "1", "fail over?", "--ask", "--by", "mina", "--due", "20m", actor="bo")
    (asked,) = work(room).pending
    assert asked.whom == "mina"
    room.out("decide", "1", "yes", "--on", str(asked.id))
    room.out("decide", "1", "roll back")
    assert work(room).pending == []
    assert len(room.out("log", "1", "--kind", "decision").splitlines()) == 3
    room.out("change", "1", "bigger pool", "--why", "full", "--undo", "smaller", "--when", "10m")
    (change,) = work(room).changes
    assert (change.text, change.why, change.undo) == ("bigger pool", "full", "smaller")
    room.out("change", "1", "--undone", str(change.id))
    assert work(room).changes[0].undone_at is not None
    room.out("evidence", "1", "/var/log/till.log", "the stack")
    assert work(room).evidence[0].where == "/var/log/till.log"
    refused = room("evidence", "1", "javascript:alert(1)")
    assert (refused.exit_code, "http" in refused.stderr) == (1, True)


def test_a_note_from_a_pipe_is_one_note_and_says_who_was_told(room: Cli) -> None:
    said = room.out("note", "1", "-", input="first\nsecond @bo @nobody\n", actor="mina")
    assert said.startswith("OPS-1 note written down")
    assert "@nobody: nobody here, not told" in said
    (line,) = room.json_lines("log", "1", "--kind", "note")
    assert line["data"]["text"] == "first\nsecond @bo @nobody"
    assert room("note", "1", "", actor="mina").exit_code == 1


def test_the_record_by_kind_person_and_text(room: Cli) -> None:
    room.out("note", "1", "the Pool is full", actor="bo")
    room.out("note", "1", "seen it", "--kind", "observation")
    room.out("theory", "1", "the pool", actor="bo")
    found = [line["kind"] for line in room.json_lines("log", "1", "--by", "bo")]
    assert found == ["noted", "theory_added"]
    assert len(room.json_lines("log", "1", "--text", "POOL")) == 2
    assert len(room.json_lines("log", "1", "--kind", "note", "--kind", "observation")) == 2
    assert len(room.json_lines("log", "1", "--by", "bo", "--text", "pool", "--last", "1")) == 1
    assert room.json_lines("log", "1", "--text", "nothing of the sort") == []
    assert len(room.json_lines("log", "1", "--last", "2")) == 2


def test_catch_me_up(room: Cli) -> None:
    room.out("theory", "1", "the pool [x](y) <b>")
    shown = room.out("catchup", "1")
    for part in ("impact", "unknown", "next", "said"):
        assert part in shown
    assert "whether the pool" in shown
    found = shapes.CatchUp.model_validate(room.json("catchup", "1"))
    assert found.unknown[0].text == "the cause: one theory is open"
    room.clock.advance(20)
    room.out("note", "1", "roll back", "--kind", "decision")
    news = shapes.CatchUp.model_validate(room.json("catchup", "1", "--since", "10m"))
    assert [fact.text for fact in news.changed] == ["decided: roll back"]
    assert "decided: roll back" in room.out("catchup", "1", "--since", "10m")
    markdown = room.out("catchup", "1", "--md", "--since", "10m")
    assert "### New since" in markdown
    assert r"\[x\](y) \<b\>" in markdown
    assert room("catchup", "9").exit_code == 1


@pytest.mark.parametrize("hostile", ["\x1b]0;x\x07own\x1b[31m", "a\u202eb", "[bold]x[/]"])
def test_hostile_text_stays_text(room: Cli, hostile: str) -> None:
    room.out("theory", "1", f"x {hostile}")
    room.out("task", "1", "add", f"y {hostile}", "--owner", hostile, "--stream", hostile)
    for args in (("work", "1"), ("task", "1"), ("catchup", "1"), ("catchup", "1", "--md"), ("log", "1")):
        out = room.out(*args)
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_what_is_printed_is_what_the_shapes_say(room: Cli) -> None:
    room.out("theory", "1", "x")
    room.out("task", "1", "add", "y", "--due", "5m")
    shown = room("work", "1", "--json").stdout
    assert shapes.Work.model_validate_json(shown).model_dump_json() == shown.strip()
    shown = room("catchup", "1", "--json").stdout
    assert shapes.CatchUp.model_validate_json(shown).model_dump_json() == shown.strip()
    shown = room("task", "1", "--json").stdout
    assert shapes.Task.model_validate_json(shown).model_dump_json() == shown.strip()


def test_the_record_is_filtered_as_in_the_room(room: Cli) -> None:
    room.out("note", "1", "roll back", "--kind", "decision")
    room.out("note", "1", "the pool is full")
    shown = room.out("log", "1", "--filter", "kind:decision,note !pool").splitlines()
    assert [line for line in shown if "mina" in line] == [shown[-1]] and "roll back" in shown[-1]
    assert "roll back" in room.out("log", "1", "--filter", "kind:decision", "--kind", "decision", "--kind", "paged")
    wrong = room("log", "1", "--filter", "kimd:note")
    assert wrong.exit_code == 2 and 'no field "kimd"; did you mean kind:?' in wrong.stderr
    nothing = room("log", "1", "--filter", "@nobody")
    assert nothing.exit_code == 0 and "no entry here has by nobody" in nothing.stderr
