"""Catch me up (R11): the state of an incident on one screen, for somebody who comes in.

Pure over the room, its rules, its record and the moment. What is not known is said as such, and not left out. What has
changed since somebody left is in `changes_since`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from warroom.domain.book import Rulebook
from warroom.domain.comms import Standing, UpdatePosted
from warroom.domain.completeness import impact_in
from warroom.domain.core import Entry
from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.escalation import Phase
from warroom.domain.incident import SeverityChanged, Status
from warroom.domain.kept_words import kept
from warroom.domain.people import Presence
from warroom.domain.record import Noted, NoteKind, TheoryState, Verdict
from warroom.domain.record_events import Decided
from warroom.domain.roles import LEAD
from warroom.domain.room import Room
from warroom.domain.update_rules import Wording
from warroom.service.changes_since import since_then
from warroom.service.laddering import next_page
from warroom.service.viewing import severity_face
from warroom.views import CatchUpView, Fact, PageState
from warroom.views.catchup import STILL_HERE
from warroom.words import figure, mark, tr, trn

OBSERVED, DECISIONS = 3, 5
"""How many of the latest observations and decisions are worth telling."""
READ = 50
"""How many of the latest updates are read for what they say of the impact."""
BACK_FOR = timedelta(minutes=30)
"""For how long after somebody came back what they missed is told by itself."""


def catch_up(
    room: Room,
    book: Rulebook,
    entries: Sequence[Entry],
    now: datetime,
    duty: Duty = NOTHING_BESIDES,
    since: datetime | None = None,
    since_why: str = "",
) -> CatchUpView:
    """The state of the room at `now`; with `since` also what has changed from then on. `entries` are its record."""
    incident = room.incident
    changed, more = since_then(room, book, entries, since, now) if since is not None else ((), 0)
    return CatchUpView(
        key=incident.key,
        title=incident.title,
        severity=severity_face(incident.severity, book),
        status=incident.status.value,
        status_since=incident.status_since,
        live=incident.live,
        began=incident.started_at or incident.declared_at,
        read_at=now,
        impact=tuple(_impact(room, book, entries)),
        why=tuple(_why(room, book, entries)),
        roles=tuple(_roles(room, book)),
        known=tuple(_known(room, entries)),
        unknown=tuple(_unknown(room, book, entries)),
        tried=tuple(_tried(room)),
        running=tuple(_running(room)),
        decided=tuple(_decided(room, entries)),
        next=tuple(_next(room, book)),
        said=tuple(_said(room, entries)),
        here=tuple(_here(room, book, duty, now)),
        since=since,
        since_why=since_why,
        changed=changed,
        more=more,
    )


def last_here(known: Presence, now: datetime) -> tuple[datetime | None, str]:
    """From when on somebody does not know what has happened, and why from then; None for somebody who never was here,
    and for who has been here all along."""
    if known.left_at is not None:
        return known.left_at, mark("you left")
    if known.joined_at is None:
        return (known.seen_at, mark("you were last seen")) if known.seen_at is not None else (None, "")
    before = known.stretches[-2].end if len(known.stretches) > 1 else None
    if before is not None and now - known.joined_at <= BACK_FOR:
        return before, mark("you left")
    return (known.seen_at, STILL_HERE) if known.seen_at is not None else (None, "")


def _so(text: str, reason: str) -> str:
    """A sentence, and what became of it."""
    return f"{text.rstrip(' .')}: {reason}" if reason else text


# What is so ----------------------------------------------------------------------------------------------------------


def _impact(room: Room, book: Rulebook, entries: Sequence[Entry]) -> Iterator[Fact]:
    """What is felt of it: as it stands on the incident; where it does not, as the assessment and the latest update that
    speaks of it have it; and how many it reaches."""
    incident, facts = room.incident, room.incident.facts
    for text in dict.fromkeys((incident.impact, facts.description, incident.summary)):
        if text:
            yield Fact(text)
    if not (incident.impact or facts.description):
        yield from _told_impact(room, book, entries)
        yield from _assessed_impact(room, book)
    counted = (
        (facts.external, tr("{number:,} customers affected")),
        (facts.internal, tr("{number:,} colleagues affected")),
        (facts.cases, tr("{number:,} support cases")),
    )
    said = [what.format(number=figure(number)) for number, what in counted if number is not None]
    if said:
        yield Fact(", ".join(said))
    if facts.products:
        yield Fact(tr("affected: {products}").format(products=", ".join(facts.products)))


def _told_impact(room: Room, book: Rulebook, entries: Sequence[Entry]) -> Iterator[Fact]:
    """What the latest update that speaks of the impact says of it."""
    posts = [(entry.event, entry.actor) for entry in entries if isinstance(entry.event, UpdatePosted)]
    for event, actor in sorted(posts[-READ:], key=lambda each: each[0].posted_at, reverse=True):
        if said := impact_in(event.text, book.updates.items.get("impact", Wording())):
            yield Fact(said, room.incident.provider if event.source_id else actor, event.posted_at)
            return


def _assessed_impact(room: Room, book: Rulebook) -> Iterator[Fact]:
    """How many it hits by the rulebook's table, and the answers to its questions."""
    found = room.incident.assessment
    if found is None:
        return
    if found.impact:
        named = {word.casefold(): meaning for word, meaning in book.assessment.impact.items()}
        meaning = named.get(found.impact.casefold(), "")
        yield Fact(f"{found.impact}: {meaning}" if meaning else found.impact, found.by, found.at)
    for question, answer in found.answers:
        yield Fact(f"{question} {answer}", found.by, found.at)


