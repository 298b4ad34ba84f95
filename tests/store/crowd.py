"""Several processes at once on one file, forked when everything is imported.

    python -m tests.store.crowd work FILE PROCESSES COMMANDS
    python -m tests.store.crowd open FILE PROCESSES

Prints one JSON object with what each process did, by its login. Made for `test_write` and `test_schema`.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.bench.quick import quick_rules
from tests.support import REPOSITORY
from warroom.domain.core import Stale
from warroom.domain.incident import Declare
from warroom.domain.record import AddNote
from warroom.domain.roles import LEAD, AssignRole
from warroom.service.session import Session
from warroom.store import codec

INCIDENTS = 3


def crowd(*arguments: object) -> dict[str, Any]:
    """Run this module in a process of its own; returns what its processes did."""
    command = [sys.executable, "-m", __name__, *map(str, arguments)]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))


def work(path: Path, login: str, start: Any, commands: str) -> dict[str, Any]:
    """Write a note, or take the lead of an incident from whom one saw it with a moment ago."""
    chance, done, stale = random.Random(login), [], 0
    with Session(path, actor=login, seed=quick_rules) as session:
        seen = dict.fromkeys((f"Q-{number}" for number in range(1, INCIDENTS + 1)), "")
        start.wait(30)
        for count in range(int(commands)):
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
    return {"done": done, "stale": stale}


def open_at_once(path: Path, login: str, start: Any) -> dict[str, Any]:
    """Open the room, whatever state its file is in, and declare an incident."""
    start.wait(30)
    with Session(path, actor=login, seed=quick_rules) as session:
        return {
            "schema": session.standing.schema_version,
            "key": session.execute(Declare("one more", "SEV2")).key,
        }


def prepare(path: Path) -> None:
    """A room with a few incidents in which nothing falls due."""
    with Session(path, actor="mina", seed=quick_rules) as session:
        for _ in range(INCIDENTS):
            session.execute(Declare("quiet", "SEV2"))


def _tell(pipe: Connection, what: Callable[..., dict[str, Any]], *arguments: Any) -> None:
    pipe.send(what(*arguments))


def main(arguments: list[str]) -> int:
    what, path, processes = arguments[0], Path(arguments[1]), int(arguments[2])
    codec.warm()
    context = multiprocessing.get_context("fork")
    if what == "work":
        first = context.Process(target=prepare, args=(path,))
        first.start()
        first.join(30)
    start, pipes = context.Barrier(processes), {}
    for number in range(processes):
        login = f"p{number}"
        pipes[login], theirs = context.Pipe()
        job = (theirs, work if what == "work" else open_at_once, path, login, start, *arguments[3:])
        context.Process(target=_tell, args=job, daemon=True).start()
        theirs.close()
    shares = {login: pipe.recv() if pipe.poll(40) else None for login, pipe in pipes.items()}
    sys.stdout.write(json.dumps(shares))
    return 0 if all(shares.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
