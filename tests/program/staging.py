"""A room with a clock of its own for tests of the whole program: engines, boards and commands as real processes.

Nothing is waited for by the clock on the wall: conditions are looked at again and again, up to a limit.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from tests.support.screen import LOADING, PATIENCE_S, ROOT, Terminal
from warroom.clock import REAL, Clock
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import load_rulebook, seed_rulebook
from warroom.rulebook.start import begin
from warroom.service.session import Session

MONDAY = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
"""When the rooms begin: in the default rulebook sven is the primary on call this week, and everybody is at work."""
START_S = 2.0
"""How long the program takes to be loaded where the stories were written, on a busy day."""
LADDER = ("level_paged", "level_skipped", "level_announced", "escalation_exhausted", "acknowledgement_lapsed")

Found = TypeVar("Found")


def pace(speed: float) -> float:
    """How fast time may run in a room in which people read and type: `speed` on a machine that starts the program as
    fast as it did where the stories were written, and slower on one that is slower, or has other things to do."""
    return speed / slowness()


@cache
def slowness() -> float:
    """How many times longer the program takes to start here, from 1 to 5."""
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", "import warroom.cli.main, warroom.tui.app"], cwd=ROOT, check=True)
    return min(max((time.monotonic() - begun) / START_S, 1.0), 5.0)


def until(condition: Callable[[], Found], what: str, seconds: float = PATIENCE_S) -> Found:
    """What `condition` gives as soon as that is something; fails when it is nothing for so long."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"it never came: {what}"
        time.sleep(0.02)
    return found


def see(
    terminals: Sequence[Terminal], *what: str, seconds: float = PATIENCE_S, along: Sequence[Terminal] = ()
) -> tuple[str, ...]:
    """Read all terminals until each of them has shown all patterns on one screen; those screens. `along` are read too.

    Together, since a terminal that nobody reads stands still, and time in the room does not. The first picture, which
    stands while the program is loaded, does not count.
    """
    patterns = [re.compile(each) for each in what]
    found: dict[int, str] = {}
    end = time.monotonic() + seconds
    while len(found) < len(terminals):
        for terminal in along:
            if terminal not in terminals:
                terminal.read(0)
        for number, terminal in enumerate(terminals):
            alive = terminal.read(0.02)
            text = terminal.text
            if number not in found and LOADING not in text and all(each.search(text) for each in patterns):
                if time.monotonic() < end and terminal.more(0.05):
                    continue  # a picture comes in pieces: what was looked for need not be the last of them
                found[number] = text
            assert number in found or (alive and time.monotonic() < end), f"{what} never came:\n{text}"
    return tuple(found[number] for number in range(len(terminals)))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the record that belongs to the ladder."""

    kind: str
    level: int
    repeat: int
    why: str
    people: tuple[str, ...]
    at: datetime
    due: datetime | None
    data: Mapping[str, Any]

    @property
    def late(self) -> timedelta:
        """By how much a timer's step came after it fell due."""
        return self.at - self.due if self.due else timedelta(0)


_COMMANDS = """
import contextlib, io, json, sys
from warroom.cli.main import cli
def catching():
    return io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
for line in sys.stdin:
    out, err, status = catching(), catching(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main([*sys.argv[1:], *json.loads(line)])
        except SystemExit as end:
            status = end.code
    print(json.dumps([status, *(each.buffer.getvalue().decode() for each in (out, err))]), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Shell:
    """A second terminal: a process that runs one command after the other, as it is told and in whose name. It need not
    be started anew for each, which takes minutes of the room's time."""

    child: subprocess.Popen[str]

    def run(self, actor: str, *arguments: str) -> tuple[int, str, str]:
        """A command, whatever comes of it: its exit status, and what it printed."""
        assert self.child.stdin is not None and self.child.stdout is not None
        self.child.stdin.write(json.dumps(["--as", actor, *arguments]) + "\n")
        self.child.stdin.flush()
        status, said, trouble = json.loads(self.child.stdout.readline())
        return status, said, trouble

    def do(self, actor: str, *arguments: str) -> list[Any]:
        """A command that has to succeed; what it printed as JSON, object by object."""
        status, said, trouble = self.run(actor, *arguments, "--json")
        assert status == 0, said + trouble
        return [json.loads(line) for line in said.splitlines()]

    def ladder(self, key: str) -> list[Step]:
        """What happened on the ladder of an incident, by `warroom log --json`."""
        return [step_of(line) for line in self.do("eva", "log", key) if line["kind"] in LADDER]


