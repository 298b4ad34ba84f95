"""Themes: files that say how warroom looks, its own and those of the person at the screen.

`read` reads one file and says everything that is wrong with it, `library` finds the files, `make` turns one into what
Textual and the palette use, `choose` picks one for a terminal, `layout` is the .tcss beside a theme, `live` puts all of
it to a running app and follows the files, `picker` is where one is chosen on the screen.
"""

from __future__ import annotations


def names() -> tuple[str, ...]:
    """The names of all themes that there are here; only the names of files are looked at."""
    from warroom.tui.themes.library import Library

    return Library().names()
