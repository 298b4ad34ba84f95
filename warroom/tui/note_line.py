"""What a person writes down in one line (R11): a sign in front says what it is, and without one it is a note.

    it is slow again                          a note
    * error rate falls since 14:02            an observation
    ? pool exhausted since deploy 8812        a theory
    > #12 roll back eu-west-1 alone           an experiment on theory #12 (no number: on the only open one)
    =+ #15 errors gone there                  its result, which confirms; =- refutes, = leaves it open
    ! roll back everywhere                    a decision; ! #20 ... takes the one that was asked for
    !? fail over to eu-north @jonas by 15:00  a decision to be taken, by whom and when
    ~ rolled back 8812 | latency | redeploy   a change: what | why | how to undo it
    + slow log of db-3 @li in 30m #database   a task, with owner, time and workstream in any order
    & https://graphs.example/8812 error rate  evidence: where, and what it shows

The sign stands first and has a blank behind it, so that "?!" or "!!!" remain words of a note. Pure: no screen.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

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
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import parse_when
from warroom.valueclass import dataclass
from warroom.words import mark, tr


@dataclass(frozen=True, slots=True)
class Sign:
    """One kind of line: its sign, what it is called, and what may stand behind it."""

    sign: str
    word: str
    form: str


SIGNS = (
    Sign("", mark("note"), mark("what was seen or done; @name tells that person")),
    Sign("*", mark("observation"), mark("what is seen")),
    Sign("?", mark("theory"), mark("what may be the cause")),
    Sign(">", mark("experiment"), mark("[#theory] how it is tested")),
    Sign("=+", mark("result: confirms"), mark("[#experiment] what it showed")),
    Sign("=-", mark("result: refutes"), mark("[#experiment] what it showed")),
    Sign("=", mark("result: open"), mark("[#experiment] what it showed")),
    Sign("!", mark("decision"), mark("[#asked] what was decided")),
    Sign("!?", mark("to be decided"), mark("what [@who] [by 15:00]")),
    Sign("~", mark("change"), mark("what | why | how to undo it")),
    Sign("+", mark("task"), mark("what [@owner] [in 30m] [#stream]")),
    Sign("&", mark("evidence"), mark("[#theory] https://... or a path, what it shows")),
)
_BY_SIGN = {sign.sign: sign for sign in SIGNS}
_VERDICTS = {"=+": Verdict.CONFIRMS, "=-": Verdict.REFUTES, "=": Verdict.OPEN}
_NUMBER = re.compile(r"#(\d{1,9})(?=\s|$)\s*")
_TAIL = re.compile(
    r"(?:^|\s)(?:@(?P<who>[^\s@#|]+)|#(?P<stream>[^\s@#|]+)"
    r"|(?:by|at)\s+(?P<at>\d{1,2}:\d{2})|in\s+(?P<span>(?:\d{1,2}d)?(?:\d{1,3}h)?(?:\d{1,4}m)?(?:in)?)"
    r"|(?P<bare>\d{1,2}:\d{2}))$"
)


def sign_of(text: str) -> Sign:
    """What a line is, as far as it has been typed."""
    first, blank, _ = text.lstrip().partition(" ")
    return _BY_SIGN.get(first, SIGNS[0]) if blank or first in _BY_SIGN else SIGNS[0]


def read_line(text: str, now: datetime) -> RecordCommand:
    """The command that a line stands for. Raises `ValueError` with what is missing."""
    text = text.strip()
    sign = sign_of(text)
    rest = text[len(sign.sign) :].strip()
    if not rest:
        raise ValueError(
            tr("write {form}").format(form=tr(sign.form))
            if sign.sign
            else tr("write something, or leave with {key}").format(key=keycap("go.back", "form"))
        )
    match sign.sign:
        case "*":
            return AddNote(rest, NoteKind.OBSERVATION)
        case "?":
            return AddTheory(rest)
        case ">":
            number, rest = _numbered(rest, tr("how it is tested"))
            return AddExperiment(rest, number)
        case "=" | "=+" | "=-":
            number, rest = _numbered(rest, tr("what it showed"))
            return AddResult(rest, number, _VERDICTS[sign.sign])
        case "!":
            number, rest = _numbered(rest, tr("what was decided"))
            return Decide(number, rest) if number else AddNote(rest, NoteKind.DECISION)
        case "!?":
            said = _tail(rest, now)
            return AskDecision(said.text, said.who, said.due)
        case "~":
            what, _, more = rest.partition("|")
            why, _, undo = more.partition("|")
            if not what.strip():
                raise ValueError(tr("say first what was changed: what | why | how to undo it"))
            return MakeChange(what.strip(), why.strip(), undo.strip())
        case "+":
            said = _tail(rest, now)
            return AddTask(said.text, said.who, said.due, said.stream)
        case "&":
            number, rest = _numbered(rest, tr("an address or a path"))
            where = rest.split()[0]
            return AddEvidence(where, rest[len(where) :].strip(), number)
        case _:
            return AddNote(rest)


def _numbered(text: str, what: str) -> tuple[int, str]:
    match = _NUMBER.match(text)
    rest = text[match.end() :] if match else text
    if not rest.strip():
        raise ValueError(tr("write {what} behind the number").format(what=what))
    return (int(match[1]) if match else 0), rest.strip()


@dataclass(frozen=True, slots=True)
class _Said:
    """A text with what was said at its end: for whom, by when, in which workstream."""

    text: str
    who: str = ""
    due: datetime | None = None
    stream: str = ""


def _tail(text: str, now: datetime) -> _Said:
    """Take owner, time and workstream off the end of a text, in any order; each once, and what is left is the text."""
    who = stream = ""
    due: datetime | None = None
    rest = text
    while match := _TAIL.search(rest):
        if match["who"] and not who:
            who = match["who"]
        elif match["stream"] and not stream:
            stream = match["stream"]
        elif due is None and (match["at"] or match["bare"]):
            due = parse_when(match["at"] or match["bare"], now)
        elif due is None and match["span"]:
            due = now + _span(match["span"])
            if due == now:
                break
        else:
            break
        rest = rest[: match.start()].rstrip()
    if not rest:
        raise ValueError(tr("say what is to be done, and then by whom and when"))
    return _Said(rest, who, due, stream)


def _span(text: str) -> timedelta:
    parts = re.fullmatch(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:in)?", text)
    days, hours, minutes = (int(part or 0) for part in parts.groups()) if parts else (0, 0, 0)
    return timedelta(days=days, hours=hours, minutes=minutes)
