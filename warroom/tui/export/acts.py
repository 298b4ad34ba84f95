"""From the key to the file: what the screen shows is kept at once, then asked where it is to go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from warroom.domain.core import Refused
from warroom.domain.text import clean_line
from warroom.store.database import DatabaseError
from warroom.tui.export.capture import Capture, capture
from warroom.tui.export.dialog import ExportDialog, ExportWish
from warroom.tui.export.files import FileThere, proposed_name, write_private
from warroom.tui.export.formats import BY_NAME
from warroom.tui.export.reading import in_plain_words, read
from warroom.tui.export.screens import export_of, wanted_of
from warroom.tui.export.sheet import Export
from warroom.words import is_source, plain, tr

if TYPE_CHECKING:
    from textual.app import App

    from warroom.service.session import Session

FOR_PROGRAMS = ("csv", "json")
"""The forms that programs read."""


def open_export(
    app: App[Any], screen: Screen[Any], now: datetime, room: str, session: Callable[[], Session] | None = None
) -> None:
    """Ask where what `screen` shows now is to go, and write it there; `room` is the name of the room.

    What a screen shows is worded for its person, and what programs read is not: for them it is read once more, by
    `session`, in the words of the source.
    """
    taken = capture(screen)
    found = export_of(screen, now, taken.lines, room)
    stem = proposed_name(found.subject or room, found.view, now, "").rstrip(".")

    wanted = wanted_of(screen, now) if session is not None and not is_source() else None

    def write_down(wish: ExportWish) -> None:
        export = found
        if session is not None and wanted is not None and wish.format in FOR_PROGRAMS:
            with plain(), session() as opened:
                export = in_plain_words(found, read(opened, wanted))
        _write(wish, export, taken)

    async def write(wish: ExportWish) -> str:
        try:
            await asyncio.to_thread(write_down, wish)
        except FileThere:
            return dialog.there_is_one(wish.file)
        except OSError as error:
            return tr("it cannot be written there: {why}").format(why=clean_line(error.strerror or str(error), 100))
        except (Refused, DatabaseError) as error:
            return tr("it cannot be written there: {why}").format(why=clean_line(str(error), 100))
        return ""

    def told(wish: ExportWish | None) -> None:
        if wish is not None:
            app.notify(tr("written to {file}").format(file=clean_line(str(wish.file), 200)), markup=False)

    dialog = ExportDialog(stem, structured=bool(found.sheets), check=write)
    app.push_screen(dialog, told)


def made(found: Export, taken: Capture | None, name: str) -> bytes:
    """An export in one form. Raises `KeyError` for a form that there is not."""
    if name == "svg" and taken is not None:
        return taken.svg(clean_line(found.title, 80)).encode()
    text = BY_NAME[name].make(found)
    # A table program takes UTF-8 for what it is only behind this mark.
    return (b"\xef\xbb\xbf" if name == "csv" else b"") + text.encode()


def _write(wish: ExportWish, found: Export, taken: Capture) -> None:
    write_private(Path(wish.file), made(found, taken, wish.format), replace=wish.over)
