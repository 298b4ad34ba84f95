"""What has changed in an incident since a moment, in the order of its weight (R11): sums, and no log.

Whoever comes back wants to know how things stand now against when they left: a severity that went up and down again
has not changed, and ten updates are one line with the last of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from warroom.domain.book import Rulebook
from warroom.domain.comms import UpdateMissed, UpdatePosted
from warroom.domain.core import ENGINE, Entry, Event
from warroom.domain.escalation import Acknowledged, EscalationExhausted, LevelPaged, LevelSkipped
from warroom.domain.incident import Absorbed, Amended, Merged, SeverityChanged, StatusChanged
from warroom.domain.kept_words import kept
from warroom.domain.people import PersonJoined, PersonLeft
from warroom.domain.record import Noted, NoteKind, short
from warroom.domain.record_events import (
    ChangeMade,
    ChangeUndone,
    Decided,
    DecisionAsked,
    EvidenceAdded,
    ExperimentAdded,
    Reminded,
    ResultAdded,
    TaskAdded,
    TaskEnded,
    TheoryAdded,
    TheorySettled,
)
from warroom.domain.roles import RoleAssigned, RoleVacated
from warroom.domain.room import Room
from warroom.domain.status_words import status_word
from warroom.views import Fact
from warroom.words import tr, trn

MOST = 24
"""How many lines are told at most; how many there are besides is said."""
LISTED = 3
"""How many of one sort are told each by itself, the latest; those before are counted."""


def since_then(
    room: Room, book: Rulebook, entries: Sequence[Entry], since: datetime, now: datetime
) -> tuple[tuple[Fact, ...], int]:
    """What is different at `now` from what was at `since`, the weightiest first; and how many lines were left out.
    `entries` are the whole record, oldest first."""
    new = [entry for entry in entries if since < entry.at <= now]
    facts = [
        *_moved(room, new),
        *_alarms(new),
        *_settled(new),
        *_decisions(new),
        *_changes(new),
        *_roles(room, book, new),
        *_words(new),
        *_paged(new),
        *_work(new),
        *_facts(new),
        *_notes(new),
        *_people(room, new),
    ]
    return tuple(facts[:MOST]), max(0, len(facts) - MOST)


def _of(entries: Iterable[Entry], *kinds: type[Event]) -> list[Entry]:
    return [entry for entry in entries if isinstance(entry.event, kinds)]


def _moved(room: Room, new: Sequence[Entry]) -> Iterator[Fact]:
    """Severity and status, first against last."""
    severities = [(e, e.event) for e in new if isinstance(e.event, SeverityChanged)]
    if severities and severities[0][1].before != room.incident.severity:
        last, event = severities[-1]
        text = tr("severity {before} → {severity}: {reason}").format(
            before=severities[0][1].before, severity=room.incident.severity, reason=kept(event.reason)
        )
        yield Fact(text, last.actor, last.at)
    moves = [(e, e.event) for e in new if isinstance(e.event, StatusChanged)]
    if moves and moves[0][1].before is not room.incident.status:
        entry, move = moves[-1]
        reason = f": {kept(move.reason)}" if move.reason else ""
        yield Fact(
            tr("status {before} → {status}{reason}").format(
                before=status_word(moves[0][1].before), status=status_word(room.incident.status), reason=reason
            ),
            entry.actor,
            entry.at,
        )
    for entry in _of(new, Merged, Absorbed):
        event_ = entry.event
        if isinstance(event_, Merged):
            yield Fact(tr("merged into {into}").format(into=event_.into), entry.actor, entry.at)
        elif isinstance(event_, Absorbed):
            yield Fact(
                tr("{key} {title} turned out to be this one").format(key=event_.key, title=event_.title),
                entry.actor,
                entry.at,
            )


def _alarms(new: Sequence[Entry]) -> Iterator[Fact]:
    for entry in _of(new, EscalationExhausted)[-1:]:
        yield Fact(tr("the escalation was exhausted: nobody was left to page"), at=entry.at, mark="vacant")
    late = Counter(entry.event.channel for entry in new if isinstance(entry.event, UpdateMissed))
    for channel, count in late.items():
        times = tr(", reminded {count} times").format(count=count) if count > 1 else ""
        yield Fact(tr("update on {channel} was overdue{times}").format(channel=channel, times=times), mark="vacant")
    overdue: dict[tuple[str, int], Reminded] = {}
    for entry in new:
        if isinstance(entry.event, Reminded):
            overdue[entry.event.what, entry.event.item] = entry.event
    for event in overdue.values():
        yield Fact(
            tr("{what} #{item} was overdue: {about}").format(what=tr(event.what), item=event.item, about=event.about),
            event.owner,
            mark="vacant",
        )


def _settled(new: Sequence[Entry]) -> Iterator[Fact]:
    """Of each theory how it stands now."""
    last: dict[int, tuple[Entry, str, str, str]] = {}
    for entry in new:
        event = entry.event
        if isinstance(event, TheorySettled):
            last[event.theory] = entry, event.to.value, event.about, event.reason
        elif isinstance(event, ResultAdded) and event.verdict in ("confirms", "refutes"):
            word = {"confirms": "confirmed", "refutes": "refuted"}[event.verdict.value]
            last[event.theory] = entry, word, event.about, event.text
    order = {"confirmed": 0, "refuted": 1}
    for entry, word, about, reason in sorted(last.values(), key=lambda each: (order.get(each[1], 2), each[0].at)):
        told = tr("open again") if word == "open" else tr(word)
        why = f": {reason}" if reason else ""
        mark = {"confirmed": "yes", "refuted": "no"}.get(word, "open")
        yield Fact(
            tr("theory {told}: {about}{why}").format(told=told, about=about.rstrip(" .") if why else about, why=why),
            entry.actor,
            entry.at,
            mark=mark,
        )


def _decisions(new: Sequence[Entry]) -> Iterator[Fact]:
    taken: list[Fact] = []
    for entry in new:
        event = entry.event
        if isinstance(event, Noted) and event.note_kind is NoteKind.DECISION:
            taken.append(Fact(tr("decided: {text}").format(text=event.text), entry.actor, entry.at, mark="yes"))
        elif isinstance(event, Decided):
            what = tr("not needed any more: {about}").format(about=event.about) if event.dropped else event.text
            taken.append(Fact(tr("decided: {what}").format(what=what), entry.actor, entry.at, mark="yes"))
    yield from _latest(taken, tr("decisions"))
    answered = {e.event.asked for e in new if isinstance(e.event, Decided)}
    asked = [e for e in new if isinstance(e.event, DecisionAsked)]
    if asked and len(asked) > len(answered):
        entry = asked[-1]
        assert isinstance(entry.event, DecisionAsked)
        yield Fact(
            tr("to be decided: {text}").format(text=entry.event.text),
            entry.event.whom,
            entry.at,
            entry.event.due,
            mark="open",
        )


def _latest(facts: Sequence[Fact], what: str) -> Iterator[Fact]:
    """The latest of many, newest first; those before them are one line."""
    yield from reversed(facts[-LISTED:])
    if len(facts) > LISTED:
        yield Fact(tr("and {count} more {what} before").format(count=len(facts) - LISTED, what=what))


def _changes(new: Sequence[Entry]) -> Iterator[Fact]:
    made: list[Fact] = []
    undone = {entry.event.about for entry in new if isinstance(entry.event, ChangeUndone)}
    for entry in new:
        event = entry.event
        if isinstance(event, ChangeMade) and short(event.text) not in undone:
            made.append(
                Fact(
                    tr("changed: {text}").format(text=event.text),
                    entry.actor,
                    event.happened_at or entry.at,
                    mark="yes",
                )
            )
        elif isinstance(event, ChangeUndone):
            made.append(Fact(tr("undone: {about}").format(about=event.about), entry.actor, entry.at, mark="no"))
    yield from _latest(made, tr("changes"))


def _roles(room: Room, book: Rulebook, new: Sequence[Entry]) -> Iterator[Fact]:
    """Who holds a role now whom somebody else held, or nobody."""
    before: dict[str, str] = {}
    last: dict[str, Entry] = {}
    for entry in new:
        event = entry.event
        if isinstance(event, RoleAssigned | RoleVacated):
            before.setdefault(event.role, event.before)
            last[event.role] = entry
    for role in sorted(
        before, key=lambda name: list(book.roles).index(name) if name in book.roles else len(book.roles)
    ):
        now = room.roles.holder(role)
        if now != before[role]:
            was = tr(" (was {before})").format(before=before[role]) if before[role] else ""
            mark = "" if now else "vacant"
            yield Fact(f"{book.role(role).title}: {now or tr('nobody')}{was}", at=last[role].at, mark=mark)


def _words(new: Sequence[Entry]) -> Iterator[Fact]:
    """What was said, by channel, to the outside first: how often, and the last of it."""
    told: dict[tuple[bool, str], list[Entry]] = {}
    for entry in new:
        if isinstance(entry.event, UpdatePosted):
            told.setdefault((entry.event.audience != "external", entry.event.channel), []).append(entry)
    for (_, channel), entries in sorted(told.items(), key=lambda each: each[0]):
        event = entries[-1].event
        assert isinstance(event, UpdatePosted)
        often = tr(" ({count} updates)").format(count=len(entries)) if len(entries) > 1 else ""
        yield Fact(
            tr("{channel} was told{often}: {text}").format(channel=channel, often=often, text=event.text),
            entries[-1].actor,
            event.posted_at,
        )


def _paged(new: Sequence[Entry]) -> Iterator[Fact]:
    paged = [entry for entry in new if isinstance(entry.event, LevelPaged)]
    if paged:
        levels = list(dict.fromkeys(f"L{e.event.level}" for e in paged if isinstance(e.event, LevelPaged)))
        yield Fact(tr("paged: {levels}").format(levels=", ".join(levels)), at=paged[-1].at)
    for entry in _of(new, LevelSkipped)[-1:]:
        yield Fact(tr("a level was passed over: nobody of it was reached"), at=entry.at, mark="vacant")
    for entry in [e for e in new if isinstance(e.event, Acknowledged)][-1:]:
        assert isinstance(entry.event, Acknowledged)
        yield Fact(tr("acknowledged by {by}").format(by=entry.event.by), at=entry.at, mark="yes")


def _work(new: Sequence[Entry]) -> Iterator[Fact]:
    settled = {entry.event.theory for entry in new if isinstance(entry.event, TheorySettled | ResultAdded)}
    ideas = []
    known = {entry.event.about for entry in new if isinstance(entry.event, TheorySettled | ResultAdded)}
    for entry in new:
        if isinstance(entry.event, TheoryAdded) and short(entry.event.text) not in known:
            ideas.append(
                Fact(tr("new theory: {text}").format(text=entry.event.text), entry.actor, entry.at, mark="open")
            )
        elif isinstance(entry.event, ExperimentAdded) and entry.event.theory not in settled:
            ideas.append(
                Fact(tr("being tested: {text}").format(text=entry.event.text), entry.actor, entry.at, mark="running")
            )
        elif isinstance(entry.event, ResultAdded) and entry.event.verdict == "open":
            ideas.append(
                Fact(
                    tr("no answer from a test: {text}").format(text=entry.event.text),
                    entry.actor,
                    entry.at,
                    mark="open",
                )
            )
    yield from _latest(ideas, tr("theories and tests"))
    done = [entry for entry in new if isinstance(entry.event, TaskEnded) and not entry.event.dropped]
    ended = {entry.event.about for entry in new if isinstance(entry.event, TaskEnded)}
    added = [e for e in new if isinstance(e.event, TaskAdded) and short(e.event.text) not in ended]
    if done:
        texts = [entry.event.about for entry in done if isinstance(entry.event, TaskEnded)]
        yield Fact(
            trn("1 task done: {texts}", "{count} tasks done: {texts}", len(done)).format(
                count=len(done), texts="; ".join(texts[-LISTED:])
            ),
            at=done[-1].at,
            mark="yes",
        )
    if added:
        texts = [entry.event.text for entry in added if isinstance(entry.event, TaskAdded)]
        told = trn("1 new task: {texts}", "{count} new tasks: {texts}", len(added))
        yield Fact(told.format(count=len(added), texts="; ".join(texts[-LISTED:])), at=added[-1].at)


def _facts(new: Sequence[Entry]) -> Iterator[Fact]:
    put_right = [entry for entry in new if isinstance(entry.event, Amended)]
    if put_right:
        yield Fact(tr("what is known of the incident was put right"), put_right[-1].actor, put_right[-1].at)
    seen = _of(new, EvidenceAdded)
    if seen:
        event = seen[-1].event
        assert isinstance(event, EvidenceAdded)
        yield Fact(
            trn("1 piece of evidence: {where} {text}", "{count} pieces of evidence: {where} {text}", len(seen))
            .format(count=len(seen), where=event.where, text=event.text)
            .strip(),
            seen[-1].actor,
            seen[-1].at,
        )


def _notes(new: Sequence[Entry]) -> Iterator[Fact]:
    plain = [e for e in new if isinstance(e.event, Noted) and e.event.note_kind is not NoteKind.DECISION]
    for kind in (NoteKind.OBSERVATION, NoteKind.NOTE):
        own = [e for e in plain if isinstance(e.event, Noted) and e.event.note_kind is kind]
        if own and isinstance(own[-1].event, Noted):
            said = (
                trn("observation: {text}", "{count} observations, the last: {text}", len(own))
                if kind is NoteKind.OBSERVATION
                else trn("note: {text}", "{count} notes, the last: {text}", len(own))
            )
            text = said.format(count=len(own), text=own[-1].event.text)
            yield Fact(text, own[-1].actor, own[-1].at)


def _people(room: Room, new: Sequence[Entry]) -> Iterator[Fact]:
    """Who is here now who was not, and who is gone; somebody who came and went again is neither."""
    first: dict[str, bool] = {}
    for entry in new:
        if isinstance(entry.event, PersonJoined | PersonLeft) and entry.actor != ENGINE:
            first.setdefault(entry.event.person, isinstance(entry.event, PersonJoined))
    came = [who for who, joined in first.items() if joined and room.people.get(who).here]
    gone = [who for who, joined in first.items() if not joined and not room.people.get(who).here]
    if came:
        yield Fact(tr("came in: {came}").format(came=", ".join(came)))
    if gone:
        yield Fact(tr("left: {gone}").format(gone=", ".join(gone)))
