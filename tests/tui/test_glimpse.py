"""The first picture: what is live, before the program behind it is loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from warroom.domain.incident import Declare, SetStatus, Status
from warroom.domain.text import cell_width
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.store.peek import FirstLook, LiveLine, first_look
from warroom.tui.glimpse import picture, sequences

NOW = datetime(2026, 3, 13, 10, tzinfo=UTC)


def micros(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)


def line(key: str = "INC-1", due: timedelta | None = None, **more: object) -> LiveLine:
    at = None if due is None else micros(NOW + due)
    given = {"severity": "SEV1", "rank": 1, "title": "EU card payments failing", "status": "mitigating", "lead": "mina"}
    return LiveLine(key, **{**given, **more}, due=at)  # type: ignore[arg-type]


def look(*lines: LiveLine, live: int | None = None) -> FirstLook:
    return FirstLook("prod", lines, len(lines) if live is None else live, {"SEV1": "◆"}, None)


def texts(found: FirstLook, width: int = 120, height: int = 40) -> list[str]:
    return ["".join(text for text, _ in each).rstrip() for each in picture(found, NOW, width, height)]


def test_a_room_that_nobody_has_named_is_called_warroom_once() -> None:
    assert texts(replace(look(line()), room="warroom"))[0] == " warroom   1 live"


def test_what_is_live_and_what_falls_due_next() -> None:
    told = texts(look(line(due=timedelta(minutes=-20)), line("INC-2", timedelta(seconds=90), lead="")))
    assert told[0] == " warroom · prod   2 live"
    assert told[2].split() == [
        "◆",
        "SEV1",
        "INC-1",
        "EU",
        "card",
        "payments",
        "failing",
        "mitigating",
        "mina",
        "LATE",
        "20m",
    ]
    assert told[3].split()[-3:] == ["mitigating", "—", "01:30"]
    assert told[-1] == " loading the board …"


def test_more_than_fits_is_counted() -> None:
    told = texts(look(*(line(f"INC-{n}") for n in range(30)), live=12_000), height=24)
    assert len(told) <= 24 and "  and 11980 more" in told


def test_an_empty_room_says_so() -> None:
    assert texts(look())[0].endswith("0 live")


@given(
    st.lists(
        st.builds(
            line,
            key=st.text(max_size=12),
            title=st.text(max_size=60),
            lead=st.text(max_size=20),
            status=st.text(max_size=20),
            severity=st.text(max_size=10),
            rank=st.integers(-3, 99),
            due=st.none() | st.timedeltas(timedelta(-900), timedelta(900)),
        ),
        max_size=5,
    ),
    st.integers(20, 250),
    st.integers(5, 60),
)
def _fits(lines: list[LiveLine], width: int, height: int) -> None:
    drawn = picture(look(*lines), NOW, width, height)
    assert len(drawn) <= height
    for each in drawn:
        text = "".join(piece for piece, _ in each)
        assert cell_width(text) == width
        assert text.isprintable()


test_it_fits_whatever_stands_in_the_file = examples(0.5)(_fits)


def test_without_colours_only_weight_is_sent() -> None:
    drawn = picture(look(line(due=timedelta(minutes=-1))), NOW, 80, 24)
    assert "91m" in sequences(drawn, colours=True)
    plain = sequences(drawn, colours=False)
    assert "91" not in plain.replace("191", "") and "\x1b[1m" in plain


def test_the_file_is_read_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "room.db"
    with Session(path, actor="mina", seed=seed_rulebook, clock=lambda: NOW) as session:
        session.execute(Declare("A disk is full", "SEV3"))
        worst = session.execute(Declare("Checkout is down", "SEV1")).key
        over = session.execute(Declare("It was nothing", "SEV1")).key
        session.execute(SetStatus(Status.RESOLVED, "a test of the alarm"), over)
    before = sorted(each.name for each in tmp_path.iterdir())
    found = first_look(str(path), 10)
    assert sorted(each.name for each in tmp_path.iterdir()) == before
    assert found is not None and found.live == 2
    assert [each.title for each in found.lines] == ["Checkout is down", "A disk is full"]
    assert found.lines[0].key == worst and found.lines[0].due is not None
    assert found.glyphs["SEV1"] == "◆"
    assert first_look(f"sqlite:///{path}", 1) == FirstLook(found.room, found.lines[:1], 2, found.glyphs, None)


@pytest.mark.parametrize("content", [None, b"", b"no database", b"SQLite format 3\0" + b"\xff" * 200])
def test_of_what_cannot_be_read_there_is_no_picture(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "room.db"
    if content is not None:
        path.write_bytes(content)
    assert first_look(str(path), 10) is None
    assert first_look("postgresql://localhost/warroom", 10) is None
    assert [each.name for each in tmp_path.iterdir()] == ([] if content is None else ["room.db"])
