"""Moments and durations as the few characters that a person reads at a glance.

Everything is a pure function of a moment and `now` (aware UTC datetimes), so a screen can be drawn again at any
second without asking anybody. A countdown is rounded up to the whole second and a count-up down, so "LATE 00:00"
follows "00:01" exactly at the deadline. Seconds are shown only under ten minutes, where they matter.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from warroom.domain.status_words import MONTHS, day_word
from warroom.domain.typed_time import as_typed, is_clock, read_clock, read_span
from warroom.tui.horizon import MINUTE, SECOND, changes_at, grows, next_day, shrinks
from warroom.tui.pieces import Role, clean
from warroom.valueclass import dataclass
from warroom.views import IncidentLine, NextPage, PageState, UpdateDue
from warroom.words import tr

SECONDS_BELOW_S = 600
"""Below this many seconds a figure shows seconds ("09:59"), from there on minutes ("10m")."""

SOON_S = 120
"""A page or a role due within this many seconds is drawn as due soon."""

NEAR_SHARE = 0.8
"""The part of a cadence after which the next update counts as near (R10: dashed amber past 80 %)."""

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Face:
    """A countdown cell: what it is about (`label`, may be empty), the figure, and the role that colours the figure."""

    label: str
    figure: str
    role: Role

    @property
    def text(self) -> str:
        """Label and figure in one string, for plain output and for filters."""
        return f"{self.label} {self.figure}".strip()


def duration(seconds: int) -> str:
    """Whole `seconds` (>= 0) in at most six characters: "04:12", "34m", "3h05", "2d07h", "59d"."""
    if seconds < SECONDS_BELOW_S:
        return f"{seconds // 60:02d}:{seconds % 60:02d}"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes}m"
    hours = minutes // 60
    if hours < 24:
        return f"{hours}h{minutes % 60:02d}"
    days = hours // 24
    return f"{days}d{hours % 24:02d}h" if days < 10 else f"{days}d"


def age(start: datetime, now: datetime) -> str:
    """How long ago `start` was, without seconds: "0m", "41m", "3h05", "2d07h". The future counts as "0m"."""
    grows(start, now)
    seconds = max(0, int((now - start).total_seconds()))
    return duration(seconds) if seconds >= SECONDS_BELOW_S else f"{seconds // 60}m"


def lasting(start: datetime, now: datetime) -> str:
    """The length of a silence that has not ended."""
    grows(start, now, SECOND if now - start < MINUTE else MINUTE)
    return length(now - start)


def length(span: timedelta) -> str:
    """The length of a silence: "45s" under a minute, else as `age`."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"{seconds}s"
    return duration(seconds) if seconds >= SECONDS_BELOW_S else f"{seconds // 60}m"


def late_by(at: datetime, now: datetime) -> str:
    """How late, in minutes, for what need not be watched by the second: "LATE 2m", "LATE <1m"."""
    grows(at, now)
    return late_figure("<1m" if now - at < timedelta(minutes=1) else age(at, now))


def late_figure(time: str) -> str:
    """How late, whatever the unit: "LATE 04:12"."""
    return tr("LATE {time}").format(time=time)


def soon_figure(time: str) -> str:
    """That something is near: "soon 05:10"."""
    return tr("soon {time}").format(time=time)


def is_late(at: datetime, now: datetime) -> bool:
    """Whether the deadline has been reached."""
    changes_at(at, now)
    return now >= at


