"""docs/json.md says exactly what the models say, and what is printed is what they say."""

from __future__ import annotations

import pkgutil
import re
import types
from importlib import import_module
from typing import Annotated, Any, Union, get_args, get_origin

import pytest

from tests.cli.conftest import Cli
from tests.support import REPOSITORY
from warroom.cli import shapes
from warroom.cli.errors import INTERNAL, REFUSED, STALE, USAGE
from warroom.cli.main import COMMANDS
from warroom.cli.quiet import BROKEN_PIPE, INTERRUPTED
from warroom.cli.shapes import Shape
from warroom.cli.shapes.clocks import Gaps
from warroom.cli.shapes.errors import Failed, Note
from warroom.cli.shapes.incident import Acted, Incident, LogLine

DOCUMENT = (REPOSITORY / "docs" / "json.md").read_text()
TOPICS = [import_module(f"{shapes.__name__}.{topic.name}") for topic in pkgutil.iter_modules(shapes.__path__)]
MODELS = [
    cls
    for module in TOPICS
    for cls in vars(module).values()
    if isinstance(cls, type) and issubclass(cls, Shape) and cls.__module__ == module.__name__
]
SHAPES = {cls.__name__: cls for cls in MODELS}

PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false"}
PLURAL = {"text": "texts", "number": "numbers"}


def in_words(kind: Any) -> str:
    """A type as the document writes it."""
    if kind in PLAIN:
        return PLAIN[kind]
    if kind is shapes.Time or get_origin(kind) is Annotated:
        return "time"
    if isinstance(kind, type) and issubclass(kind, Shape):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (other,) = [arg for arg in args if arg is not type(None)]
        return f"{in_words(other)} or null"
    if origin is list:
        return f"list of {PLURAL.get(in_words(args[0]), in_words(args[0]))}"
    assert origin is dict
    return "object" if args[1] is Any else f"object of {PLURAL[in_words(args[1])]}"


def documented(name: str) -> dict[str, str]:
    """Members and types of one object as the document has them, in order."""
    found = re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert found, f"docs/json.md has no section on {name}"
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", found[1], re.MULTILINE)
    assert len(rows) == len(dict(rows))
    return dict(rows)


def modelled(cls: type[Shape]) -> dict[str, str]:
    """The same as the model has them, without what it inherits."""
    import typing

    hints = typing.get_type_hints(cls, include_extras=True)
    return {name: in_words(hints[name]) for name in cls.__annotations__}


@pytest.mark.parametrize("name", SHAPES)
def test_the_document_has_the_members_and_types_of_the_model(name: str) -> None:
    assert documented(name) == modelled(SHAPES[name])


def test_the_document_has_no_object_that_is_not_there() -> None:
    assert set(re.findall(r"^### (\w+)$", DOCUMENT, re.MULTILINE)) == set(SHAPES)


def test_no_two_objects_have_the_same_name() -> None:
    assert len(MODELS) == len(SHAPES)


def test_every_command_is_in_the_document() -> None:
    head = DOCUMENT.partition("## Exit codes")[0]
    for name in COMMANDS:
        assert re.search(rf"`{name}[ `]", head), name


def test_every_exit_code_is_in_the_document() -> None:
    table = DOCUMENT.partition("## Exit codes")[2].partition("## Objects")[0]
    codes = {int(code) for row in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE) for code in row.split(",")}
    assert codes == {0, REFUSED, USAGE, STALE, INTERNAL, INTERRUPTED, BROKEN_PIPE}


def test_what_is_printed_is_what_the_models_say(room: Cli) -> None:
    acted = room("ack", "1", "--json").stdout
    assert Acted.model_validate_json(acted).model_dump_json() == acted.strip()
    shown = room("show", "1", "--json").stdout
    assert Incident.model_validate_json(shown).model_dump_json() == shown.strip()
    for line in room("log", "1", "--json").stdout.splitlines():
        assert LogLine.model_validate_json(line).model_dump_json() == line
    assert Gaps.model_validate_json(room("gaps", "--json").stdout).key == "OPS-1"
    result = room("ack", "1", "--json")
    assert Failed.model_validate_json(result.stderr).error.kind == "refused"
    notes = room("note", "1", "x", "--json").stderr.splitlines()
    assert [Note.model_validate_json(note) for note in notes]


def test_kinds_of_errors_in_the_document_are_those_of_the_code() -> None:
    named = set(re.findall(r"`(\w+)`", re.search(r"\| `kind` \| text \| (`usage`.*?) \|", DOCUMENT)[1]))  # type: ignore[index]
    source = (REPOSITORY / "warroom" / "cli" / "errors.py").read_text()
    used = set(re.findall(r'Failure\(\s*"(\w+)"', source)) | {"not_found", "refused"}
    assert named == used
