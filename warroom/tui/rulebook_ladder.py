"""Escalation policies to be read: each level with its people now, its timers and its conditions. Pure layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from warroom.domain.ladder_words import span
from warroom.domain.text import cell_width
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fitted, hanging, line_width, prose, spread
from warroom.valueclass import dataclass
from warroom.views import PageLine, PassedLine, PolicyLine, RulebookView, RungLine, TargetLine
from warroom.words import tr

_LEVEL = 2
"""Cells in front of a level."""
_INSIDE = 6
"""Cells in front of what belongs to a level."""
_TARGET_MOST = 26


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lines to scroll through, and at which of them an entry begins."""

    lines: tuple[Line, ...]
    heads: tuple[int, ...] = ()

    @classmethod
    def of(cls, top: Iterable[Line], entries: Iterable[Iterable[Line]]) -> Sheet:
        """`top`, then the entries with an empty line before each."""
        lines, heads = list(top), list[int]()
        for entry in entries:
            if lines:
                lines.append(())
            heads.append(len(lines))
            lines.extend(entry)
        return cls(tuple(lines), tuple(heads))


def unreached(view: RulebookView) -> int:
    """How many levels would reach nobody now."""
    return sum(level.unreached for policy in view.policies for level in policy.levels)


def policies(view: RulebookView, width: int) -> Sheet:
    """Every policy as a ladder."""
    if not view.policies:
        none = tr("no policies: nobody is paged by itself; warroom rulebook init DIR writes some to begin with")
        return Sheet(tuple(hanging((), none, Role.SOON, width)))
    text = tr("People as of now, for an incident of which nothing else is known. Times if nobody does anything.")
    top = hanging((), text, Role.MUTED, width)
    return Sheet.of(top, (policy(each, width) for each in view.policies))


def policy(line: PolicyLine, width: int) -> Iterator[Line]:
    """One policy: its name and what leads to it, its levels, and what comes then."""
    used = prose(", ".join(line.used_by))
    name: Piece = (clean(line.name), Role.ACCENT)
    if not used:
        yield spread((name,), ((tr("nothing leads to it"), Role.SOON),), width)
    elif cell_width(used) + cell_width(tr("for")) + line_width((name,)) + 3 <= width:
        yield spread((name,), ((f"{tr('for')} {used}", Role.MUTED),), width)
    else:
        yield cut_line((name,), width)
        yield from hanging(((f"  {tr('for')} ", Role.MUTED),), used, Role.MUTED, width)
    for level in line.levels:
        yield from rung(level, width)
    at = f"{_after(line.then_at)} " if line.then_at is not None else ""
    if at or line.then:
        yield from hanging(((f"  {tr('then')} {at}", Role.MUTED),), prose(line.then), Role.TEXT, width)
    for target in line.last:
        if target.nobody or (target.found and not target.target.startswith("channel:")):
            yield from _target(target, cell_width(clean(target.target)), width)


def rung(level: RungLine, width: int) -> Iterator[Line]:
    """One level."""
    at = _after(level.at) if level.at is not None else "—"
    left: list[Piece] = [
        (" " * _LEVEL, Role.TEXT),
        (f"L{level.number} ", Role.STRONG),
        (f"{fitted(at, 8)} ", Role.TEXT if level.at is not None else Role.SOON),
        (clean(level.label), Role.STRONG),
    ]
    if level.unreached:
        left.append(("  ", Role.TEXT))
        left.append((f" {tr('NOBODY NOW')} ", Role.ALARM))
    ways = " ".join(clean(via) for via in level.via) or tr("own way")
    right: Line = ((f"  {ways}", Role.MUTED),)
    yield spread(left, right, width) if line_width((*left, *right)) <= width else cut_line(left, width)
    wide = min(max((cell_width(clean(each.target)) for each in level.targets), default=0), _TARGET_MOST)
    for target in level.targets:
        yield from _target(target, wide, width)
    for text, role in _about(level):
        yield from hanging(((" " * _INSIDE, Role.TEXT),), text, role, width)


def _after(length: timedelta) -> str:
    return f"+{span(length)}" if length else tr("at once")


# Who ------------------------------------------------------------------------------------------------------------------


