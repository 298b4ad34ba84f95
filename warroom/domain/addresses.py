"""Addresses that somebody else wrote: which of them a terminal may be told to follow, and how they are shown (R16).

Only http and https lead anywhere. A host in letters other than ASCII is shown as it is looked up (`xn--...`), since
those of other scripts can look the same. Everything else stays words.
"""

from __future__ import annotations

import re
from typing import Final

from warroom.domain.text import clean_line

LONGEST: Final = 500
"""The longest address that can be followed, in characters; an address is as long at most where it is kept."""

_PARTS: Final = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?#]*)(?P<rest>.*)", re.IGNORECASE)
_HOST: Final = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?)+|\[[0-9a-f:.]+\]", re.IGNORECASE)
# What may stand in the rest of an address (RFC 3986), the per cent sign included; everything else is encoded.
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=%")


def web_address(text: str) -> str:
    """The address in printable ASCII, as a browser would ask for it; "" where it is none that may be followed.

    Refused are other schemes, addresses with a name or a password before the host (`https://bank.example@evil`), hosts
    that are none, blanks, and what is longer than `LONGEST`.
    """
    cleaned = clean_line(text, LONGEST + 1)
    found = _PARTS.fullmatch(cleaned)
    if cleaned != text or len(cleaned) > LONGEST or found is None or " " in cleaned or "@" in found["host"]:
        return ""
    name, colon, port = found["host"].partition(":") if not found["host"].startswith("[") else _with_port(found["host"])
    if colon and not (port.isascii() and port.isdigit() and int(port) < 65536):
        return ""
    host = looked_up(name)
    if not host or _HOST.fullmatch(host) is None:
        return ""
    rest = "".join(char if char in _PLAIN else _encoded(char) for char in found["rest"])
    return f"{found['scheme'].lower()}://{host}{colon}{port}{rest}"


def shown_address(text: str) -> str:
    """An address as a person may read it without being misled: cleaned, with its host as it is looked up."""
    cleaned = clean_line(text, LONGEST)
    found = _PARTS.fullmatch(cleaned)
    if found is None or found["host"].isascii():
        return cleaned
    before, at, name = found["host"].rpartition("@")
    name, colon, port = name.partition(":")
    host = looked_up(name)
    return f"{found['scheme']}://{before}{at}{host}{colon}{port}{found['rest']}" if host else cleaned


def looked_up(host: str) -> str:
    """A host name in ASCII (IDNA); "" where it cannot be one."""
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _with_port(host: str) -> tuple[str, str, str]:
    """An address in brackets (IPv6), and the port behind it."""
    inside, bracket, port = host.partition("]")
    return inside + bracket, port[:1], port[1:]


def _encoded(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())
