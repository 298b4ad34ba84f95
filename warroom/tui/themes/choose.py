"""Which theme a terminal gets, and how many colours: by what the person asked for, and by the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from warroom.tui.palette import Depth

DEFAULT: Final = "warroom-dark"
WITHOUT_COLOUR: Final = "monochrome"

System = Literal["standard", "256", "truecolor"]

_FEW: Final = ("linux", "ansi", "cygwin", "xterm-16color", "rxvt-16color", "screen-16color", "putty-16color")
"""Terminals with sixteen colours whatever COLORTERM says, which a session may have inherited from another terminal."""
_MANY: Final = ("screen", "tmux")
"""They draw all 256 colours, whether their TERM says so or not."""


def asks_for_no_colour(environment: Mapping[str, str]) -> bool:
    """NO_COLOR, as no-color.org has it: present and not empty, whatever its value."""
    return bool(environment.get("NO_COLOR"))


def theme_for(asked: str, environment: Mapping[str, str]) -> str:
    """The name of the theme: the one that is asked for by an option or the settings file, since these are for this
    program alone; then none with colours where NO_COLOR is set; then the usual one."""
    if asked:
        return asked
    return WITHOUT_COLOUR if asks_for_no_colour(environment) else DEFAULT


def system_for(environment: Mapping[str, str]) -> System:
    """How many colours the terminal is told."""
    term = environment.get("TERM", "").strip().lower()
    if term in _FEW or term.startswith("vt") or term.endswith(("-16color", "-8color")):
        return "standard"
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return "truecolor"
    words = set(term.split("-"))
    if words & {*_MANY, "kitty", "alacritty", "foot", "wezterm", "ghostty", "256color"}:
        return "256"
    return "standard"


def depth_for(system: System) -> Depth:
    """Which colours a theme may use there."""
    return Depth.SIXTEEN if system == "standard" else Depth.FULL
