"""What can be done with an item of the work, and the keys that do it."""

from __future__ import annotations

from collections.abc import Sequence

from warroom.domain.text import cell_width
from warroom.tui.actions.keycap import keycap
from warroom.tui.pieces import Line, Piece, Role, cut_line, line_width
from warroom.tui.work import Item
from warroom.views import ChangeLine, ExperimentLine, PendingLine, TaskLine, TheoryLine
from warroom.words import tr

_ADDS = frozenset({"theory", "task", "decision", "change", "evidence", "note"})


def not_with(act: str, item: Item | None) -> str:
    """Why an act is not possible with the marked item; "" where it is, or where it needs none."""
    if act in _ADDS:
        return ""
    possible: tuple[str, ...] = ()
    match item:
        case None:
            return tr("nothing is marked: there is no work yet")
        case TheoryLine() if not item.id:
            possible = ()
        case TheoryLine():
            settled = {"open": "reopen", "confirmed": "confirm", "refuted": "refute"}.get(item.state)
            possible = tuple(each for each in ("confirm", "refute", "reopen") if each != settled)
            possible += ("test",) if item.state == "open" else ()
        case ExperimentLine():
            possible = ("result",) if item.id and not item.verdict else ()
        case TaskLine():
            possible = ("take", "assign", "done", "plan", "drop") if item.open else ("take",)
        case PendingLine():
            possible = ("done", "drop")
        case ChangeLine():
            possible = ("undo",) if item.undone_at is None else ()
    return "" if act in possible else tr("that is not for what is marked: the keys below are")


def keys(item: Item | None, width: int) -> tuple[Line, ...]:
    """What can be done with the selected item, and what can be added, in at most two rows."""
    own: tuple[tuple[str, str], ...] = ()
    match item:
        case TheoryLine() if item.id and item.state == "open":
            own = (("test", tr("test it")), ("confirm", tr("confirm")), ("refute", tr("refute")))
        case TheoryLine() if item.id:
            own = (("reopen", tr("open again")),)
        case ExperimentLine() if item.id and not item.verdict:
            own = (("result", tr("result")),)
        case TaskLine() if item.open:
            own = (
                ("done", tr("done")),
                ("take", tr("take")),
                ("assign", tr("assign")),
                ("plan", tr("time")),
                ("drop", tr("drop")),
            )
        case TaskLine():
            own = (("take", tr("take up again")),)
        case PendingLine():
            own = (("done", tr("decide")), ("drop", tr("not needed")))
        case ChangeLine() if item.undone_at is None:
            own = (("undo", tr("undone")),)
    add = (
        ("theory", tr("theory")),
        ("task", tr("task")),
        ("decision", tr("decision")),
        ("change", tr("change")),
        ("evidence", tr("evidence")),
        ("", tr("close")),
    )
    return tuple(_keys(each, width) for each in (own, add))


def _keys(pairs: Sequence[tuple[str, str]], width: int) -> Line:
    """As many keys as there is room for, by the names of their actions; the way out ("") always is."""
    line: list[Piece] = []
    leave = keycap("go.back", "work")
    room = width - cell_width(f"{leave} {tr('close')}")
    for name, word in pairs:
        key = keycap(f"work.{name}") if name else leave
        if not name or line_width(line) + cell_width(f"{key} {word}  ") <= room:
            line += [(key, Role.STRONG), (f" {word}  ", Role.MUTED)]
    return cut_line(
        ((text.rstrip() if n == len(line) - 1 else text, role) for n, (text, role) in enumerate(line)), width
    )
