"""Pieces that several dialogs are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from textual.content import Content
from textual.widgets import Static

from warroom.domain.text import clean_block, clean_line
from warroom.tui.clockface import parse_when
from warroom.tui.pieces import Role, clean, severity_role
from warroom.tui.widgets.choices import Choice
from warroom.tui.widgets.form import Form, Unread
from warroom.views import IncidentLine, SeverityFace
from warroom.words import tr

Clock = Callable[[], datetime]
"""Gives the time now (aware, UTC); dialogs stay open while it passes."""

_ECHO = 30  # characters of what was typed that are said again: the rest of the message is worth more


def about(line: IncidentLine) -> Static:
    """Which incident a dialog is about."""
    return Static(Content(f"{clean(line.key)}  {clean(line.title)}"), classes="strong", markup=False)


def note(text: str, *, id: str | None = None) -> Static:
    return Static(Content(clean_block(text)), classes="note", id=id, markup=False)


def gap() -> Static:
    return Static("", classes="gap")


def spare() -> Static:
    """A blank row between parts, where the screen is tall enough for it."""
    return Static("", classes="gap -spare")


def severity_choices(severities: Sequence[SeverityFace]) -> list[Choice]:
    return [
        Choice(
            face.name,
            (
                (f"{clean(face.glyph)} {clean(face.name)}", severity_role(face)),
                ("  " + tr("major incident") if face.major else "", Role.MUTED),
            ),
        )
        for face in sorted(severities, key=lambda face: face.rank)
    ]


def person_named(form: Form[Any], name: str, people: Sequence[str], what: str) -> str:
    """A person that was typed; names that nobody has are refused with the nearest that somebody has."""
    typed = form.need(name, what)
    known = {clean(person).casefold(): person for person in people}
    if not known or typed.casefold() in known:
        return known.get(typed.casefold(), typed)
    told = clean_line(typed, _ECHO)
    near = get_close_matches(typed.casefold(), known, n=1, cutoff=0.5)
    if near:
        hint = tr("nobody is called {typed}; did you mean {name}?").format(typed=told, name=known[near[0]])
    else:
        names = ", ".join(sorted(known.values())[:6])
        hint = tr("nobody is called {typed}; known are {names}").format(typed=told, names=names)
    raise Unread(hint, name)


def moment(form: Form[Any], name: str, now: datetime) -> datetime:
    try:
        return parse_when(form.entered(name), now)
    except ValueError as error:
        raise Unread(str(error), name) from None
