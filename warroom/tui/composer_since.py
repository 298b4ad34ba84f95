"""What people did and found since the last word: the material of the next one, below the text of an update."""

from __future__ import annotations

from datetime import datetime

from warroom.tui import panels
from warroom.tui.pieces import Line, Piece, Role, rule
from warroom.valueclass import dataclass
from warroom.views import ComposerView, SaidLine
from warroom.words import tr, trn

MOST_SINCE = 24
"""Rows that it takes at most, with its title: whoever writes reads no whole record."""
_TEXT, _SINCE = 10, 4
"""Rows that the text has at least before anything stands below it, and that what stands there needs to be worth it."""
_SPARE = 3
"""Empty rows below what is written, so that the next line does not move everything."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Rows for the text, 0: all that there are, and for what stands below it."""

    text: int = 0
    since: int = 0


def shares(rows: int, written: int, before: Shares) -> Shares:
    """How `rows` are shared where the text takes `written` of them. The text keeps what it had `before` until it is
    short of rows, or has far too many: nothing moves with every line that is typed."""
    wanted = max(_TEXT, written + _SPARE)
    if written < before.text <= wanted + 2 * _SPARE:
        wanted = before.text
    left = rows - wanted - 1  # a blank row between the two
    return Shares(wanted, min(left, MOST_SINCE)) if left >= _SINCE else Shares()


def since_lines(view: ComposerView, said: SaidLine | None, now: datetime, width: int, rows: int) -> tuple[Line, ...]:
    """What people put on the record since `said`, newest at the bottom, in at most `rows` rows with its title; where
    that is nothing, what they put there before."""
    newer = [line for line in view.lately if said is None or line.at > said.at]
    since = said is not None and bool(newer)
    title: Piece = (tr("Since the last word") if since else tr("On the record so far"), Role.ACCENT)
    count = trn("{count} entry", "{count} entries", len(newer)).format(count=len(newer))
    note = count if newer else tr("nothing new since the last word")
    told = panels.record(newer or view.lately, now, width - 2, rows - 1)
    found: list[Line] = [((" ", Role.TEXT), *line) for line in told if any(text.strip() for text, _ in line)]
    return (rule((title,), width, ((note, Role.MUTED),)), *found)
