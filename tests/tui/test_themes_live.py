"""The theme of a running app: put in force, tried, followed as its file is saved, and never a bad one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui import fixtures
from tests.tui.driving import settle, until
from tests.tui.looking import LookApp, app_text
from warroom.tui.actions.finder import Entry, Finder
from warroom.tui.palette import Depth
from warroom.tui.themes.library import Library
from warroom.tui.themes.picker import ThemePicker

GOOD = 'extends: warroom-dark\nroles:\n  sev1: "#00ff00"\n'
Steps = Callable[[LookApp, Pilot[Any]], Awaitable[None]]


def live(steps: Steps, theme: str = "", size: tuple[int, int] = (120, 40), **more: Any) -> LookApp:
    """Do the steps on a board in a theme."""
    app = LookApp(fixtures.full_view(), theme, **more)

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await settle(pilot)
            await steps(app, pilot)

    asyncio.run(run())
    return app


def own(folder: Path, **files: str) -> Library:
    """A library with these themes of a person's own."""
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return Library(own=[folder])


def colours(app: LookApp, word: str) -> set[tuple[int, int, int]]:
    """The colours in which a word is drawn."""
    return {
        tuple(style.color.triplet)  # type: ignore[misc]
        for strip in app.screen._compositor.render_strips()
        for text, style, _ in strip
        if word in text and style is not None and style.color is not None and style.color.triplet is not None
    }


def grounds(app: LookApp, word: str) -> set[tuple[int, int, int]]:
    """What a word stands on."""
    return {
        tuple(style.bgcolor.triplet)  # type: ignore[misc]
        for strip in app.screen._compositor.render_strips()
        for text, style, _ in strip
        if word in text and style is not None and style.bgcolor is not None and style.bgcolor.triplet is not None
    }


def said(app: LookApp) -> str:
    return " ".join(each.message for each in app._notifications)


def test_the_asked_theme_is_in_force_from_the_first_frame() -> None:
    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        assert app.looks.look.name == "warroom-light"
        assert not app.current_theme.dark
        assert colours(app, "SEV1") and all(max(each) < 200 for each in colours(app, "SEV1"))

    live(steps, "warroom-light")


@pytest.mark.parametrize("name", ["warrom-light", "broken"])
def test_one_that_cannot_be_used_leaves_the_usual_one_and_says_why(name: str, tmp_path: Path) -> None:
    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        assert app.looks.look.name == "warroom-dark"
        assert ("did you mean warroom-light" if name != "broken" else "broken.yaml:1:1: colour:") in app.looks.trouble
        app.looks.watch()
        await settle(pilot)
        assert app.looks.trouble in said(app)
        app.looks.stop()

    live(steps, name, library=own(tmp_path, broken__yaml="colour: red\n"))


def test_a_saved_file_is_drawn_at_once_and_a_bad_edit_leaves_the_last_good_one(tmp_path: Path) -> None:
    library = own(tmp_path, mine__yaml=GOOD)
    file = tmp_path / "mine.yaml"

    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        assert (0, 255, 0) in colours(app, "SEV1")
        file.write_text(GOOD.replace("#00ff00", "#ffff00"), encoding="utf-8")
        app.looks.reload()
        await settle(pilot)
        assert (255, 255, 0) in colours(app, "SEV1") and (0, 255, 0) not in colours(app, "SEV1")
        for bad in ('roles:\n  sev1: "#30"\n', "roles: [\n", "", 'roles: {sev1: "#303030"}\n'):
            file.write_text(bad, encoding="utf-8")
            app.looks.reload()
            await settle(pilot)
            assert "mine.yaml" in app.looks.trouble and app.looks.trouble in said(app), bad
            assert (255, 255, 0) in colours(app, "SEV1")
        file.write_text(GOOD, encoding="utf-8")
        app.looks.reload()
        await settle(pilot)
        assert app.looks.trouble == "" and (0, 255, 0) in colours(app, "SEV1")
        file.unlink()
        app.looks.reload()
        await settle(pilot)
        assert app.looks.look.name == "warroom-dark" and "mine is gone" in said(app)

    live(steps, "mine", library=library)


