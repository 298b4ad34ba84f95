"""The keys of an incident: one table for every screen that shows one, so that a key does the same wherever it is typed.

`action` names the intent that the key sends (`warroom.tui.intents`); a screen that shows an incident takes the table
into its own bindings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType
from textual.message import Message

from warroom.views import IncidentLine


class Intent(Message):
    """The person wants something done.

    `action` is the name of an intent in the table below, or of one that the screen has besides. `line` is the incident
    as the person saw it, so that a stale wish can be told from a fresh one; None where it is about no incident.
    """

    def __init__(self, action: str, line: IncidentLine | None) -> None:
        super().__init__()
        self.action = action
        self.line = line

    @property
    def key(self) -> str | None:
        """The key of the incident it is about."""
        return self.line.key if self.line is not None else None


@dataclass(frozen=True, slots=True)
class IncidentKey:
    """One key of an incident. `words` stand in the bar of keys where there is room (`bar`), `help` in the help;
    `reads`: it only opens something to read, so that it works in a room that may only be read, and in the past; what
    can be done there is refused then (`warroom.tui.reads`)."""

    key: str
    action: str
    words: str
    help: str
    bar: bool = False
    reads: bool = False


INCIDENT_KEYS = (
    IncidentKey("a", "ack", "ack", "Acknowledge: you have seen the page and look at it", bar=True),
    IncidentKey("e", "escalate", "page", "Escalate: page the next level, another one, or a person, now", bar=True),
    IncidentKey(
        "u", "update", "update", "Tell people: write an update, from a template, for one or more channels", bar=True
    ),
    IncidentKey("r", "roles", "roles", "Assign, offer, accept or withdraw a role; tick off its duties", bar=True),
    IncidentKey("h", "handover", "hand over", "Hand your role over, with a card of how things stand", bar=True),
    IncidentKey(
        "n", "note", "note", "Write it down: note, theory, experiment, decision, change, task, evidence", bar=True
    ),
    IncidentKey("w", "work", "work", "Tasks and theories: add, take, finish, confirm, refute", bar=True, reads=True),
    IncidentKey("c", "catchup", "catch up", "Catch me up: all there is to know in one screen", bar=True, reads=True),
    IncidentKey("t", "status", "status", "Set the status", bar=True),
    IncidentKey("s", "severity", "sev", "Assess the severity again", bar=True),
    IncidentKey("x", "act", "more", "Take over, decline, page again, call off, confirm, lift a hold", bar=True),
    IncidentKey(
        "f", "ahead", "next", "Who is paged when if nobody does anything, and why who was", bar=True, reads=True
    ),
    IncidentKey(
        "i",
        "details",
        "details",
        "What is known of it: impact, times, cases, links; put right what is wrong",
        reads=True,
    ),
    IncidentKey("l", "links", "links", "Chat, call, documents, tickets and other incidents it belongs to", reads=True),
    IncidentKey(
        "b",
        "people",
        "people",
        "Who is in the room and for how long: join, leave, who is tired, who could take over",
        reads=True,
    ),
    IncidentKey(
        "v", "timeline", "timeline", "The gap timeline at full size: scroll, zoom, open what was said", reads=True
    ),
    IncidentKey("m", "clocks", "clocks", "Clocks of silence: what is due when, skip one with a reason", reads=True),
    IncidentKey("y", "topic", "topic", "Copy the topic line for the chat room", reads=True),
    IncidentKey("z", "snooze", "snooze", "Pause the escalation, with a reason and an end"),
    IncidentKey("O", "reopen", "reopen", "Reopen a resolved incident"),
    IncidentKey("M", "merge", "merge", "Close a duplicate: merge it into another incident"),
    IncidentKey("R", "move", "rules", "Move the incident to the rules in force, after a look"),
)

BAR_ORDER = (
    "ack", "escalate", "update", "note", "open", "roles", "declare", "handover", "status", "severity", "catchup",
    "work", "act", "ahead", "filter", "oncall", "rulebook",
)  # fmt: skip
"""What the bar of keys names first: where it is short, what comes last in it goes first."""

READS = frozenset(key.action for key in INCIDENT_KEYS if key.reads)
"""Intents of an incident that only open something to read."""
ABOUT_INCIDENT = frozenset(key.action for key in INCIDENT_KEYS)
"""Intents that are about one incident."""


def intent(key: str, action: str, words: str, tooltip: str, *, scope: str, show: bool = True) -> Binding:
    """A key that sends an intent; `scope` names the screen in the binding's id, under which it can be remapped."""
    return Binding(key, f"intent('{action}')", words, show=show, tooltip=tooltip, id=f"{scope}.{action}")


def incident_bindings(scope: str) -> list[Binding]:
    """The table as bindings of a screen, which has an `action_intent`."""
    return [intent(k.key, k.action, k.words, k.help, scope=scope, show=k.bar) for k in INCIDENT_KEYS]


def in_bar_order(bindings: Iterable[BindingType]) -> list[BindingType]:
    """A screen's bindings, those that `BAR_ORDER` names first and in its order."""
    place = {f"intent('{action}')": number for number, action in enumerate(BAR_ORDER)}
    place |= {action: number for number, action in enumerate(BAR_ORDER)}

    def rank(binding: BindingType) -> int:
        return place.get(binding.action, len(place)) if isinstance(binding, Binding) else len(place)

    return sorted(bindings, key=rank)
