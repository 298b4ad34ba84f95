"""What can be done about an incident: the same on every screen that shows one."""

from __future__ import annotations

from typing import Final

from warroom.tui.actions.action import Action, action
from warroom.words import mark

SECTION: Final = mark("The incident")


def _of(intent: str, key: str, name: str, help: str, *, bar: bool = False, reads: bool = False) -> Action:
    # On the timeline some letters move the picture.
    scopes = ["board+" if bar else "board", "room+" if bar else "room"]
    if key not in "hlnvgjk0":
        scopes.append("timeline+" if intent == "update" else "timeline")
    where = " ".join(scopes)
    return action(f"incident.{intent}", key, name, help, f"intent('{intent}')", where, section=SECTION, reads=reads)


OF_INCIDENT: Final = (
    _of("ack", "a", mark("ack"), mark("Acknowledge: you have seen the page and look at it"), bar=True),
    _of("escalate", "e", mark("page"), mark("Escalate: page the next level, another one, or a person, now"), bar=True),
    _of(
        "update",
        "u",
        mark("update"),
        mark("Tell people: write an update, from a template, for one or more channels"),
        bar=True,
    ),
    _of("roles", "r", mark("roles"), mark("Assign, offer, accept or withdraw a role; tick off its duties"), bar=True),
    _of("handover", "h", mark("hand over"), mark("Hand your role over, with a card of how things stand"), bar=True),
    _of(
        "note",
        "n",
        mark("note"),
        mark("Write it down: note, theory, experiment, decision, change, task, evidence"),
        bar=True,
    ),
    _of(
        "work",
        "w",
        mark("work"),
        mark("Tasks and theories: add, take, finish, confirm, refute"),
        bar=True,
        reads=True,
    ),
    _of(
        "catchup",
        "c",
        mark("catch up"),
        mark("Catch me up: all there is to know in one screen"),
        bar=True,
        reads=True,
    ),
    _of("status", "t", mark("status"), mark("Set the status"), bar=True),
    _of("severity", "s", mark("sev"), mark("Assess the severity again"), bar=True),
    _of("act", "x", mark("more"), mark("Take over, decline, page again, call off, confirm, lift a hold"), bar=True),
    _of(
        "ahead",
        "f",
        mark("next"),
        mark("Who is paged when if nobody does anything, and why who was"),
        bar=True,
        reads=True,
    ),
    _of(
        "details",
        "i",
        mark("details"),
        mark("What is known of it: impact, times, cases, links; put right what is wrong"),
        reads=True,
    ),
    _of(
        "links",
        "l",
        mark("links"),
        mark("Chat, call, documents, tickets and other incidents it belongs to"),
        reads=True,
    ),
    _of(
        "people",
        "b",
        mark("people"),
        mark("Who is in the room and for how long: join, leave, who is tired, who could take over"),
        reads=True,
    ),
    _of(
        "timeline",
        "v",
        mark("timeline"),
        mark("The gap timeline at full size: scroll, zoom, open what was said"),
        reads=True,
    ),
    _of("clocks", "m", mark("clocks"), mark("Clocks of silence: what is due when, skip one with a reason"), reads=True),
    _of("topic", "y", mark("topic"), mark("Copy the topic line for the chat room"), reads=True),
    _of("snooze", "z", mark("snooze"), mark("Pause the escalation, with a reason and an end")),
    _of("reopen", "O", mark("reopen"), mark("Reopen a resolved incident")),
    _of("merge", "M", mark("merge"), mark("Close a duplicate: merge it into another incident")),
    _of("move", "R", mark("rules"), mark("Move the incident to the rules in force, after a look")),
)

READS: Final = frozenset(each.action for each in OF_INCIDENT if each.reads)
"""Intents of an incident that only open something to read."""
ABOUT_INCIDENT: Final = frozenset(each.action for each in OF_INCIDENT)
"""Intents that are about one incident."""
