"""The dialogs about roles (R4): who holds what, duties to tick off, being awake. Handing over is in `form_handover`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from warroom.domain.text import cell_width, wrap
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.keycap import arrows
from warroom.tui.clockface import age, countdown, is_late, late_by, urgency, when
from warroom.tui.held import Held, KeepsUp
from warroom.tui.pieces import Line as Pieces
from warroom.tui.pieces import Piece, Role, clean, fitted, line_width, plain
from warroom.tui.sieve.match import OVER
from warroom.tui.tired import tired_role
from warroom.tui.widgets.acting import Acting
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem
from warroom.tui.widgets.form_parts import Clock, about, person_named
from warroom.tui.widgets.hints import Hints, said_keys
from warroom.tui.widgets.tight import TightModalScreen
from warroom.valueclass import dataclass
from warroom.views import DutyLine, IncidentLine, RoleLine
from warroom.words import mark, tr


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What is to be done with a role (`acts_for` names what there is); `person` "" where nobody is needed. `note` is a
    reason, a note, or the name of a workstream."""

    action: str
    role: str
    person: str
    note: str


def acts_for(role: RoleLine, me: str, lead: str, *, live: bool = True) -> tuple[tuple[str, str], ...]:
    """What makes sense to do with a role, likeliest first, each with its words. No role is asked for in an incident
    that is not `live`, or only watched."""
    asked = ("add", "again")
    return tuple(each for each in _acts_for(role, me, lead) if live or each[0] not in asked)


def _acts_for(role: RoleLine, me: str, lead: str) -> Iterator[tuple[str, str]]:
    if role.offered_to and role.offered_to == me:
        yield "accept", tr("accept: it is offered to me")
        yield "withdraw", tr("decline the offer")
    if not role.holder:
        yield "assign", tr("assign: takes it at once")
    yield "offer", tr("offer: keeps it until accepted")
    if role.holder:
        yield "assign", tr("assign: takes it from them, give a reason")
    if role.offered_to and role.offered_to != me:
        yield "withdraw", tr("withdraw the offer to {person}").format(person=clean(role.offered_to))
    if role.may_join:
        yield "also", tr("join: holds it too")
    if role.may_deputise:
        yield "deputy", tr("stand by as a deputy")
    if role.duties:
        yield (
            "duties",
            tr("duties: {count} of {total} done").format(
                count=sum(d.at is not None for d in role.duties), total=len(role.duties)
            ),
        )
    if role.holder or role.also or role.deputies:
        yield "leave", tr("step back without a successor")
    if not role.holder and not role.required and not role.added:
        yield "add", tr("ask for it in this incident")
    if role.role != lead and "/" not in role.role:
        yield "again", tr("for a workstream: its name as the note")
    if role.added and not (role.holder or role.also or role.deputies):
        yield "drop", tr("do without it")


NEEDS_PERSON = {
    "assign": mark("say whom to assign"),
    "offer": mark("say whom to offer it to"),
    "also": mark("say who joins"),
    "deputy": mark("say who stands by"),
}
"""What cannot be done without a person, who is the one at the keyboard when nobody is named; and what is asked where
nobody sits there."""
_LEAVES = mark("say who steps back")


