"""People, how they are reached, who is on call, and the hours in which a page may go out (R7, the simple part)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a person: the channel's name and the address there. The first of a list is preferred."""

    via: str
    address: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be paged or hold a role. `login` is the name everywhere."""

    login: str
    name: str = ""
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class OnCallList:
    """Who is on call, first to last: the first one who can be reached is paged (schedules come from elsewhere)."""

    name: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PagingHours:
    """When a page may go out that can wait: wall-clock hours on days of the week in one time zone.

    `days` counts from Monday = 0. `start` < `end` on the same day.
    """

    zone: str
    days: tuple[int, ...]
    start: time
    end: time

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when it lies within the hours, else the next opening. In and out: aware UTC."""
        zone = _zone(self.zone)
        local = at.astimezone(zone)
        if local.weekday() in self.days and self.start <= local.time() < self.end:
            return at
        for ahead in range(9):
            day = (local + timedelta(days=ahead)).date()
            if day.weekday() not in self.days:
                continue
            # A wall-clock time that the clocks skip is read as that much later; one that comes twice opens twice.
            for fold in (0, 1):
                opening = datetime.combine(day, self.start.replace(fold=fold), tzinfo=zone).astimezone(UTC)
                if opening > at:
                    return opening
        return at


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
