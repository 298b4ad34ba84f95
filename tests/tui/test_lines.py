"""Header, bars, tabs, panels and the plan of the screen."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.fixtures import LEVELS, NOW, ago, ahead, cards_detail, empty_view, engines, full_view, small_view
from warroom.tui import heading, ladder_panel, panels
from warroom.tui.actions.action import BarItem
from warroom.tui.pieces import Role, fit_line, line_width, plain, rule, spread, wrapped
from warroom.tui.plan import Mode, plan
from warroom.views import BoardView, EngineLine, LadderView, LevelLine, LevelState, Message, NextPage, PageState

WIDTHS = [20, 30, 40, 50, 60, 70, 79, 80, 90, 100, 110, 120, 160, 200, 250]


def header(view: BoardView, width: int = 120, *, age: float = 0) -> str:
    return plain(heading.header(view, NOW, NOW - timedelta(seconds=age), width))


@pytest.mark.parametrize("width", range(16, 251))
def test_the_header_is_made_of_whole_items(width: int) -> None:
    view = replace(full_view(), drill=True)
    text = header(view, width, age=12)
    assert len(text) == width
    # whatever is left stands in the full header too, unless it is one of the defined short forms
    short = {"14:32", "●2", "●3", "◆2", "▲3", "▪2", "engine", "mina@jump01", "+1"}
    words = set(header(view, 400, age=12).split()) | short
    assert set(text.split()) <= words


def test_the_header_says_everything_where_there_is_room() -> None:
    text = header(full_view(), 200)
    assert "warroom · prod  10 live  ◆ 2 SEV1  ▲ 3 SEV2  ● 3 SEV3  ▪ 2 SEV4  ✉ 2 failed" in text
    assert text.rstrip().endswith("engines ● mina@jump01, warroom@infra2  14:32:07 UTC  ana")


def test_a_room_that_nobody_has_named_is_called_warroom_once() -> None:
    assert header(replace(full_view(), room="warroom"), 200).startswith(" warroom  10 live")


def test_the_header_sheds_in_a_defined_order() -> None:
    assert "ana" in header(small_view(), 120)
    assert "+1" in header(full_view(), 120)
    assert "2 engines" in header(full_view(), 100)
    assert "warroom" not in header(full_view(), 100)
    eighty = header(full_view(), 80)
    assert "◆ 2 SEV1  ▲ 3 SEV2  ● 3  ▪ 2" in eighty
    assert "14:32:07 UTC" in eighty


def test_a_room_without_an_engine_is_loud_at_every_width() -> None:
    view = replace(full_view(), engines=())
    for width in WIDTHS[2:]:
        assert "NO ENGINE" in header(view, width)
    assert (" NO ENGINE ", Role.ALARM) in heading.header(view, NOW, NOW, 80)
    gone = replace(full_view(), engines=tuple(replace(engine, alive=False) for engine in engines()))
    assert "NO ENGINE: timers stand still" in header(gone, 200)


def test_old_data_says_how_old_it_is() -> None:
    assert "OLD" not in header(full_view(), age=2)
    assert "DATA 12s OLD" in header(full_view(), age=12)
    assert "DATA 3m OLD" in header(full_view(), 80, age=200)


def test_a_slow_engine_shows_its_lag() -> None:
    slow = EngineLine("mina@jump01", 1, "board", NOW, timedelta(seconds=2.5), True)
    assert "lag 2.5 s" in header(replace(small_view(), engines=(slow,)))
    assert "lag" not in header(replace(small_view(), engines=(slow, *engines())))


def test_other_states_of_the_room() -> None:
    assert "READ-ONLY" in header(replace(small_view(), readonly=True))
    assert "DRILL" in header(replace(small_view(), drill=True), 60)
    assert "✉ 1 unknown" in header(replace(small_view(), unknown_messages=1))
    assert "nothing live" in header(empty_view())


@pytest.mark.parametrize("width", WIDTHS)
def test_the_bar_of_the_incident(width: int) -> None:
    detail = cards_detail()
    assert line_width(heading.incident_bar(detail.line, detail, NOW, width)) == width
    assert line_width(heading.incident_bar(detail.line, None, NOW, width)) == width
    assert line_width(heading.incident_bar(None, None, NOW, width)) == width


def test_the_bar_names_whole_facts_only() -> None:
    detail = cards_detail()
    full = plain(heading.incident_bar(detail.line, detail, NOW, 120))
    assert "mitigating · payments-api · eu-west · all EU customers" in full
    assert full.endswith("41m since impact ")
    narrow = plain(heading.incident_bar(detail.line, detail, NOW, 99))
    assert "eu-west" in narrow
    assert "all EU" not in narrow
    resolved = replace(detail, resolved_at=ago(5))
    assert "resolved 5m ago" in plain(heading.incident_bar(detail.line, resolved, NOW, 120))
    unknown = replace(detail, impact_started=None)
    assert "40m since declared" in plain(heading.incident_bar(detail.line, unknown, NOW, 120))


def test_tabs_show_what_burns_in_hidden_panels_and_can_be_hit() -> None:
    tabs = [
        heading.Tab("1", "Roles", "LATE 2m", Role.LATE),
        heading.Tab("2", "Escalation", "02:14"),
        heading.Tab("3", "X"),
    ]
    line, hits = heading.tab_strip(tabs, 1, 60)
    text = plain(line)
    assert "1 Roles LATE 2m" in text
    assert len(text) == 60
    for hit in hits:
        assert text[hit.start : hit.end].strip().startswith(hit.name)
    assert "LATE" not in plain(heading.tab_strip(tabs, 1, 30)[0])


def test_the_open_tab_gives_its_figure_away_before_those_that_hide_theirs() -> None:
    """The alarm of a policy that has ended is long: on 80 columns one figure has to go."""
    tabs = [
        heading.Tab("1", "Roles", "LATE 1h16", Role.LATE),
        heading.Tab("2", "Escalation", "EXHAUSTED", Role.ALARM),
        heading.Tab("3", "Communications", "LATE 1h16", Role.LATE),
        heading.Tab("4", "Record"),
    ]
    open_one = plain(heading.tab_strip(tabs, 1, 80)[0])
    assert open_one.count("LATE 1h16") == 2
    assert "EXHAUSTED" not in open_one
    other = plain(heading.tab_strip(tabs, 0, 80)[0])
    assert "EXHAUSTED" in other
    assert other.count("LATE 1h16") == 1
    for width in range(1, 100):
        line, hits = heading.tab_strip(tabs, 1, width)
        assert len(plain(line)) == width
        assert all(plain(line)[hit.start : hit.end].strip().startswith(hit.name) for hit in hits if hit.end <= width)


@pytest.mark.parametrize("width", range(1, 140))
def test_the_keys_shed_whole_items_and_keep_the_way_out(width: int) -> None:
    names = ["ack", "escalate", "severity", "status", "roles", "update", "note", "snooze", "declare", "filter"]
    names += ["help", "quit"]
    items = [BarItem(key, name, name) for key, name in zip("aestrunzd/?q", names, strict=True)]
    line, hits = heading.key_bar(items, width)
    text = plain(line)
    assert len(text) == width
    shown = [hit.name for hit in hits]
    assert re.findall(r"\w{2,}", text) == shown
    assert [name for name in names if name in shown] == shown
    if width >= 20:
        assert shown[-2:] == ["help", "quit"]
    if len(shown) > 2:
        assert shown == [*names[: len(shown) - 3], *names[-3:]]
    for hit in hits:
        assert text[hit.start : hit.end].endswith(hit.name)


@pytest.mark.parametrize("width", range(1, 140))
def test_of_keys_that_are_not_possible_all_are_shown_or_none(width: int) -> None:
    names = ["ack", "escalate", "severity", "status", "roles", "update", "note", "snooze", "declare", "filter"]
    names += ["find", "help", "quit"]
    idle = {"ack", "severity", "roles", "help"}
    items = [BarItem(key, name, name, name not in idle) for key, name in zip("aestrunzd/:?q", names, strict=True)]
    line, hits = heading.key_bar(items, width)
    shown = {hit.name for hit in hits}
    assert len(plain(line)) == width
    assert shown == set(names) if width >= 123 else not shown & idle - {"help"}
    assert width < 95 or shown >= set(names) - idle


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("height", [1, 2, 3, 5, 8, 20])
def test_panels_fill_exactly_what_they_are_given(width: int, height: int) -> None:
    detail = cards_detail()
    for rows in (
        panels.roles(detail.roles, NOW, width, height),
        panels.roles((), NOW, width, height),
        ladder_panel.escalation(detail.ladder, detail.outbox, NOW, width, height),
        ladder_panel.escalation(LadderView(), (), NOW, width, height),
        panels.record(detail.record, NOW, width, height),
        panels.record((), NOW, width, height),
    ):
        assert [line_width(row) for row in rows] == [width] * height


def text_of(rows: tuple[object, ...]) -> str:
    return "\n".join(plain(row).rstrip() for row in rows)  # type: ignore[arg-type]


def test_roles_that_need_somebody_stay_when_there_is_no_room_for_all() -> None:
    text = text_of(panels.roles(cards_detail().roles, NOW, 40, 3))
    assert re.search(r"communications +— +LATE 2m", text)
    assert re.search(r"scribe +li → mina +1m", text)
    assert text.splitlines()[2].startswith("+5 more: incident manager")


def test_the_vacancy_for_the_tab_is_the_most_pressing_one() -> None:
    assert panels.vacancy(cards_detail().roles, NOW) == ("LATE 2m", Role.LATE)
    assert panels.vacancy((), NOW) is None


def escalation(next_page: NextPage, levels: tuple[LevelLine, ...] = LEVELS, height: int = 8) -> str:
    return text_of(
        ladder_panel.escalation(
            LadderView("p", "r", 1, 1, next_page, levels, 2, "#major", ahead(60)), (), NOW, 90, height
        )
    )


def test_the_ladder_shows_the_fate_of_every_level() -> None:
    text = text_of(ladder_panel.escalation(cards_detail().ladder, cards_detail().outbox, NOW, 90, 8))
    assert "✔ L1 primary on-call  jonas       13:52  sms chat       acknowledged 13:53 mina" in text
    assert re.search(r"▶ L3 managers +maria, tom +in 02:14 +▕█+.? *▏ resolve timeout", text)
    assert "· L4 leadership       cto         at 15:04" in text
    assert "· then #incident-major at 15:34" in text
    assert "✉ li by sms failed after 3 tries" in text


def test_nobody_of_a_level_is_cut_off_while_there_is_room() -> None:
    many = replace(LEVELS[1], targets=("managers", "leadership"))
    assert "managers, leadership" in escalation(NextPage(PageState.DUE, "L3", ahead(3), ago(2)), (LEVELS[0], many))


def test_an_exhausted_escalation_alarms_first() -> None:
    rows = ladder_panel.escalation(LadderView("p", next=NextPage(PageState.EXHAUSTED), levels=LEVELS), (), NOW, 80, 2)
    assert rows[0][0] == (" EXHAUSTED: nobody is left to page ", Role.ALARM)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (
            NextPage(PageState.SNOOZED, "L1", ahead(25), reason="rollback runs"),
            "snoozed until 14:57 (25m): rollback runs",
        ),
        (NextPage(PageState.WAITING, "L1", ahead(60)), "waits for paging hours until Tue 15:32"),
        (NextPage(PageState.ACKED, "L1"), "acknowledged: no further page is due"),
        (NextPage(PageState.ACKED, "L1", ahead(22)), "acknowledged, resolve timeout in 22m"),
        (NextPage(PageState.STOPPED), "stopped: resolved"),
        (NextPage(PageState.NONE), "no escalation runs"),
        (
            NextPage(PageState.HELD, "INC-3", ahead(4, 10), reason="grouped"),
            "HELD  grouped\nlooked at again in 04:10; x",
        ),
        (NextPage(PageState.HELD, "", ahead(20), reason="suppressed"), "HELD  suppressed\nit ends in 20m; x"),
        (NextPage(PageState.HELD, reason="suppressed"), "HELD  suppressed\nuntil somebody lifts it; x"),
        (NextPage(PageState.HELD, "INC-3", ago(1)), "looked at again LATE 01:00; x"),
    ],
)
def test_other_states_of_an_escalation_are_said_in_words(page: NextPage, words: str) -> None:
    assert words in escalation(page)


def test_paging_hours_are_named_once() -> None:
    waits = NextPage(PageState.WAITING, "L1", ahead(60), reason="paging hours")
    assert escalation(waits).splitlines()[0].count("paging hours") == 1


def test_a_level_that_is_paged_again_counts_down_to_it() -> None:
    again = replace(LEVELS[1], acked_by="", acked_at=None, due=ahead(3), repeat=0, repeats=2)
    text = escalation(NextPage(PageState.DUE, "L2", ahead(3), ago(2)), (LEVELS[0], again))
    assert "again in 03:00" in text
    assert "repeat 1/2" in text
    narrow = text_of(ladder_panel.escalation(LadderView("p", levels=(again,)), (), NOW, 42, 4))
    assert "in 03:00  repeat 1/2" in narrow, "what is counted is said, and that it is again"
    assert "again" not in narrow
    silent = replace(again, due=None)
    assert "no answer yet" in escalation(NextPage(PageState.DUE, "L3", ahead(3)), (LEVELS[0], silent, LEVELS[2]))
    empty = LevelLine(2, "backup", LevelState.EMPTY, note="nobody on call")
    assert "✗ L2 backup" in escalation(NextPage(PageState.DUE, "L3", ahead(3)), (LEVELS[0], empty, LEVELS[2]))


def test_of_many_levels_those_around_the_next_one_are_shown() -> None:
    levels = tuple(
        LevelLine(
            n, f"level {n}", LevelState.DONE if n < 7 else LevelState.NEXT if n == 7 else LevelState.LATER, due=ahead(n)
        )
        for n in range(1, 13)
    )
    text = escalation(NextPage(PageState.DUE, "L7", ahead(7)), levels, 6)
    assert "▶ L7 level 7" in text
    assert "L1–L5 done" in text
    assert "more, up to L12" in text


def test_failed_messages_are_summed_up() -> None:
    bad = tuple(Message(NOW, f"p{n}", "sms", "failed", 1) for n in range(5))
    assert "✉ 5 messages failed or unknown" in text_of(ladder_panel.escalation(LadderView(), bad, NOW, 80, 8))


@given(st.floats(-2, 3, allow_nan=False), st.integers(0, 60))
def test_a_bar_is_as_long_as_asked_and_full_exactly_at_the_end(share: float, width: int) -> None:
    line = panels.bar(share, width, Role.BAR)
    if width < 3:
        assert line == ()
    else:
        assert line_width(line) == width
        assert (plain(line)[1:-1] == "█" * (width - 2)) == (
            round(min(max(share, 0), 1) * (width - 2) * 8) == (width - 2) * 8
        )


def test_the_record_has_the_newest_at_the_bottom_and_wraps_by_cells() -> None:
    rows = panels.record(cards_detail().record, NOW, 60, 4)
    text = text_of(rows)
    assert "14:31  jonas" in text.splitlines()[2]
    assert "커넥션 풀 exhausted by deploy" in text
    assert "[red]now[/red]" in text
    long = replace(cards_detail().record[0], text="word " * 200)
    assert plain(panels.record((long,), NOW, 60, 8)[3]).rstrip().endswith("…")
    assert plain(panels.record((long,), NOW, 60, 8)[4]).strip() == ""


def test_what_came_late_says_so() -> None:
    assert "00:42 late" in text_of(panels.record(cards_detail().record, NOW, 100, 8))


@given(st.integers(20, 260), st.integers(3, 120), st.integers(0, 300))
def test_the_plan_uses_the_whole_screen_and_nothing_more(width: int, height: int, incidents: int) -> None:
    found = plan(width, height, incidents)
    assert found.rows >= 1
    if found.mode is Mode.NONE:
        assert found.lower == 0
        return
    assert found.rows + found.lower + 4 == height
    parts = (found.roles, found.escalation, found.communications, found.record)
    assert min(parts) >= 3
    match found.mode:
        case Mode.TABS:
            assert found.lower == parts[0] + 1
        case Mode.COLUMN:
            assert found.lower == sum(parts)
        case Mode.STACK:
            assert found.lower == parts[0] + parts[2] + parts[3]
        case Mode.WIDE:
            assert found.lower == parts[0] + parts[2] == parts[3]


@pytest.mark.parametrize(
    ("width", "height", "mode"),
    [
        (80, 24, Mode.TABS),
        (120, 40, Mode.STACK),
        (200, 60, Mode.WIDE),
        (80, 60, Mode.COLUMN),
        (250, 20, Mode.TABS),
        (80, 10, Mode.NONE),
    ],
)
def test_the_mode_follows_the_size(width: int, height: int, mode: Mode) -> None:
    assert plan(width, height, 5).mode is mode


@given(st.lists(st.tuples(st.text(max_size=8), st.sampled_from(Role)), max_size=6), st.integers(0, 40))
def test_lines_are_cut_and_padded_to_the_cell(pieces: list[tuple[str, Role]], width: int) -> None:
    from warroom.tui.pieces import clean, cut_line

    line = tuple((clean(text), role) for text, role in pieces)
    assert line_width(cut_line(line, width)) <= width
    assert line_width(fit_line(line, width)) == width
    assert line_width(spread(line, line, width)) == width
    assert line_width(rule(line, width, line)) == max(width, 0)


def test_quiet_tabs_give_their_names_away_where_the_strip_is_too_long() -> None:
    names = ("Roles", "Pages", "Comms", "Record", "Work", "Clocks", "About")
    tabs = [heading.Tab(str(n), name, "LATE 2m", Role.LATE) if n in (1, 6) else heading.Tab(str(n), name)
            for n, name in enumerate(names, 1)]  # fmt: skip
    line, hits = heading.tab_strip(tabs, 1, 50)
    said = plain(line)
    assert line_width(line) == 50 and [hit.name for hit in hits] == ["1", "2", "3", "4", "5", "6", "7"]
    assert "Roles!" in said and "Pages" in said and "Clocks!" in said, said
    assert "About" not in said and said.rstrip(" ─").endswith("7")


def test_a_long_line_is_wrapped_piece_by_piece() -> None:
    line = (("the goal is right now, and 로그인이 되지 않습니다", Role.TEXT), (" ana", Role.MUTED))
    rows = list(wrapped(("  0/6 ", Role.MUTED), line, 26))
    assert all(line_width(row) <= 26 for row in rows)
    assert " ".join(plain(row[1:]).strip() for row in rows) == plain(line)
    assert rows[0][0] == ("  0/6 ", Role.MUTED) and all(row[0][0] == " " * 6 for row in rows[1:])
    assert rows[-1][-1][1] is Role.MUTED
