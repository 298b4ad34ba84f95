"""The forms of the on-call screen: override, absence, swap, and taking one of them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from warroom.domain.text import cell_width
from warroom.tui.oncall_desk import brief
from warroom.tui.oncall_grid import names, shift_at
from warroom.tui.oncall_when import EXAMPLES, short_stamp, span_of, spoken, typed_span
from warroom.tui.oncall_words import period
from warroom.tui.pieces import Role, clean, fitted, plain
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem, Unread
from warroom.tui.widgets.form_parts import Clock, note, person_named
from warroom.valueclass import dataclass
from warroom.views import DeskKind, DeskLine, DutySpan, OnCallView, ScheduleLine
from warroom.words import mark, tr


@dataclass(frozen=True, slots=True)
class Cover:
    """An override: `person` on `schedule`, only in place of `instead_of` where that is not ""."""

    schedule: str
    person: str
    start: datetime
    end: datetime
    reason: str
    instead_of: str


@dataclass(frozen=True, slots=True)
class Away:
    """An absence."""

    person: str
    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A swap: whose duty, and who is asked ("" is anybody)."""

    schedule: str
    person: str
    start: datetime
    end: datetime
    to: str
    note: str


@dataclass(frozen=True, slots=True)
class Ended:
    """What is to be taken back."""

    item: DeskLine
    reason: str


class _Timed(Form[object]):
    """A form with a stretch of time in it, which says back what it understood."""

    def __init__(self, view: OnCallView, me: str, clock: Clock, check: Check[object] | None) -> None:
        super().__init__(check)
        self._view, self._clock = view, clock
        self._logins = tuple(person.login for person in view.people)
        self._me = me if me in self._logins else ""

    def when(self, value: str = "") -> Iterable[Widget]:
        """The field for the stretch of time, and what it means."""
        yield Field(tr("When"), Line(value, id="when", placeholder=tr("2h, tomorrow, Fri 18:00 to Mon 08:00")))
        yield Field("", note(" ", id="means"))

    def who(self, label: str = "") -> Widget:
        """The field for a person: whoever is at the keyboard, where the rulebook knows them."""
        return Field(label or tr("Who"), Line(self._me, id="who", placeholder=tr("login"), known=self._logins))

    def schedules(self, chosen: str) -> Widget:
        """The field for a schedule."""
        width = max((cell_width(clean(line.name)) for line in self._view.schedules), default=4)
        choices = []
        for line in self._view.schedules:
            who = names(line.now.people) or tr("GAP")
            role = Role.MUTED if line.now.people else Role.LATE
            choices.append(Choice(line.name, ((fitted(line.name, min(width, 24)) + "  ", Role.TEXT), (who, role))))
        return Field(tr("Schedule"), Choices(choices, chosen, rows=5, id="schedule"))

    def on_mount(self) -> None:
        """Say what the proposal means."""
        super().on_mount()
        self._say()

    @on(Input.Changed)
    @on(Choices.Marked)
    def _input_changed(self) -> None:
        self._say()

    def _say(self) -> None:
        now = self._clock()
        try:
            start, end = span_of(self.entered("when"), now, self._zone())
        except ValueError as error:
            text = str(error) if self.entered("when") else ""
        else:
            text = self.said(start, end, now) if end is not None else tr("until when?")
        self.query_one("#means", Static).update(Content(clean(text)))

    def _zone(self) -> str:
        who = self.entered("who").casefold() if self.query("#who") else ""
        return next((person.zone for person in self._view.people if person.login.casefold() == who), "")

    def said(self, start: datetime, end: datetime, now: datetime) -> str:
        """That stretch of time, and what else is worth saying about it."""
        return spoken(start, end, now)

    def times(self) -> tuple[datetime, datetime]:
        """The stretch of time that was typed; raises `Problem`."""
        now = self._clock()
        try:
            start, end = span_of(
                self.need("when", tr("say until when: {examples}").format(examples=tr(EXAMPLES))), now, self._zone()
            )
        except ValueError as error:
            raise Unread(str(error), "when") from None
        if end is None:
            raise Problem(tr("say until when as well"), "when")
        if end <= start or end <= now:
            raise Problem(tr("that ends before it begins") if end <= start else tr("that is over already"), "when")
        return start, end

    def line(self, name: str) -> ScheduleLine | None:
        """A schedule of the view."""
        return next((line for line in self._view.schedules if line.name == name), None)

    def has_it(self, name: str, start: datetime, end: datetime) -> str:
        """Who is on call on a schedule in a stretch of time by what is known, "" where nothing is."""
        line = self.line(name)
        if line is None:
            return ""
        spans = [s for s in line.spans if (s.end is None or s.end > start) and (s.start is None or s.start < end)]
        return tr(", then ").join(dict.fromkeys(names(span.people) or tr("GAP") for span in spans[:4]))


