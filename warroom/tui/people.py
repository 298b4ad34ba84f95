"""The people in a room as lines (R4): who is here since when, how tired, who could take over. Pure layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from warroom.domain.text import cell_width, wrap
from warroom.tui.clockface import age, when
from warroom.tui.panels import fill
from warroom.tui.pieces import Line, Piece, Role, Sheet, clean, fit_line, fitted, line_width, spread, wrapped
from warroom.tui.role_words import titled
from warroom.tui.tired import tired_word
from warroom.views import PeopleView, PersonHere, SuccessionLine
from warroom.words import tr, trn


def duty_words(length: timedelta) -> str:
    """A time on duty: "3h05"; "" for less than a minute."""
    minutes = int(length.total_seconds()) // 60
    if not minutes:
        return ""
    return f"{minutes // 60}h{minutes % 60:02}" if minutes >= 60 else f"{minutes}m"


def sheet(view: PeopleView, now: datetime, width: int, marked: int) -> Sheet:
    """Everybody in the room, the marked one with what is known of them; those who left behind the others."""
    rows: list[Line] = []
    spans: list[tuple[int, int]] = []
    name = min(max((cell_width(clean(each.login)) for each in view.people), default=4), 16)
    here = sum(each.here for each in view.people)
    for index, each in enumerate(view.people):
        if index == here and index:
            rows += [(), ((tr("left or declined"), Role.ACCENT),)]
        first = len(rows)
        rows.append(_person(each, now, width, name, index == marked))
        if index == marked:
            rows.extend(fit_line(line, width) for line in _more(each, now, width))
        spans.append((first, len(rows)))
    return Sheet(tuple(rows), tuple(spans))


def _person(each: PersonHere, now: datetime, width: int, name: int, marked: bool) -> Line:
    word, tone = tired_word(each, now)
    mark: Piece = ("▌ " if marked else "  ", Role.ACCENT)
    if not each.here:
        what = tr("left {when}").format(when=when(each.left_at, now)) if each.left_at else ""
        what = what or (tr("declined {when}").format(when=when(each.declined_at, now)) if each.declined_at else "")
        return spread((mark, (fitted(each.login, name), Role.MUTED)), ((f" {what}", Role.MUTED),), width)
    roles = clean(", ".join(each.roles))
    since = age(each.joined_at, now) if each.joined_at is not None else ""
    left: tuple[Piece, ...] = (mark, (fitted(each.login, name), Role.STRONG), (f"  {roles}", Role.TEXT))
    right: tuple[Piece, ...] = ((f" {word} " if word else "", tone), (f" {since:>6}", Role.MUTED))
    return spread(left, right, width)


def _more(each: PersonHere, now: datetime, width: int) -> Iterator[Line]:
    """What is known of the marked person, wrapped below their line."""
    facts = []
    if each.name:
        facts.append(clean(each.name))
    if each.here and each.joined_at:
        facts.append(tr("here since {when}").format(when=when(each.joined_at, now)))
    if each.on_duty >= timedelta(minutes=1):
        facts.append(tr("on duty {time} in 24h").format(time=duty_words(each.on_duty)))
    if each.awake_since is not None:
        facts.append(tr("awake for {time}").format(time=age(each.awake_since, now)))
    if each.night_pages:
        facts.append(tr("paged {count} x at night").format(count=each.night_pages))
    if each.seen_at is not None:
        facts.append(tr("last did something {when}").format(when=when(each.seen_at, now)))
    for text in wrap(" · ".join(facts) or tr("nothing more is known"), max(20, width - 4)):
        yield ("    ", Role.TEXT), (text, Role.MUTED)
    word, tone = tired_word(each, now)
    if word:
        for text in wrap(f"{word}: {clean(titled(each.why, each.roles))}", max(20, width - 4)):
            yield ("    ", Role.TEXT), (text, tone)
    elif each.here and each.red_at is not None:
        yield ("    ", Role.TEXT), (tr("relief is due by {when}").format(when=when(each.red_at, now)), Role.MUTED)


def succession(lines: Sequence[SuccessionLine], width: int, most: int, *, full: bool = False) -> tuple[Line, ...]:
    """Who could take which role over, a line a role; in `full` as many as it takes."""
    title = min(max((cell_width(clean(line.title)) for line in lines), default=4), max(8, width // 3))
    rows: list[Line] = []
    for line in lines[:most]:
        front: Piece = (fitted(line.title, title) + "  ", Role.MUTED)
        behind = _successors(line)
        if full:
            rows.extend(wrapped(front, behind, width))
        else:
            rows.append(fit_line((front, *behind), width))
    return tuple(rows)


def _successors(line: SuccessionLine) -> Line:
    pieces: list[Piece] = []
    if not line.people:
        return ((tr("nobody is known who could take over"), Role.SOON),)
    for index, each in enumerate(line.people[:4]):
        tone = Role.LATE_MUTED if each.tired == "red" else Role.SOON if each.tired else Role.TEXT
        pieces.append((", " if index else "", Role.FAINT))
        pieces.append((clean(each.person), Role.STRONG if not index and not each.tired else tone))
        if not index:
            pieces.append((f" ({clean(each.words)})", Role.MUTED if not each.tired else tone))
    return tuple(pieces)


def foot(view: PeopleView, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """Who could take over, and whether too many report to one person, in at most `height` lines."""
    rows: list[Line] = []
    span = view.span
    if span is not None and span.advice:
        text = tr("{count} people report to the incident manager (more than {most}): {advice}").format(
            count=span.count, most=span.most, advice=clean(span.advice)
        )
        rows.extend(((part, Role.SOON),) for part in wrap(text, max(20, width)))
    if view.succession and height - len(rows) > 1:
        if rows and height - len(rows) > len(view.succession) + 1:
            rows.append(())
        rows.append(((tr("Who could take over"), Role.ACCENT),))
        room = height - len(rows)
        whole = succession(view.succession, width, len(view.succession), full=True)
        rows.extend(whole if len(whole) <= room else succession(view.succession, width, room))
    return fill(rows, width, min(height, len(rows)))


def head(view: PeopleView, now: datetime, width: int) -> Line:
    """How many are here, and how many need relief."""
    here = [each for each in view.people if each.here]
    red = sum(tired_word(each, now)[1] is Role.LATE for each in here)
    amber = sum(tired_word(each, now)[1] is Role.SOON for each in here)
    count = trn("{count} person is here", "{count} people are here", len(here)).format(count=len(here))
    span = view.span
    reports = ""
    if span is not None and span.count:
        words = tr("{count} report to the incident manager, {most} at most")
        reports = "   " + words.format(count=span.count, most=span.most)
    right: list[Piece] = []
    if red:
        right.append((f" {trn('{count} needs RELIEF', '{count} need RELIEF', red).format(count=red)} ", Role.LATE))
    if amber:
        right.append((f" {trn('{count} tired', '{count} tired', amber).format(count=amber)} ", Role.SOON))
    left: Line = ((count if here else tr("nobody is here"), Role.TEXT),)
    fits = line_width((*left, (reports, Role.MUTED), *right)) + 2 <= width
    return spread((*left, (reports, Role.MUTED)) if fits else left, right, width)
