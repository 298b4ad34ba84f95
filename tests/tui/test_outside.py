"""What leaves the program beside its screen: worded for each terminal, cleaned, by choice, and not too often (R16)."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.allowlist import violations
from tests.support.profile import examples
from tests.tui import fixtures
from warroom.domain.text import cell_width
from warroom.preferences.values import Notify
from warroom.tui.outside import (
    CLIPBOARD_MOST,
    NOTICE_MOST,
    TITLE_MOST,
    Kind,
    Notices,
    Voice,
    Wrap,
    kind_of,
    sequences,
    title_of,
)
from warroom.views import BoardView

FULL = Kind(True, Notices.OSC_9, True, True)
HOSTILE = (
    "\x1b]0;owned\x07 a\x07b\x1b\\c\x9cd\x9d0;e;f \u202eg\u200b\x00 <b>&amp; $(reboot) `id` \"q\" 'r' \\ | 결제 🔥"
)
texts = st.text(st.characters(), max_size=60) | st.lists(
    st.sampled_from(
        ["\x1b", "\x1b\\", "\x07", "\x9c", "\x9d", ";", "9;4;1;50", "[", "]", "notify", "결", "🔥", "a", "=", ":"]
    )
).map("".join)

# Which terminal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ({}, Kind()),
        ({"TERM": "dumb"}, Kind()),
        ({"TERM": "linux"}, Kind()),
        ({"TERM": "vt100"}, Kind()),
        ({"TERM": "\x1b]0;x\x07"}, Kind()),
        ({"TERM": "xterm-256color"}, FULL),
        ({"TERM": "XTERM"}, FULL),
        ({"TERM": "st-256color"}, FULL),
        ({"TERM": "stterm"}, Kind()),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, FULL),
        ({"TERM": "xterm-256color", "WT_SESSION": "1"}, FULL),
        ({"TERM": "xterm-kitty"}, replace(FULL, notices=Notices.OSC_99)),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, replace(FULL, notices=Notices.OSC_99)),
        ({"TERM": "xterm-ghostty"}, replace(FULL, notices=Notices.OSC_777)),
        ({"TERM": "foot"}, replace(FULL, notices=Notices.OSC_777)),
        ({"TERM": "rxvt-unicode-256color"}, replace(FULL, notices=Notices.OSC_777)),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, replace(FULL, notices=Notices.OSC_777)),
        ({"TERM": "tmux-256color"}, replace(FULL, wrap=Wrap.TMUX)),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, replace(FULL, wrap=Wrap.TMUX)),
        ({"TERM": "screen-256color"}, Kind(wrap=Wrap.SCREEN)),
        ({"TERM": "xterm", "STY": "1.pts-0.host"}, Kind(wrap=Wrap.SCREEN)),
    ],
)
def test_what_a_terminal_takes(environment: dict[str, str], kind: Kind) -> None:
    assert kind_of(environment) == kind


# How it is worded ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [Notices.OSC_9, Notices.OSC_777, Notices.OSC_99])
def test_a_notification_cannot_be_left_by_what_is_in_it(form: Notices) -> None:
    said = sequences.notice(form, HOSTILE, HOSTILE)
    pattern = {
        Notices.OSC_9: r"\x1b\]9;warroom: [^\x00-\x1f;\x7f-\x9f]*\x1b\\",
        Notices.OSC_777: r"\x1b\]777;notify;[^\x00-\x1f;\x7f-\x9f]*;[^\x00-\x1f;\x7f-\x9f]*\x1b\\",
        Notices.OSC_99: r"(?:\x1b\]99;i=warroom:d=(?:0|1:p=body);[^\x00-\x1f;\x7f-\x9f]*\x1b\\){2}",
    }[form]
    assert re.fullmatch(pattern, said), ascii(said)
    assert not set(said.removesuffix("\x1b\\")) & set("<>&$`\"'|\u202e\u200b")
    assert "결제" in said
    assert "owned" not in said


@examples(1)
@given(texts, texts, st.sampled_from(Notices))
def test_every_notification_ends_where_it_says(head: str, words: str, form: Notices) -> None:
    said = sequences.notice(form, head, words)
    bodies = [part for part in re.split(r"\x1b\][0-9]+;(?:notify;|i=warroom:d=[0-9:=a-z]+;)?|\x1b\\", said) if part]
    assert violations("".join(bodies).encode()) == []
    assert all(cell_width(part) <= TITLE_MOST + NOTICE_MOST + 20 for part in bodies)
    assert (said == "") == (form is Notices.NONE)
    assert not re.match(r"\x1b\]9;[0-9]", said)


@examples(1)
@given(texts)
def test_every_title_is_one_and_no_more(words: str) -> None:
    said = sequences.title(f"warroom: 1 {words}")
    assert re.fullmatch(r"\x1b\]0;[^\x00-\x1f\x7f-\x9f;]*\x07", said)
    assert violations(re.sub(r"\W+", " ", said[4:-1]).encode()) == []
    assert cell_width(said[4:-1]) <= TITLE_MOST


def test_through_tmux_each_escape_is_doubled() -> None:
    said = sequences.notice(Notices.OSC_9, "You are paged", "INC-1", Wrap.TMUX)
    assert said == "\x1bPtmux;\x1b\x1b]9;warroom: You are paged: INC-1\x1b\x1b\\\x1b\\"


def test_the_clipboard_takes_so_much_and_no_more() -> None:
    assert sequences.clipboard("결제") == f"\x1b]52;c;{base64.b64encode('결제'.encode()).decode()}\a"
    assert sequences.clipboard("a" * CLIPBOARD_MOST)
    assert sequences.clipboard("a" * (CLIPBOARD_MOST + 1)) == ""
    assert sequences.clipboard("") == ""
    assert base64.b64decode(sequences.clipboard("a\ud800b")[7:-1]) == b"a?b"
    twice = sequences.clipboard("a", Wrap.TMUX)
    assert twice == "\x1b]52;c;YQ==\a\x1bPtmux;\x1b\x1b]52;c;YQ==\a\x1b\\"


def test_a_link_leads_to_the_web_or_nowhere() -> None:
    said = sequences.link("the chat", "https://chat.example/a;b?c=d e".replace(" ", "%20"))
    assert re.fullmatch(
        r"\x1b\]8;id=w[0-9a-f]+;https://chat\.example/a%3Bb\?c=d%20e\x1b\\the chat\x1b\]8;;\x1b\\", said
    )
    for address in ("javascript:alert(1)", "file:///etc/passwd", "https://a\x1b]0;x\x07b", "", "#inc-1"):
        assert sequences.link("words", address) == "words"


# When it is said ----------------------------------------------------------------------------------------------------


class Said:
    """A terminal that keeps what it was sent, and a clock that stands until it is told."""

    def __init__(self, kind: Kind = FULL, *, copies: bool = True, **wants: bool | int) -> None:
        self.sent: list[str] = []
        self.now = 1000.0
        self.there = True
        self.voice = Voice(kind, self.take, replace(Notify(), **wants), copies, lambda: self.now)  # type: ignore[arg-type]

    def take(self, sequence: str) -> bool:
        if self.there:
            self.sent.append(sequence)
        return self.there

    def call(self) -> list[str]:
        self.sent.clear()
        self.voice.call("You are paged", "INC-1 Cards fail")
        return list(self.sent)


def test_the_bell_is_rung_once_in_so_many_seconds_and_the_desktop_only_by_choice() -> None:
    said = Said(every_s=20)
    assert said.call() == ["\a"]
    assert said.call() == []
    said.now += 19.9
    assert said.call() == []
    said.now += 0.1
    assert said.call() == ["\a"]
    assert Said(bell=False).call() == []


def test_notifications_kept_back_are_counted_in_the_next() -> None:
    said = Said(desktop=True, bell=False, every_s=20)
    assert said.call() == ["\x1b]9;warroom: You are paged: INC-1 Cards fail\x1b\\"]
    assert said.call() == said.call() == []
    said.now += 20
    assert said.call() == ["\x1b]9;warroom: You are paged (2 more before it): INC-1 Cards fail\x1b\\"]
    said.now += 20
    assert "more before" not in said.call()[0]


def test_a_terminal_that_is_not_known_is_rung_and_told_nothing() -> None:
    assert Said(Kind(), desktop=True).call() == ["\a"]


def view(*lines: object) -> BoardView:
    return replace(fixtures.small_view(), lines=lines)  # type: ignore[arg-type]


def test_the_title_counts_what_is_live_grave_and_late() -> None:
    now = fixtures.NOW
    title = title_of(fixtures.small_view(), now)
    assert title.words == "warroom: 3 live, 1 SEV1, 1 SEV2, 1 late"
    assert title.until == fixtures.ahead(3, 5)  # then somebody should lead the export
    assert title_of(fixtures.small_view(), now + timedelta(minutes=4)).words.endswith("2 late")
    assert title_of(fixtures.empty_view(), now).words == "warroom: nothing live"


def test_the_title_is_sent_when_it_changes_and_given_back_once() -> None:
    said, shown = Said(), fixtures.small_view()
    said.voice.show_title(shown, fixtures.NOW)
    first = "\x1b]0;warroom: 3 live, 1 SEV1, 1 SEV2, 1 late\a"
    assert said.sent == [sequences.PUSH_TITLE, first]
    said.voice.show_title(shown, fixtures.ahead(1))
    said.voice.show_title(replace(shown, seq=118), fixtures.ahead(2))
    assert len(said.sent) == 2
    said.voice.show_title(shown, fixtures.ahead(4))
    assert said.sent[2:] == ["\x1b]0;warroom: 3 live, 1 SEV1, 1 SEV2, 2 late\a"]
    assert said.voice.take_back() == "\x1b]0;\a\x1b[23;0t"
    assert said.voice.take_back() == ""
    said.voice.show_title(shown, fixtures.NOW)  # it goes on after a stop
    assert said.sent[3:] == [sequences.PUSH_TITLE, first]


def test_no_title_where_none_is_wanted_or_none_can_be() -> None:
    for said in (Said(title=False), Said(Kind()), Said(Kind(wrap=Wrap.SCREEN))):
        said.voice.show_title(fixtures.small_view(), fixtures.NOW)
        assert said.sent == []
        assert said.voice.take_back() == ""


def test_what_never_went_out_is_not_taken_back() -> None:
    said = Said()
    said.there = False
    said.voice.show_title(fixtures.small_view(), fixtures.NOW)
    assert said.voice.take_back() == ""
    said.there = True
    said.voice.show_title(fixtures.small_view(), fixtures.NOW)
    assert said.sent[0] == sequences.PUSH_TITLE


def test_a_severity_named_by_somebody_hostile_stays_a_name() -> None:
    line = replace(fixtures.cards_line(), severity=replace(fixtures.SEV1, name="S\x1b]0;x\x07;E\u202eV\x9c1"))
    said = Said()
    said.voice.show_title(view(line), fixtures.NOW)
    assert violations("".join(said.sent).encode()) == []


@pytest.mark.parametrize(
    ("said", "text", "why"),
    [
        (Said(), "topic", ""),
        (Said(copies=False), "topic", "switched off"),
        (Said(), "a" * 9000, "longer than the 8,192 bytes"),
        (Said(Kind(wrap=Wrap.SCREEN)), "topic", "GNU screen"),
        (Said(Kind()), "topic", "no clipboard"),
    ],
)
def test_copying_says_why_it_cannot(said: Said, text: str, why: str) -> None:
    got = said.voice.copy(text)
    assert (why in got) if why else (got == "")
    assert len(said.sent) == (0 if why else 1)
