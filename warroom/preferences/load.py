"""Reads a settings file and says everything that is wrong with it at once, each thing with its line and a remedy."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, Final

from warroom.domain.text import clean_line
from warroom.plainfile import NotPlain, read_plain
from warroom.preferences.values import Notify, Preferences, WallSettings
from warroom.rulebook.problems import SHOWN, Problem, path_text, shown
from warroom.rulebook.values import EMPTY, Wrong, nearest
from warroom.rulebook.yamlfile import MAX_BYTES, Document, Kind, Steps, read_yaml
from warroom.valueclass import dataclass
from warroom.words import mark, tr, trn

VARIABLE: Final = "WARROOM_SETTINGS"
"""The environment variable that names another settings file."""
SITE_DIRS: Final = "XDG_CONFIG_DIRS"
SITE: Final = "/etc/warroom/settings.yaml"
"""What everybody on one machine begins with; a person's own file says otherwise setting by setting."""

LANGUAGES: Final = ("en", "ko", "sv")
LINKS: Final = ("auto", "slow", "fast")
_KIND: Final = Kind(
    mark("is not a setting"),
    mark("begin with a line such as theme: warroom-light"),
    mark("take out what is no setting"),
)


class PreferencesError(Exception):
    """A settings file that cannot be used. The text lists what is wrong, top to bottom."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda p: (p.line or 0, p.column or 0, p.path)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        lines = [
            trn("the settings file has {count} problem:", "the settings file has {count} problems:", count).format(
                count=count
            )
        ]
        lines += [f"  {problem}" for problem in self.problems[:SHOWN]]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Read:
    """Settings as they stand in a file: `file` is its name, "" where there is none; `places` says where the value at
    some steps stands, as (line, column) from 1, and `files` in which file, since some may be the machine's.
    `names` is the same for the name in front of a value. `warnings` are what is wrong with the machine's files, of
    which all that is right counts."""

    preferences: Preferences
    file: str = ""
    places: Mapping[Steps, tuple[int, int]] = field(default_factory=dict)
    files: Mapping[Steps, str] = field(default_factory=dict)
    names: Mapping[Steps, tuple[int, int]] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()

    def problem(self, path: Steps, value: str, what: str, advice: str) -> Problem:
        """Something that is wrong with a value, found by whoever knows more of it than the file's form."""
        return self._at(self.places, path, shown(value) if value else "", what, advice)

    def misnamed(self, path: Steps, what: str, advice: str) -> Problem:
        """The same of the name in front of a value, or of a value that says nothing."""
        return self._at(self.names, path, "", what, advice)

    def _at(self, places: Mapping[Steps, tuple[int, int]], path: Steps, value: str, what: str, advice: str) -> Problem:
        line, column = places.get(path, self.places.get(path, (None, None)))
        return Problem(self.files.get(path, self.file), line, column, path_text(path), value, what, advice)

    def origin(self, path: Steps) -> str:
        """Where the value at some steps comes from: "file:line:column", or "" where it is the usual one."""
        if (place := self.places.get(path)) is None:
            return ""
        return f"{self.files.get(path, self.file)}:{place[0]}:{place[1]}"


def settings_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where this person's settings file is, or would be."""
    if given := environment.get(VARIABLE, "").strip():
        return Path(given).expanduser()
    from platformdirs import user_config_path

    return user_config_path("warroom", appauthor=False) / "settings.yaml"


