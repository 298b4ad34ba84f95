"""Words that stand in the record in English and are shown in the language of whoever looks: the stages of an incident,
the kinds of entries, and the other fixed words of events (R1, R11); and moments with the names of days and months.

What is stored, filtered and sent stays as it is: these functions belong to the place where something is drawn.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from warroom.words import mark, tr

STATUSES: Final = (
    mark("new"),
    mark("triaging"),
    mark("investigating"),
    mark("mitigating"),
    mark("resolved"),
    mark("closed"),
    mark("only watched"),  # of an incident that was imported: `Incident.idle`
)
"""The stages of `warroom.domain.incident_state.Status`."""

KINDS: Final = (
    *(mark("note"), mark("observation"), mark("decision"), mark("change"), mark("theory"), mark("experiment")),
    *(mark("result"), mark("task"), mark("done"), mark("dropped"), mark("decide?"), mark("undone"), mark("evidence")),
    *(mark("reminder"), mark("confirmed"), mark("refuted"), mark("paged"), mark("nobody"), mark("warning")),
    *(mark("lapsed"), mark("stalled"), mark("declined"), mark("acknowledged"), mark("unacked"), mark("confirm?")),
    *(mark("confirm"), mark("stopped"), mark("escalation"), mark("EXHAUSTED"), mark("snoozed"), mark("woken")),
    *(mark("status"), mark("severity"), mark("channel"), mark("cadence"), mark("update"), mark("overdue")),
    *(mark("draft"), mark("comment"), mark("approved"), mark("withdrawn"), mark("HELD"), mark("scheduled")),
    *(mark("review?"), mark("soon"), mark("skipped"), mark("role"), mark("offer"), mark("vacant"), mark("read back")),
    *(mark("handover"), mark("HAND OVER"), mark("duty"), mark("awake"), mark("relief"), mark("TIRED"), mark("joined")),
    *(mark("left"), mark("rules"), mark("declared"), mark("watched"), mark("amended"), mark("assessed"), mark("cases")),
    *(mark("merged"), mark("absorbed"), mark("link"), mark("linked"), mark("unlinked"), mark("child"), mark("room")),
    *(mark("rule"), mark("paging"), mark("held"), mark("UNSENT"), mark("unsent"), mark("alert"), mark("postponed")),
)
"""What `warroom.domain.short_kinds.short_kind` can say of an entry."""

CAUSES: Final = (
    *(mark("start"), mark("acknowledge timeout"), mark("resolve timeout"), mark("by hand")),
    *(mark("nobody on the level before"), mark("update overdue"), mark("role vacant"), mark("severity raised")),
    *(mark("acknowledgement lapsed"), mark("status unchanged"), mark("page declined"), mark("still nobody")),
    *(mark("policy ended"), mark("resumed"), mark("by rule"), mark("page not delivered")),
    *(mark("no answer in time"), mark("nobody to ask"), mark("refused"), mark("proceed"), mark("skip")),
)
"""What brings a level in, how a question ends, and what follows without an answer (`Why`, `Settled`, `Otherwise`)."""

OTHERS: Final = (
    *(mark("none"), mark("waiting"), mark("running"), mark("exhausted"), mark("called off")),  # `Phase`
    *(mark("internal"), mark("external")),  # `Audience`
    *(mark("related"), mark("caused by"), mark("cause of"), mark("part of"), mark("split into")),  # `Relation.words`
    *(mark("duplicate"), mark("duplicate of"), mark("status page")),
    *(mark("chat"), mark("call"), mark("document"), mark("ticket")),
    *(mark("taken"), mark("withdrawn"), mark("open"), mark("amber"), mark("red")),
    *(mark("message"), mark("page"), mark("override"), mark("absence"), mark("swap")),
    *(mark("holders"), mark("deputies")),
    *(mark("fatigue"), mark("review"), mark("send"), mark("hold")),  # what a deadline is about, beside the kinds
)

DAYS: Final = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))
MONTHS: Final = (
    *(mark("Jan"), mark("Feb"), mark("Mar"), mark("Apr"), mark("May"), mark("Jun")),
    *(mark("Jul"), mark("Aug"), mark("Sep"), mark("Oct"), mark("Nov"), mark("Dec")),
)
DAY_CLOCK: Final = mark("%a %H:%M")
DAY_MONTH_CLOCK: Final = mark("%a %d %b %H:%M")
DAY_DATE_CLOCK: Final = mark("%a %Y-%m-%d %H:%M")
"""How moments stand in a sentence; a translator may put the parts in another order."""


def status_word(status: str) -> str:
    """A stage of an incident as it is shown; what is none of them as it is."""
    return tr(str(status))


def kind_word(kind: str) -> str:
    """What `short_kind` says of an entry, as it is shown. Filters and programs have the kind itself."""
    return tr(kind)


def deadline_word(name: str) -> str:
    """The name of a deadline ("task:12") as it is shown."""
    topic, _, of = name.partition(":")
    return f"{tr(topic)} {of}"


def day_word(weekday: int) -> str:
    """The short name of a day, Monday = 0."""
    return tr(DAYS[weekday])


def moment(at: datetime, pattern: str) -> str:
    """A moment by one of the patterns above, with the names of days and months in the language in force."""
    shown = tr(pattern).replace("%a", day_word(at.weekday())).replace("%b", tr(MONTHS[at.month - 1]))
    return at.strftime(shown)
