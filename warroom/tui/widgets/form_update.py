"""The dialog that writes an update."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from warroom.tui.clockface import age, clock, countdown, is_late, parse_when, urgency, when
from warroom.tui.pieces import Line as Pieces
from warroom.tui.pieces import Piece, Role, clean, fitted
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem, Text
from warroom.tui.widgets.form_parts import Clock, about, gap, moment, note
from warroom.views import IncidentLine, Lane


@dataclass(frozen=True, slots=True)
class UpdateDraft:
    """An update as written; `next_due` is what is promised in it, None when nothing is."""

    channel: str
    audience: str
    text: str
    next_due: datetime | None


class UpdateDialog(Form[UpdateDraft]):
    """Write an update, seeing what the last one said and promised."""

    heading = "Update"
    confirm_word = "send"
    many_lines = True

    def __init__(
        self,
        line: IncidentLine,
        lanes: Sequence[Lane],
        clock: Clock,
        *,
        channel: str = "",
        text: str = "",
        check: Check[UpdateDraft] | None = None,
    ) -> None:
        """The channel whose silence is most overdue is marked at first; `text` is a draft or a filled template."""
        super().__init__(check)
        self._line, self._lanes, self._clock = line, [lane for lane in lanes if lane.ended is None], clock
        due = sorted((lane for lane in self._lanes if lane.due), key=lambda lane: lane.due or clock())
        self._channel = channel or next((lane.channel for lane in (*due, *self._lanes)), "")
        self._text = text
        self._proposed = self._minutes(self._channel)

    def fields(self) -> Iterable[Widget]:
        """Channel, what was said last, text, next update."""
        yield about(self._line)
        yield Field(
            "Channel",
            Choices(
                [Choice(lane.channel, self._lane(lane)) for lane in self._lanes], self._channel, rows=4, id="channel"
            ),
        )
        yield Field("Said last", note(self._last(), id="last"))
        yield gap()
        yield Text(self._text, id="text", placeholder="State and impact; now; next; what is not known yet")
        yield gap()
        yield Field(
            "Next update", Line(self._proposed, id="next", placeholder="minutes or HH:MM UTC; empty: none promised")
        )
        yield Field("", note(self._until(self._proposed), id="until"))

    def on_mount(self) -> None:
        """Begin in the text; keep countdowns going while it is written."""
        super().on_mount()
        self.query_one("#text").focus()
        self.set_interval(1.0, self._tick)

    def _of(self, channel: str) -> Lane | None:
        return next((lane for lane in self._lanes if lane.channel == channel), None)

    def _minutes(self, channel: str) -> str:
        """The cadence in whole minutes, the proposal for the next update."""
        lane = self._of(channel)
        return str(round(lane.cadence / timedelta(minutes=1))) if lane is not None and lane.cadence else ""

    def _lane(self, lane: Lane) -> Pieces:
        now = self._clock()
        last = max((dot.at for dot in lane.dots), default=None)
        said = f"last {age(last, now)} ago" if last is not None else "nothing said yet"
        pieces: list[Piece] = [
            (fitted(lane.channel, 12) + " ", Role.TEXT),
            (fitted(lane.audience, 9) + " ", Role.MUTED),
            (fitted(said, 16) + " ", Role.MUTED),
        ]
        if lane.due is not None:
            due = countdown(lane.due, now)
            word = "promised" if lane.promised else "due"
            pieces.append((due if is_late(lane.due, now) else f"{word} in {due}", urgency(lane.due, now)))
        return tuple(pieces)

    def _last(self) -> str:
        lane = self._of(self._channel)
        if lane is None or not lane.dots:
            return "nothing yet on this channel"
        dot = max(lane.dots, key=lambda dot: dot.at)
        text = f"{when(dot.at, self._clock())} {clean(dot.by)}: {clean(dot.text)}"
        if lane.due is not None:
            word = "promised" if lane.promised else "the next is due"
            text += f"  ({word} by {clock(lane.due)} UTC)"
        return text

    def _until(self, typed: str) -> str:
        if not typed.strip():
            return "no next update is promised"
        try:
            return f"= {when(parse_when(typed, self._clock()), self._clock())} UTC"
        except ValueError as error:
            return str(error)

    def _tick(self) -> None:
        lanes = self.query_one("#channel", Choices)
        choices = tuple(Choice(lane.channel, self._lane(lane)) for lane in self._lanes)
        if choices != lanes.choices:
            lanes.show_choices(choices)
        self._say("#until", self._until(self.query_one("#next", Input).value))

    def _say(self, name: str, text: str) -> None:
        note = self.query_one(name, Static)
        if str(note.content) != text:
            note.update(Content(text))

    @on(Choices.Marked, "#channel")
    def _channel_marked(self) -> None:
        """Another channel has another cadence; a time that was typed stays."""
        field = self.query_one("#next", Input)
        self._channel = self.chosen("channel")
        untouched = field.value == self._proposed
        self._proposed = self._minutes(self._channel)
        if untouched:
            field.value = self._proposed
        self._say("#last", self._last())
        self._say("#until", self._until(field.value))

    @on(Input.Changed, "#next")
    def _next_changed(self, event: Input.Changed) -> None:
        self._say("#until", self._until(event.value))

    def result(self) -> UpdateDraft:
        """The text is needed; no next update may be promised."""
        lane = self._of(self.chosen("channel"))
        if lane is None:
            raise Problem("no channel is timed on this incident; add one to its policy first")
        text = self.written("text")
        if not text:
            raise Problem("write what people should know", "text")
        due = moment(self, "next", self._clock()) if self.entered("next") else None
        return UpdateDraft(lane.channel, lane.audience, text, due)
