"""The next update that an update promises: proposed by the cadence, or as it was typed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from warroom.tui.clockface import is_late, parse_when, when
from warroom.tui.composer_parts import Source
from warroom.valueclass import dataclass
from warroom.words import tr

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Promise:
    """When the next update comes, None for no promise; `shown` is what stands in the field, and `proposed` whether
    nobody has chosen it."""

    at: datetime | None = None
    shown: str = ""
    proposed: bool = False

    def typed(self, text: str, now: datetime) -> Promise:
        """What somebody typed, taken at the moment at which they typed it. Raises `ValueError` in plain words."""
        if text == self.shown:
            return self
        if not text.strip():
            return Promise(None, text)
        return Promise(parse_when(text, now).replace(second=0, microsecond=0), text)

    def note(self, text: str, source: Source, channels: Sequence[str], now: datetime) -> str:
        """What the field beside it says."""
        if not text.strip():
            return tr("no next update is promised")
        try:
            at = self.typed(text, now).at
        except ValueError as error:
            return str(error)
        if at is None:
            return ""
        if is_late(at, now):
            return tr("{when} UTC is past: name another time").format(when=when(at, now))
        coming = source.next_update(channels, now)
        said = [f"= {when(at, now)} UTC"]
        if coming is not None and self.proposed:
            said.append(tr("by the cadence: {source}").format(source=coming.source))
        if coming is not None and at - coming.at > _MINUTE:
            said.append(tr("later than the cadence"))
        return ", ".join(said)


def proposal(source: Source, channels: Sequence[str], now: datetime) -> Promise:
    """What the cadence proposes; no promise where nobody will wait for a word."""
    coming = source.next_update(channels, now)
    if coming is None:
        return Promise(None, "", proposed=True)
    at = coming.at.replace(second=0, microsecond=0)
    if is_late(at, now):
        at += _MINUTE
    return Promise(at, when(at, now), proposed=True)


def fading(promise: Promise, source: Source, channels: Sequence[str], now: datetime) -> bool:
    """Whether most of the time of a promise that nobody chose is over: a fresh one had better take its place."""
    if not promise.proposed or promise.at is None:
        return False
    coming = source.next_update(channels, now)
    return coming is not None and promise.at - now < coming.every / 2
