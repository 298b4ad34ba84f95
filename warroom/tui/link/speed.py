"""How fast the line to the terminal is taken to be, and Textual's pace for it. To be set before Textual is loaded."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from typing import Final

from warroom.words import mark, tr

VARIABLE: Final = "WARROOM_LINK"
"""The environment variable that counts for more than the settings."""
CHOICES: Final = ("auto", "slow", "fast")
PLAIN: Final = "plain"
"""Textual's own output: only for the environment and the command line, to compare, or should a terminal need it."""
OFF: Final = mark("it was switched off")
_REMOTE: Final = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "MOSH_CONNECTION")
_PACE: Final = {
    "slow": {"TEXTUAL_FPS": "10", "TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0"},
    # How long it is waited for what may follow an escape, in ms: on one machine a key's sequence comes in one piece,
    # and tmux waits no longer by itself (its `escape-time` is 10 since 3.5).
    "fast": {"TEXTUAL_FPS": "60", "TEXTUAL_ANIMATIONS": "none", "ESCDELAY": "10"},
}


def chosen(link: str, environment: Mapping[str, str] = os.environ) -> str:
    """What was asked for: "auto", "slow", "fast" or "plain"; the environment before `link`, what it does not know
    not counting."""
    given = environment.get(VARIABLE, "").strip().casefold()
    return given if given in (*CHOICES, PLAIN) else link if link in (*CHOICES, PLAIN) else "auto"


def pace(link: str, environment: Mapping[str, str] = os.environ) -> str:
    """ "slow" or "fast": as asked for, else slow where somebody came over SSH."""
    link = chosen(link, environment)
    if link in ("slow", "fast"):
        return link
    return "slow" if any(environment.get(name) for name in _REMOTE) else "fast"


def prepare(link: str = "auto", environment: MutableMapping[str, str] = os.environ) -> None:
    """Set Textual's pace, as far as the environment does not say it already. Textual reads it when it is loaded."""
    for name, value in _PACE[pace(link, environment)].items():
        environment.setdefault(name, value)


def described(link: str, why_not: str, environment: Mapping[str, str] = os.environ) -> str:
    """One line on what goes to the terminal and how often; `why_not` is why it cannot be differences, or ""."""
    if chosen(link, environment) == PLAIN:
        why_not = OFF
    what = tr("Textual's own, because {why}").format(why=tr(why_not)) if why_not else tr("cell differences")
    speed = pace(link, environment)
    line = tr("slow line") if speed == "slow" else tr("fast line")
    said = tr("{what}; {line}, {count} pictures a second")
    return said.format(what=what, line=line, count=_PACE[speed]["TEXTUAL_FPS"])
