"""Roles can be read on every theme, and follow what a theme asks for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from rich.color import ColorSystem, ColorType
from rich.console import Console
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from warroom.tui.palette import Depth, Palette, contrast, palette_of, readable, underlined
from warroom.tui.pieces import Role, severity_role
from warroom.views import SeverityFace


def variables(name: str) -> dict[str, str]:
    theme = BUILTIN_THEMES[name]
    return {**theme.to_color_system().generate(), **theme.variables}


TRUECOLOR = [name for name, theme in BUILTIN_THEMES.items() if not theme.ansi]
MUST_BE_READ = (
    Role.TEXT,
    Role.STRONG,
    Role.MUTED,
    Role.LATE,
    Role.SOON,
    Role.OK,
    Role.CALM,
    Role.ACCENT,
    Role.SEV1,
    Role.SEV5,
)


def test_only_what_is_read_is_underlined_where_that_is_what_says_late() -> None:
    line = (("up ", Role.TEXT), ("  LATE 02:00 ", Role.LATE), ("██ █", Role.LATE), (" ", Role.LATE), ("─", Role.FRAME))
    assert tuple(underlined(line)) == (
        ("up ", Role.TEXT), ("  ", Role.STRONG), ("LATE 02:00", Role.LATE), (" ", Role.STRONG),
        ("██ █", Role.STRONG), (" ", Role.STRONG), ("─", Role.FRAME),
    )  # fmt: skip


def test_without_colours_the_cursor_is_seen_on_what_is_reversed_itself() -> None:
    palette = Palette({}, Depth.NONE)
    assert palette.style(Role.CURSOR) not in (palette.style(Role.NOTICE), palette.style(Role.ALARM))


@pytest.mark.parametrize("name", TRUECOLOR)
def test_text_can_be_read_on_every_theme(name: str) -> None:
    palette = Palette(variables(name))
    ground = Color.parse(variables(name)["background"])
    for selected in (False, True):
        on = palette.selection if selected else ground
        for role in MUST_BE_READ:
            color = palette.style(role, selected=selected).color
            assert color is not None
            assert color.triplet is not None
            assert contrast(Color(*color.triplet), on) >= 4.4, role
    alarm = palette.style(Role.ALARM)
    assert alarm.color is not None and alarm.bgcolor is not None
    assert alarm.color.triplet is not None and alarm.bgcolor.triplet is not None
    assert contrast(Color(*alarm.color.triplet), Color(*alarm.bgcolor.triplet)) >= 3.5


def test_readable_moves_no_further_than_needed() -> None:
    black = Color(0, 0, 0)
    assert readable(Color(255, 255, 255), black, 7) == Color(255, 255, 255)
    moved = readable(Color(120, 0, 0), black, 4.5)
    assert moved.r > 120
    assert contrast(moved, black) >= 4.5


def test_a_theme_can_name_its_own_colours() -> None:
    palette = Palette({**variables("nord"), "warroom-sev1": "#ff4040", "warroom-selection": "#000080"})
    assert str(palette.style(Role.SEV1).color.name) == "#ff4040"  # type: ignore[union-attr]
    assert palette.selection == Color(0, 0, 128)
    assert Palette({**variables("nord"), "warroom-sev1": "no colour"}).style(Role.SEV1).color is not None


def test_an_ansi_theme_uses_the_terminals_colours() -> None:
    palette = Palette(variables("ansi-dark"), Depth.ANSI)
    for role in Role:
        color = palette.style(role).color
        assert color is not None
        assert color.type in (ColorType.STANDARD, ColorType.DEFAULT)


def test_without_colour_there_is_none_but_weight_remains() -> None:
    palette = Palette(variables("nord"), Depth.NONE)
    for role in Role:
        style = palette.style(role)
        assert style.color is None
        assert style.bgcolor is None
    assert palette.style(Role.LATE).bold
    assert palette.style(Role.ALARM).reverse
    assert palette.style(Role.LATE).underline and not palette.style(Role.SOON).underline
    assert not any(palette.style(role).dim for role in Role)  # which many terminals draw too weak to be read


@pytest.mark.parametrize("name", TRUECOLOR)
def test_with_sixteen_colours_nothing_vanishes_and_near_differs_from_late(name: str) -> None:
    palette = Palette(variables(name), Depth.SIXTEEN)
    ground = palette_ground(name)
    shown = {}
    for role in Role:
        color = palette.style(role).color
        assert color is not None
        shown[role] = color.downgrade(ColorSystem.STANDARD).number
        if not palette.style(role).bgcolor:
            assert shown[role] != ground, role
    assert len({shown[Role.LATE], shown[Role.SOON], shown[Role.OK]}) == 3


def palette_ground(name: str) -> int | None:
    ground = Color.parse(variables(name)["background"]).rich_color
    return ground.downgrade(ColorSystem.STANDARD).number


def test_the_depth_follows_the_app() -> None:
    def app(system: str = "truecolor", **more: object) -> SimpleNamespace:
        console = Console(color_system=system, force_terminal=True)  # type: ignore[arg-type]
        given = {
            "theme_variables": variables("nord"),
            "no_color": False,
            "native_ansi_color": False,
            "console": console,
        }
        return SimpleNamespace(**{**given, **more})

    assert palette_of(app()).depth is Depth.FULL
    assert palette_of(app("256")).depth is Depth.FULL
    assert palette_of(app("standard")).depth is Depth.SIXTEEN
    assert palette_of(app(native_ansi_color=True)).depth is Depth.ANSI
    assert palette_of(app(no_color=True)).depth is Depth.NONE
    one = app()
    assert palette_of(one) is palette_of(one)


@pytest.mark.parametrize(
    ("rank", "role"), [(0, Role.SEV1), (1, Role.SEV1), (3, Role.SEV3), (5, Role.SEV5), (9, Role.SEV5)]
)
def test_severities_have_a_colour_by_rank(rank: int, role: Role) -> None:
    assert severity_role(SeverityFace("P", "*", rank, False)) is role