def _felt(room: Room, book: Rulebook, entries: Sequence[Entry]) -> bool:
    """Whether somebody has said what customers feel; of the answers only one about customers says so."""
    incident, found = room.incident, room.incident.assessment
    if incident.impact or incident.facts.description:
        return True
    answered = found.answers if found is not None else ()
    return any("customer" in question.casefold() for question, _ in answered) or any(_told_impact(room, book, entries))


def _why(room: Room, book: Rulebook, entries: Iterable[Entry]) -> Iterator[Fact]:
    incident = room.incident
    spec = book.severities.get(incident.severity)
    title = f"{incident.severity}, {spec.title}" if spec is not None and spec.title else incident.severity
    moved = [entry for entry in entries if isinstance(entry.event, SeverityChanged)]
    if moved and isinstance(moved[-1].event, SeverityChanged):
        event = moved[-1].event
        yield Fact(
            tr("{title}; was {before}: {reason}").format(title=title, before=event.before, reason=kept(event.reason)),
            moved[-1].actor,
            moved[-1].at,
        )
    else:
        yield Fact(tr("{title}, as it was declared").format(title=title), incident.declared_by, incident.declared_at)
    found = incident.assessment
    if found is not None:
        words = [word for word in (found.impact, found.urgency) if word]
        answers = [f"{question} {answer}" for question, answer in found.answers]
        if words or answers:
            yield Fact(
                tr("assessed: {what}").format(what="; ".join([" × ".join(words), *answers]).strip("; ")),
                found.by,
                found.at,
            )


def _roles(room: Room, book: Rulebook) -> Iterator[Fact]:
    order = [*book.roles, *(name for name in room.roles.by_name if name not in book.roles)]
    held = [(name, room.roles.get(name)) for name in order if name in room.roles.by_name]
    for name, state in held:
        title = book.role(name).title
        if state.holder:
            more = tr(" (with {people})").format(people=", ".join(state.people[1:])) if len(state.people) > 1 else ""
            offered = tr(", offered to {to}").format(to=state.offer.to) if state.offer else ""
            yield Fact(f"{title}: {state.holder}{more}{offered}", at=state.since)
        elif state.required:
            yield Fact(tr("{title}: nobody").format(title=title), due=state.due, mark="vacant")
    alone = room.incident.live and not room.incident.watched
    if not room.roles.holder(LEAD) and not room.roles.get(LEAD).required and alone:
        yield Fact(tr("{title}: nobody").format(title=book.role(LEAD).title), mark="vacant")


def _known(room: Room, entries: Sequence[Entry]) -> Iterator[Fact]:
    record, facts = room.record, room.incident.facts
    for theory in record.theories:
        if theory.state is TheoryState.CONFIRMED:
            yield Fact(_so(theory.text, theory.reason), theory.by, theory.settled_at, mark="yes")
    if facts.deploy:
        yield Fact(tr("it began with {deploy}").format(deploy=facts.deploy))
    seen = [
        entry for entry in entries if isinstance(entry.event, Noted) and entry.event.note_kind is NoteKind.OBSERVATION
    ]
    for entry in reversed(seen[-OBSERVED:]):
        assert isinstance(entry.event, Noted)
        yield Fact(entry.event.text, entry.actor, entry.at)
    for theory in record.theories:
        if theory.state is TheoryState.REFUTED:
            yield Fact(
                tr("not so: {so}").format(so=_so(theory.text, theory.reason)), theory.by, theory.settled_at, mark="no"
            )


