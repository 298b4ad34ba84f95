"""docs/rulebook.md says what the models say, and every example on it is read by the loader."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, PlainSerializer
from pydantic.fields import FieldInfo

from tests.support import REPOSITORY
from warroom.domain.policy import TargetKind
from warroom.domain.schedule_clock import instant
from warroom.domain.templates import PLACEHOLDERS
from warroom.rulebook.check import check_at
from warroom.rulebook.convert import loaded
from warroom.rulebook.findings import Place, Weight
from warroom.rulebook.load import read_rulebook, seed_rulebook
from warroom.rulebook.references import ASPECTS, SECTIONS
from warroom.rulebook.schema import RulebookModel
from warroom.rulebook.validate import Steps, validate
from warroom.rulebook.values import DAYS, WAYS, clock_text, duration_text, percent_text
from warroom.rulebook.yamlfile import Document, read_yaml

PAGE = (REPOSITORY / "docs" / "rulebook.md").read_text(encoding="utf-8")
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
FILE = "example.yaml"


# Fields --------------------------------------------------------------------------------------------------------------


def bare(kind: Any) -> Any:
    """A type without what is noted at it, and without "or None"."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in (Union, UnionType):
            kind = next(each for each in get_args(kind) if each is not type(None))
        else:
            return kind


def inner(kind: Any) -> Any:
    """What a list or a group of named things holds; any other type itself."""
    kind = bare(kind)
    while get_origin(kind) in (dict, tuple):
        kind = bare(get_args(kind)[1 if get_origin(kind) is dict else 0])
    return kind


