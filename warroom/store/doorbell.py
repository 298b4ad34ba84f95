"""Waits until somebody rings, or until files are written to: whoever follows a database need not look all the time.

Writing is noticed through inotify where there is one (Linux). A commit is visible only some time after its bytes were
written, when they are safely on the disk: what is noticed here says when to look, not that there is anything to see.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import sys
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

_MODIFY: Final = 0x2
_FLAGS: Final = os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)
_BUFFER: Final = 1 << 14


class Doorbell:
    """For one thread that waits; `ring` is for any other, and never blocks."""

    def __init__(self) -> None:
        """Nobody has rung, and no file is followed."""
        self._rung = threading.Event()
        self._bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK) if hasattr(os, "eventfd") else None
        self._files: int | None = None

    def __del__(self) -> None:
        """Give the descriptors back."""
        self.forget()
        bell, self._bell = getattr(self, "_bell", None), None
        if bell is not None:
            os.close(bell)

    def ring(self) -> None:
        """Whoever waits goes on at once, or does not begin to wait."""
        if not self._rung.is_set():
            self._rung.set()
            if self._bell is not None:
                os.eventfd_write(self._bell, 1)

    @property
    def follows(self) -> bool:
        """Whether writing to files is noticed; where it is not, somebody has to look."""
        return self._files is not None

    def follow(self, paths: Iterable[Path]) -> None:
        """Notice from now on when one of these files is written to, of those that are there, and of no others."""
        self.forget()
        if self._bell is None or (system := _inotify()) is None:
            return
        files = system.inotify_init1(_FLAGS)
        if files < 0:
            return
        self._files = files
        found = [system.inotify_add_watch(files, os.fsencode(path), _MODIFY) for path in paths]
        if all(each < 0 for each in found):
            self.forget()

    def forget(self) -> None:
        """Follow no files any more."""
        files, self._files = getattr(self, "_files", None), None
        if files is not None:
            os.close(files)

    def wait(self, seconds: float, *, files: bool = True) -> bool:
        """Wait for so long at most; without `files` a file that is written to ends it no sooner. Gives whether any was
        written to since the last time. What was rung is heard then."""
        if self._bell is None:
            self._rung.wait(seconds)
            self._rung.clear()
            return False
        line = select.poll()
        line.register(self._bell, select.POLLIN)
        if files and self._files is not None:
            line.register(self._files, select.POLLIN)
        if not self._rung.is_set():
            line.poll(max(0.0, seconds) * 1000)
        self._rung.clear()  # before the bell is: who rings in between is heard once more, never missed
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._bell)
        return self._written()

    def _written(self) -> bool:
        written = False
        while self._files is not None:
            try:
                written = bool(os.read(self._files, _BUFFER)) or written
            except BlockingIOError:
                break
        return written


@cache
def _inotify() -> Any:
    """The library of the system as far as it knows inotify, else None."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        system = ctypes.CDLL(None, use_errno=True)
        system.inotify_init1.argtypes = (ctypes.c_int,)
        system.inotify_add_watch.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_uint32)
    except (OSError, AttributeError):
        return None
    return system
