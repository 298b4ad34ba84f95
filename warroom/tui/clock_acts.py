"""The clocks of silence: from what a person wants to a command; `intents` gathers them."""

from __future__ import annotations

from functools import partial

from warroom.domain.comms import SkipUpdate
from warroom.service.punctuality import punctuality
from warroom.tui.acts import Acts
from warroom.tui.reading import read_in_thread
from warroom.tui.widgets.clocks import ClocksScreen, PunctualityScreen, Skip, SkipDialog
from warroom.views import ClockLine, IncidentLine, PunctualityView
from warroom.words import tr


class ClockActs(Acts):
    """Everything that a key can start about clocks of silence (R10)."""

    def want_clocks(self, line: IncidentLine) -> None:
        """Every clock of the incident, to look at and to act on."""

        def look() -> tuple[IncidentLine, tuple[ClockLine, ...]] | None:
            detail = self.detail(line)
            return None if detail is None else (detail.line, detail.clocks)

        self.show(ClocksScreen(look, self.clock(line), self._wish), line)

    def _wish(self, act: str, line: IncidentLine, clock: ClockLine | None) -> None:
        if act != "punctuality" and self.refused(line):
            return
        match act:
            case "update":
                self.app.pop_screen()
                self.app.intents.composer.write(line, clock.channel if clock is not None else "")
            case "punctuality":
                self.punctuality()
            case _ if clock is not None:
                self._skip(line, clock)

    def _skip(self, line: IncidentLine, clock: ClockLine) -> None:
        if not clock.may_skip:
            self.say(_why_not(line, clock))
            return

        async def carry(skip: Skip) -> str:
            return await self.carry(SkipUpdate(skip.channel, skip.reason, skip.turn), line.key)

        self.ask(SkipDialog(line, clock, self.app.clock(), check=carry))

    def punctuality(self) -> None:
        """How punctual updates were, of all incidents."""

        def read(by: str) -> None:
            read_in_thread(self.app, partial(self._measured, by), screen.show, screen.trouble)

        screen = PunctualityScreen(read)
        self.ask(screen)

    def _measured(self, by: str) -> PunctualityView:
        with self.app.place.session() as session:
            return punctuality(session, by=by)


def _why_not(line: IncidentLine, clock: ClockLine) -> str:
    if clock.watched:
        return tr("{key} is only watched: its updates are its provider's").format(key=line.key)
    if clock.due is None:
        return tr("no update is due on {channel}").format(channel=clock.channel)
    if not clock.skips_most:
        return tr("no update may be skipped under these rules: post one")
    return tr("the update on {channel} was skipped already: post one, if only to say when the next word comes").format(
        channel=clock.channel
    )
