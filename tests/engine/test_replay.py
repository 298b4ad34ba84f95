"""The judge of the other tests judged: what `tests.bench.replay` has to notice, it does notice."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.bench.quick import quick_rules
from tests.bench.replay import Verdict, verify
from tests.store.rooms import Hands, raw
from tests.support.books import T0
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Declare
from warroom.service.session import Session
from warroom.store.chain import GENESIS, seal

Row = dict[str, Any]
COLUMNS = ("seq", "incident", "version", "kind", "at", "due", "actor", "data")
NAMES = ", ".join(COLUMNS)
BOOK = quick_rules().book
END = T0 + timedelta(seconds=8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record of eight seconds of two incidents, taken 10 milliseconds late each time; the second is acknowledged."""
    hands = Hands()
    with Session(tmp_path / "room.db", actor="mina", seed=quick_rules, clock=hands) as session:
        session.execute(Declare("first", "SEV1"))
        hands.move(0.3)
        session.execute(Declare("second", "SEV1"))
        while (due := session.writer.next_due()) is not None and due < END:
            hands.now = due + timedelta(milliseconds=10)
            session.writer.tick(hands)
            if session.seq() > 20 and not session.room("Q-2").escalation.acked_by:
                session.execute(Acknowledge(), "Q-2")
    return tmp_path / "room.db"


def forge(path: Path, change: Callable[[list[Row]], object]) -> None:
    """Change the record as somebody would who can seal it anew, so that only its sense gives it away."""
    connection = raw(path)
    rows = [
        dict(zip(COLUMNS, row, strict=True)) for row in connection.execute(f"SELECT {NAMES} FROM event ORDER BY seq")
    ]
    connection.execute("DELETE FROM event")
    change(rows)
    sealed, versions = GENESIS, dict[int, int]()
    for seq, row in enumerate(rows, 1):
        versions[row["incident"]] = row["version"] = versions.get(row["incident"], 0) + 1
        row["seq"] = seq
        sealed = seal(sealed, **row)
        connection.execute(f"INSERT INTO event VALUES ({', '.join('?' * 9)})", (*row.values(), sealed))
    connection.execute("UPDATE head SET seq = ?, hash = ?", (len(rows), sealed))
    connection.close()


def timed(rows: list[Row], incident: int = 1) -> list[int]:
    """Where the steps of one incident stand that time has taken."""
    return [at for at, row in enumerate(rows) if row["due"] is not None and row["incident"] == incident]


def judged(path: Path) -> Verdict:
    return verify(path, BOOK, END)


def test_a_good_record_passes(path: Path) -> None:
    verdict = judged(path)
    assert verdict.broken == []
    assert (verdict.lost, verdict.twice, verdict.out_of_order, verdict.incidents) == (0, 0, 0, 2)
    assert verdict.steps >= 10
    assert min(verdict.lateness) == pytest.approx(0.010)
    assert len(verdict.messages) > 20
    forge(path, lambda rows: None)
    assert judged(path) == verdict


def test_the_last_step_of_all_is_missed(path: Path) -> None:
    forge(path, lambda rows: rows.pop(timed(rows)[-1]))
    verdict = judged(path)
    assert verdict.lost == 1
    assert "was never taken" in verdict.broken[0]


def test_a_step_in_the_middle_is_missed(path: Path) -> None:
    forge(path, lambda rows: rows.pop(timed(rows)[3]))
    assert "is not what follows by the rules" in judged(path).broken[0]


def test_a_step_is_taken_twice(path: Path) -> None:
    def again(rows: list[Row]) -> None:
        at = timed(rows)[3]
        rows.insert(at + 1, {**rows[at], "at": rows[at]["at"] + 1})

    forge(path, again)
    verdict = judged(path)
    assert verdict.twice == 1
    assert "was taken again" in verdict.broken[0]


def test_two_steps_change_places(path: Path) -> None:
    def swap(rows: list[Row]) -> None:
        one, two = timed(rows)[4:6]
        rows[one], rows[two] = rows[two], rows[one]

    forge(path, swap)
    assert judged(path).broken != []


@pytest.mark.parametrize(
    ("field", "value"),
    [("at", lambda at: at - 20_000), ("due", lambda due: due + 5_000), ("actor", lambda _: "mina")],
)
def test_a_step_is_taken_at_another_time_or_by_somebody(path: Path, field: str, value: Callable[[Any], Any]) -> None:
    forge(path, lambda rows: rows[timed(rows)[3]].update({field: value(rows[timed(rows)[3]][field])}))
    assert judged(path).broken != []


def test_a_page_goes_to_somebody_else(path: Path) -> None:
    def mislead(rows: list[Row]) -> None:
        row = next(rows[at] for at in timed(rows) if rows[at]["kind"] == "level_paged")
        row["data"] = json.dumps({**json.loads(row["data"]), "level": 4})

    forge(path, mislead)
    assert "is not what follows by the rules" in judged(path).broken[0]


def test_a_step_that_nobody_was_due_to_take(path: Path) -> None:
    def invent(rows: list[Row]) -> None:
        last = rows[timed(rows)[-1]]
        rows.append({**last, "at": last["at"] + 1, "due": last["at"] - 1})

    forge(path, invent)
    assert "nothing fell due" in judged(path).broken[0]


def test_the_seals_are_looked_at(path: Path) -> None:
    connection = raw(path)
    connection.execute("UPDATE event SET actor = 'mallory' WHERE seq = 3")
    connection.close()
    assert "the seal of event 3 is broken" in judged(path).broken
    connection = raw(path)
    connection.execute("DELETE FROM event WHERE seq = 3")
    connection.close()
    assert "event 3 is missing" in judged(path).broken
