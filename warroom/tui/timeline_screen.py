"""The gap timeline at full size: the picture, the gaps in order of their weight, and what was said at the cursor.

The screen is told what to show (`show`) and asks `source` with every second what there is, so that it follows the
incident without reading anything itself. In the past, too, it shows what it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Click, Resize
from textual.message import Message

from warroom.domain.text import cell_width
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.keycap import keycap
from warroom.tui.actions.situation import intent_of, of_detail
from warroom.tui.actions.table import BY_ID
from warroom.tui.actions.why import Situation, why_not
from warroom.tui.heading import clock_end
from warroom.tui.held import Held, KeepsUp
from warroom.tui.horizon import watched
from warroom.tui.keys import Intent
from warroom.tui.pieces import Line, Role, cut_line, fit_line, line_width, plain, rule
from warroom.tui.timeline import ASCII, UNICODE, Glyphs, headline
from warroom.tui.timeline.hand import Hand
from warroom.tui.timeline.layout import TEETH, TEETH_MOST, Picture
from warroom.tui.timeline.ranking import gap_rows
from warroom.tui.timeline.text import stretch, title
from warroom.tui.timeline.told import Told, brief, newest, sheet
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.keyed import KeyedScreen
from warroom.tui.widgets.lined import Ground
from warroom.tui.widgets.lines import BothEnds, KeyBar
from warroom.tui.widgets.timeline import DotScreen, HandActions, TimelinePane
from warroom.views import IncidentDetail
from warroom.words import tr

Source = Callable[[], tuple[IncidentDetail, datetime] | None]
"""Gives the incident as it is to be shown, and when that is; None while there is nothing newer."""

_BESIDE, _GAPS, _PROSE = 44, (64, 96, 8), 100
"""What was said stands beside the gaps where they leave it so many cells; they take from so many to so many, in steps
of some, so that a figure that grows moves nothing. Its lines are no longer than that."""
_FEW = 2  # channels that may be drawn twice as high as more of them
_LEAST_ROWS, _SAID_ROWS, _SAID_MOST, _LISTED = 4, 2, 8, 6


class _Lines(Canvas):
    """Rows that somebody else lays out; says which one was clicked."""

    class Chosen(Message):
        """A row was clicked."""

        def __init__(self, lines: _Lines, row: int) -> None:
            super().__init__()
            self.lines_widget = lines
            self.row = row

        @property
        def control(self) -> _Lines:
            return self.lines_widget

    def on_click(self, event: Click) -> None:
        event.stop()
        self.post_message(self.Chosen(self, event.y))


class TimelineScreen(HandActions, KeepsUp, KeyedScreen[None]):
    """Everything that was told to anybody, and every silence between. Drawing follows `show` at once."""

    CSS = """
    TimelineScreen { layout: vertical; background: $background; overflow: hidden; }
    TimelineScreen #timeline-head, TimelineScreen #keys { background: $panel; }
    TimelineScreen #pane, TimelineScreen #gaps, TimelineScreen #said { width: 1fr; height: 1; }
    TimelineScreen #pane { margin: 0 1; }
    TimelineScreen #under { layout: vertical; width: 100%; height: 1fr; }
    TimelineScreen #under.-beside { layout: horizontal; }
    """
    AUTO_FOCUS = "#pane"

    scope = "timeline"
    BINDINGS: ClassVar[list[BindingType]] = bindings("timeline")

    def __init__(
        self,
        detail: IncidentDetail,
        now: datetime,
        me: str,
        source: Source,
        *,
        glyphs: Glyphs = UNICODE,
        readonly: bool = False,
    ) -> None:
        """The timeline of `detail` at `now`."""
        super().__init__()
        self.hand: Hand = Hand(detail.timeline, glyphs)
        self._detail, self._now, self._me = detail, now, me
        self._source, self._readonly = source, readonly
        self._held = Held()
        self._first = 0  # the first gap that the list shows

    # ---- composition

    def compose(self) -> ComposeResult:
        """Head, stretch, picture, gaps, what was said, keys."""
        yield BothEnds(id="timeline-head")
        yield BothEnds(id="timeline-stretch")
        yield TimelinePane(id="pane")
        with Ground(id="under"):
            yield _Lines(id="gaps")
            yield _Lines(id="said")
        yield KeyBar(id="keys")

    def begin(self) -> None:
        """Show what was given, and follow it."""
        # Where there is room for it the sawtooth says at a glance which channel was silent too long, and how often.
        lanes = len(self.hand.chart.tracks)
        self.hand.sawtooth = self.app.size.height - 3 - _SAID_ROWS - _LISTED >= 2 + lanes * (TEETH + 1)
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """Divide the screen again."""
        self._draw()

    # ---- what is told to the screen

    @property
    def detail(self) -> IncidentDetail:
        """What is shown."""
        return self._detail

    def show(self, detail: IncidentDetail, now: datetime) -> None:
        """Show the incident as it is now; window and cursor stay."""
        self._detail, self._now = detail, now
        self.hand.show(detail.timeline)
        self._draw()

    def keep_up(self) -> None:
        """Draw what the clock, or somebody, has changed."""
        found = self._source()
        if found is not None and self._ready:
            detail, now = found
            if detail is self._detail and self._held.holds(now, *self._about(now)):
                self._now = now
            else:
                self.show(detail, now)

    def _about(self, now: datetime) -> tuple[object, ...]:
        """What stands beside the figures: the stretch that is seen, which moves with the time as it is zoomed; sizes,
        which the parts get a little later than the screen."""
        window, whole = self.hand.window(now), self.hand.whole(now)
        share = int(100 * (window.span / whole.span)) if window != whole else 100
        return stretch(window, now, self.hand.glyphs), share, self.app.size, self.pane.size

    # ---- drawing

    @property
    def pane(self) -> TimelinePane:
        """The picture."""
        return self.query_one("#pane", TimelinePane)

    def _draw(self) -> None:
        if self._ready:
            now = self._now
            with self._held.laying_out(now, lambda: self._about(now)):
                with watched() as found:
                    self._draw_below()
                self._draw_head(clock_end(now, self._me, self.app.size.width, seconds=found.by_second))

    def _draw_head(self, end: Line) -> None:
        detail, width = self._detail, self.app.size.width
        past = f" {tr('PAST')} " if detail.past is not None else ""
        for name in (f" {tr('Timeline')}  ", " "):  # which incident it is is more than what is told of it
            head: Line = ((name, Role.STRONG), (past, Role.NOTICE), (" " if past else "", Role.TEXT))
            about = title(detail.line, width - line_width(head) - line_width(end) - 1)
            if not plain(about).endswith("…"):
                break
        self.query_one("#timeline-head", BothEnds).show_ends((*head, *about), end)

    def _draw_below(self) -> None:
        width, height = self.app.size
        now, hand = self._now, self.hand
        self._say_stretch(width)
        gaps = hand.chart.ranked(now)
        room = height - 3
        said = _SAID_ROWS if room >= 18 else 1
        listed = min(len(gaps), 3) + 1 if room >= 10 else 0
        lanes = max(1, len(hand.chart.tracks))
        spare = (room - said - 2 - min(len(gaps), 2 * _LISTED)) // lanes - 1
        teeth = min(max(spare, TEETH), TEETH_MOST * (2 if lanes <= _FEW else 1))
        wanted = 2 + lanes * (teeth + 1 if hand.sawtooth else 2)
        rows = min(max(wanted, _LEAST_ROWS), max(_LEAST_ROWS, room - said - listed))
        rows = rows if hand.chart.tracks else _LEAST_ROWS
        left = room - rows - said
        spare = left - len(gaps) - 1
        listing = self._gaps_width(width)
        beside = width - listing - 2 >= _BESIDE and left > 0
        if beside:
            said = left = left + said
        elif spare > 0 and said > 1:
            said, left = said + min(spare, _SAID_MOST - said), left - min(spare, _SAID_MOST - said)
        listing = listing if beside else width
        self.pane.styles.height = rows
        self.query_one("#under").set_class(beside, "-beside")
        lines, words = self.query_one("#gaps"), self.query_one("#said")
        lines.styles.height, lines.styles.width = max(0, left), listing + 2 * beside
        lines.display = left > 0
        words.styles.height = said
        self.pane.show_hand(hand, now)
        self._list_gaps(listing, left)
        self._say_said(width - listing - 2 if beside else width, said)

    def _gaps_width(self, width: int) -> int:
        """How many cells the list of gaps takes with all that it has to say."""
        least, most, step = _GAPS
        found = self.hand.chart.ranked(self._now)
        rows, _ = gap_rows(found, self._now, width, len(found), glyphs=self.hand.glyphs)
        taken = max((cell_width(plain(row).rstrip()) for row in rows), default=0)
        return min(max(least, -(-taken // step) * step), most)

    def _say_stretch(self, width: int) -> None:
        hand, now = self.hand, self._now
        window, whole = hand.window(now), hand.whole(now)
        where = tr("whole incident")
        if window != whole:
            follows = hand.lens.follows and self._detail.timeline.end is None
            words = tr("{share} % of it, follows now") if follows else tr("{share} % of it")
            where = words.format(share=int(100 * (window.span / whole.span)))
        shown = ((f" {stretch(window, now, hand.glyphs)}  ", Role.TEXT), (where, Role.MUTED))
        largest: Line = ((f"{headline(self._detail.timeline, now)} ", Role.MUTED),)
        fits = line_width(shown) + line_width(largest) < width
        self.query_one("#timeline-stretch", BothEnds).show_ends(shown, largest if fits else ())

    def _list_gaps(self, width: int, height: int) -> None:
        if height <= 0:
            return
        hand, now = self.hand, self._now
        found = hand.chart.ranked(now)
        chosen = hand.gap(now)
        rows, self._first = gap_rows(found, now, width, height - 1, glyphs=hand.glyphs, chosen=chosen)
        last = self._first + len(rows)
        note = ""
        if len(found) > len(rows):
            note = tr("{first}–{last} of {total}").format(first=self._first + 1, last=last, total=len(found))
        over: Line = ((tr("Gaps"), Role.ACCENT), (f", {tr('the gravest first')}", Role.MUTED))
        head = rule(over, width, ((note, Role.MUTED),))
        self.query_one("#gaps", _Lines).show_lines((head, *rows))

    def _say_said(self, width: int, height: int) -> None:
        picture = self.pane.drawn()
        chosen = self.hand.chosen
        hints = (
            tr("{key}: step through what was said").format(key=keycap("timeline.next-dot")),
            tr("{key}: read it").format(key=keycap("timeline.open")),
        )
        line: Line = ((f" {hints[0]}", Role.MUTED), (f"   {hints[1]}", Role.MUTED))
        line = line if line_width(line) <= width else line[:1]
        silent = not any(track.dots for track in self.hand.chart.tracks)
        if silent:
            line = ((f" {tr('nothing was said here yet')}", Role.MUTED),)
        if chosen is not None and picture is not None:
            line = ((" ", Role.TEXT), *brief(chosen[0], self.hand.under(self._now, picture.frame)))
        latest = chosen is None and width < self.app.size.width
        over = tr("Said last") if latest else tr("At the cursor")
        rows: list[Line] = [rule(((over, Role.ACCENT),), width)] if height > 1 else []
        if chosen is not None and picture is not None and height > _SAID_ROWS:
            told = sheet(chosen[0], self.hand.under(self._now, picture.frame), width - 2)
            rows += [((" ", Role.TEXT), *each) for each in told[: height - 1]]
        elif latest:
            told = newest(self.hand.chart, self._now, min(width, _PROSE) - 2, height - 3)
            rows += [((" ", Role.TEXT), *each) for each in told]
            rows += [(), line] if told else [line]
        else:
            rows.append(line)
        rows = [fit_line(cut_line(row, width), width) for row in rows]
        self.query_one("#said", _Lines).show_lines(rows)

    # ---- what the person does

    def moment(self) -> datetime | None:
        """Now, as it is shown."""
        return self._now

    def drawn(self) -> Picture | None:
        """The picture as it was laid out last."""
        return self.pane.drawn()

    def moved(self) -> None:
        """Draw all parts."""
        self._draw()

    def open_dots(self, channel: str, dots: tuple[Told, ...]) -> None:
        """Show them in full."""
        self.app.push_screen(DotScreen(channel, dots))

    @on(TimelinePane.Moved)
    def _pane_moved(self, event: TimelinePane.Moved) -> None:
        event.stop()
        self._draw()

    @on(_Lines.Chosen, "#gaps")
    def _gap_chosen(self, event: _Lines.Chosen) -> None:
        event.stop()
        if event.row > 0:
            self.hand.jump_to(self._first + event.row - 1, self._now)
            self._draw()

    @on(_Lines.Chosen, "#said")
    def _said_chosen(self, event: _Lines.Chosen) -> None:
        event.stop()
        self.action_open_dot()

    def action_start(self) -> None:
        """To the beginning, as close as before."""
        self.hand.scroll(-1_000_000, self._now)
        self._draw()

    def action_turn(self) -> None:
        """The other view of the same."""
        self.hand.sawtooth = not self.hand.sawtooth
        self._draw()

    def action_plain(self) -> None:
        """The other set of characters."""
        self.hand.glyphs = UNICODE if self.hand.glyphs is ASCII else ASCII
        self._draw()

    def why_not(self, id: str) -> str:
        """Why something is not possible with this incident."""
        place = self.place_of(BY_ID[id])
        name = intent_of(place.does) if place is not None else ""
        return why_not(name, self._situation()) if name else ""

    def _situation(self) -> Situation:
        return of_detail(self._detail, self._me, self._now, readonly=self._readonly)

    def action_intent(self, action: str) -> None:
        """Say what the person wants of the incident."""
        if why := why_not(action, self._situation()):
            self.say_why(why)
        else:
            self.post_message(Intent(action, self._detail.line))

    def action_leave(self) -> None:
        """Leave the cursor first, then the screen."""
        if self.hand.cursor is not None or self.hand.gap(self._now) is not None:
            self.hand.leave_dot()
            self._draw()
        else:
            self.dismiss(None)
