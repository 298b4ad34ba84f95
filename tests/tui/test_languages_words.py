"""In another language no English is left on the board, in the room, in help, palette and pickers, nor in what is said
of keys, columns, filters and themes.

The language is one that nobody speaks: every letter of a text is another one of the same width. What people have
written is in Korean, so that whatever can be read in English is a text of the program that was not looked up.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import on
from textual.screen import Screen

from tests.support import hostile
from tests.support.strange import english
from tests.tui import fixtures as f
from tests.tui.driving import settle, shown
from tests.tui.harness import BoardApp
from tests.tui.known import FACTS, LINKS
from warroom import words
from warroom.preferences.load import parse_preferences
from warroom.tui import clockface, heading, incident_panel, panels, record_rows, room_panels, toasts
from warroom.tui.actions.incident import ABOUT_INCIDENT
from warroom.tui.actions.keymap import problems
from warroom.tui.actions.table import ACTIONS, SCOPES, screens
from warroom.tui.actions.why import Situation, why_not
from warroom.tui.board import BoardScreen
from warroom.tui.clockface import lead_face, page_face, update_face
from warroom.tui.glimpse import picture
from warroom.tui.link.speed import described
from warroom.tui.outside.copying import CopyScreen, copied_words
from warroom.tui.outside.title import title_of
from warroom.tui.pieces import plain
from warroom.tui.room import RoomScreen
from warroom.tui.sieve import records, settings
from warroom.tui.sieve.columns import SPECS, face_of, head_of
from warroom.tui.sieve.grammar import ALIASES, FIELDS, STAGES, TRAITS, parse
from warroom.tui.sieve.match import unknown
from warroom.tui.sieve.sorting import NoColumn, read_sort
from warroom.tui.themes.layout import check_layout
from warroom.tui.themes.library import Library
from warroom.tui.themes.look import ThemeError
from warroom.tui.themes.picker import ThemePicker
from warroom.tui.themes.read import parse_theme
from warroom.tui.widgets.columns import ColumnsDialog
from warroom.tui.widgets.incidents import IncidentList
from warroom.tui.widgets.info import EngineScreen
from warroom.views import (
    EngineLine,
    Fate,
    IncidentDetail,
    IncidentLine,
    NextPage,
    PageState,
    RecordLine,
    UpdateDue,
)

GRAMMAR = frozenset({*FIELDS, *ALIASES, *TRAITS, *STAGES, *records.FIELDS, *records.TRAITS, "none", "any"})
"""What is typed into a filter is the same in every language."""
SIZES = [(120, 40), (80, 24), (200, 60)]


def foreign(value: Any) -> Any:
    """The value with all that people have written in Korean, and the stages as the program has them."""
    turned = hostile.turned(value, hostile.hangul)
    if isinstance(value, IncidentLine):
        return replace(turned, status=value.status)
    return turned


def detail() -> IncidentDetail:
    """All about an incident, with whatever can be said of one."""
    known = replace(f.cards_detail(), facts_of=FACTS, links=LINKS, topic="topic of it")
    known = replace(
        known,
        roles=tuple(
            replace(role, deputies=("eva",) if role.holder else (), planned_at=f.ahead(90) if n == 0 else None)
            for n, role in enumerate(known.roles)
        ),
        record=tuple(replace(each, late=timedelta(seconds=75)) for each in known.record),
    )
    turned = replace(foreign(known), line=foreign(known.line))
    levels = tuple(
        replace(level, declined=("민아",), fates=(Fate("리", "문자", "given up"), Fate("리", "전화", "queued")))
        for level in turned.ladder.levels
    )
    found: IncidentDetail = replace(turned, ladder=replace(turned.ladder, levels=levels))
    return found


def view() -> Any:
    """The room with everything in it, in Korean."""
    full = replace(f.full_view(), drill=True, failed_messages=2, unknown_messages=1, unread=4)
    lines = tuple(foreign(line) for line in full.lines)
    return replace(foreign(full), lines=lines, selected=detail())


class ForeignApp(BoardApp):
    """The board; whichever incident is selected, all about it is in Korean."""

    @on(BoardScreen.Selected)
    def _selected(self, event: BoardScreen.Selected) -> None:
        event.prevent_default()  # that of the base class, which shows the usual detail
        line = next((line for line in self.view.lines if line.key == event.key), None)
        if line is not None:
            self.view = replace(self.view, selected=replace(detail(), line=line))
            self.board.show(self.view, self.clock())


def look(make: Callable[[BoardApp], Screen[Any] | None], keys: tuple[str, ...], size: tuple[int, int]) -> list[str]:
    """What is English on a screen, before and after each of the keys."""
    app, left = ForeignApp(view()), []

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            if (screen := make(app)) is not None:
                app.push_screen(screen)
                await settle(pilot)
            left.extend(english(shown(app.screen), GRAMMAR))
            for key in keys:
                await pilot.press(key)
                await settle(pilot)
                left.extend(f"{key}: {word}" for word in english(shown(app.screen), GRAMMAR))

    asyncio.run(run())
    return left


@pytest.mark.usefixtures("strange_language")
class TestNoEnglish:
    """Nothing is left that was not looked up."""

    @pytest.mark.parametrize("size", SIZES)
    def test_on_the_board(self, size: tuple[int, int]) -> None:
        assert look(lambda _: None, ("1", "2", "3", "4", "j", "<", ">", ">", "escape"), size) == []

    def test_in_the_filter_of_the_board(self) -> None:
        typed = ("slash", "down", *"sev:7 ", *"ab:1 ", *"due:xy", "enter", "escape")
        assert look(lambda _: None, typed, (120, 40)) == []

    @pytest.mark.parametrize("size", SIZES)
    def test_in_the_room(self, size: tuple[int, int]) -> None:
        found = look(
            lambda app: RoomScreen(detail(), app.view, f.NOW), ("1", "2", "3", "4", "5", "6", "7", "4", "slash"), size
        )
        assert found == []

    @pytest.mark.parametrize("over", ["board", "room"])
    def test_in_the_help_and_the_palette(self, over: str) -> None:
        def make(app: BoardApp) -> Screen[Any] | None:
            return RoomScreen(detail(), app.view, f.NOW) if over == "room" else None

        assert look(make, ("question_mark", "G", "slash", "7", "7"), (120, 60)) == []
        assert look(make, ("colon", "down", "q", "7", "7"), (120, 40)) == []

    def test_in_boxes(self) -> None:
        app = ForeignApp(view())
        themes = [(entry.name, title_in(entry.file)) for entry in Library(own=()).entries()]
        made: list[Screen[Any]] = [
            ThemePicker(themes, themes[0][0], lambda _: ""),
            ColumnsDialog(("key", "title"), ("기록자",)),
            EngineScreen(foreign(f.engines()), f.NOW),
            EngineScreen((), f.NOW),
            CopyScreen("글", words.tr("there is no terminal")),
        ]
        left: dict[int, list[str]] = {}

        async def run() -> None:
            async with app.run_test(size=(120, 40)) as pilot:
                for number, screen in enumerate(made):
                    app.push_screen(screen)
                    await settle(pilot)
                    names = frozenset(re.split(r"\W+", " ".join(name for name, _ in themes)))
                    left[number] = english(shown(screen), names)
                    app.pop_screen()
                    await settle(pilot)

        asyncio.run(run())
        assert {number: found for number, found in left.items() if found} == {}

    def test_where_nothing_is(self) -> None:
        app = ForeignApp(replace(view(), lines=(), selected=None, engines=()))
        left: list[str] = []

        async def run() -> None:
            async with app.run_test(size=(120, 40)) as pilot:
                await settle(pilot)
                left.extend(english(shown(app.board)))
                app.board.query_one(IncidentList).calm_since = f.ago(3000)
                app.board.query_one(IncidentList).refresh()
                toasts.stale(app, 60.0, f.NOW, says_so=False)
                await settle(pilot)
                left.extend(english(shown(app.board)))

        asyncio.run(run())
        assert left == []

    def test_in_a_toast_of_a_key_that_does_nothing_now(self) -> None:
        left: list[str] = []
        app = ForeignApp(view())

        async def run() -> None:
            async with app.run_test(size=(120, 40)) as pilot:
                await settle(pilot)
                for key in ("O", "M", "R", "y", "z"):
                    await pilot.press(key)
                    await settle(pilot)
                left.extend(word for each in app._notifications for word in english(f"{each.title} {each.message}"))

        asyncio.run(run())
        assert left == []

    def test_in_faces(self) -> None:
        ends = (None, f.ahead(0, 30), f.ahead(7), f.ahead(20_000), f.ago(3), f.ago(20_000))
        for state in PageState:
            for at in ends:
                for label in ("", "L2", "end"):
                    assert english(page_face(NextPage(state, label, at), f.NOW).text) == [], (state, at)
        for at in ends:
            for near in (None, f.ago(1)):
                assert english(update_face(UpdateDue("공개", at, near), f.NOW).text) == []
            line = replace(foreign(f.cards_line()), lead="", lead_due=at, tired_at=at)
            assert english(lead_face(line, f.NOW).text) == []
            for name in (*SPECS, "role:기록자"):
                assert english(head_of(name)) == []
                if name not in ("sev", "key", "title", "status", "lead", "page", "update"):
                    assert english(face_of(name, line, f.NOW).text) == [], name

    def test_in_moments(self) -> None:
        for month in range(1, 13):
            at = f.NOW.replace(month=month, day=11)
            assert english(clockface.when(at, f.NOW) + clockface.weekday(at, f.NOW)) == []
            columns = record_rows.RecordColumns.fitting(100)
            assert english(plain(record_rows.heading(at, columns))) == []
        for typed in ("25:00", "0", "soon"):
            with pytest.raises(ValueError, match=r"\d") as error:
                clockface.parse_when(typed, f.NOW)
            assert english(str(error.value), frozenset({"soon"})) == []

    def test_in_the_head(self) -> None:
        one = EngineLine("하나", 1, "engine", f.NOW, timedelta(seconds=3), True, True)
        for engines in ((), (one,), (one, replace(one, name="둘")), (replace(one, alive=False),)):
            for lines in ((), view().lines):
                for readonly in (False, True):
                    room = replace(view(), engines=engines, lines=lines, readonly=readonly, tally=())
                    for width in (60, 90, 200):
                        for last in (f.NOW, f.ago(9)):
                            assert english(plain(heading.header(room, f.NOW, last, width))) == []
        for resolved, impact in ((f.ago(3), None), (None, f.ago(3)), (None, None)):
            about = replace(detail(), resolved_at=resolved, impact_started=impact)
            assert english(plain(heading.incident_bar(about.line, about, f.NOW, 200))) == []
        assert english(plain(heading.incident_bar(detail().line, None, f.NOW, 200))) == []
        assert english(plain(heading.incident_bar(None, None, f.NOW, 200))) == []
        assert english(plain(heading.clock_end(f.NOW, "민아"))) == []

    def test_in_panels(self) -> None:
        about = detail()
        bare = replace(about, facts_of=None, summary="", facts=(), outbox=(), clocks=(), work=None, roles=(), record=())
        for each in (about, bare):
            for width, height in ((40, 4), (60, 30)):
                rows = [
                    *panels.roles(each.roles, f.NOW, width, height),
                    *panels.record(each.record, f.NOW, width, height),
                    *room_panels.roles(each, f.NOW, width, height),
                    *room_panels.about(each, f.NOW, width),
                    *room_panels.clocks(each, f.NOW, width, height),
                ]
                assert [word for row in rows for word in english(plain(row))] == []
        line = RecordLine(1, f.NOW, "민아", "note", "가나다 " * 200, timedelta(seconds=75))
        for width in (50, 120):
            for row in record_rows.rows(line, record_rows.RecordColumns.fitting(width)):
                assert english(plain(row)) == []
        assert incident_panel.labelled(words.tr("messages")).endswith(" ")

    def test_in_the_first_picture(self) -> None:
        from warroom.store.peek import FirstLook, LiveLine

        lines = tuple(LiveLine("142", "등급1", 1, "제목", status, "", None) for status in STAGES[:4])
        rows = picture(FirstLook("방", lines, 9, {}, None), f.NOW, 120, 6)
        assert [word for row in rows for word in english(plain(row))] == []

    def test_in_the_title_of_the_terminal(self) -> None:
        for lines in ((), view().lines):
            assert english(title_of(replace(view(), lines=lines), f.NOW).words) == []

    def test_in_why_something_is_not_possible(self) -> None:
        situations = [Situation(), Situation(readonly=True), Situation(live=3)]
        for line in view().lines:
            about = replace(detail(), line=line)
            situations += [Situation("민아", False, line, each, 3, 0, 0, False) for each in (None, about)]
            for state in PageState:
                for status in ("investigating", "resolved"):
                    other = replace(line, page=NextPage(state, "L1"), status=status)
                    situations.append(Situation("민아", False, other, replace(about, line=other), 3, 1, 3))
        actions = sorted({*(each.action for each in ACTIONS), *ABOUT_INCIDENT, *ABOUT_ALL})
        said = {why_not(action, now) for action in actions for now in situations}
        assert len(said) > 12
        assert [word for why in said for word in english(why)] == []

    def test_in_the_table_of_actions(self) -> None:
        tr = words.tr
        for action in ACTIONS:
            texts = [action.name, action.help, action.section]
            texts += [text for place in action.places for text in (place.name, place.help)]
            assert english(" ".join(map(tr, texts))) == [], action.id
        assert [word for name in SCOPES for word in english(tr(SCOPES[name].title))] == []
        assert set(screens()) <= set(SCOPES)

    def test_in_doubts_about_a_filter(self) -> None:
        texts = ("nope:1", "age:x", "cases:y", "sev:<>", "status:zzz", "role:zzz", "sevv:1")
        allowed = GRAMMAR | {"nope", "zzz", "sevv"}
        for text in texts:
            wanted = parse(text)
            said = [str(doubt) for doubt in (*wanted.doubts, *unknown(wanted, view().lines, f.NOW))]
            assert said, text
            assert [word for each in said for word in english(each, allowed)] == [], said

    def test_in_what_is_wrong_with_settings(self) -> None:
        given = frozenset(re.findall(r"[A-Za-z]+", SETTINGS)) | {"yaml", "escape", *SPECS}
        keys = parse_preferences("my.yaml", f"{SETTINGS}\n{KEYS_WRONG}".encode())
        found = [*problems(keys), *settings.check(keys)]
        ids = frozenset(part for action in ACTIONS for part in re.findall(r"[A-Za-z]+", action.id))
        typed = frozenset(re.findall(r"[A-Za-z]+", KEYS_WRONG))
        assert len(found) > 8
        assert [str(each) for each in found if english(each.message + each.advice, given | ids | typed)] == []
        with pytest.raises(NoColumn) as error:
            read_sort("nothing-like-it")
        assert english(str(error.value), frozenset({"nothing", "like", "urgency", *SPECS})) == []

    def test_in_what_is_wrong_with_a_theme(self) -> None:
        said = [wrong_theme(text) for text in THEMES]
        assert all(said)
        assert [each for each in said if english(re.sub("#[0-9a-f]+", "", each), THEME_WORDS)] == []

    def test_in_what_is_wrong_with_a_layout(self) -> None:
        for css in ("#roles {", "}", "#roles { nonsense-property: 3; }", "#roles { height: $nope; }"):
            _, found = check_layout("my.tcss", css, {})
            assert found
            # What Textual says of it is in English.
            assert english(re.sub(r":.*", "", found[0].message) + found[0].advice, frozenset({"docs", "themes"})) == []

    def test_in_what_goes_to_the_terminal(self) -> None:
        for link in ("slow", "fast", "plain"):
            assert english(described(link, "", {})) == []
        assert english(copied_words("글")) == []


ABOUT_ALL = ("declare", "quit", "oncall", "engines")
SETTINGS = "columns: [titel, nix]\nsort: agee\nfilter: 'sevv:1'"
KEYS_WRONG = "keys:\n  incident.akc: A\n  incident.ack: blorp\n  incident.note: ctrl+i\n  incident.work: esc\n" + (
    "  incident.people: shift+a\n  incident.status: e\n  go.help: Y\n  incident.update: up\n"
)
THEMES = (
    "", "nome: x\n",
    "name: other\n", "name: my\nnome: 3\n", "name: my\nextends: dork\n", "name: my\ndark: maybe\n",
    "name: my\nglyphs: round\n", "name: my\ncontrast: 99\n", "name: my\ncolours: blue\n", "name: my\ntitle:\n",
    "name: my\ntitle: [a]\n", 'name: my\ncolours:\n  primry: "#ffffff"\n', 'name: my\nroles:\n  txt: "#ffffff"\n',
    "name: my\ncolours:\n  primary:\n", 'name: my\ncolours:\n  primary: "blurple"\n',
    'name: my\ncolours:\n  primary: "ansi_red"\n', 'name: my\ncolours:\n  primary: "#ffffff33"\n',
    'name: my\ndark: yes\ncolours:\n  primary: "#336699"\n  background: "#000000"\n  foreground: "#111111"\n',
    'name: my\ncolours:\n  primary: "#336699"\n  background: "#000000"\n  surface: "#ffffff"\n',
)  # fmt: skip
THEME_WORDS = frozenset(
    word
    for text in (
        *THEMES,
        "background surface darken panel foreground primary secondary warning error success accent selection",
        "text strong muted faint calm late alarm notice tab bar frame dot cursor soon sev who",
        "name title dark extends depth glyphs contrast colours roles yaml NAME KiB themes new rrggbb",
        "rich plain yes no full ansi none purple",
    )
    for word in re.findall(r"[A-Za-z]+", text)
)


def wrong_theme(text: str) -> str:
    """What is said of a theme's file, without the name of the file."""

    def nobody(name: str) -> Any:
        raise KeyError(name)

    try:
        parse_theme("my", "my.yaml", text.encode(), nobody, ("warroom-dark",))
    except ThemeError as error:
        return "\n".join(f"{each.message}; {each.advice}" for each in error.problems)
    return ""


def title_in(file: Path) -> str:
    """The title of a theme as the picker is given it."""
    return words.tr(Library(own=()).read(file).title)
