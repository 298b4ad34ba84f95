"""Files that several people share: made with the right permissions, and only where locks can be trusted."""

from __future__ import annotations

import errno
import grp
import os
import stat
from pathlib import Path

from warroom.store.db_errors import DatabaseError, DatabaseReadOnly, DatabaseUnusable, DiskFull
from warroom.store.db_locks import login_of
from warroom.words import tr

__all__ = [
    "DIRECTORY_MODE",
    "FILE_MODE",
    "describe_permissions",
    "filesystem_of",
    "is_network_filesystem",
    "make_directory",
    "make_file",
    "own_error",
    "sync_directory",
]

FILE_MODE = 0o660
DIRECTORY_MODE = 0o2770

# File systems whose locks, shared memory or write order several machines (or a user-space server) stand behind.
_REFUSED = frozenset(
    {
        *("9p", "afs", "beegfs", "ceph", "cifs", "coda", "fuse", "fuseblk", "gfs2", "gpfs", "lustre", "ncpfs"),
        *("nfs", "nfs3", "nfs4", "ocfs2", "orangefs", "pvfs2", "smb2", "smb3", "smbfs", "virtiofs"),
    }
)


def is_network_filesystem(kind: str) -> bool:
    """True for the file systems on which a database file that several processes write is not safe."""
    return kind in _REFUSED or kind.startswith("fuse.")


def filesystem_of(path: Path, mountinfo: str | None = None) -> str:
    """The file-system type under an absolute `path`, such as "ext4"; "unknown" where the system does not say.

    `mountinfo` has the form of /proc/self/mountinfo (proc_pid_mountinfo(5)); the longest mount point that contains
    the path counts, and of several mounts on one point the last.
    """
    if mountinfo is None:
        try:
            mountinfo = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
        except OSError:
            return "unknown"
    best, kind = -1, "unknown"
    for line in mountinfo.splitlines():
        before, separator, after = line.partition(" - ")
        words, tail = before.split(" "), after.split(" ")
        if not separator or len(words) < 5 or not tail[0]:
            continue
        mounted = _unescape(words[4])
        if path.is_relative_to(mounted) and len(Path(mounted).parts) >= best:
            best, kind = len(Path(mounted).parts), tail[0]
    return kind


def _unescape(text: str) -> str:
    """Undo the octal escapes that the kernel writes for blank, tab, line feed and backslash."""
    for octal, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(octal, char)
    return text


def make_directory(path: Path) -> None:
    """Make a directory for a shared file, and those above it that are missing: mode 2770 whatever the umask.

    The setgid bit lets every file in it belong to the directory's group, whoever makes it. A directory that exists
    is left as it is.
    """
    missing = [path, *path.parents]
    missing = missing[: next(i for i, directory in enumerate(missing) if directory.exists())]
    try:
        for directory in reversed(missing):
            try:
                directory.mkdir()
            except FileExistsError:
                continue  # somebody else was quicker; it is theirs to set up
            directory.chmod(DIRECTORY_MODE)
    except OSError as error:
        raise own_error(path, tr("cannot make this directory"), error) from error


def make_file(path: Path) -> None:
    """Make an empty file with mode 0660 whatever the umask; raises FileExistsError where there is one.

    The handle is closed again at once, which is harmless since nobody can have had this new file open.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    try:
        os.fchmod(fd, FILE_MODE)
    finally:
        os.close(fd)


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def describe_permissions(path: Path) -> str | None:
    """ "0660 alice oncall" for a file or directory, None when there is none. Never opens it."""
    try:
        status = path.stat()
    except OSError:
        return None
    try:
        group = grp.getgrgid(status.st_gid).gr_name
    except KeyError:
        group = str(status.st_gid)
    return f"{stat.S_IMODE(status.st_mode):04o} {login_of(status.st_uid)} {group}"


def own_error(path: Path, what: str, error: OSError) -> DatabaseError:
    """An own error for one of the operating system's, with what to do about it."""
    reason = f"{what} ({error.strerror or error})"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(reason, path, tr("Free some space and try again."))
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return DatabaseReadOnly(
            reason,
            path,
            tr("Ask the owner for write access to the file and its directory, or open the room read-only."),
        )
    return DatabaseUnusable(reason, path, tr("Check this place, or name another one with --db."))
