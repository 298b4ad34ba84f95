"""The emulator that tests and measurements look through shows the same however what was written is cut up."""

from __future__ import annotations

import pytest

from tests.support.emulator import Emulator

WRITTEN = "\x1b[2;3Hä\x1b[1mbold\x1b[0m\x1b]22;pointer\x07\x1b[?2026$p\x1b]0;title\x1b\\\x1b[>1u end".encode()


def shown(*pieces: bytes) -> list[str]:
    emulator = Emulator(30, 3)
    for piece in pieces:
        emulator.feed(piece)
    return [line.rstrip() for line in emulator.screen.display]


@pytest.mark.parametrize("cut", range(len(WRITTEN) + 1))
def test_a_sequence_may_be_cut_anywhere(cut: int) -> None:
    assert shown(WRITTEN[:cut], WRITTEN[cut:]) == ["", "  äbold end", ""]


def test_half_of_a_wide_character_that_is_being_written_over_is_a_blank() -> None:
    emulator = Emulator(10, 1)
    emulator.feed("한글 a".encode())
    assert emulator.lines == ["한글 a"]
    emulator.feed(b"\x1b[1;1Hx")
    assert emulator.lines == ["x 글 a"]


def test_what_follows_a_whole_sequence_is_shown_at_once() -> None:
    assert shown(b"\x1b]22;pointer\x07ready") == ["ready", "", ""]