def _target(target: TargetLine, wide: int, width: int) -> Iterator[Line]:
    """Whom one target means now, and why them; below them those who were passed over."""
    heads = _heads(clean(target.target), wide)
    if target.depends:
        yield from hanging(next(heads), prose(target.depends), Role.TEXT, width)
    for people, ways, because in _together(target.found):
        words = tr("{people} by {ways}: {why}") if because else tr("{people} by {ways}")
        who = words.format(people=people, ways=ways, why=because)
        yield from _named(next(heads), people, who, width)
    if target.nobody:
        yield from hanging((*next(heads), (f"{tr('NOBODY')}  ", Role.LATE)), prose(target.nobody), Role.LATE, width)
    for people, why in _passed(target.passed):
        said = why if people in why else tr("not {people}: {why}").format(people=people, why=why)
        yield from hanging(next(heads), said, Role.SOON if target.nobody else Role.MUTED, width)


def _heads(name: str, wide: int) -> Iterator[Line]:
    """What stands in front of the rows of a target: its name once, then blanks of the same width."""
    yield ((" " * _INSIDE, Role.TEXT), (f"{fitted(name, wide)}  ", Role.MUTED))
    while True:
        yield ((" " * (_INSIDE + wide + 2), Role.TEXT),)


def _named(head: Line, people: str, text: str, width: int) -> Iterator[Line]:
    """A row whose people stand out where they fit on its first line."""
    for n, line in enumerate(hanging(head, text, Role.MUTED, width)):
        words = line[-1][0]
        if n == 0 and words.startswith(people):
            yield (*line[:-1], (people, Role.OK), (words[len(people) :], Role.MUTED))
        else:
            yield line


def _together(pages: Sequence[PageLine]) -> list[tuple[str, str, str]]:
    """People who are found for the same reason by the same ways stand together: (people, ways, why)."""
    groups: dict[tuple[str, str], list[str]] = {}
    for page in pages:
        ways = " ".join(clean(via) for via in page.via)
        groups.setdefault((ways, prose(page.because)), []).append(clean(page.to))
    return [(", ".join(people), ways, because) for (ways, because), people in groups.items()]


def _passed(passed: Sequence[PassedLine]) -> list[tuple[str, str]]:
    groups: dict[str, list[str]] = {}
    for each in passed:
        groups.setdefault(prose(each.why), []).append(clean(each.to))
    return [(", ".join(people), why) for why, people in groups.items()]


# What else ------------------------------------------------------------------------------------------------------------


def _about(level: RungLine) -> Iterator[tuple[str, Role]]:
    """Timers, conditions and everybody who hears of it besides, each in words."""
    if level.skipped and not level.when and not level.unreached:  # else it is said already
        yield tr("passed over: {why}").format(why=prose(level.skipped)), Role.SOON
    yield _timers(level), Role.MUTED
    if level.in_turn:
        yield tr("one of them in turn, from incident to incident"), Role.TEXT
    if level.when:
        yield tr("only where {condition}").format(condition=prose(level.when)), Role.TEXT
    if level.confirm:
        yield prose(level.confirm), Role.TEXT
    told = (
        (tr("responsible {people}"), tuple(target.target for target in level.targets)),
        (tr("accountable {people}"), level.accountable),
        (tr("consulted {people}"), level.consulted),
        (tr("informed {people}"), level.informed),
    )
    if any(people for _, people in told[1:]):
        said = [what.format(people=" ".join(map(clean, people))) for what, people in told if people]
        yield ", ".join(said), Role.TEXT


def _timers(level: RungLine) -> str:
    said = []
    if level.ack_timeout is not None:
        words = tr("acknowledge timeout {length}")
        if level.repeat:
            words = tr("acknowledge timeout {length}, paged {count} times")
        said.append(words.format(length=span(level.ack_timeout), count=level.repeat + 1))
    if level.resolve_timeout is not None:
        said.append(tr("resolve timeout {length}").format(length=span(level.resolve_timeout)))
    if level.warn is not None:
        said.append(tr("announced {length} before").format(length=span(level.warn)))
    return " · ".join(said) or tr("no timeout: nothing follows by itself")
