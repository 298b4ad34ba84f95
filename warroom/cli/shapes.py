"""What `--json` prints, as models; docs/json.md describes each of them and a test holds the two together.

A text that nobody gave is "", a time that nobody knows is null. Members may be added in later versions; those that are
here keep their names and meanings.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer


def rfc3339(at: datetime) -> str:
    """A moment in UTC: seconds always, as many digits of a second as there are, and a Z."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if "." in text else text) + "Z"


Time = Annotated[datetime, PlainSerializer(rfc3339, return_type=str)]


class Shape(BaseModel):
    """The base of all shapes: nothing is changed once it is made, nothing unknown gets in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Times(Shape):
    """The times of an incident that are kept apart."""

    started: Time | None
    detected: Time | None
    declared: Time
    acknowledged: Time | None
    mitigated: Time | None
    resolved: Time | None
    closed: Time | None
    status_since: Time


class Tick(Shape):
    """A duty that was ticked off."""

    duty: str
    by: str
    at: Time


class Role(Shape):
    """One role of an incident."""

    role: str
    holder: str
    since: Time | None
    required: bool
    due: Time | None
    offered_to: str
    offered_by: str
    offer_lapses_at: Time | None
    read_back: str
    also: list[str]
    deputies: list[str]
    added: bool
    handover_at: Time | None
    handover_to: str
    done: list[Tick]


class Escalation(Shape):
    """Where the escalation of an incident stands."""

    policy: str
    revision: str
    phase: str
    level: int
    cycle: int
    repeat: int
    acked_by: str
    acked_at: Time | None
    next_at: Time | None
    snoozed_until: Time | None
    snooze_reason: str
    exhausted_at: Time | None


class Stream(Shape):
    """One channel of an incident and the silence on it."""

    channel: str
    audience: str
    due: Time | None
    promised: bool
    last_at: Time | None
    count: int
    every_s: float | None
    late: bool


class Deadline(Shape):
    """One thing that falls due by itself."""

    name: str
    at: Time


class Held(Shape):
    """That a rule wants nobody paged for an incident."""

    why: str
    key: str
    until: Time | None


class Link(Shape):
    """An address that belongs to an incident, or another incident."""

    key: str
    kind: str
    to: str
    title: str
    incident: str
    status: str


class Assessed(Shape):
    """How the severity of an incident was found."""

    at: Time
    by: str
    impact: str
    urgency: str
    proposed: str
    answers: dict[str, str]


class Incident(Shape):
    """One incident as it is now, or as it was at `as_of`."""

    key: str
    title: str
    severity: str
    status: str
    live: bool
    service: str
    summary: str
    impact: str
    description: str
    products: list[str]
    category: str
    type: str
    customers: int | None
    colleagues: int | None
    cases: int | None
    environment: str
    region: str
    cluster: str
    tier: str
    deploy: str
    priority: str
    owner: str
    source: str
    reporter: str
    detection: str
    labels: dict[str, str]
    components: list[str]
    provider: str
    source_id: str
    url: str
    declared_by: str
    held: Held | None
    merged_into: str
    absorbed: list[str]
    links: list[Link]
    assessment: Assessed | None
    times: Times
    lead: str
    roles: list[Role]
    escalation: Escalation
    streams: list[Stream]
    deadlines: list[Deadline]
    version: int
    as_of: Time | None


class Assessment(Shape):
    """What an assessment would make of an incident; nothing was done."""

    key: str
    severity: str
    impact: str
    urgency: str
    proposed: str
    changes: list[str]
    questions: list[str]


class Topic(Shape):
    """The topic line for the chat room of an incident."""

    key: str
    topic: str


class LogLine(Shape):
    """One line of the record."""

    key: str
    seq: int
    version: int
    at: Time
    recorded_at: Time
    due: Time | None
    late_s: float | None
    actor: str
    kind: str
    text: str
    data: dict[str, Any]


class Acted(Incident):
    """The incident after a command, and what the command did."""

    events: list[LogLine]


class GapsMin(Shape):
    """The lengths of the silences that have ended, in minutes, oldest first."""

    start_to_first: list[float]
    between: list[float]
    last_to_resolved: list[float]


class Gaps(Shape):
    """The silences of one incident."""

    key: str
    provider: str
    source_id: str
    start: str | None
    first_update: str | None
    closed: str | None
    gaps_min: GapsMin
    max_gap_min: float | None


class Clock(Shape):
    """The clock of silence of one channel."""

    key: str
    channel: str
    audience: str
    state: str
    begun: Time
    last_at: Time | None
    near_at: Time | None
    due: Time | None
    promised: bool
    every_s: float | None
    source: str
    missed: int
    skips: int
    skips_most: int
    turn: int
    step: str
    step_at: Time | None
    whom: list[str]
    watched: bool


class PunctualityRow(Shape):
    """How punctual the updates of one group were."""

    name: str
    counted: int
    on_time: int
    late: int
    skipped: int
    overdue: int
    share: float | None
    silent_min: float
    running_min: float
    allowed: float
    left: float


class Punctuality(Shape):
    """How punctual updates were, and what is left of the budget for late ones."""

    since: Time
    until: Time
    by: str
    watched: bool
    target: float
    incidents: int
    whole: PunctualityRow
    rows: list[PunctualityRow]


class Silence(Shape):
    """A time in which nobody was told anything on a channel."""

    kind: str
    start: Time
    end: Time
    length_s: float
    due: Time | None
    late_s: float


class TimelineUpdate(Shape):
    """One update on a timeline."""

    entry: int
    at: Time
    by: str
    text: str
    was_due: Time | None
    late_s: float | None
    next_due: Time | None
    reviewer: str
    corrects: int


class TimelinePlanned(Shape):
    """An update that is written and goes out at its time."""

    at: Time
    by: str
    text: str


class TimelineSkip(Shape):
    """An update that somebody let go."""

    at: Time
    by: str
    reason: str


class TimelineLane(Shape):
    """One channel of a timeline."""

    channel: str
    audience: str
    start: Time
    due: Time | None
    promised: bool
    cadence_s: float | None
    updates: list[TimelineUpdate]
    silences: list[Silence]
    planned: list[TimelinePlanned]
    skipped: list[TimelineSkip]


class TimelineChange(Shape):
    """A change of severity or status."""

    at: Time
    kind: str
    to: str


class TimelineGap(Shape):
    """A silence among all of an incident."""

    rank: int
    channel: str
    audience: str
    severity: str
    weight_s: float
    silence: Silence


class Timeline(Shape):
    """What was said on which channel when, and every silence between."""

    key: str
    title: str
    severity: str
    at: Time
    start: Time
    end: Time | None
    window_from: Time
    window_to: Time
    lanes: list[TimelineLane]
    changes: list[TimelineChange]
    gaps: list[TimelineGap]
    largest: int | None


class Duty(Shape):
    """One duty of a role."""

    key: str
    role: str
    number: int
    duty: str
    done: bool
    by: str
    at: Time | None


class PersonHere(Shape):
    """One person in the room of an incident, or who was."""

    key: str
    person: str
    name: str
    roles: list[str]
    here: bool
    joined_at: Time | None
    left_at: Time | None
    seen_at: Time | None
    awake_since: Time | None
    declined_at: Time | None
    on_duty_s: float
    night_pages: int
    tired: str
    why: str
    amber_at: Time | None
    red_at: Time | None


class CardItem(Shape):
    """One line of a card."""

    text: str
    who: str
    due: Time | None
    late: bool


class Successor(Shape):
    """Somebody who could take a role over."""

    person: str
    words: str
    tired: str


class Card(Shape):
    """The card for handing a role over."""

    key: str
    role: str
    title: str
    holder: str
    since: Time | None
    at: Time
    text: str
    known: list[CardItem]
    unknown: list[CardItem]
    running: list[CardItem]
    pending: list[CardItem]
    updates: list[CardItem]
    escalation: list[CardItem]
    risks: list[CardItem]
    duties: list[CardItem]
    people: list[CardItem]
    successors: list[Successor]


class Imported(Shape):
    """What one file brought in."""

    file: str
    incidents: int
    new_incidents: int
    changed_incidents: int
    unchanged_incidents: int
    new_updates: int


class Shift(Shape):
    """One shift on a schedule; a gap in coverage where it has no people."""

    schedule: str
    start: Time
    end: Time
    people: list[str]
    why: str


class OnCall(Shape):
    """Who is on call on one schedule or list at a moment."""

    schedule: str
    title: str
    zone: str
    at: Time
    people: list[str]
    since: Time | None
    until: Time | None
    why: str
    notes: list[str]
    passed: list[str]
    over_limit: list[str]
    next_at: Time | None
    next_people: list[str]
    backup: list[str]
    gaps: list[Shift]


class ShiftsFile(Shape):
    """A file of shifts that was written."""

    file: str
    shifts: int


class Checked(Shape):
    """One thing that `warroom doctor` looked at."""

    check: str
    good: bool
    what: str


class Found(Shape):
    """Somebody whom a step finds."""

    to: str
    via: list[str]
    target: str
    because: str


class PassedOver(Shape):
    """Somebody whom a step passes over."""

    to: str
    target: str
    why: str


class ForecastLine(Shape):
    """One step that follows by itself."""

    key: str
    step: int
    at: Time
    in_s: float
    kind: str
    what: str
    cause: str
    policy: str
    level: int
    cycle: int
    repeat: int
    role: str
    channel: str
    pages: list[Found]
    told: list[Found]
    passed: list[PassedOver]


class Delivery(Shape):
    """What became of one message."""

    via: str
    state: str
    tries: int
    sent_at: Time | None
    error: str


class WhyLine(Shape):
    """One reason why somebody was paged, or not."""

    key: str
    version: int
    at: Time | None
    state: str
    person: str
    what: str
    why: str
    target: str
    cause: str
    level: int
    cycle: int
    repeat: int
    deliveries: list[Delivery]


class OutboxMessage(Shape):
    """One message on its way out."""

    id: str
    key: str
    kind: str
    action: str
    to: str
    via: str
    lane: str
    address: str
    subject: str
    state: str
    tries: int
    created_at: Time
    next_at: Time | None
    sent_at: Time | None
    error: str
    maybe_twice: bool
    bundle: str


class OutboxRetried(Shape):
    """A message that is tried anew."""

    id: str
    before: str


class OutboxTest(Shape):
    """What became of a test page."""

    way: str
    address: str
    good: bool
    error: str


class Error(Shape):
    """Why a command failed."""

    kind: str
    message: str
    exit: int
    retry: bool


class Failed(Shape):
    """What stands on stderr when a command fails."""

    error: Error


class Note(Shape):
    """What stands on stderr beside the result, for whoever looks on."""

    note: str


class Finding(Shape):
    """Something that is wrong or doubtful about a rulebook."""

    file: str
    line: int | None
    column: int | None
    path: str
    weight: str
    kind: str
    value: str
    what: str
    advice: str


class RuleChange(Shape):
    """One difference between two rulebooks."""

    section: str
    where: str
    kind: str
    before: str
    after: str


class PublishedRules(Shape):
    """What putting a rulebook in force did."""

    revision: str
    before: str
    changes: list[RuleChange]
    incidents_on_others: int
    findings: list[Finding]


class Revision(Shape):
    """One time that a revision of the rules was put in force."""

    revision: str
    at: Time
    by: str
    before: str
    in_force: bool
    incidents: int


class Rules(Shape):
    """A whole rulebook."""

    revision: str
    in_force: bool
    since: Time | None
    by: str
    incidents: int
    rules: dict[str, Any]


class Written(Shape):
    """A file that was written."""

    file: str


class ListedRule(Shape):
    """A rule in force, with its condition and its effects in words."""

    rule: str
    about: str
    when: str
    then: list[str]
    stop: bool


class RuleHeld(Shape):
    """How often a rule held, and how often it did something; `held_in_force` is null for one that is not in force."""

    rule: str
    held: int
    did: int
    held_in_force: int | None


class WouldChange(Shape):
    """An incident that would have got something else."""

    key: str
    title: str
    provider: str
    declared: Time
    severity_before: str
    severity_after: str
    policy_before: str
    policy_after: str
    held_before: str
    held_after: str
    rules_before: list[str]
    rules_after: list[str]
    differences: list[str]


class RulesTrial(Shape):
    """What rules would have done with the last incidents."""

    incidents: int
    first: Time | None
    last: Time | None
    raised: int
    milder: int
    silenced: int
    paged_again: int
    never: list[str]
    rules: list[RuleHeld]
    changed: list[WouldChange]


class DeskItem(Shape):
    """An override, an absence or an open swap."""

    kind: str
    id: int
    schedule: str
    person: str
    other: str
    start: Time
    end: Time
    by: str
    note: str


class DeskDone(Shape):
    """What a command for the desk did."""

    events: list[LogLine]
    item: DeskItem | None


class CheckLine(Shape):
    """One item of the checklist about one text."""

    name: str
    title: str
    said: bool
    must: bool
    refuse: bool
    sentence: str


class Shown(Shape):
    """An update as one channel will show it."""

    channel: str
    text: str
    longest: int
    goes: str


class Preview(Shape):
    """An update that was not sent: what it says and lacks."""

    key: str
    audience: str
    stage: str
    subject: str
    text: str
    next_at: Time | None
    said: int
    of: int
    checks: list[CheckLine]
    warnings: list[str]
    blanks: list[str]
    needs_review: bool
    shown: list[Shown]


class ReviewComment(Shape):
    """What somebody said about an update that waits."""

    by: str
    at: Time
    text: str


class Proposal(Shape):
    """An update that is not out yet."""

    key: str
    id: int
    standing: str
    author: str
    at: Time
    channels: list[str]
    audience: str
    subject: str
    text: str
    reviewer: str
    approved_by: str
    answer_by: Time | None
    unanswered: bool
    send_at: Time | None
    next_at: Time | None
    held: str
    corrects: int | None
    comments: list[ReviewComment]


class DraftItem(Shape):
    """An update that somebody is writing now."""

    key: str
    standing: str
    author: str
    audience: str
    channels: list[str]
    started_at: Time
    saved_at: Time
    text: str
