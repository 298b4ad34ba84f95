"""Reading a settings file: what it may say, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from warroom.preferences.load import PreferencesError, parse_preferences, read_preferences
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
