"""What is not as it should be about a room's file in SQLite: its library, its permissions, its names."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from warroom.words import tr


def warnings_of(path: Path, lacking: str | None, journal: str, immutable: bool) -> list[str]:
    """What is worth a warning about the room's file at `path`; `lacking` is the version of a SQLite that is not fixed
    (see `warroom.store.sqlite`), `journal` the journal mode, `immutable` whether it is read as it stands."""
    found = []
    if lacking is not None:
        found.append(
            (
                tr(
                    "SQLite {version} can lose commits in WAL mode; this file is only read here. "
                    "The package pysqlite3 brings a fixed one."
                )
                if journal == "wal"
                else tr(
                    "SQLite {version} can lose commits in WAL mode; this file uses a rollback journal. "
                    "The package pysqlite3 brings a fixed one."
                )
            ).format(version=lacking)
        )
    with suppress(OSError):
        file, directory = path.stat(), path.parent.stat()
        if file.st_mode & 0o660 != 0o660:
            found.append(tr("The group may not read and write the file: others cannot share this room (chmod 0660)."))
        elif directory.st_mode & 0o2070 != 0o2070:
            found.append(tr("The directory does not hand its group on: chmod 2770 lets others share this room."))
        if file.st_mode & 0o007 or directory.st_mode & 0o002:
            found.append(tr("Everybody on this machine may reach the file or its directory: chmod o-rwx."))
        if file.st_nlink > 1:
            found.append(tr("The file has more than one name (hard links): its journal belongs to only one of them."))
    if immutable:
        found.append(tr("Nobody has this room open; it is read as it stands, and looked at again before every read."))
    return found
