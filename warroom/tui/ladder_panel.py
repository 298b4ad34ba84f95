"""The panel of the escalation: who was paged, who is next, what comes then. Pure layout, as rows of the given width."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from warroom.domain.text import cell_width
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import countdown, is_late, page_face, urgency, weekday, when
from warroom.tui.panels import fill, running_bar
from warroom.tui.pieces import Line, Piece, Role, clean, fitted, line_width
from warroom.valueclass import dataclass
from warroom.views import IncidentDetail, LadderView, LevelLine, LevelState, Message, NextPage, PageState
from warroom.words import mark, tr

_BAR, _BAR_LEAST = 22, 6  # cells of the bar that runs towards a page, and with how few it is left out


def ladder_title(ladder: LadderView) -> Line:
    """Policy, revision and cycle, for the rule over the panel."""
    if not ladder.policy:
        return ()
    parts = [clean(ladder.policy)]
    if ladder.revision:
        parts.append(tr("rev {revision}").format(revision=clean(ladder.revision)))
    if ladder.newer_rules:
        parts.append(tr("{revision} is in force").format(revision=clean(ladder.newer_rules)))
    if ladder.cycles > 1:
        parts.append(tr("cycle {number} of {total}").format(number=ladder.cycle, total=ladder.cycles))
    return (("  " + " · ".join(parts), Role.MUTED),)


def escalation(
    ladder: LadderView, outbox: Sequence[Message], now: datetime, width: int, height: int
) -> tuple[Line, ...]:
    """The ladder: who was paged by what and what came of it, who is next and in how long, and what comes then.

    What alarms stands first and always stays; of many levels those around the next one are shown.
    """
    top = _state_lines(ladder, now, width)
    bottom: list[Line] = []
    if ladder.then:
        over = ladder.next.state is PageState.EXHAUSTED
        words = tr("last resort: {what}") if over else tr("then {what}")
        what = clean(ladder.then)
        if ladder.then_at is not None:
            what = tr("{what} at {time}").format(what=what, time=when(ladder.then_at, now))
        glyph: Piece = ("● ", Role.SOON) if over else ("· ", Role.MUTED)
        bottom.append((glyph, (words.format(what=what), Role.TEXT if over else Role.MUTED)))
    bottom.extend(_failures(outbox))
    room = height - len(top) - len(bottom)
    while room < min(2, len(ladder.levels)) and bottom:
        del bottom[-1 if len(bottom) > 1 else 0]
        room += 1
    levels, passed, later = _window(ladder.levels, max(0, room))
    columns = _LevelColumns.fitting(levels, now, width)
    rows = [*top]
    if passed:
        first, last = passed[0].number, passed[-1].number
        acked = any(level.acked_by for level in passed)
        span = f"L{first}" if first == last else f"L{first}–L{last}"
        done = tr("{levels} done").format(levels=span)
        rows.append((("✔ " if acked else "· ", Role.OK if acked else Role.MUTED), (done, Role.MUTED)))
    rows.extend(_level(level, ladder, columns, now, width) for level in levels)
    if later:
        words = tr("+{count} more, up to L{number}").format(count=len(later), number=later[-1].number)
        rows.append((("· ", Role.MUTED), (words, Role.MUTED)))
    return fill([*rows, *bottom], width, height)


def _state_lines(ladder: LadderView, now: datetime, width: int) -> list[Line]:
    """One line that says what the escalation does when that is not simply "the next page is due"."""
    state, at = ladder.next.state, ladder.next.at
    reason = f": {clean(tr(ladder.next.reason))}" if ladder.next.reason else ""
    face = page_face(ladder.next, now)
    match state:
        case PageState.EXHAUSTED:
            return [((f" {tr('EXHAUSTED: nobody is left to page')} ", Role.ALARM), (reason, Role.LATE))]
        case PageState.SNOOZED:
            until = ""
            if at is not None:
                until = f" {tr('until {end}').format(end=f'{when(at, now)} ({countdown(at, now)})')}"
            return [((tr("snoozed"), Role.STRONG), (f"{until}{reason}", Role.TEXT))]
        case PageState.WAITING:
            then = f" {tr('until {end}').format(end=weekday(at, now))}" if at is not None else ""
            return [((tr("waits for paging hours"), Role.STRONG), (then, Role.TEXT))]  # which is the reason too
        case PageState.ACKED if at is not None:
            if any(level.due == at for level in ladder.levels):
                return []  # the level that is paged then says it
            text = _left(at, now)
            lapses = at == ladder.lapses_at
            what = clean(tr(ladder.next.reason)) or tr("resolve timeout")
            if lapses:
                what = tr("lapses unless something happens")
            line: list[Piece] = [(tr("acknowledged"), Role.OK), (f", {what} ", Role.MUTED), (text, face.role)]
            since = ladder.next.since
            size = min(_BAR, width - line_width(line) - (11 - cell_width(text)))
            if since is not None and since < at and size >= _BAR_LEAST:
                tone = Role.BAR if face.role is Role.CALM else face.role
                line.extend(((" " * (11 - cell_width(text)), Role.TEXT), *running_bar(since, at, now, size, tone)))
            return [tuple(line)]
        case PageState.ACKED:
            return [((tr("acknowledged"), Role.OK), (f": {tr('no further page is due')}", Role.MUTED))]
        case PageState.ASKING if ladder.question is not None:
            question = ladder.question
            waits = tr("L{number} WAITS FOR A YES").format(number=question.level)
            asked = ", ".join(clean(person) for person in question.asked) or tr("nobody can be asked")
            words = tr("of {people}; {time} it is {otherwise}")
            said = words.format(people=asked, time=_left(question.due, now), otherwise=clean(question.otherwise))
            return [((f" {waits} ", Role.NOTICE), (f" {said}", Role.SOON))]
        case PageState.HELD:
            return _held(ladder.next, now)
        case PageState.CALLED_OFF:
            return [
                (
                    (tr("called off"), Role.STRONG),
                    (f": {tr('nobody is paged until it is resumed')}", Role.MUTED),
                )
            ]
        case PageState.STOPPED:
            return [((tr("stopped") + (reason or f": {tr('resolved')}"), Role.MUTED),)]
        case PageState.NONE:
            return [((f"{tr('no escalation runs')}{reason}", Role.MUTED),)]
        case _:
            return []


def _held(page: NextPage, now: datetime) -> list[Line]:
    """Why a rule keeps people from being paged, until when, and how to page them after all."""
    until = tr("until somebody lifts it")
    if page.at is not None:
        words = tr("looked at again {time}") if page.label else tr("it ends {time}")
        until = words.format(time=_left(page.at, now))
    lifts = tr("{key} lifts it, as does warroom rules lift").format(key=keycap("incident.act"))
    return [
        ((f" {tr('HELD')} ", Role.NOTICE), (f" {clean(page.reason)}", Role.TEXT)),
        ((f"{until}; {lifts}", page_face(page, now).role),),
    ]


def _left(at: datetime, now: datetime, words: str = "") -> str:
    """In how long, or for how long it is late."""
    left = countdown(at, now)
    return left if is_late(at, now) else (words or tr("in {time}")).format(time=left)


def _window(
    levels: Sequence[LevelLine], room: int
) -> tuple[Sequence[LevelLine], Sequence[LevelLine], Sequence[LevelLine]]:
    """The levels to show in `room` rows, those passed before, those behind; each summary takes one of the rows.

    The one before the next, the next, and what comes after it.
    """
    if len(levels) <= room:
        return levels, (), ()
    reached = [i for i, level in enumerate(levels) if level.state is not LevelState.LATER]
    coming = [i for i, level in enumerate(levels) if level.state is LevelState.NEXT]
    turn = (coming or reached[-1:] or [0])[0]
    for size in range(room, 1, -1):
        start = min(max(0, turn - 1), len(levels) - size)
        stop = start + size
        if size + (start > 0) + (stop < len(levels)) <= room:
            return levels[start:stop], levels[:start], levels[stop:]
    return levels[turn : turn + 1], (), ()


@dataclass(frozen=True, slots=True)
class _LevelColumns:
    """Widths of a level's columns; 0 leaves a column out."""

    label: int
    who: int
    when: int
    via: int
    words: int = 0  # which of the forms of "acknowledged" fits every level

    @classmethod
    def fitting(cls, levels: Sequence[LevelLine], now: datetime, width: int) -> _LevelColumns:
        def widest(texts: list[str], most: int) -> int:
            return min(max((cell_width(text) for text in texts), default=0), most)

        label = widest([_label(level) for level in levels], 28 if width >= 70 else 20)
        who = widest([_who(level) for level in levels], 18)
        via = widest([_via(level) for level in levels], 16)
        times = [when(level.paged_at, now) for level in levels if level.paged_at is not None]
        moment = widest(times, 12)
        room = width - 2 - label - 2 - 22  # what is left for the outcome, or for countdown and bar
        if width < 64 or room - moment - 2 < 0:
            who, moment, via = 0, moment if width >= 44 else 0, 0
        else:
            who = who if who + 2 + moment + 2 <= room else 0
            via = via if via and (who + 2 if who else 0) + moment + 2 + via + 2 <= room else 0
            whole = widest([_who(level) for level in levels], 30)  # nobody is cut off while there is room
            if who and whole + 2 + moment + 2 + (via + 2 if via else 0) <= room:
                who = whole
        left = width - 2 - sum(size + 2 for size in (label, who, moment, via) if size)
        acks = [_acked(level, now) for level in levels if level.acked_by]
        words = next((n for n in range(2) if all(cell_width(forms[n]) <= left for forms in acks)), 2)
        return cls(label, who, moment, via, words)


