"""What is known of an incident, and what belongs to it, from its state and its rules (R1, R2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from warroom.domain.assessment import changes
from warroom.domain.book import Rulebook
from warroom.domain.chatrooms import room_now
from warroom.domain.correcting import as_text, known
from warroom.domain.room import Room
from warroom.domain.rules import owner_of
from warroom.domain.still_open import left_open
from warroom.domain.times import ORDER, out_of_order, times_of
from warroom.views import AssessmentView, FactLine, FactsView, LinkLine, TimeLine
from warroom.words import mark, tr

CATALOGUE = "catalogue"

_LABELS = (
    ("service", mark("service")),
    ("products", mark("products")),
    ("category", mark("category")),
    ("type", mark("type")),
    ("description", mark("what customers see")),
    ("impact", mark("impact")),
    ("external", mark("customers")),
    ("internal", mark("colleagues")),
    ("cases", mark("support cases")),
    ("environment", mark("environment")),
    ("region", mark("region")),
    ("cluster", mark("cluster")),
    ("tier", mark("tier")),
    ("deploy", mark("deploy")),
    ("source", mark("source")),
    ("reporter", mark("reported by")),
    ("detection", mark("found by")),
)

Others = Mapping[str, tuple[str, str]]
"""Of other incidents by key: the title and the stage as they are now."""


def facts_view(room: Room, book: Rulebook) -> FactsView:
    """All that is known; what the incident leaves out is filled from the catalogue, and the rest is unknown."""
    incident, made = room.incident, room.incident.assessment
    times = times_of(incident)
    assessed = ""
    if made is not None:
        said = ((tr("impact {word}"), made.impact), (tr("urgency {word}"), made.urgency))
        words = [what.format(word=word) for what, word in said if word]
        assessed = ", ".join(words) + (f": {made.proposed}" if made.proposed else "")
    return FactsView(
        tuple(_facts(room, book)),
        tuple(TimeLine(name, tr(label), times[name]) for name, label in ORDER),
        tuple(incident.labels.items()),
        out_of_order(times),
        left_open(room) if incident.live and not incident.watched else (),
        made.answers if made is not None else (),
        assessed,
        room_now(room, book),
    )


def _facts(room: Room, book: Rulebook) -> Iterator[FactLine]:
    incident = room.incident
    service = book.service(incident.service)
    catalogue = {"environment": service.environment, "region": service.region, "tier": service.tier}
    for name, label in _LABELS:
        value = as_text(known(incident, name))
        filled = catalogue.get(name, "") if not value else ""
        yield FactLine(name, tr(label), value or filled, CATALOGUE if filled else "")
    owner = owner_of(incident, book)
    yield FactLine("owner", tr("owner team"), owner, CATALOGUE if owner and owner != incident.owner else "")
    yield FactLine(
        "dependencies", tr("needs"), ", ".join(service.dependencies), CATALOGUE if service.dependencies else ""
    )


def link_lines(room: Room, others: Others | None = None) -> tuple[LinkLine, ...]:
    """Addresses first, then the other incidents that belong to this one; `others` is what is known of those now."""
    known_now = others or {}
    incident, links = room.incident, room.links
    lines = [LinkLine(link.kind, link.to) for link in links.links]
    if incident.url:
        lines.append(LinkLine("status page", incident.url))
    tied = [(tie.relation.words, tie.key, tie.title, tie.status, tie.open) for tie in links.ties]
    if incident.merged_into:
        tied.append(("duplicate of", incident.merged_into, "", "", False))
    tied += [("duplicate", key, "", "", False) for key in incident.absorbed]
    for kind, key, title, status, is_open in tied:
        now_title, now_status = known_now.get(key, ("", ""))
        lines.append(LinkLine(kind, key, now_title or title, key, now_status or status, is_open))
    return tuple(lines)


def others_of(room: Room) -> tuple[str, ...]:
    """The keys of the incidents that belong to this one."""
    merged = (room.incident.merged_into,) if room.incident.merged_into else ()
    return tuple(dict.fromkeys((*(tie.key for tie in room.links.ties), *merged, *room.incident.absorbed)))


def assessment_view(room: Room, book: Rulebook) -> AssessmentView:
    """What is at hand while the severity of an incident is assessed."""
    incident, rules = room.incident, book.assessment
    made = incident.assessment
    answered = dict(made.answers) if made is not None else {}
    return AssessmentView(
        incident.severity,
        tuple((question, answered.get(question, "")) for question in book.questions),
        tuple(rules.impact.items()),
        tuple(rules.urgency.items()),
        tuple(((i, u), rules.severity[i][u]) for i in rules.severity for u in rules.severity[i]),
        tuple((name, changes(room, book, name)) for name in book.severities),
        (made.impact, made.urgency) if made is not None else ("", ""),
    )
