"""An update as each of its channels will show it, whole (R10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import BindingType

from warroom.domain.text import wrap
from warroom.tui.actions.bind import bindings
from warroom.tui.composer_parts import Source, Written, preview_lines
from warroom.tui.pieces import Line, Role, clean
from warroom.tui.widgets.info import InfoScreen
from warroom.words import mark


class PreviewScreen(InfoScreen):
    """The update as each of its channels will show it, whole."""

    heading = mark("As each channel shows it")

    scope = "preview"
    BINDINGS: ClassVar[list[BindingType]] = bindings("preview")

    def __init__(self, source: Source, written: Written) -> None:
        super().__init__()
        self._source, self._written = source, written

    def sheet(self, width: int) -> tuple[Line, ...]:
        """Every channel in full, and where it goes from there."""
        return (*preview_lines(self._source, self._written, width, 10_000), (), *self._goes(width))

    def _goes(self, width: int) -> Iterator[Line]:
        """Where it goes from each channel; those from which it goes the same way stand together."""
        ways: dict[str, list[str]] = {}
        for each in self._source.view.channels:
            if each.name in self._written.channels:
                ways.setdefault(clean(each.goes), []).append(clean(each.name))
        for way, names in ways.items():
            for n, part in enumerate(wrap(f"{', '.join(names)}: {way}", max(20, width - 2))):
                yield ((part if not n else f"  {part}", Role.MUTED),)
