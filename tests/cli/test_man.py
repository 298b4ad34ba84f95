"""The manual page names everything, and the help of every command is there and fits a terminal."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator

import click
import pytest

from tests.cli.conftest import Cli
from tests.support import REPOSITORY
from warroom.cli.main import cli
from warroom.cli.man import page


def contexts(command: click.Command = cli, parent: click.Context | None = None) -> Iterator[click.Context]:
    """Every command, and those within."""
    wide = {"terminal_width": 80, "max_content_width": 80, "help_option_names": ["-h", "--help"]}
    ctx = click.Context(command, info_name=command.name, parent=parent, **wide)  # type: ignore[arg-type]
    yield ctx
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            assert found is not None
            yield from contexts(found, ctx)


MANUAL = REPOSITORY / "docs" / "man" / "warroom.1"
EVERY = {ctx.command_path: ctx for ctx in contexts()}


@pytest.mark.parametrize("path", EVERY)
def test_every_command_and_option_is_explained_within_eighty_columns(path: str) -> None:
    ctx = EVERY[path]
    assert ctx.command.help
    for param in ctx.command.params:
        assert not isinstance(param, click.Option) or param.help, param.opts
    assert [line for line in ctx.get_help().splitlines() if len(line) > 80] == []


def test_the_page_names_every_command_and_option() -> None:
    text = page().replace("\\-", "-")
    for path, ctx in EVERY.items():
        if path != "warroom":
            assert f".SS {path.removeprefix('warroom ')}\n" in text
        for param in ctx.command.params:
            if isinstance(param, click.Option):
                assert re.search(rf"{re.escape(param.opts[0])}\b", text), (path, param.opts)


def test_nothing_in_it_is_taken_for_a_request() -> None:
    requests = {line.split()[0] for line in page().splitlines() if line.startswith((".", "'"))}
    assert requests <= {'.\\"', ".TH", ".SH", ".SS", ".PP", ".TP", ".RS", ".RE", ".nf", ".fi", ".B"}


def test_the_command_prints_it(warroom: Cli) -> None:
    assert warroom.bare("man").stdout == page()


def test_the_page_that_is_installed_is_this_one() -> None:
    assert MANUAL.read_text(encoding="utf-8") == page(), "run: python -m warroom man > docs/man/warroom.1"


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_it_can_be_set() -> None:
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Kutf8", "-Tutf8", "-P-c"], input=page().encode(), capture_output=True, timeout=60
    )
    assert done.returncode == 0
    assert done.stderr == b""
    text = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout.decode())
    assert "warroom config check" in text
    assert "EXIT STATUS" in text
