"""The rulebook in force as a screen shows it: who would be paged now, what its rules did lately, and what is doubtful.

What takes long (the findings look at schedules for a month) is kept as long as the rules are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from warroom.domain.book import Rulebook
from warroom.domain.conditions import words
from warroom.domain.duty import LOOK_BACK, NOTHING_BESIDES
from warroom.domain.incident import SeveritySpec
from warroom.domain.oncall import PagingHours
from warroom.domain.rules import does
from warroom.domain.status_words import day_word
from warroom.rulebook.check import check
from warroom.rulebook.findings import placed
from warroom.service import revisions
from warroom.service.rulebook_ladders import policies
from warroom.service.session import Session
from warroom.service.viewing import severity_face
from warroom.store import besides, queries
from warroom.store.fired import rules_fired
from warroom.store.revisions import load_book
from warroom.views import (
    CadenceLine,
    FindingLine,
    FindingWeight,
    RevisionLine,
    RulebookView,
    RuleLine,
    SeverityLine,
)
from warroom.words import tr

CHECKED_FOR = timedelta(minutes=10)
"""How long findings are shown before they are looked for again: what they say of schedules changes by the day."""
COUNTED = 1_000
"""Of how many of the latest incidents the rules that fired are counted."""


def look(session: Session, before: RulebookView | None = None) -> RulebookView:
    """The rules in force now, read in one snapshot. Findings of `before` are kept while they hold."""
    now = session.clock()
    with session.database.read() as c:
        book = load_book(c, queries.rulebook_in_force(c))
        old = session.standing.schema_version < 3
        duty = NOTHING_BESIDES if old else besides.duty(c, 0, now)
        ladders = policies(book, duty, now)
        fired, counted = rules_fired(c, now - LOOK_BACK, COUNTED)
        live, past, seq = revisions.running(session), revisions.history(session), queries.seq(c)
    keep = (
        before is not None
        and before.revision == book.revision
        and before.checked_at is not None
        and timedelta(0) <= now - before.checked_at < CHECKED_FOR
    )
    return RulebookView(
        read_at=now,
        basis=(book.revision, seq),
        policies=ladders,
        rules=tuple(_rules(book, fired)),
        severities=tuple(_severity(spec, book, now) for spec in book.severities.values()),
        findings=before.findings if keep and before is not None else tuple(_findings(book, now)),
        revisions=tuple(
            RevisionLine(each.revision, each.at, each.by, live.get(each.revision, 0), each.in_force)
            for each in reversed(past)
        ),
        checked_at=before.checked_at if keep and before is not None else now,
        counted=counted,
        over=LOOK_BACK,
    )


def _rules(book: Rulebook, fired: Mapping[str, int]) -> Iterator[RuleLine]:
    for rule in book.rules:
        yield RuleLine(rule.name, rule.about, words(rule.when), does(rule.then), rule.stop, fired.get(rule.name, 0))


def _findings(book: Rulebook, now: datetime) -> Iterator[FindingLine]:
    """The gravest first."""
    for _, finding in placed(check(book, now), None):
        yield FindingLine(FindingWeight(finding.weight.value), finding.where, finding.what, finding.advice)


def _severity(spec: SeveritySpec, book: Rulebook, now: datetime) -> SeverityLine:
    opens = book.in_hours(spec.name, now)
    return SeverityLine(
        face=severity_face(spec.name, book),
        title=spec.title,
        policy=spec.policy,
        hours=_hours(spec.hours) if spec.hours is not None else "",
        opens_at=opens if opens > now else None,
        cadence=tuple(
            CadenceLine(
                each.channel,
                book.channels[each.channel].audience.value if each.channel in book.channels else "",
                each.first,
                each.every,
                each.final,
                tuple(each.by_status.items()),
                each.long,
            )
            for each in spec.cadence
        ),
        roles=tuple((book.role(each.role).title, each.within) for each in spec.roles),
        ack_lapses=spec.ack_lapses,
        stalled=tuple(spec.stalled.items()),
        impacts=spec.impacts,
    )


def _hours(hours: PagingHours) -> str:
    """ "Mon-Fri 09:00-17:00 Europe/Stockholm, not on holidays of sweden"."""
    days = sorted(set(hours.days))
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    named = (f"{day_word(run[0])}-{day_word(run[-1])}" if len(run) > 1 else day_word(run[0]) for run in runs)
    off = tr(", not on holidays of {holidays}").format(holidays=hours.holidays) if hours.holidays else ""
    return f"{', '.join(named)} {hours.start:%H:%M}-{hours.end:%H:%M} {hours.zone}{off}"
