"""The catalogs of the languages are complete, and are those of the source: whoever adds a text translates it.

`python -m tests.catalogs update` brings them up to the source, `missing` lists what has to be translated.
"""

from __future__ import annotations

import ast
import gettext
import io
import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

from tests import catalogs

Key = str | tuple[str, str]

FORMS = {"ko": 1, "sv": 2}
"""How many plural forms each language has (Unicode CLDR)."""


@cache
def collected() -> frozenset[Key]:
    """Every text of the source."""
    return frozenset(_key(message) for message in catalogs.collect() if message.id)


@cache
def catalog(language: str) -> Catalog:
    """What is in the file of a language."""
    return catalogs.read(language)


def texts(language: str) -> dict[Key, Message]:
    """Every text of a catalog."""
    return {_key(message): message for message in catalog(language) if message.id}


def _key(message: Message) -> Key:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def forms(message: Message) -> tuple[str, ...]:
    """A translation in all of its forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


@pytest.fixture(params=catalogs.LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """One after the other."""
    return str(request.param)


def test_there_are_the_languages_that_are_promised() -> None:
    assert set(catalogs.LANGUAGES) == set(FORMS)
    assert {path.parent.parent.name for path in catalogs.CATALOGS.glob("*/LC_MESSAGES/warroom.po")} == set(FORMS)


def test_a_catalog_has_exactly_the_texts_of_the_source(language: str) -> None:
    found = frozenset(texts(language))
    added, gone = collected() - found, found - collected()
    assert not added, f"not in the catalog, run python -m tests.catalogs update: {sorted(map(str, added))[:20]}"
    assert not gone, f"not in the source any more, run python -m tests.catalogs update: {sorted(map(str, gone))[:20]}"


def test_every_text_is_translated(language: str) -> None:
    missing = [key for key, message in texts(language).items() if not all(forms(message))]
    assert not missing, f"{len(missing)} without a translation: {missing[:20]}"


def test_no_translation_is_a_guess_or_left_over(language: str) -> None:
    assert [key for key, message in texts(language).items() if message.fuzzy] == []
    assert list(catalog(language).obsolete) == []


def test_plural_forms_are_right_in_number(language: str) -> None:
    assert catalog(language).num_plurals == FORMS[language]
    for key, message in texts(language).items():
        assert len(forms(message)) == (1 if isinstance(key, str) else FORMS[language]), key


def test_a_translation_has_the_parts_of_its_text(language: str) -> None:
    for key, message in texts(language).items():
        wanted = catalogs.parts(key if isinstance(key, str) else key[1])
        for form in filter(None, forms(message)):
            assert catalogs.parts(form) == wanted, (key, form)


def test_a_translation_can_be_filled_in(language: str) -> None:
    """What `str.format` would stumble over in a translation but not in the text would only come out at night."""
    for key, message in texts(language).items():
        text = key if isinstance(key, str) else key[1]
        names = catalogs.parts(text)
        if not names or not all(names):
            continue
        filled = dict.fromkeys(names, 3)
        try:
            text.format(**filled)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            continue  # of other parts than numbers, or none that is filled in by this function
        for form in filter(None, forms(message)):
            form.format(**filled)


def test_blanks_around_a_text_stay(language: str) -> None:
    for key, message in texts(language).items():
        text = key if isinstance(key, str) else key[1]
        for form in filter(None, forms(message)):
            assert len(form) - len(form.lstrip(" \n")) == len(text) - len(text.lstrip(" \n")), (key, form)
            assert len(form) - len(form.rstrip(" \n")) == len(text) - len(text.rstrip(" \n")), (key, form)


def test_no_translation_drives_the_terminal(language: str) -> None:
    hidden = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
    for key, message in texts(language).items():
        source = hidden.findall(str(key))
        for form in forms(message):
            assert source or not hidden.search(form), (key, form)


def test_what_the_program_reads_is_what_the_catalog_says(language: str) -> None:
    made = _compiled(catalogs.path_of(language).with_suffix(".mo").read_bytes())
    assert made == _compiled(catalogs.mo_bytes(catalogs.read(language))), "run python -m tests.catalogs compile"


def _compiled(raw: bytes) -> dict[object, str]:
    """The texts of a .mo file, and by which rule a plural form is chosen; who made it and when does not count."""
    found = gettext.GNUTranslations(io.BytesIO(raw))
    texts: dict[object, str] = dict(vars(found)["_catalog"])
    texts[""] = found.info()["plural-forms"]
    return texts


def test_the_file_of_a_catalog_is_as_the_tool_writes_it(language: str) -> None:
    """Whoever edits it by hand leaves no trace of an order or a line break of their own."""
    known = catalogs.path_of(language).read_bytes()
    assert known == catalogs.po_bytes(catalogs.read(language))


def test_a_text_that_is_made_is_refused() -> None:
    call = ast.parse("from warroom.words import tr\ntr(f'{count} late')").body[1]
    assert isinstance(call, ast.Expr) and isinstance(call.value, ast.Call)
    with pytest.raises(SystemExit, match="written out"):
        list(catalogs._of_call(call.value, "here.py", {"tr"}))


def test_what_is_collected_is_what_is_looked_up() -> None:
    source = (
        "from warroom.words import mark, tr, trn\nA = mark('one')\ntr('two'); trn('{n} three', '{n} threes', n); tr(A)"
    )
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    found = {key for call in calls for key in catalogs._of_call(call, "here.py", {"mark", "tr", "trn"})}
    assert found == {"one", "two", ("{n} three", "{n} threes")}