class OverrideDialog(_Timed):
    """Somebody else is on call. Filled in so that enter alone puts me on call until the next hand-off."""

    heading = mark("Override")
    confirm_word = mark("put on call")

    def __init__(
        self,
        view: OnCallView,
        schedule: str,
        span: DutySpan | None,
        me: str,
        clock: Clock,
        *,
        check: Check[Cover] | None = None,
    ) -> None:
        """`span`: the shift under the cursor; one that is to come is taken as a whole, else it counts from now."""
        super().__init__(view, me, clock, check)  # type: ignore[arg-type]
        self._schedule, self._span = schedule, span

    def fields(self) -> Iterable[Widget]:
        """Who, when, why; the schedule above them is chosen already."""
        now = self._clock()
        yield self.schedules(self._schedule)
        yield self.who()
        yield from self.when(_proposal(self.line(self._schedule), self._span, now))
        yield Field(tr("Why"), Line(id="reason", placeholder=tr("goes on the record")))
        placeholder = tr("everybody on it; or whose place alone")
        yield Field(tr("Only for"), Line(id="instead", placeholder=placeholder, known=self._logins))

    def on_mount(self) -> None:
        """Who is what most likely changes: the cursor goes there."""
        super().on_mount()
        self.query_one("#who").focus()

    def said(self, start: datetime, end: datetime, now: datetime) -> str:
        """When, and in whose place."""
        found = self.has_it(self.chosen("schedule"), start, end)
        who = self.entered("who").casefold()
        away = [item for item in self._view.desk if item.kind is DeskKind.ABSENCE and item.person.casefold() == who]
        hit = next((item for item in away if item.start < end and item.end > start), None)
        text = spoken(start, end, now)
        if found:
            text = tr("{when}, in place of {people}").format(when=text, people=found)
        if hit is not None:
            until = short_stamp(hit.end, now)
            text += "; " + tr("but {person} is away until {until}").format(person=hit.person, until=until)
        return text

    def result(self) -> Cover:
        """A person and an end are needed."""
        person = person_named(self, "who", self._logins, tr("say who is on call"))
        start, end = self.times()
        instead = self.entered("instead")
        if instead:
            instead = person_named(self, "instead", self._logins, "")
        return Cover(self.chosen("schedule"), person, start, end, self.entered("reason"), instead)


class AbsenceDialog(_Timed):
    """Somebody is not there: they are passed over wherever they would be paged."""

    heading = mark("Absent")
    confirm_word = mark("be absent")

    def __init__(self, view: OnCallView, me: str, clock: Clock, *, check: Check[Away] | None = None) -> None:
        """Me, from now."""
        super().__init__(view, me, clock, check)  # type: ignore[arg-type]

    def fields(self) -> Iterable[Widget]:
        """Who, when, why."""
        yield self.who()
        yield from self.when()
        yield Field(tr("Why"), Line(id="reason", placeholder=tr("optional; everybody can read it")))

    def on_mount(self) -> None:
        """What is missing is when."""
        super().on_mount()
        self.query_one("#when" if self._me else "#who").focus()

    def said(self, start: datetime, end: datetime, now: datetime) -> str:
        """When, and which shifts of theirs somebody else has to have."""
        who = self.entered("who").casefold()
        hit = [
            f"{line.name} {period(span, now)}"
            for line in self._view.schedules
            for span in line.spans
            if any(person.casefold() == who for person in span.people)
            and (span.start is None or span.start < end)
            and (span.end is None or span.end > start)
        ]
        text, shifts = spoken(start, end, now), ", ".join(hit[:2])
        if len(hit) > 2:
            shifts = tr("{shifts} and {count} more").format(shifts=shifts, count=len(hit) - 2)
        return f"{text}; {tr('on call then: {shifts}').format(shifts=shifts)}" if hit else text

    def result(self) -> Away:
        """A person and an end are needed."""
        person = person_named(self, "who", self._logins, tr("say who is absent"))
        return Away(person, *self.times(), self.entered("reason"))


