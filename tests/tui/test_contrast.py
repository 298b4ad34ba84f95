"""Everything that is to be read can be read, in every theme that travels with warroom: measured on the pictures of real
screens, their forms, fields, lists and messages."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import pytest
from rich.color import ColorSystem
from textual.color import Color

from tests.tui.driving import settle
from tests.tui.gallery import AFTER, KEYS, MAKERS, Gallery
from tests.tui.looking import LookApp, Pair, pairs, reached
from warroom.service.session import Session
from warroom.tui import dialogs
from warroom.tui.board import BoardScreen
from warroom.tui.composer import ComposerScreen
from warroom.tui.palette import DRAWINGS, DRAWN, Depth, Palette, contrast
from warroom.tui.themes.library import Library
from warroom.tui.themes.make import textual_theme, variables_of

LIBRARY = Library(own=())
COLOURED = [name for name in LIBRARY.names() if LIBRARY.look(name).depth in (Depth.FULL, Depth.SIXTEEN)]
ALWAYS = (BoardScreen, ComposerScreen, dialogs.DetailsDialog)
"""In every theme; the other screens take turns, so that each is seen in one theme at least."""
SCREENS = sorted(set(MAKERS) - set(ALWAYS), key=lambda kind: kind.__name__)
ON_256 = 3.5
"""What may be left of the contrast where the colours are rounded to 256."""


def test_there_are_at_least_eight_themes_and_each_is_right() -> None:
    assert len(LIBRARY.names()) >= 8
    for name in LIBRARY.names():
        assert LIBRARY.look(name).title


@pytest.mark.parametrize("name", COLOURED)
def test_all_text_on_screens_has_the_contrast_that_is_promised(name: str, lived: Session) -> None:
    found: dict[Pair, set[str]] = defaultdict(set)
    made = Gallery(lambda text: text, lived)
    app = LookApp(made.view, name)
    mine = [*ALWAYS, *SCREENS[COLOURED.index(name) :: len(COLOURED)]]

    async def run() -> None:
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            assert app.looks.trouble == ""
            for kind in mine:
                screen = made.make(kind)
                await app.push_screen(screen)
                if kind in AFTER:
                    AFTER[kind](made, screen)
                if kind is BoardScreen:
                    for severity in ("information", "warning", "error"):
                        app.notify(f"what is said: {severity}", title="Title", severity=severity)  # type: ignore[arg-type]
                await settle(pilot)
                for key in ("", *(KEYS.get(kind, ()) if kind not in ALWAYS or kind is BoardScreen else ("tab",))):
                    if key:
                        await pilot.press(key)
                        await settle(pilot)
                    for pair, text in pairs(app.screen):
                        found[pair].add(f"{kind.__name__} {text.strip()[:30]}")
                while len(app.screen_stack) > 2:
                    app.pop_screen()
                await settle(pilot)

    asyncio.run(run())
    least = app.looks.look.contrast
    assert least >= (7 if name == "high-contrast" else 4.5)
    assert len(found) > 10, "no picture was looked at"
    system = ColorSystem.STANDARD if app.looks.depth is Depth.SIXTEEN else ColorSystem.TRUECOLOR
    weak = {(pair, round(reached(pair, system), 2)): sorted(where) for pair, where in found.items()
            if reached(pair, system) < least}  # fmt: skip
    assert weak == {}
    if system is ColorSystem.TRUECOLOR:
        rounded = {(pair, round(reached(pair, ColorSystem.EIGHT_BIT), 2)): sorted(where)
                   for pair, where in found.items() if reached(pair, ColorSystem.EIGHT_BIT) < ON_256}  # fmt: skip
        assert rounded == {}


@pytest.mark.parametrize("name", [name for name in COLOURED if LIBRARY.look(name).depth is Depth.FULL])
def test_every_role_can_be_read_or_seen_on_every_ground(name: str) -> None:
    look = LIBRARY.look(name)
    palette = Palette(variables_of(textual_theme(look)))
    from warroom.tui.pieces import Role

    assert len(palette.grounds) >= 3
    for role in Role:
        for selected in (False, True):
            style = palette.style(role, selected=selected)
            assert style.color is not None and style.color.triplet is not None
            own = style.bgcolor.triplet if style.bgcolor else None
            for ground in (Color(*own),) if own else palette.grounds:
                least = DRAWN if role in DRAWINGS else look.contrast
                assert contrast(Color(*style.color.triplet), ground) >= least, (role, selected, ground)


# As dichromats see it: Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
_SEEN = {
    "everybody": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopes": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopes": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
APART = 30.0
"""The least distance in CIELAB (1976); 2.3 is what can just be noticed side by side."""


def lab(color: tuple[int, int, int], seen: tuple[tuple[float, float, float], ...]) -> tuple[float, float, float]:
    """A colour in CIELAB (D65) as somebody sees it."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in color)]
    r, g, b = (min(1.0, max(0.0, sum(row[i] * linear[i] for i in range(3)))) for row in seen)
    x, y, z = (
        0.4124 * r + 0.3576 * g + 0.1805 * b,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        0.0193 * r + 0.1192 * g + 0.9505 * b,
    )
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x / 0.95047, y, z / 1.08883))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("who", list(_SEEN))
def test_the_colour_blind_theme_keeps_what_matters_apart(who: str) -> None:
    from itertools import combinations

    from warroom.tui.pieces import Role

    palette = Palette(variables_of(textual_theme(LIBRARY.look("colour-blind"))))
    shown = {}
    for role in (Role.SEV1, Role.SEV2, Role.SEV3, Role.OK, Role.LATE, Role.SOON):
        color = palette.style(role).color
        assert color is not None and color.triplet is not None
        shown[role] = lab(tuple(color.triplet), _SEEN[who])  # type: ignore[arg-type]
    for (one, a), (other, b) in combinations(shown.items(), 2):
        apart = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
        assert apart >= APART, (one, other, apart)


