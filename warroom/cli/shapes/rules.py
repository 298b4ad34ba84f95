"""What `--json` prints of the rules that a rulebook has, tried on what has happened. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape, Time


class ListedRule(Shape):
    """A rule in force, with its condition and its effects in words."""

    rule: str
    about: str
    when: str
    then: list[str]
    stop: bool


class RuleHeld(Shape):
    """How often a rule held, and how often it did something; `held_in_force` is null for one that is not in force."""

    rule: str
    held: int
    did: int
    held_in_force: int | None


class WouldChange(Shape):
    """An incident that would have got something else."""

    key: str
    title: str
    provider: str
    declared: Time
    severity_before: str
    severity_after: str
    policy_before: str
    policy_after: str
    held_before: str
    held_after: str
    rules_before: list[str]
    rules_after: list[str]
    differences: list[str]


class RulesTrial(Shape):
    """What rules would have done with the last incidents."""

    incidents: int
    first: Time | None
    last: Time | None
    raised: int
    milder: int
    silenced: int
    paged_again: int
    never: list[str]
    rules: list[RuleHeld]
    changed: list[WouldChange]
