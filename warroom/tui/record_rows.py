"""The record as rows of cells for a list that scrolls: every entry with its head, its text wrapped below itself. Pure
layout; what is short is quick, since a record may have many thousands of entries."""

from __future__ import annotations

from datetime import UTC, date, datetime

from warroom.domain.status_words import kind_word
from warroom.domain.text import cell_width, wrap
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import clock, duration, seconds_clock
from warroom.tui.moments import dated
from warroom.tui.pieces import Line, Role, cut_line, fit_line, fitted, prose
from warroom.tui.role_words import said
from warroom.valueclass import dataclass
from warroom.views import RecordLine
from warroom.words import mark, tr, trn

MOST_ROWS = 6
"""Rows that one entry may take in the list; all of a longer one is shown when it is opened."""


@dataclass(frozen=True, slots=True)
class RecordColumns:
    """Widths in cells: of the moment, who and the kind, each with two blanks behind it, and what is left for the text.
    They depend on the width alone, so that rows stay as they are when more of the record is read. Where there is
    little room the kind has no column (0): it stands before the text, which begins below it from the next row on."""

    width: int
    moment: int
    actor: int
    kind: int

    @classmethod
    def fitting(cls, width: int) -> RecordColumns:
        """The columns for a list of this width."""
        if width >= 100:
            return cls(width, 8, 12, 12)
        return cls(width, 5, 10 if width >= 70 else 7, 0)

    @property
    def indent(self) -> int:
        """Where the text begins: behind the marker and the columns."""
        return 2 + sum(size + 2 for size in (self.moment, self.actor, self.kind) if size)

    @property
    def room(self) -> int:
        """Cells for the text."""
        return max(4, self.width - self.indent - 1)


def date_of(line: RecordLine) -> date:
    """The day of a line, in UTC."""
    return line.at.astimezone(UTC).date()


def height(line: RecordLine, columns: RecordColumns) -> int:
    """How many rows a line takes, without the heading of its day."""
    return min(len(_texts(line, columns)), MOST_ROWS)


def heading(at: datetime, columns: RecordColumns) -> Line:
    """The row over the first entry of a day."""
    text = f"{dated(at)} "
    rest = "╌" * max(0, columns.width - cell_width(text) - 3)
    return fit_line((("  ", Role.FAINT), (text, Role.MUTED), (rest, Role.FAINT)), columns.width)


def rows(line: RecordLine, columns: RecordColumns, *, selected: bool = False) -> tuple[Line, ...]:
    """The rows of a line, each exactly `columns.width` cells."""
    moment = seconds_clock(line.at) if columns.moment >= 8 else clock(line.at)
    front: list[tuple[str, Role]] = [
        ("▌ " if selected else "  ", Role.ACCENT),
        (fitted(moment, columns.moment) + "  ", Role.MUTED),
        (fitted(line.actor, columns.actor) + "  ", Role.ACCENT),
    ]
    if columns.kind:
        front.append((fitted(kind_word(line.kind), columns.kind) + "  ", Role.MUTED))
    texts = _texts(line, columns)
    more = len(texts) > MOST_ROWS
    blank = (" " * columns.indent, Role.TEXT)
    made: list[Line] = []
    for number, text in enumerate(texts[:MOST_ROWS]):
        body: Line = ((text, Role.TEXT),)
        if number == 0 and text.startswith(kind := _lead(line, columns).rstrip()):
            body = ((kind, Role.MUTED), (text[len(kind) :], Role.TEXT))
        if more and number == MOST_ROWS - 1:
            hint = f" … {tr(_MORE).format(key=keycap('record.open'))}"
            rest = max(1, columns.room - cell_width(hint))
            body = (*cut_line(((text, Role.TEXT),), rest), (hint, Role.MUTED))
        if line.late is not None and number == len(texts) - 1:
            body = _with_lateness(body, line)
        made.append(fit_line((*front, *body) if number == 0 else (blank, *body), columns.width))
    return tuple(made)


def _with_lateness(body: Line, line: RecordLine) -> Line:
    late = _late(line)
    *before, (text, role) = body
    return (*before, (text[: len(text) - len(late)], role), (late, Role.SOON))


def _lead(line: RecordLine, columns: RecordColumns) -> str:
    """The kind before the text, where it has no column."""
    return "" if columns.kind else f"{kind_word(line.kind)}  "


def _late(line: RecordLine) -> str:
    if line.late is None:
        return ""
    return tr("({time} late)").format(time=duration(int(line.late.total_seconds())))


def _texts(line: RecordLine, columns: RecordColumns) -> list[str]:
    text = (_lead(line, columns) + prose(said(line))).rstrip()
    if line.late is not None:
        # As one word at the end, so that it is wrapped with the rest and never cut.
        text = f"{text} {_late(line).replace(' ', _GLUE)}"
    if text.isascii() and len(text) <= columns.room:
        return [text.replace(_GLUE, " ")]
    if cell_width(text) <= columns.room:
        return [text.replace(_GLUE, " ")]
    return [part.replace(_GLUE, " ") for part in wrap(text, columns.room)] or [""]


_MORE = mark("{key} shows all")
_GLUE = "\N{NO-BREAK SPACE}"


def instead(known: int, *, complete: bool) -> Line:
    """What stands where no entry is: of so many that are `known` none passes the filter, or there is none (yet)."""
    if not complete:
        return ((f"  {tr('reading what was before …')}", Role.MUTED),)
    if known:
        words = trn(
            "in {count} entry; {key} clears the filter", "in {count} entries; {key} clears the filter", known
        ).format(count=known, key=keycap("go.back", "room"))
        return ((f"  {tr('Nothing matches')} ", Role.TEXT), (words, Role.MUTED))
    nothing = tr("nothing on the record yet; {key} writes something down").format(key=keycap("incident.note"))
    return ((f"  {nothing}", Role.MUTED),)
