"""What follows by itself on an incident, and why who was paged: pure layout, as rows of cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from warroom.domain.text import cell_width, wrap
from warroom.tui.clockface import clock, countdown, is_late, urgency, when
from warroom.tui.pieces import Line, Piece, Role, clean
from warroom.views import DeliveryLine, ForecastLine, ForecastView, PageLine, PassedLine, WhyLine, WhyState, WhyView
from warroom.words import mark, tr

_INDENT = 17
"""Cells in front of the words: the time, and in how long it is (or what it meant)."""

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
    rows: list[Line] = []
    for line in view.lines:
        tone = urgency(line.at, now)
        left = countdown(line.at, now)
        if not is_late(line.at, now):
            left = tr("in {time}").format(time=left)
        head: Piece = (f"{_padded(when(line.at, now), 6)} {_padded(left, _INDENT - 8)} ", tone)
        cause = f" ({clean(line.cause)})" if line.cause and line.level else ""
        rows.extend(_rows(head, f"{clean(line.what)}{cause}", Role.STRONG if line.pages else Role.TEXT, width))
        for text, role in _behind(line):
            rows.extend(_rows((" " * _INDENT, Role.TEXT), text, role, width))
    if not view.whole:
        rows.append(((_more(view), Role.MUTED),))
    return tuple(rows)


def _more(view: ForecastView) -> str:
    return tr("and so on: warroom forecast {key} --steps N tells more").format(key=clean(view.key))


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - cell_width(text))


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
    if not each.to:
        return tr("nobody: {why}").format(why=clean(each.why))
    kind, _, name = each.target.partition(":")
    target = clean(name).replace("-", " ") if kind == "role" else clean(each.target)
    words = tr("not {person}, {target}: {why}")
    return words.format(person=clean(each.to), target=target, why=clean(each.why))


def why(view: WhyView, now: datetime, width: int) -> tuple[Line, ...]:
    """Who was paged, who was not, and why, up to now: read from the record."""
    rows: list[Line] = []
    for line in view.lines:
        if line.state is WhyState.AHEAD or line.at is None:
            continue
        at = clock(line.at) if line.at.date() == now.date() else when(line.at, now)
        head: Piece = (
            f"{_padded(at, 6)} {_padded(tr(_WORDS.get(line.state, line.state.value)), _INDENT - 8)} ",
            _LOOKS.get(line.state, Role.MUTED),
        )
        rows.extend(_rows(head, _reason(line), Role.TEXT, width))
        if line.why and line.state not in (WhyState.SINCE, WhyState.ANSWERED):
            rows.extend(_rows((" " * _INDENT, Role.TEXT), clean(line.why), Role.MUTED, width))
        for text, role in _deliveries(line.deliveries):
            rows.extend(_rows((" " * _INDENT, Role.TEXT), text, role, width))
    return tuple(rows) or (((tr("nobody was looked for yet"), Role.MUTED),),)


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


def _rows(head: Piece, text: str, role: Role, width: int) -> Iterator[Line]:
    """The words behind their head, wrapped below themselves."""
    for n, part in enumerate(wrap(text, max(20, width - _INDENT))):
        yield (head if n == 0 else (" " * _INDENT, Role.TEXT)), (part, role)
