"""Incidents and their record as plain text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from warroom.cli.output import Cell, paint, table
from warroom.cli.reviewing import standing
from warroom.domain.room import Room
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

LEAST = 20
"""The text of a record line is never wrapped to fewer cells than this."""

LONGEST = 2_000
"""What is said of an incident besides is cut after so many characters."""

_ALARMING = {"failed", "given up", "unknown"}


def incident_rows(
    lines: Sequence[IncidentLine], now: datetime, wide: int | None, columns: Sequence[str] = ()
) -> list[str]:
    """The list of incidents, with the usual columns, or those that are named."""
    if columns:
        from warroom.cli.sieving import cell

        heads = [head_of(name) for name in columns]
        return table(heads, [[cell(name, line, now) for name in columns] for line in lines], wide=wide)
    rows = [
        [
            Cell(line.key, Role.STRONG),
            _severity(line.severity),
            Cell(line.status),
            _face(lead_face(line, now)),
            _face(page_face(line.page, now)),
            _face(update_face(line.update, now)),
            Cell(f"! {line.alarm}: {line.title}" if line.alarm else line.title),
        ]
        for line in lines
    ]
    return table(("KEY", "SEV", "STATUS", "LEAD", "NEXT PAGE", "UPDATE DUE", "TITLE"), rows, wide=wide)


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
    status = f"{line.status} since {when(room.incident.status_since, now)}"
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
        yield from _wrapped(f"Customers see: {room.incident.facts.description}", wide)
    yield from _section("Links", _links(detail, wide))
    yield from _section("Roles", _roles(detail, now, wide))
    yield from _section("Escalation", _ladder(detail, now, wide))
    yield from _section("Updates", _channels(room, detail, now, wide))
    yield from _section("Not out yet", _waiting(detail, now, wide))
    yield from _section("Record", record_lines(detail.record, wide, indent=2))
    trouble = [m for m in detail.outbox if m.state in _ALARMING]
    rows = [[Cell(m.to), Cell(m.via), Cell(m.state, Role.LATE), Cell(f"{m.tries} tries")] for m in trouble]
    yield from _section("Messages in trouble", table(("",) * 4, rows, wide=wide, indent=2))


def _waiting(detail: IncidentDetail, now: datetime, wide: int | None) -> list[str]:
    """Updates that wait for somebody or for their time, and those that somebody is writing."""
    rows = [
        [Cell(f"#{p.id}"), Cell(", ".join(p.channels)), Cell(p.author), Cell(standing(p, now)), Cell(p.text)]
        for p in detail.proposals
    ]
    rows += [
        [
            Cell("draft"),
            Cell(", ".join(d.channels)),
            Cell(d.author),
            Cell(f"since {when(d.started_at, now)}"),
            Cell(d.text),
        ]
        for d in detail.drafts
    ]
    return table(("",) * 5, rows, wide=wide, indent=2)


def _about(room: Room) -> Iterator[str]:
    i = room.incident
    told = (
        ("priority", i.priority),
        ("team", i.owner),
        ("environment", i.environment),
        ("region", i.region),
        ("tier", i.tier),
        ("impact", i.impact),
        ("products", ", ".join(i.facts.products)),
        ("category", i.facts.category),
        ("type", i.facts.type),
        ("cluster", i.facts.cluster),
        ("deploy", i.facts.deploy),
        ("customers", _count(i.facts.external)),
        ("colleagues", _count(i.facts.internal)),
        ("support cases", _count(i.facts.cases)),
        ("reported by", i.reporter),
        ("source", i.source),
        ("found by", i.detection),
    )
    yield from (f"{what} {value}" for what, value in told if value)


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _unknown(detail: IncidentDetail, wide: int | None) -> Iterator[str]:
    """What nobody has said, the times among it; and which times cannot be true."""
    facts = detail.facts_of
    if facts is None:
        return
    lacking = [each.label for each in facts.facts if not each.value] + [
        t.label for t in facts.times[:2] if t.at is None
    ]
    if lacking:
        words = clean_line(f"unknown: {', '.join(lacking)}", LONGEST)
        yield paint(words if wide is None else "\n".join(wrap(words, wide)), Role.MUTED)
    for warning in facts.warnings:
        yield paint(f"! {clean_line(warning)}", Role.SOON)


def _links(detail: IncidentDetail, wide: int | None) -> list[str]:
    rows = [
        [
            Cell(line.kind, Role.MUTED),
            Cell(line.to),
            Cell(line.title),
            Cell(line.state, Role.SOON if line.open else Role.TEXT),
        ]
        for line in detail.links
    ]
    return table(("",) * 4, rows, wide=wide, indent=2)


def _beside(room: Room, now: datetime) -> Iterator[str]:
    """What is done with it instead of paging people, and which others belong to it."""
    i = room.incident
    if i.held and i.live:
        end = "until somebody lifts that"
        if i.hold is not None:
            end = f"looked at again {when(i.hold.due, now)}" if i.hold.key else f"until {when(i.hold.due, now)}"
        yield clean_line(f"nobody is paged: {i.held}; {end}", LONGEST)
    if i.merged_into:
        yield f"a duplicate of {clean_line(i.merged_into)}, where it is worked on"
    if i.absorbed:
        yield clean_line(f"duplicates of it: {', '.join(i.absorbed)}", LONGEST)


def _times(room: Room, now: datetime) -> Iterator[str]:
    i = room.incident
    yield f"impact started {when(i.started_at, now)}" if i.started_at else "start of the impact unknown"
    if i.facts.detected_at is not None:
        yield f"detected {when(i.facts.detected_at, now)}"
    yield f"declared {when(i.declared_at, now)} by {clean_line(i.declared_by)}"
    for what, at in (("acknowledged", i.acknowledged_at), ("mitigated", i.mitigated_at)):
        if at is not None:
            yield f"{what} {when(at, now)}"
    if i.resolved_at is not None:
        yield f"resolved {when(i.resolved_at, now)}"
    if i.closed_at is not None and i.closed_at != i.resolved_at:
        yield f"closed {when(i.closed_at, now)}"
    yield "times are UTC"


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
            due = Cell(f"since {when(role.since, now)}", Role.MUTED)
        elif role.due is not None:
            due = Cell(f"vacant: {countdown(role.due, now)}", urgency(role.due, now))
        offer = f"offered to {role.offered_to}" if role.offered_to else ""
        rows.append([Cell(role.title), Cell(role.holder or NOTHING), due, Cell(offer)])
    return table(("",) * 4, rows, wide=wide, indent=2)


def _ladder(detail: IncidentDetail, now: datetime, wide: int | None) -> Iterator[str]:
    ladder = detail.ladder
    if not ladder.policy:
        return
    cycle = f", cycle {ladder.cycle} of {ladder.cycles}" if ladder.cycles > 1 else ""
    yield f"  policy {clean_line(ladder.policy)}{cycle}; next: {page_face(ladder.next, now).text}"
    rows = []
    for level in ladder.levels:
        rows.append([Cell(f"L{level.number}"), Cell(level.label), _level(level, now)])
        rows.append([Cell(""), Cell(""), Cell(_to(level), Role.MUTED)])
    yield from table(("",) * 3, rows, wide=wide, indent=2)
    if ladder.then:
        end = f" in {countdown(ladder.then_at, now)}" if ladder.then_at is not None and ladder.then_at > now else ""
        yield f"  after the last level: {clean_line(ladder.then)}{end}"


def _to(level: LevelLine) -> str:
    return " ".join(level.targets) + (f" by {' '.join(level.via)}" if level.via else "")


def _level(level: LevelLine, now: datetime) -> Cell:
    words = []
    if level.paged_at is not None and level.state is LevelState.EMPTY:
        words.append(f"passed over {when(level.paged_at, now)}: {level.note}")
    elif level.paged_at is not None:
        again = f", repeated {level.repeat} of {level.repeats}" if level.repeat else ""
        words.append(f"paged {when(level.paged_at, now)}{again}")
    if level.acked_by and level.acked_at is not None:
        words.append(f"acknowledged {when(level.acked_at, now)} by {level.acked_by}")
    if level.due is not None:
        words.append(f"due {countdown(level.due, now)}")
    return Cell("; ".join(words), Role.STRONG if level.state is LevelState.CURRENT else Role.TEXT)


def _channels(room: Room, detail: IncidentDetail, now: datetime, wide: int | None) -> Iterator[str]:
    rows = []
    for name, stream in room.comms.streams.items():
        due = Cell("nothing due", Role.MUTED)
        if stream.due is not None:
            promised = " (promised)" if stream.promised else ""
            due = Cell(f"due {countdown(stream.due, now)}{promised}", urgency(stream.due, now))
        said = f"{stream.count} posted, last {when(stream.last_at, now)}" if stream.last_at else "nothing posted yet"
        if room.incident.live and stream.ended_at is None:
            said += f", silent for {age(stream.last_at or room.incident.declared_at, now)}"
        rows.append([Cell(name), Cell(stream.audience.value), due, Cell(said)])
    yield from table(("",) * 4, rows, wide=wide, indent=2)
    longest = detail.timeline.largest
    if longest is not None:
        yield f"  longest silence {length(longest.length)} on {clean_line(detail.timeline.largest_channel)}"


def record_lines(lines: Iterable[RecordLine], wide: int | None, *, indent: int = 0) -> Iterator[str]:
    """The record: a line for each day, then time, who, what; texts of several lines stand under each other."""
    lines = list(lines)
    actor_width = min(20, max((cell_width(clean_line(line.actor)) for line in lines), default=0))
    kind_width = max((cell_width(clean_line(line.kind)) for line in lines), default=0)
    before, day = " " * indent, ""
    for line in lines:
        at = line.at.astimezone(UTC)
        if day != (day := f"{at:%Y-%m-%d}"):
            yield before + paint(day, Role.MUTED)
        actor, kind = fit(clean_line(line.actor), actor_width), fit(clean_line(line.kind), kind_width)
        head = f"{seconds_clock(at)}  {actor}  {kind}  "
        room = None if wide is None else max(LEAST, wide - indent - cell_width(head))
        text: str = clean_block(line.text)
        if line.late is not None and line.late.total_seconds() >= 1:
            text += f" (late by {length(line.late)})"
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
