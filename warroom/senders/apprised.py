"""Everything that the library apprise speaks to: mail, chat systems, SMS and phone, push.

Apprise says only whether a message went out. What an answer was, and how long a receiver wants to be left alone, is
noted on the way (`_Noted`), so that a refusal is told from a receiver that is down. None of its words are repeated:
they may hold addresses and keys. It takes half a second to import, so that happens with the first message.
"""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import field
from datetime import timedelta
from typing import Any

from warroom.senders.http import CONNECT_S, failure, hush, verdict
from warroom.senders.secrets import Redactor
from warroom.senders.webhook import ID_HEADER, KEY_HEADER, ascii_id
from warroom.senders.wording import body_of, subject_of
from warroom.store.outbox import SENT, Claimed, Fate
from warroom.valueclass import dataclass

_SMTP_CODE = re.compile(r"was refused: (\d{3}) |\((\d{3}), b['\"]")
_SMTP_LACKS = {
    "SMTP AUTH extension not supported": "the server offers no login: give it no user and password, or name another",
    "No suitable authentication method": "the server offers no way to log in that is known here",
    "STARTTLS extension not supported": "the server offers no STARTTLS: name another port or mode",
}
"""What the mail library says of a server that lacks what it was asked for, and what is told of it in our own words."""
_LOCK = threading.Lock()


@dataclass(slots=True)
class _Seen:
    """What happened in one try, the latest last."""

    status: int | None = None
    retry_after: str | None = None
    error: Exception | None = None
    smtp: int | None = None
    lacks: str = ""
    lost: bool = False


@dataclass(slots=True)
class _Noted(threading.local):
    """Where the try that this thread makes takes its notes."""

    seen: _Seen = field(default_factory=_Seen)


_noted = _Noted()


class _Listener(logging.Handler):
    """Reads what apprise tells its log of an SMTP server's answer; nothing of it goes any further."""

    def emit(self, record: logging.LogRecord) -> None:
        """Note the number of a refusal."""
        try:
            text = record.getMessage()
        except Exception:  # a line that cannot be worded tells us nothing
            return
        for found in _SMTP_CODE.finditer(text):
            _noted.seen.smtp = int(found[1] or found[2])
        _noted.seen.lacks = next((told for said, told in _SMTP_LACKS.items() if said in text), _noted.seen.lacks)
        if text.startswith("Sending email to"):
            # The server was there and took the letter in hand; what failed before says something else.
            _noted.seen.lost = True


def _library() -> Any:
    """The library, imported and made quiet: its log would reach the terminal, and with it what it sends where."""
    with _LOCK:
        import apprise
        import requests.adapters

        log = logging.getLogger("apprise")
        if not any(isinstance(handler, _Listener) for handler in log.handlers):
            log.addHandler(_Listener())
            log.setLevel(logging.DEBUG)
            log.propagate = False
            hush()
            _observe(requests.adapters.HTTPAdapter)
        return apprise


def _observe(adapter: Any) -> None:
    """Note the answer to every request that a thread of ours makes through the library requests. Apprise's services
    throw it away, and there is no other place where all of them pass."""
    send = adapter.send

    def noting(self: Any, *args: Any, **kwargs: Any) -> Any:
        seen = _noted.seen
        try:
            answer = send(self, *args, **kwargs)
        except Exception as error:
            seen.status, seen.error = None, error
            raise
        seen.status, seen.error = answer.status_code, None
        seen.retry_after = answer.headers.get("Retry-After")
        return answer

    adapter.send = noting


def known(url: str) -> bool:
    """Whether apprise knows the service behind a URL."""
    return _service(_library(), url) is not None


def _service(apprise: Any, url: str) -> Any:
    asset = apprise.AppriseAsset(
        app_id="warroom",
        app_desc="warroom",
        app_url="",
        async_mode=False,
        interpret_emojis=False,
        interpret_escapes=False,
        secure_logging=True,
        service_timeout=0,
    )
    return apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)


def send(message: Claimed, url: str, timeout: timedelta, redact: Redactor) -> Fate:
    """Send one message; never raises. Each exchange may take `timeout`."""
    apprise = _library()
    _noted.seen = seen = _Seen()
    service = _service(apprise, url)
    if service is None:
        return Fate("the address is none that apprise understands", final=True)
    name = redact.line(str(service.service_name), 60)
    seconds = timeout.total_seconds()
    # The mail service has the one for connecting alone, and uses it for every word of the exchange.
    mail = service.secure_protocol == "mailtos"
    service.socket_connect_timeout = seconds if mail else min(seconds / 2, CONNECT_S)
    service.socket_read_timeout = seconds
    # Its own pause between the parts of a long text would outlast our patience.
    service.request_rate_per_sec = 0
    if isinstance(getattr(service, "headers", None), dict):
        service.headers.update({ID_HEADER: ascii_id(message.id), KEY_HEADER: ascii_id(message.id)})
    kind = apprise.NotifyType.INFO if message.kind == "update" else apprise.NotifyType.WARNING
    try:
        sent = service.notify(
            title=subject_of(message),
            body=body_of(message),
            notify_type=kind,
            overflow=apprise.OverflowMode.SPLIT,
            body_format=apprise.NotifyFormat.TEXT,
        )
    except Exception as error:  # a service's own mistake: our message is no worse for it
        return Fate(f"{name} failed: {type(error).__name__}", unsure=True)
    return SENT if sent else _why(seen, name, seconds, mail)


def _why(seen: _Seen, name: str, seconds: float, mail: bool) -> Fate:
    import requests

    if seen.smtp is not None:
        return Fate(f"{name}: the server refused with {seen.smtp}", final=seen.smtp >= 500)
    if mail and seen.lacks:
        return Fate(f"{name}: {seen.lacks}", final=True)
    if isinstance(seen.error, requests.RequestException):
        return failure(seen.error, name, seconds)
    if seen.status is not None and not 200 <= seen.status < 300:
        return verdict(seen.status, seen.retry_after, name)
    if seen.lost or seen.error is not None or mail:
        return Fate(f"{name}: the connection failed", unsure=seen.lost)
    return Fate(f"{name} did not take it")
