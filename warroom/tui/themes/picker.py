"""Choose how it looks: the screen behind is drawn in the theme that is marked, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual import on
from textual.timer import Timer
from textual.widget import Widget

from warroom.domain.text import fit
from warroom.tui.pieces import Role, clean
from warroom.tui.themes.live import CALM_S
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Form, Problem
from warroom.words import mark, tr

_NAME = 16


class ThemePicker(Form[str]):
    """A list of themes; dismissed with the name of the one to keep, or with None: the one before is to be put back."""

    CSS = """
    ThemePicker { align: right middle; background: transparent; }
    ThemePicker #form { width: 50; }
    ThemePicker #problem { height: auto; min-height: 1; max-height: 5; }
    """
    heading = mark("Theme")
    confirm_word = mark("keep")

    def __init__(self, themes: Sequence[tuple[str, str]], current: str, show: Callable[[str], str]) -> None:
        """`themes` are names with their titles, `show` puts one in force and gives what is wrong with it, or ""."""
        super().__init__()
        self._themes, self._before, self._show = tuple(themes), current, show
        self._shown = current
        self._wrong = ""
        self._later: Timer | None = None

    def fields(self) -> Iterable[Widget]:
        """The list."""
        rows = [
            Choice(name, ((f"{fit(clean(name), _NAME)} ", Role.TEXT), (clean(title), Role.MUTED)))
            for name, title in self._themes
        ]
        yield Choices(rows, self._before, rows=12, id="themes")

    @on(Choices.Marked, "#themes")
    def _marked(self, event: Choices.Marked) -> None:
        if self._later is not None:
            self._later.stop()
        self._later = self.set_timer(CALM_S, self._preview)

    def _preview(self) -> None:
        name = self.chosen("themes")
        if name == self._shown:
            return
        self._wrong = self._show(name)
        if not self._wrong:
            self._shown = name
        self.problem(self._wrong)

    def result(self) -> str:
        """The theme to keep; it has to be one that can be used."""
        self._preview()
        if self._wrong:
            raise Problem(self._wrong, "themes")
        return self._shown


def kept(name: str) -> str:
    """Write the theme into the person's settings file; what is said of it."""
    from warroom.preferences.load import PreferencesError
    from warroom.preferences.save import save

    try:
        file = save({"theme": name})
    except (PreferencesError, OSError) as error:
        first = str(error).splitlines()[-1].strip()
        return tr("{theme} is shown, but could not be kept: {problem}").format(theme=name, problem=first)
    return tr("{theme} is kept in {file}").format(theme=name, file=file)
