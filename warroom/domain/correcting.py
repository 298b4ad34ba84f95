"""Correcting what is known of an incident, counting its support cases, and assessing how bad it is (R1, R2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from warroom.domain.assessment import propose
from warroom.domain.core import NAME_LIMIT, TITLE_LIMIT, Decision, Refused, Stale
from warroom.domain.facts import MOST_ANSWERS, MOST_COUNTED, MOST_PRODUCTS
from warroom.domain.incident import (
    BESIDES,
    OVER,
    OWN,
    Amend,
    Amended,
    Assess,
    Assessed,
    CasesCounted,
    CountCases,
    Incident,
    Status,
    field_word,
)
from warroom.domain.status_words import status_word
from warroom.domain.text import clean_line
from warroom.domain.times import ORDER
from warroom.words import figure, tr

COUNTS = ("internal", "external", "cases")
"""The facts that are numbers."""
FORGETTABLE = ("started_at", "detected_at", "acknowledged_at", "mitigated_at", *COUNTS)
"""What can be made unknown again. That it was declared, and that it is over, is known."""

LONG_BEFORE = timedelta(days=3652)
"""What lies longer before an incident was declared than this is a mistyped date."""

_FIELDS = tuple(name for name in (*OWN, *BESIDES))


def known(incident: Incident, name: str) -> object:
    """The value of one field of `Amend` as it stands."""
    return getattr(incident, OWN[name]) if name in OWN else getattr(incident.facts, name)


def as_text(value: object) -> str:
    """A field's value as text, "" for what nobody knows: what a person saw, for `Amend.seen`."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return str(value)


def labels(given: Mapping[str, str]) -> dict[str, str]:
    """Labels, cleaned."""
    return {clean_line(name, NAME_LIMIT): clean_line(value, TITLE_LIMIT) for name, value in given.items()}


def products(given: tuple[str, ...]) -> tuple[str, ...]:
    """Products, cleaned, each once."""
    named = tuple(dict.fromkeys(name for each in given if (name := clean_line(each, NAME_LIMIT))))
    if len(named) > MOST_PRODUCTS:
        raise Refused(tr("an incident names at most {most_products} products").format(most_products=MOST_PRODUCTS))
    return named


def amended(d: Decision, command: Amend) -> None:
    """Record a correction. Raises `Refused` where it cannot be, and `Stale` where somebody else was quicker."""
    incident = d.room.incident
    if command.title == "":
        raise Refused(tr("an incident needs a title"))
    _times(d, command)
    _counts(command)
    given = {name: getattr(command, name) for name in _FIELDS if getattr(command, name) is not None}
    if command.products is not None:
        given["products"] = products(command.products)
    unknown = tuple(dict.fromkeys(name for name in command.unknown if known(incident, name) is not None))
    for name in (*given, *unknown):
        if name in command.seen and command.seen[name] != as_text(known(incident, name)):
            now = as_text(known(incident, name)) or tr("unknown")
            raise Stale(tr("{words} is {now} since you looked").format(words=field_word(name), now=clean_line(now, 80)))
    marks = None if command.labels is None else labels(command.labels)
    event = Amended(reason=command.reason, labels=marks, unknown=unknown, **given)
    if event == Amended(reason=command.reason):
        raise Refused(tr("nothing to change: name a field and its new value"))
    d.record(event)


def _times(d: Decision, command: Amend) -> None:
    incident = d.room.incident
    words = dict(ORDER)
    for name in words:
        word, at = field_word(name), getattr(command, name)
        if at is not None and at > d.now:
            raise Refused(
                tr("the impact cannot have started in the future")
                if name == "started_at"
                else tr("{word}: not yet").format(word=word)
            )
        if at is not None and at < incident.declared_at - LONG_BEFORE:
            raise Refused(
                tr("{word}: more than ten years before {key} was declared").format(word=word, key=incident.key)
            )
        if at is not None and name in command.unknown:
            raise Refused(tr("{word}: give a time, or say that it is unknown").format(word=word))
    if command.ended_at is not None and incident.status not in OVER:
        raise Refused(
            tr("{key} is {status}: resolve it, and say then when its impact ended").format(
                key=incident.key, status=status_word(incident.status)
            )
        )
    if command.closed_at is not None and incident.status is not Status.CLOSED:
        raise Refused(
            tr("{key} is {status} and not closed").format(key=incident.key, status=status_word(incident.status))
        )
    for name in command.unknown:
        if name not in FORGETTABLE:
            could = ", ".join(field_word(each) for each in FORGETTABLE)
            raise Refused(
                tr("{words} cannot be unknown; these can: {could}").format(words=field_word(name), could=could)
            )


def _counts(command: Amend) -> None:
    for name in COUNTS:
        value = getattr(command, name)
        if value is not None and not 0 <= value <= MOST_COUNTED:
            raise Refused(
                tr("{words}: a number from 0 to {most_counted:,}").format(
                    words=field_word(name), most_counted=figure(MOST_COUNTED)
                )
            )


def count_cases(d: Decision, command: CountCases) -> None:
    """Count support cases; nothing is recorded when their number stays."""
    before = d.room.incident.facts.cases
    total = command.total if command.total is not None else (before or 0) + command.more
    if not 0 <= total <= MOST_COUNTED:
        raise Refused(
            tr("that would be {total:,} support cases: a number from 0 to {most_counted:,}").format(
                total=figure(total), most_counted=figure(MOST_COUNTED)
            )
        )
    if total == before:
        raise Refused(tr("{key} has {total} support cases already").format(key=d.room.incident.key, total=total))
    d.record(CasesCounted(total, before))


def assessed(d: Decision, command: Assess) -> str:
    """Record an assessment, and return the severity that is to be set: "" where it stays as it is."""
    incident, rules = d.room.incident, d.book.assessment
    if command.seen is not None and command.seen != incident.severity:
        raise Stale(tr("{key} is {severity} since you looked").format(key=incident.key, severity=incident.severity))
    for value, among, what in ((command.impact, rules.impact, "impact"), (command.urgency, rules.urgency, "urgency")):
        if value and value.casefold() not in {name.casefold() for name in among}:
            known_words = ", ".join(among) or tr("none: the rulebook has no table of {what}").format(what=tr(what))
            raise Refused(
                tr("there is no {what} {value!r}; there are {known_words}").format(
                    what=tr(what), value=value, known_words=known_words
                )
            )
    answers = tuple(
        (clean_line(question, TITLE_LIMIT), said)
        for question, answer in command.answers[:MOST_ANSWERS]
        if (said := clean_line(answer, TITLE_LIMIT))
    )
    proposed = propose(command.impact, command.urgency, rules)
    if not (command.impact or command.urgency or answers):
        raise Refused(tr("nothing was said: answer a question, or name impact and urgency"))
    if command.to is None and not proposed:
        raise Refused(tr("name impact and urgency, or the severity"))
    d.record(Assessed(command.impact.casefold(), command.urgency.casefold(), proposed, answers))
    return proposed if command.to is None else command.to
