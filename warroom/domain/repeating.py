"""What happened before (R6): other incidents of the same kind as one, as rules on repetition and groups ask for them.

In a storm thousands of incidents are declared within an hour, and each of them asks for those before it. So nobody goes
through what was declared lately: `Earlier` is asked for a number, for the oldest ones of a kind, or for one by its key,
and whoever keeps incidents in a database answers each of these from an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, overload

from warroom.domain.duty import Recent
from warroom.domain.matching import spaced

if TYPE_CHECKING:
    from warroom.domain.conditions import Facts

LABELS: Final = "labels."
"""Labels are asked for as labels.NAME."""


class Earlier(Sequence[Recent]):
    """Incidents that were declared lately, oldest first. `same` is "service", "title", "severity" or labels.NAME,
    `kinds` are values of it that went through `spaced`. From `since` until `until`, both included, are moments of
    declaration. What is not said otherwise goes through them from the latest on."""

    def times(self, same: str, kinds: frozenset[str], since: datetime, until: datetime) -> int:
        """How many there are of these kinds."""
        return sum(1 for _ in self.alike(same, kinds, since, until))

    def alike(self, same: str, kinds: frozenset[str], since: datetime, until: datetime) -> Iterator[Recent]:
        """Those of these kinds, oldest first, as far as somebody looks; each key once, as it was told last."""
        hits: dict[str, Recent] = {}
        for each in reversed(self):
            if each.declared_at < since:
                break  # none that stands before it is nearer
            if each.declared_at <= until and kind_of(same, each) in kinds:
                hits.setdefault(each.key, each)
        return iter(tuple(hits.values())[::-1])

    def named(self, key: str) -> Recent | None:
        """The one with that key; None where it is not among them."""
        return next((each for each in reversed(self) if each.key == key), None)


class _Plain(Earlier):
    """What stands in a plain sequence."""

    def __init__(self, recent: Sequence[Recent]) -> None:
        self._recent = recent

    @overload
    def __getitem__(self, index: int) -> Recent: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Recent]: ...
    def __getitem__(self, index: int | slice) -> Recent | Sequence[Recent]:
        return self._recent[index]

    def __len__(self) -> int:
        return len(self._recent)


def earlier(recent: Sequence[Recent]) -> Earlier:
    """What may be asked of these incidents, which stand oldest first."""
    return recent if isinstance(recent, Earlier) else _Plain(recent)


def repeats(same: str, within: timedelta, facts: Facts) -> Iterator[Recent]:
    """The other incidents of the same kind that were declared within `within` before now, oldest first."""
    mine = _kinds(same, facts)
    return earlier(facts.recent).alike(same, mine, _before(facts.at, within), facts.at) if mine else iter(())


def times(same: str, within: timedelta, facts: Facts) -> int:
    """How many other incidents of the same kind were declared within `within` before now."""
    mine = _kinds(same, facts)
    return earlier(facts.recent).times(same, mine, _before(facts.at, within), facts.at) if mine else 0


def _before(at: datetime, within: timedelta) -> datetime:
    try:
        return at - within
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _kinds(same: str, facts: Facts) -> frozenset[str]:
    if same.startswith(LABELS):
        found: Iterable[str] = (facts.labels.get(same.removeprefix(LABELS), ""),)
    elif same == "title":
        found = (facts.texts.get("title", ""),)
    else:
        found = facts.values.get(same, ())
    return frozenset(spaced(each) for each in found if each)


def kind_of(same: str, recent: Recent) -> str:
    """The value of another incident that is compared, as `spaced` gives it; "" for none."""
    if same.startswith(LABELS):
        return spaced(recent.labels.get(same.removeprefix(LABELS), ""))
    kinds = {"service": recent.service, "title": recent.title, "severity": recent.severity}
    return spaced(kinds.get(same, ""))
