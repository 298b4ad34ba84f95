"""The language of what people read: catalogs by GNU gettext, English being the language of the source.

`tr` and `trn` look a text up in the catalog in force; `mark` only says that a text is one, where it is written down
before it is known who reads it (a table of actions, a class). A text with parts is formatted after the look-up:
`tr("{count} of {total}").format(...)`, never before it, and an f-string is never looked up.

The language is that of one process: chosen once at its start (`use`), by the settings file, else by the locale.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

DOMAIN: Final = "warroom"
SOURCE: Final = "en"
CATALOGS: Final = Path(__file__).resolve().parent / "locale"

_catalog: gettext.NullTranslations = gettext.NullTranslations()
_language: str = SOURCE


def tr(message: str) -> str:
    """The text in the language in force; itself where the catalog lacks it."""
    return _catalog.gettext(message) if message else ""


def trn(one: str, many: str, count: int) -> str:
    """The form of a text that goes with a count, in the language in force."""
    return _catalog.ngettext(one, many, count)


def mark(message: str) -> str:
    """The text itself: it is collected for the catalogs here, and looked up where it is shown."""
    return message


def language() -> str:
    """The language in force."""
    return _language


def languages() -> tuple[str, ...]:
    """Every language that there is, that of the source first."""
    found = sorted(each.parent.parent.name for each in CATALOGS.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (SOURCE, *(each for each in found if each != SOURCE))


def use(wanted: str) -> str:
    """Put a language in force for this process; the nearest one there is ("ko_KR.UTF-8" is ko). Returns its name."""
    global _catalog, _language
    name = wanted.replace("-", "_").partition(".")[0].partition("@")[0]
    for each in (name, name.partition("_")[0]):
        if each == SOURCE:
            break
        if (CATALOGS / each / "LC_MESSAGES" / f"{DOMAIN}.mo").is_file():
            _catalog, _language = gettext.translation(DOMAIN, CATALOGS, [each]), each
            return _language
    _catalog, _language = gettext.NullTranslations(), SOURCE
    return _language


def of_locale(environment: Mapping[str, str] = os.environ) -> str:
    """The language that the locale asks for, in the order that gettext looks; "" where it asks for none."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if given := environment.get(name, "").split(":")[0].strip():
            return "" if given in ("C", "POSIX") or given.startswith("C.") else given
    return ""
