"""What only the running screen knows: how it is drawn, what its threads say, how old what it shows is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from warroom.tui.debug.facts import Live, Row
from warroom.tui.palette import depth_of
from warroom.words import figure, mark, tr

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp

_SCREEN = mark("Screen")


def live_facts(app: WarroomApp) -> Live:
    """What is known now; to be called on the screen's loop."""
    place = app.place
    rows: list[Row] = [
        (tr("size"), f"{app.size.width}x{app.size.height}"),
        (tr("theme"), app.theme),
        (tr("colours"), _colours(app)),
        (tr("link"), _link(app)),
        (tr("frames a second"), os.environ.get("TEXTUAL_FPS", "60")),
        (tr("mouse"), tr("used") if app.own.mouse else tr("not used")),
        (tr("shown is"), tr("{seconds} s old").format(seconds=f"{figure(app.feed.age_s()):.1f}")),
        (tr("room"), tr("read-only") if place.readonly else tr("may be changed")),
        *((tr("wrong"), f"{source}: {what}") for source, what in app.troubles().items()),
    ]
    return Live({_SCREEN: tuple(rows)})


def _colours(app: WarroomApp) -> str:
    return f"{depth_of(app)}, {app.console.color_system or tr('none')}"


def _link(app: WarroomApp) -> str:
    """How it is drawn: only the cells that changed, or by Textual; and at whose pace."""
    off = getattr(app, "link_off", None)
    if off is None:
        return tr("not known")
    from warroom.tui.link.speed import pace

    drawn = tr("only cells that changed") if not off else tr("Textual's own output: {why}").format(why=off)
    return f"{pace(app.own.link)}, {drawn}"
