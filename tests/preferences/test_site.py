"""Settings of everybody on one machine, below those of each person."""

from __future__ import annotations

from pathlib import Path

import pytest

from warroom.preferences import load
from warroom.preferences.load import PreferencesError, read_preferences, site_paths
from warroom.preferences.machine import spared
from warroom.preferences.values import DEFAULTS, Notify
from warroom.tui.actions.keymap import problems
from warroom.tui.sieve.settings import check


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that is this machine's; what a person has there is in `own.yaml`."""
    monkeypatch.setattr(load, "SITE", str(tmp_path / "etc" / "settings.yaml"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", f"{tmp_path / 'first'}:relative:{tmp_path / 'second'}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WARROOM_SETTINGS", raising=False)
    return tmp_path


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_where_they_may_be(machine: Path) -> None:
    first, second, last = site_paths()
    assert first == machine / "first" / "warroom" / "settings.yaml"
    assert second == machine / "second" / "warroom" / "settings.yaml"
    assert last == machine / "etc" / "settings.yaml"


def test_they_are_merged_setting_by_setting_and_each_says_where_it_is_from(machine: Path) -> None:
    site = put(
        machine / "etc" / "settings.yaml",
        "theme: nord\nmouse: no\nnotify:\n  bell: no\n  every_s: 60\nkeys:\n  a.b: x\n  a.c: y\n",
    )
    nearer = put(machine / "first" / "warroom" / "settings.yaml", "mouse: yes\nlink: slow\n")
    own = put(machine / "home" / "warroom" / "settings.yaml", "theme: dracula\nnotify: { bell: yes }\nkeys: {a.b: z}")
    read = read_preferences()
    found = read.preferences
    assert (found.theme, found.mouse, found.link) == ("dracula", True, "slow")
    assert found.notify == Notify(bell=True, every_s=60)
    assert dict(found.keys) == {"a.b": ("z",), "a.c": ("y",)}
    assert read.origin(("theme",)) == f"{own}:1:8"
    assert read.origin(("notify", "every_s")) == f"{site}:5:12"
    assert read.origin(("link",)) == f"{nearer}:2:7"
    assert read.origin(("keys", "a.c")) == f"{site}:8:8"
    assert read.origin(("filter",)) == ""
    assert str(read.problem(("link",), "slow", "is wrong", "mend it")).startswith(f"{nearer}:2:7: link:")
    assert str(read.problem(("theme",), "dracula", "is wrong", "mend it")).startswith(f"{own}:1:8: theme:")


def test_without_a_file_of_ones_own_the_machines_counts(machine: Path) -> None:
    put(machine / "etc" / "settings.yaml", "theme: nord\n")
    assert read_preferences().preferences.theme == "nord"
    assert read_preferences(site=False).preferences == DEFAULTS


def test_what_is_wrong_with_the_machines_keeps_nobody_out(machine: Path) -> None:
    site = put(machine / "etc" / "settings.yaml", "theme: nord\nmouse: perhaps\nnotify: {bell: 7, title: no}\n")
    read = read_preferences()
    assert read.preferences.theme == "nord"
    assert read.preferences.mouse is True
    assert read.preferences.notify == Notify(title=False)
    assert [str(each).partition(": ")[0] for each in read.warnings] == [f"{site}:2:8", f"{site}:3:16"]


def test_a_directory_in_the_way_is_no_error(machine: Path) -> None:
    (machine / "etc" / "settings.yaml").mkdir(parents=True)
    assert "cannot be read" in str(read_preferences().warnings[0])


def test_what_is_wrong_with_the_machines_keys_and_columns_keeps_nobody_out(machine: Path) -> None:
    site = put(
        machine / "etc" / "settings.yaml",
        "keys:\n  incident.akc: A\n  incident.work: f6\n  incident.note: e\ncolumns: [key, nope]\nsort: -age\n",
    )
    read = spared(read_preferences(), problems, check)
    assert dict(read.preferences.keys) == {"incident.work": ("f6",)}
    assert (read.preferences.columns, read.preferences.sort) == ((), "-age")
    assert [str(each).split(" ")[0] for each in read.warnings] == [f"{site}:2:3:", f"{site}:4:18:", f"{site}:5:10:"]


def test_what_a_person_has_said_counts_above_a_machines_key_that_it_clashes_with(machine: Path) -> None:
    site = put(machine / "etc" / "settings.yaml", "keys: {incident.ack: f6}\n")
    own = put(machine / "home" / "warroom" / "settings.yaml", "keys: {incident.akc: f6, incident.work: f6}\n")
    read = spared(read_preferences(), problems)
    assert "incident.work" in read.preferences.keys  # it is said what is wrong, and nothing of it is left out
    assert {each.file for each in problems(read)} == {str(own)} and site.exists()


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [("incident.ack", "incident.work"), ("incident.work", "incident.ack"), ("move.down", "incident.ack")],
)
def test_such_a_clash_is_told_of_the_machines_file_and_names_both(machine: Path, theirs: str, mine: str) -> None:
    site = put(machine / "etc" / "settings.yaml", f"keys: {{{theirs}: f6}}\n")
    own = put(machine / "home" / "warroom" / "settings.yaml", f"keys:\n  {mine}: f6\n")
    read = spared(read_preferences(), problems)
    assert (problems(read), dict(read.preferences.keys)) == ([], {mine: ("f6",)})
    (told,) = [str(each) for each in read.warnings]
    assert told.startswith(f"{site}:1:") and f"f6 is also {mine}" in told
    assert f"{own}:2:" in told


def test_a_broken_line_of_the_machines_keys_leaves_the_others(machine: Path) -> None:
    site = put(
        machine / "etc" / "settings.yaml",
        "keys:\n  incident.ack:\n  incident.work: f6\n  incident.note: {a: b}\n  incident.update: [[f7], f8]\n"
        "  incident.status: f9\n",
    )
    read = spared(read_preferences(), problems)
    assert dict(read.preferences.keys) == {"incident.work": ("f6",), "incident.status": ("f9",)}
    assert [str(each).partition(":")[0] for each in read.warnings] == [str(site)] * 3
    assert [each.path for each in read.warnings] == [f"keys.incident.{name}" for name in ("ack", "note", "update")]


def test_all_that_is_broken_about_ones_own_keys_is_said_at_once(machine: Path) -> None:
    own = put(machine / "home" / "warroom" / "settings.yaml", "keys:\n  incident.ack:\n  incident.note: {a: b}\n")
    with pytest.raises(PreferencesError) as caught:
        read_preferences()
    assert [(each.file, each.path) for each in caught.value.problems] == [
        (str(own), "keys.incident.ack"),
        (str(own), "keys.incident.note"),
    ]
