"""Asking the rules about an incident (R6) and doing what they say, within the decision that changed it."""

from __future__ import annotations

from dataclasses import replace

from warroom.domain.conditions import Facts, evidence, facts_of, words
from warroom.domain.core import TITLE_LIMIT, Decision, Refused
from warroom.domain.duty import LOOK_BACK, Recent
from warroom.domain.escalation import PagedBesides, Why
from warroom.domain.incident import SeverityChanged
from warroom.domain.ladder_words import span
from warroom.domain.policy import PageTo
from warroom.domain.reach import Reach
from warroom.domain.repeating import earlier, repeats
from warroom.domain.roles import RoleAssigned, RoleOffered
from warroom.domain.rules import (
    GROUPED,
    SUPPRESSED,
    Effects,
    GroupBy,
    Hold,
    HoldKept,
    HoldLifted,
    LiftHold,
    Rule,
    RuleApplied,
)
from warroom.domain.text import clean_line
from warroom.valueclass import dataclass
from warroom.words import plain, tr

FURTHEST = 4
"""How many times the first distance two looks at a hold lie apart at the most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule whose condition held: for which facts, and what it changed; None where that was nothing."""

    rule: Rule
    why: tuple[str, ...]
    event: RuleApplied | None


def apply(d: Decision) -> bool:
    """Let every rule fire that has to; whether any did.

    Whom a rule tells hears of it at once, whatever the hour, unless nobody is to be paged for the incident. The ladder,
    roles and channels are the caller's business. Rules are not asked about an imported incident, nor once it is over.
    """
    if d.room.incident.watched or not d.room.incident.live:
        return False
    fired = [asked.rule for asked in ask(d) if asked.event is not None]
    for rule in fired if not d.room.incident.held else ():
        found = d.reach(rule.then.notify, rule.then.via)
        if found.pages:
            d.record(PagedBesides(found.pages, Why.RULE, _reason(rule)))
    return bool(fired)


def ask(d: Decision) -> tuple[Asked, ...]:
    """Ask the rules once from top to bottom, each about what those before it made of the incident, and do what they
    say to the incident and its roles. Those that hold come back, in order."""
    out = []
    for rule in d.book.rules:
        facts = facts_of(d.room.incident, d.context)
        why = evidence(rule.when, facts)
        if why is None:
            continue
        new = rule.name not in d.room.incident.rules_applied and not rule.then.nothing
        event = _event(d, rule, why, facts) if new else None
        if event is not None:
            _carry_out(d, rule, event)
        out.append(Asked(rule, why, event))
        if rule.stop:
            break
    return tuple(out)


def _event(d: Decision, rule: Rule, why: tuple[str, ...], facts: Facts) -> RuleApplied | None:
    """What the rule changes as things stand; None when that is nothing."""
    incident, then = d.room.incident, rule.then
    severity, kept = _severity(d, then)
    suppress = then.suppress if not incident.held else ""
    group = _group(d, then.group, facts) if then.group and not incident.held else ""
    after = then.suppress_for if suppress else then.group.recheck if then.group and group else None
    found = {
        role: person
        for role, targets in (*then.assign.items(), *then.offer.items())
        if not d.room.roles.holder(role) and d.room.roles.get(role).offer is None
        if (person := _first(d.reach(targets)))
    }
    event = RuleApplied(
        rule.name,
        tuple(str(clean_line(each, TITLE_LIMIT)) for each in why),
        severity=severity,
        priority=then.priority if then.priority != incident.priority else "",
        policy=then.policy if then.policy != incident.policy else "",
        owner=then.owner if then.owner != incident.owner else "",
        labels={k: v for k, v in then.labels.items() if incident.labels.get(k) != v},
        confirm=then.confirm,
        suppress=suppress,
        group=group,
        level=then.level if then.level > max(incident.start_level, 1) else 0,
        notify=tuple(str(target) for target in then.notify),
        roles=found,
        kept=kept,
        until=None if after is None else d.after(after),
        after=after,
    )
    return None if replace(event, why=()) == RuleApplied(rule.name) else event


def _carry_out(d: Decision, rule: Rule, event: RuleApplied) -> None:
    before = d.room.incident.severity
    d.record(event)
    if event.severity:
        with plain():
            reason = f"rule {rule.name}: {', '.join(event.why) or words(rule.when)}"
        d.record(SeverityChanged(before, event.severity, str(clean_line(reason, TITLE_LIMIT)), rule=rule.name))
    for role, person in event.roles.items():
        if role in rule.then.assign:
            d.record(RoleAssigned(role, person, reason=f"rule {rule.name}"))
        else:
            lapses_at = d.after(d.book.role(role).offer_lapses)
            d.record(RoleOffered(role, person, _reason(rule), lapses_at))


