"""What every open warroom has running beside what it shows: the engine and the outbox, each in its own thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from time import monotonic

from warroom.clock import Clock
from warroom.courtesy import Courtesy
from warroom.engine.engine import Engine
from warroom.engine.rulewatch import RuleWatch
from warroom.rulebook.load import seed_rulebook
from warroom.senders.file import FileSender
from warroom.senders.secrets import Secrets
from warroom.senders.worker import Worker
from warroom.service.session import Session
from warroom.valueclass import dataclass

STARTS_S = 3.0
"""How long an engine may take from its start to its first sign of life before its absence is alarming, in seconds."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which room, as whom: all that is needed to open another session on it. `rulebook`: the directory whose rules this
    process puts in force whenever they are saved."""

    target: str
    actor: str
    login: str
    readonly: bool = False
    rulebook: Path | None = None

    def session(self) -> Session:
        """A session for the calling thread."""
        return Session(
            self.target,
            actor=self.actor,
            seed=seed_rulebook,
            readonly=self.readonly,
            login=self.login,
        )

    def courteous(self, courtesy: Courtesy) -> Callable[[], Session]:
        """Opens sessions for threads that let somebody who types go ahead."""

        def session() -> Session:
            found = self.session()
            found.database.give_way(courtesy.give_way)
            return found

        return session


@dataclass(slots=True)
class Runtime:
    """Engine, outbox and the watch of the rulebook of one process. `on_rules` is told what is wrong with the files, and
    "" when it is over, `on_published` which revision was put in force from them. Messages go by the section `delivery`
    of the rules in force, with this process's secrets; where there is none they are written to `outbox_file`, by
    default the database's name with `.outbox.jsonl`. `stirred`: the process looks itself whether anything was written,
    and then calls `stir`: two threads less that look all the time. `courtesy`: whom both let go ahead."""

    place: Place
    kind: str
    clock: Clock
    on_trouble: Callable[[str], None] = lambda _: None
    outbox_file: Path | None = None
    on_rules: Callable[[str], None] = lambda _: None
    on_published: Callable[[str], None] = lambda _: None
    stirred: bool = False
    courtesy: Courtesy = field(default_factory=Courtesy)
    _engine: Engine | None = None
    _worker: Worker | None = None
    _rules: RuleWatch | None = None
    _begun_s: float | None = None

    @property
    def starting(self) -> bool:
        """Whether an engine of this process is about to begin, so that nothing is wrong yet where none has shown."""
        return not self.place.readonly and (self._begun_s is None or monotonic() - self._begun_s < STARTS_S)

    def start(self) -> None:
        """Start both threads; in a room that may only be read there is nothing to start."""
        if self.place.readonly:
            return
        self._begun_s = monotonic()
        session = self.place.courteous(self.courtesy)
        self._engine = Engine(
            session,
            self.place.login,
            self.kind,
            self.clock,
            on_trouble=self.on_trouble,
            stirred=self.stirred,
        )
        beside = FileSender(self.outbox_file or self._beside())
        self._worker = Worker(session, beside, self.clock, secrets=Secrets(), stirred=self.stirred)
        self._engine.start()
        self._worker.start()
        if self.place.rulebook is not None:
            self._rules = RuleWatch(self.place.rulebook, self.place.session, self.on_rules, self.on_published)
            self._rules.start()

    def stir(self) -> None:
        """Something was written; for any thread, never blocks."""
        for part in (self._engine, self._worker):
            if part is not None:
                part.stir()

    def stop(self) -> None:
        """Stop both, each after the step that is under way."""
        for part in (self._rules, self._engine, self._worker):
            if part is not None:
                part.stop()

    def _beside(self) -> Path:
        target = self.place.target
        if "://" in target and not target.startswith("sqlite"):
            return Path("warroom.outbox.jsonl")
        path = target.removeprefix("sqlite:///")
        return Path(path + ".outbox.jsonl")
