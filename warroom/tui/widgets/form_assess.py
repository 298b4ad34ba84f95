"""Assessing a severity again, with what another one would change, the table, and the questions at hand (R2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from warroom.domain.text import cell_width
from warroom.tui.pieces import Role, clean, fitted
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem
from warroom.tui.widgets.form_parts import about, note, severity_choices, spare
from warroom.valueclass import dataclass
from warroom.views import AssessmentView, IncidentLine, SeverityFace
from warroom.words import mark, tr


@dataclass(frozen=True, slots=True)
class SeverityChange:
    """The severity that was chosen, by name, and what was answered: "" for impact and urgency where nobody said."""

    severity: str
    reason: str
    impact: str = ""
    urgency: str = ""
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def assessed(self) -> bool:
        """Whether more was said than a severity."""
        return bool(self.impact or self.urgency or self.answers)


class SeverityDialog(Form[SeverityChange]):
    """Assess the severity again."""

    heading = mark("Severity")
    confirm_word = mark("set")
    many_lines = True

    def __init__(
        self,
        line: IncidentLine,
        severities: Sequence[SeverityFace],
        view: AssessmentView | None = None,
        *,
        check: Check[SeverityChange] | None = None,
    ) -> None:
        """`view`: what is at hand, with the answers given so far."""
        super().__init__(check)
        self._line, self._severities = line, severities
        self._view = view or AssessmentView(line.severity.name)
        self._changes = dict(self._view.changes)

    def fields(self) -> Iterable[Widget]:
        """Severities, why, what changes; the table; the questions."""
        present = self._line.severity.name
        choices = [
            Choice(choice.value, (*choice.line, ("  " + tr("now") if choice.value == present else "", Role.MUTED)))
            for choice in severity_choices(self._severities)
        ]
        yield about(self._line)
        yield Field(tr("Severity"), Choices(choices, present, rows=6, id="severity"))
        yield Field("", note("", id="changes"))
        yield Field(tr("Why"), Line(id="reason", placeholder=tr("goes on the record")))
        if self._view.table:
            impact, urgency = self._view.chosen
            yield spare()
            yield Field(tr("Impact"), Choices(_words(self._view.impact), impact, rows=5, id="impact"))
            yield spare()
            yield Field(tr("Urgency"), Choices(_words(self._view.urgency), urgency, rows=5, id="urgency"))
        if self._view.questions:
            yield spare()
        for number, (question, answer) in enumerate(self._view.questions, 1):
            # Above its answer, and not in its place: it is read to its end, and while somebody answers it.
            yield Field(tr("Question {number}").format(number=number), note(clean(question)))
            yield Field("", Line(clean(answer), id=f"answer-{number}", placeholder=tr("nobody has said")))

    def on_mount(self) -> None:
        """The severity first: at three in the morning that is what is changed."""
        super().on_mount()
        self.query_one("#severity", Choices).focus()
        self._say()

    @on(Choices.Marked, "#severity")
    def _severity_marked(self, _: Choices.Marked) -> None:
        self._say()

    @on(Choices.Marked, "#impact")
    @on(Choices.Marked, "#urgency")
    def _assessed(self, _: Choices.Marked) -> None:
        """The table proposes, and the mark goes there; it can be moved on."""
        proposed = self._view.proposed(self.chosen("impact"), self.chosen("urgency"))
        choices = self.query_one("#severity", Choices)
        at = next((i for i, each in enumerate(choices.choices) if each.value == proposed), None)
        if at is not None:
            choices.mark(at)
        self._say()

    def _proposed(self) -> str:
        if not self._view.table:
            return ""
        return self._view.proposed(self.chosen("impact"), self.chosen("urgency"))

    def _say(self) -> None:
        """What the marked severity would change, before anybody confirms it."""
        chosen, proposed = self.chosen("severity"), self._proposed()
        lines = []
        if proposed:
            differs = tr("the table proposes {severity}; you have chosen {chosen}")
            agrees = tr("the table proposes {severity}") if proposed == chosen else differs
            lines.append(agrees.format(severity=clean(proposed), chosen=clean(chosen)))
        if chosen == self._line.severity.name:
            lines.append(tr("as it is now"))
        else:
            changed = self._changes.get(chosen, ())
            lines += [f"· {clean(each)}" for each in changed] or ["· " + tr("nothing that is timed changes")]
        self.query_one("#changes", Static).update(Content("\n".join(lines)))
        if self.focused is not None:  # the lines above may be more than before
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def result(self) -> SeverityChange:
        """A change needs a reason, since people are paged for it: impact and urgency are one."""
        chosen, same = self.chosen("severity"), self.chosen("severity") == self._line.severity.name
        impact = self.chosen("impact") if self._view.table else ""
        urgency = self.chosen("urgency") if self._view.table else ""
        before = dict(self._view.questions)
        answers = tuple((q, self.entered(f"answer-{n}")) for n, (q, _) in enumerate(self._view.questions, 1))
        said = (impact, urgency) != self._view.chosen or any(answer != before[q] for q, answer in answers)
        if same and not said:
            raise Problem(
                tr("it is {chosen} already; choose another, or answer a question").format(chosen=clean(chosen)),
                "severity",
            )
        reason = self.entered("reason")
        if not same and not reason and not (said and impact and urgency):
            raise Problem(tr("say why, in a few words"), "reason")
        if not said:
            return SeverityChange(chosen, reason)
        return SeverityChange(chosen, reason, impact, urgency, tuple((q, a) for q, a in answers if a))


def _words(words: Sequence[tuple[str, str]]) -> list[Choice]:
    size = min(max((cell_width(clean(word)) for word, _ in words), default=0), 16)
    given = [
        Choice(word, ((fitted(word, size) + "  ", Role.TEXT), (clean(meaning), Role.MUTED))) for word, meaning in words
    ]
    return [Choice("", ((tr("not said"), Role.MUTED),)), *given]
