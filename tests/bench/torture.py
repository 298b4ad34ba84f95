"""Engines that are killed at random while thousands of steps fall due: is any step or message lost, or done twice?

    python -m tests.bench.torture --engines 8 --kills 200
    python -m tests.bench.torture --engines 8 --kills 200 --seed-rules --http

A room in a temporary directory holds many incidents whose timers run out every second or so. Several processes, each
with the real engine and the real sender to a file, keep it going, and are killed (SIGKILL) at random and started anew,
while one more process gives commands. Then all of it is let run dry, and the record is played once more by one process
alone (`tests.bench.replay`). Prints one JSON object; the exit status is 1 when anything was lost, doubled or broken.
Ends by itself, and ends only processes that it has started.

With `--seed-rules` the room has the rules that come with warroom, schedules, limits and all, and a clock that runs
sixty times as fast (`--speed`), so that five minutes to acknowledge are five seconds. With `--http` every message goes
through the senders to a receiver on loopback that writes down what it gets, and that refuses some requests and breaks
off some connections after it got the message. What failed several times may still wait for its next try in the end
(`waiting`): that is minutes away.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tests.bench.crowded import NOON
from tests.bench.quick import quick_rules
from tests.bench.replay import Verdict, verify
from warroom.clock import REAL, Clock
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Command, Refused
from warroom.domain.escalation import Acknowledge, Escalate
from warroom.domain.incident import Declare
from warroom.domain.record import AddNote
from warroom.domain.roles import AssignRole, LeaveRole
from warroom.engine.engine import Engine
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import read_over, seed_rulebook
from warroom.senders.file import FileSender
from warroom.senders.secrets import Secrets
from warroom.senders.worker import Worker
from warroom.service.session import Session
from warroom.store import codec, doctor, outbox
from warroom.store.database import Database

# Forked, since everything is imported by then; the parent opens no database and has no thread before the last fork.
CONTEXT = multiprocessing.get_context("fork")
PARENT = os.getpid()
DRAIN_S = 60.0
"""How long it may take to send what still waits in the end, in seconds."""
WAITING = select(outbox.OUTBOX.c.id).where(outbox.OUTBOX.c.state.in_(outbox.PENDING))
STATES = select(outbox.OUTBOX.c.state, func.count()).group_by(outbox.OUTBOX.c.state)


@dataclass(frozen=True, slots=True)
class Room:
    """Where everything is. `lease` is how long a claimed message may take before it counts as unknown; `rules` the
    rules in force, `clock` the room's own, `port` that of the receiver (None: messages go to a file)."""

    path: Path
    lease: timedelta
    rules: Loaded
    clock: Clock = REAL
    port: int | None = None

    @property
    def outbox(self) -> Path:
        return self.path.with_name("outbox.jsonl")

    def session(self, login: str = "torture") -> Session:
        return Session(self.path, actor=login, seed=lambda: self.rules, new_clock=self.clock, login=login)

    def worker(self, login: str = "torture") -> Worker:
        secrets = None if self.port is None else Secrets()
        return Worker(
            lambda: self.session(login), FileSender(self.outbox), clock=self.clock, lease=self.lease, secrets=secrets
        )


_DELIVERY = """
delivery:
  ways:
    chat: {{to: ["http://127.0.0.1:{port}/chat/{{address}}"]}}
    sms: {{to: ["http://127.0.0.1:{port}/sms/{{address}}"]}}
    phone: {{to: ["http://127.0.0.1:{port}/phone/{{address}}"]}}
    mail:
      to: ["http://127.0.0.1:{port}/broken/{{address}}", "http://127.0.0.1:{port}/mail/{{address}}"]
      timeout: 1s
  channels:
    internal: {{to: ["http://127.0.0.1:{port}/internal"]}}
  bundle: {{more_than: 20, within: 2s}}
  patience: 20s
"""


