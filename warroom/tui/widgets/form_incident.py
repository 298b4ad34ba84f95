"""The dialogs about an incident as a whole: declare, status, severity, note, confirm, reopen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.widget import Widget

from warroom.tui.pieces import Role, clean
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem, Text
from warroom.tui.widgets.form_parts import about, note, severity_choices
from warroom.views import IncidentLine, SeverityFace


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
        yield Field("Severity", Choices(severity_choices(self._severities), self._severity, rows=5, id="severity"))
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


@dataclass(frozen=True, slots=True)
class StatusChange:
    """The status that was chosen."""

    status: str
    reason: str


class StatusDialog(Form[StatusChange]):
    """Set the status of an incident."""

    heading = "Status"
    confirm_word = "set"

    def __init__(
        self, line: IncidentLine, statuses: Sequence[str], *, check: Check[StatusChange] | None = None
    ) -> None:
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
        yield about(self._line)
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
        yield about(self._line)
        for question in self._questions[:8]:
            yield note(f"· {clean(question)}")
        choices = [
            Choice(
                choice.value, (*choice.line, ("  now" if choice.value == self._line.severity.name else "", Role.MUTED))
            )
            for choice in severity_choices(self._severities)
        ]
        yield Field("Severity", Choices(choices, self._line.severity.name, rows=6, id="severity"))
        yield Field("Why", Line(id="reason", placeholder="goes on the record"))

    def result(self) -> SeverityChange:
        """A change needs a reason, since people are paged for it."""
        if self.chosen("severity") == self._line.severity.name:
            raise Problem(f"it is {clean(self._line.severity.name)} already; choose another", "severity")
        return SeverityChange(self.chosen("severity"), self.need("reason", "say why, in a few words"))


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
        yield about(self._line)
        yield Text(id="text", placeholder="What was seen, decided, tried")

    def result(self) -> Note:
        """An empty note is none."""
        text = self.written("text")
        if not text:
            raise Problem("write something, or leave with esc", "text")
        return Note(text)


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
            yield note(clean(self._detail))
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
            f"Reopen {clean(line.key)}?",
            f"{line.title} ({line.status})",
            confirm_word="reopen",
            needs_reason=True,
            check=check,
        )
