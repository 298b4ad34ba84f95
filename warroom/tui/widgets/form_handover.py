"""The dialogs of a handover (R4): offering a role with its card, and taking over what is offered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static, TextArea

from warroom.domain.roles import READ_BACK
from warroom.domain.text import cell_width
from warroom.tui.actions.bind import bindings
from warroom.tui.clockface import age, parse_when, when
from warroom.tui.pieces import Line as Pieces
from warroom.tui.pieces import Role, clean, fitted
from warroom.tui.tired import tired_role
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Text, Unread
from warroom.tui.widgets.form_parts import Clock, about, person_named
from warroom.valueclass import dataclass
from warroom.views import IncidentLine, RoleLine, SuccessionLine, SuccessorLine
from warroom.words import mark, tr

_CARD, _SPARE = 4, 2  # rows of the card's field at least, and those below what is written
SOMEBODY = ""
"""The choice for a person who is not on the list."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A handover to offer: the card as it was edited. With `at` it is only planned for then."""

    role: str
    to: str
    card: str
    at: datetime | None = None


class HandoverDialog(Form[Handover]):
    """Hand a role over: to whom, with the card as it is to go out. The best successor is marked, the card is filled."""

    heading = mark("Hand over")
    confirm_word = mark("offer it")
    many_lines = True

    def __init__(
        self,
        line: IncidentLine,
        roles: Sequence[RoleLine],
        succession: Sequence[SuccessionLine],
        cards: Sequence[tuple[str, str]],
        people: Sequence[str],
        clock: Clock,
        *,
        role: str = "",
        to: str = "",
        check: Check[Handover] | None = None,
    ) -> None:
        """`roles` can be handed over, the likeliest first; `succession` and `cards` are those of each. `role` and `to`
        are marked at first where they are given."""
        super().__init__(check)
        self._line, self._people, self._clock = line, people, clock
        self._roles = {each.role: each for each in roles}
        self._succession = {each.role: each.people for each in succession}
        self._cards = dict(cards)
        self._role = role if role in self._roles else next(iter(self._roles), "")
        self._to = to

    def fields(self) -> Iterable[Widget]:
        """Role, to whom, card, when."""
        yield about(self._line)
        choices = [Choice(role.role, self._named(role)) for role in self._roles.values()]
        picked = Choices(choices, self._role, rows=4, id="role")
        if len(choices) > 1:
            yield Field(tr("Role"), picked)
        else:
            yield Field(tr("Role"), Static(Content("".join(text for text, _ in choices[0].line) if choices else "")))
        yield Field(tr("To"), Choices(self._successors(self._role), self._to, rows=5, id="to"))
        other = Line(self._other(), id="person", placeholder=tr("anybody else, by name"), known=self._people)
        yield Field(tr("or"), other, named=tr("Person"))
        yield Field(tr("Card"), Text(self._cards.get(self._role, ""), id="card", placeholder=tr("how things stand")))
        yield Field(tr("When"), Line(id="when", placeholder=tr("now; or minutes, or HH:MM UTC, to plan it")))

    def on_mount(self) -> None:
        """The card is seen whole where there is room for it: it is what the other one reads."""
        super().on_mount()
        self._tall()

    def on_resize(self, event: Resize) -> None:
        """And again for another size."""
        super().on_resize(event)
        self._tall()

    def _tall(self) -> None:
        rows = min(len(self._roles), 4) + min(len(self._successors(self._role)), 5) + 9
        card = self.query_one("#card", TextArea)
        written = card.wrapped_document.height + _SPARE
        card.styles.height = max(_CARD, min(written, self.app.size.height - rows))

    @on(TextArea.Changed, "#card")
    def _card_changed(self) -> None:
        """The field grows with what is written."""
        self._tall()

    def _other(self) -> str:
        """Whoever was asked for and is not among the successors stands in the line for anybody else."""
        listed = {each.person for each in self._succession.get(self._role, ())}
        return self._to if self._to and self._to not in listed else ""

    def _named(self, role: RoleLine) -> Pieces:
        now = self._clock()
        title = min(max(cell_width(clean(each.title)) for each in self._roles.values()), 24)
        holder = min(max(cell_width(clean(each.holder)) for each in self._roles.values()), 12)
        since = f"  {age(role.since, now)}" if role.since else ""
        word, tone = tired_role(role, now)
        # How tired they are counts for more than since when: where there is little room that is cut.
        return (
            (fitted(role.title, title) + "  ", Role.TEXT),
            (fitted(role.holder, holder), Role.MUTED),
            (f"  {word}" if word else "", tone),
            (since, Role.MUTED),
        )

    def _successors(self, role: str) -> list[Choice]:
        found = self._succession.get(role, ())
        name = min(max((cell_width(clean(each.person)) for each in found), default=4), 14)
        return [Choice(each.person, _successor(each, name)) for each in found] or [
            Choice(SOMEBODY, ((tr("nobody is known who could: name somebody"), Role.SOON),))
        ]

    @on(Choices.Marked, "#role")
    def _other_role(self, event: Choices.Marked) -> None:
        """Another role has other successors and another card; what was edited stays."""
        role, card = event.choices.value, self.query_one("#card", TextArea)
        to = self.query_one("#to", Choices)
        to.choices = ()
        to.styles.height = max(1, min(len(self._successors(role)), 5))
        to.show_choices(self._successors(role))
        if card.text == self._cards.get(self._role, ""):
            card.load_text(self._cards.get(role, ""))
        self._role = role
        self._tall()

    def result(self) -> Handover:
        """Somebody has to be named: on the list, or by name."""
        to = self.chosen("to")
        if self.entered("person") or not to:
            to = person_named(self, "person", self._people, tr("say to whom you hand it over"))
        at = None
        if self.entered("when"):
            try:
                at = parse_when(self.entered("when"), self._clock())
            except ValueError as error:
                raise Unread(str(error), "when") from None
        return Handover(self._role, to, self.written("card"), at)


