"""The composer's sheet: what stands where, and how it is drawn. What is written is kept by `composer_draft`, what the
keys do stands in `composer`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantFocus, Resize
from textual.widgets import Static

from warroom.domain.completeness import Judgement
from warroom.domain.templates import one_stop
from warroom.domain.text import clean_block
from warroom.tui import composer_parts as parts
from warroom.tui.clockface import clock, seconds_clock
from warroom.tui.composer_parts import Source, Written
from warroom.tui.composer_promise import Promise
from warroom.tui.composer_since import Shares, shares, since_lines
from warroom.tui.held import Held
from warroom.tui.horizon import MINUTE, SECOND, grows
from warroom.tui.pieces import Line as Pieces
from warroom.tui.pieces import Role, clean, rule
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.channels import ChannelPicker
from warroom.tui.widgets.form import Line
from warroom.tui.widgets.form_parts import Clock
from warroom.tui.widgets.keyed import KeyedScreen
from warroom.tui.widgets.lines import BothEnds, KeyBar
from warroom.tui.widgets.update_text import UpdateText
from warroom.views import DraftLine, SaidLine
from warroom.words import mark, tr

WIDE = 104
"""From how many cells on checklist and preview stand beside the text."""
NAMED = 66
"""How wide the text is at least where the template's name stands beside the subject, which needs the room more."""
_SIDE, _PROSE = 46, 106
"""How wide checklist and preview are at least, and the text with what is around it at most: longer lines tire."""
AUDIENCES = (mark("internal"), mark("external"))


