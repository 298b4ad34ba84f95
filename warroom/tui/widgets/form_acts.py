"""The dialogs about what people do to an escalation: take over, decline, page again, call off, confirm, lift a hold;
merge; move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual import on
from textual.widget import Widget

from warroom.domain.text import cell_width
from warroom.tui.clockface import countdown, is_late
from warroom.tui.pieces import Role, clean, fitted
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem
from warroom.tui.widgets.form_parts import about, note, person_named
from warroom.valueclass import dataclass
from warroom.views import IncidentLine, LadderView, PageState
from warroom.words import mark, tr


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done to an escalation now. `person`: who it is about is asked for; `why`: it needs a
    reason."""

    name: str
    title: str
    what: str
    person: str = ""
    why: bool = False


def acts_on(ladder: LadderView, me: str, now: datetime) -> tuple[Act, ...]:
    """What makes sense now, the likeliest first; empty where no escalation ever ran."""
    acts: list[Act] = []
    state, question = ladder.next.state, ladder.question
    if state is PageState.HELD:
        return (Act("lift", tr("lift the hold: page for it after all"), tr("its policy begins at once"), why=True),)
    if question is not None:
        late = is_late(question.due, now)
        other, left = question.otherwise, countdown(question.due, now)
        lapses = tr("else it is {otherwise} {late}") if late else tr("else it is {otherwise} in {left}")
        acts += [
            Act(
                "confirm",
                tr("yes, page L{level}").format(level=question.level),
                lapses.format(otherwise=other, late=left, left=left),
            ),
            Act(
                "refuse", tr("no, do not page L{level}").format(level=question.level), tr("it is passed over"), why=True
            ),
        ]
    if ladder.asked and state not in (PageState.STOPPED, PageState.CALLED_OFF, PageState.EXHAUSTED):
        who = me if me in ladder.asked else ladder.asked[0]
        acts.append(Act("decline", tr("not me: decline the page"), tr("the next one is paged at once"), person=who))
    if ladder.acked_by:
        if ladder.acked_by != me:
            acts.append(
                Act(
                    "takeover",
                    tr("take it over"),
                    tr("{person} has it, and is told by the record").format(person=clean(ladder.acked_by)),
                )
            )
        acts.append(Act("unack", tr("take the acknowledgement back"), tr("its timer goes on")))
    if ladder.level and state not in (PageState.STOPPED, PageState.CALLED_OFF, PageState.WAITING):
        acts.append(
            Act(
                "repage", tr("page L{level} again now").format(level=ladder.level), tr("its time to answer begins anew")
            )
        )
    if state is PageState.CALLED_OFF:
        acts.append(
            Act("resume", tr("begin the escalation again"), tr("at L{level}").format(level=max(1, ladder.level)))
        )
    elif state not in (PageState.STOPPED, PageState.NONE):
        acts.append(Act("calloff", tr("call the escalation off"), tr("the incident goes on"), why=True))
    return tuple(acts)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which act was chosen, about whom, and why."""

    act: str
    person: str
    reason: str


class ActDialog(Form[Wish]):
    """What to do about the escalation."""

    heading = mark("Escalation")
    confirm_word = mark("do it")

    def __init__(
        self, line: IncidentLine, acts: Sequence[Act], people: Sequence[str], *, check: Check[Wish] | None = None
    ) -> None:
        """`acts` as `acts_on` gives them, at least one; `people` complete what is typed."""
        super().__init__(check)
        self._line, self._acts, self._people = line, {act.name: act for act in acts}, people

    def fields(self) -> Iterable[Widget]:
        """Acts, person, reason."""
        choices = [
            Choice(act.name, ((act.title, Role.TEXT), (f"  {act.what}", Role.MUTED))) for act in self._acts.values()
        ]
        first = choices[0].value
        yield about(self._line)
        yield Field(tr("What"), Choices(choices, first, rows=8, id="act"))
        yield Field(
            tr("Person"),
            Line(self._acts[first].person, id="person", placeholder=tr("only for a page that is declined")),
        )
        yield Field(tr("Why"), Line(id="reason", placeholder=tr("goes on the record")))

    @on(Choices.Marked, "#act")
    def _another(self, event: Choices.Marked) -> None:
        """The person is asked for where there is one to name."""
        person = self.query_one("#person", Line)
        wanted = self._acts[event.choices.value].person
        if not person.value or any(person.value == act.person for act in self._acts.values()):
            person.value = wanted

    def result(self) -> Wish:
        """What cannot be undone by one more key needs a reason."""
        act = self._acts[self.chosen("act")]
        person = person_named(self, "person", self._people, tr("say who declines")) if act.person else ""
        reason = (
            self.need("reason", tr("say why: {title} is asked about later").format(title=act.title))
            if act.why
            else self.entered("reason")
        )
        return Wish(act.name, person, reason)


@dataclass(frozen=True, slots=True)
class MergeInto:
    """Into which incident this one is merged, and why."""

    into: str
    reason: str


class MergeDialog(Form[MergeInto]):
    """Close an incident as a duplicate of another one."""

    heading = mark("Merge a duplicate")
    confirm_word = mark("merge")

    def __init__(
        self, line: IncidentLine, others: Sequence[IncidentLine], *, check: Check[MergeInto] | None = None
    ) -> None:
        """`others` are what it can be merged into, at least one."""
        super().__init__(check)
        self._line, self._others = line, others

    def fields(self) -> Iterable[Widget]:
        """What happens, the others, the reason."""
        wide = max((cell_width(clean(other.key)) for other in self._others), default=0)
        choices = [
            Choice(other.key, ((f"{fitted(other.key, wide)}  ", Role.ACCENT), (clean(other.title), Role.TEXT)))
            for other in self._others
        ]
        yield about(self._line)
        yield note(tr("It is closed as a duplicate: its escalation stops, its roles and clocks of silence end."))
        yield Field(tr("Into"), Choices(choices, rows=8, id="into"))
        yield Field(tr("Why"), Line(id="reason", placeholder=tr("the same cause, reported twice, ...")))

    def result(self) -> MergeInto:
        """The other incident is enough."""
        if not self._others:
            raise Problem(tr("there is no other incident to merge it into"))
        return MergeInto(self.chosen("into"), self.entered("reason"))


class MoveDialog(Form[str]):
    """Move a running incident to the rules in force, with the difference shown first."""

    heading = mark("Move to other rules")
    confirm_word = mark("move it")

    def __init__(
        self, line: IncidentLine, revision: str, difference: Sequence[str], *, check: Check[str] | None = None
    ) -> None:
        """`difference` says line by line what changes for this incident."""
        super().__init__(check)
        self._line, self._revision, self._difference = line, revision, difference

    def fields(self) -> Iterable[Widget]:
        """The difference; there is nothing to enter."""
        yield about(self._line)
        yield note(tr("What changes under revision {revision}:").format(revision=clean(self._revision)))
        for text in self._difference or (tr("nothing that this incident is under"),):
            yield note(f"  {clean(text)}")
        yield note(tr("Nobody is paged because of the move alone."))
        yield Field(tr("Move it"), Choices([Choice("yes", ((tr("yes"), Role.TEXT),))], id="sure"))

    def result(self) -> str:
        """The revision."""
        return self._revision
