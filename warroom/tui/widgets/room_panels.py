"""The panels of the screen of one incident: each can be focused and scrolls, and what is late in it stands out."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp

from warroom.tui import ladder_panel, room_panels, timeline, work
from warroom.tui.actions.bind import bindings
from warroom.tui.composer_parts import waiting_words
from warroom.tui.heading import Tab
from warroom.tui.held import Held
from warroom.tui.pieces import Line, Role, line_width, merged, rule
from warroom.tui.room_panels import PRESSING
from warroom.tui.room_plan import width_of
from warroom.tui.terminal import terminal_glyphs
from warroom.tui.timeline.hand import Hand
from warroom.tui.timeline.layout import Picture
from warroom.tui.timeline.told import Told
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.lines import OneLine
from warroom.tui.widgets.timeline import DotScreen, HandActions
from warroom.views import IncidentDetail
from warroom.words import mark, tr

_WORK_ROWS = 500
_NATURAL = 1  # seen at once, where it is asked how many rows there are: none is spread to fill its place
_WHEEL = 2  # rows that a step of the wheel scrolls
Flag = tuple[str, Role]


def panel_rule(title: str, more: Line, flag: Flag | None, note: Line, width: int, *, focused: bool, past: bool) -> Line:
    """The line over a panel: heavy and in the colour of lateness where something in it is late, with the word beside
    the title; broken where it shows the past."""
    late = flag is not None and flag[1] in PRESSING
    name = Role.LATE if late else Role.ACCENT
    head: list[tuple[str, Role]] = [(f"▸ {title}", Role.TAB) if focused else (title, name)]
    if late and flag is not None:
        head.append((f"  {flag[0]}", Role.LATE))
    line = rule((*head, *more), width, note)
    if past:
        return tuple((text.replace("─", "╌"), role) if role is Role.FRAME else (text, role) for text, role in line)
    if late:
        return merged(
            (text.replace("─", "━"), Role.LATE) if role is Role.FRAME else (text, role) for text, role in line
        )
    return line


class RoomPanel(Canvas, can_focus=True):
    """A part of the screen. `ruled` is off where a strip of tabs stands in for the title."""

    name_: ClassVar[str] = ""
    title: ClassVar[str] = ""
    short: ClassVar[str] = ""

    BINDINGS: ClassVar[list[BindingType]] = bindings("panel")

    def __init__(self, *, id: str | None = None) -> None:
        """An empty panel."""
        super().__init__(id=id)
        self.ruled = True
        self._detail: IncidentDetail | None = None
        self._now: datetime | None = None
        self._at = 0  # the first row that is shown
        self._most = 0
        self._wanted: tuple[tuple[IncidentDetail, int, int, int], int] | None = None
        self._held = Held()

    def show_detail(self, detail: IncidentDetail, now: datetime) -> None:
        """Show this incident as of `now`; where it shows that already, nothing is laid out."""
        self._detail, self._now = detail, now
        if not self._held.holds(now, *self._about()):
            self._draw()

    def _about(self) -> tuple[object, ...]:
        return self._detail, self.size, self.ruled

    def resized(self) -> None:
        """Lay out again for the new size."""
        self._draw()

    def watch_has_focus(self, value: bool) -> None:
        """The title says where keys go."""
        super().watch_has_focus(value)
        self._draw()

    def wanted(self, detail: IncidentDetail, now: datetime, width: int, height: int, seen: int = _NATURAL) -> int:
        """How many rows it would fill on a screen of that size, the rule included: the fewest that tell it, or as many
        as it has a use for where `seen` are seen at once."""
        about = detail, width, height, seen
        if self._wanted is None or self._wanted[0] != about:
            own = width_of(self.name_, width, height)
            self._wanted = about, self.height_of(detail, now, max(20, own - 2), seen) + 1
        return self._wanted[1]

    def _draw(self) -> None:
        width, height = self.size
        if not width or not height or self._now is None or self._detail is None or self.waits:
            return
        with self._held.laying_out(self._now, self._about):
            self._lay_out(self._detail, self._now, width, height)

    def _lay_out(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> None:
        room = height - 1 if self.ruled else height
        rows = self.rows(detail, now, max(1, width - 2), max(1, room))
        self._most = max(0, len(rows) - room)
        self._at = min(self._at, self._most)
        lines: list[Line] = []
        if self.ruled:
            lines.append(self._rule(detail, now, width, len(rows), room))
        shown = rows[self._at : self._at + room] if room > 0 else ()
        lines.extend(((" ", Role.TEXT), *row) for row in shown)
        self.show_lines(lines)

    def _rule(self, detail: IncidentDetail, now: datetime, width: int, rows: int, room: int) -> Line:
        note = self.note(detail, now)
        if self._most:
            words = tr("{first}–{last} of {total}")
            more = ((words.format(first=self._at + 1, last=self._at + room, total=rows), Role.MUTED),)
            note = (*note, ("  ", Role.FRAME), *more) if note and line_width(note) < width // 2 else more
        flag = self.flag(detail, now)
        return panel_rule(
            tr(self.title), self.more(detail), flag, note, width, focused=self.has_focus, past=detail.past is not None
        )

    # ---- what a kind of panel says

    def rows(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
        """All rows of at most `width` cells; `height` are seen at once."""
        raise NotImplementedError

    def height_of(self, detail: IncidentDetail, now: datetime, width: int, seen: int) -> int:
        """How many rows that are."""
        return len(self.rows(detail, now, width, seen))

    def more(self, detail: IncidentDetail) -> Line:
        """What stands behind the title."""
        return ()

    def note(self, detail: IncidentDetail, now: datetime) -> Line:
        """What stands at the right end of the rule."""
        return ()

    def flag(self, detail: IncidentDetail, now: datetime) -> Flag | None:
        """What burns in it."""
        return room_panels.flag(self.name_, detail, now)

    def tab(self, key: str, detail: IncidentDetail, now: datetime) -> Tab:
        """How it is named in the strip of tabs."""
        flag = self.flag(detail, now)
        return Tab(key, tr(self.short), *flag) if flag else Tab(key, tr(self.short))

    # ---- scrolling

    def action_scroll(self, by: int) -> None:
        """Show other rows."""
        at = min(max(0, self._at + by), self._most)
        if at != self._at:
            self._at = at
            self._draw()

    def action_page(self, direction: int) -> None:
        """Show the rows before or behind these."""
        self.action_scroll(direction * max(1, self.size.height - 2))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The wheel."""
        event.stop()
        self.action_scroll(_WHEEL)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The wheel."""
        event.stop()
        self.action_scroll(-_WHEEL)

    def on_click(self, event: Click) -> None:
        """A click gives it the keys, as Textual does for what can be focused."""
        event.stop()


class RoomRoles(RoomPanel):
    """Who holds which role."""

    name_, title, short = "roles", mark("Roles"), mark("Roles")

    def rows(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
        """One row per role."""
        return room_panels.roles(detail, now, width, height)


class RoomLadder(RoomPanel):
    """The whole ladder, with each page's fate."""

    name_, title, short = "escalation", mark("Escalation"), mark("Pages")

    def more(self, detail: IncidentDetail) -> Line:
        """Policy and revision."""
        return ladder_panel.ladder_title(detail.ladder)

    def rows(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
        """Level by level."""
        return room_panels.ladder(detail, now, width)


class RoomTimeline(HandActions, RoomPanel):
    """The gap timeline, with scroll and zoom."""

    name_, title, short = "communications", mark("Communications"), mark("Comms")

    BINDINGS: ClassVar[list[BindingType]] = bindings("lanes")

    def __init__(self, *, id: str | None = None) -> None:
        """All of it, no dot chosen."""
        super().__init__(id=id)
        self.hand: Hand | None = None
        self._picture: Picture | None = None

    def more(self, detail: IncidentDetail) -> Line:
        """Updates that are not out yet."""
        return waiting_words(detail.proposals, detail.drafts)

    def note(self, detail: IncidentDetail, now: datetime) -> Line:
        """The largest silence."""
        return ((timeline.headline(detail.timeline, now), Role.MUTED),)

    def rows(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
        """Ticks, the incident, a row per channel; where there are too many, the most pressing."""
        if self.hand is None:
            self.hand = Hand(detail.timeline, terminal_glyphs())
        self.hand.show(detail.timeline)
        self.hand.sawtooth = height >= 2 + 3 * len(detail.timeline.lanes)  # where there is room for it
        self._picture = self.hand.picture(now, width, height)
        return self._picture.rows[:height]

    def height_of(self, detail: IncidentDetail, now: datetime, width: int, seen: int) -> int:
        """A row per channel; with the sawtooth where there is room for it."""
        if seen == _NATURAL:
            return timeline.rows_of(detail.timeline, width)
        return super().height_of(detail, now, width, seen)

    def moment(self) -> datetime | None:
        """Now, as it is shown."""
        return self._now

    def drawn(self) -> Picture | None:
        """What was laid out last."""
        return self._picture

    def moved(self) -> None:
        """Draw again."""
        self._draw()

    def open_dots(self, channel: str, dots: tuple[Told, ...]) -> None:
        """Show them in full."""
        self.app.push_screen(DotScreen(channel, dots))

    def on_click(self, event: Click) -> None:
        """Open the dot that was hit; beside one, put the cursor on the nearest."""
        event.stop()
        self.clicked(event.x - 1, event.y - int(self.ruled))

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Closer, or with shift earlier."""
        event.stop()
        self.wheeled(event.x - 1, 1, sideways=event.shift or event.ctrl)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Farther, or with shift later."""
        event.stop()
        self.wheeled(event.x - 1, -1, sideways=event.shift or event.ctrl)


class RoomClocks(RoomPanel):
    """Everything that counts down."""

    name_, title, short = "clocks", mark("Clocks"), mark("Clocks")

    def rows(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
        """A row per deadline."""
        return room_panels.clocks(detail, now, width, height)


class RoomWork(RoomPanel):
    """Theories with their experiments, tasks by workstream, what is to be decided."""

    name_, title, short = "work", mark("Work"), mark("Work")

    def more(self, detail: IncidentDetail) -> Line:
        """How much of it there is."""
        return work.work_title(detail.work)

    def rows(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
        """What is open; where rows are left, what is settled below it."""
        rows = room_panels.natural(work.work(detail.work, now, width, _WORK_ROWS))
        return (*rows, *work.settled(detail.work, now, width, height - len(rows)))


class RoomAbout(RoomPanel):
    """What is known of the incident."""

    name_, title, short = "about", mark("About"), mark("About")

    def rows(self, detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
        """Summary, facts, times, messages."""
        return room_panels.about(detail, now, width)


class RecordRule(OneLine):
    """The line over the record."""

    def __init__(self, *, id: str | None = None) -> None:
        """Of an empty record."""
        super().__init__(id=id)
        self._note: Line = ()
        self._state = False, False

    def say(self, note: Line, *, focused: bool, past: bool) -> None:
        """What stands at its right end, and how it looks."""
        self._note, self._state = note, (focused, past)
        self.draw()

    def compose_line(self, width: int) -> Line:
        """The rule."""
        focused, past = self._state
        return panel_rule(tr("Record"), (), None, self._note, width, focused=focused, past=past)
