"""`warroom themes`: which there are, what one looks like, what is wrong with one, and one to begin with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warroom.cli.lazy import Entry
from warroom.cli.output import Cell, emit, paint, say, table, tell, width
from warroom.cli.problems import print_problems
from warroom.cli.settings import RoomGroup, Settings, command, settings_of
from warroom.tui.pieces import Role
from warroom.words import figure, tr

if TYPE_CHECKING:
    from warroom.rulebook.problems import Problem
    from warroom.tui.themes.library import Library
    from warroom.tui.themes.look import Look

_LOOK, _MAKE = "Look", "Your own"
_OWN = "warroom.cli.themes"


@click.pass_context
def _alone(ctx: click.Context) -> None:
    """What `warroom themes` does without a command of its own."""
    if ctx.invoked_subcommand is None:
        _list(settings_of(ctx))


themes = RoomGroup(
    "themes",
    entries={
        "list": Entry(f"{_OWN}:list_", "Every theme there is (this is what themes alone does).", _LOOK),
        "show": Entry(f"{_OWN}:show", "One theme, each role as it looks.", _LOOK),
        "new": Entry(f"{_OWN}:new", "Write a theme of your own, to begin with.", _MAKE),
        "check": Entry(f"{_OWN}:check", "What is wrong with a theme.", _MAKE),
        "path": Entry(f"{_OWN}:path", "Where themes are looked for.", _MAKE),
    },
    invoke_without_command=True,
    callback=_alone,
    help="How the board looks: which themes there are, and your own.",
)


@command("list")
def list_(settings: Settings) -> None:
    """List every theme there is: those that came with warroom, then your own."""
    _list(settings)


def _list(settings: Settings) -> None:
    from warroom.tui.themes.library import Library
    from warroom.tui.themes.look import ThemeError

    library = Library()
    rows: list[tuple[Cell, ...]] = []
    problems: list[Problem] = []
    for entry in library.entries():
        look: Look | None = None
        try:
            look = library.read(entry.file)
        except ThemeError as error:
            problems += error.problems
        if settings.json:
            from warroom.cli.shapes.themes import ThemeLine

            emit(
                ThemeLine(
                    name=entry.name,
                    title=look.title if look else "",
                    file=str(entry.file),
                    shipped=entry.shipped,
                    overrides=str(entry.overrides or ""),
                    dark=look.dark if look else True,
                    depth=_depth(look) if look else "",
                    good=look is not None,
                )
            )
            continue
        if look is None:
            kind = Cell(tr("cannot be used"), Role.LATE)
        else:
            kind = Cell(
                {"full": "", "16": tr("16 colours"), "ansi": tr("the terminal's colours"), "none": tr("no colour")}[
                    _depth(look)
                ]
                or (tr("dark") if look.dark else tr("light"))
            )
        where = "" if entry.shipped else tr("your own, instead of the usual one") if entry.overrides else tr("your own")
        rows.append((Cell(entry.name, Role.STRONG), Cell(look.title if look else ""), kind, Cell(where)))
    for line in table((tr("NAME"), tr("TITLE"), tr("KIND"), ""), rows, wide=width()):
        say(line)
    for problem in problems:
        tell(settings, str(problem))
    if not settings.json:
        tell(settings, tr("try one with warroom board --theme NAME, or T on the board; keep it in your settings file"))


def _depth(look: Look) -> str:
    from warroom.tui.themes.look import DEPTHS

    return next(word for word, depth in DEPTHS.items() if depth is look.depth)


@command("show")
@click.argument("name")
def show(settings: Settings, name: str) -> None:
    """Show the theme NAME, or the one in the file NAME: its colours, and each role as it looks, with its contrast."""
    look = _read(name)
    if settings.json:
        from warroom.cli.shapes.themes import ThemeShown

        emit(
            ThemeShown(
                name=look.name,
                title=look.title,
                file=str(look.file or ""),
                extends=look.extends,
                dark=look.dark,
                depth=_depth(look),
                contrast=look.contrast,
                glyphs=look.glyphs,
                colours=dict(look.colours),
                roles=dict(look.roles),
                layouts=[str(path) for path in look.layouts],
            )
        )
        return
    from warroom.tui.palette import Depth
    from warroom.tui.themes.make import colours_shown, is_drawing

    say(paint(look.title or look.name, Role.STRONG))
    say(str(look.file or ""))
    for layout in look.layouts:
        say(tr("layout: {file}").format(file=layout))
    if look.depth is not Depth.FULL:
        say(tr("It names no colours of its own: it draws with {kind}.").format(kind=_drawn_with(look)))
        return
    least: dict[str, tuple[str, str, float]] = {}
    for role, color, ground, reached in colours_shown(look):
        if role not in least or reached < least[role][2]:
            least[role] = (color.hex6.lower(), ground.hex6.lower(), reached)
    rows = [
        (
            Cell(_role_shown(role)),
            Cell(color),
            Cell(tr("on {ground}").format(ground=ground)),
            Cell(f"{figure(reached):.1f}:1"),
            Cell(tr("a rule or a track") if is_drawing(role.partition(" ")[0]) else ""),
        )
        for role, (color, ground, reached) in least.items()
    ]
    for line in table((tr("ROLE"), tr("COLOUR"), "", tr("LEAST CONTRAST"), ""), rows, wide=width()):
        say(line)


def _role_shown(role: str) -> str:
    name, _, where = role.partition(" ")
    return tr("{role} on selection").format(role=name) if where else name


def _drawn_with(look: Look) -> str:
    return {
        "16": tr("sixteen colours"),
        "ansi": tr("the terminal's own colours"),
        "none": tr("bold, underlined and reversed text"),
    }[_depth(look)]


@command("check")
@click.argument("names", metavar="[FILE|NAME]...", nargs=-1)
def check(settings: Settings, names: tuple[str, ...]) -> int:
    """Say everything that is wrong with a theme and with the layout beside it, each with its line and what to do.

    Without a name all of your own are looked at. Exit code 1 when something is wrong.
    """
    from warroom.tui.themes.library import Library

    library = Library()
    given: list[str | Path] = list(names) or [entry.file for entry in library.entries() if not entry.shipped]
    if not given:
        tell(settings, tr("there is no theme of your own: warroom themes new NAME writes one"))
    count = 0
    for each in given:
        wrong = print_problems(settings, _problems(library, each), of_theme=True)
        count += wrong
        if not wrong:
            tell(settings, tr("nothing is wrong with {theme}").format(theme=each))
    return 1 if count else 0


def _problems(library: Library, each: str | Path) -> tuple[Problem, ...]:
    from warroom.tui.themes.layout import read_layout
    from warroom.tui.themes.look import ThemeError
    from warroom.tui.themes.make import textual_theme, variables_of

    try:
        look = library.read(_file(library, each))
    except ThemeError as error:
        return error.problems
    variables = variables_of(textual_theme(look))
    return tuple(problem for path in look.layouts for problem in read_layout(path, variables)[2])


def _file(library: Library, each: str | Path) -> Path:
    """The file of a theme that is named, or the file itself."""
    path = Path(each).expanduser()
    if isinstance(each, str) and path.suffix.lower() not in (".yaml", ".yml") and os.sep not in each:
        found = library.find(each)
        if found is not None:
            return found
        if not path.exists():
            raise click.UsageError(unknown(each, library.names()))
    return path


def unknown(name: str, known: tuple[str, ...]) -> str:
    """What is said of a theme that there is not."""
    from warroom.domain.text import clean_line
    from warroom.rulebook.values import listing, nearest

    likely = nearest(name, known)
    advice = tr("did you mean {name}?").format(name=likely) if likely else listing(known)
    return tr("there is no theme {name}: {advice}").format(name=clean_line(name, 60), advice=advice)


def _read(name: str) -> Look:
    from warroom.tui.themes.library import Library
    from warroom.tui.themes.look import ThemeError

    library = Library()
    try:
        return library.read(_file(library, name))
    except ThemeError as error:
        raise click.UsageError(str(error)) from None


def theme_asked(name: str) -> str:
    """The name of the theme that an option names, which has to be there and right."""
    refuse_unknown(name)
    return _read(name).name


def refuse_unknown(name: str) -> None:
    """Raises where there is no file of a theme of that name; what is in it is not looked at, which takes longer."""
    from warroom.tui.themes.library import Library

    if _only_a_file(name):
        raise click.UsageError(tr("{name} is a file: name a theme, and see warroom themes path").format(name=name))
    library = Library()
    if library.find(name) is None:
        raise click.UsageError(unknown(name, library.names()))


def _only_a_file(name: str) -> bool:
    return os.sep in name or name.lower().endswith((".yaml", ".yml"))


@command("path")
def path(settings: Settings) -> None:
    """Print the directories in which themes are looked for, the one that counts most first."""
    from warroom.tui.themes.library import Library

    library = Library()
    for place in library.places:
        if settings.json:
            from warroom.cli.shapes.themes import ThemePlace

            emit(ThemePlace(directory=str(place), exists=place.is_dir(), shipped=place == library.shipped))
        else:
            say(str(place))


@command("new")
@click.argument("name")
@click.option("--from", "base", metavar="THEME", default="warroom-dark", show_default=True, help="What it begins as.")
@click.option("--layout", is_flag=True, help="Also a .tcss beside it, for another layout of the board.")
def new(settings: Settings, name: str, base: str, layout: bool) -> None:
    """Write NAME.yaml among your own themes: it extends another one, with every colour and role of that to be changed.

    Nothing is ever overwritten.
    """
    from warroom.domain.text import clean_line
    from warroom.tui.themes.library import Library
    from warroom.tui.themes.start import layout_text, theme_text

    if not name or clean_line(name, 60) != name or Path(name).name != name or name.startswith("."):
        raise click.UsageError(tr("a theme's name is one word without / and blanks").format())
    library = Library()
    look = _read(base)
    place = library.own[0]
    files = {place / f"{name}.yaml": theme_text(name, look)}
    if layout:
        files[place / f"{name}.tcss"] = layout_text()
    for file in files:
        if file.exists():
            raise click.UsageError(tr("{file} is there already: edit it, or choose another name").format(file=file))
    place.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
        if settings.json:
            from warroom.cli.shapes.rulebook import Written

            emit(Written(file=str(file)))
        else:
            say(str(file))
    tell(settings, tr("see it with warroom board --theme {name}; it follows the file as you save it").format(name=name))
