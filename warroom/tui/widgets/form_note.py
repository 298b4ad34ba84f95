"""The forms of the record (R11): one line that may become anything, and the small questions of the work screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.events import Key, Resize
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static, TextArea

from warroom.domain.mentions import mentioned
from warroom.domain.record_commands import RecordCommand
from warroom.domain.text import cell_width
from warroom.tui.actions.bind import bindings
from warroom.tui.clockface import parse_when, when
from warroom.tui.note_line import SIGNS, Sign, read_line, sign_of
from warroom.tui.pieces import Line as Pieces
from warroom.tui.pieces import Piece, Role, clean, cut_line, fit_line, fitted
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem, Text
from warroom.tui.widgets.form_parts import Clock, about, note, person_named
from warroom.tui.widgets.hints import said_keys
from warroom.valueclass import dataclass
from warroom.views import IncidentLine, WorkView
from warroom.words import mark, tr


class OneText(Text):
    """A text that grows with what is typed or pasted into it, and that enter sends off."""

    class Done(Message):
        """Enter was pressed."""

    async def _on_key(self, event: Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Done())
        elif event.key in ("shift+enter", "ctrl+j"):
            event.stop()
            event.prevent_default()
            self.insert("\n")
        else:
            await super()._on_key(event)


@dataclass(frozen=True, slots=True)
class Knows:
    """What the form knows of the incident while somebody types: who can be mentioned, and what there is to refer to."""

    people: Sequence[str] = ()
    holders: Mapping[str, str] = field(default_factory=dict)
    work: WorkView = field(default_factory=WorkView)


NOTHING_KNOWN = Knows()


class _Lines(Canvas):
    """Lines as they are; as high as they are many."""

    def show_rows(self, rows: Sequence[Pieces]) -> None:
        self.styles.height = max(1, len(rows))
        self.show_lines(rows)


class NoteDialog(Form[RecordCommand]):
    """Write one thing down. What it is stands in front as a sign, and is named while it is typed."""

    heading = mark("Write it down")
    confirm_word = mark("put on the record")

    def __init__(
        self,
        line: IncidentLine,
        clock: Clock,
        knows: Knows = NOTHING_KNOWN,
        *,
        text: str = "",
        check: Check[RecordCommand] | None = None,
    ) -> None:
        """`text` is there already, such as the sign of what is to be added; times are counted from `clock`."""
        super().__init__(check)
        self._line, self._clock, self._knows, self._text = line, clock, knows, text

    def _keys(self) -> Content:
        return said_keys(("enter", self.confirm_word), ("ctrl+j", tr("new line")), (self.key("go.back"), tr("cancel")))

    def fields(self) -> Iterable[Widget]:
        """The text, what it is, what is worth knowing for that, and the signs."""
        yield about(self._line)
        entry = OneText(self._text, id="text", placeholder=tr("What is seen, thought, done or decided"))
        entry.styles.height, entry.styles.min_height, entry.styles.max_height = "auto", 1, 6
        yield entry
        yield _Lines(id="kind")
        yield _Lines(id="signs")

    def on_mount(self) -> None:
        """Begin behind what is there."""
        super().on_mount()
        entry = self.query_one("#text", OneText)
        entry.focus()
        entry.move_cursor(entry.document.end)
        self._tell()

    def on_resize(self, event: Resize) -> None:
        """Lay out again for the new width."""
        super().on_resize(event)
        self.call_after_refresh(self._tell)

    @on(OneText.Done)
    async def _sent(self) -> None:
        await self.action_confirm()

    @on(TextArea.Changed)
    def _typed_on(self) -> None:
        self._tell()

    def _tell(self) -> None:
        """Name what is being typed, who will be told, and what a number may refer to."""
        text = self.query_one("#text", OneText).text
        sign = sign_of(text)
        width = min(76, self.app.size.width) - 5
        rows: list[Pieces] = [_named(sign), self._hint(sign, text)]
        self.query_one("#kind", _Lines).show_rows([cut_line(row, width) for row in rows])
        self.query_one("#signs", _Lines).show_rows(_table(sign, width))

    def _hint(self, sign: Sign, text: str) -> Pieces:
        found = mentioned(text, self._knows.people, self._knows.holders)
        if found.unknown:
            names = ", ".join(f"@{clean(name)}" for name in found.unknown)
            return ((tr("{names}: nobody here").format(names=names), Role.SOON),)
        referred = self._referred(sign)
        if referred and "#" not in text:
            return ((referred, Role.MUTED),)
        if found.people:
            return ((tr("told: {names}").format(names=", ".join(clean(person) for person in found.people)), Role.OK),)
        return ((referred, Role.MUTED),)

    def _referred(self, sign: Sign) -> str:
        """What a number behind the sign may mean, the newest first."""
        work = self._knows.work
        match sign.sign:
            case ">" | "&":
                found = [(t.id, t.text) for t in work.open_theories if t.id]
            case "=" | "=+" | "=-":
                found = [(e.id, e.text) for t in work.theories for e in t.experiments if e.id and not e.verdict]
            case "!":
                found = [(p.id, p.text) for p in work.pending]
            case _:
                return ""
        size = 28 if len(found) > 1 else 80
        return "  ".join(f"#{number} {fitted(words, size).rstrip()}" for number, words in reversed(found[-4:]))

    def result(self) -> RecordCommand:
        """What the line stands for."""
        try:
            return read_line(self.written("text"), self._clock())
        except ValueError as error:
            raise Problem(str(error), "text") from None


def _named(sign: Sign) -> Pieces:
    return ((f"= {tr(sign.word)}", Role.ACCENT), (f"   {tr(sign.form)}", Role.MUTED))


def _table(active: Sign, width: int) -> list[Pieces]:
    """The signs in as many columns as fit, the one in use marked."""
    size = max(cell_width(tr(sign.word)) for sign in SIGNS) + 6
    columns = max(1, min(4, width // size))
    rows = -(-len(SIGNS) // columns)
    table: list[Pieces] = []
    for y in range(rows):
        line: list[Piece] = []
        for sign in SIGNS[y::rows]:
            mark = "▌" if sign is active else " "
            line += [
                (mark, Role.ACCENT),
                (f"{sign.sign or '·':<3}", Role.STRONG),
                (fitted(tr(sign.word), size - 5) + " ", Role.TEXT if sign is active else Role.MUTED),
            ]
        table.append(fit_line(line, width))
    return table


# The small questions of the work screen ----------------------------------------------------------------------------


class LineDialog(Form[str]):
    """One question about one thing, answered in one line."""

    FIELD: ClassVar[str] = "answer"
    scope = "line"
    BINDINGS: ClassVar[list[BindingType]] = bindings("line")

    def __init__(
        self,
        heading: str,
        detail: str,
        *,
        word: str,
        placeholder: str = "",
        needed: str = "",
        known: Sequence[str] = (),
        value: str = "",
        check: Check[str] | None = None,
    ) -> None:
        """`heading` is ours, `detail` may be somebody else's text. `needed` says what is missing where nothing is
        typed, "" where nothing has to be; of `known` people one has to be named."""
        super().__init__(check)
        self.heading, self.confirm_word = heading, word
        self._detail, self._placeholder, self._needed = detail, placeholder, needed
        self._known, self._value = tuple(known), value

    def fields(self) -> Iterable[Widget]:
        """What it is about, and the line."""
        yield note(clean(self._detail))
        yield Line(self._value, id=self.FIELD, placeholder=self._placeholder, known=self._known)

    def result(self) -> str:
        """What was typed."""
        if not self._needed:
            return self.entered(self.FIELD)
        if self._known:
            return person_named(self, self.FIELD, self._known, self._needed)
        return self.need(self.FIELD, self._needed)


class TimeDialog(Form[datetime | None]):
    """By when something has to be done; nothing typed takes the time away."""

    heading = mark("By when")
    confirm_word = mark("set the time")

    def __init__(self, detail: str, clock: Clock, *, check: Check[datetime | None] | None = None) -> None:
        """`detail` may be somebody else's text."""
        super().__init__(check)
        self._detail, self._clock = detail, clock

    def fields(self) -> Iterable[Widget]:
        """What it is about, and the time."""
        yield note(clean(self._detail))
        yield Field(tr("Due"), Line(id="due", placeholder=tr("20 (minutes), 1h30, 15:00 UTC; empty: none")))
        yield Field("", note("", id="until"))

    @on(Line.Changed, "#due")
    def _read(self, event: Line.Changed) -> None:
        try:
            text = f"= {when(parse_when(event.value, self._clock()), self._clock())} UTC" if event.value.strip() else ""
        except ValueError as error:
            text = str(error)
        self.query_one("#until", Static).update(Content(text))

    def result(self) -> datetime | None:
        """The moment that was typed."""
        typed = self.entered("due")
        try:
            return parse_when(typed, self._clock()) if typed else None
        except ValueError as error:
            raise Problem(str(error), "due") from None
