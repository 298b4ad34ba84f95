"""One picture of the wallboard: the line above, what is wrong, the page, the line below. Pure layout.

A picture is made from the view, the moment, what stands besides the view, and whose turn it is; it is exactly as many
lines as asked for, none wider. Every moment is absolute, so that after a machine slept for hours the next
picture is right at once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from warroom.domain.text import cell_width
from warroom.tui.clockface import clock, length, seconds_clock
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, line_width, merged, severity_role
from warroom.tui.wall import board, insight, oncall
from warroom.tui.wall.deadlines import Chooser, counts, live
from warroom.tui.wall.digits import large
from warroom.tui.wall.parts import AMBER_S, BLANK, QUIET_S, RED_S, Page, Standing, centred, fitting, joined
from warroom.valueclass import dataclass
from warroom.views.wall import WallView
from warroom.words import mark, tr

SCREENS = {"board": mark("board"), "oncall": mark("on call"), "insight": mark("figures")}
"""The screens there are, and what they are called."""

TICKS = 8
"""In how many steps the mark beside the page's number shows how long the page still stands."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Which page of which screen is shown, and what part of its time has passed, 0 to 1."""

    screen: str = "board"
    page: int = 0
    passed: float = 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """The lines of one picture, and of how many pages its screen has the one that is shown."""

    lines: tuple[Line, ...]
    page: int
    pages: int


def picture(
    view: WallView | None,
    now: datetime,
    standing: Standing,
    turn: Turn,
    width: int,
    height: int,
    *,
    chosen: Chooser | None = None,
    several: bool = False,
) -> Picture:
    """What the wall shows now, in exactly `height` lines of at most `width` cells. `view` None: nothing was read yet.
    `several`: there are other screens too, so that pages turn even where this one has only one."""
    width, height = max(1, width), max(1, height)
    top = _banner(view, now, standing, width, height)
    room = max(1, height - 2 - len(top))
    pages = _pages(view, now, standing, turn.screen, width, room, chosen)
    page = min(max(turn.page, 0), len(pages) - 1)
    body = pages[page]
    head = _header(view, now, standing, width)
    foot = _status(view, now, standing, turn, page, len(pages), width, several)
    if standing.old:
        body, head = tuple(map(_grey, body)), _grey(head)
    lines = [head, *top, *body[:room]]
    lines += [()] * (height - 1 - len(lines))
    lines = [*lines[: max(0, height - 1)], foot] if height > 1 else [foot]
    if standing.plain:
        lines = [_plain(line) for line in lines]
    return Picture(tuple(merged(cut_line(line, width)) for line in lines), page, len(pages))


def _pages(
    view: WallView | None,
    now: datetime,
    standing: Standing,
    screen: str,
    width: int,
    height: int,
    chosen: Chooser | None,
) -> tuple[Page, ...]:
    if view is None:
        return ((BLANK,),)
    if screen == "oncall":
        return oncall.pages(view, now, width, height, plain=standing.plain) or ((BLANK,),)
    if screen == "insight":
        return insight.pages(view, now, standing, width, height, chosen) or ((BLANK,),)
    return board.pages(view, now, standing, width, height, chosen) or ((BLANK,),)


# -- the line above --------------------------------------------------------------------------------------------------


def _header(view: WallView | None, now: datetime, standing: Standing, width: int) -> Line:
    """Which room, how much is live, the time to the minute; what matters least gives way first."""
    time: Line = ((f"{clock(now)} ", Role.STRONG), ("UTC ", Role.MUTED))
    if view is None:
        return _apart(((" warroom", Role.STRONG),), time, width)
    items: list[list[Line]] = []
    lines = live(view, now)
    if lines:
        faces = counts(lines)
        long = joined(
            [((f"{clean(face.glyph)} {n} {clean(face.name)}", severity_role(face)),) for face, n in faces], gap=2
        )
        short = joined([((f"{clean(face.glyph)}{n}", severity_role(face)),) for face, n in faces], gap=1)
        fewer = joined([((f"{clean(face.glyph)}{n}", severity_role(face)),) for face, n in faces[:2]], gap=1)
        count: Line = ((tr("{count} live").format(count=len(lines)), Role.STRONG),)
        items += [[long, short, fewer], [count, ()]]
    else:
        items.append([((tr("nothing live"), Role.OK),), ()])
    troubled = view.board.failed_messages + view.board.unknown_messages
    if troubled:
        items.append([((tr("{count} messages failed").format(count=troubled), Role.LATE),), ()])
    if standing.filter:
        items.append([((tr("only {filter}").format(filter=clean(standing.filter)), Role.NOTICE),), ()])
    if standing.title:
        items.append([((standing.title, Role.ACCENT),), ()])
    items.append([((clean(view.board.room), Role.STRONG),), ()])
    shown = fitting(items, width - line_width(time) - 3)
    room = [line for line in shown if line == items[-1][0]]
    rest = [line for line in shown if line != items[-1][0]]
    return _apart(((" ", Role.TEXT), *joined([*room, *rest])), time, width)


def _apart(left: Line, right: Line, width: int) -> Line:
    space = width - line_width(left) - line_width(right)
    return (
        (*left, (" " * space, Role.TEXT), *right) if space >= 1 else cut_line((*left, (" ", Role.TEXT), *right), width)
    )


# -- what is wrong ---------------------------------------------------------------------------------------------------


