"""Fatigue (R4): how long somebody has been in a role, in the room, on duty and awake, and when that is too long.

Amber asks to plan the relief, red says that it is overdue. Every limit is the rulebook's (section `fatigue`); without
one nothing is watched. Pure arithmetic on moments: what is counted comes in as a `Load`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, time, timedelta
from enum import StrEnum

from warroom.domain.role_titles import role_title
from warroom.domain.roles_state import base_of
from warroom.domain.schedule_clock import wall
from warroom.valueclass import dataclass
from warroom.words import mark, tr

A_DAY = timedelta(hours=24)
"""The day over which duty and pages at night are counted: the 24 hours up to now, wherever somebody lives."""

IN_A_DAY = " in 24h"
Stay = tuple[datetime, datetime | None]
"""From when until when somebody was in a room; None while they are."""


class Tired(StrEnum):
    """How tired somebody is by the rules."""

    NO = ""
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Limits:
    """From which length on something is amber, and red; None: never."""

    amber: timedelta | None = None
    red: timedelta | None = None

    def __bool__(self) -> bool:
        return self.amber is not None or self.red is not None


@dataclass(frozen=True, slots=True)
class Night:
    """What counts as night by a person's own clock, and how many pages in one are amber, and red."""

    start: time = time(22)
    end: time = time(7)
    amber: int | None = None
    red: int | None = None

    def covers(self, at: datetime, zone: str) -> bool:
        """Whether it is night for somebody in `zone` (UTC for "")."""
        now = wall(at, zone).time()
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end


@dataclass(frozen=True, slots=True)
class FatigueRules:
    """The rulebook's limits. `in_role` holds for every role that `roles` does not name; `span`: how many people may
    report to the incident manager before the work should be split, None for any number."""

    in_role: Limits = Limits()
    roles: Mapping[str, Limits] = field(default_factory=dict)
    in_room: Limits = Limits()
    day: Limits = Limits()
    awake: Limits = Limits()
    night: Night = Night()
    span: int | None = None

    def role(self, role: str) -> Limits:
        """The limits in one role; a workstream's own role has those of the role that it is."""
        return self.roles.get(role) or self.roles.get(base_of(role)) or self.in_role

    def __bool__(self) -> bool:
        limits = (self.in_role, *self.roles.values(), self.in_room, self.day, self.awake)
        return any(limits) or self.night.amber is not None or self.night.red is not None


@dataclass(frozen=True, slots=True)
class Load:
    """What weighs on one person at a moment: the roles that they hold and since when, since when they are in this room
    and awake, all their stays in any room, and when they were paged at night within the last day (oldest first)."""

    roles: Mapping[str, datetime] = field(default_factory=dict)
    in_room: datetime | None = None
    stays: tuple[Stay, ...] = ()
    awake_since: datetime | None = None
    night_pages: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Weight:
    """One of the things that make tired: what it is (words for people), how much there is, and when it is amber and
    red, if nothing changes."""

    kind: str
    role: str
    amount: str
    limit: str
    amber_at: datetime | None
    red_at: datetime | None

    def level(self, at: datetime) -> Tired:
        """How tired it makes at a moment."""
        return _level(self.amber_at, self.red_at, at)

    @property
    def words(self) -> str:
        """What it is, how much, and the limit."""
        what = tr("in the role {role}").format(role=role_title(self.role)) if self.role else tr(self.kind)
        much = self.amount
        if much.endswith(IN_A_DAY):
            much = tr("{length} in 24h").format(length=much.removesuffix(IN_A_DAY))
        return f"{what} {much}" + (tr(" (limit {limit})").format(limit=self.limit) if self.limit else "")


@dataclass(frozen=True, slots=True)
class Fatigue:
    """How tired somebody is: from when on amber and red if nothing changes, and everything that weighs, the worst
    first."""

    amber_at: datetime | None = None
    red_at: datetime | None = None
    weights: tuple[Weight, ...] = ()

    def level(self, at: datetime) -> Tired:
        """How tired they are at a moment."""
        return _level(self.amber_at, self.red_at, at)

    def why(self, at: datetime) -> str:
        """What makes them as tired as they are, in words; "" when they are not."""
        now = self.level(at)
        return ", ".join(weight.words for weight in self.weights if now and weight.level(at) is now)


def _level(amber_at: datetime | None, red_at: datetime | None, at: datetime) -> Tired:
    if red_at is not None and red_at <= at:
        return Tired.RED
    return Tired.AMBER if amber_at is not None and amber_at <= at else Tired.NO


