"""What a condition asks about (R6): its single questions, and those that all have to be answered with yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warroom.domain.conditions import All, AnyOf, Condition, Matches, Not, matches

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook


def questions(condition: Condition) -> tuple[Condition, ...]:
    """Every single question in a condition, without the words that join them."""
    match condition:
        case All(parts) | AnyOf(parts):
            return tuple(each for part in parts for each in questions(part))
        case Not(part):
            return questions(part)
        case _:
            return (condition,)


def needed(condition: Condition) -> tuple[Condition, ...]:
    """The single questions that all have to be answered with yes; parts of an "any" or a "not" are not among them."""
    match condition:
        case All(parts):
            return tuple(each for part in parts for each in needed(part))
        case AnyOf((only,)):
            return needed(only)
        case Not() | AnyOf():
            return ()
        case _:
            return (condition,)


def severities_of(condition: Condition, book: Rulebook) -> tuple[str, ...]:
    """The severities under which a condition could hold as far as it asks about the severity, the worst first."""
    ranks = {name: spec.rank for name, spec in book.severities.items()}
    asked = [each for each in needed(condition) if isinstance(each, Matches) and each.field == "severity"]
    return tuple(
        name
        for name in sorted(ranks, key=ranks.__getitem__)
        if all(any(matches(name, pattern, ranks) for pattern in each.patterns) for each in asked)
    )
