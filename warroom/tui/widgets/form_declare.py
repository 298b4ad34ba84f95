"""Declaring an incident from one line: what is understood of it stands in the fields before it is sent (R1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual import on
from textual.content import Content
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Static

from warroom.domain.oneline import Parsed, Vocabulary, completion, parse
from warroom.domain.text import clean_line
from warroom.tui.clockface import clock as clock_of
from warroom.tui.moments import typed_past
from warroom.tui.pieces import clean
from warroom.tui.widgets.choices import Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem, Unread
from warroom.tui.widgets.form_parts import Clock, note, severity_choices
from warroom.valueclass import dataclass
from warroom.views import SeverityFace
from warroom.words import mark, tr


@dataclass(frozen=True, slots=True)
class Declared:
    """A new incident: one line is enough, the rest is filled from it and from the catalogue."""

    title: str
    severity: str
    service: str = ""
    summary: str = ""
    started_at: datetime | None = None
    description: str = ""
    products: tuple[str, ...] = ()


class AtService(Suggester):
    """Completes the service behind an @ at the end of a line."""

    def __init__(self, words: Vocabulary) -> None:
        """For the services of a rulebook."""
        super().__init__(use_cache=False, case_sensitive=True)
        self._words = words

    async def get_suggestion(self, value: str) -> str | None:
        """The whole line, completed; None where there is nothing to complete."""
        return completion(value, self._words.services) or None


class DeclareDialog(Form[Declared]):
    """Declare an incident."""

    heading = mark("Declare an incident")
    confirm_word = mark("declare")

    def __init__(
        self,
        severities: Sequence[SeverityFace],
        words: Vocabulary,
        clock: Clock,
        *,
        check: Check[Declared] | None = None,
    ) -> None:
        """`words` are what the line is read by."""
        super().__init__(check)
        self._severities, self._words, self._clock = severities, words, clock
        self._filled = {"service": "", "began": ""}
        self._proposed = parse("", words, clock())
        self._by_hand = False

    def fields(self) -> Iterable[Widget]:
        """The line, what is understood of it, and what can be said besides."""
        line = Line(id="title", placeholder=tr("SEV1 cards fail @payments-api since 13:40"))
        line.suggester = AtService(self._words)
        services = list(self._words.services)
        yield Field(tr("What happens"), line)
        yield Field("", note("", id="read"))
        yield Field(
            tr("Severity"), Choices(severity_choices(self._severities), self._proposed.severity, rows=5, id="severity")
        )
        yield Field(tr("Service"), Line(id="service", placeholder=tr("unknown"), known=services))
        yield Field(tr("Since"), Line(id="began", placeholder=tr("unknown; 20m, 13:40 UTC")))
        yield Field(tr("Impact"), Line(id="description", placeholder=tr("what customers see, how many")))
        yield Field(tr("Products"), Line(id="products", placeholder=tr("what customers call it; several with commas")))

    def on_mount(self) -> None:
        """Say what would be declared."""
        super().on_mount()
        self._say(self._proposed)

    @on(Input.Changed, "#title")
    def _read(self, event: Input.Changed) -> None:
        """Fill what the line says, but for what somebody has entered by hand."""
        parsed = self._proposed = parse(clean(event.value), self._words, self._clock())
        for name, value in (("service", parsed.service), ("began", parsed.began)):
            field = self.query_one(f"#{name}", Line)
            if field.value == self._filled[name]:
                self._filled[name] = field.value = value
        choices = self.query_one("#severity", Choices)
        if not self._by_hand or parsed.said:
            self._by_hand = False
            choices.mark(next((i for i, each in enumerate(choices.choices) if each.value == parsed.severity), 0))
        self._say(parsed)

    @on(Choices.Marked, "#severity")
    def _chosen(self, event: Choices.Marked) -> None:
        self._by_hand = event.choices.value != self._proposed.severity
        self._say(self._proposed)

    @on(Input.Changed, "#service")
    def _service_changed(self, event: Input.Changed) -> None:
        self._say(self._proposed)

    def _say(self, parsed: Parsed) -> None:
        chosen = self.query_one("#severity", Choices).value
        why = tr("by hand") if self._by_hand else parsed.why
        service = self.entered("service")
        tier = self._words.services.get(service, "")
        known = "" if not service or service in self._words.services else " " + tr("(not in the catalogue)")
        of_tier = ", " + tr("tier {tier}").format(tier=clean(tier)) if tier and not tier.startswith("tier") else ""
        where = f"{clean_line(service, 40)}{of_tier}{known}" if service else tr("service unknown")
        began = self.entered("began")
        since = tr("start unknown")
        if began:
            try:
                since = tr("since {time}").format(time=clock_of(typed_past(began, self._clock())))
            except ValueError:
                since = tr("since ?")
        title = clean(parsed.title)
        words = f"{clean(chosen)} ({why}) · {where} · {since}" + (f"\n“{title}”" if title else "")
        lost = next((word for word in title.split() if word.startswith("@") and len(word) > 1), "")
        if lost and not completion(title, self._words.services):
            words += "\n" + tr("{lost} is in no catalogue: it stays in the title").format(lost=lost)
        self.query_one("#read", Static).update(Content(words))

    def result(self) -> Declared:
        """Only a few words of what happens are needed."""
        line = self.need("title", tr("say in a few words what happens"))
        parsed = parse(line, self._words, self._clock())
        if not parsed.title:
            raise Problem(tr("say in a few words what happens"), "title")
        began, started = self.entered("began"), None
        if began:
            try:
                started = typed_past(began, self._clock())
            except ValueError as error:
                raise Unread(str(error), "began") from None
        products = tuple(name.strip() for name in self.entered("products").split(",") if name.strip())
        return Declared(
            parsed.title,
            self.chosen("severity"),
            self.entered("service"),
            parsed.summary,
            started,
            self.entered("description"),
            products,
        )
