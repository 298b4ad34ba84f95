"""What the shell offers where a filter is typed: the fields and words of the filter line, and the values that the
room's file and the rules in force have. The room is only looked at, as in `completing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

from warroom.words import tr

if TYPE_CHECKING:
    from warroom.tui.sieve.complete import Completion, Lore

    _TextType = click.ParamType[str]
else:
    _TextType = click.ParamType

_SAFE: Final = re.compile(r"[\w@%+=:,./#! -]{0,200}")
"""What can stand within the quotes that somebody has opened for several words, in every shell."""

Line = Mapping[str, Sequence[str]]


class FilterText(_TextType):
    """A filter of incidents as text, which is read by whoever takes it."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Any text at all."""
        converted: str = click.STRING.convert(value, param, ctx)
        return converted

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """What could be typed next."""
        return complete_filter(ctx, incomplete)


def complete_filter(ctx: click.Context, incomplete: str, *, entries: bool = False) -> list[CompletionItem]:
    """The whole of what was typed with each of the things that could stand at its end, of a filter of incidents or of
    the `entries` of a record; silence where nothing can be known."""
    from warroom.tui.sieve.complete import ENTRIES, INCIDENTS

    try:
        # What nothing is known of yet has no values, and still has its fields.
        lore = replace(ENTRIES if entries else INCIDENTS, values=_values)
        return list(_items(incomplete, _lines(ctx, entries=entries), lore))
    except Exception:
        return []


def _values(name: str, line: Any) -> Iterator[str]:
    yield from line.get(name, ())


def _lines(ctx: click.Context, *, entries: bool) -> list[Line]:
    """The incidents, and as one more line whatever the rules know besides."""
    from warroom.cli.completing import glanced

    seen = glanced(ctx, incidents=not entries, book=True)
    named = {section: sorted(seen.book.get(section, ())) for section in ("people", "services", "teams", "severities")}
    if entries:
        return [{"by": named["people"]}]
    over = bool(ctx.params.get("everything"))
    lines: list[Line] = [
        {"key": (key,), "sev": (severity,), "status": (status,)}
        for key, severity, _, status in seen.incidents
        if over or status not in ("resolved", "closed")
    ]
    rules: Line = {
        "role": ("none", *named["people"]),
        "ack": named["people"],
        "service": named["services"],
        "team": named["teams"],
        "sev": named["severities"],
    }
    return [*lines, rules]


def _items(typed: str, lines: Sequence[Line], lore: Lore) -> Iterator[CompletionItem]:
    found = _found(typed, lines, lore)
    if len(found) == 1 and found[0][0].endswith(":"):  # a field alone says nothing yet
        found = _found(found[0][0], lines, lore) or found
    for text, help in found:
        if _SAFE.fullmatch(text):
            yield CompletionItem(text, help=tr(help) if help else None)


def _found(typed: str, lines: Sequence[Line], lore: Lore) -> list[tuple[str, str]]:
    """What begins as it was typed, since a shell puts it in place of that, each with what it means."""
    from warroom.tui.sieve.complete import complete

    at: Completion = complete(typed, len(typed), lines, lore)
    texts = ((typed[: at.start] + each.text, each.help) for each in at.candidates)
    return [(text, help) for text, help in texts if text.casefold().startswith(typed.casefold())]
