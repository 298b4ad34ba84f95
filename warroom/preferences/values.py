"""The settings of one person as plain values; every one has a default, so that no file is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class Notify:
    """What calls for attention outside the screen; all of it can be heard or seen by others, so all is by choice.

    `bell`: the terminal's bell when the person at this screen is paged. `desktop`: a desktop notification by the
    terminal, where it knows how. `title`: counts in the terminal's title. `every_s`: seconds between two of a kind.
    """

    bell: bool = True
    desktop: bool = False
    title: bool = True
    every_s: int = 20


@dataclass(frozen=True, slots=True)
class WallSettings:
    """The wallboard: which screens it turns through, and for how many seconds each is shown."""

    screens: tuple[str, ...] = ("board",)
    rotate_s: int = 20


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything that a settings file can say.

    `language`: "en", "ko" or "sv"; "" follows the locale. `theme`: its name; "" follows the terminal. `keys`: keys by
    the id of an action, several with commas between. `mouse`: whether it is used. `columns`, `sort`, `filter`: of the
    list on the board, "" and () being the usual ones. `link`: "auto" (slow under SSH), "slow" or "fast".
    `hyperlinks`: whether links can be followed from the screen (OSC 8). `clipboard`: whether a key may copy by OSC 52.
    """

    language: str = ""
    theme: str = ""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    mouse: bool = True
    columns: tuple[str, ...] = ()
    sort: str = ""
    filter: str = ""
    link: str = "auto"
    hyperlinks: bool = False
    clipboard: bool = True
    notify: Notify = field(default_factory=Notify)
    wall: WallSettings = field(default_factory=WallSettings)


DEFAULTS = Preferences()
