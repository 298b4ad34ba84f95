"""A person's own keys in place of the usual ones, and everything that would not work about them.

Textual takes whatever it is given: an unknown id is passed over, and of two actions on one key one silently has none.
So a keymap is checked as a whole before the program starts, and refused with the line of the settings file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from warroom.preferences.load import PreferencesError, Read
from warroom.rulebook.problems import Problem
from warroom.rulebook.values import nearest
from warroom.tui.actions.action import Action
from warroom.tui.actions.keys import Keymap, Keys
from warroom.tui.actions.names import key_name, printable, shown_key
from warroom.tui.actions.table import BY_ID, SCOPES, lineage, own
from warroom.words import mark, tr

NEEDED: Final = MappingProxyType(
    {
        "enter": mark("takes what is marked, and confirms"),
        "escape": mark("leads out of everything"),
        "tab": mark("goes on to the next field"),
        "shift+tab": mark("goes back to the field before"),
        "backspace": mark("deletes what was typed"),
        "ctrl+c": mark("copies, and ends other programs"),
        "ctrl+q": mark("ends the program, whatever happens"),
        "ctrl+z": mark("takes back what was typed, and suspends the program"),
        **dict.fromkeys(("up", "down", "left", "right"), mark("moves in lists and in what is written")),
    }
)
"""Keys that lists and forms need everywhere; only what has them by default may have them."""

_SAME: Final = MappingProxyType(
    {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape"}
)
"""Keys that most terminals send as others."""


def apply(keys: Mapping[str, Keys]) -> Keymap:
    """The keymap of a settings file's `keys`, which was checked (`problems`)."""
    named = {id: tuple(dict.fromkeys(key_name(key) for key in written)) for id, written in keys.items()}
    return Keymap(MappingProxyType({id: keys for id, keys in named.items() if id in BY_ID and keys}))


def keymap_of(read: Read) -> Keymap:
    """The keymap of a settings file. Raises `PreferencesError` with everything that is wrong with it."""
    if found := problems(read):
        raise PreferencesError(tuple(found))
    return apply(read.preferences.keys)


def problems(read: Read) -> list[Problem]:
    """Everything that would not work about the keys of a settings file, in the order of the file."""
    keys = read.preferences.keys
    if not keys:
        return []
    found: list[Problem] = []
    good: dict[str, Keys] = {}
    for id, written in keys.items():
        if id not in BY_ID:
            likely = nearest(id, list(BY_ID))
            advice = tr("did you mean {id}?").format(id=likely) if likely else tr("warroom keys lists them all")
            found.append(read.misnamed(("keys", id), tr("is not the id of an action"), advice))
            continue
        names = [key_name(key) for key in written]
        if not written:
            what = tr("names no key")
            found.append(_problem(read, id, "", what, tr("write a key, or take the line out")))
        wrong = [_wrong_key(read, id, said, key) for said, key in zip(written, names, strict=True)]
        found += [each for each in wrong if each is not None]
        if names and not any(wrong):
            good[id] = tuple(dict.fromkeys(names))
    keymap = Keymap(MappingProxyType(good))
    found += [_clash(read, *rivals, scope) for rivals, scope in _clashes(keymap).items()]
    for scope in SCOPES:
        if SCOPES[scope].writes:
            found += _unreachable(read, keymap, scope)
    return sorted(set(found), key=lambda each: (each.line or 0, each.column or 0, each.message))


def _problem(read: Read, id: str, value: str, what: str, advice: str) -> Problem:
    return read.problem(("keys", id), value, what, advice)


