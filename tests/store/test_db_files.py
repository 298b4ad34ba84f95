"""Files and places: permissions, what can carry a room and what cannot, and a disk that runs full."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.store.db_support import (
    StartPeer,
    add,
    beside,
    make_table,
    mode,
    notes,
    try_to_open,
    watch_what_is_opened,
    write_under_a_size_limit,
)
from tests.support import REPOSITORY
from warroom.store import db_files
from warroom.store.database import Database, DatabaseUnusable, DiskFull
from warroom.store.db_files import filesystem_of, is_network_filesystem

pytest_plugins = ("tests.store.db_support",)


# Files ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("umask", [0o077, 0o022, 0o000])
def test_everything_that_is_made_is_shared_with_the_group_only(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "shared" / "room" / "room.db"
    before = os.umask(umask)
    try:
        with Database.open(path) as database:
            make_table(database)
            add(database, "one")
            found = {name: mode(path.parent / name) for name in beside(path)}
    finally:
        os.umask(before)
    assert mode(path.parent) == mode(path.parent.parent) == 0o2770
    assert {"room.db", "room.db.gate"} < set(found)
    assert set(found.values()) == {0o660}


@pytest.mark.usefixtures("unfixed")
def test_the_rollback_journal_is_shared_with_the_group_only(path: Path) -> None:
    before = os.umask(0o077)
    try:
        with Database.open(path) as database:
            make_table(database)
    finally:
        os.umask(before)
    assert mode(path) == mode(path.with_name("room.db-journal")) == 0o660


def test_a_directory_that_exists_keeps_its_permissions(tmp_path: Path) -> None:
    directory = tmp_path / "mine"
    directory.mkdir(mode=0o700)
    Database.open(directory / "room.db").close()
    assert mode(directory) == 0o700


def test_nothing_is_left_beside_a_closed_database(path: Path) -> None:
    Database.open(path).close()
    assert beside(path) == {"room.db", "room.db.gate"}


def test_several_names_lead_to_one_gate(tmp_path: Path, path: Path, database: Database) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.db"
    link.symlink_to(path)
    with Database.open(link) as other:
        assert other.path == path
        add(other, "through the link")
    assert notes(database) == ["through the link"]
    assert beside(link) == {"link.db"}


@pytest.mark.parametrize("target", ["sqlite:///{}", "sqlite+pysqlite:///{}", "{}"])
def test_a_path_or_a_url_opens_the_same_file(path: Path, database: Database, target: str) -> None:
    add(database, "one")
    with Database.open(target.format(path)) as other:
        assert other.path == path
        assert notes(other) == ["one"]


def test_a_name_with_special_characters_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / "a room?mode=memory&x=%41#1 사고.db"
    with Database.open(path) as database:
        make_table(database)
    assert beside(path) - {f"{path.name}-journal"} == {path.name, f"{path.name}.gate"}


def test_this_process_never_opens_the_file_by_itself(path: Path, peer: StartPeer) -> None:
    """Closing such a handle would drop SQLite's locks; whatever Python code opens, an audit hook reports."""
    assert peer(watch_what_is_opened, path).hear() == {f"{path}.gate"}


# Places that cannot carry a room -------------------------------------------------------------------------------------


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="is a directory"):
        Database.open(tmp_path)


def test_a_pipe_is_no_database_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DatabaseUnusable, match="not a regular file"):
        Database.open(tmp_path / "pipe")


@pytest.mark.parametrize("options", [{}, {"readonly": True}])
def test_another_file_is_no_database(tmp_path: Path, options: dict[str, Any]) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear all, " * 1000)
    with pytest.raises(DatabaseUnusable, match="is not a database"):
        Database.open(path, **options)
    assert path.read_text() == "Dear all, " * 1000


@pytest.mark.parametrize("options", [{}, {"readonly": True}])
def test_an_empty_file_is_not_taken_for_a_new_room(path: Path, options: dict[str, Any]) -> None:
    path.touch()
    with pytest.raises(DatabaseUnusable, match=r"is empty \(0 bytes\).*restore a backup"):
        Database.open(path, **options)
    assert path.stat().st_size == 0


def test_a_damaged_file_is_said_to_be_damaged(path: Path) -> None:
    with Database.open(path) as database:
        make_table(database)
        for number in range(50):
            add(database, "x" * 500 + str(number))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(DatabaseUnusable, match=r"is damaged.*restore the last backup"), Database.open(path) as database:
        notes(database)


def test_a_directory_without_write_access_says_so(public_directory: Path, peer: StartPeer) -> None:
    path = public_directory / "room.db"
    Database.open(path).close()
    path.chmod(0o644)
    public_directory.chmod(0o555)
    assert "you may not write in this directory" in peer(try_to_open, path, {}).hear()


def test_a_file_without_access_says_so(public_directory: Path, peer: StartPeer) -> None:
    path = public_directory / "room.db"
    Database.open(path).close()
    path.with_name("room.db.gate").unlink()
    public_directory.chmod(0o777)
    path.chmod(0o444)
    assert "you may not write this file" in peer(try_to_open, path, {}).hear()
    path.chmod(0)
    other = peer(try_to_open, path, {}, {"readonly": True})
    assert "you may not read this file" in other.hear()
    assert "you may not read this file" in other.hear()


def test_a_gate_without_write_access_says_so(public_directory: Path, peer: StartPeer) -> None:
    path = public_directory / "room.db"
    Database.open(path).close()
    public_directory.chmod(0o777)
    path.chmod(0o666)
    path.with_name("room.db.gate").chmod(0o400)
    heard = peer(try_to_open, path, {}).hear()
    assert heard.startswith("DatabaseReadOnly")
    assert "gate" in heard


