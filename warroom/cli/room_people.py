"""`warroom people`, `join`, `awake`, `handover`, `card`, `readback`: who is in the room, and handing a role over."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from warroom.cli.output import Cell, emit, say, table, tell, width
from warroom.cli.params import AHEAD, BEFORE, KEY, PERSON, When, find_key, read_summary
from warroom.cli.perform import carry_out, perform
from warroom.cli.rooms import acting, looking
from warroom.cli.settings import Settings, command
from warroom.domain.core import Command
from warroom.domain.people import JoinRoom, SayAwake
from warroom.domain.roles import LEAD, OfferRole, PlanHandover, ReadBack
from warroom.tui.clockface import age
from warroom.tui.people import duty_words
from warroom.tui.pieces import Role
from warroom.tui.tired import tired_word
from warroom.words import tr, trn

if TYPE_CHECKING:
    from warroom.domain.room import Room
    from warroom.service.session import Session
    from warroom.views import CardView, PersonHere


@command("people")
@click.argument("key", type=KEY)
def people(settings: Settings, key: str) -> None:
    """Show who is in the room, for how long, who is tired, and who could take over."""
    with looking(settings) as session:
        now = session.clock()
        detail = session.detail(find_key(session, key), record=0)
    view = detail.people
    if settings.json:
        from warroom.cli.build import people as build

        for each in view.people if view else ():
            emit(build.person(detail.line.key, each, now))
        return
    if view is None or not view.people:
        tell(settings, tr("nobody is in the room of {key}").format(key=detail.line.key))
        return
    heads = (tr("PERSON"), tr("ROLE"), tr("IN THE ROOM"), tr("ON DUTY"), tr("AWAKE"), tr("NIGHT"), "")
    for text in table(heads, [_person(each, now) for each in view.people], wide=width()):
        say(text)
    for line in view.succession:
        who = "; ".join(f"{each.person} ({each.words})" for each in line.people[:3]) or tr("nobody is known who could")
        say(tr("{title} could go to: {who}").format(title=line.title, who=who))
    if view.span is not None and view.span.advice:
        say(
            tr("{count} people report to the incident manager (more than {most}): {advice}").format(
                count=view.span.count, most=view.span.most, advice=view.span.advice
            )
        )


def _person(each: PersonHere, now: datetime) -> list[Cell]:
    here = age(each.joined_at, now) if each.here and each.joined_at else tr("left") if each.left_at else tr("declined")
    word, role = tired_word(each, now)
    return [
        Cell(each.login, Role.STRONG if each.here else Role.MUTED),
        Cell(", ".join(each.roles)),
        Cell(here, Role.TEXT if each.here else Role.MUTED),
        Cell(duty_words(each.on_duty)),
        Cell(age(each.awake_since, now) if each.awake_since else ""),
        Cell(
            trn("{count} page", "{count} pages", each.night_pages).format(count=each.night_pages)
            if each.night_pages
            else ""
        ),
        Cell(f"{word}: {each.why}" if word and each.why else word, role),
    ]


@command("join")
@click.argument("key", type=KEY)
@click.argument("person", type=PERSON, required=False)
def join(settings: Settings, key: str, person: str | None) -> None:
    """Come into the room, or say that PERSON did. Taking a role and acknowledging do it by themselves."""
    perform(settings, key, lambda _: JoinRoom(person or ""), person or "")


@command("awake")
@click.argument("key", type=KEY)
@click.argument("since", type=BEFORE)
@click.argument("person", type=PERSON, required=False)
def awake(settings: Settings, key: str, since: When, person: str | None) -> None:
    """Say since when you have been awake, so that you are relieved in time.

    \b
    warroom awake 142 06:30
    warroom awake 142 16h
    """
    perform(settings, key, lambda session: SayAwake(since.at(session.clock()), person or ""))


@command("card")
@click.argument("key", type=KEY)
@click.argument("role", required=False)
def card(settings: Settings, key: str, role: str | None) -> None:
    """Print the card for handing a role over: how things stand, filled from the room.

    \b
    warroom card 142 > card.txt; $EDITOR card.txt
    warroom handover 142 --to eva --note - < card.txt
    """
    with looking(settings) as session:
        made = _card(session, key, role)
    if settings.json:
        from warroom.cli.build import people as build

        emit(build.card(made))
        return
    for line in made.text.splitlines():
        say(line)


def _card(session: Session, key: str, role: str | None) -> CardView:
    found = find_key(session, key)
    return session.card(found, role or _mine(session.room(found), session.actor))


def _mine(room: Room, actor: str) -> str:
    """The role that somebody means who does not name one: the one that they lead, else the incident manager's."""
    leads = [name for name, state in room.roles.by_name.items() if state.holder == actor]
    return LEAD if LEAD in leads or not leads else leads[0]


