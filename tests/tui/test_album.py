"""The pictures of every screen: which there are, that they stand alone, and that they are the same each time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import album
from tests.tui.gallery import MAKERS

FEW = ("Confirm", "ExportDialog", "state-board-empty", "state-form-refused")


def test_pictures_are_drawn_by_theme_and_size_with_a_page_to_look_through(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    album.main([str(tmp_path), "--theme", "paper", "monochrome", "--size", "60x20", "--screen", *FEW])
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.svg")}
    assert found == {f"{theme}/60x20/{name}.svg" for theme in ("paper", "monochrome") for name in FEW}
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'src="(.+?)"', page)) == found
    told = {name: (tmp_path / f"paper/60x20/{name}.svg").read_text(encoding="utf-8") for name in FEW}
    assert "somebody" in told["state-form-refused"]
    for svg in told.values():
        assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"|<!--.*?-->', "", svg), "nothing is fetched from elsewhere"
        assert str(Path.cwd()) not in svg, "where it is drawn is nobody's business"
    assert str(tmp_path / "index.html") in capsys.readouterr().out


def test_a_picture_is_the_same_each_time(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        album.album(folder, ("warroom-dark",), ("80x24",), {"ComposerScreen", "AheadScreen"}.__contains__)
    for path in one.rglob("*.svg"):
        assert path.read_bytes() == (other / path.relative_to(one)).read_bytes()


def test_what_is_not_known_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["--theme", "neon"], ["--size", "80"], ["--screen", "NoScreen"], ["--language", "xx"]):
        with pytest.raises(SystemExit):
            album.main([str(tmp_path), *wrong])
        assert wrong[1] in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert not set(album.STATES) & {kind.__name__ for kind in MAKERS}
