"""The views as tables: each takes the value that its screen draws, so that a file says what the screen says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from warroom.tui.export.sheet import Export, Sheet, Value, plain_data
from warroom.tui.export.words import Word
from warroom.tui.timeline.chart import chart_of
from warroom.tui.timeline.ranking import KINDS
from warroom.views import (
    BoardView,
    CatchUpView,
    ClockLine,
    ForecastView,
    IncidentDetail,
    IncidentLine,
    OnCallView,
    PeopleView,
    PunctualityView,
    RecordLine,
    WorkView,
)
from warroom.words import tr


def board(view: BoardView, now: datetime) -> Export:
    """The live incidents."""
    return lines(view.lines, now, view.room)


def lines(found: Sequence[IncidentLine], now: datetime, room: str) -> Export:
    """Incidents as a list."""
    heads = (
        "key", "severity", "title", "status", "lead", "lead due", "next page", "level", "page at", "update channel",
        "update due", "alarm", "watched",
    )  # fmt: skip
    rows = tuple(
        (
            each.key, each.severity.name, each.title, Word(each.status), each.lead, each.lead_due,
            Word(each.page.state.value),
            each.page.label, each.page.at, each.update.channel, each.update.at, each.alarm, each.watched,
        )
        for each in found
    )  # fmt: skip
    named = "warroom" if room == "warroom" else f"warroom {room}"  # what nobody has named is called so too
    return Export("board", "", named, now, (Sheet("incidents", heads, rows),), plain_data(tuple(found)))


def room(detail: IncidentDetail, now: datetime, record: Sequence[RecordLine] = ()) -> Export:
    """Everything about one incident; `record` is more of it than the detail has."""
    line = detail.line
    about: list[tuple[Value, ...]] = [
        (Word("severity"), line.severity.name), (Word("status"), Word(line.status)), (Word("lead"), line.lead),
        (Word("summary"), detail.summary), (Word("impact since"), detail.impact_started),
        (Word("declared"), detail.declared_at),
        (Word("resolved"), detail.resolved_at), (Word("next page"), Word(line.page.state.value)),
        (Word("page at"), line.page.at), (Word("update channel"), line.update.channel),
        (Word("update due"), line.update.at), (Word("alarm"), line.alarm),
    ]  # fmt: skip
    facts = detail.facts_of
    about += [(fact.label, fact.value) for fact in facts.facts] if facts is not None else []
    roles = tuple(
        (each.title, each.holder, each.since, each.due, each.offered_to, ", ".join(each.deputies))
        for each in detail.roles
    )
    levels = tuple(
        (
            each.number, each.label, Word(each.state.value), ", ".join(each.targets), ", ".join(each.via),
            each.paged_at, each.acked_by, each.acked_at, each.due,
        )
        for each in detail.ladder.levels
    )  # fmt: skip
    links = tuple((Word(each.kind), each.to or each.key, each.title, Word(each.state)) for each in detail.links)
    sheets = (
        Sheet("about", ("what", "value"), tuple(row for row in about if row[1] not in (None, ""))),
        Sheet("roles", ("role", "holder", "since", "due", "offered to", "deputies"), roles),
        Sheet("escalation", ("level", "name", "state", "whom", "by", "paged", "acked by", "acked", "due"), levels),
        _clocks(detail.clocks, now),
        *_work(detail.work),
        Sheet("links", ("kind", "to", "title", "state"), links),
        _record(record or detail.record),
    )
    data = plain_data(detail)
    if record:
        data["record"] = plain_data(tuple(record))
    return Export("room", line.key, _title(line), now, tuple(each for each in sheets if each.rows), data)


def record(line: IncidentLine, found: Sequence[RecordLine], now: datetime) -> Export:
    """The record of one incident, as far as it was read."""
    return Export("record", line.key, _title(line), now, (_record(found),), plain_data(tuple(found)))


def _record(found: Sequence[RecordLine]) -> Sheet:
    rows = tuple((each.version, each.at, each.actor, Word(each.kind), each.text, each.late) for each in found)
    return Sheet("record", ("entry", "at", "by", "kind", "text", "late"), rows)


def timeline(detail: IncidentDetail, now: datetime) -> Export:
    """Who was told what when, and every silence between, the gravest first."""
    view, chart = detail.timeline, chart_of(detail.timeline)
    told = tuple(
        (lane.channel, Word(lane.audience), dot.at, dot.by, dot.text, dot.was_due, dot.late, dot.due)
        for lane in view.lanes
        for dot in lane.dots
    )
    silences = tuple(
        (
            each.channel, Word(each.audience), each.gap.silence.start, each.gap.silence.end, each.gap.length,
            Word(KINDS[each.gap.silence.kind]), each.gap.due, each.gap.late, each.severity,
        )
        for each in chart.ranked(now)
    )  # fmt: skip
    sheets = (
        Sheet("updates", ("channel", "audience", "at", "by", "text", "was due", "late", "next due"), told),
        Sheet(
            "silences", ("channel", "audience", "from", "to", "length", "kind", "was due", "late", "severity"), silences
        ),
    )
    return Export("timeline", detail.line.key, _title(detail.line), now, sheets, plain_data(view))


def clocks(line: IncidentLine, found: Sequence[ClockLine], now: datetime) -> Export:
    """The clocks of silence of one incident."""
    return Export("clocks", line.key, _title(line), now, (_clocks(found, now),), plain_data(tuple(found)))


def _clocks(found: Sequence[ClockLine], now: datetime) -> Sheet:
    heads = ("channel", "audience", "state", "last", "due", "every", "promised", "missed", "skipped", "then", "then at")
    rows = tuple(
        (
            each.channel, Word(each.audience), Word(each.state(now).value), each.last_at, each.due, each.cadence,
            each.promised, each.missed, each.skips, Word(each.step), each.step_at,
        )
        for each in found
    )  # fmt: skip
    return Sheet("channels", heads, rows)


def punctuality(view: PunctualityView) -> Export:
    """How punctual updates were."""
    heads = ("name", "counted", "on time", "late", "skipped", "overdue", "share", "silent", "allowed", "left")
    rows = tuple(
        (
            each.name, each.counted, each.on_time, each.late, each.skipped, each.overdue,
            None if each.share is None else round(each.share, 4), each.silent, round(each.allowed, 2),
            round(each.left, 2),
        )
        for each in (view.whole, *view.rows)
    )  # fmt: skip
    sheet = Sheet("punctuality", heads, rows)
    title, heading = f"punctuality by {view.by}", tr("punctuality by {what}").format(what=tr(view.by))
    return Export("punctuality", "", title, view.now, (sheet,), plain_data(view), heading=heading)


def work(line: IncidentLine, view: WorkView | None, now: datetime) -> Export:
    """Theories, tasks, decisions, changes and evidence of one incident."""
    return Export("work", line.key, _title(line), now, tuple(_work(view)), plain_data(view))


def _work(view: WorkView | None) -> Iterable[Sheet]:
    if view is None:
        return
    theories = tuple((each.id, Word(each.state), each.text, each.by, each.at, each.reason) for each in view.theories)
    tests = tuple(
        (theory.id, Word(each.verdict or "running"), each.text, each.by, each.at, each.result)
        for theory in view.theories
        for each in theory.experiments
    )
    tasks = tuple(
        (
            each.id, Word("open" if each.open else "dropped" if each.dropped else "done"), each.text, each.owner,
            each.due, each.stream, each.by, each.at, each.done_at,
        )
        for each in view.tasks
    )  # fmt: skip
    asked = tuple((each.id, each.text, each.whom, each.due, each.by, each.at) for each in view.pending)
    changed = tuple(
        (each.id, each.text, each.why, each.undo, each.by, each.at, each.undone_at) for each in view.changes
    )
    seen = tuple((each.id, each.where, each.text, each.by, each.at) for each in view.evidence)
    yield Sheet("theories", ("id", "state", "text", "by", "at", "reason"), theories)
    yield Sheet("experiments", ("theory", "state", "text", "by", "at", "result"), tests)
    yield Sheet("tasks", ("id", "state", "text", "owner", "due", "stream", "by", "at", "done"), tasks)
    yield Sheet("decisions", ("id", "text", "owner", "due", "by", "at"), asked)
    yield Sheet("changes", ("id", "text", "why", "undo", "by", "at", "undone"), changed)
    yield Sheet("evidence", ("id", "where", "text", "by", "at"), seen)


def people(line: IncidentLine, view: PeopleView, now: datetime) -> Export:
    """Who is in the room of an incident, and who could take over."""
    here = tuple(
        (
            each.login, each.name, ", ".join(each.roles), each.here, each.joined_at, each.left_at, each.seen_at,
            each.on_duty, each.night_pages, each.why,
        )
        for each in view.people
    )  # fmt: skip
    heads = ("login", "name", "roles", "here", "joined", "left", "seen", "on duty", "night pages", "tired because")
    could = tuple((role.title, each.person, each.words) for role in view.succession for each in role.people)
    sheets = (Sheet("people", heads, here), Sheet("could take over", ("role", "login", "why"), could))
    return Export("people", line.key, _title(line), now, sheets, plain_data(view))


def catchup(view: CatchUpView) -> Export:
    """All there is to know of one incident."""
    parts = (*view.sections, ("new", view.changed))
    rows = tuple(
        (Word(name), each.text, each.by, each.at, each.due, Word(each.mark)) for name, facts in parts for each in facts
    )
    sheet = Sheet("state", ("section", "text", "by", "at", "due", "mark"), rows)
    title = f"{view.key} {view.severity.name} {view.title}"
    return Export("catchup", view.key, title, view.read_at, (sheet,), plain_data(view))


def ahead(view: ForecastView, now: datetime) -> Export:
    """What follows by itself if nobody does anything."""
    rows = tuple(
        (each.at, each.what, ", ".join(dict.fromkeys(page.to for page in each.pages)), each.cause)
        for each in view.lines
    )
    sheet = Sheet("ahead", ("at", "what", "whom", "cause"), rows)
    return Export("ahead", view.key, f"{view.key} {view.title}", now, (sheet,), plain_data(view))


def oncall(view: OnCallView, now: datetime) -> Export:
    """Who is on call, and the shifts of the time that is looked at."""
    at_once = tuple(
        (
            each.name,
            ", ".join(each.now.people) or Word("nobody"),
            each.now.end,
            ", ".join(each.next.people) if each.next else "",
        )
        for each in view.schedules
    ) + tuple((name, ", ".join(who), None, "") for name, who in view.lists)
    shifts = tuple(
        (each.name, span.start, span.end, ", ".join(span.people) or Word("nobody"), span.why)
        for each in view.schedules
        for span in each.spans
    )
    desk = tuple(
        (Word(each.kind.value), each.schedule, each.person, each.start, each.end, each.other, each.note)
        for each in view.desk
    )
    sheets = (
        Sheet("now", ("schedule", "people", "until", "then"), at_once),
        Sheet("shifts", ("schedule", "from", "until", "people", "why"), shifts),
        Sheet("desk", ("kind", "schedule", "people", "from", "until", "other", "note"), desk),
    )
    return Export(
        "oncall",
        "",
        "on call",
        now,
        tuple(each for each in sheets if each.rows),
        plain_data(view),
        heading=tr("on call"),
    )


def _title(line: IncidentLine) -> str:
    return f"{line.key} {line.severity.name} {line.title}"
