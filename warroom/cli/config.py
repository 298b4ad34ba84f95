"""`warroom config`: the settings of one person, where each comes from, and what is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warroom.cli.lazy import Entry
from warroom.cli.output import Cell, emit, say, table, tell, width
from warroom.cli.problems import print_problems
from warroom.cli.settings import DB_VARIABLE, RoomGroup, Settings, command
from warroom.tui.pieces import Role
from warroom.valueclass import dataclass
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.preferences.load import Read

LINK_VARIABLE = "WARROOM_LINK"
_OWN, _FILE = "warroom.cli.config", "The settings file"

config = RoomGroup(
    "config",
    entries={
        "show": Entry(f"{_OWN}:show", "Every setting: its value, and where it is from.", _FILE),
        "check": Entry(f"{_OWN}:check", "What is wrong with a settings file, line by line.", _FILE),
        "path": Entry(f"{_OWN}:path", "Where your settings file is, or would be.", _FILE),
        "init": Entry(f"{_OWN}:init", "Write one to begin with, with every setting explained.", _FILE),
        "schema": Entry(f"{_OWN}:schema", "The JSON Schema of the file, for editors.", _FILE),
    },
    help="Your own settings: colours, keys, columns, language, notifications. A file for all on this machine "
    "(/etc/warroom/settings.yaml) counts below it.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting as it is in force. `source`: "default", "environment", "option" or "file", with `where` in words."""

    name: str
    value: str
    source: str
    where: str
    meaning: str


def shown_settings(settings: Settings, read: Read) -> Iterator[Shown]:
    """Every setting with where it is from: the file's, then what options and the environment say of the room."""
    from warroom import language
    from warroom.preferences.known import all_settings, leaves, written

    values = dict(leaves(read.preferences))
    for each in all_settings():
        value, where = values[each.path], read.origin(each.path)
        source = "file" if where else "default"
        if each.path == ("keys",) and value:
            source, where = "file", next(iter(filter(None, (read.origin(("keys", key)) for key in value))), "")
        if each.path == ("link",) and os.environ.get(LINK_VARIABLE, "").strip():
            from warroom.tui.link.speed import chosen

            value, source, where = chosen(str(value)), "environment", f"${LINK_VARIABLE}"
        if each.path == ("language",) and not value:
            name = next((n for n in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
            value = language.language()
            source, where = ("environment", f"${name}") if name and value else ("default", "")
        yield Shown(each.name, written(value), source, where, tr(each.meaning) if each.meaning else "")
    for name, option, given, variable, used, meaning in (
        ("db", "--db", settings.db, DB_VARIABLE, settings.target(), tr("The room's database.")),
        ("as", "--as", settings.actor, "", settings.who(), tr("In whose name things are done.")),
        ("rulebook", "", "", "WARROOM_RULEBOOK", os.environ.get("WARROOM_RULEBOOK", ""), tr("The rulebook's files.")),
    ):
        by_variable = bool(variable and os.environ.get(variable))
        source = "option" if given else "environment" if by_variable else "default"
        yield Shown(name, used, source, option if given else f"${variable}" if by_variable else "", meaning)


@command("show")
def show(settings: Settings) -> None:
    """Show every setting: its value, where that is from (a file and its line, the environment, an option, or the
    usual one), and what it means."""
    read = settings.own()
    rows = list(shown_settings(settings, read))
    if settings.json:
        from warroom.cli.shapes.config import ConfigSetting

        for row in rows:
            emit(ConfigSetting(**{name: getattr(row, name) for name in ConfigSetting.model_fields}))
    else:
        wide = width()
        cells = [
            (
                Cell(row.name, Role.STRONG),
                Cell(row.value or "—", Role.TEXT if row.source != "default" else Role.MUTED),
                Cell(_origin(row), Role.MUTED if row.source == "default" else Role.ACCENT),
                Cell(row.meaning, Role.MUTED),
            )
            for row in rows
        ]
        for line in table((tr("SETTING"), tr("VALUE"), tr("FROM"), tr("MEANING")), cells, wide=wide):
            say(line)
    _warn(settings, read)


def _origin(row: Shown) -> str:
    match row.source:
        case "default":
            return tr("default")
        case "environment":
            return tr("environment {name}").format(name=row.where)
        case "option":
            return tr("option {name}").format(name=row.where)
    return _short(row.where)


def _short(path: str) -> str:
    home = str(Path.home())
    return f"~{path[len(home) :]}" if path.startswith(f"{home}/") else path


def _warn(settings: Settings, read: Read) -> None:
    for problem in read.warnings:
        tell(settings, str(problem))


@command("check")
@click.argument("file", metavar="[FILE]", type=click.Path(path_type=Path), required=False)
def check(settings: Settings, file: Path | None) -> int:
    """Say everything that is wrong with FILE, by default with your own settings and this machine's, each thing with its
    place and what to do. Exit code 0 when nothing is, 1 when something is.

    Also what other parts know better: themes, keys, columns, filters.
    """
    from warroom.cli.config_checks import problems_of
    from warroom.preferences.load import settings_path

    found = problems_of(file)
    print_problems(settings, found)
    if not found:
        where = file or settings_path()
        said = tr("nothing is wrong with {file}") if where.exists() else tr("there is no {file}: all is as usual")
        tell(settings, said.format(file=_short(str(where))))
    return 1 if found else 0


@command("path")
def path(settings: Settings) -> None:
    """Print where your settings file is, or would be; below it, with --json, those of this machine."""
    from warroom.preferences.load import settings_path, site_paths

    own = settings_path()
    if not settings.json:
        say(str(own))
        return
    from warroom.cli.shapes.config import ConfigFile

    emit(ConfigFile(file=str(own), exists=own.exists(), whose="own"))
    for each in site_paths():
        emit(ConfigFile(file=str(each), exists=each.exists(), whose="machine"))


@command("init")
@click.option(
    "--force", is_flag=True, help="Write over the file that is there; it is kept beside, as settings.yaml.old."
)
def init(settings: Settings, force: bool) -> None:
    """Write a settings file to begin with: every setting with what it means, none in force until you take its # away.
    Only you can read it. A file that is there is not touched."""
    from warroom.preferences.known import file_text
    from warroom.preferences.load import settings_path
    from warroom.tui.export.files import FileThere, write_private

    where = settings_path()
    text = file_text()
    where.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if force and where.exists():
        where.replace(where.with_name(f"{where.name}.old"))
    try:
        write_private(where, text.encode())
    except FileThere:
        raise click.UsageError(tr("{file} is there: say --force to write over it").format(file=where)) from None
    if settings.json:
        from warroom.cli.shapes.config import ConfigFile

        emit(ConfigFile(file=str(where), exists=True, whose="own"))
    else:
        say(str(where))


@command("schema")
def schema(settings: Settings) -> None:
    """Print the JSON Schema of a settings file.

    Editors with a YAML language server use it when the file begins with "# yaml-language-server: $schema=PATH".
    """
    import json

    from warroom.preferences.known import schema as made

    click.echo(json.dumps(made(), indent=2, ensure_ascii=False).encode())
