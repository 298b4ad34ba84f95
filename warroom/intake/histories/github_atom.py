"""`github-atom`: the Atom feed of a Statuspage page (history.atom), or a single entry of one.

GitHub's is the best known, and gave the format its name. An entry is an incident; its content is HTML that
holds every post, newest first, with the month, day and minute but without the year. The year follows from the
entry's `published`, which is the time of the newest post. Within one minute the order of a feed is not to be
relied on (entries exist that show "Investigating" above the "Resolved" of the same minute).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from warroom.domain.text import clean_block, clean_line
from warroom.intake.histories import shown
from warroom.intake.histories.fields import Field, source_id
from warroom.intake.histories.markup import sections
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
from warroom.intake.history import HistoryError, HistoryIncident, Phase
from warroom.words import tr

_STATUS: Final = re.compile(r"\s*([A-Za-z][A-Za-z -]{0,30}?)\s+[-–—]\s*")
_HEAD: Final = re.compile(r"\d{1,2}:\d{2}")
_TAG_URI: Final = re.compile(r"tag:([^,/]{1,253}),\d{4}:(?:Incident/(\d+))?")


def read(root: Element, provider: str | None) -> tuple[HistoryIncident, ...]:
    """Incidents of a feed or of a single entry, in the order of the file, scheduled maintenance left out.

    Raises `HistoryError` that names the entry and the element.
    """
    entries = [root] if local_name(root) == "entry" else [e for e in root if local_name(e) == "entry"]
    incidents = (_incident(entry, number, provider) for number, entry in enumerate(entries, 1))
    return one_of_each(incident for incident in incidents if incident is not None)


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _children(entry: Element, name: str) -> Iterator[Element]:
    return (child for child in entry if local_name(child) == name)


def _text(entry: Element, name: str) -> str:
    for child in _children(entry, name):
        if len(child):
            raise HistoryError(tr("<{name}> must hold text alone, but holds elements").format(name=name))
        return child.text or ""
    return ""


def _incident(entry: Element, number: int, provider: str | None) -> HistoryIncident | None:
    try:
        return _read_entry(entry, provider)
    except (HistoryError, ValueError, OverflowError) as error:
        identity = clean_line(next((e.text or "" for e in _children(entry, "id")), ""))
        text = tr("entry {number} ({id}): {error}") if identity else tr("entry {number}: {error}")
        raise HistoryError(text.format(number=number, id=identity, error=error)) from None


def _read_entry(entry: Element, provider: str | None) -> HistoryIncident | None:
    link = next((e.get("href") or "" for e in _children(entry, "link") if e.get("rel", "alternate") == "alternate"), "")
    address = urlsplit(link)
    tag = _TAG_URI.match(_text(entry, "id").strip())
    code = re.search(r"/incidents/([A-Za-z0-9]+)/?$", address.path)
    name = code[1] if code else tag[2] if tag else None
    if name is None:
        raise HistoryError(tr("neither <link> nor <id> names an incident: this is not the feed of a Statuspage page"))
    identity = source_id(Field(name, "<link> or <id>"))
    anchor = Field(_text(entry, "published") or _text(entry, "updated"), "<published>").moment()
    posts = _posts(_text(entry, "content"), anchor)
    if posts is None:
        return None
    closing = closing_post(posts)
    return HistoryIncident(
        provider=provider or provider_of(tag[1] if tag else address.hostname or "", "github-atom"),
        source_id=identity,
        title=clean_line(_text(entry, "title")) or identity,
        impact="",
        start=None,
        closed=None if closing is None else posts[closing].at,
        url=clean_line(link, 500) if address.scheme in ("https", "http") else "",
        updates=numbered(identity, posts),
    )


def _posts(content: str, anchor: datetime) -> list[Post] | None:
    """Posts, oldest first, of an entry whose newest post was made at `anchor`; None for maintenance."""
    cut = sections(content, "small", is_head=lambda head: _HEAD.search(head) is not None)[1:]
    if not cut:
        raise HistoryError(tr("<content> holds no dated posts: this is not the feed of a Statuspage page"))
    posts: list[Post] = []
    for head, text in cut:
        match = _STATUS.match(text)
        status = match[1].lower() if match else ""
        if status in MAINTENANCE:
            return None
        phase = PHASES.get(status)
        if match and phase:
            text = text[match.end() :]
        at = shown.parse(head).near(anchor)
        posts.append(Post(at, phase or Phase.UPDATE, clean_block(text)))
        anchor = at
    return oldest_first(posts, newest_first=True)
