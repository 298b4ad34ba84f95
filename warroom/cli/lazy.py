"""A group of commands that imports a command only when it is used, so that `--help` costs next to nothing."""

from __future__ import annotations

import difflib
import functools
import importlib
from collections.abc import Mapping
from typing import Any

import click
from click.shell_completion import CompletionItem

from warroom.cli.helping import Spoken
from warroom.valueclass import dataclass
from warroom.words import tr


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is ("module:function") and what the list of commands says of it, under which heading."""

    target: str
    help: str
    section: str


class LazyGroup(Spoken, click.Group):
    """A group whose commands are known by name and help line, and loaded one by one."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None for a name that is not in the table."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments begin with; a name that is nearly one is answered with that one."""
        name = args[0]
        if name not in self.entries and not name.startswith("-") and not ctx.resilient_parsing:
            near = difflib.get_close_matches(name.lower(), self.entries, 3, 0.6)
            if near:
                likely = functools.reduce(lambda one, other: tr("{one} or {other}").format(one=one, other=other), near)
                ctx.fail(tr("there is no command “{name}”; did you mean {likely}?").format(name=name, likely=likely))
            ctx.fail(tr("there is no command “{name}”").format(name=name))
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under their headings, from the table alone."""
        for section in dict.fromkeys(entry.section for entry in self.entries.values()):
            with formatter.section(tr(section)):
                formatter.write_dl([(n, tr(e.help)) for n, e in self.entries.items() if e.section == section])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Command names from the table alone, then the group's own options."""
        names = [CompletionItem(n, help=tr(e.help)) for n, e in self.entries.items() if n.startswith(incomplete)]
        return names + click.Command.shell_complete(self, ctx, incomplete)
