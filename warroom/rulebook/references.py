"""Names that lines of a rulebook use to point at each other, and whom a page can be meant for.

What is declared is collected from the files before anything is checked (`Known`), so that every wrong reference is
reported where it stands, together with everything else that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Final

from pydantic import ValidationInfo

from warroom.domain.policy import Target, TargetKind
from warroom.domain.text import clean_line
from warroom.rulebook.values import Wrong, chat_room, either, name, text
from warroom.valueclass import dataclass
from warroom.words import mark, tr

FORM: Final = "\0form "
"""Begins the steps that pydantic adds to a path where a value may have two forms; no name of a file can begin so."""

SECTIONS: Final = {
    "severities": mark("severity"),
    "policies": mark("policy"),
    "roles": mark("role"),
    "people": mark("person"),
    "oncall": mark("on-call list"),
    "schedules": mark("schedule"),
    "holidays": mark("calendar of holidays"),
    "teams": mark("team"),
    "channels": mark("channel"),
    "chat_rooms": mark("chat room"),
    "services": mark("service"),
    "rules": mark("rule"),
}
"""The sections that are groups of named things, and what one thing of each is called."""

SECTION_OF: Final = {
    TargetKind.PERSON: "people",
    TargetKind.ONCALL: "oncall",
    TargetKind.TEAM: "teams",
    TargetKind.ROLE: "roles",
    TargetKind.CHANNEL: "chat_rooms",
}
ASPECTS: Final = {
    TargetKind.ROOM: ("stage",),
    TargetKind.SERVICE: ("owner", "oncall"),
    TargetKind.MANAGER: ("paged", "lead"),
}
"""Targets that name no entry of the rulebook: who it is shows when the page is due."""


@dataclass(frozen=True, slots=True)
class Known:
    """The names that the files declare, by section. A section that could not be read is absent: nothing is held
    against it."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any], *, whole: bool = True) -> Known:
        """The names in a rulebook that nobody has checked yet; `whole` is False where a part could not be read."""
        found = {}
        for section in SECTIONS:
            group = data.get(section, {} if whole and section in OPTIONAL else None)
            if isinstance(group, dict):
                found[section] = tuple(str(clean_line(key)) for key in group)
        return cls(found)


OPTIONAL: Final = frozenset({"oncall", "schedules", "holidays", "teams", "chat_rooms", "services", "rules"})
"""Sections that a rulebook can do without: what they could name does not exist then."""


def to_section(section: str) -> Callable[[object, ValidationInfo], str]:
    """A check that a value is a name declared in `section`."""

    def check(value: object, info: ValidationInfo) -> str:
        wanted = name(value)
        _must_know(info, section, wanted)
        return wanted

    return check


def to_oncall(value: object, info: ValidationInfo) -> str:
    """A check that a value names somebody who is on call: a schedule or an on-call list."""
    wanted = name(value)
    known = info.context if isinstance(info.context, Known) else Known()
    groups = [known.names.get(section) for section in ("oncall", "schedules") if section in SECTIONS]
    names = [each for group in groups for each in group or ()]
    if None not in groups and wanted not in names:
        what = tr("names no on-call list or schedule of this rulebook")
        raise Wrong(what, tr("add it under oncall or schedules"), near=(wanted, names), listed=True)
    return wanted


def to_chat_room(value: object, info: ValidationInfo) -> str:
    """A check that a value is a chat room declared in `chat_rooms`."""
    wanted = chat_room(value)
    _must_know(info, "chat_rooms", wanted)
    return wanted


def to_target(*, next_level: bool = False) -> Callable[[object, ValidationInfo], Target]:
    """A check for "person:mina", "oncall:primary", "team:payments", "role:scribe", "channel:#incident-major",
    "service:owner", "manager:paged", and for "level:next" where `next_level` allows it. An `oncall` is a list or a
    schedule."""

    def check(value: object, info: ValidationInfo) -> Target:
        target = _parse(value, info, next_level)
        if target.kind is TargetKind.ONCALL:
            to_oncall(target.name, info)
        elif target.kind in SECTION_OF:
            _must_know(info, SECTION_OF[target.kind], target.name)
        return target

    return check


def _parse(value: object, info: ValidationInfo, next_level: bool) -> Target:
    kinds = [kind.value for kind in TargetKind if next_level or kind is not TargetKind.LEVEL]
    if isinstance(value, dict) and len(value) == 1:
        ((kind, named),) = value.items()
        named = named if isinstance(named, str) else "name"
        joined = clean_line(f"{kind}:{named}", 80)
        raise Wrong(
            tr("is a group of lines where a target belongs"),
            tr("leave no blank behind the colon: {joined}").format(joined=joined),
        )
    written = str(clean_line(text(value)))
    kind, colon, named = written.partition(":")
    if not colon:
        raise Wrong(tr("does not say what it names"), _guess(written, info, kinds))
    if kind not in kinds:
        if kind == TargetKind.LEVEL:
            raise Wrong(
                tr("cannot stand here"),
                tr("only reminders of overdue updates, and then of a role, can bring in the next level"),
            )
        raise Wrong(
            tr("is not a target"),
            tr("a target is one of {kinds}, a colon and a name").format(kinds=", ".join(kinds)),
            near=(kind, kinds),
        )
    if kind == TargetKind.LEVEL:
        if named != "next":
            raise Wrong(tr("is not a level that can be named"), tr("write level:next"))
        return Target(TargetKind.LEVEL, "next")
    if kind in ASPECTS:
        known = ASPECTS[TargetKind(kind)]
        if named not in known:
            advice = tr("write {words}").format(words=either(f"{kind}:{each}" for each in known))
            raise Wrong(
                tr("is not something of a {kind} that can be named").format(kind=kind), advice, near=(named, known)
            )
        return Target(TargetKind(kind), named)
    if kind == TargetKind.CHANNEL:
        return Target(TargetKind.CHANNEL, chat_room(named))
    return Target(TargetKind(kind), name(named))


def _guess(written: str, info: ValidationInfo, kinds: list[str]) -> str:
    known = info.context if isinstance(info.context, Known) else Known()
    for kind, section in (*SECTION_OF.items(), (TargetKind.ONCALL, "schedules")):
        if written in known.names.get(section, ()):
            return tr("write {kind}:{written}").format(kind=kind, written=written)
    return tr("write one of {kinds}, a colon and the name, such as person:mina").format(kinds=", ".join(kinds))


def _must_know(info: ValidationInfo, section: str, wanted: str) -> None:
    known = info.context if isinstance(info.context, Known) else Known()
    names = known.names.get(section)
    if names is not None and wanted not in names:
        what = tr("names no {thing} of this rulebook").format(thing=tr(SECTIONS[section]))
        raise Wrong(what, tr("add it under {section}").format(section=section), near=(wanted, names), listed=True)
