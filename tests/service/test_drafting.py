"""Drafts: nothing typed is lost when a program dies, and two who write at once see each other and never overwrite."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.bench.quick import quick_rules
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Refused, Stale
from warroom.domain.incident import Declare
from warroom.domain.proposals import ApproveUpdate, ProposeUpdate
from warroom.domain.watch import Post, Watch
from warroom.rulebook.load import seed_rulebook
from warroom.service import drafting
from warroom.service.drafting import drafts_of, keep, take_over, throw_away
from warroom.service.session import Session
from warroom.store import doctor, drafts
from warroom.store.database import DatabaseError
from warroom.store.drafts import Content

Open = Callable[[str], Session]
SAID = Content("We know of it.", ("internal",), "first", "a name", "2024-03-13T10:30:00+00:00", "ada", "15:00", 3, 4)


@pytest.fixture
def sit(tmp_path: Path) -> Iterator[Open]:
    """Opens the room for somebody; it has one incident, Q-1."""
    with ExitStack() as stack:

        def sit_down(who: str) -> Session:
            return stack.enter_context(Session(tmp_path / "room.db", actor=who, seed=quick_rules))

        sit_down("mina").execute(Declare("Cards fail", "SEV2"))
        yield sit_down


def test_a_draft_is_kept_whole_and_comes_back(sit: Open) -> None:
    mine = sit("eva")
    first = keep(mine, "Q-1", "internal", SAID, None)
    again = keep(mine, "Q-1", "internal", replace(SAID, text="We know of it. More."), first)
    (found,) = drafts_of(sit("eva"), "Q-1")
    assert found == again and found.version == 2 and found.content.text == "We know of it. More."
    assert replace(found.content, text=SAID.text) == SAID
    assert drafts_of(mine) == [found]


def test_a_draft_is_not_on_the_record_and_moves_nothing(sit: Open) -> None:
    mine = sit("eva")
    before = mine.seq(), mine.room("Q-1").version
    keep(mine, "Q-1", "internal", SAID, None)
    assert (mine.seq(), mine.room("Q-1").version) == before
    assert [f for f in doctor.examine(mine.database) if not f.good] == []


def test_one_for_each_audience_and_person(sit: Open) -> None:
    eva, bo = sit("eva"), sit("bo")
    for who in (eva, bo):
        for audience in ("internal", "external"):
            keep(who, "Q-1", audience, Content(f"{who.actor} {audience}"), None)
    assert [(d.author, d.audience) for d in drafts_of(eva, "Q-1")] == [
        ("eva", "internal"), ("eva", "external"), ("bo", "internal"), ("bo", "external"),
    ]  # fmt: skip


def test_everybody_sees_who_is_writing(sit: Open) -> None:
    keep(sit("eva"), "Q-1", "internal", SAID, None)
    detail = sit("bo").detail("Q-1")
    (line,) = detail.drafts
    assert (line.author, line.channels, line.text) == ("eva", ("internal",), "We know of it.")


def test_the_same_person_on_two_terminals_does_not_write_over_themselves(sit: Open) -> None:
    here, there = sit("eva"), sit("eva")
    first = keep(here, "Q-1", "internal", SAID, None)
    with pytest.raises(Stale, match="already, on another terminal"):
        keep(there, "Q-1", "internal", Content("another one"), None)
    keep(there, "Q-1", "internal", Content("written there"), first)
    with pytest.raises(Stale, match="another terminal too"):
        keep(here, "Q-1", "internal", Content("written here"), first)
    assert drafts_of(here, "Q-1")[0].content.text == "written there"


def test_a_draft_is_taken_over_knowingly(sit: Open) -> None:
    eva, bo = sit("eva"), sit("bo")
    first = keep(eva, "Q-1", "internal", SAID, None)
    keep(bo, "Q-1", "internal", Content("bo's own"), None)
    (seen,) = [d for d in drafts_of(bo, "Q-1") if d.author == "eva"]
    newer = keep(eva, "Q-1", "internal", replace(SAID, text="We know of it now."), first)
    with pytest.raises(Stale, match="eva has gone on writing since you looked"):
        take_over(bo, seen)
    taken = take_over(bo, newer)
    assert taken.author == "bo" and taken.content.text == "We know of it now."
    assert drafts_of(bo, "Q-1") == [taken]  # in place of their own
    with pytest.raises(Stale, match="bo has taken this draft over"):
        keep(eva, "Q-1", "internal", Content("eva types on"), newer)
    keep(bo, "Q-1", "internal", Content("bo goes on"), taken)
    keep(eva, "Q-1", "internal", Content("eva begins anew"), None)


def test_a_draft_that_is_gone_is_gone_for_good(sit: Open) -> None:
    eva = sit("eva")
    first = keep(eva, "Q-1", "internal", SAID, None)
    assert throw_away(eva, first) and not throw_away(eva, first)
    # Its number may be given again, and still it is another one.
    keep(eva, "Q-1", "internal", Content("anew"), None)
    with pytest.raises(Stale, match="this draft is gone"):
        keep(eva, "Q-1", "internal", Content("too late"), first)
    with pytest.raises(Stale, match="that draft is gone"):
        take_over(sit("bo"), first)
    assert [d.content.text for d in drafts_of(eva, "Q-1")] == ["anew"]


def test_an_old_draft_is_forgotten(sit: Open) -> None:
    eva = sit("eva")
    now = eva.clock()
    keep(eva, "Q-1", "internal", SAID, None)
    eva.clock = lambda: now + drafts.FORGET + timedelta(minutes=1)
    keep(eva, "Q-1", "external", Content("new"), None)
    assert [d.audience for d in drafts_of(eva, "Q-1")] == ["external"]


def test_what_cannot_be_kept_is_refused(sit: Open, tmp_path: Path) -> None:
    eva = sit("eva")
    with pytest.raises(Refused, match="no incident Q-9"):
        keep(eva, "Q-9", "internal", SAID, None)
    with (
        Session(tmp_path / "room.db", actor="eva", seed=quick_rules, readonly=True) as readonly,
        pytest.raises(DatabaseError),
    ):
        keep(readonly, "Q-1", "internal", SAID, None)
    assert drafts_of(eva, "Q-9") == []


@pytest.mark.parametrize("data", ["{", "[]", '{"channels": 3}', "null", '{"corrects": "x"}'])
def test_of_a_damaged_draft_the_text_is_saved(sit: Open, data: str) -> None:
    eva = sit("eva")
    keep(eva, "Q-1", "internal", SAID, None)
    with eva.database.write() as c:
        c.execute(text("UPDATE draft SET data = :data"), {"data": data})
    (found,) = drafts_of(eva, "Q-1")
    assert found.content == Content("We know of it.")


def test_hostile_text_comes_back_as_it_is_kept_and_is_shown_harmless(sit: Open) -> None:
    eva = sit("eva")
    hostile = "\x1b[2J{key}\u202e'); DROP TABLE draft; --\x00[[x]] 결제 🖼"
    kept = keep(eva, "Q-1", "internal", Content(hostile, (hostile,), hostile, hostile, hostile, hostile, hostile), None)
    (found,) = drafts_of(eva, "Q-1")
    assert found == kept
    assert "\x1b" not in eva.detail("Q-1").drafts[0].text


# Processes -----------------------------------------------------------------------------------------------------------

WRITER = """
import sys, time
from tests.bench.quick import quick_rules
from warroom.service.drafting import keep
from warroom.service.session import Session
from warroom.store.drafts import Content

