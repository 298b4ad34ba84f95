"""`statuspage`: incidents.json or summary.json of the Statuspage API, version 2, and of those who imitate it.

A post's time is its `display_at`, which people set back for posts that they put in late; `created_at` says
when that was. `started_at` of an incident is not used as its start: it is the moment at which the incident was
put on the page, a few milliseconds before its first post, and not when the impact began.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from warroom.intake.histories.fields import Field
from warroom.intake.histories.timeline import (
    MAINTENANCE,
    PHASES,
    Post,
    closing_post,
    numbered,
    oldest_first,
    one_of_each,
    provider_of,
)
from warroom.intake.history import HistoryIncident, Phase

_DONE: Final = frozenset(("resolved", "postmortem"))
_LATE: Final = timedelta(minutes=1)
"""A post whose display time lies further from its creation than this was dated by hand."""


def read(top: Field, provider: str | None) -> tuple[HistoryIncident, ...]:
    """Incidents in the order of the file, scheduled maintenance left out.

    Raises `HistoryError` that names the field.
    """
    page = top.find("page") or Field({}, "page")
    address = page.line("url").rstrip("/")
    host = _host(address)
    slug = re.sub(r"\W+", "-", page.line("name").casefold()).strip("-")
    named = provider or provider_of(host, slug or "statuspage")
    return one_of_each(
        _incident(item, named, address if host else "")
        for item in (top.need("incidents").items() if "incidents" in top.value else ())
        if not _is_maintenance(item)
    )


def _host(address: str) -> str:
    """The host of a page's address; empty where it is none."""
    try:
        return urlsplit(address).hostname or "" if address.startswith(("https://", "http://")) else ""
    except ValueError:
        return ""


def _is_maintenance(item: Field) -> bool:
    """By its status alone: "maintenance" as an impact is also what an incident gets in whose course something
    is taken out of service, with "investigating" and "resolved" as its posts."""
    return item.word("status").lower() in MAINTENANCE


def _incident(item: Field, provider: str, page: str) -> HistoryIncident:
    identity = item.identity("id")
    status = item.word("status").lower()
    posts, live = _posts(item)
    closing = closing_post(posts)
    resolved_at = item.find("resolved_at")
    closed: datetime | None = None
    if status in _DONE or (not status and closing is not None):
        if closing is None:
            closing = max((i for i, post in enumerate(posts) if post.phase is Phase.RESOLVED), default=None)
        if closing is not None:
            posts = _keep_order(posts, live, closing)
            closed = posts[closing].at
        else:
            closed = resolved_at.moment() if resolved_at else posts[-1].at if posts else None
    link = item.line("shortlink")
    if not link.startswith(("https://", "http://")):
        link = f"{page}/incidents/{identity}" if page else ""
    return HistoryIncident(
        provider=provider,
        source_id=identity,
        title=item.line("name") or identity,
        impact=item.word("impact").lower(),
        start=None,
        closed=closed,
        url=link,
        components=_components(item),
        updates=numbered(identity, posts),
    )


def _posts(item: Field) -> tuple[list[Post], set[str]]:
    """Posts, oldest first, and the ids of those that were published as they were written."""
    live: set[str] = set()
    found: list[Post] = []
    for update in item.need("incident_updates").items():
        created = update.find("created_at")
        at = (update.find("display_at") or created or update.need("display_at")).moment()
        identity = update.identity("id")
        if created is None or abs(at - created.moment()) <= _LATE:
            live.add(identity)
        phase = PHASES.get(update.word("status").lower(), Phase.UPDATE)
        found.append(Post(at, phase, update.body("body"), source_id=identity))
    return oldest_first(found), live


def _keep_order(posts: list[Post], live: set[str], closing: int) -> list[Post]:
    """Put the closing post, and what follows in its moment, microseconds behind what came before it.

    Pages that publish whole minutes show several posts at one time, and the file knows which came first. That
    would be lost with the file, and a post made before the closing one counted as part of it. Posts that were
    dated by hand to one moment stay there: whoever did it said that they belong together.
    """
    moment = posts[closing].at
    together = [post for post in posts[: closing + 1] if post.at == moment]
    if len(together) < 2 or not all(post.source_id in live for post in together):
        return posts
    return [
        replace(post, at=moment + timedelta(microseconds=index - closing + 1))
        if index >= closing and post.at == moment
        else post
        for index, post in enumerate(posts)
    ]


def _components(item: Field) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in _component_names(item) if name))


def _component_names(item: Field) -> Iterator[str]:
    for component in item.some("components"):
        yield component.line("name")
    if item.find("components") is None:
        for update in item.some("incident_updates"):
            for component in update.some("affected_components"):
                if component.find("code"):  # without one it is a sentence that says that none was affected
                    yield component.line("name")
