"""`warroom demo`: a room of its own in which a written scenario has happened and goes on happening."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from warroom.clock import Clock
from warroom.demo import scenario
from warroom.demo.people import People
from warroom.domain.core import Refused
from warroom.engine.runtime import Place
from warroom.rulebook.load import seed_rulebook
from warroom.senders.file import FileSender
from warroom.senders.worker import Worker
from warroom.service.session import Session


def play_past(session: Session, told: scenario.Scenario, opening: datetime, outbox_file: Path) -> None:
    """Let everything happen that was before `opening`, timers and messages included, each at its time."""
    time = [opening]
    keys: dict[str, str] = {}
    worker = Worker(lambda: session, FileSender(outbox_file), clock=lambda: time[0])
    for step in sorted(told.past, key=lambda s: s.at):
        _let_pass(session, time, opening + step.at, worker)
        key = keys.get(step.on, "")
        waiting = session.room(key).comms.proposals if step.do == "approve" else ()
        wish = scenario.command(step, opening, waiting[-1].id if waiting else 0)
        try:
            outcome = session.writer.execute(wish, key=key, actor=step.who, now=lambda: time[0])
        except Refused:
            if step.unless_refused:
                continue
            raise
        if step.call:
            keys[step.call] = outcome.key
    _let_pass(session, time, opening, worker)


def _let_pass(session: Session, time: list[datetime], until: datetime, worker: Worker) -> None:
    while (due := session.writer.next_due()) is not None and due <= until:
        time[0] = due
        session.writer.tick(lambda: time[0])
    time[0] = until
    while worker.pass_once(session):
        pass


def make_room(path: Path, *, speed: float, opening: datetime, real: datetime | None = None) -> scenario.Scenario:
    """Make the demo room at `path`: since the real moment `real` (default: `opening`) its time runs from `opening` on,
    `speed` times as fast."""
    told = scenario.load()
    seed = seed_rulebook()
    named = replace(seed, book=replace(seed.book, room="demo"))
    clock = Clock(real or opening, opening, speed)
    with Session(path, actor="demo", seed=lambda: named, new_clock=clock) as session:
        play_past(session, told, opening, Path(f"{path}.outbox.jsonl"))
    return told


def run(*, speed: float, actor: str, login: str, db: str | None = None, show: Callable[[Place], int]) -> int:
    """Open the demo room with `show` (the board, or something without a screen); returns its exit status.

    Without `db` the room is temporary and goes when the last look at it ends.
    """
    folder = Path(tempfile.mkdtemp(prefix="warroom-demo-")) if db is None else None
    path = Path(db) if db is not None else Path(folder or ".") / "demo.db"
    opening = datetime.now(UTC)
    try:
        told = make_room(path, speed=speed, opening=opening)
        clock = Clock(opening, opening, speed)
        place = Place(str(path), actor, login)
        people = People(place.session, told.living, clock, opening)
        people.start()
        try:
            return show(place)
        finally:
            people.stop()
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
