"""`aws`: the events of the AWS dashboards, in both shapes that they have had.

Until 2022 data.json held `archive` and `current`, each a list of events whose `description` is HTML: a yellow
span with the time ("12:53 PM PDT", the day only where it is another), then the post, oldest first. Since then
the public event files are lists of events with an `event_log` of posts in epoch seconds, served as UTF-16.

An event is closed when AWS writes [RESOLVED] into its summary, or when its last post ends in the sentence
that AWS closes with; the closing post is the last one. `archive` alone says nothing: it holds unresolved ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from warroom.domain.text import clean_block, clean_line
from warroom.intake.histories import shown
from warroom.intake.histories.fields import Field
from warroom.intake.histories.markup import sections
from warroom.intake.histories.timeline import Post, numbered, oldest_first, one_of_each
from warroom.intake.history import HistoryIncident, Phase

PROVIDER: Final = "aws"

IMPACTS: Final = {"0": "none", "1": "informational", "2": "degradation", "3": "disruption"}
"""What the dashboard's legend calls an event's `status`; another status is kept as it is."""

_MARK: Final = re.compile(r"\[\s*(?:RESOLVED|解決済)\s*\]\s*", re.IGNORECASE)
_CLOSING: Final = re.compile(
    r"\bhas been resolved and (?:the|all) services? (?:is|are) (?:now )?operating normally\.?\s*$", re.IGNORECASE
)


def read(top: Field, provider: str | None) -> tuple[HistoryIncident, ...]:
    """Events in the order of the file. Raises `HistoryError` that names the field."""
    return one_of_each(_incident(event, provider or PROVIDER) for event in _events(top))


def _events(top: Field) -> Iterator[Field]:
    if not top.is_object:
        yield from top.items()
        return
    for name in ("archive", "current"):
        if name in top.value:
            yield from top.need(name).items()


def _incident(event: Field, provider: str) -> HistoryIncident:
    arn = event.line("arn")
    identity = event.identity("arn") if arn else f"{event.identity('service')}|{event.identity('date')}"
    summary = event.line("summary")
    logged = event.find("event_log")
    posts = oldest_first(_described(event) if logged is None else _logged(logged), newest_first=False)
    resolved = bool(posts) and (
        _MARK.search(summary) is not None
        or posts[-1].phase is Phase.RESOLVED
        or _CLOSING.search(posts[-1].text) is not None
    )
    status = event.word("status")
    return HistoryIncident(
        provider=provider,
        source_id=identity,
        title=clean_line(_MARK.sub("", summary)) or event.line("service_name") or identity,
        impact=IMPACTS.get(status, status),
        start=None,
        closed=posts[-1].at if resolved else None,
        url=f"https://health.aws.amazon.com/health/status?eventID={arn}" if arn else "https://status.aws.amazon.com/",
        components=_services(event),
        updates=numbered(identity, _with_phases(posts, resolved)),
    )


def _described(event: Field) -> list[Post]:
    """The posts in an event's HTML, in its order. `date` is the minute of the first one."""
    description = event.find("description")
    anchor = event.need("date").epoch()
    if description is None:
        return []
    posts: list[Post] = []
    try:
        (_, before), *cut = sections(description.raw(), "span", "yellowfg")
        for head, text in cut:
            when = shown.parse(head)
            anchor = when.after(anchor) if posts else when.near(anchor)
            posts.append(Post(anchor, Phase.UPDATE, clean_block(text)))
    except (ValueError, OverflowError) as error:
        raise description.wrong(str(error)) from None
    if before and not posts:
        posts.append(Post(anchor, Phase.UPDATE, clean_block(before)))
    return posts


def _logged(log: Field) -> list[Post]:
    return [
        Post(
            entry.need("timestamp").epoch(),
            Phase.RESOLVED if _MARK.search(entry.line("summary")) else Phase.UPDATE,
            entry.body("message"),
        )
        for entry in log.items()
    ]


def _with_phases(posts: list[Post], resolved: bool) -> Iterator[Post]:
    for index, post in enumerate(posts):
        phase = post.phase
        if resolved and index == len(posts) - 1:
            phase = Phase.RESOLVED
        elif index == 0 and phase is Phase.UPDATE:
            phase = Phase.INVESTIGATING
        yield replace(post, phase=phase)


def _services(event: Field) -> tuple[str, ...]:
    names = [event.line("service_name")]
    impacted = event.find("impacted_services")
    if impacted is not None and impacted.is_object:
        names += [impacted.need(service).line("service_name") for service in impacted.value]
    return tuple(dict.fromkeys(name for name in names if name))
