"""The first picture: what is live, on the screen in a fraction of a second, while the program behind it is loaded.

Whoever opens the board at 3 a.m. over a slow line sees what burns before libraries and rules are read. The picture is
drawn without Textual, from a look at the file (`warroom.store.peek`); the board is drawn over it as soon as it stands.
Keys that are typed meanwhile, until the board reads them itself, are not echoed; they stay in the terminal's queue and
reach it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from warroom.clock import Clock
from warroom.domain.status_words import status_word
from warroom.store.peek import FirstLook, LiveLine, first_look
from warroom.tui.clockface import SOON_S, countdown, is_late, left_s
from warroom.tui.pieces import Line, Role, clean, fit_line, fitted
from warroom.valueclass import dataclass
from warroom.words import tr

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J"
_LEAVE: Final = "\x1b[0m\x1b[2J\x1b[H\x1b[?1049l\x1b[?25h"
"""The picture is wiped, for terminals that have no second screen; then the first one comes back."""
_PENS: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.STRONG: "1", Role.MUTED: "2", Role.ACCENT: "36", Role.SOON: "1;33", Role.LATE: "1;91",
        Role.SEV1: "1;91", Role.SEV2: "1;93", Role.SEV3: "33", Role.SEV4: "36", Role.SEV5: "2",
    }
)  # fmt: skip
"""The terminal's own colours: which theme is wanted is not known yet."""
_COLOURLESS: Final = frozenset({"1", "2"})
_KEY, _STATUS, _LEAD, _DUE = 9, 13, 12, 10
_TITLE_LEAST: Final = 20
_TITLE_MOST: Final = 72
"""As on the board: wider, and the eye loses the row on its way to the figures."""


