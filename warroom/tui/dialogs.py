"""The modal forms of the board. Each gives a frozen result, or None when it was cancelled; none decides anything.

A form can be given a `check`, which tries the result: the form closes only when that worked, so that a refusal (somebody
else was quicker, the name is not known) costs nobody what they typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from warroom.tui.clockface import age, clock, countdown, is_late, parse_when, urgency, when
from warroom.tui.pieces import Piece, Role, clean, fitted, severity_role
from warroom.tui.pieces import Line as Pieces
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem, Text
from warroom.tui.widgets.info import EngineScreen, HelpScreen
from warroom.views import IncidentLine, LadderView, Lane, LevelState, RoleLine, SeverityFace

__all__ = [
    "Confirmed", "ConfirmDialog", "DeclareDialog", "Declared", "EngineScreen", "EscalateDialog", "EscalateTo",
    "HelpScreen", "Note", "NoteDialog", "ReopenDialog", "RoleChange", "RoleDialog", "SeverityChange",
    "SeverityDialog", "Snooze", "SnoozeDialog", "StatusChange", "StatusDialog", "UpdateDialog", "UpdateDraft",
]  # fmt: skip

Clock = Callable[[], datetime]
"""Gives the time now (aware, UTC); dialogs stay open while it passes."""


def _about(line: IncidentLine) -> Static:
    """Which incident a dialog is about."""
    return Static(Content(f"{clean(line.key)}  {clean(line.title)}"), classes="strong", markup=False)


def _note(text: str, *, id: str | None = None) -> Static:  # noqa: A002 (Textual's name)
    return Static(Content(text), classes="note", id=id, markup=False)


def _gap() -> Static:
    return Static("", classes="gap")


def _severity_choices(severities: Sequence[SeverityFace]) -> list[Choice]:
    return [
        Choice(
            face.name,
            (
                (f"{clean(face.glyph)} {clean(face.name)}", severity_role(face)),
                ("  major, pages at any hour" if face.major else "", Role.MUTED),
            ),
        )
        for face in sorted(severities, key=lambda face: face.rank)
    ]


def _person(form: Form[object], name: str, people: Sequence[str], what: str) -> str:
    """A person that was typed; names that nobody has are refused with the nearest that somebody has."""
    typed = form.need(name, what)
    known = {clean(person).casefold(): person for person in people}
    if not known or typed.casefold() in known:
        return known.get(typed.casefold(), typed)
    near = get_close_matches(typed.casefold(), known, n=1, cutoff=0.5)
    hint = f"did you mean {known[near[0]]}?" if near else f"known are {', '.join(sorted(known.values())[:6])}"
    raise Problem(f"nobody is called {typed}; {hint}", name)


def _moment(form: Form[object], name: str, now: datetime) -> datetime:
    try:
        return parse_when(form.entered(name), now)
    except ValueError as error:
        raise Problem(str(error), name) from None


# ---- declare


@dataclass(frozen=True, slots=True)
class Declared:
    """A new incident: one line is enough, the rest is filled from the catalogue."""

    title: str
    severity: str
    service: str
    summary: str


class DeclareDialog(Form[Declared]):
    """Declare an incident."""

    heading = "Declare an incident"
    confirm_word = "declare"

    def __init__(
        self,
        severities: Sequence[SeverityFace],
        services: Sequence[str] = (),
        *,
        severity: str = "",
        check: Check[Declared] | None = None,
    ) -> None:
        """`severity` is marked at first; `services` complete what is typed."""
        super().__init__(check)
        self._severities, self._services, self._severity = severities, services, severity

    def fields(self) -> Iterable[Widget]:
        """Title, severity, service, summary."""
        yield Field("What happens", Line(id="title", placeholder="EU card payments failing"))
        yield Field("Severity", Choices(_severity_choices(self._severities), self._severity, rows=5, id="severity"))
        yield Field("Service", Line(id="service", placeholder="unknown", known=self._services))
        yield Field("Impact", Line(id="summary", placeholder="what customers see, how many, since when"))

    def result(self) -> Declared:
        """Only the title is needed."""
        return Declared(
            self.need("title", "say in a few words what happens"),
            self.chosen("severity"),
            self.entered("service"),
            self.entered("summary"),
        )


# ---- status, severity


@dataclass(frozen=True, slots=True)
class StatusChange:
    """The status that was chosen."""

    status: str
    reason: str


class StatusDialog(Form[StatusChange]):
    """Set the status of an incident."""

    heading = "Status"
    confirm_word = "set"

    def __init__(self, line: IncidentLine, statuses: Sequence[str], *, check: Check[StatusChange] | None = None) -> None:
        """The status after the present one is marked at first, since that is where incidents go."""
        super().__init__(check)
        self._line, self._statuses = line, list(statuses)

    def fields(self) -> Iterable[Widget]:
        """Statuses, reason."""
        present = self._line.status
        at = self._statuses.index(present) + 1 if present in self._statuses else 0
        first = self._statuses[min(at, len(self._statuses) - 1)] if self._statuses else ""
        choices = [
            Choice(status, ((clean(status), Role.TEXT), ("  now" if status == present else "", Role.MUTED)))
            for status in self._statuses
        ]
        yield _about(self._line)
        yield Field("Status", Choices(choices, first, rows=8, id="status"))
        yield Field("Why", Line(id="reason", placeholder="optional"))

    def result(self) -> StatusChange:
        """The present status again is no change."""
        if self.chosen("status") == self._line.status:
            raise Problem(f"it is {clean(self._line.status)} already; choose another", "status")
        return StatusChange(self.chosen("status"), self.entered("reason"))


@dataclass(frozen=True, slots=True)
class SeverityChange:
    """The severity that was chosen, by name."""

    severity: str
    reason: str


class SeverityDialog(Form[SeverityChange]):
    """Assess the severity again, with the questions to ask at hand."""

    heading = "Severity"
    confirm_word = "set"

    def __init__(
        self,
        line: IncidentLine,
        severities: Sequence[SeverityFace],
        *,
        questions: Sequence[str] = (),
        check: Check[SeverityChange] | None = None,
    ) -> None:
        """`questions` help to assess ("What do customers see?")."""
        super().__init__(check)
        self._line, self._severities, self._questions = line, severities, questions

    def fields(self) -> Iterable[Widget]:
        """Questions, severities, reason."""
        yield _about(self._line)
        for question in self._questions[:8]:
            yield _note(f"· {clean(question)}")
        choices = [
            Choice(choice.value, (*choice.line, ("  now" if choice.value == self._line.severity.name else "", Role.MUTED)))
            for choice in _severity_choices(self._severities)
        ]
        yield Field("Severity", Choices(choices, self._line.severity.name, rows=6, id="severity"))
        yield Field("Why", Line(id="reason", placeholder="goes on the record"))

    def result(self) -> SeverityChange:
        """A change needs a reason, since people are paged for it."""
        if self.chosen("severity") == self._line.severity.name:
            raise Problem(f"it is {clean(self._line.severity.name)} already; choose another", "severity")
        return SeverityChange(self.chosen("severity"), self.need("reason", "say why, in a few words"))


# ---- roles


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What is to be done with a role: `action` is assign, offer, accept or withdraw; `person` "" for the last two."""

    action: str
    role: str
    person: str
    note: str


