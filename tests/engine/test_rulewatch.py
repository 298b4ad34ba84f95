"""The watch of a rulebook's directory, on real files: what is saved is in force, what is broken changes nothing."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.rulebook.small import SMALL
from warroom.engine import rulewatch
from warroom.engine.rulewatch import RuleWatch
from warroom.engine.runtime import Place, Runtime
from warroom.rulebook.load import load_rulebook, read_rulebook
from warroom.service import revisions
from warroom.service.session import Session
from warroom.store.database import DatabaseError

SOUND = SMALL.replace("      - label: everybody\n", "      - label: everybody\n        ack_timeout: 5m\n")


def with_ack(minutes: int) -> str:
    """A rulebook like the sound one with another timeout."""
    return SOUND.replace("ack_timeout: 5m\n        resolve", f"ack_timeout: {minutes}m\n        resolve")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    directory = tmp_path / "rules"
    directory.mkdir()
    (directory / "rules.yaml").write_text(SOUND, encoding="utf-8")
    return directory


@dataclass
class Watched:
    """A room, and the watches on it; what they told, in order."""

    db: Path
    told: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    watches: list[RuleWatch] = field(default_factory=list)

    def session(self, actor: str = "mina") -> Session:
        return Session(self.db, actor=actor, seed=lambda: read_rulebook({"a": with_ack(29).encode()}))

    def watch(self, directory: Path) -> RuleWatch:
        made = RuleWatch(directory, self.session, self.told.append, self.published.append, look_s=0.1)
        self.watches.append(made)
        return made

    def history(self) -> list[str]:
        with self.session() as session:
            return [each.revision for each in revisions.history(session)]

    @property
    def in_force(self) -> str:
        with self.session() as session:
            return revisions.in_force(session)

    @property
    def trouble(self) -> str:
        return self.told[-1] if self.told else ""


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.setattr(rulewatch, "SETTLE_S", 0.02)
    watched = Watched(tmp_path / "room.db")
    with watched.session():
        pass
    yield watched
    for watch in watched.watches:
        watch.stop()


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def save(directory: Path, text: str, name: str = "rules.yaml") -> str:
    """Save as editors do, by a new file that takes the old one's name; the revision that the directory holds then."""
    beside = directory / f".{name}.new"
    beside.write_text(text, encoding="utf-8")
    beside.replace(directory / name)
    return revision_of(directory)


def revision_of(directory: Path) -> str:
    return load_rulebook(directory).revision


# In a thread, on real files


def test_a_directory_is_published_at_the_start_and_at_every_save(room: Watched, files: Path) -> None:
    first = room.in_force
    room.watch(files).start()
    began = revision_of(files)
    until(lambda: room.in_force == began)
    saved = save(files, with_ack(6))
    until(lambda: room.in_force == saved)
    # Written in place, and by a file of its own: two sections out of the first.
    cut = SOUND.index("people:\n")
    (files / "people.yaml").write_text(with_ack(7)[cut:], encoding="utf-8")
    (files / "rules.yaml").write_text(with_ack(7)[:cut], encoding="utf-8")
    in_place = revision_of(files)
    until(lambda: room.in_force == in_place)
    assert room.history() == [first, began, saved, in_place]
    assert room.published == [began, saved, in_place]
    with room.session() as session:
        assert {each.by for each in revisions.history(session)} == {"mina"}
    assert room.trouble == ""


def test_a_broken_save_changes_nothing_and_is_told_until_it_is_good_again(room: Watched, files: Path) -> None:
    room.watch(files).start()
    began = revision_of(files)
    until(lambda: room.in_force == began)
    (files / "rules.yaml").write_text(SOUND.replace("rank: 2", "rank: two"), encoding="utf-8")
    until(lambda: room.trouble)
    assert room.trouble.startswith(f"rulebook, revision {began[:4]} stays in force: rules.yaml:15:11: severities.SEV2")
    assert room.in_force == began
    (files / "rules.yaml").write_text(SOUND, encoding="utf-8")
    until(lambda: not room.trouble)
    assert room.in_force == began and room.published == [began]
    (files / "rules.yaml").write_text(SOUND.replace("rank: 2", "rank: two").replace("rank: 1", "rank: one"), "utf-8")
    until(lambda: "(and 1 more)" in room.trouble)
    good = save(files, with_ack(8))
    until(lambda: room.in_force == good)
    assert room.trouble == ""


def test_a_directory_that_goes_and_comes_back_as_another_one(room: Watched, files: Path) -> None:
    room.watch(files).start()
    began = revision_of(files)
    until(lambda: room.in_force == began)
    shutil.rmtree(files)
    until(lambda: "cannot be read" in room.trouble)
    assert room.in_force == began
    files.mkdir()
    (files / "rules.yaml").write_text(with_ack(9), encoding="utf-8")
    back = revision_of(files)
    until(lambda: room.in_force == back)
    # The new directory is watched as the old one was.
    later = save(files, with_ack(10))
    until(lambda: room.in_force == later)
    assert room.trouble == ""


