"""`warroom keys`: every key of the full screen and what it does, with a person's own keys in their place.

It is made from the table of actions (`warroom.tui.actions`), without a terminal and without a room.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from warroom.cli.output import Cell, emit, paint, say, table, tell, width
from warroom.cli.settings import Settings, command
from warroom.tui.actions.keys import USUAL, Keymap
from warroom.tui.actions.names import shown_key
from warroom.tui.actions.table import ACTIONS, SCOPES, screens
from warroom.tui.pieces import Role
from warroom.words import plain, tr, trn

if TYPE_CHECKING:
    from warroom.tui.actions.action import Action, Place

FORMATS = ("text", "markdown", "json")


@command("keys")
@click.option("--screen", type=click.Choice(sorted(SCOPES)), metavar="S", help="Only the keys of this screen, or part.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How they are printed."
)
@click.option("--default", "usual", is_flag=True, help="The usual keys, whatever your settings say.")
@click.option("--check", is_flag=True, help="Only say what is wrong with the keys of your settings file.")
def keys(settings: Settings, screen: str | None, form: str, usual: bool, check: bool) -> None:
    """Print every key of the full screen, what it does, and the id by which your settings give it other keys:

    \b
    keys:
      incident.ack: ctrl+a
      board.oncall: W, f6
    """
    from warroom.preferences.machine import spared
    from warroom.tui.actions.keymap import keymap_of, problems

    read = spared(settings.own(), problems)
    keymap = USUAL if usual else keymap_of(read)
    if check:
        for each in read.warnings:
            tell(settings, str(each))
        count = len(keymap.own)
        said = trn("{count} action has keys of your own", "{count} actions have keys of your own", count)
        tell(settings, tr("no problem: {said}").format(said=said.format(count=count)))
        return
    scopes = (screen,) if screen is not None else tuple(SCOPES)
    if settings.json or form == "json":
        with plain():
            _json(keymap, scopes)
    elif form == "markdown":
        for line in markdown(keymap, scopes):
            say(line)
    else:
        _text(keymap, scopes)


def _json(keymap: Keymap, scopes: tuple[str, ...]) -> None:
    from warroom.cli.shapes.keys import ActionKeys

    for scope in scopes:
        for action, place, keys in _listed(keymap, scope):
            emit(
                ActionKeys(
                    id=action.id,
                    screen=scope,
                    keys=list(keys),
                    own=action.id in keymap.own,
                    name=tr(place.name or action.name),
                    help=tr(place.help or action.help),
                    section=tr(action.section),
                    reads=action.reads,
                )
            )


def _text(keymap: Keymap, scopes: tuple[str, ...]) -> None:
    for number, scope in enumerate(scopes):
        if number:
            say()
        say(paint(tr(SCOPES[scope].title), Role.STRONG) + paint(f"  {scope}", Role.MUTED))
        rows = [
            (
                Cell(" ".join(shown_key(key) for key in keys), Role.ACCENT),
                Cell(action.id, Role.MUTED),
                Cell(tr(place.help or action.help)),
            )
            for action, place, keys in _listed(keymap, scope)
        ]
        for line in table((tr("KEYS"), tr("ACTION"), tr("WHAT IT DOES")), rows, wide=width(), indent=2):
            say(line)


def _listed(keymap: Keymap, scope: str) -> Iterator[tuple[Action, Place, tuple[str, ...]]]:
    """What a scope has, in the order of the table, so that what belongs together stands together."""
    order = {action.id: number for number, action in enumerate(ACTIONS)}
    yield from sorted(keymap.placed(scope), key=lambda each: order[each[0].id])


def markdown(keymap: Keymap, scopes: tuple[str, ...]) -> Iterator[str]:
    """The same as a page of the documentation; `docs/keys.md` is this one for the usual keys and every scope."""
    yield "# " + tr("Keys")
    yield ""
    yield from _ABOUT.splitlines()
    for scope in scopes:
        title = tr(SCOPES[scope].title)
        yield ""
        yield f"## {title}"
        yield ""
        aside = tr(", a part of screens: its keys count before theirs while it has the focus")
        part = "" if scope in screens() else aside
        yield tr("`{scope}`{part}").format(scope=scope, part=part)
        yield ""
        yield tr("| keys | action | what it does |")
        yield "|---|---|---|"
        for action, place, names in _listed(keymap, scope):
            shown = " ".join(f"`{_cell(shown_key(key))}`" for key in names)
            yield f"| {shown} | `{action.id}` | {_cell(tr(place.help or action.help))} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


_ABOUT = """\
Every key of the full screen, made by `warroom keys --default --format markdown`. `warroom keys` prints the keys that
are yours, `warroom keys --screen board` those of one screen, and `?` (or `f1`, where a `?` is text) those that work
where you are, with the reason where one is not possible now. `:` finds an action, an incident, a person, a link or a
theme by a few letters. No key needs ctrl, alt or a prefix that tmux and screen take; those with ctrl are second names,
except in the composer and in texts of several lines, where letters are text.

Lists and whatever scrolls answer to the arrows and to the keys of vi: `j` `k`, `g` `G` for the first and the last, `J`
`K` for a page. Digits go to panels: on a small screen the panel is opened; where all are shown, the board makes it
large, and the room gives it the focus, so that `j` and `k` scroll it. Every key in the bar at the foot, every tab, row
and button can be clicked, and the wheel scrolls; `mouse: no` in your settings leaves the mouse to the terminal.

## Your own keys

In the settings file (`warroom config path` says where it is), by the id of the action, several with commas between:

```yaml
keys:
  incident.ack: ctrl+a
  board.oncall: W, f6
  incident.work: o
```

An action has the keys that are named there on every screen, and no others. A key is a character (`?`, `A`, `"#"`), a
name (`enter`, `f5`, `pagedown`, `comma`) or `ctrl+` and a letter. The board does not open with keys that could not
work, and `warroom keys --check` says the same, each with file, line and column: an id that there is not, a key that
there is not, two actions on one key, a key that a list or a form takes first, a letter where text is written."""
