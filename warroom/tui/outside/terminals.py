"""Which terminal this is, as far as its environment says, and what it takes besides text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from warroom.valueclass import dataclass


class Notices(StrEnum):
    """The form in which a terminal takes a desktop notification."""

    NONE = ""
    OSC_9 = "9"  # iTerm2, Windows Terminal, ConEmu, and whoever is not known better
    OSC_777 = "777"  # rxvt-unicode, foot, Ghostty, VTE as some distributions build it
    OSC_99 = "99"  # kitty


class Wrap(StrEnum):
    """What stands between the program and the terminal."""

    NONE = ""
    TMUX = "tmux"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a terminal takes. `title`: one, and it keeps the one before on a stack; `clipboard`: OSC 52; `links`: OSC 8.

    A terminal of which nothing is known takes a bell and nothing else: what it does not understand it might print.
    """

    title: bool = False
    notices: Notices = Notices.NONE
    clipboard: bool = False
    links: bool = False
    wrap: Wrap = Wrap.NONE


# Names (TERM) of terminals that swallow what they do not know, as ECMA-48 asks for; the Linux console, which prints
# parts of it, and the old ones are not among them.
_MODERN = (
    "xterm", "rxvt", "alacritty", "foot", "kitty", "ghostty", "wezterm", "konsole", "vte", "gnome", "st", "contour",
    "mintty", "iterm", "tmux", "putty", "mlterm", "rio",
)  # fmt: skip


def kind_of(environment: Mapping[str, str]) -> Kind:
    """What the terminal takes that this environment describes."""
    term = environment.get("TERM", "").lower()
    if environment.get("TMUX") or term.startswith("tmux"):
        # tmux has a title of its own for each pane, and a stack of them. Notifications it hands on only if its
        # `allow-passthrough` says so, and drops otherwise.
        return Kind(True, _notices(environment, ""), True, True, Wrap.TMUX)
    if environment.get("STY") or term.startswith("screen"):
        # GNU screen takes OSC for the line of its own, cannot give the old title back, and knows neither OSC 8 nor 52.
        return Kind(wrap=Wrap.SCREEN)
    family = term.partition("-")[0].partition(".")[0]
    if family not in _MODERN:
        return Kind()
    return Kind(True, _notices(environment, term), True, True)


def _notices(environment: Mapping[str, str], term: str) -> Notices:
    """The form for this terminal. Over SSH little more than TERM is known; OSC 9 is what most others understand."""
    program = environment.get("TERM_PROGRAM", "").lower()
    if environment.get("KITTY_WINDOW_ID") or "kitty" in term or program == "kitty":
        return Notices.OSC_99
    if term.startswith(("foot", "rxvt")) or "ghostty" in term or program == "ghostty":
        return Notices.OSC_777
    if environment.get("VTE_VERSION"):
        return Notices.OSC_777
    return Notices.OSC_9
