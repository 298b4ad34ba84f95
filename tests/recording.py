"""Record the tour of the README from the running program: `python -m tests.recording [FOLDER]`.

The real program runs in a pseudo-terminal over the room of the demo, whose time runs fast, and keys are typed as a
person would. What it wrote becomes `tour.cast` (asciicast v2), what stood on its screen `tour.svg`, a film of CSS
alone: no script, no font, nothing to fetch; whoever wants less motion sees the last picture.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import select
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import pexpect
import pyte

from tests.support.emulator import Emulator
from tests.support.screen import KEYS, ROOT
from warroom.domain.text import cell_width

COLUMNS, ROWS = 100, 30
SECONDS = 30.0
SPEED = 20
TITLE = "warroom: the incident manager's terminal"
FRAME_S = 0.25
"""Pictures of the film stand at least so long, in seconds: what changes more often is seen as often as that."""

TOUR: Sequence[tuple[float, Sequence[str], str]] = (
    (3.0, (), "UPDATE DUE"),
    (0.7, ("j",), ""),
    (0.7, ("j",), ""),
    (0.7, ("k", "k"), ""),
    (3.4, ("enter",), "1 Roles|Roles ─"),
    (0.6, ("esc",), "UPDATE DUE"),
    (3.0, ("v",), "zoom"),
    (1.0, ("+",), ""),
    (0.6, ("esc",), "UPDATE DUE"),
    (3.2, ("c",), "Catch me up|What is new"),
    (0.6, ("esc",), "UPDATE DUE"),
    (3.0, ("f",), "if nobody does anything"),
    (0.6, ("esc",), "UPDATE DUE"),
    (3.0, ("o",), "On call"),
    (0.6, ("esc",), "UPDATE DUE"),
    (2.6, ("u",), "ctrl"),
    (0.6, ("esc",), "UPDATE DUE"),
    (2.1, ("j",), ""),
)
"""How long it is looked at, the keys, and what has to have come by then; the seconds are those of the film."""

_PROGRAM = """
import sys
import warroom.engine.engine as engine
engine.host_name = lambda: "jump01"
from warroom.__main__ import main
sys.argv[0] = "warroom"
main()
"""
"""The machine on which it is recorded has a name that is nobody's business."""

Run = tuple[int, int, str, str]
"""From which column, over how many cells, which text, in which look (`_look`)."""
Row = tuple[Run, ...]


