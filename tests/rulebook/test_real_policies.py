"""Policies, schedules and routes that other tools' APIs gave can be written as a rulebook, and mean the same there.

Read are all JSON and YAML files of `policies` and `oncall` of the real data (`WARROOM_REAL_DATA`). What they hold, and
what of it a rulebook cannot say (`NOT_SAID` has the counts that a test holds against the converter):

| from | taken over | not said |
|---|---|---|
| PagerDuty policies | levels, delays, loops, users and schedules together, round robin | - |
| PagerDuty schedules | layers in their order, turns of any length, virtual start, daily and weekly restrictions, end, \
overrides (on the desk, not in the rulebook) | seconds of a beginning: rounded up to the minute |
| PagerDuty services | name, team, policy | acknowledgement and auto-resolve timeouts of one service; the policies \
that they point at are in no file |
| Opsgenie policies | users and schedules by delay, repeats | a wait before the first page (no file has one) |
| Opsgenie schedules | rotations side by side, hourly, daily and weekly turns of any length, time restrictions | an \
override of one rotation alone where the same person is on another one too |
| Alertmanager | the tree of routes (match, match_re, matchers, continue), receivers, repeat_interval | group_by \
several labels, group_wait and group_interval, inhibit_rules |
| Keep | triggers with a condition, business hours, enrichments, messages | state that moves with every alert |
| Splunk On-Call, GoAlert | the files have users, teams and webhooks, and no policy, schedule or mask | - |

No file has rendered entries of a schedule (they are there, and empty). So that the turns are held against something,
who is on call is worked out a second time below, straight from what PagerDuty documents of layers, moment by moment.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from tests.intake.real_data import DATA
from tests.support.foreign_policies import Draft, find, slug
from warroom.domain.book import Rulebook
from warroom.domain.core import Context, Entry
from warroom.domain.duty import Duty
from warroom.domain.escalation import EscalationExhausted, LevelPaged, PagedBesides
from warroom.domain.incident import Declare
from warroom.domain.room import Room, decide, fold, foresee
from warroom.domain.schedule import Span, spans
from warroom.rulebook.problems import RulebookError

Json = Any
T0 = datetime(2024, 3, 13, 10, 0, tzinfo=UTC)
FOLDERS = (DATA / "policies", DATA / "oncall")

FOUND = {
    "pagerduty policy": 9,
    "pagerduty schedule": 16,
    "pagerduty override": 3,
    "pagerduty service": 8,
    "normalized policies": 1,
    "opsgenie policy": 1,
    "opsgenie schedule": 2,
    "opsgenie override": 2,
    "alertmanager": 6,
    "keep workflow": 4,
}
"""How many of each kind the files hold."""

NOT_SAID = {
    "seconds of a layer's beginning or end: rounded up to the minute": 14,
    "a policy points at a schedule that the files do not have": 3,
    "a service points at a policy that the files do not have": 3,
    "acknowledgement_timeout of one service: ours belongs to the severity": 6,
    "auto_resolve_timeout: an incident is never resolved by time alone": 6,
    "urgency by the support hours of one service": 3,
    "a notifyType that the API does not document: taken as default": 1,
    "an override of one rotation alone: ours is of the whole schedule": 1,
    "group_by several labels: a rule groups by one": 10,
    "group_wait: pages go out at once and are bundled when many": 2,
    "group_interval: pages go out at once and are bundled when many": 2,
    "inhibit_rules: a rule cannot ask what else is burning": 4,
    "a workflow whose state moves on with every alert": 2,
}
"""What a rulebook cannot say, and how often the files want it."""

needs_real_data = pytest.mark.skipif(
    not all(folder.is_dir() for folder in FOLDERS),
    reason=f"no real policies at {DATA}; set WARROOM_REAL_DATA to the folder that holds policies and oncall",
)
pytestmark = needs_real_data


@cache
def documents() -> tuple[tuple[str, Json], ...]:
    """Every file that can be read, by its name."""
    out: list[tuple[str, Json]] = []
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*")):
            if path.suffix == ".json":
                out.append((str(path.relative_to(DATA)), json.loads(path.read_text())))
            elif path.suffix in (".yml", ".yaml"):
                out.append((str(path.relative_to(DATA)), YAML(typ="safe").load(path.read_text())))
    return tuple(out)


@cache
def known() -> dict[str, Json]:
    """Schedules and policies of all files by id."""
    out: dict[str, Json] = {}
    for _, document in documents():
        for kind, value in find(document):
            if kind in ("pagerduty schedule", "opsgenie schedule", "pagerduty policy") and "id" in value:
                out.setdefault(value["id"], value)
            elif kind == "normalized policies":
                out |= {each["id"]: value for each in value["escalation_policies"]}
    return out


@cache
def drafts() -> tuple[tuple[str, Draft], ...]:
    """A rulebook for each file that holds anything for one."""
    out = []
    for name, document in documents():
        draft = Draft(known())
        for kind, value in find(document):
            draft.take(kind, value)
        if draft.taken:
            out.append((name, draft))
    return tuple(out)


def each(*kinds: str) -> Iterator[tuple[str, Draft, Json]]:
    """Every object of some kinds, with its file and a rulebook of it alone."""
    for name, document in documents():
        for kind, value in find(document):
            if kind in kinds:
                draft = Draft(known())
                draft.take(kind, value)
                yield f"{name}: {value.get('id') or value.get('name') or kind}", draft, value


# They fit ------------------------------------------------------------------------------------------------------------


def test_every_file_is_a_rulebook_that_the_loader_takes() -> None:
    wrong = {}
    for name, draft in drafts():
        try:
            draft.load()
        except RulebookError as error:
            wrong[name] = str(error)
    assert wrong == {}
    assert len(drafts()) >= 40


def test_all_of_them_together_are_one_rulebook() -> None:
    draft = Draft(known())
    for _, document in documents():
        for kind, value in find(document):
            draft.take(kind, value)
    book = draft.load().book
    assert len(book.policies) >= 12
    assert len(book.schedules) >= 14
    assert len(book.rules) >= 15


def test_what_the_files_hold_and_what_a_rulebook_cannot_say() -> None:
    assert sum((draft.taken for _, draft in drafts()), Counter()) == FOUND
    assert sum((draft.everything_lost() for _, draft in drafts()), Counter()) == Counter(NOT_SAID) + Counter()


# Policies mean the same ----------------------------------------------------------------------------------------------


def planned(policy: Json) -> tuple[list[tuple[int, set[str]]], int]:
    """When PagerDuty pages whom, in minutes from the start, users by id; and when the policy is over."""
    at, out = 0, []
    for _ in range(policy.get("num_loops", 0) + 1):
        for rule in policy["escalation_rules"]:
            out.append((at, {slug(to["id"]) for to in rule["targets"] if to["type"].startswith("user")}))
            at += rule["escalation_delay_in_minutes"]
    return out, at


def lived(book: Rulebook, policy: str) -> tuple[list[tuple[int, set[str]]], int]:
    """The same of our engine, when nobody does anything."""
    assert book.severity("SEV1").policy == policy
    room, entries = declared(book)
    ahead = (*entries, *itertools.islice(foresee(room, book), 200))
    paged = [
        (
            int((e.at - T0) / timedelta(minutes=1)),
            {page.to for page in e.event.pages if page.target.startswith("person:")},
        )
        for e in ahead
        if isinstance(e.event, LevelPaged)
    ]
    (over,) = [int((e.at - T0) / timedelta(minutes=1)) for e in ahead if isinstance(e.event, EscalationExhausted)]
    return paged, over


def declared(book: Rulebook, **facts: Any) -> tuple[Room, tuple[Entry, ...]]:
    """An incident under these rules, just declared, and its record."""
    entries = decide(None, Declare("Something is down", "SEV1", key="INC-1", **facts), Context(T0, "mina", book))
    room = fold(entries)
    assert room is not None
    return room, entries


def test_a_policy_of_pagerduty_pages_the_same_people_at_the_same_minutes() -> None:
    count = 0
    for name, draft, policy in each("pagerduty policy"):
        paged, over = lived(draft.load().book, next(iter(draft.policies)))
        assert (paged, over) == planned(policy) or round_robin(policy), name
        if round_robin(policy):
            wanted, end = planned(policy)
            assert ([at for at, _ in paged], over) == ([at for at, _ in wanted], end), name
            assert all(len(people) == 1 for _, people in paged), name
        count += 1
    assert count == FOUND["pagerduty policy"]


def round_robin(policy: Json) -> bool:
    """Whether a policy asks one after the other."""
    return any("escalation_rule_assignment_strategy" in rule for rule in policy["escalation_rules"])


def test_the_delays_of_opsgenie_count_from_the_alert() -> None:
    ((_, draft, policy),) = each("opsgenie policy")
    room, entries = declared(draft.load().book)
    ahead = (*entries, *foresee(room, draft.load().book))
    paged = [int((e.at - T0) / timedelta(minutes=1)) for e in ahead if isinstance(e.event, LevelPaged)]
    assert paged == sorted({rule.get("delay", {}).get("timeAmount", 0) for rule in policy["rules"]})


# Schedules mean the same ---------------------------------------------------------------------------------------------


def rendered(document: Json) -> Iterator[Json]:
    """Entries that PagerDuty itself rendered."""
    if isinstance(document, list):
        for item in document:
            yield from rendered(item)
    elif isinstance(document, dict):
        yield from document.get("rendered_schedule_entries") or ()
        for item in document.values():
            yield from rendered(item)


def test_entries_that_pagerduty_rendered_are_ours() -> None:
    """None of the files has any. Once one has, its final schedule is compared span by span."""
    entries = 0
    for name, draft, schedule in each("pagerduty schedule"):
        final = list(rendered(schedule.get("final_schedule") or {}))
        entries += len(list(rendered(schedule)))
        if final:
            times = [(moment(e["start"]), moment(e["end"]), slug(e["user"]["id"])) for e in final]
            ours = covered(draft, min(t[0] for t in times), max(t[1] for t in times))
            assert [(s.start, s.end, *s.people) for s in ours if s.people] == times, name
    assert entries == 0, "the data has rendered entries now: say so in the table above"


def moment(text: str) -> datetime:
    """A moment as the APIs write it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def covered(draft: Draft, start: datetime, end: datetime) -> tuple[Span, ...]:
    """Who is on call on the one schedule of a draft."""
    book = draft.load().book
    ((_, spec),) = book.schedules.items()
    return spans(spec, start, end, book, Duty(overrides=tuple(draft.overrides)))


