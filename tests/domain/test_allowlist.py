"""The judge of what reaches a terminal: it passes what Textual sends and reports what hostile text holds (R16)."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

import pytest

from tests.support import real_data
from tests.support.allowlist import ALLOWED_SEQUENCES, violations
from warroom.domain.text import clean_block, clean_line

FINE = [
    b"",
    b"plain text\r\n with \b",
    "å 한국 中文 עברית 👍 ─█▁⠁ e\u0316\u0317".encode(),
    b"\x1b[m\x1b[0m\x1b[1;38;2;224;224;224;48;2;36;47;56m\x1b[4:3m",
    b"\x1b[1;1H\x1b[H\x1b[12H\x1b[3A\x1b[B\x1b[12C\x1b[D\x1b[5G\x1b[7d\x1b[J\x1b[K\x1b[2K\x1b[4X",
    b"\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?25l\x1b[?1004h\x1b[>25u\x1b[?7l",
    b"\x1b[?2026$p\x1b[?2048$p\x1b[?2004h\x1b[?2026h\x1b[?2026l\x1b[<u\x1b[6n\x1b[c",
    b"\x1b]22;default\x07\x1b]22;not-allowed\x07",
]


@pytest.mark.parametrize("raw", FINE)
def test_what_a_program_may_send(raw: bytes) -> None:
    assert violations(raw) == []


FOUL = [
    (b"\x1b]0;title\x07", "byte 0: sequence not allowed: '\\x1b]0;title\\x07'"),
    (b"ab\x1b]52;c;eA==\x07", "byte 2: sequence not allowed: '\\x1b]52;c;eA==\\x07'"),
    (b"\x1b]8;;http://x\x1b\\", "byte 0: sequence not allowed: '\\x1b]8;;http://x\\x1b\\\\'"),
    (b"\x1b]22;a\x1b]0;b\x07", "byte 0: sequence not allowed: '\\x1b]22;a'"),
    (b"\x1bP+q\x1b\\", "byte 0: sequence not allowed: '\\x1bP+q\\x1b\\\\'"),
    (b"\x1b[3J", "byte 0: sequence not allowed: '\\x1b[3J'"),
    (b"\x1b[3J", "byte 0: sequence not allowed: '\\x1b[3J'"),
    (b"\x1b[1;5r", "byte 0: sequence not allowed: '\\x1b[1;5r'"),
    (b"\x1b[?5h", "byte 0: sequence not allowed: '\\x1b[?5h'"),
    (b"\x1b[?1049;5h", "byte 0: sequence not allowed: '\\x1b[?1049;5h'"),
    (b"\x1b[21t", "byte 0: sequence not allowed: '\\x1b[21t'"),
    (b"\x1b[1;2;3H", "byte 0: sequence not allowed: '\\x1b[1;2;3H'"),
    (b"\x1bc", "byte 0: sequence not allowed: '\\x1bc'"),
    (b"\x1b(0", "byte 0: sequence not allowed: '\\x1b(0'"),
    (b"\x1b7", "byte 0: sequence not allowed: '\\x1b7'"),
    (b"\x1b", "byte 0: sequence not allowed: '\\x1b'"),
    (b"x\x1b[31", "byte 1: sequence not allowed: '\\x1b[31'"),
    (b"\x1b\x1b[m", "byte 0: sequence not allowed: '\\x1b'"),
    (b"\t", "byte 0: control character: '\\t'"),
    (b"\x00", "byte 0: control character: '\\x00'"),
    (b"\x07", "byte 0: control character: '\\x07'"),
    (b"\x7f", "byte 0: control character: '\\x7f'"),
    ("å\x9b31m".encode(), "byte 2: C1 control: '\\x9b'"),
    ("\x85".encode(), "byte 0: C1 control: '\\x85'"),
    (b"\x9b31m", "byte 0: not UTF-8: '\\udc9b'"),
    (b"caf\xe9", "byte 3: not UTF-8: '\\udce9'"),
    (b"\xc0\x9b", "byte 0: not UTF-8: '\\udcc0'"),
    ("a\u202eb".encode(), "byte 1: bidirectional control: '\\u202e'"),
    ("한\u2066".encode(), "byte 3: bidirectional control: '\\u2066'"),
    ("\u200b".encode(), "byte 0: zero width: '\\u200b'"),
    ("\u200d".encode(), "byte 0: zero width: '\\u200d'"),
    ("\ufeff".encode(), "byte 0: zero width: '\\ufeff'"),
    ("\ufe0f".encode(), "byte 0: variation selector: '\\ufe0f'"),
    ("\U000e0041".encode(), "byte 0: tag character: '\\U000e0041'"),
    ("\u3164".encode(), "byte 0: invisible character: '\\u3164'"),
    ("\ue000".encode(), "byte 0: private use: '\\ue000'"),
    ("\ufffe".encode(), "byte 0: noncharacter: '\\ufffe'"),
    ("\u2028".encode(), "byte 0: line separator: '\\u2028'"),
    ("\U0001d173".encode(), "byte 0: format character: '\\U0001d173'"),
    (("x" + "\u0301" * 7).encode(), "byte 13: more than 6 combining marks on one character: '\\u0301'"),
]


@pytest.mark.parametrize(("raw", "report"), FOUL)
def test_what_it_may_not_is_named_with_its_place(raw: bytes, report: str) -> None:
    assert violations(raw)[0] == report
    assert violations(b"\x1b[m" + raw) == [
        re.sub(r"\d+", lambda at: str(int(at[0]) + 3), found, count=1) for found in violations(raw)
    ]


def test_each_offence_is_reported_once() -> None:
    assert len(violations(b"\x1b]0;a\x07ok\x1b[31mok\x1b[3J\x07\xff")) == 4


def test_the_bell_only_where_it_is_asked_for() -> None:
    assert violations(b"\x07", bell=True) == []
    assert len(violations(b"\x1b]0;x\x07\x07", bell=True)) == 1


def test_a_foreign_sequence_is_not_accepted_for_its_beginning() -> None:
    for _, pattern in ALLOWED_SEQUENCES:
        assert not re.fullmatch(pattern, "[31") and not re.fullmatch(pattern, "]0;x\x07")
    assert violations(b"\x1b[?2026$pp") == []  # the second p is a letter
    assert len(violations(b"\x1b[?2026$q")) == 1


# --- real hostile files -------------------------------------------------------------------------------------

SUSPICIOUS = re.compile(
    rb"[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\x1b[\]P^_Xc78=>(]|\x1b\[[0-9;]*[rJ]"
    rb"|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0\xa6-\xa9]|\xc2[\x80-\x9f]|\xef\xbb\xbf"
)


def test_every_hostile_file_is_reported_raw_and_passes_cleaned() -> None:
    folder = real_data("hostile")
    samples = {
        path.name: path.read_bytes()
        for part in ("alacritty_recordings", "terminal_escape_injection", "trojan_source")
        for path in sorted((folder / part).iterdir())
    }
    samples |= {
        f"blns {number}": text.encode()
        for number, text in enumerate(json.loads((folder / "blns.json").read_text("utf-8")))
    }
    reported = 0
    for name, raw in samples.items():
        raw = raw.replace(b"\t", b"    ")
        found = violations(raw)
        reported += bool(found)
        if SUSPICIOUS.search(raw.replace(b"\x1b[J", b"")):
            assert found, name
        text = raw.decode("utf-8", "surrogateescape")
        assert violations(clean_block(text).encode()) == [], name
        assert violations(clean_line(text).encode()) == [], name
    assert reported > 40


# --- a real program -----------------------------------------------------------------------------------------

PROGRAM = """
import json, sys
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import DataTable, Footer, Header, Input, Static

