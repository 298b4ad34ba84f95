"""Help and errors in the language in force: our own texts, and those of click.

Texts of a command are kept as they are written and looked up when they are printed, so that the manual page and the
documentation stay as the source has them. click takes its own words from the default domain of gettext, whose language
is that of the environment alone; ours may be that of a settings file. So its modules are given our look-up (`lend`):
their texts are in our catalogs (`tests/catalogs.py` collects them from its source).
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable
from typing import Any, Final

import click

from warroom.words import mark, tr, trn

_PLACEHOLDERS: Final = frozenset((mark("[OPTIONS]"), mark("COMMAND [ARGS]..."), mark("[COMMAND] [ARGS]...")))
_HELP: Final = "Show this message and exit."
_NOT_VALID: Final = "{value!r} is not a valid {number_type}."
_NARROW: Final = "\u1100"
"""Every character before this one has one cell at most (Unicode, East Asian Width)."""


class Formatter(click.HelpFormatter):
    """Breaks lines by cells, as terminals do, where a language has characters of two."""

    def write_text(self, text: str) -> None:
        """Text in paragraphs, those behind a \\b as they are."""
        super().write_text(_broken(text, self.width - self.current_indent))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Terms with what they mean beside them."""
        rows = list(rows)
        first = min(max((len(term) for term, _ in rows), default=0), col_max) + col_spacing
        wide = max(self.width - first - 2, 10)
        super().write_dl([(term, _broken(told, wide)) for term, told in rows], col_max, col_spacing)


def _broken(text: str, wide: int) -> str:
    if not text or max(text) < _NARROW:
        return text
    from warroom.domain.text import wrap

    parts = []
    for part in re.split(r"\n[ \t]*\n", text):
        if part.startswith("\b"):
            parts.append(part)
        else:
            parts.append("\n".join(("\b", *wrap(" ".join(part.split()), wide))))
    return "\n\n".join(parts)


class SpokenContext(click.Context):
    """Where a command of ours is run: its help is laid out by cells."""

    formatter_class = Formatter


class Spoken(click.Command):
    """A command whose help is in the language in force."""

    context_class = SpokenContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help, with its text as it is in the catalogs."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = _HELP
        return found

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What stands behind the command in the line on its usage."""
        return [tr(piece) if piece in _PLACEHOLDERS else piece for piece in super().collect_usage_pieces(ctx)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does."""
        _paragraphs(self.help, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What stands at the end."""
        _paragraphs(self.epilog, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and what each means."""
        records = [record for param in self.get_params(ctx) if (record := told(param, ctx)) is not None]
        if records:
            with formatter.section(tr("Options")):
                formatter.write_dl(records)


def _paragraphs(text: str | None, formatter: click.HelpFormatter) -> None:
    if text:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(tr(inspect.cleandoc(text)))


def told(param: click.Parameter, ctx: click.Context) -> tuple[str, str] | None:
    """An option as it is listed; None for one that is not. Arguments stand in the usage line and the text."""
    record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
    if record is None or not isinstance(param, click.Option) or not param.help:
        return record
    return record[0], tr(param.help) + record[1].removeprefix(param.help)


# click's own words ---------------------------------------------------------------------------------------------------


class _NotANumber(str):
    """What click says of a number that is none, without the name that a type has in its source."""

    def format(self, *args: Any, **parts: Any) -> str:
        whole = "integer" in str(parts.get("number_type", ""))
        text = tr("{value!r} is not a whole number.") if whole else tr("{value!r} is not a number.")
        return text.format(value=parts.get("value"))


def _looked_up(message: str) -> str:
    return _NotANumber(message) if message == _NOT_VALID else tr(message)


def lend() -> None:
    """Let click look its texts up as we do."""
    for name, module in list(sys.modules.items()):
        if name == "click" or name.startswith("click."):
            for alias, instead in (("_", _looked_up), ("ngettext", trn)):
                if getattr(getattr(module, alias, None), "__module__", "") == "gettext":
                    setattr(module, alias, instead)


lend()
