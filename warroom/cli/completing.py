"""What the shell offers when tab is pressed: incidents, and the names that the rules in force know.

The room is only looked at (`warroom.store.peek`): no file is made, and where it cannot be read nothing is offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

from warroom.words import tr

if TYPE_CHECKING:
    from warroom.store.peek import Glance

    _TextType = click.ParamType[str]
else:
    _TextType = click.ParamType

_SAFE: Final = re.compile(r"[\w@%+=:,./#-]{1,100}")
"""What can stand on a command line as it is, in every shell. Nothing else is ever put there."""

Pairs = Iterable[tuple[str, str]]


class Known(_TextType):
    """A text, of which the shell knows some: `kind` is one of those below. It is not checked here. `listed`: several
    may stand in it with commas between."""

    name = "text"

    def __init__(self, kind: str, *, listed: bool = False) -> None:
        self.kind, self.listed = kind, listed

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Any text at all."""
        converted: str = click.STRING.convert(value, param, ctx)
        return converted

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Those that there are."""
        return (complete_listed if self.listed else complete)(self.kind, ctx, incomplete)


def complete_listed(kind: str, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """The same for the last of several with commas between; those that stand there already are not offered again."""
    before, comma, typed = incomplete.rpartition(",")
    found = (item for item in complete(kind, ctx, typed) if item.value not in before.split(","))
    return [CompletionItem(f"{before}{comma}{item.value}", help=item.help) for item in found]


def complete(kind: str, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """What of this kind begins with what was typed, with a word on each; silence where nothing can be known."""
    try:
        return list(_items(_pairs(kind, ctx), incomplete))
    except Exception:
        return []


def _items(pairs: Pairs, incomplete: str) -> Iterator[CompletionItem]:
    from warroom.domain.text import clean_line

    typed = incomplete.casefold()
    for value, told in pairs:
        if _SAFE.fullmatch(value) and value.casefold().startswith(typed):
            yield CompletionItem(value, help=clean_line(told, 80) or None)


def complete_key(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """The incidents: the live ones; others too where none of these is meant."""
    try:
        from warroom.domain.text import clean_line

        wanted = incomplete.upper().removeprefix("#")
        items = [
            (status, CompletionItem(key, help=clean_line(f"{severity} {title}", 80)))
            for key, severity, title, status in glanced(ctx, incidents=True).incidents
            if _SAFE.fullmatch(key) and (key.upper().startswith(wanted) or key.rpartition("-")[2].startswith(wanted))
        ]
        live = [item for status, item in items if status not in ("resolved", "closed")]
        return live or [item for _, item in items]
    except Exception:
        return []


def glanced(ctx: click.Context, *, incidents: bool = False, book: bool = False) -> Glance:
    """A glance at the room that is meant; nothing at all where that cannot be had."""
    from warroom.cli.settings import settings_of
    from warroom.store.peek import glance

    return glance(settings_of(ctx).target(), incidents=incidents, book=book)


def _pairs(kind: str, ctx: click.Context) -> Pairs:
    if kind in _OF_PROGRAM:
        return _OF_PROGRAM[kind]()
    book = glanced(ctx, book=True).book
    section, word = _OF_BOOK[kind]
    found = book.get(section, {})
    entries = found.items() if isinstance(found, dict) else ((each, {}) for each in found)
    return [(str(name), str(entry.get(word, "")) if isinstance(entry, dict) else "") for name, entry in entries]


def _statuses() -> Pairs:
    from warroom.domain.incident_state import Status

    return [(each.value, "") for each in Status]


def _themes() -> Pairs:
    from warroom.tui.themes.library import Library

    return [(name, "") for name in Library().names()]


def _screens() -> Pairs:
    from warroom.cli.wall import SCREENS

    return [(name, "") for name in SCREENS]


def _columns() -> Pairs:
    from warroom.tui.sieve.columns import SPECS

    return [(name, tr(spec.says)) for name, spec in SPECS.items()]


def _orders() -> Pairs:
    from warroom.tui.sieve.sorting import URGENCY

    return [(URGENCY, ""), *_columns()]


def _settings() -> Pairs:
    from warroom.preferences.known import SETTINGS

    return [(each.name, tr(each.meaning)) for each in SETTINGS]


def _actions() -> Pairs:
    from warroom.tui.actions.table import ACTIONS

    return [(each.id, tr(each.help)) for each in ACTIONS]


_OF_BOOK: Final = {
    "person": ("people", "name"),
    "role": ("roles", "title"),
    "service": ("services", "title"),
    "severity": ("severities", "title"),
    "channel": ("channels", "title"),
    "policy": ("policies", ""),
    "schedule": ("schedules", "title"),
    "team": ("teams", ""),
}
"""Each kind that the rules know: the section, and which of an entry's lines says what it is."""
_OF_PROGRAM: Final[dict[str, Callable[[], Pairs]]] = {
    "status": _statuses,
    "theme": _themes,
    "setting": _settings,
    "action": _actions,
    "screen": _screens,
    "column": _columns,
    "order": _orders,
}
KINDS: Final = (*_OF_BOOK, *_OF_PROGRAM)


KEY_FIRST: Final = frozenset((
    "show", "log", "topic", "timeline", "forecast", "why", "status", "severity", "assess", "amend", "cases", "link",
    "unlink", "split", "resolve", "close", "reopen", "merge", "ack", "escalate", "snooze", "wake", "takeover",
    "unack", "decline", "repage", "calloff", "resume", "confirm", "refuse", "role", "offer", "accept", "leave",
    "handover", "card", "readback", "duty", "people", "join", "awake", "clocks", "skip", "update", "drafts",
    "review", "note", "theory", "experiment", "result", "decide", "change", "task", "evidence", "work", "catchup",
    "undo",
))  # fmt: skip
"""Commands that begin with an incident; a test holds this and them together."""


def at_once(words: list[str], incomplete: str) -> list[CompletionItem] | None:
    """What is offered where an incident is to be named behind one of those commands: found without loading the command,
    which would take as long as all the rest. None where it is not that. `words` come before what is being typed."""
    from warroom.cli.settings import Settings

    settings, rest = Settings(), list(words)
    while rest and rest[0].startswith("-"):
        option, given, value = rest.pop(0).partition("=")
        if option in ("--db", "--as") and not given:
            if not rest:
                return None
            value = rest.pop(0)
        elif option not in ("--db", "--as", "--json"):
            return None
        if option == "--db":
            settings.db = value
    if len(rest) != 1 or rest[0] not in KEY_FIRST or incomplete.startswith("-"):
        return None
    ctx = click.Context(click.Command(rest[0]), obj=settings)
    return complete_key(ctx, incomplete)


def know(params: Iterable[click.Parameter]) -> None:
    """Let those texts among the parameters be completed that are named like a kind ("role", "severity", ...)."""
    for param in params:
        if param.type is click.STRING and param.name in KINDS:
            param.type = Known(param.name)