def _label(level: LevelLine) -> str:
    return f"L{level.number} {clean(level.label)}"


def _who(level: LevelLine) -> str:
    return ", ".join(clean(target) for target in level.targets)


_STATES = {"failed": mark("failed"), "given up": mark("given up")}
_TROUBLED = tuple(_STATES)
_GONE = ("sent", "bundled", "acknowledged")


def _via(level: LevelLine) -> str:
    """The ways of a level, and how far its pages have come by each: ✓ out, ✗ failed, ? unknown, … on the way."""
    return " ".join(clean(channel) + _fate(level, channel) for channel in level.via)


def _fate(level: LevelLine, channel: str) -> str:
    states = [fate.state for fate in level.fates if fate.via == channel and fate.state != "on record"]
    if not states:
        return ""
    if any(state in _TROUBLED for state in states):
        return "✗"
    if "unknown" in states:
        return "?"
    return "✓" if all(state in _GONE for state in states) else "…"


def _level(level: LevelLine, ladder: LadderView, columns: _LevelColumns, now: datetime, width: int) -> Line:
    glyph, tone = _level_mark(level)
    text = Role.STRONG if level.state is LevelState.NEXT else Role.TEXT
    if level.state is LevelState.LATER:
        text = Role.MUTED
    row: list[Piece] = [(f"{glyph} ", tone), (fitted(_label(level), columns.label) + "  ", text)]
    if columns.who:
        role = Role.MUTED if level.state is LevelState.LATER else Role.TEXT
        row.append((fitted(_who(level), columns.who) + "  ", role))
    if level.state is LevelState.NEXT:
        return (*row, *_turn(level, ladder, now, width - line_width(row)))
    if columns.when:
        moment = when(level.paged_at, now) if level.paged_at is not None else ""
        if not moment and level.due is not None and level.state is LevelState.LATER:
            at = tr("at {time}").format(time=when(level.due, now))
            return (*row, (at, Role.MUTED), (_note(level), Role.MUTED))
        row.append((fitted(moment, columns.when) + "  ", Role.MUTED))
    if level.state is LevelState.CURRENT and level.due is not None and not level.acked_by:
        return (*row, *_turn(level, ladder, now, width - line_width(row), again=True))
    if columns.via:
        row.append((fitted(_via(level), columns.via) + "  ", Role.MUTED))
    return (*row, *_outcome(level, now, columns.words))


