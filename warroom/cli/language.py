"""Which language a run speaks: that of the settings file, else that of the locale; chosen before anything is worded."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from warroom import language
from warroom.plainfile import read_plain

_LINE = re.compile(rb"^language:[ \t]*[\"']?([A-Za-z_-]{2,8})[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)
"""The one line that is read before the file is: the help is worded before anybody asks for it. What is wrong with the
file is said when it is read as a whole (`warroom.preferences.load`)."""

_LINUX: bool = sys.platform.startswith("linux")


def choose() -> None:
    """Put the language in force; never raises."""
    language.use(next(filter(None, map(_of_file, _paths())), "") or language.of_locale())


def _of_file(path: Path) -> str:
    try:
        found = _LINE.search(read_plain(path, 65536))
    except OSError:
        return ""
    return found[1].decode() if found else ""


def _paths() -> Iterator[Path]:
    """A person's own file, then those of the machine, as `warroom.preferences.load.site_paths` has them."""
    yield _path()
    for each in (os.environ.get("XDG_CONFIG_DIRS", "").strip() or "/etc/xdg").split(os.pathsep):
        if os.path.isabs(each):  # noqa: PTH117 - a path is made of it only then
            yield Path(each) / "warroom" / "settings.yaml"
    yield Path("/etc/warroom/settings.yaml")


def _path() -> Path:
    if given := os.environ.get("WARROOM_SETTINGS", "").strip():
        return Path(given).expanduser()
    if _LINUX:  # as platformdirs has it, which is not loaded for a word of help
        return Path(os.environ.get("XDG_CONFIG_HOME", "").strip() or "~/.config").expanduser() / "warroom/settings.yaml"
    from platformdirs import user_config_path

    return user_config_path("warroom", appauthor=False) / "settings.yaml"
