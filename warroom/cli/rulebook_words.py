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
from warroom.domain.text import clean_line
from warroom.rulebook.convert import Loaded
from warroom.rulebook.diff import Change
from warroom.rulebook.findings import Finding, Place, Weight
from warroom.rulebook.problems import Problem
from warroom.rulebook.values import duration_text
from warroom.service.revisions import Published
from warroom.tui.clockface import when
from warroom.tui.pieces import Role

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
    weight = paint(finding.weight.value, _ROLES[finding.weight])
    return f"{where}{weight}: {clean_line(f'{finding.where} {finding.what}; {finding.advice}', 1000)}"


def summary(found: Found) -> str:
    """How many there are of each weight."""
    if not found:
        return "nothing to say against it"
    counts = Counter(finding.weight for _, finding in found)
    said = [f"{counts[w]} {w.value}{'s' if counts[w] > 1 else ''}" for w in Weight if counts[w]]
    ends = "it is not put in force like that" if counts[Weight.ERROR] else "it can be put in force"
    return f"{', '.join(said)}: {ends}"


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
            yield paint(section, Role.STRONG)
        mark, role = _MARKS[change.kind]
        if change.kind == "changed":
            what = f"{change.before or 'nothing'} → {change.after or 'nothing'}"
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
    on = ", ".join(f"{count} on {revision}" for revision, count in keep.items())
    total = sum(keep.values())
    what = "one running incident keeps" if total == 1 else f"{total} running incidents keep"
    return f"{what} the rules it began with ({on}); warroom rulebook move KEY moves one"


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
                Cell("in force" if each.in_force else "", Role.OK),
                Cell(f"{runs} running" if runs else ""),
                Cell(f"instead of {each.before}" if each.before else "the first", Role.MUTED),
            ]
        )
    return table(("REVISION", "SINCE (UTC)", "BY", "", "INCIDENTS", ""), rows, wide=wide)


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
    state = "in force" if latest and latest.in_force else "not in force"
    since = f" since {latest.at:%Y-%m-%d %H:%M} UTC, by {clean_line(latest.by, 64)}" if latest else ""
    yield f"{paint(rules.revision, Role.STRONG)}  {state}{since}"
    counts = (
        (len(book.people), "people"),
        (len(book.teams), "teams"),
        (len(book.oncall) + len(book.schedules), "on-call lists and schedules"),
        (len(book.services), "services"),
        (len(book.rules), "rules"),
    )
    yield ", ".join(f"{count} {what}" for count, what in counts if count)
    if incidents:
        yield f"{incidents} running incident{'s' if incidents > 1 else ''} on it"
    yield ""
    yield from _severities(book, wide)
    for policy in book.policies.values():
        yield ""
        yield from _policy(policy, wide)


def _severities(book: Rulebook, wide: int | None) -> list[str]:
    rows = []
    for s in book.severities.values():
        hours = "at any hour" if s.hours is None else f"{s.hours.start:%H:%M}-{s.hours.end:%H:%M} {s.hours.zone}"
        says = "; ".join(f"{c.channel} {duration_text(c.first)}/{_every(c)}" for c in s.cadence)
        rows.append([Cell(f"{s.glyph} {s.name}"), Cell(s.title), Cell(s.policy or "nobody"), Cell(hours), Cell(says)])
    return table(("SEVERITY", "", "PAGES", "WHEN", "UPDATES (first/every)"), rows, wide=wide)


def _every(cadence: Cadence) -> str:
    """The longest silence, with those that hold in a status: "20m (mitigating 30m)"."""
    stages = ", ".join(f"{status} {duration_text(length)}" for status, length in cadence.by_status.items())
    return duration_text(cadence.every) + (f" ({stages})" if stages else "")


def _policy(policy: Policy, wide: int | None) -> Iterator[str]:
    yield paint(clean_line(policy.name, 64), Role.STRONG)
    rows = [
        [
            Cell(f"L{number}"),
            Cell(level.label),
            Cell(", ".join(str(target) for target in level.targets)),
            Cell("+".join(level.via) or "own way"),
            Cell(_timers(level)),
        ]
        for number, level in enumerate(policy.levels, 1)
    ]
    yield from table(("", "", "", "", ""), rows, wide=wide, indent=2)
    for number, level in enumerate(policy.levels, 1):
        if besides := "; ".join(_besides(level)):
            yield f"  {clean_line(f'L{number} {besides}', 2000)}"
    yield f"  then  {_after(policy)}"


def _timers(level: Level) -> str:
    said = []
    if level.ack_timeout is not None:
        times = f", {level.repeat + 1} times" if level.repeat else ""
        said.append(f"acknowledge within {duration_text(level.ack_timeout)}{times}")
    if level.resolve_timeout is not None:
        said.append(f"resolve within {duration_text(level.resolve_timeout)}")
    return ", ".join(said) or "no timeout"


def _besides(level: Level) -> Iterator[str]:
    """What a level does besides paging everybody it names at its time."""
    if level.mode is Mode.ROUND_ROBIN:
        yield "takes turns: one of them is paged"
    if level.warn is not None:
        yield f"the level before is warned {duration_text(level.warn)} earlier"
    if level.when is not None:
        yield f"only when {words(level.when)}"
    if level.confirm is not None:
        asks = f"asks {_named(level.confirm.by)} first"
        when_ = f" when {words(level.confirm_when)}" if level.confirm_when is not None else ""
        then = "paged" if level.confirm.otherwise is Otherwise.PROCEED else "passed over"
        yield f"{asks}{when_}, and is {then} without an answer within {duration_text(level.confirm.within)}"
    for what, targets in (
        ("accountable", level.accountable),
        ("consulted", level.consulted),
        ("informed", level.informed),
    ):
        if targets:
            yield f"{what}: {_named(targets)}"


def _named(targets: tuple[Target, ...]) -> str:
    return ", ".join(str(target) for target in targets)


def _after(policy: Policy) -> str:
    again = f"{policy.cycles} times in all, " if policy.cycles > 1 else ""
    last = ", ".join(str(target) for target in policy.then)
    fallback = f"policy {policy.fallback}" if policy.fallback else ""
    if policy.last.value == "stay":
        every = f" every {duration_text(policy.stay_every)}" if policy.stay_every else ""
        return f"{again}the last level{every} until somebody answers"
    return again + (", ".join(part for part in (last, fallback) if part) or "nobody")
