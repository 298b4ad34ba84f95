"""The people of the demo room: they answer pages, take roles, post updates (some late), resolve, and declare anew.

They use the same commands as everybody else. What each of them does when is drawn once from the scenario's seed and the
thing itself (this level of this incident), so that a run can be repeated.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import field
from datetime import datetime, timedelta

from warroom.clock import Clock
from warroom.demo.scenario import Living
from warroom.domain.comms import PostUpdate, Standing
from warroom.domain.core import Command, Refused
from warroom.domain.escalation import Acknowledge, Phase
from warroom.domain.incident import Declare, SetStatus, Status
from warroom.domain.proposals import ApproveUpdate
from warroom.domain.roles import LEAD, READ_BACK, AcceptRole, AssignRole
from warroom.domain.room import Room
from warroom.service.session import Session
from warroom.store.database import DatabaseError
from warroom.valueclass import dataclass

LOOK_S = 0.5
"""How often the people look at the room, in real seconds."""
COURSE = ((0.1, Status.TRIAGING), (0.3, Status.INVESTIGATING), (0.6, Status.MITIGATING), (1.0, Status.RESOLVED))
"""At which share of its life an incident reaches a stage."""

log = logging.getLogger("warroom.demo")
Act = tuple[datetime, str, Command]


@dataclass(slots=True)
class People:
    """Everybody who acts by themselves in the demo room."""

    open_session: Callable[[], Session]
    living: Living
    clock: Clock
    opened: datetime
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _declared: int = 0

    def start(self) -> None:
        """Begin, in a thread of their own."""
        self._thread = threading.Thread(target=self._run, name="demo", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let them go home."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5.0)

    def _run(self) -> None:
        try:
            with self.open_session() as session:
                while not self._stop.wait(LOOK_S):
                    self.look(session)
        except DatabaseError as error:
            log.warning("the demo's people went home: %s", error)

    def look(self, session: Session) -> None:
        """Do everything whose time has come."""
        now = self.clock()
        rooms = [session.room(line.key) for line in session.lines() if not line.watched]
        rooms += [session.room(line.key) for line in session.lines(all=True) if line.status == "resolved"]
        for room in rooms:
            for at, who, command in self._acts(room):
                if at <= now:
                    self._do(session, command, room.incident.key, who)
        live = sum(room.incident.live for room in rooms)
        at, declare = self._next_declaration()
        if at <= now:
            self._declared += 1
            if live < self.living.most_live:
                self._do(session, declare, "", "monitoring")

    def _do(self, session: Session, command: Command, key: str, who: str) -> None:
        try:
            session.execute(command, key, actor=who)
        except Refused as refusal:
            log.info("%s: %s", key, refusal)

    def _draw(self, *what: object) -> random.Random:
        return random.Random(":".join(map(str, (self.living.seed, *what))))

    def _within(self, draw: random.Random, span: tuple[timedelta, timedelta]) -> timedelta:
        return span[0] + (span[1] - span[0]) * draw.random()

    def _next_declaration(self) -> tuple[datetime, Declare]:
        at = self.opened
        for n in range(self._declared + 1):
            at += self._within(self._draw("declare", n), self.living.declares_every)
        title = self._draw("title", self._declared).choice(self.living.titles)
        return at, Declare(title.title, title.severity, title.service)

    def _acts(self, room: Room) -> Iterator[Act]:
        yield from self._answers(room)
        yield from self._roles(room)
        yield from self._updates(room)
        yield from self._reviews(room)
        yield from self._course(room)

    def _answers(self, room: Room) -> Iterator[Act]:
        state, key = room.escalation, room.incident.key
        if state.acked_by or not state.history or state.phase not in (Phase.RUNNING, Phase.EXHAUSTED):
            return
        paged = state.history[-1]
        draw = self._draw(key, "answer", paged.cycle, paged.level, paged.repeat)
        people = [p.to for p in paged.pages if not p.to.startswith("#")]
        exhausted = state.phase is Phase.EXHAUSTED
        if people and (exhausted or draw.random() < self.living.answers_page):
            since = max(state.exhausted_at or paged.at, self.opened)
            wait = self._within(draw, self.living.answers_page_after) * (3 if exhausted else 1)
            yield since + wait, people[0], Acknowledge()

    def _roles(self, room: Room) -> Iterator[Act]:
        if not room.incident.live:
            return
        everybody = sorted({p.to for h in room.escalation.history for p in h.pages if not p.to.startswith("#")})
        for name, state in room.roles.by_name.items():
            draw = self._draw(room.incident.key, "role", name, state.misses)
            if state.offer is not None:
                at = max(state.offer.at, self.opened) + self._within(draw, self.living.takes_role_after)
                yield at, state.offer.to, AcceptRole(name, READ_BACK)
            elif state.required and not state.holder and everybody:
                who = room.escalation.acked_by if name == LEAD and room.escalation.acked_by else draw.choice(everybody)
                since = max(room.incident.declared_at, self.opened)
                yield since + self._within(draw, self.living.takes_role_after), who, AssignRole(name, who)

    def _updates(self, room: Room) -> Iterator[Act]:
        for channel, stream in room.comms.streams.items():
            if stream.due is None:
                continue
            draw = self._draw(room.incident.key, channel, stream.count)
            if draw.random() < self.living.posts_update_before_due:
                at = stream.due - timedelta(seconds=draw.randint(20, 150))
            else:
                at = stream.due + self._within(draw, self.living.posts_late_by)
            who = room.roles.holder("communications-manager") or room.roles.holder(LEAD) or room.escalation.acked_by
            if who:
                # An update that was late when the room opened stays so for a while, to be seen.
                at = max(at, self.opened + self._within(draw, self.living.posts_late_by))
                yield at, who, PostUpdate(channel, draw.choice(self.living.updates))

    def _reviews(self, room: Room) -> Iterator[Act]:
        for each in room.comms.proposals:
            draw = self._draw(room.incident.key, "review", each.id)
            who = each.reviewer or next((name for name in ("omar", "eva") if name != each.author), "")
            if each.standing is Standing.REVIEW and each.live == room.incident.live:
                at = max(each.at, self.opened) + self._within(draw, self.living.takes_role_after)
                yield at, who, ApproveUpdate(each.id, "reads well", send=True)

    def _course(self, room: Room) -> Iterator[Act]:
        incident = room.incident
        lead = room.roles.holder(LEAD)
        if not lead:
            return
        draw = self._draw(incident.key, "course")
        life = self._within(draw, self.living.resolves_after)
        since = max(incident.declared_at, self.opened)
        if incident.status is Status.RESOLVED:
            if all(stream.due is None for stream in room.comms.streams.values()):
                after = incident.status_since + timedelta(minutes=5)
                yield after, lead, SetStatus(Status.CLOSED, "review is written")
            return
        order = list(Status)
        for share, stage in COURSE:
            if order.index(stage) > order.index(incident.status):
                yield since + life * share, lead, SetStatus(stage, "error rates are back to normal")
                return
