"""The dialogs about updates that are not out yet: review, send, hold, take back; and which update was wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from warroom.domain.text import cell_width, clean_block
from warroom.tui.clockface import when
from warroom.tui.composer_parts import proposal_word
from warroom.tui.pieces import Role, clean, fitted
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem
from warroom.tui.widgets.form_parts import Clock, gap, note
from warroom.valueclass import dataclass
from warroom.views import DraftLine, ProposalLine, SaidLine
from warroom.words import mark, tr


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What is wanted of what waits: `proposal` or `draft` is its number, the other one 0."""

    act: str
    proposal: int = 0
    draft: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Act:
    name: str
    title: str
    what: str
    why: str = ""
    """What has to be typed for it, "" for nothing."""


def acts_on(p: ProposalLine, me: str) -> tuple[_Act, ...]:
    """What makes sense with a proposal, the likeliest first."""
    approve = (
        _Act("approve", tr("approve it"), tr("its author sends it")),
        _Act("approve-send", tr("approve and send it"), tr("it goes out at once")),
    )
    send = _Act(
        "send",
        tr("send it now"),
        tr("approved by {person}").format(person=clean(p.approved_by)) if p.approved_by else "",
    )
    unreviewed = _Act(
        "send",
        tr("send it without a review"),
        tr("why stands on the record"),
        tr("say why it goes out unreviewed"),
    )
    comment = _Act("comment", tr("comment on it"), tr("its author is told"), tr("say what should be different"))
    anew = _Act("edit", tr("write it anew"), tr("here, unapproved"))
    back = _Act("withdraw", tr("take it back"), tr("it does not go out"))
    hold = _Act("hold", tr("hold it"), tr("until somebody sends it"))
    mine = p.author == me
    match p.standing:
        case "review" if not mine:
            return (*approve, comment, anew, back)
        case "review":
            return (unreviewed, comment, anew, back) if p.unanswered else (comment, anew, back, unreviewed)
        case "approved":
            return (send, comment, hold, anew, back)
        case "scheduled":
            return (hold, send, *(() if mine or p.approved_by else approve[:1]), comment, anew, back)
        case _:
            mend = () if mine or p.approved_by else approve
            return (anew, *mend, send if p.approved_by or not p.reviewer else unreviewed, comment, back)


def acts_on_draft() -> tuple[_Act, ...]:
    """What can be done with what somebody else is writing."""
    return (_Act("take", tr("take it over"), tr("you go on writing; its author is told at the next key")),)


