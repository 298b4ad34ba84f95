"""The composer on the real program: reviews, what goes out later, corrections, drafts that are kept and shared."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import TextArea

from tests.tui.composing import Desk, at, by, make
from tests.tui.driving import settle
from warroom.domain.comms import PostUpdate
from warroom.domain.proposals import ProposeUpdate
from warroom.service.drafting import composing, drafts_of, keep, take_over
from warroom.store.drafts import Content
from warroom.tui import composer_draft
from warroom.tui.composer import ComposerScreen
from warroom.tui.widgets.confirm import Confirm


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return make(tmp_path / "room.db")


REVIEW = "updates: {review: {required: [{audience: external}], ask: ['oncall:first']}}\n"


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    """External updates need a second person here."""
    return make(tmp_path / "room.db", REVIEW)


# Review --------------------------------------------------------------------------------------------------------------


def test_an_update_is_asked_for_reviewed_and_sent(reviewed: Path) -> None:
    async def asks(desk: Desk) -> None:
        await desk.open()
        rows = [channel.name for channel in desk.screen.source.view.channels]
        await desk.pilot.click("#picker", offset=(5, rows.index("public")))
        await settle(desk.pilot)
        desk.screen.query_one("#text", TextArea).text = "Some customers cannot pay. Next update here in 20 minutes."
        await settle(desk.pilot)
        await desk.sees("asks anybody to review it (the rules want that)")
        await desk.press("ctrl+s")
        await desk.closed()
        await desk.until(lambda: desk.room.comms.proposals, "it waits")
        assert desk.said() == []

    async def reviews(desk: Desk) -> None:
        await desk.sees("mina asks anybody")  # in the panel of communications
        await desk.open()
        await desk.sees("waits for your review")
        await desk.press("f2")
        await desk.sees("Some customers cannot pay.")
        await desk.press("down", "enter", "enter")  # approve and send it
        await desk.asked("Some customers cannot pay.")
        await desk.press("enter")  # Cancel is marked
        await desk.until(lambda: not isinstance(desk.app.screen, Confirm), "not yet")
        assert desk.said() == []
        await desk.press("enter")
        await desk.asked("Some customers cannot pay.")
        await desk.press("y")
        await desk.until(lambda: desk.said(), "sent")
        (said,) = desk.said()
        assert said == ("public", "Some customers cannot pay. Next update here in 20 minutes.")
        entries = [entry.event for _, entry, _ in desk.session.log("INC-1")]
        assert getattr(entries[-1], "reviewer", "") == "eva" or any(
            getattr(e, "reviewer", "") == "eva" for e in entries
        )

    at(reviewed, asks)
    at(reviewed, reviews, who="eva")


def test_what_is_written_anew_has_to_be_approved_anew(reviewed: Path) -> None:
    with by(reviewed, "eva") as eva:
        eva.execute(ProposeUpdate(("public",), "Some customers cannot pay.", review=True), "INC-1")

    async def steps(desk: Desk) -> None:
        first = desk.room.comms.proposals[0].id
        await desk.open()
        await desk.press("f2")
        await desk.press("down", "down", "down", "enter", "enter")  # write it anew
        await desk.until(lambda: isinstance(desk.app.screen, ComposerScreen), "back in the composer")
        await settle(desk.pilot)
        assert desk.text == "Some customers cannot pay." and desk.screen.replaces == first
        await desk.write(" Cash works.")
        await desk.press("ctrl+s")
        await desk.closed()
        await desk.until(lambda: desk.room.comms.proposals[0].id != first, "another proposal")
        (now,) = desk.room.comms.proposals
        assert now.author == "mina" and not now.approved_by and "Cash works." in now.text

    at(reviewed, steps)


def test_an_update_goes_out_later_or_is_held(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        await desk.write("Nobody can pay.")
        desk.screen.field("send").value = "30"
        await settle(desk.pilot)
        await desk.sees("lets it go out at 30 to internal")
        await desk.press("ctrl+s")
        await desk.closed()
        await desk.until(lambda: desk.room.comms.proposals, "scheduled")
        assert desk.room.comms.proposals[0].send_at is not None
        await desk.open()
        await desk.write("Nobody can pay.")
        await desk.press("ctrl+g")
        await desk.closed()
        await desk.until(lambda: len(desk.room.comms.proposals) == 2, "held")
        assert desk.room.comms.proposals[1].held and desk.said() == []

    at(room, steps)


def test_what_was_said_is_put_right_by_a_following_one(room: Path) -> None:
    with by(room, "mina") as session:
        session.execute(PostUpdate("public", "All tills are down."), "INC-1")
        wrong = session.room("INC-1").comms.said[-1].version

    async def steps(desk: Desk) -> None:
        await desk.open()
        await desk.press("f4")
        await desk.sees("All tills are down.")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ComposerScreen) and desk.screen.corrects, "a correction")
        await settle(desk.pilot)
        assert desk.screen.template == "own-correction-external" and '"All tills are down."' in desk.text
        await desk.write("Some tills are down.")
        await desk.press("ctrl+s")
        await desk.asked("Correction: Some tills are down.")
        await desk.press("y")
        await desk.closed()
        await desk.until(lambda: len(desk.said()) == 2, "the correction")
        first, second = [text for channel, text in desk.said() if channel == "public"]
        assert first == "All tills are down." and "Some tills are down." in second
        last = [entry.event for _, entry, _ in desk.session.log("INC-1") if entry.event.kind == "update_posted"][-1]
        assert getattr(last, "corrects", 0) == wrong

    at(room, steps)


# Drafts --------------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_comes_back(room: Path) -> None:
    async def writes(desk: Desk) -> None:
        await desk.open()
        await desk.write("Half a sen")
        await desk.until(lambda: drafts_of(desk.session, "INC-1"), "kept")
        await desk.write("tence")
        await desk.press("escape")  # what was typed last is kept on the way out
        await desk.closed()
        await desk.until(lambda: "Half a sentence" in drafts_of(desk.session, "INC-1")[0].content.text, "the rest")

    async def comes_back(desk: Desk) -> None:
        await desk.open()
        assert desk.text.startswith("Half a sentence")
        await desk.press("ctrl+s")
        if isinstance(desk.app.screen, ComposerScreen):
            await desk.press("ctrl+s")
        await desk.closed()
        await desk.until(lambda: desk.said() and not drafts_of(desk.session, "INC-1"), "sent, and no draft is left")

    at(room, writes)
    at(room, comes_back)


def test_an_unchanged_template_is_no_draft_and_a_draft_is_thrown_away_when_asked_twice(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        await desk.press("escape")
        await desk.closed()
        await desk.open()
        await desk.pilot.pause(composer_draft.KEEP_S + 0.1)
        assert drafts_of(desk.session, "INC-1") == []
        await desk.write("x")
        await desk.until(lambda: drafts_of(desk.session, "INC-1"), "kept")
        await desk.press("f8")
        await desk.sees("f8 once more throws this draft away")
        await desk.press("f8")
        await desk.closed()
        await desk.until(lambda: not drafts_of(desk.session, "INC-1"), "gone")

    at(room, steps)


def test_two_who_write_see_each_other_and_one_takes_over(room: Path) -> None:
    with by(room, "eva") as eva:
        base = keep(eva, "INC-1", "internal", Content("Eva began this.", ("internal",)), None)

        async def steps(desk: Desk) -> None:
            await desk.sees("eva writes")
            await desk.open()
            await desk.sees("eva is writing on internal since")
            await desk.write("Mina's own.")
            keep(eva, "INC-1", "internal", Content("Eva began this, and went on.", ("internal",)), base)
            await desk.sees("and went on")
            assert "Mina's own." in desk.text
            await desk.press("f2", "enter", "enter")  # it is the only thing that waits: take it over
            await desk.until(lambda: isinstance(desk.app.screen, ComposerScreen), "back in the composer")
            await desk.until(lambda: desk.text == "Eva began this, and went on.", "her words")
            (draft,) = drafts_of(desk.session, "INC-1")
            assert draft.author == "mina"

        at(room, steps)


def test_whoever_lost_a_draft_is_told_and_keeps_what_stands_on_the_screen(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        await desk.write("Mina's words.")
        await desk.until(lambda: drafts_of(desk.session, "INC-1"), "kept")
        with by(room, "eva") as eva:
            take_over(eva, drafts_of(eva, "INC-1")[0])
        await desk.write(" More.")
        await desk.sees("eva has taken this draft over")
        assert "Mina's words." in desk.text and "More." in desk.text
        assert [d.author for d in drafts_of(desk.session, "INC-1")] == ["eva"]

    at(room, steps)


def test_somebody_who_was_quicker_is_read_before_it_is_sent_all_the_same(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        await desk.write("Nobody can pay.")
        with by(room, "eva") as eva:
            eva.execute(PostUpdate("internal", "Eva was quicker."), "INC-1")
        await desk.sees("Eva was quicker.")
        await desk.press("ctrl+s")
        await desk.sees("somebody posted on internal since you began")
        assert len(desk.said()) == 1
        await desk.press("ctrl+s")
        await settle(desk.pilot)
        if isinstance(desk.app.screen, ComposerScreen):
            await desk.press("ctrl+s")
        await desk.until(lambda: len(desk.said()) == 2, "sent all the same")

    at(room, steps)


def test_a_draft_whose_promise_is_past_gets_a_fresh_one(room: Path) -> None:
    with by(room, "mina") as session:
        old = (session.clock() - timedelta(hours=2)).replace(second=0, microsecond=0)
        sentence = composing(session, "INC-1").next_sentence("internal", ["internal"], session.clock(), old)
        said = f"Nobody can pay. {sentence}"
        keep(session, "INC-1", "internal", Content(said, ("internal",), next=old.isoformat()), None)

    async def steps(desk: Desk) -> None:
        await desk.open()
        at = desk.screen.promise.at
        assert at is not None and at > desk.session.clock()
        assert desk.text.count("Next update by") == 1 and f"{at:%H:%M} UTC" in desk.text
        assert sentence not in desk.text

    at(room, steps)
