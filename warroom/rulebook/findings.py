"""What `check` has to say about a rulebook that can be read: how grave, where, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from warroom.rulebook.problems import path_text
from warroom.rulebook.validate import Locate, Steps
from warroom.valueclass import dataclass


class Weight(StrEnum):
    """How grave a finding is. ERROR: somebody is surely not paged, or a rule surely never works; the rulebook is not
    put in force like that. WARNING: it goes wrong on a bad day. NOTICE: worth a look."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is doubtful.

    `kind` names it for programs ("level-nobody"), `path` leads there through the sections (lists counted from 0, as
    the files have it); `what` is a predicate of it, `advice` says what to do. `at_key`: the name itself is meant.
    """

    weight: Weight
    kind: str
    path: Steps
    what: str
    advice: str
    at_key: bool = False

    @property
    def where(self) -> str:
        """The path in one line, lists counted from 1."""
        return path_text(self.path)


class Place(NamedTuple):
    """Where a finding stands in the files. "" and None where the rulebook did not come from files."""

    file: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"


def placed(findings: Iterable[Finding], locate: Locate | None) -> tuple[tuple[Place, Finding], ...]:
    """Each finding with its place; the gravest first, then file by file, top to bottom."""
    found = [(Place(*locate(f.path, f.at_key)) if locate else Place(), f) for f in findings]
    order = list(Weight)
    found.sort(key=lambda each: (order.index(each[1].weight), each[0].file, each[0].line or 0, each[0].column or 0))
    return tuple(found)
