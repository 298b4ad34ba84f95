"""The lines across the board: header, the bar over the selected incident, tabs, keys. Pure layout.

Every line is made of whole items. Where they do not fit, items give way in a fixed order, shorter forms first; no word
is ever cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta

from warroom.domain.status_words import day_word, status_word
from warroom.domain.text import cell_width
from warroom.tui.actions.action import BarItem
from warroom.tui.clockface import SECONDS_BELOW_S, age, clock, length, seconds_clock
from warroom.tui.horizon import MINUTE, SECOND, changes_at, grows
from warroom.tui.pieces import Line, Role, clean, fit_line, line_width, merged, severity_role, spread
from warroom.valueclass import dataclass
from warroom.views import BoardView, EngineLine, IncidentDetail, IncidentLine, PageState, SeverityFace
from warroom.words import figure, tr, trn

STALE = timedelta(seconds=2)
"""The header says how old the data is from this age on."""

SECONDS = timedelta(seconds=SECONDS_BELOW_S)
"""A deadline as near as this, before or after, is shown with seconds."""

LAG = timedelta(seconds=1)
"""An engine's lag is shown from here on."""

_GAP: Line = (("  ", Role.TEXT),)


@dataclass(slots=True)
class _Item:
    """A part of a line in its forms, longest first; an empty form leaves it out."""

    forms: list[Line]
    at: int = 0
    right: bool = False
    sheds: list[int] = field(default_factory=list)  # the rounds in which it gives way to its next form

    @property
    def line(self) -> Line:
        return self.forms[self.at]


def header(view: BoardView, now: datetime, last_read: datetime, width: int, *, starting: bool = False) -> Line:
    """Room, what is live, who keeps the timers going, and the time, in exactly `width` cells.

    Gives way in this order: actor, engine names, the word "warroom", minor severities, the word "live", "UTC",
    the clock's seconds, names of major severities. What alarms (no engine, stale data, failed messages) never goes.
    While an engine of this board is `starting` it is no alarm that none has shown yet.
    """
    items = _header_items(view, now, last_read, starting)
    for round_ in range(1, 12):
        if _taken(items) <= width:
            break
        for item in items:
            if round_ in item.sheds and item.at + 1 < len(item.forms):
                item.at += 1
    left = _joined(items, right=False, width=width)
    right = _joined(items, right=True, width=width - line_width(left) - 1)
    return merged(spread(left, right, width))


def _taken(items: Iterable[_Item]) -> int:
    return sum(line_width(item.line) + 2 for item in items if item.line)


def _joined(items: Iterable[_Item], *, right: bool, width: int) -> Line:
    """The items of one side, each whole; those that do not fit any more are left out."""
    done: list[Line] = []
    left = width
    for item in items:
        if item.right is right and item.line and line_width(item.line) + 2 <= left:
            left -= line_width(item.line) + 2
            done.append(item.line)
    if right:
        return (*(piece for line in done for piece in (*_GAP, *line)), (" ", Role.TEXT)) if done else ()
    return ((" ", Role.TEXT), *(piece for line in done for piece in (*line, *_GAP)))[:-1] if done else ()


def _header_items(view: BoardView, now: datetime, last_read: datetime, starting: bool) -> list[_Item]:
    room = clean(view.room)
    # A room that nobody has named is called warroom too.
    said = [(("warroom ", Role.MUTED), ("· ", Role.FAINT), (room, Role.STRONG))] if room != "warroom" else []
    items = [_Item([*said, ((room, Role.STRONG),)], sheds=[3])]
    if view.drill:
        items.append(_Item([((f" {tr('DRILL')} ", Role.NOTICE),)]))
    if view.readonly:
        items.append(_Item([((f" {tr('READ-ONLY')} ", Role.NOTICE),)]))
    if now - last_read > STALE:
        old = tr("DATA {age} OLD").format(age=length(now - last_read))
        items.append(_Item([((f" {old} ", Role.ALARM),)]))
    alive = [engine for engine in view.engines if engine.alive]
    if not alive and not starting:
        forms = (tr("NO ENGINE: timers stand still"), tr("NO ENGINE"))
        items.append(_Item([((f" {form} ", Role.ALARM),) for form in forms], sheds=[1]))
    faces = dict(view.tally) or _live(view.lines)
    count = sum(faces.values())
    live = tr("{count} live").format(count=count) if count else tr("nothing live")
    items.append(_Item([((live, Role.STRONG if count else Role.OK),), ((str(count), Role.STRONG),)], sheds=[5]))
    if view.unread:
        read = tr("{count} of {total} read").format(count=len(view.lines), total=len(view.lines) + view.unread)
        items.append(_Item([((f" {read} ", Role.NOTICE),)]))
    items.extend(_severity_items(faces))
    for number, words, role in (
        (view.failed_messages, tr("✉ {count} failed"), Role.LATE),
        (view.unknown_messages, tr("✉ {count} unknown"), Role.SOON),
    ):
        if number:
            items.append(_Item([((words.format(count=number), role),)]))
    if alive:
        items.append(_engine_item(alive))
    elif starting:
        items.append(_Item([((tr("engine starting"), Role.MUTED),), ()], right=True, sheds=[1]))
    seconds = by_second(view, now)
    time = seconds_clock(now) if seconds else clock(now)
    grows(now.replace(second=0, microsecond=0), now, SECOND if seconds else MINUTE)
    items.append(
        _Item(
            [
                ((time, Role.STRONG), (" UTC", Role.MUTED)),
                ((time, Role.STRONG),),
                ((clock(now), Role.STRONG),),
            ],
            right=True,
            sheds=[6, 9],
        )
    )
    items.append(_Item([((clean(view.actor), Role.MUTED),), ()], right=True, sheds=[1]))
    return items


