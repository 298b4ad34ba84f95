"""Reads a rulebook from a directory of plain files and says everything that is wrong with it at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from warroom.domain.text import clean_line
from warroom.resources import resource
from warroom.rulebook.convert import Loaded, loaded
from warroom.rulebook.problems import Problem, RulebookError
from warroom.rulebook.validate import Place, Steps, validate
from warroom.rulebook.yamlfile import MAX_BYTES, Document, read_yaml
from warroom.words import tr

SUFFIXES: Final = (".yaml", ".yml")
MAX_FILES: Final = 100
"""More files than this are not a rulebook but a directory that was meant otherwise."""


def load_rulebook(directory: Path) -> Loaded:
    """The rulebook in a directory: all its *.yaml and *.yml files, in the order of their names, taken together.

    Files whose name begins with a dot are left alone, and so are folders. Raises `RulebookError` with every problem.
    """
    where = clean_line(str(directory), 300)
    try:
        found = sorted(
            path for path in directory.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
        )
    except OSError as error:
        reason = clean_line(error.strerror or type(error).__name__, 100)
        advice = tr("name a directory that holds a rulebook's files, and that you may read")
        raise RulebookError(
            (Problem(where, None, None, "", "", tr("cannot be read: {reason}").format(reason=reason), advice),)
        ) from None
    if not found:
        what = tr("has no *.yaml file in it")
        raise RulebookError((Problem(where, None, None, "", "", what, tr("name the directory that the files are in")),))
    if len(found) > MAX_FILES:
        what = tr("has more than {count} *.yaml files in it").format(count=MAX_FILES)
        raise RulebookError((Problem(where, None, None, "", "", what, tr("give the rulebook a directory of its own")),))
    files: dict[str, bytes | Problem] = {}
    for path in found:
        name = clean_line(path.name, 100)
        # Two names may look the same once they are made harmless.
        files[name if name not in files else f"{name} ({len(files) + 1})"] = read_file(path)
    return read_rulebook(files, where)


def read_rulebook(files: Mapping[str, bytes | Problem], where: str = "rulebook") -> Loaded:
    """The rulebook that files make, given as their bytes by name; `where` is what they are called together.

    In place of a file that could not be opened stands the problem with it. Raises `RulebookError`.
    """
    sources = _Sources(where)
    for name, content in files.items():
        if isinstance(content, Problem):
            sources.problems.append(content)
            sources.whole = False
        else:
            sources.add(name, read_yaml(name, content))
    model, problems = validate(sources.data, sources.locate, whole=sources.whole, spoiled=frozenset(sources.spoiled))
    if model is None or sources.problems:
        raise RulebookError((*sources.problems, *problems))
    return loaded(model, sources.locate)


def read_over(files: Mapping[str, bytes | Problem], base: str, where: str = "rulebook") -> Loaded:
    """A rulebook (`base`, its canonical JSON) in which the sections of some files stand in place of its own.

    For trying a part of a rulebook without the rest of it. Raises `RulebookError`.
    """
    sources = _Sources(where)
    for name, content in files.items():
        if isinstance(content, Problem):
            raise RulebookError((content,))
        sources.add(name, read_yaml(name, content))
    data = {**json.loads(base), **sources.data}
    model, problems = validate(data, sources.locate, whole=sources.whole, spoiled=frozenset(sources.spoiled))
    if model is None or sources.problems:
        raise RulebookError((*sources.problems, *problems))
    return loaded(model, sources.locate)


@cache
def seed_rulebook() -> Loaded:
    """The default rulebook that travels with warroom."""
    return load_rulebook(resource("seed_data") / "rulebook")


def read_file(path: Path) -> bytes | Problem:
    """The bytes of one file, or the problem with it."""
    name = clean_line(path.name, 100)
    try:
        if not path.is_file():
            return Problem(name, None, None, "", "", tr("is not a plain file"), tr("take it out of the directory"))
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = clean_line(error.strerror or type(error).__name__, 100)
        return Problem(
            name,
            None,
            None,
            "",
            "",
            tr("cannot be read: {reason}").format(reason=reason),
            tr("see that you may read it"),
        )


class _Sources:
    """The sections of all files together, and which file each of them is in."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.data: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.spoiled: set[Steps] = set()
        self.whole = True
        self.origin: dict[str, tuple[str, Document]] = {}

    def add(self, name: str, document: Document) -> None:
        """Take the sections of one more file."""
        self.problems += document.problems
        self.whole = self.whole and not document.broken
        for section, content in document.data.items():
            line, column = document.keys[(section,)]
            if section in self.origin:
                first, other = self.origin[section]
                what = tr("is in {first} already, on line {line}").format(first=first, line=other.keys[section,][0] + 1)
                advice = tr("move the lines there: a section stands in one file")
                title = clean_line(section, 64)
                self.problems.append(Problem(name, line + 1, column + 1, title, "", what, advice))
                continue
            self.data[section] = content
            self.origin[section] = name, document
            self.spoiled |= {path for path in document.spoiled if path[:1] == (section,)}

    def locate(self, path: Steps, at_key: bool) -> Place:
        """Where the value at some steps stands, or its key; the nearest group around it where it is not there."""
        if not path or str(path[0]) not in self.origin:
            return self.where, None, None
        name, document = self.origin[str(path[0])]
        marks = document.keys if at_key else document.values
        while path not in marks:
            path = path[:-1]
        line, column = marks[path]
        return name, line + 1, column + 1
