"""The wallboard in a browser: textual-serve runs one `warroom wall` for every page that is open, and shows it there.

There is no login. So it listens on this machine alone unless somebody insists; and since any web page may have a
browser connect to this machine, a connection is taken only from a page that came from here, under a name that is ours
(https://owasp.org/www-community/attacks/csrf, "WebSocket"). Nothing outside is fetched: fonts and scripts
travel with textual-serve.
"""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

from warroom.words import tr

ALLOW: Final = "--allow-host"
"""The option that names another host under which it answers."""
MOST = 32
"""How many pages may be open at once: each is a process."""
_NAME: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*")
_TEMPLATES = Path(__file__).resolve().parent / "web"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine and nobody else can reach it."""
    name = host.strip("[]").casefold()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def host_name(name: str) -> str:
    """A host as a browser writes it: small letters, in ASCII. Raises `ValueError` where it is the name of none."""
    address = name.strip("[]")
    with suppress(ValueError):
        return str(ipaddress.ip_address(address))
    found = name.removesuffix(".").casefold().encode("idna").decode()
    if not _NAME.fullmatch(found):
        raise ValueError(name)
    return found


def _place(netloc: str) -> tuple[str, int | None]:
    """Host and port of a header; every name of this machine is the same."""
    try:
        parts = urlsplit(f"//{netloc}")
        host, port = host_name(parts.hostname or ""), parts.port
    except ValueError:
        return "", None
    return ("localhost" if is_loopback(host) else host), port


def allowed(
    host: str, origin: str | None, *, loopback: bool, own: str = "localhost", names: Collection[str] = ()
) -> bool:
    """Whether a request may be answered, by the headers Host and Origin; `own` is the host where the server listens,
    `names` are those that it was given besides (as `host_name` writes them).

    Under a name only where it is one of these or means this machine: whoever has a name may let it lead here, and a
    page of theirs would then be a page of this server ("DNS rebinding"). Under an address always where others reach
    the server (not `loopback`), since nobody can let an address lead elsewhere. And only for pages that came from here,
    or from one of the names at its usual port: what stands in front of the server may ask for it under another name
    than it was asked.
    """
    here = _place(host)
    if not (here[0] == "localhost" or here[0] in (own, *names) or (not loopback and _is_address(here[0]))):
        return False
    if origin is None:
        return True
    parts = urlsplit(origin)
    there = _place(parts.netloc)
    return parts.scheme in ("http", "https") and (there == here or (there[0] in names and there[1] is None))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class WallServer(Server):
    """Serves one wallboard."""

    def __init__(self, command: Sequence[str], host: str, port: int, names: Collection[str] = ()) -> None:
        """`command` is what every page runs; `names` are hosts under which it answers besides the one where it
        listens."""
        super().__init__(shlex.join(command), host=host, port=port, title="warroom wall", templates_path=_TEMPLATES)
        self.loopback = is_loopback(host)
        self.own, self.names = host_name(host), frozenset(map(host_name, names))
        self.open = 0

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guarded())
        return app

    def _guarded(self) -> Any:
        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            origin = request.headers.get("Origin")
            if not allowed(request.host, origin, loopback=self.loopback, own=self.own, names=self.names):
                said = tr("this wallboard answers only to pages of its own, and only under the names it was given")
                more = tr("To let it answer under another name start it with {option} NAME.").format(option=ALLOW)
                raise web.HTTPForbidden(text=f"{said}\n{more}\n")
            if request.path.startswith("/download"):
                raise web.HTTPNotFound
            response = await handler(request)
            if not response.prepared:
                response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
                response.headers["X-Content-Type-Options"] = "nosniff"
                response.headers["Referrer-Policy"] = "no-referrer"
            return response

        return guarded

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A page that was opened: it gets a process, as long as there are not too many."""
        if self.open >= MOST:
            raise web.HTTPServiceUnavailable(text=tr("too many pages are open") + "\n")
        self.open += 1
        try:
            return await super().handle_websocket(request)
        finally:
            self.open -= 1

    async def handle_index(self, request: web.Request) -> Any:
        """The page, with addresses on the host under which it was asked for."""
        import aiohttp_jinja2

        try:
            size = min(max(int(request.query.get("fontsize", "16")), 4), 200)
        except ValueError:
            size = 16
        router = request.app.router
        context = {
            "font_size": size,
            "app_websocket_url": f"ws://{request.host}{router['websocket'].url_for()}",
            "config": {"static": {"url": "/static/"}},
            "application": {"name": self.title},
            "away": tr("the server of this wallboard is gone; waiting for it"),
        }
        return aiohttp_jinja2.render_template("app_index.html", request, context)

    async def on_startup(self, app: web.Application) -> None:
        """Say where it is."""
        words = tr("the wallboard is at {address} until Ctrl-C").format(address=f"{self.public_url}/")
        self.console.print(words, markup=False, highlight=False)

    def initialize_logging(self) -> None:
        """Nothing but what warroom logs itself."""
