"""The same terminal for every test, whatever the one is that the tests are run from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual import _wait

from tests.support.lived import lived_room
from tests.support.strange import looked_up, strange
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session


@pytest.fixture(autouse=True)
def known_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Truecolor, and nothing of the caller's that changes how Textual draws."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TEXTUAL", "TEXTUAL_THEME", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look more often whether the app is idle: that is most of what a test of a screen waits for."""
    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 1 / 150)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", 1 / 1000)


@pytest.fixture
def strange_language() -> Iterator[None]:
    """Every text is looked up in the language that nobody speaks."""
    with looked_up(strange):
        yield


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """On a room that has been lived in."""
    path = tmp_path_factory.mktemp("lived") / "room.db"
    lived_room(path)
    with Session(path, actor="mina", seed=seed_rulebook) as opened:
        yield opened
