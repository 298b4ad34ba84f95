"""What stands besides the rules when a page has to find somebody (R7): overrides, absences, swaps, and the recent past.

The rulebook says who would be on call; people swap, fall ill and take over, and that is written down while the room
runs. A `Duty` is a value like any other: a decision gets it together with the rules and looks nothing up by itself.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta

from warroom.valueclass import dataclass

LOOK_BACK = timedelta(days=7)
"""How far back the pages of a person and the incidents of a service are known to a decision: limits and rules may not
name a longer window."""


@dataclass(frozen=True, slots=True)
class Override:
    """`person` is on call on `schedule` from `start` until `end`, whatever its layers say. With `instead_of` only
    where that person would have been. Of two that overlap the later one counts (the higher `id`)."""

    id: int
    schedule: str
    person: str
    start: datetime
    end: datetime
    by: str = ""
    reason: str = ""
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """`person` is not there from `start` until `end`: they are passed over wherever they would be found."""

    id: int
    person: str
    start: datetime
    end: datetime
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Swap:
    """`person` asks somebody (`to`, or anybody where it is "") to take their duty on `schedule` for a time. Until it is
    taken they keep it; once its time has begun what is left of it can be taken, until its end."""

    id: int
    schedule: str
    person: str
    start: datetime
    end: datetime
    to: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recent:
    """An incident of the last week, as far as rules on repetition ask about it."""

    key: str
    declared_at: datetime
    severity: str
    service: str
    title: str
    live: bool
    labels: Mapping[str, str] = field(default_factory=dict)


class Pages(Sequence[datetime]):
    """When somebody was paged, oldest first, kept where it can be asked for the moments alone."""

    @abstractmethod
    def moments(self, since: datetime, until: datetime) -> tuple[datetime, ...]:
        """Each moment after `since` and up to `until` at which they were paged, once, however often it was."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What a decision knows besides the rules and the incident itself.

    `pages`: by person, when they were paged for OTHER incidents within `LOOK_BACK`, oldest first; the incident's own
    pages stand in its own state. `turns`: by policy, how many escalations have begun under it so far (round robin).
    `recent`: incidents declared within `LOOK_BACK`, oldest first, without the one that is decided on.
    `attended`: by person, their stays in the rooms of OTHER incidents that reach into the last day, None for one that
    goes on. `held`: by role, in how many other incidents each person held it last.
    The mappings may look things up when asked; they say the same for the whole of one decision.
    """

    overrides: tuple[Override, ...] = ()
    absences: tuple[Absence, ...] = ()
    swaps: tuple[Swap, ...] = ()
    pages: Mapping[str, Sequence[datetime]] = field(default_factory=dict)
    turns: Mapping[str, int] = field(default_factory=dict)
    recent: Sequence[Recent] = ()
    attended: Mapping[str, Sequence[tuple[datetime, datetime | None]]] = field(default_factory=dict)
    held: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def absent(self, person: str, at: datetime) -> Absence | None:
        """The absence that `person` is in at `at`, or None."""
        return next((a for a in self.absences if a.person == person and a.start <= at < a.end), None)

    def paged_at(self, person: str, since: datetime, until: datetime) -> tuple[datetime, ...]:
        """Each moment after `since` and up to `until` at which `person` was paged for other incidents, oldest first: a
        storm pages somebody for hundreds of incidents within one second."""
        pages = self.pages.get(person, ())
        if isinstance(pages, Pages):
            return pages.moments(since, until)
        return tuple(sorted({at for at in pages if since < at <= until}))

    def times_paged(self, person: str, since: datetime, until: datetime, most: int) -> int:
        """How often `person` was paged for other incidents after `since` and up to `until`, counted from the latest on
        and up to `most` only: in a storm it is thousands, and a limit is passed after the first few."""
        count = 0
        for at in reversed(self.pages.get(person, ())):
            if at <= since or count >= most:
                break
            count += at <= until
        return count


NOTHING_BESIDES = Duty()
"""No overrides, no absences, nothing happened lately."""