class RoleDialog(Form[RoleChange]):
    """Assign a role at once, offer it for hand-over, accept or withdraw an offer."""

    heading = "Roles"
    confirm_word = "do it"

    ACTIONS = (
        ("assign", "assign: takes it at once"),
        ("offer", "offer: keeps it until accepted"),
        ("accept", "accept what is offered to me"),
        ("withdraw", "withdraw the offer"),
    )

    def __init__(
        self,
        line: IncidentLine,
        roles: Sequence[RoleLine],
        people: Sequence[str],
        now: datetime,
        *,
        me: str = "",
        check: Check[RoleChange] | None = None,
    ) -> None:
        """`people` are known and complete what is typed; `me` is the person at the keyboard."""
        super().__init__(check)
        self._line, self._roles, self._people, self._now, self._me = line, list(roles), people, now, me

    def fields(self) -> Iterable[Widget]:
        """Role, action, person, note."""
        name = max((len(clean(role.title)) for role in self._roles), default=4)
        choices = [Choice(role.role, self._role(role, min(name, 24))) for role in self._roles]
        yield _about(self._line)
        yield Field("Role", Choices(choices, self._first(), rows=7, id="role"))
        yield Field("Do", Choices([Choice(value, ((words, Role.TEXT),)) for value, words in self.ACTIONS], id="action"))
        yield Field("Person", Line(id="person", placeholder=self._me or "who", known=self._people))
        yield Field("Note", Line(id="note", placeholder="state, open theories, next steps"))

    def _first(self) -> str:
        """The role that needs somebody most is marked at first."""
        waiting = [role for role in self._roles if role.offered_to and role.offered_to == self._me]
        vacant = sorted((role for role in self._roles if not role.holder and role.due), key=lambda role: role.due or self._now)
        return next((role.role for role in (*waiting, *vacant, *self._roles)), "")

    def _role(self, role: RoleLine, name: int) -> Pieces:
        pieces: list[Piece] = [(fitted(role.title, name) + "  ", Role.TEXT)]
        if role.holder:
            held = f"  {age(role.since, self._now)}" if role.since else ""
            pieces.append((f"{clean(role.holder)}{held}", Role.MUTED))
        elif role.due is not None:
            due = f"LATE {age(role.due, self._now)}" if is_late(role.due, self._now) else countdown(role.due, self._now)
            pieces.append((f"— {due}", urgency(role.due, self._now)))
        else:
            pieces.append(("—", Role.FAINT))
        if role.offered_to:
            pieces.append((f" → {clean(role.offered_to)}", Role.SOON))
        return tuple(pieces)

    def result(self) -> RoleChange:
        """Assigning and offering need a person; the person at the keyboard when nobody is named."""
        action = self.chosen("action")
        person = ""
        if action in ("assign", "offer"):
            if self._me and not self.entered("person"):
                person = self._me
            else:
                person = _person(self, "person", self._people, f"say to whom to {action} it")
        return RoleChange(action, self.chosen("role"), person, self.entered("note"))


