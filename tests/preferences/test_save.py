"""Single settings are written without touching anything else in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from warroom.preferences.load import PreferencesError, read_preferences
from warroom.preferences.save import save

FILE = """# mine
language: sv   # at home

columns: [sev, key] # few
keys:
  # a comment of its own
  board.help: [f1]
"""


def test_comments_and_order_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(FILE)
    file.chmod(0o640)
    assert save({"columns": ["key", "title", "role:tech-lead"], "sort": "-age"}, file) == file
    text = file.read_text()
    assert text.replace("[key, title, role:tech-lead]", "[sev, key]").replace("sort: -age\n", "") == FILE
    own = read_preferences(file).preferences
    assert (own.columns, own.sort, own.language) == (("key", "title", "role:tech-lead"), "-age", "sv")
    assert file.stat().st_mode & 0o777 == 0o640
    save({"columns": [], "sort": ""}, file)
    assert "columns" not in file.read_text()
    assert "# a comment of its own" in file.read_text()


def test_a_file_that_is_not_there_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "settings.yaml"
    save({"sort": "age"}, file)
    assert file.read_text() == "sort: age\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["settings.yaml"]


def test_a_file_of_comments_alone_keeps_them(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("# nothing yet\n#sort: age")
    save({"sort": "lead"}, file)
    assert file.read_text() == "# nothing yet\n#sort: age\nsort: lead\n"


@pytest.mark.parametrize("text", ["language: klingon\n", "sort: [\n", "nonsense: 1\n"])
def test_a_file_that_cannot_be_understood_is_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(text)
    with pytest.raises(PreferencesError):
        save({"sort": "age"}, file)
    assert file.read_text() == text


def test_a_link_to_the_file_stays_one(tmp_path: Path) -> None:
    file, link = tmp_path / "real.yaml", tmp_path / "settings.yaml"
    file.write_text("mouse: no\n")
    link.symlink_to(file)
    save({"sort": "age"}, link)
    assert link.is_symlink()
    assert file.read_text() == "mouse: no\nsort: age\n"
