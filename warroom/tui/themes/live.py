"""The theme of a running app: applied, shown for a moment, read again when its file is saved.

Nothing is put in force that was not read and checked before, so that a bad edit leaves the last good look where it is
and says what is wrong.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import COLOR_SYSTEMS
from rich.segment import Segment
from textual.color import Color
from textual.css.model import RuleSet
from textual.filter import LineFilter, Monochrome, NoColor
from textual.widget import Widget

from warroom.domain.text import clean_line
from warroom.rulebook.problems import Problem
from warroom.rulebook.values import listing, nearest
from warroom.tui import terminal
from warroom.tui.palette import Depth
from warroom.tui.themes.choose import DEFAULT, depth_for, system_for, theme_for
from warroom.tui.themes.layout import KIND, read_layout
from warroom.tui.themes.library import SUFFIXES, Library
from warroom.tui.themes.look import Look, ThemeError
from warroom.tui.themes.make import lesser, textual_theme, variables_of
from warroom.words import tr

if TYPE_CHECKING:
    from textual.app import App
    from textual.timer import Timer

log = logging.getLogger(__name__)

LOOK_S: Final = 5.0
"""How often it is looked whether a directory of themes has come into being; one that is there is watched."""


CALM_S: Final = 0.12
"""So long a mark has to stay before its theme is shown: keys that are held down do not draw every theme on the way."""
REDRAW_S: Final = 0.05
"""After which the screens behind a form have taken the new look, in seconds."""


class WithoutColour(LineFilter):
    """Takes every colour away, so that none is sent, not even the terminal's usual one."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same text in weight, underline and reverse alone."""
        return [
            Segment(text, style.without_color if style is not None and (style.color or style.bgcolor) else style, None)
            for text, style, _ in segments
        ]


_WITHOUT: Final = WithoutColour()


