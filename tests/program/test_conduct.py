"""The conduct of one incident by two people, from the first word to the last (R4, R10, R11).

Mina and Ana run a SEV1 for three hours of a room whose time runs fast; Tove comes late and has to be told everything.
The story is played once, by keys alone (`conduct`); each test looks at it from another side: the record, the screens,
what went out.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.program.conduct import (
    ACTS,
    CHANGE,
    DECISION,
    FIRST,
    HOUR,
    KEY,
    OUTSIDE,
    READ_BACK,
    RULES,
    SPEED,
    THEORY,
    TITLE,
    fill,
    leave,
    opened,
)
from tests.program.staging import MONDAY, moment, see, until
from warroom.domain.comms import UpdatePosted
from warroom.domain.incident import Declare
from warroom.service import drafting
from warroom.store.outbox_read import listing

pytestmark = pytest.mark.timeout(900)

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Story:
    """What is left of it."""

    screens: Mapping[str, str]
    log: Sequence[Mapping[str, Any]]
    sent: Sequence[Mapping[str, Any]]
    answers: Mapping[str, Any]
    refusals: Sequence[tuple[int, str]]

    def of(self, *kinds: str) -> list[Mapping[str, Any]]:
        """The lines of the record of these kinds."""
        return [line for line in self.log if line["kind"] in kinds]

    def one(self, kind: str) -> Mapping[str, Any]:
        """The only line of a kind."""
        (line,) = self.of(kind)
        return line


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story, played from the keyboard."""
    with opened(tmp_path_factory.mktemp("conduct"), SPEED, **RULES) as p:
        for act in ACTS:
            act(p)
        until(lambda: all(each.state == "sent" for each in listing(p.session.database, most=1000)), "all is sent")
        answers = {
            name: p.shell.do("eva", name, *more)
            for name, more in (("punctuality", ()), ("clocks", (KEY,)), ("timeline", (KEY,)), ("doctor", ()))
        }
        leave(p.mina, p.ana)
        return Story(p.screens, p.stage.log(KEY), p.stage.sent(), answers, p.refusals)


# What is left of it --------------------------------------------------------------------------------------------------


def test_it_is_declared_from_one_line_and_the_roles_are_taken_by_key(story: Story) -> None:
    declared = story.one("declared")
    assert (declared["actor"], declared["data"]["title"]) == ("mina", TITLE)
    assert (declared["data"]["severity"], declared["data"]["service"]) == ("SEV1", "payments-api")
    assert [(line["actor"], line["data"]["level"]) for line in story.of("acknowledged")] == [("mina", 1), ("ana", 2)]
    first, second = story.of("role_assigned")[:2]
    assert (first["data"]["role"], first["data"]["person"]) == ("incident-manager", "mina")
    assert (second["data"]["role"], second["data"]["person"]) == ("communications-manager", "ana")


def test_the_first_update_is_written_once_for_three_channels(story: Story) -> None:
    found = [line for line in story.of("update_posted") if line["actor"] == "ana"][:3]
    assert {line["data"]["channel"] for line in found} == {"internal", "support", "leadership"}
    assert len({line["data"]["text"] for line in found}) == 1
    text = found[0]["data"]["text"]
    for words in (f"Impact: {FIRST}.", "a fifth of all customers", "The cause is not known yet", "Next update by"):
        assert words in text
    assert "[[" not in text
    assert found[0]["data"]["subject"] == f"{KEY} - SEV1 - {TITLE}"
    assert all(line["data"]["promised"] for line in found)


