"""One file of a rulebook as plain groups, lists and texts, with the place of every one of them.

The file is read as YAML 1.2 up to its tree of nodes; scalars stay the text that was written. What a value means is
decided by the field that it stands in, not by how it looks, so `NO` is never false, `10:30` never 630, `Null` is a
surname, and a login of digits keeps its leading zero. Places come from the nodes themselves, which makes them exact for
keys and values alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from warroom.domain.text import clean_line, quote_plain
from warroom.rulebook.problems import Problem, path_text
from warroom.rulebook.values import EMPTY
from warroom.valueclass import dataclass
from warroom.words import figure, mark, tr

MAX_BYTES: Final = 256 * 1024
"""Largest file, some 2,500 people; reading takes about 6 microseconds a byte."""

MAX_NODES: Final = 50_000
"""Most values in a file, aliases counted as often as they are used."""

MAX_DEPTH: Final = 32
"""Deepest nesting; the deepest group of a rulebook is at 6."""

Steps = tuple[str | int, ...]
Mark = tuple[int, int]

_PLAIN_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "value")
)
_ADVICE: Final = (
    ("'\\t'", mark("indent with blanks, and put blanks between a colon and its value: no tabs")),
    ("cannot start any token", mark("put a text that begins with this character in quotes")),
    ("mapping values are not allowed", mark("put a text with a colon in quotes, or check the indentation of the line")),
    ("undefined alias", mark("put a text that begins with * in quotes")),
    ("end of stream", mark("add the quotation mark or bracket that is missing")),
    ("another document", mark("take out the line --- : a file is one document")),
    ("maximum depth", mark("nothing here is nested this deep: take out brackets or dashes")),
    ("incompatible YAML", mark("take out the line %YAML")),
    ("block", mark("begin all lines of one group in the same column, and end every quoted text before going on")),
    ("expected ':'", mark("write a name, a colon, a blank and the value")),
)


@dataclass(slots=True)
class Document:
    """What a file has to say: `data` by section, where each value and each key stands, and what is wrong so far.

    `broken`: the file could not be read to its end, so what is missing may have been in it. `spoiled`: values and
    groups that a problem has taken something out of, which need no second one for what they lack.
    """

    data: dict[str, Any] = field(default_factory=dict)
    values: dict[Steps, Mark] = field(default_factory=dict)
    keys: dict[Steps, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: bool = False
    spoiled: set[Steps] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file of one kind is told, as texts of the catalog: `first` of a file that is no group of lines, `begin`
    how one begins, `split` what to do with one that is too large."""

    first: str
    begin: str
    split: str


RULEBOOK: Final = Kind(
    mark("is not a section"),
    mark("begin with a section such as people:"),
    mark("split it: each section may stand in a file of its own"),
)


def read_yaml(file: str, raw: bytes, of: Kind = RULEBOOK) -> Document:
    """Read one file; `file` is the name that problems carry. Never raises: what is wrong is in the document."""
    document = Document()
    text = _decode(file, raw, document, of)
    node = None if text is None else _compose(file, text, document)
    if node is None:
        return document
    if not isinstance(node, MappingNode):
        _add(
            document,
            file,
            _mark(node),
            (),
            _shown(node),
            tr(of.first),
            tr(of.begin),
        )
        document.broken = True
        return document
    try:
        document.data = _Builder(file, document).group(node, ())
    except _TooMuch as error:
        document.data = {}
        document.broken = True
        _add(document, file, _mark(error.node), (), "", error.what, error.advice)
    return document