def assess(load: Load, rules: FatigueRules, now: datetime) -> Fatigue:
    """How tired somebody is, and from when on they will be more so if nothing changes."""
    weights = list(_weights(load, rules, now))
    order = {Tired.RED: 0, Tired.AMBER: 1, Tired.NO: 2}
    weights.sort(key=lambda weight: order[weight.level(now)])
    return Fatigue(
        min((weight.amber_at for weight in weights if weight.amber_at is not None), default=None),
        min((weight.red_at for weight in weights if weight.red_at is not None), default=None),
        tuple(weights),
    )


def _weights(load: Load, rules: FatigueRules, now: datetime) -> Iterable[Weight]:
    for role, since in load.roles.items():
        limits = rules.role(role)
        if limits:
            yield _since(f"in the role {role}", role, since, limits, now)
    if load.in_room is not None and rules.in_room:
        yield _since(mark("in the room"), "", load.in_room, rules.in_room, now)
    if load.awake_since is not None and rules.awake:
        yield _since(mark("awake"), "", load.awake_since, rules.awake, now)
    if rules.day:
        total = worked(load.stays, now)
        amber, red = (reached(load.stays, limit, now) for limit in (rules.day.amber, rules.day.red))
        if total or amber or red:
            yield Weight(mark("on duty"), "", f"{span(total)}{IN_A_DAY}", _limit(rules.day, total), amber, red)
    count = len(load.night_pages)
    if count and (rules.night.amber or rules.night.red):
        amber, red = (_nth(load.night_pages, most) for most in (rules.night.amber, rules.night.red))
        limit = rules.night.red if red is not None else rules.night.amber if amber is not None else None
        yield Weight(mark("paged at night"), "", f"{count} x", str(limit) if limit else "", amber, red)


def _since(kind: str, role: str, since: datetime, limits: Limits, now: datetime) -> Weight:
    amber = since + limits.amber if limits.amber is not None else None
    red = since + limits.red if limits.red is not None else None
    length = max(now - since, timedelta(0))
    return Weight(kind, role, span(length), _limit(limits, length), amber, red)


def _limit(limits: Limits, length: timedelta) -> str:
    """The gravest limit that was passed, else the next one."""
    passed = [each for each in (limits.red, limits.amber) if each is not None and length >= each]
    ahead = [each for each in (limits.amber, limits.red) if each is not None]
    return span((passed or ahead)[0])


def _nth(times: Sequence[datetime], count: int | None) -> datetime | None:
    return times[count - 1] if count and len(times) >= count else None


def merged(stays: Iterable[Stay], now: datetime) -> list[tuple[datetime, datetime, bool]]:
    """Stays in any rooms as stretches that do not overlap, oldest first: start, end, and whether it goes on. Somebody
    in two rooms at once works once."""
    out: list[tuple[datetime, datetime, bool]] = []
    for start, end in sorted(stays, key=lambda stay: stay[0]):
        until, goes_on = (now, True) if end is None else (min(end, now), False)
        if until < start:
            continue
        if out and start <= out[-1][1]:
            first, last, open_ = out[-1]
            out[-1] = first, max(last, until), open_ or goes_on
        else:
            out.append((start, until, goes_on))
    return out


def worked(stays: Iterable[Stay], now: datetime) -> timedelta:
    """How long somebody was on duty within the day up to `now`."""
    since = now - A_DAY
    return sum((max(end - max(start, since), timedelta(0)) for start, end, _ in merged(stays, now)), timedelta(0))


def reached(stays: Iterable[Stay], limit: timedelta | None, now: datetime) -> datetime | None:
    """When somebody who goes on has been on duty for `limit` within a day; `now` if they have already, None if they
    never will be, or are not on duty now. What is older than a day falls away as time goes on."""
    if limit is None:
        return None
    stretches = merged(stays, now)
    total = worked(stays, now)
    if total >= limit:
        return now
    if not any(goes_on for _, _, goes_on in stretches) or limit > A_DAY:
        return None
    at = now
    # While an old stretch leaves the day as fast as time comes in, the sum stands still.
    for start, end, goes_on in stretches:
        leaves, left = start + A_DAY, (end + A_DAY if not goes_on else None)
        if left is not None and left <= at:
            continue
        grows = max(leaves - at, timedelta(0))
        if total + grows >= limit:
            return at + (limit - total)
        total += grows
        at = max(at, leaves)
        if left is None:
            return None
        at = max(at, left)
    return None


def span(length: timedelta) -> str:
    """A length in few characters: "48m", "3h05", "96d"."""
    minutes = int(length.total_seconds()) // 60
    if length >= timedelta(days=3):
        return f"{length.days}d"
    return f"{minutes // 60}h{minutes % 60:02}" if minutes >= 60 else f"{minutes}m"