def rules_of(seed_rules: bool, port: int | None) -> Loaded:
    """The rules of a run; with a receiver they say that everything goes there."""
    rules = seed_rulebook() if seed_rules else quick_rules()
    if port is None:
        return rules
    return read_over({"delivery.yaml": _DELIVERY.format(port=port).encode()}, rules.json)


@dataclass(slots=True)
class Hand:
    """What the process that gives commands has to tell: what it was promised, and how long it waited, in seconds."""

    done: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    waits: list[float] = field(default_factory=list)


# Processes -----------------------------------------------------------------------------------------------------------


def keep_going(room: Room, number: int, life: Connection) -> None:
    """One engine and one sender, until the parent says so or is gone."""
    login = f"engine{number}"
    engine = Engine(lambda: room.session(login), login, "engine", clock=room.clock)
    worker = room.worker(login)
    engine.start()
    worker.start()
    while not _told(life, 0.5):
        pass
    engine.stop()
    worker.stop()


def give_commands(room: Room, incidents: int, seed: int, life: Connection) -> None:
    """One command after the other on incidents at random, until the parent says so or is gone."""
    chance, hand, book = random.Random(seed), Hand(), room.rules.book
    with room.session("hand") as session:
        while not _told(life, chance.uniform(0, 0.1)):
            key = f"{book.prefix}-{chance.randint(1, incidents)}"
            asked = time.perf_counter()
            try:
                outcome = session.execute(_command(chance, tuple(book.people)), key)
                hand.done[key] = outcome.room.version
            except Refused:
                hand.refused += 1
            hand.waits.append(time.perf_counter() - asked)
    with suppress(OSError):
        life.send(hand)


def _told(life: Connection, seconds: float) -> bool:
    """Whether it is time to end: the parent says so, or is gone (its siblings may still hold its end of the pipe)."""
    return life.poll(seconds) or os.getppid() != PARENT


def _command(chance: random.Random, people: Sequence[str]) -> Command:
    return chance.choice(
        (
            Acknowledge(),
            Escalate("more hands"),
            AddNote("looked at it"),
            PostUpdate("internal", "still on it"),
            AssignRole("incident-manager", chance.choice(people), "the other one sleeps"),
            LeaveRole("incident-manager", "tired"),
        )
    )


def prepare(room: Room, incidents: int) -> None:
    """Make the room and declare the incidents, spread over a second so that they do not all run in step."""
    with room.session() as session:
        for number in range(incidents):
            session.execute(Declare(f"torture {number}", "SEV1"))


def _alone(work: Any, *arguments: Any) -> None:
    process = CONTEXT.Process(target=work, args=arguments, daemon=True)
    process.start()
    process.join(60)
    if process.exitcode != 0:
        raise RuntimeError(f"{work.__name__} ended with status {process.exitcode}")


