"""The .tcss beside a theme: another layout of the board, checked before it is used.

What it says counts for more than warroom's own style sheets, whatever the selectors, and more than the sizes that the
board gives its parts for the size of the terminal (`warroom.tui.fitting`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from textual.css.errors import StylesheetError
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet, StylesheetParseError
from textual.css.tokenizer import TokenError

from warroom.domain.text import clean_line
from warroom.plainfile import read_plain
from warroom.rulebook.problems import Problem
from warroom.words import tr

MAX_BYTES: Final = 64 * 1024
KIND: Final = "warroom-layout"
"""Under which name its style sheets are known to the app."""


def read_layout(path: Path, variables: Mapping[str, str]) -> tuple[str, tuple[RuleSet, ...], tuple[Problem, ...]]:
    """A style sheet ready for use, its rules, and what is wrong with it: then it must not be used. `variables` are
    those of the theme that it goes with."""
    file = clean_line(str(path), 200)
    try:
        raw = read_plain(path, MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            what = tr("is larger than {count} KiB").format(count=MAX_BYTES // 1024)
            return "", (), (Problem(file, None, None, "", "", what, tr("take out what is no layout")),)
        css = raw.decode("utf-8-sig")
    except OSError as error:
        what = tr("cannot be read: {why}").format(why=clean_line(error.strerror or type(error).__name__, 100))
        return "", (), (Problem(file, None, None, "", "", what, tr("see that you may read it")),)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return "", (), (Problem(file, line, 1, "", "", tr("is not UTF-8"), tr("save the file as UTF-8")),)
    rules, problems = check_layout(file, css, variables)
    if problems:
        return "", (), problems
    strong = strengthened(css)
    rules, problems = check_layout(file, strong, variables)
    return (strong, rules, problems)


def check_layout(file: str, css: str, variables: Mapping[str, str]) -> tuple[tuple[RuleSet, ...], tuple[Problem, ...]]:
    """The rules of a style sheet, or what is wrong with it, each with its line."""
    if (at := _unbalanced(css)) is not None:
        line, column = css.count("\n", 0, at) + 1, at - css.rfind("\n", 0, at)
        what = tr("closes nothing") if css[at] == "}" else tr("is not closed")
        problem = Problem(file, line, column, "", f'"{css[at]}"', what, tr("count the brackets"))
        return (), (problem,)
    sheet = Stylesheet(variables=dict(variables))
    sheet.add_source(css, read_from=(file, KIND))
    try:
        sheet.parse()
    except StylesheetParseError as error:
        found = dict.fromkeys(each for rule in error.errors.rules for each in rule.errors)
        problems = []
        for token, message in found:
            place = token.referenced_by.location if token.referenced_by else token.location
            said = clean_line(str(getattr(message, "summary", message)), 160)
            problems.append(_wrong(file, place[0] + 1, place[1] + 1, said))
        return (), tuple(problems)
    except TokenError as error:
        return (), (_wrong(file, *error.start, clean_line(str(error), 160)),)
    except StylesheetError as error:
        return (), (_wrong(file, None, None, clean_line(str(error), 160)),)
    return tuple(sheet.rules), ()


def _unbalanced(css: str) -> int | None:
    """Where a bracket stands that has no other one; what is in comments does not count."""
    hidden = re.sub(r"/\*.*?\*/", lambda found: " " * len(found[0]), css, flags=re.DOTALL)
    open_: list[int] = []
    for at, char in enumerate(hidden):
        if char == "{":
            open_.append(at)
        elif char == "}":
            if not open_:
                return at
            open_.pop()
    return open_[-1] if open_ else None


def _wrong(file: str, line: int | None, column: int | None, said: str) -> Problem:
    """What Textual says is wrong with a style sheet, with its place."""
    what = tr("is no layout: {why}").format(why=re.sub(r"\[/?[a-z]*\]", "", said))  # it marks words for Rich
    return Problem(file, line, column, "", "", what, tr("see docs/themes.md for what can be written"))


def strengthened(css: str) -> str:
    """The same style sheet with every declaration marked `!important`; lines stay the lines they were."""
    done: list[str] = []
    depth, part, at = 0, "", 0
    while at < len(css):
        if css.startswith("/*", at):
            end = css.find("*/", at + 2)
            comment = css[at:] if end < 0 else css[at : end + 2]
            part += comment if "\n" not in comment else "\n" * comment.count("\n")
            at += len(comment)
            continue
        char = css[at]
        if char in "\"'":
            end = css.find(char, at + 1)
            end = len(css) - 1 if end < 0 else end
            part, at = part + css[at : end + 1], end + 1
            continue
        if char in "{;}":
            done.append(_marked(part, char) if depth else part)
            done.append(char)
            part = ""
            depth += {"{": 1, "}": -1}.get(char, 0)
        else:
            part += char
        at += 1
    return "".join([*done, part])


def _marked(part: str, end: str) -> str:
    name, colon, value = part.partition(":")
    if end == "{" or not colon or not value.strip() or name.strip().startswith("$") or "!important" in value:
        return part
    body = part.rstrip()
    return f"{body} !important{part[len(body) :]}"
