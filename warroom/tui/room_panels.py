"""What the screen of one incident tells besides the board's panels: the whole ladder with each page's fate, everything
that counts down, and what is known of the incident. Pure layout: rows of at most the given width, as many as it takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from warroom.domain.text import cell_width
from warroom.tui import ladder_panel, panels, people, timeline, work
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import countdown, is_late, page_face, urgency
from warroom.tui.clocks import step_role, step_words
from warroom.tui.horizon import changes_at
from warroom.tui.incident_panel import known, labelled
from warroom.tui.pieces import Line, Role, clean, cut_line, fitted, hanging, line_width, plain, prose, spread, wrapped
from warroom.valueclass import dataclass
from warroom.views import DutyLine, Fate, IncidentDetail, LevelLine, Message, PageState, RoleLine
from warroom.words import mark, tr, trn

PRESSING = (Role.ALARM, Role.LATE)
"""Roles of what makes a panel stand out."""

_BESIDE = 10  # more rows than a ladder has besides its levels


def natural(rows: Iterable[Line]) -> tuple[Line, ...]:
    """The rows without the blank ones at the end."""
    kept = list(rows)
    blank = None  # most of them are one and the same
    while kept and (kept[-1] is blank or not plain(kept[-1]).strip()):
        blank = kept.pop()
    return tuple(kept)


# ---- roles


def roles(detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """All roles; under each its duties, all of them where `height` rows are enough, else the next one. Behind them who
    could take over, where there is room left."""
    drawn = natural(panels.roles(detail.roles, now, width, max(1, len(detail.roles))))
    if len(drawn) != len(detail.roles):
        return drawn  # one line that says that there is none
    over = detail.line.status in ("resolved", "closed")
    for full, whole in ((True, True), (True, False), (False, True), (False, False)):
        rows = tuple(_with_duties(detail.roles, drawn, width, full=full, whole=whole, over=over))
        if len(rows) <= height:
            break
    if detail.people is not None and len(rows) + 2 < height:
        rows = (*rows, (), *natural(people.foot(detail.people, now, width, height - len(rows) - 1)))
    return natural(rows)


def _with_duties(
    lines: Sequence[RoleLine], drawn: Sequence[Line], width: int, *, full: bool, whole: bool, over: bool
) -> Iterable[Line]:
    for role, row in zip(lines, drawn, strict=True):
        yield row
        if role.deputies or role.also:
            beside = [tr("{person} (deputy)").format(person=clean(name)) for name in role.deputies]
            beside += [clean(name) for name in role.also]
            yield _around(tr("  with {people}"), "{people}", (", ".join(beside), Role.TEXT))
        if not role.duties or not role.holder:
            continue
        done = sum(duty.at is not None for duty in role.duties)
        if full:
            for duty in role.duties:
                yield from _duty("  ", duty, width, whole=whole, over=over)
        elif over and done < len(role.duties):
            left = trn("{count} duty left undone", "{count} duties left undone", len(role.duties) - done)
            words = f"  {done}/{len(role.duties)} {left.format(count=len(role.duties) - done)}"
            yield cut_line(((words, Role.MUTED),), width)
        elif done < len(role.duties):
            following = next(duty for duty in role.duties if duty.at is None)
            yield from _duty(f"  {done}/{len(role.duties)} ", following, width, whole=whole)


def _around(text: str, part: str, piece: tuple[str, Role]) -> Line:
    """A text in the colour of what is beside the matter, with one part of it in a colour of its own."""
    before, _, behind = text.partition(part)
    return tuple(each for each in ((before, Role.MUTED), piece, (behind, Role.MUTED)) if each[0])


def _duty(lead: str, duty: DutyLine, width: int, *, whole: bool, over: bool = False) -> Iterable[Line]:
    """A duty; of an incident that is `over`, what nobody did was left undone, and waits for nobody."""
    glyph, tone = ("✔ ", Role.OK) if duty.at is not None else ("– ", Role.MUTED) if over else ("□ ", Role.TEXT)
    by = f"  {clean(duty.by)}" if duty.by else f"  {tr('left undone')}" if over else ""
    text = (clean(duty.text), Role.MUTED if over or duty.at is not None else Role.TEXT)
    if whole:
        for n, row in enumerate(wrapped((lead + glyph, Role.MUTED), (text, (by, Role.MUTED)), width)):
            yield ((lead, Role.MUTED), (glyph, tone), *row[1:]) if n == 0 else row
    else:
        yield cut_line(((lead, Role.MUTED), (glyph, tone), text, (by, Role.MUTED)), width)


# ---- the ladder


_STATES = (
    *(mark("queued"), mark("sending"), mark("sent"), mark("bundled"), mark("acknowledged"), mark("not told")),
    *(mark("failed"), mark("given up"), mark("unknown")),
)
_PAGES = (mark("due"), mark("asking"), mark("acked"))  # besides those of `warroom.domain.status_words`
"""What becomes of a message, as it is shown."""
_OUT = ("sent", "bundled", "acknowledged", "not told")
_FATES = {
    "queued": ("…", Role.MUTED),
    "sending": ("…", Role.MUTED),
    "sent": ("✓", Role.OK),
    "bundled": ("✓", Role.OK),
    "acknowledged": ("✔", Role.OK),
    "failed": ("✗", Role.LATE),
    "given up": ("✗", Role.LATE),
    "unknown": ("?", Role.SOON),
}


def ladder(detail: IncidentDetail, now: datetime, width: int) -> tuple[Line, ...]:
    """The ladder level by level, and under each what became of its pages: one row a person."""
    view = detail.ladder
    drawn = list(natural(ladder_panel.escalation(view, detail.outbox, now, width, len(view.levels) + _BESIDE)))
    levels = list(view.levels)
    # The rows of the levels stand together, between what alarms and what comes after the last of them.
    first = next((n for n, row in enumerate(drawn) if levels and _is_level(row, levels[0])), None)
    if first is None:
        return tuple(drawn)
    rows = drawn[:first]
    for level, row in zip(levels, drawn[first:], strict=False):
        rows.append(row)
        rows.extend(_fates(level, width))
    return (*rows, *drawn[first + len(levels) :])


def _is_level(row: Line, level: LevelLine) -> bool:
    return plain(row)[2:].startswith(f"L{level.number} ")


def _fates(level: LevelLine, width: int) -> Iterable[Line]:
    people: dict[str, list[Fate]] = {}
    for fate in level.fates:
        people.setdefault(fate.to, []).append(fate)
    name = max((cell_width(clean(person)) for person in people), default=0)
    for person, fates in people.items():
        row: list[tuple[str, Role]] = [("     ", Role.TEXT), (fitted(person, min(name, 16)) + "  ", Role.TEXT)]
        for fate in fates:
            glyph, role = _FATES.get(fate.state, ("·", Role.MUTED))
            row += [(f"{glyph} ", role), (f"{clean(fate.via)} {clean(tr(fate.state))}   ", Role.MUTED)]
            if fate.error:
                row.append((f"{clean(fate.error)}   ", Role.SOON))
        yield tuple(row)
    for person in level.declined:
        yield (("     ", Role.TEXT), (tr("{person} declined").format(person=clean(person)), Role.SOON))


# ---- everything that counts down


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that falls due: what, when, from when on it is near, and what happens then."""

    at: datetime
    what: str
    then: str = ""
    near_at: datetime | None = None
    tone: Role = Role.MUTED

    def role(self, now: datetime) -> Role:
        """How it is drawn."""
        changes_at(self.near_at, now)
        changes_at(self.at, now)
        if self.near_at is not None and self.near_at <= now < self.at:
            return Role.SOON
        return urgency(self.at, now, timedelta(0)) if self.near_at is not None else urgency(self.at, now)