def test_what_customers_read_is_seen_by_a_second_person_before_it_goes_out(story: Story) -> None:
    proposed, approved = story.one("update_proposed"), story.one("update_approved")
    (posted,) = [line for line in story.of("update_posted") if line["data"]["proposal"] == proposed["version"]]
    assert (proposed["actor"], approved["actor"], approved["at"]) == ("mina", "ana", posted["at"])
    data = posted["data"]
    assert (data["channel"], data["author"], data["reviewer"]) == ("public", "mina", "ana")
    assert (data["text"], data["subject"]) == (proposed["data"]["text"], "Payments issue")
    assert OUTSIDE in data["text"]
    # Ana saw it coming, was asked, and nothing went out before she had said yes: by no way.
    assert {page["to"] for page in proposed["data"]["pages"]} == {"ana", "omar"}
    assert [status for status, _ in story.refusals] == [1, 1, 1]
    assert "second person" in story.refusals[-1][1]
    (sent,) = [each for each in story.sent if each["to"] == "public" and OUTSIDE in each["body"]]
    assert sent["id"] == f"{KEY}/{posted['version']}/1"


def test_a_silence_is_warned_of_then_nags_then_brings_in_the_next_level(story: Story) -> None:
    posted = next(line for line in story.of("update_posted") if line["data"]["channel"] == "public")
    began, due = moment(posted["at"]), moment(posted["data"]["due"])
    warned = next(line for line in story.of("update_warned") if line["data"]["channel"] == "public")
    missed = [line for line in story.of("update_missed") if line["data"]["channel"] == "public"][:3]
    shares = [(moment(line["due"]) - began) / (due - began) for line in (warned, *missed)]
    assert shares == pytest.approx([0.8, 1.0, 1.2, 1.5], abs=1e-3)
    told = [[page["to"] for page in line["data"]["pages"]] for line in (warned, *missed)]
    assert told == [["ana"], ["ana"], ["mina"], []]  # communications manager, incident manager, then the level
    assert [line["data"]["escalated"] for line in missed] == [False, False, True]
    (paged,) = [line for line in story.of("level_paged") if line["data"]["why"] == "update overdue"]
    assert (paged["data"]["level"], paged["at"]) == (2, missed[-1]["at"])
    ids = {each["id"]: each for each in story.sent}
    for line in (warned, *missed, paged):
        for number, page in enumerate(line["data"]["pages"], 1):
            assert ids[f"{KEY}/{line['version']}/{number}"]["to"] == page["to"]
    assert {page["to"] for page in paged["data"]["pages"]} == {"yuna", "li"}
    for name in ("late", "late for the other"):
        assert "public LATE" in story.screens[name]


def test_an_update_is_skipped_with_a_reason_and_its_clock_begins_anew(story: Story) -> None:
    skipped = story.one("update_skipped")
    data = skipped["data"]
    assert (skipped["actor"], data["channel"], data["reason"]) == ("ana", "public", "the bank answers within the hour")
    assert moment(data["due"]) - moment(skipped["at"]) == 50 * MINUTE
    assert moment(data["was_due"]) < moment(skipped["at"])
    (measured,) = story.answers["punctuality"]
    # It was late already when it was skipped: it stays late, whatever the reason.
    assert (measured["whole"]["skipped"], measured["whole"]["late"] > 0) == (0, True)


def test_a_theory_is_refuted_a_change_undone_a_task_done_and_a_decision_stands(story: Story) -> None:
    theory, result, settled = (story.one(kind)["data"] for kind in ("theory_added", "result_added", "theory_settled"))
    assert theory["text"] == THEORY
    assert (result["about"], result["verdict"]) == (THEORY, "open")
    assert (settled["about"], settled["to"], settled["reason"]) == (
        THEORY,
        "refuted",
        "declined with a larger pool too",
    )
    change, undone = story.one("change_made"), story.one("change_undone")
    assert (change["data"]["why"], change["data"]["undo"]) == ("declines began with it", "deploy 8812 again")
    assert (undone["data"]["change"], undone["actor"]) == (change["version"], "ana")
    task, ended = story.one("task_added"), story.one("task_ended")
    assert (task["data"]["owner"], ended["data"]["task"], ended["data"]["dropped"]) == ("ana", task["version"], False)
    (decision,) = [line["data"]["text"] for line in story.of("noted") if line["data"]["note_kind"] == "decision"]
    assert decision == DECISION


