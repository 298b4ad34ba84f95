"""What went wrong, as one message for a person, one object for a program, and an exit code for both.

Exit codes: 1 refused or failed, nothing was done; 2 the command was not understood; 3 the room had moved on; 70 an
error of warroom itself; 130 and 141 an end by Ctrl-C or because nobody reads the output any more.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress

import click

from warroom.cli.installing import how_to_install
from warroom.cli.quiet import INTERRUPTED, Quiet
from warroom.valueclass import dataclass
from warroom.words import tr

REFUSED, USAGE, STALE, INTERNAL = 1, 2, 3, 70


@dataclass(frozen=True, slots=True)
class Failure:
    """One error as it is told. `kind` is a word for programs, `retry` says whether the same command may yet succeed.

    `hint` is a second line for people only.
    """

    kind: str
    message: str
    exit: int = REFUSED
    retry: bool = False
    hint: str = ""


def report(error: BaseException, *, as_json: bool) -> int:
    """Tell what went wrong on stderr and return the exit code."""
    if isinstance(error, Quiet | click.Abort):
        _leave_stdout()
        return error.status if isinstance(error, Quiet) else INTERRUPTED
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    failure = classify(error) or _internal(error)
    _leave_stdout()
    if as_json:
        told = {"kind": failure.kind, "message": failure.message, "exit": failure.exit, "retry": failure.retry}
        click.echo(json.dumps({"error": told}, ensure_ascii=False), err=True)
    elif isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(failure.message, err=True)  # the help of a group that was called without a command
    else:
        click.echo(f"warroom: {failure.message}" + (f"\n{failure.hint}" if failure.hint else ""), err=True)
    return failure.exit


def classify(error: BaseException) -> Failure | None:
    """What an error means for the person; None for one that should not have happened."""
    from warroom.domain.core import Refused, Stale
    from warroom.domain.text import clean_block
    from warroom.intake.history import HistoryError
    from warroom.preferences.load import PreferencesError
    from warroom.store.db_errors import DatabaseError

    text = clean_block(str(error), 4000)
    match error:
        case click.UsageError():
            path = error.ctx.command_path if error.ctx is not None else ""
            hint = tr("Try: {command} --help").format(command=path) if path else ""
            return Failure("usage", clean_block(error.format_message(), 4000), USAGE, hint=hint)
        case click.ClickException():
            return Failure("file", clean_block(error.format_message(), 4000))
        case Stale():
            return Failure("stale", text, STALE, retry=True)
        case Refused():
            missing = _is(error, "warroom.store.write", "NoSuchIncident")
            return Failure("not_found" if missing else "refused", text)
        case DatabaseError():
            return Failure("database", text, retry=error.retry)
        case PreferencesError():
            return Failure("settings", clean_block(str(error), 4000))
        case HistoryError():
            return Failure("history", text)
        case ModuleNotFoundError() if not (error.name or "warroom").startswith("warroom"):
            return Failure("installation", how_to_install(error.name or ""))
        case OSError():
            return Failure("file", _of_the_system(error))
    if _is(error, "warroom.rulebook.problems", "RulebookError"):
        return Failure("rulebook", text)
    if _is(error, "warroom.store.codec", "UnknownEvent"):
        return Failure("database", text)
    if _is(error, "warroom.store.write", "Conflict"):
        return Failure("database", tr("{trouble}: try again").format(trouble=text), retry=True)
    return None


def _is(error: BaseException, module: str, name: str) -> bool:
    """Whether an error is of a class of a module that costs too much to import only to ask."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(error, getattr(loaded, name))


def _of_the_system(error: OSError) -> str:
    from warroom.domain.text import clean_line

    what = error.strerror or str(error) or type(error).__name__
    return clean_line(f"{error.filename}: {what}" if error.filename else what, 1000)


def _internal(error: BaseException) -> Failure:
    """The last resort: the traceback goes to the log."""
    from warroom import __version__
    from warroom.domain.text import clean_line

    what = clean_line(f"{type(error).__name__}: {error}", 300)
    try:
        import logging

        from warroom.cli.logfile import start_log

        path = start_log()
        logging.getLogger("warroom.cli").error("warroom %s ended by an error", __version__, exc_info=error)
        where = tr("the details are in {file}").format(file=path)
    except Exception as trouble:
        where = tr("its log could not be written ({trouble})").format(trouble=clean_line(str(trouble), 200))
    said = tr("something is wrong in warroom itself ({what}); {where}").format(what=what, where=where)
    return Failure("internal", said, INTERNAL)


def _leave_stdout() -> None:
    """Nothing more is printed; what still waits in the buffer must not raise when Python ends."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
