"""Which SQLite there is, and whether it may write a file that several processes share."""

from __future__ import annotations

import importlib
from contextlib import suppress
from typing import Any

from warroom.store.db_errors import DatabaseUnusable
from warroom.words import tr


def library_is_fixed(version: tuple[int, ...]) -> bool:
    """True when this SQLite may write a WAL file that several processes share."""
    if version[:2] == (3, 50):
        return version >= (3, 50, 7)
    if version[:2] == (3, 44):
        return version >= (3, 44, 6)
    return version >= (3, 51, 3)


def load_driver() -> Any:
    """The DB-API module: `pysqlite3` where it is installed (it brings its own SQLite), else the interpreter's."""
    for name in ("pysqlite3", "sqlite3"):
        with suppress(ImportError):
            return importlib.import_module(name)
    raise DatabaseUnusable(
        tr("this Python has no SQLite"),
        "sqlite3",
        tr("Install a Python with the sqlite3 module, or the package pysqlite3."),
    )
