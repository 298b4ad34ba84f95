"""The work on an incident as rows: what is believed and how it is tested, what is to be done and decided, what was
changed and seen (R11). Pure layout: the panel of the room, and the sheet of the work screen with an item to act on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from warroom.domain.text import cell_width, wrap
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import age, countdown, is_late, urgency, when
from warroom.tui.horizon import changes_at
from warroom.tui.panels import fill
from warroom.tui.pieces import Line, Piece, Role, Sheet, clean, fit_line, fitted, line_width, prose, spread
from warroom.valueclass import dataclass
from warroom.views import (
    ChangeLine,
    EvidenceLine,
    ExperimentLine,
    PendingLine,
    TaskLine,
    TheoryLine,
    WorkView,
)
from warroom.words import mark, tr, trn

Item = TheoryLine | ExperimentLine | TaskLine | PendingLine | ChangeLine | EvidenceLine

_THEORY = {"open": ("?", Role.STRONG), "confirmed": ("✔", Role.OK), "refuted": ("✗", Role.MUTED)}
_TEST = {
    "": ("▸", Role.SOON),
    "confirms": ("✔", Role.OK),
    "refutes": ("✗", Role.MUTED),
    "open": ("·", Role.MUTED),
}
_VERDICT = {
    "": mark("running"),
    "confirms": mark("confirms"),
    "refutes": mark("refutes"),
    "open": mark("leaves it open"),
}
_STATES = (mark("open"), mark("confirmed"), mark("refuted"))
"""How a theory stands."""


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the work: how deep it stands, the section it belongs to, and what it is."""

    section: str
    item: Item
    depth: int = 0

    @property
    def name(self) -> tuple[str, int, datetime]:
        """What it is known by while the view is read anew."""
        return type(self.item).__name__, self.item.id, self.item.at


def items(view: WorkView) -> tuple[Row, ...]:
    """Every item in the order of the screen: what waits for a person first, what is over last in its section."""
    asked = sorted(view.pending, key=lambda p: (p.due is None, p.due or p.at, p.id))
    out = [Row(tr("To decide"), each) for each in asked]
    order = {"open": 0, "confirmed": 1, "refuted": 2}
    for theory in sorted(view.theories, key=lambda t: (order.get(t.state, 0), t.at, t.id)):
        out.append(Row(tr("Theories"), theory))
        out.extend(Row(tr("Theories"), test, 1) for test in theory.experiments)
    for stream, tasks in view.streams():
        title = tr("Tasks #{stream}").format(stream=clean(stream)) if stream else tr("Tasks")
        out.extend(Row(title, task) for task in tasks)
    out.extend(Row(tr("Changes"), change) for change in reversed(view.changes))
    out.extend(Row(tr("Evidence"), seen) for seen in reversed(view.evidence))
    return tuple(out)


def number(item: Item) -> str:
    """What an item is called by on the command line: "#12"; "" for a line of an older record."""
    return f"#{item.id}" if item.id else ""


def sign(item: Item) -> Piece:
    """The glyph of an item's state, told apart by shape as well as colour."""
    match item:
        case TheoryLine():
            return _THEORY.get(item.state, _THEORY["open"])
        case ExperimentLine():
            return _TEST.get(item.verdict, _TEST["open"])
        case TaskLine():
            if item.open:
                return ("□", Role.TEXT if item.owner else Role.SOON)
            return ("–", Role.MUTED) if item.dropped else ("✔", Role.MUTED)
        case PendingLine():
            return "!", Role.SOON
        case ChangeLine():
            return "~", Role.MUTED if item.undone_at else Role.TEXT
        case _:
            return "&", Role.MUTED


def state(item: Item, now: datetime) -> Line:
    """How an item stands, for the right edge: its time, its owner, what became of it."""
    match item:
        case TheoryLine():
            if item.state == "open":
                running = sum(not test.verdict for test in item.experiments)
                text = tr("{count} running").format(count=running) if running else tr("open")
                return ((text, Role.SOON if running else Role.MUTED),)
            text = f"{tr(item.state)}{_at(item.settled_at, now)}"
            return ((text, Role.OK if item.state == "confirmed" else Role.MUTED),)
        case ExperimentLine():
            if not item.verdict and item.id:
                return ((tr("running {length}").format(length=age(item.at, now)), Role.SOON),)
            return ((tr(_VERDICT.get(item.verdict, "")) if item.id else "", Role.MUTED),)
        case TaskLine() if not item.open:
            return ((f"{tr('dropped') if item.dropped else tr('done')}{_at(item.done_at, now)}", Role.MUTED),)
        case TaskLine():
            owner = (clean(item.owner), Role.TEXT) if item.owner else (tr("nobody"), Role.SOON)
            return (owner, *_due(item.due, now))
        case PendingLine():
            return ((clean(item.whom) or tr("incident manager"), Role.TEXT), *_due(item.due, now))
        case ChangeLine() if item.undone_at is not None:
            return ((f"{tr('undone')}{_at(item.undone_at, now)}", Role.MUTED),)
        case _:
            return ((f"{clean(item.by)} {when(item.at, now)}", Role.MUTED),)


