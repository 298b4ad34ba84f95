"""`gcp`: Google Cloud's incidents.json, a list of incidents with their updates, newest first.

Also read is a list of `{"id", "snapshots"}`, successive versions of incidents as they grew; the last counts.
The file has no closing post as such but an `end`, which Google corrects afterwards: the incident is closed by
the first update made at or after it, or at the end itself where none was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from warroom.intake.histories.fields import Field
from warroom.intake.histories.timeline import Post, numbered, oldest_first, one_of_each
from warroom.intake.history import HistoryIncident, Phase
from warroom.words import tr

PROVIDER: Final = "gcp"
_SITE: Final = "https://status.cloud.google.com/"


def read(top: Field, provider: str | None) -> tuple[HistoryIncident, ...]:
    """Incidents in the order of the file. Raises `HistoryError` that names the field."""
    return one_of_each(_incident(_newest(item), provider or PROVIDER) for item in top.items())


def _newest(item: Field) -> Field:
    if item.is_object and "snapshots" in item.value:
        *_, newest = [None, *item.need("snapshots").items()]
        if newest is None:
            raise item.wrong(tr("has no snapshot"))
        return newest
    return item


def _incident(item: Field, provider: str) -> HistoryIncident:
    identity = item.identity("id")
    start, end = item.find("begin"), item.find("end")
    posts = oldest_first([_post(update) for update in item.need("updates").items()], newest_first=True)
    closed = _closed(posts, end.moment() if end else None)
    uri = item.line("uri").lstrip("/")
    return HistoryIncident(
        provider=provider,
        source_id=identity,
        title=item.line("external_desc") or item.line("service_name") or identity,
        impact=item.word("severity") or item.word("status_impact").lower(),
        start=start.moment() if start else None,
        closed=closed,
        url=_SITE + uri if uri else "",
        components=_products(item),
        updates=numbered(identity, _with_phases(posts, closed)),
    )


def _post(update: Field) -> Post:
    created = update.find("created")
    when = (update.find("when") or created or update.need("when")).moment()
    stamped = created.moment() if created else when
    phase = Phase.RESOLVED if update.word("status") == "AVAILABLE" else Phase.UPDATE
    return Post(when, phase, update.body("text"), stamped=stamped)


def _closed(posts: list[Post], end: datetime | None) -> datetime | None:
    if end is None:
        return None
    return next((post.at for post in posts if post.at >= end), end)


def _with_phases(posts: list[Post], closed: datetime | None) -> Iterator[Post]:
    """Google says whether a service is available, not what a post is about; that follows from its place."""
    for index, post in enumerate(posts):
        phase = post.phase
        if closed is not None and post.at > closed:
            phase = Phase.POSTMORTEM
        elif post.at == closed:
            phase = Phase.RESOLVED
        elif index == 0 and phase is Phase.UPDATE:
            phase = Phase.INVESTIGATING
        yield replace(post, phase=phase)


def _products(item: Field) -> tuple[str, ...]:
    names = [product.line("title") for product in item.some("affected_products")] or [item.line("service_name")]
    return tuple(dict.fromkeys(name for name in names if name))
