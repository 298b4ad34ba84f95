"""Which language is in force, and what a text becomes in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from warroom import language
from warroom.cli.language import choose
from warroom.words import tr, trn


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    language.use("en")


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, ""),
        ({"LANG": "C.UTF-8"}, ""),
        ({"LANG": "ko_KR.UTF-8"}, "ko_KR.UTF-8"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "sv_SE.UTF-8"}, "sv_SE.UTF-8"),
        ({"LANG": "C", "LANGUAGE": "sv:en"}, "sv"),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "POSIX"}, ""),
    ],
)
def test_what_the_locale_asks_for(environment: dict[str, str], wanted: str) -> None:
    assert language.of_locale(environment) == wanted


@pytest.mark.parametrize("wanted", ["", "en_GB", "C", "xx", "../ko", "en"])
def test_what_there_is_no_catalog_for_is_english(wanted: str) -> None:
    assert language.use(wanted) == "en"
    assert tr("Severity") == "Severity" and trn("{n} page", "{n} pages", 2) == "{n} pages"
    assert tr("") == ""


def test_a_settings_file_goes_before_the_locale_and_a_broken_one_is_left_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.yaml"
    monkeypatch.setenv("WARROOM_SETTINGS", str(file))
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    asked: list[str] = []
    monkeypatch.setattr(language, "use", asked.append)
    choose()
    file.write_bytes(b"theme: dark\nlanguage: ko  # at home\n")
    choose()
    file.write_bytes(b"\xff\xfe language: [")
    choose()
    assert asked == ["sv_SE.UTF-8", "ko", "sv_SE.UTF-8"]
