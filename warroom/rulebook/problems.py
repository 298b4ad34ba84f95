"""What is wrong with a rulebook, for the person who edits it: all of it at once, each with its place and a remedy."""

from __future__ import annotations

from typing import Final

from warroom.domain.text import clean_line, quote_plain
from warroom.valueclass import dataclass
from warroom.words import tr, trn

SHOWN: Final = 50
"""How many problems the text of an error lists; `RulebookError.problems` has them all."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `line` and `column` count from 1; None where a file as a whole is meant, or something that is in no file. `path`
    leads there through the sections ("policies.sev1.levels.2.ack_timeout", lists counted from 1). `value` is what
    stands there, quoted and harmless, "" where nothing does. `message` is a predicate, `advice` says what to do.
    """

    file: str
    line: int | None
    column: int | None
    path: str
    value: str
    message: str
    advice: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"
        subject = " ".join(part for part in (self.path and f"{self.path}:", self.value, self.message) if part)
        return f"{place}: {subject}; {self.advice}" if self.advice else f"{place}: {subject}"


class RulebookError(Exception):
    """A rulebook that cannot be put in force. The text lists what is wrong, file by file, top to bottom."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        if not problems:
            raise ValueError("a rulebook without problems is no error")
        self.problems = tuple(sorted(set(problems), key=lambda p: (p.file, p.line or 0, p.column or 0, p.path)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        lines = [
            trn("the rulebook has {count} problem:", "the rulebook has {count} problems:", count).format(count=count)
        ]
        lines += [f"  {problem}" for problem in self.problems[:SHOWN]]
        if count > SHOWN:
            lines.append("  " + tr("and {count} more").format(count=count - SHOWN))
        return "\n".join(lines)


def shown(value: object) -> str:
    """A value as a problem shows it: quoted text, a number as it is, "" for lists and groups of lines."""
    if isinstance(value, str):
        return quote_plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean_line(str(value), 60) if isinstance(value, int | float) else ""


def path_text(path: tuple[str | int, ...]) -> str:
    """A path through the sections in one line; items of lists are counted from 1, as levels are on the board."""
    return ".".join(str(step + 1) if isinstance(step, int) else clean_line(step, 64) for step in path)
