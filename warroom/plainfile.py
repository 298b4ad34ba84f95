"""Reads what stands in a file, and in nothing else: a pipe or a device would keep the program waiting for good."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from warroom.words import tr

_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY", "O_BINARY"))


class NotPlain(OSError):
    """What is to be read is no file; `strerror` says what it is."""


def read_plain(path: Path, most: int) -> bytes:
    """The first `most` bytes of a file. The null device is an empty one, as everywhere.

    Raises `NotPlain` for what is none, and OSError.
    """
    _refuse(os.stat(path))  # noqa: PTH116 - before it is opened, since a device may do something then
    handle = os.open(path, _FLAGS)
    try:
        _refuse(os.fstat(handle))  # it may be another one by now
        parts: list[bytes] = []
        while most > 0 and (part := os.read(handle, most)):
            parts.append(part)
            most -= len(part)
        return b"".join(parts)
    finally:
        os.close(handle)


def _refuse(found: os.stat_result) -> None:
    if S_ISREG(found.st_mode) or os.path.samestat(found, os.stat(os.devnull)):  # noqa: PTH116
        return
    if S_ISDIR(found.st_mode):
        raise NotPlain(errno.EISDIR, tr("it is a directory"))
    raise NotPlain(errno.EINVAL, tr("it is a pipe, a device or a socket, and no file"))
