"""The composer (R10): an update for one or several channels, begun by a template, with what it lacks always in sight.

The screen draws and asks; what goes out, waits or is kept is the business of its `Office`. Whatever is typed is kept
there a moment later, so that a screen that dies loses nothing. Nothing goes out by accident: the line above the keys
says what ctrl+s does, where something is missing it asks once more, and it always does before people outside are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Protocol

from textual.binding import BindingType

from warroom.tui.actions.bind import bindings
from warroom.tui.clockface import is_late, parse_when, when
from warroom.tui.composer_draft import ComposerDraft
from warroom.tui.composer_parts import Source, Written
from warroom.tui.composer_preview import PreviewScreen
from warroom.tui.composer_promise import fading, proposal
from warroom.tui.composer_sure import outside
from warroom.tui.held import KeepsUp
from warroom.tui.pieces import clean
from warroom.tui.widgets.form_parts import Clock
from warroom.views import DraftLine
from warroom.words import tr


class Office(Protocol):
    """What the composer has done for it. Every method gives "" when it was done, else why not."""

    async def keep(self, written: Written) -> str: ...
    async def post(self, written: Written, seen: int) -> str: ...
    async def propose(
        self, written: Written, seen: int, *, review: bool, send_at: datetime | None, hold: bool
    ) -> str: ...
    async def throw_away(self, audience: str) -> str: ...
    async def sure(self, screen: ComposerScreen, written: Written, amiss: str) -> bool: ...
    def keep_up(self, screen: ComposerScreen) -> None: ...
    def waiting(self, screen: ComposerScreen) -> None: ...
    def put_right(self, screen: ComposerScreen) -> None: ...


class ComposerScreen(KeepsUp, ComposerDraft):
    """One update being written."""

    scope = "composer"
    BINDINGS: ClassVar[list[BindingType]] = bindings("composer")

    def __init__(
        self,
        source: Source,
        office: Office,
        me: str,
        clock: Clock,
        *,
        begun: Written | None = None,
        drafts: Sequence[DraftLine] = (),
        channel: str = "",
    ) -> None:
        """`begun` is a draft to go on with; without one `channel` is chosen, or the one that is due first."""
        super().__init__(source, office.keep, me, clock, drafts, begun, channel)
        self._office = office

    # ---- sending

    def action_send(self) -> None:
        """What the line above the keys says; where something is missing, only when asked twice."""
        w = self.written()
        self._give(w, review=bool(w.reviewer) or self.source.needs_review(w.audience, w.channels))

    def action_review(self) -> None:
        """Ask a second person, named or anybody."""
        self._give(self.written(), review=True)

    def action_hold(self) -> None:
        """Keep it, on the record, until somebody sends it."""
        self._give(self.written(), review=False, hold=True)

    @property
    def busy(self) -> bool:
        """Whether it is being given away: what is typed now is not for this screen any more."""
        return self._giving

    def _give(self, w: Written, *, review: bool, hold: bool = False) -> None:
        if self._giving:
            return
        self._loading += self.text.settle()
        now = self.clock()
        if not w.text:
            self.problem(tr("write what people should know"), "text")
            return
        if w.next_at is not None and is_late(w.next_at, now):
            self.problem(
                tr("{when} UTC is past: say when the next update comes").format(when=when(w.next_at, now)), "next"
            )
            return
        try:
            self.promise.typed(self.field("next").value, now)
        except ValueError as error:
            self.problem(tr("when does the next one come? {error}").format(error=error), "next")
            return
        try:
            send_at = parse_when(w.send, now) if w.send and not hold else None
        except ValueError as error:
            self.problem(tr("when does it go out? {error}").format(error=error), "send")
            return
        out = outside(w.audience) and not review and not hold and send_at is None
        # What leaves the house is asked about in any case: what is amiss is said there.
        if (ask := self._amiss(w)) and ask != self._asked and not out:
            self._asked = ask
            self.problem(tr("{ask}. The same key once more does it all the same").format(ask=ask))
            return
        self._giving = True
        self.run_worker(self._given(w, review, send_at, hold, ask if out else None), exit_on_error=False)

    async def _given(
        self, w: Written, review: bool, send_at: datetime | None, hold: bool, amiss: str | None = None
    ) -> None:
        """Give it away; where `amiss` is not None only when the person is sure."""
        refusal = tr("nothing went out; what you wrote still stands here")
        try:
            if amiss is not None and not await self._office.sure(self, w, amiss):
                self.problem(refusal)
                return
            if review or send_at is not None or hold:
                refusal = await self._office.propose(w, self._seen, review=review, send_at=send_at, hold=hold)
            else:
                refusal = await self._office.post(w, self._seen)
            if not refusal:
                if self._timer is not None:
                    self._timer.stop()
                await self._office.throw_away(w.audience)
        finally:
            self._giving = False
        if refusal:
            self.problem(clean(refusal))
            # Whoever has been told that somebody was quicker may send all the same.
            self._seen = self.source.count(w.channels)
        elif self.is_attached:
            self.dismiss(None)

    def _amiss(self, w: Written) -> str:
        """What to ask about before this goes out."""
        newer = self.source.count(w.channels) != self._seen
        said = (
            [tr("somebody posted on {channels} since you began").format(channels=tr(" or ").join(w.channels))]
            if newer
            else []
        )
        asked = self.judged().ask
        return "; ".join((*said, *([asked] if asked else [])))

    # ---- the rest

    def follow(self, source: Source, drafts: Sequence[DraftLine]) -> None:
        """The room moved on, or others go on writing."""
        self.source, self.drafts = source, tuple(drafts)
        self.redraw()

    def action_leave(self) -> None:
        """Back to where one came from; what is written is kept."""
        if self._timer is not None:
            self._keep()
        self.dismiss(None)

    async def action_throw_away(self) -> None:
        """The draft is not wanted any more; asked twice."""
        if self._asked != "discard":
            self._asked = "discard"
            key = self.keymap.hint("composer.discard", self.scope)
            self.problem(tr("{key} once more throws this draft away").format(key=key))
            return
        if self._timer is not None:
            self._timer.stop()
        await self._office.throw_away(self.audience)
        self.dismiss(None)

    def action_waiting(self) -> None:
        """What waits for a review or to be sent, and what others are writing."""
        self._office.waiting(self)

    def action_put_right(self) -> None:
        """Choose an update that was wrong."""
        self._office.put_right(self)

    def action_preview(self) -> None:
        """The update as each channel will show it."""
        self.app.push_screen(PreviewScreen(self.source, self.written()))

    def keep_up(self) -> None:
        """A promise that nobody chose is renewed before it is late, and what has changed is drawn again."""
        if not self.composed:
            return
        self._office.keep_up(self)
        now = self.clock()
        if self.field("next").value == self.promise.shown and fading(self.promise, self.source, self.picked, now):
            self._promise(proposal(self.source, self.picked, now))
            self._set("next", self.promise.shown)
        self.tick(now)