def _at(at: datetime | None, now: datetime) -> str:
    return f" {when(at, now)}" if at is not None else ""


def _due(due: datetime | None, now: datetime) -> Line:
    if due is None:
        return ()
    left = countdown(due, now)
    text = left if is_late(due, now) else tr("in {time}").format(time=left)
    return ((f"  {text}", urgency(due, now)),)


def _over(item: Item) -> bool:
    match item:
        case TheoryLine():
            return item.state == "refuted"
        case TaskLine():
            return not item.open
        case ChangeLine():
            return item.undone_at is not None
        case ExperimentLine():
            return item.verdict == "refutes"
        case _:
            return False


def said(item: Item) -> str:
    """The words of an item."""
    if isinstance(item, EvidenceLine):
        return f"{item.where} {item.text}".strip()
    if isinstance(item, ExperimentLine) and item.result:
        return f"{item.text} → {item.result}"
    return item.text


def _row(row: Row, now: datetime, width: int) -> Line:
    """One row of a list: mark, number, words, and how it stands at the right edge."""
    item = row.item
    tone = Role.MUTED if _over(item) else Role.TEXT
    own = number(item)
    left: Line = (("  " * row.depth, Role.TEXT), sign(item), (f" {own} " if own else " ", Role.MUTED))
    right = state(item, now)
    room = width - line_width(left) - line_width(right) - 2
    if room < 12:
        right, room = (), width - line_width(left)
    return spread((*left, (fitted(said(item), room), tone)), right, width)


# The panel -----------------------------------------------------------------------------------------------------------


