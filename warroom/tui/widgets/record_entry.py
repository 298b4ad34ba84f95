"""One entry of the record in full."""

from __future__ import annotations

from warroom.domain.status_words import kind_word
from warroom.domain.text import clean_block, wrap
from warroom.tui.clockface import duration, seconds_clock
from warroom.tui.moments import dated
from warroom.tui.pieces import Line, Role, clean
from warroom.tui.role_words import said
from warroom.tui.widgets.info import InfoScreen
from warroom.views import RecordLine
from warroom.words import tr


class EntryScreen(InfoScreen):
    """All of one entry, however long its text is."""

    def __init__(self, line: RecordLine) -> None:
        """The entry of `line`."""
        super().__init__()
        kind, heading = clean(kind_word(line.kind)), tr("{kind} by {person}")
        if heading.startswith("{kind}"):  # where a name begins the line, it is written as it is
            kind = kind[:1].upper() + kind[1:]
        self.heading = heading.format(kind=kind, person=clean(line.actor))
        self._line = line

    def sheet(self, width: int) -> tuple[Line, ...]:
        """When, how late, and the text."""
        line = self._line
        when = f"{dated(line.at)} {seconds_clock(line.at)} UTC"
        entry = tr("entry {number}").format(number=line.version)
        head: list[tuple[str, Role]] = [(when, Role.MUTED), (f"   {entry}", Role.MUTED)]
        if line.late is not None:
            late = tr("{length} late").format(length=duration(int(line.late.total_seconds())))
            head.append((f"   {late}", Role.SOON))
        text = clean_block(said(line))
        return (tuple(head), (), *(((part, Role.TEXT),) for part in wrap(text, max(4, width))))
