"""Widgets that keep their lines themselves, and what stands beside and behind these: bars and empty ground."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.containers import Container
from textual.filter import ANSIToTruecolor
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip
from textual.widget import Widget

from warroom.tui.link.patch import styled
from warroom.tui.link.probe import unfit
from warroom.tui.palette import Depth, Palette, depth_of, legible, underlined
from warroom.tui.pieces import Line, line_width


def strip_of(line: Line, palette: Palette, ground: Style, *, selected: bool = False, width: int | None = None) -> Strip:
    """A line as Textual draws it; `ground` is the background of its widget, `width` how many cells it has, if known."""
    if palette.depth is Depth.NONE:
        line = tuple(underlined(line))
    return Strip(
        [Segment(text, palette.style_on(ground, legible(text, role), selected=selected)) for text, role in line],
        line_width(line) if width is None else width,
    )


def ground_of(widget: Widget) -> Style:
    """The background that a widget draws on; none where the terminal's own is to shine through."""
    known = getattr(widget, "ground_now", None)
    if isinstance(known, Style):
        return known
    if depth_of(widget.app) in (Depth.ANSI, Depth.NONE):
        return _NO_GROUND
    _, color = widget.background_colors
    return _ground(*color.rgb)


_NO_GROUND: Final = Style()


@lru_cache(maxsize=256)
def _ground(red: int, green: int, blue: int) -> Style:
    """One and the same for one colour, so that what stands on it is found fast."""
    return Style(bgcolor=Color.from_rgb(red, green, blue))


class Lined(Widget):
    """A widget that keeps its lines itself, each as wide as it is. They go onto the screen as they are: where no style
    sheet has an effect on them, Textual's way of putting a border and padding around each takes most of drawing."""

    ground_now: Style | None = None
    """What it draws on, while it draws."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of it."""
        if styled(self):
            return super().render_lines(crop)
        width = self.size.width
        self.ground_now = ground = ground_of(self)
        try:
            strips = [self.render_line(y).adjust_cell_length(width, ground) for y in crop.line_range]
        finally:
            self.ground_now = None
        filters = self.get_line_filters()
        if depth_of(self.app) is Depth.FULL:  # of the terminal's own colours there are none then
            filters = [each for each in filters if not isinstance(each, ANSIToTruecolor)]
        if filters:
            _, background = self.background_colors
            for each in filters:
                strips = [strip.apply_filter(each, background) for strip in strips]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips


class Ground(Lined, Container):
    """A container of which nothing is seen but what its parts leave free."""

    def render_line(self, y: int) -> Strip:
        """Nothing."""
        return Strip.blank(self.size.width, ground_of(self))


class SideBar(Lined, ScrollBar):
    """Textual's bar, whose cells are looked up once and not put together anew for each line of each picture."""

    _made: tuple[tuple[object, ...], list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of it."""
        if self._colours() is None:
            return ScrollBar.render_lines(self, crop)
        return super().render_lines(crop)

    def _colours(self) -> tuple[ScrollBarRender, Color, Color] | None:
        """What Textual would draw, on which ground and in which colour; None where that is not as expected."""
        bar = self.render()
        if not isinstance(bar, ScrollBarRender) or not isinstance(bar.style, Style):
            return None
        ground, colour = bar.style.bgcolor, bar.style.color
        return None if ground is None or colour is None else (bar, ground, colour)

    def render_line(self, y: int) -> Strip:
        """One cell of it, or as many as it is thick."""
        found = self._colours()
        assert found is not None
        bar, ground, colour = found
        under = ground_of(self)
        about = self.size, bar.virtual_size, bar.window_size, bar.position, ground, colour, under
        if self._made is None or self._made[0] != about:
            cells = bar.render_bar(
                size=self.size.height,
                virtual_size=bar.virtual_size,
                window_size=bar.window_size,
                position=bar.position,
                thickness=self.size.width,
                back_color=ground,
                bar_color=colour,
            )
            self._made = about, [Strip([cell], self.size.width).apply_style(under) for cell in cells.segments]
        return self._made[1][y]


class Scrolled(Lined, ScrollView):
    """Lines of which a part is seen at once."""

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The bar at the side."""
        if self._vertical_scrollbar is None and not unfit():
            bar = SideBar(vertical=True, name="vertical", thickness=self.scrollbar_size_vertical)
            bar.display = False
            self._vertical_scrollbar = bar
            self.app._start_widget(self, bar)
        return super().vertical_scrollbar

    def lengthen(self, size: Size) -> None:
        """So many lines, which may be more every few milliseconds: the whole screen is laid out anew only where the bar
        at the side comes or goes, or the widget is as high as its lines."""
        if size == self.virtual_size:
            return
        bar, height = self.show_vertical_scrollbar, self.container_size.height
        stays = bar if self.styles.overflow_y == "scroll" else bar is (size.height > height)
        if not height or not stays or size.width != self.virtual_size.width or self.styles.is_auto_height:
            self.virtual_size = size
            return
        self.set_reactive(Scrolled.virtual_size, size)
        if bar and self.styles.scrollbar_size_vertical:
            self.vertical_scrollbar.window_virtual_size = size.height
        self.scroll_y = self.validate_scroll_y(self.scroll_y)
