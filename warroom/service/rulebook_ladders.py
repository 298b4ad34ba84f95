"""The escalation policies of a rulebook as ladders to be read: whom each level means now, and when it is paged.

Nothing is worked out a second time: whom a target means is `reach`, and when a level is paged if nobody does anything
are the entries that the engine would write for an incident under that policy alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from datetime import datetime, timedelta
from itertools import islice

from warroom.domain.book import Rulebook
from warroom.domain.conditions import words
from warroom.domain.core import Context, Entry
from warroom.domain.duty import Duty
from warroom.domain.escalation import EscalationExhausted, EscalationSwitched, LevelPaged, LevelSkipped
from warroom.domain.incident import Declare, Incident, SeveritySpec, Status
from warroom.domain.kept_words import kept
from warroom.domain.ladder_words import span
from warroom.domain.policy import Ask, Last, Level, Mode, Otherwise, Policy, Target, TargetKind
from warroom.domain.reach import Reach, reach
from warroom.domain.room import Room, decide, fold, foresee
from warroom.service.forecasting import page_lines
from warroom.valueclass import dataclass
from warroom.views import PassedLine, PolicyLine, RungLine, TargetLine
from warroom.words import tr, trn

STEPS = 400
"""How many entries are looked ahead at most for one policy: more than any needs that ends some day."""

_ANSWERED_LATER = (TargetKind.ROLE, TargetKind.ROOM, TargetKind.SERVICE, TargetKind.MANAGER, TargetKind.LEVEL)


def policies(book: Rulebook, duty: Duty, now: datetime) -> tuple[PolicyLine, ...]:
    """Every policy, in the order of the files."""
    return tuple(_policy(policy, book, duty, now) for policy in book.policies.values())


def _policy(policy: Policy, book: Rulebook, duty: Duty, now: datetime) -> PolicyLine:
    severity = _severity(policy, book)
    if severity is None:
        return PolicyLine(policy.name, (), ())
    context = Context(now, "", book, duty)
    room = Room(Incident("", "", severity.name, Status.NEW, now, "", book.revision, now))
    times = _times(policy, severity, book, duty, now)
    levels = tuple(_level(number, level, policy, times, room, context) for number, level in enumerate(policy.levels, 1))
    last = _targets(policy.then, (), room, context) if policy.last is Last.END else ()
    return PolicyLine(policy.name, _used_by(policy, book), levels, policy.cycles, _then(policy, book), times.end, last)


def _severity(policy: Policy, book: Rulebook) -> SeveritySpec | None:
    """For which severity a policy is looked at: the worst that has it, else the worst of all."""
    ranked = sorted(book.severities.values(), key=lambda spec: spec.rank)
    return next((spec for spec in ranked if spec.policy == policy.name), ranked[0] if ranked else None)


def _used_by(policy: Policy, book: Rulebook) -> tuple[str, ...]:
    """What leads to a policy, the most usual way first."""
    severities = [spec.name for spec in book.severities.values() if spec.policy == policy.name]
    services = [
        tr("service {name}").format(name=spec.name) for spec in book.services.values() if spec.policy == policy.name
    ]
    rules = [tr("rule {name}").format(name=rule.name) for rule in book.rules if rule.then.policy == policy.name]
    after = [
        tr("after policy {name}").format(name=each.name)
        for each in book.policies.values()
        if each.fallback == policy.name
    ]
    return (*severities, *services, *rules, *after)


# When ----------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Times:
    """How long after the first page each level is paged; why one would not be; and when the policy ends."""

    levels: dict[int, timedelta] = field(default_factory=dict)
    skipped: dict[int, str] = field(default_factory=dict)
    end: timedelta | None = None


def _times(policy: Policy, severity: SeveritySpec, book: Rulebook, duty: Duty, now: datetime) -> _Times:
    """The ladder of an incident about which nothing is known, if nobody does anything: from the engine's decisions."""
    alone = replace(severity, policy=policy.name, hours=None, roles=(), cadence=(), stalled={}, ack_lapses=None)
    book = replace(book, severities={**book.severities, severity.name: alone}, rules=())
    begun = decide(None, Declare("a look ahead", severity.name, key="-"), Context(now, "", book, duty))
    room = fold(begun)
    found = _Times()
    for entry in (*begun, *(islice(foresee(room, book, duty, now), STEPS) if room is not None else ())):
        if not _take(found, entry, entry.at - now):
            break
    return found


def _take(found: _Times, entry: Entry, after: timedelta) -> bool:
    """Note one entry; whether the next one may still say something."""
    match entry.event:
        case LevelPaged(level=level, cycle=1):
            found.levels.setdefault(level, after)
        case LevelSkipped(level=level, cycle=1, nobody=nobody):
            found.skipped.setdefault(level, nobody)
        case EscalationExhausted() | EscalationSwitched():
            found.end = after
            return False
    return True


# Who -----------------------------------------------------------------------------------------------------------------


