"""`warroom wall` without a screen: once as text, what it refuses, and the fence around its process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.support import REPOSITORY
from warroom.cli.wall import INSIST
from warroom.tui.wall import fence


def test_once_is_a_picture_as_text(room: Cli) -> None:
    before = sorted(each.name for each in room.db.parent.iterdir())
    said = room("wall", "--once").stdout
    assert sorted(each.name for each in room.db.parent.iterdir()) == before
    assert "OPS-1" in said and "Tills are down" in said
    assert "UTC" in said and "read just now" in said and "NO ENGINE" in said
    assert all(len(line) <= 80 for line in said.splitlines())


def test_several_screens_come_one_after_the_other(room: Cli) -> None:
    said = room("wall", "--once", "--screen", "oncall,insight", "--screen", "board").stdout
    assert said.index("first") < said.index("Open by severity") < said.index("▌")


def test_a_filter_chooses(room: Cli) -> None:
    assert "nothing matches" in room("wall", "--once", "--filter", "there-is-no-such-word").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--screen", "bord", "--once"), "there is no screen 'bord'"),
        (("--once", "--serve"), "do not go together"),
        (("--json",), "no JSON form"),
        (("--filter", "nofield:1", "--once"), "cannot be understood"),
        ((), "needs a terminal"),
        (("--rotate", "1", "--once"), "--rotate"),
        (("--theme", "papper"), "did you mean paper?"),
        (("--theme", "paper", "--once"), "do not go together"),
    ],
)
def test_what_cannot_be_meant_is_refused(room: Cli, arguments: tuple[str, ...], said: str) -> None:
    result = room.bare("--db", str(room.db), "wall", *arguments)
    assert result.exit_code == 2 and said in result.stderr


def test_others_are_let_in_only_by_who_insists(room: Cli) -> None:
    pytest.importorskip("textual_serve", reason="the extra serve is not installed")
    result = room.bare("--db", str(room.db), "wall", "--serve", "--host", "0.0.0.0")
    assert result.exit_code == 2
    assert "no login" in result.stderr and INSIST in result.stderr


@pytest.mark.parametrize("name", ["*", "http://wall.example.org", "wall.example.org:8274", "a b", "", "x" * 64, "-a"])
@pytest.mark.parametrize("option", ["--host", "--allow-host"])
def test_what_is_no_host_is_refused(room: Cli, option: str, name: str) -> None:
    pytest.importorskip("textual_serve", reason="the extra serve is not installed")
    result = room.bare("--db", str(room.db), "wall", "--serve", INSIST, option, name)
    assert result.exit_code == 2 and "neither a name nor an address" in result.stderr


def test_pages_in_a_browser_are_drawn_in_the_theme_that_is_named(room: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("textual_serve", reason="the extra serve is not installed")
    from warroom.tui.wall import serve

    asked: list[str] = []

    class Server:
        def __init__(self, run: list[str], host: str, port: int, names: tuple[str, ...]) -> None:
            asked.extend(run)

        def serve(self) -> None:
            pass

    monkeypatch.setattr(serve, "WallServer", Server)
    assert room.bare("--db", str(room.db), "wall", "--serve", "--theme", "paper").exit_code == 0
    assert asked[-2:] == ["--theme", "paper"]


def test_a_room_that_is_not_there_is_an_error(warroom: Cli, tmp_path: Path) -> None:
    result = warroom.bare("--db", str(tmp_path / "none.db"), "wall", "--once")
    assert result.exit_code == 1 and "there is no such file" in result.stderr
    assert not [*tmp_path.glob("none*")]


FENCED = """
import sys, os, threading, subprocess
from pathlib import Path
from warroom.tui.wall.fence import fence
inside, outside = Path(sys.argv[1]), Path(sys.argv[2])
assert fence((inside,))
def refused(what):
    try:
        what()
    except OSError as error:
        return error.errno in (1, 13)
    return False
room = outside / "room.db"
for change in (
    lambda: room.open("ab"), lambda: room.open("r+b"), lambda: (outside / "new").touch(), room.unlink,
    lambda: room.rename(outside / "other"), lambda: (outside / "dir").mkdir(), lambda: os.truncate(room, 0),
    lambda: (outside / "link").symlink_to(room),
):
    assert refused(change), change
found = []
thread = threading.Thread(target=lambda: found.append(refused(room.unlink)))
thread.start(); thread.join()
assert found == [True]
assert subprocess.run(["rm", "-f", str(room)], capture_output=True).returncode
(inside / "log").write_text("this may be written")
from warroom.store.database import Database
from sqlalchemy import text
with Database.open(room, traceless=True) as database, database.read() as c:
    print(c.execute(text("SELECT count(*) FROM event")).scalar_one())
"""


@pytest.mark.skipif(not fence.known(), reason="this kernel knows no Landlock")
def test_within_the_fence_nothing_can_be_written_not_even_by_root(room: Cli, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    before = room.db.stat()
    done = subprocess.run(
        [sys.executable, "-c", FENCED, str(inside), str(room.db.parent)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0 and int(done.stdout) > 0, done.stderr
    assert (before.st_ino, before.st_size, before.st_mtime_ns) == (
        room.db.stat().st_ino,
        room.db.stat().st_size,
        room.db.stat().st_mtime_ns,
    )
    assert (inside / "log").exists()
