"""Cases for two ladders that are held against each other: policies, figures and acts as plain values, by chance."""

from __future__ import annotations

from random import Random
from typing import Any

HORIZON = 110
"""How many minutes a case lasts."""

PEOPLE = ("ann", "ben", "cat", "dan", "eli", "fay")
MUTE = ("gus", "hal")
"""Nobody knows how to reach these."""

World = dict[str, Any]


def random_world(number: int) -> World:
    """The policies, figures and acts of a case, as plain values. Times are whole minutes from the declaration."""
    chance = Random(number)
    names = ["one", "two", "three"][: chance.choice((1, 1, 2, 3))]

    def maybe(value: Any, share: float = 0.5) -> Any:
        return value if chance.random() < share else None

    def target() -> dict[str, Any]:
        kind = chance.choice(("person", "person", "list", "team"))
        count = 1 if kind == "person" else chance.choice((0, 1, 2, 3))
        return {"kind": kind, "people": some(count)}

    def some(count: int) -> list[str]:
        return chance.sample((*PEOPLE, *MUTE), count)

    def when() -> dict[str, Any] | None:
        kind = chance.choice(("none",) * 5 + ("always", "never", "window"))
        start = chance.randint(0, 60)
        return None if kind == "none" else {"kind": kind, "start": start, "end": start + chance.randint(1, 40)}

    def question() -> dict[str, Any]:
        return {"by": some(chance.randint(1, 2)), "within": chance.randint(1, 8), "skip": chance.random() < 0.5}

    def level() -> dict[str, Any]:
        ack = maybe(chance.randint(1, 9), 0.8)
        return {
            "targets": [target() for _ in range(chance.choice((1, 1, 1, 2)))],
            "ack": ack,
            "resolve": maybe(chance.randint(1, 25), 0.6),
            "repeat": chance.choice((0, 0, 1, 2)) if ack else 0,
            "turns": chance.random() < 0.25,
            "when": when(),
            "warn": maybe(chance.randint(1, 6), 0.2),
            "confirm": maybe(question(), 0.2),
        }

    def policy(name: str) -> dict[str, Any]:
        stay = chance.random() < 0.25
        return {
            "name": name,
            "levels": [level() for _ in range(chance.randint(1, 4))],
            "cycles": chance.choice((1, 1, 2, 3)),
            "then": some(chance.choice((0, 1))),
            "fallback": chance.choice(("", *names)) if len(names) > 1 else "",
            "stay": stay,
            "stay_every": maybe(chance.randint(1, 12), 0.7) if stay else None,
        }

    acts = []
    for _ in range(chance.choice((0, 1, 3, 6, 10))):
        minute, kind = chance.randint(0, chance.choice((12, 40, HORIZON - 9))), chance.choice(ACTS)
        acts.append((minute, kind, chance.choice(PEOPLE), chance.randint(1, 4)))
        if kind in OFTEN_AFTER and chance.random() < 0.5:
            after = minute + chance.randint(0, 6)
            acts.append((after, chance.choice(OFTEN_AFTER[kind]), chance.choice(PEOPLE), chance.randint(1, 4)))
    acts.sort()
    return {
        "policies": {name: policy(name) for name in names},
        "lapses": maybe(chance.randint(2, 20), 0.5),
        "stalled": maybe(chance.randint(3, 30), 0.4),
        "turns": {name: chance.randint(0, 5) for name in names},
        "acts": acts,
    }


ACTS = (
    *("ack",) * 5,
    *("decline",) * 5,
    "next",
    "to level",
    "snooze",
    "snooze",
    "wake",
    "note",
    "status",
    "take over",
    "unack",
    "again",
    "call off",
    "resume",
    "resume",
    *("confirm",) * 3,
    *("refuse",) * 3,
)


OFTEN_AFTER = {
    "snooze": ("wake", "snooze"),
    "call off": ("resume",),
    "ack": ("unack", "take over", "confirm"),
    "decline": ("decline",),
}
