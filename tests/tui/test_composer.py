"""The composer on the real program: templates, several channels, what is missing, sizes."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import TextArea

from tests.tui.composing import MUST, Desk, at, by, make
from tests.tui.driving import screen_text, settle
from tests.tui.fixtures import SEV1
from warroom.domain.comms import PostUpdate
from warroom.domain.incident import SetStatus, Status
from warroom.domain.proposals import ProposeUpdate
from warroom.service.drafting import drafts_of, keep
from warroom.store.drafts import Content
from warroom.tui.composer import ComposerScreen
from warroom.tui.composer_parts import title_line
from warroom.tui.pieces import plain
from warroom.tui.widgets.clocks import ClocksScreen, PunctualityScreen
from warroom.tui.widgets.update_text import UpdateText
from warroom.views import ComposerView


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return make(tmp_path / "room.db")


@pytest.fixture
def strict(tmp_path: Path) -> Path:
    """Something has to be said here."""
    return make(tmp_path / "room.db", MUST)


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
        assert channel == "internal" and text.startswith("Nobody can pay. Next update by ")
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


def test_people_outside_are_told_only_when_one_is_sure(strict: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        rows = [channel.name for channel in desk.screen.source.view.channels]
        for name in ("public", "social"):
            await desk.pilot.click("#picker", offset=(5, rows.index(name)))
            await settle(desk.pilot)
        assert desk.screen.picked == ("public", "social")
        desk.screen.query_one("#text", TextArea).text = "We know of it.\nMore to follow."
        await settle(desk.pilot)
        await desk.press("ctrl+s")
        await desk.asked("Tell people outside on 2 channels?")
        shown = " ".join(screen_text(desk.app).split())
        for line in (
            "INC-1: an external update",
            "public: kept in the outbox",
            "social: kept in the outbox",
            "“We know of it.”",
            "✗ it does not say what customers notice, when the next update comes",
            "cannot be called back",
        ):
            assert line in shown, line
        await desk.press("enter")  # Cancel has the focus
        await desk.sees("nothing went out; what you wrote still stands here")
        assert desk.text.startswith("We know of it.") and desk.said() == []
        await desk.press("ctrl+s")
        await desk.asked("“We know of it.”")
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, ComposerScreen), "back")
        assert desk.said() == []
        await desk.press("ctrl+s")
        await desk.asked("“We know of it.”")
        await desk.press("y")
        await desk.closed()
        await desk.until(lambda: len(desk.said()) == 2, "sent")

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


def test_a_blank_filled_with_a_whole_sentence_gets_no_second_stop(room: Path) -> None:
    async def steps(desk: Desk) -> None:
        await desk.open()
        await desk.press("ctrl+t")
        area = desk.screen.query_one("#text", TextArea)
        assert "[[what customers notice]]." in desk.text and area.selected_text == "[[what customers notice]]"
        await desk.write("API v2.1 fails.")
        # What goes out and what is kept has one stop at once; on the screen it goes when one moves on.
        assert "Impact: API v2.1 fails.\n" in desk.screen.written().text
        await desk.press("ctrl+n")
        assert "Impact: API v2.1 fails.\n" in desk.text
        assert area.selected_text.startswith("[[")

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


@pytest.mark.parametrize(("width", "end"), [(60, "Search is down  new"), (42, "Search is down"), (36, "Search is d…")])
def test_the_head_leaves_out_what_it_would_have_to_cut(width: int, end: str) -> None:
    view = ComposerView("INC-8", "Search is down", SEV1, "new", (), ())
    assert plain(title_line(view, width)) == f" Update  ◆ SEV1  INC-8  {end}"
