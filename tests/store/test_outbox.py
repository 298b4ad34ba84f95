"""Messages on their way out: at least once, under one key, by one process at a time, and never silently twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from tests.store.outgoing import rows, states, trouble
from tests.store.rooms import Hands, room
from tests.support.books import T0
from tests.support.profile import examples
from warroom.domain.incident import Declare
from warroom.store import outbox, schema, settling
from warroom.store import tables as t
from warroom.store.codec import from_us
from warroom.store.database import Database
from warroom.store.outbox import AT_ONCE, BACK_OFF, LEASE, MOST_TRIES, SENT, Claimed, Fate
from warroom.store.write import Writer


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Database, Hands]]:
    """A room in which two messages wait: to ada by sms and by chat."""
    with room(tmp_path / "room.db") as (writer, _, hands):
        writer.execute(Declare("Checkout is down", "SEV1"), actor="mina", now=hands)
        yield writer.database, hands


FIRST, SECOND = "INC-1/3/1", "INC-1/3/2"


def test_messages_are_written_with_the_decision_and_claimed_by_one(desk: tuple[Database, Hands]) -> None:
    database, hands = desk
    assert outbox.next_at(database) == T0
    claimed = outbox.claim(database, "a", hands())
    assert [message.id for message in claimed] == [FIRST, SECOND]
    assert claimed[0] == Claimed(
        id=FIRST,
        incident=1,
        kind="page",
        to="ada",
        via="sms",
        address="+46700000001",
        subject="INC-1 SEV1 Checkout is down",
        body=claimed[0].body,
        created_at=T0,
        tries=1,
        maybe_twice=False,
        dedup="INC-1/3",
        lane="sms",
    )
    assert "warroom ack INC-1" in claimed[0].body
    assert states(database) == ["sending", "sending"]
    assert outbox.claim(database, "b", hands()) == []
    # Somebody has to look again when the lease has run out, and not before.
    assert outbox.next_at(database) == T0 + LEASE


def test_what_was_sent_is_done(desk: tuple[Database, Hands]) -> None:
    database, hands = desk
    claimed = outbox.claim(database, "a", hands())
    hands.move(2)
    settling.settle(database, "a", [(message, SENT) for message in claimed], hands())
    for row in rows(database).values():
        assert (row["state"], row["claimed_by"], row["error"], row["maybe_twice"]) == ("sent", "", "", False)
        assert from_us(row["sent_at"]) == hands()
    assert outbox.next_at(database) is None
    hands.move(1_000_000)
    assert outbox.claim(database, "b", hands()) == []
    assert trouble(database) == {}


def test_what_failed_is_tried_again_later_and_later_and_then_given_up(desk: tuple[Database, Hands]) -> None:
    database, hands = desk
    waits = []
    for number in range(1, MOST_TRIES + 1):
        (message,) = [m for m in outbox.claim(database, "a", hands()) if m.id == FIRST]
        assert (message.tries, message.maybe_twice) == (number, False)
        settling.settle(database, "a", [(message, Fate("the gateway is down"))], hands())
        row = rows(database)[FIRST]
        assert (row["error"], row["sent_at"]) == ("the gateway is down", None)
        if number == MOST_TRIES:
            assert row["state"] == "given up"
            break
        assert row["state"] == "failed"
        waits.append((from_us(row["next_at"]) - hands()).total_seconds())
        hands.now = from_us(row["next_at"]) - timedelta(microseconds=1)
        assert FIRST not in [m.id for m in outbox.claim(database, "a", hands())]
        hands.move(1e-6)
    assert waits == [*BACK_OFF, *[BACK_OFF[-1]] * (MOST_TRIES - 1 - len(BACK_OFF))]
    assert trouble(database)["given up"] == 1
    hands.move(1_000_000)
    assert FIRST not in [message.id for message in outbox.claim(database, "a", hands())]


def test_a_message_of_unknown_fate_is_seen_and_then_sent_again_under_its_key(desk: tuple[Database, Hands]) -> None:
    database, hands = desk
    outbox.claim(database, "dead", hands())
    hands.now = T0 + LEASE - timedelta(microseconds=1)
    assert outbox.claim(database, "b", hands()) == []
    assert states(database) == ["sending", "sending"]
    hands.now = T0 + LEASE
    assert outbox.claim(database, "b", hands()) == []
    assert trouble(database) == {"unknown": 2}
    assert "ended before it could tell" in rows(database)[FIRST]["error"]
    hands.move(1)
    again = outbox.claim(database, "b", hands())
    assert [(m.id, m.tries, m.maybe_twice) for m in again] == [(FIRST, 2, True), (SECOND, 2, True)]
    settling.settle(database, "b", [(message, SENT) for message in again], hands())
    assert states(database) == ["sent", "sent"]
    # That the receiver may have two of them stays in the record of what went out.
    assert [row["maybe_twice"] for row in rows(database).values()] == [True, True]


def test_who_comes_back_after_the_lease_does_not_overrule_the_one_who_took_over(desk: tuple[Database, Hands]) -> None:
    database, hands = desk
    slow = outbox.claim(database, "slow", hands())
    hands.now = T0 + LEASE
    outbox.claim(database, "b", hands())
    hands.move(1)
    taken = outbox.claim(database, "b", hands())
    settling.settle(database, "slow", [(message, Fate("timeout")) for message in slow], hands(), untried=slow)
    assert states(database) == ["sending", "sending"]
    settling.settle(database, "b", [(message, SENT) for message in taken], hands())
    assert states(database) == ["sent", "sent"]


def test_who_comes_back_before_anybody_took_over_spares_the_receiver_a_second_one(
    desk: tuple[Database, Hands],
) -> None:
    database, hands = desk
    slow = outbox.claim(database, "slow", hands())
    hands.now = T0 + LEASE
    outbox.claim(database, "b", hands())
    assert states(database) == ["unknown", "unknown"]
    settling.settle(database, "slow", [(slow[0], SENT), (slow[1], Fate("timeout"))], hands())
    assert states(database) == ["sent", "failed"]
    # And what is settled stays settled.
    settling.settle(database, "slow", [(slow[0], Fate("timeout")), (slow[1], SENT)], hands(), untried=slow)
    assert states(database) == ["sent", "failed"]
    hands.move(1)
    assert [message.id for message in outbox.claim(database, "b", hands())] == [SECOND]


def test_what_was_not_tried_is_given_back_as_if_never_taken(desk: tuple[Database, Hands]) -> None:
    database, hands = desk
    before = rows(database)
    one, two = outbox.claim(database, "a", hands())
    settling.settle(database, "a", [(one, SENT)], hands(), untried=[two])
    assert rows(database)[SECOND] == before[SECOND]
    assert [message.tries for message in outbox.claim(database, "b", hands())] == [1]


def test_a_room_whose_time_runs_faster_gives_no_less_real_time(desk: tuple[Database, Hands]) -> None:
    database, hands = desk
    (one, two) = outbox.claim(database, "a", hands(), pace=60.0)
    assert outbox.next_at(database) == T0 + LEASE * 60
    settling.settle(database, "a", [(one, Fate("down"))], hands(), pace=60.0)
    assert from_us(rows(database)[FIRST]["next_at"]) == T0 + timedelta(seconds=BACK_OFF[0] * 60)
    hands.now = T0 + LEASE * 60
    outbox.claim(database, "b", hands(), pace=60.0)
    assert from_us(rows(database)[two.id]["next_at"]) == hands() + timedelta(seconds=BACK_OFF[0] * 60)


def test_the_oldest_are_claimed_first_and_a_few_at_a_time(tmp_path: Path) -> None:
    with room(tmp_path / "room.db") as (writer, _, hands):
        for _ in range(AT_ONCE):
            writer.execute(Declare("Checkout is down", "SEV1"), actor="mina", now=hands)
            hands.move(1)
        claimed = [outbox.claim(writer.database, "a", hands()) for _ in range(3)]
    assert [len(batch) for batch in claimed] == [AT_ONCE, AT_ONCE, 0]
    order = [(message.created_at, message.id) for batch in claimed for message in batch]
    assert order == sorted(order)


def test_no_message_is_taken_from_a_newer_programs_file(desk: tuple[Database, Hands]) -> None:
    database, hands = desk
    with database.write() as c:
        c.execute(update(schema.META).values(min_writer=t.SCHEMA_VERSION + 1))
    with pytest.raises(schema.TooNew, match="please upgrade"):
        outbox.claim(database, "a", hands())
    assert states(database) == ["queued", "queued"]


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(("work", "work", "fail", "die before", "die after", "too late", "stop")),
        st.sampled_from((0, 1, 5, 15, 29, 31, 60, 400)),
    ),
    max_size=25,
)


@given(ACTIONS)
@examples(0.2)
def test_whatever_becomes_of_the_senders_every_message_goes_out_and_says_when_it_may_be_the_second_time(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, str, int]]
) -> None:
    with room(tmp_path_factory.mktemp("room") / "room.db") as (writer, _, hands):
        post = _Post(writer, hands)
        for number in range(2):
            writer.execute(Declare(f"number {number}", "SEV1"), actor="mina", now=hands)
        for who, what, ahead in actions:
            post.let(who, what)
            hands.move(ahead)
        for _ in range(10):
            post.let("last", "work")
            hands.move(400)
        assert set(post.received) == set(rows(writer.database))
        assert set(states(writer.database)) == {"sent"}


class _Post:
    """Senders that die at the worst moments, and receivers that count."""

    def __init__(self, writer: Writer, hands: Hands) -> None:
        self.database, self.hands = writer.database, hands
        self.received: dict[str, int] = {}
        self.held: dict[str, tuple[str, datetime]] = {}

    def let(self, who: str, what: str) -> None:
        claimed = outbox.claim(self.database, who, self.hands())
        for message in claimed:
            # Nobody else has it now, unless its time is over.
            other, until = self.held.get(message.id, ("", self.hands()))
            assert not other or until <= self.hands()
            self.held[message.id] = (who, self.hands() + LEASE)
            if what in ("work", "die after", "too late"):
                assert not self.received.get(message.id) or message.maybe_twice, "a silent second time"
                self.received[message.id] = self.received.get(message.id, 0) + 1
        if what.startswith("die"):
            return
        if what == "too late":
            self.hands.now += LEASE
        error = "no" if what == "fail" else ""
        results = [] if what == "stop" else [(message, Fate(error)) for message in claimed]
        settling.settle(self.database, who, results, self.hands(), untried=claimed if what == "stop" else ())
        for message in claimed:
            self.held.pop(message.id)