@dataclass(slots=True)
class Recorder:
    """One program in one terminal. `now` is the time of the film; it stands still while the program is waited for."""

    child: pexpect.spawn
    emulator: Emulator = field(default_factory=lambda: Emulator(COLUMNS, ROWS))
    now: float = 0.0
    written: list[tuple[float, str]] = field(default_factory=list)
    frames: list[tuple[float, tuple[Row, ...]]] = field(default_factory=list)
    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace")
    )

    @property
    def screen(self) -> pyte.Screen:
        """What stands on the terminal."""
        return self.emulator.screen

    def read(self, seconds: float) -> bool:
        """Take in what is written within that time, at most once; False at the end."""
        ready, _, _ = select.select([self.child.child_fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = self._decoder.decode(os.read(self.child.child_fd, 65536))
        except OSError:
            return False
        self.written.append((self.now, data))
        self.emulator.feed(data.encode())
        return True

    def wait_for(self, what: str, seconds: float = 60.0) -> None:
        """Read until this is on the screen and nothing more comes for a moment; the film stands still meanwhile."""
        end = time.monotonic() + seconds
        while not re.search(what, "\n".join(self.screen.display)):
            if not self.read(0.1) or time.monotonic() > end:
                raise SystemExit(f"{what!r} never came:\n" + "\n".join(self.screen.display))
        for _ in range(20):
            before = len(self.written)
            self.read(0.15)
            if len(self.written) == before:
                break

    def look(self, seconds: float) -> None:
        """Let that much of the film pass."""
        begun, start = time.monotonic(), self.now
        while (passed := time.monotonic() - begun) < seconds:
            self.now = start + passed
            self.read(min(0.05, seconds - passed))
            self.picture()
        self.now = start + seconds

    def picture(self) -> None:
        """Keep what stands on the screen, where it is another picture than the last one."""
        if self.frames and self.now - self.frames[-1][0] < FRAME_S:
            return
        rows = tuple(_row(self.screen, y) for y in range(ROWS))
        if not self.frames or rows != self.frames[-1][1]:
            self.frames.append((self.now, rows))


def record() -> Recorder:
    """Run the tour."""
    with tempfile.TemporaryDirectory() as home:
        places = {f"XDG_{name}_HOME": str(Path(home) / name.lower()) for name in ("STATE", "CONFIG", "DATA", "CACHE")}
        env = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color", "COLORTERM": "truecolor",
            "USER": "ana", "LOGNAME": "ana", "HOME": home, "PYTHONPATH": str(ROOT), **places,
        }  # fmt: skip
        child = pexpect.spawn(
            sys.executable,
            ["-c", _PROGRAM, "--as", "ana", "--db", str(Path(home) / "room.db"), "demo", "--speed", str(SPEED)],
            env=env,
            cwd=home,
            dimensions=(ROWS, COLUMNS),
            timeout=60,
        )
        child.delaybeforesend = None
        recorder = Recorder(child)
        try:
            for seconds, keys, there in TOUR:
                for key in keys:
                    child.send(KEYS.get(key, key))
                if there:
                    recorder.wait_for(there)
                recorder.look(seconds)
            recorder.now = SECONDS
            return recorder
        finally:
            child.close(force=True)


# The cast ------------------------------------------------------------------------------------------------------------


def cast(written: Sequence[tuple[float, str]]) -> str:
    """The bytes as asciicast v2, of which every player knows when to show what."""
    head = {
        "version": 2, "width": COLUMNS, "height": ROWS, "title": TITLE, "env": {"TERM": "xterm-256color"},
        "idle_time_limit": 2,
    }  # fmt: skip
    lines = [json.dumps(head, ensure_ascii=False)]
    lines += [json.dumps([round(at, 3), "o", data], ensure_ascii=False) for at, data in written if data]
    return "\n".join(lines) + "\n"


# The film ------------------------------------------------------------------------------------------------------------

CELL, LINE, PAD, TOP = 8.4, 18.0, 12.0, 34.0
_FONT = (
    'ui-monospace,"JetBrains Mono","SF Mono",Menlo,Consolas,"DejaVu Sans Mono","D2Coding","Noto Sans Mono CJK KR",'
    '"Nanum Gothic Coding",monospace'
)
_GROUND, _TEXT = "121212", "e0e0e0"
_NAMED = {
    "black": "000000", "red": "cd3131", "green": "0dbc79", "brown": "e5e510", "blue": "2472c8", "magenta": "bc3fbc",
    "cyan": "11a8cd", "white": "e5e5e5", "default": "",
}  # fmt: skip


def _row(screen: pyte.Screen, y: int) -> Row:
    """A row of the emulator as runs of one look, wide characters by themselves."""
    runs: list[tuple[int, int, str, str]] = []
    cells, x = screen.buffer[y], 0
    while x < screen.columns:
        cell = cells[x]
        wide = 2 if cell_width(cell.data) == 2 else 1
        fg, bg = (_NAMED.get(each, each) for each in (cell.fg, cell.bg))
        if cell.reverse:
            fg, bg = bg or _GROUND, fg or _TEXT
        marks = f"{'b' if cell.bold else ''}{'i' if cell.italics else ''}{'u' if cell.underscore else ''}"
        look = f"{fg}/{bg}/{marks}"
        data = cell.data or " "
        if runs and runs[-1][3] == look and wide == 1 and runs[-1][1] == len(runs[-1][2]):
            start, size, text, _ = runs[-1]
            runs[-1] = (start, size + 1, text + data, look)
        else:
            runs.append((x, wide, data, look))
        x += wide
    return tuple(run for run in runs if run[2].strip() or run[3].split("/")[1])


def film(frames: Sequence[tuple[float, tuple[Row, ...]]], seconds: float) -> str:
    """The pictures side by side, of which one is seen at a time. Every row that is not blank is drawn once."""
    width, height = COLUMNS * CELL + 2 * PAD, ROWS * LINE + TOP + PAD
    rows: dict[Row, int] = {}
    looks: dict[str, str] = {}
    for _, picture in frames:
        for row in picture:
            if row:
                rows.setdefault(row, len(rows))
                for run in row:
                    looks.setdefault(run[3].split("/")[0] + "/" + run[3].split("/")[2], f"c{len(looks)}")
    steps = "".join(f"{at / seconds:.4%}{{transform:translateX({-n * width:g}px)}}" for n, (at, _) in enumerate(frames))
    last = -(len(frames) - 1) * width
    style = (
        f"text{{font:14px {_FONT};white-space:pre;fill:#{_TEXT}}}"
        f".film{{transform:translateX({last:g}px);animation:film {seconds:g}s steps(1,end) infinite}}"
        f"@keyframes film{{{steps}100%{{transform:translateX({last:g}px)}}}}"
        "@media (prefers-reduced-motion:reduce){.film{animation:none}}" + "".join(_css(looks))
    )
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" xml:space="preserve" role="img">',
        f"<title>{escape(TITLE)}</title><style>{style}</style><defs>",
        *(f'<g id="r{number}">{"".join(_drawn(row, looks))}</g>' for row, number in rows.items()),
        f'<clipPath id="all"><rect x="{PAD:g}" y="{TOP:g}" width="{COLUMNS * CELL:g}" height="{ROWS * LINE:g}"/>',
        "</clipPath>",
        f'</defs><rect width="{width:g}" height="{height:g}" rx="8" fill="#{_GROUND}" stroke="#3a3a3a"/>',
        *(
            f'<circle cx="{20 + 18 * n}" cy="17" r="5" fill="#{c}"/>'
            for n, c in enumerate(("ff5f57", "febc2e", "28c840"))
        ),
        '<g clip-path="url(#all)"><g class="film">',
    ]
    for n, (_, picture) in enumerate(frames):
        uses = (f'<use href="#r{rows[row]}" y="{y * LINE:g}"/>' for y, row in enumerate(picture) if row)
        out.append(f'<g transform="translate({n * width + PAD:g} {TOP:g})">{"".join(uses)}</g>')
    return "\n".join(out) + "</g></g></svg>\n"


