"""Whose turn it is on a wallboard: every page of every screen, each for the same time, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from warroom.tui.wall.frame import Turn


class Turning:
    """Goes through pages and screens by a clock that only runs forward (seconds of real time).

    A machine that slept finds the next page due, and only that one. Where screens or pages become fewer it goes on from
    what is left.
    """

    def __init__(self, screens: Sequence[str], every_s: float, now: float = 0.0) -> None:
        """Turn through these screens, at least one, beginning with the first."""
        self._screens = tuple(screens) or ("board",)
        self._every = max(1.0, every_s)
        self._screen = self._page = 0
        self._since = now

    @property
    def several(self) -> bool:
        """Whether there is more than one screen."""
        return len(self._screens) > 1

    @property
    def screen(self) -> str:
        """The screen that is shown."""
        return self._screens[self._screen]

    def at(self, now: float, pages: int) -> Turn:
        """What is to be shown now, where the screen that was shown last has `pages` pages."""
        self._page = min(self._page, max(0, pages - 1))
        if now - self._since >= self._every:
            return self.skip(now, pages)
        return Turn(self.screen, self._page, (now - self._since) / self._every)

    def skip(self, now: float, pages: int) -> Turn:
        """The next page, or the first one of the next screen, from now on."""
        self._since = now
        if self._page + 1 < pages:
            self._page += 1
        else:
            self._page = 0
            self._screen = (self._screen + 1) % len(self._screens)
        return Turn(self.screen, self._page)
