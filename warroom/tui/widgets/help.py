"""What a screen's keys do, from the table of actions and what is bound now."""

from __future__ import annotations

from textual.widgets import Input, TextArea

from warroom.tui.actions.action import BarItem
from warroom.tui.actions.moving import SECTION as MOVING
from warroom.tui.actions.names import shown_key
from warroom.tui.actions.screens import EVERYWHERE
from warroom.tui.actions.table import ACTIONS, BY_ID, SCOPES
from warroom.tui.widgets.acting import Acting
from warroom.valueclass import dataclass
from warroom.words import mark, tr

WRITING = mark("Where you write")
_WRITTEN = (
    *(mark("Move cursor left"), mark("Move cursor left and select"), mark("Move cursor left a word")),
    *(mark("Move cursor left a word and select"), mark("Move cursor right or accept the completion suggestion")),
    *(mark("Move cursor right and select"), mark("Move cursor right a word")),
    *(mark("Move cursor right a word and select"), mark("Delete character left"), mark("Select all")),
    *(mark("Go to start"), mark("Go to end"), mark("Select line start"), mark("Select line end")),
    *(mark("Delete character right"), mark("Submit"), mark("Delete left to start of word")),
    *(mark("Delete all to the left"), mark("Delete right to start of word"), mark("Delete all to the right")),
    *(mark("Cut selected text"), mark("Copy selected text"), mark("Paste text from the clipboard")),
    *(mark("Cursor up"), mark("Cursor down"), mark("Cursor left"), mark("Cursor right"), mark("Cursor word left")),
    *(mark("Cursor word right"), mark("Cursor line start"), mark("Cursor line end"), mark("Cursor page up")),
    *(mark("Cursor page down"), mark("Cursor left word select"), mark("Cursor right word select")),
    *(mark("Cursor line start select"), mark("Cursor line end select"), mark("Cursor up select")),
    *(mark("Cursor down select"), mark("Cursor left select"), mark("Cursor right select"), mark("Select line")),
    *(mark("Cut"), mark("Copy"), mark("Paste"), mark("Delete to line start"), mark("Delete to line end")),
    *(mark("Delete line"), mark("Undo"), mark("Redo")),
)
"""What Textual says of its own keys in fields."""


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One action: the keys that do it, what it does, and why it is not possible now ("" where it is)."""

    keys: tuple[str, ...]
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class HelpGroup:
    """The actions of one section."""

    title: str
    lines: tuple[HelpLine, ...]


def shown_keys(screen: Acting) -> tuple[BarItem, ...]:
    """What the bar of keys shows: what is offered now, remapped keys included, the way out last."""
    keymap = screen.keymap
    return tuple(
        BarItem(
            keymap.shown(action, keys),
            tr(place.name or action.name),
            action.id,
            not screen.why_not(action.id),
        )
        for action, place, keys in keymap.placed(screen.scope)
        if place.bar and screen.offers(action.id)
    )


def help_groups(screen: Acting) -> tuple[HelpGroup, ...]:
    """Every key that works on `screen` now, by section, as it is mapped now; what is not possible with the reason."""
    found: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    written: dict[str, list[str]] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        action = BY_ID.get(binding.id or "")
        if action is not None:
            found.setdefault(action.id, []).append(shown_key(key))
            place = screen.place_of(action)
            texts[action.id] = (place.help if place is not None else "") or active.tooltip or action.help
        elif isinstance(active.node, Input | TextArea) and binding.description and not binding.system:
            written.setdefault(binding.description, []).append(shown_key(key))
    sections: dict[str, list[HelpLine]] = {}
    for action in ACTIONS:
        if action.id in found:
            here = screen.place_of(action) is not None
            why = screen.why_not(action.id) if here else ""
            line = HelpLine(tuple(found[action.id]), tr(texts[action.id]), why)
            sections.setdefault(action.section, []).append(line)
    if written:
        sections[WRITING] = [HelpLine(tuple(keys), tr(text)) for text, keys in written.items()]
    late = (MOVING, EVERYWHERE, WRITING)
    order = sorted(sections, key=lambda title: late.index(title) if title in late else -1)
    return tuple(HelpGroup(tr(title), tuple(sections[title])) for title in order)


def title_of(screen: Acting) -> str:
    """What the screen is called in the table."""
    return tr(SCOPES[screen.scope].title)
