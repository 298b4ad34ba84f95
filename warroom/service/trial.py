"""Trying rules on what really happened (R6): what the last incidents would have got, and what would have changed.

Every incident is taken back to the moment at which it was declared, with what was known then, and the rules are asked
as they would be; nothing is written. Imported incidents stand in for our own: what a provider publishes is in
production, its components are the services, and its first post is the summary. Who is on call or away at the time is
not looked up: roles go to whom the rulebook finds.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from warroom.domain.book import Rulebook
from warroom.domain.core import Context, Decision, Entry
from warroom.domain.duty import LOOK_BACK, Duty, Recent
from warroom.domain.incident import Incident
from warroom.domain.room import Room, evolve
from warroom.domain.rules import RuleApplied, effects_in_words, policy_of
from warroom.domain.ruling import ask
from warroom.domain.text import clean_block
from warroom.service.session import Session
from warroom.store import tables as t
from warroom.store.codec import decode, from_us, maybe_from, to_us
from warroom.valueclass import dataclass
from warroom.words import tr

INCIDENT, EVENT, UPDATE = (t.table(m) for m in (t.IncidentRow, t.EventRow, t.UpdateRow))

PRODUCTION = "production"
"""The environment of what a provider publishes, where nothing else is known of it."""


@dataclass(frozen=True, slots=True)
class Case:
    """An incident as it was when it was declared, and when its impact was over (None: not yet)."""

    room: Room
    over_at: datetime | None = None

    @property
    def incident(self) -> Incident:
        """The incident itself."""
        return self.room.incident


@dataclass(frozen=True, slots=True)
class Got:
    """What an incident gets under some rules. `matched`: the rules that held; `fired`: those that changed something."""

    severity: str
    policy: str
    held: str
    matched: tuple[str, ...]
    fired: tuple[RuleApplied, ...]

    @property
    def done(self) -> tuple[str, ...]:
        """What the rules do besides the severity, each in words."""
        words = (effects_in_words(replace(event, severity="", kept="")) for event in self.fired)
        return tuple(dict.fromkeys(each for effects in words for each in effects))


@dataclass(frozen=True, slots=True)
class Changed:
    """An incident that gets something else under the rules that are tried."""

    incident: Incident
    before: Got
    after: Got

    @property
    def differences(self) -> tuple[str, ...]:
        """What is different, each in words; what only the rules tried do has a plus, what they do not do a minus."""
        pairs = (
            ("{old} → {new}", self.before.severity, self.after.severity),
            (tr("policy {old} → {new}"), self.before.policy, self.after.policy),
        )
        out = [how.format(old=old or tr("none"), new=new or tr("none")) for how, old, new in pairs if old != new]
        out += [f"- {each}" for each in self.before.done if each not in self.after.done]
        out += [f"+ {each}" for each in self.after.done if each not in self.before.done]
        return tuple(out)


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule held and how often it changed something, and the same under the rules compared with (None: it
    is not one of them)."""

    rule: str
    matched: int
    fired: int
    matched_before: int | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying rules on `count` incidents, declared from `first` to `last` (None: there were none)."""

    count: int
    first: datetime | None
    last: datetime | None
    rules: tuple[RuleCount, ...]
    changed: tuple[Changed, ...]
    raised: int
    milder: int
    silenced: int
    paged_again: int

    @property
    def never(self) -> tuple[str, ...]:
        """The rules that held for none of them."""
        return tuple(each.rule for each in self.rules if not each.matched)


def try_rules(session: Session, tried: Rulebook, against: Rulebook, *, last: int, provider: str = "") -> Trial:
    """What the last `last` incidents of a room (of one provider) get under `tried`, compared with `against`."""
    with session.database.read() as c:
        wanted, cases = cases_of(c, last, provider)
    return compare(cases, tried, against, wanted)


def cases_of(c: Connection, last: int, provider: str = "") -> tuple[frozenset[str], list[Case]]:
    """The keys of the last incidents, and these together with those of the week before, as they were declared."""
    chosen = select(INCIDENT.c.id, INCIDENT.c.key, INCIDENT.c.declared_at)
    if provider:
        chosen = chosen.where(INCIDENT.c.provider == provider)
    rows = c.execute(chosen.order_by(INCIDENT.c.declared_at.desc(), INCIDENT.c.id.desc()).limit(last)).all()
    if not rows:
        return frozenset(), []
    since = to_us(from_us(rows[-1].declared_at) - LOOK_BACK)
    begun = (
        select(
            INCIDENT.c.id, INCIDENT.c.resolved_at, EVENT.c.at, EVENT.c.actor, EVENT.c.kind, EVENT.c.data, EVENT.c.due
        )
        .join(EVENT, (EVENT.c.incident == INCIDENT.c.id) & (EVENT.c.version == 1))
        .where(INCIDENT.c.declared_at >= since)
        .order_by(INCIDENT.c.declared_at, INCIDENT.c.id)
    )
    if provider:
        begun = begun.where(INCIDENT.c.provider == provider)
    posts = _first_posts(c, since)
    cases = []
    for row in c.execute(begun):
        entry = Entry(from_us(row.at), row.actor, decode(row.kind, row.data), maybe_from(row.due))
        room = evolve(None, entry)
        cases.append(Case(_as_declared(room, posts.get(int(row.id), "")), maybe_from(row.resolved_at)))
    return frozenset(str(row.key) for row in rows), cases


def _first_posts(c: Connection, since: int) -> dict[int, str]:
    posts = (
        select(UPDATE.c.incident, UPDATE.c.text)
        .join(INCIDENT, INCIDENT.c.id == UPDATE.c.incident)
        .where(INCIDENT.c.declared_at >= since, INCIDENT.c.provider.is_not(None))
        .order_by(UPDATE.c.posted_at.desc(), UPDATE.c.version.desc())
    )
    return {int(row.incident): str(row.text) for row in c.execute(posts)}


def _as_declared(room: Room, first_post: str) -> Room:
    incident = room.incident
    if not incident.watched:
        return room
    known = replace(
        incident,
        environment=incident.environment or PRODUCTION,
        summary=incident.summary or str(clean_block(first_post)),
    )
    return replace(room, incident=known)


# Pure from here on ---------------------------------------------------------------------------------------------------


def compare(cases: Sequence[Case], tried: Rulebook, against: Rulebook, wanted: Iterable[str]) -> Trial:
    """Ask both rulebooks about `cases` (oldest first), and compare those whose keys are `wanted`."""
    keys = frozenset(wanted)
    after, before = outcomes(cases, tried), outcomes(cases, against)
    chosen = [case.incident for case in cases if case.incident.key in keys]
    changed, turns = [], Counter[str]()
    ranks = {name: spec.rank for name, spec in {**against.severities, **tried.severities}.items()}
    for incident in chosen:
        old, new = before[incident.key], after[incident.key]
        found = Changed(incident, old, new)
        if not found.differences:
            continue
        changed.append(found)
        turns["raised"] += ranks[new.severity] < ranks[old.severity]
        turns["milder"] += ranks[new.severity] > ranks[old.severity]
        turns["silenced"] += bool(new.held and not old.held)
        turns["paged again"] += bool(old.held and not new.held)
    matched = Counter(rule for each in chosen for rule in after[each.key].matched)
    fired = Counter(event.rule for each in chosen for event in after[each.key].fired)
    earlier = Counter(rule for each in chosen for rule in before[each.key].matched)
    known = {rule.name for rule in against.rules}
    return Trial(
        len(chosen),
        chosen[0].declared_at if chosen else None,
        chosen[-1].declared_at if chosen else None,
        tuple(
            RuleCount(r.name, matched[r.name], fired[r.name], earlier[r.name] if r.name in known else None)
            for r in tried.rules
        ),
        tuple(changed),
        turns["raised"],
        turns["milder"],
        turns["silenced"],
        turns["paged again"],
    )


def outcomes(cases: Sequence[Case], book: Rulebook) -> dict[str, Got]:
    """By key, what every incident gets under a rulebook; each knows those before it as these rules have made them."""
    out: dict[str, Got] = {}
    lately: dict[str, deque[tuple[Recent, datetime | None]]] = defaultdict(deque)
    for case in cases:
        incident = _under(case.incident, book)
        now = incident.declared_at
        near = lately[incident.provider]
        while near and now - near[0][0].declared_at > LOOK_BACK:
            near.popleft()
        recent = tuple(replace(each, live=over is None or over > now) for each, over in near)
        d = Decision(Context(now, incident.declared_by, book, Duty(recent=recent)), _begun(case, incident), evolve)
        asked = ask(d)
        final = d.room.incident
        out[incident.key] = Got(
            final.severity,
            "" if final.held else policy_of(final, book),
            final.held,
            tuple(each.rule.name for each in asked),
            tuple(each.event for each in asked if each.event is not None),
        )
        # What an imported incident calls components are its services: it is near under each of them.
        for service in (final.components if final.watched and not final.service else (final.service,)) or ("",):
            told = Recent(final.key, now, final.severity, service, final.title, live=True, labels=final.labels)
            near.append((told, case.over_at))
    return out


def _begun(case: Case, incident: Incident) -> Room:
    return replace(case.room, incident=incident)


def _under(incident: Incident, book: Rulebook) -> Incident:
    """An incident as it would begin under these rules."""
    if incident.watched or incident.severity not in book.severities:
        return replace(incident, severity=book.severity_of_impact(incident.impact), revision=book.revision)
    return replace(incident, revision=book.revision)
