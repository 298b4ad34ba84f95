"""What is kept and sent is the same in every language; what is shown to people is looked up."""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK
from tests.support.commands import ACTORS
from tests.support.play import declared
from tests.support.profile import examples
from tests.support.stories import Story, play_script, stories
from tests.support.strange import looked_up
from warroom.domain import kept_words, record_events, status_words
from warroom.domain.core import Entry, Refused
from warroom.domain.escalation import LevelSkipped, Why
from warroom.domain.handover import card, text
from warroom.domain.incident import SetStatus, Status
from warroom.domain.kept_words import kept
from warroom.domain.messages import outgoing
from warroom.domain.record import AddNote
from warroom.domain.room import Room, describe, evolve
from warroom.domain.short_kinds import KINDS, short_kind
from warroom.domain.undo import in_short, way_back
from warroom.words import plain, tr

MARK = "\N{CURRENCY SIGN}"

OF_PEOPLE = frozenset(
    (
        *("noted", "theory_added", "evidence_added", "change_made", "change_undone", "task_added", "task_ended"),
        *("theory_settled", "declared", "severity_changed", "assessed", "role_assigned", "update_posted"),
        *("update_commented", "link_added"),
    )
)
"""Kinds of entries in which nothing may stand but what somebody wrote, and names."""


def marked() -> AbstractContextManager[None]:
    """Every text that is looked up is seen to have been."""
    return looked_up(lambda text: MARK + text)


def messages(entries: list[Entry], story: Story) -> list[object]:
    """All that goes out because of a record."""
    room: Room | None = None
    out: list[object] = []
    for entry in entries:
        room = evolve(room, entry)
        out += outgoing(room, entry, story.book)
    return out


@given(stories())
@examples()
def test_a_record_and_its_messages_are_the_same_in_every_language(story: Story) -> None:
    ours = play_script(story.book, story.script)
    sent = messages(ours.entries, story)
    with marked():
        theirs = play_script(story.book, story.script)
        assert theirs.entries == ours.entries
        assert messages(theirs.entries, story) == sent
    assert MARK not in repr(theirs.entries) + repr(sent)


@given(stories())
@examples(4)
def test_what_stands_on_the_record_is_looked_up_when_it_is_shown(story: Story) -> None:
    play = play_script(story.book, story.script)
    with marked():
        for entry in play.entries:
            assert MARK in describe(entry.event) or entry.event.kind in OF_PEOPLE, entry
            with plain():
                assert MARK not in describe(entry.event)


@given(stories(), st.sampled_from(ACTORS))
@examples(4)
def test_what_an_undoing_repeats_is_kept_in_english(story: Story, actor: str) -> None:
    play = play_script(story.book, story.script)
    with marked(), suppress(Refused):
        back = way_back(play.entries, story.book, actor)
        assert MARK not in repr(back)
        assert MARK in in_short(play.entries[back.entry - 1])  # its kind is a word at least


def test_a_refusal_is_said_in_the_language_of_who_asked() -> None:
    play = declared()
    with marked():
        assert MARK in play.refusal(SetStatus(Status.CLOSED, "over"))
        assert MARK in play.refusal(AddNote(""))


def test_a_card_is_the_same_in_every_language() -> None:
    play = declared()
    ours = text(card(play.there, BOOK, play.now))
    with marked():
        assert text(card(play.there, BOOK, play.now)) == ours


def test_every_kind_has_a_word() -> None:
    from warroom.domain.core import EVENTS
    from warroom.domain.record_words import SHORT_KINDS

    kinds = {*KINDS.values(), *SHORT_KINDS.values(), *(each.value for each in record_events.NoteKind)}
    kinds |= {kind for kind in EVENTS if kind not in KINDS and kind not in SHORT_KINDS and "_" not in kind}
    assert kinds - set(status_words.KINDS) <= {"noted"}
    assert {each.value for each in Status} <= set(status_words.STATUSES)
    assert {each.value for each in Why} <= set(status_words.CAUSES)


@pytest.mark.parametrize(
    ("kept_in_english", "parts"),
    [
        ("li has no contact", ("{person} has no contact",)),
        ("team:payments: team payments has no members", ("team {name} has no members",)),
        ("li has declined; kim has no contact", ("{person} has declined", "{person} has no contact")),
        ("INC-3 is over", ("{key} is over",)),
        ("nobody could be asked: it names nobody", ("nobody could be asked: {nobody}", "it names nobody")),
        ("li is absent until Mon 05 Jan 10:00 UTC: ill", ("{person} is absent until {end} UTC: {reason}", "%b", "Mon")),
    ],
)
def test_a_reason_of_the_program_is_read_in_another_language(kept_in_english: str, parts: tuple[str, ...]) -> None:
    asked = []

    def one(text: str) -> str:
        asked.append(text)
        return text

    with looked_up(one):
        assert kept(kept_in_english) == kept_in_english
    assert all(any(part in each for each in asked) for part in parts), asked


def test_what_a_person_wrote_is_left_as_it_is() -> None:
    with marked():
        assert kept("mysql is over and done: we go home") == "mysql is over and done: we go home"
        skipped = describe(LevelSkipped(2, 1, Why.START, "li has no contact"))
    assert skipped.count(MARK) == 2


def test_every_text_of_the_record_can_be_filled_in() -> None:
    for text_ in kept_words.TEXTS:
        assert kept_words._pattern(text_).groups == len(kept_words._pattern(text_).groupindex)
        assert tr(text_) == text_
    assert short_kind(LevelSkipped(1, 1, Why.START, "")) == "nobody"
