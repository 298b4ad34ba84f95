"""Screens that render no more than the lines that changed, also behind a dialog: the processor's part of a frame.

What of them goes over the line is up to `warroom.tui.link`. This replaces `_render_chops` of Textual's compositor and a
part of `Screen._compositor_refresh`, which are no public interfaces; where Textual is not built as `link.probe`
expects, its own are used.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from textual._compositor import Compositor
from textual.app import App
from textual.events import Event, ScreenResume
from textual.geometry import Region
from textual.screen import UPDATE_PERIOD, ModalScreen, Screen, ScreenResultType
from textual.strip import Strip

from warroom.tui.link.probe import unfit
from warroom.tui.reads import OnlyRead
from warroom.tui.widgets.behind import seen_behind

NEAR = 3
"""Rows that are no more than so many apart are drawn together with those between."""

_Row = tuple[int, list[int]]  # its number, and where its parts begin


class TightCompositor(Compositor):
    """A compositor that renders no more than what is redrawn."""

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        """What Textual would render, but of each widget only the lines that changed, and nothing of one that is hidden
        behind others there: containers are, mostly."""
        chops: list[dict[int, Strip | None]] = [dict.fromkeys(cuts[:-1]) for cuts in self.cuts]
        changed = [y for y in crop.line_range if is_rendered_line(y)]
        for widget, (region, clip) in self.visible_widgets.items():  # those in front first
            seen = region.intersection(clip)
            left, right = seen.column_span
            wanted = []
            for y in changed:
                if seen.y <= y < seen.bottom:
                    cuts = [cut for cut in self.cuts[y] if left <= cut <= right]
                    if any(chops[y][cut] is None for cut in cuts[:-1]):
                        wanted.append((y, cuts))
            if not wanted:
                continue
            for some in _near(wanted):
                top, bottom = some[0][0], some[-1][0] + 1
                strips = widget.render_lines(Region(seen.x - region.x, top - region.y, seen.width, bottom - top))
                for y, cuts in some:
                    parts = strips[y - top].divide([cut - left for cut in cuts[1:]])
                    for cut, part in zip(cuts, parts, strict=False):
                        if chops[y][cut] is None:
                            chops[y][cut] = part
        return cast("Sequence[Mapping[int, Strip]]", chops)


def _near(wanted: Sequence[_Row]) -> list[list[_Row]]:
    """Rows in groups that are asked for at once: of a dialog's ground every row between costs one behind it."""
    groups = [[wanted[0]]]
    for row in wanted[1:]:
        if row[0] - groups[-1][-1][0] <= NEAR:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _compositor() -> Compositor:
    return Compositor() if unfit() else TightCompositor()


def _left_to_the_dialog(screen: Screen[Any]) -> bool:
    """Behind a dialog: have the dialog's screen redraw the changed cells. False where there is no dialog in front.

    Textual also marks the screen behind as dirty each time, so that once all of it was redrawn all of it is redrawn
    with every change: 24 kB a second for a clock that ticks behind a form. And it has the dialog's screen itself
    refresh those cells, which makes that screen forget which of its own widgets have changed in the same frame: what
    a dialog shows first could stay blank. So the cells are marked on it, beside what it has to draw.
    """
    app, dirty = screen.app, screen._compositor._dirty_regions
    if unfit() or screen is app.screen or app.is_inline or screen not in app._background_screens:
        return False
    if dirty:
        front = app.screen
        seen = tuple(filter(None, map(front._compositor.size.region.intersection, dirty)))
        # One that was not laid out yet draws everything when it is.
        if seen and front in front._compositor:
            front._set_dirty(*seen)  # it keeps a picture of what is behind it: that of these cells is old
            front._dirty_widgets.add(front)  # there is something to draw
            front.check_idle()
        dirty.clear()
        screen._dirty_widgets.clear()
    return True


def _draw_once(screen: Screen[Any]) -> None:
    """Where a screen is to be laid out and to be drawn as a whole, draw it once: Textual does so for each."""
    if not unfit() and screen is screen.app.screen and screen._layout_required and screen._repaint_required:
        screen._compositor._dirty_regions.add(screen._compositor.size.region)
        screen._repaint_required = False


def draw_now(screen: Screen[Any]) -> None:
    """Draw what a key has changed at once, and not only when the time for the next picture has come: that would be half
    of the time from the key to the screen. Of keys that come faster than pictures the first is drawn like that."""
    drawn_at, now = getattr(screen, "keyed_at", None), time.monotonic()
    if drawn_at is None or unfit() or not screen.is_running or now - drawn_at < UPDATE_PERIOD:
        return
    screen.keyed_at = now  # type: ignore[attr-defined]
    with screen._context():
        screen._on_timer_update()


def _look_of(app: App[Any]) -> tuple[object, ...]:
    """What the styles of a whole screen depend on."""
    return app.theme, app.classes, app.app_focus, app._css_update_count


class TightScreen(Screen[ScreenResultType]):
    """A screen with tight updates, also where it is seen behind a dialog."""

    def __init__(self) -> None:
        """An empty screen."""
        super().__init__()
        self._ready_for: tuple[object, ...] | None = None  # the look that it was laid out for while nobody saw it
        self._compositor = _compositor()
        self.reading = 0  # what a key of this screen will open is being read: so many times
        self.keyed_at = float("-inf")  # when it was last drawn for a key

    def _compositor_refresh(self) -> None:
        if not _left_to_the_dialog(self):
            super()._compositor_refresh()

    def _on_timer_update(self) -> None:
        _draw_once(self)
        super()._on_timer_update()

    def lay_out_behind(self) -> None:
        """Lay everything out while nobody sees it, for the size that it will have."""
        if self.is_running and not self.is_current and not unfit():
            self._refresh_layout(self.app.size)
            self._layout_required = False
            self._ready_for = _look_of(self.app)

    async def on_event(self, event: Event) -> None:
        """What was styled for the look that is still in force is not styled once more when it is shown."""
        if isinstance(event, ScreenResume):
            if self._ready_for is not None and self._ready_for == _look_of(self.app):
                event.refresh_styles = False
            self._ready_for = None
        await super().on_event(event)
        if isinstance(event, ScreenResume) and self.is_current:
            draw_now(self)  # all that it shows stands, whatever the key that led here still starts


class TightModalScreen(ModalScreen[ScreenResultType]):
    """The same for dialogs. (No subclass of the one above: that would hide the style sheet of `ModalScreen`.)"""

    def __init__(self) -> None:
        """An empty dialog."""
        super().__init__()
        self.only_read = OnlyRead()  # why nothing can be changed from it; set before it is opened
        self._compositor = _compositor()
        self.reading = 0  # what a key of this screen will open is being read: so many times
        self.keyed_at = float("-inf")  # when it was last drawn for a key

    def _compositor_refresh(self) -> None:
        if not _left_to_the_dialog(self):
            super()._compositor_refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of what is behind it."""
        found = seen_behind(self, crop)
        return super().render_lines(crop) if found is None else found

    def titled(self, title: str) -> str:
        """A title of this dialog, which says so where it shows the past or a room that may only be read."""
        return f"{self.only_read.mark} · {title}" if self.only_read.mark else title
