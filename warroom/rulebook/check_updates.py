"""Updates that could not be reviewed, that never say what they must, and templates that fit nothing (R10)."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.domain.book import Rulebook
from warroom.domain.comms import Audience
from warroom.domain.completeness import ITEMS
from warroom.domain.policy import Target, TargetKind
from warroom.domain.templates import BLANK, UPDATE_PLACEHOLDERS, UpdateTemplate, fill
from warroom.domain.update_rules import Must, Scope
from warroom.rulebook.findings import Finding, Weight
from warroom.rulebook.values import duration_text
from warroom.words import tr


def look(book: Rulebook) -> Iterator[Finding]:
    """What is doubtful about updates."""
    yield from _review(book)
    for index, must in enumerate(book.updates.must):
        yield from _must(book, index, must)
    yield from _templates(book)


def _review(book: Rulebook) -> Iterator[Finding]:
    rules = book.updates
    for index, scope in enumerate(rules.reviewed):
        path = ("updates", "review", "required", index)
        if not _used(book, scope):
            yield Finding(
                Weight.WARNING,
                "review-never",
                path,
                tr("covers no channel of its audience"),
                tr("name a channel of that audience, or take audience or channels out"),
            )
        others = sum(bool(person.contacts) for person in book.people.values())
        if others < 2:
            yield Finding(
                Weight.ERROR,
                "review-nobody",
                path,
                tr("wants a second person, and there is none who can be reached"),
                tr("add another person with a contact, or take the line out"),
            )
            continue
        if not _anybody(book, rules.ask):
            yield Finding(
                Weight.WARNING,
                "review-roles-only",
                ("updates", "review", "ask"),
                tr("asks holders of roles alone: while nobody has taken one, nobody is asked to review"),
                tr("add a list or a team, such as oncall:NAME"),
            )
        for severity in book.severities.values():
            if scope.severities and severity.name not in scope.severities:
                continue
            for cadence in severity.cadence:
                channel = book.channels[cadence.channel]
                covered = scope.covers(channel.audience, severity.name, (channel.name,))
                if covered and rules.answer_within >= cadence.first:
                    yield Finding(
                        Weight.WARNING,
                        "review-late",
                        ("severities", severity.name, "cadence", cadence.channel, "first"),
                        tr("is over before a review that nobody answers is ({answer_within})").format(
                            answer_within=duration_text(rules.answer_within)
                        ),
                        tr("give the first update more time, or write less under updates.review.answer_within"),
                    )


def _used(book: Rulebook, scope: Scope) -> bool:
    """Whether there is a channel that a scope can cover."""
    return any(
        (scope.audience is None or channel.audience is scope.audience)
        and (not scope.channels or channel.name in scope.channels)
        for channel in book.channels.values()
    )


def _anybody(book: Rulebook, targets: tuple[Target, ...]) -> bool:
    return any(target.kind not in (TargetKind.ROLE, TargetKind.CHANNEL) for target in targets)


def _must(book: Rulebook, index: int, must: Must) -> Iterator[Finding]:
    path = ("updates", "must", index)
    if not _used(book, must.scope):
        yield Finding(
            Weight.WARNING,
            "must-never",
            path,
            tr("covers no channel of its audience"),
            tr("name a channel of that audience, or take audience or channels out"),
        )
    audiences = tuple(Audience) if must.scope.audience is None else (must.scope.audience,)
    for at, name in enumerate(must.items):
        item = next(item for item in ITEMS if item.name == name)
        if not set(item.audiences) & set(audiences):
            yield Finding(
                Weight.WARNING,
                "must-not-asked",
                (*path, "items", at),
                tr("is not asked of {audiences} updates").format(audiences=", ".join(audiences)),
                tr("take it out, or write it for the other audience"),
            )


def _templates(book: Rulebook) -> Iterator[Finding]:
    seen: dict[tuple[object, ...], UpdateTemplate] = {}
    for each in book.update_templates:
        path = ("templates", "updates", each.name)
        other = [name for name in each.channels if book.channels[name].audience.value != each.audience]
        if other:
            yield Finding(
                Weight.WARNING,
                "template-audience",
                (*path, "channels"),
                tr("names {other}, which is not {audience}: it is never proposed there").format(
                    other=", ".join(other), audience=each.audience
                ),
                tr("name channels of its audience"),
            )
        same = (each.stage, each.audience, *map(frozenset, (each.severities, each.services, each.channels)))
        if same in seen:
            yield Finding(
                Weight.NOTICE,
                "template-twice",
                path,
                tr("fits the same updates as {seen}, which is proposed first").format(seen=seen[same].name),
                tr("take one of them out, or give it severities, services or channels of its own"),
                at_key=True,
            )
        seen.setdefault(same, each)
        bare = fill(BLANK.sub("", each.body), dict.fromkeys(UPDATE_PLACEHOLDERS, ""))
        for name in each.channels or tuple(c.name for c in book.channels.values() if c.audience.value == each.audience):
            longest = book.channels[name].longest
            if longest and each.channels and len(bare) > longest:
                yield Finding(
                    Weight.WARNING,
                    "template-long",
                    (*path, "body"),
                    tr("has {count} characters before anything is filled in, and {name} shows {longest}").format(
                        count=len(bare), name=name, longest=longest
                    ),
                    tr("say it in fewer words"),
                )
