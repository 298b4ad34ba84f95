"""Screens that only tell: the keys, and who keeps the timers going."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import Input

from warroom.domain.text import cell_width
from warroom.tui.actions.bind import bindings
from warroom.tui.clockface import age
from warroom.tui.heading import LAG
from warroom.tui.pieces import Line, Role, clean, fit_line, fitted, hanging
from warroom.tui.widgets.acting import Acting
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.help import HelpGroup, HelpLine
from warroom.tui.widgets.hints import Hints
from warroom.tui.widgets.tight import TightModalScreen
from warroom.views import EngineLine
from warroom.words import mark, tr, trn


class _Sheet(Canvas):
    """Lines as they are."""

    def show_sheet(self, lines: Sequence[Line], marked: range) -> None:
        self.styles.height = max(1, len(lines))
        self.show_lines(lines, marked)


class InfoScreen(Acting, TightModalScreen[None]):
    """A titled box that scrolls and closes on escape, enter or q."""

    CSS_PATH = Path(__file__).with_name("info.tcss")
    AUTO_FOCUS = "#info-scroll"

    scope = "info"
    BINDINGS: ClassVar[list[BindingType]] = bindings("info")

    heading = ""

    def compose(self) -> ComposeResult:
        """The sheet in its box."""
        with Vertical(id="info") as box:
            box.border_title = Content(clean(tr(self.heading)))
            with VerticalScroll(id="info-scroll"):
                yield _Sheet(id="sheet")
            yield Hints(Content.assemble(("esc", "bold"), f" {tr('close')}"), id="info-keys")

    def on_mount(self) -> None:
        """Draw."""
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """Draw for the new size."""
        self._draw()

    def _draw(self) -> None:
        scroll = self.query_one("#info-scroll")
        scroll.styles.max_height = max(3, self.app.size.height - 3)
        width = min(96, self.app.size.width) - 6  # frame, padding, scrollbar, and a gap before it
        self.query_one(_Sheet).show_sheet(self.sheet(width), self.marked_rows)

    def sheet(self, width: int) -> tuple[Line, ...]:
        """The lines to show."""
        raise NotImplementedError

    @property
    def marked_rows(self) -> range:
        """Which of the lines are those of the marked item, where one is marked; asked for after `sheet`."""
        return range(0)

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one("#info-scroll").scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Scroll by pages, with a line of the one before left in sight."""
        scroll = self.query_one("#info-scroll")
        scroll.scroll_relative(y=by * max(1, scroll.size.height - 1), animate=False)

    def action_edge(self, edge: int) -> None:
        """Scroll to the top (0) or to the end (-1)."""
        scroll = self.query_one("#info-scroll")
        scroll.scroll_to(y=scroll.max_scroll_y if edge else 0, animate=False)


_NARROW = 70  # cells, below which a column of keys must not be wider than its own group needs


