"""Hostile and wide texts of our own, and values in which every text has been turned into one (R16).

`turned` goes through the views that a screen draws, which is behind the cleaning at intake: what a screen does not
clean itself is seen to come out of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

KEPT = ("zone", "FactLine.name", "TimeLine.name")
"""Fields whose text is looked up in a table, so that one from outside never gets there."""

Value = TypeVar("Value")
Turn = Callable[[str], str]

SEQUENCES = (
    "\x1b]0;owned\x07", "\x1b]52;c;b3duZWQ=\x07", "\x1b]8;;file:///etc/passwd\x1b\\here\x1b]8;;\x1b\\",
    "\x1b[3J\x1b[H", "\x1b[31;5m", "\x1b[?1049l", "\x1b[6n", "\x1bP$q\"p\x1b\\", "\x1b_Gi=1\x1b\\", "\x1bc", "\x1b(0",
    "\x9b31m", "\x9d0;c1\x9c", "\x1b]9;boo\x07", "\x1b]777;notify;a;b\x07", "\x1b", "\x1b[", "\x07\x08\x0e\x00\x7f",
    "a\rb\nc\td\ve\x85f",
)  # fmt: skip
"""What drives a terminal."""
CONTROLS = (
    "\u202eevil\u202c", "\u2066x\u2069\u200f\u200e\u061c", "\u200b\u200c\u200d\u2060\ufeff\u00ad", "\u2028\u2029",
    "\ue000\U000f0000", "\ud800\udc9b", "\ufffe\u0378\ufdd0", "\ufff9a\ufffab\ufffb", "\U000e0041\U000e007f",
    "a\ufe0f\ufe0e\U000e0100", "\u115f\u1160\u3164\uffa0\u034f\u17b4", "\u2800\u3000\u00a0",
)  # fmt: skip
"""What cannot be seen, turns its neighbours round, or is nothing."""
MARKUP = ("[red]x[/]", "[/]", "[@click=app.quit]q[/]", "[link=https://e.example]l[/link]", "\\[", "$x", "{0}{x}%s%(y)s")
"""What a renderer may take for its own."""
WIDE = (
    "결제 서비스 장애", "支付服务故障。", "決済サービス", "انقطاع الخدمة", "תקלה", "सेवा बंद", "กำลังแก้", "ᄒᆞᆫ글", "ㅋㅋ",
    "👨‍👩‍👧‍👦", "👩🏽‍💻", "🇸🇪🇰🇷", "1️⃣#️⃣", "❤️‍🔥⚠️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🔥🚨", "Z̸̢̛̤̺͎͚̦͔̈́͐̓̾͗͘a̵͍̠̎l̶͇̈́go", "ﷺ", "①½°", "ｆｕｌｌ",
)  # fmt: skip
"""What is wide, or of which terminals differ."""
EVERYTHING = (*SEQUENCES, *CONTROLS, *MARKUP, *WIDE)


def hostile(text: str) -> str:
    """A text with three of `EVERYTHING` in and around it, the same ones each time for the same text."""
    start = sum(map(ord, text)) * 7 + len(text)
    before, within, behind = (EVERYTHING[(start + step) % len(EVERYTHING)] for step in (0, 17, 31))
    half = len(text) // 2
    return f"{before}{text[:half]}{within}{text[half:]}{behind}"


def all_of_it(text: str) -> str:
    """A text behind everything at once."""
    return f"{text[:6]}{''.join(EVERYTHING)}{text}"


def latin(text: str) -> str:
    """As wide as the text and of the same words, but none of them one that the program knows."""
    return _paired(text, "".join)


def hangul(text: str) -> str:
    """As wide as `latin`, two letters to a syllable."""
    return _paired(text, lambda pair: chr(0xAC00 + 26 * (ord(pair[0]) - 97) + ord(pair[1]) - 97))


def han(text: str) -> str:
    """As wide as `latin`, two letters to a Chinese character."""
    return _paired(text, lambda pair: chr(0x4E00 + 26 * (ord(pair[0]) - 97) + ord(pair[1]) - 97))


def emoji(text: str) -> str:
    """As wide as `latin`, two letters to an emoji."""
    return _paired(text, lambda pair: chr(0x1F400 + (26 * ord(pair[0]) + ord(pair[1])) % 62))


def arabic(text: str) -> str:
    """As wide as `latin`, a letter to a letter."""
    return _paired(text, lambda pair: "".join(chr(0x0627 + (ord(char) - 97) % 20) for char in pair))


def _paired(text: str, write: Callable[[tuple[str, str]], str]) -> str:
    done, held = "", ""
    for char in text.lower():
        if not "a" <= char <= "z":
            done, held = done + held + char, ""
        elif not held:
            held = chr(97 + (ord(char) - 97 + 13) % 26)
        else:
            done, held = done + write((held, chr(97 + (ord(char) - 97 + 13) % 26))), ""
    return done + held


def turned(value: Value, turn: Turn) -> Value:
    """The same value with every text in it turned; what is one of a fixed set (an enumeration) stays."""
    found: Any = value
    if isinstance(value, Enum):
        pass
    elif isinstance(value, str):
        found = turn(value) if value else value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [each.name for each in dataclasses.fields(value) if each.init]
        names = [name for name in fields if name not in KEPT and f"{type(value).__name__}.{name}" not in KEPT]
        found = dataclasses.replace(value, **{name: turned(getattr(value, name), turn) for name in names})
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        found = type(value)(*(turned(each, turn) for each in value))
    elif isinstance(value, tuple | list | set | frozenset):
        found = type(value)(turned(each, turn) for each in value)
    elif isinstance(value, Mapping):
        found = {turned(key, turn): turned(each, turn) for key, each in value.items()}
    return found
