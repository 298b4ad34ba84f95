"""What is offered about an incident that is over can be done: no form has a choice that is only refused."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.books import T0
from tests.tui.driving import settle
from tests.tui.harness import BoardApp
from warroom.domain.core import Command, Refused
from warroom.domain.declaring import stages_from
from warroom.domain.escalation import Acknowledge, Escalate
from warroom.domain.incident import Declare, Merge, SetStatus, Status
from warroom.domain.links import Relation
from warroom.domain.people import JoinRoom, SayAwake
from warroom.domain.roles import AssignRole
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui import dialogs
from warroom.tui.actions.why import Situation, why_not
from warroom.tui.incident_acts import link_command
from warroom.tui.role_acts import role_command
from warroom.tui.widgets.choices import Choices
from warroom.tui.widgets.form import Form
from warroom.tui.widgets.form_links import DUPLICATE, OTHER, SPLIT, LinkWish
from warroom.tui.widgets.form_roles import acts_for
from warroom.tui.widgets.people import PeopleScreen
from warroom.views import IncidentDetail, RoleLine

LEAD = "incident-manager"


class Room:
    """A room with an incident in some stage, and what is offered about it."""

    def __init__(self, path: Path, status: Status) -> None:
        self.path, self.status, self.now = path, status, T0
        with self.session() as session:
            self.key = session.execute(Declare("Cards fail", "SEV1")).key
            self.other = session.execute(Declare("Shop is slow", "SEV2")).key
            for command in self._course(status):
                self.now += timedelta(minutes=3)
                session.execute(command, self.key)
        with self.session() as session:
            self.detail: IncidentDetail = session.detail(self.key)
            self.board = session.board(self.key)

    def _course(self, status: Status) -> Iterator[Command]:
        yield Acknowledge()
        yield AssignRole(LEAD, "mina")
        if status in (Status.RESOLVED, Status.CLOSED):
            yield SetStatus(Status.RESOLVED, "rolled back")
        if status is Status.CLOSED:
            yield SetStatus(Status.CLOSED, "nothing is left to do")

    def session(self) -> Session:
        return Session(self.path, actor="mina", seed=seed_rulebook, clock=lambda: self.now)

    def why_not(self, intent: str) -> str:
        situation = Situation("mina", False, self.detail.line, self.detail, 1, 1, len(self.board.catalogue.people))
        return why_not(intent, situation)

    def refused(self, command: Command) -> str:
        """Why a command is refused, on a copy of the room; "" where it is done."""
        copy = self.path.with_name("copy.db")
        shutil.copy(self.path, copy)
        with Session(copy, actor="mina", seed=seed_rulebook, clock=lambda: self.now) as session:
            try:
                session.execute(command, "" if isinstance(command, Declare) else self.key)
            except Refused as error:
                return str(error)
        return ""

    def choices(self, dialog: Form[Any], name: str) -> list[str]:
        """What a form offers in a field."""
        app = BoardApp(self.board)
        found: list[str] = []

        async def run() -> None:
            async with app.run_test(size=(120, 50)) as pilot:
                app.push_screen(dialog)
                await settle(pilot)
                found.extend(each.value for each in dialog.query_one(name, Choices).choices)

        asyncio.run(run())
        return found


@pytest.fixture(params=[Status.INVESTIGATING, Status.RESOLVED, Status.CLOSED], ids=lambda status: str(status.value))
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Room:
    return Room(tmp_path / "room.db", request.param)


def test_every_stage_that_is_offered_can_be_taken(room: Room) -> None:
    present = Status(room.detail.line.status)
    offered = [each for each in stages_from(present) if each is not present]
    assert offered
    assert {each: room.refused(SetStatus(each, "because", present)) for each in offered} == dict.fromkeys(offered, "")
    left_out = [each for each in Status if each not in (*offered, present)]
    assert all(room.refused(SetStatus(each, "because", present)) for each in left_out)


def test_every_act_on_a_role_that_is_offered_can_be_done(room: Room) -> None:
    """A role is asked for only where somebody still works on the incident."""
    if room.why_not("roles"):
        assert room.status is Status.CLOSED
        return
    live, wrong = room.status is Status.INVESTIGATING, {}
    shown = {role.role: role for role in room.detail.roles}
    every = [
        shown.get(name) or RoleLine(name, title, "", None, None) for name, title in room.board.catalogue.roles
    ]  # as the form has them
    assert shown[LEAD].holder == "mina"
    for role in every:
        dialog = dialogs.RoleDialog(room.detail.line, (role,), ("mina", "jonas"), room.now, me="mina", lead=LEAD)
        acts = room.choices(dialog, "#action")
        assert acts == [act for act, _ in acts_for(role, "mina", LEAD, live=live)]
        for act in (each for each in acts if each != "duties"):
            person = "" if act in ("leave", "add", "again", "drop") else "jonas"
            wrong[role.role, act] = room.refused(
                role_command(dialogs.RoleChange(act, role.role, person, "because"), role.holder)
            )
    assert {key: why for key, why in wrong.items() if why} == {}


def test_every_level_that_is_offered_can_be_paged(room: Room) -> None:
    people = room.board.catalogue.people
    dialog = dialogs.EscalateDialog(room.detail.line, room.detail.ladder, people, room.now)
    levels = room.choices(dialog, "#level")
    assert levels[-1] == ""
    assert (len(levels) > 1) is (room.status is Status.INVESTIGATING)
    assert [room.refused(Escalate("because", level=int(level))) for level in levels[:-1]] == [""] * (len(levels) - 1)
    assert room.refused(Escalate("because", people[1])) == ""


def test_every_tie_that_is_offered_can_be_made(room: Room) -> None:
    others = [line for line in room.board.lines if line.key != room.key]
    offered = room.choices(dialogs.LinksDialog(room.detail.line, (), others), "#what")
    assert (SPLIT in offered) is (room.status is Status.INVESTIGATING)
    assert (DUPLICATE in offered) is (room.status is not Status.CLOSED)
    for what in offered:
        if what == SPLIT:
            command: Command = Declare("look at the pool", "", parent=room.key)
        else:
            ties = what in {str(each) for each in Relation} | {DUPLICATE}
            to = room.other if ties else "dashboard https://a.example.org" if what == OTHER else "https://b.example.org"
            kind, _, address = to.partition(" ") if what == OTHER else (what, "", to)
            command = link_command(LinkWish(kind, address, "because"))
        assert room.refused(command) == "", what


@pytest.mark.parametrize("intent", ["merge", "move", "update", "snooze", "reopen"])
def test_what_would_be_refused_is_said_before_a_form_opens(room: Room, intent: str) -> None:
    why = room.why_not(intent)
    if intent == "merge":
        assert bool(why) is bool(room.refused(Merge(room.other, "because")))
    elif intent == "reopen":
        assert bool(why) is (room.status is Status.INVESTIGATING)
    elif intent == "move":
        assert why  # there are no newer rules, and none run in what is over
    else:
        assert bool(why) is (room.status is Status.CLOSED or (intent == "snooze" and room.status is Status.RESOLVED))


def test_who_comes_and_goes_is_asked_only_while_somebody_works_on_it(room: Room) -> None:
    screen = PeopleScreen(room.detail.line, lambda: room.detail.people, lambda: room.now, lambda *_: None)
    app = BoardApp(room.board)

    async def run() -> None:
        async with app.run_test(size=(120, 50)) as pilot:
            app.push_screen(screen)
            await settle(pilot)
            assert bool(screen.why_not("people.join")) is bool(room.refused(JoinRoom("jonas")))
            why = screen.why_not("people.awake")
            assert bool(why) is bool(room.refused(SayAwake(room.now - timedelta(hours=3), "mina")))

    asyncio.run(run())
