"""The command line on a room of its own, under rules of its own and a clock that stands still."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from warroom.cli.main import cli
from warroom.cli.settings import Settings
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import read_rulebook
from warroom.service.session import Session

T0 = datetime(2024, 3, 13, 10, 0, tzinfo=UTC)
"""A Wednesday."""

BOOK = b"""
room: { name: test room, prefix: OPS }
services:
  till: [north, tier 1]
people:
  ada: { name: Ada, contacts: { sms: "+46700000001", chat: "@ada" } }
  bo: { name: Bo, contacts: { chat: "@bo" } }
  cy: { name: Cy, contacts: { mail: cy@example.org } }
oncall:
  first: [ada]
  second: [bo]
teams: {}
policies:
  urgent:
    levels:
      - { label: primary, targets: ["oncall:first"], via: [sms, chat], ack_timeout: 5m, resolve_timeout: 21m }
      - { label: backup, targets: ["oncall:second"], ack_timeout: 6m }
    then: ["person:cy"]
  calm:
    levels:
      - { label: team, targets: ["oncall:second"], ack_timeout: 30m }
severities:
  SEV1:
    rank: 1
    glyph: "!"
    title: critical
    major: true
    policy: urgent
    cadence: { internal: { first: 10m, every: 20m, final: 15m }, public: { first: 15m, every: 30m, final: 30m } }
    roles: { incident-manager: 4m }
    impacts: [critical, major]
  SEV2:
    rank: 2
    glyph: "="
    title: major
    major: true
    policy: calm
    impacts: []
  SEV3:
    rank: 3
    glyph: "-"
    title: minor
    major: false
    policy: calm
    hours: { zone: UTC, days: [mon], start: "09:00", end: "17:00" }
    impacts: [minor, none]
roles:
  incident-manager: { title: incident manager, pool: ["oncall:first"], remind_every: 3m, remind_times: 3 }
  scribe: { title: scribe }
role_defaults: { remind_every: 5m, remind_times: 3, offer_lapses: 10m }
channels:
  internal: { title: internal chat, audience: internal }
  public: { title: status page, audience: external }
reminders:
  - { after: 0s, to: ["role:incident-manager"] }
watch: { channel: public, cadence: 30m }
"""


@dataclass
class Clock:
    """What time it is in the tests' room."""

    now: datetime = T0

    def __call__(self) -> datetime:
        return self.now

    def advance(self, minutes: float) -> None:
        """Let so many minutes pass; no timer fires by itself."""
        self.now += timedelta(minutes=minutes)


@dataclass
class Cli:
    """Runs commands in one room."""

    db: Path
    book: Loaded
    clock: Clock = field(default_factory=Clock)
    runner: CliRunner = field(default_factory=CliRunner)

    def __call__(self, *args: str, actor: str = "mina", **options: Any) -> Result:
        """Run one command; nothing is checked."""
        before = ["--db", str(self.db), *(["--as", actor] if actor else [])]
        return self.bare(*before, *args, **options)

    def bare(self, *args: str, **options: Any) -> Result:
        """Run with just these arguments."""
        return self.runner.invoke(cli, list(args), obj=Settings(clock=self.clock), **options)

    def out(self, *args: str, **options: Any) -> str:
        """Run a command that has to succeed; what it printed."""
        result = self(*args, **options)
        assert result.exit_code == 0, result.output
        return result.stdout

    def json(self, *args: str, **options: Any) -> Any:
        """Run a command with --json that has to succeed; the one object that it printed."""
        (found,) = self.json_lines(*args, **options)
        return found

    def json_lines(self, *args: str, **options: Any) -> list[Any]:
        """The same for any number of objects."""
        return [json.loads(line) for line in self.out(*args, "--json", **options).splitlines()]

    def session(self) -> Session:
        """The room itself."""
        return Session(self.db, actor="engine", seed=lambda: self.book, clock=self.clock)

    def tick(self) -> None:
        """Let the timers fire that fell due."""
        with self.session() as session:
            session.writer.tick(self.clock)


@pytest.fixture(scope="session")
def book() -> Loaded:
    """The rules of the tests' room."""
    return read_rulebook({"book.yaml": BOOK})


@pytest.fixture
def warroom(tmp_path: Path, book: Loaded, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A command line whose room does not exist yet."""
    for name in ("WARROOM_DB", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    # Nothing of whoever runs the tests is touched.
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setattr("warroom.rulebook.load.seed_rulebook", lambda: book)
    return Cli(tmp_path / "room.db", book)


@pytest.fixture(scope="session")
def declared(tmp_path_factory: pytest.TempPathFactory, book: Loaded) -> Path:
    """A room with one SEV1, OPS-1, declared at `T0`; nobody has it open."""
    made = Cli(tmp_path_factory.mktemp("declared") / "room.db", book)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warroom.rulebook.load.seed_rulebook", lambda: book)
        made.out("declare", "Tills are down", "--severity", "sev1", "--service", "till", "--label", "shop=north")
    assert [path.name for path in made.db.parent.iterdir() if path.name.endswith(("-wal", "-journal"))] == []
    return made.db


@pytest.fixture
def room(warroom: Cli, declared: Path) -> Cli:
    """A command line whose room has OPS-1."""
    shutil.copy(declared, warroom.db)
    return warroom
