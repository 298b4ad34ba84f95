"""The gap timeline as a widget: keys and mouse move a `Hand`, which lays out what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.events import Click, MouseScrollDown, MouseScrollLeft, MouseScrollRight, MouseScrollUp, Resize
from textual.message import Message

from warroom.tui.pieces import Line, clean
from warroom.tui.timeline import told
from warroom.tui.timeline.hand import Hand
from warroom.tui.timeline.layout import Picture
from warroom.tui.timeline.told import Told
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.info import InfoScreen
from warroom.words import trn


class DotScreen(InfoScreen):
    """What was said at a dot, in full; several one below the other."""

    def __init__(self, channel: str, dots: Sequence[Told]) -> None:
        """The dots of one channel, the chosen one first."""
        super().__init__()
        many = trn("{count} update", "{count} updates", len(dots)).format(count=len(dots))
        self.heading = f"{clean(channel)}, {many}" if len(dots) > 1 else clean(channel)
        self._channel, self._dots = channel, tuple(dots)

    def sheet(self, width: int) -> tuple[Line, ...]:
        """Who, when, whether in time, what."""
        return told.sheet(self._channel, self._dots, width)


class HandActions:
    """What keys do with a timeline. Whoever has it gives `hand`, `moment()` and `drawn()`, and draws in `moved()`."""

    hand: Hand | None

    def moment(self) -> datetime | None:
        """Now, as it is shown; None before there is anything."""
        raise NotImplementedError

    def drawn(self) -> Picture | None:
        """What was laid out last."""
        raise NotImplementedError

    def moved(self) -> None:
        """The hand moved: draw again."""
        raise NotImplementedError

    def open_dots(self, channel: str, dots: tuple[Told, ...]) -> None:
        """Somebody wants to read these."""
        raise NotImplementedError

    def action_zoom(self, by: int) -> None:
        """Closer (1) or farther (-1)."""
        if self.hand is not None and (now := self.moment()) is not None:
            self.hand.zoom(by, now)
            self.moved()

    def action_pan(self, by: int) -> None:
        """Later or earlier, in eighths of what is seen."""
        if self.hand is not None and (now := self.moment()) is not None:
            self.hand.scroll(by, now)
            self.moved()

    def action_see_all(self) -> None:
        """The whole incident."""
        if self.hand is not None:
            self.hand.see_all()
            self.moved()

    def action_follow(self) -> None:
        """Now, and on with the time."""
        if self.hand is not None:
            self.hand.follow()
            self.moved()

    def action_dot(self, by: int) -> None:
        """The next dot, or the one before."""
        if self.hand is not None and (now := self.moment()) is not None:
            self.hand.step(by, now)
            self.moved()

    def action_lane(self, by: int) -> None:
        """The channel below, or above."""
        if self.hand is not None and (now := self.moment()) is not None:
            self.hand.change_lane(by, now)
            self.moved()

    def action_gap(self, by: int) -> None:
        """The largest gap, then the next one of the ranking."""
        if self.hand is not None and (now := self.moment()) is not None:
            self.hand.jump(by, now)
            self.moved()

    def action_open_dot(self) -> None:
        """Read what the cursor stands on."""
        picture, now = self.drawn(), self.moment()
        if self.hand is None or picture is None or now is None:
            return
        if self.hand.cursor is None:
            self.action_dot(0)
            return
        chosen, dots = self.hand.chosen, self.hand.under(now, picture.frame)
        if chosen is not None and dots:
            self.open_dots(chosen[0], dots)

    def clicked(self, x: int, y: int) -> None:
        """A place in the picture was hit: the cursor goes to the nearest dot, and where there is one it is opened."""
        picture, now = self.drawn(), self.moment()
        hit = picture.hit(x, y) if picture is not None else None
        if self.hand is None or picture is None or now is None or hit is None:
            return
        dots = self.hand.choose(*hit, now, picture.frame)
        self.moved()
        if dots:
            self.open_dots(self.hand.chart.tracks[hit[0]].lane.channel, dots)

    def wheeled(self, x: int, by: int, *, sideways: bool) -> None:
        """A step of the wheel: closer or farther around the column of the pointer, or earlier and later."""
        picture, now = self.drawn(), self.moment()
        if self.hand is None or picture is None or now is None:
            return
        if sideways:
            self.action_pan(-by)
            return
        frame = picture.frame
        self.hand.zoom(by, now, frame.scale.middle(min(max(x - frame.left, 0), frame.cells - 1)))
        self.moved()


class TimelinePane(HandActions, Canvas, can_focus=True):
    """A timeline that fills its box; keys are its screen's. Wheel: closer and farther, around the pointer; with shift
    or to the side: earlier and later. A click on a dot opens it."""

    class Moved(Message):
        """The person looks at another part of it, or at another dot."""

    def __init__(self, *, id: str | None = None) -> None:
        """Empty until the first `show_hand`."""
        super().__init__(id=id)
        self.hand: Hand | None = None
        self._now: datetime | None = None
        self._picture: Picture | None = None

    def show_hand(self, hand: Hand, now: datetime) -> None:
        """Show what this hand holds, at this second."""
        self.hand, self._now = hand, now
        self.draw()

    def draw(self) -> None:
        """Lay out for the size that there is."""
        width, height = self.size
        if self.hand is None or self._now is None or not width or not height:
            return
        self._picture = self.hand.picture(self._now, width, height)
        self.show_lines(self._picture.rows)

    def on_resize(self, event: Resize) -> None:
        """Lay out again."""
        self.draw()

    def moment(self) -> datetime | None:
        """Now, as it is shown."""
        return self._now

    def drawn(self) -> Picture | None:
        """What was laid out last."""
        return self._picture

    def moved(self) -> None:
        """Draw, and say so."""
        self.draw()
        self.post_message(self.Moved())

    def open_dots(self, channel: str, dots: tuple[Told, ...]) -> None:
        """Show them in full."""
        self.app.push_screen(DotScreen(channel, dots))

    # ---- the mouse

    def on_click(self, event: Click) -> None:
        """Open the dot that was hit; beside one, put the cursor on the nearest."""
        event.stop()
        self.clicked(event.x, event.y)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Closer; with shift or ctrl earlier."""
        event.stop()
        self.wheeled(event.x, 1, sideways=event.shift or event.ctrl)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Farther; with shift or ctrl later."""
        event.stop()
        self.wheeled(event.x, -1, sideways=event.shift or event.ctrl)

    def on_mouse_scroll_left(self, event: MouseScrollLeft) -> None:
        """Earlier."""
        event.stop()
        self.action_pan(-1)

    def on_mouse_scroll_right(self, event: MouseScrollRight) -> None:
        """Later."""
        event.stop()
        self.action_pan(1)