class RoleDialog(KeepsUp, Form[RoleChange]):
    """What can be done with each role: assign, offer, accept, join, stand by, step back, add, duties."""

    heading = mark("Roles")
    confirm_word = mark("do it")

    def __init__(
        self,
        line: IncidentLine,
        roles: Sequence[RoleLine],
        people: Sequence[str],
        now: datetime,
        *,
        me: str = "",
        lead: str = "incident-manager",
        look: Callable[[], tuple[Sequence[RoleLine], datetime]] | None = None,
        check: Check[RoleChange] | None = None,
    ) -> None:
        """`people` are known and complete what is typed; `me` is the person at the keyboard; `lead` is the role of
        which there is one. `look` gives the roles and the time as they are now: others take roles meanwhile."""
        super().__init__(check)
        self._line, self._roles, self._people, self._now = line, {role.role: role for role in roles}, people, now
        self._me, self._lead, self._look = me, lead, look
        self._held = Held()

    def keep_up(self) -> None:
        """Show what has changed about the roles; the marks stay where they are, as long as that can still be done."""
        if self._look is None or self.busy or not self.is_mounted:
            return
        roles, self._now = self._look()
        if self._held.holds(self._now, tuple(roles)):
            return
        self._roles = {role.role: role for role in roles}
        with self._held.laying_out(self._now, lambda: (tuple(roles),)):
            picked = self.query_one("#role", Choices)
            picked.show_choices(self._choices())
            self._show_acts(picked.value)

    def _choices(self) -> list[Choice]:
        name = max((cell_width(clean(role.title)) for role in self._roles.values()), default=4)
        holder = max((cell_width(clean(role.holder)) for role in self._roles.values()), default=0)
        since = max((len(age(role.since, self._now)) for role in self._roles.values() if role.since), default=0)
        sizes = min(name, 24), min(holder, 12), since
        return [Choice(role.role, self._role(role, *sizes)) for role in self._roles.values()]

    def _show_acts(self, role: str) -> None:
        acts, choices = self.query_one("#action", Choices), self._acts(role)
        acts.styles.height = max(1, min(len(choices), 8))
        acts.show_choices(choices)

    def fields(self) -> Iterable[Widget]:
        """Role, action, person, note."""
        first = self._first()
        yield about(self._line)
        yield Field(tr("Role"), Choices(self._choices(), first, rows=7, id="role"))
        yield Field(tr("Do"), Choices(self._acts(first), rows=8, id="action"))
        yield Field(tr("Person"), Line(id="person", placeholder=self._me or tr("who"), known=self._people))
        yield Field(tr("Note"), Line(id="note", placeholder=tr("why, or what they need to know")))

    def _acts(self, role: str) -> list[Choice]:
        line = self._roles.get(role)
        live = self._line.status not in OVER and not self._line.watched
        acts = acts_for(line, self._me, self._lead, live=live) if line is not None else ()
        return [Choice(value, ((words, Role.TEXT),)) for value, words in acts]

    @on(Choices.Marked, "#role")
    def _other_role(self, event: Choices.Marked) -> None:
        """With another role other things can be done."""
        self.query_one("#action", Choices).choices = ()
        self._show_acts(event.choices.value)

    def _first(self) -> str:
        """The role that needs somebody most is marked at first."""
        roles = tuple(self._roles.values())
        waiting = [role for role in roles if role.offered_to and role.offered_to == self._me]
        vacant = [role for role in roles if not role.holder and role.due]
        vacant.sort(key=lambda role: role.due or self._now)
        return next((role.role for role in (*waiting, *vacant, *roles)), "")

    def _role(self, role: RoleLine, name: int, holder: int, since: int) -> Pieces:
        pieces: list[Piece] = [(fitted(role.title, name) + "  ", Role.TEXT)]
        if role.holder:
            held = age(role.since, self._now) if role.since else ""
            pieces.append((fitted(role.holder, holder), Role.MUTED))
            pieces.append((f"  {held:<{since}}", Role.MUTED))
            word, tone = tired_role(role, self._now)
            pieces.append((f"  {word}" if word else "", tone))
        elif role.due is not None:
            due = late_by(role.due, self._now) if is_late(role.due, self._now) else countdown(role.due, self._now)
            pieces.append((f"— {due}", urgency(role.due, self._now)))
        else:
            pieces.append(("—", Role.FAINT))
        others = [*role.also, *(tr("{person} (deputy)").format(person=person) for person in role.deputies)]
        pieces.append((f"  + {clean(', '.join(others))}" if others else "", Role.MUTED))
        if role.offered_to:
            pieces.append((f"  → {clean(role.offered_to)}", Role.SOON))
        return tuple(pieces)

    def result(self) -> RoleChange:
        """Some acts need a person, who is the one at the keyboard when nobody is named."""
        action = self.chosen("action")
        person = ""
        if action in NEEDS_PERSON or (action == "leave" and self.entered("person")):
            if self._me and not self.entered("person"):
                person = self._me
            else:
                person = person_named(self, "person", self._people, tr(NEEDS_PERSON.get(action, _LEAVES)))
        if action == "again" and not self.entered("note"):
            raise Problem(tr("name the workstream in the note, such as database"), "note")
        return RoleChange(action, self.chosen("role"), person, self.entered("note"))


# Duties --------------------------------------------------------------------------------------------------------------

Tick = Callable[[DutyLine], Awaitable[str]]
"""Ticks a duty off or takes the tick back; "" when that was done, else why not."""