class HelpScreen(InfoScreen):
    """Every key that works, from the table of actions; what is not possible now is faint, with the reason. A search
    leaves only what has the typed words."""

    heading = mark("Keys")

    DEFAULT_CSS = "HelpScreen #help-search { dock: bottom; height: 1; background: $panel; }"
    scope = "help"
    BINDINGS: ClassVar[list[BindingType]] = bindings("help")

    def __init__(self, groups: Sequence[HelpGroup]) -> None:
        """`groups` as `help_groups` makes them."""
        super().__init__()
        self._groups = tuple(groups)
        self._words: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """The sheet, and the line of the search, which is not there before it is asked for."""
        yield from super().compose()
        line = Input(id="help-search", placeholder=tr("search: enter keeps, esc closes"), compact=True)
        line.display = False
        yield line

    def on_mount(self) -> None:
        """Draw, and say what can be done."""
        super().on_mount()
        keys = (("esc", tr("close")), ("/", tr("search")))
        said = Content("   ").join(Content.assemble((key, "bold"), f" {words}") for key, words in keys)
        self.query_one("#info-keys", Hints).update(said)

    def action_search(self) -> None:
        """Type what is looked for."""
        line = self.query_one("#help-search", Input)
        line.display = True
        line.focus()

    @on(Input.Changed, "#help-search")
    def _searched(self, event: Input.Changed) -> None:
        event.stop()
        self._words = tuple(event.value.casefold().split())
        self._draw()

    @on(Input.Submitted, "#help-search")
    def _search_done(self, event: Input.Submitted) -> None:
        event.stop()
        event.input.display = bool(self._words)
        self.query_one("#info-scroll").focus()

    def _shown(self) -> list[tuple[str, list[HelpLine]]]:
        """What the search leaves, by its title."""

        def has(line: HelpLine) -> bool:
            text = f"{' '.join(line.keys)} {line.text} {line.why}".casefold()
            return all(word in text for word in self._words)

        found = [(group.title, [line for line in group.lines if has(line)]) for group in self._groups]
        return [(title, lines) for title, lines in found if lines]

    def sheet(self, width: int) -> tuple[Line, ...]:
        """Keys and what they do, group by group."""
        groups = self._shown()
        if not groups:
            return (((tr("no key does anything like that"), Role.MUTED),),)
        every = [line for group in self._groups for line in group.lines]
        lines: list[Line] = []
        for title, group in groups:
            # One column for all; on a narrow screen every group has its own, so that a key's letter takes no more.
            keys = max(cell_width(_keys(line.keys)) for line in (group if width < _NARROW else every))
            keys = min(keys, max(8, width // 4))
            if lines:
                lines.append(())
            lines.append(((title, Role.STRONG),))
            for line in group:
                front = ((f" {fitted(_keys(line.keys), keys)}  ", Role.FAINT if line.why else Role.ACCENT),)
                lines.extend(hanging(front, clean(line.text), Role.FAINT if line.why else Role.TEXT, width))
                if line.why:
                    lines.extend(hanging(((" " * (keys + 3), Role.FAINT),), f"✗ {clean(line.why)}", Role.SOON, width))
        return tuple(fit_line(line, width) for line in lines)


def _keys(keys: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(keys))


class EngineScreen(InfoScreen):
    """Who keeps the timers going: sign of life, lag, what is wrong."""

    heading = mark("Engines")

    def __init__(self, engines: Sequence[EngineLine], now: datetime) -> None:
        """The engines as of `now`; `show` brings newer ones."""
        super().__init__()
        self._engines, self._now = tuple(engines), now

    def show(self, engines: Sequence[EngineLine], now: datetime) -> None:
        """Show these engines at this second."""
        self._engines, self._now = tuple(engines), now
        if self.is_mounted:
            self._draw()

    def sheet(self, width: int) -> tuple[Line, ...]:
        """A row per engine, the living first."""
        alive = [engine for engine in self._engines if engine.alive]
        if alive:
            kept = trn("{count} engine keeps the timers going", "{count} engines keep the timers going", len(alive))
            first: Line = (("● ", Role.OK), (kept.format(count=len(alive)), Role.TEXT))
        else:
            nothing = tr("nothing fires until one is started: warroom engine")
            first = ((f" {tr('NO ENGINE')} ", Role.ALARM), (f" {nothing}", Role.LATE))
        lines: list[Line] = [first, ()]
        name = min(
            max((cell_width(clean(engine.name)) for engine in self._engines), default=4) + 5, max(10, width - 44)
        )
        head = f"  {fitted(tr('ENGINE'), name)}  {_right('PID', 7)}  {fitted(tr('KIND'), 8)}"
        lines.append(((f"{head}  {_right(tr('SEEN'), 8)}  {_right(tr('LAG'), 8)}", Role.MUTED),))
        lines.extend(
            self._row(engine, name)
            for engine in sorted(self._engines, key=lambda engine: (not engine.alive, not engine.me, engine.name))
        )
        return tuple(fit_line(line, width) for line in lines)

    def _row(self, engine: EngineLine, name: int) -> Line:
        text = Role.TEXT if engine.alive else Role.MUTED
        seen = f"{max(0, int((self._now - engine.seen_at).total_seconds()))}s"
        if self._now - engine.seen_at >= timedelta(minutes=2):
            seen = age(engine.seen_at, self._now)
        return (
            ("● " if engine.alive else "· ", Role.OK if engine.alive else Role.MUTED),
            (fitted(clean(engine.name) + (f" ({tr('me')})" if engine.me else ""), name), text),
            (f"  {engine.pid:>7}  {fitted(tr(engine.kind), 8)}  {seen:>8}", text),
            (f"  {_lag(engine.lag):>8}", Role.SOON if engine.alive and engine.lag > LAG else text),
            (f"  {clean(engine.note)}" if engine.note else "", Role.SOON),
        )


_KINDS = (mark("engine"), mark("board"))
"""What a process that keeps the timers going is."""


def _right(text: str, width: int) -> str:
    return " " * max(0, width - cell_width(text)) + text


def _lag(lag: timedelta) -> str:
    seconds = lag.total_seconds()
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
