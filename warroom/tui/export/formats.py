"""The forms that an export can take. Texts from outside are made harmless for each of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from warroom.domain.text import clean_block, clean_line
from warroom.tui.clockface import length
from warroom.tui.export.sheet import Export, Sheet, Value, rfc3339
from warroom.tui.export.words import Word
from warroom.words import figure, mark, tr

_FORMULA: Final = frozenset("=+-@\t\r\n＝＋－＠")
"""What a cell begins with that a table program takes for a formula (OWASP, CSV injection), its wide forms too."""
_MARKED: Final = re.compile(r"([\\`*_\[\]<>|~#&])")
"""What Markdown takes for more than itself within a line."""


@dataclass(frozen=True, slots=True)
class Format:
    """A form: its short name, which is also how its files end, what it is for, and how it is made."""

    name: str
    words: str
    make: Callable[[Export], str]


def csv_text(export: Export) -> str:
    """One table with a line of heads. Where a view has several parts they stand below each other, told apart by the
    column `part`. Times are RFC 3339, spans seconds; nothing in it is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    sheets = export.sheets or (_of_lines(export),)
    if len(sheets) == 1:
        writer.writerow([_cell(head) for head in sheets[0].heads])
        writer.writerows([_cell(value) for value in row] for row in sheets[0].rows)
        return out.getvalue()
    heads = list(dict.fromkeys(head for sheet in sheets for head in sheet.heads))
    writer.writerow(["part", *map(_cell, heads)])
    for sheet in sheets:
        for row in sheet.rows:
            known = dict(zip(sheet.heads, row, strict=True))
            writer.writerow([_cell(sheet.name), *(_cell(known.get(head)) for head in heads)])
    return out.getvalue()


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return rfc3339(value)
        case timedelta():
            return f"{value.total_seconds():g}"
        case int() | float():
            return str(value)
    cleaned = clean_block(value)
    return f"'{cleaned}" if cleaned[:1] in _FORMULA or cleaned.lstrip()[:1] in _FORMULA else cleaned


def markdown(export: Export) -> str:
    """Headings and tables, for a chat, a ticket or a report."""
    return "\n".join(_markdown(export)) + "\n"


def _markdown(export: Export) -> Iterator[str]:
    yield f"# {_marked(export.heading or export.title)}"
    yield ""
    yield f"{_moment(export.at)} UTC"
    if export.lines and not export.sheets:
        fence = "`" * max(
            3, 1 + max((len(each) for line in export.lines for each in re.findall("`+", line)), default=0)
        )
        yield from ("", fence, *_rows(export), fence)
    for sheet in export.sheets:
        yield ""
        if sheet.name and len(export.sheets) > 1:
            yield from (f"## {_marked(tr(sheet.name))}", "")
        yield from _table(sheet)


def _table(sheet: Sheet) -> Iterator[str]:
    shown = [n for n in range(len(sheet.heads)) if any(row[n] not in (None, "") for row in sheet.rows)]
    if not shown:
        yield "—"
        return
    yield "| " + " | ".join(_marked(tr(sheet.heads[n])) for n in shown) + " |"
    yield "|" + "---|" * len(shown)
    for row in sheet.rows:
        yield "| " + " | ".join(_told(row[n]) for n in shown) + " |"


def _told(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return tr("yes") if value else tr("no")
        case Word():
            return _marked(tr(value))
        case datetime():
            return _moment(value)
        case timedelta():
            return length(value)
        case int() | float():
            return str(figure(value))
    return "<br>".join(_marked(line) for line in clean_block(value).splitlines())


def _marked(text: str) -> str:
    return _MARKED.sub(r"\\\1", clean_line(text, 10_000))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def json_text(export: Export) -> str:
    """All that the view knows, as one object."""
    data = export.data if export.data is not None else {"lines": list(_rows(export))}
    made = {"view": export.view, "subject": export.subject, "title": clean_line(export.title), "at": rfc3339(export.at)}
    return json.dumps({**made, "data": data}, ensure_ascii=False, indent=2) + "\n"


def plain_text(export: Export) -> str:
    """The screen as it stands, without its colours."""
    return "".join(f"{row}\n" for row in _rows(export))


def _rows(export: Export) -> Iterator[str]:
    """The rows of the screen; blanks stay where they are, for they are what aligns it."""
    for line in export.lines:
        yield "".join(char for char in line if char == " " or char.isprintable()).rstrip()


def _of_lines(export: Export) -> Sheet:
    return Sheet("", ("line",), tuple((row,) for row in _rows(export)))


FORMATS: Final = (
    Format("md", mark("Markdown: for a chat or a ticket"), markdown),
    Format("csv", mark("CSV: for a table program"), csv_text),
    Format("json", mark("JSON: everything, for programs"), json_text),
    Format("svg", mark("SVG: a picture of the screen"), lambda _: ""),
    Format("txt", mark("Plain text: without its colours"), plain_text),
)
"""Every form. A picture is made by whoever has the screen."""
BY_NAME: Final = {each.name: each for each in FORMATS}
