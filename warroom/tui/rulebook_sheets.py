"""Rules, severities, findings and revisions to be read: pure layout. Policies are laid out in `rulebook_ladder`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from warroom.domain.ladder_words import span
from warroom.domain.text import cell_width
from warroom.tui.clockface import clock, when
from warroom.tui.heading import Tab
from warroom.tui.pieces import Line, Role, clean, cut_line, fitted, hanging, line_width, prose, severity_role, spread
from warroom.tui.rulebook_ladder import Sheet, policies, unreached
from warroom.views import CadenceLine, FindingLine, FindingWeight, RevisionLine, RulebookView, RuleLine, SeverityLine

TITLES = ("Policies", "Rules", "Severities", "Check", "Revisions")
"""The parts of the rulebook in the order of their keys, 1 to 5."""

NARROWEST = 60
"""In fewer cells than these nothing is laid out: what does not fit is cut where it is drawn."""
_WORD = 10
"""Cells for the word in front of a line of a rule or a severity."""
_WEIGHTS = {
    FindingWeight.ERROR: ("✗ error  ", Role.LATE),
    FindingWeight.WARNING: ("! warning", Role.SOON),
    FindingWeight.NOTICE: ("· notice ", Role.MUTED),
}


def sheet(index: int, view: RulebookView, now: datetime, width: int) -> Sheet:
    """One of the parts, by its place in `TITLES`, no line of it wider than `width` (or than what words need at all)."""
    made = _sheet(index, view, now, width)
    return replace(made, lines=tuple(cut_line(line, max(width, NARROWEST)) for line in made.lines))


def _sheet(index: int, view: RulebookView, now: datetime, width: int) -> Sheet:
    match index:
        case 0:
            return policies(view, width)
        case 1:
            return rules(view, width)
        case 2:
            return severities(view, now, width)
        case 3:
            return findings(view, now, width)
    return revisions(view, now, width)


def tabs(view: RulebookView | None) -> tuple[Tab, ...]:
    """The parts as tabs, each with what is wrong in it."""
    flags: dict[int, tuple[str, Role]] = {}
    if view is not None:
        if nobody := unreached(view):
            flags[0] = "NOBODY" if nobody == 1 else f"NOBODY ×{nobody}", Role.LATE
        if said := _counts(view.findings):
            flags[3] = said[0][0], said[0][1]
        if view.elsewhere:
            flags[4] = f"others ×{view.elsewhere}", Role.SOON
    return tuple(Tab(str(n + 1), title, *flags.get(n, ("", Role.MUTED))) for n, title in enumerate(TITLES))


def _counts(found: Iterable[FindingLine]) -> list[tuple[str, Role]]:
    """How many findings there are of each weight, the gravest first."""
    counts = Counter(each.weight for each in found)
    return [
        (f"{counts[weight]} {weight}{'s' if counts[weight] > 1 else ''}", _WEIGHTS[weight][1])
        for weight in FindingWeight
        if counts[weight]
    ]


def _row(word: str, text: str, width: int, role: Role = Role.TEXT) -> Iterator[Line]:
    yield from hanging((("  ", Role.TEXT), (f"{word:<{_WORD}}", Role.MUTED)), text, role, width)


# Rules ---------------------------------------------------------------------------------------------------------------


def rules(view: RulebookView, width: int) -> Sheet:
    """The rules in the order in which they are asked."""
    if not view.rules:
        return Sheet(((
                    (
                        "no rules: nothing follows by itself from what an incident is; the rulebook's rules.yaml has them",
                        Role.MUTED,
                    ),
                ),))
    over = f"the last {view.over.days} days"
    counted = f"Counted: the latest {view.counted:,} incidents of {over}."
    text = "Asked from top to bottom; each fires once for an incident. "
    text += counted if view.counted else f"There was no incident in {over}."
    numbers = len(str(len(view.rules)))
    return Sheet.of(
        hanging((), text, Role.MUTED, width),
        (_rule(n, line, view.counted, numbers, width) for n, line in enumerate(view.rules, 1)),
    )


def _rule(number: int, line: RuleLine, counted: int, numbers: int, width: int) -> Iterator[Line]:
    times = "once" if line.fired == 1 else f"{line.fired:,} times"
    fired: Line = ((f"  fired {times}" if line.fired else "  not fired" if counted else "", Role.MUTED),)
    if line.fired:
        fired = ((fired[0][0], Role.OK),)
    name: Line = ((f"{number:>{numbers}} ", Role.MUTED), (clean(line.name), Role.ACCENT))
    yield spread(name, fired, width) if line_width((*name, *fired)) <= width else cut_line(name, width)
    if line.about:
        yield from hanging((("  ", Role.TEXT),), prose(line.about), Role.MUTED, width)
    yield from _row("when", prose(line.when), width)
    for n, effect in enumerate(line.then or ("nothing",)):
        yield from _row("" if n else "then", prose(effect), width, Role.STRONG)
    if line.stop:
        yield from _row("stop", "no rule after it is asked", width, Role.SOON)


# Severities ----------------------------------------------------------------------------------------------------------


def severities(view: RulebookView, now: datetime, width: int) -> Sheet:
    """What each severity asks for."""
    return Sheet.of((), (_severity(line, now, width) for line in view.severities))


def _severity(line: SeverityLine, now: datetime, width: int) -> Iterator[Line]:
    face = line.face
    name = f"{clean(face.glyph)} {clean(face.name)}"
    major = "  major incident" if face.major else ""
    yield cut_line(((name, severity_role(face)), (f"  {clean(line.title)}", Role.STRONG), (major, Role.MUTED)), width)
    if not line.policy:
        yield from _row("pages", "nobody by itself", width, Role.SOON)
    else:
        yield from _row("policy", clean(line.policy), width)
        hours = prose(line.hours) if line.hours else "at any hour"
        yield from _row(
            "pages", hours + (f"; not now, next {when(line.opens_at, now)}" if line.opens_at else ""), width
        )
    for n, each in enumerate(line.cadence):
        yield from _row("" if n else "updates", _cadence(each), width)
    if line.roles:
        yield from _row(
            "roles", ", ".join(f"{clean(role)} within {span(within)}" for role, within in line.roles), width
        )
    if line.ack_lapses is not None:
        text = f"an acknowledgement lapses after {span(line.ack_lapses)} without anything written"
        yield from _row("lapses", text, width)
    if line.stalled:
        stays = ", ".join(f"{clean(status)} for {span(length)}" for status, length in line.stalled)
        yield from _row("stalls", f"the next level comes in when it stays {stays}", width)
    if line.impacts:
        yield from _row("also", ", ".join(clean(word) for word in line.impacts), width, Role.MUTED)


def _cadence(line: CadenceLine) -> str:
    outside = " (external)" if line.audience == "external" else ""
    final = f", a last one within {span(line.final)} of the end" if line.final is not None else ""
    stages = "".join(f", every {span(length)} while {clean(status)}" for status, length in line.by_status)
    long = f", {span(line.long)} if announced in a long incident" if line.long is not None else ""
    first = f"first within {span(line.first)}, then every {span(line.every)}"
    return f"{clean(line.channel)}{outside}: {first}{stages}{long}{final}"


# Check ---------------------------------------------------------------------------------------------------------------


def findings(view: RulebookView, now: datetime, width: int) -> Sheet:
    """What is doubtful about the rules in force, the gravest first."""
    at = f"  looked at {clock(view.checked_at)} UTC" if view.checked_at is not None else ""
    if not view.findings:
        return Sheet(((("nothing to say against it", Role.OK), (at, Role.MUTED)),))
    top: list[tuple[str, Role]] = []
    for text, role in _counts(view.findings):
        top += [(", " if top else "", Role.MUTED), (text, role)]
    return Sheet.of([cut_line((*top, (at, Role.MUTED)), width)], (_finding(each, width) for each in view.findings))


def _finding(line: FindingLine, width: int) -> Iterator[Line]:
    word, role = _WEIGHTS[line.weight]
    yield cut_line(((f"{word}  ", role), (clean(line.where), Role.ACCENT)), width)
    yield from hanging((("  ", Role.TEXT),), prose(line.what), Role.TEXT, width)
    yield from hanging((("  ", Role.TEXT),), prose(line.advice), Role.MUTED, width)


# Revisions -----------------------------------------------------------------------------------------------------------


def revisions(view: RulebookView, now: datetime, width: int) -> Sheet:
    """Which rules were in force since when and by whom, the newest first; and what runs on which."""
    by = min(max((cell_width(clean(line.by)) for line in view.revisions), default=2), 16)
    top: list[Line] = []
    if view.elsewhere:
        many = "incidents go" if view.elsewhere > 1 else "incident goes"
        text = (
            f"{view.elsewhere} running {many} by other rules than those in force: R on the board moves the selected one"
        )
        top += [*hanging((), text, Role.SOON, width), ()]
    top.append(((f"  {'REVISION':<12}  {'SINCE':<12}  {fitted('BY', by)}  RUNNING", Role.MUTED),))
    rows = [_revision(line, view.revision, by, now, width) for line in view.revisions]
    return Sheet((*top, *rows), tuple(range(len(top), len(top) + len(rows))))


def _revision(line: RevisionLine, in_force: str, by: int, now: datetime, width: int) -> Line:
    own = line.revision == in_force
    here = line.in_force
    many = f"{line.live} incident{'s' if line.live > 1 else ''}" if line.live and (here or not own) else ""
    return cut_line(
        (
            ("▶ " if here else "  ", Role.OK),
            (fitted(line.revision, 12), Role.STRONG if here else Role.TEXT),
            (f"  {when(line.at, now):<12}  {fitted(line.by, by)}  ", Role.TEXT if here else Role.MUTED),
            (many, Role.TEXT if own else Role.SOON),
            (("  " if many else "") + "in force" if here else "", Role.OK),
        ),
        width,
    )


def title(view: RulebookView | None, room: str, now: datetime, width: int) -> Line:
    """What this is, which rules are in force, since when and by whom; what does not fit is left out from the right."""
    left: list[tuple[str, Role]] = [(" Rulebook", Role.STRONG)]
    parts: list[tuple[str, Role]] = []
    if view is not None:
        here = view.in_force
        parts.append((f"  {clean(view.revision)}", Role.ACCENT))
        if here is not None:
            parts.append((f" in force since {when(here.at, now)}", Role.TEXT))
            parts.append((f", by {clean(here.by)}", Role.MUTED))
    if room:
        parts.append((f"  {clean(room)}", Role.MUTED))
    for part in parts:
        if line_width((*left, part)) > width:
            break
        left.append(part)
    return tuple(left)
