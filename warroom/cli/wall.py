"""`warroom wall`: a wallboard, in this terminal, once as text, or in a browser. It looks, and can do nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from warroom.cli.completing import Known
from warroom.cli.filtering import FilterText
from warroom.cli.output import paint, say, tell, width
from warroom.cli.settings import Settings, command
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.service.session import Session
    from warroom.tui.pieces import Line
    from warroom.tui.wall.app import Wanted
    from warroom.views.wall import WallView

SCREENS = ("board", "oncall", "insight")
INSIST = "--i-know-there-is-no-login"
PORT = 8274
_NARROWEST, _USUAL = 20, 80


@command("wall")
@click.option(
    "--screen",
    "screens",
    type=Known("screen", listed=True),
    multiple=True,
    metavar="NAME",
    help="board, oncall or insight; several with commas, or by giving it again. Default: your settings, else board.",
)
@click.option(
    "--rotate",
    type=click.IntRange(2, 3600),
    metavar="S",
    help="Show each page for S seconds. Default: your settings, else 20.",
)
@click.option(
    "--filter",
    "wanted",
    type=FilterText(),
    metavar="TEXT",
    help="Show only incidents that match, as typed behind / on the board.",
)
@click.option("--theme", metavar="NAME", help="How it looks; see warroom themes. Default: your settings, else wall.")
@click.option("--once", is_flag=True, help="Print it once as text and leave: for mail, cron and a quick look.")
@click.option("--serve", is_flag=True, help="Show it in a browser instead (needs the extra: warroom[serve]).")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="With --serve: where to listen.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, metavar="N", help="With --serve."
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="With --serve: answer under this name too, besides addresses; several by giving it again.",
)
@click.option(INSIST, "insist", is_flag=True, help="With --serve: listen where others can reach it, without a login.")
def wall(
    settings: Settings,
    screens: tuple[str, ...],
    rotate: int | None,
    wanted: str | None,
    theme: str | None,
    once: bool,
    serve: bool,
    host: str,
    port: int,
    names: tuple[str, ...],
    insist: bool,
) -> int:
    """Show a wallboard: the nearest deadline and the counts in large figures, a block per major incident.

    The room is opened so that nothing can be written, without any right to write on its file or directory. It keeps
    running when the file is replaced, locked or gone, and says how old its data is. No timers are kept going.
    """
    if settings.json:
        raise click.UsageError(tr("the wallboard has no JSON form; use warroom list --json"))
    if once and serve:
        raise click.UsageError(tr("--once and --serve do not go together"))
    if once and theme is not None:
        raise click.UsageError(tr("--once and --theme do not go together: as text it has the colours of the terminal"))
    own = settings.own()
    turns = _screens(screens) or _screens(own.preferences.wall.screens, tr("the setting wall.screens")) or SCREENS[:1]
    every = rotate or own.preferences.wall.rotate_s
    text = wanted or ""
    _understood(text)
    if theme is not None:
        from warroom.cli.themes import theme_asked

        theme = theme_asked(theme)
    if serve:
        shown = ("--theme", theme) if theme is not None else ()
        return _serve(settings, turns, every, text, shown, host, port, names, insist)
    from warroom.tui.wall.app import Wanted, run_wall

    asked = Wanted(turns, every, text)
    opened = _opener(settings)
    if once:
        return _once(opened, asked)
    if not os.environ.get("TEXTUAL_DRIVER"):
        if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)):
            raise click.UsageError(
                tr("the wallboard needs a terminal: use --once to print it, or --serve for a browser")
            )
        from warroom.cli.run import refuse_dumb

        refuse_dumb(tr("the wallboard"), tr("use --once to print it, or --serve for a browser"))
    _fence(settings)
    return run_wall(opened, asked, own.preferences if theme is None else replace(own.preferences, theme=theme))


def _screens(given: tuple[str, ...], source: str = "--screen") -> tuple[str, ...]:
    names = tuple(name.strip().lower() for each in given for name in each.split(",") if name.strip())
    for name in names:
        if name not in SCREENS:
            raise click.UsageError(
                tr("{source}: there is no screen {name!r}: name one of {known}").format(
                    source=source, name=name, known=", ".join(SCREENS)
                )
            )
    return tuple(dict.fromkeys(names))


def _understood(text: str) -> None:
    from warroom.tui.sieve.grammar import parse

    doubts = parse(text).doubts
    if doubts:
        raise click.UsageError(tr("--filter {text!r} cannot be understood: {doubt}").format(text=text, doubt=doubts[0]))


def _opener(settings: Settings) -> Callable[[], Session]:
    """Opens the room anew each time, for looking alone."""

    def opened() -> Session:
        from warroom.rulebook.load import seed_rulebook
        from warroom.service.session import Session

        return Session(
            settings.target(),
            actor=settings.who(),
            seed=seed_rulebook,
            clock=settings.clock,
            create=False,
            login=settings.login(),
            traceless=True,
        )

    return opened


def _fence(settings: Settings) -> None:
    """Start the log, and then give up every right to write another file."""
    import logging
    from pathlib import Path

    from warroom.cli.logfile import log_path, start_log
    from warroom.tui.wall.fence import fence

    target = settings.target()
    place = Path(target.removeprefix("sqlite:///")).resolve().parent
    logs = log_path().parent
    beside = place == logs or place.is_relative_to(logs)
    try:
        if beside:  # what may be written must not be where the room is
            raise OSError
        start_log()
    except OSError:
        logging.getLogger("warroom").addHandler(logging.NullHandler())
    fence(() if beside else (logs,))


# -- as text ----------------------------------------------------------------------------------------------------------


def _once(opened: Callable[[], Session], wanted: Wanted) -> int:
    """Every screen one after the other, each as high as it takes."""
    from warroom.service.wall_view import WallReader

    with opened() as session:
        view = WallReader(wanted.screens).read(session)
    wide = max(_NARROWEST, width() or _USUAL)
    for number, screen in enumerate(wanted.screens):
        if number:
            say()
        for line in text_of(view, screen, wanted, wide):
            say("".join(paint(text, role) for text, role in line).rstrip())
    return 0


def text_of(view: WallView, screen: str, wanted: Wanted, wide: int) -> list[Line]:
    """One screen, all of it on one page, without blank lines at its end."""
    from warroom.tui.pieces import plain
    from warroom.tui.terminal import terminal_glyphs
    from warroom.tui.timeline.glyphs import ASCII
    from warroom.tui.wall.frame import Turn, picture
    from warroom.tui.wall.parts import Standing

    standing = Standing(filter=wanted.filter, plain=terminal_glyphs() is ASCII)
    high, most = 22, 1_000_000
    while True:
        done = picture(view, view.board.read_at, standing, Turn(screen), wide, high, chosen=wanted.chosen)
        if done.pages == 1 or high >= most:
            break
        high *= 2
    *lines, last = done.lines
    while lines and not plain(lines[-1]).strip():
        lines.pop()
    return [*lines, (), last]


# -- in a browser -----------------------------------------------------------------------------------------------------


def _serve(
    settings: Settings,
    screens: tuple[str, ...],
    every: int,
    text: str,
    shown: tuple[str, ...],
    host: str,
    port: int,
    names: tuple[str, ...],
    insist: bool,
) -> int:
    try:
        from warroom.tui.wall.serve import ALLOW, WallServer, host_name, is_loopback
    except ModuleNotFoundError as error:
        raise click.UsageError(
            tr("a wallboard in a browser needs the package {package}: pip install 'warroom[serve]'").format(
                package=error.name
            )
        ) from None
    for option, name in (("--host", host), *((ALLOW, name) for name in names)):
        try:
            host_name(name)
        except ValueError:
            raise click.UsageError(
                tr("{option} {name!r} is neither a name nor an address of a host: write wall.example.org").format(
                    option=option, name=name
                )
            ) from None
    if not is_loopback(host):
        warning = tr(
            "whoever can reach {host}:{port} sees this room: there is no login and no encryption. "
            "Nothing can be changed there. Better let it listen here and reach it through ssh -L, or a "
            "proxy that asks who it is"
        ).format(host=host, port=port)
        if not insist:
            raise click.UsageError(
                tr("{warning}. If that is what you want, add {option}.").format(warning=warning, option=INSIST)
            )
        tell(settings, warning)
    run = [sys.executable, "-m", "warroom", "--db", settings.target(), "--as", settings.who(), "wall"]
    run += ["--screen", ",".join(screens), "--rotate", str(every), *(["--filter", text] if text else []), *shown]
    # What the pages' processes take their colours and characters from: a browser, not the terminal this is started in.
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", PYTHONUTF8="1")
    os.environ.pop("NO_COLOR", None)
    WallServer(run, host, port, names).serve()
    return 0
