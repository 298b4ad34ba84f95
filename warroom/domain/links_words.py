"""What became of links and relations (R1), in the words of the record."""

from __future__ import annotations

from collections.abc import Iterable

from warroom.domain.core import Event
from warroom.domain.kept_words import kept
from warroom.domain.links import ChildMoved, LinkAdded, LinkRemoved, Related, Tie, Unrelated
from warroom.domain.status_words import status_word
from warroom.words import tr


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case LinkAdded():
            return f"{tr(event.link)} {event.to}" + (
                tr(" (was {before})").format(before=event.before) if event.before else ""
            )
        case LinkRemoved():
            return tr("{link} {to} removed").format(link=tr(event.link), to=event.to)
        case Related():
            title = f" {event.title}" if event.title else ""
            return f"{tr(event.relation.words)} {event.key}{title}" + (
                f": {kept(event.reason)}" if event.reason else ""
            )
        case Unrelated():
            return tr("not {words} {key} after all").format(words=tr(event.relation.words), key=event.key) + (
                f": {kept(event.reason)}" if event.reason else ""
            )
        case ChildMoved():
            return tr("{key}, split off from this one, is {status}").format(
                key=event.key, status=status_word(event.status)
            )
        case _:
            return ""


def open_words(ties: Iterable[Tie]) -> tuple[str, ...]:
    """Child work that is open, in words."""
    return tuple(
        tr("child {key} {title} ({status})").format(key=tie.key, title=tie.title, status=status_word(tie.status))
        for tie in ties
    )
