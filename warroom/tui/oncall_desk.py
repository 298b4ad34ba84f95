"""What stands below the grid of shifts: gaps ahead, open swaps, overrides and absences, one line each. Pure layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from warroom.tui.clockface import duration, left_s
from warroom.tui.oncall_grid import period
from warroom.tui.oncall_when import short_stamp, stamp
from warroom.tui.pieces import Line, Piece, Role, clean, fit_line
from warroom.valueclass import dataclass
from warroom.views import DeskKind, DeskLine, DutySpan, OnCallView


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One line of the panel, and what it is about: an item of the desk, or a gap of a schedule; nothing for a note."""

    line: Line
    item: DeskLine | None = None
    gap: tuple[str, DutySpan] | None = None


def rows(view: OnCallView, me: str, now: datetime, width: int) -> tuple[DeskRow, ...]:
    """Everything that needs somebody first (gaps, swaps that ask me, swaps), then what is standing."""
    found = [
        DeskRow(fit_line(_gap(name, spans, now), width), gap=(name, spans[0])) for name, spans in _by_name(view.gaps)
    ]
    items = sorted(view.desk, key=lambda item: (_ORDER[item.kind], item.other != me, item.start, item.id))
    found += [DeskRow(fit_line(words(item, me, now), width), item) for item in items]
    if view.lists:
        lists = "  ".join(f"{clean(name)}: {', '.join(clean(who) for who in people)}" for name, people in view.lists)
        found.append(DeskRow(fit_line((("  at all hours  ", Role.MUTED), (lists, Role.MUTED)), width)))
    return tuple(found)


_ORDER = {DeskKind.SWAP: 0, DeskKind.OVERRIDE: 1, DeskKind.ABSENCE: 2}


def _by_name(gaps: Iterable[tuple[str, DutySpan]]) -> list[tuple[str, list[DutySpan]]]:
    """The gaps of each schedule together, the schedule whose gap comes first in front."""
    found: dict[str, list[DutySpan]] = {}
    for name, span in gaps:
        found.setdefault(name, []).append(span)
    return list(found.items())


def _gap(name: str, spans: Sequence[DutySpan], now: datetime) -> Line:
    """The next gap of a schedule, and how many more there are."""
    span = spans[0]
    soon = span.start is not None and span.start > now
    last = spans[-1].end if len(spans) > 1 else None
    far = f"  in {duration(left_s(span.start, now))}" if soon and span.start is not None else ""
    when = period(span, now) if soon else f"now, {period(DutySpan(None, span.end, ()), now)}"
    return (
        (" GAP ", Role.NOTICE if soon else Role.ALARM),
        (f" {clean(name)}  ", Role.STRONG),
        (f"nobody {when}", Role.LATE),
        (far, Role.MUTED),
        (f"  and {len(spans) - 1} more by {stamp(last)[:-6]}" if last else "", Role.MUTED),
    )


def words(item: DeskLine, me: str | None, now: datetime) -> Line:
    """One override, absence or swap; `me` None: for nobody in particular."""
    when = f"until {short_stamp(item.end, now)}"
    if item.start > now:
        when = f"{short_stamp(item.start, now)} {when}"
    note: Piece = (f"  {clean(item.note)}" if item.note else "", Role.MUTED)
    match item.kind:
        case DeskKind.SWAP:
            mine = item.other == me
            asked = "you" if mine else clean(item.other) or "anybody"
            open_ = me is not None and not item.other and item.person != me
            take = ("  y takes it" if mine or open_ else "", Role.ACCENT)
            who = "you ask" if item.person == me else f"{clean(item.person)} asks"
            role = Role.SOON if take[0] else Role.TEXT
            return (
                (f"  swap {item.id}  ", role),
                (f"{who} {asked} to take {clean(item.schedule)}  {when}", Role.TEXT),
                take,
                note,
            )
        case DeskKind.OVERRIDE:
            instead = f" for {clean(item.other)}" if item.other else ""
            by = f"  by {clean(item.by)}" if item.by and item.by != item.person else ""
            return (
                (f"  ═ override {item.id}  ", Role.TEXT),
                (f"{clean(item.schedule)}: {clean(item.person)}{instead}  {when}", Role.TEXT),
                (by, Role.MUTED),
                note,
            )
        case _:
            return (
                (f"  absence {item.id}  ", Role.TEXT),
                (f"{clean(item.person)} is away  {when}", Role.TEXT),
                note,
            )