def deadlines(detail: IncidentDetail, now: datetime) -> tuple[Due, ...]:
    """All that this incident counts down to, the next first."""
    found = []
    page = detail.ladder.next
    if page.at is not None and page.state is not PageState.STOPPED:
        label = clean(page.label) or tr(page.state.value)
        what = tr("escalation ends") if page.ends else tr("page {label}").format(label=label)
        found.append(Due(page.at, what, clean(tr(page.reason))))
    for line in detail.clocks:
        if line.due is not None:
            then = step_words(line, now) if line.step else tr("promised") if line.promised else ""
            if line.step and line.promised:
                then = tr("promised; {then}").format(then=then)
            what = tr("update {channel}").format(channel=clean(line.channel))
            found.append(Due(line.due, what, then, line.near_at, step_role(line)))
    found += [
        Due(role.due, clean(role.title), tr("to be filled"))
        for role in detail.roles
        if role.due is not None and not role.holder
    ]
    if detail.work is not None:
        task_, decision = tr("task #{id}"), tr("decision #{id}")
        found += [
            Due(task.due, task_.format(id=task.id), clean(task.text)) for task in detail.work.open_tasks if task.due
        ]
        found += [
            Due(item.due, decision.format(id=item.id), clean(item.text)) for item in detail.work.pending if item.due
        ]
    return tuple(sorted(found, key=lambda due: due.at))


