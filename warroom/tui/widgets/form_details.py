"""What is known of an incident, in one form: unknown where nobody has said it, and every time to be put right (R1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from warroom.domain.times import out_of_order
from warroom.tui.clockface import length
from warroom.tui.moments import shown, typed_past
from warroom.tui.pieces import clean
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem, Unread
from warroom.tui.widgets.form_parts import Clock, about, note
from warroom.valueclass import dataclass
from warroom.views import FactLine, FactsView, IncidentDetail, TimeLine
from warroom.words import mark, tr

TITLE, SUMMARY = "title", "summary"
COUNTS = ("external", "internal", "cases")
_SHORT = {
    "description": mark("Description"),
    "impact": mark("Impact"),
    "external": mark("Customers"),
    "internal": mark("Colleagues"),
    "cases": mark("Cases"),
    "reporter": mark("Reporter"),
    "detection": mark("Found by"),
    "acknowledged_at": mark("Acked"),
    "started_at": mark("Started"),
    "ended_at": mark("Ended"),
}
_HINTS = {
    "description": mark("what customers see"),
    "products": mark("several with commas"),
    "impact": mark("none, some, all, or in words"),
    "cases": mark("+3 for three more"),
}


@dataclass(frozen=True, slots=True)
class Details:
    """What was changed, by field of a correction.

    `seen` is what stood there, as text; `unknown` names what nobody knows after all.
    """

    changed: dict[str, object] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    reason: str = ""


class DetailsDialog(Form[Details]):
    """See and correct what is known."""

    heading = mark("Details")
    confirm_word = mark("correct it")

    def __init__(
        self,
        detail: IncidentDetail,
        clock: Clock,
        *,
        services: tuple[str, ...] = (),
        check: Check[Details] | None = None,
    ) -> None:
        """`services` complete what is typed."""
        super().__init__(check)
        self._line, self._clock, self._services = detail.line, clock, services
        self._facts = detail.facts_of or FactsView()
        self._topic = detail.topic
        opened = clock()
        self._texts = {TITLE: clean(detail.line.title)}
        if "\n" not in detail.summary:  # what has several lines is read in the room, and put right by command
            self._texts[SUMMARY] = clean(detail.summary)
        self._texts |= {fact.name: clean(self._facts.value(fact.name)) for fact in self._editable()}
        self._times = {time.name: shown(time.at, opened) for time in self._facts.times}
        self._raw = {time.name: time.at for time in self._facts.times}

    def _editable(self) -> list[FactLine]:
        return [fact for fact in self._facts.facts if fact.name not in ("owner", "dependencies")]

    def fields(self) -> Iterable[Widget]:
        """The topic line, warnings; title and facts; the times; why."""
        yield about(self._line)
        if self._topic:
            yield note(clean(self._topic))
        for fact in self._facts.facts:
            if fact.name in ("owner", "dependencies") and fact.value:
                yield note(f"{tr(fact.label)}: {clean(fact.value)}")
        if self._facts.assessed:
            yield note(tr("assessed: {assessed}").format(assessed=clean(self._facts.assessed)))
        yield Field(tr("Title"), Line(self._texts[TITLE], id=TITLE))
        if SUMMARY in self._texts:
            yield Field(tr("Summary"), Line(self._texts[SUMMARY], id=SUMMARY, placeholder=tr("unknown")))
        for fact in self._editable():
            label = _label(fact)
            hint = tr(_HINTS.get(fact.name, ""))
            empty = tr("unknown; {hint}").format(hint=hint) if hint else tr("unknown")
            empty = f"{clean(fact.value)} ({tr(fact.source)})" if fact.source else empty
            known = self._services if fact.name == "service" else ()
            yield Field(label, Line(self._texts[fact.name], id=fact.name, placeholder=empty, known=known))
        for time in self._facts.times:
            label = _label(time)
            yield Field(
                label, Line(self._times[time.name], id=time.name, placeholder=tr("unknown; 13:40 UTC, 20m ago"))
            )
        yield Field("", note("", id="order"))
        yield Field(tr("Why"), Line(id="reason", placeholder=tr("goes on the record")))

    def on_mount(self) -> None:
        """Say what the times make; a key typed by mistake adds to a field and does not replace it."""
        super().on_mount()
        for entry in self.query(Input):
            entry.select_on_focus = False
        self._say()

    @on(Input.Changed)
    def _typed_something(self) -> None:
        self._say()

    def _say(self) -> None:
        """Which times cannot be true, and how long it lasted by those that can."""
        try:
            times = {**self._raw, **self._given()[0]}
        except Problem:
            return
        lines = [f"! {clean(each)}" for each in out_of_order(times)]
        started, ended = times.get("started_at"), times.get("ended_at")
        if started is not None and ended is not None and ended >= started:
            lines.append(tr("the impact lasted {time}").format(time=length(ended - started)))
        self.query_one("#order", Static).update(Content("\n".join(lines)))

    def _given(self) -> tuple[dict[str, datetime], tuple[str, ...]]:
        """The times that were changed, and those that were emptied; raises `Problem`."""
        found, emptied = {}, []
        for name, before in self._times.items():
            typed = self.entered(name)
            if typed == before:
                continue
            if not typed:
                emptied.append(name)
                continue
            try:
                found[name] = typed_past(typed, self._clock())
            except ValueError as error:
                raise Unread(str(error), name) from None
        return found, tuple(emptied)

    def result(self) -> Details:
        """Only what was changed; an emptied time or number is unknown after all."""
        times, emptied = self._given()
        changed: dict[str, object] = dict(times)
        unknown = list(emptied)
        for name, before in self._texts.items():
            typed = self.entered(name)
            if typed == before:
                continue
            if name in COUNTS:
                number = self._number(name, typed)
                if number is None:
                    unknown.append(name)
                else:
                    changed[name] = number
            elif name == "products":
                changed[name] = tuple(each.strip() for each in typed.split(",") if each.strip())
            elif name == TITLE and not typed:
                raise Problem(tr("an incident needs a title"), TITLE)
            else:
                changed[name] = typed
        if not changed and not unknown:
            raise Problem(tr("nothing was changed; {key} leaves").format(key=self.key("go.back")))
        seen = {name: self._seen(name) for name in (*changed, *unknown)}
        return Details(changed, seen, tuple(unknown), self.entered("reason"))

    def _seen(self, name: str) -> str:
        if name in self._raw:
            at = self._raw[name]
            return "" if at is None else at.isoformat()
        return self._texts[name]

    def _number(self, name: str, typed: str) -> int | None:
        if not typed:
            return None
        more, digits = typed.startswith("+"), typed.removeprefix("+").replace(",", "").replace(" ", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 12):
            raise Unread(tr("type a number, or +3 for three more"), name)
        return int(digits) + (int(self._texts[name] or 0) if more else 0)


def _label(of: FactLine | TimeLine) -> str:
    short = _SHORT.get(of.name)
    return tr(short) if short else tr(of.label).capitalize()
