"""Cells that a widget knows to have changed, straight onto the stage: what ticks every second goes this way.

Textual would have the widget make whole lines, style, filter and cut them, and the stage would find the few cells that
differ. Here only those cells are looked at. It is done where that can show nothing else: on the screen in front, on
cells that nothing covers, with nothing left to be laid out or drawn, and no effect of a style sheet on the widget. In
all other cases `patch` says no, and the widget is refreshed as usual; Textual's picture of it is made anew either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import Compositor
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from warroom.tui.link.cells import cells_of
from warroom.tui.link.output import LinkApp
from warroom.tui.link.pens import of_style
from warroom.tui.palette import Palette, legible, palette_of
from warroom.tui.pieces import Line, Role

Cells = tuple[int, int, int]
"""A line of a widget, its first cell that changed, and one behind the last."""

_FULL: Final = ColorSystem.TRUECOLOR


class Pens:
    """The numbers of the pens of the pieces of one widget, for as long as its colours stay what they are."""

    def __init__(self) -> None:
        """None yet."""
        self._basis: tuple[Palette, Style, Sequence[LineFilter], ColorSystem] | None = None
        self._numbers: dict[tuple[Role, bool], int] = {}

    def follow(self, widget: Widget, ground: Style) -> None:
        """Colours are these now."""
        basis = palette_of(widget.app), ground, widget.get_line_filters(), widget.app.console._color_system or _FULL
        if basis != self._basis:
            self._basis, self._numbers = basis, {}
            self._background = widget.background_colors[1] if basis[2] else None

    def number(self, role: Role, *, selected: bool) -> int:
        """The pen of a role."""
        found = self._numbers.get((role, selected))
        if found is None:
            assert self._basis is not None
            palette, ground, filters, system = self._basis
            strip = Strip([Segment("x", ground + palette.style(role, selected=selected))], 1)
            for each in filters:
                assert self._background is not None
                strip = strip.apply_filter(each, self._background)
            found = self._numbers[role, selected] = of_style(next(iter(strip)).style, system)
        return found


class Fronts:
    """What stands in front of a widget of one screen, for as long as the layout stays what it is."""

    def __init__(self) -> None:
        """Nothing known yet."""
        self._layout: Mapping[Widget, tuple[Region, Region]] | None = None
        self._known: tuple[Region, Region, tuple[Region, ...]] | None = None

    def place(self, compositor: Compositor, widget: Widget) -> tuple[Region, Region, tuple[Region, ...]] | None:
        """Where a widget is, what of the screen it may draw on, and what is covered of it; None where it is not."""
        layout = compositor.visible_widgets
        if layout is not self._layout:
            self._layout, self._known = layout, None
            if widget in layout:
                region, clip = layout[widget]
                self._known = region, clip, tuple(_before(layout, widget, region))
        return self._known


def _before(layout: Mapping[Widget, tuple[Region, Region]], widget: Widget, region: Region) -> Iterable[Region]:
    for other, (there, clip) in layout.items():  # those in front first
        if other is widget:
            return
        if covered := there.intersection(clip).intersection(region):
            yield covered


class Patcher:
    """Draws the cells of one widget that changed; `ground` gives its background."""

    def __init__(self, widget: Widget, ground: Callable[[Any], Style]) -> None:
        """Nothing drawn yet."""
        self._widget, self._ground = widget, ground
        self._pens, self._fronts = Pens(), Fronts()

    def patch(self, cells: Sequence[Cells], line: Callable[[int], tuple[Line, bool]]) -> bool:
        """Draw these cells; `line` gives a whole line of the widget, in exactly its width, and whether it is on the
        background of the selected row. False, and nothing drawn, where it has to be done by a refresh."""
        widget = self._widget
        app = widget.app
        if not isinstance(app, LinkApp):
            return False
        if not widget.is_attached:
            return False
        screen = widget.screen
        stage = app.open_stage(screen)
        if stage is None:
            return False
        compositor = screen._compositor
        if compositor._dirty_regions or screen._layout_required or styled(widget):
            return False
        if not stage.size == tuple(screen.size) == tuple(compositor.size):  # laid out for another size still
            return False
        place = self._fronts.place(compositor, widget)
        if place is None:
            return False
        region, clip, fronts = place
        shown = [each for each in cells if each[0] < region.height]  # what it has no row for is another widget's place
        for y, first, behind in shown:
            there = Region(region.x + first, region.y + y, behind - first, 1)
            if not clip.contains_region(there) or any(front.overlaps(there) for front in fronts):
                return False
        self._pens.follow(widget, self._ground(widget))
        number, put = self._pens.number, stage.wanted.put
        for y, first, behind in shown:
            pieces, selected = line(y)
            at = 0
            for text, role in pieces:
                end = at + _width(text)
                if end > first:
                    drawn = cells_of(text)
                    left, right = max(first - at, 0), min(behind, end) - at
                    pen = number(legible(text, role), selected=selected)
                    put(region.y + y, region.x + at + left, drawn[left:right], pen)
                at = end
                if at >= behind:
                    break
        widget._styles_cache.set_dirty(*(Region(first, y, behind - first, 1) for y, first, behind in cells))
        app.send_soon()
        return True


def _width(text: str) -> int:
    """How many cells a piece takes; of most it can be seen without cutting them up."""
    return len(text) if text.isascii() and text.isprintable() else len(cells_of(text))


def styled(widget: Widget) -> bool:
    """Whether the style sheet has an effect on what a widget draws, beside its background."""
    styles = widget.styles
    return (
        any(styles.gutter)
        or widget.opacity != 1.0
        or styles.text_opacity != 1.0
        or styles.tint.a > 0
        or any(edge for edge, _ in styles.outline)
        or styles.has_rule("hatch")
    )
