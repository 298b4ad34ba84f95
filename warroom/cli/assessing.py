"""What is printed while a severity is assessed, and when an incident is resolved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from warroom.cli.output import Cell, emit, say, table, tell, width
from warroom.cli.params import find_key
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings
from warroom.domain.core import Refused
from warroom.domain.still_open import unsaid
from warroom.domain.text import clean_line, quote_plain
from warroom.domain.times import ORDER
from warroom.tui.pieces import Role
from warroom.views import AssessmentView
from warroom.words import mark, tr

if TYPE_CHECKING:
    from warroom.service.acting import Acting
    from warroom.store.write import Outcome

_NO_IMPACT = mark("there is no impact {given}; there are {known}")
_NO_URGENCY = mark("there is no urgency {given}; there are {known}")


def proposal(settings: Settings, key: str, impact: str, urgency: str, severity: str | None) -> None:
    """Print what an assessment makes and what that would change; nothing is done."""
    with looking(settings) as session:
        found = find_key(session, key)
        view = session.assessment(found)
    impact, urgency = _word(impact, view.impact, _NO_IMPACT), _word(urgency, view.urgency, _NO_URGENCY)
    proposed = view.proposed(impact, urgency)
    to = severity or proposed
    lines = _changes(view, to) if to else ()
    if settings.json:
        from warroom.cli.shapes import incident as shapes

        emit(
            shapes.Assessment(
                key=found,
                severity=view.severity,
                impact=impact,
                urgency=urgency,
                proposed=proposed,
                changes=list(lines),
                questions=[question for question, _ in view.questions],
            )
        )
        return
    for line in _words(found, view, to, lines):
        say(line)


def _word(given: str, known: tuple[tuple[str, str], ...], what: str) -> str:
    if not given:
        return ""
    for word, _ in known:
        if word.casefold() == given.casefold():
            return word
    words = ", ".join(word for word, _ in known) or tr("none: the rulebook has no table")
    raise Refused(tr(what).format(given=quote_plain(given, 40), known=words))


def _changes(view: AssessmentView, to: str) -> tuple[str, ...]:
    for name, lines in view.changes:
        if name.casefold() == to.casefold():
            return lines
    raise Refused(
        tr("there is no severity {to}; the severities are {known}").format(
            to=to, known=", ".join(name for name, _ in view.changes)
        )
    )


def _words(key: str, view: AssessmentView, to: str, lines: tuple[str, ...]) -> Iterator[str]:
    if to:
        same = to.casefold() == view.severity.casefold()
        yield (
            tr("{key}: {severity} stays").format(key=key, severity=view.severity)
            if same
            else f"{key}: {view.severity} → {to}"
        )
        yield from (f"  {clean_line(line)}" for line in lines)
        if not same:
            yield "  " + tr("nothing was done: say --set")
        return
    for number, (question, answer) in enumerate(view.questions, 1):
        yield f"{number}. {clean_line(question)}" + (f"  {clean_line(answer)}" if answer else "")
    if view.table:
        yield ""
        heads = ("", *(urgency for urgency, _ in view.urgency))
        rows = [
            [
                Cell(word),
                *(Cell(view.proposed(word, urgency)) for urgency, _ in view.urgency),
                Cell(meaning, Role.MUTED),
            ]
            for word, meaning in view.impact
        ]
        yield from table((*heads, ""), rows, wide=width())


def said(session: Acting, answers: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Questions with their answers, from "2=about 4000" each. Raises click's usage error."""
    questions = session.book().questions
    out = []
    for given in answers:
        number, equals, text = given.partition("=")
        if not equals or not number.strip().isdigit() or not 1 <= int(number) <= len(questions):
            said = tr("--answer {given}: write N=TEXT, N from 1 to {most}")
            none = tr("--answer {given}: write N=TEXT, the rulebook has no questions")
            raise click.UsageError(
                (said if questions else none).format(given=quote_plain(given, 40), most=len(questions))
            )
        out.append((questions[int(number) - 1], text))
    return tuple(out)


def say_unsaid(settings: Settings, outcome: Outcome) -> None:
    """Which times nobody has said, once an incident is resolved."""
    names = [tr(word) for name, word in ORDER if name in unsaid(outcome.room)]
    if names:
        tell(
            settings,
            tr("nobody has said when: {names}; warroom amend {key} does").format(
                names=", ".join(names), key=outcome.key
            ),
        )
