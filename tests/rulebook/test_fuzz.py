"""Whatever stands in a file, the reader either makes a rulebook of it or says what is wrong, and nothing else."""

from __future__ import annotations

import json
import warnings
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.rulebook.small import SMALL
from warroom.rulebook.convert import from_json
from warroom.rulebook.load import read_rulebook
from warroom.rulebook.problems import RulebookError

_TOKENS = st.sampled_from(
    (
        *"[]{}:,-?#&*!|>'\"%@`\t\n \\~=<",
        *("\n  ", "\n- ", ": ", "---\n", "...\n", "&a ", "*a", "<<: ", "!!set ", "!!int ", "? ", "&a [*a]", "{a: {"),
        *("%YAML 1.1\n", "%TAG ! x\n", '"\\x"', '"\\ud800"', "\x00", "\x85", "\u2028", "\ufeff", "유나", "x" * 300),
        *("null", "true", "0", "-1", "5m", ".inf", "1e999", "2024-01-01", "__class__"),
        *("level:next", "oncall:", "person:mina"),
    )
)
_LINES = SMALL.splitlines(keepends=True)


@st.composite
def _mutated(draw: st.DrawFn) -> str:
    lines = list(_LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 5)):
            case 0:
                lines[at] = draw(_TOKENS)
            case 1:
                lines.insert(at, lines[draw(st.integers(0, len(lines) - 1))])
            case 2:
                lines[at] = lines[at].partition(":")[0] + ": " + draw(_TOKENS) + "\n"
            case 3:
                lines[at] = " " * draw(st.integers(0, 9)) + lines[at].lstrip(" ")
            case 4:
                del lines[at:]
                lines = lines or ["\n"]
            case _:
                cut = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:cut] + draw(_TOKENS) + lines[at][cut:]
    return "".join(lines)


def _try(*files: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            rules = read_rulebook({f"{index}.yaml": raw for index, raw in enumerate(files)})
        except RulebookError as error:
            assert str(error)
            for problem in error.problems:
                assert problem.message and problem.advice
                assert (problem.line is None) == (problem.column is None)
                if problem.line is not None and problem.column is not None:
                    assert problem.line >= 1 and problem.column >= 1
        else:
            assert rules.book.severities


@settings(max_examples=300, deadline=None)
@given(_mutated())
@example(SMALL.replace("name: Yuna", "name: &a [*a]"))
def test_a_mutated_rulebook_is_read_or_refused(text: str) -> None:
    _try(text.encode("utf-8", "surrogatepass"))


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["5m", "", "level:next"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def _places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    steps = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [path, *(place for step, inner in steps for place in _places(inner, (*path, step)))]


_STORED = json.loads(read_rulebook({"a": SMALL.encode()}).json)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_places(_STORED)), _JSON)
def test_a_stored_revision_with_anything_in_it_is_read_or_refused(place: tuple[str | int, ...], value: object) -> None:
    content: Any = json.loads(json.dumps({"": _STORED}))
    inner = content
    for step in ("", *place)[:-1]:
        inner = inner[step]
    inner[("", *place)[-1]] = value
    try:
        assert from_json(json.dumps(content[""])).book.severities
    except RulebookError as error:
        assert str(error) and all(problem.message for problem in error.problems)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(SMALL.encode())))
def test_bytes_in_the_middle_are_read_or_refused(raw: bytes, at: int) -> None:
    whole = SMALL.encode()
    _try(whole[:at] + raw + whole[at:])


@settings(max_examples=150, deadline=None)
@given(st.lists(_TOKENS, max_size=40).map("".join))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    _try(text.encode("utf-8", "surrogatepass"), b"people: {}")