def left_s(at: datetime, now: datetime) -> int:
    """Whole seconds until `at`, rounded up; zero or less once it is reached."""
    return -int((now - at) // timedelta(seconds=1))


def countdown(at: datetime, now: datetime) -> str:
    """Time until `at`, or "LATE 04:12" counting up once it is reached."""
    if is_late(at, now):
        seconds = int((now - at).total_seconds())
        grows(at, now, SECOND if seconds < SECONDS_BELOW_S else MINUTE)
        return late_figure(duration(seconds))
    seconds = left_s(at, now)
    if seconds < SECONDS_BELOW_S:
        shrinks(at, now, SECOND)
    else:  # a second after the whole minute: what is left is rounded up to the second
        shrinks(at, now, MINUTE, SECOND)
    return duration(seconds)


def clock(at: datetime) -> str:
    """Hours and minutes, UTC: "14:05"."""
    return at.astimezone(UTC).strftime("%H:%M")


def seconds_clock(at: datetime) -> str:
    """Hours, minutes and seconds, UTC: "14:05:59"."""
    return at.astimezone(UTC).strftime("%H:%M:%S")


def day(at: datetime) -> str:
    """Day and month, UTC: "5 Mar"; in the language of the program, whatever the locale of the login."""
    at = at.astimezone(UTC)
    return tr("{day} {month}").format(day=at.day, month=tr(MONTHS[at.month - 1]))


def when(at: datetime, now: datetime) -> str:
    """A moment beside `now`: "14:05" on the same UTC day, "Mon 09:00" within six days, else "5 Mar 09:00"."""
    next_day(now)
    at, today = at.astimezone(UTC), now.astimezone(UTC).date()
    apart = abs((at.date() - today).days)
    if apart == 0:
        return clock(at)
    return f"{day_word(at.weekday()) if apart < 7 else day(at)} {clock(at)}"


def weekday(at: datetime, now: datetime) -> str:
    """When paging hours begin: always with the day, "Mon 09:00", or "5 Mar 09:00" when that is a week or more away."""
    next_day(now)
    at = at.astimezone(UTC)
    far = abs((at.date() - now.astimezone(UTC).date()).days) >= 7
    return f"{day(at) if far else day_word(at.weekday())} {clock(at)}"


def parse_when(text: str, now: datetime) -> datetime:
    """The moment that somebody typed: minutes from now ("20", "20m", "1h30", "2h") or the next "HH:MM" UTC.

    Raises `ValueError` with what to type instead.
    """
    typed = as_typed(as_typed(text).removesuffix("utc"))
    if is_clock(typed):
        clock = read_clock(typed)
        if clock is None:
            said = tr("{typed} is not a time of day; type one from 00:00 to 23:59 (UTC)")
            raise ValueError(said.format(typed=typed))
        at = now.astimezone(UTC).replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
        return at if at > now else at + timedelta(days=1)
    span = read_span(typed, bare="m")
    if span is not None:
        if span < timedelta(minutes=1):
            raise ValueError(tr("that is now; type at least 1 minute, or a time such as 14:30 (UTC)"))
        try:
            return now + span
        except OverflowError:
            raise ValueError(tr("that is too far away")) from None
    raise ValueError(tr("type minutes (20), hours (1h30) or a time of day in UTC (14:30)"))


def urgency(at: datetime, now: datetime, soon: timedelta = timedelta(seconds=SOON_S)) -> Role:
    """LATE, SOON or CALM for a deadline."""
    if is_late(at, now):
        return Role.LATE
    changes_at(at - soon, now)
    return Role.SOON if at - now <= soon else Role.CALM


def page_face(page: NextPage, now: datetime) -> Face:
    """The NEXT PAGE cell: "L3 02:14", "Mon 09:00", "acked", "snoozed 25m", "EXHAUSTED", "L3 LATE 04:12", "L2? 4:10",
    "held INC-3"."""
    at = page.at
    match page.state:
        case PageState.EXHAUSTED:
            return Face("", tr("EXHAUSTED"), Role.ALARM)
        case PageState.DUE if at is not None:
            label = tr("ends") if page.ends else clean(page.label)
            return Face(label, countdown(at, now), urgency(at, now))
        case PageState.WAITING if at is not None:
            late = is_late(at, now)
            return Face("", countdown(at, now) if late else weekday(at, now), Role.LATE if late else Role.MUTED)
        case PageState.ACKED:
            # Acknowledging stops the first timeout, not the second: a resolve timeout goes on counting.
            if at is None:
                return Face(tr("acked"), "", Role.OK)
            return Face(tr("ack") if is_late(at, now) else tr("acked"), countdown(at, now), urgency(at, now))
        case PageState.ASKING if at is not None:
            return Face(f"{clean(page.label)}?", countdown(at, now), urgency(at, now))
        case PageState.CALLED_OFF:
            return Face(tr("called off"), "", Role.MUTED)
        case PageState.HELD if at is not None and is_late(at, now):
            return Face("", countdown(at, now), Role.LATE)
        case PageState.HELD:
            # Only where a time is up people are paged then; what is grouped is looked at, and no page is due.
            over = countdown(at, now) if at is not None and not page.label else ""
            return Face(
                tr("held"), clean(page.label) or over, urgency(at, now) if over and at is not None else Role.MUTED
            )
        case PageState.SNOOZED:
            if at is None:
                return Face(tr("snoozed"), "", Role.MUTED)
            return Face("" if is_late(at, now) else tr("snoozed"), countdown(at, now), urgency(at, now))
        case _:
            return Face("", NOTHING, Role.FAINT)


def update_face(update: UpdateDue, now: datetime) -> Face:
    """The UPDATE DUE cell: "public LATE 04:12", "public soon 05:10", "intern 11m", or a dash."""
    at = update.at
    if at is None:
        return Face("", NOTHING, Role.FAINT)
    if is_late(at, now):
        return Face(clean(update.channel), countdown(at, now), Role.LATE)
    near = update.near_at is not None and is_late(update.near_at, now)
    figure = soon_figure(countdown(at, now)) if near else countdown(at, now)
    return Face(clean(update.channel), figure, Role.SOON if near else Role.CALM)


def lead_face(line: IncidentLine, now: datetime) -> Face:
    """The LEAD cell: the holder, or a dash and by when the role must be filled ("— 03:10", "— LATE 2m")."""
    if line.lead:
        return Face("", clean(line.lead), Role.TEXT)
    if line.lead_due is None:
        return Face("", NOTHING, Role.FAINT)
    if is_late(line.lead_due, now):
        return Face(NOTHING, late_by(line.lead_due, now), Role.LATE)
    return Face(NOTHING, countdown(line.lead_due, now), urgency(line.lead_due, now))
