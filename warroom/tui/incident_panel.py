"""What is known of an incident, as rows: where it is worked on, facts, times and what is wrong with them, links."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from warroom.domain.status_words import status_word
from warroom.domain.text import cell_width
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import age, when
from warroom.tui.pieces import Line, Role, clean, hanging, prose
from warroom.views import FactsView, IncidentDetail, LinkLine
from warroom.words import mark, tr

_LABEL = 12  # cells of a label and the blank behind it


_TIMES: Final = {
    "started_at": mark("started"),
    "detected_at": mark("detected"),
    "declared_at": mark("declared"),
    "acknowledged_at": mark("acked"),
    "mitigated_at": mark("mitigated"),
    "ended_at": mark("ended"),
    "closed_at": mark("closed"),
}
"""Shorter names of the times of an incident than forms have."""


def known(detail: IncidentDetail, now: datetime, width: int) -> tuple[Line, ...]:
    """All of it, the most pressing first; what nobody knows stands together in one row."""
    facts = detail.facts_of
    if facts is None:
        return ()
    rows: list[Line] = []
    if facts.room:
        rows += hanging(_head(tr("now in")), clean(facts.room), Role.ACCENT, width)
    for warning in facts.warnings:
        rows += hanging((("! ", Role.SOON),), prose(warning), Role.SOON, width)
    for link in detail.links:
        rows += _link(link, width)
    rows += _times(facts, now)
    rows += _facts(facts, width)
    if facts.assessed:
        rows += hanging(_head(tr("assessed")), prose(facts.assessed), Role.TEXT, width)
    for question, answer in facts.answers:
        rows += hanging((), prose(f"{question} {answer}"), Role.TEXT, width)
    if detail.topic:
        topic = tr("topic ({key})").format(key=keycap("incident.topic"))
        rows += hanging(_head(topic), prose(detail.topic), Role.MUTED, width)
    return tuple(rows)


def _head(label: str) -> Line:
    return ((labelled(label), Role.MUTED),)


def labelled(label: str, width: int = _LABEL) -> str:
    """A label and blanks behind it up to `width` cells, at least one: what is longer is shown in full."""
    label = clean(label)
    return label + " " * max(1, width - cell_width(label))


def _link(link: LinkLine, width: int) -> Iterator[Line]:
    words = " ".join(clean(part) for part in (link.to, link.title) if part)
    state = f" ({clean(status_word(link.state))})" if link.state else ""
    role = Role.SOON if link.open else Role.TEXT
    yield from hanging(_head(tr(link.kind)), words + state, role, width)


def _times(facts: FactsView, now: datetime) -> Iterator[Line]:
    for time in facts.times:
        if time.at is not None:
            label = tr(_TIMES.get(time.name, time.label))
            ago = tr("({age} ago)").format(age=age(time.at, now))
            yield (*_head(label), (f"{when(time.at, now)} ", Role.TEXT), (ago, Role.MUTED))


def _facts(facts: FactsView, width: int) -> Iterator[Line]:
    said = [f"{clean(fact.label)} {prose(fact.value)}" for fact in facts.facts if fact.value and not fact.source]
    filled = [f"{clean(fact.label)} {prose(fact.value)}" for fact in facts.facts if fact.value and fact.source]
    lacking = [clean(fact.label) for fact in facts.facts if not fact.value]
    lacking += [time.label for time in facts.times[:2] if time.at is None]
    said += [f"{prose(name)}={prose(value)}" for name, value in facts.labels]
    for label, words, role in ((tr("known"), said, Role.TEXT), (tr("catalogue"), filled, Role.MUTED)):
        if words:
            yield from hanging(_head(label), " · ".join(words), role, width)
    if lacking:
        yield from hanging(_head(tr("unknown")), ", ".join(lacking), Role.MUTED, width)
