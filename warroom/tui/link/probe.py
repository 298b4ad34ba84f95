"""Whether Textual is built as the link's stage expects; everything of it that is no public interface is named here."""

from __future__ import annotations

import inspect
from functools import cache
from importlib.metadata import version
from typing import Final

from warroom.words import tr

TESTED: Final = ("8.2.8",)
"""The versions of Textual whose own output and the stage's were compared."""


def untested() -> str:
    """The same as `unfit`, going by Textual's version alone, which is found without loading it."""
    found = version("textual")
    if found in TESTED:
        return ""
    said = tr("Textual {version} is not the version it was tested with ({tested})")
    return said.format(version=found, tested=", ".join(TESTED))


@cache
def unfit() -> str:
    """Why Textual's internals cannot be built on, in a few words; "" where all is as expected. Loads Textual."""
    if why := untested():
        return why
    try:
        return _built_otherwise()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        return _changed(type(error).__name__)


def _changed(name: str) -> str:
    return tr("Textual has changed: {name}").format(name=name)


def _built_otherwise() -> str:
    from textual import _compositor as compositor
    from textual._xterm_parser import XTermParser
    from textual.app import App
    from textual.driver import Driver
    from textual.drivers.linux_driver import LinuxDriver
    from textual.screen import Screen

    expected: tuple[tuple[object, str, tuple[str, ...]], ...] = (
        (App, "_display", ("self", "screen", "renderable")),
        (App, "_get_screen", ("self", "screen")),
        (App, "post_display_hook", ("self",)),
        (Driver, "write", ("self", "data")),
        (LinuxDriver, "run_input_thread", ("self",)),
        (LinuxDriver, "disable_input", ("self",)),
        (XTermParser, "tick", ("self",)),
        (compositor.LayoutUpdate, "__init__", ("self", "strips", "region")),
        (compositor.ChopsUpdate, "__init__", ("self", "chops", "spans", "chop_ends")),
        (compositor.Compositor, "_render_chops", ("self", "crop", "is_rendered_line")),
        (compositor.Compositor, "render_full_update", ("self", "simplify")),
        (Screen, "_compositor_refresh", ("self",)),
        (Screen, "_on_timer_update", ("self",)),
        (Screen, "_refresh_layout", ("self", "size", "scroll")),
        (Screen, "_set_dirty", ("self", "regions")),
    )
    for owner, name, parameters in expected:
        if tuple(inspect.signature(getattr(owner, name)).parameters) != parameters:
            return _changed(name)
    if "_timeout_time" not in vars(XTermParser()):
        return _changed("_timeout_time")
    for update in (compositor.LayoutUpdate, compositor.ChopsUpdate):
        if not issubclass(update, compositor.CompositorUpdate):
            return _changed(update.__name__)
    return ""
