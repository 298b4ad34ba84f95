"""What is known of an incident: facts with where each comes from, the times kept apart, links, and the assessment."""

from __future__ import annotations

from datetime import datetime

from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact. `name` is its field in a correction; `value` "" for what nobody knows; `source`: "" where somebody said
    it, "catalogue" where the service's entry does."""

    name: str
    label: str
    value: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One of the times that are kept apart; `at` None for what nobody knows. `name` is its field in a correction."""

    name: str
    label: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FactsView:
    """All that is known of an incident beside its title and severity.

    `warnings` say which times cannot be true; `leftover` what would be open if it were resolved now. `room` is the chat
    room that it is worked on in, "" where the rules name none.
    """

    facts: tuple[FactLine, ...] = ()
    times: tuple[TimeLine, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    assessed: str = ""  # "impact all, urgency high: SEV1"
    room: str = ""

    def value(self, name: str) -> str:
        """What somebody said of a field; "" where nobody did."""
        return next((fact.value for fact in self.facts if fact.name == name and not fact.source), "")


@dataclass(frozen=True, slots=True)
class LinkLine:
    """An address (`key` ""), or another incident. `kind` is what it is ("chat", "caused by"); `open` for child work
    that is not over; `state` what is known of the other incident."""

    kind: str
    to: str
    title: str = ""
    key: str = ""
    state: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """What is at hand while a severity is assessed.

    `questions` with the answers given so far; `impact` and `urgency` words with their meanings; `table` by (impact,
    urgency); `changes` by severity, what it would change, line by line.
    """

    severity: str
    questions: tuple[tuple[str, str], ...] = ()
    impact: tuple[tuple[str, str], ...] = ()
    urgency: tuple[tuple[str, str], ...] = ()
    table: tuple[tuple[tuple[str, str], str], ...] = ()
    changes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    chosen: tuple[str, str] = ("", "")

    def proposed(self, impact: str, urgency: str) -> str:
        """The severity that the table has for them, "" for none."""
        return dict(self.table).get((impact, urgency), "")
