"""What stands in an empty field: all of it can be read on a narrow screen, and nobody takes it for something typed."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator

import pytest
from textual.color import Color

from tests.tui.driving import settle
from tests.tui.gallery import MAKERS, Gallery
from tests.tui.looking import LookApp
from tests.tui.test_contrast import _SEEN, LIBRARY, lab
from warroom.domain.text import cell_width
from warroom.language import use
from warroom.service.session import Session
from warroom.tui import dialogs
from warroom.tui.composer import ComposerScreen
from warroom.tui.palette import Depth, contrast, parsed
from warroom.tui.themes.make import textual_theme, variables_of
from warroom.tui.widgets.form import Line
from warroom.tui.widgets.form_note import TimeDialog

APART, STRICT = 8.0, 20.0
"""The least distance in CIELAB (1976) between what is typed and what is not; the second where so much contrast is asked
that greys are all alike."""
FORMS = (
    *(dialogs.SeverityDialog, TimeDialog, dialogs.DeclareDialog, dialogs.HandoverDialog, dialogs.LinksDialog),
    *(dialogs.DetailsDialog, dialogs.StatusDialog, ComposerScreen),
)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use("en")


@pytest.mark.parametrize("name", ["en", "ko", "sv"])
def test_every_placeholder_is_whole_at_60_columns(name: str, lived: Session) -> None:
    use(name)
    made, cut = Gallery(lambda text: text, lived), []

    async def run() -> None:
        async with LookApp(made.view, "warroom-dark").run_test(size=(60, 20)) as pilot:
            for kind in FORMS:
                assert kind in MAKERS
                await pilot.app.push_screen(made.make(kind))
                await settle(pilot)
                for line in pilot.app.screen.query(Line):
                    room = line.scrollable_content_region.width
                    if room and cell_width(line._hint) > room:
                        cut.append((kind.__name__, line.id, line._hint))
                pilot.app.pop_screen()

    asyncio.run(run())
    assert cut == []


@pytest.mark.parametrize("name", [name for name in LIBRARY.names() if LIBRARY.look(name).depth is Depth.FULL])
def test_a_field_that_is_written_in_shows_whether_anything_is(name: str) -> None:
    look = LIBRARY.look(name)
    made = variables_of(textual_theme(look))
    typed, primary = Color.parse(made["foreground"]), Color.parse(made["primary"])
    for base in ("background", "surface"):
        ground = Color.parse(made[base]).blend(primary, 0.2, alpha=1.0)
        value = made["text-disabled"]
        if value.startswith("auto"):
            share = int(value.removeprefix("auto ").removesuffix("%")) / 100
            shown = ground + ground.get_contrast_text(1.0).with_alpha(share)
        else:
            found = parsed(value)
            assert found is not None
            shown = found
        assert contrast(shown, ground) >= look.contrast
        for seen in _SEEN.values():
            assert math.dist(lab(shown.rgb, seen), lab(typed.rgb, seen)) >= (STRICT if look.contrast >= 7 else APART)
