"""The dialogs about the escalation: page somebody now, pause it. Those about roles stand in `form_roles`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from warroom.tui.clockface import parse_when, when
from warroom.tui.pieces import Role, clean
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line
from warroom.tui.widgets.form_parts import Clock, about, moment, note, person_named
from warroom.valueclass import dataclass
from warroom.views import IncidentLine, LadderView, LevelState, PageState
from warroom.words import mark, tr

_NO_LEVELS = (PageState.NONE, PageState.STOPPED, PageState.CALLED_OFF, PageState.HELD)
"""Where no escalation runs a person can be paged, and no level."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """Until when nobody is paged, and why."""

    until: datetime
    reason: str


class SnoozeDialog(Form[Snooze]):
    """Pause the escalation, with an end and a reason."""

    heading = mark("Snooze the escalation")
    confirm_word = mark("snooze")

    def __init__(self, line: IncidentLine, clock: Clock, *, check: Check[Snooze] | None = None) -> None:
        """Half an hour is proposed."""
        super().__init__(check)
        self._line, self._clock = line, clock

    def fields(self) -> Iterable[Widget]:
        """End, reason."""
        yield about(self._line)
        yield Field(tr("For or until"), Line("30", id="until", placeholder=tr("minutes or HH:MM UTC")))
        yield Field("", note("", id="means"))
        yield Field(tr("Why"), Line(id="reason", placeholder=tr("goes on the record")))

    @on(Input.Changed, "#until")
    def _until_changed(self, event: Input.Changed) -> None:
        try:
            text = tr("nobody is paged until {when} UTC").format(
                when=when(parse_when(event.value, self._clock()), self._clock())
            )
        except ValueError as error:
            text = str(error)
        self.query_one("#means", Static).update(Content(text))

    def result(self) -> Snooze:
        """Both are needed: a pause without a reason is a page that nobody got."""
        return Snooze(moment(self, "until", self._clock()), self.need("reason", tr("say why nobody needs to be paged")))


@dataclass(frozen=True, slots=True)
class EscalateTo:
    """Whom to page now: a level, or a person (then `level` is None)."""

    level: int | None
    person: str
    reason: str


class EscalateDialog(Form[EscalateTo]):
    """Page the next level, or a person, now."""

    heading = mark("Escalate now")
    confirm_word = mark("page")

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
            if self._ladder.next.state not in _NO_LEVELS and level.state in (LevelState.NEXT, LevelState.LATER):
                who = ", ".join(clean(target) for target in level.targets)
                due = (
                    "  " + tr("would be paged at {when}").format(when=when(level.due, self._now))
                    if level.due is not None
                    else ""
                )
                choices.append(
                    Choice(
                        str(level.number),
                        ((f"L{level.number} {clean(level.label)}", Role.TEXT), (f"{due}  {who}", Role.MUTED)),
                    )
                )
        choices.append(Choice("", ((tr("a person"), Role.TEXT), (", " + tr("by name"), Role.MUTED))))
        yield about(self._line)
        yield Field(tr("Page"), Choices(choices, choices[0].value, rows=6, id="level"))
        yield Field(tr("Person"), Line(id="person", placeholder=tr("whom, where it is a person"), known=self._people))
        yield Field(tr("Why"), Line(id="reason", placeholder=tr("goes into the page")))

    def on_mount(self) -> None:
        """Where no level is left a person is what is asked for."""
        super().on_mount()
        if len(self.query_one("#level", Choices).choices) == 1:
            self.query_one("#person").focus()

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
        person = person_named(self, "person", self._people, tr("say whom to page"))
        return EscalateTo(None, person, self.entered("reason"))