class DutiesScreen(Acting, KeepsUp, TightModalScreen[None]):
    """The duties of one role as a checklist: enter or blank ticks, and takes the tick back."""

    CSS_PATH = Path(__file__).with_name("form_roles.tcss")
    AUTO_FOCUS = "#duties"

    scope = "duties"
    BINDINGS: ClassVar[list[BindingType]] = bindings("duties")

    def __init__(self, look: Callable[[], RoleLine | None], clock: Clock, tick: Tick) -> None:
        """`look` gives the role as it is now."""
        super().__init__()
        self._look, self._clock, self._tick = look, clock, tick
        self._role = look()
        self._held = Held()

    def compose(self) -> ComposeResult:
        """The list in its box."""
        with Vertical(id="duties-box") as box:
            title = clean(self._role.title) if self._role is not None else ""
            box.border_title = Content(self.titled(tr("Duties: {title}").format(title=title)))
            yield Choices(self._choices(), rows=max(1, min(16, self.app.size.height - 5)), id="duties")
            yield Static("", id="duties-whole", markup=False)
            yield Static("", id="duties-problem", markup=False)
            keys = said_keys(
                (self.keymap.hint("move.take", "choices"), tr("done, or not after all")),
                (arrows(), tr("move")),
                (self.keymap.hint("go.back", self.scope), tr("close")),
            )
            yield Hints(keys, id="duties-keys")

    def on_mount(self) -> None:
        """Show the marked duty in all its words."""
        self.call_after_refresh(self._whole)

    @on(Choices.Marked, "#duties")
    @on(Resize)
    def _whole(self) -> None:
        """A duty too long for its row stands below in all its words, as long as it is marked. The place for that is as
        high as the longest needs: the rows above must not move under the pointer."""
        duties, whole = self.query_one("#duties", Choices), self.query_one("#duties-whole", Static)
        room = duties.size.width
        long = [choice.line for choice in duties.choices if line_width(choice.line) + 2 > room > 0]
        whole.display = bool(long)
        whole.styles.height = max((len(wrap(plain(line), room)) for line in long), default=0)
        marked = duties.choices[duties.index].line if duties.choices else ()
        words = wrap(clean(plain(marked)), room) if marked in long else []
        whole.update(Content("\n".join(words)))

    def _choices(self) -> list[Choice]:
        duties = self._role.duties if self._role is not None else ()
        return [Choice(str(duty.number), self._line(duty)) for duty in duties]

    def _line(self, duty: DutyLine) -> Pieces:
        if duty.at is None:
            return ("□ ", Role.SOON), (clean(duty.text), Role.TEXT)
        by = f"  {clean(duty.by)} {when(duty.at, self._clock())}"
        return ("✔ ", Role.OK), (clean(duty.text), Role.MUTED), (by, Role.MUTED)

    def keep_up(self) -> None:
        """Show what others have ticked meanwhile."""
        now, self._role = self._clock(), self._look() or self._role
        if self.is_mounted and not self._held.holds(now, self._role):
            with self._held.laying_out(now, lambda: (self._role,)):
                self.query_one("#duties", Choices).show_choices(self._choices())
            self._whole()

    @on(Choices.Made)
    def _made(self, event: Choices.Made) -> None:
        event.stop()
        self.action_tick()

    def action_tick(self) -> None:
        """Tick the marked duty off, or take the tick back."""
        marked = self.query_one("#duties", Choices).value
        duty = next((d for d in (self._role.duties if self._role else ()) if str(d.number) == marked), None)
        if duty is not None:
            self.run_worker(self._ticked(duty), exit_on_error=False)

    async def _ticked(self, duty: DutyLine) -> None:
        refusal = await self._tick(duty)
        self.query_one("#duties-problem", Static).update(Content(f"✗ {clean(refusal)}" if refusal else ""))


# Awake ---------------------------------------------------------------------------------------------------------------


class AwakeDialog(Form[datetime]):
    """Since when somebody has been awake."""

    heading = mark("Awake since")
    confirm_word = mark("say it")

    def __init__(self, line: IncidentLine, person: str, now: datetime, *, check: Check[datetime] | None = None) -> None:
        """`person` is who it is about."""
        super().__init__(check)
        self._line, self._person, self._now = line, person, now

    def fields(self) -> Iterable[Widget]:
        """One line."""
        yield about(self._line)
        yield Field(tr("Who"), Static(Content(clean(self._person)), markup=False))
        yield Field(tr("Awake since"), Line(id="since", placeholder=tr("06:30 UTC, or how long: 16h")))

    def result(self) -> datetime:
        """The latest such time."""
        text = self.need("since", tr("say since when, such as 06:30, or how long, such as 16h"))
        try:
            return awake_since(text, self._now)
        except ValueError as error:
            raise Problem(str(error), "since") from None


def awake_since(text: str, now: datetime) -> datetime:
    """The moment that "06:30" (the latest such, UTC) or "16h", "9h30m" means. Raises `ValueError` in plain words."""
    wanted = text.strip().casefold()
    hours, colon, minutes = wanted.partition(":")
    if colon and hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60:
        at = now.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
        return at if at <= now else at - timedelta(days=1)
    whole, letter, rest = wanted.partition("h")
    rest = rest.removesuffix("m")
    if letter and whole.isdecimal() and (not rest or rest.isdecimal()) and len(whole) < 3 and len(rest) < 3:
        return now - timedelta(hours=int(whole), minutes=int(rest or 0))
    raise ValueError(tr("write a time such as 06:30 (UTC), or how long, such as 16h"))
