"""Printing: data on stdout, narration on stderr; text for people by terminal cells, JSON for programs as UTF-8."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import click

from warroom.cli.settings import Settings
from warroom.domain.text import cell_width, clean_block, clean_line, cut, fit
from warroom.tui.pieces import Role
from warroom.valueclass import dataclass

if TYPE_CHECKING:
    from pydantic import BaseModel

_LOOKS: dict[Role, dict[str, object]] = {
    Role.STRONG: {"bold": True},
    Role.MUTED: {"dim": True},
    Role.FAINT: {"dim": True},
    Role.OK: {"fg": "green"},
    Role.SOON: {"fg": "yellow"},
    Role.LATE: {"fg": "red", "bold": True},
    Role.ALARM: {"fg": "red", "bold": True, "reverse": True},
    Role.SEV1: {"fg": "red", "bold": True},
    Role.SEV2: {"fg": "yellow", "bold": True},
    Role.SEV3: {"fg": "cyan"},
}
"""The terminal's own sixteen colours; what is missing here looks like plain text."""


def emit(model: BaseModel) -> None:
    """One JSON object on one line of stdout, in UTF-8 whatever the terminal's encoding is."""
    click.echo(model.model_dump_json().encode())


def say(line: str = "") -> None:
    """One line of data for a person."""
    click.echo(line, color=_colour())


def tell(settings: Settings, message: str) -> None:
    """Narration on stderr: a line, or with `--json` an object with the one member "note"."""
    message = clean_block(message, 2000)
    line = json.dumps({"note": message}, ensure_ascii=False) if settings.json else f"warroom: {message}"
    click.echo(line, err=True)


def width() -> int | None:
    """How wide the output may be: $COLUMNS, else the terminal; None (no limit) where it goes to a file or a pipe."""
    if os.environ.get("COLUMNS", "").isdigit():
        return max(20, int(os.environ["COLUMNS"]))
    return max(20, shutil.get_terminal_size().columns) if _is_terminal() else None


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _colour() -> bool:
    return _is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, role: Role) -> str:
    """Text in the look of a role; whether any colour goes out is decided when it is printed."""
    look = _LOOKS.get(role)
    return click.style(text, **look) if look and text else text  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; its text is cleaned when it is laid out."""

    text: str
    role: Role = Role.TEXT


def tidy(row: Sequence[Cell]) -> list[Cell]:
    """A row of a table as it can be laid out: each cell one line, which does nothing to a terminal."""
    return [Cell(clean_line(cell.text, 1000), cell.role) for cell in row]


class Layout:
    """How wide the columns of a table are: known when each of its rows was noted, and then each can be laid out.

    So a table of any length takes no memory, if its rows can come twice.
    """

    def __init__(self, heads: Sequence[str]) -> None:
        """A table without rows."""
        self._heads = [Cell(text, Role.MUTED) for text in heads]
        self._widths = [cell_width(text) for text in heads]
        self._filled = [False] * len(heads)

    def note(self, row: Sequence[Cell]) -> None:
        """A row that the table has; a tidy one."""
        for n, cell in enumerate(row):
            if cell.text:
                self._filled[n] = True
                self._widths[n] = max(self._widths[n], cell_width(cell.text))

    def lines(self, rows: Iterable[Sequence[Cell]], *, wide: int | None, indent: int = 0) -> Iterator[str]:
        """The rows that were noted, below the heads where there are any."""
        shown = [n for n, filled in enumerate(self._filled) if filled]
        before = indent + sum(self._widths[n] + 2 for n in shown[:-1])
        for row in chain([self._heads] if any(cell.text for cell in self._heads) else [], rows):
            fixed = "".join(paint(fit(row[n].text, self._widths[n]), row[n].role) + "  " for n in shown[:-1])
            last = row[shown[-1]] if shown else Cell("")
            text = last.text if wide is None else cut(last.text, max(12, wide - before))
            yield (" " * indent + fixed + paint(text, last.role)).rstrip()


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, wide: int | None, indent: int = 0) -> list[str]:
    """Aligned lines, two blanks between columns. The last column takes what is left of `wide` cells, at least 12."""
    layout = Layout(heads)
    made = [tidy(row) for row in rows]
    for row in made:
        layout.note(row)
    return list(layout.lines(made, wide=wide, indent=indent)) if made else []
