"""What the screen may know: neither store nor service in widgets; no Textual where text is laid out."""

from __future__ import annotations

import subprocess
import sys

import pytest

from warroom.tui import intents
from warroom.tui.actions.action import Action
from warroom.tui.acts import Acts
from warroom.tui.keys import INCIDENT_KEYS

PURE = [
    "pieces", "clockface", "timeline", "listing", "heading", "panels", "ladder_panel", "plan", "ahead", "room_panels",
    "room_plan", "record_rows", "past_bar", "past_when",
    "oncall_grid", "oncall_words", "oncall_desk", "oncall_when", "rulebook_ladder", "rulebook_sheets",
]  # fmt: skip


def loaded_by(module: str) -> set[str]:
    """The modules that importing this one loads, in a fresh process."""
    code = f"import sys, {module}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_layout_needs_no_terminal() -> None:
    found = loaded_by(", ".join(f"warroom.tui.{name}" for name in PURE))
    assert not {"textual", "rich", "sqlalchemy", "asyncio"} & found


@pytest.mark.parametrize(
    "module",
    [
        "warroom.tui.board",
        "warroom.tui.room",
        "warroom.tui.timeline_screen",
        "warroom.tui.dialogs",
        "warroom.tui.oncall",
        "warroom.tui.rulebook",
    ],
)
def test_screens_know_neither_store_nor_service(module: str) -> None:
    found = loaded_by(module)
    for layer in ("store", "service", "engine", "rulebook", "intake", "senders", "cli"):
        assert not [name for name in found if name.startswith(f"warroom.{layer}")], layer
    assert "sqlalchemy" not in found


@pytest.mark.parametrize("key", INCIDENT_KEYS, ids=lambda key: key.action)
def test_each_key_of_an_incident_is_answered_in_one_place(key: Action) -> None:
    gathered = [part for part in vars(intents).values() if isinstance(part, type) and issubclass(part, Acts)]
    assert len([part for part in gathered if hasattr(part, f"want_{key.action}")]) == 1
