"""Rules, severities, findings and revisions to be read: pure layout. Policies are laid out in `rulebook_ladder`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from warroom.domain.ladder_words import span
from warroom.domain.status_words import status_word
from warroom.domain.text import cell_width
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import clock, when
from warroom.tui.heading import Tab
from warroom.tui.pieces import Line, Role, clean, cut_line, fitted, hanging, line_width, prose, severity_role, spread
from warroom.tui.rulebook_ladder import Sheet, policies, unreached
from warroom.views import CadenceLine, FindingLine, FindingWeight, RevisionLine, RulebookView, RuleLine, SeverityLine
from warroom.words import figure, mark, tr, trn

TITLES = (mark("Policies"), mark("Rules"), mark("Severities"), mark("Check"), mark("Revisions"))
"""The parts of the rulebook in the order of their keys, 1 to 5."""

NARROWEST = 60
"""In fewer cells than these nothing is laid out: what does not fit is cut where it is drawn."""
_WORD = 10
"""Cells for the word in front of a line of a rule or a severity, at least."""
_WORDS = (
    *(mark("when"), mark("then"), mark("stop"), mark("pages"), mark("policy"), mark("updates"), mark("roles")),
    *(mark("lapses"), mark("stalls"), mark("also")),
)
_WEIGHTS = {
    FindingWeight.ERROR: ("✗", mark("error"), Role.LATE),
    FindingWeight.WARNING: ("!", mark("warning"), Role.SOON),
    FindingWeight.NOTICE: ("·", mark("notice"), Role.MUTED),
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
            words = tr("NOBODY") if nobody == 1 else tr("NOBODY ×{count}").format(count=nobody)
            flags[0] = words, Role.LATE
        if said := _counts(view.findings):
            flags[3] = said[0][0], said[0][1]
        if view.elsewhere:
            flags[4] = tr("others ×{count}").format(count=view.elsewhere), Role.SOON
    return tuple(Tab(str(n + 1), tr(title), *flags.get(n, ("", Role.MUTED))) for n, title in enumerate(TITLES))


def _counts(found: Iterable[FindingLine]) -> list[tuple[str, Role]]:
    """How many findings there are of each weight, the gravest first."""
    counts = Counter(each.weight for each in found)
    return [(_counted(weight, counts[weight]), _WEIGHTS[weight][-1]) for weight in FindingWeight if counts[weight]]


def _counted(weight: FindingWeight, count: int) -> str:
    match weight:
        case FindingWeight.ERROR:
            words = trn("{count} error", "{count} errors", count)
        case FindingWeight.WARNING:
            words = trn("{count} warning", "{count} warnings", count)
        case _:
            words = trn("{count} notice", "{count} notices", count)
    return words.format(count=count)


def _row(word: str, text: str, width: int, role: Role = Role.TEXT) -> Iterator[Line]:
    wide = max([_WORD, *(cell_width(tr(each)) + 1 for each in _WORDS)])
    yield from hanging((("  ", Role.TEXT), (fitted(word, wide), Role.MUTED)), text, role, width)


# Rules ---------------------------------------------------------------------------------------------------------------


def rules(view: RulebookView, width: int) -> Sheet:
    """The rules in the order in which they are asked."""
    if not view.rules:
        words = tr("no rules: nothing follows by itself from what an incident is; the rulebook's rules.yaml has them")
        return Sheet((((words, Role.MUTED),),))
    counted = tr("There was no incident in the last {days} days.")
    if view.counted:
        counted = tr("Counted: the latest {count:,} incidents of the last {days} days.")
    text = tr("Asked from top to bottom; each fires once for an incident.")
    text += f" {counted.format(count=figure(view.counted), days=view.over.days)}"
    numbers = len(str(len(view.rules)))
    return Sheet.of(
        hanging((), text, Role.MUTED, width),
        (_rule(n, line, view.counted, numbers, width) for n, line in enumerate(view.rules, 1)),
    )


def _rule(number: int, line: RuleLine, counted: int, numbers: int, width: int) -> Iterator[Line]:
    fired: Line = ((f"  {tr('not fired')}" if counted else "", Role.MUTED),)
    if line.fired:
        times = tr("fired once") if line.fired == 1 else tr("fired {count:,} times").format(count=figure(line.fired))
        fired = ((f"  {times}", Role.OK),)
    name: Line = ((f"{number:>{numbers}} ", Role.MUTED), (clean(line.name), Role.ACCENT))
    yield spread(name, fired, width) if line_width((*name, *fired)) <= width else cut_line(name, width)
    if line.about:
        yield from hanging((("  ", Role.TEXT),), prose(line.about), Role.MUTED, width)
    yield from _row(tr("when"), prose(line.when), width)
    for n, effect in enumerate(line.then or (tr("nothing"),)):
        yield from _row("" if n else tr("then"), prose(effect), width, Role.STRONG)
    if line.stop:
        yield from _row(tr("stop"), tr("no rule after it is asked"), width, Role.SOON)


# Severities ----------------------------------------------------------------------------------------------------------


def severities(view: RulebookView, now: datetime, width: int) -> Sheet:
    """What each severity asks for."""
    return Sheet.of((), (_severity(line, now, width) for line in view.severities))


def _severity(line: SeverityLine, now: datetime, width: int) -> Iterator[Line]:
    face = line.face
    name = f"{clean(face.glyph)} {clean(face.name)}"
    major = f"  {tr('major incident')}" if face.major else ""
    yield cut_line(((name, severity_role(face)), (f"  {clean(line.title)}", Role.STRONG), (major, Role.MUTED)), width)
    if not line.policy:
        yield from _row(tr("pages"), tr("nobody by itself"), width, Role.SOON)
    else:
        yield from _row(tr("policy"), clean(line.policy), width)
        hours = prose(line.hours) if line.hours else tr("at any hour")
        if line.opens_at:
            hours = tr("{hours}; not now, next {time}").format(hours=hours, time=when(line.opens_at, now))
        yield from _row(tr("pages"), hours, width)
    for n, each in enumerate(line.cadence):
        yield from _row("" if n else tr("updates"), _cadence(each), width)
    if line.roles:
        words = tr("{role} within {length}")
        found = [words.format(role=clean(role), length=span(within)) for role, within in line.roles]
        yield from _row(tr("roles"), ", ".join(found), width)
    if line.ack_lapses is not None:
        text = tr("an acknowledgement lapses after {length} without anything written")
        yield from _row(tr("lapses"), text.format(length=span(line.ack_lapses)), width)
    if line.stalled:
        words = tr("{status} for {length}")
        stays = [words.format(status=clean(status_word(each)), length=span(long)) for each, long in line.stalled]
        text = tr("the next level comes in when it stays {statuses}").format(statuses=", ".join(stays))
        yield from _row(tr("stalls"), text, width)
    if line.impacts:
        yield from _row(tr("also"), ", ".join(clean(word) for word in line.impacts), width, Role.MUTED)


def _cadence(line: CadenceLine) -> str:
    said = [tr("first within {length}").format(length=span(line.first))]
    said.append(tr("then every {length}").format(length=span(line.every)))
    for status, length in line.by_status:
        said.append(tr("every {length} while {status}").format(length=span(length), status=clean(status_word(status))))
    if line.long is not None:
        said.append(tr("{length} if announced in a long incident").format(length=span(line.long)))
    if line.final is not None:
        said.append(tr("a last one within {length} of the end").format(length=span(line.final)))
    outside = f" ({tr('external')})" if line.audience == "external" else ""
    return f"{clean(line.channel)}{outside}: {', '.join(said)}"


# Check ---------------------------------------------------------------------------------------------------------------


def findings(view: RulebookView, now: datetime, width: int) -> Sheet:
    """What is doubtful about the rules in force, the gravest first."""
    at = ""
    if view.checked_at is not None:
        at = f"  {tr('looked at {time} UTC').format(time=clock(view.checked_at))}"
    if not view.findings:
        return Sheet((((tr("nothing to say against it"), Role.OK), (at, Role.MUTED)),))
    top: list[tuple[str, Role]] = []
    for text, role in _counts(view.findings):
        top += [(", " if top else "", Role.MUTED), (text, role)]
    return Sheet.of([cut_line((*top, (at, Role.MUTED)), width)], (_finding(each, width) for each in view.findings))


def _finding(line: FindingLine, width: int) -> Iterator[Line]:
    glyph, word, role = _WEIGHTS[line.weight]
    wide = max(cell_width(tr(each)) for _, each, _ in _WEIGHTS.values())
    yield cut_line(((f"{glyph} {fitted(tr(word), wide)}  ", role), (clean(line.where), Role.ACCENT)), width)
    yield from hanging((("  ", Role.TEXT),), prose(line.what), Role.TEXT, width)
    yield from hanging((("  ", Role.TEXT),), prose(line.advice), Role.MUTED, width)


# Revisions -----------------------------------------------------------------------------------------------------------


def revisions(view: RulebookView, now: datetime, width: int) -> Sheet:
    """Which rules were in force since when and by whom, the newest first; and what runs on which."""
    head = tr("BY")
    by = min(max([*(cell_width(clean(line.by)) for line in view.revisions), cell_width(head)]), 16)
    top: list[Line] = []
    if view.elsewhere:
        text = trn(
            "{count} running incident goes by other rules than those in force: "
            "{key} on the board moves the selected one",
            "{count} running incidents go by other rules than those in force: "
            "{key} on the board moves the selected one",
            view.elsewhere,
        ).format(count=view.elsewhere, key=keycap("incident.move"))
        top += [*hanging((), text, Role.SOON, width), ()]
    heads = f"{fitted(tr('REVISION'), 12)}  {fitted(tr('SINCE'), 12)}  {fitted(head, by)}  {tr('RUNNING')}"
    top.append(((f"  {heads}", Role.MUTED),))
    rows = [_revision(line, view.revision, by, now, width) for line in view.revisions]
    return Sheet((*top, *rows), tuple(range(len(top), len(top) + len(rows))))


def _revision(line: RevisionLine, in_force: str, by: int, now: datetime, width: int) -> Line:
    own = line.revision == in_force
    here = line.in_force
    many = ""
    if line.live and (here or not own):
        many = trn("{count} incident", "{count} incidents", line.live).format(count=line.live)
    return cut_line(
        (
            ("▶ " if here else "  ", Role.OK),
            (fitted(line.revision, 12), Role.STRONG if here else Role.TEXT),
            (f"  {fitted(when(line.at, now), 12)}  {fitted(line.by, by)}  ", Role.TEXT if here else Role.MUTED),
            (many, Role.TEXT if own else Role.SOON),
            (("  " if many else "") + tr("in force") if here else "", Role.OK),
        ),
        width,
    )


def title(view: RulebookView | None, room: str, now: datetime, width: int) -> Line:
    """What this is, which rules are in force, since when and by whom; what does not fit is left out from the right."""
    left: list[tuple[str, Role]] = [(f" {tr('Rulebook')}", Role.STRONG)]
    parts: list[tuple[str, Role]] = []
    if view is not None:
        here = view.in_force
        parts.append((f"  {clean(view.revision)}", Role.ACCENT))
        if here is not None:
            parts.append((f" {tr('in force since {time}').format(time=when(here.at, now))}", Role.TEXT))
            parts.append((f", {tr('by {person}').format(person=clean(here.by))}", Role.MUTED))
    if room:
        parts.append((f"  {clean(room)}", Role.MUTED))
    for part in parts:
        if line_width((*left, part)) > width:
            break
        left.append(part)
    return tuple(left)