# ---- updates


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
        yield _about(self._line)
        yield Field("Channel", Choices([Choice(lane.channel, self._lane(lane)) for lane in self._lanes], self._channel, rows=4, id="channel"))
        yield Field("Said last", _note(self._last(), id="last"))
        yield _gap()
        yield Text(self._text, id="text", placeholder="State and impact; now; next; what is not known yet")
        yield _gap()
        yield Field("Next update", Line(self._proposed, id="next", placeholder="minutes or HH:MM UTC; empty: none promised"))
        yield Field("", _note(self._until(self._proposed), id="until"))

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
        due = _moment(self, "next", self._clock()) if self.entered("next") else None
        return UpdateDraft(lane.channel, lane.audience, text, due)


# ---- notes, snooze, escalation, confirmation


@dataclass(frozen=True, slots=True)
class Note:
    """A note for the record."""

    text: str


class NoteDialog(Form[Note]):
    """Put a note on the record."""

    heading = "Note"
    confirm_word = "put on the record"
    many_lines = True

    def __init__(self, line: IncidentLine, *, check: Check[Note] | None = None) -> None:
        """A note on this incident."""
        super().__init__(check)
        self._line = line

    def fields(self) -> Iterable[Widget]:
        """The text."""
        yield _about(self._line)
        yield Text(id="text", placeholder="What was seen, decided, tried")

    def result(self) -> Note:
        """An empty note is none."""
        text = self.written("text")
        if not text:
            raise Problem("write something, or leave with esc", "text")
        return Note(text)


@dataclass(frozen=True, slots=True)
class Snooze:
    """Until when nobody is paged, and why."""

    until: datetime
    reason: str


class SnoozeDialog(Form[Snooze]):
    """Pause the escalation, with an end and a reason."""

    heading = "Snooze the escalation"
    confirm_word = "snooze"

    def __init__(self, line: IncidentLine, clock: Clock, *, check: Check[Snooze] | None = None) -> None:
        """Half an hour is proposed."""
        super().__init__(check)
        self._line, self._clock = line, clock

    def fields(self) -> Iterable[Widget]:
        """End, reason."""
        yield _about(self._line)
        yield Field("For or until", Line("30", id="until", placeholder="minutes or HH:MM UTC"))
        yield Field("", _note("", id="means"))
        yield Field("Why", Line(id="reason", placeholder="goes on the record"))

    @on(Input.Changed, "#until")
    def _until_changed(self, event: Input.Changed) -> None:
        try:
            text = f"nobody is paged until {when(parse_when(event.value, self._clock()), self._clock())} UTC"
        except ValueError as error:
            text = str(error)
        self.query_one("#means", Static).update(Content(text))

    def result(self) -> Snooze:
        """Both are needed: a pause without a reason is a page that nobody got."""
        return Snooze(_moment(self, "until", self._clock()), self.need("reason", "say why nobody needs to be paged"))


