"""One incident in a screen of its own: its record in pages, and at which moment of the past a detail shows it."""

from __future__ import annotations

from datetime import datetime

from warroom.valueclass import dataclass
from warroom.views.record import RecordLine


@dataclass(frozen=True, slots=True)
class PastMark:
    """A detail shows its incident as it was at `moment`, after entry `version` of the `of` that were known when the
    past was read. `kind` and `text` are that entry's, in the words of the record, `at` is when it was.

    Everything in the detail is as of then: a countdown is drawn against `moment`, and nothing can be changed from it.
    """

    moment: datetime
    version: int
    of: int
    at: datetime
    kind: str
    text: str
    actor: str = ""


@dataclass(frozen=True, slots=True)
class PastAxis:
    """What a past can be searched along: `moments` of all its entries, oldest first and never going back, and those at
    which status or severity changed, with what they became. `until` is the end of the axis: of a live incident the
    time when the past was read."""

    moments: tuple[datetime, ...]
    marks: tuple[tuple[datetime, str], ...]
    until: datetime

    @property
    def began(self) -> datetime:
        """When the first entry was."""
        return self.moments[0]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A part of one incident's record, oldest line first: all that its entries `first` to `last` (numbers within the
    incident, both included) have to show. `first` is 1 where the page reaches back to the beginning; that of a record
    without entries is (1, 0)."""

    key: str
    first: int
    last: int
    lines: tuple[RecordLine, ...]
