"""Who is spoken to in a text: names behind an @ (R11).

A name stands for a person of the rulebook by their login, or for a role of it, which means whoever holds it. What
stands behind an @ in an address (`root@db1`) or twice (`@@`) is no mention.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from warroom.valueclass import dataclass

_NAME = r"[^\W_](?:[\w.'-]{0,62}\w)?"
"""A name as it may stand behind an @: from a letter or digit on, and ending in one; dots and dashes within."""
_AT = re.compile(rf"(?<![\w@.+/:-])@(?>({_NAME}))(?![\w@])")
MOST = 50
"""How many names of one text are looked at."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Who is meant, in the order of the text; and the names that mean nobody."""

    people: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def mentioned(text: str, people: Collection[str], holders: Mapping[str, str] | None = None) -> Mentions:
    """Who of `people` (logins) is mentioned in `text`; `holders` says who holds each role, "" for nobody.

    A name is taken as it stands, else without regard to case; where it goes on with dots or dashes that belong to the
    sentence, the longest beginning that somebody goes by counts.
    """
    roles = holders or {}
    found: dict[str, None] = {}
    unknown: dict[str, None] = {}
    known = {**{role.casefold(): holder for role, holder in roles.items()}, **{p.casefold(): p for p in people}}
    for match in list(_AT.finditer(text))[:MOST]:
        who = _person(match[1], people, known)
        if who:
            found[who] = None
        else:
            unknown[match[1]] = None
    return Mentions(tuple(found), tuple(unknown))


def _person(name: str, people: Collection[str], known: Mapping[str, str]) -> str:
    while True:
        if name in people:
            return name
        if name.casefold() in known:
            return known[name.casefold()]
        shorter = re.sub(r"[.'-]+[^.'-]*$", "", name)
        if shorter == name or not shorter:
            return ""
        name = shorter
