"""The foot of the on-call screen: hand-offs ahead, how to reach people, what everybody has to bear."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.tui.driving import screen_text, settle
from tests.tui.duty import BOOK, DAY, VIEW, OnCallApp, drive, view
from tests.tui.fixtures import NOW
from warroom.clock import Clock
from warroom.domain.desk import Desk
from warroom.rulebook.load import seed_rulebook
from warroom.service import duty_view
from warroom.service.session import Session
from warroom.tui.oncall_ahead import BESIDE, LEAST, below, duty_ahead, handoffs
from warroom.tui.oncall_grid import Faces
from warroom.tui.pieces import Role, line_width, plain
from warroom.views import OnCallView, PagedLine

PAGED = replace(VIEW, paged=(PagedLine("지민", 7, 5), PagedLine("mina", 2, 0)), paged_at=NOW)


def text(shown: OnCallView, width: int = 120, height: int = 30) -> str:
    return "\n".join(plain(line).rstrip() for line in below(shown, Faces.of(shown), "mina", NOW, width, height))


def test_handoffs_are_those_ahead_in_order_and_a_gap_is_one() -> None:
    found = handoffs(view(Desk()), NOW)
    assert all(each.at > NOW for each in found)
    assert [each.at for each in found] == sorted(each.at for each in found)
    first = [(each.schedule, each.before, each.span.people) for each in found[:3]]
    assert first == [
        ("nights", (), ("jonas",)),  # 18:00 today
        ("nights", ("jonas",), ()),  # 06:00
        ("payments", ("mina",), ("jonas",)),  # 09:00 in Stockholm
    ]


def test_duty_is_added_up_for_a_week_and_what_two_schedules_share_counts_once() -> None:
    end, duty = duty_ahead(view(Desk()), NOW)
    assert end == NOW + 7 * DAY
    assert timedelta(0) < duty["mina"] <= 7 * DAY / 3 + timedelta(hours=12)
    # jonas has every night of twelve hours, and a third of the days, some of whose hours are nights.
    assert 3.5 * DAY - timedelta(hours=1) < duty["jonas"] < (3.5 + 7 / 3) * DAY
    doubled = view(Desk())
    line = doubled.schedules[0]
    assert duty_ahead(replace(doubled, schedules=(line, line)), NOW) == duty_ahead(
        replace(doubled, schedules=(line,)), NOW
    )


def test_it_says_who_follows_whom_when_and_what_concerns_me() -> None:
    shown = text(PAGED)
    assert "Hand-offs ahead" in shown
    assert "18:00   3h27  nights    GAP → jonas" in shown
    assert "jonas →  GAP" in shown
    moves = [line.partition("→") for line in text(PAGED, BESIDE - 1).splitlines() if "→" in line]
    mine = [after for before, _, after in moves if "mina" in before + after]
    assert mine
    assert all("you" in after for after in mine)
    assert not any("you" in after for before, _, after in moves if "mina" not in before + after)


def test_it_says_how_to_reach_whoever_is_on_call_and_never_half_an_address() -> None:
    assert "▶ jonas" in text(PAGED)
    assert "15:32 Europe/Stockholm" in text(PAGED)
    for width in range(40, 200, 7):
        for line in text(PAGED, width, 60).splitlines():
            if "+467" in line:
                assert "+46700000001" in line


def test_load_has_pages_and_those_at_night_the_most_paged_first() -> None:
    lines = text(PAGED).splitlines()
    load = next(n for n, line in enumerate(lines) if " Load " in line)
    assert "7 paged  5 at night" in lines[load + 1]
    assert "2 paged" in lines[load + 2]
    assert "at night" not in lines[load + 2]
    assert "pages in 24h" in lines[load]
    assert "pages in 24h" not in text(VIEW), "they were not counted"


@pytest.mark.parametrize("width", [30, 60, 80, BESIDE - 1, BESIDE, 120, 200])
def test_it_keeps_to_its_place(width: int) -> None:
    for height in (0, 1, LEAST - 1, LEAST, 7, 12, 40):
        found = below(PAGED, Faces.of(PAGED), "mina", NOW, width, height)
        assert len(found) <= height
        assert all(line_width(line) <= width for line in found)
        assert bool(found) is (height >= LEAST)


def test_a_gap_is_marked_as_one() -> None:
    roles = {
        role for line in below(PAGED, Faces.of(PAGED), "mina", NOW, 120, 30) for text, role in line if "GAP" in text
    }
    assert Role.NOTICE in roles


@pytest.mark.parametrize("size", [(60, 24), (120, 40), (200, 60)])
def test_the_screen_shows_it_below_the_desk(size: tuple[int, int]) -> None:
    async def steps(app: OnCallApp, pilot: object) -> None:
        await settle(pilot)  # type: ignore[arg-type]
        assert "Hand-offs ahead" in screen_text(app)

    drive(steps, size)


def test_pages_are_counted_by_person_and_by_their_own_night() -> None:
    midnight = NOW.replace(hour=23, minute=30)  # 00:30 in Stockholm, 08:30 in Seoul
    pages = [("mina", midnight), ("지민", midnight), ("mina", NOW), ("#channel", NOW)]
    assert duty_view.counted(pages, BOOK) == (PagedLine("mina", 2, 1), PagedLine("지민", 1, 0))


def test_pages_are_counted_once_a_minute(tmp_path: Path) -> None:
    now = [NOW]
    clock = Clock(NOW, NOW, 1.0)
    with Session(
        tmp_path / "room.db", actor="mina", seed=seed_rulebook, clock=lambda: now[0], new_clock=clock
    ) as session:
        first = duty_view.look(session, NOW, NOW + DAY)
        assert first.paged_at == NOW
        now[0] += timedelta(seconds=59)
        assert duty_view.look(session, NOW, NOW + DAY, first) is first
        now[0] += timedelta(seconds=1)
        later = duty_view.look(session, NOW, NOW + DAY, first)
        assert later.paged_at == now[0]
        assert later.schedules is first.schedules
