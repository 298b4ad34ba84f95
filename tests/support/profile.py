"""How many examples a property is tried on, and how."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("WARROOM_EXAMPLES", "90"))
"""How many examples a property is tried on; the same ones each time."""


def examples(share: float = 1.0) -> settings:
    """The profile of every property: bounded, the same each time, no clock."""
    return settings(
        max_examples=max(1, round(EXAMPLES * share)),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
