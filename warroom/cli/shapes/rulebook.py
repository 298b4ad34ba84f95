"""What `--json` prints of rulebooks, what is wrong with them, and how two of them differ. See `shapes`."""

from __future__ import annotations

from typing import Any

from warroom.cli.shapes import Shape, Time


class Finding(Shape):
    """Something that is wrong or doubtful about a rulebook."""

    file: str
    line: int | None
    column: int | None
    path: str
    weight: str
    kind: str
    value: str
    what: str
    advice: str


class RuleChange(Shape):
    """One difference between two rulebooks."""

    section: str
    where: str
    kind: str
    before: str
    after: str


class PublishedRules(Shape):
    """What putting a rulebook in force did."""

    revision: str
    before: str
    changes: list[RuleChange]
    incidents_on_others: int
    findings: list[Finding]


class Revision(Shape):
    """One time that a revision of the rules was put in force."""

    revision: str
    at: Time
    by: str
    before: str
    in_force: bool
    incidents: int


class Rules(Shape):
    """A whole rulebook."""

    revision: str
    in_force: bool
    since: Time | None
    by: str
    incidents: int
    rules: dict[str, Any]


class Written(Shape):
    """A file that was written."""

    file: str