class Looks:
    """What one app looks like. All of it is called on the app's loop; only the watch has a thread."""

    def __init__(
        self,
        app: App[Any],
        asked: str = "",
        environment: Mapping[str, str] = os.environ,
        library: Library | None = None,
    ) -> None:
        """`asked` is the theme that the person wants, "" where they leave it to the terminal."""
        self._app = app
        self.library = library if library is not None else Library()
        self.asked = asked
        self.system = system_for(environment)
        self._wanted = theme_for(asked, environment)
        self.look = Look(DEFAULT)
        self.depth = Depth.FULL
        self.rules: tuple[RuleSet, ...] = ()
        self.trouble = ""
        self._serial = 0
        self._shown: tuple[Look, list[tuple[Path, str]]] | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._watched: tuple[Path, ...] = ()
        self._rearrange: list[Callable[[], object]] = []
        self._before = ""  # the theme that is put back when what is tried is not taken
        self._later: Timer | None = None

    # ---- applying

    def begin(self) -> None:
        """Put the wanted theme in force before the first frame; where it cannot be, the usual one, and `trouble` says
        why."""
        app = self._app
        # What Rich makes of TERM leaves out terminals that can do more than their name says, and those that do less.
        app.console._color_system = COLOR_SYSTEMS[self.system]
        for name in dict.fromkeys((self._wanted, DEFAULT)):
            if trouble := self.show(name):
                self.trouble = self.trouble or trouble
            else:
                return

    def show(self, name: str) -> str:
        """Put a theme in force; "" when it is, else what is wrong with it and nothing has changed."""
        try:
            look = self.library.look(name)
        except KeyError:
            known = self.library.names()
            likely = nearest(name, known)
            advice = tr("did you mean {name}?").format(name=likely) if likely else listing(known)
            return tr("there is no theme {name}: {advice}").format(name=clean_line(name, 60), advice=advice)
        except ThemeError as error:
            return _first(error.problems)
        return self._apply(look)

    def _apply(self, look: Look) -> str:
        app = self._app
        depth = lesser(look.depth, depth_for(self.system))
        theme = textual_theme(look, depth)
        theme.name = f"{look.name}--{self._serial + 1}"
        # One that does not exist any more, or never did, is defined by the widgets that need it.
        variables = {**app.get_theme_variable_defaults(), **variables_of(theme)}
        sheets: list[tuple[Path, str]] = []
        rules: list[RuleSet] = []
        for path in look.layouts:
            css, more, problems = read_layout(path, variables)
            if problems:
                return _first(problems)
            sheets.append((path, css))
            rules.extend(more)
        if (look, sheets) == self._shown:
            return ""  # another look at the same files
        self._shown = (look, sheets)
        self._serial += 1
        before = app.theme
        stylesheet = app.stylesheet
        for key in [key for key in stylesheet.source if key[1] == KIND]:
            del stylesheet.source[key]
        app.no_color = depth is Depth.NONE
        app.register_theme(theme)
        app.theme = theme.name
        if before.startswith(f"{self.look.name}--"):
            app.unregister_theme(before)
        self.look, self.depth, self.rules = look, depth, tuple(rules)
        terminal.use_glyphs(look.glyphs)
        app.set_class(depth is Depth.SIXTEEN, "-sixteen")
        app.set_class(depth in (Depth.ANSI, Depth.NONE), "-own-ground")
        # With the new variables at once: a layout may name one that the theme before did not have.
        stylesheet.set_variables(app.get_css_variables())
        for path, css in sheets:
            stylesheet.add_source(css, read_from=(str(path), KIND))
        if app.is_running:
            app.refresh_css(animate=False)
            # A widget whose style sheet says the same as before would not be drawn again, though its roles look other.
            for screen in app.screen_stack:
                for widget in screen.walk_children(with_self=True):
                    widget.notify_style_update()
                    if isinstance(widget, Widget):
                        widget.refresh()
            for call in self._rearrange:
                call()
            if len(app.screen_stack) > 2:  # what is behind a form is drawn with it, from before its own turn came
                app.set_timer(REDRAW_S, lambda: app.screen.refresh(layout=True))
        return ""

    def filters(self, usual: Sequence[LineFilter]) -> Sequence[LineFilter]:
        """The filters of every line that is drawn."""
        if self.depth is not Depth.NONE:
            return [each for each in usual if not isinstance(each, NoColor | Monochrome)]
        return [*(each for each in usual if not isinstance(each, NoColor | Monochrome)), _WITHOUT]

    def when_changed(self, *calls: Callable[[], object]) -> None:
        """Call these whenever another look is in force, for what is laid out in code or not on the screen."""
        self._rearrange += calls

    def choose(self) -> None:
        """Let the person choose one, which is kept in their settings."""
        from warroom.tui.themes.picker import ThemePicker, kept

        themes: list[tuple[str, str]] = []
        for entry in self.library.entries():
            try:
                title = tr(self.library.read(entry.file).title)
            except ThemeError as error:
                title = tr("cannot be used: {count}").format(count=len(error.problems))
            themes.append((entry.name, title if not entry.overrides else tr("{title}, your own").format(title=title)))

        before = self.look.name

        def done(name: str | None) -> None:
            if name is not None:
                self._app.notify(clean_line(kept(name), 300), markup=False)
            elif self.look.name != before and (what := self.show(before)):
                self._refuse(what)

        self._app.push_screen(ThemePicker(themes, self.look.name, self.show), done)

    def attempt(self, name: str) -> None:
        """Show one in a moment, unless another one is tried by then; `put_back` ends it, or `keep`."""
        self._before = self._before or self.look.name
        self._soon(name)

    def put_back(self) -> None:
        """Show the one before what was tried again."""
        self._soon(self._before)

    def keep(self, name: str) -> None:
        """Show one for good: it is kept in the person's settings."""
        from warroom.tui.themes.picker import kept

        if self._later is not None:
            self._later.stop()
        before, self._before = self._before or self.look.name, ""
        if what := self.show(name):
            self._say(what)
            self.show(before)
        else:
            self._app.notify(clean_line(kept(name), 300), markup=False)

    def _soon(self, name: str) -> None:
        if self._later is not None:
            self._later.stop()
        self._later = self._app.set_timer(CALM_S, lambda: self._try(name))

    def _try(self, name: str) -> None:
        if name == self._before:
            self._before = ""
        if name and name != self.look.name and (what := self.show(name)):
            self._say(what)

    # ---- following the files

    def watch(self) -> None:
        """Follow the directories of themes from now on; to be called once the first screen stands."""
        if self.trouble:
            self._say(self.trouble)
        self._follow()
        self._app.set_interval(LOOK_S, self._follow)

    def stop(self) -> None:
        """Follow nothing any more."""
        self._stop.set()

    def _follow(self) -> None:
        own = tuple(place for place in self.library.own if place.is_dir())
        if not own and not self.look.shipped:
            return
        # Those that came with warroom change only where somebody works on them.
        places = tuple(dict.fromkeys([*own, *([self.library.shipped] if own else [])]))
        if places == self._watched or not places:
            return
        self._stop.set()
        self._stop = threading.Event()
        self._watched = places
        self._thread = threading.Thread(target=self._watching, args=(places, self._stop), name="themes", daemon=True)
        self._thread.start()

    def _watching(self, places: tuple[Path, ...], stop: threading.Event) -> None:
        from watchfiles import watch  # only now: it costs the start of the program nothing

        try:
            for changes in watch(
                *places,
                watch_filter=lambda _, name: name.endswith((*SUFFIXES, ".tcss")),
                debounce=400,
                step=50,
                stop_event=stop,
                rust_timeout=60_000,
                raise_interrupt=False,
                recursive=False,
            ):
                names = frozenset(Path(name) for _, name in changes)
                loop = self._app._loop
                if stop.is_set() or loop is None or loop.is_closed():
                    return
                loop.call_soon_threadsafe(self._saved, names)
        except OSError as error:
            log.info("themes cannot be watched (%s): they are read when one is chosen", error)
        except Exception:
            log.exception("the watch over themes has ended")
        with suppress(RuntimeError):
            if self._watched == places:
                self._watched = ()

    def _saved(self, names: frozenset[Path]) -> None:
        """Files were saved, or are gone. Only what the look in force is made of matters; others are read when asked
        for."""
        if not self._app.is_running:
            return
        with self._app._context():
            self.reload()

    def reload(self) -> None:
        """Read the theme in force again; where it is gone, the usual one takes its place, and where it is wrong the
        last good one stays."""
        name = self.look.name
        if self.library.find(name) is None:
            self._fall_back(name)
            return
        try:
            look = self.library.look(name)
        except KeyError:  # gone in between
            self._fall_back(name)
            return
        except ThemeError as error:
            self._refuse(_first(error.problems))
            return
        if what := self._apply(look):
            self._refuse(what)
        else:
            self.trouble = ""

    def _fall_back(self, name: str) -> None:
        shown = self.show(DEFAULT)
        self._say(shown or tr("the theme {name} is gone: this is {usual}").format(name=name, usual=DEFAULT))

    def _refuse(self, what: str) -> None:
        if what != self.trouble:
            self.trouble = what
            self._say(tr("the theme stays as it was: {problem}").format(problem=what))

    def _say(self, what: str) -> None:
        self._app.notify(clean_line(what, 400), title=tr("Theme"), severity="warning", timeout=15, markup=False)


def _first(problems: Sequence[Problem]) -> str:
    said = str(replace(problems[0], file=Path(problems[0].file).name))  # a narrow screen shows no more than a directory
    if len(problems) == 1:
        return said
    return tr("{problem} (and {count} more)").format(problem=said, count=len(problems) - 1)