def _decode(file: str, raw: bytes, document: Document, of: Kind) -> str | None:
    if len(raw) > MAX_BYTES:
        document.broken = True
        what = tr("is larger than {size} KiB").format(size=MAX_BYTES // 1024)
        _add(document, file, None, (), "", what, tr(of.split))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        document.broken = True
        begin = raw.rfind(b"\n", 0, error.start) + 1
        column = len(raw[begin : error.start].decode("utf-8", "replace"))
        mark = (raw.count(b"\n", 0, error.start), column)
        byte = f'"\\x{raw[error.start]:02x}"'
        _add(document, file, mark, (), byte, tr("is not UTF-8"), tr("save the file as UTF-8"))
        return None


def _compose(file: str, text: str, document: Document) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = MAX_DEPTH
    yaml.composer.warn_double_anchors = False
    try:
        node: Node | None = yaml.compose(text)
        return node
    except MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        mark = (at.line, at.column) if at is not None else None
        problem = str(error.problem or error.context)
        said = f"{error.context or ''} {problem}"
        advice = next((tr(words) for sign, words in _ADVICE if sign in said), "") or tr(
            "check the quotes and the indentation of this line"
        )
        what = tr("is not YAML here: {problem}").format(problem=clean_line(problem, 100).removeprefix("but "))
        if "maximum depth" in problem:
            what = tr("is nested too deep")
        _add(document, file, mark, (), _line_of(text, mark), what, advice)
    except ReaderError as error:
        before = text[: error.position]
        mark = (before.count("\n"), len(before) - before.rfind("\n") - 1)
        char = quote_plain(text[error.position : error.position + 1])
        _add(document, file, mark, (), char, tr("is a character that YAML does not allow"), tr("take it out"))
    except Exception as error:
        # The reader is another project's; whatever else it raises on broken input must not reach a user as a traceback.
        reason = clean_line(f"{type(error).__name__} {error}", 100)
        what = tr("cannot be read: {reason}").format(reason=reason)
        _add(document, file, None, (), "", what, tr("write it in the form of the default rulebook's files"))
    document.broken = True
    return None


class _TooMuch(Exception):
    def __init__(self, node: Node, what: str, advice: str) -> None:
        self.node, self.what, self.advice = node, what, advice


class _Builder:
    """Turns nodes into groups, lists and texts, and notes where each one stands."""

    def __init__(self, file: str, document: Document) -> None:
        self.file = file
        self.document = document
        self.left = MAX_NODES
        self.inside: set[int] = set()

    def group(self, node: MappingNode, path: Steps) -> dict[str, Any]:
        self._enter(node)
        group: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            if key is None:
                continue
            here = (*path, key)
            if key in group:
                first = self.document.keys[here][0] + 1
                what = tr("stands here a second time, the first is on line {first}").format(first=first)
                self._wrong(key_node, here, quote_plain(key), what, tr("take one of them out, or rename it"))
                continue
            self.document.keys[here] = self.document.values[here] = _mark(key_node)
            group[key] = self._value(value_node, here)
        self.inside.discard(id(node))
        return group

    def _key(self, node: Node, path: Steps) -> str | None:
        if isinstance(node, ScalarNode) and str(node.tag) == "tag:yaml.org,2002:merge":
            advice = tr("YAML 1.2 has none: write the lines out, or use an alias for a whole value")
            self._wrong(node, path, '"<<"', tr("is a merge key"), advice)
        elif not isinstance(node, ScalarNode):
            self._wrong(
                node, path, "", tr("has a group or a list for a name"), tr("write one word, a colon and a value")
            )
        elif self._plain(node, path):
            return str(node.value)
        self.document.spoiled.add(path)
        return None

    def _value(self, node: Node, path: Steps) -> Any:
        self.left -= 1
        if self.left < 0:
            advice = tr("split the file, or use fewer aliases (*name)")
            raise _TooMuch(
                node, tr("has more than {count:,} values up to here").format(count=figure(MAX_NODES)), advice
            )
        if not self._plain(node, path):
            self.document.spoiled.add(path)
            return EMPTY
        if isinstance(node, MappingNode):
            return self.group(node, path)  # its place stays that of its name, one line above its first entry
        if isinstance(node, SequenceNode):
            self.document.values[path] = _mark(node)
            return self._list(node, path)
        if not node.value and str(node.tag) == "tag:yaml.org,2002:null":
            return EMPTY  # it has no place of its own and keeps that of its name
        self.document.values[path] = _mark(node)
        return str(node.value)

    def _list(self, node: SequenceNode, path: Steps) -> list[Any]:
        self._enter(node)
        items = []
        for index, item in enumerate(node.value):
            here = (*path, index)
            self.document.values[here] = _mark(item)
            items.append(self._value(item, here))
        self.inside.discard(id(node))
        return items

    def _enter(self, node: Node) -> None:
        if id(node) in self.inside or len(self.inside) > MAX_DEPTH:
            raise _TooMuch(
                node, tr("contains itself, or is nested too deep"), tr("take out the alias (*name) inside of it")
            )
        self.inside.add(id(node))

    def _plain(self, node: Node, path: Steps) -> bool:
        if str(node.tag) in _PLAIN_TAGS or str(node.tag) == "tag:yaml.org,2002:merge":
            return True
        tag = quote_plain(str(node.tag).removeprefix("tag:yaml.org,2002:"))
        self._wrong(node, path, tag, tr("is a tag that is not used here"), tr("take out the word with the !"))
        return False

    def _wrong(self, node: Node, path: Steps, value: str, what: str, advice: str) -> None:
        _add(self.document, self.file, _mark(node), path, value, what, advice)


def _add(document: Document, file: str, mark: Mark | None, path: Steps, value: str, what: str, advice: str) -> None:
    line, column = (None, None) if mark is None else (mark[0] + 1, mark[1] + 1)
    document.problems.append(Problem(file, line, column, path_text(path), value, what, advice))


def _mark(node: Node) -> Mark:
    return node.start_mark.line, node.start_mark.column


def _shown(node: Node) -> str:
    return quote_plain(node.value) if isinstance(node, ScalarNode) else ""


def _line_of(text: str, mark: Mark | None) -> str:
    """The line of the text that a mark is on, quoted."""
    if mark is None:
        return ""
    return quote_plain(next(_lines(text, mark[0]), "").strip())


def _lines(text: str, start: int) -> Iterator[str]:
    # The line ends that YAML 1.1 and the reader know; str.splitlines knows more.
    yield from re.split("\r\n|[\r\n\x85\u2028\u2029]", text)[start:]
