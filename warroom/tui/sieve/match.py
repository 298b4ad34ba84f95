"""What a filter lets through: pure functions of a line of the list, the filter and the time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

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


def words_of(line: IncidentLine) -> str:
    """All words of a line, as they are compared."""
    texts = (
        line.key, line.title, line.status, line.lead, line.severity.name, line.page.state.value, line.update.channel,
        line.alarm, line.service, line.team, line.environment, line.region, line.acked_by,
        *(part for role in line.roles if role[1] for part in role),
    )  # fmt: skip
    return fold("\n".join(clean_line(text) for text in texts if text))


Test = Callable[[IncidentLine, datetime], bool]
"""Whether a line passes at a moment."""


def matches(line: IncidentLine, wanted: Filter, now: datetime) -> bool:
    """Whether a line passes: every term that says something holds."""
    return passing(wanted)(line, now)


def passing(wanted: Filter, words: Callable[[IncidentLine], str] = words_of) -> Test:
    """The question whether a line passes, for asking very many: what is the same for all of them is done once, and what
    lines have in common, such as a severity, is asked once. `words` gives the words of a line where they are kept."""
    tests = [_test(term, words) for term in wanted.terms if term.complete]
    if len(tests) == 1:
        return tests[0]
    return lambda line, now: all(test(line, now) for test in tests)


def only_word(wanted: Filter) -> str | None:
    """The one word that a line has to have among its `words_of`, where the filter asks for nothing else."""
    terms = [term for term in wanted.terms if term.complete]
    if len(terms) != 1 or terms[0].field or terms[0].trait or terms[0].negated:
        return None
    return fold(terms[0].values[0].text)


def _test(term: Term, words: Callable[[IncidentLine], str]) -> Test:
    """Whether one term holds."""
    if term.field:
        found = _field_test(term)
    elif term.trait:
        found = _TRAIT[term.trait]
    else:
        word = fold(term.values[0].text)
        if term.negated:
            return lambda line, now: word not in words(line)
        return lambda line, now: word in words(line)
    return (lambda line, now: not found(line, now)) if term.negated else found


def _field_test(term: Term) -> Test:
    ask, of = _VALUE[term.field], _ASKED_OF.get(term.field)
    values = [value for value in term.values if value.text]

    def test(line: IncidentLine, now: datetime) -> bool:
        return any(ask(value, line, now) for value in values)

    if of is None:
        return test
    known: dict[Any, bool] = {}

    def remembering(line: IncidentLine, now: datetime) -> bool:
        part = of(line)
        found = known.get(part)
        if found is None:
            if len(known) > MOST_KNOWN:
                known.clear()
            found = known[part] = test(line, now)
        return found

    return remembering


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

_ASKED_OF: Final[dict[str, Callable[[IncidentLine], Any]]] = {
    "sev": lambda line: (line.severity.name, line.severity.rank),
    "status": lambda line: line.status,
    "role": lambda line: line.roles or line.lead,
    "service": lambda line: line.service,
    "team": lambda line: line.team,
    "env": lambda line: line.environment,
    "region": lambda line: line.region,
    "ack": lambda line: line.acked_by,
}
"""All that a field looks at, of those of which many lines have the same."""
MOST_KNOWN: Final = 10_000
"""Of so many different ones the answer is remembered."""

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


class Unseen:
    """The values that a filter asks for and no incident that was looked at has: one after the other is looked at, and
    none is kept."""

    def __init__(self, wanted: Filter) -> None:
        """No incident looked at yet."""
        self._left = [
            (term.field, value)
            for term in wanted.terms
            if term.field in _ASKED_OF_ROOM
            for value in term.values
            if value.text and not wrong_value(term.field, value) and fold(value.text) not in (NONE, ANY)
        ]

    @property
    def over(self) -> bool:
        """Whether there is nothing left to look for."""
        return not self._left

    def look(self, line: IncidentLine, now: datetime) -> None:
        """An incident that is here."""
        if self._left:
            self._left = [each for each in self._left if not _VALUE[each[0]](each[1], line, now)]

    def doubts(self) -> tuple[Doubt, ...]:
        """What nothing here has, each with its place."""
        said = tr("no incident here has {field} {value}")
        return tuple(Doubt(value.start + 1, said.format(field=name, value=value.text)) for name, value in self._left)


def unknown(wanted: Filter, lines: Iterable[IncidentLine], now: datetime) -> tuple[Doubt, ...]:
    """Values that no incident here has, each with its place: a word that is mistyped finds nothing, and says so."""
    found = Unseen(wanted)
    for line in lines:
        if found.over:  # every value was seen: whoever types a word does not wait for all incidents
            break
        found.look(line, now)
    return found.doubts()


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


__all__ = [
    "OVER",
    "STAGES",
    "Beyond",
    "Test",
    "Unseen",
    "beyond",
    "deadlines",
    "matches",
    "number_of",
    "only_word",
    "passing",
    "unknown",
    "values_of",
    "words_of",
]
