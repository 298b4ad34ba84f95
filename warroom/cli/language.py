"""Which language a run speaks: that of the settings file, else that of the locale; chosen before anything is worded."""

from __future__ import annotations

import os
import re
from pathlib import Path

from warroom import language

_LINE = re.compile(rb"^language:[ \t]*[\"']?([A-Za-z_-]{2,8})[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)
"""The one line that is read before the file is: the help is worded before anybody asks for it. What is wrong with the
file is said when it is read as a whole (`warroom.preferences.load`)."""


def choose() -> None:
    """Put the language in force; never raises."""
    language.use(_of_file() or language.of_locale())


def _of_file() -> str:
    try:
        with _path().open("rb") as file:
            found = _LINE.search(file.read(65536))
    except OSError:
        return ""
    return found[1].decode() if found else ""


def _path() -> Path:
    if given := os.environ.get("WARROOM_SETTINGS", "").strip():
        return Path(given).expanduser()
    from platformdirs import user_config_path

    return user_config_path("warroom", appauthor=False) / "settings.yaml"
