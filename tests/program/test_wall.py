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


def test_in_a_browser_only_for_pages_of_its_own(stage: Stage, tmp_path: Path) -> None:
    pytest.importorskip("textual_serve", reason="the extra serve is not installed")
    with stage.session() as session:
        session.execute(Declare("Cards fail", "SEV1"))
    number = port()
    here = f"http://127.0.0.1:{number}"
    with (tmp_path / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "warroom", "--db", str(stage.file), "wall", "--serve", "--port", str(number)],
            cwd=ROOT, env={**os.environ, **stage.environment}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip

    def page(**headers: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(urllib.request.Request(f"{here}/", headers=headers), timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            return 0, ""

    try:
        status, text = until(lambda: found if (found := page())[0] else None, "the page") or (0, "")
        assert status == 200 and "textual-terminal" in text and "googleapis" not in text
        assert page(Host="rebound.example.org")[0] == 403
        assert page(Origin="https://elsewhere.example.org")[0] == 403
        assert page(Origin=f"http://localhost:{number}")[0] == 200
        assert "Cards fail" in asyncio.run(browse(number))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE_S)
    assert (tmp_path / "serve.log").read_text().startswith("the wallboard is at http://127.0.0.1")


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
