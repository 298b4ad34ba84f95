"""The thread that takes messages out of the outbox and has them sent, in every open warroom."""

from __future__ import annotations

import logging
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime, timedelta

from warroom.background import Background
from warroom.clock import REAL
from warroom.domain.core import ENGINE, Refused
from warroom.domain.delivery import ReportDelivery
from warroom.domain.routes import Delivery
from warroom.senders.carrier import Lanes, Result, Sender, one_by_one
from warroom.senders.office import Office
from warroom.senders.secrets import Secrets
from warroom.service.session import Session
from warroom.store import outbox, outbox_read, settling
from warroom.store.database import DatabaseError
from warroom.store.outbox import BACK_OFF, MOST_TRIES, Claimed, Fate, Terms
from warroom.valueclass import dataclass

POLL_S = 0.25
"""How often the outbox is looked at, in seconds: one read without a lock."""
STIRRED_POLL_S = 1.0
"""The same where somebody else in this process looks whether anything was written, and then calls `stir`."""
RETRY_S = 1.0
LATE_S = 1.0
"""How often it is looked for pages that nobody has sent in time, in seconds."""
USEFUL = timedelta(minutes=15)
"""How long a page that cannot be delivered is tried: later it would wake somebody for what others have in hand."""
LAST_S = 3.0
"""How long the end waits for what is under way, in seconds."""

log = logging.getLogger("warroom.senders")


