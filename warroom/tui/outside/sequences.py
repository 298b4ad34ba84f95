"""Bell, notification, title, clipboard and link as terminal sequences, each cleaned by a list of its own. Pure.

Whatever text is handed in: a sequence that comes out of here ends where it says, and nothing in it begins another.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from typing import Final

from warroom.domain.addresses import web_address
from warroom.domain.text import clean_line, cut
from warroom.tui.outside.terminals import Notices, Wrap

BELL: Final = "\a"
PUSH_TITLE: Final = "\x1b[22;0t"
POP_TITLE: Final = "\x1b[23;0t"
"""XTWINOPS: keep the title (and the icon's) on the terminal's stack, and take it back."""

TITLE_MOST: Final = 80
"""The longest title, in cells: a tab shows less, a window manager's list hardly more."""
NOTICE_MOST: Final = 160
"""The longest text of a notification, in cells: two lines on most desktops."""
CLIPBOARD_MOST: Final = 8_192
"""The most that goes to the clipboard at once, in bytes of UTF-8. Terminals take some 74,000 after encoding, an older
one 1,000 or so; what is copied from a room is a line of its chat."""

# Punctuation that may be in a title or a notification, besides letters and figures. No semicolon, which parts fields;
# no backslash or quotes, which somebody's desktop might hand to a shell; no ampersand or angle bracket, which are
# markup to notification servers.
_PUNCTUATION: Final = frozenset(" ,.:#()+/%-_!?@=·…")


def plain_words(text: str, most: int) -> str:
    """The letters, figures and ordinary punctuation of a text, on one line of at most `most` cells."""
    kept = (
        char if char in _PUNCTUATION or unicodedata.category(char)[0] in "LNM" else " "
        for char in clean_line(text, 4 * most)
    )
    return cut(clean_line("".join(kept), 4 * most), most)


def title(words: str) -> str:
    """Name the window and its tab (OSC 0)."""
    return f"\x1b]0;{plain_words(words, TITLE_MOST)}\a"


def notice(form: Notices, head: str, words: str, wrap: Wrap = Wrap.NONE) -> str:
    """A desktop notification in one of the forms; "" where the terminal takes none."""
    head, words = plain_words(head, TITLE_MOST), plain_words(words, NOTICE_MOST)
    match form:
        case Notices.OSC_9:
            # A text that begins with a figure would be a command to Windows Terminal and ConEmu.
            said = f"\x1b]9;{re.sub(r'^[^A-Za-z]*', '', f'warroom: {head}: {words}')}\x1b\\"
        case Notices.OSC_777:
            said = f"\x1b]777;notify;{head};{words}\x1b\\"
        case Notices.OSC_99:
            said = f"\x1b]99;i=warroom:d=0;{head}\x1b\\\x1b]99;i=warroom:d=1:p=body;{words}\x1b\\"
        case Notices.NONE:
            return ""
    return passed_on(said, wrap)


def clipboard(text: str, wrap: Wrap = Wrap.NONE) -> str:
    """Put a text on the clipboard (OSC 52); "" for one that is longer than `CLIPBOARD_MOST`, or empty.

    Inside tmux it is said twice: to tmux, which takes it where `set-clipboard` is on, and through it to the terminal.
    """
    raw = text.encode("utf-8", "replace")
    if not 0 < len(raw) <= CLIPBOARD_MOST:
        return ""
    said = f"\x1b]52;c;{base64.b64encode(raw).decode('ascii')}\a"
    return said + (passed_on(said, wrap) if wrap is Wrap.TMUX else "")


def link(words: str, address: str) -> str:
    """Cleaned words that lead to an address (OSC 8), or the words alone where it is none that may be followed.

    The id is made of the address, so that the parts of one that is wrapped belong together.
    """
    target = web_address(address)
    if not target:
        return words
    return f"\x1b]8;id={link_id(target)};{target.replace(';', '%3B')}\x1b\\{words}\x1b]8;;\x1b\\"


def link_id(target: str) -> str:
    """The same short word for the same address."""
    value = 0
    for byte in target.encode():
        value = (value * 257 + byte) % 0xFFFF_FFFB
    return f"w{value:x}"


def passed_on(sequence: str, wrap: Wrap) -> str:
    """The sequence as it has to be written for the terminal behind tmux to see it."""
    if wrap is not Wrap.TMUX or not sequence:
        return sequence
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
