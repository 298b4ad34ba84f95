"""Routing of alerts in other tools (Alertmanager's routes, Keep's workflows), turned into rules of a rulebook."""

from __future__ import annotations

import re
import re._parser as parser  # type: ignore[import-not-found]
from collections import Counter
from dataclasses import dataclass, field
from itertools import product
from typing import Any

Json = Any
MOST_WORDS = 50
"""Patterns that stand for more words than this are not spelled out."""

INTEGRATIONS = {"pagerduty_configs": "pagerduty", "opsgenie_configs": "opsgenie", "victorops_configs": "splunk-oncall"}
BUSINESS_HOURS = {"hour": "08:00-20:00", "weekday": "mon-fri"}
"""Keep's own figures where a workflow names none."""


@dataclass
class Routes:
    """Rules being written, with the policies, people, chat rooms and integrations that they need."""

    rules: dict[str, Json] = field(default_factory=dict)
    policies: dict[str, Json] = field(default_factory=dict)
    people: dict[str, Json] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)
    integrations: dict[str, Json] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    targets: dict[str, list[str]] = field(default_factory=dict)
    trees: int = 0

    # Alertmanager --------------------------------------------------------------------------------------------------

    def alertmanager(self, config: Json) -> None:
        """Routes are rules from the leaves up; whoever they lead to is a policy of one level."""
        for receiver in config["receivers"]:
            self._receiver(receiver)
        self.lost["inhibit_rules: a rule cannot ask what else is burning"] += len(config.get("inhibit_rules") or ())
        self.trees += 1
        self._route(config["route"], [], f"route-{self.trees}", {})

    def _receiver(self, receiver: Json) -> None:
        name = receiver["name"]
        contacts: dict[str, str] = {}
        targets: list[str] = []
        for kind, configs in receiver.items():
            for index, each in enumerate(configs if isinstance(configs, list) else ()):
                if kind == "email_configs":
                    contacts.setdefault("mail", each["to"])
                elif kind == "slack_configs":
                    self.rooms[each["channel"]] = f"receiver {name}"
                    targets.append(f"channel:{each['channel']}")
                elif kind == "webhook_configs":
                    contacts.setdefault("webhook", each["url"])
                elif kind == "pushover_configs":
                    contacts.setdefault("push", str(each["user_key"]))
                elif kind in INTEGRATIONS:
                    self._integration(name, index, INTEGRATIONS[kind], each)
                    room = f"#{name}"
                    self.rooms[room] = f"stands for {INTEGRATIONS[kind]} behind {name}"
                    targets.append(f"channel:{room}")
                else:
                    self.lost[f"{kind} of a receiver"] += 1
        if contacts:
            self.people[name] = {"name": name[:60], "contacts": contacts}
            targets.append(f"person:{name}")
        self.targets[name] = list(dict.fromkeys(targets))

    def _integration(self, receiver: str, index: int, kind: str, config: Json) -> None:
        found = {"kind": kind, "key": f"env:{re.sub(r'[^A-Z0-9]', '_', receiver.upper())}_KEY"}
        if kind == "splunk-oncall":
            found["routing_key"] = config["routing_key"]
        self.integrations[f"{receiver}-{index + 1}"] = {**found, "when": {"labels.receiver": receiver}}

    def _route(self, route: Json, above: list[Json], name: str, inherited: Json) -> None:
        settings = {**inherited, **{k: v for k, v in route.items() if k in _INHERITED}}
        for key in ("group_wait", "group_interval"):
            self.lost[f"{key}: pages go out at once and are bundled when many"] += key in route
        children = route.get("routes") or []
        conditions = [self._conditions(child) for child in children]
        for number, child in enumerate(children):
            where = [*above, *conditions[number]]
            later = [_all(each) for each in conditions[number + 1 :] if each]
            if child.get("continue") and later and self.targets.get(child.get("receiver", "")):
                both = [*where, {"any": later}]
                also = {"notify": self.targets[child["receiver"]]}
                self.rules[f"{name}-{number + 1}-also"] = {"when": _all(both), "then": also}
            self._route(child, where, f"{name}-{number + 1}", settings)
        goes_on = any(child.get("continue") for child in children)
        otherwise = [{"not": {"any": [_all(each) for each in conditions]}}] if goes_on else []
        self._leaf(route, [*above, *otherwise], name, settings)
        if goes_on and not route.get("continue"):
            # Whoever was found below goes on there alone, and not to what stands beside this one.
            self.rules[f"{name}-end"] = {"when": _all(above), "stop": True}

    def _leaf(self, route: Json, above: list[Json], name: str, settings: Json) -> None:
        receiver = settings["receiver"]
        then: dict[str, Json] = {"labels": {"receiver": receiver}}
        targets = self.targets.get(receiver)
        if targets:
            level: dict[str, Json] = {"label": receiver[:60], "targets": targets}
            policy: dict[str, Json] = {"levels": [level]}
            if "repeat_interval" in settings:
                level["ack_timeout"] = settings["repeat_interval"]
                policy["last"] = "stay"
            known = receiver if self.policies.get(receiver, policy) == policy else f"{receiver}-{name}"
            self.policies[known] = policy
            then["policy"] = known
        else:
            then["suppress"] = f"the receiver {receiver} has no address"
        grouped = settings.get("group_by") or []
        if len(grouped) == 1 and grouped != ["..."]:
            then["group"] = {"same": f"labels.{grouped[0]}"}
        elif len(grouped) > 1:
            self.lost["group_by several labels: a rule groups by one"] += 1
        self.rules[name] = {"when": _all(above), "then": then, "stop": not route.get("continue", False)}

    def _conditions(self, route: Json) -> list[Json]:
        """The conditions of one route, each a group of its own."""
        out: list[Json] = []
        for label, value in (route.get("match") or {}).items():
            out.append({f"labels.{label}": str(value)})
        for label, pattern in (route.get("match_re") or {}).items():
            out += self._by_pattern(label, str(pattern), holds=True)
        for text in route.get("matchers") or ():
            found = re.fullmatch(r'\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"?(.*?)"?\s*', text)
            assert found, text
            label, sign, value = found.groups()
            if "~" in sign:
                out += self._by_pattern(label, value, holds=sign == "=~")
            else:
                out.append({f"labels.{label}": value} if sign == "=" else {"not": {f"labels.{label}": value}})
        return out

    def _by_pattern(self, label: str, pattern: str, *, holds: bool) -> list[Json]:
        words = spelled_out(pattern)
        if words is None:
            self.lost["a regular expression that stands for endlessly many words"] += 1
            return []
        found = {f"labels.{label}": words}
        return [found if holds else {"not": found}]

    # Keep ----------------------------------------------------------------------------------------------------------

    def keep(self, workflow: Json) -> None:
        """A workflow is a rule when its condition speaks of the incident; its messages go to a chat room."""
        name = workflow["id"]
        triggers = [_cel(each["cel"]) for each in workflow["triggers"] if "cel" in each]
        self.rooms["#keep"] = "where workflows write"
        for number, action in enumerate(workflow["actions"], 1):
            when = list(triggers)
            condition = action.get("if", "")
            hours = re.fullmatch(r"keep\.is_business_hours\(timezone='([^']+)'\)", condition)
            if hours:
                when.append({**BUSINESS_HOURS, "zone": hours[1]})
            elif condition:
                self.lost["a workflow whose state moves on with every alert"] += 1
                continue
            given = action["provider"].get("with", {})
            labels = {each["key"]: str(each["value"]) for each in given.get("enrich_alert", ())}
            then: dict[str, Json] = {"labels": labels} if labels else {"notify": ["channel:#keep"]}
            self.rules[f"{name}-{number}"] = {"about": action["name"], "when": _all(when), "then": then}


