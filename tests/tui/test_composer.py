"""The composer on the real program: templates, several channels, what is missing, reviews, drafts, two who write."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from tests.tui.driving import screen_text, settle
from warroom.domain.comms import PostUpdate
from warroom.domain.incident import Declare, SetStatus, Status
from warroom.domain.proposals import ProposeUpdate
from warroom.domain.room import Room
from warroom.engine.runtime import Place
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import read_rulebook
from warroom.service.drafting import composing, drafts_of, keep, take_over
from warroom.service.session import Session
from warroom.store.drafts import Content
from warroom.tui import composer
from warroom.tui.app import WarroomApp
from warroom.tui.composer import ComposerScreen
from warroom.tui.composer_parts import title_line
from warroom.tui.pieces import plain
from warroom.tui.widgets.clocks import ClocksScreen, PunctualityScreen
from warroom.tui.widgets.update_text import UpdateText
from warroom.views import ComposerView

RULES = """
room: {name: r, prefix: INC}
people:
  mina: {name: Mina, contacts: {chat: "@mina"}}
  eva: {name: Eva, contacts: {chat: "@eva"}}
oncall: {first: [mina, eva]}
policies: {}
severities:
  SEV1:
    rank: 1
    glyph: "!"
    title: critical
    major: true
    cadence: {internal: {first: 1h, every: 40m}, public: {first: 2h, every: 30m}}
roles: {incident-manager: {title: incident manager}}
role_defaults: {remind_every: 5m, remind_times: 3, offer_lapses: 10m}
channels:
  internal: {title: internal chat, audience: internal}
  desk: {title: support desk, audience: internal}
  public: {title: status page, audience: external}
  social: {title: social media, audience: external, kind: social}
services: {till: {title: till API, product: Till}}
reminders: []
watch: {channel: public, cadence: 30m}
templates:
  updates:
    short-internal: {stage: first, audience: internal, subject: "{key} {title}", body: "{impact} {next}"}
    short-public: {stage: first, audience: external, subject: "{product} issue", body: "{product}: [[what]] {next}"}
