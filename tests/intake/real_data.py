"""Where the histories are that the providers themselves published; tests of them skip where they are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("WARROOM_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
INCIDENTS = DATA / "incidents"

needs_real_data = pytest.mark.skipif(
    not (DATA / "gaps_answer_key.jsonl").is_file(),
    reason=f"no real histories at {DATA}; set WARROOM_REAL_DATA to the folder that holds gaps_answer_key.jsonl",
)