class Plain(App[None]):
    BINDINGS = [("q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        yield Header(show_clock=True)
        yield Input("typed", classes="narrow")
        for text in json.loads(sys.argv[1]):
            yield Static(Content(text))
        yield DataTable()
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("one", "two")
        table.add_row("1", "2")

    def on_ready(self) -> None:
        self.query_one(Input).value = "changed"
        self.call_after_refresh(self.set_timer, 0.05, self.exit)

Plain().run()
"""

HOSTILE_TITLES = [
    "\x1b]0;owned\x07title",
    "\x1b]52;c;cm0=\x07clipboard",
    "\x9b2Jeight bit",
    "mark [/] up [@click=app.quit]x[/]",
    "user\u202etxt.exe\u2066",
    "zero\u200bwidth\ufeff",
    "\x1bcreset\x1b[3J\x1b[?1000l\x1b[21t",
    "\udc9b raw byte",
    "fam \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1f8\U0001f1ea \u2764\ufe0f",
    "결제 åäö 中文",
]


def output_of(*texts: str) -> bytes:
    """All that a small Textual program with these texts on it writes to its terminal, from start to end."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 90, 0, 0))
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTUAL", "NO_COLOR"))}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, json.dumps(texts)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=keep | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONWARNINGS": "ignore"},
        start_new_session=True,
    )
    os.close(slave)
    written = bytearray()
    deadline = time.monotonic() + 60
    try:
        while time.monotonic() < deadline:
            ready, _, _ = select.select([master], [], [], 0.5)
            if ready:
                try:
                    data = os.read(master, 65536)
                except OSError:  # Linux says EIO where others say end of file
                    break
                if not data:
                    break
                written += data
        assert process.wait(timeout=10) == 0, bytes(written[-2000:])
    finally:
        process.kill()
        process.wait()
        os.close(master)
    return bytes(written)


def test_a_textual_program_sends_nothing_else() -> None:
    written = output_of("plain", "결제 åäö")
    assert b"\x1b[?1049h" in written
    assert b"\x1b[?1049l" in written
    assert "결제 åäö".encode() in written
    assert violations(written) == []


def test_hostile_titles_reach_the_terminal_raw_and_not_when_cleaned() -> None:
    raw = [title for title in HOSTILE_TITLES if "\udc9b" not in title]  # that one would end the program
    kinds = {report.split(": ")[1] for report in violations(output_of(*raw))}
    assert kinds >= {"sequence not allowed", "C1 control", "bidirectional control", "zero width"}
    written = output_of(*map(clean_line, HOSTILE_TITLES))
    assert violations(written) == []
    assert "결제 åäö 中文".encode() in written
    assert b"mark [/] up [@click=app.quit]x[/]" in written


def test_the_clipboard_takes_what_it_is_meant_to_once() -> None:
    copy = b"\x1b]52;c;SU5DLTE=\x07"
    assert violations(b"a" + copy + b"b", clipboard="INC-1") == []
    assert len(violations(copy)) == 1
    assert len(violations(copy * 2, clipboard="INC-1")) == 1
    assert len(violations(copy, clipboard="INC-2")) == 1
    assert len(violations(b"\x1b]52;c;?\x07", clipboard="INC-1")) == 1  # asks what is on it
    long = "x" * 251
    assert violations(b"\x1b]52;c;" + base64.b64encode(long.encode()) + b"\x07", clipboard=long) != []
    assert violations(b"\x1b]52;c;" + base64.b64encode(long[1:].encode()) + b"\x07", clipboard=long[1:]) == []
