"""The incident itself: from what a person wants to a command; `intents` gathers them."""

from __future__ import annotations

from functools import partial
from typing import Any

from warroom.domain.core import Command
from warroom.domain.declaring import stages_from
from warroom.domain.incident import OVER, Amend, Assess, Declare, Merge, SetSeverity, SetStatus, Status
from warroom.domain.links import AddLink, Relate, Relation, RemoveLink, Unrelate
from warroom.domain.moving import MoveToRules
from warroom.domain.oneline import Vocabulary
from warroom.tui import dialogs
from warroom.tui.acts import NOTHING_DONE, Acts
from warroom.tui.clockface import seconds_clock
from warroom.tui.outside.copying import CopyScreen, copied_words
from warroom.tui.pieces import clean
from warroom.tui.reading import read_in_thread
from warroom.views import AssessmentView, Catalogue, IncidentLine, LinkLine
from warroom.words import tr


class IncidentActs(Acts):
    """Everything that a key can start about an incident itself (R1, R2)."""

    def declare(self) -> None:
        """Declare an incident from one line."""

        async def carry(new: dialogs.Declared) -> str:
            command = Declare(
                new.title,
                new.severity,
                new.service,
                new.summary,
                new.started_at,
                products=new.products,
                description=new.description,
            )
            return await self.carry(command, "")

        words = words_of(self.catalogue)
        self.ask(dialogs.DeclareDialog(self.catalogue.severities, words, self.app.clock, check=carry))

    def want_status(self, line: IncidentLine) -> None:
        """Move it on; to resolve it, the times that nobody has said are asked for."""
        detail = self.detail(line)

        async def carry(change: dialogs.StatusChange) -> str:
            if change.status == Status.CLOSED and not await self._sure_to_close(line):
                return tr(NOTHING_DONE)
            times = dict(change.times)
            return await self.carry(
                SetStatus(Status(change.status), change.reason, Status(line.status), **times), line.key
            )

        facts = detail.facts_of if detail is not None else None
        stages = [each.value for each in stages_from(Status(line.status))]
        self.ask(dialogs.StatusDialog(line, stages, facts, self.app.clock, check=carry))

    def want_severity(self, line: IncidentLine) -> None:
        """Assess it again, with what another severity would change."""
        read_in_thread(self.app, partial(self._assessment, line.key), partial(self._ask_severity, line))

    def _assessment(self, key: str) -> AssessmentView:
        with self.app.place.session() as session:
            return session.assessment(key)

    def _ask_severity(self, line: IncidentLine, view: AssessmentView) -> None:
        async def carry(change: dialogs.SeverityChange) -> str:
            return await self.carry(severity_command(change, line.severity.name), line.key)

        self.ask(dialogs.SeverityDialog(line, self.catalogue.severities, view, check=carry))

    def want_details(self, line: IncidentLine) -> None:
        """See all that is known, and correct it."""
        detail = self.detail(line)
        if detail is None:
            return

        async def carry(details: dialogs.Details) -> str:
            given: dict[str, Any] = details.changed
            command = Amend(unknown=details.unknown, seen=details.seen, reason=details.reason, **given)
            return await self.carry(command, line.key)

        services = self.catalogue.services
        self.show(dialogs.DetailsDialog(detail, self.clock(line), services=services, check=carry), line)

    def want_links(self, line: IncidentLine) -> None:
        """See what belongs to it, and change that."""
        detail, view = self.detail(line), self.app.board.view
        if detail is None:
            return
        others = [other for other in view.lines if other.key != line.key] if view is not None else []

        async def carry(wish: dialogs.LinkWish) -> str:
            if wish.what == dialogs.SPLIT:
                return await self.carry(Declare(wish.to, "", parent=line.key), "")
            if wish.what == dialogs.DUPLICATE and wish.remove is None and not await self._sure_to_merge(line, wish.to):
                return tr(NOTHING_DONE)
            return await self.carry(link_command(wish), line.key)

        self.show(dialogs.LinksDialog(line, detail.links, others, check=carry), line)

    def want_reopen(self, line: IncidentLine) -> None:
        """Investigate it again."""

        async def carry(confirmed: dialogs.Confirmed) -> str:
            command = SetStatus(Status.INVESTIGATING, confirmed.reason, Status(line.status))
            return await self.carry(command, line.key)

        if line.status in OVER:
            self.ask(dialogs.ReopenDialog(line, check=carry))
        else:
            self.say(tr("{key} is {status}: there is nothing to reopen").format(key=line.key, status=tr(line.status)))

    def want_merge(self, line: IncidentLine) -> None:
        """Ask into which incident this one is merged."""
        view = self.app.board.view
        if view is None:
            return
        others = [other for other in view.lines if other.key != line.key and not other.watched]
        if not others or line.watched:
            self.say(tr("there is no other incident that it could be a duplicate of"))
            return

        async def carry(merge: dialogs.MergeInto) -> str:
            if not await self._sure_to_merge(line, merge.into):
                return tr(NOTHING_DONE)
            return await self.carry(Merge(merge.into, merge.reason), line.key)

        self.ask(dialogs.MergeDialog(line, others, check=carry))

    async def _sure_to_close(self, line: IncidentLine) -> bool:
        return await self.sure(
            tr("Close {key}?").format(key=clean(line.key)),
            (
                clean(line.title),
                tr("It leaves the board, its clocks stop and no task is brought to mind any more."),
                tr("Undo does not bring it back: it can only be reopened, which pages people."),
            ),
            tr("close it"),
        )

    async def _sure_to_merge(self, line: IncidentLine, into: str) -> bool:
        people = ", ".join(dict.fromkeys(who for _, who in line.roles if who)) or tr("nobody")
        return await self.sure(
            tr("Merge {key} into {other}?").format(key=clean(line.key), other=clean(into)),
            (
                clean(line.title),
                tr("{key} is closed: nobody is paged for it, no update is due. Released: {people}.").format(
                    key=line.key, people=people
                ),
                tr("Undo does not part them: {key} can only be reopened, which pages people.").format(key=line.key),
            ),
            tr("merge"),
        )

    def want_move(self, line: IncidentLine) -> None:
        """Show what would change under the rules in force, and ask."""
        read_in_thread(self.app, partial(self._difference, line.key), partial(self._ask_move, line), opens=True)

    def _difference(self, key: str) -> tuple[str, tuple[str, ...]]:
        with self.app.place.session() as session:
            return session.newer_rules(key)

    def _ask_move(self, line: IncidentLine, found: tuple[str, tuple[str, ...]]) -> None:
        revision, difference = found
        if not revision:
            self.say(tr("{key} runs under the rules in force").format(key=line.key))
            return

        async def carry(revision: str) -> str:
            return await self.carry(MoveToRules(revision), line.key)

        self.ask(dialogs.MoveDialog(line, revision, difference, check=carry))

    def want_topic(self, line: IncidentLine) -> None:
        """Copy the topic line for the chat room, and say so; where the terminal cannot, or may not, it is shown."""
        detail = self.detail(line)
        if detail is None or not detail.topic:
            return
        if why := self.app.voice.copy(detail.topic):
            self.ask(CopyScreen(detail.topic, why))
            return
        then = self.then(line)
        said = f"{copied_words(detail.topic)}: {detail.topic}"
        if then is not None:
            said = tr("as it was {time} UTC, {said}").format(time=seconds_clock(then.at.moment), said=said)
        self.say(said)