def _level_mark(level: LevelLine) -> Piece:
    match level.state:
        case LevelState.EMPTY:
            return "✗", Role.LATE
        case LevelState.NEXT:
            return "▶", Role.STRONG
        case LevelState.CURRENT if not level.acked_by:
            return "●", Role.SOON
        case LevelState.LATER:
            return "·", Role.MUTED
        case _:
            return "✔", Role.OK if level.acked_by else Role.MUTED


def _note(level: LevelLine) -> str:
    return f" {clean(level.note)}" if level.note else ""


def _acked(level: LevelLine, now: datetime) -> tuple[str, str, str]:
    """Who acknowledged and when, from long to short."""
    by = clean(level.acked_by)
    if level.acked_at is not None:
        by = f"{when(level.acked_at, now)} {by}"
    return tr("acknowledged {who}").format(who=by), tr("acked {who}").format(who=by), clean(level.acked_by)


def _outcome(level: LevelLine, now: datetime, words: int) -> Line:
    if level.state is LevelState.EMPTY:
        return ((clean(level.note) or tr("nobody to page"), Role.LATE),)
    repeats = f", {_repeat(level.repeat, level)}" if level.repeat else ""
    if level.acked_by:
        return ((_acked(level, now)[words], Role.OK),)
    if level.declined:
        people = ", ".join(clean(person) for person in level.declined)
        return ((f"{tr('declined by {people}').format(people=people)}{repeats}", Role.SOON),)
    if level.state is LevelState.CURRENT:
        return ((f"{tr('no answer yet')}{repeats}", Role.SOON),)
    if level.state is LevelState.DONE:
        return ((f"{tr('no answer')}{repeats}", Role.MUTED),)
    return ((clean(level.note), Role.MUTED),)


