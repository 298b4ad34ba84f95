"""`warroom man`: the manual page, made from the commands themselves, so that it names every one and every option."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from warroom import __version__
from warroom.cli.settings import RoomCommand, RoomGroup, Settings, command
from warroom.words import plain

_ENVIRONMENT = (
    ("WARROOM_DB", "The room's database, where --db does not name one."),
    ("WARROOM_RULEBOOK", "The directory of the rulebook that is put in force whenever it is saved."),
    ("WARROOM_SETTINGS", "Another settings file than that of your own."),
    ("XDG_CONFIG_HOME, XDG_CONFIG_DIRS", "Where settings are looked for: yours, and those of this machine."),
    ("XDG_DATA_HOME, XDG_STATE_HOME", "Where the room of your own and the log are."),
    ("LANGUAGE, LC_ALL, LC_MESSAGES, LANG", "The language, where no setting says one."),
    ("NO_COLOR", "No colours at all."),
    ("TERM, COLORTERM", "What the terminal can show."),
    ("SSH_CONNECTION, SSH_TTY", "That the screen is drawn over a line: it spares it, unless the setting link says no."),
)
_FILES = (
    ("~/.config/warroom/settings.yaml", "Your own settings (warroom config)."),
    ("/etc/warroom/settings.yaml", "Settings of everybody on this machine; yours count above them."),
    ("~/.local/share/warroom/room.db", "The room of your own, where no other is named."),
    ("room.db.outbox.jsonl", "Messages of a room whose rules name no way to send them."),
    ("~/.local/state/warroom/log/warroom.log", "What went wrong in warroom itself."),
)
_EXITS = (
    ("0", "It was done."),
    ("1", "It was refused, or it failed; nothing was done. Of doctor and config check: something is wrong."),
    ("2", "The command line was not understood; nothing was done."),
    ("3", "The room has moved on since you looked; nothing was done."),
    ("70", "Something is wrong in warroom itself; the log has the details."),
    ("130, 141", "Ctrl-C; nobody reads the output any more."),
)
_EXAMPLES = (
    ("warroom demo", "A room in which things happen, to look around."),
    ("warroom --db /srv/warroom/room.db", "The board of a team's room."),
    ('warroom declare "Payments fail in the EU" --severity SEV1', "There is an incident."),
    ("warroom ack 142", "You have seen the page."),
    ("warroom list --json | jq -r .key", "The live incidents, for a program."),
)


@command("man")
def man(settings: Settings) -> None:
    """Print the manual page of warroom, in the form that man reads.

    \b
    warroom man | man -l -
    """
    click.echo(page().encode(), nl=False)


def page(date: datetime | None = None) -> str:
    """The whole page as troff, in English. `date` stands at its foot; without one, none does, so that it changes with
    warroom alone."""
    with plain():
        return "\n".join(_page(date)) + "\n"


def _page(date: datetime | None) -> Iterator[str]:
    from warroom.cli.main import COMMANDS, cli

    at = date.astimezone(UTC).strftime("%Y-%m-%d") if date is not None else ""
    yield '.\\" -*- coding: utf-8 -*-'
    yield f'.TH WARROOM 1 "{at}" "warroom {__version__}" "User Commands"'
    yield from (".SH NAME", f"warroom {_t('-')} the incident manager's terminal")
    yield from (".SH SYNOPSIS", r".B warroom", r"[\fIoptions\fR] [\fIcommand\fR [\fIarguments\fR]]")
    yield ".SH DESCRIPTION"
    yield from _prose(cli.help or "")
    yield from _prose(cli.epilog or "")
    yield ".SH OPTIONS"
    root = click.Context(cli, info_name="warroom", **cli.context_settings)
    yield from _options(cli, root)
    for section in dict.fromkeys(entry.section for entry in COMMANDS.values()):
        yield f".SH {_t(section.upper())}"
        for name, entry in COMMANDS.items():
            if entry.section == section:
                found = cli.get_command(root, name)
                assert found is not None
                yield from _command(found, click.Context(found, info_name=name, parent=root))
    yield from _table("ENVIRONMENT", _ENVIRONMENT)
    yield from _table("FILES", _FILES)
    yield from _table("EXIT STATUS", _EXITS)
    yield from _table("EXAMPLES", _EXAMPLES)
    yield from (".SH SEE ALSO", f"{_t('warroom COMMAND --help')}; docs/ beside the source.")


def _command(found: click.Command, ctx: click.Context) -> Iterator[str]:
    words = ctx.command_path.removeprefix("warroom ")
    usage = " ".join(piece for piece in found.collect_usage_pieces(ctx) if piece != "[OPTIONS]")
    yield f".SS {_t(words)}"
    yield f"\\fBwarroom {_t(words)}\\fR [\\fIoptions\\fR] {_t(usage)}".rstrip()
    yield ".PP"
    yield from _prose(found.help or "")
    yield from _options(found, ctx)
    if isinstance(found, click.Group):
        for name in found.list_commands(ctx):
            below = found.get_command(ctx, name)
            assert below is not None
            yield from _command(below, click.Context(below, info_name=name, parent=ctx))


def _options(found: click.Command, ctx: click.Context) -> Iterator[str]:
    """Options with their help; those that every command has stand once, at the root."""
    common = found.common if isinstance(found, RoomCommand | RoomGroup) else []
    for param in found.get_params(ctx):
        record = param.get_help_record(ctx) if isinstance(param, click.Option) and param not in common else None
        if record is not None and not (ctx.parent is not None and "--help" in param.opts):
            yield from (".TP", f"\\fB{_t(record[0])}\\fR", _t(" ".join(record[1].split())) or "\\&")


def _prose(text: str) -> Iterator[str]:
    for part in re.split(r"\n\s*\n", inspect.cleandoc(text)):
        if part.startswith("\b"):
            yield from (".PP", ".RS 4", ".nf", *map(_t, part.splitlines()[1:]), ".fi", ".RE")
        elif part.strip():
            yield from (".PP", _t(" ".join(part.split())))


def _table(head: str, rows: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield f".SH {head}"
    for name, told in rows:
        yield from (".TP", f"\\fB{_t(name)}\\fR", _t(told))


def _t(text: str) -> str:
    """A text as troff takes it literally."""
    made = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{made}" if made[:1] in (".", "'") else made
