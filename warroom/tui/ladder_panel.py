"""The panel of the escalation: who was paged, who is next, what comes then. Pure layout, as rows of the given width."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from warroom.domain.text import cell_width
from warroom.tui.clockface import countdown, is_late, page_face, urgency, weekday, when
from warroom.tui.panels import bar, fill
from warroom.tui.pieces import Line, Piece, Role, clean, fitted, line_width
from warroom.valueclass import dataclass
from warroom.views import IncidentDetail, LadderView, LevelLine, LevelState, Message, NextPage, PageState


def ladder_title(ladder: LadderView) -> Line:
    """Policy, revision and cycle, for the rule over the panel."""
    if not ladder.policy:
        return ()
    parts = [clean(ladder.policy)]
    if ladder.revision:
        parts.append(f"rev {clean(ladder.revision)}")
    if ladder.newer_rules:
        parts.append(f"{clean(ladder.newer_rules)} is in force")
    if ladder.cycles > 1:
        parts.append(f"cycle {ladder.cycle} of {ladder.cycles}")
    return (("  " + " · ".join(parts), Role.MUTED),)


def escalation(
    ladder: LadderView, outbox: Sequence[Message], now: datetime, width: int, height: int
) -> tuple[Line, ...]:
    """The ladder: who was paged by what and what came of it, who is next and in how long, and what comes then.

    What alarms stands first and always stays; of many levels those around the next one are shown.
    """
    top = _state_lines(ladder, now)
    bottom: list[Line] = []
    if ladder.then:
        over = ladder.next.state is PageState.EXHAUSTED
        at = f" at {when(ladder.then_at, now)}" if ladder.then_at is not None else ""
        word, tone = ("last resort:", Role.TEXT) if over else ("then", Role.MUTED)
        bottom.append(
            (("● " if over else "· ", Role.SOON if over else Role.MUTED), (f"{word} {clean(ladder.then)}{at}", tone))
        )
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
        rows.append((("✔ " if acked else "· ", Role.OK if acked else Role.MUTED), (f"{span} done", Role.MUTED)))
    rows.extend(_level(level, ladder, columns, now, width) for level in levels)
    if later:
        rows.append((("· ", Role.MUTED), (f"+{len(later)} more, up to L{later[-1].number}", Role.MUTED)))
    return fill([*rows, *bottom], width, height)


def _state_lines(ladder: LadderView, now: datetime) -> list[Line]:
    """One line that says what the escalation does when that is not simply "the next page is due"."""
    state, at = ladder.next.state, ladder.next.at
    reason = f": {clean(ladder.next.reason)}" if ladder.next.reason else ""
    face = page_face(ladder.next, now)
    match state:
        case PageState.EXHAUSTED:
            return [((" EXHAUSTED: nobody is left to page ", Role.ALARM), (reason, Role.LATE))]
        case PageState.SNOOZED:
            until = f" until {when(at, now)} ({countdown(at, now)})" if at is not None else ""
            return [(("snoozed", Role.STRONG), (f"{until}{reason}", Role.TEXT))]
        case PageState.WAITING:
            then = f" until {weekday(at, now)}" if at is not None else ""
            return [(("waits for paging hours", Role.STRONG), (f"{then}{reason}", Role.TEXT))]
        case PageState.ACKED if at is not None:
            if any(level.due == at for level in ladder.levels):
                return []  # the level that is paged then says it
            text = f"{'' if is_late(at, now) else 'in '}{countdown(at, now)}"
            lapses = at == ladder.lapses_at
            what = "lapses unless something happens" if lapses else clean(ladder.next.reason) or "resolve timeout"
            line: list[Piece] = [("acknowledged", Role.OK), (f", {what} ", Role.MUTED), (text, face.role)]
            since = ladder.next.since
            if since is not None and since < at:
                tone = Role.BAR if face.role is Role.CALM else face.role
                line.extend(((" " * (11 - cell_width(text)), Role.TEXT), *bar((now - since) / (at - since), 22, tone)))
            return [tuple(line)]
        case PageState.ACKED:
            return [(("acknowledged", Role.OK), (": no further page is due", Role.MUTED))]
        case PageState.ASKING if ladder.question is not None:
            asked = ", ".join(clean(person) for person in ladder.question.asked) or "nobody can be asked"
            wait = f"{'' if is_late(ladder.question.due, now) else 'in '}{countdown(ladder.question.due, now)}"
            return [
                (
                    (f" L{ladder.question.level} WAITS FOR A YES ", Role.NOTICE),
                    (f" of {asked}; {wait} it is {ladder.question.otherwise}", Role.SOON),
                )
            ]
        case PageState.HELD:
            return _held(ladder.next, now)
        case PageState.CALLED_OFF:
            return [(("called off", Role.STRONG), (": nobody is paged until it is resumed", Role.MUTED))]
        case PageState.STOPPED:
            return [((f"stopped{reason or ': resolved'}", Role.MUTED),)]
        case PageState.NONE:
            return [((f"no escalation runs{reason}", Role.MUTED),)]
        case _:
            return []


def _held(page: NextPage, now: datetime) -> list[Line]:
    """Why a rule keeps people from being paged, until when, and how to page them after all."""
    until = "until somebody lifts it"
    if page.at is not None:
        left = f"{'' if is_late(page.at, now) else 'in '}{countdown(page.at, now)}"
        until = f"looked at again {left}" if page.label else f"it ends {left}"
    return [
        ((" HELD ", Role.NOTICE), (f" {clean(page.reason)}", Role.TEXT)),
        ((f"{until}; x lifts it, as does warroom rules lift", page_face(page, now).role),),
    ]


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
        left = width - 2 - sum(size + 2 for size in (label, who, moment, via) if size)
        acks = [_acked(level, now) for level in levels if level.acked_by]
        words = next((n for n in range(2) if all(cell_width(forms[n]) <= left for forms in acks)), 2)
        return cls(label, who, moment, via, words)


def _label(level: LevelLine) -> str:
    return f"L{level.number} {clean(level.label)}"


def _who(level: LevelLine) -> str:
    return ", ".join(clean(target) for target in level.targets)


_TROUBLED = ("failed", "given up")
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
            return (*row, (f"at {when(level.due, now)}", Role.MUTED), (_note(level), Role.MUTED))
        row.append((fitted(moment, columns.when) + "  ", Role.MUTED))
    if level.state is LevelState.CURRENT and level.due is not None and not level.acked_by:
        return (*row, *_turn(level, ladder, now, width - line_width(row), "again "))
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
    at = f"{when(level.acked_at, now)} " if level.acked_at is not None else ""
    by = clean(level.acked_by)
    return f"acknowledged {at}{by}", f"acked {at}{by}", by


def _outcome(level: LevelLine, now: datetime, words: int) -> Line:
    if level.state is LevelState.EMPTY:
        return ((clean(level.note) or "nobody to page", Role.LATE),)
    repeats = f", repeat {level.repeat}/{level.repeats}" if level.repeat else ""
    if level.acked_by:
        return ((_acked(level, now)[words], Role.OK),)
    if level.declined:
        return ((f"declined by {', '.join(clean(person) for person in level.declined)}{repeats}", Role.SOON),)
    if level.state is LevelState.CURRENT:
        return ((f"no answer yet{repeats}", Role.SOON),)
    if level.state is LevelState.DONE:
        return ((f"no answer{repeats}", Role.MUTED),)
    return ((clean(level.note), Role.MUTED),)


def _turn(level: LevelLine, ladder: LadderView, now: datetime, room: int, word: str = "") -> Line:
    """The countdown to a level's (next) page, the bar that runs towards it, and why it is paged."""
    at = level.due or ladder.next.at
    if at is None:
        return ((clean(level.note), Role.MUTED),)
    tone = urgency(at, now)
    text = countdown(at, now) if is_late(at, now) else f"{word}in {countdown(at, now)}"
    reason = ladder.next.reason if at == ladder.next.at else ""
    if level.repeat or (word and level.repeats):
        reason = f"repeat {level.repeat + 1}/{level.repeats}" if level.repeat < level.repeats else reason
    note = f" {clean(reason or level.note)}" if reason or level.note else ""
    since = ladder.next.since if at == ladder.next.at else None
    padded = text + " " * (len(word) + 11 - cell_width(text))  # so that bars begin below each other
    size = min(22, room - cell_width(padded) - cell_width(note))
    if since is None or since >= at or size < 6:
        return ((text, tone), (" " + note, Role.MUTED))
    share = (now - since) / (at - since)
    return ((padded, tone), *bar(share, size, Role.BAR if tone is Role.CALM else tone), (note, Role.MUTED))


def _failures(outbox: Sequence[Message]) -> list[Line]:
    """Messages that did not get through, worst news only."""
    bad = [message for message in outbox if message.state in ("failed", "unknown", "given up")]
    rows: list[Line] = []
    for message in bad[:2]:
        times = f" after {message.tries} tries" if message.tries > 1 else ""
        word = "may or may not have arrived" if message.state == "unknown" else f"{message.state}{times}"
        rows.append(((f"✉ {clean(message.to)} by {clean(message.via)} {word}", Role.LATE),))
    if len(bad) > 2:
        rows[-1] = ((f"✉ {len(bad)} messages failed or unknown", Role.LATE),)
    return rows


def page_flag(detail: IncidentDetail, now: datetime) -> tuple[str, Role]:
    """The state of the next page in a few characters, for the tab."""
    face = page_face(detail.ladder.next, now)
    if detail.ladder.next.state is PageState.HELD and face.role is Role.MUTED:
        return "held", face.role
    return ("" if face.role is Role.FAINT else face.figure or face.label, face.role)