def test_the_lead_is_handed_over_with_a_card_and_the_old_one_leads_until_it_is_read_back(story: Story) -> None:
    offered, read, taken = story.one("role_offered"), story.one("role_read_back"), story.of("role_assigned")[-1]
    assert (offered["actor"], offered["data"]["to"]) == ("mina", "ana")
    for words in (TITLE, f"not this: {THEORY}", CHANGE, "Next updates:", "Next escalation:", "mina is tired"):
        assert words in offered["data"]["note"]
    assert story.screens["holder while offered"] == "mina"
    assert (read["actor"], read["data"]["text"]) == ("ana", READ_BACK)
    assert (taken["data"]["person"], taken["data"]["before"], taken["data"]["handed_over"]) == ("ana", "mina", True)
    assert offered["version"] < read["version"] < taken["version"]
    assert "mina holds it until you" in story.screens["take over"]


def test_a_milder_severity_makes_another_plan_and_loses_nothing(story: Story) -> None:
    changed, switched = story.one("severity_changed"), story.one("escalation_switched")
    assert (changed["data"]["before"], changed["data"]["to"], changed["actor"]) == ("SEV1", "SEV2", "ana")
    assert (switched["data"]["policy"], switched["data"]["level"], switched["at"]) == ("sev2-major", 2, changed["at"])
    assert not [line for line in story.of("level_paged") if line["version"] > changed["version"]]
    timed = {line["data"]["channel"]: line["data"] for line in story.of("stream_timed") if line["at"] == changed["at"]}
    promised = moment(story.of("update_posted")[0]["data"]["due"])
    assert moment(timed["internal"]["due"]) == promised  # whoever has read it counts on it
    assert moment(timed["public"]["due"]) - moment(story.one("update_skipped")["at"]) == 2 * HOUR
    for words in ("sev2-major", "public"):
        assert words in story.screens["what would change"]


def test_who_comes_late_is_told_everything_on_one_screen(story: Story) -> None:
    shown = story.screens["catch me up in full"]
    for words in (
        "SEV2  INC-1",
        "was SEV1: the bank takes cards of two countries again",
        "incident manager: ana",
        f"not so: {THEORY}: declined with a larger pool",
        "every theory so far was refuted",
        "when the impact began",
        f"{CHANGE} (undone)",
        "raise the pool on one node: declined there as well",
        DECISION,
        "internal update on internal",
        "external update on public",
        "public: We are looking into a problem",
    ):
        assert words in shown
    for name in ("impact", "severity", "roles", "known", "unknown", "tried", "running", "decided", "next"):
        assert re.search(rf"│ {name} ", story.screens["catch me up"])
    for words in ("handed over by mina", "Who could take over", "yuna  ✓ sms sent"):
        assert words in story.screens["room"]


def test_the_past_can_be_seen_and_not_be_changed(story: Story) -> None:
    assert re.search(r"PAST .*entry \d+ of \d+", story.screens["past"])
    long_ago = story.screens["long ago"]
    assert "entry 2 of" in long_ago
    assert "◆ SEV1  INC-1" in long_ago
    assert "declared" in long_ago
    assert "handed over" not in long_ago
    assert "PAST" not in story.screens["back"]
    assert not [line for line in story.log if line["actor"] == "tove"]


def test_it_ends_after_three_hours_with_the_times_that_nobody_had_said(story: Story) -> None:
    declared, ended = story.one("declared"), story.of("status_changed")[-1]
    assert (ended["data"]["to"], ended["data"]["reason"]) == ("resolved", "the bank has mended its side")
    assert moment(ended["at"]) - moment(declared["at"]) > 3 * HOUR
    amended = story.one("amended")
    assert (amended["at"], amended["actor"]) == (ended["at"], "ana")
    assert moment(amended["data"]["started_at"]) == MONDAY - 10 * MINUTE
    (timeline,) = story.answers["timeline"]
    assert moment(timeline["start"]) == MONDAY - 10 * MINUTE
    assert timeline["end"] == ended["at"]


