"""Roles as a screen says them: "incident manager" where the record and the commands have "incident-manager"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from warroom.views import RecordLine

_ABOUT_ROLES: Final = frozenset(("role", "offer", "vacant", "read back", "handover", "HAND OVER", "duty"))
"""Kinds of entries whose text begins with the name of a role."""
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+(?=[\s:/]|$)")


def said(line: RecordLine) -> str:
    """The text of an entry, as long as it was; only what is drawn is changed, not what is kept, searched or
    exported."""
    if line.kind not in _ABOUT_ROLES:
        return line.text
    found = _NAME.match(line.text)
    return line.text if found is None else found[0].replace("-", " ") + line.text[found.end() :]


def titled(text: str, titles: Iterable[str]) -> str:
    """A reason that names roles, with their titles in place of the names that these have by themselves."""
    for title in titles:
        if " " in title:
            text = re.sub(rf"(?<![\w-]){re.escape(title.replace(' ', '-'))}(?![\w-])", title.replace("\\", r"\\"), text)
    return text