def work(view: WorkView | None, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """What is open, in `height` rows of `width` cells: what is late first, then decisions, theories with their tests,
    tasks. Where there is no room for all of it the last row counts the rest."""
    if view is None or view.empty:
        lines: list[Line] = [((tr("no theory and no task yet"), Role.MUTED),), ((hint(width), Role.MUTED),)]
        return fill(lines, width, height)
    rows = _open_rows(view, now)
    if not rows:
        words = tr("all is done and decided; {key} shows what was").format(key=keycap("incident.work"))
        return fill([((words, Role.MUTED),)], width, height)
    shown = rows if len(rows) <= height else rows[: max(1, height - 1)]
    out = [_row(row, now, width) for row in shown]
    rest = len(rows) - len(shown)
    if rest and height > 1:
        out.append(_more(rest))
    return fill(out, width, height)


def settled(view: WorkView | None, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """What is over: theories with what their tests showed, changes, tasks; nothing where `height` is too little."""
    rows = [row for row in items(view) if _closed(row, view)] if view is not None else []
    if not rows or height < 3:
        return ()
    shown = rows if len(rows) <= height - 2 else rows[: height - 3]
    out: list[Line] = [(), ((tr("Settled"), Role.ACCENT),), *(_row(row, now, width) for row in shown)]
    if len(shown) < len(rows):
        out.append(_more(len(rows) - len(shown)))
    return tuple(out)


def _more(count: int) -> Line:
    return ((tr("+{count} more: {key} shows all").format(count=count, key=keycap("incident.work")), Role.MUTED),)


def hint(width: int) -> str:
    """How to begin, as long as there is nothing."""
    key = keycap("incident.note")
    long = tr("{key} then: ? theory  + task  ! decision").format(key=key)
    return long if width >= max(38, cell_width(long)) else tr("{key} writes one down").format(key=key)


def work_flag(view: WorkView | None, now: datetime) -> tuple[str, Role]:
    """The state of the work in a few characters, for the tab of the panel."""
    if view is None:
        return "", Role.FAINT
    for due in (*(task.due for task in view.open_tasks), *(asked.due for asked in view.pending)):
        changes_at(due, now)
    late = view.late(now)
    if late:
        return tr("{count} LATE").format(count=late), Role.LATE
    count = len(view.open_tasks) + len(view.pending)
    return (f"{count}", Role.MUTED) if count else ("", Role.FAINT)


def work_title(view: WorkView | None) -> Line:
    """What there is, for the rule over the panel."""
    if view is None or view.empty:
        return ()
    theories, tasks, pending = len(view.open_theories), len(view.open_tasks), len(view.pending)
    counts = (
        (theories, trn("{count} open theory", "{count} open theories", theories)),
        (tasks, trn("{count} task", "{count} tasks", tasks)),
        (pending, trn("{count} to decide", "{count} to decide", pending)),
    )
    parts = [words.format(count=count) for count, words in counts if count]
    return (("  " + " · ".join(parts), Role.MUTED),) if parts else ()


def _open_rows(view: WorkView, now: datetime) -> list[Row]:
    def late(item: Item) -> bool:
        due = item.due if isinstance(item, TaskLine | PendingLine) else None
        return due is not None and is_late(due, now)

    rows = [row for row in items(view) if not _closed(row, view)]
    return [*(row for row in rows if late(row.item)), *(row for row in rows if not late(row.item))]


def _closed(row: Row, view: WorkView) -> bool:
    match row.item:
        case TheoryLine(state="open") | PendingLine():
            return False
        case TaskLine():
            return not row.item.open
        case ExperimentLine():
            return not any(row.item in theory.experiments for theory in view.open_theories)
        case _:
            return True


# The sheet -----------------------------------------------------------------------------------------------------------


def sheet(shown: Sequence[Row], now: datetime, width: int, selected: int) -> Sheet:
    """All items under the headings of their sections; the selected one is opened: all its words, and its story."""
    rows: list[Line] = []
    spans: list[tuple[int, int]] = []
    numbered = list(enumerate(shown))
    for section, group in groupby(numbered, key=lambda each: each[1].section):
        if rows:
            rows.append(())
        rows.append(((section, Role.ACCENT),))
        for index, row in group:
            first = len(rows)
            rows.extend(_opened(row, now, width) if index == selected else [_listed(row, now, width)])
            spans.append((first, len(rows)))
    return Sheet(tuple(fit_line(row, width) for row in rows), tuple(spans))


def _listed(row: Row, now: datetime, width: int) -> Line:
    return (("  ", Role.TEXT), *_row(row, now, width - 2))


def _opened(row: Row, now: datetime, width: int) -> Iterator[Line]:
    """The selected item: marked at its edge, all its words, and what is known besides."""
    item = row.item
    own = number(item)
    left: Line = (
        ("▌ ", Role.ACCENT),
        ("  " * row.depth, Role.TEXT),
        sign(item),
        (f" {own} " if own else " ", Role.MUTED),
    )
    right = state(item, now)
    indent = line_width(left)
    room = width - indent - line_width(right) - 2
    texts = wrap(prose(said(item)), max(12, room)) or [""]
    yield spread((*left, (texts[0], Role.STRONG)), right, width)
    edge: Piece = ("▌ " + " " * (indent - 2), Role.ACCENT)
    for text in texts[1:]:
        yield (edge, (text, Role.STRONG))
    for line in _story(item, now):
        for part in wrap(line, max(12, width - indent)):
            yield (edge, (part, Role.MUTED))


def _story(item: Item, now: datetime) -> Iterable[str]:
    words = tr("by {person} {time}, {length} ago")
    by = words.format(person=clean(item.by), time=when(item.at, now), length=age(item.at, now))
    match item:
        case TheoryLine(reason=reason) if reason:
            return (by, f"{tr(item.state)}: {prose(reason)}")
        case ChangeLine():
            why = (tr("why: {why}").format(why=prose(item.why)),) if item.why else ()
            undo = (tr("to undo: {how}").format(how=prose(item.undo)),) if item.undo else ()
            return (by, *why, *undo)
        case TaskLine(due=due) if due is not None and item.open:
            words = tr("due {time} UTC, reminded {count} times")
            if item.reminded < 2:
                words = tr("due {time} UTC, reminded once") if item.reminded else tr("due {time} UTC")
            return (f"{by}; {words.format(time=when(due, now), count=item.reminded)}",)
        case PendingLine(due=due) if due is not None:
            return (f"{by}; {tr('due {time} UTC').format(time=when(due, now))}",)
        case EvidenceLine(theory=theory) if theory:
            return (f"{by}; {tr('on theory #{number}').format(number=theory)}",)
        case _ if not item.id:
            return (f"{by}; {tr('from an older record: nothing can be done with it')}",)
        case _:
            return (by,)
