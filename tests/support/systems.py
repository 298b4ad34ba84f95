"""What only some operating systems have."""

from __future__ import annotations

import sys

import pytest

with_inotify = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="inotify is a facility of Linux; elsewhere files are looked at"
)
