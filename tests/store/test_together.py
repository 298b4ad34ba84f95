"""What takes more than one incident, or more than one revision of the rules: merging, and moving to newer rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.rooms import Hands, dump, published, room
from tests.support.books import BOOK, level, minutes
from warroom.domain.core import Refused
from warroom.domain.escalation import Phase
from warroom.domain.incident import Declare, Merge, Status
from warroom.domain.moving import MoveToRules
from warroom.domain.policy import Policy
from warroom.domain.room import Room
from warroom.store import doctor
from warroom.store.queries import one
from warroom.store.write import NoSuchIncident, Writer

FIRST, SECOND = (f"{BOOK.prefix}-{n}" for n in (1, 2))
POLICY = BOOK.severities["SEV1"].policy


@pytest.fixture
def here(tmp_path: Path) -> Iterator[tuple[Writer, Hands]]:
    with room(tmp_path / "room.db") as (writer, _, hands):
        for title in ("Cards fail", "Payments are down"):
            writer.execute(Declare(title, "SEV1"), actor="mina", now=hands)
        yield writer, hands


def rooms_of(writer: Writer, key: str) -> Room:
    with writer.database.read() as c:
        found = one(c, key)
    assert found is not None
    return found[1]


def nothing_is_wrong(writer: Writer) -> None:
    assert [f for f in doctor.examine(writer.database) if not f.good and f.check != "rules"] == []


def test_a_merge_is_written_on_both_incidents(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    writer.execute(Merge(SECOND, "same cause"), key=FIRST, actor="mina", now=hands)
    duplicate, kept = rooms_of(writer, FIRST), rooms_of(writer, SECOND)
    assert (duplicate.incident.status, duplicate.incident.merged_into) == (Status.CLOSED, SECOND)
    assert duplicate.escalation.phase is Phase.STOPPED
    assert kept.incident.absorbed == (FIRST,)
    assert kept.escalation.phase is Phase.RUNNING
    nothing_is_wrong(writer)


@pytest.mark.parametrize("into", ["Q-77", FIRST])
def test_a_merge_that_cannot_be_changes_neither(here: tuple[Writer, Hands], into: str) -> None:
    writer, hands = here
    before = dump(writer.database)
    with pytest.raises((NoSuchIncident, Refused)):
        writer.execute(Merge(into), key=FIRST, actor="mina", now=hands)
    assert dump(writer.database) == before


def test_nothing_is_merged_into_a_duplicate(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    writer.execute(Merge(SECOND), key=FIRST, actor="mina", now=hands)
    writer.execute(Declare("Third", "SEV1"), actor="mina", now=hands)
    before = dump(writer.database)
    with pytest.raises(Refused, match=SECOND):
        writer.execute(Merge(FIRST), key=f"{BOOK.prefix}-3", actor="mina", now=hands)
    assert dump(writer.database) == before


def test_an_incident_keeps_its_rules_until_it_is_moved(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    slower = Policy(POLICY, (level("primary", "person:dag", ack=minutes(40)),))
    newer, rules = published(replace(BOOK, policies={**BOOK.policies, POLICY: slower}))
    writer.publish(rules, actor="ada", now=hands)
    assert rooms_of(writer, FIRST).incident.revision != newer.revision
    hands.move(1)
    moved = writer.execute(MoveToRules(newer.revision), key=FIRST, actor="mina", now=hands).room
    assert moved.incident.revision == newer.revision
    assert moved.escalation.ack_due is not None
    # Counted from when the level was paged, a second before.
    assert moved.escalation.ack_due - hands() == minutes(40) - timedelta(seconds=1)
    assert rooms_of(writer, SECOND).incident.revision != newer.revision
    hands.move(41 * 60)
    report = writer.tick(hands)
    assert not report.failed
    nothing_is_wrong(writer)


def test_nobody_moves_to_rules_that_were_never_published(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    with pytest.raises(Refused, match="does not hold revision"):
        writer.execute(MoveToRules("0123456789ab"), key=FIRST, actor="mina", now=hands)
