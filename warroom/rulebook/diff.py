"""What is different between two revisions of the rules, in words, section by section.

Both are compared as they are written in files, with what was left out filled in, so that a default that somebody writes
down is no difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from warroom.rulebook.convert import Loaded, canonical_json
from warroom.valueclass import dataclass
from warroom.words import tr

_NAMES: Final = ("name", "label", "title", "to", "after")
"""What tells the entries of a list apart, the first of these that they have."""
_SHORT: Final = {"services": "facts", "teams": "members"}
"""Sections whose entries have a short form, a list, and the field that it stands for."""

Json = Any


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: in which section, where in it ("sev1 › level 2"), "added", "removed" or "changed", and in words
    what was there and what is there now ("" where nothing)."""

    section: str
    where: str
    kind: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        if self.kind == "changed":
            return f"{place}{self.before or tr('nothing')} → {self.after or tr('nothing')}"
        what = self.after if self.kind == "added" else self.before
        return f"{place}{'+' if self.kind == 'added' else '−'}{f' {what}' if what else ''}"


def differences(old: Loaded, new: Loaded) -> tuple[Change, ...]:
    """What `new` has otherwise than `old`, in the order of the sections."""
    return tuple(_sections(_plain(old), _plain(new)))


def _plain(rules: Loaded) -> dict[str, Json]:
    data: dict[str, Json] = json.loads(canonical_json(rules.model))
    for section, field in _SHORT.items():
        group = data.get(section, {})
        data[section] = {name: {field: each} if isinstance(each, list) else each for name, each in group.items()}
    return data


def _sections(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Change]:
    for section in dict.fromkeys((*old, *new)):
        yield from _compare(section, (), old.get(section), new.get(section))


def _compare(section: str, path: tuple[str, ...], old: Json, new: Json) -> Iterator[Change]:
    if old == new and _order(old) == _order(new):
        return
    where = " › ".join(path)
    if _empty(old) or _empty(new):
        if not (_empty(old) and _empty(new)):
            yield from _whole(section, path, old, new)
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _compare(section, (*path, key), old.get(key), new.get(key))
        if [k for k in old if k in new] != [k for k in new if k in old]:
            yield Change(section, where, "changed", tr("the order before"), tr("another order"))
    elif _groups(old) and _groups(new):
        yield from _lists(section, path, old, new)
    else:
        yield Change(section, where, "changed", words(old), words(new))


def _order(value: Json) -> Json:
    return list(value) if isinstance(value, dict) else None


def _empty(value: Json) -> bool:
    return value is None or value == {} or value == []


def _whole(section: str, path: tuple[str, ...], old: Json, new: Json) -> Iterator[Change]:
    """Something is there that was not, or the other way round: named groups one by one, anything else at once."""
    kind, value = ("added", new) if _empty(old) else ("removed", old)
    if not path and isinstance(value, dict):
        for name, each in value.items():
            yield from _whole(section, (name,), None if kind == "added" else each, each if kind == "added" else None)
        return
    said = words(value) if len(path) != 1 or not isinstance(value, dict) else _about(value)
    yield Change(section, " › ".join(path), kind, "" if kind == "added" else said, said if kind == "added" else "")


def _about(group: Mapping[str, Json]) -> str:
    """A named group in a few words: what it is called, or its first field."""
    for key in ("name", "title", "members", "facts"):
        if not _empty(group.get(key)):
            return words(group[key])
    return ""


def _groups(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _lists(section: str, path: tuple[str, ...], old: Sequence[Json], new: Sequence[Json]) -> Iterator[Change]:
    """Two lists of groups, entry by entry: by name where every entry has one of its own, else by position."""
    for key in _NAMES[:3]:
        names = [[each.get(key) for each in side] for side in (old, new)]
        if all(None not in side and len(set(map(str, side))) == len(side) for side in names):
            break
    else:
        names = [[str(number) for number, _ in enumerate(side, 1)] for side in (old, new)]
    what = path[-1].removesuffix("s") if path else section.removesuffix("s")
    before, after = (dict(zip(map(str, n), side, strict=True)) for n, side in zip(names, (old, new), strict=True))
    place = {name: number for side in (before, after) for number, name in enumerate(side, 1)}
    for name in dict.fromkeys((*before, *after)):
        label = f"{what} {place[name]}" if name == str(place[name]) else f"{what} {place[name]} ({name})"
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            yield from _whole(section, (*path[:-1], label) if path else (label,), one, other)
        else:
            yield from _compare(section, (*path[:-1], label) if path else (label,), one, other)
    if [n for n in before if n in after] != [n for n in after if n in before]:
        yield Change(section, " › ".join(path), "changed", ", ".join(before), ", ".join(after))


def words(value: Json) -> str:
    """A value of a rulebook's files in one line."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dict():
            return ", ".join(f"{key} {words(each)}".rstrip() for key, each in value.items() if not _empty(each))
        case list():
            return ", ".join(f"({words(each)})" if isinstance(each, dict | list) else words(each) for each in value)
        case _:
            return str(value)
