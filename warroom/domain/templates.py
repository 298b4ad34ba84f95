"""The texts of pages (R9) and updates (R10) as a team words them: plain text with placeholders such as {key}.

A placeholder is replaced by a text and nothing else: no attributes, no calls, no formats, and what was put in is not
looked at again, so that a title with braces in it stays a title. What stands between [[ and ]] in the text of an update
is a blank that a person has to fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from warroom.valueclass import dataclass

PLACEHOLDERS: Final = {
    "key": "the incident's key, such as INC-142",
    "severity": "its severity",
    "title": "its title",
    "summary": "its summary",
    "level": "the number of the level that is paged; nothing for other pages",
    "service": "the faulty service",
    "status": "its status",
    "why": "why this page goes out, in a sentence",
    "state": "status, time of declaration, service and summary, a line each",
    "answer": "what to do about this page, such as Acknowledge: warroom ack INC-142",
    "ack": "the command that acknowledges the page",
    "decline": "the command that passes the page on",
}
"""What the text of a page may name, and what is put there."""

UPDATE_PLACEHOLDERS: Final = {
    "key": "the incident's key, such as INC-142",
    "severity": "its severity",
    "title": "its title",
    "summary": "its summary",
    "service": "the faulty service, by its name in the rulebook",
    "product": "what customers know the faulty service as",
    "status": "its status",
    "region": "where it happens",
    "environment": "where it happens, such as production",
    "impact": "what customers feel of it; a blank to fill in while nobody has said so",
    "affected": "how many customers and colleagues are affected; a blank while nobody has said so",
    "cases": "how many cases support has; a blank while nobody has counted",
    "started": "when the impact began, such as 13:50 UTC",
    "ended": "when it was resolved; nothing before",
    "duration": "how long it has lasted, such as 41 minutes",
    "doing": "what is being done now, a point a line: running tests and tasks with an owner; else blanks to fill in",
    "planned": "what comes next, a point a line: the other open tasks and decisions; else blanks to fill in",
    "cause": "the confirmed theory; else that the cause is not known yet",
    "restore": "when it is expected to be over; else that this is not known yet",
    "lead": "who leads the incident",
    "next": "a sentence on when and where the next update comes; nothing when none is promised",
    "next_time": "the time alone, such as 14:30 UTC",
    "where": "the channels that the update goes to, by their titles",
    "corrects": "what was said, and when, where the update puts an earlier one right",
}
"""What the text of an update may name, and what is put there."""

ANY_WAY: Final = "default"
"""The template of every way that has none of its own."""

BLANK: Final = re.compile(r"\[\[([^\[\]\n]{0,200})\]\]")
"""A place in an update that a person has to fill in."""

_PIECE: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_STOPS: Final = ".!?…。！？"
_TWICE: Final = re.compile(rf"(?<=[^\s./\\])([{_STOPS}])\.(?=\s|$)")
"""The end of a sentence with another one behind it; three dots, paths and what is no end of a sentence are none."""
_OWN_STOP: Final = re.compile(r"\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Template:
    """The text of a page by one way; "" leaves subject or body as warroom words it."""

    subject: str = ""
    body: str = ""


class Stage(StrEnum):
    """Where in the course of an incident an update stands on its channels."""

    FIRST = "first"
    FOLLOW_UP = "follow-up"
    FINAL = "final"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class UpdateTemplate:
    """How updates begin: of one stage and audience; of certain severities, services and channels where it names some.

    Of several that fit the one that names the most is taken, and of those the first.
    """

    name: str
    stage: Stage
    audience: str
    subject: str = ""
    body: str = ""
    severities: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in, {{ and }} as single braces.

    A line that has nothing in it but placeholders, all of them empty, is left out. A name that `values` does not have
    stays as it is: texts are checked when they are read. Where a value ends a sentence itself, the full stop of the
    text behind it is left out.
    """
    out = []
    for line in text.split("\n"):
        names = [found[1] for found in _PIECE.finditer(line) if found[1] is not None]
        filled = _filled(line, values)
        if filled.strip() or not names:
            out.append(filled.rstrip())
    return "\n".join(out).strip("\n")


def _filled(line: str, values: Mapping[str, str]) -> str:
    out, at = [], 0
    for found in _PIECE.finditer(line):
        put = _put(found, values)
        out += [line[at : found.start()], put]
        at = found.end()
        if found[1] is not None and put[-1:] in tuple(_STOPS) and _OWN_STOP.match(line, at):
            at += 1
    return "".join((*out, line[at:]))


def one_stop(text: str) -> str:
    """The text with one stop where a sentence has two, as when a blank with a full stop behind it was filled with a
    whole sentence: "they cannot pay.." becomes "they cannot pay."."""
    return _TWICE.sub(r"\1", text)


def _put(found: re.Match[str], values: Mapping[str, str]) -> str:
    if found[0] in ("{{", "}}"):
        return found[0][0]
    return found[0] if found[1] is None else values.get(found[1], found[0])


def flaws(text: str, known: Mapping[str, str] = PLACEHOLDERS) -> Iterator[tuple[str, str]]:
    """What is wrong with a text that may name what is `known`, as (what stands there, the placeholder's name or "" for
    a brace that is alone)."""
    for found in _PIECE.finditer(text):
        if found[0] in ("{", "}"):
            yield found[0], ""
        elif found[1] is not None and found[1] not in known:
            yield found[0], found[1]
