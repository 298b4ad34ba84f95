"""Until when what is laid out holds: it never changes before, so not everything has to be drawn every second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.support.profile import examples
from tests.tui import fixtures as fx
from tests.tui.driving import WatchedApp, drawn, drive, settle
from tests.tui.harness import BoardApp
from warroom.tui import clockface, heading, ladder_panel, panels, timeline
from warroom.tui.horizon import FOR_GOOD, changes_at, watched
from warroom.tui.listing import Columns, faces, row
from warroom.tui.pieces import Role, plain
from warroom.tui.sieve.columns import SPECS
from warroom.tui.widgets.incidents import IncidentList
from warroom.tui.widgets.lines import HeaderLine
from warroom.tui.widgets.panels import EscalationPanel, RecordPanel, RolesPanel
from warroom.views import IncidentDetail, IncidentLine

INSTANT = timedelta(microseconds=1)
Layout = Callable[[datetime], object]

moments = st.one_of(
    st.integers(-700_000_000, 700_000_000),
    st.integers(-90_000, 90_000).map(lambda seconds: seconds * 1_000_000),
    st.integers(-400_000_000_000, 400_000_000_000),
).map(lambda us: fx.NOW + us * INSTANT)


def assert_holds(layout: Layout, now: datetime, share: float) -> datetime:
    """It is the same at a moment in between and at the very last one; gives until when it holds."""
    with watched() as found:
        shown = layout(now)
    assert found.until > now
    last = min(found.until, now + timedelta(days=400)) - INSTANT
    for later in (now + (last - now) * share, last):
        assert layout(later) == shown, (now, later)
    return found.until


def lines() -> tuple[IncidentLine, ...]:
    return fx.many_lines()


def details() -> tuple[IncidentDetail, ...]:
    found = [view.selected for view in (fx.small_view(), fx.full_view(), fx.crowd_view())]
    return tuple(detail for detail in (*found, fx.cards_detail()) if detail is not None)


@examples(3)
@given(at=moments, now=moments, share=st.floats(0, 1))
def test_figures_stay_until_they_say_they_change(at: datetime, now: datetime, share: float) -> None:
    assert_holds(lambda now: (clockface.countdown(at, now), clockface.urgency(at, now)), now, share)
    assert_holds(lambda now: (clockface.age(at, now), clockface.is_late(at, now)), now, share)
    assert_holds(lambda now: clockface.lasting(at, max(at, now)), max(at, now), share)
    assert_holds(lambda now: (clockface.when(at, now), clockface.weekday(at, now)), now, share)


@examples(2)
@given(which=st.integers(0, 10_000), now=moments, share=st.floats(0, 1), width=st.sampled_from((40, 72, 120, 200)))
def test_rows_stay_until_they_say_they_change(which: int, now: datetime, share: float, width: int) -> None:
    found = lines()
    line = found[which % len(found)]
    for chosen in ((), tuple(SPECS)):
        columns = Columns.fitting(width, found, chosen, fx.NOW)
        assert_holds(lambda now, c=columns: (faces(line, now, c), row(line, c, now)), now, share)  # type: ignore[misc]


@examples(2)
@given(which=st.integers(0, 10_000), now=moments, share=st.floats(0, 1), width=st.sampled_from((40, 58, 96)))
def test_panels_stay_until_they_say_they_change(which: int, now: datetime, share: float, width: int) -> None:
    found = details()
    detail = found[which % len(found)]
    assert_holds(lambda now: panels.roles(detail.roles, now, width, 8), now, share)
    assert_holds(lambda now: ladder_panel.escalation(detail.ladder, detail.outbox, now, width, 9), now, share)
    assert_holds(lambda now: panels.record(detail.record, now, width, 9), now, share)
    assert_holds(lambda now: heading.incident_bar(detail.line, detail, now, width), now, share)
    assert_holds(lambda now: timeline.headline(detail.timeline, now), now, share)


@examples(2)
@given(now=moments, share=st.floats(0, 1), width=st.sampled_from((40, 80, 120)))
def test_the_head_of_the_board_stays_until_it_says_it_changes(now: datetime, share: float, width: int) -> None:
    for view in (fx.small_view(), fx.full_view(), fx.empty_view()):
        assert_holds(lambda now, v=view: heading.header(v, now, now, width), now, share)  # type: ignore[misc]


@examples(2)
@given(which=st.integers(0, 10_000), now=moments, steps=st.lists(st.floats(0, 1), max_size=6))
def test_the_timeline_stays_until_it_says_it_changes(which: int, now: datetime, steps: list[float]) -> None:
    found = details()
    view = found[which % len(found)].timeline
    sketch = timeline.Sketch()
    now = max(now, view.start)
    for share in steps:

        def drawn(now: datetime) -> object:
            return timeline.layout(view, now, 96, height=8, sketch=sketch)

        now = min(assert_holds(drawn, now, share), now + timedelta(days=30))


def test_above_ten_minutes_a_countdown_changes_once_a_minute_and_below_every_second() -> None:
    now = fx.NOW
    with watched() as found:
        clockface.countdown(now + timedelta(minutes=12, seconds=30), now)
    assert found.until == now + timedelta(seconds=31)  # "12m" until 11:59 are left
    with watched() as found:
        clockface.countdown(now + timedelta(minutes=9, seconds=30.25), now)
    assert found.until == now + timedelta(seconds=0.25)


def test_a_deadline_changes_what_is_shown_in_its_very_second() -> None:
    due = fx.NOW + timedelta(minutes=30)
    with watched() as found:
        assert clockface.urgency(due, due - INSTANT) is Role.SOON
    assert found.until == due
    assert clockface.urgency(due, due) is Role.LATE
    assert clockface.countdown(due, due) == "LATE 00:00"


def test_what_is_within_counts_for_what_is_around_it() -> None:
    soon, later = fx.NOW + timedelta(seconds=5), fx.NOW + timedelta(seconds=9)
    with watched() as outer:
        changes_at(later, fx.NOW)
        with watched() as inner:
            changes_at(soon, fx.NOW)
            changes_at(fx.NOW, fx.NOW)  # over: changes nothing any more
            changes_at(None, fx.NOW)
        assert inner.until == soon
    assert outer.until == soon
    with watched() as nothing:
        pass
    assert nothing.until == FOR_GOOD


def test_an_error_within_leaves_nobody_listening() -> None:
    with pytest.raises(ZeroDivisionError), watched():
        _ = 1 // 0
    with watched() as found:
        changes_at(fx.NOW + INSTANT, fx.NOW)
    assert found.until == fx.NOW + INSTANT


# The board, which draws only what has changed -------------------------------------------------------------------------


def test_a_board_that_skips_what_has_not_changed_shows_what_one_that_draws_all_would() -> None:
    counted: list[int] = []

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        board, view = app.board, fx.full_view()
        board.show(view, fx.NOW)
        await settle(pilot)
        shown = board.query_one(IncidentList)
        for seconds in (1, 1, 2, 7, 30, 19, 60, 61, 540, 3600, -1800, 1, 90_000):
            fx_now = board._now
            assert fx_now is not None
            now = fx_now + timedelta(seconds=seconds)
            board.tick(now, read_at=now)
            assert board.query_one(HeaderLine).lines == (heading.header(view, now, now, app.size.width),)
            for y, (line, selected) in shown._drawn.items():
                each = shown._ranks[shown.scroll_offset.y + y] if y < shown.count else None
                if each is not None:
                    assert line == row(each, shown.columns, now, selected=selected), (y, now)
            for panel in (*board.query(RolesPanel), *board.query(EscalationPanel), *board.query(RecordPanel)):
                kept = panel.lines
                panel._holds = panel._look = None
                panel.tick(now)
                assert panel.lines == kept, (panel, now)
            counted.append(len(shown._drawn))

    drive(fx.full_view(), steps)
    assert counted and min(counted) > 5


def test_a_second_in_which_nothing_changes_lays_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.board.tick(fx.NOW, read_at=fx.NOW)

        def laid_out(*_: object, starting: bool = False) -> tuple[()]:
            made.append("header")
            return ()

        monkeypatch.setattr(heading, "header", laid_out)
        monkeypatch.setattr(IncidentList, "_compare", lambda _: made.append("rows"))
        for seconds in range(1, 50):  # a minute of the room ends 53 s on
            app.board.tick(fx.NOW + timedelta(seconds=seconds), read_at=fx.NOW + timedelta(seconds=seconds))
        assert made == []
        minute = fx.NOW + timedelta(seconds=53)
        app.board.tick(minute, read_at=minute)
        assert "header" in made and "rows" in made

    drive(fx.empty_view(), steps)


def test_a_sign_of_life_draws_nothing_and_is_kept() -> None:
    async def steps(app: WatchedApp, pilot: Pilot[None]) -> None:
        view = replace(fx.full_view(), read_at=fx.NOW)
        app.board.show(view, fx.NOW)
        await drawn(pilot)
        before, sent = app.board.query_one(RolesPanel)._holds, len(app.sent)
        later = tuple(replace(each, seen_at=each.seen_at + timedelta(seconds=5)) for each in view.engines)
        app.board.show(replace(view, engines=later), fx.NOW)
        await drawn(pilot)
        assert len(app.sent) == sent and app.board.query_one(RolesPanel)._holds is before
        assert app.board.view is not None and app.board.view.engines == later
        gone = tuple(replace(each, alive=False) for each in view.engines)
        app.board.show(replace(view, engines=gone), fx.NOW)
        assert "NO ENGINE" in plain(app.board.query_one(HeaderLine).lines[0])

    drive(fx.full_view(), steps)  # type: ignore[arg-type]
