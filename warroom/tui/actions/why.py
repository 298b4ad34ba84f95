"""Why something cannot be done now, in a sentence; "" where it can.

No rule of conduct lives here: what is said is what the domain would refuse, or a form would have nothing to show for,
as far as the screen knows it already. What it does not know is tried, and answered then.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from warroom.domain.status_words import status_word
from warroom.tui.reads import refusal
from warroom.valueclass import dataclass
from warroom.views import IncidentDetail, IncidentLine, PageState
from warroom.words import mark, tr

_OVER: Final = ("resolved", "closed")


@dataclass(frozen=True, slots=True)
class Situation:
    """What a screen of incidents knows. `line` is the incident that is selected, or shown; `detail` all that is known
    of it, None while it is being read. `others` is how many other incidents it could be a duplicate of, `live` how many
    there are at all; `people` how many the rules name. `acts`: whether there is anything to do about its escalation."""

    me: str = ""
    readonly: bool = False
    line: IncidentLine | None = None
    detail: IncidentDetail | None = None
    live: int = 0
    others: int = 0
    people: int = 0
    acts: bool = True


def why_not(action: str, now: Situation) -> str:
    """Why an intent about an incident ("ack"), or about the room ("declare"), cannot be followed now."""
    if word := refusal(action, now.detail, readonly=now.readonly):
        return word
    if action in _OF_ROOM:
        return ""
    if now.line is None:
        return tr("no incident is selected") if now.live else tr("nothing is live: there is no incident for this")
    if now.detail is None and action in _NEED_DETAIL:
        return tr("{key} is still being read").format(key=now.line.key)
    rule = _RULES.get(action)
    return rule(now.line, now) if rule is not None else ""


_OF_ROOM: Final = frozenset({"declare", "undo", "oncall", "rulebook", "engines", "punctuality", "quit"})
_NEED_DETAIL: Final = frozenset(
    {"open", "escalate", "act", "details", "links", "handover", "people", "timeline", "work", "topic", "clocks"}
)


def _nothing_runs(line: IncidentLine, what: str) -> str:
    """Why there is no escalation to act on."""
    match line.page.state:
        case PageState.NONE:
            why = tr("it is only watched") if line.watched else tr("no escalation runs for this incident")
        case PageState.STOPPED:
            why = tr("it is {status}").format(status=status_word(line.status))
        case PageState.CALLED_OFF:
            why = tr("the escalation was called off")
        case _:
            return ""
    return tr("{key}: {what}, {why}").format(key=line.key, what=what, why=why)


def _ack(line: IncidentLine, now: Situation) -> str:
    if why := _nothing_runs(line, tr("nothing to acknowledge")):
        return why
    if line.page.state is PageState.ACKED and now.detail is not None and (by := now.detail.ladder.acked_by):
        if by == now.me:
            return tr("{key}: you have acknowledged it already").format(key=line.key)
        return tr("{key} is already acknowledged by {person}: take it over if you mean to").format(
            key=line.key, person=by
        )
    return ""


def _escalate(line: IncidentLine, now: Situation) -> str:
    if now.detail is not None and not now.detail.ladder.levels and not now.people:
        return tr("{key}: nobody to page, the rules name neither a level nor a person").format(key=line.key)
    return ""


def _snooze(line: IncidentLine, now: Situation) -> str:
    return _nothing_runs(line, tr("nothing to snooze"))


def _reopen(line: IncidentLine, now: Situation) -> str:
    if line.status in _OVER:
        return ""
    return tr("{key} is {status}: there is nothing to reopen").format(key=line.key, status=status_word(line.status))


def _merge(line: IncidentLine, now: Situation) -> str:
    if line.watched or not now.others:
        return tr("there is no other incident that it could be a duplicate of")
    return tr("{key} is closed: reopen it before you merge it").format(key=line.key) if line.status == "closed" else ""


def _closed(line: IncidentLine, reopen: str, elsewhere: str) -> str:
    """Why not, of what is over: what to do with our own, and with one of a provider's."""
    if line.status != "closed":
        return ""
    return tr(elsewhere if line.watched else reopen).format(key=line.key)


def _update(line: IncidentLine, now: Situation) -> str:
    return _closed(
        line,
        mark("{key} is closed: reopen it before you write an update"),
        mark("{key} is over at its provider: declare an incident of your own, and write the update there"),
    )


def _roles(line: IncidentLine, now: Situation) -> str:
    return _closed(
        line,
        mark("{key} is closed: reopen it before somebody takes a role in it"),
        mark("{key} is over at its provider: declare an incident of your own, in which people take roles"),
    )


def _handover(line: IncidentLine, now: Situation) -> str:
    if why := _roles(line, now):
        return why
    roles = now.detail.roles if now.detail is not None else ()
    if any(role.holder or role.offered_to == now.me for role in roles):
        return ""
    return tr("nobody holds a role on {key} yet: assign one first").format(key=line.key)


def _act(line: IncidentLine, now: Situation) -> str:
    return "" if now.acts else tr("{key} has no escalation to act on").format(key=line.key)


def _move(line: IncidentLine, now: Situation) -> str:
    if line.status in _OVER or line.watched:
        status = tr("only watched") if line.watched else status_word(line.status)
        return tr("{key} is {status}: no rules run in it").format(key=line.key, status=status)
    if now.detail is not None and not now.detail.ladder.newer_rules:
        return tr("{key} runs under the rules in force").format(key=line.key)
    return ""


def _topic(line: IncidentLine, now: Situation) -> str:
    if now.detail is not None and not now.detail.topic:
        return tr("{key} has no topic line").format(key=line.key)
    return ""


_RULES: Final = MappingProxyType[str, Callable[[IncidentLine, Situation], str]](
    {
        "ack": _ack,
        "escalate": _escalate,
        "snooze": _snooze,
        "reopen": _reopen,
        "update": _update,
        "roles": _roles,
        "merge": _merge,
        "handover": _handover,
        "act": _act,
        "move": _move,
        "topic": _topic,
    }
)
