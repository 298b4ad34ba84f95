"""What is said of shifts in sentences: under the rows of the grid, and about the one that the cursor stands on."""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.domain.schedule_clock import wall
from warroom.domain.text import cell_width
from warroom.tui.aligned import at_right
from warroom.tui.clockface import countdown, duration, is_late, urgency
from warroom.tui.horizon import whole_minutes
from warroom.tui.oncall_grid import OVERRIDDEN, Faces, current, names
from warroom.tui.oncall_when import short_stamp
from warroom.tui.pieces import Line, Piece, Role, clean, fit_line, fitted, hanging, line_width, merged
from warroom.valueclass import dataclass
from warroom.views import DutySpan, OnCallView, PersonLine, ScheduleLine
from warroom.words import tr

_SOON = timedelta(minutes=15)


# Under the rows -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide the parts of the sentences under the rows are, so that they stand below each other."""

    who: int
    until: int
    left: int

    @classmethod
    def of(cls, view: OnCallView, now: datetime) -> Columns:
        """As wide as the widest of these schedules, within reason."""
        spans = [current(line, now)[0] for line in view.schedules]
        return cls(
            min(max((cell_width(_who(span)) for span in spans), default=4), 20),
            max((cell_width(_until(span, now)) for span in spans), default=0),
            max((cell_width(_left(span, now)) for span in spans), default=0),
        )


def _who(span: DutySpan) -> str:
    return names(span.people) or f" {tr('GAP')} "


def _until(span: DutySpan, now: datetime) -> str:
    if span.end is None:
        return tr("no hand-off in sight")
    return tr("until {end}").format(end=short_stamp(span.end, now))


def _left(span: DutySpan, now: datetime) -> str:
    return countdown(span.end, now) if span.end is not None else ""


def standing(line: ScheduleLine, faces: Faces, now: datetime, width: int, columns: Columns) -> Line:
    """Who is on call now, until when, and who then: the sentence under a row, in `width` cells."""
    span, after = current(line, now)
    pieces: list[Piece] = [("  ", Role.TEXT)]
    if span.people:
        pieces.append((fitted(_who(span), columns.who), faces.role(span.people)))
    else:
        word = _who(span)
        pieces += [(word, Role.ALARM), (" " * (columns.who - cell_width(word)), Role.TEXT)]
    near = Role.LATE if not span.people else urgency(span.end, now, _SOON) if span.end is not None else Role.MUTED
    pieces.append((f"  {fitted(_until(span, now), columns.until)}", Role.TEXT if span.end is not None else Role.MUTED))
    pieces.append((f"  {at_right(_left(span, now), columns.left)}", near))
    if after is not None:
        then = names(after.people)
        pieces.append((f"  {tr('then')} ", Role.MUTED))
        pieces.append((then, faces.role(after.people)) if then else (_who(after), Role.NOTICE))
    if span.override:
        pieces.append((f"  {OVERRIDDEN} {tr('override {id}').format(id=span.override)}", Role.SOON))
    if not span.people and line.backup:
        backup = clean(", ".join(line.backup))
        said = f"  {tr('pages go to {people}').format(people=backup)}"
        fits = line_width((*pieces, (said, Role.SOON))) <= width
        pieces.append((said if fits else f"  → {backup}", Role.SOON))
    if line.title and line.title.casefold() != line.name.casefold():
        pieces.append((f"  {clean(line.title)}", Role.MUTED))
    return fit_line(merged(pieces), width)


# Beside the grid ------------------------------------------------------------------------------------------------------


def long(span: DutySpan) -> str:
    """How long a shift is, "" where that is not known."""
    if span.start is None or span.end is None:
        return ""
    return duration(max(600, int((span.end - span.start).total_seconds())))


def period(span: DutySpan, now: datetime) -> str:
    """From when until when, in words."""
    start = short_stamp(span.start, now) if span.start is not None else ""
    end = short_stamp(span.end, now) if span.end is not None else ""
    if not end:
        return tr("{start} without end").format(start=start) if start else tr("before without end")
    return (tr("{start} until {end}") if start else tr("until {end}")).format(start=start, end=end)


def chosen(line: ScheduleLine, span: DutySpan | None, faces: Faces, now: datetime, width: int) -> tuple[Line, ...]:
    """What the cursor stands on: whose shift, from when until when, and why."""
    if span is None:
        return ()
    who: Piece = (names(span.people), faces.role(span.people)) if span.people else (tr("GAP: nobody"), Role.LATE)
    tells = tr("{period} UTC").format(period=period(span, now))
    if span.start is not None and not is_late(span.start, now):
        tells += f", {tr('in {time}').format(time=countdown(span.start, now))}"
    whose: Line = (("  ", Role.TEXT), (clean(line.name), Role.STRONG), ("  ", Role.TEXT), who)
    times: Line = ((f"  {tells}", Role.TEXT), (f"  {long(span)}", Role.MUTED))
    rows = [(*whose, *times)] if line_width((*whose, *times)) <= width else [whose, times]
    why = hanging((("  ", Role.TEXT),), clean(span.why), Role.MUTED, width)
    return tuple(fit_line(row, width) for row in (*rows, *why))


def local_time(person: PersonLine, now: datetime) -> str:
    """What time it is where somebody is, "" where that is not known: "03:12 in Asia/Seoul"."""
    if not person.zone:
        return ""
    whole_minutes(now)
    return tr("{time} in {zone}").format(time=f"{wall(now, person.zone):%H:%M}", zone=clean(person.zone))
