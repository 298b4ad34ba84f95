"""The texts of pages as a team words them (R9): plain text with placeholders such as {key}, by way.

A placeholder is replaced by a text and nothing else: no attributes, no calls, no formats, and what was put in is not
looked at again, so that a title with braces in it stays a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

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
"""What a text may name, and what is put there."""

ANY_WAY: Final = "default"
"""The template of every way that has none of its own."""

_PIECE: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Template:
    """The text of a page by one way; "" leaves subject or body as warroom words it."""

    subject: str = ""
    body: str = ""


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in, {{ and }} as single braces.

    A line that has nothing in it but placeholders, all of them empty, is left out. A name that `values` does not have
    stays as it is: texts are checked when they are read.
    """
    out = []
    for line in text.split("\n"):
        names = [found[1] for found in _PIECE.finditer(line) if found[1] is not None]
        filled = _PIECE.sub(lambda found: _put(found, values), line)
        if filled.strip() or not names:
            out.append(filled.rstrip())
    return "\n".join(out).strip("\n")


def _put(found: re.Match[str], values: Mapping[str, str]) -> str:
    if found[0] in ("{{", "}}"):
        return found[0][0]
    return found[0] if found[1] is None else values.get(found[1], found[0])


def flaws(text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a text, as (what stands there, the placeholder's name or "" for a brace that is alone)."""
    for found in _PIECE.finditer(text):
        if found[0] in ("{", "}"):
            yield found[0], ""
        elif found[1] is not None and found[1] not in PLACEHOLDERS:
            yield found[0], found[1]
