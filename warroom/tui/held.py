"""What was laid out last and until when it stays as it is, so that a second in which nothing changes costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from textual.geometry import Size

from warroom.tui.horizon import Watched, watched

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

_VALUES: Final = (str, int, bool, datetime, Size, tuple, type(None))
"""What is compared by what it says; everything else, such as a view of an incident, by whether it is the very same."""


class Held:
    """What one part of a screen was laid out from, and from when until when it shows the same.

    `about` gives what it follows from besides the time: what is shown, in which size. It is asked again after laying
    out, which may change some of that itself.
    """

    __slots__ = ("_about", "_since", "found")

    def __init__(self) -> None:
        """Nothing was laid out yet."""
        self._about: tuple[object, ...] | None = None
        self._since: datetime | None = None
        self.found = Watched()

    def holds(self, now: datetime, *about: object) -> bool:
        """Whether what was laid out is right for `now` and `about`."""
        return (
            self._about is not None
            and self._since is not None
            and self._since <= now < self.found.until
            and len(about) == len(self._about)
            and all(map(_same, about, self._about))
        )

    def drop(self) -> None:
        """It has to be laid out again, whatever it follows from."""
        self._about = None

    @contextmanager
    def laying_out(self, now: datetime, about: Callable[[], tuple[object, ...]]) -> Iterator[Watched]:
        """Listen to what is laid out within the `with` for `now`; an error in it leaves nothing that holds."""
        self._about = None
        with watched() as found:
            yield found
        self._about, self._since, self.found = about(), now, found


def _same(one: object, other: object) -> bool:
    return one is other or (isinstance(one, _VALUES) and one == other)


class KeepsUp:
    """A screen that follows the clock, or what others do, while it is open. It has no timer of its own: whoever runs it
    says every second, and whenever the room has moved on, that something may be another by now."""

    def keep_up(self) -> None:
        """Draw what has changed; nothing where nothing has."""
        raise NotImplementedError


def covered(screen: Screen[Any]) -> bool:
    """Whether another screen fills the terminal over this one: nothing of it is seen before that is left."""
    stack = screen.app.screen_stack
    above = stack[stack.index(screen) + 1 :] if screen in stack else ()
    return any(each.styles.background.a == 1 for each in above)


def keep_up(app: App[Any]) -> None:
    """Have every open screen that follows the clock or others draw what has changed."""
    for screen in tuple(app.screen_stack):
        if isinstance(screen, KeepsUp):
            screen.keep_up()
