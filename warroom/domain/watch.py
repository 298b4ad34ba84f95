"""Incidents of others (R10): taken over from what a provider publishes, watched, their silences counted.

The first time all of it is taken, later on what is new. Nobody is paged and no role has to be filled for one.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from warroom.domain import clocks, comms
from warroom.domain.comms import UpdatePosted
from warroom.domain.core import NAME_LIMIT, Command, Decision, Event, Refused, happens
from warroom.domain.incident import Amended, Incident, SeverityChanged, Status, StatusChanged
from warroom.domain.text import clean_block, clean_line
from warroom.valueclass import dataclass
from warroom.words import tr


@dataclass(frozen=True, slots=True)
class Post:
    """One public post of an imported incident. Texts are cleaned when it is made; `source_id` is needed to tell it."""

    source_id: str
    at: datetime
    phase: str
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "source_id", clean_line(self.source_id))
        object.__setattr__(self, "phase", clean_line(self.phase, NAME_LIMIT))
        object.__setattr__(self, "text", clean_block(self.text))


@dataclass(frozen=True, slots=True)
class Watch(Command):
    """Take over what a provider published of one incident: all of it the first time, what is new later on."""

    lines = ("title", "provider", "source_id", "url", "impact")

    provider: str
    source_id: str
    title: str
    posts: tuple[Post, ...]
    impact: str = ""
    started_at: datetime | None = None
    closed_at: datetime | None = None
    url: str = ""
    components: tuple[str, ...] = ()
    key: str = ""


@happens("watched")
@dataclass(frozen=True, slots=True)
class Watched(Event):
    """An incident was imported from a provider. `declared_at`: when the provider first spoke of it."""

    key: str
    title: str
    severity: str
    revision: str
    provider: str
    source_id: str
    declared_at: datetime
    url: str = ""
    impact: str = ""
    components: tuple[str, ...] = ()
    started_at: datetime | None = None


def begin(event: Watched) -> Incident:
    """The incident that comes into being."""
    return Incident(
        key=event.key,
        title=event.title,
        severity=event.severity,
        status=Status.INVESTIGATING,
        declared_at=event.declared_at,
        declared_by=event.provider,
        revision=event.revision,
        status_since=event.declared_at,
        started_at=event.started_at,
        provider=event.provider,
        source_id=event.source_id,
        url=event.url,
        impact=event.impact,
        components=event.components,
    )


def watch(d: Decision, command: Watch) -> None:
    """Take over a provider's incident, or what is new of it; nothing is recorded when nothing is new."""
    posts = sorted(command.posts, key=lambda p: p.at)
    if not command.provider or not command.source_id or not all(post.source_id for post in posts):
        raise Refused(tr("an imported incident needs a provider, and it and each of its posts an id of the provider's"))
    if d.current is None:
        first = min([p.at for p in posts] + [t for t in (command.started_at, d.now) if t is not None])
        d.record(
            Watched(
                command.key,
                command.title or command.source_id,
                d.book.severity_of_impact(command.impact),
                d.book.revision,
                command.provider,
                command.source_id,
                min(p.at for p in posts) if posts else first,
                command.url,
                command.impact,
                tuple(clean_line(component) for component in command.components),
                command.started_at,
            )
        )
    else:
        old = d.room.incident
        if (old.provider, old.source_id) != (command.provider, command.source_id):
            raise Refused(
                tr("{key} is not {source_id} of {provider}").format(
                    key=old.key, source_id=command.source_id, provider=command.provider
                )
            )
        title = command.title if command.title and command.title != old.title else None
        impact = command.impact if command.impact and command.impact != old.impact else None
        started = command.started_at if command.started_at != old.started_at else None
        if title or impact or started:
            d.record(Amended(title=title, impact=impact, started_at=started, reason="the provider changed it"))
        if impact:
            _follow_impact(d, old, impact)
    _take_posts(d, command, posts)
    if command.closed_at is not None and d.room.incident.status is not Status.CLOSED:
        before = d.room.incident.status
        d.record(StatusChanged(before, Status.CLOSED, "closed by the provider", command.closed_at))
        clocks.close(d)
    elif command.closed_at is None and not d.room.incident.live:
        d.record(StatusChanged(d.room.incident.status, Status.INVESTIGATING, "open again at the provider"))


def _follow_impact(d: Decision, old: Incident, impact: str) -> None:
    """The provider calls it worse, or milder. A severity that somebody here has set by hand stays."""
    to = d.book.severity_of_impact(impact)
    if old.severity == d.book.severity_of_impact(old.impact) and to != old.severity:
        d.record(SeverityChanged(old.severity, to, f"{old.provider} calls it {impact}"))


def _take_posts(d: Decision, command: Watch, posts: list[Post]) -> None:
    known = Counter(d.room.comms.source_ids)
    seen: Counter[str] = Counter()
    channel = d.book.watch_channel
    every = d.book.watched_silence(command.provider, d.room.incident.severity)
    last = max((p.at for p in posts), default=None)
    if channel.name not in d.room.comms.streams:
        d.record(comms.StreamOpened(channel.name, channel.audience, None, every))
    for post in posts:
        mark = comms.fingerprint(post.at, post.text)
        seen[mark] += 1
        # The same post comes under another id when it is read from another of the provider's formats.
        if post.source_id in known or seen[mark] <= known[mark]:
            continue
        known[post.source_id] += 1
        running = command.closed_at is None and last is not None
        due = last + every if running and last is not None else None
        d.record(
            UpdatePosted(
                channel.name,
                channel.audience,
                post.text,
                post.at,
                due,
                source_id=post.source_id,
                phase=post.phase,
            )
        )


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    if isinstance(event, Watched):
        return tr("{severity} {title} (imported from {provider})").format(
            severity=event.severity, title=event.title, provider=event.provider
        )
    return ""
