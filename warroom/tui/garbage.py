"""Python's search for garbage, arranged for a program with a screen.

A search looks at every object that is young enough, a full one at every object there is: 0.2 s and more in a program of
this size, during which no key is answered. Most of these objects are modules, classes and forms that live as long as
the process. They are set aside once the screen is up; what is made from then on is looked through while nobody types.
Reference counts free nearly all of it at once anyhow.
"""

from __future__ import annotations

import gc
from typing import Final

YOUNG: Final = 10_000
"""So many more objects made than freed are worth a search among the young ones; Python's own 700 means a search several
times in one redraw of the screen."""
OFTEN: Final = 10
"""After so many searches of a generation the next older one is searched too."""
TOO_MANY: Final = 50
"""With so many times `YOUNG` it is searched in between all the same: nobody ever stopped typing."""
QUIET_S, MIDDLE_QUIET_S, LONG_QUIET_S = 0.1, 1.0, 30.0
"""For how many seconds nobody has typed when it is searched among what is young (some 5 ms), among what is older (some
30 ms), and among all there is: between two keys of somebody who types on and on there is time for the first."""


def settle() -> None:
    """Set aside what lives now, from which nothing is freed any more by a search; to be called when the program has
    started, in a process that is nothing but this program."""
    gc.freeze()
    gc.set_threshold(YOUNG * TOO_MANY, OFTEN, OFTEN)


def sweep(quiet_s: float) -> None:
    """Search where that is worth it and keeps nobody waiting; `quiet_s`: so many seconds ago somebody typed."""
    young, middle, old = gc.get_count()
    if quiet_s < QUIET_S or young < YOUNG or gc.get_threshold()[0] != YOUNG * TOO_MANY:
        return
    if middle < OFTEN or quiet_s < MIDDLE_QUIET_S:
        gc.collect(0)
    elif old < OFTEN or quiet_s < LONG_QUIET_S:
        gc.collect(1)
    else:
        gc.collect(2)
