"""The columns that the list of incidents can have: what they are called, how wide they are, what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from warroom.domain.text import cell_width
from warroom.tui.clockface import NOTHING, Face, age, countdown, day, is_late, when
from warroom.tui.pieces import Role, clean
from warroom.tui.sieve.grammar import fold
from warroom.tui.sieve.sorting import ROLE, NoColumn
from warroom.valueclass import dataclass
from warroom.views import IncidentLine
from warroom.words import figure, mark, tr

USUAL: Final = ("sev", "key", "title", "status", "lead", "page", "update")
"""The columns of the list where nobody has chosen; on a narrow screen it gives up some by rules of its own."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A column. `head` stands above it, `says` tells what it shows; `most` is the widest it gets, in cells."""

    head: str
    says: str
    most: int


SPECS: Final = {
    "sev": Spec(mark("SEV"), mark("how bad it is"), 10),
    "key": Spec(mark("KEY"), mark("its key"), 14),
    "title": Spec(mark("TITLE"), mark("what it is about"), 72),
    "status": Spec(mark("STATUS"), mark("its stage"), 13),
    "lead": Spec(mark("LEAD"), mark("the incident manager, or by when one is needed"), 12),
    "page": Spec(mark("NEXT PAGE"), mark("who is paged next, and when"), 14),
    "update": Spec(mark("UPDATE DUE"), mark("which channel waits for word, and until when"), 21),
    "age": Spec(mark("AGE"), mark("how long ago it was declared"), 6),
    "opened": Spec(mark("OPENED"), mark("when it was declared, UTC"), 12),
    "service": Spec(mark("SERVICE"), mark("what it is about, by the catalogue"), 18),
    "team": Spec(mark("TEAM"), mark("the team of the service"), 14),
    "region": Spec(mark("REGION"), mark("where"), 12),
    "env": Spec(mark("ENV"), mark("the environment"), 10),
    "cases": Spec(mark("CASES"), mark("how many cases support has"), 7),
    "ack": Spec(mark("ACK BY"), mark("who acknowledged"), 12),
    "tasks": Spec(mark("TASKS"), mark("how many tasks are open"), 5),
    "tired": Spec(mark("TIRED"), mark("when the incident manager is too tired by the rules"), 12),
}
"""Every column by name. Besides there is "role:NAME" for each role."""
TICKING: Final = frozenset(("lead", "page", "update", "age", "opened", "tired"))
"""Columns that the clock changes."""
FIGURES: Final = frozenset(("cases", "tasks"))
"""Columns whose figures stand at the right."""


def spec_of(name: str) -> Spec:
    """What is known of a column; raises `KeyError` for what is none."""
    if name.startswith(ROLE) and len(name) > len(ROLE):
        role = name.removeprefix(ROLE)
        return Spec(clean(role.replace("-", " ").upper()), mark("who holds that role"), 12)
    return SPECS[name]


def read_columns(names: Sequence[str]) -> tuple[str, ...]:
    """The columns that a setting or an option names, each once. Raises `ValueError` for the first that is none."""
    out: list[str] = []
    for given in names:
        name = fold(given.strip())
        if not (name in SPECS or (name.startswith(ROLE) and len(name) > len(ROLE))):
            raise NoColumn(name, tuple(SPECS))
        if name not in out:
            out.append(name)
    return tuple(out)


def head_of(name: str) -> str:
    """What stands above a column."""
    return tr(spec_of(name).head)


def face_of(name: str, line: IncidentLine, now: datetime) -> Face:
    """What stands in a column that is not among the usual ones."""
    if name.startswith(ROLE):
        return _holder(name.removeprefix(ROLE), line)
    return _FACES[name](line, now)


def _holder(role: str, line: IncidentLine) -> Face:
    found = [who for name, who in line.roles if name == role]
    if not found:
        return Face("", NOTHING, Role.FAINT)
    return Face("", clean(found[0]), Role.TEXT) if found[0] else Face("", tr("vacant"), Role.SOON)


def _said(text: str, role: Role = Role.MUTED) -> Face:
    return Face("", clean(text), role) if text else Face("", NOTHING, Role.FAINT)


def _tired(line: IncidentLine, now: datetime) -> Face:
    if line.tired_at is None:
        return _said("")
    if is_late(line.tired_at, now):
        return Face(tr("tired"), age(line.tired_at, now), Role.LATE)
    return Face(tr("in"), countdown(line.tired_at, now), Role.CALM)


_FACES: Final[dict[str, Callable[[IncidentLine, datetime], Face]]] = {
    "age": lambda line, now: _said(age(line.opened_at, now) if line.opened_at else ""),
    "opened": lambda line, now: _said(when(line.opened_at, now) if line.opened_at else ""),
    "service": lambda line, now: _said(line.service),
    "team": lambda line, now: _said(line.team),
    "region": lambda line, now: _said(line.region),
    "env": lambda line, now: _said(line.environment),
    "cases": lambda line, now: _said(f"{figure(line.cases):,}" if line.cases is not None else "", Role.TEXT),
    "ack": lambda line, now: _said(line.acked_by, Role.OK),
    "tasks": lambda line, now: _said(str(line.tasks_open) if line.tasks_open else "", Role.TEXT),
    "tired": _tired,
}


_LONGEST_DAY: Final = datetime(2026, 12, 31, tzinfo=UTC)


def width_of(name: str, lines: Sequence[IncidentLine], now: datetime | None) -> int:
    """How wide a column has to be for these lines, in cells; of one that the clock changes as wide as it can get."""
    spec = spec_of(name)
    head = cell_width(head_of(name)) + 1  # a blank for the arrow of the order
    if name == "opened":
        return max(head, spec.most, cell_width(day(_LONGEST_DAY)) + len(" 00:00"))
    if name in TICKING or now is None:
        return max(head, spec.most)
    widest = max((cell_width(face_of(name, line, now).text) for line in lines), default=0)
    return min(max(head, widest), max(head, spec.most))
