"""Where themes are: those that came with warroom, and above them those of the person at the screen."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from warroom.resources import resource
from warroom.rulebook.problems import Problem

if TYPE_CHECKING:
    from warroom.tui.themes.look import Look, ThemeError
from warroom.valueclass import dataclass
from warroom.words import tr

VARIABLE: Final = "WARROOM_THEMES"
"""The environment variable that names a directory of themes, or several as PATH does."""
SUFFIXES: Final = (".yaml", ".yml")
LAYOUT: Final = ".tcss"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that is a theme by its name. `overrides` is the shipped one that it stands in place of, if any."""

    name: str
    file: Path
    shipped: bool
    overrides: Path | None = None


def user_directory() -> Path:
    """Where this person's themes are, or would be."""
    from platformdirs import user_config_path

    return user_config_path("warroom", appauthor=False) / "themes"


def directories(environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """The directories of this person's themes, the one that counts most first; they need not exist."""
    given = [Path(each).expanduser() for each in environment.get(VARIABLE, "").split(os.pathsep) if each.strip()]
    return tuple(dict.fromkeys([*given, user_directory()]))


class Library:
    """The themes there are. Files are read when a theme is asked for, anew each time."""

    def __init__(self, own: Sequence[Path] | None = None, shipped: Path | None = None) -> None:
        """`own` are the person's directories, the one that counts most first; the usual ones where it is left out."""
        self.own = tuple(own) if own is not None else directories()
        self.shipped = shipped if shipped is not None else resource("themes")

    @property
    def places(self) -> tuple[Path, ...]:
        """All directories, the one that counts most first."""
        return (*self.own, self.shipped)

    def entries(self) -> tuple[Entry, ...]:
        """Every theme by name: the shipped ones in the order of their names, then the person's own."""
        ours = {entry.name: entry for entry in _in(self.shipped, shipped=True)}
        found = dict(ours)
        for place in reversed(self.own):
            for entry in _in(place, shipped=False):
                before = ours.get(entry.name)
                found[entry.name] = replace(entry, overrides=before.file if before else None)
        return tuple(sorted(found.values(), key=lambda entry: (entry.name not in ours, entry.name)))

    def names(self) -> tuple[str, ...]:
        """The names of all."""
        return tuple(entry.name for entry in self.entries())

    def find(self, name: str, below: Path | None = None) -> Path | None:
        """The file of a theme; with `below` one that counts less than that file does."""
        places = self.places
        if below is not None and below.parent in places:
            places = places[places.index(below.parent) + 1 :]
        if not name or Path(name).name != name:
            return None
        for place in places:
            for suffix in SUFFIXES:
                path = place / f"{name}{suffix}"
                if os.path.exists(path):  # noqa: PTH110 - what cannot be asked, or has no possible name, is not there
                    return path
        return None

    def look(self, name: str) -> Look:
        """A theme with all that it extends. Raises KeyError where there is none, `ThemeError` where it is wrong."""
        path = self.find(name)
        if path is None:
            raise KeyError(name)
        return self.read(path)

    def read(self, path: Path, inside: tuple[Path, ...] = ()) -> Look:
        """The theme in any file. Raises `ThemeError`."""
        from warroom.tui.themes.read import read_theme  # with all that knows colours

        inside = (*inside, path)

        def parent(name: str) -> Look:
            # A theme of one's own may have the name of the one that it changes.
            found = self.find(name, path if name == path.stem else None)
            if found is None:
                if name == path.stem:
                    raise _circle(path)
                raise KeyError(name)
            if found in inside:
                raise _circle(path)
            return self.read(found, inside)

        look = read_theme(path, parent, self.names())
        layout = path.with_suffix(LAYOUT)
        layouts = (*look.layouts, layout) if layout.is_file() else look.layouts
        return replace(look, layouts=layouts, shipped=path.parent == self.shipped)


def _circle(path: Path) -> ThemeError:
    from warroom.tui.themes.look import CIRCLE, ThemeError

    advice = tr("let one of them extend no other")
    problem = Problem(str(path), None, None, "extends", "", tr(CIRCLE), advice)
    return ThemeError(path.stem, (problem,))


def _in(place: Path, *, shipped: bool) -> list[Entry]:
    try:
        files = sorted(path for path in place.iterdir() if path.suffix in SUFFIXES and not path.name.startswith("."))
    except OSError:
        return []  # a directory that is not there has no themes
    return [Entry(path.stem, path, shipped) for path in reversed(files)]
