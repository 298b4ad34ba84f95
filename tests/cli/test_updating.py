"""Updates from the command line: several channels, templates, a look before sending, review, schedule, correction."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import BOOK, Cli
from warroom.cli.shapes import updates as shapes
from warroom.domain.comms import Audience
from warroom.rulebook.load import read_rulebook

RULES = b"""
updates:
  must:
    - { items: [impact, next] }
    - { items: [cause], audience: external, refuse: true }
  review: { required: [{ audience: external, severities: [SEV1] }], ask: ["oncall:second"], answer_within: 5m }
"""
DESK = b"  desk: { title: support desk, audience: internal, kind: desk }\n"
TEXT = "Some customers cannot pay by card. The cause is not known yet. Next update here by 10:30 UTC."


@pytest.fixture
def strict(tmp_path: Path, warroom: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A room whose rules want a second person, and the cause said; with a third channel."""
    channels = b"channels:\n"
    made = read_rulebook({"a.yaml": BOOK.replace(channels, channels + DESK) + RULES})
    monkeypatch.setattr("warroom.rulebook.load.seed_rulebook", lambda: made)
    cli = Cli(warroom.db, made, warroom.clock, warroom.runner)
    cli.out("declare", "Tills are down", "--severity", "SEV1", "--service", "till")
    return cli


def waiting(cli: Cli) -> int:
    """The number of the one update that waits."""
    (found,) = [each for each in cli.json_lines("drafts") if each["standing"] != "writing"]
    return int(found["id"])


def updates(cli: Cli) -> list[dict[str, object]]:
    """The data of every update that went out."""
    return [line["data"] for line in cli.json_lines("log", "1") if line["kind"] == "update_posted"]


# Posting -------------------------------------------------------------------------------------------------------------


def test_one_text_for_several_channels(strict: Cli) -> None:
    result = strict("update", "1", "internal", "desk", TEXT, "--next", "20m")
    assert result.exit_code == 0 and "update posted on internal" in result.stdout
    assert "update posted on desk; next update due 10:20 UTC (20m)" in result.stdout
    assert [(u["channel"], u["text"], u["promised"]) for u in updates(strict)] == [
        ("internal", TEXT, True), ("desk", TEXT, True),
    ]  # fmt: skip
    assert updates(strict)[0]["subject"] == "OPS-1 - SEV1 - Tills are down"


def test_the_text_from_a_pipe(room: Cli) -> None:
    room.out("update", "1", "internal", input=TEXT)
    room.out("update", "1", "public", "-", input=TEXT)
    assert [u["text"] for u in updates(room)] == [TEXT, TEXT]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("pubic", "hello there"), 1, "there is no channel"),
        (("public", "internl"), 2, "did you mean internal?"),
        (("public", "one", "two words"), 1, "there is no channel"),
        (("public", "internal", "x y"), 1, "one text is for one audience"),
        (("public", "x y", "--hold", "--review", "bo"), 2, "--hold is for"),
        (("public", "x y", "--template", "nope"), 1, "there is no template"),
        (("public", "x y", "--correct", "2"), 1, "no update that can be put right"),
        (("public", "x y", "--schedule", "14:00", "--next", "13:00"), 1, "after it has gone out"),
        (("public", "x y", "--review", "nobody-known"), 1, "nobody is called"),
    ],
)
def test_what_cannot_be_sent_is_said(room: Cli, args: tuple[str, ...], code: int, said: str) -> None:
    result = room("update", "1", *args)
    assert (result.exit_code, result.stdout) == (code, "") and said in result.stderr
    assert updates(room) == []


def test_a_script_is_told_what_it_did_not_say_and_sends_all_the_same(strict: Cli) -> None:
    result = strict("update", "1", "internal", "We know of it.")
    assert (
        result.exit_code == 0 and "it does not say what customers notice, when the next update comes" in result.stderr
    )
    assert len(updates(strict)) == 1


def test_what_the_rules_refuse_is_refused_from_everywhere(strict: Cli) -> None:
    result = strict("update", "1", "public", "Some customers cannot pay.", "--review", "bo", "--anyway")
    assert result.exit_code == 1 and "the root cause (cause)" in result.stderr


def test_a_template_is_filled_and_a_blank_stops_it(room: Cli) -> None:
    look = room.json("update", "1", "internal", "--template", "auto", "--dry-run")
    assert look["stage"] == "first" and look["blanks"] and "Next update by 10:20 UTC" in look["text"]
    result = room("update", "1", "internal", "--template", "auto")
    assert result.exit_code == 1 and "a blank is left" in result.stderr and updates(room) == []
    room.out("update", "1", "internal", "--template", "own-first-internal", "--anyway")
    assert updates(room)[0]["text"] == look["text"]
    assert room.json("update", "1", "internal", "--template", "auto", "--dry-run")["stage"] == "follow-up"


def test_a_dry_run_shows_every_channel_and_sends_nothing(strict: Cli) -> None:
    out = strict.out("update", "1", "internal", "desk", TEXT, "--dry-run")
    assert out.count(TEXT) == 2 and "[x] what customers notice" in out and "things said" in out
    out = strict.out("update", "1", "public", "mina fixed jump01", "--dry-run")
    assert "[!] the root cause (has to be said)" in out and "nobody outside should read jump01" in out
    assert "a second person has to approve it" in out
    assert updates(strict) == []
    told = strict("update", "1", "public", TEXT, "--dry-run", "--json").stdout
    assert shapes.Preview.model_validate_json(told).model_dump_json() == told.strip()