class SwapDialog(_Timed):
    """Ask for somebody to take a shift. Until it is taken, whoever has it keeps it."""

    heading = mark("Ask to swap")
    confirm_word = mark("ask")

    def __init__(
        self,
        view: OnCallView,
        schedule: str,
        span: DutySpan | None,
        me: str,
        clock: Clock,
        *,
        check: Check[Asked] | None = None,
    ) -> None:
        """Proposed is the shift under the cursor where it is mine, else my next one on that schedule."""
        super().__init__(view, me, clock, check)  # type: ignore[arg-type]
        self._schedule = schedule
        line, now = self.line(schedule), clock()
        if line is not None and (span is None or me not in span.people):
            own = [s for s in line.spans if me in s.people and (s.end is None or s.end > now)]
            span = own[0] if own else span
        self._span = span

    def fields(self) -> Iterable[Widget]:
        """Whose, which, whom to ask."""
        yield self.schedules(self._schedule)
        yield self.who(tr("Whose duty"))
        yield from self.when(_proposal(self.line(self._schedule), self._span, self._clock()))
        yield Field(tr("Ask"), Line(id="to", placeholder=tr("anybody"), known=self._logins))
        yield Field(tr("Note"), Line(id="note", placeholder=tr("what they should know")))

    def on_mount(self) -> None:
        """Whom to ask comes first; the rest is proposed."""
        super().on_mount()
        self.query_one("#to").focus()

    def said(self, start: datetime, end: datetime, now: datetime) -> str:
        """When, and who has it by now."""
        text, found = spoken(start, end, now), self.has_it(self.chosen("schedule"), start, end)
        return tr("{when}: {people} has it").format(when=text, people=found) if found else text

    def result(self) -> Asked:
        """Whose duty, and when."""
        person = person_named(self, "who", self._logins, tr("say whose duty it is"))
        start, end = self.times()
        to = self.entered("to")
        if to:
            to = person_named(self, "to", self._logins, "")
        return Asked(self.chosen("schedule"), person, start, end, to, self.entered("note"))


class ItemDialog(Form[Ended]):
    """Choose one of the things on the desk, and say that it is to be taken, or taken back."""

    def __init__(
        self,
        items: Sequence[DeskLine],
        me: str,
        now: datetime,
        *,
        taking: bool,
        chosen: DeskLine | None = None,
        check: Check[Ended] | None = None,
    ) -> None:
        """`items` is not empty; `taking`: swaps to take over, else what is to be taken back."""
        super().__init__(check)
        self.heading = tr("Take a swap") if taking else tr("Take back")
        self.confirm_word = tr("take it") if taking else tr("take it back")
        self._items, self._me, self._now, self._taking = tuple(items), me, now, taking
        self._chosen = chosen

    def fields(self) -> Iterable[Widget]:
        """The items, what will be, and why."""
        marked = str(self._chosen.id) if self._chosen is not None else ""
        choices = [Choice(str(item.id), ((plain(brief(item, self._now)).strip(), Role.TEXT),)) for item in self._items]
        yield Choices(choices, marked, rows=8, id="item")
        yield Field("", note(" ", id="means"))
        if not self._taking:
            yield Field(tr("Why"), Line(id="reason", placeholder=tr("goes on the record")))

    def on_mount(self) -> None:
        """With one thing only there is nothing to choose."""
        super().on_mount()
        if not self._taking and (len(self._items) == 1 or self._chosen is not None):
            self.query_one("#reason").focus()
        self._say()

    @on(Choices.Marked)
    def _other(self) -> None:
        self._say()

    @on(Choices.Made)
    async def _taken(self, event: Choices.Made) -> None:
        event.stop()
        event.prevent_default()
        await self.action_confirm()

    def _say(self) -> None:
        item = self._item()
        until = short_stamp(item.end, self._now)
        started = item.start <= self._now
        match item.kind:
            case DeskKind.SWAP if self._taking:
                text = tr("{me} is on call on {schedule} until {until} UTC in place of {person}").format(
                    me=self._me, schedule=item.schedule, until=until, person=item.person
                )
            case DeskKind.SWAP:
                mine = item.person == self._me or not item.other
                keeps = tr("you decline; {person} keeps the duty").format(person=item.person)
                text = tr("it is off the table") if mine else keeps
            case DeskKind.OVERRIDE:
                back = tr("{schedule} goes back to its layers now")
                never = tr("{schedule} goes back to its layers as if it had never been")
                text = (back if started else never).format(schedule=item.schedule)
            case _:
                again, on = tr("{person} can be paged again"), tr("{person} can be paged again from now on")
                text = (on if started else again).format(person=item.person)
        self.query_one("#means", Static).update(Content(clean(text)))

    def _item(self) -> DeskLine:
        chosen = self.chosen("item")
        return next(item for item in self._items if str(item.id) == chosen)

    def result(self) -> Ended:
        """What is marked."""
        return Ended(self._item(), "" if self._taking else self.entered("reason"))


def _proposal(line: ScheduleLine | None, span: DutySpan | None, now: datetime) -> str:
    """The stretch of time to propose: a shift that is to come as a whole, else from now until the next hand-off."""
    if span is not None and span.start is not None and span.end is not None and span.start > now:
        return typed_span(span.start, span.end, now)
    if span is None or (span.end is not None and span.end <= now):
        span = (shift_at(line, now) or line.now) if line is not None else None
    return typed_span(now, span.end, now) if span is not None and span.end is not None else ""