def _level(number: int, level: Level, policy: Policy, times: _Times, room: Room, context: Context) -> RungLine:
    in_turn = level.mode is Mode.ROUND_ROBIN
    if in_turn:
        found = reach(level.targets, level.via, room, context, turn=context.duty.turns.get(policy.name, 0))
        targets = tuple(_in_turn(target, level.via, found, room, context) for target in level.targets)
    else:
        targets = _targets(level.targets, level.via, room, context)
    return RungLine(
        number=number,
        label=level.label,
        targets=targets,
        via=level.via,
        at=times.levels.get(number),
        skipped=kept(times.skipped.get(number, "")) if number not in times.levels else "",
        ack_timeout=level.ack_timeout,
        resolve_timeout=level.resolve_timeout,
        repeat=level.repeat,
        warn=level.warn,
        in_turn=in_turn,
        when=words(level.when) if level.when is not None else "",
        confirm=_confirm(level, level.confirm),
        accountable=_names(level.accountable),
        consulted=_names(level.consulted),
        informed=_names(level.informed),
    )


def _targets(targets: Iterable[Target], via: tuple[str, ...], room: Room, context: Context) -> tuple[TargetLine, ...]:
    return tuple(_target(target, reach((target,), via, room, context), room, context) for target in targets)


def _in_turn(target: Target, via: tuple[str, ...], found: Reach, room: Room, context: Context) -> TargetLine:
    """What one target of a level means now of which one person at a time is paged: the next one, and who then."""
    line = _target(target, found, room, context)
    first = next((page.to for page in found.pages if page.to in context.book.people), "")
    if not first:
        return line
    able = {page.to for page in reach((target,), via, room, context).pages}
    passed = tuple(
        replace(each, why=tr("in turn after {first}").format(first=first)) if each.to in able else each
        for each in line.passed
    )
    return replace(line, passed=passed, nobody="")


def _target(target: Target, found: Reach, room: Room, context: Context) -> TargetLine:
    """What one target means now."""
    if target.kind in _ANSWERED_LATER:
        return TargetLine(str(target), depends=_depends(target, context.book))
    name = str(target)
    pages = page_lines(
        (page for page in found.pages if page.target == name), context.now, room, context.book, context.duty
    )
    lines = tuple(pages)
    passed = tuple(
        PassedLine(each.to, each.target, kept(each.why)) for each in found.passed if each.to and each.target == name
    )
    said = "; ".join(dict.fromkeys(each.why for each in found.passed if not each.to and each.target == name))
    nobody = "" if lines else kept(said or found.nobody)
    return TargetLine(name, lines, passed, nobody=nobody)


def _depends(target: Target, book: Rulebook) -> str:
    """Whom a target means, in words, where an incident alone can tell."""
    match target.kind, target.name:
        case TargetKind.ROLE, name:
            return tr("whoever is {title}").format(title=book.role(name).title)
        case TargetKind.ROOM, _:
            return tr("the chat room in which it is worked on then")
        case TargetKind.SERVICE, "owner":
            return tr("the team that owns the incident's service")
        case TargetKind.SERVICE, _:
            return tr("whoever is on call for the incident's service")
        case TargetKind.MANAGER, "lead":
            return tr("the manager of the incident manager")
        case TargetKind.MANAGER, _:
            return tr("the managers of those paged last")
    return tr("the next level of the incident's policy")


# Words ---------------------------------------------------------------------------------------------------------------


def _names(targets: Iterable[Target]) -> tuple[str, ...]:
    return tuple(str(target) for target in targets)


def _confirm(level: Level, ask: Ask | None) -> str:
    if ask is None:
        return ""
    by = tr(" or ").join(_names(ask.by))
    otherwise = tr("it is paged all the same") if ask.otherwise is Otherwise.PROCEED else tr("it is passed over")
    only = tr("; only where {words}").format(words=words(level.confirm_when)) if level.confirm_when is not None else ""
    return tr("{by} confirms within {span}, else {otherwise}{only}").format(
        by=by, span=span(ask.within), otherwise=otherwise, only=only
    )


def _then(policy: Policy, book: Rulebook) -> str:
    """What comes after the last level, one thing after the other."""
    return tr("; then ").join(_after(policy, book))


def _after(policy: Policy, book: Rulebook) -> Iterator[str]:
    if policy.cycles > 1:
        yield tr("all of it again, {cycles} times in all").format(cycles=policy.cycles)
    if policy.last is Last.STAY:
        every = policy.stay_every or policy.levels[-1].ack_timeout
        often = tr(" every {span}").format(span=span(every)) if every is not None else ""
        yield tr("the last level again{often}, until somebody acknowledges").format(often=often)
        return
    if policy.then:
        names = tr(" and ").join(_names(policy.then))
        yield trn("{names} is paged", "{names} are paged", len(policy.then)).format(names=names)
    if policy.fallback in book.policies:
        yield tr("policy {fallback} goes on").format(fallback=policy.fallback)
    else:
        yield tr("it is exhausted: an alarm until somebody acknowledges")
