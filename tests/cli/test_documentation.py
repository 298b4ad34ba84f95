"""README and docs show commands, keys, links and pictures that are there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.pictures import PICTURES
from tests.support import REPOSITORY
from warroom.cli.main import COMMANDS, cli
from warroom.tui.actions.incident import OF_INCIDENT
from warroom.tui.actions.names import shown_key
from warroom.tui.board import BoardScreen
from warroom.tui.room import RoomScreen

PAGES = [
    *(REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((REPOSITORY / "docs").glob("*.md")),
]
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
README = TEXTS[REPOSITORY / "README.md"]
BLOCK = re.compile(r"^```(\w*).*?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shown() -> Iterator[str]:
    """Every line of a block that begins with our command."""
    for text in TEXTS.values():
        for block in BLOCK.finditer(text):
            for line in block[2].splitlines() if not block[1] else ():
                _, found, rest = f" {line}".partition(" warroom ")
                if found and not line.startswith("#"):
                    yield f"warroom {rest}"


def command_of(words: list[str]) -> tuple[click.Command, click.Context, list[str]]:
    """The command that the words begin with, its context, and what follows its name."""
    command: click.Command = cli
    ctx = click.Context(cli, info_name="warroom")
    while isinstance(command, click.Group):
        _, rest, _ = command.make_parser(ctx).parse_args(list(words))
        if not rest:
            break
        found = command.get_command(ctx, rest[0])
        assert found is not None, f"there is no command {rest[0]!r} in {words}"
        command, ctx, words = found, click.Context(found, info_name=rest[0], parent=ctx), rest[1:]
    return command, ctx, words


@pytest.mark.parametrize("line", sorted(set(shown())))
def test_a_command_that_is_shown_is_understood(line: str) -> None:
    command, ctx, words = command_of(shlex.split(line, comments=True)[1:])
    if not isinstance(command, click.Group):
        command.make_context(ctx.info_name, words, parent=ctx.parent)


def inline() -> set[str]:
    """Every mention of one of our commands within a sentence or a table."""
    texts = (BLOCK.sub("", text) for text in TEXTS.values())
    return {found for text in texts for found in re.findall(r"`(warroom [^`]+)`", text)}


@pytest.mark.parametrize("mention", sorted(inline()))
def test_a_command_that_is_mentioned_is_there(mention: str) -> None:
    words = shlex.split(re.sub(r"[\[\]]", "", mention))[1:]
    command: click.Command = cli
    ctx = click.Context(cli)
    _, rest, _ = cli.make_parser(ctx).parse_args(list(words))
    while isinstance(command, click.Group) and rest:
        found = command.get_command(ctx, rest[0])
        assert found is not None or command is not cli, mention
        command, rest = found or command, rest[1:] if found else []
    options = {option for param in (*command.params, *cli.params) for option in param.opts}
    assert {word for word in words if word.startswith("--")} <= {*options, "--help"}, mention


def test_every_command_is_named_somewhere() -> None:
    everything = "\n".join(TEXTS.values())
    assert not [name for name in COMMANDS if not re.search(rf"`(warroom )?{name}\b|warroom {name}\b", everything)]


def test_the_keys_of_the_board_and_of_an_incident_are_in_the_readme() -> None:
    table = README.partition("| key | does | command |")[2].partition("\n\n")[0]
    documented = {key for row in table.splitlines()[2:] for key in re.findall(r"`(.+?)`", row.split("|")[1])}
    documented |= {key for row in table.splitlines()[2:] for key in re.findall(r"`(end)`", row.split("|")[2])}
    bindings = [b for b in (*BoardScreen.BINDINGS, *RoomScreen.BINDINGS) if not isinstance(b, tuple)]
    keys = {b.key_display or b.key for b in bindings}
    # Every key is in docs/keys.md; the table in the README has those of an incident, and none that is not there.
    assert documented <= keys
    assert {shown_key(action.key) for action in OF_INCIDENT} <= documented


# Links ---------------------------------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    heads = re.findall(r"^#+ (.+)$", BLOCK.sub("", TEXTS[page]), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", BLOCK.sub("", TEXTS[page])):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        assert aim.exists(), target
        if anchor:
            assert anchor in anchors(aim), target


def test_every_picture_is_drawn_and_shown() -> None:
    drawn = {f"{name}.svg" for name, *_ in PICTURES}
    drawn |= {"tour.svg", "tour.cast"}  # python -m tests.recording
    assert {path.name for path in (REPOSITORY / "docs" / "pictures").iterdir()} == drawn
    assert set(re.findall(r"docs/pictures/([\w-]+\.svg)", README)) <= drawn
