"""What apprise sends and what is made of the answers: mail to a real mail server, chat and forms to a real HTTP one."""

from __future__ import annotations

import logging
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.senders.letters import PAGE
from tests.senders.servers import (
    RESET,
    STALL,
    Answer,
    closed_port,
    http_receiver,
    silent_port,
    smtp_receiver,
)
from warroom.senders import apprised
from warroom.senders.secrets import Redactor
from warroom.store.outbox import Claimed, Fate

SECOND, SHORT = timedelta(seconds=2), timedelta(seconds=0.2)
NAME = "JSON"


def send(url: str, timeout: timedelta = SECOND, message: Claimed = PAGE) -> Fate:
    return apprised.send(message, url, timeout, Redactor())


def test_a_mail_says_who_what_and_under_which_key() -> None:
    with smtp_receiver() as mailbox:
        url = f"mailto://127.0.0.1:{mailbox.port}?from=warroom@example.org&to=ada%40example.org"
        assert send(url) == Fate()
    (mail,) = mailbox.mails
    assert (mail.sender, mail.to) == ("warroom@example.org", ["ada@example.org"])
    import email
    import email.policy

    read = email.message_from_string(mail.content, policy=email.policy.default)
    assert read["Subject"] == PAGE.subject
    assert read["X-Warroom-Id"] == PAGE.id
    body = read.get_body(("plain",))
    assert body is not None
    assert "warroom ack INC-7" in body.get_content()


@pytest.mark.parametrize(
    ("says", "final"),
    [
        ({"refuse_recipient": "550 5.1.1 no such user"}, True),
        ({"refuse_recipient": "450 4.2.1 try later"}, False),
        ({"refuse_data": "554 5.7.1 not from you"}, True),
        ({"refuse_data": "451 4.3.0 busy"}, False),
    ],
)
def test_what_a_mail_server_says(says: dict[str, str], final: bool) -> None:
    with smtp_receiver(**says) as mailbox:
        fate = send(f"mailto://127.0.0.1:{mailbox.port}?from=warroom@example.org&to=ada%40example.org")
    code = next(iter(says.values()))[:3]
    assert fate == Fate(f"E-Mail: the server refused with {code}", final=final)
    assert mailbox.mails == []


def test_a_mail_server_that_is_down_or_says_nothing() -> None:
    fate = send(f"mailto://127.0.0.1:{closed_port()}?from=warroom@example.org&to=ada%40example.org")
    assert fate == Fate("E-Mail: the connection failed")
    with silent_port() as port:
        fate = send(f"mailto://127.0.0.1:{port}?from=warroom@example.org&to=ada%40example.org", SHORT)
    assert fate.error == "E-Mail: the connection failed"


def test_a_mail_server_that_takes_no_login_or_no_encryption_is_told_from_one_that_is_down() -> None:
    with smtp_receiver() as mailbox:
        where = f"127.0.0.1:{mailbox.port}?from=warroom@example.org&to=ada%40example.org"
        login = send(f"mailto://somebody:very-secret@{where}")
        encrypted = send(f"mailtos://{where}&mode=starttls")
    no_login = "E-Mail: the server offers no login: give it no user and password, or name another"
    assert login == Fate(no_login, final=True)
    assert encrypted == Fate("E-Mail: the server offers no STARTTLS: name another port or mode", final=True)


def test_chat_and_forms_reach_their_server() -> None:
    with http_receiver(Answer(200, body="ok")) as receiver:
        assert send(f"json://127.0.0.1:{receiver.port}/hook") == Fate()
        assert send(f"form://127.0.0.1:{receiver.port}/form") == Fate()
        assert send(f"mmost://127.0.0.1:{receiver.port}/{'a' * 24}/") == Fate()
    as_json, form, chat = receiver.got
    assert as_json.path == "/hook"
    assert as_json.json["title"] == PAGE.subject
    assert as_json.json["message"] == PAGE.body
    assert as_json.headers["X-Warroom-Id"] == as_json.headers["Idempotency-Key"] == PAGE.id
    assert b"warroom+ack+INC-7" in form.body
    assert chat.path == f"/hooks/{'a' * 24}"
    assert "Checkout is down" in chat.json["text"]


@pytest.mark.parametrize(("status", "final"), [(400, True), (404, True), (500, False), (503, False)])
def test_what_an_http_service_answers(status: int, final: bool) -> None:
    with http_receiver(Answer(status)) as receiver:
        fate = send(f"json://127.0.0.1:{receiver.port}")
    assert fate == Fate(f"{NAME} answered {status}", final=final)


def test_a_service_that_asks_for_a_pause_is_heard_through_the_library() -> None:
    with http_receiver(Answer(429, {"Retry-After": "33"}), Answer(200)) as receiver:
        assert send(f"json://127.0.0.1:{receiver.port}") == Fate(f"{NAME} answered 429", wait=timedelta(seconds=33))
        assert send(f"json://127.0.0.1:{receiver.port}") == Fate()


def test_silence_a_dead_line_and_nobody_there_are_told_apart() -> None:
    with http_receiver(Answer(STALL)) as receiver:
        fate = send(f"json://127.0.0.1:{receiver.port}", SHORT)
    assert fate == Fate(f"{NAME} did not answer within 0.2 s", unsure=True)
    with http_receiver(Answer(RESET)) as receiver:
        assert send(f"json://127.0.0.1:{receiver.port}") == Fate(f"{NAME} broke off the connection", unsure=True)
    assert send(f"json://127.0.0.1:{closed_port()}") == Fate(f"no connection to {NAME}")


@pytest.mark.parametrize("url", ["nonsense://x", "json://", "slack://x", "", "mailto://"])
def test_what_apprise_does_not_understand_is_refused_at_once(url: str) -> None:
    assert send(url) == Fate("the address is none that apprise understands", final=True)


def test_a_long_text_goes_in_parts_without_a_pause_between_them() -> None:
    long = replace(PAGE, body="line of text\n" * 5000)
    with http_receiver(Answer(200)) as receiver:
        assert send(f"json://127.0.0.1:{receiver.port}", message=long) == Fate()
    assert len(receiver.got) > 1
    assert sum(got.json["message"].count("line of text") for got in receiver.got) == 5000


def test_text_from_outside_is_no_markup() -> None:
    sly = replace(PAGE, subject="INC-1 <b>x</b> [x](http://evil.example)", body="<script>x</script> :smile: \\n")
    with http_receiver(Answer(200)) as receiver:
        send(f"json://127.0.0.1:{receiver.port}", message=sly)
    assert receiver.got[0].json["title"] == sly.subject
    assert receiver.got[0].json["message"] == sly.body


def test_nothing_of_the_library_reaches_the_log_or_the_terminal(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    send(f"json://user:very-secret@127.0.0.1:{closed_port()}/also-secret")
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    assert logging.getLogger("apprise").propagate is False


def test_it_is_imported_with_the_first_message_and_not_before() -> None:
    probe = "import sys, warroom.senders.worker; print('apprise' in sys.modules, 'requests' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False False\n"
