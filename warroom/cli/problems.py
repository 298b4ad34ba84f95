"""What is wrong with a file that a person wrote, printed: a line each, or with `--json` an object each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from warroom.cli.output import emit, paint, say
from warroom.cli.settings import Settings
from warroom.tui.pieces import Role

if TYPE_CHECKING:
    from warroom.cli.shapes.problems import ConfigProblem, ThemeProblem
    from warroom.rulebook.problems import Problem


def print_problems(settings: Settings, found: Iterable[Problem], *, of_theme: bool = False) -> int:
    """All of them in the order given; returns how many. Programs get a ConfigProblem each, or a ThemeProblem."""
    count = 0
    for problem in found:
        count += 1
        if settings.json:
            emit(_shape(problem, of_theme))
        else:
            say(f"{paint('✗', Role.LATE)} {problem}")
    return count


def _shape(problem: Problem, of_theme: bool) -> ConfigProblem | ThemeProblem:
    from warroom.cli.shapes.problems import ConfigProblem, ThemeProblem

    same = {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "value": problem.value,
        "what": problem.message,
        "advice": problem.advice,
    }
    if of_theme:
        return ThemeProblem.model_validate({**same, "field": problem.path})
    whole = str(problem).partition(": ")[2]
    return ConfigProblem.model_validate({**same, "setting": problem.path, "message": whole})