def by_second(view: BoardView, now: datetime) -> bool:
    """Whether any figure of the list changes with every second. Where none does, the clock shows minutes too: over a
    slow line its seconds would be all that is ever sent."""
    for line in view.lines:
        for at in (line.page.at, line.update.at, line.lead_due):
            if at is not None:
                if abs(at - now) < SECONDS:
                    return True
                changes_at(at - SECONDS, now)
    return False


def _live(lines: Iterable[IncidentLine]) -> Counter[SeverityFace]:
    return Counter(line.severity for line in lines if line.page.state is not PageState.STOPPED)


def _severity_items(faces: Mapping[SeverityFace, int]) -> list[_Item]:
    items = []
    for face in sorted(faces, key=lambda face: (face.rank, face.name)):
        glyph, role = f"{clean(face.glyph)} ", severity_role(face)
        number = (f"{glyph}{faces[face]}", role)
        long: Line = ((f"{number[0]} {clean(face.name)}", role),)
        tight: Line = ((f"{clean(face.glyph)}{faces[face]}", role),)
        items.append(_Item([long, (number,), tight], sheds=[10, 11] if face.rank <= 2 else [4, 7]))
    return items


def _engine_item(alive: Sequence[EngineLine]) -> _Item:
    names = [clean(engine.name) for engine in sorted(alive, key=lambda engine: (not engine.me, engine.name))]
    # A lag is only bad while nobody is quicker: the best engine fires.
    lag = min(engine.lag for engine in alive)
    dot: Line = (("● ", Role.OK if lag <= LAG else Role.SOON),)
    lags = tr("lag {seconds:.1f} s").format(seconds=figure(lag.total_seconds()))
    late: Line = ((f" {lags}", Role.SOON),) if lag > LAG else ()
    word = (trn("engine", "engines", len(names)) + " ", Role.MUTED)
    counted = trn("{count} engine", "{count} engines", len(names)).format(count=len(names))
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    return _Item(
        [
            (word, *dot, (", ".join(names), Role.TEXT), *late),
            ((trn("engine", "engines", 1) + " ", Role.MUTED), *dot, (names[0], Role.TEXT), (more, Role.MUTED), *late),
            (*dot, (counted, Role.MUTED), *late),
            (*dot, (str(len(names)), Role.MUTED), *late),
        ],
        right=True,
        sheds=[1, 2, 8],
    )


def incident_bar(line: IncidentLine | None, detail: IncidentDetail | None, now: datetime, width: int) -> Line:
    """Which incident the panels below are about, and for how long it has burned."""
    if line is None:
        return fit_line(((" " + tr("no incident selected"), Role.MUTED),), width)
    left: list[tuple[str, Role]] = [
        (f" {clean(line.severity.glyph)} {clean(line.severity.name)}  ", severity_role(line.severity)),
        (clean(line.key), Role.STRONG),
    ]
    if line.alarm:
        left.append((f"  {clean(line.alarm)}", Role.LATE))
    left.append((f"  {clean(line.title)}", Role.STRONG))
    more = [(f"   {clean(status_word(line.status))}", Role.TEXT)]
    if detail is None:
        right: Line = ((f"  {tr('reading ...')} ", Role.MUTED),)
    else:
        more.extend((f" · {clean(fact)}", Role.MUTED) for fact in detail.facts)
        if detail.resolved_at is not None:
            since = tr("resolved {age} ago").format(age=age(detail.resolved_at, now))
        elif detail.impact_started is not None:
            since = tr("{age} since impact").format(age=age(detail.impact_started, now))
        else:
            since = tr("{age} since declared").format(age=age(detail.declared_at, now))
        right = ((f"  {since} ", Role.TEXT),)
    for piece in more:  # whole ones only, the first that does not fit ends them
        if line_width((*left, piece, *right)) > width:
            break
        left.append(piece)
    return merged(spread(left, right, width))


