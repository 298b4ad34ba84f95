"""Every setting is described, and the file to begin with can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from warroom.cli.config_checks import problems_of
from warroom.preferences.known import SETTINGS, all_settings, file_text, leaves, schema, written
from warroom.preferences.load import _FIELDS, parse_preferences
from warroom.preferences.values import DEFAULTS


def test_every_setting_is_described_and_none_that_is_not_there() -> None:
    read = {
        (name, *more)
        for name, reader in _FIELDS.items()
        for more in ([(key,) for key in reader] if isinstance(reader, dict) else [()])
    }
    assert {path for path, _ in leaves(DEFAULTS)} == read
    assert {each.path for each in SETTINGS} == read, "describe it in warroom/preferences/known.py"
    assert all(each.meaning and each.schema for each in SETTINGS)


def test_the_file_to_begin_with_says_nothing_until_a_sign_is_taken_away() -> None:
    assert parse_preferences("settings.yaml", file_text().encode()).preferences == DEFAULTS


def test_with_every_sign_taken_away_it_says_every_documented_value() -> None:
    text = re.sub(r"^#(?=\S| {2}\w+:)", "", file_text(), flags=re.MULTILINE)
    read = parse_preferences("settings.yaml", text.encode())
    found, usual = dict(leaves(read.preferences)), dict(leaves(DEFAULTS))
    assert set(read.places) >= {each.path for each in SETTINGS}
    for each in SETTINGS:
        one = parse_preferences("one.yaml", _alone(each.path, each.example)).preferences
        assert found[each.path] == dict(leaves(one))[each.path]
        # What has a usual value is shown with it.
        assert not usual[each.path] or found[each.path] == usual[each.path], each.name


def test_with_every_sign_taken_away_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(re.sub(r"^#(?=\S| {2}\w+:)", "", file_text(), flags=re.MULTILINE))
    assert [str(each) for each in problems_of(file)] == []


@pytest.mark.parametrize("each", SETTINGS, ids=lambda each: each.name)
def test_what_is_written_is_read_back(each) -> None:  # type: ignore[no-untyped-def]
    value = dict(leaves(parse_preferences("one.yaml", _alone(each.path, each.example)).preferences))[each.path]
    again = parse_preferences("two.yaml", _alone(each.path, written(value)))
    assert dict(leaves(again.preferences))[each.path] == value


@pytest.mark.parametrize("text", ["a b", "sev:1 !resolved", "- x", "yes # no", "# 1", '"', "{a", "é", "1.5", "null"])
def test_any_text_is_written_so_that_it_is_read_as_itself(text: str) -> None:
    assert parse_preferences("f", f"filter: {written(text)}".encode()).preferences.filter == text


def test_the_schema_names_every_setting() -> None:
    found = json.loads(json.dumps(schema()))["properties"]
    assert set(found) == {each.path[0] for each in all_settings()}
    assert set(found["notify"]["properties"]) == {each.path[1] for each in SETTINGS if each.path[0] == "notify"}


def _alone(path: tuple[str, ...], value: str) -> bytes:
    return "".join(
        f"{'  ' * depth}{name}:{'' if depth < len(path) - 1 else ' ' + value}\n" for depth, name in enumerate(path)
    ).encode()
