"""HTML of a status page as plain text, and cut into the posts that it holds.

The work is `html.parser`'s. In front of it stands a guard, since that parser takes quadratic time over
unfinished tags and declarations (CPython issue 135462; still so in many Pythons in use): only whole, short tags
get through to it as tags, every other `<` is a character.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Final

from warroom.words import figure, tr

MARKUP_LIMIT: Final = 256 * 1024
"""Most characters of HTML in one entry; the longest real one seen has about 30,000."""

_TAG: Final = re.compile(r"<(?:(/?[A-Za-z][A-Za-z0-9]{0,15}+)([^<>]{0,1000}+)>)?")
_PARAGRAPHS: Final = frozenset(("p", "ul", "ol", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"))
_LINES: Final = frozenset(("br", "div", "li", "tr"))
_UNSEEN: Final = frozenset(("script", "style", "head", "title", "template"))
_LOOKS_LIKE_HTML: Final = re.compile(
    r"</?(?:p|br|div|span|a|b|i|u|em|strong|ul|ol|li|code|pre|h[1-6]|blockquote)\b[^<>]{0,1000}>"
    r"|&(?:amp|lt|gt|quot|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});",
    re.IGNORECASE,
)


class _Collector(HTMLParser):
    """Text as it would be read, and optionally the heads that cut it into sections.

    `sections` holds pairs of head and text; the first pair, with an empty head, is what stands before any
    head.
    """

    def __init__(self, head_tag: str, head_class: str, is_head: Callable[[str], bool]) -> None:
        super().__init__(convert_charrefs=True)
        self._head_tag, self._head_class, self._is_head = head_tag, head_class, is_head
        self._head: list[str] | None = None
        self._pieces: list[str] = []
        self._unseen = 0
        self._links: list[tuple[str, int]] = []
        self.sections: list[tuple[str, str]] = []
        self._title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == self._head_tag and (
            not self._head_class or self._head_class in (values.get("class") or "").split()
        ):
            self._give_back_head()
            self._head = []
        elif tag in _PARAGRAPHS:
            self._write("\n\n")
        elif tag in _LINES:
            self._write("\n- " if tag == "li" else "\n")
        elif tag == "a":
            self._links.append((values.get("href") or "", len(self._pieces)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == self._head_tag and self._head is not None:
            head = "".join(self._head)
            if self._is_head(head):
                self._finish()
                self._title, self._head = head, None
            else:
                self._give_back_head()
        elif tag in _PARAGRAPHS:
            self._write("\n\n")
        elif tag == "div":
            self._write("\n")
        elif tag == "a" and self._links:
            self._write_link(*self._links.pop())

    def handle_data(self, data: str) -> None:
        self._write(data)

    def _write(self, text: str) -> None:
        if self._unseen:
            return
        (self._pieces if self._head is None else self._head).append(text)

    def _write_link(self, address: str, since: int) -> None:
        """The address behind a link's words, where the words do not say it already."""
        words = "".join(self._pieces[since:]).strip()
        if address.startswith(("https://", "http://")) and address.rstrip("/") != words.rstrip("/"):
            self._write(f" ({address})" if words else address)

    def _give_back_head(self) -> None:
        """What began like a head and was none is text."""
        if self._head is not None:
            head, self._head = self._head, None
            self._pieces += head

    def _finish(self) -> None:
        text = "\n".join(line.strip(" \t\r\xa0") for line in "".join(self._pieces).split("\n"))
        self.sections.append((self._title.strip(), re.sub(r"\n{3,}", "\n\n", text).strip()))
        self._pieces, self._links = [], []

    def close(self) -> None:
        super().close()
        self._give_back_head()
        self._finish()


def sections(
    html: str, tag: str, css_class: str = "", is_head: Callable[[str], bool] = lambda head: True
) -> list[tuple[str, str]]:
    """HTML cut at the elements `tag` (of `css_class`, if given) whose text `is_head` accepts.

    Returns pairs of head and following text, both plain but not cleaned; the first pair has an empty head and
    whatever stands before the first one. Raises `ValueError` above `MARKUP_LIMIT` characters.
    """
    if len(html) > MARKUP_LIMIT:
        raise ValueError(
            tr("holds {count:,} characters of HTML; no real entry has over {most:,}").format(
                count=figure(len(html)), most=figure(MARKUP_LIMIT)
            )
        )
    parser = _Collector(tag, css_class, is_head)
    parser.feed(_TAG.sub(_guard, _without_comments(html)))
    parser.close()
    return parser.sections


def plain(text: str) -> str:
    """A body that may or may not be HTML, as plain text that is not cleaned yet.

    What shows no tag or entity of HTML is returned as it is, so that `a < b` in plain text stays whole.
    Raises `ValueError` above `MARKUP_LIMIT` characters of HTML.
    """
    if not _LOOKS_LIKE_HTML.search(text):
        return text
    return sections(text, tag="")[0][1]


def _guard(match: re.Match[str]) -> str:
    name, rest = match[1], match[2]
    if name is None or rest.count('"') % 2 or rest.count("'") % 2 or rest[:1] not in ("", " ", "/", "\n", "\t"):
        return "&lt;" + match[0][1:]
    return match[0]


def _without_comments(html: str) -> str:
    kept: list[str] = []
    start = 0
    while (opening := html.find("<!--", start)) >= 0:
        closing = html.find("-->", opening + 4)
        if closing < 0:
            break
        kept.append(html[start:opening])
        start = closing + 3
    return "".join(kept) + html[start:]
