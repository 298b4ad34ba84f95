"""The widgets of the on-call screen: the grid of shifts, and the lines below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.message import Message

from warroom.tui import oncall_grid as grid
from warroom.tui import oncall_words
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.keycap import keycap
from warroom.tui.oncall_desk import DeskRow
from warroom.tui.oncall_grid import Faces, Scale
from warroom.tui.pieces import Line, Role, fit_line, rule
from warroom.tui.widgets.canvas import Canvas
from warroom.views import OnCallView, ScheduleLine
from warroom.words import tr

Below = Callable[[int, int], Sequence[Line]]
"""What fills so many cells by so many rows."""
_TIGHT = 6  # rows, up to which none is left blank
_ROOMY = 12  # rows, beyond which the desk has a title of its own
HEAD = 2
"""Rows of the axis above the schedules."""


class ShiftGrid(Canvas, can_focus=True):
    """Schedules as rows, one of them selected; a cursor in time. Two rows to a schedule where there is room for it."""

    can_focus = True

    BINDINGS: ClassVar[list[BindingType]] = bindings("grid")

    class Moved(Message):
        """Another schedule is selected, or the pointer was put on a moment (`at`; None: the moment stays)."""

        def __init__(self, index: int, at: datetime | None = None) -> None:
            super().__init__()
            self.index = index
            self.at = at

    class Opened(Message):
        """The shift under the cursor is to be shown."""

    def __init__(self, *, id: str | None = None) -> None:
        """Empty until the first view."""
        super().__init__(id=id)
        self.index = 0
        self.scale = Scale(datetime(1970, 1, 1, tzinfo=UTC), 1, 1, 0)
        self.rows: tuple[int | None, ...] = ()  # which schedule each line belongs to
        self._top = 0
        self._each = 2
        self._looks: tuple[int, ...] = ()

    def wanted(self, count: int, room: int) -> int:
        """How many rows it would use of `room` rows for so many schedules."""
        self._each = _airy(count, room)
        full = HEAD + self._each * count + 1
        return min(room, full if full <= room else HEAD + count + 2)

    def show_grid(
        self, view: OnCallView, scale: Scale, index: int, cursor: datetime | None, now: datetime, faces: Faces
    ) -> None:
        """Show these schedules; `index` is the selected one."""
        self.scale, self.index = scale, index
        width, height = self.size
        if not width or not height:
            return
        lines: list[Line] = list(grid.axis(scale, now, cursor))
        owners: list[int | None] = [None, None]
        each = self._each
        roomy = HEAD + each * len(view.schedules) + 1 <= height
        columns = oncall_words.Columns.of(view, now)
        # Rows for the schedules: the last one is the legend, and of the others the selected one takes two.
        room = max(1, height - HEAD - 1)
        fits = len(view.schedules) if roomy else max(1, room - 1)
        self._top = min(max(self._top, index - fits + 1), index, max(0, len(view.schedules) - fits))
        letters: set[str] = set()
        for at, line in list(enumerate(view.schedules))[self._top : self._top + fits]:
            here = at == index
            drawn, initials = self._row(line, scale, faces, now, cursor if here else None, here, not roomy and not here)
            letters |= initials
            lines.append(drawn)
            owners.append(at)
            if roomy or here:
                lines.append(oncall_words.standing(line, faces, now, width, columns))
                owners.append(at)
            if roomy and each > 2:
                lines.append(())
                owners.append(None)
        shown = view.schedules[self._top : self._top + fits]
        if not view.schedules:
            none = tr("no schedule: the rulebook's file oncall.yaml says who is on call when")
            lines += [(), ((f"  {none}", Role.SOON),)]
        lines.append(
            grid.legend(
                [who for who in faces.letters if who in letters],
                faces,
                width,
                overrides=any(span.override for line in shown for span in line.spans),
                gaps=any(not span.people for line in shown for span in line.spans),
            )
        )
        self.rows = tuple(owners)
        self.show_lines([fit_line(line, width) for line in lines])
        looks = (index, self._top, int(roomy), int(self.has_focus))
        if looks != self._looks:  # another row is on the background of the selected one
            self._looks = looks
            self._strips.clear()
            self.refresh()

    @staticmethod
    def _row(
        line: ScheduleLine,
        scale: Scale,
        faces: Faces,
        now: datetime,
        cursor: datetime | None,
        selected: bool,
        brief: bool,
    ) -> tuple[Line, frozenset[str]]:
        bar, initials = grid.bar(line, scale, faces, now, cursor)
        return (*grid.label(line, faces, now, scale.label, selected=selected, brief=brief), *bar), initials

    def _selected(self, y: int) -> bool:
        return y < len(self.rows) and self.rows[y] == self.index

    def action_row(self, by: int) -> None:
        """Select `by` schedules further down."""
        self.post_message(self.Moved(self.index + by))

    def action_edge(self, index: int) -> None:
        """Select the first (0) or the last (-1) schedule."""
        self.post_message(self.Moved(0 if index == 0 else 1_000_000))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The wheel moves the selection."""
        event.stop()
        self.action_row(1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The wheel moves the selection."""
        event.stop()
        self.action_row(-1)

    def on_click(self, event: Click) -> None:
        """Select the schedule, and the moment under the pointer; a double click opens the shift."""
        event.stop()
        owner = self.rows[event.y] if event.y < len(self.rows) else None
        cell = event.x - self.scale.label
        on_time = 0 <= cell < self.scale.cells and (event.y < HEAD or self._is_bar(event.y))
        at = self.scale.at(cell) + (self.scale.at(1) - self.scale.at(0)) / 2 if on_time else None
        if owner is None and at is None:
            return
        self.post_message(self.Moved(self.index if owner is None else owner, at))
        if event.chain == 2 and owner is not None:
            self.post_message(self.Opened())

    def _is_bar(self, y: int) -> bool:
        return y < len(self.rows) and self.rows[y] is not None and self.rows[y] != self.rows[y - 1]


def _airy(count: int, room: int) -> int:
    """How many rows a schedule takes: with a blank one below it where that takes at most half of `room`."""
    return 3 if HEAD + 3 * count + 1 <= room // 2 else 2


class DeskPanel(Canvas):
    """The shift under the cursor, and below it gaps, swaps, overrides and absences. Its lines answer to the mouse."""

    class Clicked(Message):
        """A line was clicked."""

        def __init__(self, row: DeskRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, id: str | None = None) -> None:
        """Empty until the first view."""
        super().__init__(id=id)
        self._rows: tuple[DeskRow, ...] = ()

    def show_desk(
        self, title: Line, about: Sequence[Line], rows: Sequence[DeskRow], below: Below = lambda _, __: ()
    ) -> None:
        """Show the title, what is under the cursor, as many of the rows as fit, and in the rest what is `below`."""
        width, height = self.size
        if not width or not height:
            return
        head = [rule(title, width), *about][:height]
        room = height - len(head)
        shown = tuple(rows)
        if len(rows) > room:
            fits = max(0, room - 1)
            while 0 < fits < len(rows) and rows[fits].follows and rows[fits].item:
                fits -= 1  # half of what somebody is to answer is not shown
            shown = tuple(rows[:fits])
        if len(shown) < len(rows) and room:
            left = max(1, sum(not row.follows for row in rows[len(shown) :]))
            more = tr("+{count} more: {key} lists them all").format(count=left, key=keycap("oncall.desk"))
            shown = (*shown, DeskRow(fit_line(((f"  {more}", Role.MUTED),), width)))
        left = height - len(head) - len(shown)
        if about and left > _ROOMY:
            head.append(rule(((tr("Desk"), Role.ACCENT),), width))
            left -= 1
        blank = int(left > _TIGHT)
        found = below(width, left - blank)
        rest = [*[()] * blank, *found] if found else []
        self._rows = (*(DeskRow(line) for line in head), *shown, *(DeskRow(line) for line in rest))
        self.show_lines([row.line for row in self._rows])

    def on_click(self, event: Click) -> None:
        """Say what was hit."""
        if event.y < len(self._rows) and (self._rows[event.y].item or self._rows[event.y].gap):
            event.stop()
            self.post_message(self.Clicked(self._rows[event.y]))

    def on_resize(self, event: Resize) -> None:
        """The screen shows it again for the new size."""
        self._strips.clear()