def _wrong_key(read: Read, id: str, said: str, key: str) -> Problem | None:
    """What is wrong with one key by itself."""
    usual = {each for place in BY_ID[id].places for each in place.keys}
    if key in usual:
        return None
    if (same := _SAME.get(key)) is not None:
        what = tr("is {same} to most terminals").format(same=same)
        return _problem(read, id, said, what, tr("choose another key"))
    if (why := NEEDED.get(key)) is not None:
        what = tr("is needed elsewhere: it {why}").format(why=tr(why))
        return _problem(read, id, said, what, tr("choose another key, such as a letter"))
    *modifiers, base = key.split("+")
    if "shift" in modifiers and len(base) == 1 and base.isalpha():
        what = tr("is never sent by a terminal")
        return _problem(read, id, said, what, tr("write {key}").format(key=base.upper()))
    if not _known(key):
        return _problem(
            read, id, said, tr("is no key"),
            tr("write a character (?), a name (enter, f5, pagedown, comma), or ctrl+ and a letter"),
        )  # fmt: skip
    return None


def _known(key: str) -> bool:
    """Whether Textual knows a key by this name."""
    *modifiers, base = key.split("+")
    if any(each not in ("ctrl", "shift", "alt", "super", "hyper", "meta") for each in modifiers):
        return False
    if len(set(modifiers)) < len(modifiers):
        return False
    if printable(base):
        return True
    from textual.keys import Keys as Known  # only where a person has keys of their own: it takes its time

    return base in {each.value for each in Known if not each.value.startswith("<")}


def _clashes(keymap: Keymap) -> dict[tuple[str, str, str], str]:
    """Where two actions are on one key of which one is a person's own: (that one, key, the other) with the scope in
    which it is so. In a screen the keys of the part that has the focus count before its own."""
    found: dict[tuple[str, str, str], str] = {}
    for scope in SCOPES:
        taken: dict[str, list[Action]] = {}
        for action, _, keys in keymap.placed(scope):
            for key in keys:
                taken.setdefault(key, []).append(action)
        for key, rivals in taken.items():
            _note(found, keymap, key, rivals, scope)
        for part in SCOPES[scope].focus:
            for action, _, keys in keymap.placed(part):
                for key in keys:
                    _note(found, keymap, key, [action, *taken.get(key, ())], part)
    return found


def _note(
    found: dict[tuple[str, str, str], str], keymap: Keymap, key: str, rivals: Sequence[Action], scope: str
) -> None:
    # Where two have the key by default one of them is meant to come first.
    usual = {action.id for name in lineage(scope) for action, place in own(name) if key in place.keys}
    ids = list(dict.fromkeys(each.id for each in rivals))
    for mine in (id for id in ids if id in keymap.own):
        for other in (id for id in ids if id != mine):
            # Of two that were both chosen, it is said of the later one.
            if (other, key, mine) not in found and not {mine, other} <= usual:
                found.setdefault((mine, key, other), scope)


def _clash(read: Read, mine: str, key: str, other: str, scope: str) -> Problem:
    of_mine, of_other = (read.files.get(("keys", id), read.file) for id in (mine, other))
    chosen = other in read.preferences.keys and of_mine != of_other
    if chosen and of_mine == read.file:  # what a person has said counts above what the machine's files say
        mine, other = other, mine
    words = (
        tr("{key} is also {other} ({help}) in: {screen}, as {place} says")
        if chosen
        else tr("{key} is also {other} ({help}) in: {screen}")
    )
    what = words.format(
        key=shown_key(key),
        other=other,
        help=tr(BY_ID[other].help),
        screen=tr(SCOPES[scope].title),
        place=read.origin(("keys", other)),
    )
    return _problem(
        read, mine, _said(read, mine), what, tr("choose another key, or give {other} one").format(other=other)
    )


def _unreachable(read: Read, keymap: Keymap, scope: str) -> list[Problem]:
    """Nothing but characters, where they are written into a text."""
    found = []
    for action, place in own(scope):
        keys = keymap.own.get(action.id, ())
        if keys and all(printable(key) for key in keys):
            what = tr("never works in: {screen}. What is typed there is text").format(screen=tr(SCOPES[scope].title))
            usual = next((key for key in place.keys if not printable(key)), "f5")
            advice = tr("add a key that types nothing, such as {key}").format(key=usual)
            found.append(_problem(read, action.id, _said(read, action.id), what, advice))
    return found


def _said(read: Read, id: str) -> str:
    return ", ".join(read.preferences.keys.get(id, ()))
