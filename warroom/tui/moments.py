"""The times of an incident as somebody types them into a form, and as they stand there. (Time travel reads what is
typed by `past_when`, which also knows entries and steps.)"""

from __future__ import annotations

from datetime import UTC, datetime

from warroom.domain.oneline import moment_before
from warroom.domain.typed_time import read_moment
from warroom.tui.clockface import day
from warroom.words import tr


def typed_past(text: str, now: datetime) -> datetime:
    """The moment that was typed: "20", "20m" or "1h30m" ago, the latest "HH:MM" UTC, or a day and a time.

    Raises `ValueError` with what to type instead.
    """
    typed = text.strip().casefold().removesuffix("ago").removesuffix("utc").strip()
    if typed == "now":
        return now
    at = moment_before(f"{typed}m" if typed.isascii() and typed.isdigit() else typed, now)
    if at is None:
        at = read_moment(typed)
        if at is None:
            raise ValueError(tr("type minutes ago (20m), a time in UTC (13:40), or 2024-03-13 13:40"))
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if at > now:
        raise ValueError(tr("that is not over yet: type a time in the past"))
    return at


def dated(at: datetime) -> str:
    """The day with its year, UTC: "5 Mar 2026"."""
    return tr("{day} {year}").format(day=day(at), year=at.astimezone(UTC).year)


def shown(at: datetime | None, now: datetime) -> str:
    """A moment so that `typed_past` reads it again, to the minute: "13:40" of the last day, else with its day; "" for
    None."""
    if at is None:
        return ""
    at = at.astimezone(UTC)
    full = f"{at:%H:%M}"
    return full if moment_before(full, now) == at.replace(second=0, microsecond=0) else f"{at:%Y-%m-%d %H:%M}"