def _unknown(room: Room, book: Rulebook, entries: Sequence[Entry]) -> Iterator[Fact]:
    """What nobody knows, said out loud; of an incident that is over only what a review would ask."""
    incident, facts, record = room.incident, room.incident.facts, room.record
    confirmed = any(theory.state is TheoryState.CONFIRMED for theory in record.theories)
    if not confirmed:
        guesses = len(record.open_theories)
        none = tr("every theory so far was refuted") if record.theories else tr("nobody has a theory")
        open_ones = trn("one theory is open", "{count} theories are open", guesses).format(count=guesses)
        told = open_ones if guesses else none
        yield Fact(tr("the cause: {told}").format(told=told), mark="open")
    for theory in record.open_theories:
        testing = sum(each.verdict is Verdict.RUNNING for each in theory.experiments)
        tests = (
            tr(" ({testing} being tested)").format(testing=testing)
            if testing > 1
            else tr(" (being tested)")
            if testing
            else tr(" (not tested)")
        )
        yield Fact(tr("whether {text}{tests}").format(text=theory.text, tests=tests), theory.by, theory.at, mark="open")
    if incident.live and incident.status is not Status.MITIGATING:
        yield Fact(tr("when it will be over"), mark="open")
    missing = (
        (incident.started_at is None, tr("when the impact began")),
        (not _felt(room, book, entries), tr("what customers feel")),
        (facts.external is None and facts.cases is None, tr("how many customers it reaches")),
        (not incident.service, tr("which service is at fault")),
    )
    lacking = [what for lacks, what in missing if lacks]
    if lacking and not incident.watched:
        yield Fact("; ".join(lacking), mark="open")


def _tried(room: Room) -> Iterator[Fact]:
    record = room.record
    done: list[Fact] = []
    for change in record.changes:
        undone = tr("undone") if change.undone_at else tr("in effect")
        done.append(Fact(f"{change.text} ({undone})", change.by, change.at, mark="no" if change.undone_at else "yes"))
    marks = {Verdict.CONFIRMS: "yes", Verdict.REFUTES: "no"}
    done.extend(
        Fact(_so(test.text, test.result), test.by, test.at, mark=marks.get(test.verdict, "open"))
        for theory in record.theories
        for test in theory.experiments
        if test.verdict is not Verdict.RUNNING
    )
    yield from sorted(done, key=lambda fact: fact.at or room.incident.declared_at, reverse=True)


def _running(room: Room) -> Iterator[Fact]:
    for theory, test in room.record.running:
        yield Fact(
            tr("testing: {text} (theory #{id})").format(text=test.text, id=theory.id), test.by, test.at, mark="running"
        )
    yield from _written(room)
    tasks = sorted(room.record.open_tasks, key=lambda task: (task.due is None, task.due or task.at, task.id))
    for task in tasks:
        owner = task.owner or tr("nobody has taken it")
        yield Fact(f"#{task.id} {task.text}", owner, task.at, task.due, mark="running" if task.owner else "vacant")


_WAITS = {
    Standing.REVIEW: mark("waits for a review"),
    Standing.APPROVED: mark("is approved and not sent"),
    Standing.SCHEDULED: mark("goes out"),
    Standing.HELD: mark("is held back"),
}


def _written(room: Room) -> Iterator[Fact]:
    """Updates that are written and not out yet."""
    for each in room.comms.proposals:
        by_whom = (
            tr(" by {reviewer}").format(reviewer=each.reviewer or tr("anybody"))
            if each.standing is Standing.REVIEW
            else ""
        )
        due = each.lapses_at if each.standing is Standing.REVIEW else each.send_at
        what = tr("update #{id} for {channels} {waits}{by_whom}").format(
            id=each.id, channels=", ".join(each.channels), waits=tr(_WAITS[each.standing]), by_whom=by_whom
        )
        yield Fact(what, each.author, each.at, due, mark="running")


