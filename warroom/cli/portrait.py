"""Incidents and their record as plain text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from warroom.cli.output import Cell, paint, table
from warroom.cli.reviewing import standing
from warroom.domain.room import Room
from warroom.domain.status_words import kind_word, status_word
from warroom.domain.text import cell_width, clean_block, clean_line, cut, fit, wrap
from warroom.tui.clockface import (
    NOTHING,
    Face,
    age,
    countdown,
    lead_face,
    length,
    page_face,
    seconds_clock,
    update_face,
    urgency,
    when,
)
from warroom.tui.pieces import Role, severity_role
from warroom.tui.sieve.columns import head_of
from warroom.views import IncidentDetail, IncidentLine, LevelLine, LevelState, RecordLine, SeverityFace
from warroom.words import figure, tr, trn

LEAST = 20
"""The text of a record line is never wrapped to fewer cells than this."""

LONGEST = 2_000
"""What is said of an incident besides is cut after so many characters."""

_ALARMING = {"failed", "given up", "unknown"}


def incident_heads(columns: Sequence[str] = ()) -> tuple[str, ...]:
    """What stands above the list of incidents: above the usual columns, or those that are named."""
    if columns:
        return tuple(map(head_of, columns))
    return (tr("KEY"), tr("SEV"), tr("STATUS"), tr("LEAD"), tr("NEXT PAGE"), tr("UPDATE DUE"), tr("TITLE"))


def incident_cells(line: IncidentLine, now: datetime, columns: Sequence[str] = ()) -> list[Cell]:
    """What stands in these columns."""
    if columns:
        from warroom.cli.sieving import cell

        return [cell(name, line, now) for name in columns]
    return [
        Cell(line.key, Role.STRONG),
        _severity(line.severity),
        Cell(status_word(line.status)),
        _face(lead_face(line, now)),
        _face(page_face(line.page, now)),
        _face(update_face(line.update, now)),
        Cell(f"! {line.alarm}: {line.title}" if line.alarm else line.title),
    ]


def _severity(face: SeverityFace) -> Cell:
    return Cell(f"{face.glyph} {face.name}".strip(), severity_role(face))


def _face(face: Face) -> Cell:
    return Cell(face.text, face.role)


def describe_incident(room: Room, detail: IncidentDetail, now: datetime, wide: int | None) -> Iterator[str]:
    """One incident on one page."""
    line = detail.line
    severity = _severity(line.severity)
    head = f"{severity.text}  {line.key}  {clean_line(line.title)}"
    yield paint(head if wide is None else cut(head, wide), severity.role)
    if line.alarm:
        yield paint(f"! {clean_line(line.alarm)}", Role.ALARM)
    status = tr("{status} since {time}").format(
        status=status_word(line.status), time=when(room.incident.status_since, now)
    )
    yield _joined([status, *detail.facts, *_about(room)], wide)
    yield _joined(list(_times(room, now)), wide)
    if not line.watched:
        yield from _unknown(detail, wide)
    for said in _beside(room, now):
        yield paint(said if wide is None else "\n".join(wrap(said, wide)), Role.SOON)
    if detail.summary:
        yield ""
        yield from _wrapped(detail.summary, wide)
    if room.incident.facts.description:
        yield ""
        yield from _wrapped(tr("Customers see: {text}").format(text=room.incident.facts.description), wide)
    yield from _section(tr("Links"), _links(detail, wide))
    yield from _section(tr("Roles"), _roles(detail, now, wide))
    yield from _section(tr("Escalation"), _ladder(detail, now, wide))
    yield from _section(tr("Updates"), _channels(room, detail, now, wide))
    yield from _section(tr("Not out yet"), _waiting(detail, now, wide))
    yield from _section(tr("Record"), record_lines(detail.record, wide, indent=2))
    trouble = [m for m in detail.outbox if m.state in _ALARMING]
    rows = [
        [
            Cell(m.to),
            Cell(m.via),
            Cell(tr(m.state), Role.LATE),
            Cell(trn("{count} try", "{count} tries", m.tries).format(count=m.tries)),
        ]
        for m in trouble
    ]
    yield from _section(tr("Messages in trouble"), table(("",) * 4, rows, wide=wide, indent=2))


def _waiting(detail: IncidentDetail, now: datetime, wide: int | None) -> list[str]:
    """Updates that wait for somebody or for their time, and those that somebody is writing."""
    rows = [
        [Cell(f"#{p.id}"), Cell(", ".join(p.channels)), Cell(p.author), Cell(standing(p, now)), Cell(p.text)]
        for p in detail.proposals
    ]
    rows += [
        [
            Cell(tr("draft")),
            Cell(", ".join(d.channels)),
            Cell(d.author),
            Cell(tr("since {time}").format(time=when(d.started_at, now))),
            Cell(d.text),
        ]
        for d in detail.drafts
    ]
    return table(("",) * 5, rows, wide=wide, indent=2)


def _about(room: Room) -> Iterator[str]:
    i = room.incident
    told = (
        (tr("priority {value}"), i.priority),
        (tr("team {value}"), i.owner),
        (tr("environment {value}"), i.environment),
        (tr("region {value}"), i.region),
        (tr("tier {value}"), i.tier),
        (tr("impact {value}"), i.impact),
        (tr("products {value}"), ", ".join(i.facts.products)),
        (tr("category {value}"), i.facts.category),
        (tr("type {value}"), i.facts.type),
        (tr("cluster {value}"), i.facts.cluster),
        (tr("deploy {value}"), i.facts.deploy),
        (tr("customers {value}"), _count(i.facts.external)),
        (tr("colleagues {value}"), _count(i.facts.internal)),
        (tr("support cases {value}"), _count(i.facts.cases)),
        (tr("reported by {value}"), i.reporter),
        (tr("source {value}"), i.source),
        (tr("found by {value}"), i.detection),
    )
    yield from (what.format(value=value) for what, value in told if value)


def _count(number: int | None) -> str:
    return "" if number is None else f"{figure(number):,}"


def _unknown(detail: IncidentDetail, wide: int | None) -> Iterator[str]:
    """What nobody has said, the times among it; and which times cannot be true."""
    facts = detail.facts_of
    if facts is None:
        return
    lacking = [tr(each.label) for each in facts.facts if not each.value] + [
        tr(t.label) for t in facts.times[:2] if t.at is None
    ]
    if lacking:
        words = clean_line(tr("unknown: {facts}").format(facts=", ".join(lacking)), LONGEST)
        yield paint(words if wide is None else "\n".join(wrap(words, wide)), Role.MUTED)
    for warning in facts.warnings:
        yield paint(f"! {clean_line(warning)}", Role.SOON)


def _links(detail: IncidentDetail, wide: int | None) -> list[str]:
    rows = [
        [
            Cell(tr(line.kind), Role.MUTED),
            Cell(line.to),
            Cell(line.title),
            Cell(tr(line.state), Role.SOON if line.open else Role.TEXT),
        ]
        for line in detail.links
    ]
    return table(("",) * 4, rows, wide=wide, indent=2)


def _beside(room: Room, now: datetime) -> Iterator[str]:
    """What is done with it instead of paging people, and which others belong to it."""
    i = room.incident
    if i.held and i.live:
        end = tr("until somebody lifts that")
        if i.hold is not None:
            end = (
                tr("looked at again {time}").format(time=when(i.hold.due, now))
                if i.hold.key
                else tr("until {time}").format(time=when(i.hold.due, now))
            )
        yield clean_line(tr("nobody is paged: {why}; {end}").format(why=i.held, end=end), LONGEST)
    if i.merged_into:
        yield tr("a duplicate of {key}, where it is worked on").format(key=clean_line(i.merged_into))
    if i.absorbed:
        yield clean_line(tr("duplicates of it: {keys}").format(keys=", ".join(i.absorbed)), LONGEST)


def _times(room: Room, now: datetime) -> Iterator[str]:
    i = room.incident
    yield (
        tr("impact started {time}").format(time=when(i.started_at, now))
        if i.started_at
        else tr("start of the impact unknown")
    )
    if i.facts.detected_at is not None:
        yield tr("detected {time}").format(time=when(i.facts.detected_at, now))
    yield tr("declared {time} by {person}").format(time=when(i.declared_at, now), person=clean_line(i.declared_by))
    for what, at in (
        (tr("acknowledged {time}"), i.acknowledged_at),
        (tr("mitigated {time}"), i.mitigated_at),
    ):
        if at is not None:
            yield what.format(time=when(at, now))
    if i.resolved_at is not None:
        yield tr("resolved {time}").format(time=when(i.resolved_at, now))
    if i.closed_at is not None and i.closed_at != i.resolved_at:
        yield tr("closed {time}").format(time=when(i.closed_at, now))
    yield tr("times are UTC")


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield ""
        yield paint(title, Role.STRONG)
        yield from lines


def _roles(detail: IncidentDetail, now: datetime, wide: int | None) -> list[str]:
    rows = []
    for role in detail.roles:
        due = Cell("")
        if role.holder and role.since is not None:
            due = Cell(tr("since {time}").format(time=when(role.since, now)), Role.MUTED)
        elif role.due is not None:
            due = Cell(tr("vacant: {time}").format(time=countdown(role.due, now)), urgency(role.due, now))
        offer = tr("offered to {person}").format(person=role.offered_to) if role.offered_to else ""
        rows.append([Cell(role.title), Cell(role.holder or NOTHING), due, Cell(offer)])
    return table(("",) * 4, rows, wide=wide, indent=2)


def _ladder(detail: IncidentDetail, now: datetime, wide: int | None) -> Iterator[str]:
    ladder = detail.ladder
    if not ladder.policy:
        return
    said = (
        tr("policy {policy}, cycle {cycle} of {cycles}; next: {next}")
        if ladder.cycles > 1
        else tr("policy {policy}; next: {next}")
    )
    yield "  " + said.format(
        policy=clean_line(ladder.policy),
        cycle=ladder.cycle,
        cycles=ladder.cycles,
        next=page_face(ladder.next, now).text,
    )
    rows = []
    for level in ladder.levels:
        rows.append([Cell(f"L{level.number}"), Cell(level.label), _level(level, now)])
        rows.append([Cell(""), Cell(""), Cell(_to(level), Role.MUTED)])
    yield from table(("",) * 3, rows, wide=wide, indent=2)
    if ladder.then:
        ahead = ladder.then_at is not None and ladder.then_at > now
        after = tr("after the last level: {whom} in {time}") if ahead else tr("after the last level: {whom}")
        time = countdown(ladder.then_at, now) if ladder.then_at is not None else ""
        yield "  " + after.format(whom=clean_line(ladder.then), time=time)


def _to(level: LevelLine) -> str:
    whom = " ".join(level.targets)
    return tr("{whom} by {via}").format(whom=whom, via=" ".join(level.via)) if level.via else whom


def _level(level: LevelLine, now: datetime) -> Cell:
    words = []
    if level.paged_at is not None and level.state is LevelState.EMPTY:
        words.append(tr("passed over {time}: {why}").format(time=when(level.paged_at, now), why=level.note))
    elif level.paged_at is not None:
        paged = tr("paged {time}, repeated {count} of {most}") if level.repeat else tr("paged {time}")
        words.append(paged.format(time=when(level.paged_at, now), count=level.repeat, most=level.repeats))
    if level.acked_by and level.acked_at is not None:
        words.append(
            tr("acknowledged {time} by {person}").format(time=when(level.acked_at, now), person=level.acked_by)
        )
    if level.due is not None:
        words.append(tr("due {time}").format(time=countdown(level.due, now)))
    return Cell("; ".join(words), Role.STRONG if level.state is LevelState.CURRENT else Role.TEXT)


def _channels(room: Room, detail: IncidentDetail, now: datetime, wide: int | None) -> Iterator[str]:
    rows = []
    for name, stream in room.comms.streams.items():
        due = Cell(tr("nothing due"), Role.MUTED)
        if stream.due is not None:
            wanted = tr("due {time} (promised)") if stream.promised else tr("due {time}")
            due = Cell(wanted.format(time=countdown(stream.due, now)), urgency(stream.due, now))
        said = (
            tr("{count} posted, last {time}").format(count=stream.count, time=when(stream.last_at, now))
            if stream.last_at
            else tr("nothing posted yet")
        )
        if room.incident.live and stream.ended_at is None:
            silent = age(stream.last_at or room.incident.declared_at, now)
            said = tr("{posted}, silent for {time}").format(posted=said, time=silent)
        rows.append([Cell(name), Cell(tr(stream.audience.value)), due, Cell(said)])
    yield from table(("",) * 4, rows, wide=wide, indent=2)
    longest = detail.timeline.largest
    if longest is not None:
        yield "  " + tr("longest silence {time} on {channel}").format(
            time=length(longest.length), channel=clean_line(detail.timeline.largest_channel)
        )


def record_lines(lines: Iterable[RecordLine], wide: int | None, *, indent: int = 0) -> Iterator[str]:
    """The record: a line for each day, then time, who, what; texts of several lines stand under each other."""
    lines = list(lines)
    actor_width = min(20, max((cell_width(clean_line(line.actor)) for line in lines), default=0))
    kind_width = max((cell_width(clean_line(kind_word(line.kind))) for line in lines), default=0)
    before, day = " " * indent, ""
    for line in lines:
        at = line.at.astimezone(UTC)
        if day != (day := f"{at:%Y-%m-%d}"):
            yield before + paint(day, Role.MUTED)
        actor, kind = fit(clean_line(line.actor), actor_width), fit(clean_line(kind_word(line.kind)), kind_width)
        head = f"{seconds_clock(at)}  {actor}  {kind}  "
        room = None if wide is None else max(LEAST, wide - indent - cell_width(head))
        text: str = clean_block(line.text)
        if line.late is not None and line.late.total_seconds() >= 1:
            text = tr("{text} (late by {time})").format(text=text, time=length(line.late))
        first, *rest = (text.split("\n") if room is None else wrap(text, room)) or [""]
        yield (before + paint(head, Role.MUTED) + first).rstrip()
        for more in rest:
            yield (before + " " * cell_width(head) + more).rstrip()


def _joined(parts: list[str], wide: int | None) -> str:
    text = " · ".join(clean_line(part) for part in parts if part)
    return text if wide is None else "\n".join(wrap(text, wide))


def _wrapped(text: str, wide: int | None) -> list[str]:
    text = clean_block(text)
    return text.split("\n") if wide is None else wrap(text, wide)
