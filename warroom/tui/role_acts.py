"""Roles, handover and the people in the room: from what a person wants to a command; `intents` gathers them."""

from __future__ import annotations

from datetime import datetime

from warroom.domain.core import Command
from warroom.domain.people import JoinRoom, LeaveRoom, SayAwake
from warroom.domain.roles import (
    LEAD,
    READ_BACK,
    AcceptRole,
    AddRole,
    AssignRole,
    DropRole,
    EndOffer,
    JoinRole,
    LeaveRole,
    OfferRole,
    PlanHandover,
    TickDuty,
)
from warroom.tui.actions.keycap import keycap
from warroom.tui.acts import Acts
from warroom.tui.widgets.form_handover import Answer, Handover, HandoverDialog, TakeOverDialog
from warroom.tui.widgets.form_roles import AwakeDialog, DutiesScreen, RoleChange, RoleDialog
from warroom.tui.widgets.people import PeopleScreen
from warroom.views import DutyLine, IncidentDetail, IncidentLine, PeopleView, PersonHere, RoleLine
from warroom.words import tr


class RoleActs(Acts):
    """Everything that a key can start about roles (R4)."""

    # Roles -----------------------------------------------------------------------------------------------------------

    def want_roles(self, line: IncidentLine) -> None:
        """Change who holds what."""
        shown: dict[str, RoleLine] = {}

        def look() -> tuple[list[RoleLine], datetime]:
            detail = self.detail(line)
            if detail is not None:
                shown.clear()
                shown.update((role.role, role) for role in detail.roles)
            every = [shown.get(name) or RoleLine(name, title, "", None, None) for name, title in self.catalogue.roles]
            every += [role for name, role in shown.items() if name not in dict(self.catalogue.roles)]
            return every, self.app.clock()

        async def carry(change: RoleChange) -> str:
            if change.action == "duties":
                self.app.call_later(self._duties, line, change.role)
                return ""
            seen = shown[change.role].holder if change.role in shown else ""
            return await self.carry(role_command(change, seen), line.key)

        every, now = look()
        people = self.catalogue.people
        self.ask(RoleDialog(line, every, people, now, me=self.me, lead=LEAD, look=look, check=carry))

    def _role(self, line: IncidentLine, role: str) -> RoleLine | None:
        detail = self.detail(line)
        return next((each for each in detail.roles if each.role == role), None) if detail is not None else None

    def _duties(self, line: IncidentLine, role: str) -> None:
        """The checklist of a role."""

        async def tick(duty: DutyLine) -> str:
            return await self.carry(TickDuty(role, duty.number, duty.at is None, duty.text), line.key)

        self.show(DutiesScreen(lambda: self._role(line, role), self.clock(line), tick), line)

    # Handing over ----------------------------------------------------------------------------------------------------

    def want_handover(self, line: IncidentLine) -> None:
        """Take over what is offered to the person at the keyboard; else hand over what they hold."""
        self._hand_over(line)

    def _hand_over(self, line: IncidentLine, to: str = "") -> None:
        detail = self.detail(line)
        if detail is None:
            return
        offered = next((role for role in detail.roles if role.offered_to and role.offered_to == self.me), None)
        if offered is not None and not to:
            self._take_over(line, offered)
            return
        roles = to_hand_over(detail, self.me)
        if not roles or detail.people is None:
            self.say(
                tr("nobody holds a role on {key} yet: {roles} assigns them").format(
                    key=line.key, roles=keycap("incident.roles")
                )
            )
            return

        async def carry(wish: Handover) -> str:
            return await self.carry(handover_command(wish, roles), line.key)

        view = detail.people
        self.ask(
            HandoverDialog(
                line, roles, view.succession, view.cards, self.catalogue.people, self.app.clock, to=to, check=carry
            )
        )

    def _take_over(self, line: IncidentLine, role: RoleLine) -> None:
        async def carry(answer: Answer) -> str:
            command = AcceptRole(role.role, answer.read_back, role.offered_at) if answer.take else EndOffer(role.role)
            return await self.carry(command, line.key)

        self.ask(TakeOverDialog(line, role, self.app.clock(), check=carry))

    # People ----------------------------------------------------------------------------------------------------------

    def want_people(self, line: IncidentLine) -> None:
        """Who is in the room, and what can be done about it."""

        def look() -> PeopleView | None:
            detail = self.detail(line)
            return detail.people if detail is not None else None

        if self.detail(line) is not None:
            self.show(PeopleScreen(line, look, self.clock(line), self.wish), line)

    def wish(self, screen: PeopleScreen, act: str, person: PersonHere | None) -> None:
        """Answer a key of the people screen: at once where that can do no harm, else with a question."""
        line = screen.line
        if act != "duties" and self.refused(line):
            return
        match act:
            case "join":
                self.do(line, JoinRoom())
            case "leave" if person is not None:
                self.do(line, LeaveRoom(person.login))
            case "awake" if person is not None:
                self._awake(line, person.login)
            case "handover":
                self._hand_over(line)
            case "offer" if person is not None:
                self._hand_over(line, person.login if person.login != self.me else "")
            case "roles":
                self.want_roles(line)
            case "page":
                self.app.intents.act("escalate", line)
            case "duties" if person is not None:
                role = self._leads(line, person.login)
                if role is None:
                    self.say(tr("{login} holds no role that has duties").format(login=person.login))
                else:
                    self._duties(line, role)
            case _:
                pass

    def _leads(self, line: IncidentLine, person: str) -> str | None:
        detail = self.detail(line)
        roles = detail.roles if detail is not None else ()
        return next((r.role for r in roles if r.duties and person in (r.holder, *r.also, *r.deputies)), None)

    def _awake(self, line: IncidentLine, person: str) -> None:
        async def carry(since: datetime) -> str:
            return await self.carry(SayAwake(since, person), line.key)

        self.ask(AwakeDialog(line, person, self.app.clock(), check=carry))


def to_hand_over(detail: IncidentDetail, me: str) -> list[RoleLine]:
    """The roles that somebody may hand over: those that they lead, the incident manager's first, else everybody's."""
    held = [role for role in detail.roles if role.holder]
    mine = [role for role in held if role.holder == me]
    return sorted(mine or held, key=lambda role: role.role != LEAD)


def handover_command(wish: Handover, roles: list[RoleLine]) -> Command:
    """The command for a handover, with the holder that the person saw."""
    if wish.at is not None:
        return PlanHandover(wish.role, wish.at, wish.to)
    seen = next((role.holder for role in roles if role.role == wish.role), None)
    return OfferRole(wish.role, wish.to, wish.card, seen)


def role_command(change: RoleChange, seen: str) -> Command:
    """The command for what was chosen, with the holder that the person saw."""
    match change.action:
        case "assign":
            return AssignRole(change.role, change.person, change.note, seen)
        case "offer":
            return OfferRole(change.role, change.person, change.note, seen)
        case "accept":
            return AcceptRole(change.role, change.note or READ_BACK)
        case "also" | "deputy":
            return JoinRole(change.role, change.person, change.action == "deputy")
        case "leave":
            return LeaveRole(change.role, change.note, change.person)
        case "add":
            return AddRole(change.role)
        case "again":
            return AddRole(f"{change.role}/{change.note}")
        case "drop":
            return DropRole(change.role)
        case _:
            return EndOffer(change.role)
