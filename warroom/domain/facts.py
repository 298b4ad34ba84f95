"""What is known of an incident beside its title and severity (R1), and how its severity was assessed (R2)."""

from __future__ import annotations

from datetime import datetime

from warroom.valueclass import dataclass

MOST_PRODUCTS, MOST_ANSWERS = 20, 12
"""How many products an incident names, and how many answers an assessment keeps, at most."""
MOST_COUNTED = 1_000_000_000
"""More people or support cases than this is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known besides. A text that nobody gave is "", a number or time that nobody knows is None.

    `products`: what customers call what is affected. `category` and `type`: the team's own words for the sort of
    trouble ("availability", "network"). `description`: what customers see of it. `internal` and `external`: how many
    colleagues and customers are affected. `cases`: how many support cases there are. `cluster`: where it runs.
    `deploy`: the release that it began with.
    """

    products: tuple[str, ...] = ()
    category: str = ""
    type: str = ""
    description: str = ""
    internal: int | None = None
    external: int | None = None
    cases: int | None = None
    cluster: str = ""
    deploy: str = ""
    detected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """How the severity was found: impact and urgency in the words of the rulebook's table, "" where it has none or
    nobody said; what they make (`proposed`), and the questions that were answered, each with its answer."""

    at: datetime
    by: str
    impact: str = ""
    urgency: str = ""
    proposed: str = ""
    answers: tuple[tuple[str, str], ...] = ()