def fields(part: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a part as they are called in the files."""
    return {found.alias or name: found for name, found in part.model_fields.items()}


def parts(kind: type[BaseModel] = RulebookModel, seen: frozenset[type] = frozenset()) -> Iterator[type[BaseModel]]:
    """Every group of lines that may stand in a rulebook."""
    yield kind
    for found in fields(kind).values():
        for each in every_part(found.annotation):
            if each not in seen | {kind}:
                yield from parts(each, seen | {kind})


def every_part(kind: Any) -> Iterator[type[BaseModel]]:
    """The parts within a type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for each in get_args(kind):
        yield from every_part(each)


def part_at(path: str) -> type[BaseModel]:
    """The part that a heading names: `policies.NAME.levels.confirm`."""
    kind: Any = RulebookModel
    for step in path.split("."):
        if step != "NAME":
            kind = inner(fields(kind)[step].annotation)
    assert isinstance(kind, type) and issubclass(kind, BaseModel), path
    return kind


def written(found: FieldInfo) -> str:
    """A default as the page has it."""
    value = found.default
    match value:
        case _ if found.is_required():
            return "required"
        case None | BaseModel():
            return "—"
        case time():
            return f"`{clock_text(value)}`"
        case timedelta():
            return f"`{duration_text(value)}`"
        case tuple() if value == DAYS:
            return "every day"
        case int() if any(isinstance(each, PlainSerializer) for each in found.metadata):
            return f"`{percent_text(value)}`"
        case tuple() | dict():
            assert not value
            return "none"
        case _:
            return f"`{value}`"


@dataclass(frozen=True)
class Table:
    """A table of fields, under the heading of its part."""

    part: type[BaseModel]
    rows: tuple[tuple[str, str], ...]


def tables() -> list[Table]:
    """Every table of fields on the page."""
    out = []
    for section in re.split(r"^(?=##)", PAGE, flags=re.MULTILINE):
        rows = re.findall(r"^\| `([^`]+)` \| ([^|]+?) \| [^|]+? \|$", section, re.MULTILINE)
        if not rows or not re.search(r"^\| (field|section) \| default \|", section, re.MULTILINE):
            continue
        head = section.splitlines()[0]
        named = re.search(r"`([a-zA-Z_.]+)`$", head)
        assert named or head == "## Sections", head
        out.append(Table(part_at(named[1]) if named else RulebookModel, tuple(rows)))
    return out


def test_every_field_is_on_the_page_and_none_is_invented() -> None:
    for table in tables():
        documented = dict(table.rows)
        assert len(documented) == len(table.rows), table.part
        assert list(documented) == list(fields(table.part)), table.part


def test_every_default_is_what_it_says() -> None:
    for table in tables():
        assert dict(table.rows) == {name: written(found) for name, found in fields(table.part).items()}, table.part


def test_every_group_of_lines_has_one_table() -> None:
    found = [table.part.__name__ for table in tables()]
    assert sorted(found) == sorted({part.__name__ for part in parts()})


# Examples ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A block of YAML on the page; `kind` is "", "wrong" or "doubtful", and `said` the text block that follows it."""

    line: int
    kind: str
    text: str
    said: str

    @property
    def whole(self) -> bool:
        """Whether it is a rulebook by itself."""
        return all(f"\n{name}:" in f"\n{self.text}" for name in ("room", "people", "policies", "watch"))


def examples() -> list[Example]:
    """All of them, top to bottom."""
    blocks = re.finditer(r"^```yaml *(\w*)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", PAGE, re.MULTILINE | re.DOTALL)
    return [Example(PAGE[: b.start()].count("\n") + 1, b[1], b[2], b[3] or "") for b in blocks]


BAD = [pytest.param(each, id=f"line {each.line}") for each in examples() if each.kind]
GOOD = [pytest.param(each, id=f"line {each.line}") for each in examples() if not each.kind]
"""Examples of what is wrong or doubtful, and those that can be put in force."""


def with_the_default(document: Document) -> dict[str, Any]:
    """What an example says, over the default rulebook: its named things beside those of each section."""
    base = json.loads(seed_rulebook().json)
    for section, content in document.data.items():
        together = section in SECTIONS and isinstance(content, Mapping)
        base[section] = {**base[section], **content} if together else content
    return dict(base)


def read(example: Example, *quiet: Weight) -> list[str]:
    """What the program says of an example: its errors, else what `check` finds in it that is not of `quiet` weight."""
    document = read_yaml(FILE, example.text.encode())
    assert not document.problems

    def locate(path: Steps, at_key: bool) -> Place:
        marks = document.keys if at_key else document.values
        if path not in marks:
            return Place()
        line, column = marks[path]
        return Place(FILE, line + 1, column + 1)

    model, problems = validate(with_the_default(document), locate)
    if model is None:
        return [str(problem) for problem in problems]
    rules = loaded(model, locate)
    found = check_at(rules.book, locate, MARCH)
    lines = ((p, f"{p}: {f.weight}: {f.where} {f.what}; {f.advice}") for p, f in found if f.weight not in quiet)
    return [line for place, line in lines if place.file]


@pytest.mark.parametrize("example", GOOD)
def test_an_example_can_be_put_in_force(example: Example) -> None:
    if example.whole:
        rules = read_rulebook({FILE: example.text.encode()})
        assert not [f for _, f in check_at(rules.book, rules.locate, MARCH) if f.weight is not Weight.NOTICE]
        return
    assert not read(example, Weight.NOTICE)  # that nothing names it goes without saying


def test_the_page_has_one_whole_rulebook_and_many_examples() -> None:
    found = examples()
    assert len(found) > 20
    assert sum(each.whole for each in found) == 1
    assert {each.kind for each in found} == {"", "wrong", "doubtful"}


@pytest.mark.parametrize("example", BAD)
def test_what_is_said_of_an_example_is_on_the_page(example: Example) -> None:
    assert sorted(read(example)) == sorted(example.said.splitlines())


def used(value: Any, kind: Any) -> Iterator[tuple[type[BaseModel], str]]:
    """The fields that an example uses, each with its part."""
    kind = bare(kind)
    if get_origin(kind) in (Union, UnionType) or (isinstance(value, Mapping) and not _is_part(kind)):
        found = list(every_part(kind))
        kind = found[0] if found and get_origin(kind) is not dict else kind
    if _is_part(kind) and isinstance(value, Mapping):
        known = fields(kind)
        for name, each in value.items():
            if name in known:
                yield kind, name
                yield from used(each, known[name].annotation)
    elif isinstance(value, Mapping) and get_origin(kind) is dict:
        for each in value.values():
            # In the long form a service or team is a group of lines, in the short one a list.
            long = list(every_part(get_args(kind)[1]))
            yield from used(each, long[0] if long and isinstance(each, Mapping) else get_args(kind)[1])
    elif isinstance(value, list) and get_origin(kind) is tuple:
        for each in value:
            yield from used(each, get_args(kind)[0])


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def test_every_field_is_used_in_an_example() -> None:
    shown = {pair for each in examples() for pair in used(read_yaml(FILE, each.text.encode()).data, RulebookModel)}
    lacking = {(part, name) for part in parts() for name in fields(part)} - shown
    assert not {f"{part.__name__}.{name}" for part, name in lacking}


# Other lists ---------------------------------------------------------------------------------------------------------


def rows_after(head: str) -> list[str]:
    """The first column of the table with that head."""
    table = PAGE.partition(head)[2].partition("\n\n")[0]
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def test_the_targets_are_all_there() -> None:
    wanted = [f"{kind}:{each}" for kind, aspects in ASPECTS.items() for each in aspects]
    wanted += [kind.value for kind in TargetKind if kind not in ASPECTS]
    found = [row if row.split(":")[0] in ASPECTS else row.split(":")[0] for row in rows_after("| target |")]
    assert sorted(found) == sorted(wanted)


def test_the_placeholders_are_all_there() -> None:
    assert rows_after("| placeholder |") == [f"{{{name}}}" for name in PLACEHOLDERS]


def test_the_ways_are_all_there() -> None:
    found = re.search(r"Ways are (.*?)\.", PAGE)
    assert found and re.findall(r"`(\w+)`", found[1]) == list(WAYS)


def test_what_check_finds_is_all_there() -> None:
    kinds = set()
    for path in (REPOSITORY / "warroom" / "rulebook").glob("check*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                kinds.add(ast.literal_eval(node.args[1]))
    documented = rows_after("| kind | what it means |")
    assert sorted(documented) == sorted(kinds)


def test_the_clocks_in_stockholm_change_as_the_page_says() -> None:
    def at(wall: str) -> str:
        return instant(datetime.fromisoformat(wall), "Europe/Stockholm").isoformat()

    assert at("2026-03-29 02:30") == "2026-03-29T01:00:00+00:00"  # 03:00 summer time
    assert at("2026-10-25 02:30") == "2026-10-25T00:30:00+00:00"  # the first of the two
