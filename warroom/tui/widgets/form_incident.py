"""The dialogs about the stage of an incident: status, and what to resolve it needs; confirm, reopen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from warroom.domain.times import ASKED, out_of_order
from warroom.tui.moments import typed_past
from warroom.tui.pieces import Role, clean
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem, Unread
from warroom.tui.widgets.form_parts import Clock, about, note
from warroom.valueclass import dataclass
from warroom.views import FactsView, IncidentLine, TimeLine
from warroom.words import mark, tr


@dataclass(frozen=True, slots=True)
class StatusChange:
    """The status that was chosen, and of one that is resolved the times that were given, by field."""

    status: str
    reason: str
    times: tuple[tuple[str, datetime], ...] = ()


RESOLVED = "resolved"
_TIMES = {"started_at": mark("Started"), "ended_at": mark("Ended")}


class StatusDialog(Form[StatusChange]):
    """Set the status of an incident; to resolve it, the times that nobody has said are asked for."""

    heading = mark("Status")
    confirm_word = mark("set")

    def __init__(
        self,
        line: IncidentLine,
        statuses: Sequence[str],
        facts: FactsView | None = None,
        clock: Clock | None = None,
        *,
        check: Check[StatusChange] | None = None,
    ) -> None:
        """The status after the present one is marked at first, since that is where incidents go.

        `facts`: the times that are known, and what would be left open.
        """
        super().__init__(check)
        self._line, self._statuses = line, list(statuses)
        self._facts, self._clock = facts, clock

    def _asked(self) -> list[TimeLine]:
        """The times to ask for: those that nobody has said, and when the impact ended."""
        if self._facts is None or self._clock is None or self._line.watched:
            return []
        return [
            time for time in self._facts.times if time.name in ASKED and (time.at is None or time.name == "ended_at")
        ]

    def fields(self) -> Iterable[Widget]:
        """Statuses, reason; beneath them what to resolve it needs."""
        present = self._line.status
        at = self._statuses.index(present) + 1 if present in self._statuses else 0
        first = self._statuses[min(at, len(self._statuses) - 1)] if self._statuses else ""
        choices = [
            Choice(
                status, ((tr(clean(status)), Role.TEXT), ("  " + tr("now") if status == present else "", Role.MUTED))
            )
            for status in self._statuses
        ]
        yield about(self._line)
        yield Field(tr("Status"), Choices(choices, first, rows=8, id="status"))
        yield Field(tr("Why"), Line(id="reason", placeholder=tr("goes on the record")))
        with Vertical(id="resolving") as part:
            part.styles.height = "auto"
            yield note(tr("Resolved: the business impact is over. When, such as 20m ago or 13:40?"))
            for time in self._asked():
                empty = tr("now") if time.name == "ended_at" else tr("nobody has said")
                yield Field(
                    tr(_TIMES[time.name]) if time.name in _TIMES else tr(time.label).capitalize(),
                    Line(id=f"time-{time.name}", placeholder=empty),
                )
            yield note("", id="open")

    def on_mount(self) -> None:
        """What to resolve it needs is seen when that is chosen."""
        super().on_mount()
        self._marked()

    @on(Choices.Marked, "#status")
    def _marked(self) -> None:
        ends = {chosen := self.chosen("status"), self._line.status} & {RESOLVED, "closed"}
        self.query_one("#reason", Input).placeholder = tr("needed: goes on the record") if ends else tr("optional")
        self.query_one("#resolving").display = bool(self._asked()) and chosen == RESOLVED
        self._say()

    @on(Input.Changed)
    def _typed_a_time(self) -> None:
        self._say()

    def _times(self) -> dict[str, datetime]:
        """The times that were typed; raises `Problem`."""
        found = {}
        for time in self._asked():
            name = f"time-{time.name}"
            if self.entered(name) and self._clock is not None:
                try:
                    found[time.name] = typed_past(self.entered(name), self._clock())
                except ValueError as error:
                    raise Unread(str(error), name) from None
        return found

    def _say(self) -> None:
        """What is still open, and which times cannot be true: said before, never in the way."""
        if self._facts is None or self._clock is None:
            return
        try:
            times = self._times()
        except Problem:
            return
        known = {time.name: time.at for time in self._facts.times}
        doubts = out_of_order({**known, "ended_at": self._clock(), **times})
        lines = [f"! {clean(each)}" for each in doubts] + [
            tr("still open: {what}").format(what=clean(each)) for each in self._facts.leftover
        ]
        self.query_one("#open", Static).update(Content("\n".join(lines)))

    def result(self) -> StatusChange:
        """The present status again is no change."""
        chosen = self.chosen("status")
        if chosen == self._line.status:
            raise Problem(
                tr("it is {status} already; choose another").format(status=tr(clean(self._line.status))), "status"
            )
        times = self._times() if chosen == RESOLVED else {}
        return StatusChange(chosen, self.entered("reason"), tuple(times.items()))


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
        confirm_word: str = "",
        needs_reason: bool = False,
        check: Check[Confirmed] | None = None,
    ) -> None:
        """`question` is ours, `detail` may be somebody else's text."""
        super().__init__(check)
        self.heading, self.confirm_word = question, confirm_word or tr("yes, do it")
        self._detail, self._needs_reason = detail, needs_reason

    def fields(self) -> Iterable[Widget]:
        """What it is about, the reason."""
        if self._detail:
            yield note(clean(self._detail))
        yield Field(
            tr("Why"), Line(id="reason", placeholder=tr("goes on the record") if self._needs_reason else tr("optional"))
        )

    def result(self) -> Confirmed:
        """A reason where one is needed."""
        if self._needs_reason:
            return Confirmed(self.need("reason", tr("say why, in a few words")))
        return Confirmed(self.entered("reason"))


class ReopenDialog(ConfirmDialog):
    """Reopen a resolved incident."""

    def __init__(self, line: IncidentLine, *, check: Check[Confirmed] | None = None) -> None:
        """Always with a reason: people will be paged again."""
        super().__init__(
            tr("Reopen {key}?").format(key=clean(line.key)),
            f"{line.title} ({tr(line.status)})",
            confirm_word=tr("reopen"),
            needs_reason=True,
            check=check,
        )
