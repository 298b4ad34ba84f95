"""The board in each kind of terminal: as many colours as it has and no more, none where none are wanted, and a plain
refusal where there is nothing to draw on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.program.staging import Stage
from tests.support.screen import PATIENCE_S, ROOT, Terminal

SGR = re.compile(rb"\x1b\[([0-9;:]*)m")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A room in which one thing burns."""
    made = Stage(tmp_path_factory.mktemp("terms"), 1.0)
    with made.shell() as shell:
        shell.do("mina", "declare", "EU card payments failing", "--severity", "SEV1")
    return made


def look(stage: Stage, *arguments: str, **environment: str) -> bytes:
    """What the program wrote up to the first screen and to its end."""
    command = ["--db", str(stage.file), "--as", "mina", "board", "--readonly", *arguments]
    with Terminal(command, environment={**stage.environment, **environment}) as terminal:
        terminal.wait_for("EU card payments failing")
        terminal.wait_for("quit")
        terminal.press("q")
        assert terminal.exit_status() == 0
        assert terminal.restored
        return bytes(terminal.raw)


def colours(raw: bytes) -> set[str]:
    """The kinds of colours that were asked for: "16", "256", "rgb", "default"."""
    found = set()
    for each in SGR.findall(raw):
        codes = [int(code or 0) for code in re.split(rb"[;:]", each)]
        while codes:
            code = codes.pop(0)
            if code in (38, 48) and codes:
                kind = codes.pop(0)
                found.add({5: "256", 2: "rgb"}[kind])
                del codes[: 1 if kind == 5 else 3]
            elif 30 <= code <= 37 or 40 <= code <= 47 or 90 <= code <= 107:
                found.add("16")
            elif code in (39, 49):
                found.add("default")
    return found


@pytest.mark.parametrize(
    ("term", "colorterm", "kind"),
    [
        ("linux", "truecolor", "16"),  # left over from the terminal that it was started from
        ("xterm-16color", "", "16"),
        ("screen", "", "256"),
        ("tmux-256color", "", "256"),
        ("xterm-256color", "", "256"),
        ("xterm-256color", "truecolor", "rgb"),
    ],
)
def test_a_terminal_gets_the_colours_that_it_has(term: str, colorterm: str, kind: str, stage: Stage) -> None:
    found = colours(look(stage, TERM=term, COLORTERM=colorterm))
    assert kind in found
    # The sixteen are among the 256, and a colour that is one of them is sent as such.
    assert found <= {"16": {"16", "default"}, "256": {"16", "256", "default"}, "rgb": {"rgb", "16", "default"}}[kind]


@pytest.mark.parametrize("term", ["xterm-256color", "linux"])
def test_without_colour_not_one_is_sent_not_even_the_usual_one(term: str, stage: Stage) -> None:
    raw = look(stage, TERM=term, COLORTERM="truecolor", NO_COLOR="1")
    assert colours(raw) == set()
    assert b"\x1b[1m" in raw or b"\x1b[0;1m" in raw, "not even bold is left"


def test_the_theme_that_is_named_counts_for_more_than_no_color(stage: Stage) -> None:
    assert colours(look(stage, "--theme", "warroom-light", TERM="xterm-256color", COLORTERM="", NO_COLOR="1")) & {
        "256",
        "rgb",
    }


def test_an_empty_no_color_asks_for_nothing(stage: Stage) -> None:
    assert "rgb" in colours(look(stage, TERM="xterm", COLORTERM="truecolor", NO_COLOR=""))


@pytest.mark.parametrize(
    ("command", "term", "instead"),
    [("board", "dumb", "warroom list"), ("board", "", "warroom list"), ("wall", "dumb", "--once")],
)
def test_a_terminal_that_cannot_be_drawn_on_is_told_what_to_use_instead(
    command: str, term: str, instead: str, tmp_path: Path
) -> None:
    env = {**os.environ, "WARROOM_DB": str(tmp_path / "room.db"), "HOME": str(tmp_path)}
    env.pop("TERM", None)
    if term:
        env["TERM"] = term
    child = pexpect.spawn(sys.executable, ["-m", "warroom", command], env=env, cwd=str(ROOT), timeout=PATIENCE_S)
    said = child.read().decode()
    child.close()
    assert child.exitstatus == 2
    assert instead in said and "TERM" in said and "\x1b" not in said
    assert not (tmp_path / "room.db").exists()


def test_without_a_terminal_it_says_so_in_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "warroom", "board"],
        cwd=ROOT,
        env={**os.environ, "WARROOM_DB": str(tmp_path / "room.db"), "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2 and done.stdout == ""
    assert "needs a terminal: use warroom list" in done.stderr


def test_a_theme_that_is_not_there_is_refused_before_anything_is_drawn(stage: Stage) -> None:
    with Terminal(["--db", str(stage.file), "board", "--theme", "warrom-dark"]) as terminal:
        terminal.wait_for("did you mean warroom-dark")
        assert terminal.exit_status() == 2
        assert b"\x1b[?1049h" not in terminal.raw
