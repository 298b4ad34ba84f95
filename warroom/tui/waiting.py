"""What is said while the room is read for the first time, before there is a screen: what is waited for, how long."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from warroom.domain.text import clean_line
from warroom.words import tr

PATIENCE_S = 1.0
"""So long nothing is said, in seconds: mostly it is there by then."""


@contextmanager
def said(where: str) -> Iterator[None]:
    """While this lasts, say on the terminal that the room at `where` is being opened, and for how many seconds."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    shown = clean_line(where.rpartition("@")[2], 60)

    def tell() -> None:
        begun = time.monotonic()
        written = False
        wait = PATIENCE_S
        while not done.wait(wait):
            words = tr("opening {room}: {seconds} s").format(room=shown, seconds=int(time.monotonic() - begun))
            sys.stderr.write(f"\r{words}")
            sys.stderr.flush()
            written, wait = True, 1.0
        if written:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    teller = threading.Thread(target=tell, name="waiting", daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join(1.0)