class ReviewDialog(Form[Reviewed]):
    """What waits, in full, and what to do about it."""

    heading = mark("Waiting updates")
    confirm_word = mark("do it")

    def __init__(
        self,
        proposals: Sequence[ProposalLine],
        drafts: Sequence[DraftLine],
        me: str,
        clock: Clock,
        judged: dict[int, str],
        *,
        check: Check[Reviewed] | None = None,
    ) -> None:
        """At least one proposal or draft of somebody else; `judged` says of a proposal what it lacks, by number."""
        super().__init__(check)
        self._proposals = {f"p{p.id}": p for p in sorted(proposals, key=lambda p: not p.for_me(me))}
        self._drafts = {f"d{d.id}": d for d in drafts}
        self._me, self._clock, self._judged = me, clock, judged

    def fields(self) -> Iterable[Widget]:
        """What waits, its text, what was said about it, what to do."""
        now = self._clock()
        waiting = [Choice(name, proposal_word(p, self._me, now)) for name, p in self._proposals.items()]
        waiting += [
            Choice(
                name,
                (
                    (
                        tr("✎ {author} is writing since {when}").format(
                            author=clean(d.author), when=when(d.started_at, now)
                        ),
                        Role.TEXT,
                    ),
                ),
            )
            for name, d in self._drafts.items()
        ]
        yield Field(tr("Which"), Choices(waiting, rows=4, id="which"))
        yield Field(tr("Text"), note("", id="shown"))
        yield gap()
        yield Field(tr("What"), Choices([Choice("", ())] * 6, rows=6, id="act"))
        yield Field(tr("Words"), Line(id="words", placeholder=tr("a comment, or why")))

    def on_mount(self) -> None:
        """Show the first one."""
        super().on_mount()
        self._another()
        if len(self._proposals) + len(self._drafts) == 1:
            self.query_one("#act").focus()

    @on(Choices.Marked, "#which")
    def _marked(self, event: Choices.Marked) -> None:
        self._another()

    def _acts(self) -> tuple[_Act, ...]:
        p = self._proposals.get(self.chosen("which"))
        return acts_on(p, self._me) if p is not None else acts_on_draft()

    def _another(self) -> None:
        name = self.chosen("which")
        acts = self.query_one("#act", Choices)
        wide = max(cell_width(a.title) for a in self._acts())
        acts.show_choices(
            [Choice(a.name, ((fitted(a.title, wide) + "  ", Role.TEXT), (a.what, Role.MUTED))) for a in self._acts()]
        )
        acts.styles.height = len(acts.choices)
        acts.mark(0)
        self.query_one("#shown", Static).update(self._shown(name))

    def _shown(self, name: str) -> Content:
        """The update as it is, strong and bright; around it what is said of it."""
        p, now = self._proposals.get(name), self._clock()
        if p is None:
            return Content.styled(clean_block(self._drafts[name].text), "$foreground")
        where, who, at = ", ".join(map(clean, p.channels)), clean(p.author), when(p.at, now)
        said = tr("{audience} · {channels} · {author} {when}")
        parts = [Content(said.format(channels=where, audience=clean(tr(p.audience)), author=who, when=at))]
        if p.subject:
            parts.append(Content.styled(clean(p.subject), "$foreground bold"))
        parts.append(Content.styled(clean_block(p.text), "$foreground"))
        if p.next_at:
            parts.append(Content(tr("promises the next update by {when} UTC").format(when=when(p.next_at, now))))
        if self._judged.get(p.id):
            parts.append(Content.styled(f"! {clean(self._judged[p.id])}", "$text-warning bold"))
        parts += [Content(f"{when(c.at, now)} {clean(c.by)}: {clean(c.text)}") for c in p.comments]
        return Content("\n").join(parts)

    def result(self) -> Reviewed:
        """Some acts need words."""
        name = self.chosen("which")
        act = next((a for a in self._acts() if a.name == self.chosen("act")), None)
        if act is None:
            raise Problem(tr("choose what to do"), "act")
        words = self.need("words", act.why) if act.why else self.entered("words")
        if name in self._drafts:
            return Reviewed(act.name, draft=self._drafts[name].id)
        return Reviewed(act.name, self._proposals[name].id, text=words)


class CorrectDialog(Form[SaidLine]):
    """Which update is put right."""

    heading = mark("Put right what was said")
    confirm_word = mark("write the correction")

    def __init__(self, said: Sequence[SaidLine], clock: Clock) -> None:
        """`said` are the updates that can be put right, at least one, the latest last."""
        super().__init__()
        self._said_lines = {str(each.version): each for each in reversed(said)}
        self._clock = clock

    def fields(self) -> Iterable[Widget]:
        """The updates, the latest first."""
        now = self._clock()
        heads = {name: f"{when(each.at, now)} {clean(each.channel)}" for name, each in self._said_lines.items()}
        wide = min(22, max(map(cell_width, heads.values())))
        yield note(tr("What was said stays; a correction that says so follows."))
        yield Field(
            tr("Wrong was"),
            Choices(
                [
                    Choice(
                        name,
                        (
                            (fitted(heads[name], wide), Role.ACCENT),
                            (f"  {clean(each.by)}: {clean(each.text)}", Role.TEXT),
                        ),
                    )
                    for name, each in self._said_lines.items()
                ],
                rows=10,
                id="said",
            ),
        )

    def result(self) -> SaidLine:
        """The one that is marked."""
        return self._said_lines[self.chosen("said")]