def clocks(detail: IncidentDetail, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """A row per deadline, what is late first; where `height` rows are enough what follows by itself stands below."""
    found = deadlines(detail, now)
    if not found:
        return (((tr("nothing counts down"), Role.MUTED),),)
    full = tuple(_clocks(found, now, width, full=True))
    return full if len(full) <= height else tuple(_clocks(found, now, width, full=False))


def _clocks(found: Sequence[Due], now: datetime, width: int, *, full: bool) -> Iterable[Line]:
    what = min(max(cell_width(due.what) for due in found), max(8, width - 14))
    for due in found:
        right: Line = ((f" {countdown(due.at, now)}", due.role(now)),)
        left: Line = (("▲ " if is_late(due.at, now) else "  ", Role.LATE), (fitted(due.what, what), Role.TEXT))
        then: Line = ((f"  {due.then}", due.tone),) if due.then else ()
        beside = line_width((*left, *then, *right)) <= width  # whole, or not at all
        yield spread((*left, *then) if beside else left, right, width)
        if full and due.then and not beside:
            yield cut_line((("    ", Role.TEXT), (due.then, due.tone)), width)


def clocks_flag(detail: IncidentDetail, now: datetime) -> tuple[str, Role] | None:
    """The next deadline in a few characters."""
    found = deadlines(detail, now)
    return (countdown(found[0].at, now), found[0].role(now)) if found else None


# ---- what is known of it


def about(detail: IncidentDetail, now: datetime, width: int) -> tuple[Line, ...]:
    """Summary, what is known and what is not, times, links, the topic line, and what did not get out."""
    rows: list[Line] = []
    if detail.summary:
        rows += hanging((), prose(detail.summary), Role.TEXT, width)
    if detail.facts and detail.facts_of is None:
        rows += hanging((), " · ".join(clean(fact) for fact in detail.facts), Role.MUTED, width)
    rows += known(detail, now, width)
    rows += _outbox(detail.outbox)
    nothing = tr("nothing is known yet: {key} writes it down").format(key=keycap("incident.details"))
    return tuple(rows) or (((nothing, Role.MUTED),),)


def _outbox(outbox: Sequence[Message]) -> Iterable[Line]:
    counts = dict[str, int]()
    for message in outbox:
        if message.state not in _OUT:
            counts[message.state] = counts.get(message.state, 0) + 1
    if not counts:
        return
    row: list[tuple[str, Role]] = [(labelled(tr("messages")), Role.MUTED)]
    for state, count in sorted(counts.items()):
        glyph, role = _FATES.get(state, ("·", Role.MUTED))
        row.append((f"{glyph} {count} {clean(tr(state))}  ", role if role in (Role.LATE, Role.SOON) else Role.TEXT))
    yield tuple(row)


# ---- what stands out


def flag(panel: str, detail: IncidentDetail, now: datetime) -> tuple[str, Role] | None:
    """What burns in the panel of that name in a few characters; None where nothing does."""
    found: tuple[str, Role] | None = None
    match panel:
        case "roles":
            found = panels.vacancy(detail.roles, now)
        case "escalation" if page_face(detail.ladder.next, now).role is not Role.FAINT:
            found = ladder_panel.page_flag(detail, now)
        case "communications":
            found = timeline.flag(detail.timeline, now)
        case "clocks":
            found = clocks_flag(detail, now)
        case "work":
            found = work.work_flag(detail.work, now)
    return found if found is not None and found[0] else None
