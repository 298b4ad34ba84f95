"""A fence around the process of a wallboard: the kernel itself lets it write no file, whatever the program tries.

Linux has this since 5.13 under the name of Landlock (https://docs.kernel.org/userspace-api/landlock.html): a process
gives up rights for itself and whatever it starts, for good, also as root. Where the kernel does not know it the file's
own permissions and SQLite's read-only mode have to do, as they would anyway.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38

_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_CHANGES = sum(1 << bit for bit in range(4, 13)) | _WRITE_FILE
"""Writing files, and making or removing files, directories and links of every kind."""
_DEVICES = ("/dev/null", "/dev/tty", "/dev/pts")


def known() -> int:
    """Which version of Landlock the kernel knows; 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, int(_libc().syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG))))


def fence(writable: Iterable[Path] = ()) -> bool:
    """From now on this thread, and every thread and process that it starts, can write nothing but what lies below
    `writable`, and the terminal. True where that holds; False where the kernel does not know how.

    To be called before the first thread is started.
    """
    version = known()
    if not version:
        return False
    rights = _CHANGES | (_TRUNCATE if version >= 3 else 0)
    libc = _libc()
    attributes = struct.pack("Q", rights)
    ruleset = libc.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    try:
        for path in (*_DEVICES, *map(str, writable)):
            with suppress(OSError):
                _allow(libc, ruleset, path, rights)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            return False
        return not libc.syscall(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not Path(path).is_dir():
            rights &= _WRITE_FILE | _TRUNCATE
        rule = struct.pack("=Qi", rights, handle)
        libc.syscall(_ADD, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0))
    finally:
        os.close(handle)