def pagerduty_says(schedule: Json, at: datetime) -> str:
    """Who is on call at a moment: an override, else the first layer with a turn that its restrictions allow."""
    for override in schedule.get("overrides") or ():
        if moment(override["start"]) <= at < moment(override["end"]):
            return slug(override["user"]["id"])
    zone = ZoneInfo(schedule["time_zone"])
    here = at.astimezone(zone).replace(tzinfo=None)
    for layer in schedule["schedule_layers"]:
        if at < moment(layer["start"]) or (layer.get("end") and at >= moment(layer["end"])):
            continue
        virtual = moment(layer["rotation_virtual_start"]).astimezone(zone).replace(tzinfo=None)
        if not layer["users"] or not any(allows(r, here) for r in layer.get("restrictions") or [None]):
            continue
        turn = int((here - virtual).total_seconds() // layer["rotation_turn_length_seconds"])
        return slug(layer["users"][turn % len(layer["users"])]["user"]["id"])
    return ""


def allows(restriction: Json, here: datetime) -> bool:
    """Whether a restriction has a window that a wall-clock time lies in: one begins on each of the last days."""
    if restriction is None:
        return True
    begins = datetime.strptime(restriction["start_time_of_day"], "%H:%M:%S").time()  # noqa: DTZ007
    for back in range(9):
        start = datetime.combine(here.date() - timedelta(days=back), begins)
        day = restriction.get("start_day_of_week")
        if restriction["type"] == "weekly_restriction" and start.isoweekday() % 7 != day % 7:
            continue
        if start <= here < start + timedelta(seconds=restriction["duration_seconds"]):
            return True
    return False


def opsgenie_says(schedule: Json, at: datetime) -> set[str]:
    """Everybody of any rotation whose turn it is, within its restrictions."""
    zone = ZoneInfo(schedule["timezone"])
    here = at.astimezone(zone).replace(tzinfo=None)
    out = set()
    for rotation in schedule["rotations"]:
        hours = {"hourly": 1, "daily": 24, "weekly": 168}[rotation["type"]] * rotation["length"]
        start = moment(rotation["startDate"]).astimezone(zone).replace(tzinfo=None)
        if here < start:
            continue
        limits = (rotation.get("timeRestriction") or {}).get("restrictions") or ()
        # The one restriction of the files runs from Monday 00:00 to Friday 00:00.
        if limits and not here.weekday() < 4:
            continue
        turn = int((here - start).total_seconds() // (hours * 3600))
        out.add(slug(rotation["participants"][turn % len(rotation["participants"])]["id"]))
    return out


def moments(zone: str, first: datetime) -> list[datetime]:
    """Moments of a year from `first` on, at ever other times of day; none within hours of a change of the clocks."""
    tz, out = ZoneInfo(zone), []
    for number in range(1_400):
        at = first + timedelta(hours=6, minutes=17 * number) + timedelta(hours=6) * number
        around = {(at + timedelta(hours=h)).astimezone(tz).utcoffset() for h in (-3, 3)}
        if len(around) == 1:
            out.append(at)
    return out


def compared(draft: Draft, zone: str, first: datetime) -> Iterator[tuple[datetime, set[str]]]:
    """Who is on call by our schedule at those moments."""
    times = moments(zone, first)
    pieces = iter(covered(draft, times[0], times[-1] + timedelta(minutes=1)))
    piece = next(pieces)
    for at in times:
        while piece.end <= at:
            piece = next(pieces)
        yield at, set(piece.people)


def test_the_same_person_is_on_call_as_pagerduty_has_it() -> None:
    moments_held = 0
    for name, draft, schedule in each("pagerduty schedule"):
        layers = schedule["schedule_layers"]
        first = max([moment(layer["start"]) for layer in layers] or [moment("2023-03-02T09:00:00Z")])
        for at, ours in compared(draft, schedule["time_zone"], first):
            theirs = pagerduty_says(schedule, at)
            assert ours == ({theirs} if theirs else set()), f"{name} at {at}"
            moments_held += bool(theirs)
    assert moments_held > 8_000


def test_a_layer_begins_and_ends_and_hands_over_when_pagerduty_has_it() -> None:
    """Minute by minute around the beginning of each layer, and around its first turns."""
    for name, draft, schedule in each("pagerduty schedule"):
        for layer in schedule["schedule_layers"]:
            start, length = moment(layer["start"]), timedelta(seconds=layer["rotation_turn_length_seconds"])
            virtual = moment(layer["rotation_virtual_start"])
            turn = virtual + ((start - virtual) // length + 1) * length
            for edge in filter(None, (start, turn, layer.get("end") and moment(layer["end"]))):
                for minutes in (-61, -1, 1, 61):
                    at = edge + timedelta(minutes=minutes)
                    theirs = pagerduty_says(schedule, at)
                    (ours,) = covered(draft, at, at + timedelta(seconds=1))
                    assert set(ours.people) == ({theirs} if theirs else set()), f"{name} at {at}"


def test_everybody_is_on_call_as_opsgenie_has_it() -> None:
    count = 0
    for name, draft, schedule in each("opsgenie schedule"):
        for at, ours in compared(draft, schedule["timezone"], moment("2024-01-02T00:00:00Z")):
            assert ours == opsgenie_says(schedule, at), f"{name} at {at}"
            count += len(ours)
    assert count > 2_000


def test_overrides_of_a_file_that_has_no_layers_are_all_there_is() -> None:
    (draft,) = [draft for name, draft, schedule in each("pagerduty schedule") if not schedule["schedule_layers"]]
    found = covered(draft, moment("2023-03-02T10:00:00Z"), moment("2023-03-02T13:00:00Z"))
    assert [(s.start.hour, s.end.hour, s.people) for s in found] == [
        (10, 11, ()),
        (11, 12, ("USER_ID_1",)),
        (12, 13, ()),
    ]


# Routes mean the same ------------------------------------------------------------------------------------------------


def alertmanager_says(route: Json, labels: dict[str, str], receiver: str = "") -> list[str]:
    """The receivers that an alert reaches: down the tree, the first child that matches, and on where it says so."""
    import re

    receiver = route.get("receiver", receiver)
    found: list[str] = []
    for child in route.get("routes") or ():
        same = all(labels.get(k, "") == str(v) for k, v in (child.get("match") or {}).items())
        like = all(re.fullmatch(str(v), labels.get(k, "")) for k, v in (child.get("match_re") or {}).items())
        if same and like:
            found += alertmanager_says(child, labels, receiver)
            if not child.get("continue"):
                break
    return found or [receiver]


def words_in(route: Json) -> dict[str, set[str]]:
    """By label, values that a tree of routes tells apart, and one that it does not know."""
    out: dict[str, set[str]] = {}
    for label, value in {**(route.get("match") or {}), **(route.get("match_re") or {})}.items():
        out.setdefault(label, {"other"}).update(c for c in str(value).strip("^$()[]").replace("|", " ").split())
        out[label] |= {"1", "2"} if "[12]" in str(value) else set()
    for child in route.get("routes") or ():
        for label, found in words_in(child).items():
            out.setdefault(label, set()).update(found)
    return out


def test_an_alert_reaches_the_same_receivers_as_in_alertmanager() -> None:
    checked = 0
    for name, draft, config in each("alertmanager"):
        book = draft.load().book
        names = words_in(config["route"])
        for values in itertools.product(*([(label, word) for word in sorted(found)] for label, found in names.items())):
            labels = dict(values)
            room, entries = declared(book, labels=labels)
            besides = [page.to for e in entries if isinstance(e.event, PagedBesides) for page in e.event.pages]
            also = {who for who, targets in draft.routes.targets.items() if targets and besides_all(targets, besides)}
            ours = {room.incident.labels["receiver"]} | also
            theirs = set(alertmanager_says(config["route"], labels))
            reachable = {who for who in theirs if draft.routes.targets[who]}
            assert ours & reachable == reachable and ours <= theirs, f"{name} {labels}"
            assert bool(room.incident.held) == (not draft.routes.targets[room.incident.labels["receiver"]])
            checked += 1
    assert checked >= 50


def besides_all(targets: list[str], paged: list[str]) -> bool:
    """Whether all of a receiver's targets were told besides."""
    return all(target.partition(":")[2] in paged for target in targets)


def test_a_workflow_holds_when_its_condition_does() -> None:
    by_id = {value["workflow"]["id"]: draft.load().book for _, draft, value in each("keep workflow")}
    night = by_id["business-hours-alert-handler"]
    for hour, wanted in ((3, False), (14, True)):
        context = Context(T0.replace(hour=hour), "mina", night)
        room = fold(decide(None, Declare("Slow", "SEV1", key="INC-1"), context))
        assert room is not None and ("buisnesshours" in room.incident.labels) is wanted
    critical = by_id["multi-condition-monitor-cel"]
    for labels, wanted in (({"severity": "critical"}, True), ({"severity": "minor"}, False)):
        room, _ = declared(critical, labels=labels, source="my-prometheus-2", environment="production")
        assert bool(room.incident.rules_applied) is wanted