def _successor(each: SuccessorLine, name: int) -> Pieces:
    tone = Role.LATE_MUTED if each.tired == "red" else Role.SOON if each.tired else Role.MUTED
    return (fitted(each.person, name) + "  ", Role.TEXT), (clean(each.words), tone)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an offer: what was read back, or that it is declined."""

    take: bool
    read_back: str = ""


class TakeOverDialog(Form[Answer]):
    """A role is offered to the person at the keyboard: the card, and a line to read it back."""

    heading = mark("Take over")
    confirm_word = mark("answer")

    scope = "takeover"
    BINDINGS: ClassVar[list[BindingType]] = bindings("takeover")

    def __init__(
        self, line: IncidentLine, role: RoleLine, now: datetime, *, check: Check[Answer] | None = None
    ) -> None:
        """The offer as it stands on the role."""
        super().__init__(check)
        self._line, self._role, self._now = line, role, now

    def fields(self) -> Iterable[Widget]:
        """The card, the line, yes or no."""
        role, now = self._role, self._now
        lapses = role.offer_lapses_at
        said = tr("{person} offers you {role}, until {when}") if lapses else tr("{person} offers you {role}")
        said = said.format(
            person=clean(role.offered_by), role=clean(role.title), when=when(lapses, now) if lapses else ""
        )
        if role.holder:
            said += "; " + tr("{holder} holds it until you accept").format(holder=clean(role.holder))
        yield about(self._line)
        yield Static(Content(said), classes="note", markup=False)
        lines = [clean(line) for line in role.offer_note.splitlines()]
        with VerticalScroll(id="offer-card"):
            yield Static(Content("\n".join(lines) or tr("no card was written")), markup=False)
        yield Field(
            tr("Read back"),
            Line(id="said", placeholder=tr("what you take over; empty says “{words}”").format(words=READ_BACK)),
        )
        choices = [
            Choice("take", ((tr("accept: I take it now"), Role.TEXT),)),
            Choice("decline", ((tr("decline: not me"), Role.TEXT),)),
        ]
        yield Field(tr("Answer"), Choices(choices, id="answer"))

    def on_mount(self) -> None:
        """The card scrolls where it is longer than the screen; the cursor stands in the line."""
        super().on_mount()
        self._tall()
        self.query_one("#said").focus()

    def on_resize(self, event: Resize) -> None:
        """And again for another size."""
        super().on_resize(event)
        self._tall()

    def _tall(self) -> None:
        card = self.query_one("#offer-card")
        card.styles.height = "auto"
        card.styles.max_height = max(4, self.app.size.height - 12)

    def action_turn(self, by: int) -> None:
        """Scroll the card, wherever the cursor is."""
        card = self.query_one("#offer-card")
        card.scroll_relative(y=by * max(1, card.size.height - 1), animate=False)

    def result(self) -> Answer:
        """Nothing typed says that it was read."""
        take = self.chosen("answer") == "take"
        return Answer(take, (self.entered("said") or READ_BACK) if take else "")
