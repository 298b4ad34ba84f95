"""What several test modules share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def real_data(*parts: str) -> Path:
    """A file or folder of real input, which is never part of the project; skips the test where it is missing.

    The folder is named by the environment variable `WARROOM_REAL_DATA`; unset, it is looked for beside the
    repository.
    """
    root = Path(os.environ.get("WARROOM_REAL_DATA") or REPOSITORY.parent / "shared" / "data")
    path = root.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no real input at {path}: set WARROOM_REAL_DATA to the folder that holds {'/'.join(parts)}")
    return path
