"""Filter, order and columns of `warroom list`: the same as on the board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

from warroom.cli.completing import complete, complete_listed
from warroom.cli.filtering import complete_filter
from warroom.cli.output import Cell, tell
from warroom.cli.settings import Settings
from warroom.domain.status_words import status_word
from warroom.tui.clockface import lead_face, page_face, update_face
from warroom.tui.pieces import Role, clean, severity_role
from warroom.tui.sieve import records
from warroom.tui.sieve.columns import face_of, read_columns
from warroom.tui.sieve.grammar import BOARD, Filter, Tongue, parse
from warroom.tui.sieve.match import Unseen
from warroom.tui.sieve.records import RECORD
from warroom.tui.sieve.sorting import Sort, read_sort
from warroom.views import IncidentLine, RecordLine

if TYPE_CHECKING:
    _Param = click.ParamType[Any]
else:
    _Param = click.ParamType


class _Filter(_Param):
    name = "filter"

    def __init__(self, tongue: Tongue) -> None:
        self._tongue = tongue

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Filter:
        wanted = parse(str(value), self._tongue)
        if wanted.doubts:
            self.fail("; ".join(map(str, wanted.doubts)), param, ctx)
        return wanted

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return complete_filter(ctx, incomplete, entries=self._tongue is RECORD)


class _Sort(_Param):
    name = "column"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Sort:
        try:
            return value if isinstance(value, Sort) else read_sort(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return complete("order", ctx, incomplete)


class _Columns(_Param):
    name = "columns"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        try:
            return read_columns([each for each in str(value).split(",") if each.strip()])
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return complete_listed("column", ctx, incomplete)


FILTER: Final = _Filter(BOARD)
ENTRY_FILTER: Final = _Filter(RECORD)
SORT: Final = _Sort()
COLUMNS: Final = _Columns()


def tell_unknown_entries(settings: Settings, wanted: Filter, lines: Iterable[RecordLine]) -> None:
    """Say which values of a filter no entry of the record has."""
    for doubt in records.unknown(wanted, lines):
        tell(settings, str(doubt))


def tell_unknown(settings: Settings, unseen: Unseen) -> None:
    """Say which values of a filter no incident has, since a mistyped one finds nothing."""
    for doubt in unseen.doubts():
        tell(settings, str(doubt))


def cell(name: str, line: IncidentLine, now: datetime) -> Cell:
    """What stands in a column of the list."""
    match name:
        case "sev":
            text = f"{clean(line.severity.glyph)} {clean(line.severity.name)}".strip()
            return Cell(text, severity_role(line.severity))
        case "key":
            return Cell(line.key, Role.STRONG)
        case "title":
            return Cell(f"! {line.alarm}: {line.title}" if line.alarm else line.title)
        case "status":
            return Cell(status_word(line.status))
        case "lead":
            face = lead_face(line, now)
        case "page":
            face = page_face(line.page, now)
        case "update":
            face = update_face(line.update, now)
        case _:
            face = face_of(name, line, now)
    return Cell(face.text, face.role)
