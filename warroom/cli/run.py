"""`warroom`, `demo` and `engine`: what stays open."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warroom.cli.logfile import start_log
from warroom.cli.settings import Settings, command

if TYPE_CHECKING:
    from warroom.engine.runtime import Place
    from warroom.preferences.values import Preferences


_RULEBOOK = click.option(
    "--rulebook",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Put the rules in DIR in force whenever they are saved; default: $WARROOM_RULEBOOK.",
)


@command("board")
@click.option("--readonly", is_flag=True, help="Only look: no timers are kept going, nothing can be changed.")
@_RULEBOOK
def board(settings: Settings, readonly: bool, rulebook: Path | None) -> int:
    """Open the board: the full screen."""
    return open_board(settings, readonly=readonly, rulebook=rulebook)


def open_board(settings: Settings, *, readonly: bool = False, rulebook: Path | None = None) -> int:
    """The board in this terminal; returns the exit code."""
    if settings.json:
        raise click.UsageError("the board has no JSON form; use warroom list --json")
    _need_terminal("the board", "use warroom list, show, log or gaps")
    _log()
    from warroom.engine.runtime import Place

    place = Place(settings.target(), settings.who(), settings.login(), readonly, _watched(rulebook))
    return _show_board(place, settings.own().preferences)


@command("demo")
@click.option(
    "--speed",
    type=click.FloatRange(min=0.01, max=1000),
    default=1.0,
    show_default=True,
    metavar="N",
    help="How many times as fast as real time.",
)
@click.option("--headless", is_flag=True, help="Without a screen, until Ctrl-C.")
def demo(settings: Settings, speed: float, headless: bool) -> int:
    """Open a room of its own in which things happen, to look around and try everything.

    Without --db the room is gone afterwards.
    """
    if settings.json:
        raise click.UsageError("the demo has no JSON form; keep it with --db and look at it with warroom list --json")
    if not headless:
        _need_terminal("the demo", "use --headless and --db")
    # A scenario must never be played into a room that somebody uses.
    db = settings.target() if settings.db else None
    if db is not None and os.path.lexists(db):
        raise click.UsageError(f"{db} exists already: the demo makes a new file; name another one, or open this one")
    _log()
    from warroom.demo.run import run

    return run(
        speed=speed,
        actor=settings.who(),
        login=settings.login(),
        db=db,
        show=_keep_going if headless else lambda place: _show_board(place, settings.own().preferences),
    )


def _show_board(place: Place, own: Preferences) -> int:
    from warroom.tui.app import run_board

    return run_board(place, own)


def _keep_going(place: Place) -> int:
    from warroom.engine.headless import run

    return run(place.target, login=place.login, actor=place.actor)


@command("engine")
@_RULEBOOK
def engine(settings: Settings, rulebook: Path | None) -> int:
    """Keep the timers of a room going and send what waits to be sent, without a screen, until SIGTERM or Ctrl-C."""
    if settings.json:
        raise click.UsageError("the engine prints no results; use warroom list --json beside it")
    _log()
    from warroom.engine.headless import run

    return run(settings.target(), login=settings.login(), actor=settings.who(), rulebook=_watched(rulebook))


def _watched(given: Path | None) -> Path | None:
    """The directory of the team's rulebook: the one that is named, else that of the environment, else none."""
    from warroom.cli.rulebook import directory_from_environment

    directory = given.expanduser() if given is not None else directory_from_environment()
    if directory is not None and not directory.is_dir():
        raise click.UsageError(
            f"{directory} is not a directory: warroom rulebook init {directory} writes one to begin with"
        )
    return directory


def _need_terminal(what: str, instead: str) -> None:
    # Keys come from standard input; what is drawn goes to standard error.
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        raise click.UsageError(f"{what} needs a terminal: {instead}")


def _log() -> None:
    try:
        start_log()
    except OSError:
        # No place to write a log is no reason to stay closed; nothing may reach the screen either.
        logging.getLogger("warroom").addHandler(logging.NullHandler())
