"""A checked copy of a database file, made by a process of its own: `python -m warroom.store.db_backup FROM TO`.

A process that has the database open must not open the file a second time by other means: closing that handle would
drop the locks that SQLite holds on it. Copying through SQLite from a separate process needs no such handle here, sees
one consistent state, and waits for nobody but a commit that is just happening.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from warroom.store import db_files
from warroom.store.db_errors import DatabaseUnusable
from warroom.words import tr

__all__ = ["copy_in_another_process", "main"]


def copy_in_another_process(source: Path, target: Path, module: str, timeout_s: float = 600.0) -> None:
    """Copy `source` to `target`, replacing it only by a complete and checked copy. Raises DatabaseUnusable.

    `module` names the SQLite driver to use. `target` gets mode 0660.
    """
    command = [sys.executable, "-P", "-m", __name__, str(source), str(target), module]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        reason = done.stderr.strip().splitlines()[-1:] or [
            tr("exit status {returncode}").format(returncode=done.returncode)
        ]
        if done.returncode == 0:
            return
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = [str(error)]
    raise DatabaseUnusable(
        tr("the copy was not made: {reason}").format(reason=reason[0]),
        target,
        tr("Check the free space and the permissions of the directory."),
    )


def _copy(source: Path, target: Path, module_name: str) -> None:
    module = __import__(module_name)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    db_files.make_file(draft)
    try:
        origin = module.connect(f"file:{quote(str(source))}?mode=ro", uri=True, timeout=30)
        copy = module.connect(f"file:{quote(str(draft))}?mode=rw", uri=True, isolation_level=None)
        origin.backup(copy, pages=-1)  # all pages in one step: a copy in slices starts over at every commit
        origin.close()
        verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
        copy.close()
        if verdict != "ok":
            raise ValueError(f"quick_check says: {verdict}")
        draft.replace(target)
        db_files.sync_directory(target.parent)
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{draft}{suffix}").unlink()


def main(arguments: list[str]) -> int:
    """Entry point of the copying process; the last line on standard error says why it failed."""
    source, target, module_name = arguments
    try:
        _copy(Path(source), Path(target), module_name)
    except Exception as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
