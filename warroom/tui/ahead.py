"""What follows by itself on an incident, and why who was paged: pure layout, as rows of cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from warroom.domain.text import cell_width
from warroom.tui.clockface import clock, countdown, is_late, urgency, when
from warroom.tui.pieces import Line, Piece, Role, clean, fitted, hanging
from warroom.valueclass import dataclass
from warroom.views import DeliveryLine, ForecastLine, ForecastView, PageLine, PassedLine, WhyLine, WhyState, WhyView
from warroom.words import mark, tr, trn

_TIME, _MEANT = 6, 9
"""Cells at least for the time of a step, and for in how long it is (or what it meant)."""

_WORDS = {
    WhyState.PAGED: mark("paged"),
    WhyState.TOLD: mark("told"),
    WhyState.PASSED: mark("not paged"),
    WhyState.ANSWERED: mark("answered"),
    WhyState.SINCE: mark("since"),
    WhyState.NOT_FOUND: mark("not found"),
    WhyState.NEVER: mark("never"),
}
"""What a step meant for somebody, in at most nine cells."""
_LOOKS = {
    WhyState.PAGED: Role.STRONG,
    WhyState.PASSED: Role.SOON,
    WhyState.ANSWERED: Role.OK,
    WhyState.NEVER: Role.LATE,
}


def forecast(view: ForecastView, now: datetime, width: int) -> tuple[Line, ...]:
    """Step by step who is paged when, by which ways, and why them, if nobody does anything."""
    if not view.lines:
        return (((tr("nothing follows by itself: {why}").format(why=clean(view.nothing)), Role.MUTED),),)
    heads = _heads([(when(line.at, now), _left(line.at, now)) for line in view.lines])
    blank: Piece = (" " * cell_width(heads[0]), Role.TEXT)
    rows: list[Line] = []
    like = _alike(view.lines)
    for number, (line, head) in enumerate(zip(view.lines, heads, strict=True)):
        if number in like.hidden:
            continue
        cause = f" ({clean(line.cause)})" if line.cause and line.level else ""
        tone = Role.STRONG if line.pages else Role.TEXT
        rows.extend(hanging(((head, urgency(line.at, now)),), f"{clean(line.what)}{cause}", tone, width))
        for text, role in _behind(line):
            rows.extend(hanging((blank,), text, role, width))
        if number in like.last:
            count, last = like.last[number]
            words = trn("and {count} more like it, at {time}", "and {count} more like it, the last {time}", count)
            text = words.format(count=count, time=when(view.lines[last].at, now))
            rows.extend(hanging((blank,), text, Role.MUTED, width))
    if not view.whole:
        rows.append(((_more(view), Role.MUTED),))
    return tuple(rows)


def _more(view: ForecastView) -> str:
    return tr("and so on: warroom forecast {key} --steps N tells more").format(key=clean(view.key))


@dataclass(frozen=True, slots=True)
class _Like:
    """Steps that repeat the one before: those that are not shown, and behind which one they are counted, with how many
    there are and the last of them."""

    hidden: frozenset[int]
    last: dict[int, tuple[int, int]]


_ALIKE = 3
"""So many steps in a row that say the same are told as one."""


def _alike(lines: Sequence[ForecastLine]) -> _Like:
    hidden: set[int] = set()
    last: dict[int, tuple[int, int]] = {}
    first = 0
    for _, run in groupby(lines, _says):
        count = len(list(run))
        if count >= _ALIKE:
            hidden.update(range(first + 1, first + count))
            last[first] = count - 1, first + count - 1
        first += count
    return _Like(frozenset(hidden), last)


def _says(line: ForecastLine) -> tuple[object, ...]:
    """What a step says besides its time."""
    return line.what, line.cause, line.pages, line.told, frozenset(line.passed)


def _left(at: datetime, now: datetime) -> str:
    left = countdown(at, now)
    return left if is_late(at, now) else tr("in {time}").format(time=left)


def _heads(found: Sequence[tuple[str, str]]) -> list[str]:
    """What stands in front of the words of each step, in two columns as wide as the widest of all steps."""
    time = max((_TIME, *(cell_width(at) for at, _ in found)))
    meant = max((_MEANT, *(cell_width(words) for _, words in found)))
    return [f"{fitted(at, time)} {fitted(words, meant)} " for at, words in found]


def _behind(line: ForecastLine) -> Iterator[tuple[str, Role]]:
    for page in line.pages:
        yield _page(page), Role.TEXT
    for page in line.told:
        yield _page(page, only_told=True), Role.MUTED
    paged = {page.to for page in line.pages}
    for each in line.passed:
        # Whoever is paged behind another target needs no word on why not behind this one.
        if each.to not in paged and (each.to or not paged):
            yield _passed(each), Role.MUTED if paged else Role.SOON


def _page(page: PageLine, *, only_told: bool = False) -> str:
    kind, _, name = page.target.partition(":")
    why = clean(page.because)
    if kind == "role" and why:
        why = tr("as {role}").format(role=why)
    elif not why and name != page.to:  # a target that says no more than who it is needs no word
        why = clean(page.target)
    words = tr("tells {person} by {ways}") if only_told else tr("pages {person} by {ways}")
    told = words.format(person=clean(page.to), ways=" ".join(clean(via) for via in page.via))
    return f"{told}, {why}" if why else told


def _passed(each: PassedLine) -> str:
    kind, _, name = each.target.partition(":")
    if not each.to:
        return tr("nobody: {why}").format(why=_because(each.why, each.target))
    target = clean(name).replace("-", " ") if kind == "role" else clean(each.target)
    words = tr("not {person}, {target}: {why}")
    return words.format(person=clean(each.to), target=target, why=clean(each.why))


def _because(why: str, target: str) -> str:
    """A reason in which a role is called as people call it."""
    kind, _, name = target.partition(":")
    why, name = clean(why), clean(name)
    return why.replace(name, name.replace("-", " ")) if kind == "role" and name else why


def why(view: WhyView, now: datetime, width: int) -> tuple[Line, ...]:
    """Who was paged, who was not, and why, up to now: read from the record."""
    told = [(line, line.at) for line in view.lines if line.state is not WhyState.AHEAD and line.at is not None]
    if not told:
        return (((tr("nobody was looked for yet"), Role.MUTED),),)
    times = [clock(at) if at.date() == now.date() else when(at, now) for _, at in told]
    meant = [tr(_WORDS.get(line.state, line.state.value)) for line, _ in told]
    heads = _heads(list(zip(times, meant, strict=True)))
    blank: Piece = (" " * cell_width(heads[0]), Role.TEXT)
    rows: list[Line] = []
    for (line, _), head in zip(told, heads, strict=True):
        look = _LOOKS.get(line.state, Role.MUTED)
        rows.extend(hanging(((head, look),), _reason(line), Role.TEXT, width))
        if line.why and line.state not in (WhyState.SINCE, WhyState.ANSWERED):
            rows.extend(hanging((blank,), _because(line.why, line.target), Role.MUTED, width))
        for text, role in _deliveries(line.deliveries):
            rows.extend(hanging((blank,), text, role, width))
    return tuple(rows)


def _reason(line: WhyLine) -> str:
    cause = f" ({clean(line.cause)})" if line.cause and line.level else ""
    kind, _, name = line.target.partition(":")
    meant = clean(name).replace("-", " ") if kind == "role" else "" if name == line.person else clean(line.target)
    if line.state in (WhyState.SINCE, WhyState.ANSWERED):
        person = f"{clean(line.person)}: " if line.person and line.state is WhyState.ANSWERED else ""
        return f"{person}{clean(line.what)}" + (f": {clean(line.why)}" if line.why else "")
    words = "{what}{cause}"
    if line.person:
        words = tr("{person} as {role}: {what}{cause}") if meant else "{person}: {what}{cause}"
    return words.format(person=clean(line.person), role=meant, what=clean(line.what), cause=cause)


def _deliveries(lines: Iterable[DeliveryLine]) -> Iterator[tuple[str, Role]]:
    """What went as it should on one line, each trouble on one of its own."""
    good = []
    for each in lines:
        told = f"{clean(each.via)} {tr(clean(each.state or 'gone'))}"
        if each.state not in ("failed", "given up", "unknown"):
            good.append(told)
            continue
        if each.tries > 1:
            told = tr("{told} after {count} tries").format(told=told, count=each.tries)
        yield told + (f": {clean(each.error)}" if each.error else ""), Role.LATE
    if good:
        yield ", ".join(good), Role.MUTED
