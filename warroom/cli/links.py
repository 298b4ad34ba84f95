"""`warroom link`, `unlink`, `topic`: what belongs to an incident, and the line for its chat room."""

from __future__ import annotations

import re
from shlex import quote

import click

from warroom.cli.output import Cell, emit, say, table, tell, width
from warroom.cli.params import KEY, find_key
from warroom.cli.perform import perform
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings, command
from warroom.domain.core import Command
from warroom.domain.incident import Merge
from warroom.domain.links import CHAT, DOCUMENT, LINK_KINDS, AddLink, Relate, Relation, RemoveLink, Unrelate
from warroom.tui.pieces import Role
from warroom.words import tr

DUPLICATE = "duplicate-of"
_WHY = "Why, in one line; it goes into the record."


@command("link")
@click.argument("key", type=KEY)
@click.argument("what", required=False)
@click.argument("to", required=False)
@click.option("--reason", default="", metavar="TEXT", help=f"Of another incident: {_WHY.lower()}")
def link(settings: Settings, key: str, what: str | None, to: str | None, reason: str) -> None:
    """Keep an address with an incident, or tie another incident to it; without more, list what belongs to it.

    WHAT is chat, call, document, ticket or a word of your own, and TO an address or words; or WHAT is related,
    caused-by, cause-of, part-of or split-into, and TO another incident. duplicate-of closes KEY, as merge does.

    \b
    warroom link 142 chat "#inc-142"
    warroom link 142 call https://meet.example.org/142
    warroom link 142 caused-by 141
    """
    if what is None:
        _show(settings, key)
        return
    if to is None:
        raise click.UsageError(_unsaid(key, what))
    kind, target, name = what.strip().casefold(), to, what
    if kind == DUPLICATE:
        perform(settings, key, lambda session: Merge(find_key(session, target), reason))
    elif kind in list(Relation):
        perform(settings, key, lambda session: Relate(Relation(kind), find_key(session, target), reason))
    else:
        perform(settings, key, lambda _: AddLink(name, target))


_ADDRESS = re.compile(r"\w+://|mailto:|www\.|[#/@]")
_INCIDENT = re.compile(r"(\w+-)?\d+", re.ASCII)


def _unsaid(key: str, what: str) -> str:
    """What is to be typed where there is one word only: it may be an address whose kind is not said."""
    what = what.strip()
    named = (
        CHAT if what.startswith("#") else DOCUMENT if _ADDRESS.match(what)
        else Relation.RELATED if _INCIDENT.fullmatch(what) else ""
    )  # fmt: skip
    if not named:
        return tr("say what {what} it is: an address, words, or another incident").format(what=what)
    kinds = ", ".join((*LINK_KINDS, *Relation))
    words = tr("say what {what} is, for example: {command}; {kinds}, or a word of your own")
    return words.format(what=what, command=f"warroom link {quote(key)} {named} {quote(what)}", kinds=kinds)


@command("unlink")
@click.argument("key", type=KEY)
@click.argument("what")
@click.argument("to", required=False)
@click.option("--reason", default="", metavar="TEXT", help=f"Of another incident: {_WHY.lower()}")
def unlink(settings: Settings, key: str, what: str, to: str | None, reason: str) -> None:
    """Take an address away, or untie another incident: both of them know.

    \b
    warroom unlink 142 call
    warroom unlink 142 caused-by 141
    """
    kind = what.strip().casefold()
    if kind in list(Relation):
        if to is None:
            raise click.UsageError(
                tr("name the other incident: warroom unlink {key} {kind} INC-1").format(key=key, kind=kind)
            )
        other = to
        perform(settings, key, lambda session: Unrelate(find_key(session, other), reason))
        return
    command: Command = RemoveLink(what, to or "")
    perform(settings, key, lambda _: command)


def _show(settings: Settings, key: str) -> None:
    with looking(settings) as session:
        detail = session.detail(find_key(session, key), record=1)
    if settings.json:
        from warroom.cli.build import incident as build

        for line in detail.links:
            emit(build.link(detail.line.key, line))
        return
    rows = [
        [Cell(tr(line.kind), Role.MUTED), Cell(line.to), Cell(line.title), Cell(tr(line.state))]
        for line in detail.links
    ]
    for text in table(("",) * 4, rows, wide=width()):
        say(text)
    if not rows:
        tell(
            settings,
            tr("nothing is linked; link one as {kinds}").format(kinds=", ".join((*LINK_KINDS, *Relation))),
        )


@command("topic")
@click.argument("key", type=KEY)
def topic(settings: Settings, key: str) -> None:
    """Print the topic line for the chat room: key, severity, title, stage, who holds which role, links.

    It has at most 250 characters, which is what Slack takes.
    """
    with looking(settings) as session:
        detail = session.detail(find_key(session, key), record=1)
    if settings.json:
        from warroom.cli.shapes import incident as shapes

        emit(shapes.Topic(key=detail.line.key, topic=detail.topic))
        return
    say(detail.topic)
