"""The composer (R10): an update for one or several channels, begun by a template, with what it lacks always in sight.

The screen draws and asks; what goes out, waits or is kept is the business of its `Office`. Whatever is typed is kept
there a moment later, so that a screen that dies loses nothing. Nothing goes out by accident: the line above the keys
says what ctrl+s does, where something is missing it asks once more, and it always does before people outside are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Protocol

from textual import on
from textual.binding import BindingType
from textual.timer import Timer
from textual.widgets import Input, TextArea

from warroom.tui.actions.bind import bindings
from warroom.tui.clockface import is_late, parse_when, when
from warroom.tui.composer_parts import Source, Written
from warroom.tui.composer_preview import PreviewScreen
from warroom.tui.composer_promise import Promise, fading, proposal
from warroom.tui.composer_sheet import AUDIENCES, ComposerSheet
from warroom.tui.composer_sure import outside
from warroom.tui.held import KeepsUp
from warroom.tui.pieces import clean
from warroom.tui.widgets.channels import ChannelPicker
from warroom.tui.widgets.form_parts import Clock
from warroom.views import DraftLine
from warroom.words import tr

KEEP_S = 0.3
"""How long after the last key what is written is kept, in seconds."""


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


class ComposerScreen(KeepsUp, ComposerSheet):
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
        super().__init__(source, me, clock, drafts)
        self._office, self._begun, self._wanted = office, begun, channel
        self._sides: dict[str, Written] = {}
        self._touched: set[str] = set()
        self._filled = self._asked = self._lost = ""
        self._seen = self._loading = 0
        self._giving = False
        self._timer: Timer | None = None

    def lay_aside(self, written: Written) -> None:
        """A draft for the other audience, to go on with when one of its channels is picked."""
        self._sides[written.audience] = written

    def begin(self) -> None:
        """Begin with the draft, or with what the incident's state asks for."""
        if self._begun is not None:
            self._load(self._begun)
        else:
            self._start((self._wanted,) if self._wanted else self._first_due())

    # ---- where an update begins

    def _first_due(self) -> tuple[str, ...]:
        """The channel that waits longest for a word, or the first one."""
        channels = self.source.view.channels
        due = sorted((each for each in channels if each.due is not None), key=lambda each: each.due or self.clock())
        return tuple(each.name for each in (*due, *channels)[:1])

    def _start(self, channels: tuple[str, ...], corrects: int = 0) -> None:
        """From the template that fits."""
        self.picked, self.corrects, self.replaces = channels, corrects, 0
        self.audience = next((c.audience for c in self.source.view.channels if c.name in channels), AUDIENCES[0])
        self._seen = self.source.count(channels)
        self.promise = proposal(self.source, channels, self.clock())
        self._fill("")
        self._show_fields("", "")

    def _load(self, written: Written) -> None:
        """Go on with what was written before; a promise that is past by now gives way to a fresh one."""
        self.picked, self.audience, self.template = written.channels, written.audience, written.template
        self.corrects, self.replaces = written.corrects, written.replaces
        self._seen = self.source.count(written.channels)
        at, now, text = written.next_at, self.clock(), written.text
        self.promise = Promise(at, when(at, now) if at is not None else "")
        if at is not None and is_late(at, now):
            self.promise = proposal(self.source, self.picked, now)
            before = self._sentence(at)
            text = text.replace(before, self._sentence(self.promise.at)) if before else text
        self._filled = ""
        self._touched.add(self.audience)
        self._put(text, written.subject)
        self.text.to_blank(0)
        self._show_fields(written.reviewer, written.send)

    def _fill(self, template: str) -> None:
        """Subject and text as a template has them."""
        began = self.source.begin(
            self.audience,
            self.picked,
            self.clock(),
            template=template,
            next_at=self.promise.at,
            corrects=self.corrects,
        )
        self.template, self._filled = began.template, began.text
        self._put(began.text, began.subject)
        self.text.to_blank(0)

    # What the program changes is no reason to keep a draft: each such change announces itself once.

    def _put(self, text: str, subject: str) -> None:
        self._loading += self.text.put(text)
        self._set("subject", subject)

    def _set(self, name: str, value: str) -> None:
        line = self.field(name)
        self._loading += line.value != value
        line.value = value

    def _show_fields(self, reviewer: str, send: str) -> None:
        for name, value in (("next", self.promise.shown), ("reviewer", reviewer), ("send", send)):
            self._set(name, value)
        self.lay_out()
        self.redraw()

    # ---- the next update

    def _sentence(self, next_at: datetime | None) -> str:
        return self.source.next_sentence(self.audience, self.picked, self.clock(), next_at)

    def _promise(self, promise: Promise, channels: tuple[str, ...] | None = None) -> None:
        """Another promise, or other channels: the sentence in the text follows, wherever it stands unchanged."""
        before = self._sentence(self.promise.at)
        self.promise = promise
        if channels is not None:
            self.picked = channels
        after = self._sentence(promise.at)
        if self.text.swap(before, after):
            self._loading += 1
            self._filled = self._filled.replace(before, after)

    @on(Input.Changed, "#next")
    def _next_typed(self, event: Input.Changed) -> None:
        try:
            typed = self.promise.typed(event.value, self.clock())
        except ValueError:
            return  # said beside the field; what was promised before stands until there is another time
        if typed is not self.promise:
            self._promise(typed)

    # ---- what is written

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _changed(self) -> None:
        if self._loading:
            self._loading -= 1
        else:
            self._asked = ""
            self.problem(self._lost)
            self._keep_soon()
        self.redraw()

    def _keep_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(KEEP_S, self._keep)

    def _keep(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        # A template that nobody has touched is no draft; one that was touched before may be one again.
        touched = self.text.text != self._filled or self.audience in self._touched
        if touched and not self._lost and not self._giving:
            self._touched.add(self.audience)
            self.app.run_worker(self._kept(self.written()), exit_on_error=False)

    async def _kept(self, written: Written) -> None:
        lost = await self._office.keep(written)
        if lost and self.is_attached:
            self._lost = tr("not kept: {lost}").format(lost=lost)
            self.problem(self._lost)

    # ---- channels and templates

    @on(ChannelPicker.Toggled)
    def _toggled(self, event: ChannelPicker.Toggled) -> None:
        """Channels of one audience go together; one of the other begins, or goes on with, the update for it."""
        name = event.channel
        audience = next((c.audience for c in self.source.view.channels if c.name == name), self.audience)
        self._asked = ""
        if audience != self.audience:
            self._change_sides(audience, name)
            return
        picked = tuple(each for each in self.picked if each != name)
        picked = picked if name in self.picked else (*picked, name)
        if not picked:
            self.problem(tr("an update goes to one channel at least: pick another one first"))
            return
        if self.text.text == self._filled:
            self.picked = picked
            if self.promise.proposed:
                self.promise = proposal(self.source, picked, self.clock())
            self._fill("")
            self._set("next", self.promise.shown)
        else:
            self._promise(self.promise, picked)
        self._seen = self.source.count(picked)
        self._keep_soon()
        self.redraw()

    def _change_sides(self, audience: str, channel: str) -> None:
        self._keep()
        self._sides[self.audience] = self.written()
        other = self._sides.get(audience)
        if other is None:
            self._start((channel,))
        else:
            self._load(other)

    def action_template(self) -> None:
        """The next template; what was written is replaced only when asked twice, and ctrl+z brings it back."""
        found = self.source.templates(self.audience, self.picked, self.corrects)
        at = found.index(self.template) if self.template in found else -1
        wanted = found[(at + 1) % len(found)]
        if self.text.text not in ("", self._filled) and self._asked != "template":
            self._asked = "template"
            self.problem(
                tr("{key} once more replaces what you wrote by {wanted}; ctrl+z takes that back").format(
                    key=self.keymap.hint("composer.template", self.scope), wanted=wanted
                )
            )
            return
        self._asked = ""
        self.problem("")
        self._fill(wanted)
        self._keep_soon()
        self.redraw()

    def action_blank(self) -> None:
        """Mark the next blank: what is typed takes its place."""
        self.text.focus()
        self._loading += self.text.settle()
        if not self.text.to_blank(self.text.cursor_index):
            self.problem("" if self.text.to_blank(0) else tr("no blank is left"))

    def action_say(self) -> None:
        """Put in the sentence for the first thing that is not said: what is known, or that it is not known yet."""
        left = sorted((c for c in self.judged().checks if not c.said and c.sentence), key=lambda check: not check.must)
        if left:
            self.text.say(left[0].sentence)
        else:
            self.problem(tr("everything is said that has a sentence of its own"))

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

    def go_on_with(self, written: Written) -> None:
        """Another draft, or a proposal that is written anew, takes the place of what stands here."""
        self._lost = ""
        self.problem("")
        self._load(written)
        self._keep_soon()
        self.text.focus()

    def begin_correction(self, version: int, channel: str) -> None:
        """An update that puts an earlier one right, on the channel on which it was said."""
        self._start((channel,), version)
        self.text.focus()
        self._keep_soon()

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
