"""`warroom engine`: the timers without a screen, for a jump host where nobody is logged in, or as a service."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from warroom.engine.runtime import Place, Runtime
from warroom.store import suspend
from warroom.words import tr

log = logging.getLogger("warroom.engine")


def run(target: str, *, login: str, actor: str, rulebook: Path | None = None) -> int:
    """Keep the timers going until SIGTERM, SIGINT or SIGHUP; returns the exit status. `rulebook` is the directory whose
    rules are put in force whenever they are saved."""
    ended = threading.Event()
    told: list[int] = []

    def end(number: int, _: FrameType | None) -> None:
        # Nothing is logged here: a second signal may interrupt the first one while it writes.
        told.append(number)
        ended.set()

    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # A parent that ignores SIGHUP (nohup) wants the engine to live on when the terminal goes.
        if not (name is signal.SIGHUP and signal.getsignal(name) is signal.SIG_IGN):
            signal.signal(name, end)
    suspend.install()
    place = Place(target, actor, login, rulebook=rulebook)
    with place.session() as session:
        clock = session.room_clock
    _say(tr("keeping the timers of {place} going").format(place=target))
    runtime = Runtime(
        place,
        "engine",
        clock,
        on_trouble=lambda what: _say(what or tr("goes on")),
        on_rules=lambda what: _say(what or tr("rulebook: all is well")),
        on_published=lambda revision: _say(tr("rulebook: revision {revision} is in force").format(revision=revision)),
    )
    runtime.start()
    while not ended.wait(3600.0):
        pass
    log.info("ending on signal %s", told[0])
    runtime.stop()
    return 0


def _say(what: str) -> None:
    sys.stderr.write(tr("warroom engine: {what}").format(what=what) + "\n")
