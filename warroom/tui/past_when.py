"""Where in the past to go, as it is typed. Pure: text and times in, a moment or the number of an entry out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from warroom.domain.text import quote_plain
from warroom.domain.typed_time import as_typed, is_clock, read_clock, read_moment, read_span
from warroom.words import mark, tr

_ENTRY = re.compile(r"#?(\d{1,9})", re.ASCII)
HELP = mark("14:12 (UTC), -30m, +5m, 2026-11-22 14:12; 12 is entry 12")


def parse_then(text: str, now: datetime, shown: datetime, began: datetime, until: datetime) -> datetime | int:
    """The moment, or the number of the entry, that somebody typed at `now` who looks at `shown`.

    "14:12" is the latest one that is gone, and of an incident that was over before it the latest one within it (from
    `began` `until`); "-30m" and "30m ago" count back from now, "+5m" on from what is shown; "12" and "#12" are an
    entry. What is written without a zone is UTC. Raises `ValueError` with what to type instead.
    """
    typed = as_typed(as_typed(text).removesuffix("utc"))
    if match := _ENTRY.fullmatch(typed):
        return int(match[1])
    if is_clock(typed):
        clock = read_clock(typed)
        if clock is None:
            words = tr("{typed} is not a time of day; type one from 00:00 to 23:59 (UTC)")
            raise ValueError(words.format(typed=typed))
        return _latest(clock, now, began, until)
    sign, ago = typed[:1], typed.endswith("ago")
    span = read_span(typed.removesuffix("ago").lstrip("+-"))
    if span is not None:
        try:
            return shown + span if sign == "+" and not ago else now - span
        except OverflowError:
            raise ValueError(tr("that is too far away")) from None
    moment = read_moment(typed)
    try:
        if moment is not None:
            return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        pass
    words = tr("{typed} is no moment; type {examples}")
    raise ValueError(words.format(typed=quote_plain(text.strip(), 30), examples=tr(HELP)))


def _latest(clock: time, now: datetime, began: datetime, until: datetime) -> datetime:
    """The latest such time of day that is gone, within what there was to see where that was over before it."""

    def before(moment: datetime) -> datetime:
        at = moment.astimezone(UTC).replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
        return at if at <= moment else at - timedelta(days=1)

    at, within = before(now), before(min(until, now))
    return within if within >= began else at
