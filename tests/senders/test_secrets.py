"""Secrets are found where the rulebook says, only where the owner of the process allows it, and never seen again."""

from __future__ import annotations

import base64
import html
import json
import os
import sys
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from warroom.senders import secrets as module
from warroom.senders.secrets import HIDDEN, NoSecret, Redactor, Secrets, references


def at(tmp_path: Path, **environment: str) -> Secrets:
    return Secrets(environment={"WARROOM_SECRET_DIRS": str(tmp_path), **environment})


def test_a_variable(tmp_path: Path) -> None:
    assert at(tmp_path, TOKEN="hunter2\n").look_up("env:TOKEN") == "hunter2"


def test_a_file_in_a_directory_for_secrets(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    assert at(tmp_path).look_up(f"file:{tmp_path}/key") == "from a file"


def test_the_output_of_a_command_where_that_is_allowed(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    script = tmp_path / "print-it"
    script.write_text(f'#!/bin/sh\necho x >> {counter}\necho "from $1"\n')
    script.chmod(0o700)
    now = [0.0]
    found = at(tmp_path, WARROOM_ALLOW_COMMANDS="1", PATH=os.environ["PATH"])
    found.monotonic = lambda: now[0]
    assert [found.look_up(f"cmd:{script} 'the vault'") for _ in range(3)] == ["from the vault"] * 3
    assert counter.read_text() == "x\n"
    now[0] += module.KEPT_S + 1
    found.look_up(f"cmd:{script} 'the vault'")
    assert counter.read_text() == "x\nx\n"


BAD = [
    ("env:NOT_THERE", "NOT_THERE is not set"),
    ("env:EMPTY", "EMPTY is empty"),
    ("env:SHORT", "SHORT is not 4 to 8192 characters long"),
    ("env:LINES", "LINES holds characters that no key has, such as a line break"),
    ("file:/etc/passwd", "is in no directory for secrets"),
    ("file:TMP/missing", "cannot be read: No such file or directory"),
    ("file:TMP/../outside", "is in no directory for secrets"),
    ("file:TMP/link", "is in no directory for secrets"),
    ("file:TMP/binary", "cannot be read: not a text"),
    ("file:TMP", "cannot be read: it is a directory"),
    ("file:TMP/pipe", "cannot be read: it is a pipe, a device or a socket, and no file"),
    ("cmd:cat /etc/passwd", "is not allowed here: set WARROOM_ALLOW_COMMANDS=1"),
    ("hunter2-hunter2", "does not say where a secret is found"),
]


@pytest.mark.parametrize(("reference", "words"), BAD)
def test_what_cannot_be_looked_up_is_named_and_not_shown(tmp_path: Path, reference: str, words: str) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (tmp_path / "outside").write_text("outside-secret")
    (folder / "link").symlink_to(tmp_path / "outside")
    (folder / "binary").write_bytes(b"\xff\xfe\xfd\xfc")
    os.mkfifo(folder / "pipe")  # whoever opened it would wait for somebody who writes into it
    found = at(folder, EMPTY="", SHORT="abc", LINES="one\ntwo")
    with pytest.raises(NoSecret) as caught:
        found.look_up(reference.replace("TMP", str(folder)))
    assert words in str(caught.value)
    assert "outside-secret" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (f"{sys.executable} -c 'import sys; print(\"leaked-it\"); sys.exit(3)'", "ended with status 3"),
        ("/no/such/program", "cannot be run"),
        ("'unbalanced", "cannot be run"),
        (f"{sys.executable} -c 'import time; time.sleep(30)'", "did not end within 0.2 s"),
    ],
)
def test_a_command_that_fails_says_so_and_not_what_it_printed(
    tmp_path: Path, command: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "sleep" in command:
        monkeypatch.setattr(module, "COMMAND_S", 0.2)
    with pytest.raises(NoSecret) as caught:
        at(tmp_path, WARROOM_ALLOW_COMMANDS="1").look_up(f"cmd:{command}")
    assert words in str(caught.value)
    assert "status 3" not in words or "leaked-it" not in str(caught.value).partition("ended")[2]


def test_secrets_are_quoted_where_they_stand_in_an_address(tmp_path: Path) -> None:
    found = at(tmp_path, USER="a b", TOKEN="p@ss/w:rd?#%")
    template = "json://${env:USER}x:${env:TOKEN}@host/{address}"
    with pytest.raises(NoSecret):
        found.fill(template)  # three characters are no secret
    found = at(tmp_path, USER="an user", TOKEN="p@ss/w:rd?#%")
    assert found.fill(template) == "json://an%20userx:p%40ss%2Fw%3Ard%3F%23%25@host/{address}"
    assert found.fill("${env:TOKEN}") == "p@ss/w:rd?#%"
    assert references(template) == ("env:USER", "env:TOKEN")
    assert found.missing(references(template)) == ""
    assert found.missing(["env:TOKEN", "env:OTHER"]) == "OTHER is not set"


printable = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="\u0345"), min_size=6, max_size=30)


@given(printable, st.text(max_size=20), st.text(max_size=20))
@examples()
def test_no_form_of_a_secret_survives(secret: str, before: str, after: str) -> None:
    redact = Redactor()
    redact.learn(secret)
    basic = base64.b64encode(f"user:{secret}".encode()).decode()
    for form in (
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        quote(secret),
        html.escape(secret),
        json.dumps(secret),
        json.dumps({"key": [secret]}, ensure_ascii=False),
        repr(secret),
        repr(secret.encode()),
        f"https://x/{quote(secret)}/y",
        f"Basic {basic}",
        base64.b64encode(f"us:{secret}!!".encode()).decode(),
        base64.urlsafe_b64encode(f"u:{secret}".encode()).decode(),
    ):
        text = f"{before}{form}{after}"
        hidden = redact(text)
        assert HIDDEN in hidden, form
        for line in (hidden, redact.line(text, 500)):
            assert secret not in line.replace(HIDDEN, "\0")


@given(printable, st.integers(0, 60))
@examples(0.5)
def test_a_line_that_is_cut_does_not_end_in_half_a_secret(secret: str, at_most: int) -> None:
    redact = Redactor()
    redact.learn(secret)
    line = redact.line("x" * at_most + secret + "y" * 100, at_most + len(secret) // 2 + 1)
    shown = line.replace(HIDDEN, "").strip("xy…")
    assert len(shown) < 4 or shown not in secret
