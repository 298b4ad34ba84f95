"""What is doubtful about rules that can be read (R6, R13): never true, never reached, undoing each other, too much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from warroom.domain.asked import needed, questions, severities_of
from warroom.domain.conditions import (
    All,
    AnyOf,
    AtHour,
    Condition,
    Matches,
    Not,
    OnDay,
    Op,
    Pattern,
    matches,
)
from warroom.domain.ladder_words import span
from warroom.domain.matching import glob
from warroom.domain.policy import TargetKind
from warroom.domain.repeating import LABELS
from warroom.domain.rules import Rule
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook

_CHANGED_BY_RULES = ("severity", "priority", "owner")
"""Facts that a rule may change for the rules after it."""


class RuleFinding(NamedTuple):
    """One thing that is doubtful about a rule: its name, a predicate of it, and what to do."""

    rule: str
    what: str
    advice: str


def rule_findings(book: Rulebook) -> list[RuleFinding]:
    """Everything doubtful about the rules of a rulebook, rule by rule, in their order."""
    return [
        RuleFinding(rule.name, what, advice)
        for number, rule in enumerate(book.rules)
        for what, advice in (
            *_never(rule, book),
            *_unreachable(rule, book.rules[:number]),
            *_too_much(rule, book),
            *_in_vain(rule, book),
            *_for_good(rule, book),
            *_undone(rule, book.rules[number + 1 :], book),
        )
    ]


Doubts = Iterator[tuple[str, str]]


def _never(rule: Rule, book: Rulebook) -> Doubts:
    for why in contradictions(rule.when, book):
        yield tr("can never hold: {why}").format(why=why), tr("take one of the two out, or put them under any:")
    for asked in needed(rule.when):
        if not isinstance(asked, Matches) or asked.field != "service" or not book.services:
            continue
        if not any(matches(name, pattern, {}) for name in book.services for pattern in asked.patterns):
            wanted = tr(" or ").join(map(str, asked.patterns))
            yield (
                tr("asks for service {wanted}, which is none of this rulebook").format(wanted=wanted),
                tr("name one of those under services"),
            )


def contradictions(condition: Condition, book: Rulebook) -> list[str]:
    """Why a condition can never hold, as far as that can be seen: parts exclude each other."""
    found = [why for why in _excluded(condition) if why]
    parts = needed(condition)
    asks_severity = any(isinstance(each, Matches) and each.field == "severity" for each in parts)
    if asks_severity and not severities_of(condition, book):
        found.append(tr("no severity is all that it asks for"))
    for one, other in combinations(parts, 2):
        if isinstance(one, Matches) and isinstance(other, Matches) and one.field == other.field:
            if one.field not in ("severity", "components", "products") and _apart(one, other):
                found.append(
                    tr("{field} cannot be {one} and {other} at once").format(
                        field=one.field, one=_or(one.patterns), other=_or(other.patterns)
                    )
                )
        elif isinstance(one, OnDay) and isinstance(other, OnDay) and one.zone == other.zone:
            found += [] if set(one.days) & set(other.days) else [tr("it asks for two days at once")]
        elif isinstance(one, AtHour) and isinstance(other, AtHour) and one.zone == other.zone:
            found += [] if _minutes(one) & _minutes(other) else [tr("it asks for two hours at once")]
    return found


def _excluded(condition: Condition) -> Iterator[str]:
    """Parts of which the condition wants both the thing and its opposite."""
    asked = needed(condition)
    for part in _conjuncts(condition):
        if not isinstance(part, Not):
            continue
        if always(part.part):
            yield tr("what it excludes is everything")
        for each in asked:
            if each == part.part or (
                isinstance(each, Matches)
                and isinstance(part.part, Matches)
                and each.field == part.part.field
                and _covered(each, part.part)
            ):
                yield tr("it excludes what it asks for ({subject})").format(subject=_subject(each))


def _conjuncts(condition: Condition) -> tuple[Condition, ...]:
    if isinstance(condition, All):
        return tuple(each for part in condition.parts for each in _conjuncts(part))
    return (condition,)


def _subject(condition: Condition) -> str:
    return condition.field if isinstance(condition, Matches) else type(condition).__name__.lower()


def _literals(asked: Matches) -> tuple[str, ...] | None:
    """The values that a question allows, when it names them in full."""
    plain = all(p.op is Op.IS and "*" not in p.text for p in asked.patterns)
    return tuple(p.text for p in asked.patterns) if plain else None


def _apart(one: Matches, other: Matches) -> bool:
    for first, second in ((one, other), (other, one)):
        values = _literals(first)
        if values is not None:
            return not any(matches(value, pattern, {}) for value in values for pattern in second.patterns)
    return False


def _covered(asked: Matches, excluded: Matches) -> bool:
    values = _literals(asked)
    if values is None:
        return set(asked.patterns) <= set(excluded.patterns)
    plain = [p for p in excluded.patterns if p.op is Op.IS]
    return all(any(glob(pattern.text, value) for pattern in plain) for value in values)


def _minutes(asked: AtHour) -> set[int]:
    def minute(at: time) -> int:
        return at.hour * 60 + at.minute

    out: set[int] = set()
    for start, end in asked.spans:
        first, last = minute(start), minute(end)
        out |= set(range(first, last)) if first < last else {*range(first, 1440), *range(last)}
    return out


def _or(patterns: Sequence[Pattern]) -> str:
    return tr(" or ").join(map(str, patterns))


def always(condition: Condition) -> bool:
    """Whether a condition holds for everything, as far as that can be seen (`*` counts as everything)."""
    match condition:
        case All(parts):
            return all(map(always, parts))
        case AnyOf(parts):
            return any(map(always, parts))
        case Matches(_, patterns):
            return any(p.op is Op.IS and p.text and not p.text.strip("*") for p in patterns)
        case _:
            return False


def _everything(rule: Rule, book: Rulebook) -> bool:
    """The same, knowing the severities: a rule that asks for all of them asks for nothing."""
    rest = tuple(p for p in _conjuncts(rule.when) if not (isinstance(p, Matches) and p.field == "severity"))
    return always(All(rest)) and len(severities_of(rule.when, book)) == len(book.severities)


def _unreachable(rule: Rule, before: Sequence[Rule]) -> Doubts:
    mine = set(needed(rule.when))
    for earlier in before:
        if not earlier.stop:
            continue
        parts = _conjuncts(earlier.when)
        fixed = not any(_changeable(each) for each in questions(earlier.when))
        if always(earlier.when) or (fixed and parts and all(part in mine for part in parts)):
            advice = tr("put it before {name}, or take the stop out there").format(name=earlier.name)
            yield (
                tr("is never asked: {name} holds whenever it would, and stops there").format(name=earlier.name),
                advice,
            )
            return


def _changeable(asked: Condition) -> bool:
    return isinstance(asked, Matches) and (asked.field in _CHANGED_BY_RULES or asked.field.startswith(LABELS))


def _too_much(rule: Rule, book: Rulebook) -> Doubts:
    if not _everything(rule, book):
        return
    order = _order(book)
    if rule.then.suppress:
        length = rule.then.suppress_for
        what = (
            tr("nobody is ever paged") if length is None else tr("nobody is paged for {span}").format(span=span(length))
        )
        yield tr("suppresses every incident: {what}").format(what=what), tr("give it a condition under when:")
    if order and rule.then.severity == order[0] and len(order) > 1:
        yield tr("makes every incident {severity}").format(severity=order[0]), tr("give it a condition under when:")
    if rule.then.worse and len(order) > 1:
        yield tr("makes every incident worse"), tr("give it a condition under when:")


def _in_vain(rule: Rule, book: Rulebook) -> Doubts:
    then, order = rule.then, _order(book)
    if then.worse and order:
        asked = severities_of(rule.when, book)
        room = max((order.index(name) for name in asked), default=0)
        if asked and room == 0:
            yield (
                tr("raises beyond {severity}, which is the worst there is").format(severity=order[0]),
                tr("take raise out, or ask for a milder one"),
            )
        elif asked and then.worse > room:
            yield (
                tr("raises by {worse}, and there is room for {room}").format(worse=then.worse, room=room),
                tr("write raise: {room}, or severity: {severity}").format(room=room, severity=order[0]),
            )
    if then.level:
        names = [then.policy] if then.policy else [spec.policy for spec in book.severities.values()]
        levels = max((len(book.policies[name].levels) for name in names if name in book.policies), default=0)
        if levels < then.level:
            yield (
                tr("begins at level {level}, and no policy has more than {levels}").format(
                    level=then.level, levels=levels
                ),
                tr("name a level that there is"),
            )
    if then.suppress and (then.notify or then.level or then.policy):
        yield tr("tells people and suppresses: nobody is told"), tr("take one of the two out")
    for role, targets in (*then.assign.items(), *then.offer.items()):
        if all(target.kind in (TargetKind.CHANNEL, TargetKind.ROOM) for target in targets):
            yield (
                tr("gives {role} to a chat room, which cannot hold it").format(role=role),
                tr("name a person, a team or who is on call"),
            )


def _for_good(rule: Rule, book: Rulebook) -> Doubts:
    major = [name for name in severities_of(rule.when, book) if book.severities[name].major]
    if rule.then.suppress and rule.then.suppress_for is None and major and not _everything(rule, book):
        what = tr("suppresses {words} for good: nobody is paged, however long it lasts").format(words=_words(major))
        yield what, tr("add for: next to suppress:, such as for: 4h, or ask for a milder severity")


def _words(names: Sequence[str]) -> str:
    *most, last = names
    return tr("{most} and {last}").format(most=", ".join(most), last=last) if most else last


def _undone(rule: Rule, after: Sequence[Rule], book: Rulebook) -> Doubts:
    """Two rules of which each takes back what the other sets: which of them counts depends on when they are asked."""
    mine = _sets(rule)
    if not mine:
        return
    for other in after:
        theirs = _sets(other)
        if not theirs or theirs == mine or contradictions(All((_rest(rule.when), _rest(other.when))), book):
            continue
        asks = [_asks_severity(each.when) for each in (rule, other)]
        turns = theirs in severities_of(rule.when, book) and mine in severities_of(other.when, book)
        if all(asks) and turns:
            yield (
                tr("and {name} undo each other: {mine} and back to {theirs}").format(
                    name=other.name, mine=mine, theirs=theirs
                ),
                tr("let one of them have its way"),
            )


def _sets(rule: Rule) -> str:
    return "" if rule.then.at_least else rule.then.severity


def _asks_severity(condition: Condition) -> bool:
    return any(isinstance(each, Matches) and each.field == "severity" for each in needed(condition))


def _rest(condition: Condition) -> Condition:
    """A condition without what it asks about the severity."""
    return All(tuple(p for p in _conjuncts(condition) if not (isinstance(p, Matches) and p.field == "severity")))


def _order(book: Rulebook) -> list[str]:
    """The severities, the worst first."""
    return sorted(book.severities, key=lambda name: book.severities[name].rank)
