"""Reading a settings file: what it may say, and what is said of one that is wrong."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from warroom.plainfile import NotPlain
from warroom.preferences.load import PreferencesError, parse_preferences, read_preferences
from warroom.preferences.save import save
from warroom.preferences.values import DEFAULTS, Notify, WallSettings

WHOLE = b"""language: ko
theme: high-contrast
mouse: no
columns: [sev, key, title]
sort: -severity
filter: sev:1 !resolved
link: slow
hyperlinks: yes
clipboard: off
keys:
  incident.ack: A, space
  board.declare: [D]
notify: { bell: no, desktop: yes, title: no, every_s: 60 }
wall:
  screens: board, oncall
  rotate_s: 45
"""


def test_everything_that_a_file_can_say() -> None:
    own = parse_preferences("settings.yaml", WHOLE).preferences
    assert (own.language, own.theme, own.mouse, own.link) == ("ko", "high-contrast", False, "slow")
    assert (own.columns, own.sort, own.filter) == (("sev", "key", "title"), "-severity", "sev:1 !resolved")
    assert (own.hyperlinks, own.clipboard) == (True, False)
    assert dict(own.keys) == {"incident.ack": ("A", "space"), "board.declare": ("D",)}
    assert own.notify == Notify(bell=False, desktop=True, title=False, every_s=60)
    assert own.wall == WallSettings(("board", "oncall"), 45)


@pytest.mark.parametrize("raw", [b"", b"  \n\n"])
def test_an_empty_file_says_nothing(raw: bytes) -> None:
    assert parse_preferences("settings.yaml", raw).preferences == DEFAULTS


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"mouse: maybe", 'settings.yaml:1:8: mouse: "maybe" is neither yes nor no; write yes or no'),
        (b"themes: dark", "settings.yaml:1:1: themes: is not a setting; did you mean theme?"),
        (b"theme: dark\nlink: fastest", "settings.yaml:2:7: link: "),
        (b"notify:\n  every_s: 0", "settings.yaml:2:12: notify.every_s: "),
        (b"notify: loud", "settings.yaml:1:9: notify: "),
        (b"keys: a", "settings.yaml:1:7: keys: "),
        (b"theme:", "settings.yaml:1:1: theme: is empty"),
        (b"language: de", "settings.yaml:1:11: language: "),
        (b"- a", "settings.yaml:1:1: is not a setting; begin with a line such as theme: warroom-light"),
        (b"a" * 300_000, "settings.yaml: is larger than 256 KiB; take out what is no setting"),
        (b"theme: !x a", 'settings.yaml:1:8: theme: "!x" is a tag that is not used here; take out the word with the !'),
        (b"columns: {a: b}", "settings.yaml:1:1: columns: is a group of lines; write words with commas between"),
        (b"keys:\n  incident.ack: #\n", "settings.yaml:2:3: keys.incident.ack: is empty; write a key, in quotes"),
        (b"keys: {incident.ack: [[a]]}", "keys.incident.ack: is not a word"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_what_to_do(raw: bytes, said: str) -> None:
    with pytest.raises(PreferencesError) as raised:
        parse_preferences("settings.yaml", raw)
    assert said in str(raised.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(PreferencesError) as raised:
        parse_preferences("settings.yaml", b"mouse: 1\nlink: 2\nnotify:\n  bell: 3\n")
    assert [problem.line for problem in raised.value.problems] == [1, 2, 4]


def test_no_file_means_the_usual_ones_but_a_file_that_is_named_has_to_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_preferences().preferences == DEFAULTS
    monkeypatch.setenv("WARROOM_SETTINGS", str(tmp_path / "none.yaml"))
    with pytest.raises(PreferencesError, match="is not there"):
        read_preferences()


# What is no file -----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["pipe", "socket", "device", "directory"])
def no_file(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Something else under the name of a settings file."""
    path = tmp_path / "settings.yaml"
    if request.param == "pipe":
        os.mkfifo(path)
    elif request.param == "directory":
        path.mkdir()
    elif request.param == "device":
        path.symlink_to("/dev/zero")
    else:
        with socket.socket(socket.AF_UNIX) as listening, contextlib.chdir(tmp_path):
            listening.bind(path.name)
            yield path
        return
    yield path


@pytest.mark.parametrize("arguments", [("--help",), ("config", "check")])
def test_what_is_no_file_is_refused_and_keeps_nobody_waiting(no_file: Path, arguments: tuple[str, ...]) -> None:
    """The language is read from it for the help already."""
    done = subprocess.run(
        [sys.executable, "-m", "warroom", *arguments],
        env={**os.environ, "WARROOM_SETTINGS": str(no_file), "COLUMNS": "300"}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    if arguments == ("--help",):
        assert done.returncode == 0 and "incident" in done.stdout
        return
    assert done.returncode == 1
    said = "it is a directory" if no_file.is_dir() else "it is a pipe, a device or a socket, and no file"
    assert f"settings.yaml: cannot be read: {said}; name a file" in done.stdout


def test_nothing_is_saved_into_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").symlink_to("/dev/zero")
    with pytest.raises(NotPlain):
        save({"theme": "paper"}, tmp_path / "settings.yaml")


def test_of_a_very_large_file_no_more_is_read_than_a_settings_file_has(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(PreferencesError, match="is larger than 256 KiB"):
            read_preferences(path)
        with pytest.raises(PreferencesError, match="is larger than 256 KiB"):
            save({"theme": "paper"}, path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_the_null_device_is_an_empty_file() -> None:
    assert read_preferences(Path(os.devnull), site=False).preferences == DEFAULTS
