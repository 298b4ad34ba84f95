"""Panels of an incident: roles and record. Pure layout, as rows of exactly the given width.

(The escalation's is `warroom.tui.ladder_panel`, that of communications `warroom.tui.timeline`.)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from warroom.domain.status_words import kind_word
from warroom.domain.text import cell_width, wrap
from warroom.tui.clockface import (
    age,
    clock,
    countdown,
    day,
    duration,
    is_late,
    late_by,
    urgency,
    when,
)
from warroom.tui.horizon import changes_at, next_day
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fit_line, fitted, line_width, merged, spread
from warroom.tui.role_words import said
from warroom.tui.tired import tired_role
from warroom.views import (
    RecordLine,
    RoleLine,
)
from warroom.words import tr

_EIGHTHS = " ▏▎▍▌▋▊▉"
_KIND_FROM = 100  # cells from which on the kind of an entry has a column; in fewer it stands before the text
_WRAP_MOST = 4  # lines that one entry of the record may take


def fill(rows: Sequence[Line], width: int, height: int) -> tuple[Line, ...]:
    """Exactly `height` rows of exactly `width` cells; rows too many are left out."""
    shown = [merged(fit_line(line, width)) for line in rows[:height]]
    return (*shown, *[fit_line((), width)] * (height - len(shown)))


def bar(share: float, width: int, role: Role) -> Line:
    """A bar of `width` cells between two edges, filled by `share` (0 to 1) in eighths of a cell."""
    inner = width - 2
    if inner < 1:
        return ()
    eighths = round(min(max(share, 0.0), 1.0) * inner * 8)
    full, part = divmod(eighths, 8)
    text = "█" * full + (_EIGHTHS[part] if part else "")
    return (("▕", Role.FAINT), (text, role), (" " * (inner - len(text)), Role.FAINT), ("▏", Role.FAINT))


def running_bar(since: datetime, at: datetime, now: datetime, width: int, role: Role) -> Line:
    """A bar that runs from one moment to a later one."""
    eighths = max(width - 2, 0) * 8
    if eighths:
        passed = (now - since) / (at - since)
        changes_at(since + (at - since) * ((max(0, round(passed * eighths)) + 0.5) / eighths), now)
    return bar((now - since) / (at - since), width, role)


# ---- roles


def vacancy(roles: Sequence[RoleLine], now: datetime) -> tuple[str, Role] | None:
    """The most pressing vacant required role in a few characters, for the tab: ("LATE 2m", LATE)."""
    due = [role.due for role in roles if not role.holder and role.due is not None]
    if not due:
        return None
    first = min(due)
    return (late_by(first, now), Role.LATE) if is_late(first, now) else (countdown(first, now), urgency(first, now))


def roles(lines: Sequence[RoleLine], now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """Who holds which role, since when; vacant required ones count down, then up.

    Where there are more roles than rows the last row names the rest: vacant optional ones first, then held ones.
    """
    if not lines:
        return fill((((tr("no roles on this incident"), Role.MUTED),),), width, height)
    shown, rest = list(lines), list[RoleLine]()
    if len(lines) > height > 0:
        keep = sorted(range(len(lines)), key=lambda index: (_weight(lines[index]), index))[: height - 1]
        shown = [role for index, role in enumerate(lines) if index in keep]
        rest = [role for index, role in enumerate(lines) if index not in keep]
    holder = min(max((cell_width(clean(role.holder)) for role in shown), default=0), 12)
    most = max((line_width(_right(role, now)) for role in shown if role.holder), default=0)
    title = max((cell_width(clean(role.title)) for role in shown), default=4)
    name = min(title, max(8, width - holder - 11), max(12, width - holder - most - 2))
    rows = [_role(role, now, width, name) for role in shown]
    if rest:
        vacant = sum(not role.holder for role in rest)
        what = tr("+{count} open: {roles}") if vacant == len(rest) else tr("+{count} more: {roles}")
        named = ", ".join(clean(role.title) for role in rest)
        rows.append(((what.format(count=len(rest), roles=named), Role.MUTED),))
    return fill(rows, width, height)


def _weight(role: RoleLine) -> int:
    """What stays when there are more roles than rows: the smallest first."""
    if not role.holder and (role.due is not None or role.required):
        return 0
    if role.offered_to:
        return 1
    if role.holder:
        return 2 if role.required else 3
    return 4


def _role(role: RoleLine, now: datetime, width: int, name: int) -> Line:
    title: Piece = (fitted(role.title, name) + "  ", Role.MUTED)
    offer = f"→ {clean(role.offered_to)}" if role.offered_to else ""
    since = age(role.offered_at, now) if role.offered_at is not None else ""
    if role.holder:
        more = len(role.also) + len(role.deputies)
        others: Piece = (f" +{more}" if more else "", Role.MUTED)
        if offer:
            return spread(
                (title, (clean(role.holder), Role.TEXT), (f" {offer}", Role.SOON)), ((f" {since}", Role.SOON),), width
            )
        return spread((title, (clean(role.holder), Role.TEXT), others), _right(role, now), width)
    if role.due is not None:
        tone = urgency(role.due, now)
        due = late_by(role.due, now) if is_late(role.due, now) else countdown(role.due, now)
        return spread((title, ("— ", tone), (offer, Role.SOON)), ((f" {due}", tone),), width)
    if offer:
        return spread((title, ("— ", Role.MUTED), (offer, Role.SOON)), ((f" {since}", Role.SOON),), width)
    if role.required:
        return (title, (f"— {tr('vacant')}", Role.SOON))
    return (title, ("—", Role.FAINT))


def _right(role: RoleLine, now: datetime) -> Line:
    """What stands behind the holder of a role: that they are tired, that nobody took it from them, since when."""
    word, tone = tired_role(role, now)
    held = (f" {age(role.since, now)}" if role.since is not None else "", tone if word else Role.MUTED)
    if word:
        return (f" {word}", tone), held
    if role.lapsed_to:
        return (" " + tr("LAPSED {person}").format(person=clean(role.lapsed_to)), Role.LATE), held
    if role.planned_at is not None:
        until = tr("until {time}").format(time=when(role.planned_at, now))
        return (f" {until}", urgency(role.planned_at, now)), held
    return (held,)


# ---- record


def record(lines: Sequence[RecordLine], now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """The last lines of the record, newest at the bottom, wrapped by cells."""
    if not lines:
        return fill((((tr("nothing on the record yet"), Role.MUTED),),), width, height)
    next_day(now)
    today = now.astimezone(UTC).date()
    times = [clock(line.at) if line.at.astimezone(UTC).date() == today else day(line.at) for line in lines[-height:]]
    moment = max((cell_width(text) for text in times), default=5)
    actor = min(max((cell_width(clean(line.actor)) for line in lines[-height:]), default=0), 14 if width >= 60 else 8)
    kinds = [cell_width(clean(kind_word(line.kind))) for line in lines[-height:]] if width >= _KIND_FROM else []
    kind = min(max(kinds, default=0), 18 if width >= 100 else 12)
    indent = moment + 2 + actor + 2 + (kind + 2 if kind else 0)
    rows: list[Line] = []
    for line, text in zip(reversed(lines[-height:]), reversed(times), strict=True):
        entry = _entry(line, (text, moment), actor, kind, width - indent)
        room = height - len(rows)
        if len(entry) > room:  # the oldest that is still seen: its beginning rather than its end
            entry = [*entry[: room - 1], (*entry[room - 1], (" …", Role.MUTED))] if room > 0 else []
        rows[:0] = entry
        if len(rows) >= height:
            break
    return fill(rows, width, height)


def _entry(line: RecordLine, moment: tuple[str, int], actor: int, kind: int, room: int) -> list[Line]:
    late = ""
    if line.late is not None:
        late = "  " + tr("{time} late").format(time=duration(int(line.late.total_seconds())))
    lead = "" if kind else clean(kind_word(line.kind))
    texts = wrap(f"{lead}  {clean(said(line))}".strip(), max(4, room)) or [""]
    if len(texts) > _WRAP_MOST:
        texts = [*texts[: _WRAP_MOST - 1], " ".join(texts[_WRAP_MOST - 1 :])]
    front: list[Piece] = [
        (fitted(moment[0], moment[1]) + "  ", Role.MUTED),
        (fitted(line.actor, actor) + "  ", Role.ACCENT),
    ]
    if kind:
        front.append((fitted(kind_word(line.kind), kind) + "  ", Role.MUTED))
    rows: list[Line] = []
    blank = " " * line_width(front)
    for number, text in enumerate(texts):
        at = len(lead) if number == 0 and text.startswith(lead) else 0
        body = cut_line(((text[:at], Role.MUTED), (text[at:], Role.TEXT)), max(4, room))
        rows.append((*front, *body) if number == 0 else ((blank, Role.TEXT), *body))
    if late:
        if line_width(rows[-1]) + cell_width(late) <= line_width(front) + room:
            rows[-1] = (*rows[-1], (late, Role.SOON))
        else:
            rows.append(((blank, Role.TEXT), (late.strip(), Role.SOON)))
    return rows