def _repeat(number: int, level: LevelLine) -> str:
    return tr("repeat {number}/{total}").format(number=number, total=level.repeats)


def _turn(level: LevelLine, ladder: LadderView, now: datetime, room: int, *, again: bool = False) -> Line:
    """The countdown to a level's (next) page, the bar that runs towards it, and why it is paged."""
    at = level.due or ladder.next.at
    if at is None:
        return ((clean(level.note), Role.MUTED),)
    tone = urgency(at, now)
    text = _left(at, now, tr("again in {time}") if again else "")
    reason, short = tr(ladder.next.reason) if at == ladder.next.at else "", ""
    if level.repeat or (again and level.repeats):
        number = level.repeat + 1
        if number <= level.repeats:
            reason, short = _repeat(number, level), f"{number}/{level.repeats}"
    note = f" {clean(reason or level.note)}" if reason or level.note else ""
    since = ladder.next.since if at == ladder.next.at else None
    more = cell_width(tr("again in {time}")) - cell_width(tr("in {time}")) if again else 0
    padded = text + " " * (more + 11 - cell_width(text))  # so that bars begin below each other
    size = min(_BAR, room - cell_width(padded) - cell_width(note))
    if since is None or since >= at or size < _BAR_LEAST:
        if short and cell_width(text) + 1 + cell_width(note) > room:
            # "again" goes before "repeat" does, which says as much and what is counted.
            plain = _left(at, now)
            if cell_width(plain) + 1 + cell_width(note) <= room:
                text = plain
            else:
                note = f" {short}"
        return ((text, tone), (" " + note, Role.MUTED))
    running = running_bar(since, at, now, size, Role.BAR if tone is Role.CALM else tone)
    return ((padded, tone), *running, (note, Role.MUTED))


def _failures(outbox: Sequence[Message]) -> list[Line]:
    """Messages that did not get through, worst news only."""
    bad = [message for message in outbox if message.state in ("failed", "unknown", "given up")]
    rows: list[Line] = []
    for message in bad[:2]:
        words = tr("{person} by {via} {state}")
        if message.state == "unknown":
            words = tr("{person} by {via} may or may not have arrived")
        elif message.tries > 1:
            words = tr("{person} by {via} {state} after {count} tries")
        state = tr(_STATES.get(message.state, message.state))
        names = {"person": clean(message.to), "via": clean(message.via)}
        rows.append(((f"✉ {words.format(state=state, count=message.tries, **names)}", Role.LATE),))
    if len(bad) > 2:
        rows[-1] = ((f"✉ {tr('{count} messages failed or unknown').format(count=len(bad))}", Role.LATE),)
    return rows


def page_flag(detail: IncidentDetail, now: datetime) -> tuple[str, Role]:
    """The state of the next page in a few characters, for the tab."""
    face = page_face(detail.ladder.next, now)
    if detail.ladder.next.state is PageState.HELD and face.role is Role.MUTED:
        return tr("held"), face.role
    return ("" if face.role is Role.FAINT else face.figure or face.label, face.role)
