"""What a line stands for: its sign, and what was said at its end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from tests.tui.fixtures import NOW, ahead
from warroom.domain.core import Command
from warroom.domain.record_commands import (
    AddEvidence,
    AddExperiment,
    AddNote,
    AddResult,
    AddTask,
    AddTheory,
    AskDecision,
    Decide,
    MakeChange,
    RecordCommand,
)
from warroom.domain.record_events import NoteKind, Verdict
from warroom.tui.note_line import SIGNS, read_line, sign_of

AT_15 = NOW.replace(hour=15, minute=0, second=0)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("it is slow again", AddNote("it is slow again")),
        ("  spaces  ", AddNote("spaces")),
        ("!!! it is back", AddNote("!!! it is back")),
        ("?what", AddNote("?what")),
        ("* error rate falls", AddNote("error rate falls", NoteKind.OBSERVATION)),
        ("? pool exhausted", AddTheory("pool exhausted")),
        ("> roll back", AddExperiment("roll back")),
        ("> #12 roll back", AddExperiment("roll back", 12)),
        ("> 12 nodes restarted", AddExperiment("12 nodes restarted")),
        ("=+ #15 gone", AddResult("gone", 15, Verdict.CONFIRMS)),
        ("=- not gone", AddResult("not gone", 0, Verdict.REFUTES)),
        ("= who knows", AddResult("who knows")),
        ("! roll back", AddNote("roll back", NoteKind.DECISION)),
        ("! #20 yes", Decide(20, "yes")),
        ("!? fail over @jonas by 15:00", AskDecision("fail over", "jonas", AT_15)),
        ("!? fail over?", AskDecision("fail over?")),
        ("~ rolled back | slow | deploy", MakeChange("rolled back", "slow", "deploy")),
        ("~ rolled back", MakeChange("rolled back")),
        ("+ slow log @li in 30m #db", AddTask("slow log", "li", ahead(30), "db")),
        ("+ slow log #db @li", AddTask("slow log", "li", None, "db")),
        ("+ ask @li about it", AddTask("ask @li about it")),
        ("+ look in production", AddTask("look in production")),
        ("+ a @b @c", AddTask("a @b", "c")),
        ("+ call them at 15:00", AddTask("call them", "", AT_15)),
        ("+ in 1h30m", AddTask("in 1h30m")),
        ("& https://x.example/a?b what it shows", AddEvidence("https://x.example/a?b", "what it shows")),
        ("& /var/log/x", AddEvidence("/var/log/x")),
        ("& #12 /var/log/x the stack", AddEvidence("/var/log/x", "the stack", 12)),
        ("? two\nlines", AddTheory("two\nlines")),
    ],
)
def test_lines(text: str, command: Command) -> None:
    if text == "+ in 1h30m":  # there has to be something to be done
        with pytest.raises(ValueError, match="say what is to be done"):
            read_line(text, NOW)
    else:
        assert read_line(text, NOW) == command


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "write something"),
        ("?", "what may be the cause"),
        ("> #12", "behind the number"),
        ("=", "what it showed"),
        ("~ | why", "first what was changed"),
        ("+ @li", "what is to be done"),
        ("+ x by 25:00", "time of day"),
    ],
)
def test_what_is_missing_is_said(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_line(text, NOW)


def test_a_line_is_named_while_it_is_typed() -> None:
    assert [sign_of(text).word for text in ("", "?", "? ", "? x", "?x", "=", "=+", "!", "!?", "!?x")] == [
        "note", "theory", "theory", "theory", "note", "result: open", "result: confirms", "decision",
        "to be decided", "note",
    ]  # fmt: skip
    assert len({sign.sign for sign in SIGNS}) == len(SIGNS)


@examples(3)
@given(st.one_of(st.text(max_size=80), st.builds("{} {}".format, st.sampled_from([s.sign for s in SIGNS]), st.text())))
def test_anything_may_be_typed(text: str) -> None:
    try:
        made = read_line(text, NOW)
    except ValueError as error:
        assert str(error)
    else:
        assert isinstance(made, RecordCommand)


@examples(2)
@given(st.text(st.characters(categories=("L", "N", "Zs")), min_size=1, max_size=60).filter(str.strip))
def test_a_note_says_exactly_what_was_typed(text: str) -> None:
    assert read_line(text, NOW) == AddNote(text.strip())
