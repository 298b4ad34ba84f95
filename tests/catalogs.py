"""Collects every text that people read, brings the catalogs of the languages up to it, and compiles them.

    python -m tests.catalogs update     what is new is added to each .po file, empty; what is gone is taken out
    python -m tests.catalogs compile    writes the .mo files that the program reads
    python -m tests.catalogs missing LANGUAGE [--count]
    python -m tests.catalogs fill LANGUAGE FILE.json    takes translations: {"text": "translation" or ["one", "many"]}

Texts are collected from the source: what is given to `tr`, `trn` and `mark`, and what stands where it is looked up by
whoever shows it (`LOOKED_UP`); from the commands themselves, whose help is looked up when it is printed; from click.
"""

from __future__ import annotations

import argparse
import ast
import fcntl
import inspect
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "warroom"
CATALOGS = SOURCE / "locale"
LANGUAGES = ("ko", "sv")
FUNCTIONS = ("tr", "mark", "trn")
LOOKED_UP_CALLS: dict[str, tuple[int | str, ...]] = {}
"""Other functions that look their arguments up themselves: by place or by keyword."""
LOOKED_UP_NAMES: frozenset[str] = frozenset({"FIGURE_SAMPLE"})
"""Names of constants and attributes whose text is looked up where it is shown."""

HEADER = "# Brought up to the source by python -m tests.catalogs update"

Key = str | tuple[str, str]


