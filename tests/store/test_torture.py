"""The short form of `tests.bench.torture`: engines that are killed at random lose nothing and do nothing twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import REPOSITORY


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "flags"),
    [
        ({"engines": 8, "kills": 25, "seconds": 3, "incidents": 25, "lease": 1}, ()),
        ({"engines": 4, "kills": 12, "seconds": 6, "incidents": 12, "speed": 200}, ("--seed-rules", "--http")),
    ],
    ids=["quick rules, to a file", "seed rules, over HTTP"],
)
def test_engines_killed_at_random_lose_no_step_and_no_message(
    tmp_path: Path, options: dict[str, int], flags: tuple[str, ...]
) -> None:
    words = [*flags, *(str(word) for name, value in options.items() for word in (f"--{name}", value))]
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.torture", *words, "--directory", str(tmp_path)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert run.stdout, run.stderr
    figures = json.loads(run.stdout)
    assert figures["wrong"] == []
    assert run.returncode == 0, figures
    assert figures["kills"] >= options["kills"]
    assert figures["steps"] > 10
    assert (figures["steps_lost"], figures["steps_twice"], figures["steps_out_of_order"]) == (0, 0, 0)
    assert figures["messages"]["decided"] > 100
    assert figures["messages"]["lost"] == figures["messages"]["sent_again_unflagged"] == 0
    assert list(tmp_path.iterdir()) == []