class Child:
    """A process of ours, and the pipe that it lives on."""

    def __init__(self, work: Any, *arguments: Any) -> None:
        self.pipe, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=_only, args=(self.pipe, work, *arguments, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.join(10)
        self.pipe.close()

    def end(self, seconds: float = 20.0) -> int | None:
        with suppress(OSError):
            self.pipe.send("end")
        self.process.join(seconds)
        return self.process.exitcode


def _only(parents: Connection, work: Any, *arguments: Any) -> None:
    """Run in the child: let go of the parent's end, so that its death is noticed."""
    parents.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work(*arguments)


# The run -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Run:
    """What was done to the room."""

    kills: int = 0
    restarts: int = 0
    crashed: int = 0
    seconds: float = 0.0
    hand: Hand = field(default_factory=Hand)


def rage(room: Room, *, engines: int, kills: int, pause: float, incidents: int, seed: int) -> Run:
    """Keep `engines` processes going, and kill one every `pause` seconds or so, `kills` times."""
    chance, run, began = random.Random(seed), Run(), time.monotonic()
    hand = Child(give_commands, room, incidents, seed + 1)
    children = [Child(keep_going, room, number) for number in range(engines)]
    numbers = engines
    try:
        while run.kills < kills:
            time.sleep(chance.uniform(0, 2 * pause))
            # Sometimes two at once: the one that would have taken over goes as well.
            for victim in chance.sample(children, chance.choice((1, 1, 1, 2))):
                run.crashed += victim.process.exitcode is not None
                victim.kill()
                children.remove(victim)
                run.kills += 1
                children.append(Child(keep_going, room, numbers))
                numbers += 1
                run.restarts += 1
        hand.pipe.send("end")
        if hand.pipe.poll(60):
            run.hand = hand.pipe.recv()
        time.sleep(0.3)
        run.crashed += sum(child.end() != 0 for child in children)
        run.seconds = time.monotonic() - began
        return run
    finally:
        for child in (*children, hand):
            child.kill()


def drain(room: Room) -> datetime:
    """Take what is still due and send what still waits, until nothing is left of either; returns the moment."""
    worker = room.worker()
    with room.session() as session:
        end = session.clock()
        while session.writer.tick(lambda: end).steps:
            pass
        until = time.monotonic() + DRAIN_S
        while outbox.next_at(session.database) is not None and time.monotonic() < until:
            worker.pass_once(session)
            time.sleep(0.02)
    return end


# A receiver ----------------------------------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    """Writes down every message before it says that it has it; some it refuses, of some it breaks off the line."""

    log: Path
    lock = threading.Lock()
    chance = random.Random(1)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.lock:
            luck = self.chance.random()
            refused = self.path.startswith("/broken/") or luck < 0.02
            if not refused:
                with self.log.open("ab") as file:
                    file.write(body + b"\n")
        if not refused and luck > 0.99:
            self.close_connection = True
            return  # it has arrived, and nobody was told
        self.send_response(503 if refused else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def receive(log: Path, tell: Connection, life: Connection) -> None:
    """A receiver on loopback, until the parent says so or is gone."""
    _Handler.log = log
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    tell.send(server.server_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while not _told(life, 0.5):
        pass


# The judgement -------------------------------------------------------------------------------------------------------


def judge(room: Room, until: datetime, run: Run) -> dict[str, Any]:
    """Everything that has to hold, and the figures."""
    verdict = verify(room.path, room.rules.book, until)
    wrong = list(verdict.broken)
    for key, version in run.hand.done.items():
        if verdict.versions.get(key, 0) < version:
            wrong.append(f"{key}: what was done as its entry {version} is not there")
    with Database.open(room.path, readonly=True) as database:
        wrong += [f"doctor: {f.check}: {f.what}" for f in doctor.examine(database) if not f.good]
    late = sorted(each / room.clock.speed for each in verdict.lateness) or [0.0]
    with Database.open(room.path, readonly=True) as database, database.read() as c:
        states = {str(state): int(count) for state, count in c.execute(STATES)}
        waiting = {str(key) for key in c.execute(WAITING).scalars()}
    mail = _mail(room.outbox, verdict, waiting, wrong, patient=room.port is not None)
    return {
        "incidents": verdict.incidents,
        "events": verdict.events,
        "kills": run.kills,
        "restarts": run.restarts,
        "crashed": run.crashed,
        "seconds": round(run.seconds, 1),
        "steps": verdict.steps,
        "steps_lost": verdict.lost,
        "steps_twice": verdict.twice,
        "steps_out_of_order": verdict.out_of_order,
        "commands": len(run.hand.waits) - run.hand.refused,
        "commands_refused": run.hand.refused,
        "commands_on_overdue": verdict.overtaken,
        "command_wait_s": _spread(sorted(run.hand.waits) or [0.0]),
        "lateness_s": _spread(late),
        "messages": {**mail, "states": states},
        "wrong": wrong[:20],
        "wrong_count": len(wrong) + run.crashed,
    }


def _spread(ordered: list[float]) -> dict[str, float]:
    last = len(ordered) - 1
    picks = {"p50": ordered[round(last * 0.5)], "p99": ordered[round(last * 0.99)], "max": ordered[-1]}
    return {name: round(value, 4) for name, value in picks.items()}


def _mail(path: Path, verdict: Verdict, waiting: set[str], wrong: list[str], *, patient: bool) -> dict[str, int]:
    sent: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    torn = 0
    for line in path.read_text("utf-8", "replace").splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            torn += 1  # a sender was killed in the middle of the line: the message comes again
            continue
        for each in (message["id"], *message.get("bundled", ())):
            sent[each] += 1
            # One time of all may be without the flag. It need not be the first: a request that nobody waits for any
            # more may arrive after the one that was sent in place of it.
            plain[each] += not message["maybe_twice"]
    silent = sum(count - 1 for count in plain.values() if count > 1)
    lost, strange = verdict.messages - set(sent) - waiting, set(sent) - verdict.messages
    if waiting and not patient:
        wrong.append(f"{len(waiting)} messages still waited when everything else was done, such as {min(waiting)}")
    if lost:
        wrong.append(f"{len(lost)} messages were never sent, such as {min(lost)}")
    if strange:
        wrong.append(f"{len(strange)} messages were sent that nobody decided, such as {min(strange)}")
    if silent:
        wrong.append(f"{silent} messages went out again without saying so")
    return {
        "decided": len(verdict.messages),
        "sent": sum(sent.values()),
        "lost": len(lost),
        "waiting": len(waiting),
        "sent_again": sum(sent.values()) - len(sent),
        "sent_again_unflagged": silent,
        "torn_lines": torn,
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.torture", description="Kill engines at random.")
    parser.add_argument("--engines", type=int, default=8, help="how many processes keep the timers going (default 8)")
    parser.add_argument("--kills", type=int, default=200, help="how many of them are killed in all (default 200)")
    parser.add_argument("--seconds", type=float, default=80.0, help="how long that takes, about (default 80)")
    parser.add_argument("--incidents", type=int, default=60, help="how many incidents are under way (default 60)")
    parser.add_argument("--lease", type=float, help="seconds until a message is unknown (default 2; 4 with --http)")
    parser.add_argument("--seed-rules", action="store_true", help="use the rules that come with warroom")
    parser.add_argument("--speed", type=float, help="how fast the room's clock runs (default 60 with --seed-rules)")
    parser.add_argument("--http", action="store_true", help="send messages to a receiver on loopback")
    parser.add_argument("--seed", type=int, help="makes the kills the same as in another run")
    parser.add_argument("--directory", type=Path, help="where to put the room (default: a temporary directory)")
    options = parser.parse_args(arguments)
    if options.lease is None:
        options.lease = 4.0 if options.http else 2.0
    if min(options.engines, options.kills, options.incidents) < 1 or min(options.seconds, options.lease) <= 0:
        parser.error("every number has to be greater than 0")
    if options.engines < 3:
        parser.error("with fewer than 3 engines all of them may be dead at once")
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    codec.warm()
    speed = options.speed or (60.0 if options.seed_rules else 1.0)
    clock = REAL if speed == 1 and not options.seed_rules else Clock(datetime.now(UTC), NOON, speed)
    with tempfile.TemporaryDirectory(prefix="torture-", dir=options.directory) as directory:
        path, lease = Path(directory) / "room.db", timedelta(seconds=options.lease)
        receiver, port = None, None
        if options.http:
            hear, tell = CONTEXT.Pipe(duplex=False)
            receiver = Child(receive, path.with_name("outbox.jsonl"), tell)
            port = hear.recv() if hear.poll(20) else None
        try:
            room = Room(path, lease, rules_of(options.seed_rules, port), clock, port)
            _alone(prepare, room, options.incidents)
            pause = options.seconds / options.kills * 1.25  # one blow in four hits two
            run = rage(
                room,
                engines=options.engines,
                kills=options.kills,
                pause=pause,
                incidents=options.incidents,
                seed=seed,
            )
            result = {"engines": options.engines, "seed": seed, "speed": speed, **judge(room, drain(room), run)}
        finally:
            if receiver is not None:
                receiver.kill()
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return 1 if result["wrong_count"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
