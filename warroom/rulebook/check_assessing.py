"""Chat rooms that no message reaches, stages without one, tables of severity that contradict themselves (R2, R10)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

from warroom.domain.book import Rulebook
from warroom.domain.chatrooms import Word, spec_for
from warroom.domain.incident import Status
from warroom.rulebook.findings import Finding, Weight
from warroom.words import tr


def look(book: Rulebook) -> Iterator[Finding]:
    """What is doubtful about rooms and about the assessment of severities."""
    yield from _rooms(book)
    yield from _unheard(book)
    yield from _table(book)


def _rooms(book: Rulebook) -> Iterator[Finding]:
    if not book.rooms:
        return
    stages = [status.value for status in Status]
    found = {spec_for(stage, Word.STAGE, book, severity) for stage, severity in product(stages, book.severities)}
    found |= {
        spec_for(stage, Word.UPDATE, book, severity, channel)
        for stage, severity, channel in product(stages, book.severities, book.channels)
    }
    for spec in book.rooms:
        if spec not in found:
            yield Finding(
                Weight.WARNING,
                "room-never",
                ("rooms", spec.name),
                tr("is never used: the rooms before it take everything that would belong to it"),
                tr("move it up, or ask for less in the ones before it"),
                at_key=True,
            )
    for stage in stages:
        lacking = [name for name in book.severities if spec_for(stage, Word.STAGE, book, name) is None]
        if lacking:
            yield Finding(
                Weight.NOTICE,
                "room-no-stage",
                ("rooms",),
                tr("have no room for the stage {stage} of {lacking}").format(stage=stage, lacking=", ".join(lacking)),
                tr("add the stage to one of them, or a last room that asks for nothing"),
            )


def _unheard(book: Rulebook) -> Iterator[Finding]:
    if book.delivery is None or "chat" in book.delivery.ways:
        return
    for spec in book.rooms:
        if spec.name not in book.delivery.rooms:
            yield Finding(
                Weight.NOTICE,
                "room-no-address",
                ("rooms", spec.name),
                tr("hears nothing: delivery has no address for it"),
                tr('add "{spec}" under delivery.rooms, or chat under delivery.ways').format(spec=spec.name),
                at_key=True,
            )


def _table(book: Rulebook) -> Iterator[Finding]:
    rules = book.assessment
    rank = {name: spec.rank for name, spec in book.severities.items()}
    cells = {(i, u): rules.severity[i][u] for i in rules.severity for u in rules.severity[i]}
    for worse, milder in pairwise(rules.impact):
        for urgency in rules.urgency:
            if rank[cells[worse, urgency]] > rank[cells[milder, urgency]]:
                yield _contradiction(
                    (worse, urgency), tr("is milder than the one for impact {word}").format(word=milder)
                )
    for higher, lower in pairwise(rules.urgency):
        for impact in rules.impact:
            if rank[cells[impact, higher]] > rank[cells[impact, lower]]:
                yield _contradiction(
                    (impact, higher), tr("is milder than the one for urgency {word}").format(word=lower)
                )
    missing = [name for name in book.severities if name not in cells.values()]
    if cells and missing:
        yield Finding(
            Weight.NOTICE,
            "assessment-never",
            ("assessment", "severity"),
            tr("never makes {missing}").format(missing=", ".join(missing)),
            tr("put it where it belongs, or leave it to be chosen by hand"),
        )


def _contradiction(cell: tuple[str, str], what: str) -> Finding:
    return Finding(
        Weight.WARNING,
        "assessment-order",
        ("assessment", "severity", *cell),
        what,
        tr("the worst words stand first: put the severities, or the words, in order"),
    )
