"""What is wrong with a rulebook, and what is doubtful about it, is said in the language of whoever reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.rulebook import test_check, test_errors
from tests.rulebook.small import SMALL, changed, problems_of
from tests.rulebook.sound import NOW, read
from tests.rulebook.sound import changed as sound
from tests.support.strange import looked_up
from warroom.rulebook.check import check
from warroom.rulebook.load import read_rulebook
from warroom.rulebook.schema import json_schema
from warroom.words import plain

SIGN = "¤"


def foreign(text: str) -> str:
    """Stands in front of whatever was looked up."""
    return SIGN + text


@pytest.fixture(autouse=True)
def elsewhere() -> Iterator[None]:
    with looked_up(foreign):
        yield


def test_every_problem_is_looked_up_and_so_is_its_remedy() -> None:
    for case in test_errors.CASES:
        (problem,) = problems_of(changed(case.old, case.new).replace("«", ""))
        assert problem.message.startswith(SIGN) and problem.advice.startswith(SIGN), problem


def test_what_a_missing_line_is_for_is_looked_up() -> None:
    (problem,) = problems_of(changed("    glyph: ▲\n", ""))
    assert problem.advice == f"{SIGN}add glyph: ({SIGN}the sign in front of it, one character of one cell)"


def test_every_finding_is_looked_up_and_so_is_its_remedy() -> None:
    for case in test_check.CASES:
        for finding in check(read(sound(case.old, case.new)).book, NOW):
            assert finding.what.startswith(SIGN) and finding.advice.startswith(SIGN), finding


def test_the_schema_for_editors_and_what_is_kept_are_the_same_everywhere() -> None:
    with plain():
        schema = json.dumps(json_schema())
        content = read_rulebook({"a.yaml": SMALL.encode()}).json
    assert json.dumps(json_schema()) == schema and SIGN not in schema
    assert read_rulebook({"a.yaml": SMALL.encode()}).json == content