def test_the_last_words_are_said_inside_in_numbers_and_outside_in_short(story: Story) -> None:
    inside, outside = story.of("update_posted")[-2:]
    assert (inside["actor"], inside["data"]["channel"]) == ("mina", "internal")
    for words in (
        f"Resolved: {TITLE}. It lasted for ",
        "4000 customers",
        "31 support cases",
        "a fault at the bank",
    ):
        assert words in inside["data"]["text"]
    assert (outside["actor"], outside["data"]["channel"]) == ("ana", "public")
    assert outside["data"]["text"].startswith("The problem with Payments is solved.")
    assert "follow up here with what we learned on Thursday" in outside["data"]["text"]
    assert "[[" not in inside["data"]["text"] + outside["data"]["text"]
    assert story.of("stream_ended")[-1]["data"]["channel"] == "public"
    (measured,) = story.answers["punctuality"]
    # And the one that was skipped when it was late.
    assert measured["whole"]["counted"] == len(story.of("update_posted")) + 1
    assert measured["whole"]["silent_min"] > 0
    clocks = {line["channel"]: line for line in story.answers["clocks"]}
    assert (clocks["public"]["due"], clocks["internal"]["due"]) == (None, None)


def test_the_room_is_as_its_record_has_it(story: Story) -> None:
    assert [line["what"] for line in story.answers["doctor"] if not line["good"]] == []
    assert len(story.answers["doctor"]) > 8


# A terminal dies ------------------------------------------------------------------------------------------------------


def test_a_draft_outlives_the_terminal_in_which_it_was_written(tmp_path: Path) -> None:
    text = "cards fail in the whole of the EU since this morning"
    with opened(tmp_path, 1.0, **RULES) as p:
        p.session.execute(Declare(TITLE, "SEV1", "payments-api"))
        see((p.mina, p.ana), KEY)
        p.mina.press("u")
        p.look("begun", p.mina, r"\[x\] internal")
        p.mina.type(text)

        def kept() -> bool:
            p.mina.read(0.05)
            return any(text in draft.content.text for draft in drafting.drafts_of(p.session, KEY))

        until(kept, "the draft")
        p.mina.signal(signal.SIGKILL)
        assert p.mina.exit_status() == 128 + signal.SIGKILL
        # Nobody's words are overwritten: ana sees that mina writes, and begins her own.
        p.ana.press("u")
        p.look("of the other", p.ana, r"✎ mina is writing on internal", r"\[x\] internal")
        p.ana.type("nobody can pay")
        with p.stage.board(actor="mina") as again:
            p.others.append(again)
            p.look("again", again, KEY)
            again.press("u")
            p.look("it is back", again, r"Impact:\s+cards fail\s", "since this morning", "✎ ana is writing on internal")
            fill(again, "half", "no", "looking", "more")
            again.press("ctrl+s")
            p.until(lambda room: room.comms.streams["internal"].last_at, "the update")
            (posted,) = [e.event for _, e, _ in p.session.log(KEY) if isinstance(e.event, UpdatePosted)]
            assert f"Impact: {text}." in posted.text
            until(
                lambda: {draft.author for draft in drafting.drafts_of(p.session, KEY)} == {"ana"}, "only ana is writing"
            )
            # And ana is told that somebody was quicker, before hers goes out.
            p.look("quicker", p.ana, "mina on internal")
            p.ana.press("ctrl+s")
            p.look("asked once more", p.ana, "somebody posted on internal since you began")
            assert len([e for _, e, _ in p.session.log(KEY) if isinstance(e.event, UpdatePosted)]) == 1
            p.gone(again, r"ctrl\+s sends")
            leave(again)
            p.others.remove(again)