PEOPLE_APART = 20.0
"""The same for people in the grid of shifts, whose names stand beside the colours."""


@pytest.mark.parametrize("who", list(_SEEN))
def test_the_colour_blind_theme_keeps_people_apart(who: str) -> None:
    from itertools import combinations

    from warroom.tui.pieces import Role

    palette = Palette(variables_of(textual_theme(LIBRARY.look("colour-blind"))))
    people = (Role.WHO1, Role.WHO2, Role.WHO3, Role.WHO4, Role.WHO5, Role.WHO6)
    shown = [(role, lab(tuple(palette.style(role).color.triplet), _SEEN[who])) for role in people]  # type: ignore
    for (one, a), (other, b) in combinations(shown, 2):
        apart = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
        assert apart >= PEOPLE_APART, (one, other, apart)


OWN_COLOURS = [name for name in Library(own=()).names() if Library(own=()).look(name).depth is Depth.FULL]


@pytest.mark.parametrize("name", OWN_COLOURS)
def test_coloured_words_of_forms_keep_their_colour(name: str) -> None:
    look = Library(own=()).look(name)
    theme = textual_theme(look)
    variables = variables_of(theme)
    plain = Color.parse(variables["foreground"])
    for role in ("primary", "warning", "error", "success"):
        color = Color.parse(variables[f"text-{role}"])
        assert abs(color.hsl.h - Color.parse(look.colours[role]).hsl.h) < 0.05, (role, color.hex)
        assert max(color.rgb) - min(color.rgb) >= 70, (role, color.hex)
        assert max(abs(one - other) for one, other in zip(color.rgb, plain.rgb, strict=True)) >= 40, (role, color.hex)


@pytest.mark.parametrize("name", OWN_COLOURS)
def test_a_field_is_told_from_the_form_that_it_stands_on(name: str) -> None:
    variables = variables_of(textual_theme(Library(own=()).look(name)))
    well = Color.parse(variables["boost"])
    for ground in (Color.parse(variables[each]) for each in ("surface", "background")):
        assert contrast(ground + well, ground) >= 1.15, (ground.hex, (ground + well).hex)