def _reason(rule: Rule) -> str:
    return f"rule {rule.name}" + (f": {rule.about}" if rule.about else "")


def _severity(d: Decision, then: Effects) -> tuple[str, str]:
    """The severity that a rule brings, "" for none; and why it stays as it is although the rule wants another.

    What a person has set by hand stays. What a person declared is never made milder: only a report by a machine
    (one that names its source) can be.
    """
    incident, ranks = d.room.incident, {name: spec.rank for name, spec in d.book.severities.items()}
    order = sorted(ranks, key=ranks.__getitem__)
    wanted = then.severity if then.severity in ranks else ""
    if wanted and then.at_least and ranks[wanted] >= ranks.get(incident.severity, 0):
        wanted = ""
    if then.worse and incident.severity in ranks:
        raised = order[max(order.index(incident.severity) - then.worse, 0)]
        wanted = min((raised, wanted), key=ranks.__getitem__) if wanted else raised
    if not wanted or wanted == incident.severity:
        return "", ""
    if incident.severity_by_hand:
        return "", f"severity stays {incident.severity}, which was set by hand"
    if ranks[wanted] > ranks.get(incident.severity, 0) and not (incident.source or incident.provider):
        return "", f"severity stays {incident.severity}, which {incident.declared_by} declared"
    return wanted, ""


def _group(d: Decision, group: GroupBy, facts: Facts) -> str:
    """The oldest live incident that this one belongs to: as bad at least, and one that people are paged for."""
    return next((each.key for each in repeats(group.same, group.within, facts) if not _unfit(d, each)), "")


def _unfit(d: Decision, other: Recent) -> str:
    """Why an incident cannot be grouped with another one (any more); "" where it can."""
    ranks = d.book.severities
    mine, theirs = ranks.get(d.room.incident.severity), ranks.get(other.severity)
    if not other.live:
        return f"{other.key} is over"
    if mine is None or theirs is None or theirs.rank > mine.rank:
        return f"{other.key} is milder ({other.severity})"
    if other.labels.get(SUPPRESSED) or other.labels.get(GROUPED):
        return f"nobody is paged for {other.key} either"
    return ""


def _first(found: Reach) -> str:
    return next((page.to for page in found.pages if _is_person(page)), "")


def _is_person(page: PageTo) -> bool:
    return not page.to.startswith("#")


def lift(d: Decision, command: LiftHold) -> None:
    """Somebody wants people paged after all; everything begins as if the incident were declared now."""
    incident = d.room.incident
    if not incident.held:
        raise Refused(tr("{key} is not held back by any rule").format(key=incident.key))
    if not command.reason:
        raise Refused(tr("say why: a reason is needed to page for it after all"))
    d.record(HoldLifted(str(clean_line(command.reason, TITLE_LIMIT))))


def look(d: Decision, *, early: bool = False) -> bool:
    """The time of a hold is over, or with `early` it is looked at before; whether people are paged from now on.

    One that is grouped stays so for as long as it would join the other incident still, and is looked at again at
    growing distances. When that one is over it joins another that came at the same time and is paged for, so that of a
    storm one incident pages and not all of them. Of an incident that is not known any more nobody can say that it is
    live: people are paged.
    """
    hold = d.room.incident.hold
    if hold is None or not d.room.incident.live:
        return False
    why = _ended(d, hold)
    other = _regrouped(d, hold) if why else hold.key
    if not other:
        d.record(HoldLifted(why))
        return True
    if other != hold.key:
        d.record(HoldKept(other, d.after(hold.after), 0))
    elif not early:
        looks = hold.looks + 1
        d.record(HoldKept(hold.key, d.after(hold.after * min(2**looks, FURTHEST)), looks))
    return False


def _regrouped(d: Decision, hold: Hold) -> str:
    """The incident that one belongs to by the same rule, now that the other is over; "" where there is none."""
    rule = next((each for each in d.book.rules if each.name == hold.rule), None)
    group = rule.then.group if rule is not None else None
    if group is None or not hold.key:
        return ""
    since = d.room.incident.declared_at - group.within
    found = repeats(group.same, LOOK_BACK, facts_of(d.room.incident, d.context))
    return next((each.key for each in found if each.declared_at >= since and not _unfit(d, each)), "")


def _ended(d: Decision, hold: Hold) -> str:
    if not hold.key:
        return f"rule {hold.rule} suppresses for {span(hold.after)} at the most"
    # As far back as a decision knows: what is said ahead of time may rest on what is known now.
    lately = d.now - LOOK_BACK
    other = earlier(d.context.duty.recent).named(hold.key)
    if other is None or other.declared_at < lately:
        return f"{hold.key} is none of the incidents of the last {span(LOOK_BACK)}"
    return _unfit(d, other)