def test_a_dry_run_works_where_nothing_may_be_written(room: Cli) -> None:
    room.db.chmod(0o400)
    assert "what customers notice" in room.out("update", "1", "internal", "x y", "--dry-run")


# Review --------------------------------------------------------------------------------------------------------------


def test_a_second_person_where_the_rules_want_one(strict: Cli) -> None:
    refused = strict("update", "1", "public", TEXT, actor="ada")
    assert refused.exit_code == 1 and "needs a second person" in refused.stderr
    asked = strict("update", "1", "public", TEXT, "--review", "anybody", actor="ada")
    assert asked.exit_code == 0 and "review by anybody: bo by chat" in asked.stdout
    number = waiting(strict)
    assert f"it is #{number}" in asked.stderr
    shown = strict.out("review", "1", str(number))
    assert TEXT in shown and "review by anybody until 10:05" in shown
    assert "you wrote" in strict("review", "1", str(number), "approve", actor="ada").stderr
    strict.out("review", "1", str(number), "comment", "which cards?", actor="bo")
    assert "which cards?" in strict.out("review", "1", str(number))
    strict.out("review", "1", str(number), "approve", "--send", actor="bo")
    assert [(u["reviewer"], u["author"], u["text"]) for u in updates(strict)] == [("bo", "ada", TEXT)]
    assert strict.out("drafts") == "nothing waits, and nobody is writing\n"


def test_nobody_answers(strict: Cli) -> None:
    strict.out("update", "1", "public", TEXT, "--review", "bo", actor="ada")
    number = str(waiting(strict))
    assert strict("review", "1", number, "send", "--unreviewed", "hurry", actor="ada").exit_code == 1
    strict.clock.advance(5)
    strict.tick()
    assert "nobody has answered" in strict.out("drafts", "1")
    assert strict("review", "1", number, "send", actor="ada").exit_code == 1
    strict.out("review", "1", number, "send", "--unreviewed", "bo is on a plane", actor="ada")
    assert updates(strict)[0]["unreviewed"] == "bo is on a plane"


def test_hold_schedule_and_withdraw(room: Cli) -> None:
    room.out("update", "1", "internal", TEXT, "--hold")
    number = str(waiting(room))
    assert "HELD: until somebody sends it" in room.out("drafts")
    room.out("review", "1", number, "schedule", "--at", "10:10")
    assert "goes out 10:10" in room.out("drafts")
    room.clock.advance(10)
    room.tick()
    assert len(updates(room)) == 1
    room.out("update", "1", "internal", TEXT, "--schedule", "20m")
    room.out("review", "1", str(waiting(room)), "withdraw", "not needed")
    assert room.json_lines("drafts") == []
    stale = room("review", "1", number, "send")
    assert stale.exit_code == 3 and "no update waits" in stale.stderr


def test_somebody_was_quicker(room: Cli) -> None:
    room.out("update", "1", "internal", TEXT, "--hold")
    room.out("update", "1", "internal", "in between")
    number = str(waiting(room))
    assert room("review", "1", number, "send").exit_code == 3
    room.out("review", "1", number, "send", "--anyway")
    assert len(updates(room)) == 2


def test_options_that_do_not_belong_together(room: Cli) -> None:
    assert "--at is for schedule" in room("review", "1", "5", "approve", "--at", "10:10").stderr
    assert "say when" in room("review", "1", "5", "schedule").stderr
    assert room("review", "1", "5").exit_code == 1
    assert room("review", "1", "0").exit_code == 2


def test_a_correction_follows_what_was_wrong(room: Cli) -> None:
    room.out("update", "1", "public", "All cards fail.")
    wrong = str(room.json_lines("log", "1")[-1]["version"])
    room.out("update", "1", "public", "Only EU cards fail.", "--correct", wrong)
    assert [u["corrects"] for u in updates(room)] == [0, int(wrong)]
    assert f"puts #{wrong} right" in room.out("log", "1")
    look = room.json("update", "1", "public", "--template", "auto", "--correct", wrong, "--dry-run")
    assert "All cards fail." in look["text"]


# For programs --------------------------------------------------------------------------------------------------------


def test_what_waits_for_programs(strict: Cli) -> None:
    strict.out("update", "1", "public", TEXT, "--review", "bo", actor="ada")
    (line,) = strict.out("drafts", "--json").splitlines()
    assert shapes.Proposal.model_validate_json(line).model_dump_json() == line
    number = str(waiting(strict))
    told = strict.out("review", "1", number, "--json").strip()
    assert shapes.Proposal.model_validate_json(told).model_dump_json() == told
    acted = strict.json("review", "1", number, "approve", actor="bo")
    assert [event["kind"] for event in acted["events"]] == ["update_approved"]


def test_what_somebody_is_writing_is_listed(room: Cli) -> None:
    from warroom.service.drafting import keep
    from warroom.store.drafts import Content

    with room.session() as session:
        keep(session, "OPS-1", Audience.INTERNAL.value, Content("\x1b[31mhalf a sentence", ("internal",)), None)
    out = room.out("drafts")
    assert "being written since 10:00" in out and "half a sentence" in out and "\x1b" not in out
    (line,) = room.out("drafts", "1", "--json").splitlines()
    assert shapes.DraftItem.model_validate_json(line).model_dump_json() == line
