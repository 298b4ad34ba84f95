"""docs/conduct.md: its story is played in a fresh room, and its tables and figures are those of the program."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from textual.binding import Binding

from tests.conduct_page import PAGE, Story, fits, steps
from warroom.domain.roles import LEAD
from warroom.rulebook.load import seed_rulebook
from warroom.tui.composer import ComposerScreen
from warroom.tui.note_line import SIGNS

TEXT = PAGE.read_text(encoding="utf-8")
PLAIN = " ".join(TEXT.split())


def first_column(head: str) -> list[str]:
    """The first cells of the table with that head, without the marks of code."""
    table = TEXT.partition(head)[2].partition("\n\n")[0]
    return [line.split("|")[1].strip(" `") for line in table.splitlines()[2:]]


def test_the_story_happens_as_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WARROOM_DB", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    story, wrong = Story(tmp_path), []
    told = list(steps(TEXT))
    assert len(told) > 40
    for step in told:
        printed, code = story.run(step)
        if code or not fits(step.shown, printed):
            wrong.append("\n".join((step.line, *printed)))
    assert not wrong, "python -m tests.conduct_page writes what is printed now into the page:\n" + "\n\n".join(wrong)
    assert (tmp_path / "gaps.svg").read_text(encoding="utf-8").startswith("<svg")


def test_lines_that_are_left_out_are_lines_and_nothing_else() -> None:
    assert fits(("a", "...", "c"), ["a", "b", "b", "c"])
    assert fits(("a", "..."), ["a"])
    assert not fits(("a", "...", "c"), ["a", "b", "xc"])
    assert not fits(("a",), ["a", "b"])
    assert fits((), ["whatever"])


def test_the_signs_are_those_of_the_note() -> None:
    assert first_column("| sign | what it is | command |") == [sign.sign for sign in SIGNS]


def test_the_keys_are_those_of_the_composer() -> None:
    keys = {b.key_display or b.key for b in ComposerScreen.BINDINGS if isinstance(b, Binding)}
    assert set(first_column("| key | does |")) == {"esc" if key == "escape" else key for key in keys}


def test_the_figures_are_those_of_the_default_rules() -> None:
    book = seed_rulebook().book
    told = PLAIN.partition("## Clocks of silence")[2].partition("All of that is in the rulebook")[0]
    assert re.findall(r"(\d+) %", told) == [str(step.percent) for step in book.reminders if step.percent is not None]
    tired = book.fatigue
    assert tired is not None and tired.in_role is not None and tired.day is not None
    lead, hour = tired.roles[LEAD], timedelta(hours=1)
    assert (lead.amber, lead.red) == (hour, 3 * hour)
    assert "After 60 minutes" in PLAIN and "after 180 red" in PLAIN
    assert tired.in_role.amber == 4 * hour and "others after 4 hours" in PLAIN
    assert tired.day.red == 8 * hour and "eight hours of duty within a day" in PLAIN
    assert tired.span == 7 and "more than seven people" in PLAIN
    assert book.role(LEAD).offer_lapses == timedelta(minutes=10) and "lapses after ten minutes" in PLAIN
