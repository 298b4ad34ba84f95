"""What a theme says, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Final

from warroom.rulebook.problems import SHOWN, Problem
from warroom.tui.palette import Depth
from warroom.tui.pieces import Role
from warroom.valueclass import dataclass
from warroom.words import mark, tr, trn

COLOURS: Final = (
    "primary", "secondary", "warning", "error", "success", "accent", "foreground", "background", "surface", "panel",
)  # fmt: skip
"""The colours that everything is made of; those that a theme leaves out follow from the others."""

SELECTION: Final = "selection"
"""Among the roles, the background of the selected row."""

REVERSED: Final = ("alarm", "notice", "cursor")
"""Roles whose colour is the ground; the text on it is black or white, whatever can be read better."""

ROLES: Final = (*(str(role) for role in Role), SELECTION)

DEPTHS: Final[Mapping[str, Depth]] = {
    "full": Depth.FULL, "16": Depth.SIXTEEN, "ansi": Depth.ANSI, "none": Depth.NONE,
}  # fmt: skip
GLYPHS: Final = ("rich", "plain")


@dataclass(frozen=True, slots=True)
class Look:
    """A theme with everything that it takes over from the one it extends.

    `colours` and `roles` are colours as written, by name. `contrast` is the least of all text, to one. `glyphs` is
    "rich", "plain" or "" (as the terminal can). `layouts` are the files that change the layout, the last one wins.
    `file` is where it was read from, `shipped` whether it came with warroom.
    """

    name: str
    title: str = ""
    dark: bool = True
    colours: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    contrast: float = 4.5
    glyphs: str = ""
    depth: Depth = Depth.FULL
    extends: str = ""
    layouts: tuple[Path, ...] = ()
    file: Path | None = None
    shipped: bool = False


CIRCLE: Final = mark("extends itself")
IN_TURN: Final = mark("extends this one in turn, so that it extends itself")
"""How a theme goes round in a circle: where it is closed, and where it leads into one."""


class ThemeError(Exception):
    """A theme that cannot be used. The text lists what is wrong, top to bottom."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        self.name = name
        self.problems = tuple(sorted(set(problems), key=lambda p: (p.file, p.line or 0, p.column or 0, p.path)))
        super().__init__(name, self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        head = trn("the theme {theme} has {count} problem:", "the theme {theme} has {count} problems:", count)
        lines = [head.format(theme=self.name, count=count)]
        lines += [f"  {problem}" for problem in self.problems[:SHOWN]]
        if count > SHOWN:
            lines.append("  " + tr("and {count} more").format(count=count - SHOWN))
        return "\n".join(lines)
