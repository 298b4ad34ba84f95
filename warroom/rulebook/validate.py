"""Checks a rulebook as a whole and words what is wrong, each thing at the place where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from warroom.domain.text import clean_line
from warroom.rulebook.problems import SHOWN, Problem, path_text, shown
from warroom.rulebook.references import FORM, SECTIONS, Known
from warroom.rulebook.schema import RulebookModel
from warroom.rulebook.values import EMPTY, Wrong, kind_of, listing, nearest
from warroom.words import mark, tr

Steps = tuple[str | int, ...]
Place = tuple[str, int | None, int | None]
Locate = Callable[[Steps, bool], Place]
"""Gives file, line and column of the value at some steps, or of its key."""

MOST: Final = 1000
"""How many problems are worded; a file with more of them is not a rulebook."""

AT_LEAST_ONE: Final = mark("at least one")


def validate(
    data: Mapping[str, Any], locate: Locate, *, whole: bool = True, spoiled: frozenset[Steps] = frozenset()
) -> tuple[RulebookModel | None, list[Problem]]:
    """The model, or None and everything that is wrong.

    `data` holds groups, lists and texts by section (or JSON's own values). `whole` is False where a part could not be
    read: then no section is missing. Nothing is said about values in `spoiled`, nor about what groups in it lack.
    """
    flaws = list(_twins(data))
    model = None
    try:
        model = RulebookModel.model_validate(data, context=Known.of(data, whole=whole))
    except ValidationError as error:
        for count, found in enumerate(error.errors(include_url=False)[:MOST]):
            flaw = _flaw(dict(found), search=count < SHOWN)
            if flaw is None or flaw.path in spoiled:
                continue
            if flaw.missing and (flaw.path[:-1] in spoiled or (len(flaw.path) == 1 and not whole)):
                continue
            flaws.append(flaw)
    if flaws:
        return None, [_problem(flaw, data, locate) for flaw in flaws]
    return model, []


class _Flaw:
    """Something wrong at some steps. `at_key`: with the name there, not with the value behind it."""

    def __init__(self, path: Steps, what: str, advice: str, *, at_key: bool = False, missing: bool = False) -> None:
        self.path, self.what, self.advice, self.at_key, self.missing = path, what, advice, at_key, missing


def _twins(data: Mapping[str, Any]) -> Iterator[_Flaw]:
    """Names that differ in capitals alone, and severities that share a rank or a provider's word."""
    for section, thing in SECTIONS.items():
        first: dict[str, str] = {}
        for key in _group(data.get(section)):
            folded = clean_line(key).casefold()
            if folded in first:
                what = tr("is the same as the {thing} {name}").format(
                    thing=tr(thing), name=clean_line(first[folded], 64)
                )
                yield _Flaw((section, key), what, tr("take one of them out, or rename it"), at_key=True)
            first.setdefault(folded, key)
    ranks: dict[str, str] = {}
    words: dict[str, str] = {}
    for severity, part in _group(data.get("severities")).items():
        if not isinstance(part, dict):
            continue
        rank = str(part.get("rank")).lstrip("0")
        if rank.isdigit():
            if rank in ranks:
                advice = tr("give each severity a rank of its own, 1 is the worst")
                yield _Flaw(
                    ("severities", severity, "rank"),
                    tr("is the rank of {ranks} already").format(ranks=ranks[rank]),
                    advice,
                )
            ranks.setdefault(rank, clean_line(severity, 64))
        impacts = part.get("impacts")
        for index, impact in enumerate(impacts if isinstance(impacts, list) else ()):
            word = clean_line(impact).lower() if isinstance(impact, str) else ""
            if words.setdefault(word, severity) != severity and word:
                path = ("severities", severity, "impacts", index)
                yield _Flaw(
                    path,
                    tr("means {words} already").format(words=clean_line(words[word], 64)),
                    tr("leave it in one of the two"),
                )


def _group(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _flaw(error: dict[str, Any], search: bool) -> _Flaw | None:
    """One of pydantic's errors in the words of this program; None for one that only follows from others."""
    path: Steps = tuple(step for step in error["loc"] if not str(step).startswith(FORM))
    at_key = path[-1:] == ("[key]",)
    path = path[:-1] if at_key else path
    context = error.get("ctx", {})
    kind = error["type"]
    if kind == "value_error" and isinstance(wrong := context.get("error"), Wrong):
        at = tuple(step for step in wrong.at if step != "[key]")
        at_key = at_key or at != wrong.at
        return _Flaw((*path, *at), wrong.what, wrong.advice(search=search), at_key=at_key)
    if kind == "missing":
        about = _fields(path[:-1]).get(str(path[-1]), "")
        return _Flaw(
            path, tr("is missing"), tr("add {field}: ({about})").format(field=path[-1], about=tr(about)), missing=True
        )
    if kind == "extra_forbidden":
        fields = list(_fields(path[:-1]))
        likely = nearest(str(path[-1]), fields)
        return _Flaw(
            path,
            tr("is not known here"),
            tr("did you mean {likely}?").format(likely=likely) if likely else listing(fields),
            at_key=True,
        )
    if error["input"] is EMPTY or error["input"] is None:
        return _Flaw(path, tr("is empty"), tr("write what belongs there, or take the line out"))
    if kind in ("model_type", "model_attributes_type", "dict_type", "mapping_type"):
        what = tr("is {kind} where a group of lines belongs").format(kind=kind_of(error["input"]))
        return _Flaw(path, what, tr("write the lines below it, indented, each a name, a colon and a value"))
    if kind in ("tuple_type", "list_type"):
        what = tr("is {kind} where a list belongs").format(kind=kind_of(error["input"]))
        return _Flaw(path, what, tr("write [one, two], or each on a line of its own behind a dash"))
    if kind == "too_short":
        if error["input"]:
            return None  # there are some, but each of them is wrong already
        about = _fields(path[:-1]).get(str(path[-1]), AT_LEAST_ONE)
        return _Flaw(path, tr("has nothing in it"), tr("add {what}").format(what=tr(about)))
    if kind == "too_long":
        return _Flaw(
            path,
            tr("has more than {count} entries").format(count=context.get("max_length")),
            tr("take some of them out"),
        )
    return _Flaw(
        path,
        clean_line(tr("is not accepted: {message}").format(message=error["msg"])),
        tr("see the default rulebook for its form"),
    )


def _fields(path: Steps) -> dict[str, str]:
    """The names that the group at some steps can have, each with what it is for."""
    kind: Any = RulebookModel
    for step in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            written = {found.alias or name: found for name, found in kind.model_fields.items()}
            kind = _bare(written[str(step)].annotation) if str(step) in written else None
        elif get_origin(kind) is dict:
            kind = _bare(get_args(kind)[1])
        elif get_origin(kind) is tuple:
            kind = _bare(get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {field.alias or name: field.description or "" for name, field in kind.model_fields.items()}
    return {}


def _bare(kind: Any) -> Any:
    """A type without its annotations and without "or None"."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in (Union, UnionType):
            kind = next(each for each in get_args(kind) if each is not NoneType)
        else:
            return kind


def _problem(flaw: _Flaw, data: Mapping[str, Any], locate: Locate) -> Problem:
    path = flaw.path
    if path and isinstance(path[-1], int) and not isinstance(_value(data, path[:-1]), list):
        path = path[:-1]  # a list of one may be written without its brackets
    file, line, column = locate(path, flaw.at_key)
    value = "" if flaw.missing else shown(path[-1] if flaw.at_key else _value(data, path))
    return Problem(file, line, column, path_text(path), value, flaw.what, flaw.advice)


def _value(data: Any, path: Steps) -> object:
    """What stands at some steps; None where nothing does."""
    for step in path:
        if isinstance(step, str) and isinstance(data, dict):
            data = data.get(step)
        elif isinstance(step, int) and isinstance(data, list) and step < len(data):
            data = data[step]
        else:
            return None
    return data
