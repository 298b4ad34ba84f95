"""What every open warroom has running beside what it shows: the engine and the outbox, each in its own thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from warroom.clock import Clock
from warroom.engine.engine import Engine
from warroom.rulebook.load import seed_rulebook
from warroom.senders.file import FileSender
from warroom.senders.worker import Worker
from warroom.service.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """Which room, as whom: all that is needed to open another session on it."""

    target: str
    actor: str
    login: str
    readonly: bool = False

    def session(self) -> Session:
        """A session for the calling thread."""
        return Session(
            self.target,
            actor=self.actor,
            seed=seed_rulebook,
            readonly=self.readonly,
            login=self.login,
        )


@dataclass(slots=True)
class Runtime:
    """Engine and outbox of one process. `outbox_file` defaults to the database's name with `.outbox.jsonl`."""

    place: Place
    kind: str
    clock: Clock
    on_trouble: Callable[[str], None] = lambda _: None
    outbox_file: Path | None = None
    _engine: Engine | None = None
    _worker: Worker | None = None

    def start(self) -> None:
        """Start both threads; in a room that may only be read there is nothing to start."""
        if self.place.readonly:
            return
        self._engine = Engine(self.place.session, self.place.login, self.kind, self.clock, on_trouble=self.on_trouble)
        self._worker = Worker(self.place.session, FileSender(self.outbox_file or self._beside()), self.clock)
        self._engine.start()
        self._worker.start()

    def stop(self) -> None:
        """Stop both, each after the step that is under way."""
        for part in (self._engine, self._worker):
            if part is not None:
                part.stop()

    def _beside(self) -> Path:
        target = self.place.target
        if "://" in target and not target.startswith("sqlite"):
            return Path("warroom.outbox.jsonl")
        path = target.removeprefix("sqlite:///")
        return Path(path + ".outbox.jsonl")
