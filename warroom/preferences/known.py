"""What every setting means, and how it is written: for people (`warroom config`), for editors, and for a file to begin
with. What a value may be is decided where it is read (`warroom.preferences.load`); a test holds the two together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from warroom import __version__
from warroom.preferences.values import DEFAULTS, Preferences
from warroom.valueclass import dataclass
from warroom.words import mark, tr

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `path` leads there ("notify", "bell"), `meaning` is a text of the catalog, `example` a value as it
    is written in the file, the usual one where that can be written; `schema` is its type for editors."""

    path: Path
    meaning: str
    example: str
    schema: Mapping[str, Any]

    @property
    def name(self) -> str:
        """As it is spoken of: "notify.bell"."""
        return ".".join(self.path)


_TEXT: Final = {"type": "string"}
_YES: Final = {"enum": [True, False, "yes", "no", "on", "off"]}
_WORDS: Final = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


def _whole(least: int, most: int) -> Mapping[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


SETTINGS: Final = (
    Setting(
        ("language",),
        mark("The language of screens and commands: en, ko or sv. Without it, that of the locale."),
        "en",
        {"enum": ["en", "ko", "sv"]},
    ),
    Setting(
        ("theme",),
        mark("The colours, by name: warroom themes lists them. Without it, what suits the terminal."),
        "warroom-light",
        _TEXT,
    ),
    Setting(
        ("keys",),
        mark("Other keys, by the id of an action (warroom keys lists them); several with commas between."),
        "{ incident.ack: [a, f5] }",
        {"type": "object", "additionalProperties": _WORDS},
    ),
    Setting(("mouse",), mark("Whether the mouse is used. Without it the terminal selects text as usual."), "yes", _YES),
    Setting(("columns",), mark("The columns of the list of incidents, in their order."), "[sev, key, title]", _WORDS),
    Setting(("sort",), mark("What the list is sorted by; a minus in front turns it round."), "-age", _TEXT),
    Setting(("filter",), mark("What the list shows at the start, as it is typed behind /."), "major", _TEXT),
    Setting(
        ("link",),
        mark("How the screen is drawn: slow spares the line, fast does not; auto is slow under SSH."),
        "auto",
        {"enum": ["auto", "slow", "fast"]},
    ),
    Setting(("hyperlinks",), mark("Whether links can be followed from the screen (OSC 8)."), "no", _YES),
    Setting(("clipboard",), mark("Whether a key may copy into your clipboard (OSC 52)."), "yes", _YES),
    Setting(("notify", "bell"), mark("The terminal's bell when you are paged."), "yes", _YES),
    Setting(
        ("notify", "desktop"),
        mark("A desktop notification by the terminal, where it knows how. Others may see it too."),
        "no",
        _YES,
    ),
    Setting(("notify", "title"), mark("How many are live, and what is late, in the terminal's title."), "yes", _YES),
    Setting(("notify", "every_s"), mark("Seconds between two notifications of a kind."), "20", _whole(1, 3600)),
    Setting(("wall", "screens"), mark("The screens that the wallboard turns through."), "[board]", _WORDS),
    Setting(("wall", "rotate_s"), mark("For how many seconds the wallboard shows each."), "20", _whole(2, 3600)),
)
"""Every setting, in the order in which they are shown."""

_GROUPS: Final = {
    "notify": mark("What calls for your attention outside the screen."),
    "wall": mark("The wallboard (warroom wall)."),
}


def leaves(own: Preferences) -> Iterator[tuple[Path, Any]]:
    """Every setting of a person with its value."""
    for each in fields(own):
        value = getattr(own, each.name)
        if is_dataclass(value):
            yield from (((each.name, part.name), getattr(value, part.name)) for part in fields(value))
        else:
            yield (each.name,), value


def all_settings() -> tuple[Setting, ...]:
    """Every setting that there is, also one that nobody has described."""
    known = {each.path: each for each in SETTINGS}
    rest = (Setting(path, "", written(value) or '""', {}) for path, value in leaves(DEFAULTS) if path not in known)
    return (*SETTINGS, *rest)


def written(value: Any) -> str:
    """A value as it is written in a settings file; "" for what is not set."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return "{ " + ", ".join(f"{name}: {written(each)}" for name, each in value.items()) + " }" if value else ""
        case tuple() | list():
            return "[" + ", ".join(_word(str(each)) for each in value) + "]" if value else ""
        case str():
            return _word(value) if value else ""
    return str(value)


def _word(text: str) -> str:
    """A text as YAML takes it: in quotes where it could be taken for anything else."""
    plain = text.replace("-", "").replace("_", "").replace(".", "").replace(" ", "")
    bare = plain.isalnum() and text == text.strip() and not text.startswith("- ")
    return text if bare else json.dumps(text, ensure_ascii=False)


def file_text() -> str:
    """A settings file to begin with: every setting with what it means, none in force until its # is taken away."""
    checked = tr("warroom config check looks whether it can be understood; warroom config show says what is in force.")
    lines = [
        f"# {tr('Settings of warroom {version} for one person.').format(version=__version__)}",
        f"# {tr('Take the # in front of a setting away and write what you want behind the colon.')}",
        f"# {checked}",
    ]
    group = ""
    for each in all_settings():
        if len(each.path) > 1 and each.path[0] != group:
            group = each.path[0]
            lines += ["", *([f"# {tr(_GROUPS[group])}"] if group in _GROUPS else []), f"#{group}:"]
        elif len(each.path) == 1:
            group = ""
            lines.append("")
        indent = "  " * (len(each.path) - 1)
        lines += [f"# {indent}{tr(each.meaning)}"] if each.meaning else []
        lines.append(f"#{indent}{each.path[-1]}: {each.example}")
    return "\n".join(lines) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of a settings file."""
    properties: dict[str, Any] = {}
    for each in all_settings():
        told = {**each.schema, "description": tr(each.meaning), "examples": [each.example]}
        place = properties
        for name in each.path[:-1]:
            begun = {"type": "object", "additionalProperties": False, "properties": {}}
            place = place.setdefault(name, begun)["properties"]
        place[each.path[-1]] = told
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "warroom settings",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }
