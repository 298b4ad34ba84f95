"""Opening the room for one command: for looking, which changes nothing, or for acting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from warroom.cli.output import tell
from warroom.cli.settings import Settings
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.rulebook.convert import Loaded
    from warroom.service.acting import Acting
    from warroom.service.session import Session
    from warroom.store.db_errors import Holder

Room = TypeVar("Room", bound="Acting")


@contextmanager
def looking(settings: Settings) -> Iterator[Session]:
    """The room, read-only, in one snapshot. Raises `DatabaseError` when there is none."""
    from warroom.service.session import Session

    with _open(Session, settings, readonly=True, create=False) as session, session.database.read():
        yield session


@contextmanager
def acting(settings: Settings, *, create: bool = False, seed: Callable[[], Loaded] | None = None) -> Iterator[Session]:
    """The room, to change something. `create`: make it where there is none, and say so; `seed`: with these rules."""
    from pathlib import Path

    from warroom.service.session import Session

    target = settings.target()
    fresh = create and "://" not in target and not Path(target).exists()
    with _open(Session, settings, readonly=False, create=create, seed=seed) as session:
        if fresh:
            tell(settings, tr("made a new room in {where}").format(where=session.database.where))
        session.database.on_wait(_Waiting(settings))
        yield session


@contextmanager
def performing(settings: Settings) -> Iterator[Acting]:
    """The room, to carry out one command on one incident without looking at anything else: the quickest of them, since
    somebody who acknowledges a page from a phone waits for it. Raises `DatabaseError` when there is none."""
    from warroom.service.acting import Acting

    with _open(Acting, settings, readonly=False, create=False) as session:
        session.database.on_wait(_Waiting(settings))
        yield session


def _open(
    kind: type[Room], settings: Settings, *, readonly: bool, create: bool, seed: Callable[[], Loaded] | None = None
) -> Room:
    return kind(
        settings.target(),
        actor=settings.who(),
        seed=seed or _seed,
        clock=settings.clock,
        readonly=readonly,
        create=create,
        login=settings.login(),
    )


def _seed() -> Loaded:
    # Reading the files that travel with warroom costs as much as the rest of a command: only for a room that is made.
    from warroom.rulebook.load import seed_rulebook

    return seed_rulebook()


class _Waiting:
    """Says whom a write waits for, once for each of them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._said = ""

    def __call__(self, holder: Holder, seconds: float) -> None:
        phrase = holder.describe()
        if phrase != self._said:
            self._said = phrase
            tell(self._settings, tr("waiting for {phrase}").format(phrase=phrase))
