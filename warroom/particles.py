"""Korean particles behind names: `이(가)`, `을(를)` and their like, as a translation has them where it cannot know what
stands before them, become the one that fits.

Which of the two fits depends on whether the word before ends in a consonant as it is spoken (Standard Korean
Orthography, articles 14 and 38ff.). Of Hangul and figures that is certain, of Latin letters mostly; where it is not,
both stay, as is usual in print.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

_FORMS: Final = {
    "이(가)": ("이", "가"),
    "은(는)": ("은", "는"),
    "을(를)": ("을", "를"),
    "과(와)": ("과", "와"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)라": ("이라", "라"),
}
_PARTICLE: Final = re.compile(r"(?P<word>\w+)(?P<closed>['\"’”`»]*)(?P<form>" + "|".join(map(re.escape, _FORMS)) + ")")
_RIEUL: Final = 8
"""The final ㄹ, behind which 로 stands as behind a vowel."""
# As figures are read: 영 일 이 삼 사 오 육 칠 팔 구. A figure that ends in noughts ends in 십, 백, 천 or 만.
_FIGURES: Final = {"0": 1, "1": _RIEUL, "2": 0, "3": 1, "4": 0, "5": 0, "6": 1, "7": _RIEUL, "8": _RIEUL, "9": 0}
# As the names of letters are read, in words of capitals alone: 엘, 엠, 엔, 알.
_CAPITALS: Final = {"L": _RIEUL, "M": 1, "N": 1, "R": _RIEUL}
# As words of other languages are mostly written in Hangul, by how they end.
_ENDS: Final = (
    ("ng", 1), ("l", _RIEUL), ("m", 1), ("n", 1),
    *((end, 0) for end in ("a", "i", "o", "u", "y", "s", "x", "z", "f", "v", "d", "r", "h", "j", "w")),
)  # fmt: skip


def final_of(word: str) -> int | None:
    """The consonant that a word ends in as it is spoken: 0 for none, `_RIEUL` for ㄹ, another number for another one;
    None where that is not certain."""
    last = word[-1:]
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28
    if last in _FIGURES:
        return _FIGURES[last]
    if not last.isascii() or not last.isalpha():
        return None
    if word.isupper() or len(word) == 1:  # letters by their names
        return _CAPITALS.get(last.upper(), 0)
    return next((final for end, final in _ENDS if word.casefold().endswith(end)), None)


def settled(text: str) -> str:
    """The text with the particles that fit."""
    return _PARTICLE.sub(_fitting, text) if "(" in text else text


def _fitting(found: re.Match[str]) -> str:
    final = final_of(found["word"])
    if final is None:
        return found[0]
    with_final, without = _FORMS[found["form"]]
    first = final != 0 and not (final == _RIEUL and found["form"] == "(으)로")
    return f"{found['word']}{found['closed']}{with_final if first else without}"


class Worded(str):
    """A text whose particles are settled once its parts are filled in."""

    __slots__ = ()

    def format(self, *parts: object, **named: object) -> str:
        """As that of any text."""
        return settled(super().format(*parts, **named))


def with_particles(look_up: Callable[..., str]) -> Callable[..., Any]:
    """A function that looks texts up, whose texts settle their particles."""
    known: dict[str, str] = {}

    def found(*asked: Any) -> str:
        text = look_up(*asked)
        worded = known.get(text)
        if worded is None:
            worded = known[text] = Worded(text) if any(form in text for form in _FORMS) else text
        return worded

    return found
