"""PagerDuty, Opsgenie, Jira Service Management and Splunk On-Call, in their own words: alerts that are triggered,
acknowledged and resolved under one key, so that a second try of the same word changes nothing there.

Sources: PagerDuty Events API v2 (published OpenAPI description), Opsgenie's OpenAPI description of its Alert API v2,
which Jira Service Management answers as well under another address, and the guide to the REST endpoint of Splunk
On-Call. The limits on lengths are theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from warroom.domain.routes import Integration, System
from warroom.senders.http import Call, json_call
from warroom.senders.wording import AGAIN
from warroom.store.outbox import Claimed

BASES: Final = {
    System.PAGERDUTY: "https://events.pagerduty.com",
    System.OPSGENIE: "https://api.opsgenie.com",
    System.JSM: "https://api.atlassian.com/jsm/ops/integration",
    System.SPLUNK_ONCALL: "https://alert.victorops.com/integrations/generic/20131114/alert",
}
"""The vendors' own addresses, up to where the path of the API begins."""

_PAGERDUTY_SEVERITY: Final = ("critical", "error", "warning", "info")
_SPLUNK_TYPE: Final = ("CRITICAL", "CRITICAL", "WARNING", "INFO")
CLIENT: Final = "warroom"


def call_of(message: Claimed, integration: Integration, key: str) -> Call:
    """The request that says to another system what `message` says."""
    base = integration.url or BASES[integration.system]
    facts = facts_of(message)
    match integration.system:
        case System.PAGERDUTY:
            return json_call(f"{base}/v2/enqueue", _pagerduty(message, facts, key))
        case System.SPLUNK_ONCALL:
            url = f"{base}/{quote(key, safe='')}/{quote(integration.routing, safe='')}"
            return json_call(url, _splunk(message, facts))
        case _:
            path, content = _opsgenie(message, facts)
            return json_call(f"{base}/v2/alerts{path}", content, {"Authorization": f"GenieKey {key}"})


def facts_of(message: Claimed) -> dict[str, Any]:
    """What is known of the incident; a message without facts (a test) speaks for itself."""
    try:
        found = json.loads(message.body)
    except ValueError:
        found = None
    usual = {"severity": "", "rank": 4, "title": message.subject, "service": "", "room": "", "key": message.key}
    usual |= {"by": "", "declared_at": message.created_at.isoformat(), "text": message.body}
    facts = usual | (found if isinstance(found, dict) else {})
    if message.maybe_twice:
        facts["text"] = f"{facts['text']}\n{AGAIN}"
    return facts


def _at(rank: object, words: tuple[str, ...]) -> str:
    """The word for the severity that is the `rank`-th from the worst, 1 being that one."""
    place = rank if isinstance(rank, int) else len(words)
    return words[min(max(place, 1), len(words)) - 1]


def _pagerduty(message: Claimed, facts: Mapping[str, Any], key: str) -> dict[str, Any]:
    content: dict[str, Any] = {"routing_key": key, "event_action": message.action, "dedup_key": message.dedup[:255]}
    if message.action != "trigger":
        return content
    payload = {
        "summary": message.subject[:1024] or facts["key"],
        "source": facts["service"] or facts["room"] or CLIENT,
        "severity": _at(facts["rank"], _PAGERDUTY_SEVERITY),
        "timestamp": facts["declared_at"],
        "custom_details": {
            "incident": facts["key"],
            "severity": facts["severity"],
            "state": facts["text"],
            "message": message.id,
        },
    }
    if facts["service"]:
        payload["component"] = facts["service"]
    if facts["room"]:
        payload["group"] = facts["room"]
    return {**content, "payload": payload, "client": CLIENT}


def _opsgenie(message: Claimed, facts: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    alias = message.dedup[:512]
    if message.action == "trigger":
        rank = facts["rank"] if isinstance(facts["rank"], int) else 5
        content = {
            "message": message.subject[:130] or facts["key"],
            "alias": alias,
            "description": str(facts["text"])[:15_000],
            "details": {"incident": facts["key"], "severity": facts["severity"], "message": message.id},
            "source": CLIENT,
            "priority": f"P{min(max(rank, 1), 5)}",
        }
        if facts["service"]:
            content["entity"] = str(facts["service"])[:512]
        return "", content
    word = "acknowledge" if message.action == "acknowledge" else "close"
    said = f"{'acknowledged' if word == 'acknowledge' else 'resolved'} in {CLIENT}"
    note = f"{said} by {facts['by']}" if facts["by"] else said
    acting = {"user": str(facts["by"])[:100]} if facts["by"] else {}
    return f"/{quote(alias, safe='')}/{word}?identifierType=alias", {**acting, "source": CLIENT, "note": note}


def _splunk(message: Claimed, facts: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {"acknowledge": "ACKNOWLEDGEMENT", "resolve": "RECOVERY"}
    content = {
        "message_type": kinds.get(message.action) or _at(facts["rank"], _SPLUNK_TYPE),
        "entity_id": message.dedup[:512],
        "entity_display_name": message.subject,
        "state_message": str(facts["text"])[:20_480],
        "monitoring_tool": CLIENT,
    }
    if message.action == "acknowledge" and facts["by"]:
        content["ack_author"] = str(facts["by"])
    return content
