"""An end that is nobody's error: the reader went away, or Ctrl-C."""

from __future__ import annotations

BROKEN_PIPE = 141
"""What a shell shows for a program that SIGPIPE ended: 128 + 13."""
INTERRUPTED = 130
"""What a shell shows for a program that SIGINT ended: 128 + 2."""


class Quiet(Exception):
    """End with `status` and say nothing."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
