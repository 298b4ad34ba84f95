"""Looking at a file without a trace: what a reader must not do, said to SQLite itself.

A read-only connection of SQLite is not quite one. On a file in WAL mode it makes `-wal` and `-shm` where it may, and
`ATTACH` and `VACUUM INTO` make other files. A traceless reader does neither:

* With neither `-wal` nor `-journal` beside the file nobody writes: it is read as it stands (`immutable=1`), without
  locks, and looked at again (inode, size, time of change; a log that appears) before and after every read.
* With a `-wal` the shared index `-shm` is mapped read-only (`readonly_shm=1`): with a writer there its locks are used;
  without one SQLite makes the index anew in its own memory. Where there is a log but no `-shm`, only a writer can tell
  what holds: no engine is running, and that is tried again.
* With a `-journal` the file is read under SQLite's usual locks, which need no right to write; after a writer died in
  the middle of a commit, only the next writer can undo that, and that is tried again too.

Besides the mode of the file, the authorizer below lets nothing through but reading (https://sqlite.org/c3ref/
set_authorizer.html), and whatever SQLite sorts it sorts in memory.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

BUSY_TIMEOUT_S = 2.0
"""How long such a reader waits for a lock, in seconds: it says so and tries again, rather than stand still."""

SIDE_FILES = ("-wal", "-shm", "-journal")

# Action codes of the authorizer and its answers; the driver's modules do not name all of them.
_OK, _DENY = 0, 1
_PRAGMA, _READ, _SELECT, _TRANSACTION, _FUNCTION, _SAVEPOINT, _RECURSIVE = 19, 20, 21, 22, 31, 32, 33
_READING = frozenset({_READ, _SELECT, _TRANSACTION, _SAVEPOINT, _RECURSIVE})
_ASKS = frozenset(
    {
        *(
            "data_version",
            "journal_mode",
            "synchronous",
            "query_only",
            "schema_version",
            "user_version",
            "read_uncommitted",
        ),
        *("table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list"),
        *("integrity_check", "quick_check", "database_list", "compile_options", "encoding", "page_count"),
    }
)
_OF_A_TABLE = frozenset({"table_info", "table_xinfo", "index_list", "index_info", "index_xinfo", "foreign_key_list"})
_COUNTED = frozenset({"integrity_check", "quick_check"})


def authorize(action: int, first: str | None, second: str | None, *_: object) -> int:
    """SQLite's question whether a statement may do this: yes to reading, no to everything else."""
    if action in _READING:
        return _OK
    if action == _FUNCTION:
        return _DENY if (second or "").lower() == "load_extension" else _OK
    if action == _PRAGMA:
        name = (first or "").lower()
        asks = name in _ASKS and (second is None or name in _OF_A_TABLE | _COUNTED)
        return _OK if asks or (name == "query_only" and (second or "").upper() == "ON") else _DENY
    return _DENY


def restrain(connection: Any) -> None:
    """Let this connection do nothing but read, from now on."""
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("PRAGMA query_only=ON")
    connection.set_authorizer(authorize)


def unreadable(file: Path) -> Path | None:
    """The first of the files beside a database that is there and may not be read."""
    for suffix in SIDE_FILES:
        path = Path(f"{file}{suffix}")
        if os.path.lexists(path) and not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
            return path
    return None
