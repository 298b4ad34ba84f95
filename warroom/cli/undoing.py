"""`warroom undo`: take back the last thing that one did on an incident."""

from __future__ import annotations

from shlex import quote

import click

from warroom.cli.params import KEY, find_key
from warroom.cli.perform import tell_outcome
from warroom.cli.rooms import acting
from warroom.cli.settings import Settings, command
from warroom.domain.core import Refused
from warroom.words import tr


@command("undo")
@click.argument("key", type=KEY)
@click.option("--entry", type=click.IntRange(min=1), metavar="N", help="Entry N of its record (warroom log) instead.")
def undo(settings: Settings, key: str, entry: int | None) -> None:
    """Take back the last thing you did on an incident; once more, what you did before that.

    Nothing is deleted: what makes up for it is put on the record as an undo. What somebody has changed since stays, and
    what cannot be taken back (a page, an update that went out) says what to do instead.

    \b
    warroom undo 142
    """
    with acting(settings) as session:
        found = find_key(session, key)
        try:
            back = session.way_back(found, entry or 0)
        except Refused as error:
            other = None if entry else session.other_way(found)
            if other is None:
                raise
            words = tr("{why}. Entry #{entry} can be taken back instead ({about}): warroom undo {key} --entry {entry}")
            told = words.format(why=str(error), entry=other.entry, about=other.about, key=quote(key))
            raise type(error)(told) from None
        tell_outcome(settings, session, session.execute(back, found))
