"""The ladder of one incident as a state (R5), and what falls due on it. What an event makes of it: `ladder_evolve`."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from warroom.domain.core import Deadline
from warroom.domain.ladder_events import (
    StallAfter,
    Why,
)
from warroom.domain.policy import Ask, Otherwise, PageTo, TargetKind
from warroom.valueclass import dataclass


class Phase(StrEnum):
    """Where the ladder stands as a whole."""

    NONE = "none"
    WAITING = "waiting"
    RUNNING = "running"
    EXHAUSTED = "exhausted"
    STOPPED = "stopped"
    CALLED_OFF = "called off"


@dataclass(frozen=True, slots=True)
class Paged:
    """What became of one level in one cycle. `times`: how many pages of it this line stands for."""

    level: int
    cycle: int
    at: datetime
    why: Why
    pages: tuple[PageTo, ...] = ()
    repeat: int = 0
    acked_by: str = ""
    acked_at: datetime | None = None
    nobody: str = ""
    times: int = 1
    accountable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snooze:
    """A pause with an end and a reason. When it is over, what was left of each timer goes on; a first page that waits
    for its hours (`start_at`) goes out when it would have, or then if that has passed."""

    until: datetime
    by: str
    reason: str
    start_at: datetime | None = None
    ack_left: timedelta | None = None
    resolve_left: timedelta | None = None
    confirm_left: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Declined:
    """Somebody who declined the page of a level: they are not paged on it again while it finds others."""

    level: int
    cycle: int
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The question that the page of `level` waits for: who was asked, until when, and what if nobody answers."""

    level: int
    cycle: int
    why: Why
    pages: tuple[PageTo, ...]
    due: datetime
    otherwise: Otherwise


@dataclass(frozen=True, slots=True)
class BeforeAck:
    """What an acknowledgement stopped, for taking it back."""

    start_at: datetime | None = None
    ack_left: timedelta | None = None
    exhausted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """The ladder of one incident. `level` counts from 1; 0 means that nobody was paged yet.

    All moments are absolute. `start_at` is armed while the first page (of `start_level`) waits for paging hours. The
    first `earlier` items of the history belong to escalations before this one, those up to `switched` to a policy that
    this one went on from (its levels may have other numbers); `tried` names the policies that
    ran in this escalation. `turn`: where levels begin that page one after the other. `declined` and `confirmed` (level
    numbers) hold for this escalation, `besides` are those who were paged by hand. `warn`: how long before the next
    level's page its people are told, `warned` that they were, `warn_from` not before when. `lapses` and `stalled` are
    figures of the severity; `status` is the incident's for which `stalled_due` was counted; `label` is the level's.
    """

    phase: Phase = Phase.NONE
    policy: str = ""
    cycle: int = 1
    level: int = 0
    repeat: int = 0
    since: datetime | None = None
    start_at: datetime | None = None
    ack_due: datetime | None = None
    resolve_due: datetime | None = None
    acked_by: str = ""
    acked_at: datetime | None = None
    snooze: Snooze | None = None
    history: tuple[Paged, ...] = ()
    earlier: int = 0
    switched: int = 0
    exhausted_at: datetime | None = None
    tried: tuple[str, ...] = ()
    start_level: int = 1
    start_why: Why = Why.START
    turn: int = 0
    ask: Ask | None = None
    checkpoint: Checkpoint | None = None
    confirmed: tuple[int, ...] = ()
    declined: tuple[Declined, ...] = ()
    besides: tuple[str, ...] = ()
    repeats: int = 0
    warn: timedelta | None = None
    warned: bool = False
    warn_from: datetime | None = None
    lapses: timedelta | None = None
    lapse_due: datetime | None = None
    stalled: tuple[StallAfter, ...] = ()
    stalled_due: datetime | None = None
    status: str = ""
    label: str = ""
    before_ack: BeforeAck | None = None

    @property
    def resting(self) -> bool:
        """Whether somebody has acknowledged and the ladder waits for them."""
        return self.phase is Phase.RUNNING and bool(self.acked_by) and self.snooze is None and self.checkpoint is None

    @property
    def last(self) -> Paged | None:
        """What was paged last under this policy; None where nobody was, or the level reached nobody."""
        if len(self.history) <= self.earlier or self.history[-1].nobody:
            return None
        return self.history[-1]

    @property
    def asked(self) -> tuple[str, ...]:
        """The people on whom the page of the current level rests: paged last, and not declined."""
        if self.last is None:
            return ()
        gone = self.gone(self.level)
        people = (page.to for page in self.last.pages if not page.target.startswith(TargetKind.CHANNEL))
        return tuple(dict.fromkeys(person for person in people if person not in gone))

    @property
    def own(self) -> tuple[Paged, ...]:
        """What was paged and passed over under the policy that runs, its levels numbered as it does."""
        return self.history[max(self.earlier, self.switched) :]

    def gone(self, level: int) -> frozenset[str]:
        """Who declined the page of a level."""
        return frozenset(each.person for each in self.declined if each.level == level)

    def times_paged(self, level: int) -> int:
        """How often a level was paged under this policy."""
        return sum(each.times for each in self.own if each.level == level and not each.nobody)

    def leads_on(self) -> datetime | None:
        """When the next level comes in if nobody does anything; None where only a person can bring it in."""
        acks = self.ack_due if self.repeat >= self.repeats else None
        return min((at for at in (acks, self.resolve_due) if at is not None), default=None)


# Due -----------------------------------------------------------------------------------------------------------------

START, ACK, RESOLVE, SNOOZE = "escalation:start", "escalation:ack", "escalation:resolve", "escalation:snooze"
CONFIRM, LAPSE, STALLED, WARN = "escalation:confirm", "escalation:lapse", "escalation:stalled", "escalation:warn"


def due(state: Escalation) -> tuple[Deadline, ...]:
    """What falls due on the ladder, by itself, if nobody does anything."""
    if state.phase not in (Phase.WAITING, Phase.RUNNING):
        return ()
    if state.snooze is not None:
        return (Deadline(state.snooze.until, SNOOZE),)
    if state.checkpoint is not None:
        return (Deadline(state.checkpoint.due, CONFIRM),)
    armed = (
        (state.start_at, START),
        (state.ack_due, ACK),
        (state.resolve_due, RESOLVE),
        (state.lapse_due, LAPSE),
        (state.stalled_due, STALLED),
        (_warn_at(state), WARN),
    )
    return tuple(Deadline(at, name) for at, name in armed if at is not None)


def _warn_at(state: Escalation) -> datetime | None:
    leads_on = None if state.warn is None or state.warned else state.leads_on()
    if state.warn is None or leads_on is None or state.since is None:
        return None
    return max(leads_on - state.warn, state.since, state.warn_from or state.since)
