"""The wallboard's pictures: what is on them at every size, and that they hold what they must."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from tests.tui import fixtures as f
from tests.tui.duty import VIEW as SHIFTS
from warroom.domain.text import cell_width
from warroom.tui.clockface import countdown
from warroom.tui.pieces import Role, line_width, plain
from warroom.tui.wall import deadlines
from warroom.tui.wall.digits import best_cut, figures, large
from warroom.tui.wall.frame import Picture, Turn, picture
from warroom.tui.wall.parts import Standing, countdown_figure, pack
from warroom.tui.wall.turning import Turning
from warroom.views import (
    BoardView,
    DutySpan,
    IncidentLine,
    NextPage,
    OnCallView,
    PageState,
    PunctualityRow,
    PunctualityView,
    ScheduleLine,
    SeverityFace,
    UpdateDue,
)
from warroom.views.wall import InsightView, Silence, WallView

SIZES = ((20, 5), (40, 8), (60, 20), (80, 24), (120, 40), (200, 60), (250, 70), (300, 100))


def view(lines: tuple[IncidentLine, ...], calm: datetime | None = None) -> WallView:
    """A room with these incidents; each major one has been silent for half an hour."""
    base: BoardView = replace(f.full_view(), lines=lines, selected=None)
    majors = [line for line in lines if line.severity.major]
    return WallView(base, {line.key: Silence("public", f.ago(30)) for line in majors}, calm)


def crowd(count: int) -> tuple[IncidentLine, ...]:
    """Incidents of every kind."""
    if count <= 3:
        return (f.cards_line(), f.git_line(), f.export_line())[:count]
    return (*f.many_lines(), *f.crowd_view(count - len(f.many_lines())).lines)


def words(done: Picture) -> str:
    return "\n".join(plain(line) for line in done.lines)


def shown(
    lines: tuple[IncidentLine, ...],
    width: int,
    height: int,
    standing: Standing | None = None,
    *,
    page: int = 0,
    now: datetime = f.NOW,
    screen: str = "board",
) -> Picture:
    return picture(view(lines), now, standing or Standing(), Turn(screen, page), width, height)


# Figures -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height", "rows"),
    [(17, 3, 3), (16, 3, 0), (200, 2, 0), (40, 5, 5), (60, 7, 7), (60, 8, 8), (120, 14, 14), (200, 21, 21)],
)
def test_figures_are_as_large_as_they_fit(width: int, height: int, rows: int) -> None:
    made = large("04:12", width, height)
    assert len(made) == rows
    assert all(cell_width(row) <= width for row in made)


def test_figures_as_they_are_drawn() -> None:
    assert "\n".join(row.rstrip() for row in large("47", 14, 5)) == (
        "██  ██  ██████\n██  ██      ██\n██████      ██\n    ██    ██\n    ██    ██"
    )
    assert "\n".join(row.rstrip() for row in large("47", 14, 5, plain=True)) == (
        "##  ##  ######\n##  ##      ##\n######      ##\n    ##    ##\n    ##    ##"
    )


@given(st.text("0123456789:hmd LATENOD%", min_size=1, max_size=10), st.integers(1, 300), st.integers(1, 40))
@examples()
def test_figures_never_take_more_than_they_may(text: str, width: int, height: int) -> None:
    for simple in (False, True):
        cut = best_cut(text, width, height, plain=simple)
        if cut is not None:
            rows = figures(text, cut, plain=simple)
            assert len(rows) == cut.rows <= height
            assert {cell_width(row) for row in rows} == {cell_width(rows[0])}
            assert cell_width(rows[0]) <= width
            assert not simple or all(row.isascii() for row in rows)


@pytest.mark.parametrize(
    ("width", "height", "worded", "rows"),
    [
        (200, 5, True, 5),
        (60, 5, False, 5),
        (80, 8, True, 5),
        (100, 14, True, 14),
        (60, 14, True, 14),
        (17, 4, False, 3),
    ],
)
def test_late_is_written_out_where_it_fits(width: int, height: int, worded: bool, rows: int) -> None:
    figure = countdown_figure(f.ago(4, 12), f.NOW, width, height, Role.LATE, plain=False)
    assert (figure.late, figure.worded, len(figure.rows)) == (True, worded, rows)


# The board -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("count", [0, 1, 3, 30])
@pytest.mark.parametrize("simple", [False, True], ids=["rich", "plain"])
def test_every_size_has_its_picture(size: tuple[int, int], count: int, simple: bool) -> None:
    width, height = size
    lines = crowd(count)
    seen = ""
    pages = 1
    page = 0
    while page < pages:
        done = shown(lines, width, height, Standing(plain=simple), page=page)
        assert len(done.lines) == height and done.page == page
        assert all(line_width(line) <= width for line in done.lines)
        assert not simple or words(done).isascii()
        assert "14:32" in plain(done.lines[0])
        assert "now" in plain(done.lines[-1])
        seen += words(done)
        pages = done.pages
        page += 1
    for line in lines:
        assert line.key[: width - 12] in seen, line.key
    if count == 0:
        assert "nothing" in seen


_faces = st.sampled_from((f.SEV1, f.SEV2, f.SEV3, SeverityFace("KATASTROF-☠", "☠", 1, True)))
_at = st.none() | st.integers(-5_000_000, 5_000_000).map(lambda s: f.NOW + timedelta(seconds=s))
_states = st.sampled_from([state for state in PageState if state is not PageState.STOPPED])
_lines = st.builds(
    IncidentLine,
    st.integers(1, 10**9).map(lambda n: f"INC-{n}"),
    st.text(max_size=40),
    _faces,
    st.sampled_from(("new", "investigating", "")),
    st.sampled_from(("", "mina", "지민")),
    _at,
    st.builds(NextPage, _states, st.sampled_from(("", "L1", "INC-9")), _at),
    st.builds(UpdateDue, st.sampled_from(("", "public", "#incident-critical-of-many")), _at),
    alarm=st.sampled_from(("", "escalation exhausted")),
    watched=st.booleans(),
)


@given(
    st.lists(_lines, max_size=25, unique_by=lambda line: line.key).map(tuple),
    st.integers(20, 300),
    st.integers(5, 100),
    st.sampled_from((0.0, 7.0, 30.0, 4000.0)),
    st.sampled_from(("", "there is no such file: /srv/warroom/room.db")),
    st.booleans(),
)
@examples(1.5)
def test_every_major_incident_stands_on_a_page_and_nothing_is_too_wide(
    lines: tuple[IncidentLine, ...], width: int, height: int, age: float, trouble: str, simple: bool
) -> None:
    standing = Standing(age, trouble, plain=simple)
    first = shown(lines, width, height, standing)
    pictures = [first, *(shown(lines, width, height, standing, page=n) for n in range(1, first.pages))]
    for done in pictures:
        assert len(done.lines) == height
        assert all(line_width(line) <= width for line in done.lines)
    seen = "\n".join(map(words, pictures))
    for line in lines:
        if line.severity.major:
            assert line.key[: max(1, width - 14)] in seen
    nearest = deadlines.nearest(deadlines.live(view(lines), f.NOW))
    own = [each.at for line in lines if not line.watched for each in deadlines.deadlines(line)]
    every = [each.at for line in lines for each in deadlines.deadlines(line)]
    assert (nearest.at if nearest else None) == min(own or every, default=None)


@given(st.integers(-3, 25), st.integers(-3, 8))
@examples(0.5)
def test_no_size_is_too_small(width: int, height: int) -> None:
    done = shown(crowd(3), width, height, Standing(100, "gone"))
    assert len(done.lines) == max(1, height)


def test_majors_come_before_the_rest() -> None:
    text = words(shown(crowd(30), 120, 100))
    at = {line.key: text.index(line.key, text.index("▌")) for line in crowd(30)}
    majors = [at[line.key] for line in crowd(30) if line.severity.major]
    assert max(majors) < min(at[line.key] for line in crowd(30) if not line.severity.major)


def test_a_block_says_who_leads_and_what_is_due() -> None:
    text = words(shown(crowd(1), 100, 20))
    for part in ("SEV1", "INC-142", "mina", "L3 02:14", "public LATE 04:12", "public 30m", "mitigating"):
        assert part in text
    exhausted = replace(f.cards_line(), page=NextPage(PageState.EXHAUSTED))
    assert "escalation exhausted" in words(shown((exhausted,), 100, 20))
    told = replace(exhausted, alarm="policy sev1-critical is exhausted: nobody has acknowledged")
    assert told.alarm in words(shown((told,), 120, 20))
    assert all(f"escalation exhausted   {told.title[:12]}" in words(shown((told,), width, 20)) for width in (60, 80))


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_time_by_which_somebody_has_to_lead_never_stands_without_its_name(width: int) -> None:
    vacant = replace(f.cards_line(), lead="", lead_due=f.NOW + timedelta(seconds=80))
    rows = [row for row in words(shown((vacant,), width, 24)).splitlines() if "01:20" in row]
    assert rows and all("lead" in row for row in rows)


def test_what_is_only_watched_is_not_the_nearest_where_there_is_something_of_our_own() -> None:
    watched = replace(f.git_line(), key="EXT-1", watched=True, update=UpdateDue("public", f.ago(9000)))
    found = deadlines.nearest((watched, f.cards_line()))
    assert found is not None and found.line.key == "INC-142"
    alone = deadlines.nearest((watched,))
    assert alone is not None and alone.line.key == "EXT-1"


def test_resolved_incidents_are_over() -> None:
    over = replace(f.cards_line(), page=NextPage(PageState.STOPPED))
    assert "nothing has been live here yet" in words(shown((over,), 80, 24))
    calm = picture(view((over,), f.ago(3 * 24 * 60 + 4 * 60)), f.NOW, Standing(), Turn(), 80, 24)
    assert "nothing live since 2026-03-07 10:32 UTC, 3 d 4 h" in words(calm)
    today = picture(view((), f.ago(125)), f.NOW, Standing(), Turn(), 80, 24)
    assert "nothing live since 12:27 UTC, 2 h 05 min" in words(today)


def test_a_calm_picture_changes_with_the_minute_alone() -> None:
    def at(seconds: float) -> Picture:
        moment = f.NOW.replace(second=0) + timedelta(seconds=seconds)
        return picture(view((), f.ago(125)), moment, Standing(age_s=seconds % 2), Turn(), 80, 24)

    assert {at(second).lines for second in range(60)} == {at(0).lines}
    assert at(60).lines != at(0).lines


# What is wrong -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "said", "role"),
    [
        (0, "read just now", Role.MUTED),
        (4.9, "read just now", Role.MUTED),
        (7, "read 7 s ago", Role.MUTED),
        (10.5, "read 10 s ago", Role.SOON),
        (59, "read 59 s ago", Role.SOON),
        (61, "read 1m ago", Role.ALARM),
        (4000, "read 1h06 ago", Role.ALARM),
    ],
)
def test_how_old_the_data_is(age: float, said: str, role: Role) -> None:
    last = shown(crowd(1), 100, 20, Standing(age)).lines[-1]
    assert said in plain(last)
    assert role in [each for text, each in last if said.split()[-1] in text]


def test_a_picture_that_may_be_wrong_is_grey_and_says_so_large() -> None:
    done = shown(crowd(3), 120, 40, Standing(200, "there is no such file: /srv/room.db"))
    text = words(done)
    assert "there is no such file: /srv/room.db" in text
    assert "picture of 14:28:47 UTC" in text
    big = large("NO DATA", 118, 7)
    assert all(row in text for row in big)
    roles = {role for line in done.lines[8:-1] for part, role in line if part.strip()}
    assert roles <= {Role.MUTED, Role.FAINT, Role.ALARM}
    fresh = shown(crowd(3), 120, 40, Standing(1, "a moment of trouble"))
    assert "NO DATA" not in words(fresh) and Role.LATE in {role for line in fresh.lines for _, role in line}


def test_nobody_keeps_the_timers() -> None:
    base = view(crowd(1))
    still = replace(base, board=replace(base.board, engines=()))
    for width, said in ((100, "NO ENGINE: timers stand still"), (30, "NO ENGINE"), (20, "!E")):
        assert said in words(picture(still, f.NOW, Standing(), Turn(), width, 10))


def test_before_the_room_was_read() -> None:
    done = picture(None, f.NOW, Standing(3, "cannot be opened"), Turn(), 80, 24)
    assert "cannot be opened" in words(done)


def test_a_filter_is_said_and_does_not_hide_that_something_is_live() -> None:
    none = picture(view(crowd(3)), f.NOW, Standing(filter="sev:1"), Turn(), 100, 24, chosen=lambda line, now: False)
    assert "only sev:1" in words(none) and "nothing matches; 3 are live" in words(none)
    one = picture(
        view(crowd(3)), f.NOW, Standing(filter="cards"), Turn(), 100, 24, chosen=lambda line, now: line.key == "INC-142"
    )
    assert "INC-142" in words(one) and "INC-141" not in words(one)


# Turning pages -------------------------------------------------------------------------------------------------------


def test_every_page_of_every_screen_has_its_turn() -> None:
    turning = Turning(("board", "oncall"), 10, 0.0)
    seen = []
    for second in range(0, 80, 5):
        turn = turning.at(float(second), 3 if turning.screen == "board" else 1)
        seen.append((turn.screen, turn.page, turn.passed))
    assert [each[:2] for each in seen[::2]] == [
        ("board", 0), ("board", 1), ("board", 2), ("oncall", 0), ("board", 0), ("board", 1), ("board", 2), ("oncall", 0)
    ]  # fmt: skip
    assert {each[2] for each in seen} == {0.0, 0.5}


def test_after_a_sleep_of_hours_the_next_page_is_shown_and_no_other_left_out() -> None:
    turning = Turning(("board",), 10, 0.0)
    assert turning.at(5, 3).page == 0
    assert turning.at(50_000, 3).page == 1
    assert turning.at(50_001, 3).page == 1
    assert turning.at(50_011, 1).page == 0  # fewer pages than before


@given(st.lists(st.integers(1, 9), max_size=20), st.integers(1, 12), st.integers(1, 3), st.integers(10, 90))
@examples(0.5)
def test_packing_loses_no_block(heights: list[int], rows: int, columns: int, width: int) -> None:
    blocks = [tuple(((f"{n}-{y}", Role.TEXT),) for y in range(high)) for n, high in enumerate(heights)]
    pages = pack(blocks, width, rows, columns)
    assert all(len(page) <= rows for page in pages)
    text = "\n".join(plain(line) for page in pages for line in page)
    assert all(f"{n}-0" in text for n in range(len(heights))) or width // columns < 8


# The other screens ---------------------------------------------------------------------------------------------------


def duty() -> OnCallView:
    span = DutySpan(f.ago(600), f.ahead(90), ("mina",))
    nobody = DutySpan(f.ago(5), f.ahead(30), ())
    return OnCallView(
        f.NOW, ("r", 1), f.NOW, f.ahead(600),
        schedules=(
            ScheduleLine("primary", "primary on-call", "UTC", span, DutySpan(f.ahead(90), None, ("li",)), ()),
            ScheduleLine("db", "databases", "UTC", nobody, DutySpan(f.ahead(30), None, ("eva",)), (), ("tom",)),
        ),
        lists=(("managers", ("maria", "tom")),),
    )  # fmt: skip


def figures_of() -> InsightView:
    def row(name: str, share: float, n: int) -> PunctualityRow:
        return PunctualityRow(
            name, n, int(n * share), n - int(n * share), 0, 1, share, timedelta(hours=3), timedelta(), 1.0, -2.0
        )

    rows = (row("git", 0.5, 4), row("payments", 1.0, 8))
    measured = PunctualityView(f.ago(60 * 24 * 30), f.NOW, "service", 95, row("all", 0.83, 12), rows, 5)
    return InsightView(measured, f.ago(720), (("mina", 3), ("jonas", 1)))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", ["oncall", "insight"])
def test_the_other_screens_have_their_pictures_too(screen: str, size: tuple[int, int]) -> None:
    width, height = size
    seen, pages, page = "", 1, 0
    whole = replace(view(crowd(30)), oncall=duty(), insight=figures_of())
    while page < pages:
        done = picture(whole, f.NOW, Standing(), Turn(screen, page), width, height, several=True)
        assert len(done.lines) == height and all(line_width(line) <= width for line in done.lines)
        seen, pages, page = seen + words(done), done.pages, page + 1
    expected = {"oncall": ("mina", "NOBODY"), "insight": ("mina", "SEV1", "n=12")}
    if width >= 60:
        assert all(word in seen for word in expected[screen])
    empty = picture(view(()), f.NOW, Standing(), Turn(screen), width, height)
    assert len(empty.lines) == height


def test_hand_offs_stand_below_who_is_on_call_where_there_is_room_and_never_how_to_reach_them() -> None:
    whole = replace(view(crowd(3)), oncall=SHIFTS)
    text = words(picture(whole, f.NOW, Standing(), Turn("oncall"), 200, 60))
    assert "Hand-offs ahead" in text
    assert "→" in text
    assert "+467" not in text
    assert "Hand-offs ahead" not in words(picture(whole, f.NOW, Standing(), Turn("oncall"), 60, 16))


def test_figures_carry_how_many_they_were_counted_from() -> None:
    whole = replace(view(crowd(3)), insight=figures_of())
    text = words(picture(whole, f.NOW, Standing(), Turn("insight"), 160, 50))
    for part in (
        "n=12",
        "target 95 %",
        "n=4",
        "since 02:32 UTC, n=4",
        "budget overdrawn by 2.0",
        "of 2 major incidents",
    ):
        assert part in text


def test_countdowns_are_those_of_the_board() -> None:
    for second in range(300):
        now = f.NOW + timedelta(seconds=second)
        assert countdown(f.cards_line().page.at or now, now) in words(shown(crowd(1), 90, 18, now=now))


def test_pictures_need_no_terminal_and_no_database() -> None:
    code = "import sys, warroom.tui.wall.frame, warroom.tui.wall.turning; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"textual", "rich", "sqlalchemy", "asyncio", "warroom.store", "warroom.service"} & set(
        done.stdout.split()
    )
