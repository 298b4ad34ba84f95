"""Time travel for the screen of one incident: steps and jumps through its past, read in a thread of its own (R11).

The screen says where the person wants to go (`Travel`) and draws what it is given (`Traveller`); this is what is in
between: it holds the past that was read and the place in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from warroom.domain.core import Refused
from warroom.domain.text import clean_line
from warroom.service.past import At, Past
from warroom.tui.past_keys import Travel, Way
from warroom.tui.reading import read_in_thread
from warroom.tui.widgets.past import GoToDialog, Wanted
from warroom.valueclass import dataclass
from warroom.views import IncidentDetail, PastAxis, RecordPage
from warroom.words import tr

if TYPE_CHECKING:
    from textual.app import App

    from warroom.service.session import Session

Wish = Callable[[Past, At], At | None]
"""Where to go from a place in a past; None is the present. May raise `Refused`."""
Answer = Callable[[str], None]
"""Is told "" when a wish was fulfilled, else why not."""


@dataclass(frozen=True, slots=True)
class Then:
    """A place in the past of an incident, and what is drawn there."""

    past: Past
    at: At
    detail: IncidentDetail


class Traveller(Protocol):
    """The screen of one incident."""

    @property
    def live(self) -> IncidentDetail:
        """The incident as it stands."""

    def show_past(self, detail: IncidentDetail, page: RecordPage, axis: PastAxis) -> None:
        """Show the incident as it was, with the last part of its record up to then."""

    def leave_past(self) -> None:
        """Show it as it stands."""


class TimeTravel:
    """Where in the past of its incident one screen is. `then` is None in the present."""

    def __init__(
        self,
        app: App[Any],
        screen: Traveller,
        session: Callable[[], Session],
        clock: Callable[[], datetime],
    ) -> None:
        """In the present; nothing is read before the first step back."""
        self.then: Then | None = None
        self._app, self._screen, self._session, self._clock = app, screen, session, clock
        self._past: Past | None = None
        self._wishes: list[tuple[Wish, Answer]] = []
        self._busy = False
        self._trip = 0  # counts returns to the present: what was read for an earlier trip is not shown any more

    def travel(self, event: Travel) -> None:
        """Go where the person wants to go."""
        match event.way:
            case Way.STEP if event.by < 0 or self._away:
                self._go(lambda past, at: past.step(at, event.by))
            case Way.TURN if event.by < 0 or self._away:
                self._go(lambda past, at: past.turn(at, event.by))
            case Way.JUMP if event.moment is not None:
                moment = event.moment
                self._go(lambda past, at: past.find(moment, self._clock()))
            case Way.ASK:
                self._ask()
            case Way.LIVE:
                self.live()
            case Way.STEP | Way.TURN:
                self._say(tr("this is how it stands now: there is nothing after it"))

    @property
    def _away(self) -> bool:
        """In the past, or on the way there."""
        return self.then is not None or self._busy or bool(self._wishes)

    def live(self) -> None:
        """Back to the present, at once."""
        self._trip += 1
        self._wishes.clear()
        if self.then is not None:
            self.then = None
            self._screen.leave_past()

    def _ask(self) -> None:
        """Ask for a moment, and go there."""

        async def go(wanted: Wanted) -> str:
            answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

            def answer(text: str) -> None:
                if not answered.done():
                    answered.set_result(text)

            def wish(past: Past, at: At) -> At:
                return past.place(wanted.entry) if wanted.moment is None else past.find(wanted.moment, self._clock())

            self._go(wish, answer)
            return await answered

        live = self._screen.live
        span = (live.declared_at, live.resolved_at or self._clock())
        self._app.push_screen(GoToDialog(self._clock, self.then.at.moment if self.then else None, span, check=go))

    # Reading -------------------------------------------------------------------------------------------------------

    def _go(self, wish: Wish, answer: Answer | None = None) -> None:
        self._wishes.append((wish, answer or self._say))
        self._next()

    def _next(self) -> None:
        if self._busy or not self._wishes:
            return
        self._busy = True
        wishes, self._wishes = self._wishes, []
        trip, then, past = self._trip, self.then, self._past
        line = self._screen.live.line

        def read() -> _Trip:
            return _Journey(self._session, self._clock, line.key, line.version).read(wishes, then, past)

        def failed(why: str) -> None:
            self._busy = False
            for _, answer in wishes:
                answer(why)
            self._next()

        read_in_thread(self._app, read, lambda found: self._arrived(found, trip), failed)

    def _arrived(self, found: _Trip, trip: int) -> None:
        self._busy = False
        self._past = found.past
        if trip == self._trip and self._app.is_running:
            was, self.then = self.then, found.then
            if found.then is not None:
                self._screen.show_past(found.then.detail, found.page, found.axis)
            elif was is not None:
                self._screen.leave_past()
        for answer, text in found.answers:
            answer(text)
        self._next()

    def _say(self, text: str) -> None:
        if text:
            self._app.notify(text, severity="warning", markup=False)


@dataclass(frozen=True, slots=True)
class _Trip:
    """What came of some wishes: the past that was read, where it ends (None: in the present), and the answers."""

    past: Past
    then: Then | None
    page: RecordPage
    axis: PastAxis
    answers: list[tuple[Answer, str]]


@dataclass(frozen=True, slots=True)
class _Journey:
    """Follows wishes one after the other, in a thread. `entries` is how many the live room has."""

    session: Callable[[], Session]
    clock: Callable[[], datetime]
    key: str
    entries: int

    def read(self, wishes: list[tuple[Wish, Answer]], then: Then | None, past: Past | None) -> _Trip:
        """Go where they lead."""
        if past is None or (then is None and past.latest < self.entries):
            past = self._whole(past)
        at: At | None = then.at if then is not None else None
        answers = []
        for wish, answer in wishes:
            start = at if at is not None else self._now(past)
            try:
                to = wish(past, start)
                if to is None and past.latest < self.entries:
                    # What has come since is a step ahead.
                    past = self._whole(past)
                    to = wish(past, start)
                at = to
                answers.append((answer, ""))
            except Refused as refused:
                answers.append((answer, clean_line(str(refused), 300)))
        page, axis = past.page(at.version if at is not None else past.latest), past.axis(self.clock())
        found = Then(past, at, past.at(at.version, at.moment)) if at is not None else None
        return _Trip(past, found, page, axis, answers)

    def _now(self, past: Past) -> At:
        return At(past.latest, max(self.clock(), past.ended))

    def _whole(self, known: Past | None) -> Past:
        with self.session() as session:
            past = session.past(self.key)
        return past if known is None else known.grown(past)
