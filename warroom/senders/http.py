"""One HTTP request and what it says about the fate of a message, without ever repeating an address or a key."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from warroom.senders.secrets import Redactor
from warroom.store.outbox import SENT, Fate
from warroom.valueclass import dataclass

if TYPE_CHECKING:
    import requests

LONGEST_WAIT = timedelta(minutes=10)
"""However long a receiver asks to be left alone, it is tried again after this."""
BODY_BYTES = 4096
CONNECT_S = 4.0
"""How long a connection may take at most, in seconds."""
AGAIN = frozenset({408, 425, 429})
"""Refusals that may be different the next time, besides all from 500 on."""


@dataclass(frozen=True, slots=True)
class Call:
    """A POST with a body of bytes."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def json_call(url: str, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Call:
    """A POST of JSON."""
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    return Call(url, body, {"Content-Type": "application/json", **(headers or {})})


def hush() -> None:
    """Have urllib3 say nothing: at its most talkative it writes whole addresses into the log, keys and all."""
    log = logging.getLogger("urllib3")
    if log.propagate:
        log.addHandler(logging.NullHandler())
        log.propagate = False


def post(call: Call, timeout: timedelta, redact: Redactor) -> Fate:
    """Carry out a call; never raises. No redirect is followed, since it would take the key somewhere else."""
    import requests

    hush()
    where = redact.line(_host(call.url), 100)
    seconds = timeout.total_seconds()
    try:
        answer = requests.post(
            call.url,
            data=call.body,
            headers={"User-Agent": "warroom", **call.headers},
            timeout=(min(seconds / 2, CONNECT_S), seconds),
            allow_redirects=False,
            # Else a line in ~/.netrc would take the place of our own Authorization header.
            auth=lambda request: request,
            stream=True,
        )
    except requests.RequestException as error:
        return failure(error, where, seconds)
    except (ValueError, UnicodeError):
        return Fate(f"the address of {where} cannot be used", final=True)
    with contextlib.closing(answer):
        return verdict(answer.status_code, answer.headers.get("Retry-After"), where, _said(answer, redact))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the receiver"
    except ValueError:
        return "the receiver"


def verdict(status: int, retry_after: str | None, where: str, said: str = "", now: datetime | None = None) -> Fate:
    """What an HTTP status means for a message. `said`: what the receiver wrote about it, already harmless."""
    if 200 <= status < 300:
        return SENT
    error = f"{where} answered {status}" + (f": {said}" if said else "")
    if status in AGAIN or status >= 500:
        return Fate(error, wait=wait_of(retry_after, now or datetime.now(UTC)))
    return Fate(error, final=True)


def wait_of(header: str | None, now: datetime) -> timedelta | None:
    """How long a Retry-After header asks to wait, at most `LONGEST_WAIT`; None when there is none that can be read."""
    if header is None:
        return None
    text = header.strip()
    try:
        if text.isascii() and text.isdigit():
            wait = timedelta(seconds=min(int(text[:9]), LONGEST_WAIT.total_seconds()))
        else:
            at = parsedate_to_datetime(text)
            wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def failure(error: Exception, where: str, seconds: float) -> Fate:
    """What an exception of requests means. Its own text is not used: it holds the address, keys and all."""
    import requests

    match error:
        case requests.ConnectTimeout():
            return Fate(f"no connection to {where} in time")
        case requests.Timeout():
            return Fate(f"{where} did not answer within {seconds:g} s", unsure=True)
        case requests.exceptions.SSLError():
            return Fate(f"the certificate of {where} is not accepted")
        case requests.exceptions.ProxyError():
            return Fate(f"the proxy on the way to {where} does not let us through")
        case requests.ConnectionError():
            return _broken(error, where)
        case (
            requests.exceptions.InvalidURL() | requests.exceptions.InvalidSchema() | requests.exceptions.MissingSchema()
        ):
            return Fate(f"the address of {where} cannot be used", final=True)
        case requests.exceptions.InvalidHeader():
            return Fate(f"the key for {where} cannot stand in a header", final=True)
        case _:
            return Fate(f"the exchange with {where} broke off", unsure=True)


def _broken(error: Exception, where: str) -> Fate:
    """A connection that was never made, or one that was lost when the request may have arrived."""
    from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

    inner = error.args[0] if error.args else None
    reason = inner.reason if isinstance(inner, MaxRetryError) else inner
    if isinstance(reason, NameResolutionError):
        return Fate(f"there is no host {where}, or its name cannot be looked up now")
    if isinstance(reason, NewConnectionError):
        return Fate(f"no connection to {where}")
    return Fate(f"{where} broke off the connection", unsure=True)


def _said(answer: requests.Response, redact: Redactor) -> str:
    """What the receiver wrote about a refusal, in one harmless line; "" when it is nothing that can be read."""
    if answer.status_code < 400:
        return ""
    try:
        content = json.loads(answer.raw.read(BODY_BYTES, decode_content=True))
    except Exception:  # whatever is wrong with the words, the number says enough
        return ""
    if not isinstance(content, dict):
        return ""
    parts = [content.get("message"), content.get("error"), *_list(content.get("errors"))]
    return redact.line("; ".join(part for part in parts if isinstance(part, str)), 160)


def _list(value: object) -> list[object]:
    return value[:5] if isinstance(value, list) else list(value.values())[:5] if isinstance(value, dict) else []