def test_the_files_are_watched(tmp_path: Path) -> None:
    library = own(tmp_path, mine__yaml=GOOD)

    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        app.looks.watch()
        ready = asyncio.get_running_loop().time() + 60
        turn = 0
        while (255, 255, 0) not in colours(app, "SEV1"):
            # The watch needs a moment to begin: what was saved before it did is not seen.
            turn += 1
            (tmp_path / "mine.yaml").write_text(GOOD.replace("#00ff00", "#ffff00") + f"# {turn}\n", encoding="utf-8")
            await pilot.pause(0.6)
            assert asyncio.get_running_loop().time() < ready, "nobody looked"
        app.looks.stop()

    live(steps, "mine", library=library)


def test_another_one_is_seen_on_every_screen_that_is_open() -> None:
    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        before = colours(app, "SEV1")
        assert app.looks.show("paper") == ""
        await settle(pilot)
        assert colours(app, "SEV1").isdisjoint(before)
        assert [name for name in app.available_themes if name.startswith(("paper--", "warroom"))] == [app.theme]

    live(steps)


def test_the_picker_shows_what_is_marked_and_escape_puts_the_old_one_back() -> None:
    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        app.looks.choose()
        await settle(pilot)
        assert isinstance(app.screen, ThemePicker)
        first = app.looks.look.name
        assert app.looks.library.names()[0] != first
        await pilot.press("home")
        await until(pilot, lambda: app.looks.look.name == app.looks.library.names()[0], "the first theme")
        await pilot.press("down")
        await until(pilot, lambda: app.looks.look.name == "high-contrast", "the second theme")
        # All of them are of the theme that is marked, on the board behind as well.
        assert grounds(app, "INC-142") <= {(0, 0, 0), (0, 0x26, 0x4D)}
        await pilot.press("escape")
        await settle(pilot)
        assert app.looks.look.name == first and app.screen is app.board

    live(steps)


def test_enter_keeps_it_in_the_settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text("mouse: no  # as I like it\n", encoding="utf-8")
    monkeypatch.setenv("WARROOM_SETTINGS", str(settings))

    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        app.looks.choose()
        await settle(pilot)
        await pilot.press("home", "enter")
        await settle(pilot)
        assert app.looks.look.name == "colour-blind" and "kept" in said(app)

    live(steps)
    assert settings.read_text(encoding="utf-8") == "mouse: no  # as I like it\ntheme: colour-blind\n"


def test_a_theme_of_ones_own_that_is_wrong_is_named_in_the_picker_and_not_shown(tmp_path: Path) -> None:
    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        app.looks.choose()
        await settle(pilot)
        await pilot.press("end")
        await until(pilot, lambda: "bad.yaml:1:1" in app_text(app), "what is wrong")
        assert app.looks.look.name == "warroom-dark"
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ThemePicker), "a theme that cannot be used was kept"

    live(steps, library=own(tmp_path, bad__yaml="colour: red\n"), size=(160, 40))


def test_without_colour_nothing_that_is_drawn_has_one() -> None:
    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        assert app.looks.depth is Depth.NONE
        for strip in app.screen._compositor.render_strips():
            for text, style, _ in strip:
                assert style is None or (style.color is None and style.bgcolor is None), text
        assert app.looks.show("warroom-dark") == ""
        await settle(pilot)
        assert colours(app, "SEV1")

    live(steps, environment={"NO_COLOR": "1", "TERM": "xterm-256color"})


def test_on_the_terminals_own_ground_no_field_is_a_block_of_colour() -> None:
    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        await pilot.press("d")
        await settle(pilot)
        field = app.screen.query("Input").first()
        field.focus()
        await settle(pilot)
        grounds = {
            style.bgcolor
            for strip in app.screen._compositor.render_strips()
            for text, style, _ in strip.crop(field.region.x, field.region.right)
            if style is not None and style.bgcolor is not None and not style.reverse
        }
        assert all(each.is_default for each in grounds), grounds
        await pilot.press("a", "b", "left")
        await settle(pilot)
        strip = app.screen._compositor.render_strips()[field.region.y]
        under = next(
            style for text, style, _ in strip.crop(field.region.x + 1, field.region.x + 2) if style is not None
        )
        assert under.reverse, "the cursor is not seen"
        assert under.color is None or under.color.is_default
        assert under.bgcolor is None or under.bgcolor.is_default

    live(steps, "terminal")


