"""The composer's draft (R10): where an update begins, what is changed in it, and that it is kept.

Whatever is typed is kept a moment later, so that a screen that dies loses nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from textual import on
from textual.timer import Timer
from textual.widgets import Input, TextArea

from warroom.tui.clockface import is_late, when
from warroom.tui.composer_parts import Source, Written
from warroom.tui.composer_promise import Promise, proposal
from warroom.tui.composer_sheet import AUDIENCES, ComposerSheet
from warroom.tui.widgets.channels import ChannelPicker
from warroom.tui.widgets.form_parts import Clock
from warroom.views import DraftLine
from warroom.words import tr

KEEP_S = 0.3
"""How long after the last key what is written is kept, in seconds."""


class ComposerDraft(ComposerSheet):
    """The sheet with an update being written on it."""

    def __init__(
        self,
        source: Source,
        keep: Callable[[Written], Awaitable[str]],
        me: str,
        clock: Clock,
        drafts: Sequence[DraftLine],
        begun: Written | None,
        channel: str,
    ) -> None:
        """`keep` says "" when what is written was kept, else why not."""
        super().__init__(source, me, clock, drafts)
        self._keeper, self._begun, self._wanted = keep, begun, channel
        self._sides: dict[str, Written] = {}
        self._touched: set[str] = set()
        self._filled = self._asked = self._lost = ""
        self._seen = self._loading = 0
        self._giving = False  # away: from then on nothing is kept
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
        lost = await self._keeper(written)
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

    # ---- other drafts

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
