"""Several processes that work on the same incidents: `python -m tests.store.crowd FILE PROCESSES COMMANDS`.

Prints one JSON object: by login, what that process did, as pairs of incident and number in its record, and how often
it was told that the room had moved on. Made for `test_write`.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.bench.quick import quick_rules
from warroom.domain.core import Stale
from warroom.domain.incident import Declare
from warroom.domain.record import AddNote
from warroom.domain.roles import LEAD, AssignRole
from warroom.service.session import Session

INCIDENTS = 3


def work(path: Path, login: str, commands: int, start: Any, pipe: Connection) -> None:
    """Write a note, or take the lead of an incident from whom one saw it with a moment ago."""
    chance, done, stale = random.Random(login), [], 0
    with Session(path, actor=login, seed=quick_rules) as session:
        seen = dict.fromkeys((f"Q-{number}" for number in range(1, INCIDENTS + 1)), "")
        start.wait(30)
        for count in range(commands):
            key = chance.choice(list(seen))
            if count % 2:
                done.append((key, session.execute(AddNote(f"{login} {count}"), key).room.version))
                continue
            other = f"{login}-{count}"
            try:
                outcome = session.execute(AssignRole(LEAD, other, "in turn", seen=seen[key]), key)
                done.append((key, outcome.room.version))
                seen[key] = other
            except Stale:
                stale += 1
                seen[key] = session.room(key).roles.holder(LEAD)
    pipe.send({"done": done, "stale": stale})


def prepare(path: Path) -> None:
    """A room with a few incidents in which nothing falls due."""
    with Session(path, actor="mina", seed=quick_rules) as session:
        for _ in range(INCIDENTS):
            session.execute(Declare("quiet", "SEV2"))


def main(arguments: list[str]) -> int:
    path, processes, commands = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    context = multiprocessing.get_context("fork")
    first = context.Process(target=prepare, args=(path,))
    first.start()
    first.join(30)
    start, children = context.Barrier(processes), []
    for number in range(processes):
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(path, f"p{number}", commands, start, theirs), daemon=True)
        process.start()
        children.append((f"p{number}", ours))
    shares = {login: pipe.recv() if pipe.poll(40) else None for login, pipe in children}
    sys.stdout.write(json.dumps(shares))
    return 0 if all(shares.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
