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
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import age
from warroom.tui.heading import LAG
from warroom.tui.held import Held, KeepsUp
from warroom.tui.pieces import Line, Role, clean, fit_line, fitted, hanging, line_width
from warroom.tui.widgets.acting import Acting
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.help import HelpGroup, HelpLine
from warroom.tui.widgets.hints import Hints, said_keys
from warroom.tui.widgets.tight import TightModalScreen
from warroom.views import EngineLine
from warroom.words import figure, mark, tr, trn


class _Sheet(Canvas):
    """Lines as they are."""

    def show_sheet(self, lines: Sequence[Line], marked: range) -> None:
        self.styles.height = max(1, len(lines))
        self.show_lines(lines, marked)


class InfoScreen(Acting, KeepsUp, TightModalScreen[None]):
    """A titled box that scrolls and closes on escape, enter or q."""

    CSS_PATH = Path(__file__).with_name("info.tcss")
    AUTO_FOCUS = "#info-scroll"

    scope = "info"
    BINDINGS: ClassVar[list[BindingType]] = bindings("info")

    heading = ""

    def __init__(self) -> None:
        """Nothing drawn yet."""
        super().__init__()
        self._held = Held()

    def compose(self) -> ComposeResult:
        """The sheet in its box."""
        with Vertical(id="info") as box:
            box.border_title = Content(clean(tr(self.heading)))
            with VerticalScroll(id="info-scroll"):
                yield _Sheet(id="sheet")
            yield from self.below()
            yield Hints(self.hints(), id="info-keys")

    def below(self) -> ComposeResult:
        """What stands between the sheet and the keys: nothing, or one row that is hidden at first."""
        return ()

    def hints(self) -> Content:
        """The keys at the foot: what can be done here besides scrolling, and the way out."""
        return said_keys((keycap("go.back", "info"), tr("close")))

    def say_keys(self) -> None:
        """Draw the foot again, if it says something else by now."""
        bar, keys = self.query_one("#info-keys", Hints), self.hints()
        if str(bar.content) != str(keys):
            bar.update(keys)

    def on_mount(self) -> None:
        """Draw."""
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """Draw for the new size."""
        self._draw()

    def moment(self) -> datetime | None:
        """The time by which its figures run on; None where they all stand still."""
        return None

    def about(self) -> tuple[object, ...]:
        """What else it shows, that others may change."""
        return (self.app.size,)

    def keep_up(self) -> None:
        """Draw again what has changed."""
        now = self.moment()
        if now is not None and self.is_mounted and not self._held.holds(now, *self.about()):
            self._draw()

    def _draw(self) -> None:
        now = self.moment()
        if now is None:
            self._lay_out()
        else:
            with self._held.laying_out(now, self.about):
                self._lay_out()

    def _lay_out(self) -> None:
        scroll = self.query_one("#info-scroll")
        below = sum(each.display for each in self.query("#info > Input"))
        scroll.styles.max_height = max(3, self.app.size.height - 3 - below)
        width = min(96, self.app.size.width) - 6  # frame, padding, scrollbar, and a gap before it
        lines = self.sheet(width)
        # A blank line in front of the keys, as forms have it, where that scrolls nothing out of sight.
        self.set_class(len(lines) < self.app.size.height - 3 and bool(lines and lines[-1]), "-roomy")
        self.query_one(_Sheet).show_sheet(lines, self.marked_rows)

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

    DEFAULT_CSS = "HelpScreen #help-search { height: 1; }"
    scope = "help"
    BINDINGS: ClassVar[list[BindingType]] = bindings("help")

    def __init__(self, groups: Sequence[HelpGroup]) -> None:
        """`groups` as `help_groups` makes them."""
        super().__init__()
        self._groups = tuple(groups)
        self._words: tuple[str, ...] = ()

    def below(self) -> ComposeResult:
        """The line of the search, which is not there before it is asked for."""
        does = tr("search: enter keeps, {key} clears").format(key=keycap("go.back", "help"))
        line = Input(id="help-search", placeholder=does, compact=True)
        line.display = False
        yield line

    def hints(self) -> Content:
        """The way out, of the search first, and the search."""
        out = tr("all keys") if self._searching else tr("close")
        return said_keys((keycap("go.back", "help"), out), (keycap("view.filter", "help"), tr("search")))

    @property
    def _searching(self) -> bool:
        return bool(self._words) or any(line.display for line in self.query("#help-search"))

    def action_search(self) -> None:
        """Type what is looked for."""
        line = self.query_one("#help-search", Input)
        line.display = True
        line.focus()
        self._draw()
        self.say_keys()

    def action_back(self) -> None:
        """Out of the search, whatever was typed; else close."""
        if not self._searching:
            self.dismiss(None)
            return
        line = self.query_one("#help-search", Input)
        line.value, line.display, self._words = "", False, ()
        self.query_one("#info-scroll").focus()
        self._draw()
        self.say_keys()

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
        self._draw()
        self.say_keys()

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

    def __init__(self, engines: Sequence[EngineLine], now: datetime, *, starting: bool = False) -> None:
        """The engines as of `now`; `show` brings newer ones. `starting`: one of this process is about to begin."""
        super().__init__()
        self._engines, self._now, self._starting = tuple(engines), now, starting

    def show(self, engines: Sequence[EngineLine], now: datetime, *, starting: bool = False) -> None:
        """Show these engines at this second."""
        self._engines, self._now, self._starting = tuple(engines), now, starting
        if self.is_mounted:
            self._draw()

    def sheet(self, width: int) -> tuple[Line, ...]:
        """A row per engine, the living first."""
        alive = [engine for engine in self._engines if engine.alive]
        if alive:
            kept = trn("{count} engine keeps the timers going", "{count} engines keep the timers going", len(alive))
            first: Line = (("● ", Role.OK), (kept.format(count=len(alive)), Role.TEXT))
        elif self._starting:
            first = (("· ", Role.MUTED), (tr("engine starting"), Role.TEXT))
        else:
            nothing = tr("nothing fires until one is started: warroom engine")
            first = ((f" {tr('NO ENGINE')} ", Role.ALARM), (f" {nothing}", Role.LATE))
        lines: list[Line] = [first, ()]
        name = min(
            max((cell_width(clean(engine.name)) for engine in self._engines), default=4) + 5,
            max(10, width - (35 if width < _NARROW else 44)),
        )
        pid = "" if width < _NARROW else f"  {_right('PID', 7)}"
        head = f"  {fitted(tr('ENGINE'), name)}{pid}  {fitted(tr('KIND'), 8)}"
        lines.append(((f"{head}  {_right(tr('SEEN'), 8)}  {_right(tr('LAG'), 8)}", Role.MUTED),))
        for engine in sorted(self._engines, key=lambda engine: (not engine.alive, not engine.me, engine.name)):
            row, told = self._row(engine, name, width), f"  {clean(engine.note)}"
            if line_width(row) + cell_width(told) <= width:
                lines.append((*row, (told, Role.SOON)))
            else:  # what is wrong is read to its end
                lines += [row, *hanging((("    ", Role.TEXT),), clean(engine.note), Role.SOON, width)]
        return tuple(fit_line(line, width) for line in lines)

    def _row(self, engine: EngineLine, name: int, width: int) -> Line:
        text = Role.TEXT if engine.alive else Role.MUTED
        seen = f"{max(0, int((self._now - engine.seen_at).total_seconds()))}s"
        if self._now - engine.seen_at >= timedelta(minutes=2):
            seen = age(engine.seen_at, self._now)
        return (
            ("● " if engine.alive else "· ", Role.OK if engine.alive else Role.MUTED),
            (fitted(clean(engine.name) + (f" ({tr('me')})" if engine.me else ""), name), text),
            ("" if width < _NARROW else f"  {engine.pid:>7}", text),
            (f"  {fitted(tr(engine.kind), 8)}  {seen:>8}", text),
            (f"  {_lag(engine.lag):>8}", Role.SOON if engine.alive and engine.lag > LAG else text),
        )


_KINDS = (mark("engine"), mark("board"))
"""What a process that keeps the timers going is."""


def _right(text: str, width: int) -> str:
    return " " * max(0, width - cell_width(text)) + text


def _lag(lag: timedelta) -> str:
    seconds = lag.total_seconds()
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{figure(seconds):.1f} s"
