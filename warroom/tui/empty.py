"""What stands where there is nothing to show: what can be done about it, with the key that does it here."""

from __future__ import annotations

from datetime import datetime

from textual.widget import Widget

from warroom.tui.actions.keycap import keycap
from warroom.tui.actions.keys import Keymap
from warroom.tui.actions.names import shown_key
from warroom.tui.actions.table import BY_ID
from warroom.tui.clockface import clock, when
from warroom.tui.horizon import grows
from warroom.tui.pieces import Line, Role, hanging
from warroom.words import tr


def key_of(widget: Widget, id: str, usual: str) -> str:
    """The key that does this action on the screen of the widget, remapped keys included; `usual` where it has none."""
    keymap = getattr(widget.screen, "keymap", None)
    keys = keymap.keys(BY_ID[id]) if isinstance(keymap, Keymap) and id in BY_ID else ()
    return shown_key(keys[0]) if keys else usual


def declares(widget: Widget) -> str:
    """How an incident comes about."""
    return tr("{key} declares an incident; warroom demo is a room to try it in").format(
        key=key_of(widget, "board.declare", "d")
    )


def calm(widget: Widget, since: datetime | None, now: datetime, width: int) -> tuple[Line, ...]:
    """What stands in the list where nothing is live: since when that is so, if that is known."""
    grows(now.replace(second=0, microsecond=0), now)
    moment = tr("at {time} UTC").format(time=clock(now))
    if since:
        moment = tr("since {time} UTC").format(time=when(since, now))
    return (
        (("  ✔ ", Role.OK), (tr("Nothing is live"), Role.STRONG)),
        ((f"    {moment}", Role.MUTED),),
        *hanging((("    ", Role.MUTED),), declares(widget), Role.MUTED, width),
    )


def no_match(typed: str, total: int) -> tuple[Line, ...]:
    """What stands there where a filter leaves none of `total` incidents."""
    before, _, behind = tr("Nothing matches {filter}").partition("{filter}")
    live = tr("{count} live; {key} clears the filter").format(count=total, key=keycap("view.unfilter"))
    return (((f"  {before}", Role.TEXT), (typed, Role.STRONG), (behind, Role.TEXT)), ((f"  {live}", Role.MUTED),))
