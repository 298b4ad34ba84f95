"""What is kept of rooms that were read before: the newest of each, and of no more than so many."""

from __future__ import annotations

import pytest

from tests.support.play import declared
from warroom.domain.incident_commands import Amend
from warroom.store.codec import encode_room
from warroom.store.decoded import Decoded


@pytest.fixture
def texts() -> list[str]:
    """What the row of an incident says after one change and the next."""
    play, texts = declared(), []
    for title in ("Login is slow", "Login is down", "Login is back"):
        play.do(Amend(title=title))
        texts.append(encode_room(play.there))
    return texts


def test_what_stands_as_it_was_is_not_decoded_again(texts: list[str]) -> None:
    kept = Decoded(8)
    assert kept.room(1, texts[0]) is kept.room(1, texts[0][:5] + texts[0][5:])


def test_what_a_row_said_before_is_let_go(texts: list[str]) -> None:
    kept = Decoded(8)
    titles = [kept.room(1, text).incident.title for text in texts]
    assert titles == ["Login is slow", "Login is down", "Login is back"]
    assert len(kept) == 1


def test_two_incidents_that_read_the_same_are_two(texts: list[str]) -> None:
    kept = Decoded(8)
    kept.room(1, texts[0])
    kept.room(2, texts[0])
    assert len(kept) == 2


def test_the_one_that_was_not_asked_for_the_longest_goes_first(texts: list[str]) -> None:
    kept = Decoded(2)
    first = kept.room(1, texts[0])
    second = kept.room(2, texts[1])
    assert kept.room(1, texts[0]) is first
    kept.room(3, texts[2])
    assert len(kept) == 2
    assert kept.room(1, texts[0]) is first
    assert kept.room(2, texts[1]) is not second


def test_a_row_that_is_none_keeps_what_was_known(texts: list[str]) -> None:
    kept = Decoded(8)
    room = kept.room(1, texts[0])
    with pytest.raises(ValueError):
        kept.room(1, "{")
    assert kept.room(1, texts[0]) is room