@dataclass(slots=True)
class Stage:
    """One room, made at once, whose time runs `speed` times as fast from `MONDAY` on. `home` keeps whatever a process
    writes besides."""

    folder: Path
    speed: float
    rules: Callable[[], Loaded] = seed_rulebook

    def __post_init__(self) -> None:
        for name in ("home", "state", "config", "data", "cache"):
            (self.folder / name).mkdir()
        self.session(clock=Clock(datetime.now(UTC), MONDAY, self.speed)).close()

    @property
    def file(self) -> Path:
        """The database."""
        return self.folder / "room.db"

    @property
    def environment(self) -> dict[str, str]:
        """What every process of the room has in its environment besides the usual."""
        places = {f"XDG_{name.upper()}_HOME": str(self.folder / name) for name in ("state", "config", "data", "cache")}
        return {"HOME": str(self.folder / "home"), "COLUMNS": "200", **places}

    # In this process -----------------------------------------------------------------------------------------------

    def session(self, actor: str = "mina", clock: Clock | None = None) -> Session:
        """A session of this process."""
        return Session(self.file, actor=actor, seed=self.rules, new_clock=clock or REAL)

    def sent(self) -> list[dict[str, Any]]:
        """What the file sender wrote: every message that went out."""
        path = Path(f"{self.file}.outbox.jsonl")
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    # In processes of their own -------------------------------------------------------------------------------------

    def log(self, key: str) -> list[dict[str, Any]]:
        """The record of an incident as `warroom log --json` prints it in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "warroom", "--db", str(self.file), "log", key, "--json"],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def board(self, *arguments: str, actor: str = "mina", size: tuple[int, int] = (120, 40)) -> Terminal:
        """A board in a terminal of its own."""
        return Terminal(
            ["--db", str(self.file), "--as", actor, "board", *arguments], size=size, environment=self.environment
        )

    @contextmanager
    def engine(self, *arguments: str, **environment: str) -> Iterator[int]:
        """A headless engine while the context lasts; gives its process id. It has to end well when it is told to."""
        with Path(self.folder / "engine.log").open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "warroom", "--db", str(self.file), "engine", *arguments],
                cwd=ROOT,
                env={**os.environ, **self.environment, **environment},
                stdin=subprocess.DEVNULL,
                stderr=log,
            )
        try:
            with self.session() as session:
                until(
                    lambda: any(each.pid == child.pid for each in session.board().engines) or child.poll() is not None,
                    "the engine",
                )
            assert child.poll() is None, self.said()
            yield child.pid
            child.send_signal(signal.SIGTERM)
            assert child.wait(PATIENCE_S) == 0, self.said()
        finally:
            child.kill()
            child.wait()

    def said(self) -> str:
        """What the engines said."""
        return (self.folder / "engine.log").read_text(encoding="utf-8")

    @contextmanager
    def shell(self) -> Iterator[Shell]:
        """A second terminal while the context lasts."""
        child = subprocess.Popen(
            [sys.executable, "-c", _COMMANDS, "--db", str(self.file)],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            shell = Shell(child)
            shell.do("eva", "list")  # everything is imported once
            yield shell
        finally:
            child.kill()
            child.communicate()


def step_of(line: Mapping[str, Any]) -> Step:
    """A line of `warroom log --json` as a step."""
    data = line["data"]
    return Step(
        line["kind"],
        data.get("level", 0),
        data.get("repeat", 0),
        data.get("why", ""),
        tuple(dict.fromkeys(page["to"] for page in data.get("pages", ()))),
        moment(line["at"]),
        moment(line["due"]) if line["due"] else None,
        data,
    )


def moment(text: str) -> datetime:
    """A time as `--json` prints it."""
    return datetime.fromisoformat(text)


def team_rules(folder: Path, **changes: Callable[[str], str]) -> Path:
    """The default rulebook as files in `folder`, each file named by a keyword changed by its function."""
    begin(folder)
    for name, change in changes.items():
        path = folder / f"{name}.yaml"
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before, f"{name}.yaml is not what the test takes it for"
        path.write_text(after, encoding="utf-8")
    load_rulebook(folder)
    return folder