_INHERITED = ("receiver", "group_by", "repeat_interval")


def _all(conditions: list[Json]) -> Json:
    if not conditions:
        return {}
    return conditions[0] if len(conditions) == 1 else {"all": conditions}


def _cel(text: str) -> Json:
    """A condition in CEL that is a row of comparisons. An alert's own severity is a label here."""
    out: dict[str, Json] = {}
    for part in text.split("&&"):
        equal = re.fullmatch(r'\s*(\w+)\s*==\s*"([^"]*)"\s*', part)
        holds = re.fullmatch(r'\s*(\w+)\.contains\("([^"]*)"\)\s*', part)
        found = equal or holds
        assert found, part
        field_name = "labels.severity" if found[1] == "severity" else found[1]
        out[field_name] = found[2] if equal else f"*{found[2]}*"
    return out


def spelled_out(pattern: str) -> list[str] | None:
    """The words that a regular expression stands for (`.*` as `*`), None for too many."""

    def words(items: Any) -> list[str] | None:
        parts: list[list[str]] = []
        for kind, value in items:
            found = one(str(kind), value)
            if found is None:
                return None
            parts.append(found)
        made = ["".join(each) for each in product(*parts)]
        return made if len(made) <= MOST_WORDS else None

    def one(kind: str, value: Any) -> list[str] | None:
        match kind:
            case "LITERAL":
                return [chr(value)]
            case "AT":
                return [""]
            case "SUBPATTERN":
                return words(value[-1])
            case "BRANCH":
                branches = [words(each) for each in value[1]]
                return None if any(each is None for each in branches) else [w for each in branches for w in each or ()]
            case "IN":
                singles = [one(str(each), what) for each, what in value]
                return None if any(each is None for each in singles) else [w for each in singles for w in each or ()]
            case "RANGE":
                return [chr(code) for code in range(value[0], value[1] + 1)]
            case "MAX_REPEAT" if str(value[2][0][0]) == "ANY" and value[0] in (0, 1):
                return ["*"]
        return None

    return words(parser.parse(pattern))
