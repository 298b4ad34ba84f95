"""The wallboard as people have it: in a terminal of its own beside an engine, and in a browser."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.program.staging import Stage, until
from tests.support.screen import PATIENCE_S, ROOT, Terminal
from warroom.domain.incident_commands import Declare


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, 1.0)


def test_on_the_wall_through_resizing_a_stop_and_a_file_that_vanishes(stage: Stage) -> None:
    with stage.session() as session:
        session.execute(Declare("Cards fail", "SEV1"))
    environment = {**stage.environment, "COLUMNS": "100", "LINES": "30"}
    with Terminal(["--db", str(stage.file), "wall"], size=(100, 30), environment=environment) as wall:
        wall.wait_for("INC-1")
        wall.wait_for("NO ENGINE: timers stand still")
        wall.wait_for("read just now")
        assert not Path(f"{stage.file}-wal").exists(), "looking makes no file"
        wall.resize(20, 5)
        wall.wait_for("◆INC-1")
        wall.resize(100, 30)
        wall.wait_for("Cards fail")
        wall.signal(signal.SIGSTOP)
        with stage.session() as session:
            session.execute(Declare("Search slow", "SEV2"))
        wall.signal(signal.SIGCONT)
        wall.wait_for("INC-2")
        stage.file.rename(stage.folder / "aside.db")
        wall.wait_for("there is no such file")
        wall.wait_for("picture of")
        (stage.folder / "aside.db").rename(stage.file)
        wall.wait_gone("picture of")
        wall.wait_for("read just now")
        wall.press("q")
        assert wall.exit_status() == 0
        assert wall.restored


def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


Page = Callable[..., tuple[int, str]]


@contextmanager
def served(stage: Stage, number: int, *arguments: str) -> Iterator[Page]:
    """A wallboard in a browser while the context lasts; gives what asks it for its page: status and text."""
    with (stage.folder / "serve.log").open("wb") as log:
        command = [sys.executable, "-m", "warroom", "--db", str(stage.file), "wall", "--serve", "--port", str(number)]
        server = subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT, env={**os.environ, **stage.environment}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip

    def page(**headers: str) -> tuple[int, str]:
        try:
            asked = urllib.request.Request(f"http://127.0.0.1:{number}/", headers=headers)
            with urllib.request.urlopen(asked, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    try:
        until(lambda: page()[0] or server.poll() is not None, "the page")
        yield page
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE_S)


def test_in_a_browser_only_for_pages_of_its_own(stage: Stage) -> None:
    pytest.importorskip("textual_serve", reason="the extra serve is not installed")
    with stage.session() as session:
        session.execute(Declare("Cards fail", "SEV1"))
    number = port()
    with served(stage, number) as page:
        status, text = page()
        assert status == 200 and "textual-terminal" in text and "googleapis" not in text
        assert page(Host="rebound.example.org")[0] == 403
        assert page(Origin="https://elsewhere.example.org")[0] == 403
        assert page(Origin=f"http://localhost:{number}")[0] == 200
        assert "Cards fail" in asyncio.run(browse(number))
    assert (stage.folder / "serve.log").read_text().startswith("the wallboard is at http://127.0.0.1")


def test_where_others_reach_it_only_under_addresses_and_the_names_it_was_given(stage: Stage) -> None:
    """A name is whoever's it is: any page may have its own name lead here, and would then be a page of this server."""
    pytest.importorskip("textual_serve", reason="the extra serve is not installed")
    number = port()
    given = ("--allow-host", "wall.example.org", "--allow-host", "Büro.example")
    with served(stage, number, "--host", "0.0.0.0", "--i-know-there-is-no-login", *given) as page:
        rebound = f"rebound.example.org:{number}"
        status, text = page(Host=rebound, Origin=f"http://{rebound}")
        assert status == 403 and "--allow-host" in text
        assert page(Host=rebound)[0] == page(Host="wall.example.org.rebound.example.org")[0] == 403
        for name in (
            f"192.0.2.7:{number}",
            f"[2001:db8::7]:{number}",
            "localhost",
            "WALL.example.org.",
            "xn--bro-hoa.example",
        ):
            assert page(Host=name)[0] == page(Host=name, Origin=f"http://{name}")[0] == 200, name
            assert page(Host=name, Origin="http://rebound.example.org")[0] == 403
        # What stands in front of it may ask for it under another name than it was asked under itself.
        assert page(Host=f"127.0.0.1:{number}", Origin="https://wall.example.org")[0] == 200
        for other in ("http://wall.example.org:81", "http://0.0.0.0", "http://127.0.0.1", "null", "http://", "*"):
            assert page(Host=f"127.0.0.1:{number}", Origin=other)[0] == 403, other
        with pytest.raises(ConnectionError):
            asyncio.run(connect(number, rebound))


async def connect(number: int, name: str) -> None:
    """Open the socket as a page under another name would."""
    import aiohttp

    async with aiohttp.ClientSession() as browser:
        try:
            await browser.ws_connect(f"ws://127.0.0.1:{number}/ws", origin=f"http://{name}", headers={"Host": name})
        except aiohttp.WSServerHandshakeError as error:
            assert error.status == 403
            raise ConnectionError from error


async def browse(number: int) -> str:
    """What a page is shown until the incident is there; and that no page of others is shown anything."""
    import aiohttp

    address, seen = f"ws://127.0.0.1:{number}/ws?width=100&height=30", ""
    async with aiohttp.ClientSession() as browser:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await browser.ws_connect(address, origin="https://elsewhere.example.org")
        async with (
            browser.ws_connect(address, origin=f"http://127.0.0.1:{number}") as socket_,
            asyncio.timeout(PATIENCE_S),
        ):
            async for message in socket_:
                if message.type is aiohttp.WSMsgType.BINARY:
                    seen += message.data.decode("utf-8", "replace")
                elif message.type is aiohttp.WSMsgType.TEXT:
                    assert json.loads(message.data)[0] != "instance_id"
                if "Cards fail" in seen:
                    break
    return seen
