"""What follows by itself on one incident if nobody does anything."""

from __future__ import annotations

from datetime import datetime

from warroom.valueclass import dataclass
from warroom.views.incidents import SeverityFace


@dataclass(frozen=True, slots=True)
class PageLine:
    """One person (or chat room) of a step: by which ways, behind which target, and why that target means them."""

    to: str
    via: tuple[str, ...]
    target: str = ""  # "oncall:primary"
    because: str = ""  # "on call on primary since Mon 09:00", ...


@dataclass(frozen=True, slots=True)
class PassedLine:
    """Somebody who was looked at and not paged, or with `to` "" a target behind which nobody was found; and why."""

    to: str
    target: str
    why: str


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """One step that follows by itself if nobody does anything.

    `kind` is the kind of the event that it will be on the record. `what` says it in words, without the people; `cause`
    is what brings it about ("acknowledge timeout"). `level`, `cycle` and `repeat` are 0 where it is none of the ladder.
    `told` hear of it and are asked for nothing.
    """

    at: datetime
    kind: str
    what: str
    cause: str = ""
    policy: str = ""
    level: int = 0
    cycle: int = 0
    repeat: int = 0
    role: str = ""
    channel: str = ""
    pages: tuple[PageLine, ...] = ()
    told: tuple[PageLine, ...] = ()
    passed: tuple[PassedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ForecastView:
    """What follows by itself on one incident, the earliest first. `whole`: nothing comes after the last line; `nothing`
    says why there is no line at all."""

    key: str
    title: str
    severity: SeverityFace
    read_at: datetime
    lines: tuple[ForecastLine, ...] = ()
    whole: bool = True
    nothing: str = ""
