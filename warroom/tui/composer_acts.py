"""Updates: from what a person wants to a command; `intents` gathers them.

The composer's drafts are kept by `_Office`, one saving after the other in a thread, so that the screen never waits for
the database and a later text never arrives before an earlier one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import TypeVar

from warroom.domain.comms import Audience, PostUpdate
from warroom.domain.core import Command, Refused
from warroom.domain.proposals import (
    ApproveUpdate,
    CommentUpdate,
    HoldUpdate,
    ProposeUpdate,
    SendUpdate,
    WithdrawUpdate,
)
from warroom.domain.text import clean_line
from warroom.service import drafting
from warroom.service.composing import Composing, draft_lines
from warroom.service.session import Session
from warroom.store.db_errors import DatabaseError
from warroom.store.drafts import Content, Draft
from warroom.tui.actions.keycap import keycap
from warroom.tui.actions.why import Situation, why_not
from warroom.tui.acts import NOTHING_DONE, Acts
from warroom.tui.composer import ComposerScreen
from warroom.tui.composer_parts import Written
from warroom.tui.composer_sure import SEND, Asking, asking, outside
from warroom.tui.reading import read_in_thread
from warroom.tui.widgets.form_review import CorrectDialog, ReviewDialog, Reviewed
from warroom.views import DraftLine, IncidentDetail, IncidentLine, ProposalLine, SaidLine
from warroom.words import mark, tr

LOOK_S = 2.0
"""How often at most an open composer looks at what others write, in seconds."""

Done = TypeVar("Done")


class ComposerActs(Acts):
    """Everything that a key can start about updates (R10)."""

    def want_update(self, line: IncidentLine) -> None:
        """Open the composer: with the draft that was left there, or a fresh update."""
        self.write(line)

    def write(self, line: IncidentLine, channel: str = "") -> None:
        """The same for one channel: a draft for those who read it is gone on with, and goes there too."""
        if why := why_not("update", Situation(self.me, line=line)):
            self.app.notify(why, severity="warning", markup=False)
            return

        def read() -> tuple[Composing, list[Draft]]:
            with self.app.place.session() as session:
                return drafting.composing(session, line.key), drafting.drafts_of(session, line.key)

        def show(found: tuple[Composing, list[Draft]]) -> None:
            source, drafts = found
            office = _Office(self, line, drafts)
            audience = next((each.audience for each in source.view.channels if each.name == channel), "")
            fitting = [draft for draft in office.mine(drafts) if audience in ("", draft.audience)]
            mine = max(fitting, key=lambda draft: draft.saved_at, default=None)
            begun = None if mine is None else _written(mine, source, self.app.clock())
            if begun is not None and audience and channel not in begun.channels:
                begun = replace(begun, channels=(*begun.channels, channel))
            screen = ComposerScreen(
                source,
                office,
                self.me,
                self.app.clock,
                begun=begun,
                drafts=draft_lines(office.of_others(drafts)),
                channel=channel if audience else "",
            )
            for draft in office.mine(drafts):
                if draft is not mine:
                    screen.lay_aside(_written(draft, source, self.app.clock()))
            self.ask(screen)

        read_in_thread(self.app, read, show, opens=True)


class _Office:
    """What one open composer has done for it."""

    def __init__(self, acts: ComposerActs, line: IncidentLine, drafts: list[Draft]) -> None:
        self._acts, self._key = acts, line.key
        self._bases = {draft.audience: draft for draft in self.mine(drafts)}
        self._drafts = {draft.id: draft for draft in drafts}
        self._turn = asyncio.Lock()
        self._seen: IncidentDetail | None = None  # when it was looked at last, with what the feed had found
        self._looked_at = monotonic()

    def mine(self, drafts: list[Draft]) -> list[Draft]:
        """What the person at this screen was writing."""
        return [draft for draft in drafts if draft.author == self._acts.me]

    def of_others(self, drafts: list[Draft]) -> list[Draft]:
        """What others are writing."""
        return [draft for draft in drafts if draft.author != self._acts.me]

    # Drafts --------------------------------------------------------------------------------------------------------

    async def keep(self, written: Written) -> str:
        """Keep what is written, one saving after the other; "" or why it could not be."""
        async with self._turn:
            base = self._bases.get(written.audience)
            content = _content(written)
            if (base is not None and base.content == content) or (base is None and not written.text.strip()):
                return ""
            kept, why = await self._done(lambda s: drafting.keep(s, self._key, written.audience, content, base))
            if kept is not None:
                self._bases[written.audience] = kept
            return why

    async def throw_away(self, audience: str) -> str:
        """The draft is not needed any more."""
        async with self._turn:
            base = self._bases.pop(audience, None)
            if base is None:
                return ""
            _, why = await self._done(lambda s: drafting.throw_away(s, base))
            return why

    async def _done(self, work: Callable[[Session], Done]) -> tuple[Done | None, str]:
        def run() -> Done:
            with self._acts.app.place.session() as session:
                return work(session)

        try:
            return await asyncio.to_thread(run), ""
        except (Refused, DatabaseError) as error:
            return None, clean_line(str(error), 300)

    # What goes out -------------------------------------------------------------------------------------------------

    async def sure(self, screen: ComposerScreen, written: Written, amiss: str) -> bool:
        """Whether people outside are to be told now."""
        return await self._sure(asking(screen.source.view, written.channels, written.text, amiss))

    async def _sure(self, asked: Asking) -> bool:
        return await self._acts.sure(asked.question, asked.happens, tr(SEND))

    async def post(self, written: Written, seen: int) -> str:
        """Send it now."""
        first, *also = written.channels
        command = PostUpdate(
            first,
            written.text,
            written.next_at,
            Audience(written.audience),
            seen,
            tuple(also),
            written.subject,
            written.corrects,
            written.replaces,
        )
        return await self._acts.carry(command, self._key)

    async def propose(self, written: Written, seen: int, *, review: bool, send_at: datetime | None, hold: bool) -> str:
        """Ask for a review, schedule it, or hold it."""
        command = ProposeUpdate(
            written.channels,
            written.text,
            written.subject,
            written.next_at,
            Audience(written.audience),
            review and not hold,
            written.reviewer if review and not hold else "",
            send_at,
            written.corrects,
            written.replaces,
            seen,
        )
        refusal = await self._acts.carry(command, self._key)
        if not refusal:
            who, key = written.reviewer or tr("anybody"), self._key
            asked = tr("{key}: {who} is asked to review it").format(key=key, who=who)
            way = keycap("incident.update"), keycap("composer.waiting", "composer")
            shows = tr("{update}, {waiting} shows it").format(update=way[0], waiting=way[1])
            self._acts.say(f"{asked if review else tr('{key}: it waits').format(key=key)}; {shows}")
        return refusal

    # What waits ----------------------------------------------------------------------------------------------------

    def waiting(self, screen: ComposerScreen) -> None:
        """Show what waits and what others write."""
        proposals, others = screen.source.view.proposals, screen.drafts
        if not proposals and not others:
            screen.problem(tr("nothing waits, and nobody else is writing"))
            return
        judged = {p.id: self._lacks(screen, p) for p in proposals}

        async def carry(wish: Reviewed) -> str:
            if wish.act in ("edit", "take"):
                return ""
            found = next((p for p in proposals if p.id == wish.proposal), None)
            if found is not None and wish.act in ("send", "approve-send") and outside(found.audience):
                asked = asking(screen.source.view, found.channels, found.text, judged[found.id])
                if not await self._sure(asked):
                    return tr(NOTHING_DONE)
            refusal = await self._acts.carry(_command(wish, screen), self._key)
            if not refusal:
                self._acts.say(f"{self._key} #{wish.proposal}: {tr(_SAID[wish.act])}")
                self.look(screen)
            return refusal

        def done(wish: Reviewed | None) -> None:
            if wish is None:
                return
            if wish.act == "take":
                screen.run_worker(self._take(screen, wish.draft), exit_on_error=False)
            elif wish.act == "edit":
                found = next((p for p in screen.source.view.proposals if p.id == wish.proposal), None)
                if found is not None:
                    screen.go_on_with(_anew(found))

        dialog = ReviewDialog(proposals, self._whole(others), self._acts.me, self._acts.app.clock, judged, check=carry)
        self._acts.app.push_screen(dialog, done)

    def _whole(self, lines: tuple[DraftLine, ...]) -> list[DraftLine]:
        """Drafts with all of their text: nobody takes over what they have not read."""
        return [
            replace(line, text=self._drafts[line.id].content.text) if line.id in self._drafts else line
            for line in lines
        ]

    def _lacks(self, screen: ComposerScreen, p: ProposalLine) -> str:
        now = self._acts.app.clock()
        return screen.source.judge(p.text, p.subject, p.audience, p.channels, p.next_at, now, p.corrects).ask

    async def _take(self, screen: ComposerScreen, number: int) -> None:
        wanted = self._drafts.get(number)
        if wanted is None:
            screen.problem(tr("that draft is gone: it went out, or was thrown away"))
            return
        async with self._turn:
            taken, why = await self._done(lambda s: drafting.take_over(s, wanted))
            if taken is not None:
                self._bases[taken.audience] = taken
        if taken is None:
            screen.problem(why)
            self.look(screen)
            return
        source = screen.source
        assert isinstance(source, Composing)
        screen.go_on_with(_written(taken, source, self._acts.app.clock()))
        self.look(screen)

    def put_right(self, screen: ComposerScreen) -> None:
        """Choose which update was wrong."""
        said = screen.source.view.said
        if not said:
            screen.problem(tr("nothing was said yet that could be put right"))
            return

        def done(wrong: SaidLine | None) -> None:
            if wrong is not None:
                screen.begin_correction(wrong.version, wrong.channel)

        self._acts.app.push_screen(CorrectDialog(said, self._acts.app.clock), done)

    # What others do ------------------------------------------------------------------------------------------------

    def keep_up(self, screen: ComposerScreen) -> None:
        """Look at what others write once the feed has found anything new about the incident."""
        detail, now = self._acts.app.detail_of(self._key), monotonic()
        if (detail is None or detail is not self._seen) and now - self._looked_at >= LOOK_S:
            self._seen, self._looked_at = detail, now
            self.look(screen)

    def look(self, screen: ComposerScreen) -> None:
        """Look once."""

        def read() -> tuple[Composing, list[Draft]]:
            with self._acts.app.place.session() as session:
                return drafting.composing(session, self._key), drafting.drafts_of(session, self._key)

        def show(found: tuple[Composing, list[Draft]]) -> None:
            source, drafts = found
            self._drafts = {draft.id: draft for draft in drafts}
            if screen.is_attached:
                screen.follow(source, draft_lines(self.of_others(drafts)))

        # The engine says loudly when the file cannot be read; a look that fails is simply made again.
        read_in_thread(self._acts.app, read, show, lambda _: None)


_SAID = {
    "approve": mark("approved"),
    "approve-send": mark("approved and sent"),
    "send": mark("sent"),
    "hold": mark("held"),
    "withdraw": mark("taken back"),
    "comment": mark("its author is told"),
}


def _command(wish: Reviewed, screen: ComposerScreen) -> Command:
    """What a wish about a proposal means. What its person sees on the screen is what they have seen."""
    found = next((p for p in screen.source.view.proposals if p.id == wish.proposal), None)
    seen = screen.source.count(found.channels) if found is not None else None
    match wish.act:
        case "approve" | "approve-send":
            return ApproveUpdate(wish.proposal, wish.text, send=wish.act == "approve-send")
        case "send":
            return SendUpdate(wish.proposal, wish.text, seen)
        case "hold":
            return HoldUpdate(wish.proposal, wish.text)
        case "withdraw":
            return WithdrawUpdate(wish.proposal, wish.text)
        case _:
            return CommentUpdate(wish.proposal, wish.text)


def _anew(p: ProposalLine) -> Written:
    return Written(
        p.audience, p.channels, p.text, "", p.subject, p.next_at, p.reviewer, corrects=p.corrects, replaces=p.id
    )


def _content(w: Written) -> Content:
    next_at = w.next_at.isoformat() if w.next_at is not None else ""
    return Content(w.text, w.channels, w.template, w.subject, next_at, w.reviewer, w.send, w.corrects, w.replaces)


def _written(draft: Draft, source: Composing, now: datetime) -> Written:
    """A draft as it was left. Channels that the rules have no longer are dropped."""
    c = draft.content
    known = {each.name for each in source.view.channels if each.audience == draft.audience}
    channels = (
        tuple(name for name in c.channels if name in known)
        or tuple(each.name for each in source.view.channels if each.audience == draft.audience)[:1]
    )
    try:
        next_at = datetime.fromisoformat(c.next) if c.next else None
    except ValueError:
        next_at = now  # damaged: it is past, so that a fresh one is proposed
    replaces = c.replaces if any(p.id == c.replaces for p in source.view.proposals) else 0
    return Written(
        draft.audience, channels, c.text, c.template, c.subject, next_at, c.reviewer, c.send, c.corrects, replaces
    )
