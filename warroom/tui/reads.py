"""What may only be read: a room without write access, and the past of an incident. The answer is one everywhere."""

from __future__ import annotations

from datetime import datetime

from warroom.tui.actions.incident import ABOUT_INCIDENT, READS
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import seconds_clock
from warroom.tui.pieces import clean
from warroom.valueclass import dataclass
from warroom.views import IncidentDetail
from warroom.words import tr

CHANGES = (ABOUT_INCIDENT - READS) | {"declare", "undo"}
"""Intents that would change something."""


@dataclass(frozen=True, slots=True)
class OnlyRead:
    """Why nothing can be changed from what is shown, and what the title of a screen says of that; both "" where it
    can."""

    why: str = ""
    mark: str = ""


def only_read(key: str, *, readonly: bool, moment: datetime | None = None) -> OnlyRead:
    """For the incident `key` in a room that may only be read or not, as it was at `moment` (None: as it is)."""
    if moment is not None:
        at = seconds_clock(moment)
        why = tr("you look at the past: {key} at {at} UTC; {now} goes back to now").format(
            key=clean(key), at=at, now=keycap("past.live")
        )
        return OnlyRead(why, tr("PAST {at} UTC").format(at=at))
    if readonly:
        return OnlyRead(tr("this room may only be read"), tr("READ-ONLY"))
    return OnlyRead()


def refusal(action: str, detail: IncidentDetail | None, *, readonly: bool) -> str:
    """Why an intent cannot be followed on what is shown; "" where it can."""
    if action not in CHANGES:
        return ""
    if detail is None:
        return only_read("", readonly=readonly).why
    past = detail.past
    return only_read(detail.line.key, readonly=readonly, moment=past.moment if past is not None else None).why
