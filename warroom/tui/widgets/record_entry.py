"""One entry of the record in full."""

from __future__ import annotations

from warroom.domain.text import clean_block, wrap
from warroom.tui.clockface import day, duration, seconds_clock
from warroom.tui.pieces import Line, Role, clean
from warroom.tui.widgets.info import InfoScreen
from warroom.views import RecordLine


class EntryScreen(InfoScreen):
    """All of one entry, however long its text is."""

    def __init__(self, line: RecordLine) -> None:
        """The entry of `line`."""
        super().__init__()
        self.heading = f"{clean(line.kind)} by {clean(line.actor)}"
        self._line = line

    def sheet(self, width: int) -> tuple[Line, ...]:
        """When, how late, and the text."""
        line = self._line
        when = f"{day(line.at)} {line.at.year} {seconds_clock(line.at)} UTC"
        head: list[tuple[str, Role]] = [(when, Role.MUTED), (f"   entry {line.version}", Role.MUTED)]
        if line.late is not None:
            head.append((f"   {duration(int(line.late.total_seconds()))} late", Role.SOON))
        text = clean_block(line.text)
        return (tuple(head), (), *(((part, Role.TEXT),) for part in wrap(text, max(4, width))))
