"""Rulebooks, findings, differences and revisions as text for people and as shapes for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from warroom.cli.output import Cell, emit, paint, say, table
from warroom.cli.settings import Settings
from warroom.cli.shapes import rulebook as shapes
from warroom.domain.book import Rulebook
from warroom.domain.cadence import Cadence
from warroom.domain.conditions import words
from warroom.domain.policy import Level, Mode, Otherwise, Policy, Target
from warroom.domain.status_words import status_word
from warroom.domain.text import clean_line
from warroom.rulebook.convert import Loaded
from warroom.rulebook.diff import Change
from warroom.rulebook.findings import Finding, Place, Weight
from warroom.rulebook.problems import Problem
from warroom.rulebook.values import duration_text
from warroom.service.revisions import Published
from warroom.tui.clockface import when
from warroom.tui.pieces import Role
from warroom.words import tr, trn

Found = Sequence[tuple[Place, Finding]]

_ROLES = {Weight.ERROR: Role.LATE, Weight.WARNING: Role.SOON, Weight.NOTICE: Role.MUTED}


# Findings ------------------------------------------------------------------------------------------------------------


def tell_findings(settings: Settings, found: Found) -> None:
    """Each finding in a line, or as an object."""
    for place, finding in found:
        if settings.json:
            emit(finding_shape(place, finding))
        else:
            say(finding_line(place, finding))


def finding_line(place: Place, finding: Finding) -> str:
    """A finding in one line: where, how grave, what, and what to do."""
    where = f"{clean_line(str(place), 300)}: " if place.file else ""
    weight = paint(tr(finding.weight.value), _ROLES[finding.weight])
    return f"{where}{weight}: {clean_line(f'{finding.where} {finding.what}; {finding.advice}', 1000)}"


def summary(found: Found) -> str:
    """How many there are of each weight."""
    if not found:
        return tr("nothing to say against it")
    counts = Counter(finding.weight for _, finding in found)
    forms = {
        Weight.ERROR: trn("{count} error", "{count} errors", counts[Weight.ERROR]),
        Weight.WARNING: trn("{count} warning", "{count} warnings", counts[Weight.WARNING]),
        Weight.NOTICE: trn("{count} notice", "{count} notices", counts[Weight.NOTICE]),
    }
    said = ", ".join(form.format(count=counts[weight]) for weight, form in forms.items() if counts[weight])
    ends = (
        tr("{counts}: it is not put in force like that")
        if counts[Weight.ERROR]
        else tr("{counts}: it can be put in force")
    )
    return ends.format(counts=said)


def finding_shape(place: Place, finding: Finding) -> shapes.Finding:
    """A finding for programs."""
    return shapes.Finding(
        file=place.file,
        line=place.line,
        column=place.column,
        path=finding.where,
        weight=finding.weight.value,
        kind=finding.kind,
        value="",
        what=finding.what,
        advice=finding.advice,
    )


def problem_shape(problem: Problem) -> shapes.Finding:
    """A reason why files cannot be read, in the same form."""
    return shapes.Finding(
        file=problem.file,
        line=problem.line,
        column=problem.column,
        path=problem.path,
        weight=Weight.ERROR.value,
        kind="unreadable",
        value=problem.value,
        what=problem.message,
        advice=problem.advice,
    )


# Differences ---------------------------------------------------------------------------------------------------------

_MARKS = {"added": ("+", Role.OK), "removed": ("−", Role.LATE), "changed": ("~", Role.SOON)}


def change_lines(changes: Iterable[Change]) -> Iterator[str]:
    """Differences under the names of their sections."""
    section = ""
    for change in changes:
        if change.section != section:
            section = change.section
            yield paint(tr(section), Role.STRONG)
        mark, role = _MARKS[change.kind]
        if change.kind == "changed":
            what = f"{change.before or tr('nothing')} → {change.after or tr('nothing')}"
        else:
            what = change.after or change.before
        line = ": ".join(part for part in (change.where, what) if part)
        yield f"  {paint(mark, role)} {clean_line(line, 2000)}"


def change_shape(change: Change) -> shapes.RuleChange:
    """A difference for programs."""
    return shapes.RuleChange(
        section=change.section, where=change.where, kind=change.kind, before=change.before, after=change.after
    )


def published_shape(
    revision: str, before: str, changes: Iterable[Change], keep: Mapping[str, int], found: Found
) -> shapes.PublishedRules:
    """What publishing did, for programs."""
    return shapes.PublishedRules(
        revision=revision,
        before=before,
        changes=[change_shape(change) for change in changes],
        incidents_on_others=sum(keep.values()),
        findings=[finding_shape(place, finding) for place, finding in found],
    )


def keep_words(keep: Mapping[str, int]) -> str:
    """Which running incidents stay on older rules."""
    on = ", ".join(tr("{count} on {revision}").format(count=count, revision=each) for each, count in keep.items())
    total = sum(keep.values())
    return trn(
        "one running incident keeps the rules it began with ({on}); warroom rulebook move KEY moves one",
        "{count} running incidents keep the rules it began with ({on}); warroom rulebook move KEY moves one",
        total,
    ).format(count=total, on=on)


# Revisions -----------------------------------------------------------------------------------------------------------


def log_lines(past: Sequence[Published], keep: Mapping[str, int], now: datetime, wide: int | None) -> list[str]:
    """Every time rules were put in force, in a line."""
    rows = []
    for each in past:
        runs = keep.get(each.revision, 0)
        rows.append(
            [
                Cell(each.revision, Role.STRONG if each.in_force else Role.TEXT),
                Cell(when(each.at, now)),
                Cell(each.by),
                Cell(tr("in force") if each.in_force else "", Role.OK),
                Cell(tr("{count} running").format(count=runs) if runs else ""),
                Cell(
                    tr("instead of {before}").format(before=each.before) if each.before else tr("the first"), Role.MUTED
                ),
            ]
        )
    return table((tr("REVISION"), tr("SINCE (UTC)"), tr("BY"), "", tr("INCIDENTS"), ""), rows, wide=wide)


def revision_shape(each: Published, incidents: int) -> shapes.Revision:
    """A revision that was put in force, for programs."""
    return shapes.Revision(
        revision=each.revision,
        at=each.at,
        by=each.by,
        before=each.before,
        in_force=each.in_force,
        incidents=incidents,
    )


def rules_shape(rules: Loaded, latest: Published | None, incidents: int) -> shapes.Rules:
    """A whole rulebook for programs."""
    return shapes.Rules(
        revision=rules.revision,
        in_force=latest is not None and latest.in_force,
        since=latest.at if latest else None,
        by=latest.by if latest else "",
        incidents=incidents,
        rules=json.loads(rules.json),
    )


def describe(rules: Loaded, latest: Published | None, incidents: int, wide: int | None) -> Iterator[str]:
    """A rulebook on a page: what it is, the severities, and every policy in words."""
    book = rules.book
    state = tr("in force") if latest and latest.in_force else tr("not in force")
    if latest:
        state = tr("{state} since {at:%Y-%m-%d %H:%M} UTC, by {person}").format(
            state=state, at=latest.at, person=clean_line(latest.by, 64)
        )
    yield f"{paint(rules.revision, Role.STRONG)}  {state}"
    counts = (
        (len(book.people), tr("{count} people")),
        (len(book.teams), tr("{count} teams")),
        (len(book.oncall) + len(book.schedules), tr("{count} on-call lists and schedules")),
        (len(book.services), tr("{count} services")),
        (len(book.rules), tr("{count} rules")),
    )
    yield ", ".join(said.format(count=count) for count, said in counts if count)
    if incidents:
        yield trn("{count} running incident on it", "{count} running incidents on it", incidents).format(
            count=incidents
        )
    yield ""
    yield from _severities(book, wide)
    for policy in book.policies.values():
        yield ""
        yield from _policy(policy, wide)


def _severities(book: Rulebook, wide: int | None) -> list[str]:
    rows = []
    for s in book.severities.values():
        hours = tr("at any hour") if s.hours is None else f"{s.hours.start:%H:%M}-{s.hours.end:%H:%M} {s.hours.zone}"
        says = "; ".join(f"{c.channel} {duration_text(c.first)}/{_every(c)}" for c in s.cadence)
        rows.append(
            [Cell(f"{s.glyph} {s.name}"), Cell(s.title), Cell(s.policy or tr("nobody")), Cell(hours), Cell(says)]
        )
    return table((tr("SEVERITY"), "", tr("PAGES"), tr("WHEN"), tr("UPDATES (first/every)")), rows, wide=wide)


def _every(cadence: Cadence) -> str:
    """The longest silence, with those that hold in a status: "20m (mitigating 30m)"."""
    stages = ", ".join(f"{status_word(status)} {duration_text(length)}" for status, length in cadence.by_status.items())
    return duration_text(cadence.every) + (f" ({stages})" if stages else "")


def _policy(policy: Policy, wide: int | None) -> Iterator[str]:
    yield paint(clean_line(policy.name, 64), Role.STRONG)
    rows = [
        [
            Cell(f"L{number}"),
            Cell(level.label),
            Cell(", ".join(str(target) for target in level.targets)),
            Cell("+".join(level.via) or tr("own way")),
            Cell(_timers(level)),
        ]
        for number, level in enumerate(policy.levels, 1)
    ]
    yield from table(("", "", "", "", ""), rows, wide=wide, indent=2)
    for number, level in enumerate(policy.levels, 1):
        if besides := "; ".join(_besides(level)):
            yield f"  {clean_line(f'L{number} {besides}', 2000)}"
    yield "  " + tr("then  {effect}").format(effect=_after(policy))


def _timers(level: Level) -> str:
    said = []
    if level.ack_timeout is not None:
        said.append(tr("acknowledge within {time}").format(time=duration_text(level.ack_timeout)))
        if level.repeat:
            said.append(trn("{count} time", "{count} times", level.repeat + 1).format(count=level.repeat + 1))
    if level.resolve_timeout is not None:
        said.append(tr("resolve within {time}").format(time=duration_text(level.resolve_timeout)))
    return ", ".join(said) or tr("no timeout")


def _besides(level: Level) -> Iterator[str]:
    """What a level does besides paging everybody it names at its time."""
    if level.mode is Mode.ROUND_ROBIN:
        yield tr("takes turns: one of them is paged")
    if level.warn is not None:
        yield tr("the level before is warned {time} earlier").format(time=duration_text(level.warn))
    if level.when is not None:
        yield tr("only when {condition}").format(condition=words(level.when))
    if level.confirm is not None:
        asks = (
            tr("asks {people} first when {condition}") if level.confirm_when is not None else tr("asks {people} first")
        )
        condition = words(level.confirm_when) if level.confirm_when is not None else ""
        then = (
            tr("{asks}, and is paged without an answer within {time}")
            if level.confirm.otherwise is Otherwise.PROCEED
            else tr("{asks}, and is passed over without an answer within {time}")
        )
        yield then.format(
            asks=asks.format(people=_named(level.confirm.by), condition=condition),
            time=duration_text(level.confirm.within),
        )
    for what, targets in (
        (tr("accountable: {people}"), level.accountable),
        (tr("consulted: {people}"), level.consulted),
        (tr("informed: {people}"), level.informed),
    ):
        if targets:
            yield what.format(people=_named(targets))


def _named(targets: tuple[Target, ...]) -> str:
    return ", ".join(str(target) for target in targets)


def _after(policy: Policy) -> str:
    again = tr("{count} times in all").format(count=policy.cycles) if policy.cycles > 1 else ""
    last = ", ".join(str(target) for target in policy.then)
    fallback = tr("policy {name}").format(name=policy.fallback) if policy.fallback else ""
    if policy.last.value == "stay":
        stays = (
            tr("the last level every {time} until somebody answers").format(time=duration_text(policy.stay_every))
            if policy.stay_every
            else tr("the last level until somebody answers")
        )
        return ", ".join(part for part in (again, stays) if part)
    told = ", ".join(part for part in (last, fallback) if part) or tr("nobody")
    return ", ".join(part for part in (again, told) if part)
