"""What belongs to an incident: keep an address, tie another incident to it, split work off, take one away (R1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.content import Content
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Input, Static

from warroom.domain.addresses import shown_address, web_address
from warroom.domain.links import LINK_KINDS, Relation
from warroom.preferences.values import DEFAULTS
from warroom.tui.pieces import Role, clean
from warroom.tui.sieve.match import OVER
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Check, Field, Form, Line, Problem
from warroom.tui.widgets.form_parts import about, note
from warroom.valueclass import dataclass
from warroom.views import IncidentLine, LinkLine
from warroom.words import mark, tr

OTHER, DUPLICATE, SPLIT, REMOVE = "other", "duplicate-of", "split", "remove:"
_WHAT = {
    "chat": mark("chat room: its name or address"),
    "call": mark("video call: its address"),
    "document": mark("status document: its address"),
    "ticket": mark("ticket: its number or address"),
    OTHER: mark("another: what it is, then its address"),
    Relation.RELATED: mark("related to another incident"),
    Relation.CAUSED_BY: mark("caused by another incident"),
    Relation.CAUSE_OF: mark("the cause of another incident"),
    Relation.PART_OF: mark("part of another incident"),
    DUPLICATE: mark("a duplicate of another incident: closes this one"),
    SPLIT: mark("split work off: declares an incident that is part of this one"),
}
_ADDRESSES = (*LINK_KINDS, OTHER)


@dataclass(frozen=True, slots=True)
class LinkWish:
    """What is to be done: `what` is a kind of link, a relation, "duplicate-of", "split", or "" with `remove`."""

    what: str
    to: str = ""
    reason: str = ""
    remove: LinkLine | None = None


class LinksDialog(Form[LinkWish]):
    """See what belongs to an incident, and change it."""

    heading = mark("Links")
    confirm_word = mark("do it")

    def __init__(
        self,
        line: IncidentLine,
        links: Sequence[LinkLine],
        others: Sequence[IncidentLine] = (),
        *,
        check: Check[LinkWish] | None = None,
    ) -> None:
        """`others` are the incidents that can be named, and complete what is typed."""
        super().__init__(check)
        self._line, self._links, self._others = line, tuple(links), tuple(others)

    def fields(self) -> Iterable[Widget]:
        """What there is; what can be done; to what, and why."""
        yield about(self._line)
        for each in self._links:
            stage = tr(clean(each.state))
            state = f"  {tr('{status}, open').format(status=stage) if each.open else stage}" if each.state else ""
            title = f"  {clean(each.title)}" if each.title else ""
            yield Static(
                Content.assemble(f"{tr(clean(each.kind))}  ", self._address(each.to), f"{title}{state}"), classes="note"
            )
        choices = [
            Choice(str(what), ((tr(words), Role.TEXT),)) for what, words in _WHAT.items() if what not in self._not_now()
        ]
        choices += [
            Choice(
                f"{REMOVE}{at}",
                ((tr("take away: {kind} {to}").format(kind=tr(clean(each.kind)), to=clean(each.to)), Role.MUTED),),
            )
            for at, each in enumerate(self._links)
            if not each.kind.startswith(("duplicate", "status page"))
        ]
        keys = [other.key for other in self._others]
        yield Field(tr("What"), Choices(choices, rows=8, id="what"))
        yield Field(tr("To"), Line(id="to", placeholder=tr("#inc-142, https://..."), known=keys))
        yield Field("", note("", id="means"))
        yield Field(tr("Why"), Line(id="reason", placeholder=tr("of another incident: goes on both records")))

    def _not_now(self) -> tuple[str, ...]:
        """What is not done with an incident that is over, or only watched."""
        if self._line.watched or self._line.status == "closed":
            return SPLIT, DUPLICATE
        return (SPLIT,) if self._line.status in OVER else ()

    def _address(self, to: str) -> Content:
        """An address in full; one that the terminal can follow where the person wants that and it is of the web."""
        own, voice = getattr(self.app, "own", DEFAULTS), getattr(self.app, "voice", None)
        target = web_address(to) if own.hyperlinks and voice is not None and voice.kind.links else ""
        shown = Content(shown_address(to))
        return shown.stylize(Style(link=target)) if target else shown

    @on(Choices.Marked, "#what")
    def _marked(self, event: Choices.Marked) -> None:
        """Say what is wanted in the line beneath."""
        what = event.choices.value
        wanted = tr("another incident: its key") if what in (*Relation, DUPLICATE) else tr("#inc-142, https://...")
        if what == OTHER:
            wanted = tr("dashboard https://...")
        elif what == SPLIT:
            wanted = tr("what is to be done, in a few words")
        elif what.startswith(REMOVE):
            wanted = tr("nothing to enter")
        self.query_one("#to", Line).placeholder = wanted
        self._titles()

    @on(Input.Changed, "#to")
    def _typed_to(self) -> None:
        self._titles()

    def _titles(self) -> None:
        """The title of the incident that is named, so that nobody ties the wrong one."""
        typed = self.entered("to").casefold()
        found = next((other for other in self._others if other.key.casefold() == typed), None)
        words = f"{clean(found.title)} ({tr(clean(found.status))})" if found is not None else ""
        self.query_one("#means", Static).update(Content(words))

    def result(self) -> LinkWish:
        """An address, a key or a title, but to take something away."""
        what, reason = self.chosen("what"), self.entered("reason")
        if what.startswith(REMOVE):
            return LinkWish("", reason=reason, remove=self._links[int(what.removeprefix(REMOVE))])
        if what in _ADDRESSES:
            to = self.need("to", tr("type its address, or words such as the name of a chat room"))
            if what == OTHER:
                name, blank, address = to.partition(" ")
                if not blank:
                    raise Problem(tr("type what it is, a blank, and the address: dashboard https://..."), "to")
                return LinkWish(name, address.strip(), reason)
            return LinkWish(what, to, reason)
        if what == SPLIT:
            return LinkWish(what, self.need("to", tr("say what is to be done, in a few words")), reason)
        return LinkWish(what, self._key(self.need("to", tr("name the other incident"))), reason)

    def _key(self, typed: str) -> str:
        """The key that was meant: "INC-3", "inc-3", "3"."""
        prefix = self._line.key.rpartition("-")[0]
        number = typed.removeprefix("#")
        return f"{prefix}-{number}" if number.isascii() and number.isdigit() else typed.upper()
