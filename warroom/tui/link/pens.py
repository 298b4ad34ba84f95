"""Styles as a terminal knows them, and the shortest sequence from one to the next."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rich.color import ColorSystem
from rich.style import Style

from warroom.valueclass import dataclass

RESET: Final = "\x1b[m"

# What ends an attribute (ECMA-48, SGR). Two share an end where one number ends both.
_ENDS: Final = {
    "1": "22",
    "2": "22",
    "3": "23",
    "4": "24",
    "5": "25",
    "6": "25",
    "7": "27",
    "8": "28",
    "9": "29",
    "51": "54",
    "52": "54",
    "53": "55",
}
_ON_BLANKS: Final = frozenset(("4", "7", "9", "21", "51", "52", "53"))
"""The attributes that can be seen where there is nothing but a blank: lines, frames and the exchange of the colours."""


@dataclass(frozen=True, slots=True)
class Pen:
    """How text is drawn: SGR parameters of the colours ("" is the terminal's own), attributes, and a link's OSC 8."""

    fore: str = ""
    back: str = ""
    attributes: frozenset[str] = frozenset()
    link: str = ""

    @property
    def on_blanks(self) -> Pen:
        """The part of it that can be seen on a blank."""
        if self.link or self.attributes & _ON_BLANKS:
            return self
        return Pen(back=self.back)

    @property
    def parameters(self) -> str:
        """What sets all of it after a reset."""
        return ";".join([*sorted(self.attributes, key=int), *filter(None, (self.fore, self.back))])


PLAIN: Final = Pen()

# Pens are numbered, since cells are compared by the thousand. The numbers live as long as the process: there are as
# many as a theme has styles.
_numbers: dict[Pen, int] = {PLAIN: 0}
_pens: list[Pen] = [PLAIN]
_blanks: list[int] = [0]


def number_of(pen: Pen) -> int:
    """The number of a pen; 0 is plain."""
    found = _numbers.get(pen)
    if found is None:
        found = _numbers[pen] = len(_pens)
        _pens.append(pen)
        _blanks.append(found)
        _blanks[found] = number_of(pen.on_blanks)
    return found


def blank_of(number: int) -> int:
    """The number of the pen that a blank of this pen is drawn with: as little as can be seen of it."""
    return _blanks[number]


def pen(number: int) -> Pen:
    """The pen of a number."""
    return _pens[number]


@lru_cache(maxsize=4096)
def of_style(style: Style | None, system: ColorSystem) -> int:
    """The number of the pen that draws a style of Rich."""
    if style is None:
        return 0
    before = style.render("\0", color_system=system).partition("\0")[0]
    link = ""
    if before.startswith("\x1b]8;"):
        link, _, before = before.partition("\x1b\\")
        link += "\x1b\\"
    if not before:
        return number_of(Pen(link=link))
    fore = back = ""
    attributes: set[str] = set()
    codes = iter(before.removeprefix("\x1b[").removesuffix("m").split(";"))
    for code in codes:
        if code in ("38", "48"):
            kind = next(codes, "")
            values = [next(codes, "0") for _ in range(3 if kind == "2" else 1)]
            color = ";".join((code, kind, *values))
            fore, back = (color, back) if code == "38" else (fore, color)
        elif code in ("39", "49"):
            fore, back = ("", back) if code == "39" else (fore, "")
        elif 30 <= int(code) <= 37 or 90 <= int(code) <= 97:
            fore = code
        elif 40 <= int(code) <= 47 or 100 <= int(code) <= 107:
            back = code
        else:
            attributes.add(code)
    return number_of(Pen(fore, back, frozenset(attributes), link))


@lru_cache(maxsize=8192)
def change(old: int, new: int) -> str:
    """The shortest sequence that makes a terminal that draws with one pen draw with another."""
    if old == new:
        return ""
    one, other = _pens[old], _pens[new]
    link = "" if one.link == other.link else other.link or "\x1b]8;;\x1b\\"
    whole = f"\x1b[0;{other.parameters}m" if other.parameters else RESET
    gone, come = one.attributes - other.attributes, set(other.attributes - one.attributes)
    codes: list[str] = []
    for attribute in sorted(gone, key=int):
        end = _ENDS.get(attribute)
        if end is None:
            return link + whole
        if end not in codes:
            codes.append(end)
        come.update(each for each in other.attributes if _ENDS.get(each) == end)  # ended with it: set again
    codes += sorted(come, key=int)
    if one.fore != other.fore:
        codes.append(other.fore or "39")
    if one.back != other.back:
        codes.append(other.back or "49")
    step = f"\x1b[{';'.join(codes)}m" if codes else ""
    return link + (step if len(step) <= len(whole) else whole)
