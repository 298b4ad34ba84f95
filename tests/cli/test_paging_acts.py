"""What people do to an escalation from the command line, and what they are told when somebody was quicker."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli


def kinds(told: dict[str, list[dict[str, str]]]) -> list[str]:
    return [event["kind"] for event in told["events"]]


def test_decline_moves_the_page_on(room: Cli) -> None:
    out = room.out("decline", "1", "--reason", "on a train", actor="ada")
    assert out == "OPS-1 L1: ada cannot take it: on a train; paged L2 bo by chat\n"


def test_decline_for_somebody_else_and_not_twice(room: Cli) -> None:
    told = room.json("decline", "1", "--for", "ada", "--level", "1")
    assert kinds(told) == ["page_declined", "level_paged"]
    assert room("decline", "1", "--for", "ada", "--level", "1").exit_code == 3
    assert "ada is not paged now" in room("decline", "1", "--for", "ada").stderr


def test_decline_with_a_role_is_about_the_offer(room: Cli) -> None:
    room.out("offer", "1", "scribe", "bo")
    assert room.out("decline", "1", "scribe", actor="bo") == "OPS-1 scribe: the offer to bo was declined\n"
    wrong = room("decline", "1", "scribe", "--reason", "no")
    assert wrong.exit_code == 2
    assert "leave ROLE out" in wrong.stderr


def test_take_over_and_take_back(room: Cli) -> None:
    room.out("ack", "1", actor="ada")
    assert "take it over" in room("ack", "1", actor="bo").stderr
    assert room.out("takeover", "1", "--from", "ada", "--reason", "ada sleeps", actor="bo") == (
        "OPS-1 L1 taken over from ada: ada sleeps\n"
    )
    assert room("takeover", "1", "--from", "ada", actor="cy").exit_code == 3
    told = room.json("unack", "1", "--from", "bo", actor="bo")
    assert kinds(told) == ["unacknowledged"]
    assert told["escalation"]["acked_by"] == ""
    assert told["escalation"]["next_at"] == "2024-03-13T10:05:00Z"


def test_page_again_once_a_minute(room: Cli) -> None:
    assert "give them a minute" in room("repage", "1").stderr
    room.clock.advance(2)
    assert room.out("repage", "1", "--level", "1") == "OPS-1 paged L1 ada by sms chat (by hand)\n"
    assert room("repage", "1", "--level", "2").exit_code == 3


def test_call_off_and_resume(room: Cli) -> None:
    assert room("calloff", "1").exit_code == 2
    assert room.out("calloff", "1", "--reason", "known") == "OPS-1 escalation called off at level 1: known\n"
    assert "called off" in room("ack", "1").stderr
    told = room.json("resume", "1", "--reason", "not known")
    assert kinds(told) == ["escalation_resumed", "level_paged"]
    assert room("resume", "1").exit_code == 3


def test_escalate_to_a_level_to_a_target_and_by_a_way(room: Cli) -> None:
    assert room.out("escalate", "1", "--to-level", "2") == "OPS-1 paged L2 bo by chat (by hand)\n"
    assert "levels 1 to 2" in room("escalate", "1", "--to-level", "3").stderr
    assert room.out("escalate", "1", "--to", "oncall:first", "--via", "chat") == "OPS-1 paged ada by chat (by hand)\n"
    assert "cy has no phone: page by mail" in room("escalate", "1", "--to", "cy", "--via", "phone").stderr
    for wrong in (("--to", "cy", "--to-level", "1"), ("--via", "chat")):
        assert room("escalate", "1", *wrong).exit_code == 2


@pytest.mark.parametrize("answer", ["confirm", "refuse"])
def test_an_answer_to_no_question_comes_too_late(room: Cli, answer: str) -> None:
    result = room(answer, "1", *(("--reason", "no") if answer == "refuse" else ()))
    assert result.exit_code == 3
    assert "nothing waits for a confirmation" in result.stderr


def test_merge_closes_the_duplicate(room: Cli) -> None:
    room.out("declare", "Tills are slow", "--severity", "SEV2")
    assert room.out("merge", "2", "1", "--reason", "the same cable").startswith(
        "OPS-2 closed as a duplicate of OPS-1: the same cable"
    )
    told = room.json("show", "2")
    assert told["status"] == "closed"