def test_a_directory_behind_a_link_that_is_turned(room: Watched, files: Path, tmp_path: Path) -> None:
    link, other = tmp_path / "current", tmp_path / "other"
    link.symlink_to(files)
    shutil.copytree(files, other)
    (other / "rules.yaml").write_text(with_ack(11), encoding="utf-8")
    room.watch(link).start()
    until(lambda: room.in_force == revision_of(files))
    turned = tmp_path / "turned"
    turned.symlink_to(other)
    turned.replace(link)
    until(lambda: room.in_force == revision_of(other))


def test_two_owners_of_one_directory_publish_each_save_once(room: Watched, files: Path) -> None:
    first = room.in_force
    for watch in (room.watch(files), room.watch(files)):
        watch.start()
    began = revision_of(files)
    until(lambda: room.in_force == began)
    saved = save(files, with_ack(12))
    until(lambda: all(watch._good == saved for watch in room.watches))
    assert room.history() == [first, began, saved]
    assert sorted(room.published) == sorted([began, saved])


def test_a_runtime_watches_where_its_place_says_so(room: Watched, files: Path) -> None:
    place = Place(str(room.db), "ana", "ana", rulebook=files)
    told: list[str] = []
    with room.session() as session:
        runtime = Runtime(place, "engine", session.room_clock, on_rules=told.append, on_published=room.published.append)
    runtime.start()
    try:
        until(lambda: room.published)
        (files / "rules.yaml").write_text("[", encoding="utf-8")
        until(lambda: told and "is not YAML" in told[-1])
    finally:
        runtime.stop()
    with room.session() as session:
        assert [each.by for each in revisions.history(session)] == ["mina", "ana"]


# Look by look


def test_two_owners_of_different_directories_do_not_take_turns(room: Watched, files: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(files, other)
    save(other, with_ack(13))
    one, two = room.watch(files), room.watch(other)
    for _ in range(3):
        one.look()
        two.look()
    assert room.published == [revision_of(files), revision_of(other)]
    # Only a change of the files counts, and a new start is none where the room has held them before.
    for _ in range(3):
        room.watch(files).look()
    assert room.in_force == revision_of(other)
    save(files, with_ack(14))
    for _ in range(3):
        two.look()
        one.look()
    assert room.in_force == revision_of(files) and len(room.published) == 3


def test_what_somebody_published_by_hand_stays_until_the_files_change(room: Watched, files: Path) -> None:
    watch = room.watch(files)
    watch.look()
    with room.session("ana") as session:
        session.publish(read_rulebook({"a": with_ack(15).encode()}))
    by_hand = room.in_force
    save(files, "# a comment is no change of the rules\n" + SOUND)
    watch.look()
    assert room.in_force == by_hand
    saved = save(files, with_ack(16))
    watch.look()
    assert room.in_force == saved


def test_a_dead_end_is_not_put_in_force(room: Watched, files: Path) -> None:
    watch = room.watch(files)
    watch.look()
    began = room.in_force
    (files / "rules.yaml").write_text(SOUND.replace("    policy: urgent\n", ""), encoding="utf-8")
    watch.look()
    assert room.in_force == began
    assert "rules.yaml:3:3: severities.SEV1 is major and has no policy" in room.trouble


def test_a_directory_that_is_broken_at_the_start_is_published_once_it_is_good(room: Watched, files: Path) -> None:
    (files / "rules.yaml").write_text("[", encoding="utf-8")
    watch, before = room.watch(files), room.in_force
    watch.look()
    assert room.trouble and room.in_force == before
    good = save(files, SOUND)
    watch.look()
    assert room.in_force == good and room.trouble == ""


def test_what_cannot_be_published_is_tried_again(room: Watched, files: Path) -> None:
    watch = room.watch(files)
    watch.look()
    saved = save(files, with_ack(17))
    opened, watch.open_session = watch.open_session, _no_database
    watch.look()
    assert f"revision {saved[:4]} is not in force yet: the disk is full" in room.trouble
    watch.look()
    assert len([each for each in room.told if each]) == 1, "the same trouble is told once"
    watch.open_session = opened
    watch.look()
    assert room.in_force == saved and room.trouble == ""


def test_a_start_without_a_database_is_no_lost_start(room: Watched, files: Path) -> None:
    watch = room.watch(files)
    opened, watch.open_session = watch.open_session, _no_database
    with pytest.raises(DatabaseError):
        watch.look()
    watch.open_session = opened
    watch.look()
    assert room.in_force == revision_of(files)


def _no_database() -> Session:
    raise DatabaseError("the disk is full")


def test_files_that_are_not_the_rulebooks_are_not_read_again(
    room: Watched, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = room.watch(files)
    watch.look()
    monkeypatch.setattr(rulewatch, "load_rulebook", _not_again)
    (files / "notes.txt").write_text("x")
    (files / "rules.yaml~").write_text("x")
    watch.look()
    os.utime(files / "rules.yaml", (1, 1))
    with pytest.raises(AssertionError, match="again"):
        watch.look()


def _not_again(_: Path) -> None:
    raise AssertionError("read again")


def test_a_listener_that_is_gone_stops_nothing(room: Watched, files: Path) -> None:
    def gone(_: str) -> None:
        raise OSError("closed")

    watch = RuleWatch(files, room.session, gone, gone)
    watch.look()
    assert room.in_force == revision_of(files)
    (files / "rules.yaml").write_text("[", encoding="utf-8")
    watch.look()
    saved = save(files, with_ack(18))
    watch.look()
    assert room.in_force == saved
