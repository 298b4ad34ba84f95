"""The list of incidents as rows of cells: order, filter, columns, one line per incident. Pure layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from warroom.domain.text import cell_width
from warroom.tui.clockface import Face, is_late, lead_face, page_face, update_face
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fit_line, fitted, merged, severity_role
from warroom.views import IncidentLine, PageState

_FIGURE = 10  # "LATE 04:12"
_PAGE = 14  # "L3  LATE 04:12"
_STATUS = 13  # "investigating"
_LEAD = 12  # "— LATE 1d05h"
_TITLE_ROOM = 26  # the title keeps this much before STATUS or LEAD is shown
_TITLE_MOST = 72  # wider, and the eye loses the row on its way to the figures


def _key_order(key: str) -> tuple[tuple[int, int | str], ...]:
    """INC-9 before INC-10."""
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in re.split(r"(\d+)", key) if part)


def _deadlines(line: IncidentLine) -> list[datetime]:
    """Everything that this line counts down to."""
    role = None if line.lead else line.lead_due
    return [at for at in (line.page.at, line.update.at, role) if at is not None]


def order(lines: Iterable[IncidentLine], now: datetime) -> tuple[IncidentLine, ...]:
    """The order of the list: severity; in it alarms, then late pages and roles, then late updates, then by due time.

    What is resolved comes behind everything live, and what nobody is paged for last in its severity: somebody else's
    system watches it, or a rule holds it back. Inside a group the earliest absolute deadline is first, so a second that
    passes never moves a row: rows move only when something falls due or somebody acts.
    """

    def urgency(line: IncidentLine) -> tuple[bool, int, bool, int, float, tuple[tuple[int, int | str], ...]]:
        deadlines = _deadlines(line)
        late = [at for at in deadlines if is_late(at, now)]
        if line.alarm or line.page.state is PageState.EXHAUSTED:
            group = 0
        elif any(at != line.update.at for at in late):
            group = 1
        elif late:
            group = 2
        else:
            group = 3
        first = min(late or deadlines, default=None)
        due = first.timestamp() if first is not None else float("inf")
        over, quiet = line.page.state is PageState.STOPPED, _quiet(line, now)
        return over, line.severity.rank, quiet, group, due, _key_order(line.key)

    return tuple(sorted(lines, key=urgency))


def _quiet(line: IncidentLine, now: datetime) -> bool:
    """Whether nobody is to be paged for it: it is only watched, or held back by a rule whose time is not over."""
    held = line.page.state is PageState.HELD and not (line.page.at is not None and is_late(line.page.at, now))
    return line.watched or held


def matches(line: IncidentLine, query: str, now: datetime) -> bool:
    """Whether a line passes the filter: every word must occur, no word behind a "-" may.

    Words are looked for in key, title, status, lead, severity, page, channel and alarm, without regard to case. The
    words "late", "major", "vacant" and "watched" stand for what they say.
    """
    words = query.casefold().split()
    if not words:
        return True
    texts = (
        line.key, line.title, line.status, line.lead, line.severity.name, line.page.state.value,
        line.update.channel, line.alarm,
    )  # fmt: skip
    hay = "\n".join(clean(text) for text in texts).casefold()
    traits = {
        "late": any(is_late(at, now) for at in _deadlines(line)),
        "major": line.severity.major,
        "vacant": not line.lead,
        "watched": line.watched,
    }

    def holds(word: str) -> bool:
        return traits.get(word, word in hay)

    return all(not holds(word[1:]) if len(word) > 1 and word[0] == "-" else holds(word) for word in words)


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells; 0 leaves a column out. Between columns stand two blanks, before the first the marker."""

    width: int
    sev: int
    spaced: bool  # a blank between the glyph and the name of the severity
    key: int
    title: int
    status: int
    lead: int
    page: int
    update: int
    channel: int  # part of `update` that the channel's name takes

    @classmethod
    def fitting(cls, width: int, lines: Sequence[IncidentLine]) -> Columns:
        """The columns for a list of these lines that is `width` cells wide."""
        spaced = width >= 100
        names = max((cell_width(clean(line.severity.name)) for line in lines), default=4)
        sev = min(max(names, 3), 8) + (2 if spaced else 1)
        key = min(max((cell_width(clean(line.key)) for line in lines), default=3), 14)
        channel = max((cell_width(clean(line.update.channel)) for line in lines), default=0)
        channel = min(max(channel, 2), 10 if spaced else 8)
        if width < 72:
            channel = 0
        update = _FIGURE + (channel + 1 if channel else 0) if width >= 50 else 0
        page = _PAGE if width >= 36 else 0

        def rest(*extra: int) -> int:
            shown = [sev, key, *(size for size in (page, update, *extra) if size)]
            return width - 2 - sum(shown) - 2 * len(shown) - 1

        lead = _LEAD if rest(_LEAD) >= _TITLE_ROOM else 0
        status = _STATUS if lead and rest(_LEAD, _STATUS) >= _TITLE_ROOM else 0
        title = max(4, min(rest(*(size for size in (lead, status) if size)), _TITLE_MOST))
        return cls(width, sev, spaced, key, title, status, lead, page, update, channel)

    def row(self, marker: Piece, cells: Sequence[tuple[int, Line]]) -> Line:
        """One row from the marker (two cells) and the cells of the columns that are shown."""
        pieces: list[Piece] = [marker]
        for size, cell in cells:
            if size:
                pieces.extend(fit_line(cell, size))
                pieces.append(("  ", Role.TEXT))
        return merged(fit_line(pieces[:-1], self.width))


