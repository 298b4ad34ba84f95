"""The grid of shifts: schedules as rows, hours as cells. Pure layout; every width is in terminal cells, times are UTC.

A shift is a line that begins with who has it: `jonas━━━━`. Where the name does not fit it begins with their letter,
which the legend explains. So every hand-off is seen without any colour, and a gap says GAP.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from warroom.domain.status_words import MONTHS, day_word
from warroom.domain.text import cell_width
from warroom.tui.clockface import clock
from warroom.tui.horizon import changes_at, next_day, whole_minutes
from warroom.tui.pieces import Line, Piece, Role, clean, fit_line, fitted, line_width, merged
from warroom.valueclass import dataclass
from warroom.views import DutySpan, OnCallView, ScheduleLine
from warroom.words import tr

ZOOMS = (1, 2, 3, 4, 6, 8, 12, 24, 48)
"""Cells that a day may take: whole hours, or halves, to a cell."""
WEEK, MOST_DAYS = 7, 28
_LEAST_LABEL = 22
_DAY = timedelta(days=1)
_WHO = (Role.WHO1, Role.WHO2, Role.WHO3, Role.WHO4, Role.WHO5, Role.WHO6)
LINE, OVERRIDDEN, NOW, GAP = "━", "═", "┃", "!"


@dataclass(frozen=True, slots=True)
class Scale:
    """Which stretch of time the grid shows, and how: from `start`, `days` days of `per_day` cells behind a label."""

    start: datetime
    days: int
    per_day: int
    label: int

    @classmethod
    def fitting(cls, width: int, start: datetime, per_day: int = 0) -> Scale:
        """A week on `width` cells, or as many days as fit where `per_day` is given."""
        room = max(WEEK, width - _LEAST_LABEL)
        if not per_day:
            per_day = max(zoom for zoom in ZOOMS[:-1] if zoom * WEEK <= room or zoom == 1)
            return cls(start, WEEK, per_day, max(0, width - WEEK * per_day))
        days = min(max(1, room // per_day), MOST_DAYS)
        return cls(start, days, per_day, max(0, width - days * per_day))

    @property
    def end(self) -> datetime:
        """One behind the last moment shown."""
        return self.start + _DAY * self.days

    @property
    def cells(self) -> int:
        """How many cells of time there are."""
        return self.days * self.per_day

    def cell(self, at: datetime) -> int:
        """The cell that a moment lies in; below 0 or beyond `cells` where it is not shown."""
        return (at - self.start) * self.per_day // _DAY

    def at(self, cell: int) -> datetime:
        """The moment at which a cell begins."""
        return self.start + _DAY * cell / self.per_day

    def with_in_sight(self, at: datetime) -> Scale:
        """Moved by whole days, as little as needed, so that `at` is shown."""
        back = max(0, -((at - self.start) // _DAY))
        ahead = max(0, (at - self.end) // _DAY + 1)
        return Scale(self.start + _DAY * (ahead - back), self.days, self.per_day, self.label)


def zoomed(scale: Scale, width: int, by: int) -> Scale:
    """One step nearer (`by` 1) or farther (-1), around the same start."""
    index = ZOOMS.index(scale.per_day) + by
    if not 0 <= index < len(ZOOMS) or ZOOMS[index] > max(WEEK, width - _LEAST_LABEL):
        return scale
    return Scale.fitting(width, scale.start, ZOOMS[index])


@dataclass(frozen=True, slots=True)
class Faces:
    """How people are told apart: a letter that nobody else has, and a colour."""

    letters: dict[str, str]
    roles: dict[str, Role]

    @classmethod
    def of(cls, view: OnCallView) -> Faces:
        """Letters and colours for everybody who has a shift in the view, in the order of the rulebook."""
        on_duty = {who for line in view.schedules for span in (*line.spans, line.now) for who in span.people}
        order = [person.login for person in view.people if person.login in on_duty]
        order += sorted(on_duty - set(order))
        letters: dict[str, str] = {}
        for login in order:
            own = [char for char in clean(login) if char.isalnum() and cell_width(char) == 1]
            spare = [char for char in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" if char not in letters.values()]
            wishes = [*(char.upper() for char in own), *own, *spare]
            taken = set(letters.values())
            letters[login] = next((c for c in wishes if c not in taken and len(c) == 1 and cell_width(c) == 1), "?")
        return cls(letters, {login: _WHO[n % len(_WHO)] for n, login in enumerate(order)})

    def role(self, people: Sequence[str]) -> Role:
        """The colour of a shift: that of who is named first."""
        return self.roles.get(people[0], Role.TEXT) if people else Role.LATE

    def letter(self, people: Sequence[str]) -> str:
        """The letter of a shift."""
        return self.letters.get(people[0], "?") if people else GAP


def names(people: Iterable[str]) -> str:
    """Several people as they are written in the grid."""
    return "+".join(clean(who) for who in people)


# The head -------------------------------------------------------------------------------------------------------------


def axis(scale: Scale, now: datetime, cursor: datetime | None) -> tuple[Line, Line]:
    """The days, and below them where midnight and now are; today is bright, the day of the cursor marked."""
    head: list[Piece] = [("  ", Role.MUTED), (fitted(_span_words(scale), scale.label - 2), Role.MUTED)]
    ticks = [" "] * scale.cells
    skip = max(1, -(-7 // scale.per_day))  # a label takes up to seven cells
    for number in range(scale.days):
        day = scale.start + _DAY * number
        ticks[number * scale.per_day] = "╵"
        if number % skip:
            continue
        room = min(skip, scale.days - number) * scale.per_day
        today = day.date() == now.astimezone(UTC).date()
        here = cursor is not None and day <= cursor < day + _DAY * skip
        role = Role.TAB if here else Role.STRONG if today else Role.MUTED
        text = _day_words(day, room - 1)
        head += [(text, role), (" " * (room - cell_width(text)), Role.MUTED)]
    next_day(now)
    at = scale.cell(now)
    changes_at(scale.at(at + 1), now)
    where: list[Piece] = [(" " * scale.label, Role.MUTED)]
    if 0 <= at < scale.cells:
        where += [("".join(ticks[:at]), Role.FAINT), ("▼", Role.STRONG), ("".join(ticks[at + 1 :]), Role.FAINT)]
        room = scale.cells - at - 1
        word = f" {tr('now {time}').format(time=clock(now))}"
        whole_minutes(now)
        wide = cell_width(word)
        if room > wide + 1:
            where[-1:] = [(word, Role.STRONG), ("".join(ticks[at + 1 + wide :]), Role.FAINT)]
    else:
        where.append(("".join(ticks), Role.FAINT))
    return merged(head), merged(where)


def _day_words(day: datetime, room: int) -> str:
    long = f"{day_word(day.weekday())} {day.day}"
    return next((text for text in (long, f"{day.day}") if cell_width(text) <= room), "")


def _span_words(scale: Scale) -> str:
    minutes = 24 * 60 // scale.per_day
    hours = tr("{count} h").format(count=minutes // 60) if minutes >= 60 else ""
    cell = hours or tr("{count} min").format(count=minutes)
    return tr("{month}  UTC, {length} a cell").format(month=tr(MONTHS[scale.start.month - 1]), length=cell)


# The rows -------------------------------------------------------------------------------------------------------------


def bar(
    line: ScheduleLine, scale: Scale, faces: Faces, now: datetime, cursor: datetime | None
) -> tuple[Line, frozenset[str]]:
    """The shifts of one schedule in exactly `scale.cells` cells, and whose letters were written instead of names."""
    pieces: list[Piece] = []
    initials: set[str] = set()
    hidden: list[DutySpan] = []
    at = 0
    here = scale.cell(now)
    changes_at(scale.at(here + 1), now)
    for span in line.spans:
        start = scale.cell(span.start) if span.start else -1
        first, behind = max(at, start), min(scale.cells, scale.cell(span.end) if span.end else scale.cells)
        if behind <= first:
            if not span.people and 0 <= start < scale.cells:
                hidden.append(span)
            continue
        pieces.append((" " * (first - at), Role.TEXT))
        role = _span_role(span, faces, now, cursor)
        label, line_behind = _shift(span, behind - first, faces, initials)
        spot = here - first - cell_width(label)
        pieces.append((label, role))
        if 0 <= spot < len(line_behind) and span.people:
            pieces += [(line_behind[:spot], role), (NOW, Role.STRONG), (line_behind[spot + 1 :], role)]
        else:
            pieces.append((line_behind, role))
        at = behind
    done = fit_line(merged(pieces), scale.cells)
    for span in hidden:  # a gap is never too short to be seen
        assert span.start is not None
        done = _struck(done, scale.cell(span.start), _span_role(span, faces, now, cursor))
    return done, frozenset(initials)


def _shift(span: DutySpan, room: int, faces: Faces, initials: set[str]) -> tuple[str, str]:
    """One shift in `room` cells: who has it, and the line to its end."""
    if not span.people:
        label, fill = gap_words(span, room), GAP
    else:
        label, fill = names(span.people), OVERRIDDEN if span.override else LINE
        if cell_width(label) >= room:
            label = faces.letter(span.people) + ("+" if len(span.people) > 1 and room > 1 else "")
            initials.update(span.people)
    return label, fill * (room - cell_width(label))


def _span_role(span: DutySpan, faces: Faces, now: datetime, cursor: datetime | None) -> Role:
    changes_at(span.start, now)
    changes_at(span.end, now)
    if _within(cursor, span):
        return Role.CURSOR
    if span.people:
        return faces.role(span.people)
    return Role.ALARM if _within(now, span) else Role.NOTICE


def _struck(line: Line, cell: int, role: Role) -> Line:
    """The line with the mark of a gap in one cell; a wide character there gives way as a whole."""
    before, after, at = list[Piece](), list[Piece](), 0
    for text, own in line:
        for char in text:
            width = cell_width(char)
            if at + width <= cell:
                before.append((char, own))
            elif at > cell:
                after.append((char, own))
            else:
                before += [(LINE, own)] * (cell - at)
                after += [(LINE, own)] * (at + width - cell - 1)
            at += width
    return merged((*before, (GAP, role), *after))


def gap_words(span: DutySpan, room: int) -> str:
    """A gap in at most `room` cells: "GAP 18:00-08:00 ", "GAP 18-08 ", "GAP", "" where a mark has to do. Of a day or
    more the hours alone would say nothing: "GAP 2d15h from 18:00 ", "GAP 3d "."""
    gap = tr("GAP")
    least = cell_width(gap)
    if span.start is None or span.end is None:
        return gap if room >= least else ""
    start, end = span.start.astimezone(UTC), span.end.astimezone(UTC)
    days, rest = divmod(end - start, timedelta(days=1))
    if days:
        hours = rest // timedelta(hours=1)
        long = f"{days}d{hours}h" if hours else f"{days}d"
        at = tr("from {time}").format(time=clock(start))
        texts = [f"{gap} {long} {at} ", f"{gap} {long} "]
    else:
        whole = not start.minute + end.minute
        texts = [f"{gap} {start:%H:%M}-{end:%H:%M} ", *([f"{gap} {start:%H}-{end:%H} "] if whole else [])]
    fits = (text for text in (*texts, f"{gap} ") if cell_width(text) <= room)
    return next(fits, gap if room == least else "")


def _within(at: datetime | None, span: DutySpan) -> bool:
    return at is not None and (span.start is None or span.start <= at) and (span.end is None or at < span.end)


def shift_at(line: ScheduleLine, at: datetime) -> DutySpan | None:
    """The shift, or the gap, that a moment lies in, as far as the view has it."""
    return next((span for span in line.spans if _within(at, span)), None)


def current(line: ScheduleLine, now: datetime) -> tuple[DutySpan, DutySpan | None]:
    """Who is on call at `now` and who follows, also when a hand-off came since the view was made."""
    changes_at(line.now.end if line.next is not None else None, now)
    if line.next is not None and line.now.end is not None and line.now.end <= now:
        return line.next, None
    return line.now, line.next


def label(line: ScheduleLine, faces: Faces, now: datetime, width: int, *, selected: bool, brief: bool) -> Line:
    """The left end of a row: the schedule's name, and in a `brief` row who is on call now."""
    mark: Piece = ("▌ ", Role.ACCENT) if selected else ("  ", Role.TEXT)
    role = Role.STRONG if selected else Role.TEXT
    if not brief:
        return fit_line((mark, (fitted(line.name, width - 3), role)), width)
    span, _ = current(line, now)
    who = names(span.people) or tr("GAP")
    share = min(cell_width(who), (width - 4) // 2)
    left = width - share - 4
    return fit_line(
        (
            mark,
            (fitted(line.name, left), role),
            (" ", Role.TEXT),
            (fitted(who, share), faces.role(span.people) if span.people else Role.ALARM),
        ),
        width,
    )


def legend(people: Iterable[str], faces: Faces, width: int, *, overrides: bool, gaps: bool) -> Line:
    """What letters and lines mean; whole items only, people last."""
    items: list[Line] = []
    if gaps:
        items.append(((f"{GAP}{GAP}", Role.NOTICE), (f" {tr('gap')}", Role.MUTED)))
    if overrides:
        items.append(((f"{OVERRIDDEN}{OVERRIDDEN} {tr('override')}", Role.MUTED),))
    items += [((f"{faces.letters.get(who, '?')} {clean(who)}", faces.role((who,))),) for who in people]
    done: Line = ()
    for item in items:
        longer: Line = (*done, ("  ", Role.TEXT), *item)
        if line_width(longer) > width:
            break
        done = longer
    return merged(done)
