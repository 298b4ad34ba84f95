"""What makes up for the last thing that somebody did, or why nothing can: a pure function of the record (R11).

An act is what one command put on the record: neighbouring entries of one person and one moment. Its head is the entry
that the command was about; the others follow from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Final

from warroom.domain import incident, ladder_events, people, roles
from warroom.domain.core import Entry, Refused, Stale
from warroom.domain.role_titles import titled
from warroom.domain.rules import HoldLifted
from warroom.domain.status_words import kind_word
from warroom.domain.text import clean_line
from warroom.domain.undo_case import Case
from warroom.domain.undo_ways import NEVER, WAYS
from warroom.domain.undoing import TakeBack, TakenBack
from warroom.words import mark, plain, tr

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook

__all__ = ["ABOUT", "NEVER", "WAYS", "acts", "head", "in_short", "other_way", "way_back"]

ABOUT: Final = 80
"""How much of an entry its undoing repeats, in characters."""

_TRIED: Final = 12
"""How many acts before the last one are looked at for one that can be taken back."""

_FIRST: Final = (incident.Declared, incident.Merged)
_WEAK: Final = (
    incident.Amended,
    roles.RoleOfferEnded,
    roles.RoleReadBack,
    people.PersonJoined,
    people.PersonLeft,
    incident.Assessed,
    HoldLifted,
    ladder_events.LevelPaged,
    ladder_events.PagedBesides,
    ladder_events.LevelSkipped,
)
"""Entries that often only follow from another one: they are the head of an act in which nothing else is."""


def head(entries: Sequence[Entry]) -> int | None:
    """Which of the entries of one act it was about, counted from 0; None where nobody meant any of them."""
    ranked = []
    for at, entry in enumerate(entries):
        kind = type(entry.event)
        if kind not in WAYS and kind not in NEVER:
            continue
        ruled = isinstance(entry.event, incident.SeverityChanged) and entry.event.rule
        rank = 0 if kind in _FIRST else 2 if kind in _WEAK else 3 if ruled else 1
        ranked.append((rank, at))
    return min(ranked)[1] if ranked else None


def acts(entries: Sequence[Entry], actor: str) -> Iterator[int]:
    """The numbers of the heads of what somebody did and has not taken back, the latest first."""
    gone: set[int] = set()
    at = len(entries)
    while at:
        entry = entries[at - 1]
        if isinstance(entry.event, TakenBack):
            gone.add(entry.event.entry)
            at = entry.event.first - 1  # what made up for it is no act of its own
            continue
        begun = at - 1
        while begun and not isinstance(entries[begun - 1].event, TakenBack) and _together(entries[begun - 1], entry):
            begun -= 1
        if entry.actor == actor and entry.due is None:
            found = head(entries[begun:at])
            if found is not None and begun + found + 1 not in gone:
                yield begun + found + 1
        at = begun


def _together(one: Entry, other: Entry) -> bool:
    return one.at == other.at and one.actor == other.actor


def in_short(entry: Entry) -> str:
    """An entry in one short line: "severity SEV1 → SEV2: fewer"."""
    from warroom.domain.room import describe
    from warroom.domain.short_kinds import short_kind

    kind, words = kind_word(short_kind(entry.event)), describe(entry.event)
    return clean_line(words if kind in words else f"{kind} {words}", ABOUT)


def way_back(entries: Sequence[Entry], book: Rulebook, actor: str, entry: int = 0) -> TakeBack:
    """The command that takes back entry number `entry` (0: the last thing that `actor` did) of a whole record.

    Raises `Refused`, with what to do instead, where it cannot be taken back, and `Stale` where somebody has changed the
    same since.
    """
    from warroom.domain.room import fold

    number = entry or next(acts(entries, actor), 0)
    room = fold(entries)
    if room is None or not 0 < number <= len(entries):
        raise Refused(tr("there is nothing here that {actor} did and that could be taken back").format(actor=actor))
    if entry and any(isinstance(e.event, TakenBack) and e.event.entry == number for e in entries):
        raise Stale(tr("#{number} was taken back already").format(number=number))
    meant = entries[number - 1]
    with plain():
        about = in_short(meant)
    way = WAYS.get(type(meant.event))
    if way is None:
        why = tr(NEVER.get(type(meant.event), mark("that cannot be taken back")))
        with titled(book):
            raise Refused(f"#{number} {in_short(meant)}: {why}")
    before = fold(entries[: number - 1])
    assert before is not None  # what begins a record has no way back
    return TakeBack(number, about, way(Case(number, meant, before, room, book), meant.event))


def other_way(entries: Sequence[Entry], book: Rulebook, actor: str) -> TakeBack | None:
    """The command that takes back the latest of the things that `actor` did before the last one and that can be taken
    back; None where none of them can."""
    for number in islice(acts(entries, actor), 1, 1 + _TRIED):
        with suppress(Refused):
            return way_back(entries, book, actor, number)
    return None