def head(columns: Columns, note: str = "") -> Line:
    """The names of the columns; `note` stands at the right edge where there is room for it."""
    names = (
        (columns.sev, "SEV"), (columns.key, "KEY"), (columns.title, "TITLE"), (columns.status, "STATUS"),
        (columns.lead, "LEAD"), (columns.page, "NEXT PAGE"), (columns.update, "UPDATE DUE"),
    )  # fmt: skip
    row = columns.row(("  ", Role.MUTED), [(size, ((name, Role.MUTED),)) for size, name in names])
    if not note:
        return row
    # The note takes the place of what is left of the title column, which is the only one with room to spare.
    before = 2 + columns.sev + 2 + columns.key + 2
    room = columns.title - len("TITLE") - 2
    text = "".join(text for text, _ in row)
    shown = "".join(text for text, _ in cut_line(((note, Role.MUTED),), room))
    at = before + len("TITLE") + 2
    return ((text[:at], Role.MUTED), (shown, Role.ACCENT), (text[at + cell_width(shown) :], Role.MUTED))


def faces(line: IncidentLine, now: datetime) -> tuple[Face, Face, Face]:
    """The cells of a row that the clock changes: lead, next page, update due."""
    page = page_face(line.page, now)
    if line.watched and line.page.state is PageState.NONE:
        page = Face("", "watched", Role.MUTED)
    elif line.page.state is PageState.STOPPED:
        page = Face("", clean(line.status), Role.OK)
    return lead_face(line, now), page, update_face(line.update, now)


def row(line: IncidentLine, columns: Columns, now: datetime, *, selected: bool = False) -> Line:
    """One incident in exactly `columns.width` cells."""
    severity = line.severity
    quiet = _quiet(line, now) or line.page.state is PageState.STOPPED
    role = Role.MUTED if quiet else severity_role(severity)
    glyph = fitted(severity.glyph, 1)
    alarm = bool(line.alarm) or line.page.state is PageState.EXHAUSTED
    marker = "▌ " if selected else "! " if alarm else "  "
    lead, page, update = faces(line, now)
    text = Role.MUTED if quiet else Role.STRONG if selected else Role.TEXT
    return columns.row(
        (marker, Role.LATE if alarm else Role.ACCENT),
        (
            (columns.sev, ((f"{glyph}{' ' if columns.spaced else ''}{clean(severity.name)}", role),)),
            (columns.key, ((clean(line.key), Role.STRONG if selected else Role.MUTED),)),
            (columns.title, ((fitted(line.title, columns.title), text),)),
            (columns.status, ((clean(line.status), Role.MUTED),)),
            (columns.lead, _cell(lead, 1 if lead.label else 0)),
            (columns.page, _cell(page, 3)),
            (columns.update, _update_cell(update, columns.channel)),
        ),
    )


def _cell(face: Face, label: int) -> Line:
    """Label and figure; short labels are padded so that figures stand below each other."""
    if not face.label:
        return ((face.figure, face.role),)
    if not face.figure:
        return ((face.label, face.role),)
    name = fitted(face.label, max(label, min(cell_width(face.label), 8)))
    return ((name + " ", Role.MUTED), (face.figure, face.role))


def _update_cell(face: Face, channel: int) -> Line:
    if not face.label or not channel:
        return ((face.figure, face.role),)
    return ((fitted(face.label, channel) + " ", Role.MUTED), (face.figure, face.role))