def site_paths(environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Where the settings of everybody on this machine may be; what an earlier one says counts."""
    given = environment.get(SITE_DIRS, "").strip() or "/etc/xdg"
    found = [Path(each) / "warroom" / "settings.yaml" for each in given.split(os.pathsep) if Path(each).is_absolute()]
    return tuple(dict.fromkeys([*found, Path(SITE)]))


def read_preferences(path: Path | None = None, *, site: bool = True) -> Read:
    """The settings in a file; those of this person where no path is given, and the defaults where it does not exist.

    What it does not say, the files of this machine may (`site_paths`), unless `site` is False. A file that is named by
    the environment, or by the caller, has to exist. Raises `PreferencesError`.
    """
    given = path is not None or bool(os.environ.get(VARIABLE, "").strip())
    path = path or settings_path()
    name = clean_line(str(path), 200)
    below = [each for each in map(_of_site, site_paths()) if each is not None] if site else []
    try:
        raw = read_plain(path, MAX_BYTES + 1)
    except FileNotFoundError:
        if not given:
            return _merged(None, below)
        advice = tr("write it with warroom config init, or name another one")
        raise PreferencesError((Problem(name, None, None, "", "", tr("is not there"), advice),)) from None
    except OSError as error:
        raise PreferencesError((_unreadable(name, error),)) from None
    own = _parse(name, raw)
    if own.problems:
        raise PreferencesError(own.problems)
    return _merged(own, below)


def parse_preferences(name: str, raw: bytes) -> Read:
    """The settings that these bytes say; `name` is what problems call the file. Raises `PreferencesError`."""
    found = _parse(name, raw)
    if found.problems:
        raise PreferencesError(found.problems)
    return _merged(found, [])


@dataclass(frozen=True, slots=True)
class _Parsed:
    """One file: what it says that is right, group in group, where that stands, and what is wrong with the rest."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[Steps, tuple[int, int]] = field(default_factory=dict)
    names: Mapping[Steps, tuple[int, int]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def _unreadable(name: str, error: OSError) -> Problem:
    what = tr("cannot be read: {reason}").format(reason=clean_line(error.strerror or type(error).__name__, 100))
    advice = tr("name a file") if isinstance(error, NotPlain) else tr("see that you may read it")
    return Problem(name, None, None, "", "", what, advice)


def _of_site(path: Path) -> _Parsed | None:
    """A file of the machine; None where there is none. Nobody is kept out by what only its owner can put right."""
    name = clean_line(str(path), 200)
    try:
        return _parse(name, read_plain(path, MAX_BYTES + 1))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return _Parsed(name, problems=(_unreadable(name, error),))


def _parse(name: str, raw: bytes) -> _Parsed:
    if not raw.strip():
        return _Parsed(name)
    document = read_yaml(name, raw, _KIND)
    places, names = (
        {steps: (line + 1, column + 1) for steps, (line, column) in found.items()}
        for found in (document.values, document.keys)
    )
    problems = list(document.problems)
    values = _group(document, name, (), document.data, _FIELDS, problems)
    return _Parsed(name, values, places, names, tuple(problems))


def _merged(own: _Parsed | None, below: Sequence[_Parsed]) -> Read:
    """One file above those of the machine, setting by setting; of keys, action by action."""
    files: dict[Steps, str] = {}
    places: dict[Steps, tuple[int, int]] = {}
    names: dict[Steps, tuple[int, int]] = {}
    values: dict[str, Any] = {}

    def take(at: Steps, given: Mapping[str, Any], into: dict[str, Any], each: _Parsed) -> None:
        for key, value in given.items():
            path = (*at, key)
            if isinstance(value, Mapping):
                take(path, value, into.setdefault(key, {}), each)
            else:
                into[key] = value
                if path in each.places:
                    places[path] = each.places[path]
                    files[path] = each.name
                    names[path] = each.names.get(path, each.places[path])

    for each in (*reversed(below), *((own,) if own is not None else ())):
        take((), each.values, values, each)
    if own is not None:  # problems that others find may lie at a step that is none of a setting
        places = {**own.places, **places}
    made = {name: _GROUPS[name](**value) if name in _GROUPS else value for name, value in values.items()}
    warnings = tuple(problem for each in below for problem in each.problems)
    return Read(Preferences(**made), own.name if own is not None else "", places, files, names, warnings)


Reader = Callable[[Any], Any]


class _InParts(Exception):
    """Some lines of a value are wrong: what the others say, and what is wrong with each."""

    def __init__(self, right: Mapping[str, Any], wrong: Sequence[Wrong]) -> None:
        self.right, self.wrong = right, wrong
        super().__init__(wrong)


def _group(
    document: Document,
    file: str,
    at: Steps,
    data: Mapping[str, Any],
    fields: Mapping[str, Reader | Mapping[str, Reader]],
    problems: list[Problem],
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in data.items():
        path = (*at, key)

        def wrong(
            what: str, advice: str, said: str, marks: Mapping[Steps, tuple[int, int]], path: Steps = path
        ) -> None:
            line, column = marks.get(path, (None, None))
            problems.append(
                Problem(
                    file,
                    None if line is None else line + 1,
                    None if column is None else column + 1,
                    path_text(path),
                    said,
                    what,
                    advice,
                )
            )

        reader = fields.get(key)
        if reader is None:
            likely = nearest(key, list(fields))
            advice = (
                tr("did you mean {likely}?").format(likely=likely)
                if likely
                else tr("known here: {fields}").format(fields=", ".join(fields))
            )
            wrong(tr("is not a setting"), advice, "", document.keys)
        elif value is EMPTY:
            wrong(tr("is empty"), tr("write what belongs there, or take the line out"), "", document.keys)
        elif isinstance(reader, Mapping):
            if not isinstance(value, dict):
                wrong(
                    tr("is not a group of lines"),
                    tr("write the lines below it, indented"),
                    shown(value),
                    document.values,
                )
            else:
                values[key] = _group(document, file, path, value, reader, problems)
        else:
            try:
                values[key] = reader(value)
            except Wrong as error:
                wrong(error.what, error.advice(), shown(value), document.values, (*path, *error.at))
            except _InParts as parts:
                values[key] = parts.right
                for each in parts.wrong:
                    wrong(each.what, each.advice(), shown(value), document.values, (*path, *each.at))
    return values


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(tr("is not a word"), tr("write one word behind the colon"))
    return clean_line(value, 200)


def _one_of(words: tuple[str, ...]) -> Reader:
    def read(value: Any) -> str:
        word = _word(value).lower()
        if word not in words:
            raise Wrong(tr("is not one of those there are"), tr("write one of {words}").format(words=", ".join(words)))
        return word

    return read


def _yes_no(value: Any) -> bool:
    word = _word(value).lower()
    if word in ("yes", "true", "on"):
        return True
    if word in ("no", "false", "off"):
        return False
    raise Wrong(tr("is neither yes nor no"), tr("write yes or no"))


def _whole(least: int, most: int) -> Reader:
    def read(value: Any) -> int:
        word = _word(value)
        if not word.isdecimal() or not least <= int(word) <= most:
            raise Wrong(
                tr("is not a whole number in its range"),
                tr("write one from {least} to {most}").format(least=least, most=most),
            )
        return int(word)

    return read


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        raise Wrong(tr("is a group of lines"), tr("write words with commas between"))
    given = value if isinstance(value, list) else str(value).split(",")
    return tuple(word for each in given if (word := _word(each).strip()))


def _keys(value: Any) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise Wrong(tr("is not a group of lines"), tr("write each as the id of an action, a colon and its keys"))
    right: dict[str, tuple[str, ...]] = {}
    found: list[Wrong] = []
    for action, keys in value.items():
        try:
            right[_word(action)] = _keys_of(action, keys)
        except Wrong as error:
            found.append(error)
    if found:
        raise _InParts(right, found)
    return right


def _keys_of(action: str, keys: Any) -> tuple[str, ...]:
    if keys is EMPTY:  # a key # without quotes begins a comment
        raise Wrong(
            tr("is empty"), tr('write a key, in quotes where it is a sign ("#"), or take the line out'), (action,)
        )
    try:
        return _words(keys)
    except Wrong as error:
        raise Wrong(error.what, error.advice(), (action,)) from None


_FIELDS: Final[Mapping[str, Reader | Mapping[str, Reader]]] = {
    "language": _one_of(LANGUAGES),
    "theme": _word,
    "keys": _keys,
    "mouse": _yes_no,
    "columns": _words,
    "sort": _word,
    "filter": _word,
    "link": _one_of(LINKS),
    "hyperlinks": _yes_no,
    "clipboard": _yes_no,
    "notify": {"bell": _yes_no, "desktop": _yes_no, "title": _yes_no, "every_s": _whole(1, 3600)},
    "wall": {"screens": _words, "rotate_s": _whole(2, 3600)},
}
_GROUPS: Final[Mapping[str, type[Any]]] = {"notify": Notify, "wall": WallSettings}