def _css(looks: dict[str, str]) -> Iterator[str]:
    for look, name in looks.items():
        fg, marks = look.split("/")
        rules = [f"fill:#{fg}"] if fg else []
        rules += [rule for mark, rule in (("b", "font-weight:700"), ("i", "font-style:italic")) if mark in marks]
        rules += ["text-decoration:underline"] if "u" in marks else []
        if rules:
            yield f".{name}{{{';'.join(rules)}}}"


def _drawn(row: Row, looks: dict[str, str]) -> Iterator[str]:
    for x, size, text, look in row:
        fg, bg, marks = look.split("/")
        if bg and bg != _GROUND:
            yield f'<rect x="{x * CELL:g}" width="{size * CELL + 0.3:g}" height="{LINE:g}" fill="#{bg}"/>'
        shown = text.strip()
        if not shown:
            continue
        front = len(text) - len(text.lstrip())
        cells = size if size != len(text) else len(shown)
        yield (
            f'<text x="{(x + front) * CELL:g}" y="13.5" class="{looks[f"{fg}/{marks}"]}" textLength="{cells * CELL:g}" '
            f'lengthAdjust="spacingAndGlyphs">{escape(shown)}</text>'
        )


def main() -> None:
    """Entry point."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    recorder = record()
    for name, text in (("tour.cast", cast(recorder.written)), ("tour.svg", film(recorder.frames, SECONDS))):
        (folder / name).write_text(text, encoding="utf-8")
        print(folder / name, f"{len(text.encode()) / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