def _decided(room: Room, entries: Iterable[Entry]) -> Iterator[Fact]:
    for asked in sorted(room.record.pending, key=lambda p: (p.due is None, p.due or p.at, p.id)):
        whom = asked.whom or room.roles.holder(LEAD) or tr("incident manager")
        yield Fact(tr("to be decided: {text}").format(text=asked.text), whom, asked.at, asked.due, mark="open")
    taken = [
        entry
        for entry in entries
        if (isinstance(entry.event, Noted) and entry.event.note_kind is NoteKind.DECISION)
        or (isinstance(entry.event, Decided) and not entry.event.dropped)
    ]
    for entry in reversed(taken[-DECISIONS:]):
        assert isinstance(entry.event, Noted | Decided)
        yield Fact(entry.event.text, entry.actor, entry.at, mark="yes")


def _next(room: Room, book: Rulebook) -> Iterator[Fact]:
    """What falls due next, the earliest first."""
    found: list[Fact] = []
    if room.incident.watched:
        return
    page = next_page(room, book.policies.get(room.escalation.policy))
    again = tr(" again") if page.label == f"L{room.escalation.level}" else ""
    whom = tr("the last resort") if page.ends else page.label
    words = {
        PageState.DUE: tr("{whom} is paged{again}").format(whom=whom, again=again),
        PageState.ACKED: tr("{whom} is paged{again} although acknowledged").format(whom=whom, again=again),
        PageState.WAITING: tr("{label} is paged, when paging hours begin").format(label=page.label),
        PageState.ASKING: tr("{label} waits for a yes").format(label=page.label),
        PageState.SNOOZED: tr("the escalation wakes: {reason}").format(reason=page.reason),
        PageState.HELD: tr("paging is held back until then"),
    }
    if page.at is not None and page.state in words:
        found.append(Fact(words[page.state], due=page.at))
    for channel, stream in room.comms.streams.items():
        if stream.due is not None:
            promise = tr(" (promised)") if stream.promised else ""
            found.append(
                Fact(
                    tr("{audience} update on {channel}{promise}").format(
                        audience=tr(stream.audience), channel=channel, promise=promise
                    ),
                    due=stream.due,
                )
            )
    for name, state in room.roles.by_name.items():
        title = book.role(name).title
        if state.due is not None and not state.holder:
            found.append(Fact(tr("{title} has to be filled").format(title=title), due=state.due))
        if state.offer is not None:
            found.append(
                Fact(
                    tr("{to} takes {title}, or the offer lapses").format(to=state.offer.to, title=title),
                    due=state.offer.lapses_at,
                )
            )
    record = room.record
    found += [
        Fact(tr("task #{id} {text}").format(id=t.id, text=t.text), t.owner or tr("nobody"), due=t.due)
        for t in record.open_tasks
        if t.due
    ]
    found += [Fact(tr("decision: {text}").format(text=p.text), p.whom, due=p.due) for p in record.pending if p.due]
    if room.escalation.phase is Phase.EXHAUSTED:
        yield Fact(tr("NOBODY IS LEFT TO PAGE: the escalation is exhausted"), mark="vacant")
    yield from sorted(found, key=lambda fact: fact.due or room.incident.declared_at)


def _said(room: Room, entries: Iterable[Entry]) -> Iterator[Fact]:
    """The last word on each channel, to the outside first; and those channels that have heard nothing."""
    last: dict[str, tuple[datetime, str, str]] = {}
    audience: dict[str, str] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, UpdatePosted) and (event.channel not in last or last[event.channel][0] <= event.posted_at):
            by = room.incident.provider if event.source_id else entry.actor
            last[event.channel] = (event.posted_at, by, event.text)
            audience[event.channel] = event.audience.value
    for channel, stream in room.comms.streams.items():
        audience.setdefault(channel, stream.audience.value)
    for channel in sorted(audience, key=lambda name: (audience[name] != "external", name)):
        found = room.comms.streams.get(channel)
        due = found.due if found is not None else None
        if channel in last:
            at, by, text = last[channel]
            yield Fact(f"{channel}: {text}", by, at, due)
        elif due is not None:
            yield Fact(tr("{channel}: nothing yet").format(channel=channel), due=due, mark="open")


def _here(room: Room, book: Rulebook, duty: Duty, now: datetime) -> Iterator[Fact]:
    titles: dict[str, list[str]] = {}
    for name, state in room.roles.by_name.items():
        for person in state.people:
            titles.setdefault(person, []).append(book.role(name).title)
    inside = room.people.here()
    for person in dict.fromkeys((*(who for who in inside if who in titles), *inside)):
        role = f" ({', '.join(titles[person])})" if person in titles else ""
        away = tr(", absent by the rota") if duty.absent(person, now) is not None else ""
        yield Fact(f"{person}{role}{away}", at=room.people.get(person).joined_at)
