"""The files that a team begins with: a commented copy of the default rulebook, and its JSON Schema for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from warroom.domain.core import Refused
from warroom.domain.text import clean_line
from warroom.resources import resource
from warroom.rulebook.load import SUFFIXES
from warroom.rulebook.schema import json_schema
from warroom.words import tr

SCHEMA_FILE: Final = "rulebook.schema.json"
HINT: Final = f"# yaml-language-server: $schema={SCHEMA_FILE}\n"
"""What editors with a YAML language server look for in a file's first line."""


def schema_text() -> str:
    """The JSON Schema as it stands in a file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def begin(directory: Path) -> tuple[Path, ...]:
    """Write the default rulebook and its schema into a directory, which is made where it is missing.

    Nothing is ever overwritten: raises `Refused` when a rulebook's files, or one of these names, are there already, and
    `OSError` when something cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    there = sorted(p.name for p in directory.iterdir() if p.suffix.lower() in SUFFIXES or p.name == SCHEMA_FILE)
    if there:
        names = clean_line(", ".join(there), 200)
        raise Refused(
            tr("{directory} holds {names} already: name an empty directory").format(
                directory=clean_line(str(directory), 300), names=names
            )
        )
    sources = sorted((resource("seed_data") / "rulebook").glob("*.yaml"))
    texts = {source.name: HINT + source.read_text(encoding="utf-8") for source in sources}
    return tuple(_new(directory / name, text) for name, text in {**texts, SCHEMA_FILE: schema_text()}.items())


def _new(path: Path, text: str) -> Path:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path
