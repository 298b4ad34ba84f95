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
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.engine.runtime import Place
    from warroom.preferences.values import Preferences
    from warroom.tui.glimpse import Glimpse


_RULEBOOK = click.option(
    "--rulebook",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Put the rules in DIR in force whenever they are saved; default: $WARROOM_RULEBOOK.",
)
_LINK = click.option(
    "--link",
    type=click.Choice(["auto", "slow", "fast", "plain"]),
    help="How fast the line to the terminal is; auto is slow under SSH. Default: $WARROOM_LINK, else your settings.",
)

_THEME = click.option("--theme", metavar="NAME", help="How it looks; see warroom themes. Default: your settings.")


@command("board")
@click.option("--readonly", is_flag=True, help="Only look: no timers are kept going, nothing can be changed.")
@_RULEBOOK
@_LINK
@_THEME
def board(settings: Settings, readonly: bool, rulebook: Path | None, link: str | None, theme: str | None) -> int:
    """Open the board: the full screen."""
    return open_board(settings, readonly=readonly, rulebook=rulebook, link=link, theme=theme)


def open_board(
    settings: Settings,
    *,
    readonly: bool = False,
    rulebook: Path | None = None,
    link: str | None = None,
    theme: str | None = None,
) -> int:
    """The board in this terminal; returns the exit code."""
    if settings.json:
        raise click.UsageError(tr("the board has no JSON form; use warroom list --json"))
    _need_terminal(tr("the board"), tr("use warroom list, show, log or gaps"))
    if theme is not None:
        from warroom.cli.themes import refuse_unknown

        refuse_unknown(theme)
    _log()
    from warroom.tui.glimpse import glimpse

    with glimpse(settings.target()) as first:
        from warroom.engine.runtime import Place

        place = Place(settings.target(), settings.who(), settings.login(), readonly, _watched(rulebook))
        return _show_board(place, _themed(settings, theme), link, first)


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
@_LINK
@_THEME
def demo(settings: Settings, speed: float, headless: bool, link: str | None, theme: str | None) -> int:
    """Open a room of its own in which things happen, to look around and try everything.

    Without --db the room is gone afterwards.
    """
    if settings.json:
        raise click.UsageError(
            tr("the demo has no JSON form; keep it with --db and look at it with warroom list --json")
        )
    if not headless:
        _need_terminal(tr("the demo"), tr("use --headless and --db"))
    # A scenario must never be played into a room that somebody uses.
    db = settings.target() if settings.db else None
    if db is not None and os.path.lexists(db):
        raise click.UsageError(
            tr("{db} exists already: the demo makes a new file; name another one, or open this one").format(db=db)
        )
    _log()
    from warroom.demo.run import run

    return run(
        speed=speed,
        actor=settings.who(),
        login=settings.login(),
        db=db,
        show=_keep_going if headless else lambda place: _show_board(place, _themed(settings, theme), link),
    )


def _themed(settings: Settings, theme: str | None) -> Preferences:
    """The person's settings with the theme that was named for this once, which has to be there and right."""
    from dataclasses import replace

    from warroom.preferences.machine import spared
    from warroom.tui.actions.keymap import keymap_of, problems
    from warroom.tui.sieve.settings import check, refuse_wrong

    read = spared(settings.own(), problems, check)
    keymap_of(read)  # keys that cannot work are refused before the screen opens
    refuse_wrong(read)  # so are columns, an order and a filter that nobody can understand
    own = read.preferences
    if theme is None:
        return own
    from warroom.cli.themes import theme_asked

    return replace(own, theme=theme_asked(theme))


def _show_board(place: Place, own: Preferences, link: str | None, first: Glimpse | None = None) -> int:
    from warroom.tui.link import speed

    if link is not None:  # what is typed counts for more than the environment, which counts for more than a file
        os.environ[speed.VARIABLE] = link
    speed.prepare(own.link)  # before Textual is loaded
    from warroom.tui.running import run_board

    return run_board(place, own, first)


def _keep_going(place: Place) -> int:
    from warroom.engine.headless import run

    return run(place.target, login=place.login, actor=place.actor)


@command("engine")
@_RULEBOOK
def engine(settings: Settings, rulebook: Path | None) -> int:
    """Keep the timers of a room going and send what waits to be sent, without a screen, until SIGTERM or Ctrl-C."""
    if settings.json:
        raise click.UsageError(tr("the engine prints no results; use warroom list --json beside it"))
    _log()
    from warroom.engine.headless import run

    return run(settings.target(), login=settings.login(), actor=settings.who(), rulebook=_watched(rulebook))


def _watched(given: Path | None) -> Path | None:
    """The directory of the team's rulebook: the one that is named, else that of the environment, else none."""
    from warroom.cli.rulebook import directory_from_environment

    directory = given.expanduser() if given is not None else directory_from_environment()
    if directory is not None and not directory.is_dir():
        raise click.UsageError(
            tr("{directory} is not a directory: warroom rulebook init {directory} writes one to begin with").format(
                directory=directory
            )
        )
    return directory


def _need_terminal(what: str, instead: str) -> None:
    # Keys come from standard input; what is drawn goes to standard error, and standard output may not be another
    # program's, which would draw over it.
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise click.UsageError(tr("{what} needs a terminal: {instead}").format(what=what, instead=instead))
    refuse_dumb(what, instead)


def refuse_dumb(what: str, instead: str) -> None:
    """Refuse a terminal on which nothing can be drawn, by what it calls itself."""
    term = os.environ.get("TERM", "").strip()
    if term in ("", "dumb", "unknown"):
        said = (
            tr("TERM={term} is one that cannot move its cursor").format(term=term)
            if term
            else tr("TERM does not say which this is")
        )
        raise click.UsageError(
            tr("{what} needs a terminal, and {said}: {instead}").format(what=what, said=said, instead=instead)
        )


def _log() -> None:
    try:
        start_log()
    except OSError:
        # No place to write a log is no reason to stay closed; nothing may reach the screen either.
        logging.getLogger("warroom").addHandler(logging.NullHandler())