class ComposerSheet(KeyedScreen[None]):
    """An update, the fields around it, and what is said of it."""

    CSS_PATH = "composer.tcss"
    AUTO_FOCUS = "#text"

    def __init__(self, source: Source, me: str, clock: Clock, drafts: Sequence[DraftLine]) -> None:
        super().__init__()
        self.source, self.me, self.clock, self.drafts = source, me, clock, tuple(drafts)
        self.picked: tuple[str, ...] = ()
        self.audience, self.template = AUDIENCES[0], ""
        self.promise = Promise()
        self.corrects = self.replaces = 0
        self._shares = Shares()
        self._held, self._head = Held(), Held()

    # ---- composition

    def compose(self) -> ComposeResult:
        """Head, what is written, what is said of it, keys."""
        yield BothEnds(id="composer-head")
        with Horizontal(id="composer-body"):
            with Vertical(id="composer-left"):
                yield ChannelPicker(id="picker")
                yield Canvas(id="others")
                yield Canvas(id="said")
                yield _row(
                    tr("Name"), Line(id="subject", placeholder=tr("what readers see above the text")), _note("by")
                )
                yield UpdateText(id="text", placeholder=tr("State and impact; now; next; what is not known yet"))
                yield _row(tr("Next update"), Line(id="next", placeholder="20, HH:MM"), _note("until"))
                yield _row(
                    tr("Review by"),
                    Line(id="reviewer", placeholder=tr("nobody"), known=self.source.view.people),
                    Static(Content(tr("Goes out")), classes="second", markup=False),
                    Line(id="send", placeholder=tr("now")),
                    _note("needs"),
                )
                yield Canvas(id="since")
            with Vertical(id="composer-right"):
                yield Canvas(id="checks")
                yield Canvas(id="preview")
        yield Canvas(id="narrow")
        yield Canvas(id="happens")
        yield Static(id="problem", markup=False)
        yield KeyBar(id="keys")

    def on_resize(self, event: Resize) -> None:
        """Beside each other where there is room."""
        self.lay_out()
        self.call_after_refresh(self.redraw)

    def lay_out(self) -> None:
        """Give the parts their heights for this size."""
        size = self.app.size
        wide = size.width >= WIDE
        right = self.query_one("#composer-right")
        right.display = wide
        right.styles.width = max(_SIDE, size.width - _PROSE)
        self.query_one("#narrow").display = not wide
        picker = self.query_one(ChannelPicker)
        picker.styles.height = min(picker.wanted_height, 8 if size.height >= 36 else 4 if size.height >= 24 else 2)

    # ---- what stands on it

    @property
    def text(self) -> UpdateText:
        """The text of the update."""
        return self.query_one(UpdateText)

    def field(self, name: str) -> Line:
        """One of the lines: subject, next, reviewer, send."""
        return self.query_one(f"#{name}", Line)

    def written(self) -> Written:
        """The update as it stands."""
        return Written(
            self.audience,
            self.picked,
            one_stop(clean_block(self.text.text)),
            self.template,
            clean(self.field("subject").value),
            self.promise.at if self.field("next").value.strip() else None,
            clean(self.field("reviewer").value),
            clean(self.field("send").value),
            self.corrects,
            self.replaces,
        )

    def judged(self) -> Judgement:
        """What there is to say about it."""
        w = self.written()
        return self.source.judge(w.text, w.subject, w.audience, w.channels, w.next_at, self.clock(), w.corrects)

    def problem(self, text: str, field: str = "") -> None:
        """Say what is wrong, and go to the field that it is about."""
        line = self.query_one("#problem", Static)
        line.update(Content(f"✗ {clean_block(text)}") if text else Content(""))
        line.set_class(bool(text), "-shown")
        if field:
            self.query_one(f"#{field}").focus()

    @on(DescendantFocus)
    def _focused(self) -> None:
        """The label of the field that is written in stands out."""
        around = self.focused.ancestors if self.focused is not None else []
        for row in self.query(".row"):
            row.set_class(row in around, "-at")

    # ---- drawing

    def redraw(self) -> None:
        """Everything around the text, as it is now."""
        inner = self.query_one("#composer-left").size.width - 2 if self.is_mounted else 0
        if inner <= 0:
            return
        now = self.clock()
        picker = self.query_one(ChannelPicker)
        grown = picker.wanted_height
        picker.show_channels(self.source.view.channels, self.picked, now)
        if picker.wanted_height != grown:
            self.lay_out()
        with self._held.laying_out(now, lambda: self._about(now)):
            self._draw(now, inner)
        self._draw_head(now)

    def tick(self, now: datetime) -> None:
        """Draw what the clock has changed: mostly a countdown of a channel, and the time."""
        if self._held.holds(now, *self._about(now)):
            self.query_one(ChannelPicker).tick(now)
            self._draw_head(now)
        else:
            self.redraw()

    def _draw_head(self, now: datetime) -> None:
        """Which incident it is, and the time; it counts seconds where any figure below it does."""
        seconds = self._held.found.by_second or self.query_one(ChannelPicker).held.found.by_second
        about = self.source, self.size, seconds
        if not self._head.holds(now, *about):
            with self._head.laying_out(now, lambda: about):
                time = seconds_clock(now) if seconds else clock(now)
                grows(now.replace(second=0, microsecond=0), now, SECOND if seconds else MINUTE)
                end: Pieces = ((f"{time} UTC ", Role.MUTED),)
                self.query_one(BothEnds).show_ends(parts.title_line(self.source.view, self.size.width - 14), end)

    def _about(self, now: datetime) -> tuple[object, ...]:
        """What is drawn besides what is written, and in which sizes: the parts get theirs a little later."""
        promised = self.promise.at if self.field("next").value.strip() else None
        words = (
            self.promise.note(self.field("next").value, self.source, self.picked, now),
            self.source.next_sentence(self.audience, self.picked, now, promised),
        )
        sizes = (self.size, *(self.query_one(f"#{name}").size for name in ("composer-left", "picker", "preview")))
        return self.source, self.drafts, words, sizes, self.text.wrapped_document.height

    def _draw(self, now: datetime, inner: int) -> None:
        view, w, width = self.source.view, self.written(), self.size.width
        waiting = self.keymap.hint("composer.waiting", self.scope)
        self._show("#others", parts.others_lines(view, self.drafts, self.me, now, inner, waiting), 3)
        chosen = [each for each in view.channels if each.name in self.picked]
        due = min((each.due for each in chosen if each.promised and each.due), default=None)
        said = max((each.last for each in chosen if each.last), key=lambda each: each.at, default=None)
        rows = 6 if self.size.height >= 50 else 2 if self.size.height >= 22 else 1
        self._show("#said", parts.said_lines(said, due, now, inner, rows), rows)
        judged = self.judged()
        if width >= WIDE:
            self._draw_right(judged, w)
        else:
            lines = parts.checks_in_line(judged, width - 2)
            self._show("#narrow", tuple(((" ", Role.TEXT), *line) for line in lines), 2)
        needs = self.source.needs_review(w.audience, w.channels)
        self._say("#needs", tr("has to be approved") if needs else "")
        by = tr("by {template}").format(template=self.template) if self.template and inner >= NAMED else ""
        self._say("#by", by)
        self.query_one("#by").display = bool(by)
        self._say("#until", self.promise.note(self.field("next").value, self.source, self.picked, now))
        key = self.keymap.hint("composer.send", self.scope)
        self._show("#happens", (((" ", Role.TEXT), *parts.what_happens(w, self.source, now, key)),), 1)
        self._draw_since(said, now, inner)

    def _draw_since(self, said: SaidLine | None, now: datetime, width: int) -> None:
        """What the next word can be about, below the text: in the rows that it does not need."""
        left, text, below = self.query_one("#composer-left"), self.text, self.query_one("#since")
        taken = sum(
            each.styles.height.value
            for each in left.children
            if each.display and each not in (text, below) and each.styles.height
        )
        self._shares = shares(left.size.height - int(taken), text.wrapped_document.height, self._shares)
        text.styles.height = self._shares.text or "1fr"
        lines = since_lines(self.source.view, said, now, width, self._shares.since) if self._shares.since else ()
        self._show("#since", lines, self._shares.since)

    def _draw_right(self, judged: Judgement, w: Written) -> None:
        right = self.query_one("#composer-right").size.width - 2
        title = rule(((tr("Complete?"), Role.ACCENT),), right, parts.score_word(judged))
        self._show("#checks", (title, *parts.check_lines(judged, right), ()), 20)
        preview = self.query_one("#preview", Canvas)
        lines, rows = parts.preview_lines(self.source, w, right, preview.size.height), preview.size.height
        told = parts.told_lines(self.source.view, self.clock(), right, rows - len(lines) - 1)
        preview.show_lines((*lines, (), *told) if told else lines)

    def _show(self, name: str, lines: Sequence[Pieces], most: int) -> None:
        canvas = self.query_one(name, Canvas)
        height = min(len(lines), most)
        canvas.display = bool(height)
        canvas.styles.height = max(1, height)
        canvas.show_lines(lines[:height])

    def _say(self, name: str, text: str) -> None:
        note = self.query_one(name, Static)
        if str(note.content) != text:
            note.update(Content(clean_block(text)))


def _note(name: str) -> Static:
    return Static(id=name, classes="note", markup=False)


def _row(label: str, *entries: Line | Static) -> Horizontal:
    return Horizontal(Static(Content(label), classes="label", markup=False), *entries, classes="row")
