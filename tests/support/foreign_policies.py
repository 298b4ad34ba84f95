"""Escalation policies, schedules and routes of other tools, turned into the sections of a rulebook.

A `Draft` takes what their APIs give (already parsed) and collects sections, overrides and what could not be expressed,
each with a reason. Logins and names are the other tool's ids. Contacts are invented, since these APIs keep them apart.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.foreign_routes import Routes
from warroom.domain.duty import Override
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import read_rulebook
from warroom.rulebook.values import DAYS, duration_text

Json = Any
DAY_S, WEEK_S = 86_400, 7 * 86_400

OPSGENIE_TURNS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
_WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
OPSGENIE_DAYS = dict(zip(_WEEK, DAYS, strict=True))
VICTOROPS_DAYS = dict(zip(("m", "t", "w", "th", "f", "sa", "su"), DAYS, strict=True))
LONG_AGO = datetime.fromisoformat("2000-01-01")


def find(document: Json) -> Iterator[tuple[str, Json]]:
    """Everything in a document that a rulebook has a section for, as (kind, value), however deep it stands."""
    if isinstance(document, list):
        for each in document:
            yield from find(each)
    if not isinstance(document, dict):
        return
    kind = kind_of(document)
    if kind:
        yield kind, document
    for name, each in document.items():
        if not (kind == "pagerduty schedule" and name == "overrides"):  # they are taken with it
            yield from find(each)


def kind_of(value: Mapping[str, Json]) -> str:
    """What an object of another tool is, told by the members it has; "" for nothing that is known here."""
    keys = set(value)
    if "escalation_rules" in keys:
        return "pagerduty policy"
    if "schedule_layers" in keys:
        return "pagerduty schedule"
    if {"escalation_policy", "acknowledgement_timeout", "name"} <= keys:
        return "pagerduty service"
    if {"escalation_policy_steps", "escalation_policies"} <= keys:
        return "normalized policies"
    if keys <= {"start", "end", "user", "id"} and len(keys) >= 3 and "user" in keys:
        return "pagerduty override"
    if {"alias", "user", "startDate", "endDate"} <= keys:
        return "opsgenie override"
    if "rotations" in keys and "timezone" in keys:
        return "opsgenie schedule"
    if "rules" in keys and any("notifyType" in rule for rule in value["rules"]):
        return "opsgenie policy"
    if "route" in keys and "receivers" in keys:
        return "alertmanager"
    if "workflow" in keys and "triggers" in value["workflow"]:
        return "keep workflow"
    if "rotations" in keys and any("shifts" in each for each in value["rotations"]):
        return "victorops team"
    return ""


def slug(text: str) -> str:
    """A name that a rulebook takes: one word."""
    return re.sub(r"[^\w.-]+", "-", text.strip()).strip("-._") or "unnamed"


@dataclass
class Draft:
    """A rulebook being written. `known` is what other files have by id, for policies and services that point at it."""

    known: Mapping[str, Json] = field(default_factory=dict)
    people: dict[str, Json] = field(default_factory=dict)
    policies: dict[str, Json] = field(default_factory=dict)
    schedules: dict[str, Json] = field(default_factory=dict)
    services: dict[str, Json] = field(default_factory=dict)
    teams: dict[str, Json] = field(default_factory=dict)
    routes: Routes = field(default_factory=Routes)
    overrides: list[Override] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)

    # Putting it together -------------------------------------------------------------------------------------------

    def take(self, kind: str, value: Json) -> None:
        """One object of another tool."""
        self.taken[kind] += 1
        match kind:
            case "pagerduty policy":
                self._pagerduty_policy(value)
            case "pagerduty schedule":
                self._pagerduty_schedule(value)
            case "pagerduty service":
                self._pagerduty_service(value)
            case "normalized policies":
                self._normalized(value)
            case "opsgenie policy":
                self._opsgenie_policy(value)
            case "pagerduty override":
                self._override("schedule", self.person(value["user"]), value["start"], value["end"])
            case "opsgenie override":
                self._override("schedule", self.person(value["user"]), value["startDate"], value["endDate"])
                if value.get("rotations"):
                    self.lost["an override of one rotation alone: ours is of the whole schedule"] += 1
            case "opsgenie schedule":
                self._opsgenie_schedule(value)
            case "victorops team":
                self._victorops_team(value)
            case "alertmanager":
                self.routes.alertmanager(value)
            case "keep workflow":
                self.routes.keep(value["workflow"])
            case _:
                raise ValueError(kind)

    def everything_lost(self) -> Counter[str]:
        """What could not be expressed, each with how often."""
        return self.lost + self.routes.lost

    def sections(self) -> dict[str, Json]:
        """The rulebook: what was taken, and the least of everything else."""
        policies = {**self.policies, **self.routes.policies}
        people = {**self.people, **self.routes.people}
        some = next(iter(policies), None)
        sections: dict[str, Json] = {
            "room": {"name": "imported", "prefix": "INC"},
            "severities": {
                "SEV1": {
                    "rank": 1,
                    "glyph": "!",
                    "title": "critical",
                    "major": True,
                    **({"policy": some} if some else {}),
                }
            },
            "role_defaults": {"remind_every": "5m", "remind_times": 3, "offer_lapses": "10m"},
            "roles": {"incident-manager": {"title": "incident manager"}},
            "channels": {"internal": {"title": "internal", "audience": "internal"}},
            "reminders": [],
            "watch": {"channel": "internal", "cadence": "30m"},
            "policies": policies,
            "people": people,
            "schedules": self.schedules,
            "services": self.services,
            "teams": self.teams,
            "chat_rooms": self.routes.rooms,
            "rules": self.routes.rules,
        }
        if self.routes.integrations:
            sections["delivery"] = {"integrations": self.routes.integrations}
        return sections

    def load(self) -> Loaded:
        """The rulebook, through the product's own loader; raises `RulebookError` when it does not take it."""
        return read_rulebook({"imported.yaml": json.dumps(self.sections(), indent=1).encode()})

    def person(self, reference: Mapping[str, Json]) -> str:
        """A login for a user who is pointed at."""
        login = slug(str(reference.get("id") or reference.get("username") or reference.get("name")))
        name = str(reference.get("summary") or reference.get("name") or reference.get("username") or login)
        self.people.setdefault(login, {"name": name[:60], "contacts": {"chat": f"@{login}"}})
        return login

    def _target(self, reference: Mapping[str, Json]) -> str:
        kind = str(reference.get("type", "")).lower()
        if kind.startswith("user"):
            return f"person:{self.person(reference)}"
        if kind.startswith("schedule"):
            return f"oncall:{self._schedule(reference)}"
        raise ValueError(f"a target of type {kind}")

    def _schedule(self, reference: Mapping[str, Json]) -> str:
        """The schedule that is pointed at; one that no file has becomes one without anybody."""
        name = slug(str(reference["id"]))
        if name not in self.schedules:
            self._pull(reference, "a policy points at a schedule that the files do not have")
            stand_in = self.person({"id": f"on-call-of-{name}"}) if name not in self.schedules else ""
            self.schedules.setdefault(name, {"layers": {"unknown": {"people": [stand_in]}}})
        return name

    def _pull(self, reference: Mapping[str, Json], otherwise: str) -> None:
        """Take what is pointed at from another file, without counting it twice; say so where no file has it."""
        found = self.known.get(str(reference["id"]))
        if found is None:
            self.lost[otherwise] += 1
            return
        taken = Counter(self.taken)
        self.take(kind_of(found), found)
        self.taken = taken

    # PagerDuty -----------------------------------------------------------------------------------------------------

    def _pagerduty_policy(self, policy: Json) -> None:
        levels = []
        for number, rule in enumerate(policy["escalation_rules"], 1):
            targets = list(dict.fromkeys(self._target(each) for each in rule["targets"]))
            level = {
                "label": f"level {number}",
                "targets": targets,
                "ack_timeout": f"{rule['escalation_delay_in_minutes']}m",
            }
            strategy = rule.get("escalation_rule_assignment_strategy", {}).get("type")
            if strategy == "round_robin":
                level["mode"] = "round_robin"
            levels.append(level)
        name = slug(policy.get("id") or policy["name"])
        self.policies[name] = {"levels": levels, "cycles": policy.get("num_loops", 0) + 1}

    def _pagerduty_service(self, service: Json) -> None:
        policy = slug(service["escalation_policy"]["id"])
        found: dict[str, Json] = {"title": service["name"][:60]}
        if policy not in self.policies:
            self._pull(service["escalation_policy"], "a service points at a policy that the files do not have")
        if policy in self.policies:
            found["policy"] = policy
        for each in service["teams"][:1]:
            self.teams.setdefault(slug(each["id"]), [self.person({"id": f"{each['id']}-member"})])
            found["owner"] = slug(each["id"])
        if service["acknowledgement_timeout"]:
            self.lost["acknowledgement_timeout of one service: ours belongs to the severity"] += 1
        if service["auto_resolve_timeout"]:
            self.lost["auto_resolve_timeout: an incident is never resolved by time alone"] += 1
        if (service.get("incident_urgency_rule") or {}).get("type") == "use_support_hours":
            self.lost["urgency by the support hours of one service"] += 1
        self.services[slug(service["id"])] = found

    def _pagerduty_schedule(self, schedule: Json) -> None:
        zone = schedule["time_zone"]
        layers: dict[str, Json] = {}
        # The API lists the layer that counts most first; a request that makes a schedule lists it last.
        for number, layer in enumerate(schedule["schedule_layers"], 1):
            people = [self.person(each["user"]) for each in layer["users"]]
            if not people:
                continue
            name = slug(f"{layer.get('name') or 'layer'}-{number}")
            start, end = local(layer["start"], zone), layer.get("end") and local(layer["end"], zone)
            length = timedelta(seconds=layer["rotation_turn_length_seconds"])
            virtual = local(layer["rotation_virtual_start"], zone)
            hours = [_pagerduty_window(each) for each in layer.get("restrictions") or ()]
            self._turns(layers, name, people, start, end, virtual, length, zone, hours)
        name = slug(schedule.get("id") or schedule["name"])
        self.schedules[name] = {"zone": zone, "layers": layers or {"nobody": {"people": [[]]}}}
        for each in schedule.get("overrides") or ():
            self._override(name, self.person(each["user"]), each["start"], each["end"])

    def _override(self, schedule: str, person: str, start: str, end: str) -> None:
        begins, ends = (datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC) for text in (start, end))
        if begins < ends:
            self.overrides.append(Override(len(self.overrides) + 1, schedule, person, begins, ends))

    def _turns(
        self,
        layers: dict[str, Json],
        name: str,
        people: list[Json],
        start: datetime,
        end: datetime | None,
        virtual: datetime,
        length: timedelta,
        zone: str,
        hours: list[Json],
    ) -> None:
        """One layer of turns: `virtual` is when a turn of the first one begins, `start` from when the layer counts.

        A rulebook's turns are counted from the layer's start, at most a day before it, or a week where the day of the
        week is named. What is left of a longer turn stands as a shift of its own before them.
        """
        if start.second or (end and end.second):
            self.lost["seconds of a layer's beginning or end: rounded up to the minute"] += 1
            start, end = up(start), end and up(end)
        turn = (start - virtual) // length
        begins = virtual + turn * length
        first = people[turn % len(people) :] + people[: turn % len(people)]
        more = {"hours": hours} if hours else {}
        if end is not None:
            more["until"] = minute(end)
        whole_weeks = not length % timedelta(weeks=1)
        reach = timedelta(weeks=1) if whole_weeks else timedelta(days=1)
        if start - begins >= reach and len(people) > 1:
            following = begins + length
            shift = {"start": minute(start), "end": minute(min(following, end or following)), "people": first[0]}
            layers[f"{name}-first"] = {"shifts": [shift], **more}
            first = first[1:] + first[:1]
            start = begins = following
        if end is None or start < end:
            day = {"day": DAYS[begins.weekday()]} if whole_weeks else {}
            rotate = {"rotate": duration_text(length), "handoff": f"{begins:%H:%M}", "start": minute(start)}
            layers[name] = {"people": first, **rotate, **day, **more}

    def _normalized(self, document: Json) -> None:
        """Policies as a migration tool writes them down: steps with a position and an ISO 8601 duration."""
        for policy in document["escalation_policies"]:
            steps = [
                each for each in document["escalation_policy_steps"] if each["escalation_policy_id"] == policy["id"]
            ]
            levels = []
            for step in sorted(steps, key=lambda each: each["position"]):
                targets = [
                    self._target({"id": each["target_id"], "type": each["target_type"]})
                    for each in document["escalation_policy_step_targets"]
                    if each["escalation_policy_step_id"] == step["id"]
                ]
                minutes = re.fullmatch(r"PT([0-9]+)M", step["timeout"])
                assert minutes, step["timeout"]
                timeout = f"{minutes[1]}m"
                levels.append({"label": f"level {step['position'] + 1}", "targets": targets, "ack_timeout": timeout})
            self.policies[slug(policy["id"])] = {"levels": levels, "cycles": policy["repeat_limit"] + 1}

    # Opsgenie ------------------------------------------------------------------------------------------------------

    def _opsgenie_policy(self, policy: Json) -> None:
        """Their delays count from the alert, ours from the level before; what they have in common is one level."""
        steps: dict[int, list[str]] = {}
        for rule in policy["rules"]:
            if rule["notifyType"] not in ("default", "all", "next", "previous", "users", "admins"):
                self.lost["a notifyType that the API does not document: taken as default"] += 1
            minutes = int(rule.get("delay", {}).get("timeAmount", 0))
            target = self._target(rule["recipient"])
            if target not in steps.setdefault(minutes, []):
                steps[minutes].append(target)
        if not steps:
            return
        moments = sorted(steps)
        if moments[0]:
            self.lost["a wait before the first page: ours goes out at once"] += 1
        levels: list[Json] = []
        for number, at in enumerate(moments, 1):
            level = {"label": f"level {number}", "targets": steps[at]}
            if number < len(moments):
                level["ack_timeout"] = f"{moments[number] - at}m"
            levels.append(level)
        found: dict[str, Json] = {"levels": levels}
        repeat = policy.get("repeat") or {}
        if repeat.get("count"):
            found["cycles"] = repeat["count"] + 1
            levels[-1]["ack_timeout"] = f"{repeat.get('waitInterval') or 1}m"
        self.policies[slug(policy["id"])] = found

    def _opsgenie_schedule(self, schedule: Json) -> None:
        zone = schedule["timezone"]
        layers: dict[str, Json] = {}
        for number, rotation in enumerate(schedule["rotations"], 1):
            if rotation.get("enabled") is False:
                continue
            people: list[Json] = []
            for each in rotation["participants"]:
                if each["type"] == "user":
                    people.append(self.person(each))
                elif each["type"] == "none":
                    people.append([])
                else:
                    self.lost[f"a {each['type']} takes a turn in a rotation"] += 1
            length = OPSGENIE_TURNS[rotation["type"]] * rotation.get("length", 1)
            start = virtual = local(rotation["startDate"], zone)
            if start < LONG_AGO:
                # Moved by whole rounds, which changes no turn: a rulebook's layers begin after 1970.
                around = length * len(people)
                start = virtual = start + around * (-((start - LONG_AGO) // around))
            end = rotation.get("endDate") and local(rotation["endDate"], zone)
            hours = self._opsgenie_hours(rotation.get("timeRestriction"))
            name = slug(f"{rotation['name']}-{number}")
            self._turns(layers, name, people, start, end, virtual, length, zone, hours)
        # Every rotation of theirs that has somebody counts.
        self.schedules[slug(schedule["id"])] = {
            "zone": zone,
            "combine": "all",
            "layers": layers or {"nobody": {"people": [[]]}},
        }

    def _opsgenie_hours(self, restriction: Json) -> list[Json]:
        if not restriction:
            return []
        spans = restriction.get("restrictions") or [restriction["restriction"]]
        out = []
        for each in spans:
            window = {
                "start": f"{each.get('startHour', 0):02}:{each.get('startMin', 0):02}",
                "end": f"{each.get('endHour', 0):02}:{each.get('endMin', 0):02}",
            }
            if "startDay" in each:
                window |= {"days": [OPSGENIE_DAYS[each["startDay"]]], "to": OPSGENIE_DAYS[each["endDay"]]}
            out.append(window)
        return out

    # Splunk On-Call (VictorOps) ------------------------------------------------------------------------------------

    def _victorops_team(self, team: Json) -> None:
        """A team's rotations, each a schedule; its shifts are layers with a mask of days and times."""
        for rotation in team["rotations"]:
            layers: dict[str, Json] = {}
            zone = "UTC"
            for number, shift in enumerate(rotation["shifts"], 1):
                zone = shift["timezone"]
                people = [self.person({"id": each["username"]}) for each in shift["shiftMembers"]]
                start = local(shift["start"], zone)
                hours = [
                    {
                        "days": [DAYS_OF for key, DAYS_OF in VICTOROPS_DAYS.items() if mask["day"].get(key)],
                        "start": f"{span['start']['hour']:02}:{span['start']['minute']:02}",
                        "end": f"{span['end']['hour']:02}:{span['end']['minute']:02}",
                    }
                    for mask in (shift["mask"], shift.get("mask2"), shift.get("mask3"))
                    if mask
                    for span in mask["time"]
                ]
                length = timedelta(days=shift["duration"])
                name = slug(f"{shift.get('label') or 'shift'}-{number}")
                self._turns(layers, name, people, start, None, start, length, zone, hours)
            self.schedules[slug(rotation["label"])] = {"zone": zone, "combine": "all", "layers": layers}


def _pagerduty_window(restriction: Json) -> Json:
    hour, minutes, _ = (int(each) for each in restriction["start_time_of_day"].split(":"))
    begins = hour * 60 + minutes
    ends = begins + restriction["duration_seconds"] // 60
    window: dict[str, Json] = {
        "start": f"{begins // 60:02}:{begins % 60:02}",
        "end": f"{ends // 60 % 24:02}:{ends % 60:02}",
    }
    if restriction["type"] == "weekly_restriction":
        day = (restriction["start_day_of_week"] - 1) % 7  # from Monday = 1; some write Sunday as 0
        window |= {"days": [DAYS[day]], "to": DAYS[(day + ends // (24 * 60)) % 7]}
    return window


def local(text: str, zone: str) -> datetime:
    """A moment as clocks in `zone` show it; one without an offset is theirs already."""
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (
        at.replace(microsecond=0)
        if at.tzinfo is None
        else at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
    )


def up(at: datetime) -> datetime:
    """The next full minute."""
    return at if not at.second else at.replace(second=0) + timedelta(minutes=1)


def minute(at: datetime) -> str:
    """A naive time as a rulebook writes it."""
    return f"{at:%Y-%m-%d %H:%M}"


def users(document: Json) -> Iterable[Json]:
    """Every user that a document describes in full."""
    if isinstance(document, list):
        for each in document:
            yield from users(each)
    elif isinstance(document, dict):
        if {"email", "name", "id"} <= set(document):
            yield document
        for each in document.values():
            yield from users(each)