with Session(sys.argv[1], actor=sys.argv[2], seed=quick_rules) as session:
    base, text = None, ""
    for n in range(100_000):
        text += f" {n}"
        base = keep(session, "Q-1", "internal", Content(text, ("internal",)), base)
        print(n, flush=True)
"""


def test_what_was_kept_survives_kill_9_while_another_writes(sit: Open, tmp_path: Path) -> None:
    sit("mina")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "room.db"), who], stdout=subprocess.PIPE, text=True
        )
        for who in ("eva", "bo")
    ]
    try:
        reached = {}
        for who, writer in zip(("eva", "bo"), writers, strict=True):
            assert writer.stdout is not None
            for _ in range(20):
                reached[who] = int(writer.stdout.readline())
            os.kill(writer.pid, signal.SIGKILL)
            reached[who] = max([reached[who], *map(int, writer.stdout.read().split())])
            assert writer.wait(60) == -signal.SIGKILL
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    found = {draft.author: draft for draft in drafts_of(sit("mina"), "Q-1")}
    for who, last in reached.items():
        numbers = [int(each) for each in found[who].content.text.split()]
        # All that was told to be kept is there, in order; at most the one that was under way besides.
        assert numbers == list(range(len(numbers))) and last + 1 <= len(numbers) <= last + 2
        assert found[who].version == len(numbers)
    assert [f for f in doctor.examine(sit("mina").database) if not f.good] == []


# What is posted ------------------------------------------------------------------------------------------------------


def test_the_rows_of_updates_say_what_they_were_due_who_reviewed_and_what_they_mend(sit: Open) -> None:
    eva, ada = sit("eva"), sit("ada")
    eva.execute(PostUpdate("internal", "All fail."), "Q-1")
    wrong = eva.room("Q-1").comms.said[-1].version
    due = eva.room("Q-1").comms.streams["internal"].due
    eva.execute(ProposeUpdate(("internal",), "Some fail.", review=True, corrects=wrong), "Q-1")
    number = eva.room("Q-1").comms.proposals[0].id
    ada.execute(ApproveUpdate(number, send=True), "Q-1")
    with eva.database.read() as c:
        rows = c.execute(text("SELECT was_due, reviewer, corrects, posted_by FROM comms_update ORDER BY version")).all()
    assert [tuple(row)[1:] for row in rows] == [("", None, "eva"), ("ada", wrong, "eva")]
    assert due is not None and rows[1].was_due == round(due.timestamp() * 1e6)
    assert [f for f in doctor.examine(eva.database) if not f.good] == []
    assert doctor.rebuild(eva.database) == 1
    assert [f for f in doctor.examine(eva.database) if not f.good] == []


def test_one_look_gives_all_that_the_composer_needs(sit: Open) -> None:
    eva = sit("eva")
    found = drafting.composing(eva, "Q-1")
    assert [channel.name for channel in found.view.channels] == ["internal"]
    assert found.stage(["internal"]) == "first" and found.count(["internal"]) == 0
    eva.execute(PostUpdate("internal", "We know of it."), "Q-1")
    found = drafting.composing(eva, "Q-1")
    assert found.view.channels[0].last is not None and found.view.channels[0].last.text == "We know of it."
    assert found.stage(["internal"]) == "follow-up"
    assert json.dumps(found.view.people)
    with pytest.raises(Refused):
        drafting.composing(eva, "Q-9")


def test_of_an_imported_incident_the_last_word_is_the_providers_and_not_ours_to_put_right(tmp_path: Path) -> None:
    with Session(tmp_path / "theirs.db", actor="eva", seed=seed_rulebook) as eva:
        now = datetime(2026, 7, 31, 10, 0, tzinfo=UTC)
        posts = (
            Post("p1", now - timedelta(minutes=40), "investigating", "We look into it."),
            Post("p2", now - timedelta(minutes=10), "identified", "We know the cause."),
        )
        eva.execute(Watch("github", "g1", "Theirs", posts))
        view = drafting.composing(eva, "INC-1").view
        # Where the provider speaks nobody else does: that channel is not offered.
        assert "public" not in {channel.name for channel in view.channels} and view.channels
        assert view.said == ()
        public = next(lane for lane in eva.detail("INC-1").timeline.lanes if lane.channel == "public")
        assert [dot.text for dot in public.dots] == ["We look into it.", "We know the cause."]
        assert eva.detail("INC-1").ladder.next.reason == "imported, it is only watched"
        assert [fact.text for fact in eva.catch_up("INC-1").roles] == []