def _banner(view: WallView | None, now: datetime, standing: Standing, width: int, height: int) -> tuple[Line, ...]:
    """Why the picture may be old, large where there is room: it must not be taken for the present."""
    out: list[Line] = []
    if standing.old or (standing.trouble and view is None):
        word = standing.trouble or tr("the room has not been read")
        said = [tr("NO DATA"), _ago(standing), clean(word)]
        if view is not None:
            said.insert(2, tr("picture of {at} UTC").format(at=seconds_clock(now - timedelta(seconds=standing.age_s))))
        rows = min(7, height // 4)
        big = large(said[0], width - 2, rows, plain=standing.plain) if height >= 16 else ()
        out += [centred(((row, Role.LATE),), width) for row in big]
        if height >= 4:
            text = cut_line(((f" {'  '.join(said if not big else said[1:])} ", Role.ALARM),), width)
            out.append((*text, (" " * (width - line_width(text)), Role.ALARM)))
    elif view is not None and height >= 7:
        unsaid = [*view.board.unsent]
        if view.board.damaged:
            unsaid.append(tr("{keys} cannot be read: run warroom doctor").format(keys=", ".join(view.board.damaged)))
        if unsaid:
            out.append(cut_line(((f" {clean('; '.join(unsaid))} ", Role.ALARM),), width))
    return tuple(out)


def _ago(standing: Standing) -> str:
    return tr("read {length} ago").format(length=length(timedelta(seconds=int(standing.age_s))))


# -- the line below --------------------------------------------------------------------------------------------------


def _status(
    view: WallView | None,
    now: datetime,
    standing: Standing,
    turn: Turn,
    page: int,
    pages: int,
    width: int,
    several: bool,
) -> Line:
    """Who keeps the timers, which page this is, and how old the data is; the last is never left out."""
    old = standing.age_s
    if view is None:
        age: list[Line] = [((tr("reading ..."), Role.MUTED),)]
    elif old < QUIET_S:
        age = [((tr("read just now"), Role.MUTED),), ((tr("now"), Role.MUTED),)]
    else:
        role = Role.ALARM if old >= RED_S else Role.SOON if old > AMBER_S else Role.MUTED
        seconds = length(timedelta(seconds=int(old)))
        words = tr("read {count} s ago").format(count=int(old)) if old < 60 else _ago(standing)
        age = [((f" {words} " if role is Role.ALARM else words, role),), ((seconds, role),)]
    items: list[list[Line]] = [age]
    if view is not None and not standing.old:
        items.append(_engine(view))
    marker: Line = ()
    if pages > 1 or several:
        marker = _marker(turn, page, pages, plain=standing.plain)
        short: Line = ((f"{page + 1}/{pages}", Role.ACCENT),)
        items.append([marker, short] if pages > 1 else [marker, ()])
    shown = fitting(items, width - 2)
    age_line, rest = shown[0] if shown else (), shown[1:]
    return _apart(((" ", Role.TEXT), *joined(rest)), (*age_line, (" ", Role.TEXT)), width)


def _engine(view: WallView) -> list[Line]:
    alive = [engine for engine in view.board.engines if engine.alive]
    if not alive:
        return [
            ((f" {tr('NO ENGINE: timers stand still')} ", Role.ALARM),),
            ((f" {tr('NO ENGINE')} ", Role.ALARM),),
            (("!E", Role.ALARM),),
        ]
    lag = min(engine.lag for engine in alive)
    slow = lag > timedelta(seconds=1)
    dot: Piece = ("● ", Role.SOON if slow else Role.OK)
    first = min(alive, key=lambda engine: engine.name)
    more = f" +{len(alive) - 1}" if len(alive) > 1 else ""
    late = f" {tr('lag {seconds:.0f} s').format(seconds=lag.total_seconds())}" if slow else ""
    return [
        (dot, (tr("engine {name}").format(name=clean(first.name)), Role.TEXT), (more, Role.MUTED), (late, Role.SOON)),
        (dot, (f"{tr('engine')}{late}", Role.MUTED)),
        (("●", dot[1]),),
    ]


def _marker(turn: Turn, page: int, pages: int, *, plain: bool) -> Line:
    done = min(TICKS, int(max(0.0, turn.passed) * TICKS))
    full, rest = ("=", "-") if plain else ("━", "─")
    which = tr("page {number} of {count}").format(number=page + 1, count=pages) + " " if pages > 1 else ""
    return ((which, Role.ACCENT), (full * done, Role.ACCENT), (rest * (TICKS - done), Role.FAINT))


# -- for every line --------------------------------------------------------------------------------------------------


def _grey(line: Line) -> Line:
    """A line of a picture that may be wrong by now: nothing in it calls for attention any more."""
    return tuple((text, Role.FAINT if role in (Role.FAINT, Role.FRAME) else Role.MUTED) for text, role in line)


_ASCII = str.maketrans(
    {
        **dict.fromkeys("─━╌┄–—", "-"),
        **dict.fromkeys("│▌▏▕┃╵", "|"),
        **dict.fromkeys("█▀▄", "#"),
        "●": "*", "◆": "*", "▲": "^", "▪": "+", "→": ">", "▶": ">", "▼": "v", "═": "=",
        "·": ".", "…": ".", "✉": "@", "×": "x",
    }
)  # fmt: skip


@lru_cache(maxsize=2048)
def _folded(text: str) -> str:
    """In plain ASCII, as wide as before: what a plain terminal cannot show is a question mark."""
    text = text.translate(_ASCII)
    if text.isascii():
        return text
    return "".join(char if char.isascii() else _letter(char) for char in text)


def _letter(char: str) -> str:
    """The letter without its mark, where that is a plain one."""
    base = unicodedata.normalize("NFKD", char)[0]
    width = max(0, cell_width(char))
    return base if width == 1 and base.isascii() and base.isprintable() else "?" * width


def _plain(line: Iterable[Piece]) -> Line:
    pieces: Sequence[Piece] = [(_folded(text), role) for text, role in line]
    return tuple(pieces)
