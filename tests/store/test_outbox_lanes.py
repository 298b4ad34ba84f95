"""What a process may take from the outbox: lanes, space, bundles, pauses, and what is listed of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.outgoing import put, rows, states
from tests.store.rooms import Hands, room
from tests.support.books import T0
from tests.support.profile import examples
from warroom.domain.routes import Bundling
from warroom.store import outbox, outbox_read, settling
from warroom.store.codec import from_us, to_us
from warroom.store.database import Database
from warroom.store.outbox import LEASE, SENT, Fate, Terms

LANE = "integration:pd"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[tuple[Database, Hands]]:
    """A room in which nothing waits."""
    with room(tmp_path / "room.db") as (writer, _, hands):
        yield writer.database, hands


def keys(count: int, start: int = 1) -> list[str]:
    return [f"INC-{n}/3/1" for n in range(start, start + count)]


def test_nothing_of_a_closed_lane_is_taken_nor_waited_for(empty: tuple[Database, Hands]) -> None:
    database, hands = empty
    put(database, *keys(30))
    put(database, "INC-99/3/1", via="mail", destination="mail", next_at=to_us(T0 + timedelta(seconds=5)))
    closed = frozenset({"sms"})
    assert outbox.next_at(database, closed) == T0 + timedelta(seconds=5)
    hands.move(5)
    assert [m.id for m in outbox.claim(database, "a", hands(), terms=Terms(closed=closed))] == ["INC-99/3/1"]
    assert outbox.next_at(database, closed | {"mail"}) is None


def test_a_lane_gets_no_more_than_it_has_space_for_and_the_others_are_not_behind_it(
    empty: tuple[Database, Hands],
) -> None:
    database, hands = empty
    put(database, *keys(50))
    put(database, *keys(3, 100), via="mail", destination="mail", next_at=to_us(T0 + timedelta(microseconds=1)))
    hands.move(1)
    taken = outbox.claim(database, "a", hands(), terms=Terms(space={"sms": 2}, width=4))
    assert [m.lane for m in taken] == ["sms", "sms", "mail", "mail", "mail"]
    assert len(outbox.claim(database, "b", hands(), terms=Terms(width=4, most=3))) == 3


def test_a_message_of_an_older_program_finds_its_lane(empty: tuple[Database, Hands]) -> None:
    database, hands = empty
    put(database, "INC-1/3/1", destination="")
    put(database, "INC-1/4/1", destination="", kind="update", via="public", recipient="public")
    assert outbox.claim(database, "a", hands(), terms=Terms(closed=frozenset({"sms", "channel:public"}))) == []
    assert {m.lane for m in outbox.claim(database, "a", hands())} == {"sms", "channel:public"}


def test_more_than_enough_pages_for_one_receiver_become_one(empty: tuple[Database, Hands]) -> None:
    database, hands = empty
    put(database, *keys(9))
    put(database, *keys(2, 20), recipient="bo")
    terms = Terms(bundling=Bundling(3, timedelta(seconds=30)))
    taken = outbox.claim(database, "a", hands(), terms=terms)
    assert [(m.to, len(m.bundle)) for m in taken] == [("ada", 8), ("bo", 0), ("bo", 0)]
    assert [m.id for m in taken[0].bundle] == keys(8, 2)
    found = rows(database)
    assert {found[key]["bundle"] for key in keys(8, 2)} == {"INC-1/3/1"}
    settling.settle(database, "a", [(m, SENT) for m in taken], hands())
    assert states(database).count("sent") == 3
    assert states(database).count("bundled") == 8
    assert all(from_us(row["sent_at"]) == T0 for row in rows(database).values())
    assert outbox.next_at(database) is None


def test_a_bundle_of_unknown_fate_is_sent_again_as_it_was(empty: tuple[Database, Hands]) -> None:
    database, hands = empty
    put(database, *keys(5))
    terms = Terms(bundling=Bundling(3, timedelta(seconds=30)))
    (dead,) = outbox.claim(database, "dead", hands(), terms=terms)
    put(database, *keys(5, 50))  # these come later, and are no part of it
    hands.now = T0 + LEASE
    outbox.claim(database, "b", hands(), terms=terms)
    hands.move(1)
    again = [m for m in outbox.claim(database, "b", hands(), terms=terms) if m.id == dead.id]
    assert [m.id for m in again[0].bundle] == [m.id for m in dead.bundle]
    assert again[0].maybe_twice
    settling.settle(database, "b", [(again[0], Fate("refused", final=True))], hands())
    found = rows(database)
    assert {found[key]["state"] for key in keys(5)} == {"given up"}
    assert {found[key]["error"] for key in keys(5)} == {"refused"}


def test_a_bundle_that_was_not_tried_falls_apart_again(empty: tuple[Database, Hands]) -> None:
    database, hands = empty
    put(database, *keys(5))
    before = rows(database)
    terms = Terms(bundling=Bundling(3, timedelta(seconds=30)))
    taken = outbox.claim(database, "a", hands(), terms=terms)
    settling.settle(database, "a", (), hands(), untried=taken)
    assert rows(database) == before


def test_one_receiver_gets_no_more_than_so_many_within_a_time(empty: tuple[Database, Hands]) -> None:
    database, hands = empty
    put(database, *keys(10))
    put(database, *keys(2, 50), recipient="bo", next_at=to_us(T0 + timedelta(microseconds=1)))
    hands.move(1)
    terms = Terms(per_minute={"sms": 3})
    taken = outbox.claim(database, "a", hands(), terms=terms)
    assert [m.to for m in taken] == ["ada"] * 3 + ["bo"] * 2
    settling.settle(database, "a", [(m, SENT) for m in taken], hands())
    due = outbox.next_at(database)
    assert due is not None
    assert timedelta(0) < due - (T0 + timedelta(seconds=61)) < timedelta(seconds=0.001)
    hands.now = due - timedelta(microseconds=1)
    assert outbox.claim(database, "b", hands(), terms=terms) == []
    hands.now = due
    assert len(outbox.claim(database, "b", hands(), terms=terms)) == 3


def test_a_minute_of_a_room_that_runs_faster_is_a_real_one(empty: tuple[Database, Hands]) -> None:
    database, hands = empty
    put(database, *keys(2))
    terms = Terms(per_minute={"sms": 1})
    (one,) = outbox.claim(database, "a", hands(), terms=terms, pace=60.0)
    settling.settle(database, "a", [(one, SENT)], hands(), pace=60.0)
    due = outbox.next_at(database)
    assert due is not None
    assert timedelta(hours=1) <= due - T0 < timedelta(hours=1, seconds=1)


def test_words_to_another_system_wait_for_those_before_them(empty: tuple[Database, Hands]) -> None:
    database, hands = empty
    about = {"kind": "alert", "recipient": "pd", "via": "pagerduty", "destination": LANE, "dedup": "x:INC-1"}
    put(database, "INC-1/9/1", **about, action="trigger")
    put(database, "INC-1/10/1", **about, action="resolve")
    put(database, "INC-2/10/1", **{**about, "dedup": "x:INC-2"}, action="resolve")
    taken = outbox.claim(database, "a", hands())
    assert [m.id for m in taken] == ["INC-1/9/1", "INC-2/10/1"]
    hands.move(1)
    assert outbox.claim(database, "b", hands()) == []
    settling.settle(database, "a", [(taken[0], Fate("refused", final=True))], hands())
    hands.move(1)
    assert [m.id for m in outbox.claim(database, "b", hands())] == ["INC-1/10/1"]


def test_a_pause_that_was_asked_for_is_kept_and_what_is_final_is_given_up(empty: tuple[Database, Hands]) -> None:
    database, hands = empty
    put(database, *keys(3))
    one, two, three = outbox.claim(database, "a", hands())
    fates = [
        (one, Fate("busy", wait=timedelta(seconds=77))),
        (two, Fate("refused", final=True)),
        (three, Fate("silence", unsure=True)),
    ]
    settling.settle(database, "a", fates, hands())
    first, second, third = rows(database).values()
    assert from_us(first["next_at"]) == T0 + timedelta(seconds=77)
    assert (second["state"], second["maybe_twice"]) == ("given up", False)
    assert (third["state"], third["maybe_twice"]) == ("failed", True)


def test_a_message_is_tried_anew_by_hand(empty: tuple[Database, Hands]) -> None:
    database, hands = empty
    put(database, "INC-1/3/1", state="given up", tries=20, error="refused")
    put(database, "INC-1/3/2", state="given up", bundle="INC-1/3/1")
    put(database, "INC-2/3/1", state="sent")
    assert settling.again(database, "INC-2/3/1", hands()) == "sent"
    assert settling.again(database, "INC-9/3/1", hands()) is None
    assert outbox.claim(database, "a", hands()) == []
    assert settling.again(database, "INC-1/3/1", hands()) == "given up"
    (message,) = outbox.claim(database, "a", hands())
    assert (message.id, [m.id for m in message.bundle]) == ("INC-1/3/1", ["INC-1/3/2"])
    settling.settle(database, "a", [(message, Fate("refused", final=True))], hands())
    assert settling.again(database, "INC-1/3/2", hands()) == "given up"
    (message,) = outbox.claim(database, "a", hands())
    assert (message.id, message.bundle) == ("INC-1/3/2", ())


def test_which_pages_are_overdue(empty: tuple[Database, Hands]) -> None:
    database, _ = empty
    late, soon = to_us(T0 - timedelta(seconds=60)), to_us(T0)
    put(database, "INC-1/3/1", created_at=late, next_at=late)
    put(database, "INC-2/3/1", created_at=late, next_at=soon)  # held back until now
    put(database, "INC-3/3/1", created_at=late, state="failed", tries=3, next_at=soon)
    put(database, "INC-4/3/1", created_at=late, state="sent")
    put(database, "INC-5/3/1", created_at=late, state="sending", tries=1)
    put(database, "INC-6/3/1", created_at=late, kind="update", state="failed")
    put(database, "INC-7/3/1", created_at=soon, state="failed")
    put(database, "INC-8/3/1", created_at=late, state="bundled", bundle="INC-3/3/1", next_at=outbox.NEVER)
    put(database, "INC-9/3/1", created_at=late, state="bundled", bundle="INC-4/3/1", next_at=late, sent_at=late)
    found = outbox_read.overdue(database, T0 - timedelta(seconds=60))
    assert [each.message.id for each in found] == ["INC-1/3/1", "INC-3/3/1", "INC-8/3/1"]


def test_what_is_listed_and_counted(empty: tuple[Database, Hands]) -> None:
    database, hands = empty
    put(database, *keys(3))
    put(database, "INC-7/3/1", state="failed", tries=1, created_at=to_us(T0 + timedelta(seconds=1)))
    put(database, "INC-8/3/1", state="sent", via="mail", destination="mail")
    assert [each.message.id for each in outbox_read.listing(database, most=2)] == ["INC-7/3/1", "INC-8/3/1"]
    assert [each.state for each in outbox_read.listing(database, troubled=True)] == ["failed"]
    assert outbox_read.queues(database, hands()) == {"sms": (3, T0)}


@given(st.lists(st.tuples(st.sampled_from(("ada", "bo")), st.integers(0, 40)), max_size=60), st.integers(1, 4))
@examples(0.15)
def test_no_receiver_ever_gets_more_than_the_rules_allow_and_everybody_gets_everything(
    tmp_path_factory: pytest.TempPathFactory, pages: list[tuple[str, int]], most: int
) -> None:
    """Pages come at any time; within the time of a bundle nobody gets more than `most` messages."""
    within = timedelta(seconds=30)
    terms = Terms(bundling=Bundling(most, within), width=100)
    got: dict[str, list[tuple[datetime, int]]] = {"ada": [], "bo": []}
    with room(tmp_path_factory.mktemp("room") / "room.db") as (writer, _, hands):
        database = writer.database
        for second in range(0, 400, 2):
            new = [n for n, (_, at) in enumerate(pages) if second - 2 < at <= second]
            for n in new:
                now = to_us(hands())
                put(database, f"INC-{n}/3/1", recipient=pages[n][0], created_at=now, next_at=now)
            if not new and outbox.next_at(database) is None and second > 40:
                break
            taken = outbox.claim(database, "a", hands(), terms=terms)
            for message in taken:
                got[message.to].append((hands(), 1 + len(message.bundle)))
            settling.settle(database, "a", [(message, SENT) for message in taken], hands())
            hands.move(2)
        assert set(states(database)) <= {"sent", "bundled"}
    for person, arrived in got.items():
        assert sum(count for _, count in arrived) == sum(to == person for to, _ in pages)
        for n, (at, _) in enumerate(arrived):
            assert sum(at - within < other <= at for other, _ in arrived[: n + 1]) <= most
