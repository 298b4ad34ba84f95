"""What a filter lets through: pure functions of a line of the list, the filter and the time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from warroom.domain.text import clean_line
from warroom.tui.sieve.grammar import STAGES, Doubt, Filter, Term, Value, bounds, fold, wrong_value
from warroom.valueclass import dataclass
from warroom.views import IncidentLine, PageState, SeverityFace
from warroom.words import tr

NONE, ANY = "none", "any"
OVER: Final = ("resolved", "closed")


def deadlines(line: IncidentLine) -> list[datetime]:
    """Everything that a line counts down to."""
    role = None if line.lead else line.lead_due
    return [at for at in (line.page.at, line.update.at, role) if at is not None]


def number_of(face: SeverityFace) -> int:
    """The number of a severity: that which its name ends with, else its rank."""
    found = re.search(r"([0-9]{1,9})$", face.name)
    return int(found[1]) if found else face.rank


@lru_cache(maxsize=4096)
def _text(line: IncidentLine) -> str:
    """All words of a line, as they are compared."""
    texts = (
        line.key, line.title, line.status, line.lead, line.severity.name, line.page.state.value, line.update.channel,
        line.alarm, line.service, line.team, line.environment, line.region, line.acked_by,
        *(part for role in line.roles if role[1] for part in role),
    )  # fmt: skip
    return fold("\n".join(clean_line(text) for text in texts))


def matches(line: IncidentLine, wanted: Filter, now: datetime) -> bool:
    """Whether a line passes: every term that says something holds."""
    return all(holds(term, line, now) for term in wanted.terms)


def holds(term: Term, line: IncidentLine, now: datetime) -> bool:
    """Whether one term holds; one that is still being typed does."""
    if not term.complete:
        return True
    if term.field:
        found = any(_VALUE[term.field](value, line, now) for value in term.values if value.text)
    elif term.trait:
        found = _TRAIT[term.trait](line, now)
    else:
        found = fold(term.values[0].text) in _text(line)
    return found is not term.negated


# Traits ------------------------------------------------------------------------------------------------------------

_TRAIT: Final[dict[str, Callable[[IncidentLine, datetime], bool]]] = {
    "late": lambda line, now: any(now >= at for at in deadlines(line)),
    "vacant": lambda line, now: not line.lead,
    "major": lambda line, now: line.severity.major,
    "watched": lambda line, now: line.watched,
    "acked": lambda line, now: bool(line.acked_by) or line.page.state is PageState.ACKED,
    "alarm": lambda line, now: bool(line.alarm) or line.page.state is PageState.EXHAUSTED,
    "live": lambda line, now: line.status not in OVER,
    "resolved": lambda line, now: line.status in OVER,
    "closed": lambda line, now: line.status == "closed",
    "all": lambda line, now: True,
}

# Fields ------------------------------------------------------------------------------------------------------------


def _severity(value: Value, line: IncidentLine, now: datetime) -> bool:
    if fold(value.text) == fold(line.severity.name):
        return True
    asked = bounds("sev", value.text) if not value.exact else None
    # A name of another rulebook's is no number: sev:P1 does not stand for SEV1.
    if asked is None or (value.text[:1].isalpha() and ".." not in value.text):
        return False
    return asked.holds(number_of(line.severity))


def _status(value: Value, line: IncidentLine, now: datetime) -> bool:
    word, status = fold(value.text), fold(line.status)
    if word == "live":
        return status not in OVER
    if word == "over":
        return status in OVER
    return status == word if value.exact else status.startswith(word)


def _role(value: Value, line: IncidentLine, now: datetime) -> bool:
    word = fold(value.text)
    return any(word in _said(role, person) for role, person in line.roles or (("incident-manager", line.lead),))


def _said(role: str, person: str) -> tuple[str, ...]:
    """How one may ask for a role that a person holds, or that has to be filled."""
    name, who = fold(role), fold(person)
    if not person:
        return NONE, f"{name}/{NONE}"
    return name, who, f"{name}/{who}", f"{name.partition('/')[0]}/{who}"


def _names(of: Callable[[IncidentLine], str]) -> Callable[[Value, IncidentLine, datetime], bool]:
    """A field with a name in it: part of it is enough, unless it is asked for in quotes."""

    def test(value: Value, line: IncidentLine, now: datetime) -> bool:
        word, name = fold(value.text), fold(of(line))
        if value.exact:
            return word == name
        return not name if word == NONE else word in name

    return test


def _key(value: Value, line: IncidentLine, now: datetime) -> bool:
    word, key = fold(value.text), fold(line.key)
    if word == key:
        return True
    return word.isascii() and word.isdecimal() and (found := re.search(r"(\d+)$", key)) is not None and (
        int(found[1]) == int(word[:18])
    )  # fmt: skip


def _ack(value: Value, line: IncidentLine, now: datetime) -> bool:
    word = fold(value.text)
    if word == NONE:
        return not line.acked_by
    return bool(line.acked_by) and (word == ANY or word == fold(line.acked_by))


def _age(value: Value, line: IncidentLine, now: datetime) -> bool:
    asked = bounds("age", value.text)
    return asked is not None and line.opened_at is not None and asked.holds((now - line.opened_at).total_seconds())


def _due(value: Value, line: IncidentLine, now: datetime) -> bool:
    """By what falls due next; what is late is due in less than nothing."""
    found = deadlines(line)
    word = fold(value.text)
    if word == NONE:
        return not found
    if word == "late":
        return any(now >= at for at in found)
    asked = bounds("due", value.text)
    return asked is not None and bool(found) and asked.holds((min(found) - now).total_seconds())


def _cases(value: Value, line: IncidentLine, now: datetime) -> bool:
    if fold(value.text) == NONE:
        return line.cases is None
    asked = bounds("cases", value.text)
    return asked is not None and line.cases is not None and asked.holds(line.cases)


def _tasks(value: Value, line: IncidentLine, now: datetime) -> bool:
    asked = bounds("tasks", value.text)
    return asked is not None and asked.holds(line.tasks_open)


_VALUE: Final[dict[str, Callable[[Value, IncidentLine, datetime], bool]]] = {
    "sev": _severity,
    "status": _status,
    "role": _role,
    "service": _names(lambda line: line.service),
    "team": _names(lambda line: line.team),
    "env": _names(lambda line: line.environment),
    "region": _names(lambda line: line.region),
    "key": _key,
    "ack": _ack,
    "age": _age,
    "due": _due,
    "cases": _cases,
    "tasks": _tasks,
}

# What the room knows of ----------------------------------------------------------------------------------------------


def values_of(name: str, line: IncidentLine) -> Iterator[str]:
    """The values that a line has for a field, for choosing from; none for fields with spans."""
    match name:
        case "sev":
            yield line.severity.name
        case "status":
            yield line.status
        case "role":
            yield from dict.fromkeys(person or NONE for _, person in line.roles)
            yield from dict.fromkeys(f"{role}/{person or NONE}" for role, person in line.roles)
        case "service":
            yield line.service or NONE
        case "team":
            yield line.team or NONE
        case "env":
            yield line.environment or NONE
        case "region":
            yield line.region or NONE
        case "key":
            yield line.key
        case "ack":
            yield line.acked_by or NONE
        case _:
            pass


_ASKED_OF_ROOM: Final = ("sev", "role", "service", "team", "key", "env", "region", "ack")


def unknown(wanted: Filter, lines: Iterable[IncidentLine], now: datetime) -> tuple[Doubt, ...]:
    """Values that no incident here has, each with its place: a word that is mistyped finds nothing, and says so."""
    given: Sequence[IncidentLine] = tuple(lines)
    out = []
    for term in wanted.terms:
        if term.field not in _ASKED_OF_ROOM:
            continue
        for value in term.values:
            if not value.text or wrong_value(term.field, value) or fold(value.text) in (NONE, ANY):
                continue
            if not any(_VALUE[term.field](value, line, now) for line in given):
                what = tr("no incident here has {field} {value}").format(field=term.field, value=value.text)
                out.append(Doubt(value.start + 1, what))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a filter asks for besides what the board shows: what is over (`over`), what is watched and over
    (`watched`), and incidents by key."""

    over: bool = False
    watched: bool = False
    keys: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.over or self.watched or bool(self.keys)


def beyond(wanted: Filter) -> Beyond:
    """What has to be read from the store so that the filter can find what it names."""
    over = watched = False
    keys: list[str] = []
    for term in wanted.terms:
        if term.negated:
            continue
        over = over or term.trait in ("all", "closed")
        watched = watched or term.trait == "watched"
        if term.field == "status":
            over = over or any(fold(v.text) in ("closed", "over") for v in term.values)
        if term.field == "key":
            keys += [value.text for value in term.values if value.text]
    return Beyond(over, watched, tuple(dict.fromkeys(keys))[:20])


__all__ = ["OVER", "STAGES", "Beyond", "beyond", "deadlines", "holds", "matches", "number_of", "unknown", "values_of"]
