"""Dead ends: severities, levels and last resorts that page nobody, and levels that a ladder never leaves (R5, R13)."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.domain.book import Rulebook
from warroom.domain.incident import SeveritySpec
from warroom.domain.oncall import Contact
from warroom.domain.policy import Last, Level, Mode, Otherwise, Policy, Target, TargetKind
from warroom.rulebook.check_reach import Candidates
from warroom.rulebook.findings import Finding, Weight
from warroom.rulebook.validate import Steps
from warroom.rulebook.values import listing, some
from warroom.words import tr, trn

_OF_THE_MOMENT = frozenset({TargetKind.ROLE, TargetKind.SERVICE, TargetKind.MANAGER})
"""Whom these name is known when the page goes out and not before."""


def look(book: Rulebook) -> Iterator[Finding]:
    """What is doubtful about severities, policies and reminders."""
    candidates = Candidates(book)
    for severity in book.severities.values():
        yield from _severity(severity, book)
    used = candidates.policies_in_use
    for policy in book.policies.values():
        yield from _policy(policy, candidates)
        if policy.name not in used:
            yield Finding(
                Weight.NOTICE,
                "policy-unused",
                ("policies", policy.name),
                tr("is never run: nothing names it"),
                tr("name it in a severity, a service or a rule, or take it out"),
                at_key=True,
            )
    yield from _reminders(book, candidates)


def _severity(severity: SeveritySpec, book: Rulebook) -> Iterator[Finding]:
    path: Steps = ("severities", severity.name)
    if not severity.policy:
        weight = Weight.ERROR if severity.major else Weight.NOTICE
        what = tr("is major and has no policy: nobody is ever paged for it") if severity.major else tr("pages nobody")
        advice = tr("add policy: and one of these; {listing}").format(listing=listing(tuple(book.policies)))
        yield Finding(weight, "severity-no-policy", path, what, advice, at_key=True)
    if severity.major and severity.hours is not None:
        yield Finding(
            Weight.WARNING,
            "severity-major-hours",
            (*path, "hours"),
            tr("lets the pages of a major incident wait for working hours"),
            tr("take hours out, so that it pages at any hour, or write major: false"),
            at_key=True,
        )


def _policy(policy: Policy, candidates: Candidates) -> Iterator[Finding]:
    path: Steps = ("policies", policy.name)
    reached = [candidates.can_reach(level.targets) for level in policy.levels]
    last_resort = candidates.can_reach(policy.then)
    if not any(reached) and not last_resort:
        advice = tr("name people who have contacts, on-call lists or teams of them, or a chat room")
        yield Finding(Weight.ERROR, "policy-nobody", path, tr("can reach nobody at all"), advice, at_key=True)
        return
    for index, level in enumerate(policy.levels):
        here: Steps = (*path, "levels", index)
        if not reached[index]:
            yield Finding(
                Weight.ERROR,
                "level-nobody",
                (*here, "targets"),
                tr("can reach nobody: {why_nobody}").format(why_nobody=_why_nobody(level.targets, candidates)),
                _unsent_advice(level.targets, candidates)
                or tr("give these people contacts under people, or name others"),
            )
            continue
        yield from _level(policy, index, here, candidates)
    yield from _end(policy, path, last_resort, candidates)


def _end(policy: Policy, path: Steps, last_resort: bool, candidates: Candidates) -> Iterator[Finding]:
    """What comes after the last level."""
    if policy.last is Last.STAY:
        end = policy.levels[-1]
        if policy.stay_every is None and end.ack_timeout is None:
            what = tr("stays on a last level that has no ack_timeout: it is never paged again")
            advice = tr("add stay_every, or an ack_timeout to the last level")
            yield Finding(Weight.ERROR, "policy-stays-silent", path, what, advice, at_key=True)
        if policy.then or policy.fallback:
            what = tr("stays on its last level: what comes after that never does")
            advice = tr("take then and fallback out, or last: stay")
            yield Finding(Weight.WARNING, "policy-never-ends", path, what, advice, at_key=True)
        return
    if policy.then and not last_resort:
        what = tr("can reach nobody: {why_nobody}").format(why_nobody=_why_nobody(policy.then, candidates))
        advice = _unsent_advice(policy.then, candidates) or tr("name a chat room, or people who have contacts")
        yield Finding(Weight.ERROR, "last-resort-nobody", (*path, "then"), what, advice)
    elif not policy.then and not policy.fallback:
        yield Finding(
            Weight.WARNING,
            "policy-no-last-resort",
            path,
            tr("has no last resort: when nobody on its levels answers, nobody else hears of it"),
            tr("add then: and who is told last, such as [channel:#incident-major]"),
            at_key=True,
        )
    way = [policy.name]
    while (after := candidates.book.policies.get(way[-1])) and after.fallback and after.fallback not in way:
        way.append(after.fallback)
    if after and after.fallback == policy.name:
        yield Finding(
            Weight.WARNING,
            "fallback-circle",
            (*path, "fallback"),
            tr("leads in a circle ({value}): each of them runs once, and then nobody is paged").format(
                value=" → ".join((*way, policy.name))
            ),
            tr("let one of them end with then alone"),
        )


def _why_nobody(targets: tuple[Target, ...], candidates: Candidates) -> str:
    said = []
    for target in targets:
        people = candidates.everybody(target)
        if not people:
            said.append(tr("nobody is behind {target}").format(target=target))
            continue
        rooms = [login for login in people if login[0] == "#"]
        unsent = [login for login in people if login not in rooms and _lanes(login, candidates)]
        bare = [login for login in people if login not in rooms and login not in unsent]
        if rooms:
            said.append(tr("nothing sends to {rooms}").format(rooms=", ".join(rooms[:5])))
        if unsent:
            ways = dict.fromkeys(way for login in unsent for way in _lanes(login, candidates))
            said.append(
                tr("nothing sends by {ways} to {unsent}").format(ways=", ".join(ways), unsent=", ".join(unsent[:5]))
            )
        if bare:
            said.append(tr("{bare} without any contact").format(bare=", ".join(bare[:5])))
    return "; ".join(said)


def _unsent_advice(targets: tuple[Target, ...], candidates: Candidates) -> str:
    """What to add where there are ways to reach these, and nothing that sends by them; "" where there are none."""
    people = dict.fromkeys(login for target in targets for login in candidates.everybody(target))
    rooms = [login for login in people if login[0] == "#"]
    ways = dict.fromkeys(way for login in people if login[0] != "#" for way in _lanes(login, candidates))
    if rooms:
        ways["chat"] = None
    if not ways:
        return ""
    if rooms:
        text = trn(
            "add a way {ways} under delivery.ways, or {rooms} under delivery.rooms",
            "add one of the ways {ways} under delivery.ways, or {rooms} under delivery.rooms",
            len(ways),
        )
        return text.format(ways=", ".join(ways), rooms=", ".join(rooms[:5]))
    text = trn("add a way {ways} under delivery.ways", "add one of the ways {ways} under delivery.ways", len(ways))
    return text.format(ways=", ".join(ways))


def _lanes(login: str, candidates: Candidates) -> tuple[str, ...]:
    """The ways by which somebody has a contact."""
    return tuple(c.via for c in _contacts(login, candidates)) if login in candidates.book.people else ()


def _level(policy: Policy, index: int, path: Steps, candidates: Candidates) -> Iterator[Finding]:
    level = policy.levels[index]
    yield from _of_the_moment(level, path, candidates)
    yield from _ways(level, path, candidates)
    if level.ack_timeout is None and level.resolve_timeout is None:
        goes_on = policy.cycles > 1 or policy.then or policy.fallback
        if index + 1 < len(policy.levels):
            yield Finding(
                Weight.ERROR,
                "level-stays",
                path,
                tr("has no timeout: level {index} is never brought in by time").format(index=index + 2),
                tr("add ack_timeout, resolve_timeout, or both"),
            )
        elif goes_on and policy.last is not Last.STAY:
            advice = tr("add ack_timeout, resolve_timeout, or both")
            yield Finding(
                Weight.WARNING, "last-level-stays", path, tr("has no timeout: what comes after it never does"), advice
            )
    yield from _asked(level, path, candidates)
    if index == 0:
        return
    before, own = candidates.usual(policy.levels[index - 1].targets), candidates.usual(level.targets)
    if own and own <= before and not candidates.depends(level.targets) and level.mode is Mode.ALL:
        who = ", ".join(sorted(own))
        yield Finding(
            Weight.WARNING,
            "same-people",
            (*path, "targets"),
            tr("pages nobody but {who} of the level before: one dead phone silences both").format(who=who),
            tr("name somebody else here, or on the level before"),
        )


def _asked(level: Level, path: Steps, candidates: Candidates) -> Iterator[Finding]:
    """Whom a level asks and tells besides those it pages."""
    if level.confirm is not None and not candidates.can_reach(level.confirm.by):
        text = (
            tr("asks nobody who can be reached ({why}): it is paged at once")
            if level.confirm.otherwise is Otherwise.PROCEED
            else tr("asks nobody who can be reached ({why}): it is passed over")
        )
        yield Finding(
            Weight.WARNING,
            "confirm-nobody",
            (*path, "confirm"),
            text.format(why=_why_nobody(level.confirm.by, candidates)),
            tr("name people who have contacts, or a team or an on-call list of them"),
            at_key=True,
        )
    for name, targets in (
        ("accountable", level.accountable),
        ("consulted", level.consulted),
        ("informed", level.informed),
    ):
        if targets and not candidates.can_reach(targets):
            what = tr("can reach nobody: {why_nobody}").format(why_nobody=_why_nobody(targets, candidates))
            advice = _unsent_advice(targets, candidates) or tr("give these people contacts, or take it out")
            yield Finding(Weight.NOTICE, "told-nobody", (*path, name), what, advice)
    if level.mode is Mode.ROUND_ROBIN and len({p for t in level.targets for p in candidates.everybody(t)}) == 1:
        what = tr("takes turns among one person")
        yield Finding(Weight.NOTICE, "turns-of-one", (*path, "mode"), what, tr("name more people, or take mode out"))


def _of_the_moment(level: Level, path: Steps, candidates: Candidates) -> Iterator[Finding]:
    kinds = {target.kind for target in level.targets}
    if kinds == {TargetKind.ROLE}:
        yield Finding(
            Weight.NOTICE,
            "level-roles-only",
            (*path, "targets"),
            tr("names roles alone: while they are vacant it is passed at once"),
            tr("name a team, an on-call list or a person besides"),
        )
    if kinds != {TargetKind.SERVICE}:
        return
    lacking = [
        name
        for name in candidates.book.services
        if not any(candidates.can_reach_for(target, name) for target in level.targets)
    ]
    if lacking:
        shown = some(lacking, 5)
        yield Finding(
            Weight.WARNING,
            "level-services",
            (*path, "targets"),
            tr("can reach nobody for {shown}, and for an incident without a service").format(shown=shown),
            tr("give these services an owner or an oncall under services, or name somebody here besides"),
        )


def _ways(level: Level, path: Steps, candidates: Candidates) -> Iterator[Finding]:
    people = {login for target in level.targets for login in candidates.everybody(target) if login[0] != "#"}
    has = {
        contact.via for login in people if login in candidates.book.people for contact in _contacts(login, candidates)
    }
    missing = [way for way in level.via if way not in has]
    if level.via and people and len(missing) == len(level.via):
        yield Finding(
            Weight.WARNING,
            "level-ways",
            (*path, "via"),
            tr("names ways that nobody on this level has: each gets the page by their first one ({missing})").format(
                missing=", ".join(missing)
            ),
            tr("add such contacts under people, or take via out"),
        )


def _contacts(login: str, candidates: Candidates) -> tuple[Contact, ...]:
    return candidates.book.people[login].contacts


def _reminders(book: Rulebook, candidates: Candidates) -> Iterator[Finding]:
    timed = any(severity.cadence for severity in book.severities.values())
    if not timed:
        return
    if not book.reminders:
        what, advice = (
            tr("tells nobody of an overdue update: the board alone shows it"),
            tr("add steps, the first one after 0s"),
        )
        yield Finding(Weight.NOTICE, "reminders-none", ("reminders",), what, advice, at_key=True)
        return
    last = book.reminders[-1]
    ladder = any(target.kind is TargetKind.LEVEL for target in last.to)
    if not ladder and not candidates.can_reach(t for t in last.to if t.kind not in _OF_THE_MOMENT):
        yield Finding(
            Weight.WARNING,
            "reminders-end",
            ("reminders", len(book.reminders) - 1, "to"),
            tr("is the last step and names roles alone: while they are vacant nobody hears of an overdue update"),
            tr("end with level:next, a team, an on-call list or a chat room"),
        )