def of_source() -> Iterator[tuple[Key, str]]:
    """Every text in the source with the module that it is in."""
    for path in sorted(SOURCE.rglob("*.py")):
        where = str(path.relative_to(ROOT))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        ours = {
            each.asname or each.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module in ("warroom.words", "warroom.language")
            for each in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from ((key, where) for key in _of_call(node, where, ours))
            elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
                names = node.targets if isinstance(node, ast.Assign) else [node.target]
                text = node.value.value
                if text and isinstance(text, str) and any(getattr(n, "id", "") in LOOKED_UP_NAMES for n in names):
                    yield text, where


def _of_call(node: ast.Call, where: str, ours: set[str]) -> Iterator[Key]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in FUNCTIONS and (name not in ours or not isinstance(node.func, ast.Name)):
        return  # such as `choices.mark(2)`
    if name == "trn" and len(node.args) >= 2:
        yield _text(node.args[0], where, node), _text(node.args[1], where, node)
    elif name in ("tr", "mark") and node.args:
        given = node.args[0]
        # tr(name) shows what was marked elsewhere.
        if (name == "mark" or isinstance(given, ast.Constant | ast.JoinedStr)) and (text := _text(given, where, node)):
            yield text
    for at in LOOKED_UP_CALLS.get(name, ()):
        given_at = (
            next((k.value for k in node.keywords if k.arg == at), None)
            if isinstance(at, str)
            else node.args[at]
            if at < len(node.args)
            else None
        )
        if isinstance(given_at, ast.Constant) and isinstance(given_at.value, str) and given_at.value.strip():
            yield given_at.value


def _text(node: ast.expr, where: str, call: ast.Call) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise SystemExit(f"{where}:{call.lineno}: a text to be looked up has to be written out, not made")


def of_commands() -> Iterator[tuple[Key, str]]:
    """The help of every command and option, as it is looked up when it is printed."""
    from warroom.cli.main import cli

    yield from _of_command(cli, "")


def of_themes() -> Iterator[tuple[Key, str]]:
    """The titles of the themes that come with the program, as the list of themes shows them."""
    from warroom.rulebook.yamlfile import read_yaml

    for path in sorted((ROOT / "themes").glob("*.yaml")):
        title = read_yaml(path.name, path.read_bytes()).data.get("title")
        if isinstance(title, str):
            yield title.strip(), f"themes/{path.name}"


def _of_command(command: click.Command, name: str) -> Iterator[tuple[Key, str]]:
    where = f"warroom{name} --help"
    for text in (command.help, command.epilog, command.short_help):
        if text:
            yield inspect.cleandoc(text), where
    for param in command.params:
        if isinstance(param, click.Option) and param.help:
            yield param.help, where
    if isinstance(command, click.Group):
        context = click.Context(command)
        for entry in getattr(command, "entries", {}).values():
            yield entry.help, where
            yield entry.section, where
        for each in command.list_commands(context):
            if (found := command.get_command(context, each)) is not None:
                yield from _of_command(found, f"{name} {each}")


OF_CLICK = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
"""The modules of click that speak to people; it marks its texts with `_` and `ngettext`."""


def of_click() -> Iterator[tuple[Key, str]]:
    """What click says to people, which it looks up with us (`warroom.cli.helping`); not what it says to programmers."""
    for name in OF_CLICK:
        path = Path(click.__file__).with_name(f"{name}.py")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for_programmers = {
            id(each)
            for node in ast.walk(tree)
            if isinstance(node, ast.Raise)
            and isinstance(node.exc, ast.Call)
            and getattr(node.exc.func, "id", "") in ("TypeError", "ValueError", "RuntimeError")
            for each in ast.walk(node)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or id(node) in for_programmers:
                continue
            texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            match getattr(node.func, "id", ""), texts:
                case "_", [text]:
                    yield text, f"click.{name}"
                case "ngettext", [one, many]:
                    yield (one, many), f"click.{name}"
    yield "required", "click.core"  # of an option: looked up from a variable


def collect() -> Catalog:
    """Every text once, with where it is from."""
    catalog = Catalog(project="warroom", charset="utf-8", fuzzy=False)
    for key, where in (*of_source(), *of_commands(), *of_click(), *of_themes()):
        known = catalog.get(key if isinstance(key, str) else key[0])
        if known is not None and isinstance(key, str) and not isinstance(known.id, str):
            continue  # the one form of a text with a count
        catalog.add(key, locations=[(where, None)])
    return catalog


def path_of(language: str) -> Path:
    """The .po file of a language."""
    return CATALOGS / language / "LC_MESSAGES" / "warroom.po"


def read(language: str) -> Catalog:
    """The catalog of a language, empty where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="warroom", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, texts: Catalog) -> Catalog:
    """The catalog of a language with exactly these texts; translations are kept."""
    old = read(language)
    new = Catalog(
        locale=language, project="warroom", charset="utf-8", fuzzy=False, creation_date=_NEVER, header_comment=HEADER
    )
    new.revision_date, new.last_translator, new.language_team = _NEVER, "", ""
    for message in sorted((each for each in texts if each.id), key=lambda each: str(each.id)):
        known = old.get(message.id if isinstance(message.id, str) else message.id[0])
        string = known.string if known is not None and _fits(message, known, new.num_plurals) else None
        empty: object = "" if isinstance(message.id, str) else ("",) * new.num_plurals
        new.add(message.id, string or empty, locations=[(where, None) for where, _ in _first(message)])
    return new


_NEVER = datetime(2026, 1, 1, tzinfo=UTC)


def _first(message: Message) -> list[tuple[str, object]]:
    return sorted(set(message.locations), key=str)[:3]


def _fits(message: Message, known: Message, plurals: int) -> bool:
    if isinstance(message.id, str):
        return isinstance(known.string, str)
    return isinstance(known.string, tuple | list) and len(known.string) == plurals


def po_bytes(catalog: Catalog) -> bytes:
    """A catalog as its file."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, omit_header=False, sort_output=False)
    return re.sub(
        rb'"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team)[^\n]*\n',
        b"",
        buffer.getvalue(),
    )


def mo_bytes(catalog: Catalog) -> bytes:
    """A catalog as the program reads it; the same one for the same texts, whenever it is made."""
    catalog.creation_date = catalog.revision_date = _NEVER
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def missing(catalog: Catalog) -> list[Key]:
    """Texts without a translation."""
    return [
        each.id
        for each in catalog
        if each.id and not all(each.string if isinstance(each.string, tuple | list) else (each.string,))
    ]


def write(language: str, catalog: Catalog) -> None:
    """Write the .po file and the .mo file beside it."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_bytes(catalog))
    path.with_suffix(".mo").write_bytes(mo_bytes(read(language)))


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else works on the catalogs meanwhile."""
    CATALOGS.mkdir(exist_ok=True)
    with (CATALOGS / ".lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> None:
    """Do what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("update", "compile", "missing", "fill"))
    parser.add_argument("language", nargs="?", choices=LANGUAGES)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--count", action="store_true")
    args = parser.parse_args()
    with alone():
        run(args)


def run(args: argparse.Namespace) -> None:
    """Do what is asked for, alone."""
    languages = (args.language,) if args.language else LANGUAGES
    if args.what == "update":
        texts = collect()
        for language in languages:
            catalog = updated(language, texts)
            write(language, catalog)
            print(f"{language}: {len(catalog)} texts, {len(missing(catalog))} without a translation")
    elif args.what == "compile":
        for language in languages:
            path_of(language).with_suffix(".mo").write_bytes(mo_bytes(read(language)))
    elif args.what == "missing":
        found = missing(read(args.language))
        print(len(found) if args.count else json.dumps(found, ensure_ascii=False, indent=0))
    else:
        fill(args.language, json.loads(args.file.read_text(encoding="utf-8")))


def fill(language: str, given: dict[str, str | list[str]]) -> None:
    """Take translations; refuses one whose parts are not those of the text."""
    catalog = read(language)
    for text, translated in given.items():
        message = catalog.get(text)
        if message is None:
            raise SystemExit(f"{text!r} is no text of the program; update first")
        forms = [translated] if isinstance(translated, str) else translated
        wanted = message.id if isinstance(message.id, str) else message.id[1]
        for form in forms:
            if parts(form) != parts(wanted):
                raise SystemExit(f"{text!r}: the parts {parts(form)} are not {parts(wanted)}")
        if isinstance(message.id, str):
            message.string = forms[0]
        else:
            if len(forms) != catalog.num_plurals:
                raise SystemExit(f"{text!r}: {language} has {catalog.num_plurals} forms")
            message.string = tuple(forms)
    write(language, catalog)


def parts(text: str) -> list[str]:
    """The parts of a text that are filled in, by name."""
    return sorted(set(re.findall(r"\{(\w*)[^{}]*\}", text.replace("{{", "").replace("}}", ""))))


if __name__ == "__main__":
    main()
