"""What an answer, a silence and a broken line mean for the fate of a message; and that no error holds an address."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.senders.servers import RESET, STALL, Answer, closed_port, http_receiver, silent_port
from warroom.senders.http import LONGEST_WAIT, Call, json_call, post, verdict, wait_of
from warroom.senders.secrets import Redactor
from warroom.store.outbox import Fate

NOW = datetime(2024, 3, 13, 10, 0, tzinfo=UTC)
SHORT, SECOND = timedelta(seconds=0.15), timedelta(seconds=1)
SECRET = "s3cr3t/in+the path"


def send(url: str, timeout: timedelta = SECOND) -> Fate:
    return post(json_call(f"{url}/{SECRET}", {"key": SECRET}), timeout, Redactor())


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_success_is_one(status: int) -> None:
    with http_receiver(Answer(status)) as receiver:
        assert send(receiver.url) == Fate()


def test_the_first_message_leaves_no_address_in_the_most_talkative_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("urllib3"), "propagate", True)
    with caplog.at_level(logging.DEBUG), http_receiver(Answer(400)) as receiver:
        send(receiver.url)
    assert receiver.got
    assert "s3cr3t" not in caplog.text


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 410, 413, 422])
def test_a_refusal_is_final(status: int) -> None:
    with http_receiver(Answer(status, {"Location": "http://127.0.0.1:1/elsewhere"})) as receiver:
        fate = send(receiver.url)
    assert fate == Fate(f"127.0.0.1 answered {status}", final=True)
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504])
def test_trouble_of_the_receiver_passes(status: int) -> None:
    with http_receiver(Answer(status)) as receiver:
        assert send(receiver.url) == Fate(f"127.0.0.1 answered {status}")


def test_whoever_asks_for_a_pause_gets_it() -> None:
    with http_receiver(Answer(429, {"Retry-After": "17"}, '{"message": "Request Limit Exceeded"}')) as receiver:
        fate = send(receiver.url)
    assert fate == Fate("127.0.0.1 answered 429: Request Limit Exceeded", wait=timedelta(seconds=17))


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        (None, None),
        ("0", timedelta(0)),
        (" 120 ", timedelta(minutes=2)),
        ("99999999999999999999", LONGEST_WAIT),
        ("Wed, 13 Mar 2024 10:00:30 GMT", timedelta(seconds=30)),
        ("Wed, 13 Mar 2024 09:00:00 GMT", timedelta(0)),
        ("Fri, 13 Mar 2026 09:00:00 GMT", LONGEST_WAIT),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("", None),
    ],
)
def test_how_long_a_pause_is_asked_for(header: str | None, wait: timedelta | None) -> None:
    assert wait_of(header, NOW) == wait
    assert verdict(503, header, "x", now=NOW).wait == wait


def test_a_receiver_that_never_answers_is_left_and_may_have_got_it() -> None:
    with http_receiver(Answer(STALL)) as receiver:
        fate = send(receiver.url, SHORT)
    assert fate == Fate("127.0.0.1 did not answer within 0.15 s", unsure=True)
    with silent_port() as port:
        assert send(f"http://127.0.0.1:{port}", SHORT).unsure


def test_a_line_that_goes_dead_after_the_request_leaves_it_open() -> None:
    with http_receiver(Answer(RESET)) as receiver:
        assert send(receiver.url) == Fate("127.0.0.1 broke off the connection", unsure=True)


def test_where_nobody_listens_nothing_has_arrived() -> None:
    assert send(f"http://127.0.0.1:{closed_port()}") == Fate("no connection to 127.0.0.1")
    assert "cannot be looked up" in send("http://no-such-host.invalid").error


@pytest.mark.parametrize("url", ["http://", "http://[", "gopher://x", "http://a b", "", "http://:99999999"])
def test_an_address_that_is_none_is_final_and_no_traceback(url: str) -> None:
    fate = post(Call(url, b""), SHORT, Redactor())
    assert fate.error
    assert SECRET not in fate.error


def test_our_own_authorization_is_sent_and_not_the_one_of_netrc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with http_receiver() as receiver:
        post(Call(receiver.url, b"", {"Authorization": "GenieKey x"}), SECOND, Redactor())
    assert receiver.got[0].headers["Authorization"] == "GenieKey x"


HOSTILE = [
    '{"message": "\\u001b]0;owned\\u0007 no"}',
    '{"message": "' + "x" * 9000 + '"}',
    '{"message": ["s3cr3t/in+the path"]}',
    "[1, 2]",
    "not json",
    "",
    '{"errors": {"routing_key": "s3cr3t/in+the path is not valid"}}',
    '{"error": "s3cr3t%2Fin%2Bthe%20path is not valid"}',
]


@pytest.mark.parametrize("body", HOSTILE)
def test_what_a_receiver_writes_is_made_harmless(body: str) -> None:
    redact = Redactor()
    redact.learn(SECRET)
    with http_receiver(Answer(400, body=body)) as receiver:
        fate = post(json_call(receiver.url, {}), SECOND, redact)
    assert fate.final
    assert fate.error.startswith("127.0.0.1 answered 400")
    assert len(fate.error) < 250
    assert "\x1b" not in fate.error
    assert SECRET not in fate.error
    assert "in%2Bthe" not in fate.error