_DATED = 70  # cells of a screen in whose head there is room for the day and the person


def clock_end(now: datetime, me: str, width: int = _DATED, *, seconds: bool = True) -> Line:
    """The time, with its day, and who is at the keyboard: the right end of a screen's head; on a narrow screen, of
    `width` cells, the time alone. Where no figure on the screen counts `seconds` the clock does not either."""
    time = seconds_clock(now) if seconds else clock(now)
    grows(now.replace(second=0, microsecond=0), now, SECOND if seconds else MINUTE)
    if width < _DATED:
        return (("  ", Role.TEXT), (time, Role.STRONG), (" UTC ", Role.MUTED))
    today = tr("{weekday} {day}").format(weekday=day_word(now.weekday()), day=now.day)
    return (
        ("  ", Role.TEXT),
        (f"{today} ", Role.MUTED),
        (time, Role.STRONG),
        (" UTC  ", Role.MUTED),
        (f"{clean(me)} ", Role.MUTED),
    )


@dataclass(frozen=True, slots=True)
class Tab:
    """One panel of the strip; `flag` is what burns in it, shown so that a hidden panel cannot hide a deadline."""

    key: str
    title: str
    flag: str = ""
    flag_role: Role = Role.MUTED


@dataclass(frozen=True, slots=True)
class Hit:
    """A part of a line that answers to the mouse: columns from `start` up to but not including `end`."""

    start: int
    end: int
    name: str


def tab_strip(tabs: Sequence[Tab], active: int, width: int) -> tuple[Line, tuple[Hit, ...]]:
    """The tabs in exactly `width` cells, and where each can be clicked (by its key).

    Flags give way first: that of the open tab, whose panel shows the same, then from the right, and what is late
    last; where it has to go all the same a "!" stays. Then the names of quiet tabs, from the right.
    """
    pressing = [tab.flag_role in (Role.LATE, Role.ALARM) for tab in tabs]
    flagged = [index for index, tab in enumerate(tabs) if tab.flag and index != active]
    flagged.sort(key=lambda index: not pressing[index])
    flagged += [active] if 0 <= active < len(tabs) and tabs[active].flag else []
    named = [index for index in range(len(tabs)) if index != active and not pressing[index]]
    nameless: list[int] = []
    while True:
        pieces: list[tuple[str, Role]] = []
        hits: list[Hit] = []
        at = 0
        for index, tab in enumerate(tabs):
            own = [(f" {tab.key} ", Role.TAB if index == active else Role.ACCENT)]
            late = bool(tab.flag) and pressing[index] and index != active
            short = late and index not in flagged
            if index not in nameless:
                own.append((f"{tab.title}{'! ' if short else ' '}", _tab_role(index == active, late)))
            if index in flagged:
                own.append((f"{tab.flag} ", Role.TAB if index == active else tab.flag_role))
            size = line_width(own)
            hits.append(Hit(at, at + size, tab.key))
            pieces.extend(own)
            at += size
        if at <= width or not (flagged or named):
            break
        if flagged:
            flagged.pop()
        else:
            nameless.append(named.pop())
    rest = width - at
    return (*fit_line(pieces, min(at, width)), *((("─" * rest, Role.FRAME),) if rest > 0 else ())), tuple(hits)


def _tab_role(active: bool, late: bool) -> Role:
    return Role.TAB if active else Role.LATE if late else Role.MUTED


def _bar_width(items: Sequence[BarItem]) -> int:
    return sum(cell_width(item.key) + cell_width(item.words) + 3 for item in items)


def key_bar(items: Sequence[BarItem], width: int) -> tuple[Line, tuple[Hit, ...]]:
    """Keys and what they do; what is not possible now is faint. Where not all have room, none is shown that is not
    possible, so that a few of those never pass for all; then whole items go from the right, the last item last.

    The second value says where an item can be clicked, by its id.
    """
    shown = list(items)
    if _bar_width(shown) > width:
        # The last three lead on and out (": find  ? help  q quit"): whoever knows nothing else needs those.
        shown = [*(item for item in shown[:-3] if item.possible), *shown[-3:]]
    while len(shown) > 1 and _bar_width(shown) > width:
        del shown[-4 if len(shown) > 3 else 0]
    pieces: list[tuple[str, Role]] = [(" ", Role.TEXT)]
    hits: list[Hit] = []
    at = 1
    for key, words, name, possible in shown:
        own: list[tuple[str, Role]] = [
            (key, Role.ACCENT if possible else Role.FAINT),
            (f" {words}", Role.MUTED if possible else Role.FAINT),
        ]
        size = line_width(own)
        if at + size > width:
            break
        hits.append(Hit(at, at + size, name))
        pieces.extend((*own, ("  ", Role.TEXT)))
        at += size + 2
    return merged(fit_line(pieces[:-1], width)), tuple(hits)