@dataclass(slots=True)
class Worker(Background):
    """Sends what waits. At least once: who dies between sending and writing it down leaves the message unknown, and
    it is sent again under the same idempotency key.

    With `secrets` messages go by the rules in force, each lane for itself, where those have a section `delivery`; what
    cannot be delivered is reported to the incident, so that somebody is paged by another way. Without, everything goes
    through `send`, which has to return or raise within half of `lease`, or others take the message to be lost
    meanwhile. `chance` spreads the tries of many messages that failed at once. `stirred`: somebody calls `stir`
    whenever anything was written, so that it need not be looked for so often here.
    """

    thread_name = "outbox"

    open_session: Callable[[], Session]
    send: Sender
    clock: Callable[[], datetime] = REAL
    lease: timedelta = outbox.LEASE
    monotonic: Callable[[], float] = time.monotonic
    identity: str = field(default_factory=lambda: uuid.uuid4().hex)
    secrets: Secrets | None = None
    chance: random.Random = field(default_factory=random.Random)
    stirred: bool = False
    _said: str = ""
    _lanes: Lanes | None = None
    _office: Office | None = None
    _done: list[Result] = field(default_factory=list)
    _began: float | None = None
    _looked: float = 0.0
    _reported: set[str] = field(default_factory=set)
    _known: tuple[object, datetime | None] | None = None
    _book: tuple[object, Delivery | None] | None = None

    def run(self) -> None:
        """Send until `stop`; survives whatever happens to the database."""
        while not self._stop.is_set():
            try:
                with self.open_session() as session:
                    while not self._stop.is_set():
                        sent = self.pass_once(session)
                        self._said = ""  # everything works (again)
                        if not sent:
                            self._wake.wait(STIRRED_POLL_S if self.stirred else POLL_S)
                            self._wake.clear()
                    self._finish(session)
            except DatabaseError as error:
                self._say(str(error))
            except Exception as error:  # messages go on going out whatever happens; the log has the rest
                self._say(f"{type(error).__name__}: {error}", error)
            self._stop.wait(RETRY_S)

    def _say(self, what: str, error: Exception | None = None) -> None:
        """Into the log; the same trouble comes back every second and is written down once."""
        if what != self._said:
            log.warning("the outbox waits: %s", what, exc_info=error)
        self._said = what

    def pass_once(self, session: Session) -> int:
        """Send what waits now, write down what has ended; returns how many tries ended."""
        rules = self._rules(session)
        ended = self._settle(session, rules)
        terms = self._terms(rules)
        due = self._next_at(session, _shut(terms)) if terms.most > 0 and not self._stop.is_set() else None
        if due is not None and due <= self.clock():
            _ = session.writer  # refuses, in words, to write a newer program's file
            pace = session.room_clock.speed
            claimed = outbox.claim(
                session.database, self.identity, self.clock(), lease=self.lease, pace=pace, terms=terms
            )
            if rules is not None and self._lanes is not None:
                self._lanes.start(claimed)
            elif claimed:
                within = self.lease.total_seconds() / 2
                results, untried = one_by_one(claimed, self.send, within, self.monotonic, self._stop.is_set)
                self._done += results
                if untried:
                    settling.settle(session.database, self.identity, (), self.clock(), untried=untried, pace=pace)
            ended += self._settle(session, rules)
        self._look_for_late(session, rules)
        return ended

    def _next_at(self, session: Session, closed: frozenset[str]) -> datetime | None:
        """When the next message wants to be sent; asked of the database only when something was committed since."""
        known = session, session.database.mark(), closed
        if self._known is None or self._known[0] != known:
            self._known = known, outbox.next_at(session.database, closed)
        return self._known[1]

    # By the rules --------------------------------------------------------------------------------------------------

    def _rules(self, session: Session) -> Delivery | None:
        """How messages go out by the rules in force; None: through `send`."""
        if self.secrets is None:
            return None
        known = session, session.database.mark()
        if self._book is None or self._book[0] != known:
            self._book = known, session.book().delivery
        rules = self._book[1]
        if rules is not None and (self._office is None or self._office.rules != rules):
            self._office = Office(rules, self.secrets, self.lease / 2, self.monotonic)
            if self._lanes is None:
                self._lanes = Lanes(self._office, self._wake, self.lease / 2, monotonic=self.monotonic)
            self._lanes.office = self._office
        return rules

    def _terms(self, rules: Delivery | None) -> Terms:
        if rules is None or self._office is None or self._lanes is None:
            return outbox.ANYTHING
        most, space = self._lanes.space()
        return Terms(
            closed=frozenset(self._office.closed()),
            most=most,
            space=space,
            width=self._lanes.width,
            per_minute=self._office.per_minute(),
            bundling=rules.bundling,
        )

    # What became of them -------------------------------------------------------------------------------------------

    def _settle(self, session: Session, rules: Delivery | None) -> int:
        """Write down what has ended. What cannot be written now stays for the next pass."""
        if self._lanes is not None:
            self._done += self._lanes.collect()
        if not self._done:
            return 0
        ended = len(self._done)
        sent = [result for result in self._done if not result[1].error]
        self._write(session, sent)
        for message, fate in [result for result in self._done if result[1].error]:
            log.warning("message %s failed: %s", message.id, fate.error)
            told = self._fate(message, fate, session.room_clock.speed)
            # First what is done about it: whoever dies in between leaves a message that is tried, and reported, again.
            if rules is not None and self._hopeless(message, told, rules, session.room_clock.speed):
                self._report(session, message, told.error)
            self._done.remove((message, fate))
            self._done.append((message, told))
            self._write(session, [(message, told)])
        return ended

    def _write(self, session: Session, results: list[Result]) -> None:
        if results:
            pace = session.room_clock.speed
            settling.settle(session.database, self.identity, results, self.clock(), pace=pace)
            self._done = [each for each in self._done if each not in results]

    def _fate(self, message: Claimed, fate: Fate, pace: float) -> Fate:
        """A failure with the time until the next try: longer and longer, a little different for each message."""
        usual = BACK_OFF[min(message.tries, len(BACK_OFF)) - 1]
        wait = timedelta(seconds=usual * (0.5 + self.chance.random() / 2))
        if fate.wait is not None:
            wait = max(wait, fate.wait + timedelta(seconds=self.chance.random()))
        late = message.kind == "page" and self.secrets is not None
        late = late and self.clock() - message.created_at > USEFUL * pace
        return replace(fate, wait=wait, final=fate.final or late or message.tries >= MOST_TRIES)

    def _hopeless(self, message: Claimed, fate: Fate, rules: Delivery, pace: float) -> bool:
        """Whether something else has to be done: no further try, or none in time."""
        if fate.final or message.kind != "page":
            return fate.final
        return self.clock() + (fate.wait or timedelta(0)) * pace > message.created_at + rules.patience * pace

    def _report(self, session: Session, message: Claimed, error: str) -> None:
        """Tell the incident, and those of the messages that this one carried."""
        for each in (message, *message.bundle):
            rows = outbox_read.of_page(session.database, each) if each.kind == "page" and each.dedup else []
            others = [row for row in rows if row.message.id != each.id and row.message.via != each.via]
            command = ReportDelivery(
                each.id,
                each.kind,
                each.to,
                each.via,
                error,
                page=_page_of(each),
                tried=tuple(dict.fromkeys(row.message.via for row in rows)),
                others=any(row.pending or row.sent_at is not None for row in others),
            )
            try:
                session.execute(command, each.key, actor=ENGINE)
            except Refused as refused:
                log.warning("message %s: %s", each.id, refused)
            self._reported.add(each.id)

    def _look_for_late(self, session: Session, rules: Delivery | None) -> None:
        """Report pages that nobody has sent in time: no process can, or none gets around to it."""
        now = self.monotonic()
        if self._began is None:
            self._began = now
        # What waited while nothing ran is tried first.
        if rules is None or now - self._began < rules.patience.total_seconds() or now - self._looked < LATE_S:
            return
        self._looked = now
        for kept in outbox_read.overdue(session.database, self.clock() - rules.patience * session.room_clock.speed):
            message = kept.message
            if message.id in self._reported:
                continue
            lack = self._office.closed().get(message.lane, "") if self._office else ""
            nobody = f"no running warroom can send it: {lack}" if lack else "it has not gone out in time"
            self._report(session, message, kept.error or nobody)

    def _finish(self, session: Session) -> None:
        """Wait a little for what is under way, so that its fate is known."""
        until = self.monotonic() + LAST_S
        while self._lanes is not None and not self._lanes.idle and self.monotonic() < until:
            self._wake.wait(0.05)
            self._wake.clear()
            self._settle(session, self._rules(session))
        self._settle(session, self._rules(session))


def _shut(terms: Terms) -> frozenset[str]:
    """The lanes of which nothing can be taken now."""
    return terms.closed | {lane for lane, space in terms.space.items() if space <= 0}


def _page_of(message: Claimed) -> int:
    """The number of the entry that paged this person first."""
    if message.dedup and message.kind == "page":
        return int(message.dedup.rpartition("/")[2])
    return int(message.id.rsplit("/", 2)[1])
