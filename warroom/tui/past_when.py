"""Where in the past to go, as it is typed. Pure: text and times in, a moment or the number of an entry out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from warroom.domain.text import quote_plain
from warroom.words import mark, tr

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?z?", re.ASCII)
_SPAN = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,7})m(?:in)?)?(?:(\d{1,8})s)?", re.ASCII)
_ENTRY = re.compile(r"#?(\d{1,9})", re.ASCII)
HELP = mark("14:12 (UTC), -30m, +5m, 2026-11-22 14:12, or 12 for entry 12")


def parse_then(text: str, now: datetime, shown: datetime, began: datetime, until: datetime) -> datetime | int:
    """The moment, or the number of the entry, that somebody typed at `now` who looks at `shown`.

    "14:12" is the latest one that is gone, and of an incident that was over before it the latest one within it (from
    `began` `until`); "-30m" and "30m ago" count back from now, "+5m" on from what is shown; "12" and "#12" are an
    entry. What is written without a zone is UTC. Raises `ValueError` with what to type instead.
    """
    typed = text.strip().casefold().removesuffix("utc").strip()
    if match := _ENTRY.fullmatch(typed):
        return int(match[1])
    if match := _CLOCK.fullmatch(typed):
        return _clock(match, now, began, until)
    sign, ago = typed[:1], typed.endswith("ago")
    body = typed.removesuffix("ago").lstrip("+-").replace(" ", "")
    if body and (match := _SPAN.fullmatch(body)):
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        try:
            return shown + span if sign == "+" and not ago else now - span
        except OverflowError:
            raise ValueError(tr("that is too far away")) from None
    try:
        moment = datetime.fromisoformat(typed.upper())
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        words = tr("{typed} is no moment; type {examples}")
        raise ValueError(words.format(typed=quote_plain(text.strip(), 30), examples=tr(HELP))) from None


def _clock(match: re.Match[str], now: datetime, began: datetime, until: datetime) -> datetime:
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        words = tr("{typed} is not a time of day; type one from 00:00 to 23:59 (UTC)")
        raise ValueError(words.format(typed=match[0]))

    def before(moment: datetime) -> datetime:
        at = moment.astimezone(UTC).replace(hour=hour, minute=minute, second=second, microsecond=0)
        return at if at <= moment else at - timedelta(days=1)

    at, within = before(now), before(min(until, now))
    return within if within >= began else at
