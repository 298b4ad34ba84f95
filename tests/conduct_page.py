"""What docs/conduct.md shows is run: `python -m tests.conduct_page` writes what the commands really print into it.

A block of the language `console` is a piece of one story, from the top of the page to its end, in one room under the
default rules. A line `13:45 ana $ warroom ...` is typed by ana at 13:45 UTC; until then the timers fire when they fall
due. What follows is what it prints, where a line of three dots stands for any lines. A command with nothing below it
prints what does not matter there.
"""

from __future__ import annotations

import re
import shlex
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from tests.support import REPOSITORY
from warroom.cli.main import cli
from warroom.cli.perform import NO_ENGINE
from warroom.cli.settings import Settings
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session

PAGE = REPOSITORY / "docs" / "conduct.md"
DAY = datetime(2026, 3, 11, tzinfo=UTC)
"""The Wednesday on which the story happens."""
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"(\d\d):(\d\d) (\w+) \$ (?:(.*) \| )?warroom (.*)")
ANY = "..."


@dataclass(frozen=True)
class Step:
    """Something that is typed, and the lines that the page shows below it."""

    line: str
    at: timedelta
    who: str
    piped: str
    words: tuple[str, ...]
    shown: tuple[str, ...]


def steps(text: str) -> Iterator[Step]:
    """All of a page, top to bottom."""
    for block in BLOCK.finditer(text):
        lines = block[1].splitlines()
        starts = [number for number, line in enumerate(lines) if TYPED.fullmatch(line)]
        assert starts and starts[0] == 0, f"nothing is typed in {lines[0]!r}"
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            typed = TYPED.fullmatch(lines[start])
            assert typed
            piped = shlex.split(typed[4] or "echo")[1:]
            yield Step(
                lines[start],
                timedelta(hours=int(typed[1]), minutes=int(typed[2])),
                typed[3],
                " ".join(piped),
                tuple(shlex.split(typed[5], comments=True)),
                tuple(lines[start + 1 : end]),
            )


@dataclass
class Story:
    """The room of the page, and what time it is in it."""

    folder: Path
    now: datetime = DAY
    runner: CliRunner = field(default_factory=CliRunner)

    def run(self, step: Step) -> tuple[list[str], int]:
        """Type one line; what it prints, as a terminal shows it, and its exit code."""
        self._pass(DAY + step.at)
        room = str(self.folder / "room.db")
        words = [str(self.folder / word) if word.endswith(".svg") else word for word in step.words]
        result = self.runner.invoke(
            cli,
            ["--db", room, "--as", step.who, *words],
            obj=Settings(clock=lambda: self.now),
            input=step.piped or None,
        )
        said = [line for line in result.stderr.splitlines() if NO_ENGINE not in line and "made a new room" not in line]
        return [line.rstrip() for line in (*result.stdout.splitlines(), *said)], result.exit_code

    def _pass(self, moment: datetime) -> None:
        """Let the timers fire that fall due until `moment`, each at its time, as an open board does."""
        assert moment >= self.now, "the page goes back in time"
        with Session(self.folder / "room.db", actor="engine", seed=seed_rulebook, clock=lambda: self.now) as session:
            while (due := session.writer.next_due()) is not None and due <= moment:
                self.now = max(self.now, due)
                session.writer.tick(lambda: self.now)
        self.now = moment


def fits(shown: tuple[str, ...], printed: list[str]) -> bool:
    """Whether the page shows what was printed; a line of dots stands for any lines."""
    pattern = "".join("(?:.*\n)*?" if line.strip() == ANY else re.escape(line.rstrip()) + "\n" for line in shown)
    return not shown or re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def rewrite(text: str, folder: Path) -> str:
    """The page with what its commands print now. Where it leaves something out it is kept as it is and named."""
    story = Story(folder)
    for step in steps(text):
        printed, _ = story.run(step)
        if not step.shown or fits(step.shown, printed):
            continue
        before, after = "\n".join((step.line, *step.shown)), "\n".join((step.line, *printed))
        if any(line.strip() == ANY for line in step.shown) and len(step.shown) > 1:
            print(f"look at it yourself: {after}\n")
            continue
        text = text.replace(f"{before}\n", f"{after}\n", 1)
    return text


def main() -> None:
    """Entry point."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(rewrite(PAGE.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
