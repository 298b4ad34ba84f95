"""How an update begins (R10): which template fits, and what of the incident is filled into it.

The first word of an update is not typed but filled from the room, and what nobody has said yet is a blank or said to
be unknown. Where the rulebook has no template that fits, warroom's own does: internally the state and the impact in a
sentence or two, what is done now, what comes next, and when and where the next update is; externally one or two plain
sentences. Their names are those of R10: `<key> - <severity> - <title>` inside, `<product> issue` outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from warroom.domain.comms import Audience, ChannelSpec
from warroom.domain.record import TheoryState
from warroom.domain.roles import LEAD
from warroom.domain.templates import UPDATE_PLACEHOLDERS, Stage, UpdateTemplate, fill
from warroom.domain.text import clean_line
from warroom.valueclass import dataclass

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.room import Room

POINTS: Final = 4
"""How many points there are under "now" and "next" at most: R10 wants two to four."""
POINT: Final = 110
"""How long one of them is at most, in characters."""

_INSIDE = "{key} - {severity} - {title}"
_OUTSIDE = "{product} issue"

OWN: Final = (
    UpdateTemplate(
        "own-first-internal",
        Stage.FIRST,
        "internal",
        _INSIDE,
        """{title}: {severity}, {status}, since {started}. Impact: {impact}
Affected: {affected} {cause} {restore}
Now:
{doing}
Next:
{planned}
{next}""",
    ),
    UpdateTemplate(
        "own-follow-up-internal",
        Stage.FOLLOW_UP,
        "internal",
        _INSIDE,
        """Still {status} after {duration}. Impact: {impact}
Affected: {affected} {cause} {restore}
Now:
{doing}
Next:
{planned}
{next}""",
    ),
    UpdateTemplate(
        "own-final-internal",
        Stage.FINAL,
        "internal",
        _INSIDE,
        """Resolved: {title}. It lasted for {duration}, from {started} to {ended}.
Impact: {impact}
In numbers: {affected} {cases}
{cause}
Follow-up: [[who reviews it, and when]]
{next}""",
    ),
    UpdateTemplate(
        "own-correction-internal",
        Stage.CORRECTION,
        "internal",
        _INSIDE,
        """Correction. {corrects}
Right is: [[what is right]]""",
    ),
    UpdateTemplate(
        "own-first-external",
        Stage.FIRST,
        "external",
        _OUTSIDE,
        """We are looking into a problem with {product}: {impact} {cause} {next}""",
    ),
    UpdateTemplate(
        "own-follow-up-external",
        Stage.FOLLOW_UP,
        "external",
        _OUTSIDE,
        """We are still working on the problem with {product}: [[what has changed]]. {cause} {next}""",
    ),
    UpdateTemplate(
        "own-final-external",
        Stage.FINAL,
        "external",
        _OUTSIDE,
        """The problem with {product} is solved. We are sorry for the trouble, and will follow up here with what we \
learned [[by when]].
{next}""",
    ),
    UpdateTemplate(
        "own-correction-external",
        Stage.CORRECTION,
        "external",
        _OUTSIDE,
        """Correction: [[what is right]]. {corrects}""",
    ),
)
"""What stands where the rulebook has no template: two audiences, four stages."""


def templates(
    room: Room, book: Rulebook, audience: Audience, stage: Stage, channels: Iterable[str]
) -> tuple[UpdateTemplate, ...]:
    """The templates for an audience, the one that fits best first: of this stage before others, and of those the one
    that names the most of severity, service and channel. Those made for other incidents or channels are left out."""
    named = set(channels)
    i = room.incident

    def fits(each: UpdateTemplate) -> bool:
        if each.audience != audience.value:
            return False
        if each.severities and i.severity not in each.severities:
            return False
        if each.services and i.service not in each.services:
            return False
        return not each.channels or bool(named & set(each.channels))

    found = [each for each in (*book.update_templates, *OWN) if fits(each)]
    special = {each.name: bool(each.severities) + bool(each.services) + bool(each.channels) for each in found}
    own = {each.name for each in OWN}
    stages = list(Stage)
    found.sort(
        key=lambda each: (each.stage is not stage, stages.index(each.stage), each.name in own, -special[each.name])
    )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an update is written for: to which channels, when the next one comes, and what it puts right (the channel,
    when it was said, and its words)."""

    now: datetime
    audience: Audience
    channels: tuple[ChannelSpec, ...]
    next_at: datetime | None = None
    corrects: tuple[str, datetime, str] | None = None


def filled(template: UpdateTemplate, room: Room, book: Rulebook, occasion: Occasion) -> tuple[str, str]:
    """Subject and text of an update as a template has them for this incident."""
    put = values(room, book, occasion)
    return clean_line(fill(template.subject, put), 200), fill(template.body, put)