LAYOUT = "#roles { display: none; }\n#communications { height: 12; }\n"


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (200, 60)])
def test_a_layout_beside_the_theme_counts_for_more_than_the_plan(size: tuple[int, int], tmp_path: Path) -> None:
    library = own(tmp_path, mine__yaml=GOOD, mine__tcss=LAYOUT)

    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        parts = {name: app.board.query_one(f"#{name}") for name in ("roles", "communications", "list", "keys")}
        if size[1] > 30:  # below, one panel is shown at a time
            assert parts["communications"].size.height == 12
        assert not parts["roles"].display
        assert parts["keys"].region.bottom == size[1] and parts["list"].size.height >= 4
        (tmp_path / "mine.tcss").write_text("#communications { height: 9; }\n", encoding="utf-8")
        app.looks.reload()
        await settle(pilot)
        assert parts["communications"].size.height == 9 or size[1] < 30
        (tmp_path / "mine.tcss").write_text("#communications {\n  hight: 9;\n}\n", encoding="utf-8")
        app.looks.reload()
        await settle(pilot)
        assert "mine.tcss:2:" in app.looks.trouble
        assert parts["communications"].size.height == 9 or size[1] < 30
        (tmp_path / "mine.tcss").unlink()
        app.looks.reload()
        await settle(pilot)
        assert app.looks.rules == () and (parts["roles"].display or size[1] < 30)

    live(steps, "mine", size, library=library)


def test_a_layout_may_use_the_colours_of_its_theme_and_move_parts(tmp_path: Path) -> None:
    css = "BoardScreen { layout: vertical; }\n#keys { dock: top; }\n#list { background: $warroom-sev1; }\n"
    library = own(tmp_path, mine__yaml=GOOD, mine__tcss=css)

    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        assert app.looks.show("mine") == ""
        await settle(pilot)
        assert app.board.query_one("#keys").region.y == 0
        assert app.board.query_one("#list").styles.background.rgb == (0, 255, 0)
        assert app.looks.show("paper") == ""
        await settle(pilot)
        assert app.board.query_one("#keys").region.y > 0

    live(steps, library=library)


def test_the_palette_shows_the_theme_that_is_marked_and_keeps_the_one_that_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARROOM_SETTINGS", str(tmp_path / "settings.yaml"))
    (tmp_path / "settings.yaml").write_text("mouse: yes\n")

    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        before = app.looks.look.name
        await pilot.press("colon", *"monochr")
        await until(pilot, lambda: app.looks.look.name == "monochrome")
        await pilot.press(*["backspace"] * 7, *"paper")
        await until(pilot, lambda: app.looks.look.name == "paper")
        await pilot.press("escape")
        await until(pilot, lambda: app.looks.look.name == before)
        await pilot.press("colon", *"paper", "enter")
        await until(pilot, lambda: app.looks.look.name == "paper")
        await settle(pilot)
        assert "theme: paper" in (tmp_path / "settings.yaml").read_text()

    live(steps)


def test_a_theme_that_cannot_be_used_is_named_in_the_palette_with_its_line_and_changes_nothing(tmp_path: Path) -> None:
    async def steps(app: LookApp, pilot: Pilot[Any]) -> None:
        before = app.looks.look.name
        await pilot.press("colon", *"mine")
        await until(pilot, lambda: any("mine.yaml:2:8" in each.message for each in app._notifications))
        assert app.looks.look.name == before
        await pilot.press("escape")
        await settle(pilot)
        assert app.looks.look.name == before

    live(steps, library=own(tmp_path, mine__yaml="extends: warroom-dark\ndepth: 99\n"))


def test_an_incident_comes_before_a_theme_of_that_name() -> None:
    themes = [
        Entry("theme:dark", "theme", "warroom-dark", aside=0.5),
        Entry("incident:INC-1", "incident", "INC-1 dark"),
    ]
    assert [each.entry.id for each in Finder(themes).find("dark")] == ["incident:INC-1", "theme:dark"]
