"""Writes single settings into a person's file: comments, order and everything else in it stay as they are."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from warroom.plainfile import read_plain
from warroom.preferences.load import parse_preferences, settings_path
from warroom.rulebook.yamlfile import MAX_BYTES


def save(values: Mapping[str, Any], path: Path | None = None) -> Path:
    """Set these settings; one that is "" or empty is taken out. Returns the file, which is made (readable for its owner
    alone) where there is none.

    Raises `PreferencesError` where the file cannot be understood, as it stands or with these values: it is left alone
    then. Raises `OSError`.
    """
    path = path or settings_path()
    try:
        raw = read_plain(path, MAX_BYTES + 1)
    except FileNotFoundError:
        raw = b""
    parse_preferences(str(path), raw)
    text = _with(raw.decode("utf-8-sig"), values)
    parse_preferences(str(path), text.encode())
    if text.encode() != raw:
        _write(path, text)
    return path


def _with(text: str, values: Mapping[str, Any]) -> str:
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 10_000
    data = yaml.load(text)
    kept = ""
    if data is None:  # nothing but comments, which belong to no value and would be lost
        data, kept = CommentedMap(), text if not text or text.endswith("\n") else text + "\n"
    for name, value in values.items():
        if value in ("", [], ()):
            data.pop(name, None)
        elif isinstance(value, list | tuple):
            row = CommentedSeq(value)
            row.fa.set_flow_style()
            data[name] = row
        else:
            data[name] = value
    if not data:
        return kept
    out = io.StringIO()
    yaml.dump(data, out)
    return kept + out.getvalue()


def _write(path: Path, text: str) -> None:
    """The whole file or nothing; a link to it stays one."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