def test_a_directory_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnusable, match=r"cannot make this directory|cannot be reached"):
        Database.open(tmp_path / "file" / "sub" / "room.db")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("sqlite://", "a file of its own"),
        ("sqlite:///:memory:", "a file of its own"),
        ("sqlite:///room.db?mode=ro", "without options"),
        ("oracle://scott:tiger@host/room", "cannot use oracle databases"),
        ("://", "is not a database URL"),
    ],
)
def test_a_url_that_names_no_room_is_refused_without_its_password(target: str, message: str) -> None:
    with pytest.raises(DatabaseUnusable, match=message) as caught:
        Database.open(target)
    assert "tiger" not in str(caught.value)


MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
23 22 0:20 / /proc rw - proc proc rw
30 22 0:40 / /srv rw - xfs /dev/sdb rw
31 30 0:41 / /srv/team\\040share rw,relatime shared:2 master:1 - nfs4 files:/team rw,vers=4.2
32 22 0:42 / /mnt/win rw - cifs //files/share rw
33 22 0:43 / /home/a/sftp rw - fuse.sshfs a@b: rw
34 22 0:44 / /over rw - nfs files:/old rw
35 34 0:45 / /over rw - tmpfs tmpfs rw
36 22 0:46 / /odd rw - somethingnew none rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind", "refused"),
    [
        ("/room.db", "ext4", False),
        ("/srv/room.db", "xfs", False),
        ("/srv/team share/a/room.db", "nfs4", True),
        ("/srv/team shared/room.db", "xfs", False),
        ("/mnt/win/room.db", "cifs", True),
        ("/home/a/sftp/room.db", "fuse.sshfs", True),
        ("/over/room.db", "tmpfs", False),
        ("/odd/room.db", "somethingnew", False),
    ],
)
def test_the_file_system_is_that_of_the_longest_mount_point(path: str, kind: str, refused: bool) -> None:
    assert filesystem_of(Path(path), MOUNTS) == kind
    assert is_network_filesystem(kind) is refused


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse", "fuseblk", "fuse.anything"])
def test_network_file_systems_are_refused_before_anything_is_made(
    path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db_files, "filesystem_of", lambda directory: kind)
    for readonly in (False, True):
        with pytest.raises(DatabaseUnusable, match=rf"network.*\({kind}\).*postgresql"):
            Database.open(path, readonly=readonly)
    assert beside(path) == set()


def test_this_machines_own_mounts_can_be_read(path: Path, database: Database) -> None:
    assert database.facts().filesystem == filesystem_of(path) != "unknown"


# Disk full -----------------------------------------------------------------------------------------------------------


def test_a_full_disk_writes_nothing_and_goes_on_by_itself(database: Database) -> None:
    add(database, "before")
    with (
        pytest.raises(DiskFull, match=r"disk is full; nothing was written.*goes on by itself") as caught,
        database.write() as c,
    ):
        pages = c.execute(text("PRAGMA page_count")).scalar_one()
        c.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
        c.execute(text("INSERT INTO note (words) VALUES ('first half')"))
        for number in range(50):
            c.execute(text("INSERT INTO note (words) VALUES (:words)"), {"words": f"{number}" + "x" * 1000})
    assert caught.value.retry
    assert notes(database) == ["before"]
    add(database, "small enough")
    with database.write() as c:
        c.execute(text("PRAGMA max_page_count = 1000000"))
    add(database, "y" * 100_000)
    assert len(notes(database)) == 3


TINY_DISK = """
import os, sys, pathlib
sys.path.insert(0, sys.argv[2])
from sqlalchemy import text
from warroom.store.database import Database, DatabaseError
disk = pathlib.Path(sys.argv[1])
database = Database.open(disk / "room.db")
with database.write() as c:
    c.execute(text("CREATE TABLE note (words TEXT)"))
def add(size):
    try:
        with database.write() as c:
            c.execute(text("INSERT INTO note VALUES ('first half')"))
            c.execute(text("INSERT INTO note VALUES (:w)"), {"w": "x" * size})
        return "written"
    except DatabaseError as error:
        return type(error).__name__
def count():
    with database.read() as c:
        return c.execute(text("SELECT count(*) FROM note")).scalar_one()
print(add(10), count())
(disk / "ballast").write_bytes(b"x" * 300_000)
print(add(3_000_000), count())
print(add(3_000_000), count())
other = Database.open(disk / "room.db", readonly=True)
with other.read() as c:
    print("others read", c.execute(text("SELECT count(*) FROM note")).scalar_one())
(disk / "ballast").unlink()
print(add(200_000), count())
with database.read() as c:
    print(c.execute(text("PRAGMA quick_check")).scalar_one())
"""


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    script = 'mount -t tmpfs -o size=2m none "$1" && exec "$2" -c "$3" "$1" "$4"'
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", str(tmp_path)]
    try:
        done = subprocess.run(
            [*command, sys.executable, TINY_DISK, str(REPOSITORY)], capture_output=True, text=True, timeout=60
        )
    except FileNotFoundError:
        pytest.skip("needs unshare to mount a tiny disk")
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"this machine mounts no tiny disk: {done.stderr.strip()}")
    assert done.stdout.splitlines() == [
        "written 2",
        "DiskFull 2",
        "DiskFull 2",
        "others read 2",
        "written 4",
        "ok",
    ], done.stderr


def test_a_file_size_limit_is_an_own_error_and_leaves_nothing_half_written(path: Path, peer: StartPeer) -> None:
    writer = peer(write_under_a_size_limit, path)
    kind, what, retry, rows = writer.hear()
    assert (kind, retry, rows) == (DatabaseUnusable, True, 0)
    assert "input/output error" in what
    assert writer.hear() == ("written", 2)