@dataclass(frozen=True, slots=True)
class EscalateTo:
    """Whom to page now: a level, or a person (then `level` is None)."""

    level: int | None
    person: str
    reason: str


class EscalateDialog(Form[EscalateTo]):
    """Page the next level, or a person, now."""

    heading = "Escalate now"
    confirm_word = "page"

    def __init__(
        self,
        line: IncidentLine,
        ladder: LadderView,
        people: Sequence[str],
        now: datetime,
        *,
        check: Check[EscalateTo] | None = None,
    ) -> None:
        """Levels that were not paged yet can be chosen, the next one first."""
        super().__init__(check)
        self._line, self._ladder, self._people, self._now = line, ladder, people, now

    def fields(self) -> Iterable[Widget]:
        """To whom, person, reason."""
        choices: list[Choice] = []
        for level in self._ladder.levels:
            if level.state in (LevelState.NEXT, LevelState.LATER):
                who = ", ".join(clean(target) for target in level.targets)
                due = f"  would be paged at {when(level.due, self._now)}" if level.due is not None else ""
                choices.append(
                    Choice(str(level.number), ((f"L{level.number} {clean(level.label)}", Role.TEXT), (f"  {who}{due}", Role.MUTED)))
                )
        choices.append(Choice("", (("a person", Role.TEXT), (", by name", Role.MUTED))))
        yield _about(self._line)
        yield Field("Page", Choices(choices, choices[0].value, rows=6, id="level"))
        yield Field("Person", Line(id="person", placeholder="only for a person by name", known=self._people))
        yield Field("Why", Line(id="reason", placeholder="goes into the page"))

    @on(Input.Changed, "#person")
    def _person_typed(self, event: Input.Changed) -> None:
        """Who types a name means a person."""
        if event.value:
            levels = self.query_one("#level", Choices)
            levels.mark(len(levels.choices) - 1)

    def result(self) -> EscalateTo:
        """A person needs a name."""
        chosen = self.chosen("level")
        if chosen:
            return EscalateTo(int(chosen), "", self.entered("reason"))
        person = _person(self, "person", self._people, "say whom to page")
        return EscalateTo(None, person, self.entered("reason"))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Yes, and why (may be empty where no reason is needed)."""

    reason: str


class ConfirmDialog(Form[Confirmed]):
    """Ask before something that cannot be taken back."""

    def __init__(
        self,
        question: str,
        detail: str = "",
        *,
        confirm_word: str = "yes, do it",
        needs_reason: bool = False,
        check: Check[Confirmed] | None = None,
    ) -> None:
        """`question` is ours, `detail` may be somebody else's text."""
        super().__init__(check)
        self.heading, self.confirm_word = question, confirm_word
        self._detail, self._needs_reason = detail, needs_reason

    def fields(self) -> Iterable[Widget]:
        """What it is about, the reason."""
        if self._detail:
            yield _note(clean(self._detail))
        yield Field("Why", Line(id="reason", placeholder="goes on the record" if self._needs_reason else "optional"))

    def result(self) -> Confirmed:
        """A reason where one is needed."""
        if self._needs_reason:
            return Confirmed(self.need("reason", "say why, in a few words"))
        return Confirmed(self.entered("reason"))


class ReopenDialog(ConfirmDialog):
    """Reopen a resolved incident."""

    def __init__(self, line: IncidentLine, *, check: Check[Confirmed] | None = None) -> None:
        """Always with a reason: people will be paged again."""
        super().__init__(
            f"Reopen {clean(line.key)}?", f"{line.title} ({line.status})", confirm_word="reopen", needs_reason=True, check=check
        )