"""
MUST = "updates: {must: [{items: [impact, next]}]}\n"
REVIEW = "updates: {review: {required: [{audience: external}], ask: ['oncall:first']}}\n"


def rules(more: str = "") -> Loaded:
    return read_rulebook({"a.yaml": (RULES + more).encode()})


@dataclass
class Desk:
    """Somebody with the composer open, and a session of their own on the same room."""

    app: WarroomApp
    pilot: Pilot[Any]
    session: Session

    @property
    def screen(self) -> ComposerScreen:
        assert isinstance(self.app.screen, ComposerScreen), self.app.screen
        return self.app.screen

    @property
    def text(self) -> str:
        return self.screen.query_one("#text", TextArea).text

    @property
    def room(self) -> Room:
        return self.session.room("INC-1")

    def said(self) -> list[tuple[str, str]]:
        lanes = self.session.detail("INC-1").timeline.lanes
        return [(lane.channel, dot.text) for lane in lanes for dot in lane.dots]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await settle(self.pilot)

    async def write(self, words: str) -> None:
        """Put words where the cursor is, in place of what is marked, as typing them would."""
        area = self.screen.query_one("#text", TextArea)
        area._replace_via_keyboard(words, *area.selection)
        await settle(self.pilot)

    async def until(self, done: Callable[[], object], what: str = "") -> None:
        end = asyncio.get_running_loop().time() + 10
        while not done():
            assert asyncio.get_running_loop().time() < end, f"{what}\n{screen_text(self.app)}"
            await self.pilot.pause(0.02)

    async def sees(self, what: str) -> None:
        await self.until(lambda: what in " ".join(screen_text(self.app).split()), what)

    async def open(self) -> None:
        await self.pilot.press("u")
        await self.until(lambda: isinstance(self.app.screen, ComposerScreen), "the composer")
        await settle(self.pilot)

    async def closed(self) -> None:
        await self.until(lambda: not isinstance(self.app.screen, ComposerScreen), "the board again")


Steps = Callable[[Desk], Awaitable[None]]


def at(
    path: Path, steps: Steps, size: tuple[int, int] = (120, 40), who: str = "mina", *, readonly: bool = False
) -> None:
    """Open the board as somebody and do the steps."""
    place = Place(str(path), who, who, readonly)
    with place.session() as session:
        app = WarroomApp(place, session.room_clock, session.board("INC-1"))

        async def whole() -> None:
            async with app.run_test(size=size) as pilot:
                await settle(pilot)
                await steps(Desk(app, pilot, session))

        try:
            asyncio.run(whole())
        finally:
            app.stop_threads()


def make(path: Path, more: str = "", title: str = "Tills are down", impact: str = "") -> Path:
    made = rules(more)
    with Session(path, actor="mina", seed=lambda: made) as session:
        session.execute(Declare(title, "SEV1", "till", impact=impact))
    return path


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return make(tmp_path / "room.db")


@pytest.fixture
def strict(tmp_path: Path) -> Path:
    """Something has to be said here."""
    return make(tmp_path / "room.db", MUST)


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    """External updates need a second person here."""
    return make(tmp_path / "room.db", REVIEW)


def by(path: Path, who: str) -> Session:
    return Session(path, actor=who, seed=rules)


# From a template -----------------------------------------------------------------------------------------------------


def test_an_update_begins_with_what_is_due_first_by_the_template_that_fits(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        assert desk.screen.picked == ("internal",) and desk.screen.template == "short-internal"
        assert desk.text.startswith("[[what customers notice]]. Next update by ")
        assert desk.screen.query_one("#text", TextArea).selected_text == "[[what customers notice]]"
        assert desk.screen.field("subject").value == "INC-1 Tills are down"
        await desk.write("Nobody can pay.")
        await desk.press("ctrl+s")
        await desk.closed()
        await desk.until(lambda: desk.said(), "it is out")
        (channel, text), *_ = desk.said()
        assert channel == "internal" and text.startswith("Nobody can pay.. Next update by ")
        # What is promised is what was written, to the minute.
        due = desk.room.comms.streams["internal"].due
        assert due is not None and f"by {due:%H:%M} UTC" in text and desk.room.comms.streams["internal"].promised
        await desk.open()
        assert desk.screen.judged().score[1] > 0 and "Still" in desk.text

    at(room, steps)


def test_from_the_clocks_it_begins_on_the_channel_that_was_chosen_there(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        async def clocks(channel: str) -> None:
            await desk.press("m")
            await desk.until(lambda: isinstance(desk.app.screen, ClocksScreen), "the clocks")
            screen = desk.app.screen
            assert isinstance(screen, ClocksScreen)
            await desk.until(lambda: screen.marked is not None, "a clock")
            for _ in range(9):
                if screen.marked is not None and screen.marked.channel == channel:
                    break
                await desk.press("j")
            await desk.open()

        await clocks("public")
        assert desk.screen.picked == ("public",) and desk.screen.template == "short-public"
        await desk.write("Cards")
        await desk.until(lambda: drafts_of(desk.session, "INC-1"), "the draft is kept")
        await desk.press("escape")
        await desk.closed()
        # A draft for others waits; for the channel's own people it is gone on with.
        await clocks("internal")
        assert desk.screen.picked == ("internal",) and desk.text.startswith("[[what customers notice]]")
        await desk.press("escape")
        await desk.closed()
        await clocks("public")
        assert desk.screen.picked == ("public",) and "Cards" in desk.text

    at(room, steps)


def test_a_draft_takes_in_the_channel_that_was_chosen_in_the_clocks(room: Path) -> None:
    with by(room, "mina") as mina:
        keep(mina, "INC-1", "external", Content("words of mine", ("social",)), None)

    async def steps(desk: Desk) -> None:
        await desk.until(lambda: desk.app.board.detail is not None, "the detail")
        line = desk.app.board.detail.line  # type: ignore[union-attr]
        desk.app.intents.composer.write(line, "public")
        await desk.until(lambda: isinstance(desk.app.screen, ComposerScreen), "the composer")
        await settle(desk.pilot)
        assert desk.text == "words of mine" and desk.screen.picked == ("social", "public")

    at(room, steps)


def test_punctuality_is_a_key_of_the_board_too(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.press("P")
        await desk.until(lambda: isinstance(desk.app.screen, PunctualityScreen), "the sheet")
        await desk.sees("our own incidents")
        await desk.press("escape", "question_mark")
        for _ in range(40):
            if "How punctual updates were" in screen_text(desk.app):
                break
            await desk.press("j")
        await desk.sees("How punctual updates were")

    at(room, steps)


def test_the_stage_chooses_the_template_and_another_can_be_taken(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        with by(room, "eva") as eva:
            eva.execute(PostUpdate("internal", "first word"), "INC-1")
            eva.execute(SetStatus(Status.RESOLVED, "over"), "INC-1")
        await desk.open()
        assert desk.screen.template == "own-final-internal" and desk.screen.promise.at is None
        assert desk.screen.query_one("#picker").has_focus is False
        seen = {desk.screen.template}
        for _ in range(4):
            await desk.press("ctrl+t")
            seen.add(desk.screen.template)
        assert {"short-internal", "own-first-internal", "own-follow-up-internal"} <= seen

    at(room, steps)


def test_a_template_replaces_what_was_written_only_when_asked_twice_and_can_be_taken_back(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        await desk.write("My words.")
        mine = desk.text
        await desk.press("ctrl+t")
        assert desk.text == mine
        await desk.sees("ctrl+t once more replaces what you wrote")
        await desk.press("ctrl+t")
        assert desk.text != mine
        await desk.press("ctrl+z")
        assert desk.text == mine

    at(room, steps)


# Channels ------------------------------------------------------------------------------------------------------------


def test_channels_of_one_audience_go_together_and_the_other_has_a_text_of_its_own(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        await desk.write("Inside words.")
        picker = desk.screen.query_one("#picker")
        picker.focus()
        rows = [channel.name for channel in desk.screen.source.view.channels]
        await desk.press(*["down"] * rows.index("desk"), "space")
        assert desk.screen.picked == ("internal", "desk") and "Inside words." in desk.text
        assert "Next update by" in desk.text and desk.text.endswith("here.")  # on two channels now
        await desk.press("home", *["up"] * 5, *["down"] * rows.index("public"), "space")
        assert desk.screen.audience == "external" and desk.screen.picked == ("public",)
        assert "Inside words." not in desk.text and desk.screen.template == "short-public"
        await desk.press("up", "up", "up", "space")
        assert "Inside words." in desk.text and desk.screen.picked == ("internal", "desk")
        await desk.press("ctrl+s")
        await desk.closed()
        await desk.until(lambda: len(desk.said()) == 2, "both")
        assert {channel for channel, _ in desk.said()} == {"internal", "desk"}

    at(room, steps)


def test_the_last_channel_stays_and_the_mouse_picks_too(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        await desk.pilot.click("#picker", offset=(3, 0))
        await desk.sees("an update goes to one channel at least")
        rows = [channel.name for channel in desk.screen.source.view.channels]
        await desk.pilot.click("#picker", offset=(5, rows.index("desk")))
        await settle(desk.pilot)
        assert desk.screen.picked == ("internal", "desk")

    at(room, steps)


def test_a_channel_shows_no_more_than_it_can(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        rows = [channel.name for channel in desk.screen.source.view.channels]
        await desk.pilot.click("#picker", offset=(5, rows.index("social")))
        await settle(desk.pilot)
        await desk.write("x " * 200)
        await desk.sees("social shows 280 characters")
        await desk.press("f3")
        await desk.sees("of 280")

    at(room, steps)


# What is missing -----------------------------------------------------------------------------------------------------


def test_where_something_is_missing_it_asks_once_more(strict: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        await desk.press("ctrl+a", "delete")
        desk.screen.query_one("#text", TextArea).text = "We know of it."
        await settle(desk.pilot)
        await desk.press("ctrl+s")
        await desk.sees("it does not say what customers notice, when the next update comes")
        assert desk.said() == []
        await desk.write(" Really.")  # another text is another question
        await desk.press("ctrl+s")
        assert desk.said() == []
        await desk.press("ctrl+s")
        await desk.closed()
        await desk.until(lambda: desk.said(), "sent when asked twice")

    at(strict, steps)


def test_one_key_says_what_is_not_known(strict: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        desk.screen.query_one("#text", TextArea).text = "We know of it."
        await settle(desk.pilot)
        before = desk.screen.judged().score[0]
        await desk.press("ctrl+o")
        assert "The impact on customers is not known yet." in desk.text
        await desk.press("ctrl+o")
        assert "Next update by" in desk.text
        for _ in range(5):
            await desk.press("ctrl+o")
        said, whole = desk.screen.judged().score
        assert said == whole > before and not desk.screen.judged().missing
        await desk.press("ctrl+o")
        await desk.sees("everything is said that has a sentence of its own")

    at(strict, steps)


@pytest.mark.parametrize(
    ("text", "cursor", "result"),
    [
        ("", 0, "S."),
        ("We know of it.", 14, "We know of it. S."),
        ("We know of it", 13, "We know of it. S."),
        ("The cause is a pool. Next by 10:00.", 19, "The cause is a pool. S. Next by 10:00."),
        ("The cause is a pool. Next by 10:00.", 21, "The cause is a pool. S. Next by 10:00."),
        ("Now:\n- roll back (jo)\nNext by 10:00.", 12, "Now:\n- roll back (jo). S.\nNext by 10:00."),
        ("First.\n", 7, "First.\nS."),
    ],
)
def test_a_sentence_is_put_in_behind_the_one_with_the_cursor(room: Path, text: str, cursor: int, result: str) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        area = desk.screen.query_one("#text", UpdateText)
        area.text = text
        area.move_cursor(area.document.get_location_from_index(cursor))
        area.say("S.")
        assert area.text == result

    at(room, steps)


def test_blanks_are_filled_one_after_the_other(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        await desk.press("ctrl+t")  # warroom's own, with many of them
        area = desk.screen.query_one("#text", TextArea)
        count = desk.text.count("[[")
        assert count >= 4
        for _ in range(count):
            assert area.selected_text.startswith("[[")
            await desk.write("something")
            await desk.press("ctrl+n")
        assert "[[" not in desk.text
        await desk.sees("no blank is left")

    at(room, steps)


def test_a_promise_that_is_typed_moves_the_sentence(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        field = desk.screen.field("next")
        field.focus()
        field.value = "90"
        await settle(desk.pilot)
        at = desk.screen.promise.at
        assert at is not None and f"by {at:%H:%M} UTC" in desk.text and desk.text.count("Next update") == 1
        await desk.sees("later than the cadence")
        field.value = "soon"
        await settle(desk.pilot)
        await desk.sees("type minutes (20)")
        await desk.press("ctrl+s")
        await desk.sees("when does the next one come?")
        field.value = ""
        await settle(desk.pilot)
        assert "Next update" not in desk.text and desk.screen.written().next_at is None

    at(room, steps)


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
        await desk.pilot.pause(composer.KEEP_S + 0.1)
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


# Looks ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
def test_it_fits_any_screen_with_hostile_words_and_says_what_is_missing(tmp_path: Path, size: tuple[int, int]) -> None:
    hostile = "결제 🖼 [red]x[/] {key} [[y]] \x1b[2J"
    path = make(tmp_path / "room.db", MUST, title=hostile, impact=hostile)
    with by(path, "eva\x1b[1m") as eva:
        keep(eva, "INC-1", "external", Content(hostile, ("public",)), None)
        eva.execute(PostUpdate("internal", hostile), "INC-1")
        eva.execute(ProposeUpdate(("public",), hostile, hostile, review=True), "INC-1")

    async def steps(desk: Desk) -> None:
        await desk.open()
        shown = screen_text(desk.app)
        assert "결제" in shown and "[red]" in shown and "\x1b" not in shown
        assert "said" in shown and "ctrl+s sends it now to" in shown and "esc back" in shown
        assert "[[y]]" not in desk.text  # only templates make blanks
        for key in ("f3", "f2", "f4", "f1"):
            await desk.press(key)
            assert not isinstance(desk.app.screen, ComposerScreen)
            await desk.press("escape")
        assert isinstance(desk.app.screen, ComposerScreen)

    at(path, steps, size=size)


def test_a_room_that_may_only_be_read_has_no_composer(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.press("u")
        await desk.pilot.pause(0.2)
        assert not isinstance(desk.app.screen, ComposerScreen)

    at(room, steps, readonly=True)


@pytest.mark.parametrize(
    ("width", "end"), [(60, "Search is down   SEV1 · new"), (42, "Search is down   SEV1"), (36, "Search is down")]
)
def test_the_head_leaves_out_what_it_would_have_to_cut(width: int, end: str) -> None:
    view = ComposerView("INC-8", "Search is down", "SEV1", "new", (), ())
    assert plain(title_line(view, width)) == f" Update  INC-8  {end}"
