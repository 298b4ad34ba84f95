"""What every command has in common: which room, as whom, in which form; given before or after the command's name."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from warroom.cli.completing import know
from warroom.cli.helping import Spoken, told
from warroom.cli.lazy import LazyGroup
from warroom.valueclass import dataclass
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.preferences.load import Read

DB_VARIABLE = "WARROOM_DB"


@dataclass(slots=True)
class Settings:
    """The global options of one run. `clock` replaces the room's own clock, for tests."""

    db: str = ""
    actor: str = ""
    json: bool = False
    clock: Callable[[], datetime] | None = None
    _read: Read | None = None

    def target(self) -> str:
        """The room's file or URL: `--db`, else the environment, else this user's own."""
        given = self.db or os.environ.get(DB_VARIABLE, "")
        if not given:
            from platformdirs import user_data_path

            return str(user_data_path("warroom", appauthor=False) / "room.db")
        return given if "://" in given else os.path.expanduser(given)  # noqa: PTH111 - "~" from a variable or --db=~

    def own(self) -> Read:
        """What this person's settings file says; read when it is first asked for. Raises `PreferencesError`."""
        if self._read is None:
            from warroom.preferences.load import read_preferences

            self._read = read_preferences()
        return self._read

    def login(self) -> str:
        """Who this process belongs to."""
        from warroom.service.acting import login_name

        return login_name()

    def who(self) -> str:
        """In whose name things are done."""
        return self.actor or self.login()


def settings_of(ctx: click.Context) -> Settings:
    """The settings of this run; made when the first option asks for them."""
    root = ctx.find_root()
    if root.obj is None:
        root.obj = Settings()
    assert isinstance(root.obj, Settings)
    return root.obj


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    settings = settings_of(ctx)
    match param.name, value:
        case _, None | False:
            return
        case "db", str():
            if not value.strip():
                raise click.BadParameter(tr("name a file or a URL"), ctx, param)
            settings.db = value
        case "actor", str():
            from warroom.domain.core import NAME_LIMIT
            from warroom.domain.text import clean_line

            settings.actor = clean_line(value, NAME_LIMIT)
            if not settings.actor:
                raise click.BadParameter(tr("name a person"), ctx, param)
        case _:
            settings.json = True


def global_options() -> list[click.Parameter]:
    """The options that every command takes; they mean the same before and after its name."""
    return [
        click.Option(
            ["--db"],
            metavar="PATH|URL",
            type=click.Path(),
            expose_value=False,
            callback=_remember,
            help=f"The room's database; default: ${DB_VARIABLE}, else room.db among your own data.",
        ),
        click.Option(
            ["--as", "actor"],
            metavar="NAME",
            expose_value=False,
            callback=_remember,
            help="Act in this name; default: your login.",
        ),
        click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            callback=_remember,
            help="Print JSON, one object per line, and nothing else (see docs/json.md).",
        ),
    ]


class RoomCommand(Spoken):
    """A command that also takes the global options and lists them apart."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        know(self.params)
        self.common = global_options()
        self.params += self.common

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The command's own options first."""
        own: list[tuple[str, str]] = []
        common: list[tuple[str, str]] = []
        for param in self.get_params(ctx):
            if (record := told(param, ctx)) is not None:
                (common if param in self.common else own).append(record)
        with formatter.section(tr("Options")):
            formatter.write_dl(own)
        with formatter.section(tr("Options of every command")):
            formatter.write_dl(common)


class RoomGroup(LazyGroup):
    """A group of commands that also takes the global options, before and after the name of the one that is meant."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.common = global_options()
        self.params += self.common


def command(name: str, **attributes: Any) -> Callable[[Callable[..., Any]], RoomCommand]:
    """Make a function a command with the global options; its first parameter is the `Settings` of the run."""

    def wrap(function: Callable[..., Any]) -> RoomCommand:
        return click.command(name, cls=RoomCommand, **attributes)(_with_settings(function))

    return wrap


def _with_settings(function: Callable[..., Any]) -> Callable[..., Any]:
    import functools

    @functools.wraps(function)
    def called(**values: Any) -> Any:
        return function(settings_of(click.get_current_context()), **values)

    return called
