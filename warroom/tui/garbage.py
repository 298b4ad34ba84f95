"""Python's search for garbage, arranged for a program with a screen.

A full search looks at every object there is: 0.2 s and more in a program of this size, during which no key is answered.
Most of these objects are modules, classes and forms that live as long as the process. They are set aside once the
screen is up, and what is made from then on is looked through less often. Reference counts free nearly all of it at once
anyhow.
"""

from __future__ import annotations

import gc

YOUNG = 10_000
"""So many more objects made than freed start a search among the young ones; Python's own 700 means a search several
times in one redraw of the screen."""


def settle() -> None:
    """Set aside what lives now, from which nothing is freed any more by a search; to be called when the program has
    started, in a process that is nothing but this program."""
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
