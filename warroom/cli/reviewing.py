"""`warroom drafts` and `review`: updates that are not out yet, and what a second person says about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from warroom.cli.output import Cell, emit, say, table, width
from warroom.cli.params import AHEAD, KEY, When, find_key, read_text
from warroom.cli.perform import perform
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings, command
from warroom.domain.core import Command
from warroom.domain.proposals import (
    ApproveUpdate,
    CommentUpdate,
    HoldUpdate,
    ScheduleUpdate,
    SendUpdate,
    WithdrawUpdate,
)
from warroom.domain.text import clean_block, clean_line
from warroom.tui.clockface import when
from warroom.words import tr

if TYPE_CHECKING:
    from datetime import datetime

    from warroom.service.acting import Acting
    from warroom.views import ProposalLine

ACTIONS = ("show", "approve", "comment", "withdraw", "send", "hold", "schedule")


@command("drafts")
@click.argument("key", type=KEY, required=False)
def drafts(settings: Settings, key: str | None) -> None:
    """Updates that are not out yet: under review, approved, scheduled, held; and those that somebody is writing now.

    \b
    warroom drafts
    warroom drafts 142
    """
    with looking(settings) as session:
        from warroom.service.composing import draft_lines, proposal_lines
        from warroom.service.drafting import drafts_of

        now = session.clock()
        wanted = find_key(session, key) if key else ""
        keys = [wanted] if wanted else [line.key for line in session.lines(all=True)]
        waiting = [(each, proposal) for each in keys for proposal in proposal_lines(session.room(each))]
        writing = [(draft.key, line) for draft in drafts_of(session, wanted) for line in draft_lines((draft,))]
        if settings.json:
            from warroom.cli.build.updates import draft, proposal

            for incident, waits in waiting:
                emit(proposal(incident, waits))
            for incident, written in writing:
                emit(draft(incident, written))
            return
        rows = [
            (
                Cell(incident),
                Cell(f"#{p.id}"),
                Cell(", ".join(p.channels)),
                Cell(standing(p, now)),
                Cell(p.author),
                Cell(p.text),
            )
            for incident, p in waiting
        ]
        rows += [
            (
                Cell(incident),
                Cell(tr("draft")),
                Cell(", ".join(d.channels) or d.audience),
                Cell(tr("being written since {time}").format(time=when(d.started_at, now))),
                Cell(d.author),
                Cell(d.text),
            )
            for incident, d in writing
        ]
        for line in table(
            (tr("KEY"), tr("NUMBER"), tr("CHANNELS"), tr("STANDS"), tr("BY"), tr("TEXT")), rows, wide=width()
        ):
            say(line)
        if not rows:
            say(tr("nothing waits, and nobody is writing"))


def standing(p: ProposalLine, now: datetime) -> str:
    """What a proposal waits for, in words."""
    match p.standing:
        case "review":
            said = tr("review by {person} until {time}") if p.lapses_at else tr("review by {person}")
            waits = said.format(person=p.reviewer or tr("anybody"), time=when(p.lapses_at, now) if p.lapses_at else "")
            return f"{waits}, {tr('nobody has answered')}" if p.unanswered else waits
        case "approved":
            return tr("approved by {person}").format(person=p.approved_by) if p.approved_by else tr("waits to be sent")
        case "scheduled":
            assert p.send_at is not None
            goes = tr("goes out {time}").format(time=when(p.send_at, now))
            return f"{goes}, {tr('approved by {person}').format(person=p.approved_by)}" if p.approved_by else goes
        case _:
            return tr("HELD: {why}").format(why=p.held)


@command("review")
@click.argument("key", type=KEY)
@click.argument("number", type=click.IntRange(1), metavar="ID")
@click.argument("action", type=click.Choice(ACTIONS), default="show", required=False)
@click.argument("text", required=False, metavar="[TEXT|-]")
@click.option("--send", "at_once", is_flag=True, help="With approve: and let it go out at once.")
@click.option("--at", "at", type=AHEAD, metavar="TIME", help="With schedule: when it goes out.")
@click.option("--unreviewed", default="", metavar="WHY", help="With send: although nobody has approved it in time.")
@click.option("--anyway", is_flag=True, help="With send and schedule: although somebody posted there meanwhile.")
def review(
    settings: Settings,
    key: str,
    number: int,
    action: str,
    text: str | None,
    at_once: bool,
    at: When | None,
    unreviewed: str,
    anyway: bool,
) -> None:
    """Read an update that waits, approve it, say something about it, send it, or take it back.

    \b
    warroom review 142 87
    warroom review 142 87 approve --send
    warroom review 142 87 comment "say which countries"
    warroom review 142 87 schedule --at 15:00
    warroom review 142 87 send --unreviewed "nobody answered for ten minutes"
    """
    if action == "show":
        _show(settings, key, number)
        return
    if at is not None and action != "schedule":
        raise click.UsageError(tr("--at is for schedule"))
    if at is None and action == "schedule":
        raise click.UsageError(tr("say when: --at 15:00, or --at 30m"))
    said = read_text(text, tr("the comment")) if action == "comment" else (text or "")

    def seen(session: Acting) -> int | None:
        if not anyway:
            return None
        room = session.room(find_key(session, key))
        found = room.comms.proposal(number)
        return None if found is None else room.comms.count(found.channels)

    made: dict[str, Callable[[Acting], Command]] = {
        "approve": lambda _: ApproveUpdate(number, said, at_once),
        "comment": lambda _: CommentUpdate(number, said),
        "withdraw": lambda _: WithdrawUpdate(number, said),
        "send": lambda session: SendUpdate(number, unreviewed, seen(session)),
        "hold": lambda _: HoldUpdate(number, said),
        "schedule": lambda session: ScheduleUpdate(
            number, at.at(session.clock()) if at else session.clock(), seen(session)
        ),
    }
    perform(settings, key, made[action])


def _show(settings: Settings, key: str, number: int) -> None:
    with looking(settings) as session:
        from warroom.domain.core import Refused
        from warroom.service.drafting import composing

        incident, now = find_key(session, key), session.clock()
        found = composing(session, incident)
        p = next((each for each in found.view.proposals if each.id == number), None)
        if p is None:
            waiting = ", ".join(f"#{each.id}" for each in found.view.proposals) or tr("none")
            raise Refused(
                tr("#{number} of {incident} is out or withdrawn, or never was; waiting: {waiting}").format(
                    number=number, incident=incident, waiting=waiting
                )
            )
        if settings.json:
            from warroom.cli.build.updates import proposal

            emit(proposal(incident, p))
            return
        say(
            tr("#{number} by {author} for {channels}: {standing}").format(
                number=p.id,
                author=clean_line(p.author),
                channels=", ".join(p.channels),
                standing=clean_line(standing(p, now)),
            )
        )
        if p.subject:
            say(f"  {clean_line(p.subject)}")
        for line in clean_block(p.text).split("\n"):
            say(f"  {line}")
        judged = found.judge(p.text, p.subject, p.audience, p.channels, p.next_at, now, p.corrects)
        done, whole = judged.score
        say(
            tr("{done} of {whole} things said").format(done=done, whole=whole)
            + (f"; {clean_line(judged.ask, 500)}" if judged.ask else "")
        )
        for comment in p.comments:
            say(f"  {when(comment.at, now)} {clean_line(comment.by)}: {clean_line(comment.text)}")
