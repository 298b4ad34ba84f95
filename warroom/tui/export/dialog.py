"""The form that asks in which form, and into which file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from warroom.tui.export.formats import BY_NAME, FORMATS
from warroom.tui.pieces import Role
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem
from warroom.tui.widgets.form_parts import note
from warroom.words import mark, tr


@dataclass(frozen=True, slots=True)
class ExportWish:
    """The form by its name, and the file; `over`: the person said once more that it may be written over."""

    format: str
    file: Path
    over: bool = False


class ExportDialog(Form[ExportWish]):
    """Take what is shown away as a file."""

    confirm_word = mark("write")

    def __init__(self, stem: str, *, structured: bool, check: Check[ExportWish] | None = None) -> None:
        """`stem` is the name proposed, without its end. `structured`: the view has values, not only its lines."""
        super().__init__(check)
        self.heading = tr("Export")
        self._stem, self._structured = stem, structured
        self._refused: Path | None = None  # there is such a file: the same once more writes over it

    def fields(self) -> Iterable[Widget]:
        """Form and file."""
        choices = [
            Choice(each.name, ((f"{each.name:<5} ", Role.STRONG), (tr(each.words), Role.MUTED))) for each in FORMATS
        ]
        first = "md" if self._structured else "txt"
        yield Field(tr("Form"), Choices(choices, first, id="export-format"))
        yield Field(tr("File"), Line(f"{self._stem}.{first}", id="export-file"))
        yield Field("", note(tr("in {directory}; ~ is your home").format(directory=_here())))

    @on(Choices.Marked, "#export-format")
    def _chosen(self, event: Choices.Marked) -> None:
        """The name ends as its form does, unless somebody gave it another end."""
        event.stop()
        field = self.query_one("#export-file", Input)
        stem, dot, end = field.value.rpartition(".")
        if dot and end in BY_NAME:
            proposed = field.value == self._initial.get("export-file", field.value)
            field.value = f"{stem}.{event.choices.value}"
            field.cursor_position = len(field.value)
            if proposed:  # nobody typed it, so that nothing is lost with it
                self._initial["export-file"] = field.value

    def result(self) -> ExportWish:
        """Where it goes."""
        name = self.query_one("#export-file", Input).value.strip()
        if not name:
            raise Problem(tr("name a file"), "export-file")
        try:
            path = Path(name).expanduser()
        except RuntimeError:
            path = Path(name)
        if os.path.isdir(path):  # noqa: PTH112 - what cannot be asked is no directory: writing will say why
            raise Problem(tr("that is a directory: put a name behind it"), "export-file")
        return ExportWish(self.chosen("export-format"), path, over=path == self._refused)

    def there_is_one(self, path: Path) -> str:
        """What is said of a file that is there; the same once more writes over it."""
        self._refused = path
        return tr("{file} is there: once more writes over it, or give another name").format(file=path.name)


def _here() -> str:
    try:
        here, home = str(Path.cwd()), str(Path.home())
    except OSError:
        return "?"
    return f"~{here[len(home) :]}" if here == home or here.startswith(f"{home}/") else here
