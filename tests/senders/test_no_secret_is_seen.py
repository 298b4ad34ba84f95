"""Whatever goes wrong with whatever secret: it is in no log, not on the terminal, and nowhere in the database."""

from __future__ import annotations

import base64
import io
import json
import logging
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.senders.servers import Answer, Got, HttpReceiver, closed_port, http_receiver
from tests.senders.staging import RULES, Stage, sender
from tests.store.rooms import Hands
from tests.support.profile import examples
from warroom.cli.main import cli
from warroom.cli.settings import Settings
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Declare
from warroom.rulebook.load import read_rulebook
from warroom.senders.http import BODY_BYTES
from warroom.service.session import Session

SECRETS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\u0345"), min_size=8, max_size=24
)
TROUBLE = st.sampled_from(("echo 400", "echo 429", "echo 500", "nobody there", "not an address", "redirect"))

DELIVERY = """
delivery:
  ways:
    chat: {{ to: ["json://user:${{env:KEY}}@127.0.0.1:{port}/${{env:KEY}}?+X-Key=${{env:KEY}}"], timeout: 2s }}
    mail: {{ to: ["mailto://me:${{env:KEY}}@127.0.0.1:{closed}?from=w@example.org&to={{address}}"], timeout: 1s }}
    push: {{ to: ["http://127.0.0.1:{port}/${{env:KEY}}", "${{env:KEY}}"], sign: "env:KEY", timeout: 2s }}
  integrations:
    pd: {{ kind: pagerduty, key: "env:KEY", url: "http://127.0.0.1:{port}" }}
    og: {{ kind: opsgenie, key: "env:KEY", url: "http://127.0.0.1:{port}" }}
    vo: {{ kind: splunk-oncall, key: "env:KEY", routing_key: team, url: "http://127.0.0.1:{port}" }}
"""


class Echo(HttpReceiver):
    """Says back whatever it was told, in every field that a sender might repeat."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status

    def answer(self, got: Got) -> Answer:
        said = f"{got.path} {unquote(got.path)} {got.headers} {got.body.decode('utf-8', 'replace')}"[: BODY_BYTES // 4]
        body = json.dumps({"message": said, "errors": [said, unquote(got.path)], "error": got.headers.get("X-Key")})
        headers = {"Retry-After": "1", "Location": f"http://127.0.0.1:1{quote(got.path)}"}
        self.got.append(got)
        return Answer(self.status, headers, body)


@given(SECRETS, TROUBLE)
@examples(0.1)
def test_no_secret_is_seen_anywhere(tmp_path_factory: pytest.TempPathFactory, secret: str, trouble: str) -> None:
    path: Path = tmp_path_factory.mktemp("leak") / "room.db"
    log, out, err = io.StringIO(), io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    root = logging.getLogger()
    statuses = {"echo 400": 400, "echo 429": 429, "echo 500": 500, "redirect": 307}
    with ExitStack() as stack:
        port = closed_port()
        if trouble in statuses:
            port = stack.enter_context(http_receiver(made=Echo(statuses[trouble]))).port
        rules = DELIVERY.format(port=port, closed=closed_port())
        if trouble == "not an address":
            rules = rules.replace("json://user:", "nonsense://user:")
        loaded = read_rulebook({"rules.yaml": (RULES + rules).encode()})
        stack.callback(root.removeHandler, handler)
        stack.callback(root.setLevel, root.level)
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        environment, hands = {"KEY": secret}, Hands()
        session = stack.enter_context(Session(path, actor="mina", seed=lambda: loaded, clock=hands))
        here = Stage(session, hands, sender(hands, [0.0], environment))
        here.declare()
        for _ in range(3):
            here.run()
            here.later(20)
        here.do(Acknowledge())
        here.run()
        seen = [each.error for each in here.messages().values()]
        words = [line.text for line, _, _ in session.log("INC-1")]
    assert any(seen), "nothing went wrong, so nothing was tried"
    command = CliRunner().invoke(cli, ["--db", str(path), "outbox", "--json"], obj=Settings(clock=hands))
    assert command.exit_code == 0, command.output
    stored = b"".join(each.read_bytes() for each in path.parent.iterdir() if each.is_file())
    everything = "\n".join([log.getvalue(), out.getvalue(), err.getvalue(), command.output, *seen, *words])
    forms = {secret, quote(secret, safe=""), quote(secret), json.dumps(secret)[1:-1]}
    forms |= {base64.b64encode(f"user:{secret}".encode()).decode()}
    for form in forms:
        assert form not in everything
        assert form.encode() not in stored


def test_the_test_of_a_way_shows_no_secret_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "hunter2/hunter2")
    with http_receiver(made=Echo(400)) as receiver:
        rules = RULES + DELIVERY.format(port=receiver.port, closed=closed_port())
        loaded = read_rulebook({"rules.yaml": rules.encode()})
        with Session(tmp_path / "room.db", actor="mina", seed=lambda: loaded) as session:
            session.execute(Declare("Checkout is down", "SEV1"))
        for way in ("chat", "mail", "push", "integration:pd", "integration:og", "integration:vo"):
            result = CliRunner().invoke(cli, ["--db", str(tmp_path / "room.db"), "outbox", "test", way, "someone"])
            assert result.exit_code == 1, result.output
            assert result.output.startswith("✗ ")
            assert "hunter2" not in result.output
    assert receiver.got
