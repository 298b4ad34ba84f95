"""Reasons that the program itself has put on the record, read in the language of whoever looks (R11).

The record says the same to everybody, so that a reason of the program stands there in English: "li has no contact".
Here each of them is a text with parts, and what stands on the record is recognised by it. What a person wrote is left
as it is, but for words that are the program's own.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from warroom.domain.role_titles import has_titles, role_title
from warroom.domain.status_words import DAY_CLOCK, DAY_MONTH_CLOCK, DAYS, MONTHS
from warroom.words import is_source, mark, tr

TEXTS: Final = (
    # The ladder.
    mark("resolved"),
    mark("the severity has no policy"),
    mark("the rules have no policy for it"),
    mark("there is no escalation"),
    mark("the escalation is exhausted"),
    mark("the escalation has ended"),
    mark("the escalation was called off"),
    mark("the escalation is snoozed"),
    mark("somebody is asked about the next level already"),
    mark("the ladder moves by itself"),
    mark("no level is left"),
    mark("policy {name} has ended"),
    mark("it is for {words}"),
    mark("nobody could be asked to confirm it: {nobody}"),
    mark("{person} refused it: {reason}"),
    mark("nobody has confirmed it in time"),
    mark("nobody could be reached: {pages}"),
    mark("{person} could not be reached by any contact"),
    # Who is found.
    mark("it names nobody"),
    mark("the rules name nobody"),
    mark("not the turn of {person}: it is that of {other}"),
    mark("no chat room for the stage {status}"),
    mark("{people} cannot be reached"),
    mark("nobody cannot be reached"),
    mark("on call after {person}, who was reached"),
    mark("{role} is vacant"),
    mark("nobody is on call for {schedule}"),
    mark("team {name} has no members"),
    mark("the incident names no service"),
    mark("the rulebook has nobody on call for {name}"),
    mark("the rulebook has no owner of {name}"),
    mark("nobody was paged yet who could have a manager"),
    mark("{people}: no manager in the rulebook"),
    mark("{person} has declined"),
    mark("{person} has no contact"),
    mark("{person} was paged {times} within {span} (the limit is {pages})"),
    mark("{person} was on call {held} of the last {span} (the limit is {limit})"),
    mark("{person} is absent until {end} UTC: {reason}"),
    mark("{person} is absent until {end} UTC"),
    mark("{login} has a holiday: {feast}"),
    mark("{login} is outside working hours until {until}"),
    mark("swap with {person}: {reason}"),
    mark("swap with {person}"),
    # Rules.
    mark("suppressed by rule {rule}: {reason}"),
    mark("grouped with {key} by rule {rule}"),
    mark("rule {rule} suppresses for {span} at the most"),
    mark("{key} is none of the incidents of the last {span}"),
    mark("{key} is over"),
    mark("{key} is milder ({severity})"),
    mark("nobody is paged for {key} either"),
    mark("severity stays {severity}, which was set by hand"),
    mark("severity stays {severity}, which {person} declared"),
    mark("{severity} by hand: {reason}"),
    mark("rule {rule}: {reason}"),
    mark("rule {rule}"),
    mark("the {name} says {said}"),
    mark("age {span}"),
    mark("same {name} {count} times within {span}"),
    # Updates and roles.
    mark("until somebody sends it"),
    mark("written anew"),
    mark("nobody could be asked: {nobody}"),
    mark("{key} is closed"),
    mark("the incident is {status} since it was written"),
    mark("the incident was reopened since it was written"),
    mark("the incident is {severity} since it was written, not {before}"),
    mark("somebody posted on {channels} since it was scheduled"),
    mark("its time came and nobody had approved it"),
    mark("the next update that it promises, {clock} UTC, is past"),
    mark("the rules want it reviewed now"),
    mark("{person} stepped back: {reason}"),
    mark("{person} stepped back"),
    # Fatigue: each of them one piece of a list.
    mark("in the role {role} {length} (limit {limit})"),
    mark("in the role {role} {length}"),
    mark("in the room {length} (limit {limit})"),
    mark("in the room {length}"),
    mark("awake {length} (limit {limit})"),
    mark("on duty {length} in 24h (limit {limit})"),
    mark("on duty {length} in 24h"),
    mark("paged at night {count} x (limit {limit})"),
    mark("paged at night {count} x"),
    # The incident.
    mark("duplicate of {key}"),
    mark("merged into {key}"),
    mark("the provider changed it"),
    mark("closed by the provider"),
    mark("open again at the provider"),
    mark("undo of #{number}"),
    mark("child {key} {title} ({status})"),
    mark("task #{number} {text}"),
    mark("theory #{number} {text}"),
    mark("decision #{number} {text}"),
    mark("{number} more"),
    mark("{later} ({at} UTC) lies before {earlier} ({before_at} UTC)"),
)

_PARTS: Final = {
    **dict.fromkeys(("person", "other", "login", "role", "rule", "severity", "before", "span", "schedule"), r"\S+"),
    "key": r"[A-Z][A-Z0-9]*-\d+",
    "number": r"\d+",
    "count": r"\d+",
    "length": r"\w+",
    "limit": r"\w+",
    "status": r"[a-z]+",
    "clock": r"\d\d:\d\d",
}
_KEPT_TOO: Final = frozenset(("nobody", "reason", "words"))
"""Parts that may be such a reason themselves."""
_OF_ROLES: Final = ("in the role ", " is vacant")
"""What a reason says that names a role."""
_WORDS: Final = frozenset(("status", "later", "earlier", "times"))
_DAY: Final = re.compile(rf"({'|'.join(DAYS)})(?: (\d\d) ({'|'.join(MONTHS)}))? (\d\d:\d\d)")
_TARGET: Final = re.compile(r"([a-z]+:\S+): (.+)", re.DOTALL)


def kept(text: str) -> str:
    """What the program wrote on the record, in the language in force; any other text as it is."""
    return text if _stays(text) else _kept(text)


def kept_list(text: str) -> str:
    """The same for several of them with commas between."""
    return text if _stays(text) else ", ".join(_one(piece) or piece for piece in text.split(", "))


def _stays(text: str) -> bool:
    """Whether there is nothing to say in another way: in the language of the source only roles have names besides."""
    return not text or (is_source() and not (has_titles() and any(words in text for words in _OF_ROLES)))


def _kept(text: str) -> str:
    whole = _one(text)
    if whole is None and "; " in text:
        return "; ".join(_one(piece) or piece for piece in text.split("; "))
    return whole or text


def _one(text: str) -> str | None:
    for name, pattern in _patterns():
        if (found := pattern.fullmatch(text)) is not None:
            return tr(name).format(**{part: _part(part, value) for part, value in found.groupdict().items()})
    target = _TARGET.fullmatch(text)
    return None if target is None else f"{target[1]}: {_kept(target[2])}"


def _part(name: str, value: str) -> str:
    if name in _WORDS:
        return tr(value)
    if name in _KEPT_TOO:
        return _kept(value)
    if name == "role":
        return role_title(value)
    return _DAY.sub(_moment, value)


def _moment(found: re.Match[str]) -> str:
    day, date, month, clock = found.groups()
    shown = tr(DAY_MONTH_CLOCK if month else DAY_CLOCK).replace("%a", tr(day)).replace("%H:%M", clock)
    return shown.replace("%d", date).replace("%b", tr(month)) if month else shown


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((text, _pattern(text)) for text in TEXTS)


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    out = ""
    for piece in re.split(r"(\{\w+\})", text):
        name = piece.strip("{}")
        out += f"(?P<{name}>{_PARTS.get(name, '.+?')})" if piece.startswith("{") else re.escape(piece)
    return re.compile(out, re.DOTALL)
