"""Watches the directory of a team's rulebook and puts what is saved there in force, while the owner's warroom runs.

A save that cannot be read, or that would surely leave somebody unpaged, changes nothing: what is wrong is told, and the
revision in force stays. Several may watch: only a change of the files is published, never their mere being there, so
that two directories do not take turns at being in force; and the same files are the same revision, which is put in
force once. At the start a directory is published whose revision the room has never held.

The operating system says when something was saved; what counts is how the files look then. So nothing is missed on a
share that reports no changes (it is looked at every `LOOK_S` anyway), nor when the directory is replaced by another.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from warroom.background import Background
from warroom.clock import REAL
from warroom.domain.core import Refused
from warroom.domain.text import clean_line
from warroom.rulebook.check import check_at
from warroom.rulebook.convert import Loaded
from warroom.rulebook.findings import Weight
from warroom.rulebook.load import SUFFIXES, load_rulebook
from warroom.rulebook.problems import RulebookError
from warroom.service import revisions
from warroom.service.session import Session
from warroom.store.database import DatabaseError
from warroom.valueclass import dataclass
from warroom.words import tr

LOOK_S = 1.0
"""How often the files are looked at where nothing reports a change, in seconds."""
SETTLE_S = 0.1
"""For how long the files have to stay as they are before they are read, in seconds: a save is often several writes."""
SETTLE_LOOKS = 50
"""How often that is waited for at most: files that never rest are read as they are."""

Mark = tuple[tuple[object, ...], ...]

log = logging.getLogger("warroom.rulebook")


@dataclass(slots=True)
class RuleWatch(Background):
    """Keeps one room's rules at what a directory holds. `open_session` is called in the watch's own thread.

    `on_trouble` is told what is wrong, once, and "" when it is over; `on_published` which revision was put in force.
    Neither may block.
    """

    thread_name = "rulebook"

    directory: Path
    open_session: Callable[[], Session]
    on_trouble: Callable[[str], None] = lambda _: None
    on_published: Callable[[str], None] = lambda _: None
    look_s: float = LOOK_S
    _mark: Mark | None = None
    _looked: bool = False
    _good: str = ""
    _pending: Loaded | None = None
    _trouble: str = ""

    def run(self) -> None:
        """Look, publish and wait for the next change until `stop`; survives whatever happens to files and database."""
        while not self._stop.is_set():
            try:
                for _ in self._changes():
                    self.look()
            except DatabaseError as error:
                self._tell(tr("rulebook: {trouble}").format(trouble=error))
                self._stop.wait(self.look_s)
            except Exception as error:  # the watch goes on whatever happens; the log has the rest
                what = f"{type(error).__name__}: {error}"
                if not self._trouble.endswith(what):
                    log.exception("the watch of %s stumbled", self.directory)
                self._tell(tr("rulebook: {trouble}").format(trouble=what))
                self._stop.wait(self.look_s)

    def look(self) -> None:
        """Read the files if they are not what they were, and publish them if they are sound and new."""
        mark = self._settled()
        if not self._looked or mark != self._mark:
            self._read(first=not self._looked)
            self._mark, self._looked = mark, True
        if self._pending is not None:
            self._publish(self._pending)

    # Reading -------------------------------------------------------------------------------------------------------

    def _read(self, *, first: bool) -> None:
        self._pending = None
        try:
            rules = load_rulebook(self.directory)
        except RulebookError as error:
            self._refuse(str(error.problems[0]), len(error.problems) - 1)
            return
        found = check_at(rules.book, rules.locate, REAL())
        grave = [(place, finding) for place, finding in found if finding.weight is Weight.ERROR]
        if grave:
            place, finding = grave[0]
            self._refuse(f"{place}: {finding.where} {finding.what}; {finding.advice}", len(grave) - 1)
            return
        if rules.revision == self._good:  # another look, the same rules
            self._tell("")
            return
        if first and self._held(rules.revision):
            self._good = rules.revision
            self._tell("")
            return
        self._pending = rules

    def _refuse(self, what: str, more: int) -> None:
        problem: str = clean_line(what, 400)
        if more > 0:
            problem = tr("{problem} (and {count} more)").format(problem=problem, count=more)
        # What stays comes first: a narrow screen cuts the end.
        try:
            with self.open_session() as session:
                revision = revisions.in_force(session)[:4]
            told = tr("rulebook, revision {revision} stays in force: {problem}").format(
                revision=revision, problem=problem
            )
        except DatabaseError:
            told = tr("rulebook, the revision in force stays: {problem}").format(problem=problem)
        self._tell(told)

    def _held(self, revision: str) -> bool:
        with self.open_session() as session:
            return revisions.held(session, revision)

    def _publish(self, rules: Loaded) -> None:
        try:
            with self.open_session() as session:
                before = revisions.in_force(session)
                changed = bool(session.publish(rules).entries)
        except (DatabaseError, Refused) as error:
            self._tell(
                tr("rulebook: revision {revision} is not in force yet: {why}").format(
                    revision=rules.revision[:4], why=error
                )
            )
            return
        self._pending, self._good = None, rules.revision
        self._tell("")
        if changed:
            log.info("revision %s is in force instead of %s, from %s", rules.revision, before, self.directory)
            with suppress(Exception):  # whoever listens may be gone
                self.on_published(rules.revision)

    def _tell(self, what: str) -> None:
        if what == self._trouble:
            return
        self._trouble = what
        if what:
            log.warning("%s", what)
        with suppress(Exception):
            self.on_trouble(what)

    # Waiting -------------------------------------------------------------------------------------------------------

    def _changes(self) -> Iterator[None]:
        """Now, then whenever something was saved, and every `look_s` besides; ends when the directory is another one,
        or is gone, so that the caller begins anew."""
        from watchfiles import watch

        yield
        place = self._place()
        if place is None:
            self._stop.wait(self.look_s)
            return
        try:
            changes = watch(
                self.directory,
                watch_filter=None,
                debounce=500,
                step=50,
                stop_event=self._stop,
                rust_timeout=max(1, int(self.look_s * 1000)),
                yield_on_timeout=True,
                raise_interrupt=False,
                recursive=False,
            )
            for _ in changes:
                if self._place() != place:
                    return
                yield
        except OSError as error:
            # No watch is left, or the directory has just gone: looking now and then does it as well.
            log.info("%s cannot be watched (%s), it is looked at instead", self.directory, error)
            self._stop.wait(self.look_s)

    def _place(self) -> tuple[int, int] | None:
        """Which directory it is, whatever its name; None when it is gone."""
        try:
            found = self.directory.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _settled(self) -> Mark | None:
        """How the files look once they have stayed like that for a moment."""
        mark = self._look()
        if self._looked and mark == self._mark:
            return mark
        for _ in range(SETTLE_LOOKS):
            if self._stop.wait(SETTLE_S):
                break
            before, mark = mark, self._look()
            if mark == before:
                break
        return mark

    def _look(self) -> Mark | None:
        try:
            names = sorted(path for path in self.directory.iterdir() if path.suffix.lower() in SUFFIXES)
        except OSError:
            return None
        return tuple(_mark_of(path) for path in names)


def _mark_of(path: Path) -> tuple[object, ...]:
    try:
        found = path.stat()
    except OSError as error:
        return path.name, error.errno
    return path.name, found.st_ino, found.st_size, found.st_mtime_ns, found.st_mode
