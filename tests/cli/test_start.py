"""What a command that somebody waits for does not import: its time is mostly that (measured by `tests.bench.start`)."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.conftest import Cli

COUNTED = """
import json, sys
from warroom.cli.main import cli
try:
    cli(sys.argv[1:])
except SystemExit as end:
    sys.stderr.write(json.dumps([end.code, sorted(sys.modules)]))
"""
NEVER = (
    "alembic",
    "rich",
    "ruamel",
    "sqlalchemy.dialects.postgresql",
    "textual",
    "warroom.rulebook.load",
    "warroom.rulebook.yamlfile",
    "warroom.senders",
    "warroom.service.composing",
    "warroom.service.forecasting",
    "warroom.service.looking",
    "warroom.service.reasons",
    "warroom.service.session",
    "warroom.service.viewing",
    "warroom.store.doctor",
    "warroom.store.migrate",
    "warroom.store.outbox",
)
"""What carrying out a command on one incident has no need of."""
MOST = 185
"""How many modules of our own it takes at most; it was 177 when this was written."""


def imported(room: Cli, *arguments: str) -> set[str]:
    """The modules that a command has imported when it is done."""
    run = subprocess.run(
        [sys.executable, "-c", COUNTED, "--db", str(room.db), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    code, modules = json.loads(run.stderr[run.stderr.index("[") :])
    assert not code, run.stderr
    return set(modules)


@pytest.mark.parametrize("arguments", [("ack", "1"), ("note", "1", "seen")])
def test_a_command_on_one_incident_imports_nothing_that_only_screens_need(
    room: Cli, arguments: tuple[str, ...]
) -> None:
    modules = imported(room, *arguments)
    assert {name for name in modules if any(name == no or name.startswith(f"{no}.") for no in NEVER)} == set()
    assert len([name for name in modules if name.partition(".")[0] == "warroom"]) <= MOST


def test_a_schema_of_the_rulebook_is_built_when_rules_are_read_and_not_before() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "from warroom.rulebook.schema import RulebookModel as M; print(M.__pydantic_complete__);"
            "from warroom.store.tables import EventRow as R; print(R.__pydantic_complete__);"
            "print('__mapper__' in vars(R))",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.split()
    assert said == ["False", "False", "False"]