def words_of(catalogue: Catalogue) -> Vocabulary:
    """What a line is read by, from what can be chosen."""
    ranked = sorted(catalogue.severities, key=lambda face: face.rank)
    tiers = dict(catalogue.service_tiers)
    return Vocabulary(
        {face.name: face.rank for face in ranked},
        tuple(face.name for face in ranked if face.major),
        dict(catalogue.impact_words),
        {name: tiers.get(name, "") for name in catalogue.services},
        dict(catalogue.tiers),
        catalogue.usual,
    )


def severity_command(change: dialogs.SeverityChange, seen: str) -> Command:
    """The command for what was chosen and answered, with the severity that the person saw."""
    if not change.assessed:
        return SetSeverity(change.severity, change.reason, seen)
    to = "" if change.severity == seen else change.severity
    return Assess(change.impact, change.urgency, change.answers, to, change.reason, seen)


def link_command(wish: dialogs.LinkWish) -> Command:
    """The command for a link that is kept, tied or taken away."""
    if wish.remove is not None:
        return _removal(wish.remove, wish.reason)
    if wish.what == dialogs.DUPLICATE:
        return Merge(wish.to, wish.reason)
    if wish.what in list(Relation):
        return Relate(Relation(wish.what), wish.to, wish.reason)
    return AddLink(wish.what, wish.to)


def _removal(link: LinkLine, reason: str) -> Command:
    return Unrelate(link.key, reason) if link.key else RemoveLink(link.kind, link.to)