@command("handover")
@click.argument("key", type=KEY)
@click.argument("role", required=False)
@click.option("--to", type=PERSON, metavar="PERSON", help="Who takes it over.")
@click.option("--note", metavar="TEXT|-", help="What the card does not say; - reads all of it from standard input.")
@click.option("--at", "at", type=AHEAD, metavar="TIME", help="Plan it: 30m from now, or 14:30 UTC; you are reminded.")
@click.option("--cancel", is_flag=True, help="Call a planned handover off.")
def handover(
    settings: Settings, key: str, role: str | None, to: str | None, note: str | None, at: When | None, cancel: bool
) -> None:
    """Offer your role to somebody, with a card filled from the room. Until they accept you keep it.

    Without ROLE: the role that you hold. Without --to it says who could take over.

    \b
    warroom handover 142 --to eva --note "watch the queue in eu-west"
    warroom handover 142 tech-lead --at 18:00 --to jonas
    """
    if cancel and (to or note or at is not None):
        raise click.UsageError(tr("--cancel stands alone"))
    if at is not None and note is not None:
        raise click.UsageError(tr("--note is for the offer itself: write it when the time has come"))
    text = read_summary(note, tr("the card")) if note == "-" else note
    if to is None and at is None and not cancel:
        with looking(settings) as session:
            made = _card(session, key, role)
        _who_could(settings, made)
        return

    def wanted(session: Session, found: str) -> Command:
        room = session.room(found)
        name = role or _mine(room, session.actor)
        if cancel or at is not None:
            return PlanHandover(name, at.at(session.clock()) if at is not None else None, to or "")
        words = text if note == "-" and text is not None else session.card(found, name).text
        if note not in (None, "-"):
            words = f"{note}\n\n{words}"
        return OfferRole(name, to or "", words, room.roles.holder(name))

    with acting(settings) as session:
        found = find_key(session, key)
        carry_out(settings, session, found, wanted(session, found), to or "")


def _who_could(settings: Settings, made: CardView) -> None:
    if settings.json:
        from warroom.cli.build import people as build

        emit(build.card(made))
        return
    rows = [
        [Cell(each.person, Role.STRONG), Cell(each.words, Role.SOON if each.tired else Role.TEXT)]
        for each in made.succession
    ]
    for line in table(
        (tr("PERSON"), tr("COULD TAKE OVER AS {title}").format(title=made.title.upper())), rows, wide=width()
    ):
        say(line)
    if rows:
        tell(
            settings,
            tr("offer it: warroom handover {key} {role} --to {person}").format(
                key=made.key, role=made.role, person=made.succession[0].person
            ),
        )
    else:
        tell(
            settings,
            tr("nobody is known who could take over as {title}: name somebody with --to").format(title=made.title),
        )


@command("readback")
@click.argument("key", type=KEY)
@click.argument("role")
@click.argument("text")
def readback(settings: Settings, key: str, role: str, text: str) -> None:
    """Say in a line what you have understood of a role that is offered to you. accept --read-back does both."""
    perform(settings, key, lambda _: ReadBack(role, text))
