"""What is wrong with the settings of a whole machine is left out: only its administrator can put it right, and it keeps
nobody from working."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace

from warroom.preferences.load import Read
from warroom.preferences.values import DEFAULTS, Preferences
from warroom.rulebook.problems import Problem, path_text

Check = Callable[[Read], Iterable[Problem]]
"""What another part knows to be wrong with settings that were read."""


def spared(read: Read, *checks: Check) -> Read:
    """The same settings without those of the machine's files that a check finds wrong, which are among the `warnings`
    then. What is wrong with a person's own file stays, for them to be told."""
    found: list[Problem] = []
    while wrong := [each for check in checks for each in check(read) if each.file in _machines(read)]:
        known = set(read.files)
        read = replace(read, preferences=_without(read, wrong), files=_left(read, wrong))
        found += wrong
        if set(read.files) == known:
            break  # none of it is a setting that could be left out
    return replace(read, warnings=(*read.warnings, *dict.fromkeys(found)))


def _machines(read: Read) -> set[str]:
    return {file for file in read.files.values() if file != read.file}


def _left(read: Read, wrong: Iterable[Problem]) -> dict[tuple[str | int, ...], str]:
    gone = {_setting(each) for each in wrong}
    return {steps: file for steps, file in read.files.items() if file == read.file or path_text(steps) not in gone}


def _without(read: Read, wrong: Iterable[Problem]) -> Preferences:
    own = read.preferences
    for path in {_setting(each) for each in wrong}:
        name, _, action = path.partition(".")
        if name == "keys":
            own = replace(own, keys={id: keys for id, keys in own.keys.items() if id != action})
        elif name in {field.name for field in fields(Preferences)}:
            own = replace(own, **{name: getattr(DEFAULTS, name)})
    return own


def _setting(problem: Problem) -> str:
    """The setting that a problem is about: of keys the action, else the first word of the path."""
    return problem.path if problem.path.startswith("keys.") else problem.path.partition(".")[0]
