"""What the composer shows around the text, as lines: channels, the checklist, what waits, how each channel shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from warroom.domain.completeness import Judgement
from warroom.domain.status_words import status_word
from warroom.domain.text import cell_width, clean_block, wrap
from warroom.tui.clockface import age, clock, countdown, is_late, urgency, when
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fitted, line_width, prose, rule, severity_role
from warroom.valueclass import dataclass
from warroom.views import ChannelLine, ComposerView, DraftLine, ProposalLine, SaidLine
from warroom.words import tr, trn


@dataclass(frozen=True, slots=True)
class Written:
    """An update as it stands on the screen. `next_at`: what is promised; `send`: when it goes out, as it was typed."""

    audience: str
    channels: tuple[str, ...]
    text: str
    template: str = ""
    subject: str = ""
    next_at: datetime | None = None
    reviewer: str = ""
    send: str = ""
    corrects: int = 0
    replaces: int = 0


class Begun(Protocol):
    """How an update begins."""

    @property
    def template(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...


class Coming(Protocol):
    """When the next update should come."""

    @property
    def at(self) -> datetime: ...
    @property
    def every(self) -> timedelta: ...
    @property
    def source(self) -> str: ...


class Source(Protocol):
    """What the composer asks about the incident with every key; it reads nothing."""

    view: ComposerView

    def templates(self, audience: str, channels: Sequence[str], corrects: int = 0) -> tuple[str, ...]: ...
    def begin(
        self,
        audience: str,
        channels: Sequence[str],
        now: datetime,
        *,
        template: str = "",
        next_at: datetime | None = None,
        corrects: int = 0,
    ) -> Begun: ...
    def next_sentence(self, audience: str, channels: Sequence[str], now: datetime, next_at: datetime | None) -> str: ...
    def next_update(self, channels: Iterable[str], now: datetime) -> Coming | None: ...
    def judge(
        self,
        text: str,
        subject: str,
        audience: str,
        channels: Sequence[str],
        next_at: datetime | None,
        now: datetime,
        corrects: int = 0,
    ) -> Judgement: ...
    def needs_review(self, audience: str, channels: Sequence[str]) -> bool: ...
    def shown(self, channel: str, subject: str, text: str) -> str: ...
    def count(self, channels: Iterable[str]) -> int: ...


# Lines ---------------------------------------------------------------------------------------------------------------


LABEL, LABELLED = 12, 70
"""Cells of the labels before the fields, and how wide the text is at least where what was said has one too."""


def channel_row(channel: ChannelLine, picked: bool, now: datetime, width: int) -> Line:
    """A channel: whether the update goes there, how long it was silent, when a word is due."""
    quiet = age(channel.last.at, now) if channel.last is not None else ""
    said = (
        tr("nothing yet")
        if not quiet
        else tr("last just now")
        if quiet == "0m"
        else tr("last {quiet} ago").format(quiet=quiet)
    )
    pieces: list[Piece] = [
        ("[x] " if picked else "[ ] ", Role.ACCENT if picked else Role.MUTED),
        (fitted(channel.name, 11) + "  ", Role.STRONG if picked else Role.TEXT),
        (fitted(tr(channel.audience), 8) + "  ", Role.MUTED),
    ]
    if width >= 60:
        pieces.append((fitted(said, 13) + "  ", Role.MUTED))
    due, tone = "", Role.TEXT
    if channel.due is not None:
        word = (
            "{left}"
            if is_late(channel.due, now)
            else tr("promised in {left}")
            if channel.promised
            else tr("due in {left}")
        )
        due, tone = word.format(left=countdown(channel.due, now)), urgency(channel.due, now)
    if width < 92:
        pieces.append((due, tone))
    else:
        pieces += [(fitted(due, 18) + "  ", tone), (clean(channel.goes), Role.MUTED)]
    return cut_line(pieces, width)


def said_lines(
    said: SaidLine | None, promised: datetime | None, now: datetime, width: int, rows: int = 2
) -> tuple[Line, ...]:
    """What the last update on the chosen channels said, and what it promised; at most `rows` lines. Where there is room
    it stands under a label of its own, as wide as those of the fields."""
    if width >= LABELLED:
        label: Piece = (fitted(tr("Last said"), LABEL), Role.MUTED)
        blank: Piece = (" " * LABEL, Role.TEXT)
        lines = _said(said, promised, now, width - LABEL, rows)
        return tuple((label if not n else blank, *line) for n, line in enumerate(lines))
    return _said(said, promised, now, width, rows)


def _said(said: SaidLine | None, promised: datetime | None, now: datetime, width: int, rows: int) -> tuple[Line, ...]:
    if said is None:
        return (((tr("nothing was said here yet"), Role.MUTED),),)
    head: list[Piece] = [
        (
            tr("{when} {by} on {channel}").format(
                when=when(said.at, now), by=clean(said.by), channel=clean(said.channel)
            ),
            Role.MUTED,
        )
    ]
    if promised is not None:
        late = is_late(promised, now)
        head.append(
            ("  " + tr("promised by {time} UTC").format(time=clock(promised)), Role.LATE if late else Role.MUTED)
        )
    text = wrap(prose(said.text), max(20, width))
    most = max(1, rows - 1)
    shown = text[:most] if len(text) <= most else [*text[: most - 1], f"{_short(text[most - 1], width - 2)} …"]
    return (cut_line(head, width), *(cut_line(((line, Role.TEXT),), width) for line in shown))


def _short(text: str, width: int) -> str:
    """Whole words of a text in so many cells, where it has several."""
    return (wrap(text, max(1, width)) or [""])[0].rstrip()


def others_lines(
    view: ComposerView, drafts: Sequence[DraftLine], me: str, now: datetime, width: int, key: str = ""
) -> tuple[Line, ...]:
    """Who else writes an update of this incident now, and what waits for whoever sits here; `key` shows it in full."""
    lines: list[Line] = []
    for draft in drafts:
        if draft.author == me:
            continue
        where = ", ".join(map(clean, draft.channels)) or tr(draft.audience)
        said = f": {clean(draft.text)}" if draft.text else ""
        head = tr("✎ {author} is writing on {where} since {when}").format(
            author=clean(draft.author), where=where, when=when(draft.started_at, now)
        )
        lines.append(cut_line(((head, Role.SOON), (said, Role.MUTED)), width))
    lines += [cut_line(proposal_word(each, me, now, key), width) for each in view.proposals]
    return tuple(lines)


def proposal_word(p: ProposalLine, me: str, now: datetime, key: str = "") -> Line:
    """An update that waits, in one line: what it waits for, then where it goes. Behind what somebody here has to do
    stands the `key` for it."""
    where = ", ".join(map(clean, p.channels))
    do = False
    match p.standing:
        case "review" if p.for_me(me):
            by = tr("waits for your review by {when}") if p.lapses_at else tr("waits for your review")
            role, word, do = Role.SOON, by.format(when=when(p.lapses_at, now) if p.lapses_at else ""), True
        case "review":
            asked = tr("with {who} for review").format(who=clean(p.reviewer) or tr("anybody"))
            role, word = (Role.LATE, tr("nobody has answered")) if p.unanswered else (Role.MUTED, asked)
        case "approved":
            by = tr("approved by {person}, not sent yet") if p.approved_by else tr("not sent")
            role, word, do = Role.OK, by.format(person=clean(p.approved_by)), True
        case "scheduled":
            at = when(p.send_at, now) if p.send_at else ""
            goes = tr("goes out {when}") if p.approved_by or not p.reviewer else tr("goes out {when}, once approved")
            role, word = Role.CALM, goes.format(when=at)
        case _:
            role, word = Role.LATE, tr("HELD: {held}").format(held=clean(p.held))
    return (
        (tr("◇ #{id} {author}:").format(id=p.id, author=clean(p.author)) + " ", Role.TEXT),
        (word, role),
        (f" {key}" if do and key else "", Role.ACCENT),
        ("  " + tr("on {where}").format(where=where) if where else "", Role.MUTED),
    )


def waiting_words(proposals: Sequence[ProposalLine], drafts: Sequence[DraftLine]) -> Line:
    """Updates that are not out yet, in a few words behind the title of a panel; the most pressing one."""
    found: dict[str, list[ProposalLine]] = {}
    for p in proposals:
        found.setdefault("unanswered" if p.unanswered and p.standing == "review" else p.standing, []).append(p)
    words: Line = ()
    for standing, each in found.items():
        found[standing] = sorted(each, key=lambda p: p.id)
    if held := found.get("held"):
        words = ((tr("#{id} HELD").format(id=held[0].id), Role.LATE),)
    elif late := found.get("unanswered"):
        words = ((tr("#{id} NOT REVIEWED").format(id=late[0].id), Role.LATE),)
    elif review := found.get("review"):
        words = (
            (
                tr("#{id} {author} asks {reviewer}").format(
                    id=review[0].id, author=clean(review[0].author), reviewer=clean(review[0].reviewer) or tr("anybody")
                ),
                Role.SOON,
            ),
        )
    elif ready := found.get("approved"):
        words = ((tr("#{id} approved, not sent").format(id=ready[0].id), Role.OK),)
    elif later := found.get("scheduled"):
        at = later[0].send_at
        goes = tr("#{id} goes out {time}") if at else tr("#{id} goes out")
        words = ((goes.format(id=later[0].id, time=clock(at) if at else ""), Role.CALM),)
    elif drafts:
        words = ((tr("✎ {author} writes").format(author=clean(drafts[0].author)), Role.MUTED),)
    more = len(proposals) + len(drafts) - 1
    return (("  ", Role.FRAME), *words, (f" +{more}" if more > 0 else "", Role.MUTED)) if words else ()


def score_pieces(judged: Judgement) -> Line:
    """The score, with a bar."""
    (said, whole), word = judged.score, score_word(judged)
    return (*word, (" ", Role.TEXT), ("■" * said, word[0][1]), ("□" * (whole - said), Role.FAINT))


def score_word(judged: Judgement) -> Line:
    """The score without the bar."""
    said, whole = judged.score
    return (
        (
            tr("{said} of {whole} said").format(said=said, whole=whole),
            Role.LATE if judged.missing else Role.OK if said == whole else Role.SOON,
        ),
    )


def check_lines(judged: Judgement, width: int) -> tuple[Line, ...]:
    """The checklist, one thing a line; what has to be said carries a star."""
    lines: list[Line] = []
    for check in judged.checks:
        mark, role = ("✔", Role.OK) if check.said else ("✘", Role.LATE) if check.must else ("·", Role.MUTED)
        star = " *" if check.must else ""
        lines.append(
            cut_line(
                ((f"{mark} ", role), (tr(check.title), role if not check.said else Role.TEXT), (star, role)), width
            )
        )
    return (*lines, *warning_lines(judged, width))


def warning_lines(judged: Judgement, width: int) -> tuple[Line, ...]:
    """What had better not stand there, and blanks that are left."""
    found = [
        *(tr("a blank is left: {blank}").format(blank=clean(blank) or "…") for blank in judged.blanks[:1]),
        *judged.warnings,
    ]
    lines: list[Line] = []
    for text in found:
        head = "! "
        for part in wrap(prose(text), max(20, width - 2)):
            lines.append(cut_line(((head, Role.SOON), (part, Role.SOON)), width))
            head = "  "
    return tuple(lines)


def checks_in_line(judged: Judgement, width: int) -> tuple[Line, ...]:
    """The checklist where there is little room: the score, and what is missing."""
    left = [check for check in judged.checks if not check.said]
    pieces: list[Piece] = [*score_pieces(judged)]
    for n, check in enumerate(sorted(left, key=lambda check: not check.must)):
        star = "*" if check.must else ""
        before = "  " + tr("not said:") + " " if not n else ", "
        pieces.append((before + tr(check.title) + star, Role.LATE if check.must else Role.MUTED))
    return (cut_line(pieces, width), *warning_lines(judged, width)[:1])


def preview_lines(source: Source, written: Written, width: int, height: int) -> tuple[Line, ...]:
    """The update as each channel will show it, as far as there is room: shared where they show the same."""
    channels = [each for each in source.view.channels if each.name in written.channels]
    groups: dict[str, list[ChannelLine]] = {}
    for channel in channels:
        groups.setdefault(source.shown(channel.name, written.subject, written.text), []).append(channel)
    lines: list[Line] = []
    each = max(3, height // max(1, len(groups)))
    for shown, on in groups.items():
        names = [clean(channel.name) for channel in on]
        longest = min((channel.longest for channel in on if channel.longest), default=0)
        count = tr("{count} of {longest}") if longest else trn("{count} character", "{count} characters", len(shown))
        size = count.format(count=len(shown), longest=longest)
        too_long = bool(longest) and len(shown) > longest
        title = _shown_on(names, width - cell_width(size) - 8)
        lines.append(rule(((title, Role.ACCENT),), width, ((size, Role.LATE if too_long else Role.MUTED),)))
        text = [part for line in clean_block(shown).split("\n") for part in (wrap(line, max(10, width - 1)) or [""])]
        head = written.subject and on[0].headed
        for n, part in enumerate(text[: each - 1]):
            last = n == each - 2 and len(text) > each - 1
            lines.append(
                ((f" {part}", Role.STRONG if head and not n else Role.TEXT), (" …" if last else "", Role.MUTED))
            )
    return tuple(cut_line(line, width) for line in lines)


def _shown_on(names: Sequence[str], width: int) -> str:
    """The channels that show the same; where all their names are too long, as many as there is room for."""
    more = tr("shown on {names} and {count} more")
    ways = [
        tr("shown on {names}").format(names=", ".join(names)),
        *(more.format(names=", ".join(names[:n]), count=len(names) - n) for n in range(len(names) - 1, 0, -1)),
    ]
    few = trn("shown on {count} channel", "shown on {count} channels", len(names)).format(count=len(names))
    return next((way for way in ways if cell_width(way) <= width), few if len(names) > 1 else ways[0])


def told_lines(view: ComposerView, now: datetime, width: int, height: int) -> tuple[Line, ...]:
    """The last word on every channel, the newest first, in at most `height` rows; nothing where that is too low."""
    said = sorted(
        (each.last for each in view.channels if each.last is not None), key=lambda each: each.at, reverse=True
    )
    if not said or height < 4:
        return ()
    lines: list[Line] = [rule(((tr("Last said on each channel"), Role.ACCENT),), width)]
    for each in said:
        text = wrap(prose(each.text), max(20, width - 1))
        if len(lines) + 2 > height:
            break
        head = tr("{when} {by} on {channel}")
        words = head.format(when=when(each.at, now), by=clean(each.by), channel=clean(each.channel))
        lines.append(cut_line(((f" {words}", Role.MUTED),), width))
        shown = text[: min(3, height - len(lines))]
        more = " …" if len(shown) < len(text) else ""
        lines += [((f" {part}", Role.TEXT),) for part in shown[:-1]]
        lines.append(cut_line(((f" {shown[-1]}{more}", Role.TEXT),), width))
    return tuple(lines)


def what_happens(written: Written, source: Source, now: datetime, key: str = "ctrl+s") -> Line:
    """What the key that sends does now, so that nobody sends by accident."""
    where = ", ".join(map(clean, written.channels)) or tr("no channel is chosen")
    needed = source.needs_review(written.audience, written.channels)
    parts: list[Piece] = [(f"{key} ", Role.ACCENT)]
    if written.reviewer or needed:
        who = clean(written.reviewer) or tr("anybody")
        word = tr("asks {who} to review it (the rules want that)") if needed else tr("asks {who} to review it")
        parts.append((word.format(who=who), Role.STRONG))
        if written.send:
            parts.append(("; " + tr("once approved it goes out {when}").format(when=clean(written.send)), Role.TEXT))
    elif written.send:
        parts.append(
            (tr("lets it go out at {when} to {where}").format(when=clean(written.send), where=where), Role.STRONG)
        )
    else:
        parts.append((tr("sends it now to {where}").format(where=where), Role.STRONG))
    return tuple(parts)


def title_line(view: ComposerView, width: int) -> Line:
    """Which incident this is about; its status is left out where the title needs the room."""
    face = view.severity
    left: Line = (
        (f" {tr('Update')}  ", Role.STRONG),
        (f"{clean(face.glyph)} {clean(face.name)}  ", severity_role(face)),
        (f"{clean(view.key)}  {clean(view.title)}", Role.STRONG),
    )
    whole: Line = (*left, (f"  {status_word(clean(view.status))}", Role.MUTED))
    return whole if line_width(whole) <= width else cut_line(left, width)