def picture(look: FirstLook, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """At most `height` lines of `width` cells: what the room is, what is live, and that the rest is coming."""
    head: Line = (
        (" warroom", Role.STRONG),
        (f" · {clean(look.room)}" if look.room not in ("", "warroom") else "", Role.TEXT),
        (f"   {tr('{count} live').format(count=look.live)}", Role.STRONG if look.live else Role.MUTED),
    )
    lines: list[Line] = [head, ()]
    room = max(0, height - 4)
    sizes = _sizes(look, width)
    lines += [_row(line, look.glyphs, now, sizes) for line in look.lines[:room]]
    if look.live > len(look.lines[:room]):
        more = look.live - len(look.lines[:room])
        lines.append(((f"  {tr('and {count} more').format(count=more)}", Role.MUTED),))
    lines += [(), ((f" {tr('loading the board …')}", Role.MUTED),)]
    return tuple(fit_line(line, width) for line in lines[:height])


@dataclass(frozen=True, slots=True)
class _Sizes:
    severity: int
    title: int
    status: int
    lead: int


def _sizes(look: FirstLook, width: int) -> _Sizes:
    severity = min(max((len(clean(line.severity)) for line in look.lines), default=4), 8) + 2
    left = width - 2 - severity - _KEY - _DUE - 6
    lead = _LEAD if left - _LEAD - 2 >= _TITLE_LEAST else 0
    status = _STATUS if lead and left - _LEAD - _STATUS - 4 >= _TITLE_LEAST else 0
    title = left - (lead + 2 if lead else 0) - (status + 2 if status else 0)
    return _Sizes(severity, min(max(4, title), _TITLE_MOST), status, lead)


def _row(line: LiveLine, glyphs: Mapping[str, str], now: datetime, sizes: _Sizes) -> Line:
    grave = tuple(Role)[tuple(Role).index(Role.SEV1) + min(max(line.rank, 1), 5) - 1]
    pieces: list[tuple[str, Role]] = [
        ("  ", Role.TEXT),
        (fitted(f"{clean(glyphs.get(line.severity, ''))} {clean(line.severity)}", sizes.severity), grave),
        (f"  {fitted(line.key, _KEY)}", Role.MUTED),
        (f"  {fitted(line.title, sizes.title)}", Role.TEXT),
    ]
    if sizes.status:
        pieces.append((f"  {fitted(status_word(line.status), sizes.status)}", Role.MUTED))
    if sizes.lead:
        pieces.append((f"  {fitted(line.lead or '—', sizes.lead)}", Role.TEXT if line.lead else Role.MUTED))
    if line.due is not None:
        at = _EPOCH + timedelta(microseconds=line.due)
        late = is_late(at, now)
        role = Role.LATE if late else Role.SOON if left_s(at, now) <= SOON_S else Role.TEXT
        pieces.append((f"  {countdown(at, now)}", role))
    return tuple(pieces)


def sequences(lines: tuple[Line, ...], *, colours: bool) -> str:
    """The lines as they are sent to a terminal that shows an empty screen."""
    out: list[str] = [_ENTER]
    for y, line in enumerate(lines):
        out.append(f"\x1b[{y + 1};1H")
        for text, role in line:
            pen = ";".join(part for part in _PENS.get(role, "").split(";") if colours or part in _COLOURLESS)
            out.append(f"\x1b[{pen}m{text}\x1b[m" if pen else text)
    return "".join(out)


class Glimpse:
    """The picture in this process's terminal, and the terminal's state before it."""

    def __init__(self) -> None:
        self.attributes: list[Any] | None = None
        """Those of the terminal's line before it was kept quiet; None where it is not."""
        self._shown = False
        self._drawn_over: Callable[[], bool] = lambda: False
        self._handlers: dict[signal.Signals, Any] = {}

    def show(self, target: str) -> None:
        """Draw what is live in the room at `target`; nothing where the file or the terminal does not allow it."""
        with suppress(Exception):  # the board says what is wrong
            size = os.get_terminal_size(sys.__stderr__.fileno() if sys.__stderr__ is not None else 2)
            look = first_look(target, size.lines)
            if look is None:
                return
            clock = Clock() if look.clock is None else Clock(_at(look.clock[0]), _at(look.clock[1]), look.clock[2])
            text = sequences(
                picture(look, clock(), size.columns, size.lines), colours=not os.environ.get("NO_COLOR", "")
            )
            self._quiet()
            self._shown = True
            os.write(2, text.encode("utf-8", "replace"))

    def _quiet(self) -> None:
        """Keys are not echoed into the picture, and wait one by one."""
        import termios

        self.attributes = termios.tcgetattr(0)
        quiet = list(self.attributes)
        quiet[3] &= ~(termios.ECHO | termios.ICANON)
        # Enter stays what it is, and ctrl+s stops nothing: who types ahead means the board.
        quiet[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
        quiet[6] = list(quiet[6])
        quiet[6][termios.VSUSP] = b"\0"  # a program that is stopped here would leave its picture behind
        termios.tcsetattr(0, termios.TCSANOW, quiet)
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as whoever started this wants it
                self._handlers[number] = signal.signal(number, _end)

    def hand_over(self, drawn_over: Callable[[], bool]) -> None:
        """The board is about to draw, over the picture. Until it reads what is typed itself the terminal stays quiet;
        `drawn_over` says whether it has begun, and then it is the board that leaves the screen."""
        self._drawn_over = drawn_over

    def take_back(self) -> None:
        """At the end: the terminal is as it was before."""
        if self._shown and not self._drawn_over():
            with suppress(OSError):
                os.write(2, _LEAVE.encode())
        self._shown = False
        self._restore()

    def _restore(self) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers.clear()
        if self.attributes is not None:
            import termios

            with suppress(termios.error):
                termios.tcsetattr(0, termios.TCSANOW, self.attributes)
            self.attributes = None


def _end(number: int, _: object) -> None:
    """Leave in the usual way, so that the terminal is given back."""
    raise SystemExit(128 + number)


def _at(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


@contextmanager
def glimpse(target: str) -> Iterator[Glimpse]:
    """The picture until the block hands over, or ends; the terminal is restored however it does."""
    found = Glimpse()
    try:
        found.show(target)
        yield found
    finally:
        found.take_back()
