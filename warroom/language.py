"""The language of a process: which catalogs there are (GNU gettext; English is that of the source), and which of
them is in force.

It is chosen once, at the start (`use`): by the settings file, else by the locale. `warroom.words` looks texts up.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from warroom.words import install

DOMAIN: Final = "warroom"
SOURCE: Final = "en"
CATALOGS: Final = Path(__file__).resolve().parent / "locale"

_language: str = SOURCE


def language() -> str:
    """The language in force."""
    return _language


def languages() -> tuple[str, ...]:
    """Every language that there is, that of the source first."""
    found = sorted(each.parent.parent.name for each in CATALOGS.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (SOURCE, *(each for each in found if each != SOURCE))


def use(wanted: str) -> str:
    """Put a language in force for this process; the nearest one there is ("ko_KR.UTF-8" is ko). Returns its name."""
    global _language
    name = wanted.replace("-", "_").partition(".")[0].partition("@")[0]
    for each in (name, name.partition("_")[0]):
        if each == SOURCE:
            break
        if (CATALOGS / each / "LC_MESSAGES" / f"{DOMAIN}.mo").is_file():
            import gettext

            catalog = gettext.translation(DOMAIN, CATALOGS, [each])
            one, many = catalog.gettext, catalog.ngettext
            if each == "ko":
                from warroom.particles import with_particles

                one, many = with_particles(one), with_particles(many)
            install(one, many)
            _language = each
            return _language
    install(None, None)
    _language = SOURCE
    return _language


def of_locale(environment: Mapping[str, str] = os.environ) -> str:
    """The language that the locale asks for, in the order that gettext looks; "" where it asks for none."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if given := environment.get(name, "").split(":")[0].strip():
            return "" if given in ("C", "POSIX") or given.startswith("C.") else given
    return ""
