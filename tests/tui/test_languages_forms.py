"""In another language no English is left in a form: not in what it shows first, nor in what it says to what is missing.

The language is one that nobody speaks: every letter of a text is another one of the same width. What people have
written is in Korean, so that whatever can be read in English is a text of the program that was not looked up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from textual.screen import Screen

from tests.support import hostile, strange
from tests.tui import fixtures as f
from tests.tui.driving import settle, shown
from tests.tui.gallery import MAKERS, PROPOSAL, Gallery, all_screens, each_screen
from tests.tui.harness import BoardApp
from warroom.domain.roles import READ_BACK
from warroom.service.session import Session
from warroom.tui import dialogs, people
from warroom.tui.composer import ComposerScreen
from warroom.tui.composer_parts import proposal_word, waiting_words
from warroom.tui.composer_preview import PreviewScreen
from warroom.tui.note_line import SIGNS, read_line
from warroom.tui.pieces import plain
from warroom.tui.reads import only_read
from warroom.tui.widgets import form_review, form_roles
from warroom.tui.widgets.form import Form
from warroom.tui.widgets.people import PeopleScreen
from warroom.tui.widgets.person import PersonScreen
from warroom.views import LadderView, PageState, PeopleView, PersonHere, Question

FILES = frozenset({"csv", "json", "svg", "txt"})
"""Kinds of files."""
TYPED = frozenset({"until", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"})
"""What stands in a field as somebody would type it."""
MEANT = frozenset({"Europe", "Stockholm", *READ_BACK.split()}) | FILES | TYPED
"""What is the same in every language, or is stored as it stands there."""

OTHERS = (ComposerScreen, PreviewScreen, PeopleScreen, PersonScreen, dialogs.DutiesScreen)
FORMS = sorted(
    (kind for kind in MAKERS if issubclass(kind, (Form, *OTHERS))), key=lambda kind: (kind.__module__, kind.__name__)
)


pytestmark = pytest.mark.usefixtures("strange_language")


def english(text: str) -> list[str]:
    """The words in a text that were not looked up."""
    return strange.english(text, MEANT)


def test_every_form_is_looked_at() -> None:
    assert set(FORMS) >= {kind for kind in all_screens() if issubclass(kind, Form)}


@pytest.mark.parametrize(("size", "kinds"), [((120, 50), FORMS), ((80, 24), OTHERS)])
def test_no_english_is_left_in_a_form(
    lived: Session, size: tuple[int, int], kinds: Sequence[type[Screen[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # of what is exported the folder is shown
    left: dict[str, list[str]] = {}
    made = Gallery(hostile.hangul, lived)
    app = BoardApp(made.view)

    def look(what: str, screen: Screen[Any]) -> None:
        if found := english(shown(screen)):
            left[what] = found

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            async for screen in each_screen(made, app, pilot, kinds):
                name = type(screen).__name__
                look(name, screen)
                await refused(screen)
                await settle(pilot)
                if app.screen is screen:
                    look(f"{name}, refused", screen)

    asyncio.run(run())
    assert left == {}


async def refused(screen: Screen[Any]) -> None:
    """Give away what stands there, so that what is missing is said."""
    if isinstance(screen, Form):
        await screen.action_confirm()
    elif isinstance(screen, ComposerScreen):
        screen.text.text = ""
        screen.action_send()


def test_what_a_line_lacks_is_said() -> None:
    said = [sign.sign for sign in SIGNS]
    lines = ("", *said, *(f"{sign} #3" for sign in said), "~ | 이유", "+ @누구", "!? in 5m")
    found = {}
    for line in lines:
        try:
            read_line(line, f.NOW)
        except ValueError as error:
            found[line] = english(str(error))
    assert len(found) > len(SIGNS) and not any(found.values()), found


def test_what_time_somebody_has_been_awake_since() -> None:
    with pytest.raises(ValueError, match="06:30") as error:
        form_roles.awake_since("soon", f.NOW)
    assert english(str(error.value)) == []


def test_what_waits_and_what_can_be_done_with_it() -> None:
    proposal = replace(PROPOSAL, author="민아", channels=("공개",), text="", subject="", reviewer="리")
    for standing in ("review", "approved", "scheduled", "held"):
        for me in ("민아", "리", "에바"):
            for more in ({}, {"approved_by": "리"}, {"reviewer": ""}, {"send_at": f.NOW}, {"lapses_at": f.NOW}):
                each = replace(proposal, standing=standing, **more)
                pieces = [*proposal_word(each, me, f.NOW), *waiting_words([each], [])]
                assert english(plain(pieces)) == [], plain(pieces)
                for act in form_review.acts_on(each, me):
                    assert english(f"{act.title} {act.what} {act.why}") == [], act


def test_what_can_be_done_with_an_escalation() -> None:
    for state in PageState:
        page = replace(f.cards_detail().ladder.next, state=state)
        for acked, question in (("", None), ("민아", None), ("", Question(2, ("리",), f.NOW, "건너뜀"))):
            ladder = LadderView(next=page, level=1, acked_by=acked, asked=("리",), question=question)
            for act in dialogs.acts_on(ladder, "리", f.ago(1)):
                assert english(f"{act.title} {act.what}") == [], act


def test_how_many_are_here_and_who_is_tired() -> None:
    here = PersonHere("민아", "", (), True, joined_at=f.ago(600), amber_at=f.ago(60), red_at=f.ago(1))
    tired = replace(here, login="리", red_at=None)
    for crowd in ((), (here,), (here, tired, tired)):
        assert english(plain(people.head(PeopleView(crowd), f.NOW, 120))) == []


def test_why_nothing_can_be_changed() -> None:
    for found in (only_read("142", readonly=True), only_read("142", readonly=False, moment=f.NOW)):
        assert found.why and english(f"{found.why} {found.mark}") == []