def values(room: Room, book: Rulebook, occasion: Occasion) -> dict[str, str]:
    """What is put in place of each of `UPDATE_PLACEHOLDERS`."""
    i, facts = room.incident, room.incident.facts
    outside = occasion.audience is Audience.EXTERNAL
    service = book.service(i.service)
    started = i.started_at or i.declared_at
    unnamed = "our service" if outside else i.service
    put = {
        "key": i.key,
        "severity": i.severity,
        "title": _bare(i.title),
        "summary": _bare(i.summary),
        "service": _bare(i.service),
        "product": _bare(_joined(facts.products) or service.product or service.title or unnamed),
        "status": i.status.value,
        "region": _bare(i.region or service.region),
        "environment": _bare(i.environment or service.environment),
        "impact": _sentence(facts.description or i.impact) or "[[what customers notice]].",
        "affected": _affected(room),
        "cases": "[[how many]] support cases." if facts.cases is None else f"{facts.cases} support cases.",
        "started": _moment(started, occasion.now),
        "ended": _moment(i.resolved_at, occasion.now) if i.resolved_at else "",
        "duration": lasted((i.resolved_at or occasion.now) - started),
        "doing": "" if outside else _points(_doing(room), "what is being done now"),
        "planned": "" if outside else _points(_planned(room), "what comes next"),
        "cause": _cause(room, outside),
        "restore": "We do not know yet when it will be over." if i.live else "",
        "lead": room.roles.holder(LEAD),
        "next": next_sentence(occasion),
        "next_time": _moment(occasion.next_at, occasion.now) if occasion.next_at else "",
        "where": _joined(tuple(channel.title for channel in occasion.channels)),
        "corrects": _corrected(occasion),
    }
    assert put.keys() == UPDATE_PLACEHOLDERS.keys()
    return put


def _bare(text: str) -> str:
    """What somebody wrote elsewhere, without the marks of a blank: only templates have those."""
    return str(text).replace("[[", "[").replace("]]", "]")


def next_sentence(occasion: Occasion) -> str:
    """When and where the next update comes, in the words of an update; "" when none is promised."""
    if occasion.next_at is None:
        return ""
    if len(occasion.channels) == 1:
        where = f"on the {_the(occasion.channels[0].title)}"
    else:
        where = "here"
    return f"Next update by {_moment(occasion.next_at, occasion.now)} {where}."


def _the(title: str) -> str:
    """A channel's title behind an article."""
    return title.removeprefix("the ")


def lasted(span: timedelta) -> str:
    """A length of time as people say it: "41 minutes", "2 hours 5 minutes", "3 days"."""
    minutes = max(0, round(span / timedelta(minutes=1)))
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    if days:
        return _counted(days, "day") + (f" {_counted(hours, 'hour')}" if hours else "")
    if hours:
        return _counted(hours, "hour") + (f" {_counted(minutes, 'minute')}" if minutes else "")
    return _counted(minutes, "minute")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _moment(at: datetime, now: datetime) -> str:
    """A time as readers need it: with its day when it is another one."""
    return f"{at:%H:%M} UTC" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M} UTC"


def _joined(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + (f" and {words[-1]}" if words else "")


def _sentence(text: str) -> str:
    """A text that somebody noted, as the end of a sentence."""
    line = _bare(clean_line(text, 300)).strip()
    return line if not line or line[-1] in ".!?" else f"{line}."


def _affected(room: Room) -> str:
    facts = room.incident.facts
    outside = "[[how many]] customers" if facts.external is None else f"{facts.external} customers"
    inside = "[[how many]] colleagues" if facts.internal is None else f"{facts.internal} colleagues"
    return f"{outside}, {inside}."


def _cause(room: Room, outside: bool) -> str:
    """What is known of the cause. Theories are worded for the house: outside it stands as a blank."""
    known = [theory.text for theory in room.record.theories if theory.state is TheoryState.CONFIRMED]
    if not known:
        return "The cause is not known yet." if room.incident.live else "The cause is [[what caused it]]."
    return "The cause is [[the cause in plain words]]." if outside else f"The cause is: {_sentence(known[-1])}"


def _doing(room: Room) -> list[str]:
    """What is under way: tests that run, and tasks that somebody has."""
    tests = [f"testing: {experiment.text}" for _, experiment in room.record.running]
    return [*tests, *(f"{task.text} ({task.owner})" for task in room.record.open_tasks if task.owner)]


def _planned(room: Room) -> list[str]:
    """What is open: tasks that nobody has yet, theories without a test, decisions to be taken."""
    tasks = [task.text for task in room.record.open_tasks if not task.owner]
    theories = [f"test: {theory.text}" for theory in room.record.open_theories if not theory.experiments]
    return [*tasks, *theories, *(f"decide: {each.text}" for each in room.record.pending)]


def _points(found: list[str], what: str) -> str:
    """Two to four points, one a line; a blank where nobody has written anything down."""
    shown = [_bare(clean_line(text, POINT)) for text in found[:POINTS]] or [f"[[{what}]]"]
    return "\n".join(f"- {text}" for text in shown)


def _corrected(occasion: Occasion) -> str:
    if occasion.corrects is None:
        return ""
    channel, at, text = occasion.corrects
    first = _bare(clean_line(text, 160))
    return f'At {_moment(at, occasion.now)} we wrote on {channel}: "{first}"'
