"""What is wrong with a settings file beyond its form: each part that knows more of a setting is asked.

A part joins by a line in `CHECKERS`: a function of what was read (`warroom.preferences.load.Read`) that gives problems,
worded by `Read.problem`. It is imported only when settings are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Final

from warroom.preferences.load import PreferencesError, Read, read_preferences
from warroom.rulebook.problems import Problem
from warroom.words import tr

Checker = Callable[[Read], Iterable[Problem]]

CHECKERS: Final[tuple[str, ...]] = (
    "warroom.cli.config_checks:theme",
    "warroom.cli.config_checks:wall",
    "warroom.tui.actions.keymap:problems",
    "warroom.tui.sieve.settings:check",
)
"""Each as "module:function"."""


def theme(read: Read) -> Iterable[Problem]:
    """Whether there is a theme of that name."""
    from warroom.rulebook.values import nearest
    from warroom.tui.themes.library import Library

    name, known = read.preferences.theme, Library().names()
    if name and name not in known:
        likely = nearest(name, list(known))
        advice = (
            tr("did you mean {name}?").format(name=likely)
            if likely
            else tr("there are {known}").format(known=", ".join(known))
        )
        yield read.problem(("theme",), name, tr("is no theme"), advice)


def wall(read: Read) -> Iterable[Problem]:
    """Whether the wallboard has these screens."""
    from warroom.cli.wall import SCREENS

    for number, name in enumerate(read.preferences.wall.screens):
        if name.strip().lower() not in SCREENS:
            steps = ("wall", "screens", number)
            path = steps if steps in read.places else steps[:2]
            advice = tr("there are {known}").format(known=", ".join(SCREENS))
            yield read.problem(path, name, tr("is no screen of the wallboard"), advice)


def problems_of(file: Path | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with a file, or with this person's settings and this machine's; top to bottom."""
    try:
        read = read_preferences(file, site=file is None)
    except PreferencesError as error:
        return error.problems
    found = list(read.warnings)
    for each in CHECKERS:
        found += _checker(each)(read)
    return tuple(sorted(set(found), key=lambda p: (p.file, p.line or 0, p.column or 0, p.path)))


def _checker(name: str) -> Checker:
    module, _, function = name.partition(":")
    checker: Checker = getattr(import_module(module), function)
    return checker
